/* fake.h: the whole state of the fake Slack.
 * Lifetime: process; one struct, one loop, one thread. */
#pragma once
#include <uv.h>

#include "api.h"
#include "buf.h"
#include "conn.h"
#include "dir.h"
#include "envelope.h"
#include "faults.h"
#include "knobs.h"
#include "log.h"
#include "map.h"
#include "sock.h"
#include "stats.h"
#include "store.h"
#include "views.h"

#define FAKE_TEAM     "T1"
#define FAKE_APP      "A0123456"
#define FAKE_BOT_ID   "B1"
#define FAKE_BOT_USER "UBOT"

struct fake {
    struct host host;
    int users_at_start;
    struct knobs knobs;
    struct faults faults;
    struct log log;
    struct stats stats;
    struct store store;
    struct dir dir;
    struct views views;
    struct call *held; /* api.c */
    struct map hooks;  /* hooks.c */
    struct socks socks;
    struct envelopes envelopes;
    struct api_calls method_calls[API_METHODS_MAX];
    int64_t workspace_window_ms, workspace_posts; /* limits.c */
};

/* Empty workspace with f->users_at_start users; host is set before. */
void fake_init(struct fake *f);
/* All but the open connections. */
void fake_done(struct fake *f);
/* Back to the start; sockets and connections stay. */
void fake_reset(struct fake *f);
