/* gritctl report: what the rules did, and what is known of whether it helped. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/nearest.h"
#include "base/str.h"
#include "engine/page_data.h"
#include "engine/report.h"
#include "gritctl/ctl.h"
#include "io/state.h"

static long percent(int64_t part, int64_t whole)
{
    return whole ? (long)((part * 200 + whole) / (2 * whole)) : 0;
}

/* Shares and differences in points. */
static int points(double share)
{
    return (int)(share * 100 + (share < 0 ? -0.5 : 0.5));
}

static void print_day(const char *before, msec_t t, const char *behind)
{
    char text[MSEC_TEXT_BYTES];
    (void)printf("%s%.10s%s", before, msec_format(t, text), behind);
}

/* --- in words --- */

static void print_missing(const struct stats_difference *d)
{
    (void)printf("not enough data yet");
    switch (d->verdict) {
    case STATS_FEW_OCCASIONS:
        (void)printf(" (%lld and %lld occasions, %d are needed in each)\n", (long long)d->count[1],
                     (long long)d->count[0], STATS_OCCASIONS_MIN);
        break;
    case STATS_FEW_PEOPLE:
        (void)printf(" (%lld and %lld people, %d are needed in each)\n", (long long)d->people[1],
                     (long long)d->people[0], STATS_PEOPLE_MIN);
        break;
    case STATS_TOO_UNIFORM:
    case STATS_ENOUGH:
        (void)printf(" (the outcome nearly always comes, or nearly never)\n");
        break;
    }
}

static void print_comparison(const struct report_rule *rule, const struct report_arm *arm)
{
    const struct stats_difference *d = &arm->against;
    (void)printf("  %s against %s: ", arm->name, rule->arms[rule->base].name);
    if (d->verdict != STATS_ENOUGH) {
        print_missing(d);
        return;
    }
    (void)printf("%+d points, 95 %% interval %+d to %+d: %s\n", points(d->difference),
                 points(d->low), points(d->high),
                 d->low > 0    ? "it comes more often"
                 : d->high < 0 ? "it comes less often"
                               : "not clear whether it makes a difference");
}

static void print_experiment(const struct report_rule *rule)
{
    if (!rule->arms_shown) {
        (void)printf("  experiment: not enough data yet (an arm has fewer than %d people, which "
                     "are not shown)\n",
                     REPORT_PEOPLE_MIN);
        return;
    }
    (void)puts("  experiment, occasions that are over:");
    for (int i = 0; i < rule->arm_count; i++) {
        const struct report_arm *arm = &rule->arms[i];
        (void)printf("    %-16s outcome after %lld of %lld (%d %%), %lld people\n", arm->name,
                     (long long)arm->hits, (long long)arm->occasions, points(arm->share),
                     (long long)arm->people);
    }
    for (int i = 0; i < rule->arm_count; i++) {
        if (i != rule->base)
            print_comparison(rule, &rule->arms[i]);
    }
}

static void print_outcome(const struct report_rule *rule)
{
    if (rule->over)
        (void)printf("  outcome after %lld of %lld (%ld %%)", (long long)rule->hits,
                     (long long)rule->over, percent(rule->hits, rule->over));
    else
        (void)printf("  outcome: too early to tell");
    if (rule->open)
        (void)printf("; %lld still open", (long long)rule->open);
    (void)putchar('\n');
    if (rule->over && !rule->rule->experiment)
        (void)puts("  that is what came after it, not because of it: without an experiment nobody "
                   "knows");
}

static void print_rule(const struct report_rule *rule)
{
    const char *about = rule->rule->about ? rule->rule->about : rule->rule->plugin->about;
    (void)printf("\n%s (%s)%s%s\n", rule->rule->id, rule->rule->plugin->id, about ? ": " : "",
                 about ? about : "");
    if (rule->paused_at != MSEC_NONE) {
        print_day("  PAUSED since ", rule->paused_at, ": ");
        (void)printf("%s\n", rule->paused_why ? rule->paused_why : "");
    }
    if (rule->people < REPORT_PEOPLE_MIN) {
        (void)printf("  fewer than %d people: not shown\n", REPORT_PEOPLE_MIN);
        return;
    }
    (void)printf("  sent %lld to %lld people", (long long)rule->sent, (long long)rule->people);
    if (rule->rule->questions)
        (void)printf(", %lld answered (%ld %%)", (long long)rule->answered,
                     percent(rule->answered, rule->sent));
    (void)putchar('\n');
    if (rule->rule->outcome_when)
        print_outcome(rule);
    if (rule->rule->experiment)
        print_experiment(rule);
}

static bool was_active(const struct report_rule *rule)
{
    bool tossed = false;
    for (int i = 0; i < rule->arm_count; i++)
        tossed |= rule->arms[i].occasions > 0;
    return rule->sent || tossed || rule->paused_at != MSEC_NONE;
}

static void print_report(const struct report *report)
{
    int quiet = 0;
    print_day("from ", report->from, "");
    print_day(" to ", report->to, "\n");
    for (int i = 0; i < report->count; i++) {
        if (was_active(&report->rules[i]))
            print_rule(&report->rules[i]);
    }
    for (int i = 0; i < report->count; i++) {
        if (!was_active(&report->rules[i]))
            (void)printf("%s%s", quiet++ ? ", " : "\nsaid nothing: ", report->rules[i].rule->id);
    }
    if (quiet)
        (void)putchar('\n');
}

/* --- as JSON --- */

static void write_share(struct jsonw *json, const char *key, double share)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%.4f", share);
    jsonw_raw(json, key, text);
}

static void write_difference(struct jsonw *json, const struct report_rule *rule,
                             const struct report_arm *arm)
{
    static const char *const verdicts[] = {[STATS_ENOUGH] = "enough",
                                           [STATS_FEW_PEOPLE] = "few_people",
                                           [STATS_FEW_OCCASIONS] = "few_occasions",
                                           [STATS_TOO_UNIFORM] = "too_uniform"};
    const struct stats_difference *d = &arm->against;
    jsonw_text(json, "against", rule->arms[rule->base].name);
    jsonw_text(json, "data", verdicts[d->verdict]);
    if (d->verdict != STATS_ENOUGH)
        return;
    write_share(json, "difference", d->difference);
    write_share(json, "low", d->low);
    write_share(json, "high", d->high);
}

static void write_arms(struct jsonw *json, const struct report_rule *rule)
{
    jsonw_array(json, "arms");
    for (int i = 0; i < rule->arm_count && rule->arms_shown; i++) {
        const struct report_arm *arm = &rule->arms[i];
        jsonw_object(json, NULL);
        jsonw_text(json, "arm", arm->name);
        jsonw_int(json, "people", arm->people);
        jsonw_int(json, "occasions", arm->occasions);
        jsonw_int(json, "outcomes", arm->hits);
        write_share(json, "share", arm->share);
        if (i != rule->base)
            write_difference(json, rule, arm);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void json_rule(const struct report *report, const struct report_rule *rule)
{
    struct strbuf out = {0};
    struct jsonw json;
    bool shown = rule->people >= REPORT_PEOPLE_MIN;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rule", rule->rule->id);
    jsonw_text(&json, "plugin", rule->rule->plugin->id);
    jsonw_time(&json, "from", report->from);
    jsonw_time(&json, "to", report->to);
    jsonw_bool(&json, "shown", shown || !rule->sent);
    if (shown) {
        jsonw_int(&json, "sent", rule->sent);
        jsonw_int(&json, "people", rule->people);
        jsonw_int(&json, "answered", rule->answered);
        if (rule->rule->outcome_when) {
            jsonw_int(&json, "over", rule->over);
            jsonw_int(&json, "outcomes", rule->hits);
            jsonw_int(&json, "open", rule->open);
        }
        if (rule->rule->experiment)
            write_arms(&json, rule);
    }
    if (rule->paused_at != MSEC_NONE)
        jsonw_time(&json, "paused_at", rule->paused_at);
    jsonw_text_opt(&json, "paused_why", rule->paused_why);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&out));
    strbuf_done(&out);
}

/* --- the store --- */

static int on_newest(void *user, const struct row *row)
{
    *(msec_t *)user = row->decision.at;
    return 1; /* the newest comes first */
}

/* The clock of the local platform can be moved: what it decided is not in the future. */
static msec_t now_of(const struct call *call, const struct config *config, struct store *store)
{
    msec_t newest = MSEC_NONE;
    struct err err;
    if (str_eq(config->platform, "local"))
        (void)store->ops->load_decisions(store, NULL, 0, MSEC_NEVER, 1, on_newest, &newest,
                                         &err); /* report_make will tell */
    return newest >= call->now ? newest + 1 : call->now;
}

/* The tables of the manager's page, of everybody. */
static int show_csv(struct call *call, struct core *core, struct store *store,
                    const struct page_options *options, struct err *err)
{
    struct page_data page;
    struct step step;
    step_init(&step);
    step.stateless = true;
    core_ready(core, options->now, &step); /* what is to come is known from then on */
    step_done(&step);
    int status = page_make(core, store, options, err, &page);
    const struct table *table = page_find(&page, call_text(call, "csv"));
    if (!status && table) {
        struct strbuf out = {0};
        table_csv(table, &out);
        (void)fputs(strbuf_text(&out), stdout);
        strbuf_done(&out);
    }
    page_done(&page);
    return status;
}

static int show(struct call *call, const struct setup *setup, struct store *store, struct err *err)
{
    const struct core_options options = {
        .seed = setup->config->seed, .zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(setup->book, &options);
    msec_t now = now_of(call, setup->config, store);
    msec_t to = call_number(call, "to", now);
    msec_t from = call_number(call, "from", to - REPORT_DAYS * MSEC_DAY);
    struct report report;
    const struct page_options csv = {.from = from, .to = to, .now = now};
    int status = state_load(store, core, now, err);
    if (!status && call_text(call, "csv")) {
        status = show_csv(call, core, store, &csv, err);
    } else if (!status) {
        status = report_make(core, store, NULL, from, to, now, err, &report);
        for (int i = 0; !status && call->json && i < report.count; i++)
            json_rule(&report, &report.rules[i]);
        if (!status && !call->json)
            print_report(&report);
        report_done(&report);
    }
    core_free(core);
    return status;
}

static bool is_table(const char *id)
{
    for (int i = 0; id && page_table_id(i); i++) {
        if (str_eq(page_table_id(i), id))
            return true;
    }
    return !id;
}

static int refuse_table(const struct call *call)
{
    const char *words[PAGE_TABLE_COUNT], *given = call_text(call, "csv");
    struct strbuf all = {0};
    for (int i = 0; i < PAGE_TABLE_COUNT; i++) {
        words[i] = page_table_id(i);
        strbuf_printf(&all, "%s%s", i ? ", " : "", words[i]);
    }
    const char *near = nearest_word(given, words, PAGE_TABLE_COUNT);
    call_error(call, "there is no table '%s'%s%s%s; there are: %s", given,
               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
               strbuf_text(&all));
    strbuf_done(&all);
    return CTL_USAGE;
}

static int run(struct call *call)
{
    struct err err = {0};
    struct store *store;
    if (!is_table(call_text(call, "csv")))
        return refuse_table(call);
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    print_errors(&setup->problems);
    int status = state_open(setup->config, ctl_config_path(call), &err, &store);
    if (!status) {
        status = show(call, setup, store, &err);
        store->ops->close(store);
    }
    if (status)
        call_error(call, "%s", err.text);
    setup_free(setup);
    return status ? CTL_FOUND : CTL_OK;
}

static const struct option options[] = {
    {"from", OPTION_TIME, "TIME", "decisions from here on (default: 90 days before --to)", false},
    {"to", OPTION_TIME, "TIME", "until here (default: now)", false},
    {"csv", OPTION_TEXT, "TABLE", "one table of the manager's page, of all teams, as CSV", false},
};

const struct command command_report = {
    .name = "report",
    .args = "[--from TIME] [--to TIME] [--json] [--csv TABLE]",
    .help = "what the rules did, what came after it, and what experiments say",
    .more = "For each rule: messages, answers, and how often the outcome that it hopes for came. "
            "With an\n"
            "experiment also the difference between its arms with a 95 % interval (each person is "
            "one\n"
            "cluster), or that there is not enough data yet: 10 people and 30 occasions in each "
            "arm.\n"
            "Groups under 5 people are not shown.\n"
            "Tables of the page: level wins rules experiments measures mix thirds praise "
            "praise-times voices\n"
            "attention upcoming health files.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
