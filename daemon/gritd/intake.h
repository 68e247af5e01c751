/* intake.h: what the files of events in share.
 * Layer: gritd. Private to intake*.c, http.c and status.c. */
#pragma once
#include "gritd/daemon.h"
#include "wire/crm.h"

struct verify_scheme;

struct intake {
    const char *name; /* of the configuration, which outlives it */
    const char *header, *url, *account;
    const struct crm *crm;
    const struct remap *map;            /* of the configuration; or NULL */
    const struct verify_scheme *scheme; /* NULL: nothing to prove, loopback only */
    char *secrets[2];                   /* the second one: until lately, or NULL */
};

struct intakes {
    struct intake *list;
    int count;
    bool loopback; /* of the listener */
    char *public_url;
};

const struct intake *intake_find(const struct intakes *intakes, const char *name); /* or NULL */
