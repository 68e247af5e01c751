#include <string.h>

#include "base/jsonw.h"
#include "wire/chat_slack.h"

/* Members of a button's value: k key, b button, v choice of a direct button; of one that opens a
 * form: t kind of input, l label, o options, d what stands in it at first. */
enum { CLOSING_BYTES = 8, PER_TEXT_BYTES = 16 };

/* Bytes of `text` once quoted. */
static size_t quoted_bytes(const char *text, size_t len)
{
    size_t bytes = 2;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t')
            bytes += 2;
        else
            bytes += c < 0x20 ? 6 : 1;
    }
    return bytes;
}

static size_t room(const struct strbuf *buf)
{
    size_t used = buf->len + CLOSING_BYTES;
    return used < SLACK_VALUE_BYTES ? SLACK_VALUE_BYTES - used : 0;
}

/* The draft in a field is shortened to what a button can carry. */
static void add_draft(struct jsonw *json, struct wire_out *out, const char *draft)
{
    size_t space = room(json->out);
    if (str_empty(draft) || space < 4 * PER_TEXT_BYTES)
        return;
    space -= PER_TEXT_BYTES;
    size_t points = space; /* a code point takes at least a byte */
    size_t len = utf8_prefix(draft, points);
    while (quoted_bytes(draft, len) > space) {
        points -= (quoted_bytes(draft, len) - space) / 6 + 1;
        len = utf8_prefix(draft, points);
    }
    jsonw_text(json, "d", arena_strndup(&out->arena, draft, len));
}

static void add_options(struct jsonw *json, struct wire_out *out, const struct input *input)
{
    const struct input_choice *choices = NULL;
    int count = input_choices(input, &out->arena, &choices);
    if (count == 0 || input->type == ANSWER_SCALE || input->type == ANSWER_YES_NO)
        return; /* made anew from min, max and the kind */
    jsonw_array(json, "o");
    for (int i = 0; i < count; i++) {
        const char *text = wire_cut(out, choices[i].value, SLACK_LABEL_POINTS);
        if (quoted_bytes(text, strlen(text)) + 1 > room(json->out))
            break;
        jsonw_text(json, NULL, text);
    }
    jsonw_array_end(json);
}

const char *slack_button_value(struct slack *slack, struct wire_out *out, const char *key,
                               const char *button, const char *choice, const struct input *input)
{
    struct jsonw json;
    strbuf_clear(&slack->part);
    jsonw_begin(&json, &slack->part);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "k", key);
    jsonw_text(&json, "b", button);
    jsonw_text_opt(&json, "v", choice);
    if (input) {
        jsonw_text(&json, "t", chat_input_kind(input->type));
        if (input->label)
            jsonw_text(&json, "l", wire_cut(out, input->label, SLACK_LABEL_POINTS));
        if (input->type == ANSWER_SCALE) {
            jsonw_int(&json, "n", input->min);
            jsonw_int(&json, "x", input->max);
        }
        add_options(&json, out, input);
        add_draft(&json, out, input->value);
    }
    jsonw_object_end(&json);
    return strbuf_text(&slack->part);
}

static void plain_text(struct jsonw *json, const char *key, const char *text)
{
    jsonw_object(json, key);
    jsonw_text(json, "type", "plain_text");
    jsonw_text(json, "text", text);
    jsonw_object_end(json);
}

static void option(struct jsonw *json, const char *key, const struct input_choice *choice)
{
    jsonw_object(json, key);
    plain_text(json, "text", choice->label);
    jsonw_text(json, "value", choice->value);
    jsonw_object_end(json);
}

/* What slack_button_value wrote, as an input again. */
static struct input read_input(const json_t *value, struct wire_out *out)
{
    size_t i;
    const json_t *text, *options = json_object_get(value, "o");
    size_t count = json_array_size(options);
    struct input input = {.label = slack_member(value, "l"), .value = slack_member(value, "d")};
    int kind = chat_input_kind_find(slack_member(value, "t"));
    input.present = kind >= 0;
    input.type = kind >= 0 ? (enum answer_type)kind : ANSWER_TEXT;
    input.min = (int)json_integer_value(json_object_get(value, "n"));
    input.max = (int)json_integer_value(json_object_get(value, "x"));
    if (count == 0 || count > INPUT_CHOICES_MAX)
        return input;
    input.choices = arena_alloc(&out->arena, count * sizeof(*input.choices));
    json_array_foreach(options, i, text)
    {
        if (!str_empty(json_string_value(text)))
            input.choices[input.choice_count++] = json_string_value(text);
    }
    return input;
}

static bool is_date(const char *text)
{
    static const char form[] = "0000-00-00";
    if (!text || strlen(text) != sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    }
    return true;
}

static void element(struct jsonw *json, struct wire_out *out, const struct input *input)
{
    const struct input_choice *choices = NULL;
    int count = input_choices(input, &out->arena, &choices), chosen = -1;
    jsonw_object(json, "element");
    jsonw_text(json, "action_id", "value");
    if (count > 0) {
        jsonw_text(json, "type", "static_select");
        jsonw_array(json, "options");
        for (int i = 0; i < count; i++) {
            option(json, NULL, &choices[i]);
            if (str_eq(choices[i].value, input->value))
                chosen = i;
        }
        jsonw_array_end(json);
        if (chosen >= 0)
            option(json, "initial_option", &choices[chosen]);
    } else if (input->type == ANSWER_DATE) {
        jsonw_text(json, "type", "datepicker");
        if (is_date(input->value))
            jsonw_text(json, "initial_date", input->value);
    } else {
        jsonw_text(json, "type", "plain_text_input");
        jsonw_bool(json, "multiline", true);
        jsonw_int(json, "max_length", SLACK_ANSWER_POINTS);
        jsonw_text_opt(json, "initial_value", input->value);
    }
    jsonw_object_end(json);
}

/* The message's own words above the field. They come back escaped and are escaped anew, so that
 * what a foreign hand put between cannot mention anybody either. */
static void question_block(struct slack *slack, struct jsonw *json, struct wire_out *out,
                           const char *question)
{
    if (str_empty(question))
        return;
    strbuf_clear(&slack->part);
    slack_escape(&slack->part, slack_unescape(&out->arena, question), SLACK_SECTION_POINTS);
    jsonw_object(json, NULL);
    jsonw_text(json, "type", "section");
    jsonw_object(json, "text");
    jsonw_text(json, "type", "mrkdwn");
    jsonw_text(json, "text", strbuf_text(&slack->part));
    jsonw_bool(json, "verbatim", true);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static const char *private_metadata(struct slack *slack, const json_t *value, struct wire_out *out)
{
    return slack_button_value(slack, out, slack_member(value, "k"), slack_member(value, "b"), NULL,
                              NULL);
}

const char *slack_form_body(struct slack *slack, const json_t *value, const char *trigger,
                            const char *question, struct wire_out *out)
{
    struct strbuf *body = &slack->scratch;
    struct jsonw json;
    const struct input input = read_input(value, out);
    if (!input.present)
        return NULL;
    strbuf_clear(body);
    jsonw_begin(&json, body);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "trigger_id", trigger);
    jsonw_object(&json, "view");
    jsonw_text(&json, "type", "modal");
    jsonw_text(&json, "callback_id", "gritd");
    jsonw_text(&json, "private_metadata", private_metadata(slack, value, out));
    plain_text(&json, "title", "Your answer");
    plain_text(&json, "submit", "Send");
    plain_text(&json, "close", "Cancel");
    jsonw_array(&json, "blocks");
    question_block(slack, &json, out, question);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "type", "input");
    jsonw_text(&json, "block_id", "answer");
    plain_text(&json, "label", str_empty(input.label) ? "Your answer" : input.label);
    element(&json, out, &input);
    jsonw_object_end(&json);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    jsonw_object_end(&json);
    return arena_strndup(&out->arena, strbuf_text(body), body->len);
}
