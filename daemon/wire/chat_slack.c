#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/chat_slack_history.h"
#include "wire/peek.h"

enum {
    SLACK_API_URL_MAX = 512,
    SLACK_TOKEN_MAX = 512,
    SLACK_RATE_MAX = 1000000,
    SLACK_SOCKETS_MAX = 10, /* more are refused with too_many_websockets */
    SLACK_REQUEST_MS = 15000,
    SLACK_RATE_DEFAULT_MS = 30000, /* a 429 without Retry-After */
    SLACK_BODY_MAX = 64 * 1024,
};

static const struct chat_option options[SLACK_OPTIONS] = {
    [SLACK_APP_TOKEN] = {"app_token", true, true, NULL,
                         "app-level token (xapp-...) with the scope connections:write"},
    [SLACK_BOT_TOKEN] = {"bot_token", true, true, NULL, "bot user token (xoxb-...)"},
    [SLACK_API_URL] = {"api_url", false, false, "https://slack.com/api/",
                       "where the Web API is; http:// only towards loopback"},
    [SLACK_RATE] = {"messages_per_minute", false, false, NULL,
                    "posts a minute in the whole workspace; 0: as fast as Slack takes them"},
    [SLACK_CONNECTIONS] = {"connections", false, false, "1",
                           "sockets held at a time, 1 to 10; with two or more, one that breaks "
                           "leaves no gap"},
};

static const struct wire_field app_auth[] = {{"Authorization", "Bearer ", SLACK_APP_TOKEN}, {0}};
static const struct wire_field bot_auth[] = {{"Authorization", "Bearer ", SLACK_BOT_TOKEN}, {0}};

/* Slack's tiers say "1+, 20+, 50+, 100+ a minute"; posts "several hundred". With a full burst a
 * minute holds at most per_minute + burst of them.
 * Source: docs.slack.dev, "Rate limits"; apps.connections.open is contradictory there, hence one
 * a second and Retry-After. */
static const struct chat_method methods[SLACK_METHODS] = {
    [SLACK_TICKET] = {"apps.connections.open", 60, 1, false},
    [SLACK_AUTH] = {"auth.test", 60, 2, false},
    [SLACK_POST] = {"chat.postMessage", 240, 60, true},
    [SLACK_UPDATE] = {"chat.update", 50, 50, false},
    [SLACK_VIEW] = {"views.open", 100, 50, false},
    [SLACK_HISTORY] = {"conversations.history", 30, 15, false},
    [SLACK_OPEN_DM] = {"conversations.open", 50, 20, false},
    [SLACK_USERS] = {"users.list", 20, 10, false},
    [SLACK_MISSED] = {"conversations.history", 20, 5, false},
};

static const char *const count_names[SLACK_COUNTS] = {
#define COUNT(name, text) [SLACK_COUNT_##name] = text,
    SLACK_COUNT_LIST(COUNT)
#undef COUNT
};

static bool token_is_clean(const char *token)
{
    size_t len = strlen(token);
    for (size_t i = 0; i < len; i++) {
        if (token[i] <= ' ' || token[i] > '~')
            return false;
    }
    return len > 0 && len <= SLACK_TOKEN_MAX;
}

static int check_token(const char *key, const char *token, const char *prefix, const char *never,
                       struct err *err)
{
    if (str_empty(token) || !token_is_clean(token))
        return err_set(err, EINVAL, "%s is empty, too long or holds spaces", key);
    if ((prefix && !str_starts(token, prefix)) || (never && str_starts(token, never)))
        return err_set(err, EINVAL,
                       "%s is of the wrong kind: app_token begins with xapp-, "
                       "bot_token with xoxb-",
                       key);
    return 0;
}

static int check(const char *const *values, struct err *err)
{
    int64_t number = 0;
    const char *api = values[SLACK_API_URL];
    int rc = check_token("app_token", values[SLACK_APP_TOKEN], "xapp-", NULL, err);
    if (rc == 0)
        rc = check_token("bot_token", values[SLACK_BOT_TOKEN], NULL, "xapp-", err);
    if (rc < 0)
        return rc;
    if (!api || strlen(api) > SLACK_API_URL_MAX ||
        !(str_starts(api, "https://") || str_starts(api, "http://")))
        return err_set(err, EINVAL, "api_url must begin with https://");
    if (values[SLACK_RATE] &&
        (str_to_i64(values[SLACK_RATE], &number) < 0 || number < 0 || number > SLACK_RATE_MAX))
        return err_set(err, EINVAL, "messages_per_minute must be a number from 0 to %d",
                       SLACK_RATE_MAX);
    if (values[SLACK_CONNECTIONS] && (str_to_i64(values[SLACK_CONNECTIONS], &number) < 0 ||
                                      number < 1 || number > SLACK_SOCKETS_MAX))
        return err_set(err, EINVAL, "connections must be a number from 1 to %d", SLACK_SOCKETS_MAX);
    return 0;
}

static int slack_new(const struct chat_setup *setup, struct err *err, void **ret_state)
{
    int rc = check(setup->values, err);
    if (rc < 0)
        return rc;
    struct slack *slack = NEW(struct slack);
    const char *api = setup->values[SLACK_API_URL];
    strbuf_init(&slack->scratch, SLACK_BODY_MAX);
    strbuf_printf(&slack->scratch, "%s%s", api, api[strlen(api) - 1] == '/' ? "" : "/");
    slack->api = xstrdup(strbuf_text(&slack->scratch));
    for (size_t i = 0; i < SLACK_COUNTS; i++)
        slack->counters[i].name = count_names[i];
    *ret_state = slack;
    return 0;
}

static void slack_free(void *state)
{
    struct slack *slack = state;
    if (!slack)
        return;
    told_done(&slack->told);
    strbuf_done(&slack->scratch);
    strbuf_done(&slack->part);
    free(slack->api);
    free(slack);
}

struct wire_request *slack_request(struct slack *slack, enum slack_method method,
                                   struct wire_out *out)
{
    const char *name = methods[method].name;
    size_t api_len = strlen(slack->api), len = strlen(name);
    char *url = arena_alloc(&out->arena, api_len + len + 1);
    memcpy(url, slack->api, api_len);
    memcpy(url + api_len, name, len);
    struct wire_request *request = &wire_add(out, WIRE_REQUEST)->request;
    request->url = url;
    request->headers = bot_auth;
    request->content_type = "application/x-www-form-urlencoded";
    request->body = "";
    request->method = (int)method;
    request->timeout_ms = SLACK_REQUEST_MS;
    request->max_wait_ms = WIRE_WAIT_FOREVER;
    return request;
}

void slack_form_add(struct strbuf *body, const char *name, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    if (body->len > 0)
        strbuf_putc(body, '&');
    strbuf_puts(body, name);
    strbuf_putc(body, '=');
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= 'a' && *p <= 'z') || strchr("-._~", *p);
        char coded[3] = {'%', hex[*p >> 4], hex[*p & 15]};
        strbuf_add(body, plain ? (const void *)p : coded, plain ? 1 : 3);
    }
}

void slack_request_body(struct slack *slack, struct wire_request *request, struct wire_out *out)
{
    request->len = slack->scratch.len;
    request->body = arena_strndup(&out->arena, strbuf_text(&slack->scratch), request->len);
}

void slack_request_tag(struct wire_request *request, const struct wire_tag *tag,
                       struct wire_out *out)
{
    request->tag = *tag;
    request->tag.key = arena_strdup(&out->arena, tag->key);
    request->tag.channel = arena_strdup(&out->arena, tag->channel);
    request->tag.more = arena_strdup(&out->arena, tag->more);
}

static void limited(const struct wire_reply *reply, enum slack_method method, struct wire_out *out,
                    struct slack_answer *ret)
{
    ret->class = SLACK_LIMITED;
    ret->wait_ms = reply->retry_after_ms ? reply->retry_after_ms : SLACK_RATE_DEFAULT_MS;
    wire_limit(out, (int)method, ret->wait_ms);
}

/* An "ok":false. needed: the scope that Slack names, or "". */
static void refused(struct slack *slack, const struct wire_reply *reply, enum slack_method method,
                    const char *needed, struct wire_out *out, struct slack_answer *ret)
{
    bool helper = method > SLACK_UPDATE;
    ret->class = slack_error_class(ret->error);
    if (ret->class == SLACK_NEW)
        slack_counted(slack, SLACK_COUNT_UNKNOWN_ERROR);
    if (ret->class == SLACK_LIMITED)
        limited(reply, method, out, ret);
    if (ret->class != SLACK_STOP)
        return;
    const char *what = arena_printf(&out->arena, "Slack refuses %s: %s%s%s", methods[method].name,
                                    ret->error, *needed ? ", needed: " : "", needed);
    /* Without the scope of a helper the bot can still talk. */
    if (helper && str_eq(ret->error, "missing_scope"))
        wire_warn(out, what, slack_error_todo(ret->error));
    else
        wire_fatal(out, 0, what, slack_error_todo(ret->error));
}

static void read_body(struct slack *slack, const struct wire_reply *reply, enum slack_method method,
                      struct wire_out *out, struct slack_answer *ret)
{
    enum { OK, ERROR, CHANNEL, TS, NEEDED, FIELDS };
    struct peek fields[FIELDS] = {[OK] = {.key = "ok"},
                                  [ERROR] = {.key = "error"},
                                  [CHANNEL] = {.key = "channel"},
                                  [TS] = {.key = "ts"},
                                  [NEEDED] = {.key = "needed"}};
    bool success = reply->status >= 200 && reply->status < 300;
    bool whole = peek_object(reply->body, reply->len, fields, FIELDS) == 0;
    if (whole && fields[OK].type == PEEK_TRUE && success) {
        ret->ok = true;
        (void)peek_copy(&fields[CHANNEL], ret->channel, sizeof(ret->channel)); /* else "" */
        (void)peek_copy(&fields[TS], ret->ts, sizeof(ret->ts));                /* else "" */
        return;
    }
    if (whole && fields[OK].type == PEEK_FALSE) {
        char error[SLACK_ID_BYTES] = "(no error word)", needed[SLACK_ID_BYTES] = "";
        (void)peek_copy(&fields[ERROR], error, sizeof(error)); /* else the words above */
        ret->error = arena_strdup(&out->arena, error);
        (void)peek_copy(&fields[NEEDED], needed, sizeof(needed)); /* else none is named */
        refused(slack, reply, method, needed, out, ret);
        return;
    }
    slack_counted(slack, SLACK_COUNT_BROKEN_REPLY);
    ret->class = SLACK_UNSURE;
    bool elsewhere = reply->status >= 300 && reply->status < 500;
    ret->error = arena_printf(&out->arena, "(HTTP %ld without Slack's JSON%s)", reply->status,
                              elsewhere ? ": is api_url right?" : "");
}

void slack_answer_read(struct slack *slack, const struct wire_reply *reply,
                       enum slack_method method, struct wire_out *out, struct slack_answer *ret)
{
    *ret = (struct slack_answer){.class = SLACK_UNSURE};
    if (reply->outcome != WIRE_ANSWERED) {
        ret->class = reply->outcome == WIRE_NOT_SENT ? SLACK_LATER : SLACK_UNSURE;
        ret->wait_ms = reply->outcome == WIRE_NOT_SENT ? reply->retry_after_ms : 0;
        ret->error = arena_printf(&out->arena, "(%s)", reply->error);
        return;
    }
    if (reply->date != MSEC_NONE)
        slack->skew = reply->date - reply->now;
    if (reply->status == 429) {
        ret->error = "ratelimited";
        limited(reply, method, out, ret);
    } else if (reply->status >= 500 || reply->status == 408) {
        ret->error = arena_printf(&out->arena, "(HTTP %ld)", reply->status);
    } else {
        read_body(slack, reply, method, out, ret);
    }
}

json_t *slack_answer_tree(struct slack *slack, const struct wire_reply *reply)
{
    json_t *tree = json_loadb(reply->body, reply->len, JSON_REJECT_DUPLICATES, NULL);
    if (!tree)
        slack_counted(slack, SLACK_COUNT_BROKEN_REPLY);
    return tree;
}

/* --- connecting --- */

static void ask_ticket(struct slack *slack, struct wire_out *out)
{
    struct wire_request *request = slack_request(slack, SLACK_TICKET, out);
    request->headers = app_auth;
    request->tag.kind = SLACK_TAG_TICKET;
}

static void slack_on_start(void *state, msec_t now, struct wire_out *out)
{
    struct slack *slack = state;
    (void)now; /* tickets do not depend on it */
    if (slack->user[0])
        ask_ticket(slack, out);
    else
        slack_request(slack, SLACK_AUTH, out)->tag.kind = SLACK_TAG_AUTH;
}

/* A failed step of connecting. */
static void give_up(const struct slack_answer *answer, struct wire_out *out)
{
    wire_drop(out, 0, answer->wait_ms, answer->error ? answer->error : "(broken answer)");
}

static void keep_id(char *slot, const json_t *tree, const char *key)
{
    const char *id = slack_id(tree, key);
    strcpy(slot, id ? id : ""); /* slack_id looked at the length */
}

static void auth_reply(struct slack *slack, const struct wire_tag *tag,
                       const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    (void)tag; /* nothing to tell apart */
    slack_answer_read(slack, reply, SLACK_AUTH, out, &answer);
    json_t *tree = answer.ok ? slack_answer_tree(slack, reply) : NULL;
    keep_id(slack->team, tree, "team_id");
    keep_id(slack->user, tree, "user_id");
    keep_id(slack->bot, tree, "bot_id");
    json_decref(tree);
    (void)snprintf(slack->source, sizeof(slack->source), "/chat/slack/%s", slack->team); /* fits */
    if (slack->user[0] && slack->team[0])
        ask_ticket(slack, out);
    else
        give_up(&answer, out);
}

static void ticket_reply(struct slack *slack, const struct wire_tag *tag,
                         const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    (void)tag; /* nothing to tell apart */
    slack_answer_read(slack, reply, SLACK_TICKET, out, &answer);
    json_t *tree = answer.ok ? slack_answer_tree(slack, reply) : NULL;
    const char *url = slack_member(tree, "url");
    if (url && (str_starts(url, "wss://") || str_starts(url, "ws://")))
        wire_connect(out, url, NULL);
    else
        give_up(&answer, out);
    json_decref(tree);
}

static void slack_on_timer(void *state, msec_t now, struct wire_out *out)
{
    struct slack *slack = state;
    if (now >= slack->people_at)
        slack_people_ask(slack, NULL, 0, out);
    else
        slack_request(slack, SLACK_AUTH, out)->tag.kind = SLACK_TAG_PULSE;
}

/* A token that was revoked shows by this where nobody is to be told anything. */
static void pulse_reply(struct slack *slack, const struct wire_tag *tag,
                        const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    (void)tag; /* nothing to tell apart */
    slack_answer_read(slack, reply, SLACK_AUTH, out, &answer);
    if (answer.ok || answer.class != SLACK_STOP)
        wire_timer(out, SLACK_PULSE_MS);
}

static void view_reply(struct slack *slack, const struct wire_tag *tag,
                       const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    (void)tag; /* a trigger works once: nothing to repeat */
    slack_answer_read(slack, reply, SLACK_VIEW, out, &answer);
    if (!answer.ok)
        slack_counted(slack, SLACK_COUNT_VIEW_FAILED);
}

static void slack_on_reply(void *state, const struct wire_tag *tag, const struct wire_reply *reply,
                           struct wire_out *out)
{
    static void (*const handlers[])(struct slack *, const struct wire_tag *,
                                    const struct wire_reply *, struct wire_out *) = {
        [SLACK_TAG_TICKET] = ticket_reply,
        [SLACK_TAG_AUTH] = auth_reply,
        [SLACK_TAG_USERS] = slack_people_reply,
        [SLACK_TAG_VIEW] = view_reply,
        [SLACK_TAG_POST] = slack_send_reply,
        [SLACK_TAG_UPDATE] = slack_send_reply,
        [SLACK_TAG_OPEN_DM] = slack_find_reply,
        [SLACK_TAG_HISTORY] = slack_find_reply,
        [SLACK_TAG_MISSED_DM] = slack_missed_reply,
        [SLACK_TAG_MISSED] = slack_missed_reply,
        [SLACK_TAG_PULSE] = pulse_reply,
    };
    handlers[tag->kind](state, tag, reply, out);
}

static size_t slack_counters(const void *state, const struct chat_counter **ret_counters)
{
    *ret_counters = ((const struct slack *)state)->counters;
    return SLACK_COUNTS;
}

static void nothing_on_open(void *state, uint32_t conn, const char *person, struct wire_out *out)
{
    (void)state, (void)conn, (void)person, (void)out; /* Slack speaks first */
}

static void nothing_on_closed(void *state, uint32_t conn, const struct chat_closed *how,
                              struct wire_out *out)
{
    (void)state, (void)conn, (void)how, (void)out; /* nothing is kept by connection */
}

const struct chat_platform chat_slack = {
    .name = "slack",
    .help = "Slack through Socket Mode: no address reachable from outside is needed",
    .transport = CHAT_CLIENT,
    .limits = {.text_points = SLACK_SECTION_POINTS,
               .buttons = 25,
               .channel_per_minute = 55, /* of 60: what leaves a second apart can arrive closer */
               .channel_burst = 3,
               .frame_bytes = 1024 * 1024,
               .hello_ms = 10000,
               .catch_up_after_ms = 5 * 60000 - 10000,
               .linger_ms = 12000,
               .ping_s = 10,
               .hangup_s = 30},
    .options = options,
    .option_count = SLACK_OPTIONS,
    .methods = methods,
    .method_count = SLACK_METHODS,
    .state_new = slack_new,
    .state_free = slack_free,
    .on_start = slack_on_start,
    .on_open = nothing_on_open,
    .on_frame = slack_on_frame,
    .on_closed = nothing_on_closed,
    .on_timer = slack_on_timer,
    .on_reply = slack_on_reply,
    .encode_send = slack_encode_send,
    .encode_lookup = slack_encode_lookup,
    .encode_lookups = slack_encode_lookups,
    .encode_catch_up = slack_encode_catch_up,
    .counters = slack_counters,
};
