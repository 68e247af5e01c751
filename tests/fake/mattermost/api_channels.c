/* Channels and what was said in them. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "util.h"

int api_channel_direct(struct call *c)
{
    const char *a = json_string_value(json_array_get(c->in, 0));
    const char *b = json_string_value(json_array_get(c->in, 1));

    if (!a || !b || json_array_size(c->in) != 2)
        return api_fail(c, 400, "api.context.invalid_body_param.app_error");
    if (strcmp(a, c->user) != 0 && strcmp(b, c->user) != 0)
        return api_fail(c, 403, "api.context.permissions.app_error");
    if (!store_user(c->f, a) || !store_user(c->f, b))
        return api_fail(c, 404, "app.user.missing_account.const");
    return api_ok(c, 201, store_channel_json(store_direct(c->f, a, b)));
}

int api_channel_get(struct call *c)
{
    int status = 0;
    const struct channel *ch = api_channel(c, c->args[0], &status);

    return ch ? api_ok(c, 200, store_channel_json(ch)) : status;
}

int api_channels_mine(struct call *c)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->f->store.n; i++) {
        if (store_may_read(c->f->store.list[i], c->user))
            (void)json_array_append_new(list, store_channel_json(c->f->store.list[i]));
    }
    return api_ok(c, 200, list);
}

/* Which of a channel's posts a request is about; positions in ch->v. */
struct range {
    size_t from, end;
    int64_t since; /* 0: any time; also deleted posts are listed then */
};

static bool visible(const struct call *c, const struct post *p, const struct range *r)
{
    int64_t lag = c->f->knobs.history_lag_ms;

    if (c->f->knobs.history_lose || p->ephemeral)
        return false;
    if (lag > 0 && util_mono_ms() - p->stored_ms < lag)
        return false;
    return r->since ? p->update_at >= r->since : !p->delete_at;
}

static size_t position(const struct channel *ch, const char *id)
{
    for (size_t i = 0; i < ch->n; i++) {
        if (strcmp(ch->v[i]->id, id) == 0)
            return i;
    }
    return ch->n;
}

/* Newest first, as all lists of posts are. */
static int write_list(struct call *c, const struct post **list, size_t n, const char *next,
                      const char *prev)
{
    json_t *order = json_array(), *posts = json_object();

    for (size_t i = n; i-- > 0;) {
        (void)json_array_append_new(order, json_string(list[i]->id)); /* both are made here */
        (void)json_object_set_new(posts, list[i]->id, store_post_json(list[i]));
    }
    return api_ok(c, 200,
                  json_pack("{s:o,s:o,s:s,s:s}", "order", order, "posts", posts, "next_post_id",
                            next, "prev_post_id", prev));
}

int api_channel_posts(struct call *c)
{
    int status = 0;
    int64_t page, size;
    char after[64], before[64];
    const struct channel *ch = api_channel(c, c->args[0], &status);

    if (!ch)
        return status;
    struct range r = {0, ch->n, api_number(c, "since", 0)};
    bool is_after = http_query(c->query, "after", after, sizeof after);
    bool is_before = http_query(c->query, "before", before, sizeof before);
    if ((is_after && position(ch, after) == ch->n) || (is_before && position(ch, before) == ch->n))
        return api_fail(c, 404, "app.post.get.app_error");
    if (is_after)
        r.from = position(ch, after) + 1;
    if (is_before)
        r.end = position(ch, before);
    api_page(c, &page, &size);
    const struct post **all = util_alloc((ch->n + 1) * sizeof *all);
    size_t n = 0, from = 0, want = (size_t)size;
    for (size_t i = r.from; i < r.end; i++) {
        if (visible(c, ch->v[i], &r))
            all[n++] = ch->v[i];
    }
    if (r.since) { /* one page only, of the newest */
        want = (size_t)c->f->knobs.since_max;
        from = n > want ? n - want : 0;
    } else if (is_after) { /* page 0 is next to the post */
        from = (size_t)(page * size) < n ? (size_t)(page * size) : n;
    } else {
        size_t skip = (size_t)(page * size) < n ? (size_t)(page * size) : n;
        n -= skip;
        from = n > want ? n - want : 0;
    }
    size_t count = n - from < want ? n - from : want;
    const char *next = from + count < n ? all[from + count]->id : "";
    const char *prev = from > 0 ? all[from - 1]->id : is_after ? after : "";
    status = write_list(c, all + from, count, next, prev);
    free(all);
    return status;
}

int api_post_thread(struct call *c)
{
    const struct post *p = store_post(c->f, c->args[0]);
    int status = 0;
    const struct channel *ch = p ? api_channel(c, p->channel->id, &status) : NULL;

    if (!ch)
        return p ? status : api_fail(c, 404, "app.post.get.app_error");
    const char *root = p->root[0] ? p->root : p->id;
    const struct post **all = util_alloc((ch->n + 1) * sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < ch->n; i++) {
        const struct post *at = ch->v[i];
        if (!at->delete_at && (strcmp(at->id, root) == 0 || strcmp(at->root, root) == 0))
            all[n++] = at;
    }
    status = write_list(c, all, n, "", "");
    free(all);
    return status;
}
