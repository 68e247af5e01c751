#include <string.h>

#include "wire/chat_slack.h"

/* A message's key and a button's id are short and plain; anything else was not made by us. */
static bool is_ours(const json_t *value)
{
    const char *key = slack_id(value, "k");
    return key && slack_id(value, "b") &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-_.:")] == '\0';
}

static json_t *read_value(const char *text)
{
    json_t *value = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (is_ours(value))
        return value;
    json_decref(value);
    return NULL;
}

static void add_click(const struct slack_in *in, const char *user, const json_t *value,
                      const char *text, const char *id, msec_t time)
{
    struct event *click = slack_event(in, EVENT_CLICKED, time, "{\"response_action\":\"clear\"}");
    click->id = id;
    click->chat = arena_strdup(&in->out->arena, user);
    click->message = arena_strdup(&in->out->arena, slack_member(value, "k"));
    click->button = arena_strdup(&in->out->arena, slack_member(value, "b"));
    click->text = str_empty(text) ? NULL : wire_cut(in->out, text, SLACK_ANSWER_POINTS);
}

static void open_form(const struct slack_in *in, const char *body)
{
    struct wire_request *request = slack_request(in->slack, SLACK_VIEW, in->out);
    request->content_type = "application/json; charset=utf-8";
    request->body = body;
    request->len = strlen(body);
    request->max_wait_ms = 2000; /* a trigger lives 3 s */
    request->tag.kind = SLACK_TAG_VIEW;
}

/* The ack must not carry a payload here. Source: slack docs, "Handling user interaction". */
static void on_action(const struct slack_in *in, const char *user, const json_t *action)
{
    struct slack_in plain = *in;
    plain.accepts = false;
    json_t *value = read_value(slack_member(action, "value"));
    const char *stamp = slack_id(action, "action_ts");
    const char *trigger = slack_member(in->payload, "trigger_id");
    const char *question = slack_member(json_object_get(in->payload, "message"), "text");
    const char *form =
        value && trigger ? slack_form_body(in->slack, value, trigger, question, in->out) : NULL;
    if (!value) {
        slack_ignore(in, SLACK_COUNT_FOREIGN_CLICK);
    } else if (form) {
        slack_ignore(in, SLACK_COUNT_FORM_ASKED);
        open_form(in, form);
    } else {
        msec_t time = in->now;
        (void)slack_time(stamp, &time); /* else now */
        add_click(&plain, user, value, slack_member(value, "v"),
                  arena_printf(&in->out->arena, "click:%s:%s", user, stamp ? stamp : in->envelope),
                  time);
    }
    json_decref(value);
}

/* What stands in one field, whatever kind it is. */
static const char *field_text(const json_t *field)
{
    static const char *const direct[] = {"value", "selected_date", "selected_time"};
    for (size_t i = 0; i < sizeof(direct) / sizeof(direct[0]); i++) {
        const char *text = slack_member(field, direct[i]);
        if (text)
            return text;
    }
    return slack_member(json_object_get(field, "selected_option"), "value");
}

/* Our forms have one field. "values" is an empty array when there is none. */
static const char *form_text(json_t *values)
{
    const char *name;
    json_t *block;
    json_object_foreach(values, name, block)
    {
        json_t *field;
        json_object_foreach(block, name, field)
        {
            const char *text = field_text(field);
            if (text)
                return text;
        }
    }
    return NULL;
}

static void on_submission(const struct slack_in *in, const char *user)
{
    const json_t *view = json_object_get(in->payload, "view");
    const char *id = slack_id(view, "id");
    json_t *value = read_value(slack_member(view, "private_metadata"));
    const char *text = form_text(json_object_get(json_object_get(view, "state"), "values"));
    if (!value || !id)
        slack_ignore(in, SLACK_COUNT_FOREIGN_CLICK);
    else
        add_click(in, user, value, text, arena_printf(&in->out->arena, "view:%s", id), in->now);
    json_decref(value);
}

void slack_interactive(const struct slack_in *in)
{
    const char *type = slack_member(in->payload, "type");
    const char *user = slack_id(json_object_get(in->payload, "user"), "id");
    const json_t *action = json_array_get(json_object_get(in->payload, "actions"), 0);
    if (user && action && str_eq(type, "block_actions"))
        on_action(in, user, action);
    else if (user && str_eq(type, "view_submission"))
        on_submission(in, user);
    else
        slack_ignore(in, SLACK_COUNT_IGNORED); /* view_closed, shortcuts, ... */
}
