/* fake.h: the whole state of the fake Mattermost.
 * Lifetime: process; one struct, one loop, one thread. */
#pragma once
#include <uv.h>

#include "api.h"
#include "buf.h"
#include "conn.h"
#include "faults.h"
#include "knobs.h"
#include "log.h"
#include "map.h"
#include "sock.h"
#include "stats.h"
#include "store.h"

struct fake {
    struct host host;
    int users_at_start;
    struct knobs knobs;
    struct faults faults;
    struct log log;
    struct stats stats;
    struct store store;
    struct socks socks;
    struct call *held; /* api.c */
    double tokens;     /* of the rate limit */
    int64_t tokens_ms;
    json_t *dialogs;  /* opened, oldest first */
    json_t *commands; /* trigger to {url, token} */
    json_t *triggers; /* trigger id to when it was made */
};

/* The server as it is after its installation; host is set before. */
void fake_init(struct fake *f);
void fake_done(struct fake *f);
/* Back to the start; sockets and connections stay. */
void fake_reset(struct fake *f);
