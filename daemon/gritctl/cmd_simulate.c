/* gritctl simulate: last quarter's events through the rules, under virtual time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/events.h"
#include "gritctl/figures.h"
#include "gritctl/rule_set.h"
#include "io/memory.h"

static const char *const answer_words[] = {"all", "none"};

static void print_line(const struct decision *decision)
{
    struct strbuf line = {0};
    decision_encode(decision, &line);
    strbuf_putc(&line, '\n');
    (void)fwrite(line.data, 1, line.len, stdout); /* main looks at ferror */
    strbuf_done(&line);
}

static bool everybody_answers(struct call *call)
{
    return !str_eq(call_text(call, "answers"), answer_words[1]);
}

static struct tally_options options_of(struct call *call, const struct rule_set *rules)
{
    const struct config *config = rules->setup->config;
    uint64_t seed = config->has_seed ? config->seed : 0;
    struct tally_options made = {
        .core = rule_set_core(call, rules, (uint64_t)call_number(call, "seed", (int64_t)seed)),
        .from = call_number(call, "from", MSEC_NONE),
        .to = call_number(call, "to", MSEC_NONE),
        .answers = everybody_answers(call),
    };
    made.core.ramp = call_has(call, "ramp");
    return made;
}

/* What was given for an option, as one line. */
static void label_of(struct call *call, const char *option, const char *absent,
                     struct strbuf *label)
{
    const struct option_value *list = call_list(call, option);
    for (size_t i = 0; i < list->count; i++)
        strbuf_printf(label, "%s%s", i ? " " : "", list->texts[i]);
    if (!list->count)
        strbuf_puts(label, absent);
}

static bool write_page(struct call *call, const struct figures *figures)
{
    const char *path = call_text(call, "html");
    if (!path)
        return true;
    FILE *page = fopen(path, "w");
    if (page)
        figures_html(figures, page);
    bool failed = !page || ferror(page);
    if (page && fclose(page))
        failed = true;
    if (failed)
        call_error(call, "%s: %s", path, strerror(errno));
    return !failed;
}

/* Adds up, shows, and writes the page. */
static bool show(struct call *call, const struct tally *const *tallies, int sides)
{
    struct strbuf labels[FIGURES_SIDES] = {0};
    struct figures figures;
    label_of(call, sides == 1 ? "plugins" : "against", "the configured rules", &labels[0]);
    label_of(call, "plugins", "the configured rules", &labels[1]);
    const char *const texts[] = {strbuf_text(&labels[0]), strbuf_text(&labels[1])};
    const struct tally *last = tallies[sides - 1];
    bool kept;
    figures_make(tallies, texts, sides, &figures);
    figures.assumed =
        everybody_answers(call) ? "all react after an hour" : "nobody reacts to a question";
    if (sides == 1 && !call->json) {
        (void)puts(everybody_answers(call) ? "assumed: every question is reacted to one hour later"
                                           : "assumed: nobody reacts to any question");
        kept = tally_print(last, &figures, stdout);
    } else {
        kept = tally_check_caps(last, false, stderr);
        if (sides > 1 && call->json)
            figures_json(&figures, stdout);
        else if (sides > 1)
            figures_print(&figures, call->terminal, stdout);
    }
    kept = write_page(call, &figures) && kept;
    figures_done(&figures);
    strbuf_done(&labels[0]);
    strbuf_done(&labels[1]);
    return kept;
}

/* Events that come in order are played as they are read. What is shown meanwhile cannot be taken
 * back, and what cannot be read again not sorted: then they are gathered first.
 * Errors: told, false. */
static bool play_lines(struct call *call, const struct rule_set *rules, struct event_lines *lines,
                       struct tally *tally)
{
    struct tally_options options = options_of(call, rules);
    options.decided = call->json ? print_line : NULL;
    if (lines->again && !call->json) {
        const struct simulate_source source = {events_next, lines};
        if (tally_run(tally, &rules->book, &options, &source))
            return events_end(lines);
        tally_done(tally);
        events_rewind(lines);
    }
    struct event_pile pile;
    bool good = events_pile(lines, &pile);
    struct simulate_pile sorted = {pile.events, good ? pile.count : 0, 0};
    const struct simulate_source source = simulate_sorted(&sorted);
    (void)tally_run(tally, &rules->book, &options, &source); /* in order now */
    events_done(&pile);
    return good;
}

static bool play(struct call *call, const struct rule_set *rules, struct event_lines *lines)
{
    struct tally tally;
    const struct tally *const tallies[] = {&tally};
    bool good = play_lines(call, rules, lines, &tally) && show(call, tallies, 1);
    tally_done(&tally);
    return good;
}

static bool play_both(struct call *call, const struct rule_set *rules, struct event_lines *lines)
{
    struct rule_set against = {0};
    struct event_pile pile;
    bool good =
        events_pile(lines, &pile) && rule_set_load(call, call_list(call, "against"), &against);
    if (good) {
        struct tally before, after;
        const struct tally *const tallies[] = {&before, &after};
        struct simulate_pile sorted = {pile.events, pile.count, 0};
        struct simulate_source source = simulate_sorted(&sorted);
        struct tally_options options = options_of(call, &against);
        (void)tally_run(&before, &against.book, &options, &source); /* sorted */
        sorted.at = 0;
        options = options_of(call, rules);
        (void)tally_run(&after, &rules->book, &options, &source); /* sorted */
        good = show(call, tallies, 2) && against.setup->ok;
        tally_done(&before);
        tally_done(&after);
    }
    rule_set_done(&against);
    events_done(&pile);
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
    struct rule_set rules = {0};
    struct event_lines lines = {0};
    int status = CTL_FOUND;
    if (!answers_known(call))
        return CTL_USAGE;
    memory_in_large_pages();
    if (!events_open(call, call_text(call, "events"), &lines))
        goto out;
    if (!rule_set_load(call, call_list(call, "plugins"), &rules))
        goto out;
    bool good =
        call_has(call, "against") ? play_both(call, &rules, &lines) : play(call, &rules, &lines);
    status = good && rules.setup->ok ? CTL_OK : CTL_FOUND;
out:
    rule_set_done(&rules);
    events_close(&lines);
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
    {"ramp", OPTION_FLAG, NULL, "new rules reach a team bit by bit, as they do in gritd", false},
    {"against", OPTION_LIST, "DIR...", "other rules: show what differs from them", false},
    {"html", OPTION_TEXT, "FILE", "write a page with plots and tables as well", false},
    {"answers", OPTION_TEXT, "all|none", "whether people react, after one hour (default all)",
     false},
};

const struct command command_simulate = {
    .name = "simulate",
    .args = "--events FILE [--plugins DIR...] [--against DIR...] [--html FILE] [...]",
    .help = "play events through rules under virtual time",
    .more = "Shows who would have got what on which day, how many, and what was held back and why; "
            "with\n"
            "--json every decision. With --against: one screen of what differs; with --json one "
            "object a\n"
            "line of the kinds total, rule, gate and person, each with both sides. Attention is "
            "an\n"
            "estimate in minutes: " FIGURES_ATTENTION ".\n"
            "The same input gives the same bytes.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
