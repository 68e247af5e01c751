/* serve.h: the main function of a fake: options, loop, signals. */
#pragma once
#include "conn.h"
#include "log.h"

struct serve_program {
    const char *name, *users; /* the latter: what --users makes, for the usage */
    struct fake *f;
    struct host *host;
    struct log *log;
    int *users_at_start;
    void (*init)(struct fake *f);
    void (*done)(struct fake *f);
};

/* Returns the exit status. */
int serve(int argc, char **argv, const struct serve_program *p);
