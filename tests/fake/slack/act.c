#include "act.h"

#include <stdlib.h>

#include "fake.h"
#include "hooks.h"
#include "react.h"
#include "util.h"

/* A control request that waits for the app's ack. */
struct waiter {
    struct fake *f;
    struct conn *c;
    json_t *out;
    void (*on_ack)(struct fake *f, const char *view_id, const char *channel, const json_t *ack);
    char view_id[24], channel[64];
};

const char *act_string(const struct act *a, const char *key, const char *otherwise)
{
    const char *s = json_string_value(json_object_get(a->in, key));
    return s ? s : otherwise;
}

json_t *act_user_new(const struct act *a)
{
    return json_pack("{s:s,s:s,s:s,s:s}", "id", a->user->id, "username", a->user->name, "name",
                     a->user->name, "team_id", FAKE_TEAM);
}

static void reply(struct conn *c, int status, const json_t *out)
{
    struct buf b = {0};

    buf_dump(&b, out);
    conn_reply_json(c, status, b.p);
    buf_done(&b);
}

static void on_done(void *arg, const json_t *ack, int64_t ms)
{
    struct waiter *w = arg;

    /* Setting members of an object made here cannot fail. */
    (void)json_object_set_new(w->out, "ok", json_boolean(ack != NULL));
    if (ack) {
        (void)json_object_set_new(w->out, "ack", json_deep_copy(ack));
        (void)json_object_set_new(w->out, "latency_ms", json_integer(ms));
        if (w->on_ack)
            w->on_ack(w->f, w->view_id, w->channel, ack);
    } else {
        (void)json_object_set_new(w->out, "error", json_string("no_ack"));
    }
    reply(w->c, 200, w->out);
    json_decref(w->out);
    conn_unref(w->c);
    free(w);
}

/* Makes the request wait; a->out goes over. */
static struct envelope_wait wait_for_ack(struct act *a)
{
    struct waiter *w = util_alloc(sizeof *w);

    w->f = a->f;
    w->c = conn_ref(a->c);
    w->out = a->out;
    a->out = NULL;
    w->on_ack = a->on_ack;
    memcpy(w->view_id, a->view_id, sizeof w->view_id);
    memcpy(w->channel, a->channel, sizeof w->channel);
    return (struct envelope_wait){on_done, w};
}

void act_send(struct act *a, const char *type, json_t *payload)
{
    if (!sock_pick(a->f, NULL)) {
        a->f->stats.dispatch_failed++;
        a->error = "no_socket";
        json_decref(payload);
        return;
    }
    if (!a->wait) {
        (void)envelope_new(a->f, type, payload, NULL); /* a socket is there */
        return;
    }
    struct envelope_wait w = wait_for_ack(a);
    (void)envelope_new(a->f, type, payload, &w); /* a socket is there */
}

static char *escaped_new(const char *text)
{
    struct buf b = {0};

    for (; *text; text++) {
        const char *e = *text == '&'   ? "&amp;"
                        : *text == '<' ? "&lt;"
                        : *text == '>' ? "&gt;"
                                       : NULL;
        if (e)
            buf_str(&b, e);
        else
            buf_add(&b, text, 1);
    }
    return buf_take(&b);
}

static struct channel *channel_of(struct act *a)
{
    const char *id = act_string(a, "channel", NULL);

    if (!id)
        return store_dm(a->f, a->user->id);
    struct channel *ch = store_channel(a->f, id, false);
    if (!ch)
        a->error = "channel_not_found";
    return ch;
}

static json_t *rich_text_new(const char *text)
{
    return json_pack("[{s:s,s:s,s:[{s:s,s:[{s:s,s:s}]}]}]", "type", "rich_text", "block_id", "rt1",
                     "elements", "type", "rich_text_section", "elements", "type", "text", "text",
                     text);
}

static void send_event(struct act *a, json_t *event)
{
    char id[24];
    struct envelope_wait w;

    if (!a->wait) {
        envelope_event(a->f, event, id, NULL);
        (void)json_object_set_new(a->out, "event_id", json_string(id)); /* out is an object */
        return;
    }
    w = wait_for_ack(a);
    envelope_event(a->f, event, NULL, &w);
}

static void set_thread(struct act *a, const struct channel *ch, struct message *m, json_t *event)
{
    const char *thread = act_string(a, "thread_ts", NULL);
    struct message *parent = thread ? store_find(ch, thread) : NULL;

    if (!thread)
        return;
    if (!parent) {
        a->error = "no_such_message";
        return;
    }
    if (!parent->thread_ts)
        parent->thread_ts = parent->ts;
    m->thread_ts = parent->thread_ts;
    (void)json_object_set_new(event, "thread_ts", json_string(thread)); /* event is an object */
    (void)json_object_set_new(event, "parent_user_id", json_string(parent->user));
}

static void act_say(struct act *a)
{
    struct channel *ch = channel_of(a);
    const char *text = act_string(a, "text", "");
    struct message m = {0};
    char ts[24], uuid[37];

    if (!ch)
        return;
    bool raw = json_is_true(json_object_get(a->in, "raw"));
    char *escaped = raw ? util_dup(text) : escaped_new(text);
    util_uuid(uuid);
    const char *msg_id = act_string(a, "client_msg_id", uuid);
    m.ts = store_now(a->f);
    util_ts_text(m.ts, ts);
    json_t *event = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "client_msg_id", msg_id,
                              "type", "message", "channel_type", ch->type, "channel", ch->id,
                              "user", a->user->id, "team", FAKE_TEAM, "text", escaped, "ts", ts,
                              "event_ts", ts, "blocks", rich_text_new(text));
    const json_t *extra = json_object_get(a->in, "extra");
    if (extra) /* e.g. a subtype; not an object: left out */
        (void)json_object_update(event, (json_t *)(uintptr_t)extra);
    set_thread(a, ch, &m, event);
    if (a->error) {
        free(escaped);
        json_decref(event);
        return;
    }
    m.user = util_dup(a->user->id);
    m.text = escaped;
    m.client_msg_id = util_dup(msg_id);
    (void)store_add(a->f, ch, m);
    (void)json_object_set_new(a->out, "ts", json_string(ts)); /* out is an object */
    (void)json_object_set_new(a->out, "channel", json_string(ch->id));
    (void)json_object_set_new(a->out, "client_msg_id", json_string(msg_id));
    send_event(a, event);
}

static void on_slash_ack(struct fake *f, const char *view_id, const char *channel,
                         const json_t *ack)
{
    struct channel *ch = store_channel(f, channel, false);

    (void)view_id; /* commands have none */
    if (ch && (json_object_get(ack, "text") || json_object_get(ack, "blocks")))
        hooks_store(f, ch, ack);
}

static void act_slash(struct act *a)
{
    struct channel *ch = channel_of(a);
    const char *command = act_string(a, "command", "/grit"), *text = act_string(a, "text", "");
    char trigger[VIEWS_TRIGGER], url[HOOKS_URL];

    if (!ch)
        return;
    views_trigger_new(a->f, a->user->id, NULL, trigger);
    hooks_new(a->f, ch, NULL, url);
    util_copy(a->channel, sizeof a->channel, ch->id);
    a->on_ack = on_slash_ack;
    a->wait = !json_is_false(json_object_get(a->in, "wait"));
    (void)json_object_set_new(a->out, "trigger_id", json_string(trigger)); /* out is an object */
    act_send(a, "slash_commands",
             json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "token",
                       "fake-verification", "team_id", FAKE_TEAM, "team_domain", "acme",
                       "channel_id", ch->id, "channel_name", ch->name, "user_id", a->user->id,
                       "user_name", a->user->name, "command", command, "text", text, "api_app_id",
                       FAKE_APP, "is_enterprise_install", "false", "response_url", url,
                       "trigger_id", trigger));
}

static void act_react(struct act *a)
{
    struct channel *ch = channel_of(a);
    const char *ts = act_string(a, "ts", "last"), *name = act_string(a, "name", "thumbsup");
    char text[24], event_ts[24];

    if (!ch)
        return;
    struct message *m = strcmp(ts, "last") == 0 ? store_last_by_bot(ch) : store_find(ch, ts);
    if (!m) {
        a->error = "no_such_message";
        return;
    }
    bool take_away = json_is_true(json_object_get(a->in, "remove"));
    a->error = take_away ? react_remove(m, a->user->id, name) : react_add(m, a->user->id, name);
    if (a->error)
        return;
    util_ts_text(m->ts, text);
    util_ts_text(store_now(a->f), event_ts);
    send_event(a, json_pack("{s:s,s:s,s:{s:s,s:s,s:s},s:s,s:s,s:s}", "type",
                            take_away ? "reaction_removed" : "reaction_added", "user", a->user->id,
                            "item", "type", "message", "channel", ch->id, "ts", text, "reaction",
                            name, "item_user", m->user, "event_ts", event_ts));
}

static void act_home(struct act *a)
{
    const struct view *v = views_home(&a->f->views, a->user->id);
    char ts[24];

    util_ts_text(store_now(a->f), ts);
    json_t *event = json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", "app_home_opened", "user",
                              a->user->id, "channel", store_dm(a->f, a->user->id)->id, "tab",
                              act_string(a, "tab", "home"), "event_ts", ts);
    if (v) /* only when one was published before */
        (void)json_object_set_new(event, "view", views_object_new(v, NULL));
    send_event(a, event);
}

/* Any inner event as the test wrote it. */
static void act_event(struct act *a)
{
    json_t *event = json_object_get(a->in, "event");

    if (json_is_object(event))
        send_event(a, json_deep_copy(event));
    else
        a->error = "event_missing";
}

/* A person changes or takes away what they said. */
static void change_own(struct act *a, bool take_away)
{
    struct channel *ch = channel_of(a);
    struct message *m = ch ? store_find(ch, act_string(a, "ts", "")) : NULL;
    char ts[24], now[24];

    if (!ch)
        return;
    if (!m || strcmp(m->user, a->user->id) != 0) {
        a->error = "no_such_message";
        return;
    }
    util_ts_text(m->ts, ts);
    util_ts_text(store_now(a->f), now);
    json_t *before = json_pack("{s:s,s:s,s:s,s:s}", "type", "message", "user", m->user, "text",
                               m->text, "ts", ts);
    json_t *event =
        json_pack("{s:s,s:s,s:b,s:s,s:s,s:s,s:s,s:o}", "type", "message", "subtype",
                  take_away ? "message_deleted" : "message_changed", "hidden", 1, "channel", ch->id,
                  "channel_type", ch->type, "ts", now, "event_ts", now, "previous_message", before);
    if (take_away) {
        m->deleted = true;
        (void)json_object_set_new(event, "deleted_ts", json_string(ts)); /* event is an object */
    } else {
        free(m->text);
        m->text = escaped_new(act_string(a, "text", ""));
        m->edited_ts = store_now(a->f);
        m->edits++;
        (void)json_object_set_new(event, "message",
                                  json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:s}}", "type", "message",
                                            "user", m->user, "text", m->text, "ts", ts, "edited",
                                            "user", m->user, "ts", now));
    }
    send_event(a, event);
}

static void act_edit(struct act *a)
{
    change_own(a, false);
}

static void act_delete(struct act *a)
{
    change_own(a, true);
}

static const struct {
    const char *type;
    bool nobody; /* needs no user */
    void (*run)(struct act *a);
} acts[] = {
    {"say", false, act_say},     {"click", false, act_click}, {"submit", false, act_submit},
    {"close", false, act_close}, {"slash", false, act_slash}, {"react", false, act_react},
    {"home", false, act_home},   {"edit", false, act_edit},   {"delete", false, act_delete},
    {"event", true, act_event},
};

static void run(struct act *a)
{
    const char *type = act_string(a, "type", ""), *user = act_string(a, "user", "");

    a->user = dir_user(a->f, user);
    a->wait = json_is_true(json_object_get(a->in, "wait"));
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].type, type) != 0)
            continue;
        if (!a->user && !acts[i].nobody)
            a->error = "no_such_user";
        else
            acts[i].run(a);
        return;
    }
    a->error = "unknown_type";
}

void act_handle(struct conn *c)
{
    json_t *in = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    struct act a = {.f = c->f, .c = c, .in = in, .out = json_pack("{s:b}", "ok", 1)};

    run(&a);
    json_decref(in);
    if (a.error) {
        json_t *bad = json_pack("{s:b,s:s}", "ok", 0, "error", a.error);
        reply(c, 400, bad);
        json_decref(bad);
    } else if (a.out) { /* NULL: a waiter has it */
        reply(c, 200, a.out);
    }
    json_decref(a.out);
}
