/* People, their log-in, status, teams. */
#include <string.h>

#include "fake.h"
#include "util.h"

/* "me" is the caller. */
static struct user *user_of(struct call *c, const char *id)
{
    return store_user(c->f, strcmp(id, "me") == 0 ? c->user : id);
}

static int show(struct call *c, const struct user *u)
{
    if (!u)
        return api_fail(c, 404, "app.user.missing_account.const");
    return api_ok(c, 200, json_incref(u->json));
}

int api_login(struct call *c)
{
    const char *id = api_text(c, "login_id");
    const struct user *u = store_user_by(c->f, "username", id);

    if (!u)
        u = store_user_by(c->f, "email", id);
    if (!u || store_user_gone(u) || strcmp(api_text(c, "password"), "password") != 0)
        return api_fail(c, 401, "api.user.login.invalid_credentials_email_username");
    buf_fmt(&c->out, "Token: user:%s\r\n", store_user_id(u));
    util_copy(c->header, sizeof c->header, c->out.p);
    return show(c, u);
}

int api_user_get(struct call *c)
{
    return show(c, user_of(c, c->args[0]));
}

int api_user_by_name(struct call *c)
{
    return show(c, store_user_by(c->f, "username", c->args[0]));
}

int api_user_by_email(struct call *c)
{
    return show(c, store_user_by(c->f, "email", c->args[0]));
}

int api_users_list(struct call *c)
{
    int64_t page, size;
    json_t *list = json_array();

    api_page(c, &page, &size);
    for (size_t i = (size_t)(page * size); i < c->f->store.user_count && size-- > 0; i++)
        (void)json_array_append(list, c->f->store.users[i]->json); /* an array made here */
    return api_ok(c, 200, list);
}

static int listed(struct call *c, struct user *(*find)(struct call *c, const char *what))
{
    json_t *list = json_array(), *v;
    size_t i;

    json_array_foreach(c->in, i, v)
    {
        struct user *u = json_is_string(v) ? find(c, json_string_value(v)) : NULL;
        if (u)
            (void)json_array_append(list, u->json); /* an array made here */
    }
    return api_ok(c, 200, list);
}

static struct user *by_id(struct call *c, const char *id)
{
    return store_user(c->f, id);
}

static struct user *by_name(struct call *c, const char *name)
{
    return store_user_by(c->f, "username", name);
}

int api_users_ids(struct call *c)
{
    return listed(c, by_id);
}

int api_users_names(struct call *c)
{
    return listed(c, by_name);
}

static json_t *status_new(const struct user *u)
{
    return json_pack("{s:s,s:s,s:b,s:I,s:i}", "user_id", store_user_id(u), "status", u->status,
                     "manual", 0, "last_activity_at", (json_int_t)1700000000000, "dnd_end_time", 0);
}

int api_status_ids(struct call *c)
{
    json_t *list = json_array(), *v;
    size_t i;

    json_array_foreach(c->in, i, v)
    {
        const struct user *u = json_is_string(v) ? store_user(c->f, json_string_value(v)) : NULL;
        if (u)
            (void)json_array_append_new(list, status_new(u)); /* an array made here */
    }
    return api_ok(c, 200, list);
}

int api_status_get(struct call *c)
{
    const struct user *u = user_of(c, c->args[0]);

    return u ? api_ok(c, 200, status_new(u)) : api_fail(c, 404, "app.user.missing_account.const");
}

static json_t *team_new(void)
{
    return json_pack("{s:s,s:i,s:s,s:s,s:s}", "id", STORE_TEAM, "delete_at", 0, "display_name",
                     "Sales", "name", "sales", "type", "O");
}

int api_teams_mine(struct call *c)
{
    return api_ok(c, 200, json_pack("[o]", team_new()));
}

int api_team_by_name(struct call *c)
{
    if (strcmp(c->args[0], "sales") != 0)
        return api_fail(c, 404, "app.team.get_by_name.missing.app_error");
    return api_ok(c, 200, team_new());
}
