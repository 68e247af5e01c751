#include "integrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callout.h"
#include "fake.h"
#include "post.h"
#include "util.h"

/* One callout on behalf of a request that waits for its end. */
struct waiting {
    struct fake *f;
    struct conn *c;
    char post[STORE_ID + 1], channel[STORE_ID + 1];
};

static void answer(struct waiting *w, int status, const json_t *said)
{
    struct buf text = {0};

    buf_fmt(&text, "{\"ok\":%s,\"status\":%d,\"answer\":", status == 200 ? "true" : "false",
            status);
    buf_dump(&text, said);
    buf_str(&text, "}");
    conn_reply_json(w->c, 200, text.p);
    buf_done(&text);
    conn_unref(w->c);
    free(w);
}

/* Follows what the app answered to a click or command. */
static void on_answer(void *arg, int status, const json_t *said)
{
    struct waiting *w = arg;
    const json_t *update = json_object_get(said, "update");
    const char *words = json_string_value(json_object_get(said, "ephemeral_text"));
    struct post *p = w->post[0] ? store_post(w->f, w->post) : NULL;
    struct channel *ch = store_channel(w->f, w->channel);

    if (!words)
        words = json_string_value(json_object_get(said, "text"));
    if (status == 200 && p && json_is_object(update))
        post_change(w->f, p, json_string_value(json_object_get(update, "message")),
                    json_object_get(update, "props"));
    if (status == 200 && ch && words && words[0]) {
        struct post e = {.channel = ch, .ephemeral = true, .message = util_dup(words)};
        util_copy(e.user, sizeof e.user, STORE_BOT);
        (void)store_add(w->f, e); /* nobody but the test looks at it */
    }
    answer(w, status, said);
}

static void call(struct conn *c, const char *url, const char *header, const char *type,
                 const char *body, const struct post *p, const char *channel)
{
    struct waiting *w = util_alloc(sizeof *w);

    w->f = c->f;
    w->c = conn_ref(c);
    util_copy(w->post, sizeof w->post, p ? p->id : "");
    util_copy(w->channel, sizeof w->channel, channel);
    const struct callout out = {
        .url = url, .header = header, .type = type, .body = body, .done = on_answer, .arg = w};
    callout_start(c->f, &out);
}

static void call_json(struct conn *c, const char *url, json_t *body, const struct post *p,
                      const char *channel)
{
    struct buf text = {0};

    buf_dump(&text, body);
    json_decref(body);
    call(c, url, "", "application/json", text.p, p, channel);
    buf_done(&text);
}

static json_t *find_action(const struct post *p, const char *action)
{
    const json_t *attachments = json_object_get(p->props, "attachments");
    size_t i, k;
    json_t *attachment, *v;

    json_array_foreach(attachments, i, attachment)
    {
        json_array_foreach(json_object_get(attachment, "actions"), k, v)
        {
            const char *id = json_string_value(json_object_get(v, "id"));
            const char *name = json_string_value(json_object_get(v, "name"));
            if ((id && strcmp(id, action) == 0) || (name && strcmp(name, action) == 0))
                return v;
        }
    }
    return NULL;
}

static void new_trigger(struct fake *f, char trigger[STORE_ID + 1])
{
    store_new_id(trigger);
    (void)json_object_set_new(f->triggers, trigger, json_integer(util_mono_ms()));
}

const char *integrate_click(struct conn *c, struct post *p, const char *action, const char *user,
                            const char *selected)
{
    const json_t *found = find_action(p, action);
    const json_t *integration = json_object_get(found, "integration");
    const char *id = json_string_value(json_object_get(found, "id"));
    const char *url = json_string_value(json_object_get(integration, "url"));
    const char *type = json_string_value(json_object_get(found, "type"));
    const struct user *u = store_user(c->f, user);
    char trigger[STORE_ID + 1];

    if (!found || !u)
        return "no_such_action";
    if (!id || !id[0] ||
        strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789") != strlen(id))
        return "bad_action_id"; /* such a button fails without a word */
    if (!url)
        return "no_integration_url";
    new_trigger(c->f, trigger);
    json_t *context = json_object_get(integration, "context")
                          ? json_deep_copy(json_object_get(integration, "context"))
                          : json_object();
    if (selected)
        (void)json_object_set_new(context, "selected_option", json_string(selected));
    bool direct = p->channel->type == 'D';
    json_t *body = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "user_id", user,
                             "user_name", json_string_value(json_object_get(u->json, "username")),
                             "channel_id", p->channel->id, "channel_name", p->channel->name,
                             "team_id", direct ? "" : STORE_TEAM, "team_domain",
                             direct ? "" : "sales", "post_id", p->id, "trigger_id", trigger, "type",
                             type ? type : "button", "data_source", "", "context", context);
    call_json(c, url, body, p, p->channel->id);
    return NULL;
}

const char *integrate_submit(struct conn *c, const char *user, const json_t *values)
{
    size_t n = json_array_size(c->f->dialogs);
    const json_t *opened = n ? json_array_get(c->f->dialogs, n - 1) : NULL;
    const json_t *dialog = json_object_get(opened, "dialog");
    const char *url = json_string_value(json_object_get(opened, "url"));
    const char *id = json_string_value(json_object_get(dialog, "callback_id"));
    const char *state = json_string_value(json_object_get(dialog, "state"));

    if (!opened || !url)
        return "no_dialog";
    json_t *body =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:b}", "type", "dialog_submission", "callback_id",
                  id ? id : "", "state", state ? state : "", "user_id", user, "channel_id",
                  store_direct(c->f, STORE_BOT, user)->id, "team_id", "", "submission",
                  values ? json_deep_copy(values) : json_object(), "cancelled", values == NULL);
    call_json(c, url, body, NULL, "");
    return NULL;
}

static void form_add(struct buf *b, const char *name, const char *value)
{
    buf_fmt(b, "%s%s=", b->len ? "&" : "", name);
    for (; *value; value++) {
        bool plain = (*value >= 'a' && *value <= 'z') || (*value >= '0' && *value <= '9') ||
                     (*value >= 'A' && *value <= 'Z');
        buf_fmt(b, plain ? "%c" : "%%%02X", (unsigned char)*value);
    }
}

const char *integrate_command(struct conn *c, const char *trigger, const char *text,
                              const char *user)
{
    const json_t *command = json_object_get(c->f->commands, trigger);
    const char *url = json_string_value(json_object_get(command, "url"));
    const char *token = json_string_value(json_object_get(command, "token"));
    const struct user *u = store_user(c->f, user);
    char id[STORE_ID + 1], header[128];
    struct buf form = {0};

    if (!url || !token || !u)
        return "no_such_command";
    const struct channel *ch = store_direct(c->f, STORE_BOT, user);
    new_trigger(c->f, id);
    const struct {
        const char *name, *value;
    } fields[] = {
        {"channel_id", ch->id},
        {"channel_name", ch->name},
        {"command", trigger},
        {"team_domain", "sales"},
        {"team_id", STORE_TEAM},
        {"text", text},
        {"token", token},
        {"trigger_id", id},
        {"user_id", user},
        {"user_name", json_string_value(json_object_get(u->json, "username"))},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        form_add(&form, fields[i].name, fields[i].value);
    (void)snprintf(header, sizeof header, "Authorization: Token %.64s\r\n", token);
    call(c, url, header, "application/x-www-form-urlencoded", form.p, NULL, ch->id);
    buf_done(&form);
    return NULL;
}
