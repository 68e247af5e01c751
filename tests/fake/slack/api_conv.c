/* Conversations: opening and reading. */
#include <stdlib.h>

#include "api.h"
#include "fake.h"
#include "util.h"

static const char *resolve_users(struct call *c, const char *users, struct channel **ret_ch,
                                 bool *ret_open)
{
    char list[512], *save = NULL;
    struct user *last = NULL;
    int n = 0;

    util_copy(list, sizeof list, users);
    for (char *id = strtok_r(list, ",", &save); id; id = strtok_r(NULL, ",", &save), n++) {
        last = dir_user(c->f, id);
        if (!last)
            return "user_not_found";
        if (last->deleted)
            return "user_disabled";
        if (last->bot && strcmp(last->id, FAKE_BOT_USER) == 0)
            return "cannot_dm_bot";
    }
    if (n == 0)
        return "users_list_not_supplied";
    if (n > 8)
        return "too_many_users";
    *ret_open = n == 1 && store_has_dm(c->f, last->id);
    if (!*ret_open && args_bool(&c->a, "prevent_creation", false))
        return "channel_not_found";
    *ret_ch = n == 1 ? store_dm(c->f, last->id) : store_mpim(c->f, users);
    return NULL;
}

static void write_channel(struct call *c, const struct channel *ch, bool full)
{
    buf_str(&c->body, ",\"channel\":{\"id\":");
    buf_json(&c->body, ch->id);
    if (full) {
        bool im = ch->user != NULL;
        buf_fmt(&c->body,
                ",\"is_im\":%s,\"is_channel\":%s,\"is_org_shared\":false,"
                "\"created\":1700000000,\"context_team_id\":\"" FAKE_TEAM "\"",
                im ? "true" : "false", im ? "false" : "true");
        buf_member(&c->body, "name", ch->name);
        if (im)
            buf_member(&c->body, "user", ch->user);
    }
    buf_str(&c->body, "}");
}

const char *api_conversations_open(struct call *c)
{
    const char *users = args_str(&c->a, "users"), *id = args_str(&c->a, "channel");
    struct channel *ch = NULL;
    bool open = true;

    if (!users && !id)
        return "users_list_not_supplied";
    if (id) {
        ch = store_channel(c->f, id, false);
        if (!ch)
            return "channel_not_found";
    } else {
        const char *error = resolve_users(c, users, &ch, &open);
        if (error)
            return error;
    }
    if (open)
        buf_str(&c->body, ",\"no_op\":true,\"already_open\":true");
    write_channel(c, ch, args_bool(&c->a, "return_im", false));
    return NULL;
}

const char *api_conversations_info(struct call *c)
{
    const char *id = args_str(&c->a, "channel");
    const struct channel *ch = id ? store_channel(c->f, id, false) : NULL;

    if (!ch)
        return "channel_not_found";
    write_channel(c, ch, true);
    return NULL;
}

struct range {
    int64_t oldest, latest, limit;
    bool inclusive;
    enum store_metadata metadata;
};

static const char *read_range(struct call *c, struct range *r)
{
    const char *oldest = args_str(&c->a, "oldest"), *latest = args_str(&c->a, "latest");
    const char *cursor = args_str(&c->a, "cursor");

    *r = (struct range){.latest = INT64_MAX, .limit = args_int(&c->a, "limit", 100)};
    if (oldest && !util_ts_parse(oldest, &r->oldest))
        return "invalid_ts_oldest";
    if (latest && strcmp(latest, "now") != 0 && !util_ts_parse(latest, &r->latest))
        return "invalid_ts_latest";
    r->inclusive = args_bool(&c->a, "inclusive", false);
    if (!r->inclusive) { /* from here on both ends are inside */
        r->oldest += oldest != NULL;
        r->latest -= latest != NULL;
    }
    if (r->limit < 1 || r->limit > 999)
        return "invalid_limit";
    if (r->limit > c->f->knobs.history_max)
        r->limit = c->f->knobs.history_max;
    r->metadata =
        args_bool(&c->a, "include_all_metadata", false) ? STORE_METADATA_ALL : STORE_METADATA_TYPE;
    int64_t pos = 0;
    if (cursor && !api_cursor_read(cursor, "next_ts", &pos))
        return "invalid_cursor";
    return NULL;
}

static bool visible(const struct fake *f, const struct message *m)
{
    return !m->deleted && !m->ephemeral && !f->knobs.history_lose &&
           util_mono_ms() - m->stored_ms >= f->knobs.history_lag_ms;
}

static void write_end(struct call *c, int64_t next)
{
    buf_fmt(&c->body, "],\"has_more\":%s,\"pin_count\":0", next ? "true" : "false");
    if (next) {
        buf_str(&c->body, ",\"response_metadata\":{\"next_cursor\":\"");
        api_cursor_write(&c->body, "next_ts", next);
        buf_str(&c->body, "\"}");
    }
}

const char *api_conversations_history(struct call *c)
{
    const char *id = args_str(&c->a, "channel"), *cursor = args_str(&c->a, "cursor");
    const struct channel *ch = id ? store_channel(c->f, id, false) : NULL;
    struct range r;
    int64_t n = 0, next = 0;

    if (!ch)
        return "channel_not_found";
    const char *error = read_range(c, &r);
    if (error)
        return error;
    if (cursor) /* its form was checked */
        (void)api_cursor_read(cursor, "next_ts", &r.latest);
    buf_str(&c->body, ",\"messages\":[");
    for (size_t i = ch->n; i-- > 0;) {
        const struct message *m = ch->v[i];
        if (m->ts < r.oldest)
            break;
        bool reply = m->thread_ts && m->thread_ts != m->ts && !m->broadcast;
        if (m->ts > r.latest || reply || !visible(c->f, m))
            continue;
        if (n == r.limit) {
            next = m->ts;
            break;
        }
        buf_str(&c->body, n++ ? "," : "");
        store_write(&c->body, m, r.metadata);
    }
    write_end(c, next);
    return NULL;
}

const char *api_conversations_replies(struct call *c)
{
    const char *id = args_str(&c->a, "channel"), *ts = args_str(&c->a, "ts");
    const char *cursor = args_str(&c->a, "cursor");
    const struct channel *ch = id ? store_channel(c->f, id, false) : NULL;
    struct range r;
    int64_t n = 0, next = 0, from = 0;

    if (!ch)
        return "channel_not_found";
    const char *error = read_range(c, &r);
    if (error)
        return error;
    const struct message *parent = ts ? store_find(ch, ts) : NULL;
    if (!parent || !visible(c->f, parent))
        return "thread_not_found";
    if (cursor) /* its form was checked */
        (void)api_cursor_read(cursor, "next_ts", &from);
    buf_str(&c->body, ",\"messages\":[");
    for (size_t i = 0; i < ch->n; i++) {
        const struct message *m = ch->v[i];
        bool inside =
            m == parent || (m->thread_ts == parent->ts && m->ts >= r.oldest && m->ts <= r.latest);
        if (!inside || !visible(c->f, m) || m->ts < from)
            continue;
        if (n == r.limit) {
            next = m->ts;
            break;
        }
        buf_str(&c->body, n++ ? "," : "");
        store_write(&c->body, m, r.metadata);
    }
    write_end(c, next);
    return NULL;
}
