/* A message as a post: text, buttons or numbers, the key it is found by. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/jsonw.h"
#include "wire/chat.h"
#include "wire/mattermost_act.h"

enum { SIGNED_BYTES = 16 };

void mm_sign(const char *secret, const char *key, const char *button, const char *choice,
             const char *user, char ret[MM_SIGN_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    const char *const parts[] = {key, button, choice, user};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned bytes = 0;
    struct strbuf text = {0};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *part = parts[i] ? parts[i] : "";
        strbuf_printf(&text, "%zu:%s", strlen(part), part); /* where one ends is signed, too */
    }
    (void)HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text.data,
               text.len, digest, &bytes); /* fails only for unknown digests */
    strbuf_done(&text);
    for (size_t i = 0; i < SIGNED_BYTES; i++) {
        ret[2 * i] = digits[digest[i] >> 4];
        ret[2 * i + 1] = digits[digest[i] & 15];
    }
    ret[MM_SIGN_BYTES - 1] = '\0';
}

/* --- buttons --- */

struct buttons {
    struct mattermost *mm;
    struct jsonw json;
    struct wire_out *out;
    const struct message *message;
    const char *key, *user;
    int count;
};

static void label_text(struct buttons *all, const char *key, const char *label)
{
    strbuf_clear(&all->mm->part);
    mm_disarm(&all->mm->part, str_empty(label) ? "-" : label, MM_LABEL_POINTS);
    jsonw_text(&all->json, key, strbuf_text(&all->mm->part));
}

/* What comes back with the click. form: a kind of input to be asked for first. */
static void integration(struct buttons *all, const char *button, const char *choice,
                        const char *form)
{
    struct jsonw *json = &all->json;
    char sign[MM_SIGN_BYTES];
    mm_sign(all->mm->secret, all->key, button, choice, all->user, sign);
    jsonw_object(json, "integration");
    jsonw_text(json, "url", all->mm->actions);
    jsonw_object(json, "context");
    jsonw_text(json, "k", all->key);
    jsonw_text(json, "b", button);
    jsonw_text_opt(json, "v", choice);
    jsonw_text_opt(json, "u", all->user);
    jsonw_text(json, "s", sign);
    if (form) {
        jsonw_text(json, "f", form);
        jsonw_text_opt(json, "l", wire_cut(all->out, all->message->input.label, MM_LABEL_POINTS));
    }
    jsonw_object_end(json);
    jsonw_object_end(json);
}

/* Ids of actions have letters and digits only: with any other sign the button does nothing. */
static void begin_action(struct buttons *all, const char *type, const char *label)
{
    const char *id = arena_printf(&all->out->arena, "b%d", all->count++);
    jsonw_object(&all->json, NULL);
    jsonw_text(&all->json, "id", id);
    jsonw_text(&all->json, "type", type);
    label_text(all, "name", label);
}

static void add_button(struct buttons *all, const struct button *button, const char *label,
                       const char *choice, const char *form)
{
    begin_action(all, "button", label);
    if (button->primary && !choice) /* of choices none is better */
        jsonw_text(&all->json, "style", "primary");
    integration(all, button->id, choice, form);
    jsonw_object_end(&all->json);
}

static void add_select(struct buttons *all, const struct button *button,
                       const struct input_choice *choices, int count)
{
    begin_action(all, "select", button->label);
    jsonw_array(&all->json, "options");
    for (int i = 0; i < count; i++) {
        jsonw_object(&all->json, NULL);
        label_text(all, "text", choices[i].label);
        jsonw_text(&all->json, "value", choices[i].value);
        jsonw_object_end(&all->json);
    }
    jsonw_array_end(&all->json);
    integration(all, button->id, NULL, NULL);
    jsonw_object_end(&all->json);
}

static void add_for(struct buttons *all, const struct button *button)
{
    const struct input *input = &all->message->input;
    const struct input_choice *choices = NULL;
    bool wants = message_wants_input(all->message, button);
    int count = wants ? input_choices(input, &all->out->arena, &choices) : 0;
    if (count > MM_DIRECT_CHOICES) {
        add_select(all, button, choices, count);
        return;
    }
    for (int i = 0; i < count; i++)
        add_button(all, button, choices[i].label, choices[i].value, NULL);
    if (count == 0)
        add_button(all, button, str_empty(button->label) ? button->id : button->label, NULL,
                   wants ? chat_input_kind(input->type) : NULL);
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

void mm_buttons_write(struct mattermost *mm, const struct message *message, const char *key,
                      const char *user, struct strbuf *to, struct wire_out *out)
{
    static const struct button answer = {"answer", "Answer", true};
    struct buttons all = {.mm = mm, .out = out, .message = message, .key = key, .user = user};
    bool lacks = lacks_answer(message);
    jsonw_begin(&all.json, to);
    strbuf_puts(to, ",\"attachments\":");
    jsonw_array(&all.json, NULL);
    if (message->button_count > 0 || lacks) {
        jsonw_object(&all.json, NULL);
        jsonw_array(&all.json, "actions");
        if (lacks)
            add_for(&all, &answer);
        for (int i = 0; i < message->button_count; i++)
            add_for(&all, &message->buttons[i]);
        jsonw_array_end(&all.json);
        jsonw_object_end(&all.json);
    }
    jsonw_array_end(&all.json);
}

/* --- the whole --- */

/* Who will read the answer stands in its own line, in italics. */
static void add_reader(struct strbuf *to, const char *reader)
{
    if (str_empty(reader) || strchr(reader, '\n'))
        return;
    strbuf_puts(to, "\n\n_");
    mm_escape(to, reader, MM_TEXT_POINTS / 8);
    strbuf_puts(to, "_");
}

static void add_text(struct mattermost *mm, const struct message *message, struct wire_out *out)
{
    struct strbuf plain = {0};
    strbuf_clear(&mm->part);
    if (mm->actions) {
        mm_escape(&mm->part, message->text, MM_TEXT_POINTS / 2);
        add_reader(&mm->part, message->reader);
        return;
    }
    chat_plain(message, MM_TEXT_POINTS / 2, &out->arena, &plain);
    mm_escape(&mm->part, strbuf_text(&plain), MM_TEXT_POINTS);
    strbuf_done(&plain);
}

void mm_post_members(struct mattermost *mm, const struct message *message, const char *key,
                     const char *user, struct wire_out *out)
{
    add_text(mm, message, out);
    strbuf_clear(&mm->scratch);
    strbuf_puts(&mm->scratch, ",\"message\":");
    jsonw_quote(&mm->scratch, strbuf_text(&mm->part));
    if (message->op == MESSAGE_POST) { /* short-lived in the server, so not only this one */
        strbuf_puts(&mm->scratch, ",\"pending_post_id\":");
        jsonw_quote(&mm->scratch, arena_printf(&out->arena, "%s:%s", mm->id, message->key));
    }
    /* the three switch off every way in which a post of a bot could mention somebody */
    strbuf_puts(&mm->scratch, ",\"props\":{\"disable_mentions\":true,\"disable_group_highlight\":"
                              "true,\"mentionHighlightDisabled\":true,\"gritd_k\":");
    jsonw_quote(&mm->scratch, key);
    if (mm->actions)
        mm_buttons_write(mm, message, key, user, &mm->scratch, out);
    strbuf_puts(&mm->scratch, "}");
}
