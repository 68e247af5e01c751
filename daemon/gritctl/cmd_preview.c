/* gritctl preview: the message as the platform will get it. */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "gritctl/control.h"
#include "gritctl/offline.h"
#include "io/state.h"

static const char *nearest_rule(const struct book *book, const char *word)
{
    const char **names = NEW_ARRAY(const char *, (size_t)book->rule_count + 1);
    for (int i = 0; i < book->rule_count; i++)
        names[i] = book->rules[i]->id;
    const char *near = nearest_word(word, names, (size_t)book->rule_count);
    free((void *)names); /* the array; the names are the book's */
    return near;
}

static void show(const struct message *message)
{
    (void)printf("to: %s\n\n%s\n", message->to, message->text);
    if (message->reader)
        (void)printf("\n%s\n", message->reader);
    if (message->button_count)
        (void)putchar('\n');
    for (int i = 0; i < message->button_count; i++)
        (void)printf("%s[%s]", i ? " " : "", message->buttons[i].label);
    if (message->button_count)
        (void)putchar('\n');
}

static void show_json(const struct message *message)
{
    struct strbuf line = {0};
    message_encode(message, &line);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

/* A store that does not exist yet only means that nothing is known. */
static bool fill(struct call *call, const struct setup *setup, struct core *core)
{
    struct store *store;
    struct err err;
    int status = state_open(setup->config, setup->path, &err, &store);
    if (status == -ENOENT) {
        call_error(call, "%s (nothing is known of deals and people's past)", err.text);
        return true;
    }
    if (!status) {
        status = state_load(store, core, call->now, &err);
        store->ops->close(store);
    }
    if (status)
        call_error(call, "%s", err.text);
    return !status;
}

static int preview(struct call *call, const struct setup *setup, struct core *core)
{
    const char *rule = call->args[0];
    struct step step;
    struct message message;
    struct err err;
    step_init(&step);
    int status = core_preview(core, rule, call_text(call, "rep"), call_text(call, "deal"),
                              call->now, &step, &message, &err);
    const char *near =
        status && !book_rule(setup->book, rule) ? nearest_rule(setup->book, rule) : NULL;
    if (near)
        call_error(call, "%s; did you mean '%s'?", err.text, near);
    else if (status)
        call_error(call, "%s", err.text);
    else if (call->json)
        show_json(&message);
    else
        show(&message);
    step_done(&step);
    return status ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    if (!access_record(call, call_text(call, "rep"), "preview"))
        return CTL_FOUND;
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    const struct core_options options = {
        .seed = setup->config->seed, .zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(setup->book, &options);
    print_errors(&setup->problems);
    int status = fill(call, setup, core) ? preview(call, setup, core) : CTL_FOUND;
    core_free(core);
    setup_free(setup);
    return status;
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "who would get it, or whom it is about", true},
    {"deal", OPTION_TEXT, "ID", "about which deal", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_preview = {
    .name = "preview",
    .args = "RULE --rep ID [--deal ID] [--json]",
    .help = "what a rule would say to somebody now, whatever the gates say",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
