/* gritctl simulate: last quarter's events through the rules, under virtual time. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/ctl.h"
#include "gritctl/events.h"
#include "gritctl/tally.h"

static const char *const answer_words[] = {"all", "none"};

/* One rule set to play the events through. */
struct rules {
    struct setup *setup;
    struct book book; /* the setup's, perhaps without its people */
    bool every_owner;
};

static void print_line(const struct decision *decision)
{
    struct strbuf line = {0};
    decision_encode(decision, &line);
    strbuf_putc(&line, '\n');
    (void)fwrite(line.data, 1, line.len, stdout); /* main looks at ferror */
    strbuf_done(&line);
}

/* The configuration counts where it was named, or where the rules can only come from there. */
static const char *config_for(const struct call *call, const struct option_value *plugins)
{
    if (call->config)
        return call->config;
    return !plugins->count && !access(CTL_CONFIG_DEFAULT, R_OK) ? CTL_CONFIG_DEFAULT : NULL;
}

static bool load(struct call *call, const struct option_value *plugins, struct rules *ret)
{
    CLEANUP_FREE char *shipped = NULL;
    const char *own[1];
    const char *config = config_for(call, plugins);
    struct setup_override override = {.people = call_text(call, "people"),
                                      .pipeline = call_text(call, "pipeline"),
                                      .plugins = plugins->texts,
                                      .plugin_count = (int)plugins->count};
    if (!plugins->count && !config) {
        shipped = ctl_shipped_plugins();
        own[0] = shipped;
        override.plugins = own;
        override.plugin_count = shipped != NULL;
    }
    ret->setup = ctl_setup(call, config, &override);
    ret->book = *ret->setup->book;
    ret->every_owner = !override.people && !call->config;
    if (ret->every_owner)
        ret->book.person_count = 0;
    print_errors(&ret->setup->problems);
    if (ret->book.rule_count)
        return true;
    call_error(call, "there are no rules to play; name a folder with --plugins");
    return false;
}

static struct tally_options options_of(struct call *call, const struct rules *rules)
{
    const struct config *config = rules->setup->config;
    uint64_t seed = config->has_seed ? config->seed : 0;
    struct tally_options options = {
        .core = {.seed = (uint64_t)call_number(call, "seed", (int64_t)seed),
                 .every_owner = rules->every_owner,
                 .zone = zones_get,
                 .zone_user = &call->zones},
        .from = call_number(call, "from", MSEC_NONE),
        .to = call_number(call, "to", MSEC_NONE),
        .answers = !str_eq(call_text(call, "answers"), answer_words[1]),
    };
    return options;
}

static bool play(struct call *call, const struct rules *rules, struct event_pile *pile)
{
    struct tally tally;
    struct tally_options options = options_of(call, rules);
    options.decided = call->json ? print_line : NULL;
    tally_run(&tally, &rules->book, &options, pile->events, pile->count);
    bool kept;
    if (call->json) {
        kept = tally_check_caps(&tally, false, stderr);
    } else {
        (void)puts(options.answers ? "assumed: every question is reacted to one hour later"
                                   : "assumed: nobody reacts to any question");
        kept = tally_print(&tally, stdout);
    }
    tally_done(&tally);
    return kept;
}

static bool play_both(struct call *call, const struct rules *rules, struct event_pile *pile)
{
    struct rules against = {0};
    struct event *copy = NEW_ARRAY(struct event, pile->count + 1);
    if (pile->count)
        memcpy(copy, pile->events, pile->count * sizeof(*copy));
    bool good = load(call, call_list(call, "against"), &against);
    if (good) {
        struct tally before, after;
        struct tally_options options = options_of(call, &against);
        tally_run(&before, &against.book, &options, copy, pile->count);
        options = options_of(call, rules);
        tally_run(&after, &rules->book, &options, pile->events, pile->count);
        tally_compare(&before, &after, call->json, stdout);
        tally_done(&before);
        tally_done(&after);
        good = against.setup->ok;
    }
    setup_free(against.setup);
    free(copy);
    return good;
}

static bool answers_known(struct call *call)
{
    const char *word = call_text(call, "answers");
    if (!word || str_eq(word, answer_words[0]) || str_eq(word, answer_words[1]))
        return true;
    (void)call_usage(call, "--answers: 'all' or 'none', not '%s'",
                     word); /* the caller returns it */
    return false;
}

static int run(struct call *call)
{
    struct rules rules = {0};
    struct event_pile pile = {0};
    int status = CTL_FOUND;
    if (!answers_known(call))
        return CTL_USAGE;
    if (!events_read(call, call_text(call, "events"), &pile))
        goto out;
    if (!load(call, call_list(call, "plugins"), &rules))
        goto out;
    bool good =
        call_has(call, "against") ? play_both(call, &rules, &pile) : play(call, &rules, &pile);
    status = good && rules.setup->ok ? CTL_OK : CTL_FOUND;
out:
    setup_free(rules.setup);
    events_done(&pile);
    return status;
}

static const struct option options[] = {
    {"events", OPTION_TEXT, "FILE", "CloudEvents, one JSON object a line; - is stdin", true},
    {"plugins", OPTION_LIST, "DIR...", "the rules (default: the configuration's, else gritd's own)",
     false},
    {"people", OPTION_TEXT, "FILE", "people.yaml; without it every owner seen is a rep in UTC",
     false},
    {"pipeline", OPTION_TEXT, "FILE", "pipeline.yaml", false},
    {"from", OPTION_TIME, "TIME", "decisions from here on (default: the first event)", false},
    {"to", OPTION_TIME, "TIME", "until here (default: a day after the last event)", false},
    {"seed", OPTION_NUMBER, "N", "of the choice of wordings", false},
    {"against", OPTION_LIST, "DIR...", "other rules: show what differs from them", false},
    {"answers", OPTION_TEXT, "all|none", "whether people react, after one hour (default all)",
     false},
};

const struct command command_simulate = {
    .name = "simulate",
    .args = "--events FILE [--plugins DIR...] [--against DIR...] [...]",
    .help = "play events through rules under virtual time",
    .more = "Shows who would have got what on which day, how many, and what was held back and why; "
            "with\n"
            "--json every decision. The same input gives the same bytes.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
