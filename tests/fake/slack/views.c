#include "views.h"

#include <stdio.h>
#include <stdlib.h>

#include "blocks.h"
#include "fake.h"
#include "util.h"

struct trigger {
    char *user;
    char view[24];
    int64_t made_ms;
    bool used;
};

static void free_trigger(void *p)
{
    struct trigger *t = p;

    free(t->user);
    free(t);
}

void views_done(struct views *vs)
{
    for (size_t i = 0; i < vs->n; i++) {
        free(vs->v[i]->user);
        json_decref(vs->v[i]->content);
        free(vs->v[i]);
    }
    free(vs->v);
    map_done(&vs->triggers, free_trigger);
    *vs = (struct views){0};
}

struct view *views_find(const struct views *vs, const char *id)
{
    for (size_t i = vs->n; i-- > 0;) {
        if (strcmp(vs->v[i]->id, id) == 0)
            return vs->v[i];
    }
    return NULL;
}

struct view *views_find_external(const struct views *vs, const char *external_id)
{
    for (size_t i = vs->n; i-- > 0;) {
        const char *id = json_string_value(json_object_get(vs->v[i]->content, "external_id"));
        if (vs->v[i]->open && id && strcmp(id, external_id) == 0)
            return vs->v[i];
    }
    return NULL;
}

struct view *views_top(const struct views *vs, const char *user)
{
    for (size_t i = vs->n; i-- > 0;) {
        struct view *v = vs->v[i];
        if (v->open && !v->home && strcmp(v->user, user) == 0)
            return v;
    }
    return NULL;
}

struct view *views_home(const struct views *vs, const char *user)
{
    for (size_t i = 0; i < vs->n; i++) {
        if (vs->v[i]->home && strcmp(vs->v[i]->user, user) == 0)
            return vs->v[i];
    }
    return NULL;
}

static void new_hash(struct view *v)
{
    char part[9];

    util_hex(part, 8);
    (void)snprintf(v->hash, sizeof v->hash, "%lld.%s", (long long)(util_wall_us() / 1000000), part);
}

struct view *views_add(struct fake *f, const char *user, json_t *content, struct view *below)
{
    struct views *vs = &f->views;
    struct view *v = util_alloc(sizeof *v);
    const char *type = json_string_value(json_object_get(content, "type"));

    (void)snprintf(v->id, sizeof v->id, "V%zu", vs->n + 1);
    memcpy(v->root, below ? below->root : v->id, sizeof v->root);
    if (below)
        memcpy(v->previous, below->id, sizeof v->previous);
    v->user = util_dup(user);
    v->content = json_incref(content);
    v->open = true;
    v->home = type && strcmp(type, "home") == 0;
    new_hash(v);
    if (vs->n == vs->cap) {
        vs->cap = vs->cap ? vs->cap * 2 : 16;
        vs->v = util_realloc(vs->v, vs->cap * sizeof(*vs->v));
    }
    return vs->v[vs->n++] = v;
}

void views_replace(struct view *v, json_t *content)
{
    json_incref(content);
    json_decref(v->content);
    v->content = content;
    v->updates++;
    new_hash(v);
}

void views_close_stack(struct views *vs, const struct view *v)
{
    for (size_t i = 0; i < vs->n; i++) {
        if (strcmp(vs->v[i]->root, v->root) == 0)
            vs->v[i]->open = false;
    }
}

int views_depth(const struct views *vs, const struct view *v)
{
    int n = 0;

    for (size_t i = 0; i < vs->n; i++)
        n += vs->v[i]->open && strcmp(vs->v[i]->root, v->root) == 0;
    return n;
}

static void copy_member(json_t *o, const char *key, const json_t *from, json_t *otherwise)
{
    json_t *v = json_object_get(from, key);

    /* Both forms take or share a reference that exists; o is an object. */
    (void)json_object_set_new(o, key, v ? json_incref(v) : json_incref(otherwise));
    json_decref(otherwise);
}

json_t *views_object_new(const struct view *v, json_t *values)
{
    json_t *o = json_pack("{s:s,s:s}", "id", v->id, "team_id", FAKE_TEAM);

    copy_member(o, "type", v->content, json_null());
    copy_member(o, "blocks", v->content, json_array());
    copy_member(o, "private_metadata", v->content, json_string(""));
    copy_member(o, "callback_id", v->content, json_string(""));
    copy_member(o, "external_id", v->content, json_string(""));
    copy_member(o, "title", v->content, json_null());
    copy_member(o, "submit", v->content, json_null());
    copy_member(o, "close", v->content, json_null());
    copy_member(o, "clear_on_close", v->content, json_false());
    copy_member(o, "notify_on_close", v->content, json_false());
    /* Slack reports an empty state as an array, not as an object. */
    if (!values)
        values = blocks_have_input(json_object_get(o, "blocks")) ? json_object() : json_array();
    json_t *rest = json_pack(
        "{s:s,s:{s:o},s:s,s:s*,s:s,s:s,s:s,s:n}", "hash", v->hash, "state", "values", values,
        "root_view_id", v->root, "previous_view_id", v->previous[0] ? v->previous : NULL, "app_id",
        FAKE_APP, "app_installed_team_id", FAKE_TEAM, "bot_id", FAKE_BOT_ID, "x_fake_unknown");
    (void)json_object_update(o, rest); /* two objects */
    if (!v->previous[0])
        (void)json_object_set_new(o, "previous_view_id", json_null());
    json_decref(rest);
    return o;
}

void views_write(struct buf *out, const struct view *v)
{
    json_t *o = views_object_new(v, NULL);

    buf_dump(out, o);
    json_decref(o);
}

void views_write_all(const struct views *vs, struct buf *out)
{
    for (size_t i = 0; i < vs->n; i++) {
        const struct view *v = vs->v[i];
        buf_str(out, i ? ",\n{\"user\":" : "[{\"user\":");
        buf_json(out, v->user);
        buf_fmt(out, ",\"open\":%s,\"updates\":%d,\"view\":", v->open ? "true" : "false",
                v->updates);
        views_write(out, v);
        buf_str(out, "}");
    }
    buf_str(out, vs->n ? "]\n" : "[]\n");
}

void views_trigger_new(struct fake *f, const char *user, const char *view_id,
                       char ret_id[VIEWS_TRIGGER])
{
    struct trigger *t = util_alloc(sizeof *t);
    char secret[25];

    util_hex(secret, 24);
    (void)snprintf(ret_id, VIEWS_TRIGGER, "%zu.1234567890.%s", f->views.triggers.live + 1, secret);
    t->user = util_dup(user);
    if (view_id)
        util_copy(t->view, sizeof t->view, view_id);
    t->made_ms = util_mono_ms();
    (void)map_put(&f->views.triggers, ret_id, t); /* fresh */
}

const char *views_trigger_use(struct fake *f, const char *id, const char **ret_user,
                              char ret_view_id[24])
{
    struct trigger *t = map_get(&f->views.triggers, id);

    if (!t)
        return "invalid_trigger_id";
    if (util_mono_ms() - t->made_ms > f->knobs.trigger_ttl_ms)
        return "expired_trigger_id";
    if (t->used)
        return "exchanged_trigger_id";
    t->used = true;
    *ret_user = t->user;
    memcpy(ret_view_id, t->view, sizeof t->view);
    return NULL;
}
