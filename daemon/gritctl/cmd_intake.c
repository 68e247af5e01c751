/* gritctl intake: requests of a CRM that could not be read: what came, and once more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "wire/binary_text.h"

static int ask(struct call *call, const char *command, int64_t number, json_t **ret_answer,
               char **ret_text)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", command);
    if (number >= 0)
        jsonw_int(&json, "number", number);
    jsonw_object_end(&json);
    int status = control_ask(call, strbuf_text(&line), ret_answer, ret_text);
    strbuf_done(&line);
    return status;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

static int list(struct call *call)
{
    json_t *answer, *one;
    size_t i;
    int status = ask(call, "intake_failed", -1, &answer, NULL);
    if (status)
        return status;
    json_t *all = json_object_get(answer, "failed");
    json_array_foreach(all, i, one)
    {
        CLEANUP_FREE char *line = call->json ? json_dumps(one, JSON_COMPACT) : NULL;
        if (line)
            (void)puts(line);
        else
            (void)printf("%lld  %s  %s  %lld bytes  %s\n",
                         json_integer_value(json_object_get(one, "number")), text_of(one, "at"),
                         text_of(one, "intake"), json_integer_value(json_object_get(one, "bytes")),
                         text_of(one, "why"));
    }
    if (!json_array_size(all) && !call->json)
        (void)puts("Every request of the last day could be read.");
    json_decref(answer);
    return CTL_OK;
}

/* The body as it came, on stdout; all else on stderr. */
static int show(struct call *call, int64_t number)
{
    json_t *answer;
    char *text;
    int status = ask(call, "intake_show", number, &answer, &text);
    if (status)
        return status;
    const json_t *request = json_object_get(answer, "request");
    const char *body = text_of(request, "body"), *coded = text_of(request, "base64");
    size_t length = strlen(body);
    CLEANUP_FREE char *bytes = xcalloc(1, strlen(coded) + 1);
    if (*coded && base64_decode(coded, bytes, strlen(coded), &length))
        length = 0;
    if (call->json)
        (void)puts(text);
    else
        (void)fwrite(*coded ? bytes : body, 1, length, stdout); /* like puts: nobody to tell */
    if (!call->json)
        (void)fprintf(stderr, "\n%s: %s\n", text_of(request, "intake"), text_of(request, "why"));
    free(text);
    json_decref(answer);
    return CTL_OK;
}

static int again(struct call *call, int64_t number)
{
    json_t *answer;
    char *text;
    int status = ask(call, "intake_again", number, &answer, &text);
    if (status)
        return status;
    if (call->json)
        (void)puts(text);
    else
        (void)printf("%lld accepted, %lld repeated\n",
                     json_integer_value(json_object_get(answer, "accepted")),
                     json_integer_value(json_object_get(answer, "repeated")));
    free(text);
    json_decref(answer);
    return CTL_OK;
}

static int run(struct call *call)
{
    int ways = call_has(call, "failed") + call_has(call, "show") + call_has(call, "again");
    if (ways != 1)
        return call_usage(call, "say one of --failed, --show N and --again N");
    if (call_has(call, "show"))
        return show(call, call_number(call, "show", -1));
    return call_has(call, "again") ? again(call, call_number(call, "again", -1)) : list(call);
}

static const struct option options[] = {
    {"failed", OPTION_FLAG, NULL, "list them", false},
    {"show", OPTION_NUMBER, "N", "the body of one, as it came", false},
    {"again", OPTION_NUMBER, "N", "have it taken anew, after a mending", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_intake = {
    .name = "intake",
    .args = "--failed | --show N | --again N",
    .help = "requests of a CRM that could not be read",
    .more =
        "A request that is authentic but cannot be read is kept for a day, 100 of them and 4 MiB\n"
        "at most. They hold customers' data: what --show prints belongs into no ticket.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
