#include "react.h"

#include "api.h"
#include "fake.h"

static json_t *find_reaction(const struct message *m, const char *name, size_t *ret_index)
{
    size_t i;
    json_t *r;

    json_array_foreach(m->reactions, i, r)
    {
        const char *n = json_string_value(json_object_get(r, "name"));
        if (n && strcmp(n, name) == 0) {
            *ret_index = i;
            return r;
        }
    }
    return NULL;
}

static bool user_index(const json_t *users, const char *user, size_t *ret_index)
{
    size_t i;
    json_t *u;

    json_array_foreach(users, i, u)
    {
        if (strcmp(json_string_value(u), user) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

const char *react_add(struct message *m, const char *user, const char *name)
{
    size_t at = 0, who = 0;
    json_t *r = find_reaction(m, name, &at);

    if (!r) {
        if (!m->reactions)
            m->reactions = json_array();
        (void)json_array_append_new(m->reactions,
                                    json_pack("{s:s,s:[s],s:i}", "name", name, "users", user,
                                              "count", 1)); /* is an array */
        return NULL;
    }
    json_t *users = json_object_get(r, "users");
    if (user_index(users, user, &who))
        return "already_reacted";
    (void)json_array_append_new(users, json_string(user)); /* is an array */
    (void)json_object_set_new(r, "count", json_integer((json_int_t)json_array_size(users)));
    return NULL;
}

const char *react_remove(struct message *m, const char *user, const char *name)
{
    size_t at = 0, who = 0;
    json_t *r = find_reaction(m, name, &at), *users = json_object_get(r, "users");

    if (!r || !user_index(users, user, &who))
        return "no_reaction";
    (void)json_array_remove(users, who); /* index just found */
    (void)json_object_set_new(r, "count", json_integer((json_int_t)json_array_size(users)));
    if (json_array_size(users) == 0)
        (void)json_array_remove(m->reactions, at);
    if (json_array_size(m->reactions) == 0) {
        json_decref(m->reactions);
        m->reactions = NULL;
    }
    return NULL;
}

static const char *find_item(struct call *c, struct message **ret_m)
{
    const char *id = args_str(&c->a, "channel"), *ts = args_str(&c->a, "timestamp");

    if (!id || !ts)
        return "no_item_specified";
    const struct channel *ch = store_channel(c->f, id, false);
    if (!ch)
        return "channel_not_found";
    *ret_m = store_find(ch, ts);
    return *ret_m ? NULL : "message_not_found";
}

static const char *change(struct call *c,
                          const char *(*fn)(struct message *m, const char *user, const char *name))
{
    struct message *m = NULL;
    const char *name = args_str(&c->a, "name"), *error = find_item(c, &m);

    if (!name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-:") != strlen(name))
        return "invalid_name";
    return error ? error : fn(m, FAKE_BOT_USER, name);
}

const char *api_reactions_add(struct call *c)
{
    return change(c, react_add);
}

const char *api_reactions_remove(struct call *c)
{
    return change(c, react_remove);
}

const char *api_reactions_get(struct call *c)
{
    struct message *m = NULL;
    const char *error = find_item(c, &m);

    if (error)
        return error;
    buf_str(&c->body, ",\"type\":\"message\"");
    buf_member(&c->body, "channel", m->channel->id);
    buf_str(&c->body, ",\"message\":");
    store_write(&c->body, m, STORE_METADATA_TYPE);
    return NULL;
}
