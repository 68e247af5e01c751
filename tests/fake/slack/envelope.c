#include "envelope.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake.h"
#include "later.h"
#include "util.h"

struct envelope {
    struct fake *f;
    char id[64], type[24];
    char *payload; /* JSON text */
    bool accepts, is_event, queued;
    int attempt;
    struct later *timer;
    struct envelope_wait wait;
    struct envelope *next, *prev;
};

/* What is known about an id, also after its envelope was acked or sent again under another id. */
struct seen {
    int64_t sent_ms;
    int deliveries, acks;
    struct envelope *e; /* NULL: no longer waited for */
};

/* A second delivery on its way. */
struct later_dup {
    struct fake *f;
    struct later *timer;
    int mode;
    char id[64], type[24];
    char *payload;
    struct later_dup *next;
};

static void try_send(struct envelope *e);

static struct envelope *create(struct fake *f, const char *type, char *payload,
                               const struct envelope_wait *w)
{
    struct envelope *e = util_alloc(sizeof *e);

    e->f = f;
    util_copy(e->type, sizeof e->type, type);
    util_uuid(e->id);
    e->payload = payload;
    e->is_event = strcmp(type, "events_api") == 0;
    e->accepts = !e->is_event;
    if (w)
        e->wait = *w;
    e->next = f->envelopes.first;
    if (e->next)
        e->next->prev = e;
    f->envelopes.first = e;
    f->envelopes.waiting++;
    f->stats.pushed++;
    return e;
}

static void destroy(struct envelope *e)
{
    struct envelopes *all = &e->f->envelopes;
    struct seen *seen = map_get(&all->ids, e->id);

    if (seen && seen->e == e)
        seen->e = NULL;
    later_cancel(e->timer);
    if (e->prev)
        e->prev->next = e->next;
    else
        all->first = e->next;
    if (e->next)
        e->next->prev = e->prev;
    all->waiting--;
    free(e->payload);
    free(e);
}

static void finish(struct envelope *e, const json_t *ack, int64_t ms)
{
    struct envelope_wait w = e->wait;

    destroy(e);
    if (w.done)
        w.done(w.arg, ack, ms);
}

static struct seen *remember(struct fake *f, const char *id, struct envelope *e)
{
    struct seen *s = map_get(&f->envelopes.ids, id);

    if (!s) {
        s = util_alloc(sizeof *s);
        (void)map_put(&f->envelopes.ids, id, s); /* was not there */
    }
    s->sent_ms = util_mono_ms();
    s->deliveries++;
    if (e)
        s->e = e;
    f->stats.sent++;
    return s;
}

static void on_redeliver(void *arg)
{
    struct envelope *e = arg;

    e->timer = NULL;
    try_send(e);
}

static void on_deadline(void *arg)
{
    struct envelope *e = arg;
    struct fake *f = e->f;
    struct seen *seen = map_get(&f->envelopes.ids, e->id);

    e->timer = NULL;
    int64_t wait = e->attempt < ENVELOPE_RETRIES ? f->knobs.redeliver_ms[e->attempt] : -1;
    if (!e->is_event)
        f->stats.dispatch_failed++; /* the user sees a warning sign, nothing is sent again */
    if (!e->is_event || wait < 0) {
        finish(e, NULL, 0);
        return;
    }
    if (seen)
        seen->e = NULL;
    util_uuid(e->id);
    e->attempt++;
    f->stats.redelivered++;
    e->timer = later_start(f->host.loop, wait, on_redeliver, e);
}

static void arm(struct envelope *e)
{
    int64_t ms = e->f->knobs.ack_deadline_ms;

    if (ms <= 0 && e->wait.done)
        ms = 10000; /* no deadline, but somebody waits for our answer */
    later_cancel(e->timer);
    e->timer = ms > 0 ? later_start(e->f->host.loop, ms, on_deadline, e) : NULL;
}

static void send_copy(struct sock *s, const char *id, const char *type, const char *payload,
                      int attempt)
{
    bool event = strcmp(type, "events_api") == 0;
    struct buf b = {0};

    buf_str(&b, "{\"envelope_id\":");
    buf_json(&b, id);
    buf_member(&b, "type", type);
    buf_fmt(&b, ",\"accepts_response_payload\":%s", event ? "false" : "true");
    if (event)
        buf_fmt(&b, ",\"retry_attempt\":%d,\"retry_reason\":\"%s\"", attempt,
                attempt ? "timeout" : "");
    buf_str(&b, ",\"payload\":");
    buf_str(&b, payload);
    buf_str(&b, ",\"x_fake_unknown\":{\"a\":[1]}}");
    sock_send(s, b.p, b.len);
    buf_done(&b);
}

/* The same gesture seen twice by Slack: new ids, same client_msg_id. */
static char *other_gesture(struct fake *f, const char *payload)
{
    json_t *p = json_loads(payload, 0, NULL), *event = json_object_get(p, "event");
    struct buf b = {0};
    char ts[24], id[24] = "Ev";

    util_ts_text(store_now(f), ts);
    util_hex(id + 2, 10);
    (void)json_object_set_new(p, "event_id", json_string(id)); /* p parsed before */
    (void)json_object_set_new(event, "ts", json_string(ts));
    (void)json_object_set_new(event, "event_ts", json_string(ts));
    buf_dump(&b, p);
    json_decref(p);
    return buf_take(&b);
}

static void unlink_dup(struct later_dup *d)
{
    struct later_dup **at = &d->f->envelopes.dups;

    while (*at != d)
        at = &(*at)->next;
    *at = d->next;
}

static void on_dup(void *arg)
{
    struct later_dup *d = arg;
    struct fake *f = d->f;
    struct sock *s = sock_pick(f, NULL);

    unlink_dup(d);
    if (d->mode == KNOBS_DUPLICATE_ENVELOPE) {
        if (s) {
            (void)remember(f, d->id, NULL); /* counts one delivery more */
            send_copy(s, d->id, d->type, d->payload, 0);
        }
        free(d->payload);
    } else {
        char *payload = d->payload;
        if (d->mode == KNOBS_DUPLICATE_GESTURE) {
            payload = other_gesture(f, d->payload);
            free(d->payload);
        }
        struct envelope *e = create(f, d->type, payload, NULL);
        e->attempt = -1; /* marks a copy, so that it is not copied again */
        try_send(e);
    }
    free(d);
}

static void plan_dup(const struct envelope *e)
{
    struct fake *f = e->f;

    if (f->knobs.duplicate == KNOBS_DUPLICATE_OFF || e->attempt != 0)
        return;
    if (!e->is_event && f->knobs.duplicate != KNOBS_DUPLICATE_ENVELOPE)
        return;
    struct later_dup *d = util_alloc(sizeof *d);
    d->f = f;
    d->mode = f->knobs.duplicate;
    memcpy(d->id, e->id, sizeof d->id);
    memcpy(d->type, e->type, sizeof d->type);
    d->payload = util_dup(e->payload);
    d->next = f->envelopes.dups;
    f->envelopes.dups = d;
    d->timer = later_start(f->host.loop, f->knobs.duplicate_after_ms, on_dup, d);
}

static void try_send(struct envelope *e)
{
    struct sock *s = sock_pick(e->f, NULL);

    e->queued = !s;
    if (!s)
        return;
    plan_dup(e);
    if (e->attempt < 0)
        e->attempt = 0;
    (void)remember(e->f, e->id, e); /* the entry is found again by id */
    arm(e);
    send_copy(s, e->id, e->type, e->payload, e->attempt);
}

bool envelope_new(struct fake *f, const char *type, json_t *payload, const struct envelope_wait *w)
{
    struct buf b = {0};

    if (strcmp(type, "events_api") != 0 && !sock_pick(f, NULL)) {
        f->stats.dispatch_failed++;
        json_decref(payload);
        return false;
    }
    buf_dump(&b, payload);
    json_decref(payload);
    try_send(create(f, type, buf_take(&b), w));
    return true;
}

void envelope_event(struct fake *f, json_t *event, char ret_event_id[24],
                    const struct envelope_wait *w)
{
    char id[24] = "Ev";

    util_hex(id + 2, 10);
    if (ret_event_id)
        memcpy(ret_event_id, id, sizeof id);
    json_t *payload = json_pack(
        "{s:s,s:s,s:s,s:n,s:s,s:o,s:s,s:s,s:I,s:[{s:n,s:s,s:s,s:b,s:b}],s:b,s:s}", "token",
        "fake-verification", "team_id", FAKE_TEAM, "context_team_id", FAKE_TEAM,
        "context_enterprise_id", "api_app_id", FAKE_APP, "event", event, "type", "event_callback",
        "event_id", id, "event_time", (json_int_t)(store_now(f) / 1000000), "authorizations",
        "enterprise_id", "team_id", FAKE_TEAM, "user_id", FAKE_BOT_USER, "is_bot", 1,
        "is_enterprise_install", 0, "is_ext_shared_channel", 0, "event_context", "4-fake");
    (void)envelope_new(f, "events_api", payload, w); /* events are always taken */
}

bool envelope_raw(struct fake *f, const char *text, size_t len, const char *which)
{
    json_t *frame = json_loadb(text, len, 0, NULL);
    const char *id = json_string_value(json_object_get(frame, "envelope_id"));
    const char *type = json_string_value(json_object_get(frame, "type"));
    struct sock *s = sock_pick(f, which);
    struct seen *known = id ? map_get(&f->envelopes.ids, id) : NULL;
    struct envelope *e = NULL;

    if (known && known->e) {
        (void)remember(f, id, NULL); /* a repetition by hand: one ack settles both */
    } else if (id && type && strlen(id) < sizeof e->id && (s || strcmp(type, "events_api") == 0)) {
        struct buf b = {0};
        buf_dump(&b, json_object_get(frame, "payload"));
        e = create(f, type, buf_take(&b), NULL);
        util_copy(e->id, sizeof e->id, id);
        e->queued = !s;
    }
    if (s && e) {
        plan_dup(e);
        (void)remember(f, e->id, e); /* found again by id */
        arm(e);
    }
    if (s) {
        sock_send(s, text, len);
        if (type && strcmp(type, "disconnect") == 0)
            sock_retire(s);
    }
    json_decref(frame);
    return s || e;
}

void envelope_ack(struct fake *f, const char *text, size_t len)
{
    struct stats *st = &f->stats;
    json_t *frame = json_loadb(text, len, 0, NULL);
    const char *id = json_string_value(json_object_get(frame, "envelope_id"));
    const json_t *payload = json_object_get(frame, "payload");
    struct seen *seen = id ? map_get(&f->envelopes.ids, id) : NULL;

    if (!seen) {
        st->acks_unknown++;
    } else if (len >= ENVELOPE_ACK_LIMIT_BYTES) {
        st->acks_too_big++; /* ignored without an error, as documented in an SDK's source */
    } else {
        int64_t ms = util_mono_ms() - seen->sent_ms;
        json_t *none = payload ? NULL : json_object();
        st->acked += seen->acks == 0;
        st->acks_double += ++seen->acks > seen->deliveries;
        st->acks_late += ms > ENVELOPE_LATE_MS;
        if (ms > st->max_ack_ms)
            st->max_ack_ms = ms;
        if (seen->e)
            finish(seen->e, payload ? payload : none, ms);
        json_decref(none);
    }
    json_decref(frame);
}

void envelope_flush(struct fake *f)
{
    struct envelope *e = f->envelopes.first;

    while (e && e->next)
        e = e->next; /* the list is newest first, delivery oldest first */
    for (struct envelope *before; e; e = before) {
        before = e->prev;
        if (!e->queued)
            continue;
        if (e->attempt <= 0)
            e->attempt = 1; /* the first try met no socket */
        try_send(e);
    }
}

void envelope_drop_all(struct fake *f)
{
    while (f->envelopes.first)
        finish(f->envelopes.first, NULL, 0);
    while (f->envelopes.dups) {
        struct later_dup *d = f->envelopes.dups;
        later_cancel(d->timer);
        unlink_dup(d);
        free(d->payload);
        free(d);
    }
    map_done(&f->envelopes.ids, free);
}
