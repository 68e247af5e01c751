#include "act.h"

#include <string.h>

#include "fake.h"
#include "integrate.h"
#include "post.h"
#include "util.h"

struct act {
    struct fake *f;
    struct conn *c;
    const json_t *in;
    const char *user;
    struct channel *channel;
    struct post *post; /* answers with it */
    bool later;        /* somebody else answers */
};

static const char *text_of(const struct act *a, const char *key)
{
    const char *text = json_string_value(json_object_get(a->in, key));
    return text ? text : "";
}

/* "last": the bot's last post in the channel. */
static const char *find_post(struct act *a)
{
    const char *id = text_of(a, "post");

    if (id[0] && strcmp(id, "last") != 0) {
        a->post = store_post(a->f, id);
        return a->post ? NULL : "no_such_post";
    }
    for (size_t i = a->channel->n; i-- > 0 && !a->post;) {
        struct post *p = a->channel->v[i];
        if (strcmp(p->user, STORE_BOT) == 0 && !p->ephemeral && !p->delete_at)
            a->post = p;
    }
    return a->post ? NULL : "no_such_post";
}

static const char *say(struct act *a)
{
    struct post p = {.channel = a->channel, .message = util_dup(text_of(a, "text"))};

    util_copy(p.user, sizeof p.user, a->user);
    util_copy(p.root, sizeof p.root, text_of(a, "root_id"));
    p.props = json_deep_copy(json_object_get(a->in, "props"));
    p.pending = util_dup(text_of(a, "pending_post_id"));
    a->post = store_add(a->f, p);
    store_tell(a->f, "posted", a->post);
    return NULL;
}

static const char *edit(struct act *a)
{
    const char *error = find_post(a);

    if (!error)
        post_change(a->f, a->post, text_of(a, "text"), NULL);
    return error;
}

static const char *take_away(struct act *a)
{
    const char *error = find_post(a);

    if (!error)
        post_delete(a->f, a->post);
    return error;
}

static const char *react(struct act *a)
{
    const char *error = find_post(a);

    if (!error)
        post_react(a->f, a->post, a->user, text_of(a, "name"),
                   !json_is_true(json_object_get(a->in, "remove")));
    return error;
}

static const char *click(struct act *a)
{
    const char *error = find_post(a);

    if (!error)
        error = integrate_click(a->c, a->post, text_of(a, "action"), a->user,
                                json_string_value(json_object_get(a->in, "selected")));
    a->later = !error;
    return error;
}

static const char *submit(struct act *a)
{
    const json_t *values = json_object_get(a->in, "values");
    const char *error = integrate_submit(a->c, a->user, values ? values : json_object());

    a->later = !error;
    return error;
}

static const char *cancel(struct act *a)
{
    const char *error = integrate_submit(a->c, a->user, NULL);

    a->later = !error;
    return error;
}

static const char *slash(struct act *a)
{
    const char *error = integrate_command(a->c, text_of(a, "command"), text_of(a, "text"), a->user);

    a->later = !error;
    return error;
}

static const char *status(struct act *a)
{
    struct user *u = store_user(a->f, a->user);

    util_copy(u->status, sizeof u->status, text_of(a, "status"));
    sock_event(a->f, "status_change",
               json_pack("{s:s,s:s}", "user_id", a->user, "status", u->status), NULL, NULL);
    return NULL;
}

static const struct {
    const char *type;
    const char *(*run)(struct act *a);
} acts[] = {
    {"say", say},       {"edit", edit},   {"delete", take_away},
    {"react", react},   {"click", click}, {"submit", submit},
    {"cancel", cancel}, {"slash", slash}, {"status", status},
};

static const char *run(struct act *a)
{
    const char *type = text_of(a, "type"), *channel = text_of(a, "channel");

    a->user = text_of(a, "user");
    if (!store_user(a->f, a->user))
        return "no_such_user";
    a->channel = channel[0] ? store_channel(a->f, channel) : store_direct(a->f, STORE_BOT, a->user);
    if (!a->channel)
        return "no_such_channel";
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].type, type) == 0)
            return acts[i].run(a);
    }
    return "no_such_type";
}

void act_handle(struct conn *c)
{
    json_t *in = json_loadb(c->req.body, c->req.body_len, 0, NULL);
    struct act a = {.f = c->f, .c = c, .in = in};
    struct buf text = {0};
    const char *error = run(&a);

    buf_fmt(&text, "{\"ok\":%s", error ? "false" : "true");
    if (error)
        buf_member(&text, "error", error);
    if (a.post)
        buf_member(&text, "post", a.post->id);
    buf_str(&text, "}");
    if (!a.later)
        conn_reply_json(c, error ? 400 : 200, text.p);
    buf_done(&text);
    json_decref(in);
}
