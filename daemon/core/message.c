#include "core/message.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"

/* Words of ours and of others, without what would turn the order of those beside them. */
static void encode_words(struct jsonw *json, const char *name, const char *words)
{
    size_t turned = words ? utf8_turner(words) : 0;
    if (!words || !words[turned]) {
        jsonw_text_opt(json, name, words);
        return;
    }
    struct strbuf kept = {0};
    for (; *words; words += turned + (words[turned] ? UTF8_TURNER_BYTES : 0)) {
        turned = utf8_turner(words);
        strbuf_add(&kept, words, turned);
    }
    jsonw_text(json, name, strbuf_text(&kept));
    strbuf_done(&kept);
}

static void encode_input(struct jsonw *json, const struct input *input)
{
    jsonw_object(json, "input");
    jsonw_int(json, "type", input->type);
    encode_words(json, "label", input->label);
    encode_words(json, "value", input->value);
    jsonw_int(json, "min", input->min);
    jsonw_int(json, "max", input->max);
    jsonw_array(json, "choices");
    for (int i = 0; i < input->choice_count; i++)
        jsonw_text(json, NULL, input->choices[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

void message_encode(const struct message *message, struct strbuf *out)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "op", message->op);
    jsonw_text_opt(&json, "key", message->key);
    jsonw_text_opt(&json, "target", message->target);
    jsonw_text_opt(&json, "to", message->to);
    jsonw_text_opt(&json, "rule", message->rule);
    jsonw_text_opt(&json, "rep", message->rep);
    jsonw_text_opt(&json, "deal", message->deal);
    encode_words(&json, "text", message->text);
    encode_words(&json, "reader", message->reader);
    jsonw_array(&json, "buttons");
    for (int i = 0; i < message->button_count; i++) {
        jsonw_object(&json, NULL);
        jsonw_text(&json, "id", message->buttons[i].id);
        encode_words(&json, "label", message->buttons[i].label);
        jsonw_bool(&json, "primary", message->buttons[i].primary);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    if (message->input.present)
        encode_input(&json, &message->input);
    jsonw_int(&json, "at", message->at);
    jsonw_int(&json, "due", message->due);
    jsonw_int(&json, "expires", message->expires);
    jsonw_int(&json, "priority", message->priority);
    jsonw_int(&json, "unknown", message->unknown);
    jsonw_bool(&json, "reply", message->reply);
    if (message->sign_in)
        jsonw_bool(&json, "sign_in", true);
    jsonw_object_end(&json);
}

static const char *text_of(const json_t *object, const char *key, struct arena *arena)
{
    return arena_strdup(arena, json_string_value(json_object_get(object, key)));
}

static json_int_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void decode_input(const json_t *json, struct arena *arena, struct input *ret)
{
    if (!json_is_object(json))
        return;
    ret->present = true;
    ret->type = (enum answer_type)int_of(json, "type");
    ret->label = text_of(json, "label", arena);
    ret->value = text_of(json, "value", arena);
    ret->min = (int)int_of(json, "min");
    ret->max = (int)int_of(json, "max");
    const json_t *choices = json_object_get(json, "choices");
    size_t count = json_array_size(choices);
    ret->choices = arena_alloc(arena, (count + 1) * sizeof(*ret->choices));
    for (size_t i = 0; i < count; i++)
        ret->choices[i] = arena_strdup(arena, json_string_value(json_array_get(choices, i)));
    ret->choice_count = (int)count;
}

static void decode_buttons(const json_t *json, struct arena *arena, struct message *ret)
{
    for (size_t i = 0; i < json_array_size(json) && i < MESSAGE_BUTTONS_MAX; i++) {
        const json_t *button = json_array_get(json, i);
        ret->buttons[ret->button_count++] = (struct button){
            .id = text_of(button, "id", arena),
            .label = text_of(button, "label", arena),
            .primary = json_is_true(json_object_get(button, "primary")),
        };
    }
}

int message_decode(const char *text, struct arena *arena, struct err *err, struct message *ret)
{
    json_error_t why;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, EINVAL, "stored message is not readable: %s", why.text);
    }
    *ret = (struct message){
        .op = (enum message_op)int_of(root, "op"),
        .key = text_of(root, "key", arena),
        .target = text_of(root, "target", arena),
        .to = text_of(root, "to", arena),
        .rule = text_of(root, "rule", arena),
        .rep = text_of(root, "rep", arena),
        .deal = text_of(root, "deal", arena),
        .text = text_of(root, "text", arena),
        .reader = text_of(root, "reader", arena),
        .at = int_of(root, "at"),
        .due = int_of(root, "due"),
        .expires = int_of(root, "expires"),
        .priority = (int)int_of(root, "priority"),
        .unknown = (enum rule_unknown)int_of(root, "unknown"),
        .reply = json_is_true(json_object_get(root, "reply")),
        .sign_in = json_is_true(json_object_get(root, "sign_in")),
    };
    decode_buttons(json_object_get(root, "buttons"), arena, ret);
    decode_input(json_object_get(root, "input"), arena, &ret->input);
    json_decref(root);
    return 0;
}

/* Every text of a message, through one function: to measure it, then to copy it. */
static void each_text(struct message *m, void (*visit)(const char **text, void *user), void *user)
{
    const char **const texts[] = {&m->key,         &m->target,     &m->to,   &m->rule,
                                  &m->rep,         &m->deal,       &m->text, &m->reader,
                                  &m->input.label, &m->input.value};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        visit(texts[i], user);
    for (int i = 0; i < m->button_count; i++) {
        visit(&m->buttons[i].id, user);
        visit(&m->buttons[i].label, user);
    }
    for (int i = 0; i < m->input.choice_count; i++)
        visit(&m->input.choices[i], user);
}

static void measure(const char **text, void *user)
{
    if (*text)
        *(size_t *)user += strlen(*text) + 1;
}

static void move_text(const char **text, void *user)
{
    char **place = user;
    if (!*text)
        return;
    size_t size = strlen(*text) + 1;
    memcpy(*place, *text, size);
    *text = *place;
    *place += size;
}

struct message *message_dup(const struct message *message)
{
    struct message shallow = *message;
    size_t choices = (size_t)message->input.choice_count * sizeof(char *);
    size_t bytes = sizeof(shallow) + choices;
    each_text(&shallow, measure, &bytes);
    struct message *copy = xcalloc(1, bytes);
    *copy = *message;
    char *place = (char *)(copy + 1);
    if (choices) {
        memcpy(place, message->input.choices, choices);
        copy->input.choices = (const char **)(void *)place;
        place += choices;
    }
    each_text(copy, move_text, &place);
    return copy;
}
