/* Posting, changing and taking away messages. */
#include <stdio.h>
#include <stdlib.h>

#include "api.h"
#include "blocks.h"
#include "fake.h"
#include "util.h"

enum { TEXT_MAX = 40000, UPDATE_TEXT_MAX = 4000, MARKDOWN_MAX = 12000, METADATA_MAX = 16000 };

/* What a post or update brings along; the texts are owned until handed to a message. */
struct content {
    char *text;
    json_t *blocks, *attachments, *metadata;
    bool has_text, has_markdown;
};

static void content_done(struct content *n)
{
    free(n->text);
    json_decref(n->blocks);
    json_decref(n->attachments);
    json_decref(n->metadata);
}

static const char *read_text(struct call *c, struct content *n, long max)
{
    const char *text = args_str(&c->a, "text"), *markdown = args_str(&c->a, "markdown_text");

    if (markdown && (text || n->blocks))
        return "markdown_text_conflict";
    if (markdown) {
        text = markdown;
        max = MARKDOWN_MAX;
        n->has_markdown = true;
    }
    n->has_text = text != NULL;
    n->text = util_dup(text ? text : "");
    long count = util_utf8_count(n->text);
    if (count <= max)
        return NULL;
    if (c->f->knobs.long_text == KNOBS_LONG_ERROR || max != TEXT_MAX)
        return "msg_too_long";
    char *p = n->text;
    for (long i = 0; i < max; i++)
        p += util_utf8_len(p, 4); /* checked by the count */
    *p = '\0';
    c->warning = "message_truncated";
    return NULL;
}

static const char *check_metadata(struct content *n)
{
    const json_t *type = json_object_get(n->metadata, "event_type");
    const json_t *payload = json_object_get(n->metadata, "event_payload");

    if (!n->metadata)
        return NULL;
    if (!json_is_object(n->metadata))
        return "invalid_metadata_format";
    if (!json_is_string(type) || !json_is_object(payload))
        return "invalid_metadata_schema";
    return json_dumpb(n->metadata, NULL, 0, JSON_COMPACT) > METADATA_MAX ? "metadata_too_large"
                                                                         : NULL;
}

static const char *read_content(struct call *c, struct content *n, long max_text)
{
    const char *error;

    if (!args_json_new(&c->a, "blocks", &n->blocks))
        return "invalid_blocks_format";
    if (!args_json_new(&c->a, "attachments", &n->attachments) ||
        (n->attachments && !json_is_array(n->attachments)))
        return "invalid_attachments_format";
    if (!args_json_new(&c->a, "metadata", &n->metadata))
        return "invalid_metadata_format";
    if (n->blocks && (error = blocks_check(n->blocks, BLOCKS_MESSAGE, c->problem)))
        return error;
    if (json_array_size(n->attachments) > 100)
        return "too_many_attachments";
    if ((error = check_metadata(n)))
        return error;
    if ((error = read_text(c, n, max_text)))
        return error;
    bool something = n->has_text || json_array_size(n->blocks) || json_array_size(n->attachments);
    return something ? NULL : "no_text";
}

static char *dump_text(const json_t *j)
{
    struct buf b = {0};

    if (!j)
        return NULL;
    buf_dump(&b, j);
    return buf_take(&b);
}

static const char *channel_error(const struct fake *f, const struct channel *ch)
{
    const char *e = json_string_value(json_object_get(f->knobs.channel_error, ch->id));
    const struct user *u = ch->user ? dir_user(f, ch->user) : NULL;

    if (e)
        return e;
    /* Slack says ok for people who have left; the knob makes it say something else. */
    return u && u->deleted && f->knobs.post_to_deleted[0] ? f->knobs.post_to_deleted : NULL;
}

/* The message a reply hangs under, made a thread if it was none. */
static const char *join_thread(struct call *c, const struct channel *ch, struct message *m)
{
    const char *ts = args_str(&c->a, "thread_ts");

    if (!ts)
        return NULL;
    struct message *parent = store_find(ch, ts);
    if (!parent)
        return "message_not_found";
    if (parent->thread_ts && parent->thread_ts != parent->ts)
        return "cannot_reply_to_message";
    parent->thread_ts = parent->ts;
    m->thread_ts = parent->ts;
    m->broadcast = args_bool(&c->a, "reply_broadcast", false);
    return NULL;
}

static void echo(struct fake *f, const struct message *m)
{
    struct buf b = {0};
    char ts[24];

    if (!f->knobs.echo)
        return;
    util_ts_text(m->ts, ts);
    store_write(&b, m, STORE_METADATA_ALL);
    json_t *event = json_loadb(b.p, b.len, 0, NULL);
    buf_done(&b);
    (void)json_object_set_new(event, "channel", json_string(m->channel->id)); /* event parsed */
    (void)json_object_set_new(event, "channel_type", json_string(m->channel->type));
    (void)json_object_set_new(event, "event_ts", json_string(ts));
    envelope_event(f, event, NULL, NULL);
}

/* Reads the content and stores it; *ret_m only without an error. */
static const char *post(struct call *c, struct channel *ch, struct message m,
                        struct message **ret_m)
{
    struct content n = {0};
    const char *error = channel_error(c->f, ch);

    if (!error)
        error = read_content(c, &n, TEXT_MAX);
    if (!error)
        error = join_thread(c, ch, &m);
    if (!error) {
        const char *msg_id = args_str(&c->a, "client_msg_id");
        m.by_bot = true;
        m.ts = store_now(c->f);
        m.user = util_dup(FAKE_BOT_USER);
        m.text = n.text;
        n.text = NULL;
        m.blocks = dump_text(n.blocks);
        m.attachments = dump_text(n.attachments);
        m.metadata = dump_text(n.metadata);
        m.client_msg_id = msg_id ? util_dup(msg_id) : NULL;
        c->f->stats.posts_stored++;
        stats_key(&c->f->stats, n.metadata);
        *ret_m = store_add(c->f, ch, m);
    }
    content_done(&n);
    return error;
}

static void write_place(struct call *c, const struct message *m, const char *ts_name)
{
    char ts[24];

    util_ts_text(m->ts, ts);
    buf_member(&c->body, "channel", m->channel->id);
    buf_fmt(&c->body, ",\"%s\":\"%s\"", ts_name, ts);
}

const char *api_post_message(struct call *c)
{
    const char *id = args_str(&c->a, "channel");
    struct channel *ch = id ? store_channel(c->f, id, true) : NULL;
    struct message *m = NULL;

    if (!ch)
        return "channel_not_found";
    const char *error = post(c, ch, (struct message){0}, &m);
    if (error)
        return error;
    write_place(c, m, "ts");
    buf_str(&c->body, ",\"message\":");
    store_write(&c->body, m, STORE_METADATA_ALL);
    echo(c->f, m);
    return NULL;
}

const char *api_post_ephemeral(struct call *c)
{
    const char *id = args_str(&c->a, "channel"), *user = api_need(c, "user");
    struct channel *ch = id ? store_channel(c->f, id, true) : NULL;
    struct message *m = NULL;

    if (!ch)
        return "channel_not_found";
    if (!user)
        return "invalid_arguments";
    if (!dir_user(c->f, user))
        return "user_not_in_channel";
    const char *error = post(c, ch, (struct message){.ephemeral = true}, &m);
    if (!error)
        write_place(c, m, "message_ts");
    return error;
}

/* The bot's own visible message named by channel and ts. */
static const char *own_message(struct call *c, const char *not_own, struct message **ret_m)
{
    const char *id = args_str(&c->a, "channel"), *ts = args_str(&c->a, "ts");
    const struct channel *ch = id ? store_channel(c->f, id, false) : NULL;

    if (!ch)
        return "channel_not_found";
    *ret_m = ts ? store_find(ch, ts) : NULL;
    if (!*ret_m || (*ret_m)->ephemeral)
        return "message_not_found";
    return (*ret_m)->by_bot ? NULL : not_own;
}

static void replace_json(char **dst, const json_t *j)
{
    free(*dst);
    *dst = dump_text(j);
}

const char *api_chat_update(struct call *c)
{
    struct message *m = NULL;
    struct content n = {0};
    const char *error = own_message(c, "cant_update_message", &m);

    if (!error)
        error = read_content(c, &n, UPDATE_TEXT_MAX);
    if (!error) {
        if (n.has_text) {
            free(m->text);
            m->text = n.text;
            n.text = NULL;
            /* Text without blocks takes the old blocks away. Source: chat.update, `blocks`. */
            replace_json(&m->blocks, n.blocks);
        } else if (n.blocks) {
            replace_json(&m->blocks, n.blocks);
        }
        if (n.attachments)
            replace_json(&m->attachments, n.attachments);
        if (n.metadata) /* absent keeps the old one */
            replace_json(&m->metadata, n.metadata);
        if (!n.blocks) /* Slack shows no edited mark on messages made of blocks */
            m->edited_ts = store_now(c->f);
        m->edits++;
        write_place(c, m, "ts");
        buf_member(&c->body, "text", m->text);
        buf_str(&c->body, ",\"message\":");
        store_write(&c->body, m, STORE_METADATA_ALL);
    }
    content_done(&n);
    return error;
}

const char *api_chat_delete(struct call *c)
{
    struct message *m = NULL;
    const char *error = own_message(c, "cant_delete_message", &m);

    if (error)
        return error;
    m->deleted = true;
    write_place(c, m, "ts");
    return NULL;
}
