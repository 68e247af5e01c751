/* gritctl why: the decisions about one person, gate by gate. */
#include <errno.h>
#include <jansson.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/state.h"

enum { NEWEST = 20, GATE_COLUMN = 12, ENOUGH = 1 };

/* What would have let it pass, by gate. */
static const struct {
    const char *gate, *words;
} remedies[] = {
    {"consent", "It would have gone on if they had not paused, left or asked for other topics."},
    {"late", "It would have gone on if the event had arrived sooner after it happened."},
    {"leave", "It would have gone on on a day on which they are not away."},
    {"stage", "It would have gone on if the deal had stayed in its stage until then."},
    {"hours", "It would have gone on within their working hours."},
    {"cool_off", "It would have gone on if no deal had been lost since the last working morning."},
    {"conversation", "It would have gone on if the open question had been answered or skipped."},
    {"back_off", "It would have gone on if they had reacted to one of the last questions."},
    {"caps", "It would have gone on on a day or in a week with fewer messages before it."},
    {"limit",
     "It would have gone on if the rule had spoken less often before, or had a higher limit."},
    {"cooldown", "It would have gone on once the rule's cooldown was over."},
    {"inhibit", "It would have gone on if the stronger rule had not spoken or waited."},
    {"priority", "It would have gone on with a higher priority than the rule that spoke."},
    {"evidence", "It would have gone on if every name in its text had had a value."},
    {"if", "It would have gone on if the rule's conditions had still held at the end of the wait."},
    {"receiver", "It would have gone on if a manager were named for the person's team."},
    {"missed", "It would have gone on if gritd had been running at that time."},
    {"unless", "It would have gone on if none of the events under `unless` had come."},
    {"rule", "It would have gone on if the rule were still there."},
    {"send", "It was decided, but the platform did not take it."},
};

struct asking {
    struct call *call;
    const char *rule; /* NULL: any */
    int shown;
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static const char *remedy(const char *gate)
{
    for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
        if (str_eq(remedies[i].gate, gate))
            return remedies[i].words;
    }
    return "It would have gone on if that gate had let it pass.";
}

static void show_gates(const json_t *gates)
{
    const json_t *blocker = NULL;
    for (size_t i = 0; i < json_array_size(gates); i++) {
        const json_t *gate = json_array_get(gates, i);
        bool ok = json_is_true(json_object_get(gate, "ok"));
        const char *note = text_of(gate, "why");
        (void)printf("  %s %-*s%s%s\n", ok ? "ok" : "NO", *note ? GATE_COLUMN : 0,
                     text_of(gate, "gate"), *note ? " " : "", note);
        if (!ok && !blocker)
            blocker = gate;
    }
    if (!blocker)
        return;
    const char *why = text_of(blocker, "why");
    (void)printf("  first blocker: %s%s%s\n  %s\n", text_of(blocker, "gate"), *why ? ": " : "", why,
                 remedy(text_of(blocker, "gate")));
}

static void show(const json_t *line)
{
    const char *deal = text_of(line, "deal"), *text = text_of(line, "text");
    const char *send_at = text_of(line, "send_at");
    bool held = str_eq(text_of(line, "outcome"), "held");
    (void)printf("%s  %s  %s%s%s%s%s\n", text_of(line, "at"), text_of(line, "rule"),
                 text_of(line, "outcome"), held ? " until " : "", held ? send_at : "",
                 *deal ? "  deal " : "", deal);
    show_gates(json_object_get(line, "gates"));
    if (*text)
        (void)printf("  said: %s\n", text);
}

static int on_decision(void *user, const struct row *row)
{
    struct asking *asking = user;
    if (asking->rule && !str_eq(asking->rule, row->decision.rule))
        return 0;
    json_t *line = json_loads(row->decision.line, 0, NULL);
    if (asking->call->json)
        (void)puts(row->decision.line);
    else if (line)
        show(line);
    json_decref(line);
    return ++asking->shown == NEWEST ? ENOUGH : 0;
}

/* Nothing was decided at all: no rule ever came to the gates. */
static void say_nothing(const struct asking *asking, const char *rep, msec_t from, msec_t to)
{
    char from_text[MSEC_TEXT_BYTES], to_text[MSEC_TEXT_BYTES];
    struct strbuf span = {0};
    if (to != MSEC_NEVER)
        strbuf_printf(&span, " between %s and %s", msec_format(from, from_text),
                      msec_format(to, to_text));
    call_error(
        asking->call,
        "no decision about '%s'%s%s%s: nothing happened that %s waits for, or its conditions "
        "did not hold",
        rep, asking->rule ? " by " : "", asking->rule ? asking->rule : "", strbuf_text(&span),
        asking->rule ? "the rule" : "a rule");
    strbuf_done(&span);
}

/* The minute that was asked for, else the last day; the clock of the local platform can be moved,
 * so there the newest decisions are the last ones, whatever our clock says. */
static void find_span(const struct call *call, const struct config *config, msec_t *ret_from,
                      msec_t *ret_to)
{
    msec_t at = call_number(call, "at", MSEC_NONE);
    *ret_from = call->now - MSEC_DAY;
    *ret_to = call->now + 1;
    if (at != MSEC_NONE) {
        *ret_from = at - (at % MSEC_MINUTE + MSEC_MINUTE) % MSEC_MINUTE;
        *ret_to = *ret_from + MSEC_MINUTE;
    } else if (str_eq(config->platform, "local")) {
        *ret_from = 0;
        *ret_to = MSEC_NEVER;
    }
}

static int run(struct call *call)
{
    struct asking asking = {.call = call, .rule = call_text(call, "rule")};
    const char *rep = call_text(call, "rep");
    struct config *config = ctl_config(call);
    struct store *store;
    struct err err;
    msec_t from, to;
    if (!config)
        return CTL_FOUND;
    find_span(call, config, &from, &to);
    int status = state_open(config, ctl_config_path(call), &err, &store);
    if (!status) {
        status =
            store->ops->load_decisions(store, rep, from, to, SIZE_MAX, on_decision, &asking, &err);
        store->ops->close(store);
    }
    config_free(config);
    if (status && status != ENOUGH) {
        call_error(call, "%s", err.text);
        return CTL_FOUND;
    }
    if (!asking.shown)
        say_nothing(&asking, rep, from, to);
    return CTL_OK;
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "about whom", true},
    {"rule", OPTION_TEXT, "ID", "only this rule", false},
    {"at", OPTION_TIME, "TIME", "within this minute (default: the last 24 hours, newest 20)",
     false},
};

const struct command command_why = {
    .name = "why",
    .args = "--rep ID [--rule ID] [--at TIME] [--json]",
    .help = "why somebody did or did not get a message, gate by gate",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
