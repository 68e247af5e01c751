/* gritctl why: the decisions about one person, gate by gate, and the rules that nearly came to one.
 */
#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/offline.h"
#include "gritctl/why.h"

static void say_stranger(const struct asking *asking, const struct findings *findings)
{
    call_error(asking->call, "nobody has the id '%s'%s%s%s", asking->rep,
               findings->meant ? "; did you mean '" : "", findings->meant ? findings->meant : "",
               findings->meant ? "'?" : "");
}

/* Nothing was decided at all: no rule ever came to the gates. */
static void say_nothing(const struct asking *asking)
{
    char from_text[MSEC_TEXT_BYTES], to_text[MSEC_TEXT_BYTES];
    struct strbuf span = {0};
    if (asking->to != MSEC_NEVER)
        strbuf_printf(&span, " between %s and %s", msec_format(asking->from, from_text),
                      msec_format(asking->to, to_text));
    call_error(
        asking->call,
        "no decision about '%s'%s%s%s: nothing happened that %s waits for, or its conditions "
        "did not hold",
        asking->rep, asking->rule ? " by " : "", asking->rule ? asking->rule : "",
        strbuf_text(&span), asking->rule ? "the rule" : "a rule");
    strbuf_done(&span);
}

/* The minute that was asked for. */
static bool find_minute(struct asking *asking)
{
    msec_t at = call_number(asking->call, "at", MSEC_NONE);
    asking->minute = at != MSEC_NONE;
    if (asking->minute) {
        asking->from = at - (at % MSEC_MINUTE + MSEC_MINUTE) % MSEC_MINUTE;
        asking->to = asking->from + MSEC_MINUTE;
    }
    return asking->minute;
}

static bool find_in_store(struct asking *asking, struct findings *findings)
{
    if (!access_record(asking->call, asking->rep, "why"))
        return false;
    struct config *config = ctl_config(asking->call);
    if (!config)
        return false;
    if (!find_minute(asking)) {
        asking->from = asking->call->now - MSEC_DAY;
        asking->to = asking->call->now + 1;
        /* the clock of the local platform can be moved: the newest are the last ones, whatever our
         * clock says */
        if (str_eq(config->platform, "local")) {
            asking->from = 0;
            asking->to = MSEC_NEVER;
        }
    }
    bool good = why_store(asking, config, findings);
    config_free(config);
    return good;
}

static bool find_in_play(struct asking *asking, struct findings *findings)
{
    if (!find_minute(asking)) {
        asking->from = MSEC_NONE;
        asking->to = MSEC_NEVER;
    }
    bool good = why_play(asking, findings);
    if (!asking->minute && !asking->rule && findings->decision_count)
        findings->nearly_count = 0; /* nobody asked for hundreds of them */
    return good;
}

static const char *const of_a_play[] = {"plugins", "people", "pipeline", "answers"};

static int run(struct call *call)
{
    struct asking asking = {
        .call = call, .rep = call_text(call, "rep"), .rule = call_text(call, "rule")};
    struct findings findings;
    bool play = call_has(call, "events");
    for (size_t i = 0; i < ARRAY_LEN(of_a_play) && !play; i++) {
        if (call_has(call, of_a_play[i]))
            return call_usage(call, "--%s goes with --events FILE", of_a_play[i]);
    }
    findings_init(&findings);
    bool good = play ? find_in_play(&asking, &findings) : find_in_store(&asking, &findings);
    if (good)
        findings_show(&findings, call->json);
    bool nothing = good && !findings.decision_count && !findings.nearly_count;
    if (nothing && findings.stranger) {
        say_stranger(&asking, &findings);
        good = false;
    } else if (nothing) {
        say_nothing(&asking);
    }
    findings_done(&findings);
    return good ? CTL_OK : CTL_FOUND;
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "about whom", true},
    {"rule", OPTION_TEXT, "ID", "only this rule", false},
    {"at", OPTION_TIME, "TIME",
     "within this minute (default: the last 24 hours, or all that is played; newest 20)", false},
    {"events", OPTION_TEXT, "FILE", "play these (CloudEvents, - is stdin) instead of the store",
     false},
    {"plugins", OPTION_LIST, "DIR...", "with --events: the rules, as in simulate", false},
    {"people", OPTION_TEXT, "FILE", "with --events: people.yaml", false},
    {"pipeline", OPTION_TEXT, "FILE", "with --events: pipeline.yaml", false},
    {"answers", OPTION_TEXT, "all|none", "with --events: whether people react (default all)",
     false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_why = {
    .name = "why",
    .args = "--rep ID [--rule ID] [--at TIME] [--events FILE [--plugins DIR...] [...]] [--json]",
    .help = "why somebody did or did not get a message, gate by gate",
    .more =
        "With --at or --rule also the rules that an event nearly woke: the first condition that "
        "did\n"
        "not hold, with the value found and the value wanted (with --json: outcome \"near\").",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
