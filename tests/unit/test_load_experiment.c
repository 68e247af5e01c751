/* experiment:, ramp: and pick: adaptive as rules say them, and every mistake in its own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

#define HEAD                                                                                       \
    "plugin: p\narea: skill\nquestions:\n"                                                         \
    "  gain: {kind: skill, reader: rep, text: \"What gain?\"}\n"                                   \
    "  plain: {kind: skill, reader: rep, text: \"What now?\"}\n"                                   \
    "rules:\n"
#define RULE "  - {rule: r, when: deal.won, ask: [gain, plain], "
#define HOPE "outcome: {event: activity.logged, within: 2d}, "

static struct loaded load_one(const char *plugin)
{
    return load_given(&(struct load_given){.plugins = {plugin}});
}

static const struct load_case cases[] = {
    {HEAD RULE "experiment: {arms: {this: 0.5, nothing: 0.5}}}\n",
     "a.yaml:7:63: error: an experiment needs 'outcome': what it compares its arms by, such as "
     "outcome: {event: gate.completed, within: 3d} [missing-key]"},
    {HEAD RULE HOPE "experiment: {}}\n",
     "a.yaml:7:110: error: an experiment needs 'arms': what the coin can fall on"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.5, nothing: 0.4}}}\n",
     "a.yaml:7:117: error: the probabilities of the arms must be 1 together; these are 0.900 "
     "[wrong-sum]"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.995, nothing: 0.005}}}\n",
     "a.yaml:7:124: error: 'this' must be a probability from 0.01 to 0.99, with at most three "
     "decimals, such as 0.2; found '0.995'"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.3333, nothing: 0.6667}}}\n",
     "a.yaml:7:124: error: 'this' must be a probability"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.5, nothing: much}}}\n",
     "a.yaml:7:138: error: 'nothing' must be a probability from 0.01 to 0.99, with at most three "
     "decimals, such as 0.2; found 'much'"},
    {HEAD RULE HOPE "experiment: {arms: {gian: 0.5, plain: 0.5}}}\n",
     "a.yaml:7:118: error: unknown arm 'gian'; did you mean 'gain'? [unknown-arm]"},
    {HEAD RULE HOPE "experiment: {arms: {nothing: 0.5, silence: 0.5}}}\n",
     "a.yaml:7:132: error: unknown arm 'silence'; known are: this, nothing, gain, plain "
     "[unknown-arm]"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.5, gain: 0.5}}}\n",
     "a.yaml:7:117: error: 'this' is all that the rule asks; name its questions, or only this and "
     "nothing [mixed-arms]"},
    {HEAD RULE HOPE "experiment: {arms: {this: 0.5}}}\n",
     "a.yaml:7:117: error: an experiment has 2 to 6 arms; this one has 1"},
    {HEAD RULE HOPE "experiment: {arms: [this, nothing]}}\n",
     "a.yaml:7:117: error: 'arms' must be a mapping of arms to probabilities, such as {this: 0.8, "
     "nothing: 0.2}; found a list"},
    {HEAD RULE HOPE "experiment: {armes: {this: 0.5, nothing: 0.5}}}\n",
     "a.yaml:7:111: error: unknown key 'armes'; did you mean 'arms'? [unknown-key]"},
    {HEAD RULE HOPE "experiment: {seed: -1, arms: {this: 0.5, nothing: 0.5}}}\n",
     "a.yaml:7:117: error: 'seed' must be a whole number from 0, such as 42; found '-1'"},
    {HEAD RULE HOPE "to: peer, experiment: {arms: {this: 0.5, nothing: 0.5}}}\n",
     "error: an experiment compares what one rep does after the words and without them; it is for "
     "'to: rep' or 'to: manager' [wrong-receiver]"},
    {HEAD RULE HOPE "pick: adaptive, experiment: {arms: {this: 0.5, nothing: 0.5}}}\n",
     "a.yaml:7:104: error: an experiment compares what stays the same; 'pick: adaptive' changes it "
     "on the way [unused-key]"},
    {HEAD RULE "pick: adaptiv}\n", "did you mean 'adaptive'?"},
    {HEAD RULE "ramp: 20}\n", "a.yaml:7:57: error: 'ramp' must be a share of the team's reps a "
                              "day, from 1% to 100%, or off, "
                              "such as 10%; found '20'"},
    {HEAD RULE "ramp: 0%}\n", "found '0%'"},
    {HEAD RULE "ramp: 101%}\n", "found '101%'"},
    {HEAD RULE "ramp: [10%]}\n", "found a list"},
};

static void mistakes_have_their_own_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct loaded l = load_one(cases[i].yaml);
        if (!strstr(l.text, cases[i].line))
            fail_msg("case %zu:\n%swanted: %s\nfound:  %s", i, cases[i].yaml, cases[i].line,
                     l.text);
        assert_int_equal(l.counts.failed, 1);
        load_done(&l);
    }
}

/* Wherever `ask` stands, and with an input for a probability. */
static void arms_are_bound_to_questions(void **state)
{
    (void)state;
    struct loaded l = load_one(
        "plugin: p\narea: skill\ninputs: {often: {type: number, default: 0.25}}\nquestions:\n"
        "  gain: {kind: skill, reader: rep, text: \"What gain?\"}\n"
        "  plain: {kind: skill, reader: rep, text: \"What now?\"}\n"
        "rules:\n"
        "  - rule: r\n    experiment: {arms: {plain: 0.5, nothing: $often, gain: 0.25}, seed: 42}\n"
        "    when: deal.won\n    ask: [gain, plain]\n    outcome: {event: deal.won, within: 1d}\n");
    assert_string_equal(l.text, "");
    const struct experiment *e = book_rule(l.book, "r")->experiment;
    assert_string_equal(e->name, "r");
    assert_true(e->has_seed && e->seed == 42);
    assert_int_equal(e->arm_count, 3);
    assert_int_equal(e->nothing, 1);
    assert_int_equal(e->arms[0].question, 1);
    assert_int_equal(e->arms[0].p, 500);
    assert_int_equal(e->arms[1].p, 250);
    assert_int_equal(e->arms[2].question, 0);
    assert_int_equal(book_rule(l.book, "r")->ramp, RAMP_DEFAULT);
    load_done(&l);
}

static void ramp_is_read_in_both_places(void **state)
{
    (void)state;
    static const struct {
        const char *config, *rule;
        int of_limits, of_rule;
    } good[] = {
        {"{}\n", "", 10, RAMP_DEFAULT},
        {"limits: {ramp: off}\n", ", ramp: 20%", 0, 20},
        {"limits: {ramp: 25%}\n", ", ramp: off", 25, 0},
        {"limits: {ramp: \"100%\"}\n", ", ramp: 1%", 100, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        char yaml[400];
        (void)snprintf(yaml, sizeof(yaml), HEAD "  - {rule: r, when: deal.won, ask: gain%s}\n",
                       good[i].rule);
        struct loaded l =
            load_given(&(struct load_given){.config = good[i].config, .plugins = {yaml}});
        assert_int_equal(l.problems.errors, 0);
        assert_int_equal(l.book->limits.ramp, good[i].of_limits);
        assert_int_equal(book_rule(l.book, "r")->ramp, good[i].of_rule);
        load_done(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_have_their_own_words),
        cmocka_unit_test(arms_are_bound_to_questions),
        cmocka_unit_test(ramp_is_read_in_both_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
