#include "sock.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "fake.h"
#include "later.h"
#include "util.h"
#include "ws.h"

enum { TICK_MS = 250 };

int sock_count(const struct fake *f)
{
    int n = 0;

    for (int i = 0; i < f->socks.n; i++)
        n += !f->socks.v[i]->refused && !f->socks.v[i]->w.closing;
    return n;
}

void sock_recount(struct fake *f)
{
    int live = 0;

    for (int i = 0; i < f->socks.n; i++) {
        const struct sock *s = f->socks.v[i];
        live += s->hello && !s->refused && !s->w.closing && !wsock_is_muted(&s->w);
    }
    stats_sockets(&f->stats, sock_count(f), live);
}

void sock_mute_current(struct fake *f)
{
    for (int i = 0; i < f->socks.n; i++)
        f->socks.v[i]->w.muted = true;
    sock_recount(f);
}

void sock_unmute_all(struct fake *f)
{
    for (int i = 0; i < f->socks.n; i++)
        f->socks.v[i]->w.muted = false;
    sock_recount(f);
}

void sock_ticket(struct conn *c, struct buf *out)
{
    struct fake *f = c->f;
    struct stats *st = &f->stats;
    const char *host = c->req.headers[HTTP_HOST];
    int64_t now = util_mono_ms(), gap = now - st->ticket_last_ms;
    char ticket[40], url[512];

    if (st->tickets > 0 && (st->ticket_min_gap_ms < 0 || gap < st->ticket_min_gap_ms))
        st->ticket_min_gap_ms = gap;
    st->ticket_last_ms = now;
    st->tickets++;
    util_hex(ticket, 36);
    int64_t *issued = util_alloc(sizeof *issued);
    *issued = now;
    (void)map_put(&f->socks.tickets, ticket, issued); /* fresh */
    /* The Host header keeps clients behind a test proxy on that proxy. */
    if (f->knobs.ticket_base[0])
        (void)snprintf(url, sizeof url, "%s/link/?ticket=%s&app_id=" FAKE_APP, f->knobs.ticket_base,
                       ticket);
    else if (host)
        (void)snprintf(url, sizeof url, "ws://%.200s/link/?ticket=%s&app_id=" FAKE_APP, host,
                       ticket);
    else
        (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/link/?ticket=%s&app_id=" FAKE_APP,
                       f->host.port, ticket);
    json_t *text = json_string(url);
    char *dump = json_dumps(text, JSON_ENCODE_ANY | JSON_ESCAPE_SLASH);
    buf_str(out, dump ? dump : "null"); /* null: Host was not UTF-8 */
    free(dump);
    json_decref(text);
}

void sock_send(struct sock *s, const char *text, size_t len)
{
    wsock_frame(&s->w, WS_TEXT, text, len);
}

static void send_disconnect(struct sock *s, const char *reason)
{
    char text[192];
    int n = snprintf(text, sizeof text,
                     "{\"type\":\"disconnect\",\"reason\":\"%s\",\"debug_info\":{\"host\":"
                     "\"applink-fake\"}}",
                     reason);

    sock_send(s, text, (size_t)n);
}

static void on_retired(void *arg)
{
    struct sock *s = arg;

    s->w.close_timer = NULL;
    if (s->rotate)
        send_disconnect(s, "refresh_requested");
    wsock_close(&s->w, 1000);
}

void sock_retire(struct sock *s)
{
    s->retiring = true;
    if (!s->w.closing && s->w.f->knobs.disconnect_close_ms > 0) {
        later_cancel(s->w.close_timer);
        s->w.close_timer =
            later_start(s->w.f->host.loop, s->w.f->knobs.disconnect_close_ms, on_retired, s);
    }
}

static void on_life_over(void *arg)
{
    struct sock *s = arg;

    s->life_timer = NULL;
    s->rotate = true;
    send_disconnect(s, "warning");
    sock_retire(s);
}

static void on_tick(void *arg)
{
    struct sock *s = arg;
    const struct knobs *k = &s->w.f->knobs;
    int64_t now = util_mono_ms();
    char text[64];

    /* Short ticks so that a changed period counts at once. */
    s->tick =
        later_start(s->w.f->host.loop,
                    k->ping_ms > 0 && k->ping_ms < TICK_MS ? k->ping_ms : TICK_MS, on_tick, s);
    if (k->ping_ms <= 0 || k->no_ping || now - s->last_ping_ms < k->ping_ms)
        return;
    s->last_ping_ms = now;
    int n = snprintf(text, sizeof text, "Ping from applink-fake %d", ++s->pings);
    wsock_frame(&s->w, WS_PING, text, (size_t)n);
}

static void on_hello(void *arg)
{
    struct sock *s = arg;
    struct knobs *k = &s->w.f->knobs;
    char text[320];

    s->hello_timer = NULL;
    if (k->no_hello)
        return;
    if (k->first_frame_count != 0 && k->first_frame_reason[0]) {
        k->first_frame_count -= k->first_frame_count > 0;
        send_disconnect(s, k->first_frame_reason);
        sock_retire(s);
        return;
    }
    int64_t life = k->socket_life_ms > 0 ? k->socket_life_ms / 1000 : 18060;
    int n = snprintf(text, sizeof text,
                     "{\"type\":\"hello\",\"num_connections\":%d,\"debug_info\":{\"host\":"
                     "\"applink-fake\",\"build_number\":10,\"approximate_connection_time\":%lld},"
                     "\"connection_info\":{\"app_id\":\"" FAKE_APP "\"},"
                     "\"x_fake_unknown\":[{\"a\":null}]}",
                     sock_count(s->w.f), (long long)life);
    sock_send(s, text, (size_t)n);
    s->hello = true;
    sock_recount(s->w.f);
    envelope_flush(s->w.f);
}

/* Slack tells the eleventh socket over the socket itself. */
static void refuse(struct sock *s)
{
    s->w.f->stats.sockets_refused++;
    s->refused = true;
    send_disconnect(s, "too_many_websockets");
    s->w.close_timer = later_start(s->w.f->host.loop, 1000, on_retired, s);
}

static void start(struct sock *s, const char *query)
{
    struct fake *f = s->w.f;
    char debug[8] = "";
    int64_t life = f->knobs.socket_life_ms;

    if (http_query(query, "debug_reconnects", debug, sizeof debug) && strcmp(debug, "true") == 0 &&
        life <= 0)
        life = 360000;
    if (life > 0)
        s->life_timer = later_start(f->host.loop, life, on_life_over, s);
    s->last_ping_ms = util_mono_ms();
    s->tick = later_start(f->host.loop, TICK_MS, on_tick, s);
    s->hello_timer = later_start(f->host.loop, f->knobs.hello_delay_ms, on_hello, s);
}

static bool take_ticket(struct fake *f, const char *query)
{
    char ticket[64];

    if (!http_query(query, "ticket", ticket, sizeof ticket))
        return false;
    int64_t *issued = map_del(&f->socks.tickets, ticket);
    bool good = issued && util_mono_ms() - *issued <= f->knobs.ticket_ttl_ms;
    free(issued);
    return good;
}

/* 0: welcome, else the HTTP status to refuse with. */
static int check_upgrade(struct conn *c, bool *ret_full, char accept[32])
{
    struct fake *f = c->f;
    const char *key = c->req.headers[HTTP_WS_KEY], *version = c->req.headers[HTTP_WS_VERSION];
    const char *upgrade = c->req.headers[HTTP_UPGRADE];

    if (!upgrade || strcasecmp(upgrade, "websocket") != 0 || !version || strcmp(version, "13") != 0)
        return 426;
    if (!key || !ws_accept(key, accept))
        return 400;
    bool good_ticket = take_ticket(f, c->req.query);
    if (f->knobs.fail_upgrade_count != 0 && f->knobs.fail_upgrade_status >= 400) {
        f->knobs.fail_upgrade_count -= f->knobs.fail_upgrade_count > 0;
        return (int)f->knobs.fail_upgrade_status;
    }
    if (!good_ticket) {
        f->stats.tickets_refused++;
        return 403;
    }
    *ret_full = sock_count(f) >= f->knobs.max_sockets;
    if (f->socks.n == SOCK_MAX || (*ret_full && f->knobs.over_limit == KNOBS_OVER_HTTP)) {
        f->stats.sockets_refused++;
        return 429;
    }
    return 0;
}

void sock_upgrade(struct conn *c)
{
    struct fake *f = c->f;
    char accept[32], query[256];
    bool full = false;
    int status = check_upgrade(c, &full, accept);

    if (status) {
        c->req.keep_alive = false;
        conn_reply(c, status, "text/plain", "", "refused\n", 8);
        return;
    }
    struct sock *s = util_alloc(sizeof *s);
    wsock_init(&s->w, c, &f->knobs.ws, ++f->socks.last_id);
    f->socks.v[f->socks.n++] = s;
    log_open(&f->log, s->w.id, c->req.path);
    util_copy(query, sizeof query, c->req.query);
    /* Keeps c readable should the peer go away during the handshake answer. */
    conn_ref(c);
    conn_upgrade(c, &s->w, accept);
    if (!c->closing && full) {
        refuse(s);
    } else if (!c->closing) {
        f->stats.sockets_opened++;
        start(s, query);
        sock_recount(f);
    }
    conn_unref(c);
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
    log_closed(&w->f->log, w->id, w->close_code);
    later_cancel(s->tick);
    later_cancel(s->hello_timer);
    later_cancel(s->life_timer);
    sock_recount(w->f);
    free(s);
}

void wsock_on_message(struct wsock *s, const char *text, size_t len, bool fragmented)
{
    s->f->stats.fragmented += fragmented;
    log_ws(&s->f->log, s->id, text, len);
    envelope_ack(s->f, text, len);
}

void wsock_on_bad_frame(struct wsock *s)
{
    s->f->stats.bad_frames++;
}

void wsock_on_closing(struct wsock *s)
{
    sock_recount(s->f);
}

static struct sock *choose(struct fake *f, int how, bool with_retiring)
{
    struct sock *able[SOCK_MAX];
    int n = 0;

    for (int i = 0; i < f->socks.n; i++) {
        struct sock *s = f->socks.v[i];
        if (s->hello && !s->w.closing && !s->refused && (with_retiring || !s->retiring))
            able[n++] = s;
    }
    if (n == 0)
        return NULL;
    switch (how) {
    case KNOBS_DELIVER_OLDEST:
        return able[0];
    case KNOBS_DELIVER_RANDOM:
        return able[util_random() % (unsigned)n];
    case KNOBS_DELIVER_ROUND:
        return able[f->socks.round++ % (unsigned)n];
    default:
        return able[n - 1];
    }
}

struct sock *sock_pick(struct fake *f, const char *which)
{
    int how = f->knobs.deliver;

    if (which)
        how = strcmp(which, "oldest") == 0 ? KNOBS_DELIVER_OLDEST : KNOBS_DELIVER_NEWEST;
    if (which) /* named by the test: whatever its state */
        return choose(f, how, true);
    struct sock *s = choose(f, how, false);
    return s ? s : choose(f, how, true);
}

int sock_drop(struct fake *f, int code, const char *which)
{
    struct sock *victims[SOCK_MAX];
    int n = 0;

    for (int i = 0; i < f->socks.n; i++) {
        bool newest = i == f->socks.n - 1;
        if (!which || (strcmp(which, "oldest") == 0 ? i == 0 : newest))
            victims[n++] = f->socks.v[i];
    }
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
    map_done(&f->socks.tickets, free);
}
