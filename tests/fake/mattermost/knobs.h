/* knobs.h: what POST /_ctl/set can change. README.md has the table for people. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "wsock.h"

struct fake;

struct knobs {
    struct wsock_rules ws;
    bool no_hello, no_echo, no_resume, duplicate_event, history_lose, refuse_internal;
    int64_t ping_ms, pong_deadline_ms, auth_ms, hello_delay_ms, notice_ms, ring;
    int64_t pending_ttl_ms, history_lag_ms, since_max, trigger_ttl_ms, clock_skew_ms;
    int64_t rate_per_s, rate_burst; /* 0: no limit */
    int64_t gap;                    /* so many events are lost before the next one */
    int64_t fail_upgrade_status, fail_upgrade_count;
    char token[128];
    char auth_error[96];      /* "": none */
    char post_to_deleted[96]; /* error for posts to people who left; "": posted, as Mattermost does
                               */
    char server_version[64];
};

void knobs_init(struct knobs *k);
/* Returns 0, or -EINVAL with *ret_bad the member's name. */
int knobs_set(struct fake *f, const json_t *set, const char **ret_bad);
