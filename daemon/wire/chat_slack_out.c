#include <string.h>

#include "base/jsonw.h"
#include "wire/chat_slack.h"

enum { SLACK_CONTEXT_POINTS = 1900, SLACK_SEND_WAIT_MS = 2500 };

/* Parts that never change are written as they stand: half the cost of a post lies here. */
static inline void put(struct jsonw *json, const char *fragment)
{
    strbuf_add(json->out, fragment, strlen(fragment));
}

/* Nothing of a person's or the CRM's can mention anybody: & < > are entities, verbatim switches
 * off the guessing of names, link_names and parse are off.
 * Source: "Formatting text for app surfaces", escaping and disabling automatic parsing. */
static void mrkdwn(struct jsonw *json, const char *escaped)
{
    put(json, "{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":");
    jsonw_quote(json->out, escaped);
    put(json, "}");
}

struct buttons {
    struct slack *slack;
    struct jsonw *json;
    struct wire_out *out;
    const struct message *message;
    const char *key; /* that the clicks will name */
    int count;
};

static void add_button(struct buttons *all, const struct button *button, const char *label,
                       const char *value)
{
    char action[SLACK_ID_BYTES] = {(char)('0' + all->count / 10), (char)('0' + all->count % 10),
                                   '-'};
    strncpy(action + 3, button->id, sizeof(action) - 4);
    all->count++;
    jsonw_object(all->json, NULL);
    put(all->json, "\"type\":\"button\",\"action_id\":");
    jsonw_quote(all->json->out, action);
    put(all->json, ",\"text\":{\"type\":\"plain_text\",\"emoji\":false,\"text\":");
    jsonw_quote(all->json->out, wire_cut(all->out, label, SLACK_LABEL_POINTS));
    put(all->json, "},\"value\":");
    jsonw_quote(all->json->out, value);
    if (button->primary)
        put(all->json, ",\"style\":\"primary\"");
    jsonw_object_end(all->json);
}

/* One button for each choice; all the same, none is better. */
static void add_choices(struct buttons *all, const struct button *button,
                        const struct input_choice *choices, int count)
{
    struct button plain = *button;
    plain.primary = false;
    for (int i = 0; i < count; i++)
        add_button(
            all, &plain, str_empty(choices[i].label) ? "-" : choices[i].label,
            slack_button_value(all->slack, all->out, all->key, button->id, choices[i].value, NULL));
}

static void add_for(struct buttons *all, const struct button *button)
{
    const struct input *input = &all->message->input;
    const struct input_choice *choices = NULL;
    bool wants = message_wants_input(all->message, button);
    int count = wants ? input_choices(input, &all->out->arena, &choices) : 0;
    if (count > 0 && count <= SLACK_DIRECT_CHOICES)
        add_choices(all, button, choices, count);
    else
        add_button(all, button, str_empty(button->label) ? button->id : button->label,
                   slack_button_value(all->slack, all->out, all->key, button->id, NULL,
                                      wants ? input : NULL));
}

/* A message with an input but no button that leads to it gets one. */
static bool lacks_answer(const struct message *message)
{
    for (int i = 0; i < message->button_count; i++) {
        if (message_wants_input(message, &message->buttons[i]))
            return false;
    }
    return message->input.present;
}

static void actions_block(struct buttons *all)
{
    static const struct button answer = {"answer", "Answer", true};
    bool lacks = lacks_answer(all->message);
    if (all->message->button_count == 0 && !lacks)
        return;
    jsonw_object(all->json, NULL);
    put(all->json, "\"type\":\"actions\",\"block_id\":\"actions\",");
    jsonw_array(all->json, "elements");
    if (lacks)
        add_for(all, &answer);
    for (int i = 0; i < all->message->button_count; i++)
        add_for(all, &all->message->buttons[i]);
    jsonw_array_end(all->json);
    jsonw_object_end(all->json);
}

static void text_and_blocks(struct slack *slack, struct jsonw *json, struct wire_out *out,
                            const struct message *message, const char *key)
{
    struct buttons all = {slack, json, out, message, key, 0};
    strbuf_clear(&slack->part);
    slack_escape(&slack->part, message->text, SLACK_SECTION_POINTS);
    jsonw_text(json, "text", strbuf_text(&slack->part));
    jsonw_array(json, "blocks");
    jsonw_object(json, NULL);
    put(json, "\"type\":\"section\",\"block_id\":\"text\",\"text\":");
    mrkdwn(json, strbuf_text(&slack->part));
    jsonw_object_end(json);
    if (!str_empty(message->reader)) {
        strbuf_clear(&slack->part);
        slack_escape(&slack->part, message->reader, SLACK_CONTEXT_POINTS);
        jsonw_object(json, NULL);
        put(json, "\"type\":\"context\",\"elements\":[");
        mrkdwn(json, strbuf_text(&slack->part));
        put(json, "]");
        jsonw_object_end(json);
    }
    actions_block(&all);
    jsonw_array_end(json);
}

static void post_body(struct slack *slack, struct jsonw *json, struct wire_out *out,
                      const struct message *message, const char *to)
{
    jsonw_text(json, "channel", to);
    text_and_blocks(slack, json, out, message, message->key);
    put(json, ",\"metadata\":{\"event_type\":\"gritd\",\"event_payload\":{\"k\":");
    jsonw_quote(json->out, message->key);
    put(json, "}},\"unfurl_links\":false,\"unfurl_media\":false");
}

static void update_body(struct slack *slack, struct jsonw *json, struct wire_out *out,
                        const struct message *message, const struct chat_place *place)
{
    jsonw_text(json, "channel", place->channel);
    jsonw_text(json, "ts", place->platform_id);
    text_and_blocks(slack, json, out, message, message->target);
}

static void reject(struct wire_out *out, const struct message *message, const char *why)
{
    wire_result(out,
                &(struct chat_result){.key = message->key, .outcome = CHAT_REJECTED, .error = why});
}

/* Why this cannot be written down as a request, or NULL. */
static const char *impossible(const struct message *message, const struct chat_place *place)
{
    if (str_empty(message->text))
        return "(no text)";
    if (message->op == MESSAGE_UPDATE &&
        (str_empty(place->channel) || str_empty(place->platform_id)))
        return "(message to change was never posted)";
    if (str_empty(place->channel) && str_empty(place->user))
        return "(no Slack id of the person)";
    return NULL;
}

void slack_encode_send(void *state, const struct message *message, const struct chat_place *place,
                       msec_t now, struct wire_out *out)
{
    struct slack *slack = state;
    bool update = message->op == MESSAGE_UPDATE;
    const char *to = str_empty(place->channel) ? place->user : place->channel;
    const char *why = impossible(message, place);
    struct jsonw json;
    (void)now; /* Slack stamps messages itself */
    if (why) {
        reject(out, message, why);
        return;
    }
    strbuf_clear(&slack->scratch);
    jsonw_begin(&json, &slack->scratch);
    jsonw_object(&json, NULL);
    if (update)
        update_body(slack, &json, out, message, place);
    else
        post_body(slack, &json, out, message, to);
    put(&json, ",\"link_names\":false,\"parse\":\"none\"");
    jsonw_object_end(&json);
    if (slack->scratch.overflow) {
        reject(out, message, "(message too large)");
        return;
    }
    struct wire_request *request = slack_request(slack, update ? SLACK_UPDATE : SLACK_POST, out);
    request->content_type = "application/json; charset=utf-8";
    slack_request_body(slack, request, out);
    request->channel = update ? NULL : arena_strdup(&out->arena, to);
    request->max_wait_ms = SLACK_SEND_WAIT_MS;
    const struct wire_tag tag = {.kind = update ? SLACK_TAG_UPDATE : SLACK_TAG_POST,
                                 .key = message->key,
                                 .channel = update ? place->channel : NULL,
                                 .more = update ? place->platform_id : NULL};
    slack_request_tag(request, &tag, out);
}

static enum chat_outcome outcome_of(const struct slack_answer *answer, bool update)
{
    switch (answer->class) {
    case SLACK_STOP:
    case SLACK_LATER:
    case SLACK_LIMITED:
    case SLACK_NEW:
        return CHAT_RETRY;
    case SLACK_REFUSED:
        return CHAT_REJECTED;
    case SLACK_UNSURE:
        break;
    }
    /* Changing a message twice to the same words does no harm, and no look-up could tell. */
    return update ? CHAT_RETRY : CHAT_UNKNOWN;
}

void slack_send_reply(struct slack *slack, const struct wire_tag *tag,
                      const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    bool update = tag->kind == SLACK_TAG_UPDATE;
    slack_answer_read(slack, reply, update ? SLACK_UPDATE : SLACK_POST, out, &answer);
    struct chat_result result = {.key = tag->key, .error = answer.error};
    if (answer.ok && update) {
        result.outcome = CHAT_SENT;
        result.channel = tag->channel;
        result.platform_id = tag->more;
    } else if (answer.ok && answer.channel[0] && answer.ts[0]) {
        result.outcome = CHAT_SENT;
        result.channel = answer.channel;
        result.platform_id = answer.ts;
    } else if (answer.ok) {
        result.outcome = CHAT_UNKNOWN; /* a success that names no message proves nothing */
        result.error = "(ok, but no message id)";
    } else {
        result.outcome = outcome_of(&answer, update);
        result.retry_after_ms = result.outcome == CHAT_RETRY ? answer.wait_ms : 0;
    }
    wire_result(out, &result);
}
