#include "knobs.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"
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
    sock_recount(f);
    return true;
}

static bool set_limit_next(struct fake *f, const json_t *v, const json_t *set)
{
    struct fault rule = {.phase = FAULTS_BEFORE, .status = 429, .count = 1, .chance = 1};
    const json_t *after = json_object_get(set, "retry_after");
    const json_t *count = json_object_get(set, "limit_count");

    if (!json_is_string(v))
        return faults_set(&f->faults, FAULTS_BEFORE, v);
    util_copy(rule.method, sizeof rule.method, json_string_value(v));
    if (count)
        rule.count = json_integer_value(count);
    if (json_is_string(after))
        util_copy(rule.retry_after, sizeof rule.retry_after, json_string_value(after));
    else if (!json_is_null(after))
        (void)snprintf(rule.retry_after, sizeof rule.retry_after, "%lld",
                       json_is_integer(after) ? (long long)json_integer_value(after) : 1);
    return faults_add(&f->faults, rule);
}

static bool accept_any(struct fake *f, const json_t *v, const json_t *set)
{
    (void)f; /* read by set_limit_next */
    (void)v;
    (void)set;
    return true;
}

static bool set_limit_rate(struct fake *f, const json_t *v, const json_t *set)
{
    struct knobs *k = &f->knobs;
    const json_t *burst = json_object_get(v, "channel_burst");
    const json_t *window = json_object_get(v, "window_ms");

    (void)set;
    if (json_is_true(v)) { /* Slack's documented rates */
        k->channel_per_s = 1;
        k->channel_burst = 1;
        k->workspace_per_min = 300;
        return true;
    }
    k->channel_per_s = json_number_value(json_object_get(v, "channel_per_s"));
    k->workspace_per_min = json_integer_value(json_object_get(v, "workspace_per_min"));
    k->channel_burst = burst ? json_integer_value(burst) : 1;
    k->window_ms = window ? json_integer_value(window) : 60000;
    json_decref(k->method_per_min);
    k->method_per_min = json_incref(json_object_get(v, "methods"));
    return json_is_object(v) || json_is_false(v) || json_is_null(v);
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

/* true, an error name, an HTTP status, or an object as for fail_before_store; lasts until false. */
static bool set_history_fail(struct fake *f, const json_t *v, const json_t *set)
{
    static const char *const methods[] = {"conversations.history", "conversations.replies"};
    bool ok = true;

    (void)set;
    for (size_t i = 0; i < 2; i++) {
        faults_drop_method(&f->faults, FAULTS_BEFORE, methods[i]);
        if (json_is_false(v) || json_is_null(v))
            continue;
        json_t *rule = json_is_object(v) ? json_copy((json_t *)(uintptr_t)v) : json_object();
        (void)json_object_set_new(rule, "method", json_string(methods[i])); /* checked by add */
        if (!json_is_object(v)) {
            json_t *status = json_is_true(v) ? json_string("internal_error") : json_deep_copy(v);
            (void)json_object_set_new(rule, "status", status);
        }
        if (!json_object_get(rule, "count"))
            (void)json_object_set_new(rule, "count", json_integer(-1));
        ok = ok && faults_set(&f->faults, FAULTS_BEFORE, rule);
        json_decref(rule);
    }
    return ok;
}

static bool set_revoke(struct fake *f, const json_t *v, const json_t *set)
{
    struct knobs *k = &f->knobs;
    const char *both = knob_text(v, json_is_true(v) ? "token_revoked" : "");

    (void)set;
    util_copy(k->bot_auth_error, sizeof k->bot_auth_error,
              knob_text(json_object_get(v, "bot"), both));
    util_copy(k->app_auth_error, sizeof k->app_auth_error,
              knob_text(json_object_get(v, "app"), both));
    return true;
}

static bool set_users(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return dir_replace(f, v);
}

static bool set_user(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    return dir_upsert(f, v);
}

static bool set_deactivate(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    const char *id = json_string_value(v);
    if (!id || !dir_user(f, id))
        return false;
    json_t *patch = json_pack("{s:s,s:b}", "id", id, "deleted", 1);
    bool ok = dir_upsert(f, patch);
    json_decref(patch);
    return ok;
}

static bool set_first_frame(struct fake *f, const json_t *v, const json_t *set)
{
    const json_t *count = json_object_get(v, "count");

    (void)set;
    util_copy(f->knobs.first_frame_reason, sizeof f->knobs.first_frame_reason,
              knob_text(v, knob_text(json_object_get(v, "reason"), "")));
    f->knobs.first_frame_count = count ? json_integer_value(count) : 1;
    return true;
}

static bool set_fail_upgrade(struct fake *f, const json_t *v, const json_t *set)
{
    const json_t *count = json_object_get(v, "count"), *status = json_object_get(v, "status");

    (void)set;
    f->knobs.fail_upgrade_status = json_integer_value(status ? status : v);
    f->knobs.fail_upgrade_count = count ? json_integer_value(count) : 1;
    return true;
}

static bool set_redeliver(struct fake *f, const json_t *v, const json_t *set)
{
    (void)set;
    for (size_t i = 0; i < 3; i++) {
        const json_t *ms = json_is_array(v) ? json_array_get(v, i) : v;
        f->knobs.redeliver_ms[i] = ms && !json_is_false(ms) ? json_integer_value(ms) : -1;
    }
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
    {.name = "no_ping", .type = T_BOOL, .at = AT(no_ping)},
    {.name = "no_pong", .type = T_BOOL, .at = AT(ws.no_pong)},
    {.name = "no_close_reply", .type = T_BOOL, .at = AT(ws.no_close_reply)},
    {.name = "echo", .type = T_BOOL, .at = AT(echo)},
    {.name = "home_tab_disabled", .type = T_BOOL, .at = AT(home_tab_disabled)},
    {.name = "strict_json", .type = T_BOOL, .at = AT(strict_json)},
    {.name = "history_lose", .type = T_BOOL, .at = AT(history_lose)},
    {.name = "users_page_empty", .type = T_BOOL, .at = AT(users_page_empty)},
    {.name = "ping_ms", .type = T_INT, .at = AT(ping_ms), .on = 10000},
    {.name = "hello_delay_ms", .type = T_INT, .at = AT(hello_delay_ms)},
    {.name = "ack_deadline_ms", .type = T_INT, .at = AT(ack_deadline_ms), .on = 3000},
    {.name = "ticket_ttl_ms", .type = T_INT, .at = AT(ticket_ttl_ms), .on = 30000},
    {.name = "max_sockets", .type = T_INT, .at = AT(max_sockets), .on = 10},
    {.name = "disconnect_close_ms", .type = T_INT, .at = AT(disconnect_close_ms), .on = 10000},
    {.name = "socket_life_ms", .type = T_INT, .at = AT(socket_life_ms), .on = 360000},
    {.name = "duplicate_after_ms", .type = T_INT, .at = AT(duplicate_after_ms)},
    {.name = "trigger_ttl_ms", .type = T_INT, .at = AT(trigger_ttl_ms), .on = 3000},
    {.name = "history_lag_ms", .type = T_INT, .at = AT(history_lag_ms), .on = 2000},
    {.name = "history_max", .type = T_INT, .at = AT(history_max), .on = 15},
    {.name = "clock_skew_ms", .type = T_INT, .at = AT(clock_skew_ms)},
    {.name = "deliver",
     .type = T_WORD,
     .at = AT(deliver),
     .words = "newest|oldest|random|round_robin|"},
    {.name = "duplicate",
     .type = T_WORD,
     .at = AT(duplicate),
     .words = "off|envelope|event|gesture|",
     .yes = "envelope"},
    {.name = "over_limit", .type = T_WORD, .at = AT(over_limit), .words = "disconnect|http|"},
    {.name = "long_text", .type = T_WORD, .at = AT(long_text), .words = "error|cut|"},
    {.name = "bot_token", .type = T_TEXT, .at = AT(bot_token), .on = 128},
    {.name = "app_token", .type = T_TEXT, .at = AT(app_token), .on = 128},
    {.name = "post_to_deleted", .type = T_TEXT, .at = AT(post_to_deleted), .on = 64},
    {.name = "ticket_base", .type = T_TEXT, .at = AT(ticket_base), .on = 128},
    {.name = "missing_scopes", .type = T_JSON, .at = AT(missing_scopes)},
    {.name = "channel_error", .type = T_JSON, .at = AT(channel_error)},
    {.name = "mute", .type = T_CALL, .call = set_mute},
    {.name = "limit_next", .type = T_CALL, .call = set_limit_next},
    {.name = "limit_count", .type = T_CALL, .call = accept_any},
    {.name = "retry_after", .type = T_CALL, .call = accept_any},
    {.name = "limit_rate", .type = T_CALL, .call = set_limit_rate},
    {.name = "fail_after_store", .type = T_CALL, .call = set_fail_after},
    {.name = "fail_before_store", .type = T_CALL, .call = set_fail_before},
    {.name = "hold_ms", .type = T_CALL, .call = set_hold},
    {.name = "history_fail", .type = T_CALL, .call = set_history_fail},
    {.name = "revoke", .type = T_CALL, .call = set_revoke},
    {.name = "users", .type = T_CALL, .call = set_users},
    {.name = "user", .type = T_CALL, .call = set_user},
    {.name = "deactivate", .type = T_CALL, .call = set_deactivate},
    {.name = "disconnect_before_hello", .type = T_CALL, .call = set_first_frame},
    {.name = "fail_upgrade", .type = T_CALL, .call = set_fail_upgrade},
    {.name = "redeliver_ms", .type = T_CALL, .call = set_redeliver},
    {.name = "seed", .type = T_CALL, .call = set_seed},
};

void knobs_init(struct knobs *k)
{
    *k = (struct knobs){
        .ping_ms = 10000,
        .ack_deadline_ms = 3000,
        .ticket_ttl_ms = 30000,
        .max_sockets = 10,
        .disconnect_close_ms = 10000,
        .trigger_ttl_ms = 3000,
        .history_max = 999,
        .channel_burst = 1,
        .window_ms = 60000,
        .bot_token = "xoxb-test",
        .app_token = "xapp-1-test",
    };
}

void knobs_done(struct knobs *k)
{
    json_decref(k->method_per_min);
    json_decref(k->missing_scopes);
    json_decref(k->channel_error);
    *k = (struct knobs){0};
}

int knobs_set(struct fake *f, const json_t *set, const char **ret_bad)
{
    return knob_set(table, sizeof table / sizeof *table, f, &f->knobs, set, ret_bad);
}
