/* callout.h: requests of the server to the app: buttons, dialogs, commands. */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct fake;

struct callout {
    const char *url, *type; /* type: of the body */
    const char *header;     /* complete lines or "" */
    const char *body;
    /* Told once, later. status 0: nobody answered; answer: the body's JSON or NULL. */
    void (*done)(void *arg, int status, const json_t *answer);
    void *arg;
};

/* Only http://127.0.0.1:PORT/... can be called. Everything is copied. */
void callout_start(struct fake *f, const struct callout *call);
