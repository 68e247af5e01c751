/* knobs.h: what POST /_ctl/set can change. README.md has the table for people. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "knob.h"
#include "wsock.h"

struct fake;

enum { KNOBS_DELIVER_NEWEST, KNOBS_DELIVER_OLDEST, KNOBS_DELIVER_RANDOM, KNOBS_DELIVER_ROUND };
enum {
    KNOBS_DUPLICATE_OFF,
    KNOBS_DUPLICATE_ENVELOPE,
    KNOBS_DUPLICATE_EVENT,
    KNOBS_DUPLICATE_GESTURE
};
enum { KNOBS_OVER_DISCONNECT, KNOBS_OVER_HTTP };
enum { KNOBS_LONG_ERROR, KNOBS_LONG_CUT };

struct knobs {
    struct wsock_rules ws;
    bool no_hello, no_ping, echo;
    bool home_tab_disabled, strict_json, history_lose, users_page_empty;
    int64_t ping_ms, hello_delay_ms, ack_deadline_ms, redeliver_ms[3];
    int64_t ticket_ttl_ms, max_sockets, disconnect_close_ms, socket_life_ms;
    int64_t duplicate_after_ms, trigger_ttl_ms, history_lag_ms, history_max, clock_skew_ms;
    int deliver, duplicate, over_limit, long_text;
    char bot_token[128], app_token[128], bot_auth_error[64], app_auth_error[64];
    char post_to_deleted[64], ticket_base[128];
    char first_frame_reason[64]; /* disconnect with this reason instead of hello */
    int64_t first_frame_count, fail_upgrade_status, fail_upgrade_count;
    /* limit_rate, 0: off */
    double channel_per_s;
    int64_t channel_burst, workspace_per_min, window_ms;
    json_t *method_per_min; /* object, owned */
    json_t *missing_scopes; /* array, owned */
    json_t *channel_error;  /* object channel id to error, owned */
};

void knobs_init(struct knobs *k);
void knobs_done(struct knobs *k);
/* Applies every member of `set`. Returns 0, or -EINVAL with *ret_bad the member's name; the members
 * before it are applied then. */
int knobs_set(struct fake *f, const json_t *set, const char **ret_bad);
