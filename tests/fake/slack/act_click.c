/* Clicks on messages and in views, submitting and closing modals. */
#include <stdlib.h>

#include "act.h"
#include "blocks.h"
#include "fake.h"
#include "hooks.h"
#include "util.h"

/* Element with this action_id and the id of its block. */
static const json_t *find_element(const json_t *blocks, const char *action_id,
                                  const char **ret_block_id)
{
    size_t i, j;
    json_t *b, *e;

    json_array_foreach(blocks, i, b)
    {
        json_t *list = json_array();
        const json_t *found = NULL;
        /* Appending to an array made here cannot fail; absent members are skipped. */
        if (json_object_get(b, "accessory"))
            (void)json_array_append(list, json_object_get(b, "accessory"));
        if (json_object_get(b, "element"))
            (void)json_array_append(list, json_object_get(b, "element"));
        if (json_object_get(b, "elements"))
            (void)json_array_extend(list, json_object_get(b, "elements"));
        json_array_foreach(list, j, e)
        {
            const char *id = json_string_value(json_object_get(e, "action_id"));
            if (id && strcmp(id, action_id) == 0)
                found = e;
        }
        json_decref(list); /* the blocks still hold the element */
        if (found) {
            *ret_block_id = json_string_value(json_object_get(b, "block_id"));
            return found;
        }
    }
    return NULL;
}

/* How each kind of element reports what was chosen. */
static const struct {
    const char *type, *key;
    enum { PLAIN, OPTION, OPTIONS } how;
} reports[] = {
    {"static_select", "selected_option", OPTION},
    {"external_select", "selected_option", OPTION},
    {"radio_buttons", "selected_option", OPTION},
    {"overflow", "selected_option", OPTION},
    {"checkboxes", "selected_options", OPTIONS},
    {"multi_static_select", "selected_options", OPTIONS},
    {"datepicker", "selected_date", PLAIN},
    {"timepicker", "selected_time", PLAIN},
    {"datetimepicker", "selected_date_time", PLAIN},
    {"users_select", "selected_user", PLAIN},
    {"conversations_select", "selected_conversation", PLAIN},
    {"channels_select", "selected_channel", PLAIN},
};

static json_t *option_new(const json_t *element, const json_t *value)
{
    size_t i;
    json_t *o;

    json_array_foreach(json_object_get(element, "options"), i, o)
    {
        if (json_equal(json_object_get(o, "value"), value))
            return json_deep_copy(o);
    }
    return json_null();
}

/* Sets the member that says what was chosen; value NULL leaves a button's own value. */
static void set_choice(json_t *action, const json_t *element, const json_t *value)
{
    const char *type = json_string_value(json_object_get(element, "type"));
    size_t i, j;
    json_t *v;

    /* All sets below are on an object made by the caller. */
    for (i = 0; type && i < sizeof reports / sizeof *reports; i++) {
        if (strcmp(reports[i].type, type) != 0)
            continue;
        if (reports[i].how == PLAIN) {
            (void)json_object_set_new(action, reports[i].key,
                                      value ? json_deep_copy(value) : json_null());
        } else if (reports[i].how == OPTION) {
            (void)json_object_set_new(action, reports[i].key, option_new(element, value));
        } else {
            json_t *list = json_array();
            json_array_foreach(value, j, v)
            {
                (void)json_array_append_new(list, option_new(element, v));
            }
            (void)json_object_set_new(action, reports[i].key, list);
        }
        return;
    }
    const json_t *own = value ? value : json_object_get(element, "value");
    if (own)
        (void)json_object_set_new(action, "value", json_deep_copy(own));
}

static json_t *action_new(struct act *a, const json_t *element, const char *block_id)
{
    json_t *action =
        json_pack("{s:O,s:O,s:s?}", "type", json_object_get(element, "type"), "action_id",
                  json_object_get(element, "action_id"), "block_id", block_id);
    char ts[24];

    util_ts_text(store_now(a->f), ts);
    (void)json_object_set_new(action, "action_ts", json_string(ts)); /* just made */
    if (json_object_get(element, "text"))
        (void)json_object_set(action, "text", json_object_get(element, "text"));
    set_choice(action, element, json_object_get(a->in, "value"));
    return action;
}

static json_t *payload_new(struct act *a, const char *type)
{
    return json_pack("{s:s,s:o,s:s,s:s,s:{s:s,s:s},s:n,s:b}", "type", type, "user", act_user_new(a),
                     "api_app_id", FAKE_APP, "token", "fake-verification", "team", "id", FAKE_TEAM,
                     "domain", "acme", "enterprise", "is_enterprise_install", 0);
}

/* values as the test gave them, or the array Slack sends for none. */
static json_t *state_new(const struct act *a)
{
    const json_t *values = json_object_get(a->in, "values");

    return json_pack("{s:o}", "values", values ? json_deep_copy(values) : json_object());
}

static void send_click(struct act *a, json_t *payload, const json_t *blocks, const char *view_id)
{
    const char *action_id = act_string(a, "action_id", ""), *block_id = NULL;
    const json_t *element = find_element(blocks, action_id, &block_id);
    char trigger[VIEWS_TRIGGER];

    if (!element) {
        a->error = "no_such_action";
        json_decref(payload);
        return;
    }
    views_trigger_new(a->f, a->user->id, view_id, trigger);
    (void)json_object_set_new(payload, "trigger_id", json_string(trigger)); /* payload is one */
    (void)json_object_set_new(payload, "actions",
                              json_pack("[o]", action_new(a, element, block_id)));
    (void)json_object_set_new(a->out, "trigger_id", json_string(trigger)); /* so is out */
    act_send(a, "interactive", payload);
}

/* Member of the message in a click: metadata comes without its payload. */
static json_t *message_new(const struct message *m)
{
    struct buf b = {0};

    store_write(&b, m, STORE_NO_METADATA);
    json_t *o = json_loadb(b.p, b.len, 0, NULL);
    buf_done(&b);
    if (m->metadata)
        (void)json_object_set_new(o, "metadata", json_object()); /* o parsed */
    return o;
}

static void click_message(struct act *a)
{
    const char *id = act_string(a, "channel", NULL), *want = act_string(a, "ts", "last");
    struct channel *ch = id ? store_channel(a->f, id, false) : store_dm(a->f, a->user->id);
    char ts[24], url[HOOKS_URL];

    if (!ch) {
        a->error = "channel_not_found";
        return;
    }
    struct message *m = strcmp(want, "last") == 0 ? store_last_by_bot(ch) : store_find(ch, want);
    if (!m) {
        a->error = "no_such_message";
        return;
    }
    util_ts_text(m->ts, ts);
    hooks_new(a->f, ch, m, url);
    json_t *payload = payload_new(a, "block_actions"), *message = message_new(m);
    json_t *rest = json_pack("{s:{s:s,s:s,s:s,s:b},s:{s:s,s:s},s:O,s:o,s:s}", "container", "type",
                             "message", "message_ts", ts, "channel_id", ch->id, "is_ephemeral",
                             m->ephemeral, "channel", "id", ch->id, "name", ch->name, "message",
                             message, "state", state_new(a), "response_url", url);
    (void)json_object_update(payload, rest); /* two objects */
    json_decref(rest);
    send_click(a, payload, json_object_get(message, "blocks"), NULL);
    json_decref(message);
}

/* The open view the request names, or the one on top. */
static struct view *view_of(struct act *a)
{
    const char *id = act_string(a, "view_id", "last");
    struct view *v = strcmp(id, "last") == 0 ? views_top(&a->f->views, a->user->id)
                                             : views_find(&a->f->views, id);

    if (!v || !v->open || strcmp(v->user, a->user->id) != 0) {
        a->error = "no_such_view";
        return NULL;
    }
    util_copy(a->view_id, sizeof a->view_id, v->id);
    return v;
}

static void click_view(struct act *a)
{
    const struct view *v = view_of(a);

    if (!v)
        return;
    const json_t *values = json_object_get(a->in, "values");
    json_t *payload = payload_new(a, "block_actions");
    json_t *view = views_object_new(v, values ? json_deep_copy(values) : NULL);
    json_t *rest =
        json_pack("{s:{s:s,s:s},s:O}", "container", "type", "view", "view_id", v->id, "view", view);
    (void)json_object_update(payload, rest); /* two objects */
    json_decref(rest);
    send_click(a, payload, json_object_get(view, "blocks"), v->id);
    json_decref(view);
}

void act_click(struct act *a)
{
    if (json_object_get(a->in, "view_id"))
        click_view(a);
    else
        click_message(a);
}

/* One state value; a bare string or list becomes what the element would report. */
static json_t *value_new(const json_t *element, const json_t *given)
{
    if (json_is_object(given))
        return json_deep_copy(given);
    json_t *v = json_pack("{s:O?}", "type", json_object_get(element, "type"));
    json_t *bare = json_pack("{s:O?,s:O?}", "type", json_object_get(element, "type"), "options",
                             json_object_get(element, "options"));
    set_choice(v, bare, given);
    if (!given && json_object_size(v) == 1)
        (void)json_object_set_new(v, "value", json_null()); /* v is an object */
    json_decref(bare);
    return v;
}

/* All inputs of the view, those left empty too. NULL: the view has none. */
static json_t *values_new(const struct view *v, const json_t *given)
{
    json_t *values = json_object(), *b;
    size_t i;

    json_array_foreach(json_object_get(v->content, "blocks"), i, b)
    {
        const json_t *e = json_object_get(b, "element");
        const char *block = json_string_value(json_object_get(b, "block_id"));
        const char *action = json_string_value(json_object_get(e, "action_id"));
        if (!block || !action)
            continue;
        const json_t *g = json_object_get(json_object_get(given, block), action);
        (void)json_object_set_new(values, block, json_pack("{s:o}", action, value_new(e, g)));
    }
    if (json_object_size(values) > 0)
        return values;
    json_decref(values);
    return NULL;
}

static void on_submit_ack(struct fake *f, const char *view_id, const char *channel,
                          const json_t *ack)
{
    const char *action = json_string_value(json_object_get(ack, "response_action"));
    json_t *content = json_object_get(ack, "view");
    struct view *v = views_find(&f->views, view_id);
    char problem[BLOCKS_PROBLEM];

    (void)channel; /* views have none */
    if (!v)
        return;
    bool shows = action && (strcmp(action, "update") == 0 || strcmp(action, "push") == 0);
    if (shows && blocks_check_view(content, BLOCKS_MODAL, problem))
        return; /* Slack shows an error and leaves the view as it is */
    if (!action)
        v->open = false;
    else if (strcmp(action, "clear") == 0)
        views_close_stack(&f->views, v);
    else if (strcmp(action, "update") == 0)
        views_replace(v, content);
    else if (strcmp(action, "push") == 0)
        (void)views_add(f, v->user, content, v); /* found again as the top view */
}

void act_submit(struct act *a)
{
    struct view *v = view_of(a);
    char trigger[VIEWS_TRIGGER];

    if (!v)
        return;
    a->on_ack = on_submit_ack;
    a->wait = !json_is_false(json_object_get(a->in, "wait"));
    views_trigger_new(a->f, a->user->id, v->id, trigger);
    json_t *payload = payload_new(a, "view_submission");
    json_t *values = values_new(v, json_object_get(a->in, "values"));
    json_t *rest = json_pack("{s:s,s:o,s:[]}", "trigger_id", trigger, "view",
                             views_object_new(v, values), "response_urls");
    (void)json_object_update(payload, rest); /* two objects */
    json_decref(rest);
    (void)json_object_set_new(a->out, "view_id", json_string(v->id)); /* out is an object */
    act_send(a, "interactive", payload);
}

void act_close(struct act *a)
{
    struct view *v = view_of(a);

    if (!v)
        return;
    bool cleared = json_is_true(json_object_get(a->in, "clear"));
    v->open = false;
    if (cleared)
        views_close_stack(&a->f->views, v);
    if (!json_is_true(json_object_get(v->content, "notify_on_close")))
        return;
    json_t *payload = payload_new(a, "view_closed");
    json_t *rest = json_pack("{s:o,s:b}", "view", views_object_new(v, NULL), "is_cleared", cleared);
    (void)json_object_update(payload, rest); /* two objects */
    json_decref(rest);
    act_send(a, "interactive", payload);
}
