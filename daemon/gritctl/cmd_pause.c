/* gritctl pause and resume: the big switch. */
#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/control.h"

static int ask(struct call *call, const char *command, int64_t for_ms)
{
    struct strbuf line = {0};
    struct jsonw json;
    json_t *answer;
    const char *rule = str_eq(command, "resume") ? call_text(call, "rule") : NULL;
    if (call_has(call, "rep") && call_has(call, "team"))
        return call_usage(call, "--rep and --team exclude each other");
    if (rule && (call_has(call, "rep") || call_has(call, "team")))
        return call_usage(call, "--rule stands alone: a rule pauses itself for everybody");
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", command);
    jsonw_text_opt(&json, "rep", call_text(call, "rep"));
    jsonw_text_opt(&json, "team", call_text(call, "team"));
    jsonw_text_opt(&json, "rule", rule);
    if (for_ms)
        jsonw_int(&json, "for_ms", for_ms);
    jsonw_object_end(&json);
    int status = control_ask(call, strbuf_text(&line), &answer, NULL);
    strbuf_done(&line);
    if (!status)
        json_decref(answer);
    return status;
}

static int run_pause(struct call *call)
{
    return ask(call, "pause", call_number(call, "for", 0));
}

static int run_resume(struct call *call)
{
    return ask(call, "resume", 0);
}

static const struct option resume_options[] = {
    {"team", OPTION_TEXT, "TEAM", "only this team", false},
    {"rep", OPTION_TEXT, "ID", "only this person", false},
    {"rule", OPTION_TEXT, "ID", "a rule that has paused itself", false},
    CONTROL_SOCKET_OPTION,
};

static const struct option options[] = {
    {"team", OPTION_TEXT, "TEAM", "only this team", false},
    {"rep", OPTION_TEXT, "ID", "only this person", false},
    CONTROL_SOCKET_OPTION,
    {"for", OPTION_LENGTH, "LENGTH", "for so long, such as 3d (default: until resume)", false},
};

const struct command command_pause = {
    .name = "pause",
    .args = "[--team TEAM | --rep ID] [--for LENGTH]",
    .help = "say nothing to anybody, one team or one person",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run_pause,
};

const struct command command_resume = {
    .name = "resume",
    .args = "[--team TEAM | --rep ID | --rule ID]",
    .help = "the end of a pause",
    .options = resume_options,
    .option_count = ARRAY_LEN(resume_options),
    .run = run_resume,
};
