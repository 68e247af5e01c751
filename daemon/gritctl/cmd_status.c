/* gritctl status: how the running daemon is. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/watch.h"

enum { KEY_COLUMN = 20 };

/* Whatever the daemon says is shown in its order, so that a newer daemon needs no newer gritctl. */
static void show(const char *prefix, const json_t *object, struct strbuf *out)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        struct strbuf name = {0};
        strbuf_printf(&name, "%s%s", prefix, key);
        for (char *c = name.data; c && *c; c++)
            *c = *c == '_' ? ' ' : *c;
        if (json_is_object(value)) {
            strbuf_putc(&name, ' ');
            show(strbuf_text(&name), value, out);
        } else if (!json_is_null(value) && !str_eq(key, "ok")) {
            CLEANUP_FREE char *text = json_is_string(value)
                                          ? xstrdup(json_string_value(value))
                                          : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
            const char *plain = json_is_true(value) ? "yes" : json_is_false(value) ? "no" : text;
            strbuf_printf(out, "%-*s %s\n", KEY_COLUMN, strbuf_text(&name), plain);
        }
        strbuf_done(&name);
    }
}

/* One look, as lines. */
static int look(struct call *call, struct strbuf *out)
{
    json_t *answer;
    char *text;
    int status = control_ask(call, "{\"cmd\":\"status\"}", &answer, &text);
    if (status)
        return status;
    if (call->json)
        strbuf_printf(out, "%s\n", text);
    else
        show("", answer, out);
    free(text);
    json_decref(answer);
    return CTL_OK;
}

static int run(struct call *call)
{
    struct strbuf out = {0};
    if (call_has(call, "watch"))
        return watch_run(call, look);
    int status = look(call, &out);
    (void)fputs(strbuf_text(&out), stdout); /* main looks for what failed */
    strbuf_done(&out);
    return status;
}

static const struct option options[] = {
    {"watch", OPTION_FLAG, NULL, "look again every second, until q or ctrl-c", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_status = {
    .name = "status",
    .args = "[--watch] [--socket PATH] [--json]",
    .help = "connection, rules, queue, last event and next due of the running gritd",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
