/* Making, changing and taking away posts; reactions. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "post.h"
#include "util.h"

static const char *bad_content(const char *message, const json_t *props)
{
    long points = util_utf8_count(message);

    if (points < 0 || points > STORE_MESSAGE_MAX)
        return "model.post.is_valid.message_length.app_error";
    if (props && !json_is_object(props))
        return "api.context.invalid_body_param.app_error";
    if (props && json_dumpb(props, NULL, 0, JSON_COMPACT) > STORE_PROPS_MAX)
        return "model.post.is_valid.props.app_error";
    return NULL;
}

static const char *bad_place(struct call *c, const struct channel *ch, const char *root)
{
    const struct post *above = root[0] ? store_post(c->f, root) : NULL;

    if (ch->delete_at)
        return "api.post.create_post.can_not_post_to_deleted.error";
    if (root[0] && (!above || above->channel != ch || above->root[0]))
        return "api.post.create_post.root_id.app_error";
    for (int i = 0; i < 2 && ch->type == 'D' && c->f->knobs.post_to_deleted[0]; i++) {
        const struct user *u = store_user(c->f, ch->users[i]);
        if (u && store_user_gone(u))
            return c->f->knobs.post_to_deleted;
    }
    return NULL;
}

int api_post_create(struct call *c)
{
    int status = 0;
    struct channel *ch = api_channel(c, api_text(c, "channel_id"), &status);
    const char *message = api_text(c, "message"), *root = api_text(c, "root_id");
    const json_t *props = json_object_get(c->in, "props");
    const char *error;

    if (!ch)
        return api_fail(c, 403, "api.context.permissions.app_error"); /* also for unknown ones */
    if ((error = bad_content(message, props)) || (error = bad_place(c, ch, root)))
        return api_fail(c, 400, error);
    if (!message[0] && !json_array_size(json_object_get(props, "attachments")))
        return api_fail(c, 400, "api.post.create_post.empty.app_error");
    struct post p = {.channel = ch, .message = util_dup(message)};
    util_copy(p.user, sizeof p.user, c->user);
    util_copy(p.root, sizeof p.root, root);
    p.props = props ? json_deep_copy(props) : NULL;
    p.priority = json_incref(json_object_get(json_object_get(c->in, "metadata"), "priority"));
    p.pending = util_dup(api_text(c, "pending_post_id"));
    const struct post *made = store_add(c->f, p);
    if (c->pending) {
        store_pending_set(c->f, c->pending, made);
        free(c->pending);
        c->pending = NULL;
    }
    if (!c->f->knobs.no_echo || strcmp(c->user, STORE_BOT) != 0)
        store_tell(c->f, "posted", made);
    return api_ok(c, 201, store_post_json(made));
}

/* The post of the path, if the caller may read it. */
static struct post *readable(struct call *c, const char *id, int *ret_status)
{
    struct post *p = store_post(c->f, id);

    if (!p || p->delete_at)
        *ret_status = api_fail(c, 404, "app.post.get.app_error");
    else if (store_may_read(p->channel, c->user))
        return p;
    else
        *ret_status = api_fail(c, 403, "api.context.permissions.app_error");
    return NULL;
}

static struct post *own(struct call *c, int *ret_status)
{
    struct post *p = readable(c, c->args[0], ret_status);

    if (p && strcmp(p->user, c->user) != 0) {
        *ret_status = api_fail(c, 403, "api.context.permissions.app_error");
        return NULL;
    }
    if (p && p->channel->delete_at) {
        *ret_status = api_fail(c, 400, "api.post.update_post.can_not_update_post_in_deleted.error");
        return NULL;
    }
    return p;
}

int api_post_get(struct call *c)
{
    int status = 0;
    const struct post *p = readable(c, c->args[0], &status);

    return p ? api_ok(c, 200, store_post_json(p)) : status;
}

void post_change(struct fake *f, struct post *p, const char *message, const json_t *props)
{
    if (message) {
        free(p->message);
        p->message = util_dup(message);
    }
    if (props) { /* replaced as a whole */
        json_decref(p->props);
        p->props = json_deep_copy(props);
    }
    p->update_at = p->edit_at = store_now(f);
    p->edits++;
    store_tell(f, "post_edited", p);
}

int api_post_patch(struct call *c)
{
    int status = 0;
    struct post *p = own(c, &status);
    const char *message = json_string_value(json_object_get(c->in, "message"));
    const json_t *props = json_object_get(c->in, "props");

    if (!p)
        return status;
    const char *error = bad_content(message ? message : "", props);
    if (error)
        return api_fail(c, 400, error);
    c->f->stats.patches++;
    post_change(c->f, p, message, props);
    return api_ok(c, 200, store_post_json(p));
}

int api_post_update(struct call *c)
{
    if (strcmp(api_text(c, "id"), c->args[0]) != 0)
        return api_fail(c, 400, "api.context.invalid_body_param.app_error");
    return api_post_patch(c);
}

void post_delete(struct fake *f, struct post *p)
{
    p->delete_at = p->update_at = store_now(f);
    store_tell(f, "post_deleted", p);
}

int api_post_delete(struct call *c)
{
    int status = 0;
    struct post *p = own(c, &status);

    if (!p)
        return status;
    post_delete(c->f, p);
    return api_ok(c, 200, json_pack("{s:s}", "status", "OK"));
}

int api_post_ephemeral(struct call *c)
{
    const json_t *post = json_object_get(c->in, "post");
    const char *channel = json_string_value(json_object_get(post, "channel_id"));
    const char *message = json_string_value(json_object_get(post, "message"));
    int status = 0;
    struct channel *ch = api_channel(c, channel ? channel : "", &status);

    if (!ch)
        return status;
    struct post p = {.channel = ch, .ephemeral = true, .message = util_dup(message ? message : "")};
    util_copy(p.user, sizeof p.user, c->user);
    p.props = json_deep_copy(json_object_get(post, "props"));
    return api_ok(c, 201, store_post_json(store_add(c->f, p)));
}

/* --- reactions --- */

void post_react(struct fake *f, struct post *p, const char *user, const char *name, bool add)
{
    struct buf text = {0};
    size_t i;
    json_t *v;

    json_array_foreach(p->reactions, i, v)
    {
        const char *u = json_string_value(json_object_get(v, "user_id"));
        const char *n = json_string_value(json_object_get(v, "emoji_name"));
        if (strcmp(u, user) == 0 && strcmp(n, name) == 0) {
            (void)json_array_remove(p->reactions, i); /* is there */
            break;
        }
    }
    json_t *reaction = json_pack("{s:s,s:s,s:s,s:I}", "user_id", user, "post_id", p->id,
                                 "emoji_name", name, "create_at", (json_int_t)store_now(f));
    if (add)
        (void)json_array_append(p->reactions, reaction); /* an array of ours */
    buf_dump(&text, reaction);
    json_decref(reaction);
    sock_event(f, add ? "reaction_added" : "reaction_removed",
               json_pack("{s:s}", "reaction", text.p), p->channel, NULL);
    buf_done(&text);
}

int api_reaction_add(struct call *c)
{
    int status = 0;
    struct post *p = readable(c, api_text(c, "post_id"), &status);

    if (!p)
        return status;
    if (strcmp(api_text(c, "user_id"), c->user) != 0)
        return api_fail(c, 403, "api.reaction.save_reaction.user_id.app_error");
    post_react(c->f, p, c->user, api_text(c, "emoji_name"), true);
    return api_ok(c, 201, json_incref(c->in));
}

int api_reaction_remove(struct call *c)
{
    int status = 0;
    struct post *p = readable(c, c->args[1], &status);

    if (!p)
        return status;
    post_react(c->f, p, c->user, c->args[2], false);
    return api_ok(c, 200, json_pack("{s:s}", "status", "OK"));
}

int api_reactions_get(struct call *c)
{
    int status = 0;
    const struct post *p = readable(c, c->args[0], &status);

    return p ? api_ok(c, 200, json_incref(p->reactions)) : status;
}
