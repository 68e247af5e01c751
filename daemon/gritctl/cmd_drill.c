/* gritctl drill: one marked test message over the whole way, each step with its time. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/control.h"

enum { LOOK_AGAIN_MS = 50, WAIT_MS = 60000 };

struct drill {
    struct call *call;
    const char *rep, *platform;
    char *line; /* asks how far it is */
    json_t *state;
    msec_t taken;
    bool told_durable, told_left;
    char *told_wait; /* what it waited for when that was said last */
};

static void line_of(const char *command, const char *key, const char *value, struct strbuf *line)
{
    struct jsonw json;
    jsonw_begin(&json, line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", command);
    jsonw_text(&json, key, value);
    jsonw_object_end(&json);
}

static const char *text_of(const struct drill *drill, const char *key)
{
    return json_string_value(json_object_get(drill->state, key));
}

/* Seconds since it was taken, or below 0: not yet. */
static double after(const struct drill *drill, const char *key)
{
    msec_t at;
    const char *text = text_of(drill, key);
    return text && !msec_parse(text, &at) ? (double)(at - drill->taken) / 1000 : -1;
}

static void say(const struct drill *drill, double seconds, const char *text, const char *more)
{
    if (!drill->call->json) {
        (void)printf("%8.3f s  %s%s\n", seconds, text, more ? more : "");
        (void)fflush(stdout); /* main looks for what failed */
    }
}

static void say_steps(struct drill *drill)
{
    double durable = after(drill, "durable"), left = after(drill, "left");
    const char *waits = text_of(drill, "waits"), *until = text_of(drill, "until");
    if (durable >= 0 && !drill->told_durable)
        say(drill, durable, "durable in the store", NULL);
    drill->told_durable |= durable >= 0;
    if (left >= 0 && !drill->told_left)
        say(drill, left, "handed to ", drill->platform);
    drill->told_left |= left >= 0;
    if (waits && !str_eq(waits, drill->told_wait)) {
        struct strbuf line = {0};
        strbuf_printf(&line, "%s%s%s", waits, until ? ", until " : "", until ? until : "");
        say(drill, durable > 0 ? durable : 0, "waits: ", strbuf_text(&line));
        strbuf_done(&line);
        xstr_replace(&drill->told_wait, waits);
    }
}

static int say_end(const struct drill *drill, bool ended)
{
    const char *outcome = text_of(drill, "outcome"), *error = text_of(drill, "error");
    bool there = str_eq(outcome, "sent") || str_eq(outcome, "found");
    if (drill->call->json) {
        char *text = json_dumps(drill->state, JSON_COMPACT);
        (void)puts(text);
        free(text);
    } else if (there) {
        say(drill, after(drill, "answered"), drill->platform, " has it");
        (void)printf("fine: %s has the test message\n", drill->rep);
    } else if (ended) {
        say(drill, after(drill, "answered"), drill->platform, " refused it");
    } else {
        (void)printf("not there yet: gritd goes on by itself\n");
    }
    if (!there)
        call_error(drill->call, "%s",
                   error                        ? error
                   : text_of(drill, "waits")    ? text_of(drill, "waits")
                   : str_eq(outcome, "unknown") ? "it is not known whether it arrived"
                                                : "no answer in time");
    return there ? CTL_OK : CTL_FOUND;
}

static int follow(struct drill *drill, int64_t wait_ms)
{
    uint64_t end = uv_hrtime() / 1000000 + (uint64_t)wait_ms;
    for (;;) {
        json_t *state;
        int status = control_ask(drill->call, drill->line, &state, NULL);
        if (status)
            return status;
        json_decref(drill->state);
        drill->state = state;
        if (text_of(drill, "taken"))
            (void)msec_parse(text_of(drill, "taken"), &drill->taken); /* a time of gritd's own */
        say_steps(drill);
        bool ended = json_is_true(json_object_get(state, "ended"));
        /* what waits for a time may wait for days: that is the answer */
        if (ended || text_of(drill, "until") || uv_hrtime() / 1000000 >= end)
            return say_end(drill, ended);
        uv_sleep(LOOK_AGAIN_MS);
    }
}

static int run(struct call *call)
{
    struct drill drill = {.call = call, .rep = call_text(call, "rep")};
    struct strbuf ask = {0}, look = {0};
    json_t *answer;
    line_of("drill", "rep", drill.rep, &ask);
    int status = control_ask(call, strbuf_text(&ask), &answer, NULL);
    strbuf_done(&ask);
    if (status)
        return status;
    drill.platform = json_string_value(json_object_get(answer, "platform"));
    line_of("drilled", "id", json_string_value(json_object_get(answer, "id")), &look);
    drill.line = strbuf_take(&look);
    say(&drill, 0, "taken: a test message to ", drill.rep);
    status = follow(&drill, call_number(call, "wait", WAIT_MS));
    free(drill.line);
    free(drill.told_wait);
    json_decref(drill.state);
    json_decref(answer);
    return status;
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "who gets it: by the id of people.yaml", true},
    {"wait", OPTION_LENGTH, "D", "how long to wait for its end (default 60s)", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_drill = {
    .name = "drill",
    .args = "--rep ID [--wait D] [--socket PATH] [--json]",
    .help = "one marked test message over the whole way",
    .more =
        "The message says that it is a test and that there is nothing to do. It goes through\n"
        "the store, the outbox and the platform as every other: outside of the person's working\n"
        "hours it is held, and this says so. Exit: 0 it is there, 1 it is not.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
