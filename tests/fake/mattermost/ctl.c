#include "ctl.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "fake.h"

static void reply_buf(struct conn *c, struct buf *b)
{
    conn_reply(c, 200, "application/json", "", b->p, b->len);
    buf_done(b);
}

/* An event as the test wrote it, to every session. */
static void on_push(struct conn *c)
{
    json_t *o = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    const char *event = json_string_value(json_object_get(o, "event"));
    json_t *data = json_object_get(o, "data");

    if (event && json_is_object(data)) {
        sock_event(c->f, event, json_incref(data), NULL, NULL);
        conn_reply_json(c, 200, "{\"ok\":true}");
    } else {
        conn_reply_json(c, 400, "{\"ok\":false,\"error\":\"event and data wanted\"}");
    }
    json_decref(o);
}

static void on_drop(struct conn *c)
{
    json_t *o = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    char text[48];

    int n = sock_drop(c->f, (int)json_integer_value(json_object_get(o, "code")));
    (void)snprintf(text, sizeof text, "{\"ok\":true,\"dropped\":%d}", n);
    json_decref(o);
    conn_reply_json(c, 200, text);
}

static void on_set(struct conn *c)
{
    json_t *o = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    const char *bad = "(not a JSON object)";
    struct buf b = {0};

    if (json_is_object(o) && knobs_set(c->f, o, &bad) == 0) {
        conn_reply_json(c, 200, "{\"ok\":true}");
    } else {
        buf_str(&b, "{\"ok\":false,\"error\":\"unknown knob or bad value\"");
        buf_member(&b, "knob", bad);
        buf_str(&b, "}");
        conn_reply_json(c, 400, b.p);
        buf_done(&b);
    }
    json_decref(o);
}

static void on_log(struct conn *c)
{
    struct buf b = {0};

    log_write(&c->f->log, &b);
    reply_buf(c, &b);
}

static void on_messages(struct conn *c)
{
    char channel[64];
    bool by_channel = http_query(c->req.query, "channel", channel, sizeof channel);
    struct buf b = {0};

    store_write_all(&c->f->store, &b, by_channel ? channel : NULL);
    reply_buf(c, &b);
}

static void on_dialogs(struct conn *c)
{
    struct buf b = {0};

    buf_dump(&b, c->f->dialogs);
    reply_buf(c, &b);
}

static void on_stats(struct conn *c)
{
    struct buf b = {0};

    stats_write(c->f, &b);
    reply_buf(c, &b);
}

static void on_reset(struct conn *c)
{
    fake_reset(c->f);
    conn_reply_json(c, 200, "{\"ok\":true}");
}

static const struct {
    const char *method, *path;
    void (*handle)(struct conn *c);
} doors[] = {
    {"POST", "/_ctl/push", on_push},        {"POST", "/_ctl/drop", on_drop},
    {"POST", "/_ctl/set", on_set},          {"GET", "/_ctl/log", on_log},
    {"GET", "/_ctl/messages", on_messages}, {"GET", "/_ctl/dialogs", on_dialogs},
    {"GET", "/_ctl/stats", on_stats},       {"POST", "/_ctl/user", act_handle},
    {"POST", "/_ctl/reset", on_reset},
};

void ctl_handle(struct conn *c)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        if (strcmp(doors[i].path, c->req.path) != 0)
            continue;
        if (strcmp(doors[i].method, c->req.method) == 0)
            doors[i].handle(c);
        else
            conn_reply_json(c, 405, "{\"ok\":false,\"error\":\"wrong_http_method\"}");
        return;
    }
    conn_reply_json(c, 404, "{\"ok\":false,\"error\":\"no_such_door\"}");
}
