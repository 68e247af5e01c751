/* Dialogs, buttons, commands, the server itself. */
#include <string.h>

#include "fake.h"
#include "integrate.h"
#include "util.h"

enum { TITLE_MAX = 24, NAME_MAX_POINTS = 24, HELP_MAX = 150 };

static bool too_long(const json_t *o, const char *key, long max)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text && util_utf8_count(text) > max;
}

static bool bad_dialog(const json_t *dialog)
{
    size_t i;
    json_t *e;

    if (!json_is_object(dialog) || !json_is_string(json_object_get(dialog, "title")) ||
        too_long(dialog, "title", TITLE_MAX))
        return true;
    json_array_foreach(json_object_get(dialog, "elements"), i, e)
    {
        if (!json_is_string(json_object_get(e, "name")) ||
            too_long(e, "display_name", NAME_MAX_POINTS) || too_long(e, "help_text", HELP_MAX))
            return true;
    }
    return false;
}

int api_dialog_open(struct call *c)
{
    const char *trigger = api_text(c, "trigger_id");
    const json_t *made = json_object_get(c->f->triggers, trigger);

    if (!made)
        return api_fail(c, 400, "interactive_message.decode_trigger_id.base64_decode_failed");
    if (util_mono_ms() - json_integer_value(made) > c->f->knobs.trigger_ttl_ms)
        return api_fail(c, 400, "interactive_message.decode_trigger_id.expired");
    if (!api_text(c, "url")[0] || bad_dialog(json_object_get(c->in, "dialog")))
        return api_fail(c, 400, "app.open_interactive_dialog.invalid.app_error");
    (void)json_array_append(c->f->dialogs, c->in); /* an array of ours */
    return api_ok(c, 200, json_pack("{s:s}", "status", "OK"));
}

/* The app's answer comes later; until then this call has none of its own. */
int api_post_action(struct call *c)
{
    struct post *p = store_post(c->f, c->args[0]);
    const char *selected = json_string_value(json_object_get(c->in, "selected_option"));

    if (!p || !store_may_read(p->channel, c->user))
        return api_fail(c, 404, "app.post.get.app_error");
    if (integrate_click(c->c, p, c->args[1], c->user, selected))
        return api_fail(c, 400, "api.post.do_action.action_id.app_error");
    c->answered = true;
    return 200;
}

int api_command_create(struct call *c)
{
    char token[STORE_ID + 1], trigger[64] = "/";

    if (!api_text(c, "trigger")[0] || !api_text(c, "url")[0])
        return api_fail(c, 400, "model.command.is_valid.trigger.app_error");
    store_new_id(token);
    util_copy(trigger + 1, sizeof trigger - 1, api_text(c, "trigger"));
    (void)json_object_set_new(c->f->commands, trigger,
                              json_pack("{s:s,s:s}", "url", api_text(c, "url"), "token", token));
    return api_ok(c, 201,
                  json_pack("{s:s,s:s,s:s,s:s}", "id", token, "token", token, "trigger",
                            api_text(c, "trigger"), "url", api_text(c, "url")));
}

int api_ping(struct call *c)
{
    return api_ok(c, 200,
                  json_pack("{s:s,s:s}", "status", "OK", "ActiveSearchBackend", "database"));
}

int api_config(struct call *c)
{
    return api_ok(c, 200,
                  json_pack("{s:s,s:s,s:s}", "Version", "9.5.1", "EnableBotAccountCreation", "true",
                            "DiagnosticId", "fake"));
}
