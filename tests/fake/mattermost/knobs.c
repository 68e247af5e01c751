#include "knobs.h"

#include <stddef.h>
#include <string.h>

#include "fake.h"
#include "knob.h"
#include "util.h"

static bool set_mute(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    if (json_is_string(v) && strcmp(json_string_value(v), "current") == 0) {
        sock_mute_current(f); /* sockets opened from now on are healthy */
        return true;
    }
    if (!json_is_boolean(v))
        return false;
    f->knobs.ws.mute = json_is_true(v);
    if (!f->knobs.ws.mute)
        sock_unmute_all(f);
    return true;
}

static bool set_fail_after(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return faults_set(&f->faults, FAULTS_AFTER, v);
}

static bool set_fail_before(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return faults_set(&f->faults, FAULTS_BEFORE, v);
}

static bool set_hold(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return faults_set(&f->faults, FAULTS_HOLD, v);
}

static bool set_forget(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    if (json_is_true(v))
        sock_forget_all(f);
    return json_is_boolean(v);
}

static bool set_revoke(struct fake *f, const json_t *v, const json_t *set)
{
    const char *id = json_is_true(v) ? "api.context.session_expired.app_error" : "";

    (void)set;
    util_copy(f->knobs.auth_error, sizeof f->knobs.auth_error, knob_text(v, id));
    return json_is_boolean(v) || json_is_string(v);
}

static bool set_user(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return store_upsert_user(f, v);
}

static bool deactivate(struct fake *f, const json_t *v, int64_t delete_at)
{
    json_t *patch = json_pack("{s:O,s:I}", "id", v, "delete_at", (json_int_t)delete_at);
    const char *id = json_string_value(v);
    bool ok = id && store_user(f, id) && store_upsert_user(f, patch);
    json_decref(patch);
    return ok;
}

static bool set_deactivate(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return deactivate(f, v, util_wall_us() / 1000);
}

static bool set_activate(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return deactivate(f, v, 0);
}

static bool set_archive(struct fake *f, const json_t *v, const json_t *set)
{
    struct channel *ch = json_is_string(v) ? store_channel(f, json_string_value(v)) : NULL;

    (void)set;
    if (ch)
        ch->delete_at = util_wall_us() / 1000;
    return ch != NULL;
}

static bool set_fail_upgrade(struct fake *f, const json_t *v, const json_t *set)
{
    const json_t *count = json_object_get(v, "count"), *status = json_object_get(v, "status");

    (void)set;
    f->knobs.fail_upgrade_status = json_integer_value(status ? status : v);
    f->knobs.fail_upgrade_count = count ? json_integer_value(count) : 1;
    return true;
}

static bool set_seed(struct fake *f, const json_t *v, const json_t *set)
{
    (void)f;
    (void)set;
    util_seed((uint64_t)json_integer_value(v));
    return json_is_integer(v);
}

#define AT(member) offsetof(struct knobs, member)

static const struct knob table[] = {
    {.name = "no_hello", .type = T_BOOL, .at = AT(no_hello)},
    {.name = "no_pong", .type = T_BOOL, .at = AT(ws.no_pong)},
    {.name = "no_close_reply", .type = T_BOOL, .at = AT(ws.no_close_reply)},
    {.name = "no_echo", .type = T_BOOL, .at = AT(no_echo)},
    {.name = "no_resume", .type = T_BOOL, .at = AT(no_resume)},
    {.name = "duplicate_event", .type = T_BOOL, .at = AT(duplicate_event)},
    {.name = "history_lose", .type = T_BOOL, .at = AT(history_lose)},
    {.name = "refuse_internal", .type = T_BOOL, .at = AT(refuse_internal)},
    {.name = "ping_ms", .type = T_INT, .at = AT(ping_ms), .on = 60000},
    {.name = "pong_deadline_ms", .type = T_INT, .at = AT(pong_deadline_ms), .on = 100000},
    {.name = "auth_ms", .type = T_INT, .at = AT(auth_ms), .on = 5000},
    {.name = "hello_delay_ms", .type = T_INT, .at = AT(hello_delay_ms)},
    {.name = "notice_ms", .type = T_INT, .at = AT(notice_ms), .on = 100000},
    {.name = "ring", .type = T_INT, .at = AT(ring), .on = SOCK_RING},
    {.name = "pending_ttl_ms", .type = T_INT, .at = AT(pending_ttl_ms), .on = 30000},
    {.name = "history_lag_ms", .type = T_INT, .at = AT(history_lag_ms), .on = 2000},
    {.name = "since_max", .type = T_INT, .at = AT(since_max), .on = 1000},
    {.name = "trigger_ttl_ms", .type = T_INT, .at = AT(trigger_ttl_ms), .on = 3000},
    {.name = "clock_skew_ms", .type = T_INT, .at = AT(clock_skew_ms)},
    {.name = "rate_per_s", .type = T_INT, .at = AT(rate_per_s), .on = 10},
    {.name = "rate_burst", .type = T_INT, .at = AT(rate_burst), .on = 100},
    {.name = "gap", .type = T_INT, .at = AT(gap), .on = 1},
    {.name = "token", .type = T_TEXT, .at = AT(token), .on = 128},
    {.name = "post_to_deleted", .type = T_TEXT, .at = AT(post_to_deleted), .on = 96},
    {.name = "server_version", .type = T_TEXT, .at = AT(server_version), .on = 64},
    {.name = "mute", .type = T_CALL, .call = set_mute},
    {.name = "forget", .type = T_CALL, .call = set_forget},
    {.name = "fail_after_store", .type = T_CALL, .call = set_fail_after},
    {.name = "fail_before_store", .type = T_CALL, .call = set_fail_before},
    {.name = "hold_ms", .type = T_CALL, .call = set_hold},
    {.name = "revoke", .type = T_CALL, .call = set_revoke},
    {.name = "user", .type = T_CALL, .call = set_user},
    {.name = "deactivate", .type = T_CALL, .call = set_deactivate},
    {.name = "activate", .type = T_CALL, .call = set_activate},
    {.name = "archive", .type = T_CALL, .call = set_archive},
    {.name = "fail_upgrade", .type = T_CALL, .call = set_fail_upgrade},
    {.name = "seed", .type = T_CALL, .call = set_seed},
};

void knobs_init(struct knobs *k)
{
    *k = (struct knobs){
        .ws = {.message_max = SOCK_MESSAGE_MAX},
        .ping_ms = 60000,
        .pong_deadline_ms = 100000,
        .auth_ms = 5000,
        .ring = SOCK_RING,
        .pending_ttl_ms = 30000,
        .since_max = 1000,
        .trigger_ttl_ms = 3000,
        .rate_burst = 100,
        .token = "mm-test",
        .server_version = "9.5.1.9.5.1.fake.true",
    };
}

int knobs_set(struct fake *f, const json_t *set, const char **ret_bad)
{
    return knob_set(table, sizeof table / sizeof *table, f, &f->knobs, set, ret_bad);
}
