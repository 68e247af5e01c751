/* Buttons, forms and words: what people did with a message. */
#include "wire/mattermost_act.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/jsonw.h"

enum { TITLE_POINTS = 24, DIALOG_TEXT_MAX = 2000 };

static const char *copy_of(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = mm_member(object, key);
    return str_empty(text) ? NULL : arena_strdup(arena, text);
}

/* What we wrote into a button or the state of a form. v of a select is chosen by the person. */
static int read_context(const struct mattermost *mm, const json_t *context, struct arena *arena,
                        struct err *err, struct mm_act *act)
{
    const char *choice = mm_member(context, "v"), *user = mm_member(context, "u");
    const char *sign = mm_member(context, "s");
    char good[MM_SIGN_BYTES];
    act->key = copy_of(arena, context, "k");
    act->button = copy_of(arena, context, "b");
    act->choice = copy_of(arena, context, choice ? "v" : "selected_option");
    act->form = copy_of(arena, context, "f");
    act->label = copy_of(arena, context, "l");
    if (!act->key || !act->button || !sign)
        return err_set(err, EINVAL, "not a button of ours");
    mm_sign(mm->secret, act->key, act->button, choice, user, good);
    if (strlen(sign) != strlen(good) || CRYPTO_memcmp(sign, good, strlen(good)) != 0)
        return err_set(err, EACCES, "the signature of the button is wrong");
    if (user && !str_eq(user, act->user))
        return err_set(err, EPERM, "the button belongs to somebody else");
    return 0;
}

static int read_form(const struct mattermost *mm, const json_t *tree, struct arena *arena,
                     struct err *err, struct mm_act *act)
{
    const char *state = mm_member(tree, "state");
    json_t *context = state ? json_loads(state, JSON_REJECT_DUPLICATES, NULL) : NULL;
    int r = read_context(mm, context, arena, err, act);
    const char *text = mm_member(json_object_get(tree, "submission"), "value");
    act->form = NULL; /* it was shown */
    act->submitted = true;
    act->trigger = copy_of(arena, context, "t");
    json_decref(context);
    act->cancelled = json_is_true(json_object_get(tree, "cancelled"));
    if (text)
        act->text = arena_strndup(arena, text, utf8_prefix(text, MM_ANSWER_POINTS));
    if (r == 0 && !act->cancelled && str_empty(text))
        return err_set(err, EINVAL, "the form is empty");
    return r;
}

int mm_act_read(const struct mattermost *mm, const char *body, size_t len, struct arena *arena,
                struct err *err, struct mm_act *ret)
{
    json_t *tree =
        len <= MM_CALL_BYTES ? json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    int r;
    *ret = (struct mm_act){.post = ""};
    ret->user = copy_of(arena, tree, "user_id");
    if (!ret->user) {
        r = err_set(err, EINVAL, "not a call of Mattermost");
    } else if (str_eq(mm_member(tree, "type"), "dialog_submission")) {
        r = read_form(mm, tree, arena, err, ret);
    } else {
        const char *post = copy_of(arena, tree, "post_id");
        ret->post = post ? post : "";
        ret->trigger = copy_of(arena, tree, "trigger_id");
        r = read_context(mm, json_object_get(tree, "context"), arena, err, ret);
    }
    json_decref(tree);
    return r;
}

static void form_state(struct mattermost *mm, const struct mm_act *act)
{
    struct jsonw json;
    char sign[MM_SIGN_BYTES], id[MM_SIGN_BYTES];
    mm_sign(mm->secret, act->key, act->button, NULL, act->user, sign);
    mm_sign(mm->secret, "form", act->trigger, NULL, act->user, id); /* what opens it is longer */
    strbuf_clear(&mm->part);
    jsonw_begin(&json, &mm->part);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "k", act->key);
    jsonw_text(&json, "b", act->button);
    jsonw_text(&json, "u", act->user);
    jsonw_text(&json, "s", sign);
    jsonw_text(&json, "t", id);
    jsonw_object_end(&json);
}

void mm_form_open(struct mattermost *mm, const struct mm_act *act, struct wire_out *out)
{
    struct wire_request *request = mm_request(mm, MM_DIALOG, "POST", "actions/dialogs/open", out);
    const char *label = wire_cut(out, act->label ? act->label : "Answer", TITLE_POINTS);
    bool date = str_eq(act->form, "date");
    struct jsonw json;
    form_state(mm, act);
    strbuf_clear(&mm->scratch);
    jsonw_begin(&json, &mm->scratch);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "trigger_id", act->trigger ? act->trigger : "");
    jsonw_text(&json, "url", mm->actions);
    jsonw_object(&json, "dialog");
    jsonw_text(&json, "callback_id", "gritd");
    jsonw_text(&json, "title", label);
    jsonw_text(&json, "state", strbuf_text(&mm->part));
    jsonw_array(&json, "elements");
    jsonw_object(&json, NULL);
    jsonw_text(&json, "display_name", label);
    jsonw_text(&json, "name", "value");
    jsonw_text(&json, "type", date ? "text" : "textarea");
    if (date) /* date fields are known to new servers only */
        jsonw_text(&json, "placeholder", "YYYY-MM-DD");
    else
        jsonw_int(&json, "max_length", DIALOG_TEXT_MAX);
    jsonw_object_end(&json);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    jsonw_object_end(&json);
    mm_request_body(mm, request, out);
    request->max_wait_ms = 2000; /* a trigger lives 3 s */
    request->tag.kind = MM_TAG_DIALOG;
}

/* A form that is sent twice, as the first answer was lost, is one gesture; so is a click. */
static const char *act_id(const struct mattermost *mm, const struct mm_act *act, msec_t now,
                          struct arena *arena)
{
    char id[MM_SIGN_BYTES];
    if (act->submitted && act->trigger)
        return arena_printf(arena, "form:%s", act->trigger);
    const char *trigger = act->trigger ? act->trigger : arena_printf(arena, "%lld", (long long)now);
    mm_sign(mm->secret, act->key, act->button, trigger, act->user, id);
    return arena_printf(arena, "click:%s", id);
}

void mm_act_event(const struct mattermost *mm, const struct mm_act *act, uint32_t conn, msec_t now,
                  struct wire_out *out)
{
    const char *value = act->text ? act->text : act->choice;
    if (act->cancelled || act->form)
        return;
    struct event *click = wire_event(out, conn, EVENT_CLICKED, now, conn ? "{}" : NULL);
    click->id = act_id(mm, act, now, &out->arena);
    click->source = mm->source;
    click->chat = arena_strdup(&out->arena, act->user);
    click->message = arena_strdup(&out->arena, act->key);
    click->button = arena_strdup(&out->arena, act->button);
    click->text = str_empty(value) ? NULL : wire_cut(out, value, MM_ANSWER_POINTS);
}

/* --- words --- */

bool mm_said(const struct mattermost *mm, const struct mm_post *post, uint32_t conn,
             struct wire_out *out)
{
    if (str_eq(post->user, mm->id) || post->robot || post->system || post->deleted ||
        str_empty(post->message))
        return false;
    struct event *said = wire_event(out, conn, EVENT_SAID, post->time, NULL);
    said->id = arena_strdup(&out->arena, post->id);
    said->source = mm->source;
    said->chat = arena_strdup(&out->arena, post->user);
    said->plain = !mm->actions;
    /* one character more than is kept shows that it is too long */
    said->text = wire_cut(out, post->message, MESSAGE_SAID_MAX + 1);
    return true;
}
