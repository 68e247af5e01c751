/* Who we are, who the users are, when they do not want to be disturbed. */
#include <stdlib.h>

#include "api.h"
#include "fake.h"
#include "util.h"

const char *api_auth_test(struct call *c)
{
    buf_str(&c->body, ",\"url\":\"https:\\/\\/acme.slack.com\\/\",\"team\":\"Acme\","
                      "\"user\":\"grit\",\"team_id\":\"" FAKE_TEAM "\",\"user_id\":\"" FAKE_BOT_USER
                      "\",\"bot_id\":\"" FAKE_BOT_ID "\","
                      "\"is_enterprise_install\":false");
    return NULL;
}

const char *api_connections_open(struct call *c)
{
    buf_str(&c->body, ",\"url\":");
    sock_ticket(c->c, &c->body);
    return NULL;
}

const char *api_users_list(struct call *c)
{
    const struct dir *d = &c->f->dir;
    const char *cursor = args_str(&c->a, "cursor");
    int64_t limit = args_int(&c->a, "limit", 0), pos = 0;
    bool email = api_has_scope(c->f, "users:read.email");

    if (limit < 0 || limit > 1000)
        return "invalid_limit";
    if (limit == 0 && d->n > 1000)
        return "limit_required";
    if (cursor && (!api_cursor_read(cursor, "user", &pos) || pos < 0 || (size_t)pos > d->n))
        return "invalid_cursor";
    /* Slack may send pages with fewer members than asked for, even none. */
    bool empty_page = c->f->knobs.users_page_empty && !cursor;
    size_t end = limit ? (size_t)pos + (size_t)limit : d->n;
    if (end > d->n)
        end = d->n;
    if (empty_page)
        end = 0;
    buf_str(&c->body, ",\"members\":[");
    for (size_t i = (size_t)pos; i < end; i++) {
        buf_str(&c->body, i > (size_t)pos ? "," : "");
        dir_write(&c->body, d->v[i], email);
    }
    buf_fmt(&c->body, "],\"cache_ts\":%lld,\"response_metadata\":{\"next_cursor\":\"",
            (long long)(util_wall_us() / 1000000));
    if (end < d->n)
        api_cursor_write(&c->body, "user", (int64_t)end);
    buf_str(&c->body, "\"}");
    return NULL;
}

static struct user *named_user(struct call *c)
{
    const char *id = args_str(&c->a, "user");
    return id ? dir_user(c->f, id) : NULL;
}

static void write_user(struct call *c, const struct user *u)
{
    buf_str(&c->body, ",\"user\":");
    dir_write(&c->body, u, api_has_scope(c->f, "users:read.email"));
}

const char *api_users_info(struct call *c)
{
    const struct user *u = named_user(c);

    if (!u)
        return "user_not_found";
    write_user(c, u);
    return NULL;
}

const char *api_users_lookup(struct call *c)
{
    const char *email = api_need(c, "email");
    const struct user *u = email ? dir_user_by_email(c->f, email) : NULL;

    if (!email)
        return "invalid_arguments";
    if (!u || u->deleted)
        return "users_not_found";
    write_user(c, u);
    return NULL;
}

const char *api_users_presence(struct call *c)
{
    const struct user *u = named_user(c);

    if (!u)
        return "user_not_found";
    buf_member(&c->body, "presence", u->presence);
    return NULL;
}

const char *api_dnd_info(struct call *c)
{
    const struct user *u = named_user(c);

    if (!u)
        return "user_not_found";
    /* The stored object's members go straight into the answer. */
    buf_str(&c->body, ",");
    buf_add(&c->body, u->dnd + 1, strlen(u->dnd) - 2);
    return NULL;
}

const char *api_dnd_team_info(struct call *c)
{
    const char *users = api_need(c, "users"), *comma = "";
    char *list, *save = NULL;

    if (!users)
        return "invalid_arguments";
    list = util_dup(users);
    buf_str(&c->body, ",\"users\":{");
    for (char *id = strtok_r(list, ",", &save); id; id = strtok_r(NULL, ",", &save)) {
        const struct user *u = dir_user(c->f, id);
        if (!u)
            continue;
        buf_str(&c->body, comma);
        buf_json(&c->body, id);
        buf_str(&c->body, ":");
        buf_str(&c->body, u->dnd);
        comma = ",";
    }
    buf_str(&c->body, "}");
    free(list);
    return NULL;
}
