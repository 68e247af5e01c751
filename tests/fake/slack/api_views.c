/* views.*: modals and the home tab. */
#include "api.h"
#include "blocks.h"
#include "fake.h"

/* The checked view argument, a new reference in *ret_view. */
static const char *read_view(struct call *c, enum blocks_surface surface, json_t **ret_view)
{
    json_t *view = NULL;

    if (!args_json_new(&c->a, "view", &view))
        return api_problem(c, "[ERROR] invalid JSON: view");
    if (!view)
        return api_problem(c, "[ERROR] missing required field: view");
    const char *error = blocks_check_view(view, surface, c->problem);
    if (error)
        json_decref(view);
    else
        *ret_view = view;
    return error;
}

static const char *check_external(struct call *c, const json_t *content, const struct view *self)
{
    const char *id = json_string_value(json_object_get(content, "external_id"));
    const struct view *other = id && id[0] ? views_find_external(&c->f->views, id) : NULL;

    return other && other != self ? "duplicate_external_id" : NULL;
}

static void answer(struct call *c, const struct view *v)
{
    buf_str(&c->body, ",\"view\":");
    views_write(&c->body, v);
}

/* views.open and views.push differ in what the trigger must come from. */
static const char *open_with_trigger(struct call *c, bool push)
{
    const char *trigger = args_str(&c->a, "trigger_id"), *user = NULL;
    json_t *content = NULL;
    char from[24] = "";

    if (!trigger)
        return api_problem(c, "[ERROR] missing required field: trigger_id");
    const char *error = read_view(c, BLOCKS_MODAL, &content);
    if (error)
        return error;
    error = check_external(c, content, NULL);
    if (!error)
        error = views_trigger_use(c->f, trigger, &user, from);
    if (!error) {
        struct view *below = push && from[0] ? views_find(&c->f->views, from) : NULL;
        if (push && (!below || below->home || !below->open))
            error = "invalid_trigger_id";
        else if (push && views_depth(&c->f->views, below) >= VIEWS_STACK_MAX)
            error = "push_limit_reached";
        else
            answer(c, views_add(c->f, user, content, below));
    }
    json_decref(content);
    return error;
}

const char *api_views_open(struct call *c)
{
    return open_with_trigger(c, false);
}

const char *api_views_push(struct call *c)
{
    return open_with_trigger(c, true);
}

const char *api_views_update(struct call *c)
{
    const char *id = args_str(&c->a, "view_id"), *external = args_str(&c->a, "external_id");
    const char *hash = args_str(&c->a, "hash");
    struct view *v = NULL;
    json_t *content = NULL;

    if (id)
        v = views_find(&c->f->views, id);
    else if (external)
        v = views_find_external(&c->f->views, external);
    else
        return api_problem(c, "[ERROR] missing required field: view_id");
    if (!v || !v->open)
        return "not_found";
    if (hash && strcmp(hash, v->hash) != 0)
        return "hash_conflict";
    const char *error = read_view(c, v->home ? BLOCKS_HOME : BLOCKS_MODAL, &content);
    if (!error)
        error = check_external(c, content, v);
    if (!error) {
        views_replace(v, content);
        answer(c, v);
    }
    json_decref(content);
    return error;
}

const char *api_views_publish(struct call *c)
{
    const char *user = api_need(c, "user_id"), *hash = args_str(&c->a, "hash");
    json_t *content = NULL;

    if (!user)
        return "invalid_arguments";
    if (c->f->knobs.home_tab_disabled)
        return "not_enabled";
    if (!dir_user(c->f, user))
        return api_problem(c, "[ERROR] no such user: user_id");
    struct view *v = views_home(&c->f->views, user);
    if (v && hash && strcmp(hash, v->hash) != 0)
        return "hash_conflict";
    const char *error = read_view(c, BLOCKS_HOME, &content);
    if (error)
        return error;
    if (v)
        views_replace(v, content);
    else
        v = views_add(c->f, user, content, NULL);
    answer(c, v);
    json_decref(content);
    return NULL;
}
