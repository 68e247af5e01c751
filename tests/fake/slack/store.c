#include "store.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake.h"
#include "util.h"

static struct channel *add_channel(struct store *s, const char *id, const char *name,
                                   const char *type, const char *user)
{
    struct channel *c = util_alloc(sizeof *c);

    c->id = util_dup(id);
    c->name = util_dup(name);
    c->type = type;
    c->user = user ? util_dup(user) : NULL;
    (void)map_put(&s->channels, id, c); /* id was not there */
    return c;
}

void store_init(struct fake *f)
{
    (void)add_channel(&f->store, "C1", "general", "channel", NULL); /* found by id later */
}

static void free_channel(void *p)
{
    struct channel *c = p;

    free(c->id);
    free(c->name);
    free(c->user);
    free(c->v);
    free(c);
}

void store_done(struct store *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct message *m = s->v[i];
        free(m->user);
        free(m->text);
        free(m->blocks);
        free(m->attachments);
        free(m->metadata);
        free(m->client_msg_id);
        json_decref(m->reactions);
        free(m);
    }
    free(s->v);
    map_done(&s->channels, free_channel);
    *s = (struct store){.last_ts = s->last_ts}; /* ids stay unique over a reset */
}

/* U17 talks in D17, so that tests and benchmarks can know the id without asking. */
static void dm_id(const char *user_id, char *dst, size_t size)
{
    dst[0] = 'D';
    util_copy(dst + 1, size - 1, user_id[0] == 'U' ? user_id + 1 : user_id);
}

bool store_has_dm(struct fake *f, const char *user_id)
{
    char id[64];

    dm_id(user_id, id, sizeof id);
    return map_get(&f->store.channels, id) != NULL;
}

struct channel *store_dm(struct fake *f, const char *user_id)
{
    char id[64];

    dm_id(user_id, id, sizeof id);
    struct channel *c = map_get(&f->store.channels, id);
    return c ? c : add_channel(&f->store, id, "directmessage", "im", user_id);
}

struct channel *store_mpim(struct fake *f, const char *user_ids)
{
    size_t pos = 0;
    char id[32];

    for (struct map_slot *s; (s = map_next(&f->store.channels, &pos));) {
        struct channel *c = s->value;
        if (c->id[0] == 'G' && strcmp(c->name, user_ids) == 0)
            return c;
    }
    (void)snprintf(id, sizeof id, "G%d", ++f->store.next_mpim);
    return add_channel(&f->store, id, user_ids, "mpim", NULL);
}

struct channel *store_channel(struct fake *f, const char *id, bool open_users)
{
    struct channel *c = map_get(&f->store.channels, id);
    char user[64];

    if (c)
        return c;
    if (id[0] == 'D') {
        user[0] = 'U';
        util_copy(user + 1, sizeof user - 1, id + 1);
        if (dir_user(f, user))
            return store_dm(f, user);
        return dir_user(f, id + 1) ? store_dm(f, id + 1) : NULL;
    }
    return open_users && dir_user(f, id) ? store_dm(f, id) : NULL;
}

int64_t store_now(struct fake *f)
{
    int64_t now = util_wall_us() + f->knobs.clock_skew_ms * 1000;

    if (now <= f->store.last_ts)
        now = f->store.last_ts + 1;
    return f->store.last_ts = now;
}

static void append(struct message ***v, size_t *n, size_t *cap, struct message *m)
{
    if (*n == *cap) {
        *cap = *cap ? *cap * 2 : 16;
        *v = util_realloc(*v, *cap * sizeof **v);
    }
    (*v)[(*n)++] = m;
}

struct message *store_add(struct fake *f, struct channel *c, struct message m)
{
    struct message *p = util_alloc(sizeof *p);

    *p = m;
    p->channel = c;
    p->stored_ms = util_mono_ms();
    append(&c->v, &c->n, &c->cap, p);
    append(&f->store.v, &f->store.n, &f->store.cap, p);
    return p;
}

static struct message *find_ts(const struct channel *c, int64_t want)
{
    size_t low = 0, high = c->n;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (c->v[mid]->ts < want)
            low = mid + 1;
        else
            high = mid;
    }
    return low < c->n && c->v[low]->ts == want ? c->v[low] : NULL;
}

struct message *store_find(const struct channel *c, const char *ts)
{
    int64_t want;

    struct message *m = util_ts_parse(ts, &want) ? find_ts(c, want) : NULL;
    return m && !m->deleted ? m : NULL;
}

struct message *store_last_by_bot(const struct channel *c)
{
    for (size_t i = c->n; i-- > 0;) {
        if (c->v[i]->by_bot && !c->v[i]->deleted)
            return c->v[i];
    }
    return NULL;
}

static void write_ts(struct buf *out, const char *key, int64_t ts)
{
    char text[24];

    util_ts_text(ts, text);
    buf_fmt(out, ",\"%s\":\"%s\"", key, text);
}

static void write_json(struct buf *out, const char *key, const char *json)
{
    if (json) {
        buf_fmt(out, ",\"%s\":", key);
        buf_str(out, json);
    }
}

static void write_metadata(struct buf *out, const struct message *m, enum store_metadata how)
{
    if (!m->metadata || how == STORE_NO_METADATA)
        return;
    if (how == STORE_METADATA_ALL) {
        write_json(out, "metadata", m->metadata);
        return;
    }
    json_t *all = json_loads(m->metadata, 0, NULL);
    buf_str(out, ",\"metadata\":{\"event_type\":");
    buf_dump(out, json_object_get(all, "event_type"));
    buf_str(out, "}");
    json_decref(all);
}

static size_t count_replies(const struct message *m)
{
    size_t replies = 0;

    for (size_t i = m->channel->n; i-- > 0 && m->channel->v[i]->ts > m->ts;)
        replies += m->channel->v[i]->thread_ts == m->ts && !m->channel->v[i]->deleted;
    return replies;
}

static void write_thread(struct buf *out, const struct message *m)
{
    write_ts(out, "thread_ts", m->thread_ts);
    if (m->thread_ts == m->ts) {
        buf_fmt(out, ",\"reply_count\":%zu", count_replies(m));
        return;
    }
    const struct message *parent = find_ts(m->channel, m->thread_ts);
    if (parent)
        buf_member(out, "parent_user_id", parent->user);
}

void store_write(struct buf *out, const struct message *m, enum store_metadata how)
{
    buf_str(out, "{\"type\":\"message\",\"user\":");
    buf_json(out, m->user);
    write_ts(out, "ts", m->ts);
    buf_str(out, ",\"text\":");
    buf_json(out, m->text);
    buf_str(out, ",\"team\":\"" FAKE_TEAM "\"");
    if (m->by_bot)
        buf_str(out, ",\"bot_id\":\"" FAKE_BOT_ID "\",\"app_id\":\"" FAKE_APP "\","
                     "\"bot_profile\":{\"id\":\"" FAKE_BOT_ID "\",\"app_id\":\"" FAKE_APP "\","
                     "\"name\":\"grit\",\"deleted\":false,\"x_fake\":null}");
    if (m->client_msg_id)
        buf_member(out, "client_msg_id", m->client_msg_id);
    if (m->thread_ts)
        write_thread(out, m);
    if (m->broadcast)
        buf_str(out, ",\"subtype\":\"thread_broadcast\"");
    if (m->edited_ts) {
        buf_str(out, ",\"edited\":{\"user\":");
        buf_json(out, m->user);
        write_ts(out, "ts", m->edited_ts);
        buf_str(out, "}");
    }
    write_json(out, "blocks", m->blocks);
    write_json(out, "attachments", m->attachments);
    write_metadata(out, m, how);
    if (m->reactions) {
        buf_str(out, ",\"reactions\":");
        buf_dump(out, m->reactions);
    }
    buf_str(out, "}");
}

void store_write_all(const struct store *s, struct buf *out, const char *channel, const char *user)
{
    const char *comma = "[";

    for (size_t i = 0; i < s->n; i++) {
        const struct message *m = s->v[i];
        const char *of = m->channel->user ? m->channel->user : "";
        if ((channel && strcmp(channel, m->channel->id) != 0) || (user && strcmp(user, of) != 0))
            continue;
        buf_str(out, comma);
        buf_str(out, "{\"channel\":");
        buf_json(out, m->channel->id);
        buf_member(out, "dm_user", of);
        buf_fmt(out, ",\"by_bot\":%s,\"deleted\":%s,\"ephemeral\":%s,\"edits\":%d,\"message\":",
                m->by_bot ? "true" : "false", m->deleted ? "true" : "false",
                m->ephemeral ? "true" : "false", m->edits);
        store_write(out, m, STORE_METADATA_ALL);
        write_ts(out, "ts", m->ts);
        buf_member(out, "text", m->text);
        write_json(out, "blocks", m->blocks);
        write_json(out, "metadata", m->metadata);
        if (m->thread_ts)
            write_ts(out, "thread_ts", m->thread_ts);
        buf_str(out, "}");
        comma = ",\n";
    }
    buf_str(out, *comma == '[' ? "[]\n" : "]\n");
}
