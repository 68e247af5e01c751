#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bad.h"
#include "fake.h"
#include "later.h"
#include "util.h"

static const struct api_route routes[] = {
    {"POST", "posts", "posts.create", 0, api_post_create},
    {"POST", "posts/ephemeral", "posts.ephemeral", 0, api_post_ephemeral},
    {"GET", "posts/{}", "posts.get", 0, api_post_get},
    {"PUT", "posts/{}/patch", "posts.patch", 0, api_post_patch},
    {"PUT", "posts/{}", "posts.update", 0, api_post_update},
    {"DELETE", "posts/{}", "posts.delete", 0, api_post_delete},
    {"GET", "posts/{}/thread", "posts.thread", 0, api_post_thread},
    {"GET", "posts/{}/reactions", "reactions.get", 0, api_reactions_get},
    {"POST", "posts/{}/actions/{}", "posts.action", 0, api_post_action},
    {"GET", "channels/{}/posts", "posts.list", 0, api_channel_posts},
    {"POST", "channels/direct", "channels.direct", 0, api_channel_direct},
    {"GET", "channels/{}", "channels.get", 0, api_channel_get},
    {"POST", "users/login", "users.login", API_OPEN, api_login},
    {"GET", "users", "users.list", 0, api_users_list},
    {"POST", "users/ids", "users.ids", 0, api_users_ids},
    {"POST", "users/usernames", "users.usernames", 0, api_users_names},
    {"POST", "users/status/ids", "status.ids", 0, api_status_ids},
    {"GET", "users/username/{}", "users.username", 0, api_user_by_name},
    {"GET", "users/email/{}", "users.email", 0, api_user_by_email},
    {"GET", "users/{}/channels", "channels.mine", 0, api_channels_mine},
    {"GET", "users/{}/teams/{}/channels", "channels.mine", 0, api_channels_mine},
    {"GET", "users/{}/teams", "teams.mine", 0, api_teams_mine},
    {"GET", "users/{}/status", "status.get", 0, api_status_get},
    {"DELETE", "users/{}/posts/{}/reactions/{}", "reactions.remove", 0, api_reaction_remove},
    {"GET", "users/{}", "users.get", 0, api_user_get},
    {"POST", "reactions", "reactions.add", 0, api_reaction_add},
    {"GET", "teams/name/{}", "teams.name", 0, api_team_by_name},
    {"POST", "commands", "commands.create", 0, api_command_create},
    {"POST", "actions/dialogs/open", "dialogs.open", 0, api_dialog_open},
    {"GET", "system/ping", "system.ping", API_OPEN, api_ping},
    {"GET", "config/client", "config.client", API_OPEN, api_config},
};

static const struct bad_limited limited = {"text/plain; charset=utf-8", "limit exceeded"};

/* --- who calls --- */

/* A person's token is "user:" and their id; it needs no log-in. */
const char *api_user_of_token(struct fake *f, const char *token)
{
    const struct user *u = NULL;

    if (strcmp(token, f->knobs.token) == 0)
        u = f->knobs.auth_error[0] ? NULL : store_user(f, STORE_BOT);
    else if (strncmp(token, "user:", 5) == 0)
        u = store_user(f, token + 5);
    return u && !store_user_gone(u) ? store_user_id(u) : NULL;
}

const char *api_token_user(struct fake *f, const char *authorization)
{
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    return api_user_of_token(f, authorization + 7);
}

/* --- answers --- */

static void error_text(struct buf *out, int status, const char *id)
{
    static const struct {
        int status;
        const char *message;
    } messages[] = {
        {400, "The request is not valid."},
        {401, "Invalid or expired session, please login again."},
        {403, "You do not have the appropriate permissions."},
        {404, "Sorry, we could not find that."},
        {500, "An error occurred."},
    };
    char request[STORE_ID + 1];
    const char *message = "The request was refused.";

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (messages[i].status == status)
            message = messages[i].message;
    }
    store_new_id(request);
    out->len = 0;
    buf_str(out, "{\"id\":");
    buf_json(out, id);
    buf_member(out, "message", message);
    buf_member(out, "detailed_error", "");
    buf_member(out, "request_id", request);
    buf_fmt(out, ",\"status_code\":%d}", status);
}

int api_fail(struct call *c, int status, const char *id)
{
    error_text(&c->out, status, id);
    return status;
}

void api_refuse(struct conn *c, int status)
{
    struct buf text = {0};

    error_text(&text, status,
               status == 401 ? "api.context.session_expired.app_error"
                             : "api.web_socket.connect.upgrade.app_error");
    conn_reply(c, status, "application/json", "", text.p, text.len);
    buf_done(&text);
}

int api_ok(struct call *c, int status, json_t *tree)
{
    c->out.len = 0;
    buf_dump(&c->out, tree);
    json_decref(tree);
    return status;
}

const char *api_text(const struct call *c, const char *key)
{
    const char *text = json_string_value(json_object_get(c->in, key));
    return text ? text : "";
}

int64_t api_number(const struct call *c, const char *name, int64_t otherwise)
{
    char text[32], *end;

    if (!http_query(c->query, name, text, sizeof text))
        return otherwise;
    long long v = strtoll(text, &end, 10);
    return end == text || *end ? otherwise : v;
}

void api_page(const struct call *c, int64_t *ret_page, int64_t *ret_size)
{
    int64_t size = api_number(c, "per_page", API_PER_PAGE), page = api_number(c, "page", 0);

    *ret_size = size < 1 ? API_PER_PAGE : size > API_PER_PAGE_MAX ? API_PER_PAGE_MAX : size;
    *ret_page = page < 0 ? 0 : page;
}

struct channel *api_channel(struct call *c, const char *id, int *ret_status)
{
    struct channel *ch = store_channel(c->f, id);

    if (!ch)
        *ret_status = api_fail(c, 404, "app.channel.get.existing.app_error");
    else if (store_may_read(ch, c->user))
        return ch;
    else
        *ret_status = api_fail(c, 403, "api.context.permissions.app_error");
    return NULL;
}

/* --- one call --- */

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
    if (c->pending) {
        store_pending_drop(c->f, c->pending);
        free(c->pending);
    }
    json_decref(c->in);
    buf_done(&c->out);
    conn_unref(c->c);
    free(c);
}

static void answer(struct call *c)
{
    c->answered = true;
    if (c->spoiled && !c->c->closing) {
        if (bad_answer(c->c, &c->bad, &c->out, &limited))
            return;
        c->status = api_fail(c, c->bad.status == 200 ? 500 : c->bad.status, c->bad.kind);
    }
    if (c->status == 429)
        conn_reply(c->c, 429, limited.type, c->header, limited.body, strlen(limited.body));
    else
        conn_reply(c->c, c->status, "application/json", c->header, c->out.p, c->out.len);
}

static void send_answer(void *arg)
{
    struct call *c = arg;

    if (!c->answered)
        answer(c);
    free_call(c);
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

/* Source: RateLimitSettings; throttled's headers. False: too many. */
static bool within_rate(struct call *c)
{
    struct fake *f = c->f;
    int64_t now = util_mono_ms();
    double rate = (double)f->knobs.rate_per_s, burst = (double)f->knobs.rate_burst;

    if (f->knobs.rate_per_s <= 0)
        return true;
    if (f->tokens_ms == 0)
        f->tokens = burst;
    else
        f->tokens += (double)(now - f->tokens_ms) / 1000 * rate;
    f->tokens_ms = now;
    if (f->tokens > burst)
        f->tokens = burst;
    bool good = f->tokens >= 1;
    f->tokens -= good;
    int64_t reset = (int64_t)((burst - f->tokens) / rate) + 1;
    (void)snprintf(c->header, sizeof c->header,
                   "X-RateLimit-Limit: %lld\r\nX-RateLimit-Remaining: %lld\r\n"
                   "X-RateLimit-Reset: %lld\r\n%s",
                   (long long)burst, (long long)f->tokens, (long long)reset,
                   good ? "" : "Retry-After: 1\r\n");
    return good;
}

static void check_and_run(struct call *c)
{
    if (c->route->flags & API_OPEN) {
        c->status = c->route->run(c);
    } else if (!c->user[0]) {
        c->f->stats.unauthorized++;
        const char *id = c->f->knobs.auth_error;
        c->status = api_fail(c, 401, id[0] ? id : "api.context.session_expired.app_error");
    } else {
        c->status = c->route->run(c);
    }
}

static bool spoil(struct call *c, enum faults_phase phase)
{
    const char *channel = api_text(c, "channel_id");

    c->spoiled = faults_take(&c->f->faults, phase, c->route->name,
                             channel[0] ? channel : c->args[0], &c->bad);
    c->f->stats.faults += c->spoiled;
    return c->spoiled;
}

/* Everything that changes state, then the answer, now or later. */
static void run_call(void *arg)
{
    struct call *c = arg;
    struct fault hold;

    if (!c->answered && spoil(c, FAULTS_BEFORE)) {
        if (c->bad.ms > 0) { /* answered badly now, done all the same: it lands late */
            (void)api_fail(c, 500, "fake.late");
            answer(c);
            hold_back(c, c->bad.ms, run_call);
            return;
        }
        (void)api_fail(c, 500, "fake.fault");
    } else {
        check_and_run(c);
        if (!c->answered && c->status < 400)
            (void)spoil(c, FAULTS_AFTER); /* noted in c */
    }
    if (faults_take(&c->f->faults, FAULTS_HOLD, c->route->name, c->args[0], &hold)) {
        hold_back(c, hold.ms, send_answer);
        return;
    }
    send_answer(c);
}

/* Matches "users/{}/posts/{}" and copies what stands for each {}. */
static bool matches(const char *pattern, const char *path, char args[API_ARGS][API_ARG])
{
    int arg = 0;

    while (*pattern) {
        if (pattern[0] == '{') {
            size_t n = strcspn(path, "/");
            if (n == 0 || n >= API_ARG)
                return false;
            memcpy(args[arg], path, n);
            args[arg][n] = '\0';
            (void)http_url_decode(args[arg], n); /* NUL is put behind it */
            arg++;
            path += n;
            pattern += 2;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return !*path;
}

static const struct api_route *find_route(struct call *c, const struct http_req *r)
{
    const char *path = r->path + strlen("/api/v4/");

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].verb, r->method) == 0 && matches(routes[i].path, path, c->args))
            return &routes[i];
    }
    return NULL;
}

static const char *refusal(struct call *c, const struct http_req *r, int *ret_status)
{
    *ret_status = 404;
    c->route = find_route(c, r);
    if (!c->route)
        return "api.context.404.app_error";
    *ret_status = 400;
    if (r->body_len > 0 && !(c->in = json_loadb(r->body, r->body_len, 0, NULL)))
        return "api.context.invalid_body_param.app_error";
    *ret_status = 429;
    if (!within_rate(c)) {
        c->f->stats.limited++;
        return "limited";
    }
    return NULL;
}

/* What another post with the same pending id does while this one is under way. */
static bool take_pending(struct call *c)
{
    const char *pending = api_text(c, "pending_post_id");
    struct post *before = NULL;

    if (c->route->run != api_post_create || !pending[0] || !c->user[0])
        return true;
    switch (store_pending_look(c->f, pending, &before)) {
    case STORE_UNDER_WAY:
        c->f->stats.posts_pending++;
        c->status = api_fail(c, 500, "api.post.deduplicate_create_post.pending");
        return false;
    case STORE_MADE:
        /* one that the caller may not read is made anew */
        if (!before || !store_may_read(before->channel, c->user))
            break;
        c->f->stats.posts_repeated++;
        c->status = api_ok(c, 201, store_post_json(before));
        return false;
    case STORE_FRESH:
        break;
    }
    store_pending_set(c->f, pending, NULL);
    c->pending = util_dup(pending);
    return true;
}

void api_handle(struct conn *conn)
{
    struct fake *f = conn->f;
    struct call *c = util_alloc(sizeof *c);
    struct fault hold;
    int status = 0;

    f->stats.requests++;
    c->f = f;
    c->c = conn_ref(conn);
    util_copy(c->query, sizeof c->query, conn->req.query);
    const char *user = api_token_user(f, conn->req.headers[HTTP_AUTHORIZATION]);
    util_copy(c->user, sizeof c->user, user ? user : "");
    const char *error = refusal(c, &conn->req, &status);
    if (error) {
        c->status = api_fail(c, status, error);
        send_answer(c);
        return;
    }
    if (!take_pending(c)) {
        send_answer(c);
        return;
    }
    if (faults_take(&f->faults, FAULTS_HOLD_FIRST, c->route->name, c->args[0], &hold)) {
        hold_back(c, hold.ms, run_call);
        return;
    }
    run_call(c);
}
