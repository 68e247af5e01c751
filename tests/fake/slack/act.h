/* act.h: POST /_ctl/user: does what a person in Slack would do. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "envelope.h"

struct conn;
struct fake;
struct user;

/* Answers the request, if asked to only after the app's ack. */
void act_handle(struct conn *c);

/* One such request. */
struct act {
    struct fake *f;
    struct conn *c;
    const json_t *in;
    struct user *user;
    json_t *out;       /* members of the answer, owned */
    const char *error; /* set by the action that failed */
    bool wait;         /* hold the answer until the ack */
    /* Called with the ack when waiting, e.g. to follow a response_action; may be NULL. */
    void (*on_ack)(struct fake *f, const char *view_id, const char *channel, const json_t *ack);
    char view_id[24], channel[64];
};

const char *act_string(const struct act *a, const char *key, const char *otherwise);
/* Sends an interactive or command payload (taken over); the ack is reported if a->wait. */
void act_send(struct act *a, const char *type, json_t *payload);
/* {"id","username","name","team_id"} */
json_t *act_user_new(const struct act *a);

/* In act_click.c. */
void act_click(struct act *a);
void act_submit(struct act *a);
void act_close(struct act *a);
