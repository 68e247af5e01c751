#include "store.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "util.h"

struct pending {
    char post[STORE_ID + 1]; /* "": under way */
    int64_t since_ms;
};

void store_new_id(char dst[STORE_ID + 1])
{
    static const char letters[] = "ybndrfg8ejkmcpqxot1uwisza345h769";
    char hex[2 * STORE_ID + 1];

    util_hex(hex, sizeof hex - 1);
    for (size_t i = 0; i < STORE_ID; i++) {
        unsigned v = (unsigned)(hex[2 * i] * 16 + hex[2 * i + 1]);
        dst[i] = letters[v % 32];
    }
    dst[STORE_ID] = '\0';
}

bool store_is_id(const char *text)
{
    size_t n = 0;

    while (isalnum((unsigned char)text[n]))
        n++;
    return n == STORE_ID && !text[n];
}

int64_t store_now(struct fake *f)
{
    int64_t now = util_wall_us() / 1000 + f->knobs.clock_skew_ms;

    if (now <= f->store.last_ms)
        now = f->store.last_ms + 1;
    return f->store.last_ms = now;
}

/* --- people --- */

struct user *store_user(const struct fake *f, const char *id)
{
    return map_get(&f->store.users_by_id, id);
}

struct user *store_user_by(const struct fake *f, const char *member, const char *value)
{
    for (size_t i = 0; i < f->store.user_count; i++) {
        const char *has = json_string_value(json_object_get(f->store.users[i]->json, member));
        if (has && strcmp(has, value) == 0)
            return f->store.users[i];
    }
    return NULL;
}

const char *store_user_id(const struct user *u)
{
    return json_string_value(json_object_get(u->json, "id"));
}

bool store_user_gone(const struct user *u)
{
    return json_integer_value(json_object_get(u->json, "delete_at")) != 0;
}

static struct user *add_user(struct fake *f, json_t *json)
{
    struct store *s = &f->store;
    struct user *u = util_alloc(sizeof *u);

    u->json = json;
    util_copy(u->status, sizeof u->status, "online");
    if (s->user_count == s->user_cap) {
        s->user_cap = s->user_cap ? s->user_cap * 2 : 16;
        s->users = util_realloc(s->users, s->user_cap * sizeof(struct user *));
    }
    s->users[s->user_count++] = u;
    (void)map_put(&s->users_by_id, store_user_id(u), u); /* fresh */
    return u;
}

static json_t *user_new(const char *id, const char *username, const char *zone, bool bot)
{
    char email[96];

    (void)snprintf(email, sizeof email, "%s@example.com", username);
    json_t *u =
        json_pack("{s:s,s:I,s:I,s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s,s:s}}", "id", id,
                  "create_at", (json_int_t)1700000000000, "update_at", (json_int_t)1700000000000,
                  "delete_at", 0, "username", username, "auth_service", "", "email", email,
                  "nickname", "", "first_name", bot ? "" : "Rep", "last_name", bot ? "" : username,
                  "roles", "system_user", "locale", "en", "timezone", "useAutomaticTimezone",
                  "true", "automaticTimezone", zone, "manualTimezone", "");
    if (bot)
        (void)json_object_set_new(u, "is_bot", json_true()); /* u is an object made here */
    return u;
}

static void fill_users(struct fake *f)
{
    static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", ""};
    char id[STORE_ID + 1], name[32];

    (void)add_user(f, user_new(STORE_BOT, "gritd", "", true));
    for (int i = 1; i <= f->users_at_start; i++) {
        (void)snprintf(id, sizeof id, "user%022d", i);
        if (i == 1)
            memset(id, 'r', STORE_ID); /* the name by which the official client's test knows it */
        (void)snprintf(name, sizeof name, "rep%d", i);
        (void)add_user(f, user_new(id, name, zones[(i - 1) % 4], false));
    }
    if (f->users_at_start < 5)
        return;
    struct user *gone = add_user(f, user_new("left0000000000000000000001", "left", "", false));
    (void)json_object_set_new(gone->json, "delete_at", json_integer(1700000001000));
}

bool store_upsert_user(struct fake *f, const json_t *patch)
{
    const char *id = json_string_value(json_object_get(patch, "id"));
    const char *status = json_string_value(json_object_get(patch, "status"));
    struct user *u = id ? store_user(f, id) : NULL;

    if (!id || !store_is_id(id))
        return false;
    bool fresh = !u;
    if (fresh)
        u = add_user(f, user_new(id, id, "", false));
    (void)json_object_update(u->json, (json_t *)(uintptr_t)patch); /* both are objects */
    if (status) {
        util_copy(u->status, sizeof u->status, status);
        (void)json_object_del(u->json, "status"); /* is there */
    }
    (void)json_object_set_new(u->json, "update_at", json_integer(store_now(f)));
    json_t *data = fresh ? json_pack("{s:s}", "user_id", id) : json_pack("{s:O}", "user", u->json);
    sock_event(f, fresh ? "new_user" : "user_updated", data, NULL, NULL);
    return true;
}

/* --- channels --- */

static struct channel *add_channel(struct fake *f, const char *id, char type)
{
    struct store *s = &f->store;
    struct channel *ch = util_alloc(sizeof *ch);

    util_copy(ch->id, sizeof ch->id, id);
    ch->type = type;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 16;
        s->list = util_realloc(s->list, s->cap * sizeof(struct channel *));
    }
    s->list[s->n++] = ch;
    (void)map_put(&s->channels, ch->id, ch); /* fresh */
    return ch;
}

struct channel *store_channel(struct fake *f, const char *id)
{
    return map_get(&f->store.channels, id);
}

struct channel *store_direct(struct fake *f, const char *a, const char *b)
{
    const char *low = strcmp(a, b) <= 0 ? a : b, *high = low == a ? b : a;
    char name[sizeof((struct channel *)NULL)->name], id[STORE_ID + 1];

    (void)snprintf(name, sizeof name, "%s__%s", low, high);
    for (size_t i = 0; i < f->store.n; i++) {
        if (strcmp(f->store.list[i]->name, name) == 0)
            return f->store.list[i];
    }
    /* With the bot the id can be known without asking: d and the person's id but its first letter.
     */
    const char *other = strcmp(a, STORE_BOT) == 0 ? b : a;
    bool with_bot = strcmp(a, STORE_BOT) == 0 || strcmp(b, STORE_BOT) == 0;
    store_new_id(id);
    if (with_bot)
        (void)snprintf(id, sizeof id, "d%.25s", other + 1);
    struct channel *ch = add_channel(f, id, 'D');
    util_copy(ch->name, sizeof ch->name, name);
    util_copy(ch->users[0], sizeof ch->users[0], a);
    util_copy(ch->users[1], sizeof ch->users[1], b);
    return ch;
}

bool store_may_read(const struct channel *ch, const char *user)
{
    return ch->type == 'O' || strcmp(ch->users[0], user) == 0 || strcmp(ch->users[1], user) == 0;
}

json_t *store_channel_json(const struct channel *ch)
{
    char type[2] = {ch->type, '\0'};

    return json_pack("{s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I}", "id", ch->id, "create_at",
                     (json_int_t)1700000000000, "update_at", (json_int_t)1700000000000, "delete_at",
                     (json_int_t)ch->delete_at, "team_id", ch->type == 'D' ? "" : STORE_TEAM,
                     "type", type, "display_name", ch->type == 'D' ? "" : "Town Square", "name",
                     ch->name, "header", "", "purpose", "", "total_msg_count", (json_int_t)ch->n,
                     "last_post_at", (json_int_t)(ch->n ? ch->v[ch->n - 1]->create_at : 0));
}

/* --- posts --- */

struct post *store_add(struct fake *f, struct post p)
{
    struct channel *ch = p.channel;
    struct post *m = util_alloc(sizeof *m);

    *m = p;
    store_new_id(m->id);
    m->create_at = m->update_at = store_now(f);
    m->stored_ms = util_mono_ms();
    if (!m->props)
        m->props = json_object();
    m->reactions = json_array();
    if (ch->n == ch->cap) {
        ch->cap = ch->cap ? ch->cap * 2 : 16;
        ch->v = util_realloc(ch->v, ch->cap * sizeof(struct post *));
    }
    ch->v[ch->n++] = m;
    (void)map_put(&f->store.posts, m->id, m); /* fresh */
    if (strcmp(m->user, STORE_BOT) == 0 && !m->ephemeral) {
        f->stats.posts_stored++;
        stats_key(&f->stats, m->props);
    }
    return m;
}

struct post *store_post(const struct fake *f, const char *id)
{
    return map_get(&f->store.posts, id);
}

json_t *store_post_json(const struct post *p)
{
    json_t *metadata = json_object();

    if (p->priority)
        (void)json_object_set(metadata, "priority", p->priority); /* an object made here */
    if (json_array_size(p->reactions))
        (void)json_object_set(metadata, "reactions", p->reactions);
    return json_pack("{s:s,s:I,s:I,s:I,s:I,s:b,s:s,s:s,s:s,s:s,s:s,s:s,s:O,s:s,s:s,s:o}", "id",
                     p->id, "create_at", (json_int_t)p->create_at, "update_at",
                     (json_int_t)p->update_at, "edit_at", (json_int_t)p->edit_at, "delete_at",
                     (json_int_t)p->delete_at, "is_pinned", 0, "user_id", p->user, "channel_id",
                     p->channel->id, "root_id", p->root, "original_id", "", "message", p->message,
                     "type", p->ephemeral ? "system_ephemeral" : "", "props", p->props, "hashtags",
                     "", "pending_post_id", p->pending ? p->pending : "", "metadata", metadata);
}

void store_tell(struct fake *f, const char *event, const struct post *p)
{
    struct buf text = {0}, mentions = {0};
    json_t *post = store_post_json(p);
    char type[2] = {p->channel->type, '\0'}, sender[128];
    const struct user *u = store_user(f, p->user);
    const char *name = u ? json_string_value(json_object_get(u->json, "username")) : NULL;

    buf_dump(&text, post);
    json_decref(post);
    if (strcmp(event, "posted") != 0) {
        sock_event(f, event, json_pack("{s:s}", "post", text.p), p->channel, NULL);
        buf_done(&text);
        return;
    }
    (void)snprintf(sender, sizeof sender, "@%s", name ? name : "");
    const char *other = p->channel->users[strcmp(p->channel->users[0], p->user) == 0];
    buf_fmt(&mentions, "[\"%s\"]", other);
    sock_event(f, event,
               json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s}", "channel_display_name", sender,
                         "channel_name", p->channel->name, "channel_type", type, "mentions",
                         mentions.p, "post", text.p, "sender_name", sender, "set_online", 1,
                         "team_id", p->channel->type == 'D' ? "" : STORE_TEAM),
               p->channel, NULL);
    buf_done(&text);
    buf_done(&mentions);
}

void store_write_all(const struct store *s, struct buf *out, const char *channel)
{
    const char *comma = "";

    buf_str(out, "[");
    for (size_t c = 0; c < s->n; c++) {
        const struct channel *ch = s->list[c];
        for (size_t i = 0; i < ch->n && (!channel || strcmp(channel, ch->id) == 0); i++) {
            json_t *post = store_post_json(ch->v[i]);
            (void)json_object_set_new(post, "edits", json_integer(ch->v[i]->edits));
            buf_str(out, comma);
            buf_dump(out, post);
            json_decref(post);
            comma = ",\n";
        }
    }
    buf_str(out, "]");
}

/* --- pending ids --- */

enum store_pending store_pending_look(struct fake *f, const char *pending, struct post **ret)
{
    const struct pending *e = map_get(&f->store.pending, pending);

    if (!e || util_mono_ms() - e->since_ms >= f->knobs.pending_ttl_ms)
        return STORE_FRESH;
    if (!e->post[0])
        return STORE_UNDER_WAY;
    *ret = store_post(f, e->post);
    return STORE_MADE;
}

void store_pending_set(struct fake *f, const char *pending, const struct post *p)
{
    struct pending *e = util_alloc(sizeof *e);

    e->since_ms = util_mono_ms();
    util_copy(e->post, sizeof e->post, p ? p->id : "");
    free(map_put(&f->store.pending, pending, e));
}

void store_pending_drop(struct fake *f, const char *pending)
{
    free(map_del(&f->store.pending, pending));
}

void store_init(struct fake *f)
{
    f->store = (struct store){0};
    fill_users(f);
    struct channel *town = add_channel(f, STORE_TOWN, 'O');
    util_copy(town->name, sizeof town->name, "town-square");
}

static void free_channel(struct channel *ch)
{
    for (size_t i = 0; i < ch->n; i++) {
        struct post *p = ch->v[i];
        free(p->message);
        free(p->pending);
        json_decref(p->props);
        json_decref(p->reactions);
        json_decref(p->priority);
        free(p);
    }
    free(ch->v);
    free(ch);
}

void store_done(struct store *s)
{
    for (size_t i = 0; i < s->user_count; i++) {
        json_decref(s->users[i]->json);
        free(s->users[i]);
    }
    for (size_t i = 0; i < s->n; i++)
        free_channel(s->list[i]);
    free(s->users);
    free(s->list);
    map_done(&s->users_by_id, NULL);
    map_done(&s->channels, NULL);
    map_done(&s->posts, NULL);
    map_done(&s->pending, free);
    *s = (struct store){0};
}
