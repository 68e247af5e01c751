/* gritctl erase: nothing about a person is left. */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/offline.h"

enum { LOOK_AGAIN_MS = 200, LOOKS = 15 * 60 * 1000 / LOOK_AGAIN_MS };

static void line_of(const char *command, const char *rep, struct strbuf *line)
{
    struct jsonw json;
    jsonw_begin(&json, line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", command);
    jsonw_text(&json, "rep", rep);
    jsonw_object_end(&json);
}

/* The daemon blanks its messages on the platform first, which takes a while there. */
static int wait_for_end(struct call *call, const char *rep, long long *ret_left)
{
    struct strbuf line = {0};
    bool erasing = true;
    line_of("erasing", rep, &line);
    for (int i = 0; erasing && i < LOOKS; i++) {
        json_t *answer;
        if (control_try(call, strbuf_text(&line), &answer)) {
            strbuf_done(&line);
            call_error(call, "gritd does not answer any more; it goes on when it runs again");
            return CTL_UNREACHABLE;
        }
        erasing = json_is_true(json_object_get(answer, "erasing"));
        *ret_left = json_integer_value(json_object_get(answer, "left"));
        json_decref(answer);
        if (erasing)
            uv_sleep(LOOK_AGAIN_MS);
    }
    strbuf_done(&line);
    if (erasing)
        call_error(call, "gritd is still at it, and goes on by itself");
    return erasing ? CTL_FOUND : CTL_OK;
}

static void say_done(const char *rep, bool blanked)
{
    (void)printf("Nothing about %s is in the store any more.\n%s"
                 "Not reached: backups of the store, older messages and the person's own words on "
                 "the chat platform, the CRM.\n"
                 "While %s stands in people.yaml or owns deals in the CRM, gritd begins anew.\n",
                 rep,
                 blanked ? "Its messages of the last two weeks were blanked on the chat platform.\n"
                         : "gritd was not running, so its messages on the chat platform stay.\n",
                 rep);
}

static int erase_running(struct call *call, const char *rep)
{
    struct strbuf line = {0};
    long long left = 0;
    json_t *answer;
    line_of("erase", rep, &line);
    int status = control_ask(call, strbuf_text(&line), &answer, NULL);
    strbuf_done(&line);
    if (status)
        return status;
    json_decref(answer);
    status = wait_for_end(call, rep, &left);
    if (!status)
        say_done(rep, true);
    if (!status && left)
        (void)printf(
            "But %lld of them stay as they were: the platform did not let them be changed, "
            "or was away. Where its menu offers to delete a message the person can do "
            "that; else its administrator can.\n",
            left);
    return status;
}

static int erase_stopped(struct call *call, const char *rep)
{
    struct err err = {0};
    char *path = NULL;
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    print_errors(&setup->problems);
    int status = offline_path(setup->config, setup->path, &err, &path);
    if (!status)
        status = offline_erase(call, setup->book, path, rep, &err);
    if (status)
        call_error(call, "%s", err.text);
    else
        say_done(rep, false);
    free(path);
    setup_free(setup);
    return status ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    const char *rep = call_text(call, "rep");
    json_t *answer;
    if (!call_has(call, "yes"))
        return call_usage(call, "this cannot be undone; say --yes");
    if (control_try(call, "{\"cmd\":\"erasing\"}", &answer))
        return erase_stopped(call, rep);
    json_decref(answer);
    return erase_running(call, rep);
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "whom; also somebody who is in no file any more", true},
    {"yes", OPTION_FLAG, NULL, "I mean it: it cannot be undone", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_erase = {
    .name = "erase",
    .args = "--rep ID --yes [--socket PATH]",
    .help = "erase everything that is kept about a person",
    .more =
        "Rows, log and free pages of the store, what waits to be sent, and what gritd holds in\n"
        "memory. What happened to deals stays as the team's history, without the person.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
