#include "api.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "bad.h"
#include "fake.h"
#include "later.h"
#include "limits.h"
#include "util.h"

const struct api_method api_methods[] = {
    {"chat.postMessage", "chat:write", API_POSTS, api_post_message},
    {"chat.postEphemeral", "chat:write", API_POSTS, api_post_ephemeral},
    {"chat.update", "chat:write", 0, api_chat_update},
    {"chat.delete", "chat:write", 0, api_chat_delete},
    {"auth.test", NULL, 0, api_auth_test},
    {"apps.connections.open", NULL, API_APP_TOKEN, api_connections_open},
    {"conversations.open", "im:write", 0, api_conversations_open},
    {"conversations.info", "im:read", API_READS, api_conversations_info},
    {"conversations.history", "im:history", API_READS, api_conversations_history},
    {"conversations.replies", "im:history", API_READS, api_conversations_replies},
    {"users.list", "users:read", API_READS, api_users_list},
    {"users.info", "users:read", API_READS, api_users_info},
    {"users.lookupByEmail", "users:read.email", API_READS, api_users_lookup},
    {"users.getPresence", "users:read", API_READS, api_users_presence},
    {"dnd.info", "dnd:read", API_READS, api_dnd_info},
    {"dnd.teamInfo", "dnd:read", API_READS, api_dnd_team_info},
    {"reactions.add", "reactions:write", 0, api_reactions_add},
    {"reactions.remove", "reactions:write", 0, api_reactions_remove},
    {"reactions.get", "reactions:read", API_READS, api_reactions_get},
    {"views.open", NULL, 0, api_views_open},
    {"views.push", NULL, 0, api_views_push},
    {"views.update", NULL, 0, api_views_update},
    {"views.publish", NULL, 0, api_views_publish},
};
const size_t api_method_count = sizeof api_methods / sizeof *api_methods;
_Static_assert(sizeof api_methods / sizeof *api_methods <= API_METHODS_MAX, "raise the maximum");

static const char *const all_scopes[] = {
    "chat:write",       "im:write", "im:read",        "im:history",      "users:read",
    "users:read.email", "dnd:read", "reactions:read", "reactions:write", "commands",
};

const char *api_problem(struct call *c, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(c->problem, sizeof c->problem, fmt, ap); /* cut is fine */
    va_end(ap);
    return "invalid_arguments";
}

const char *api_need(struct call *c, const char *key)
{
    const char *v = args_str(&c->a, key);

    if (!v)
        (void)api_problem(c, "[ERROR] missing required field: %s", key); /* caller knows the name */
    return v;
}

bool api_has_scope(const struct fake *f, const char *scope)
{
    size_t i;
    json_t *v;

    json_array_foreach(f->knobs.missing_scopes, i, v)
    {
        if (json_is_string(v) && strcmp(json_string_value(v), scope) == 0)
            return false;
    }
    return true;
}

void api_cursor_write(struct buf *out, const char *kind, int64_t pos)
{
    buf_fmt(out, "%s:%lld==", kind, (long long)pos);
}

bool api_cursor_read(const char *cursor, const char *kind, int64_t *ret_pos)
{
    size_t n = strlen(kind);
    char *end;

    if (strncmp(cursor, kind, n) != 0 || cursor[n] != ':')
        return false;
    *ret_pos = strtoll(cursor + n + 1, &end, 10);
    return end != cursor + n + 1 && strcmp(end, "==") == 0;
}

static const char *check_token(struct call *c)
{
    const struct knobs *k = &c->f->knobs;
    const char *header = c->c->req.headers[HTTP_AUTHORIZATION];
    bool app = api_methods[c->method].flags & API_APP_TOKEN;
    const char *token = NULL;

    if (header && strncasecmp(header, "Bearer ", 7) == 0)
        token = header + 7;
    if (!token && app && args_str(&c->a, "token"))
        return "not_allowed_token_type"; /* app tokens count only in the header */
    if (!token)
        token = args_str(&c->a, "token");
    if (!token)
        return "not_authed";
    bool is_app = strncmp(token, "xapp-", 5) == 0, is_bot = strncmp(token, "xoxb-", 5) == 0;
    if (app ? is_bot : is_app)
        return "not_allowed_token_type";
    if (strcmp(token, app ? k->app_token : k->bot_token) != 0)
        return "invalid_auth";
    const char *error = app ? k->app_auth_error : k->bot_auth_error;
    return error[0] ? error : NULL;
}

static const char *check_call(struct call *c)
{
    const struct api_method *m = &api_methods[c->method];
    bool ignore_json = c->f->knobs.strict_json && (m->flags & API_READS);
    const char *error = args_parse(&c->a, &c->c->req, ignore_json);

    if (error)
        return error;
    if ((error = check_token(c)))
        return error;
    if ((m->flags & API_APP_TOKEN) && strcmp(c->c->req.method, "POST") != 0)
        return "insecure_request";
    if (m->scope && !api_has_scope(c->f, m->scope))
        return "missing_scope";
    return NULL;
}

static void write_scopes(struct call *c)
{
    const char *comma = "";

    buf_fmt(&c->body, ",\"needed\":\"%s\",\"provided\":\"", api_methods[c->method].scope);
    for (size_t i = 0; i < sizeof all_scopes / sizeof *all_scopes; i++) {
        if (!api_has_scope(c->f, all_scopes[i]))
            continue;
        buf_fmt(&c->body, "%s%s", comma, all_scopes[i]);
        comma = ",";
    }
    buf_str(&c->body, "\"");
}

static void write_error(struct call *c, const char *error)
{
    c->body.len = 0;
    buf_str(&c->body, "{\"ok\":false");
    buf_member(&c->body, "error", error);
    if (strcmp(error, "missing_scope") == 0)
        write_scopes(c);
    if (c->problem[0]) {
        buf_str(&c->body, ",\"response_metadata\":{\"messages\":[");
        buf_json(&c->body, c->problem);
        buf_str(&c->body, "]}");
    }
}

static void free_call(struct call *c)
{
    if (c->timer) { /* was held: leave the list */
        if (c->prev)
            c->prev->next = c->next;
        else
            c->f->held = c->next;
        if (c->next)
            c->next->prev = c->prev;
    }
    args_done(&c->a);
    buf_done(&c->body);
    conn_unref(c->c);
    free(c);
}

static const struct bad_limited limited = {"application/json; charset=utf-8",
                                           "{\"ok\":false,\"error\":\"ratelimited\"}"};

static void send_answer(void *arg)
{
    struct call *c = arg;
    char header[48] = "";

    if (c->spoiled && !c->c->closing) {
        if (bad_answer(c->c, &c->bad, &c->body, &limited)) {
            free_call(c);
            return;
        }
        write_error(c, c->bad.kind); /* any other kind is one of Slack's error names */
        buf_str(&c->body, "}");
    }
    if (c->retry_after_s)
        (void)snprintf(header, sizeof header, "Retry-After: %lld\r\n", (long long)c->retry_after_s);
    conn_reply(c->c, c->status, "application/json; charset=utf-8", header, c->body.p, c->body.len);
    free_call(c);
}

static void count_limited(struct call *c)
{
    c->f->stats.limited++;
    c->f->method_calls[c->method].limited++;
}

static void hold_back(struct call *c, int64_t ms, void (*then)(void *))
{
    c->f->stats.held++;
    if (!c->timer) { /* a call can be held before and after storing */
        c->next = c->f->held;
        if (c->next)
            c->next->prev = c;
        c->f->held = c;
    }
    c->timer = later_start(c->f->host.loop, ms, then, c);
}

void api_drop_held(struct fake *f)
{
    while (f->held) {
        struct call *c = f->held;
        later_cancel(c->timer);
        conn_close(c->c);
        free_call(c);
    }
}

static const char *run_limited(struct call *c)
{
    c->retry_after_s = limits_check(c->f, c->method, args_str(&c->a, "channel"));
    if (!c->retry_after_s)
        return api_methods[c->method].run(c);
    c->status = 429;
    count_limited(c);
    return "ratelimited";
}

static bool spoil(struct call *c, enum faults_phase phase)
{
    c->spoiled = faults_take(&c->f->faults, phase, api_methods[c->method].name,
                             args_str(&c->a, "channel"), &c->bad);
    c->f->stats.faults += c->spoiled;
    if (c->spoiled && !c->bad.kind[0] && c->bad.status == 429)
        count_limited(c);
    return c->spoiled;
}

static void write_answer(struct call *c, const char *error)
{
    if (error) {
        write_error(c, error);
    } else if (c->warning) {
        buf_member(&c->body, "warning", c->warning);
        buf_fmt(&c->body, ",\"response_metadata\":{\"warnings\":[\"%s\"]}", c->warning);
    }
    buf_str(&c->body, ",\"x_fake_unknown\":{\"list\":[1,null,{\"deep\":true}]}}");
}

/* Everything that changes state, then the answer, now or later. */
static void run_call(void *arg)
{
    struct call *c = arg;
    const char *name = api_methods[c->method].name;
    struct fault hold;

    buf_str(&c->body, "{\"ok\":true");
    if (!spoil(c, FAULTS_BEFORE)) {
        const char *error = run_limited(c);
        write_answer(c, error);
        if (!error)
            (void)spoil(c, FAULTS_AFTER); /* noted in c */
    } else {
        write_answer(c, NULL);
    }
    if (faults_take(&c->f->faults, FAULTS_HOLD, name, args_str(&c->a, "channel"), &hold)) {
        hold_back(c, hold.ms, send_answer);
        return;
    }
    send_answer(c);
}

static bool find_method(const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < api_method_count; i++) {
        if (strcmp(api_methods[i].name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

void api_handle(struct conn *conn)
{
    struct fake *f = conn->f;
    size_t method = 0;
    struct fault hold;

    f->stats.requests++;
    if (!find_method(conn->req.path + strlen("/api/"), &method)) {
        conn_reply_json(conn, 200, "{\"ok\":false,\"error\":\"unknown_method\"}");
        return;
    }
    f->method_calls[method].calls++;
    struct call *c = util_alloc(sizeof *c);
    c->f = f;
    c->c = conn_ref(conn);
    c->method = method;
    c->status = 200;
    const char *error = check_call(c);
    if (error) {
        write_answer(c, error);
        send_answer(c);
        return;
    }
    if (faults_take(&f->faults, FAULTS_HOLD_FIRST, api_methods[method].name,
                    args_str(&c->a, "channel"), &hold)) {
        hold_back(c, hold.ms, run_call);
        return;
    }
    run_call(c);
}
