#include "sock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fake.h"
#include "later.h"
#include "util.h"
#include "ws.h"

enum { TICK_MS = 250, SESSIONS_IDLE_MS = 300000 };

int sock_count(const struct fake *f)
{
    int n = 0;

    for (int i = 0; i < f->socks.n; i++)
        n += !f->socks.v[i]->w.closing;
    return n;
}

void sock_mute_current(struct fake *f)
{
    for (int i = 0; i < f->socks.n; i++)
        f->socks.v[i]->w.muted = true;
}

void sock_unmute_all(struct fake *f)
{
    for (int i = 0; i < f->socks.n; i++)
        f->socks.v[i]->w.muted = false;
}

/* --- sessions --- */

static void free_session(struct session *n)
{
    for (int i = 0; i < SOCK_RING; i++)
        free(n->ring[i].text);
    free(n);
}

/* Sessions that nobody will ask for again. */
static void reap(struct fake *f)
{
    int64_t now = util_mono_ms();

    for (struct session **at = &f->socks.sessions; *at;) {
        struct session *n = *at;
        if (n->s || (!n->forgotten && now - n->gone_ms < SESSIONS_IDLE_MS)) {
            at = &n->more;
            continue;
        }
        *at = n->more;
        free_session(n);
    }
}

void sock_forget_all(struct fake *f)
{
    for (struct session *n = f->socks.sessions; n; n = n->more)
        n->forgotten = true;
}

static struct session *add_session(struct fake *f, const char *user)
{
    struct session *n = util_alloc(sizeof *n);

    reap(f);
    store_new_id(n->id);
    util_copy(n->user, sizeof n->user, user);
    n->more = f->socks.sessions;
    return f->socks.sessions = n;
}

static void send_text(struct session *n, const char *text)
{
    if (!n->s)
        return;
    wsock_frame(&n->s->w, WS_TEXT, text, strlen(text));
    if (n->s->w.f->knobs.duplicate_event)
        wsock_frame(&n->s->w, WS_TEXT, text, strlen(text));
}

static void emit(struct session *n, const char *event, json_t *data, const char *user,
                 const char *channel)
{
    json_t *frame =
        json_pack("{s:s,s:O,s:{s:n,s:s,s:s,s:s,s:s,s:s},s:I}", "event", event, "data", data,
                  "broadcast", "omit_users", "user_id", user, "channel_id", channel, "team_id", "",
                  "connection_id", "", "omit_connection_id", "", "seq", (json_int_t)n->next);
    struct buf text = {0};
    size_t slot = (size_t)(n->next % SOCK_RING);

    buf_dump(&text, frame);
    json_decref(frame);
    free(n->ring[slot].text);
    n->ring[slot].seq = n->next++;
    n->ring[slot].text = buf_take(&text);
    send_text(n, n->ring[slot].text);
}

void sock_event(struct fake *f, const char *event, json_t *data, const struct channel *ch,
                const char *user)
{
    int64_t lost = f->knobs.gap;

    for (struct session *n = f->socks.sessions; n; n = n->more) {
        if (n->next == 0 || (user && strcmp(user, n->user) != 0) ||
            (ch && !store_may_read(ch, n->user)))
            continue;
        n->next += lost;
        emit(n, event, data, user ? user : "", ch ? ch->id : "");
    }
    f->knobs.gap = 0;
    json_decref(data);
}

/* --- sign-in --- */

static void send_hello(void *arg)
{
    struct sock *s = arg;
    struct fake *f = s->w.f;

    s->hello_timer = NULL;
    if (f->knobs.no_hello)
        return;
    f->stats.hellos++;
    json_t *data = json_pack("{s:s,s:s,s:s}", "connection_id", s->session->id, "server_version",
                             f->knobs.server_version, "server_hostname", "fake");
    emit(s->session, "hello", data, s->session->user, "");
    json_decref(data);
}

static void attach(struct sock *s, struct session *n)
{
    s->session = n;
    n->s = s;
}

static void begin(struct sock *s, const char *user)
{
    struct fake *f = s->w.f;

    attach(s, add_session(f, user));
    if (f->knobs.hello_delay_ms > 0)
        s->hello_timer = later_start(f->host.loop, f->knobs.hello_delay_ms, send_hello, s);
    else
        send_hello(s);
}

/* Whether the events from `from` on are all still there. */
static bool has_all(const struct fake *f, const struct session *n, int64_t from)
{
    if (from > n->next || n->next - from > f->knobs.ring)
        return false;
    for (int64_t seq = from; seq < n->next; seq++) {
        if (n->ring[seq % SOCK_RING].seq != seq || !n->ring[seq % SOCK_RING].text)
            return false;
    }
    return true;
}

static struct session *find_lost(struct fake *f, const char *id, const char *user)
{
    int64_t now = util_mono_ms();

    for (struct session *n = f->socks.sessions; n; n = n->more) {
        bool noticed = !n->s && now - n->gone_ms >= f->knobs.notice_ms;
        if (strcmp(n->id, id) == 0 && strcmp(n->user, user) == 0 && noticed && !n->forgotten)
            return n;
    }
    return NULL;
}

static void start_by_header(struct sock *s, const char *user, const char *query)
{
    struct fake *f = s->w.f;
    char id[64] = "", number[32] = "";
    char *end = number;

    s->by_header = true;
    (void)http_query(query, "connection_id", id, sizeof id); /* else "" */
    (void)http_query(query, "sequence_number", number, sizeof number);
    long long from = strtoll(number, &end, 10);
    if (!id[0] || f->knobs.no_resume) {
        begin(s, user);
        return;
    }
    if (!store_is_id(id) || end == number || *end || from < 0) {
        conn_close(s->w.c);
        return;
    }
    struct session *n = find_lost(f, id, user);
    if (!n || !has_all(f, n, from)) {
        begin(s, user);
        return;
    }
    attach(s, n);
    f->stats.resumed++;
    for (int64_t seq = from; seq < n->next; seq++) {
        f->stats.replayed++;
        send_text(n, n->ring[seq % SOCK_RING].text);
    }
}

static void on_auth_late(void *arg)
{
    struct sock *s = arg;

    s->auth_timer = NULL;
    conn_close(s->w.c);
}

static void on_tick(void *arg)
{
    struct sock *s = arg;
    const struct knobs *k = &s->w.f->knobs;
    int64_t now = util_mono_ms();

    s->tick = later_start(s->w.f->host.loop, TICK_MS, on_tick, s);
    if (k->ping_ms > 0 && now - s->last_ping_ms >= k->ping_ms) {
        s->last_ping_ms = now;
        wsock_frame(&s->w, WS_PING, "", 0);
    }
    if (k->pong_deadline_ms > 0 && now - s->w.pong_ms >= k->pong_deadline_ms)
        conn_close(s->w.c); /* s is gone */
}

/* 0: welcome, else the HTTP status to refuse with. user "": signs in by a challenge. */
static int check_upgrade(struct conn *c, char accept[32], const char **ret_user)
{
    struct fake *f = c->f;
    const char *key = c->req.headers[HTTP_WS_KEY], *version = c->req.headers[HTTP_WS_VERSION];
    const char *upgrade = c->req.headers[HTTP_UPGRADE];

    if (!upgrade || strcasecmp(upgrade, "websocket") != 0 || !version || strcmp(version, "13") != 0)
        return 400;
    if (!key || !ws_accept(key, accept))
        return 400;
    if (f->knobs.fail_upgrade_count != 0 && f->knobs.fail_upgrade_status >= 400) {
        f->knobs.fail_upgrade_count -= f->knobs.fail_upgrade_count > 0;
        return (int)f->knobs.fail_upgrade_status;
    }
    *ret_user = api_token_user(f, c->req.headers[HTTP_AUTHORIZATION]);
    if (c->req.headers[HTTP_AUTHORIZATION] && !*ret_user) {
        f->stats.unauthorized++;
        return 401;
    }
    return f->socks.n == SOCK_MAX ? 503 : 0;
}

void sock_upgrade(struct conn *c)
{
    struct fake *f = c->f;
    char accept[32], query[512], path[600];
    const char *user = NULL;
    int status = check_upgrade(c, accept, &user);

    if (status) {
        c->req.keep_alive = false;
        api_refuse(c, status);
        return;
    }
    struct sock *s = util_alloc(sizeof *s);
    wsock_init(&s->w, c, &f->knobs.ws, ++f->socks.last_id);
    s->last_ping_ms = s->w.pong_ms = util_mono_ms();
    f->socks.v[f->socks.n++] = s;
    util_copy(query, sizeof query, c->req.query);
    (void)snprintf(path, sizeof path, "%.64s?%.511s", c->req.path, query);
    log_open(&f->log, s->w.id, path);
    /* Keeps c readable should the peer go away during the handshake answer. */
    conn_ref(c);
    conn_upgrade(c, &s->w, accept);
    if (!c->closing) {
        f->stats.sockets_opened++;
        s->tick = later_start(f->host.loop, TICK_MS, on_tick, s);
        if (user)
            start_by_header(s, user, query);
        else
            s->auth_timer = later_start(f->host.loop, f->knobs.auth_ms, on_auth_late, s);
    }
    conn_unref(c);
}

/* --- what the client says --- */

static void reply(struct sock *s, json_int_t seq, json_t *data, const char *error)
{
    struct buf text = {0};
    json_t *frame;

    if (error)
        frame = json_pack("{s:s,s:I,s:{s:s,s:s}}", "status", "FAIL", "seq_reply", seq, "error",
                          "id", error, "message", "The request cannot be done.");
    else
        frame = json_pack("{s:s,s:I,s:o*}", "status", "OK", "seq_reply", seq, "data", data);
    buf_dump(&text, frame);
    json_decref(frame);
    wsock_frame(&s->w, WS_TEXT, text.p, text.len);
    buf_done(&text);
}

static void on_challenge(struct sock *s, json_int_t seq, const json_t *data)
{
    const char *token = json_string_value(json_object_get(data, "token"));
    const char *user = token ? api_user_of_token(s->w.f, token) : NULL;

    if (s->session)
        return; /* signed in already: not even answered */
    if (!user) {
        conn_close(s->w.c);
        return;
    }
    later_cancel(s->auth_timer);
    s->auth_timer = NULL;
    begin(s, user);
    reply(s, seq, NULL, NULL);
    sock_event(s->w.f, "status_change", json_pack("{s:s,s:s}", "user_id", user, "status", "online"),
               NULL, user);
}

static json_t *statuses(const struct fake *f)
{
    json_t *all = json_object();

    for (size_t i = 0; i < f->store.user_count; i++) {
        const struct user *u = f->store.users[i];
        (void)json_object_set_new(all, store_user_id(u), json_string(u->status));
    }
    return all;
}

static void on_action(struct sock *s, const char *action, json_int_t seq)
{
    struct fake *f = s->w.f;

    if (strcmp(action, "ping") == 0) {
        f->stats.pings++;
        reply(s, seq,
              json_pack("{s:s,s:s,s:I,s:s}", "text", "pong", "version", f->knobs.server_version,
                        "server_time", (json_int_t)(util_wall_us() / 1000), "node_id", ""),
              NULL);
    } else if (strcmp(action, "get_statuses") == 0 || strcmp(action, "get_statuses_by_ids") == 0) {
        reply(s, seq, statuses(f), NULL);
    } else if (strcmp(action, "user_typing") == 0 || strcmp(action, "presence") == 0) {
        reply(s, seq, NULL, NULL);
    } else {
        reply(s, seq, NULL, "api.web_socket_router.bad_action.app_error");
    }
}

void wsock_on_message(struct wsock *w, const char *text, size_t len, bool fragmented)
{
    struct sock *s = (struct sock *)(void *)w; /* its first member */
    struct conn *c = conn_ref(w->c);
    json_t *o = json_loadb(text, len, 0, NULL);
    const char *action = json_string_value(json_object_get(o, "action"));
    json_int_t seq = json_integer_value(json_object_get(o, "seq"));

    w->f->stats.fragmented += fragmented;
    log_ws(&w->f->log, w->id, text, len);
    if (!action)
        reply(s, seq, NULL, "api.web_socket_router.no_action.app_error");
    else if (seq <= 0)
        reply(s, seq, NULL, "api.web_socket_router.bad_seq.app_error");
    else if (strcmp(action, "authentication_challenge") == 0)
        on_challenge(s, seq, json_object_get(o, "data"));
    else if (!s->session)
        reply(s, seq, NULL, "api.web_socket_router.not_authenticated.app_error");
    else
        on_action(s, action, seq);
    json_decref(o);
    conn_unref(c);
}

void wsock_on_bad_frame(struct wsock *s)
{
    s->f->stats.bad_frames++;
}

void wsock_on_closing(struct wsock *s)
{
    (void)s; /* nothing is counted by open sockets */
}

void wsock_on_gone(struct wsock *w)
{
    struct sock *s = (struct sock *)(void *)w; /* its first member */
    struct socks *all = &w->f->socks;

    for (int i = 0; i < all->n; i++) {
        if (all->v[i] == s) {
            memmove(&all->v[i], &all->v[i + 1], sizeof all->v[0] * (size_t)(all->n - i - 1));
            all->n--;
            break;
        }
    }
    if (s->session) {
        s->session->s = NULL;
        s->session->gone_ms = util_mono_ms();
    }
    log_closed(&w->f->log, w->id, w->close_code);
    later_cancel(s->tick);
    later_cancel(s->auth_timer);
    later_cancel(s->hello_timer);
    free(s);
}

int sock_drop(struct fake *f, int code)
{
    struct sock *victims[SOCK_MAX];
    int n = f->socks.n;

    memcpy(victims, f->socks.v, sizeof victims);
    for (int i = 0; i < n; i++) {
        if (code)
            wsock_close(&victims[i]->w, code);
        else
            conn_abort(victims[i]->w.c);
    }
    return n;
}

void sock_done(struct fake *f)
{
    while (f->socks.sessions) {
        struct session *n = f->socks.sessions;
        f->socks.sessions = n->more;
        free_session(n);
    }
}
