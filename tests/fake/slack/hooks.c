#include "hooks.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "blocks.h"
#include "fake.h"
#include "util.h"

enum { USES_MAX = 5, LIFE_MS = 30 * 60 * 1000 };

struct hook {
    struct channel *channel;
    struct message *message; /* NULL: none to replace */
    int uses;
    int64_t made_ms;
};

void hooks_new(struct fake *f, struct channel *ch, struct message *m, char ret_url[HOOKS_URL])
{
    struct hook *h = util_alloc(sizeof *h);
    char id[25];

    h->channel = ch;
    h->message = m;
    h->made_ms = util_mono_ms();
    util_hex(id, 24);
    (void)map_put(&f->hooks, id, h); /* fresh */
    (void)snprintf(ret_url, HOOKS_URL, "http://127.0.0.1:%d/hooks/%s", f->host.port, id);
}

void hooks_done(struct fake *f)
{
    map_done(&f->hooks, free);
}

static char *blocks_text_new(const json_t *msg)
{
    struct buf b = {0};
    const json_t *blocks = json_object_get(msg, "blocks");

    if (!blocks)
        return NULL;
    buf_dump(&b, blocks);
    return buf_take(&b);
}

void hooks_store(struct fake *f, struct channel *ch, const json_t *msg)
{
    const char *text = json_string_value(json_object_get(msg, "text"));
    const char *type = json_string_value(json_object_get(msg, "response_type"));
    const char *thread = json_string_value(json_object_get(msg, "thread_ts"));
    struct message m = {.by_bot = true, .ephemeral = !type || strcmp(type, "in_channel") != 0};

    m.ts = store_now(f);
    m.user = util_dup(FAKE_BOT_USER);
    m.text = util_dup(text ? text : "");
    m.blocks = blocks_text_new(msg);
    if (thread)
        (void)util_ts_parse(thread, &m.thread_ts); /* nonsense: not in a thread */
    (void)store_add(f, ch, m);
}

static void replace(struct fake *f, struct message *m, const json_t *msg)
{
    const char *text = json_string_value(json_object_get(msg, "text"));

    free(m->text);
    m->text = util_dup(text ? text : "");
    free(m->blocks);
    m->blocks = blocks_text_new(msg);
    m->edited_ts = store_now(f);
    m->edits++;
}

static const char *use(struct fake *f, struct hook *h, json_t *msg)
{
    char problem[BLOCKS_PROBLEM];
    json_t *blocks = json_object_get(msg, "blocks");

    if (!json_is_object(msg))
        return "invalid_payload";
    if (blocks && blocks_check(blocks, BLOCKS_MESSAGE, problem))
        return "invalid_blocks";
    if (json_is_true(json_object_get(msg, "delete_original"))) {
        if (h->message)
            h->message->deleted = true;
        return NULL;
    }
    if (!blocks && !json_object_get(msg, "text"))
        return "no_text";
    if (json_is_true(json_object_get(msg, "replace_original")) && h->message)
        replace(f, h->message, msg);
    else
        hooks_store(f, h->channel, msg);
    return NULL;
}

void hooks_handle(struct conn *c)
{
    struct fake *f = c->f;
    struct hook *h = map_get(&f->hooks, c->req.path + strlen("/hooks/"));
    const char *error = NULL;
    char text[96];

    if (!h || h->uses >= USES_MAX || util_mono_ms() - h->made_ms > LIFE_MS) {
        conn_reply_json(c, 404,
                        h ? "{\"ok\":false,\"error\":\"used_url\"}"
                          : "{\"ok\":false,\"error\":\"no_such_url\"}");
        return;
    }
    json_t *msg = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    h->uses++;
    error = use(f, h, msg);
    json_decref(msg);
    if (error) {
        (void)snprintf(text, sizeof text, "{\"ok\":false,\"error\":\"%s\"}", error);
        conn_reply_json(c, 400, text);
    } else {
        conn_reply(c, 200, "text/plain", "", "ok", 2);
    }
}
