/* test_load.c: plugins: the example of the language, what is refused and in which words, what is
 * left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/action.h"
#include "load_check.h"

static const char whole[] =
    "plugin: customer-gates\n"
    "about: Asks for what the customer did, not only for what we sent.\n"
    "version: 1\n"
    "area: opportunity                 # opportunity | skill\n"
    "inputs:                           # values a team can set in gritd.yaml\n"
    "  patience: {type: duration, default: 2d, about: How long the seller's half may stand alone}\n"
    "\n"
    "questions:\n"
    "  needs-in-their-words:\n"
    "    kind: activity                # skill | activity | belief | drive | purpose\n"
    "    style: ask                    # ask | advise\n"
    "    text: >-\n"
    "      {{deal.name}}: you sent the needs review on {{gate.seller.date}}. What has "
    "{{deal.contact|your contact}}\n"
    "      said back, in their own words?\n"
    "    answer: text                  # text | yes_no | scale 1-5 | choice [a, b] | date\n"
    "    reader: rep                   # rep | manager | team : who may read the answer\n"
    "\n"
    "rules:\n"
    "  - rule: only-half-a-gate\n"
    "    when: gate.completed\n"
    "    if:\n"
    "      side: seller\n"
    "      gate.customer: missing\n"
    "      deal.amount: {at_least: 10000}\n"
    "    for: $patience                # the conditions must hold this long\n"
    "    unless: [gate.completed, deal.lost]\n"
    "    ask: needs-in-their-words\n"
    "    limit: 1 per deal\n"
    "    quiet: hold                   # hold | drop | expire\n"
    "    outcome: {event: gate.completed, side: customer, within: 3d}\n"
    "\n"
    "tests:\n"
    "  - test: asks only for the customer's half\n"
    "    at: 2026-03-04 10:00 America/Denver\n"
    "    people: {ana: {zone: America/Denver}}\n"
    "    given:\n"
    "      - {at: 2026-03-02 10:00, event: gate.completed, rep: ana, deal: D1, side: seller, "
    "deal.amount: 20000}\n"
    "    expect:\n"
    "      - {at: 2026-03-04 10:00, rep: ana, rule: only-half-a-gate, text: /in their own "
    "words/}\n";

/* The shortest plugin that is right; cases put their line into it. */
#define HEAD                                                                                       \
    "plugin: p\narea: skill\nquestions:\n  q: {kind: skill, reader: rep, text: \"What now?\"}\n"   \
    "rules:\n"

static struct loaded load_one(const char *plugin)
{
    struct load_given given = {.plugins = {plugin}};
    return load_given(&given);
}

static void load_whole_example_has_no_problem(void **state)
{
    (void)state;
    struct loaded l = load_one(whole);
    assert_clean(&l);
    assert_int_equal(l.counts.loaded, 1);
    const struct rule *rule = book_rule(l.book, "only-half-a-gate");
    assert_non_null(rule);
    assert_true(rule->when == EVENT_BIT(EVENT_GATE_COMPLETED));
    assert_true(rule->unless == (EVENT_BIT(EVENT_GATE_COMPLETED) | EVENT_BIT(EVENT_DEAL_LOST)));
    assert_int_equal(rule->wait, 2 * MSEC_DAY);
    assert_false(rule->wait_working);
    assert_int_equal(rule->cond->op, COND_ALL);
    assert_int_equal(rule->cond->child_count, 3);
    assert_int_equal(rule->cond->children[1].op, COND_MISSING);
    assert_int_equal(rule->cond->children[2].values[0].type, VALUE_MONEY);
    assert_int_equal(rule->cond->children[2].values[0].number, 10000 * 1000);
    assert_ptr_equal(rule->action, action_find("ask"));
    assert_string_equal(rule->questions[0]->id, "needs-in-their-words");
    assert_int_equal(rule->limits[0].count, 1);
    assert_int_equal(rule->limits[0].per, PER_DEAL);
    assert_int_equal(rule->outcome_within, 3 * MSEC_DAY);
    assert_true(rule->reminders);
    assert_int_equal(rule->unknown, UNKNOWN_HOLD);
    assert_int_equal(l.book->stage_count, 7);
    load_done(&l);
}

static void load_tests_are_kept_beside_the_book(void **state)
{
    (void)state;
    struct loaded l = load_one(whole);
    assert_int_equal(l.tests->count, 1);
    const struct plugin_test *test = &l.tests->tests[0];
    assert_string_equal(test->plugin, "customer-gates");
    assert_string_equal(test->people[0].def.id, "ana");
    assert_string_equal(test->people[0].def.zone, "America/Denver");
    assert_int_equal(test->given_count, 1);
    assert_int_equal(test->given[0].event.type, EVENT_GATE_COMPLETED);
    assert_string_equal(test->given[0].event.deal, "D1");
    assert_string_equal(test->given[0].event.side, "seller");
    assert_int_equal(test->given[0].event.amount, 2000000); /* minor units */
    assert_non_null(test->expect[0].regex);
    assert_string_equal(test->expect[0].text, "in their own words");
    assert_int_equal(test->expect[0].at, test->at);
    load_done(&l);
}

static const struct load_case keys[] = {
    {HEAD "  - {rule: r, when: deal.won, asck: q, ask: q}\n",
     "a.yaml:6:31: error: unknown key 'asck'; did you mean 'ask'? [unknown-key]"},
    {"plugin: p\nfoobar: 1\n",
     "a.yaml:2:1: error: unknown key 'foobar'; the keys of a plugin are: plugin, about, pack, "
     "version, "
     "area, impact, effort, owner, inputs, questions, flows, signals, rules, programme, tests "
     "[unknown-key]"},
    {"about: x\n",
     "a.yaml:1:1: error: a plugin needs 'plugin': a name that no other plugin has, such "
     "as customer-gates [missing-key]"},
    {"- x\n",
     "a.yaml:1:1: error: this must be a mapping (plugin, questions, rules, tests); found a "
     "list [wrong-value]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, reminders: no}\n",
     "a.yaml:6:50: error: 'no' is only a word here; write false [boolean-word]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, reminders: 1}\n",
     "a.yaml:6:50: error: 'reminders' must be true or false; found '1' [wrong-value]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, priority: high}\n",
     "a.yaml:6:49: error: 'priority' must be a whole number, such as 1; found 'high' "
     "[wrong-value]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, cooldown: 3}\n",
     "a.yaml:6:49: error: 'cooldown' must be a length of time with its unit, such as 3d or 3h; "
     "found "
     "'3' [wrong-value]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, cooldown: 3 working days}\n",
     "a.yaml:6:49: error: 'cooldown' cannot be working time; write a plain length such as 3d "
     "[working-length]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, quiet: holt}\n",
     "a.yaml:6:46: error: unknown word for 'quiet': 'holt'; did you mean 'hold'? [unknown-word]"},
    {HEAD "  - {rule: my rule, when: deal.won, ask: q}\n",
     "a.yaml:6:12: error: 'my rule' cannot be a name: use letters, digits, '-' and '_', no spaces "
     "[bad-name]"},
    {HEAD "  - {rule: r, when: deal.wonn, ask: q}\n",
     "a.yaml:6:21: error: unknown event 'deal.wonn'; did you mean 'deal.won'? [unknown-event]"},
    {HEAD "  - {rule: r, when: chat.said, ask: q}\n",
     "a.yaml:6:21: error: unknown event 'chat.said'; known are: deal.created, deal.stage_changed, "
     "deal.amount_changed, deal.close_date_changed, deal.owner_changed, deal.won, deal.lost, "
     "deal.reopened, deal.deleted, activity.logged, activity.planned, gate.completed, "
     "gate.reverted, "
     "rep.joined, rep.left, rep.away, rep.back, goal.set, goal.progress, training.completed, "
     "content.shared, customer.reaction, plan.cue, plan.rehearsal, plan.practice, plan.missed "
     "[unknown-event]"},
    {HEAD "  - {rule: r, ask: q}\n",
     "a.yaml:6:5: error: the rule never decides; give it 'when' (an "
     "event) or 'every' (a schedule) [no-decision-point]"},
    {HEAD "  - {rule: r, when: deal.won, every: Monday at 09:00, ask: q}\n",
     "a.yaml:6:5: error: a rule has exactly one of when, every, cron, rrule, before, after, "
     "missing; this "
     "one has 2 [two-decision-points]"},
    {HEAD "  - {rule: r, when: deal.won}\n",
     "a.yaml:6:5: error: the rule does nothing; give it "
     "one of ask, praise, start, tell, digest, suggest, stretch "
     "[no-action]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, tell: x}\n",
     "a.yaml:6:5: error: a rule does exactly one thing (ask, praise, start, tell, digest, "
     "suggest, stretch); this "
     "one has 2: make two rules [two-actions]"},
    {HEAD "  - {rule: r, when: deal.won, ask: qq}\n",
     "a.yaml:6:36: error: unknown question 'qq'; did you mean 'q'? [unknown-question]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, via: bot}\n",
     "a.yaml:6:39: error: 'via' is only for 'praise' [unused-key]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, inhibit: [rr]}\n",
     "a.yaml:6:49: error: unknown rule 'rr'; did you mean 'r'? [unknown-rule]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, limit: 1 per year}\n",
     "a.yaml:6:46: error: unknown word for a limit: 'year'; known are: deal, day, week, month "
     "[unknown-word]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, limit: often}\n",
     "a.yaml:6:46: error: 'limit' must be a number and what it is counted for, such as 1 per deal "
     "or "
     "2 per week; found 'often' [wrong-value]"},
    {HEAD "  - {rule: r, cron: 0 9 30 2 *, ask: q}\n",
     "a.yaml:6:21: error: '0 9 30 2 *' is never due: there is no such day [bad-schedule]"},
    {HEAD "  - {rule: r, rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=9, ask: q}\n",
     "a.yaml:6:22: error: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=9' is never due: "},
    {HEAD "  - {rule: r, every: Monday at 09:00, ask: q, missed: twice}\n",
     "a.yaml:6:55: error: 'missed' must be what happens to a time that passed while the daemon was "
     "down, such as once within 15m, skip, or all within 4h; found 'twice' [wrong-value]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, missed: skip}\n",
     "a.yaml:6:39: error: 'missed' is only for schedules (every, cron, rrule, missing) "
     "[unused-key]"},
    {HEAD "  - {rule: r, every: Monday at 09:00, ask: q, zone: Mars/Base}\n",
     "a.yaml:6:53: error: unknown time zone 'Mars/Base'; known are: UTC, "},
    {HEAD "  - {rule: r, when: deal.won, ask: q, for: $pat}\n",
     "a.yaml:6:44: error: unknown input '$pat'; there is none [unknown-input]"},
    {"plugin: p\nrules:\n  - {rule: r, when: deal.won, tell: x}\n",
     "a.yaml:3:5: error: a rule needs 'area': opportunity or skill, here or for the whole plugin "
     "[missing-key]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q}\n  - {rule: r, when: deal.won, ask: q}\n",
     "a.yaml:7:5: error: the rule 'r' stands here a second time; the first is at a.yaml:6:5 "
     "[duplicate-id]"},
};

/* Tells every case that went wrong, then fails. */
static void assert_all(const struct load_case *cases, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct loaded l = load_one(cases[i].yaml);
        if (strncmp(l.text, cases[i].line, strlen(cases[i].line)) != 0 ||
            strchr(l.text, '\n') != l.text + strlen(l.text) - 1) {
            print_error("case %zu:\n%swanted: %s\nfound:  %s\n", i, cases[i].yaml, cases[i].line,
                        l.text);
            wrong++;
        }
        load_done(&l);
    }
    assert_int_equal(wrong, 0);
}

/* FM-D03 */
static void load_keys_and_values_are_explained(void **state)
{
    (void)state;
    assert_all(keys, ARRAY_LEN(keys));
}

#define QUESTION(text) "plugin: p\nquestions:\n  q: {" text "}\n"

#define SIGNAL(text) "plugin: p\nsignals:\n  s: {" text "}\n"

static const struct load_case structure[] = {
    {QUESTION("reader: rep, text: \"What now?\""),
     "a.yaml:3:6: error: a question needs 'kind': what it is about: skill, activity, belief, drive "
     "or "
     "purpose, such as activity [untagged-question]"},
    {QUESTION("kind: skill, text: \"What now?\""),
     "a.yaml:3:6: error: a question needs 'reader': who may read the answer: rep, manager or team, "
     "or group (it only counts in a figure of five people or more); the message says so, such as "
     "rep [missing-reader]"},
    {QUESTION("kind: skill, reader: rep, text: \"What? And how?\""),
     "a.yaml:3:39: error: 2 question marks; ask one thing at a time [double-question]"},
    {QUESTION("kind: skill, reader: rep, text: Tell me"),
     "a.yaml:3:39: error: a question needs a question mark (or 'style: advise' for a hint) "
     "[no-question]"},
    {QUESTION("kind: skill, reader: rep, text: \"What of {{deal.nmae}}?\""),
     "a.yaml:3:39: error: at character 9: unknown field 'deal.nmae'; did you mean 'deal.name'? "
     "[unknown-field]"},
    {QUESTION("kind: skill, reader: rep, text: \"What of {{#deal.name}}?\""),
     "a.yaml:3:39: error: "},
    {QUESTION("kind: skill, reader: rep, text: \"How?\", answer: scale"),
     "a.yaml:3:55: error: a scale needs its two ends, such as scale 1-5; found '' [bad-answer]"},
    {QUESTION("kind: skill, reader: rep, text: \"How?\", answer: {scale: [5, 1]}"),
     "a.yaml:3:63: error: a scale goes from the smaller number to the larger one [bad-answer]"},
    {QUESTION("kind: skill, reader: rep, text: \"How?\", answer: {choice: [a]}"),
     "a.yaml:3:64: error: a choice has 2 to 25 answers, this one has 1 [bad-answer]"},
    {QUESTION("kind: skill, reader: rep, text: \"How?\", answer: txet"),
     "a.yaml:3:55: error: unknown answer 'txet'; did you mean 'text'? [bad-answer]"},
    {QUESTION("kind: skill, reader: rep, text: \"How?\", stage: discovery"),
     "a.yaml:3:54: error: unknown stage 'discovery'; did you mean 'discover'? [unknown-stage]"},
    {HEAD "  - {rule: r, when: deal.won, praise: You made three calls after the loss}\n",
     "a.yaml:6:39: error: praise needs evidence: use at least one {{signal.*}}, {{event.*}} or "
     "{{deal.*}} [no-evidence]"},
    {HEAD "  - {rule: r, when: deal.won, ask: q, to: \"#sales\"}\n",
     "a.yaml:6:43: error: '#sales' is a channel; what is about one person goes to the rep or the "
     "manager only ('to: team' is for what is about nobody) [channel-target]"},
    {HEAD "  - {rule: r, when: deal.won, if: {deal.ammount: 3}, ask: q}\n",
     "a.yaml:6:36: error: unknown field 'deal.ammount'; did you mean 'deal.amount'? "
     "[unknown-field]"},
    {HEAD "  - {rule: r, when: deal.won, if: {deal.amount: {atleast: 3}}, ask: q}\n",
     "a.yaml:6:50: error: unknown test 'atleast'; did you mean 'at_least'? [unknown-test]"},
    {HEAD "  - {rule: r, when: deal.won, if: {deal.amount: {contains: a}}, ask: q}\n",
     "a.yaml:6:50: error: 'contains' does not fit: the field is money"},
    {HEAD "  - {rule: r, when: deal.won, if: {deal.amount: \"10,000\"}, ask: q}\n",
     "a.yaml:6:49: error: 'deal.amount' must be a number without ',' (10000 or 1.5); found "
     "'10,000'"},
    {HEAD "  - {rule: r, when: deal.won, if: {deal.name: {matches: \"(\"}}, ask: q}\n",
     "a.yaml:6:57: error: at character 2 of the pattern: missing closing parenthesis "
     "[bad-pattern]"},
    {HEAD "  - {rule: r, when: deal.won, if: {kind: cal}, ask: q}\n",
     "a.yaml:6:42: error: unknown word for 'kind': 'cal'; did you mean 'call'? [unknown-word]"},
    {HEAD "  - {rule: r, when: {event: deal.stage_changed, to: proposal}, ask: q}\n",
     "a.yaml:6:53: error: unknown stage 'proposal'; did you mean 'propose'? [unknown-stage]"},
    {HEAD "  - {rule: r, when: deal.won, if: {automated: yes}, ask: q}\n",
     "a.yaml:6:47: error: 'yes' is only a word here; write true [boolean-word]"},
    {HEAD "  - {rule: r, when: deal.won, if: {signal.x: 3}, ask: q}\n",
     "a.yaml:6:36: error: unknown signal 'signal.x'; this plugin has none [unknown-field]"},
    {HEAD "  - {rule: r, when: deal.won, if: {answer.z: a}, ask: q}\n",
     "a.yaml:6:36: error: unknown question 'answer.z'; did you mean 'answer.q'? [unknown-field]"},
    {HEAD "  - {rule: r, when: deal.won, if: {any: {kind: call}}, ask: q}\n",
     "a.yaml:6:41: error: 'any' must be a list of mappings"},
    {"plugin: p\nsignals:\n  s: {count: activity.logged, within: 3d}\n",
     "a.yaml:3:31: error: 'within' needs 'since'; for so long back from now write 'window'"},
    {"plugin: p\nsignals:\n  s: {gap: activity.logged, window: 3d}\n",
     "a.yaml:3:29: error: 'window' is only for count, sum and distinct [unused-key]"},
    {"plugin: p\nsignals:\n  s: {streak: activity.logged}\n",
     "a.yaml:3:6: error: streak needs 'at_least', such as 5 per working_day [missing-key]"},
    {"plugin: p\nsignals:\n  s: {count: activity.logged/inbuond}\n",
     "a.yaml:3:30: error: unknown word for 'count': 'inbuond'; did you mean 'inbound'?"},
    {"plugin: p\nsignals:\n  s: {kind: call}\n",
     "a.yaml:3:6: error: a signal is one of count, sum"},
    {SIGNAL("ratio: {count: activity.logged}"),
     "a.yaml:3:6: error: ratio needs 'to': what is usual, such as {mean_of: 6 weeks} "
     "[missing-key]"},
    {SIGNAL("ratio: {count: activity.logged}, to: activity.logged"), "a.yaml:3:44: error: "},
    {SIGNAL("ratio: {count: activity.logged}, to: {mean_of: 40d}"),
     "a.yaml:3:54: error: 'mean_of' must be 2 to 52 whole windows of 1w, such as 6w; found '40d'"},
    {SIGNAL("ratio: {count: activity.logged, window: 0d}, to: {mean_of: 6w}"),
     "a.yaml:3:47: error: 'window' must be at least a minute, such as 1w"},
    {SIGNAL("ratio: {gap: activity.logged}, to: {mean_of: 6w}"),
     "a.yaml:3:15: error: unknown key 'gap'; the keys of a measure are: count, sum, of"},
    {SIGNAL("ratio: {kind: call}, to: {mean_of: 6w}"),
     "a.yaml:3:14: error: 'ratio' needs one of count and sum in it; found 0"},
    {SIGNAL("ratio: {count: activity.logged}, window: 1w, to: {mean_of: 6w}"),
     "a.yaml:3:40: error: 'window' belongs to what is counted: {count: activity.logged, "
     "window: 1w} [unused-key]"},
    {SIGNAL("ratio: {count: activity.logged, of: duration}, to: {mean_of: 6w}"),
     "a.yaml:3:39: error: 'of' is only for sum [unused-key]"},
    {SIGNAL("trend: {count: activity.logged}"),
     "a.yaml:3:6: error: trend needs 'over', such as 6 weeks [missing-key]"},
    {SIGNAL("trend: {count: activity.logged}, over: 2 weeks"),
     "a.yaml:3:46: error: 'over' must be 3 to 13 whole windows of 1w, such as 6w; found '2 weeks'"},
    {SIGNAL("trend: {count: activity.logged}, over: 6 weeks, compare: own_baseline"),
     "a.yaml:3:55: error: 'compare' is only for time_from [unused-key]"},
    {SIGNAL("count: activity.logged, over: 6 weeks"),
     "a.yaml:3:31: error: 'over' is only for trend [unused-key]"},
    {SIGNAL("sum: activity.logged, of: duratoin"),
     "a.yaml:3:33: error: unknown word for 'of': 'duratoin'; did you mean 'duration'?"},
    {SIGNAL("distinct: activity.logged, per: deal"),
     "a.yaml:3:34: error: 'per' is only for signals other than distinct: a deal is one deal"},
    {SIGNAL("trned: {count: activity.logged}, over: 6 weeks"),
     "a.yaml:3:7: error: unknown key 'trned'; did you mean 'trend'?"},
    {"plugin: p\ninputs:\n  n: {type: number}\n",
     "a.yaml:3:6: error: the input 'n' has no default; give one, or set it in gritd.yaml: inputs: "
     "{p: "
     "{n: ...}} [missing-input]"},
};

/* B6: a question without a tag is an error (its first case) */
static void load_structure_is_checked(void **state)
{
    (void)state;
    assert_all(structure, ARRAY_LEN(structure));
}

/* B25: one character too many fails */
static void load_long_question_is_refused(void **state)
{
    (void)state;
    char words[282], yaml[500];
    memset(words, 'a', 280);
    memcpy(words, "what ", 5); /* an open question, however long */
    memcpy(words + 280, "?", 2);
    (void)snprintf(yaml, sizeof(yaml), QUESTION("kind: skill, reader: rep, text: \"%s\""), words);
    struct loaded l = load_one(yaml);
    assert_line(&l, "a.yaml:3:39: error: the question has 281 characters; at most 280");
    load_done(&l);
    memmove(words + 10, words + 11, strlen(words + 11) + 1); /* one less */
    (void)snprintf(yaml, sizeof(yaml), QUESTION("kind: skill, reader: rep, text: \"%s\""), words);
    l = load_one(yaml);
    assert_clean(&l);
    load_done(&l);
}

static void load_sections_ask_once(void **state)
{
    (void)state;
    struct loaded l = load_one(QUESTION(
        "kind: skill, reader: rep, text: \"{{#deal.contact}}What did X say?{{/deal.contact}}"
        "{{^deal.contact}}Who is there?{{/deal.contact}}\""));
    assert_clean(&l);
    load_done(&l);
}

static void load_bad_file_is_left_out(void **state)
{
    (void)state;
    struct load_given given = {
        .plugins = {"plugin: one\narea: skill\nrules:\n  - {rule: b, when: deal.won, tell: x, "
                    "inhibit: [z]}\n",
                    "plugin: two\narea: skill\nrules:\n  - {rule: z, when: deal.wonn, tell: x}\n"
                    "  - {rule: y, when: deal.won, tell: x, limit: 3}\n",
                    "a: [\n",
                    "plugin: four\narea: skill\nrules:\n  - {rule: a, when: deal.won, tell: x, "
                    "inhibit: b}\n"}};
    struct loaded l = load_given(&given);
    assert_int_equal(l.counts.loaded, 2);
    assert_int_equal(l.counts.failed, 2);
    assert_int_not_equal(l.result, 0);
    assert_line(&l, "b.yaml:4:21: error: unknown event 'deal.wonn'");
    assert_line(&l, "b.yaml:5:47: error: 'limit' must be");
    assert_line(&l, "c.yaml:");
    assert_int_equal(l.book->rule_count, 2);
    assert_null(book_rule(l.book, "z"));
    const struct rule *a = book_rule(l.book, "a"), *b = book_rule(l.book, "b");
    assert_int_equal(a->inhibit_count, 1);
    assert_int_equal(a->inhibits[0], b->index);
    assert_int_equal(b->inhibit_count, 0); /* the rule it names is not there */
    load_done(&l);
}

static void load_double_names_over_files_are_refused(void **state)
{
    (void)state;
    struct load_given given = {
        .plugins = {"plugin: p\narea: skill\nrules:\n  - {rule: r, when: deal.won, tell: x}\n",
                    "plugin: p\narea: skill\nrules:\n  - {rule: r, when: deal.won, tell: x}\n"}};
    struct loaded l = load_given(&given);
    assert_line(&l, "b.yaml:1:9: error: the plugin 'p' stands here a second time; the first is at "
                    "a.yaml:1:9 [duplicate-id]");
    assert_line(&l, "b.yaml:4:5: error: the rule 'r' stands here a second time; the first is at "
                    "a.yaml:4:5 [duplicate-id]");
    assert_int_equal(l.counts.loaded, 1);
    load_done(&l);
}

static void load_conditions_nest(void **state)
{
    (void)state;
    struct loaded l =
        load_one(HEAD "  - rule: r\n    when: deal.won\n    ask: q\n    if:\n"
                      "      any: [{kind: [call, email]}, {deal.amount: {between: [1.5, 20]}}]\n"
                      "      not: {direction: inbound, side: seller}\n"
                      "      deal.age: {over: 2w, at_most: 60d}\n"
                      "      deal.close_date: {before: 2026-12-31, within: 7d}\n"
                      "      reason: \"missing\"\n");
    assert_clean(&l);
    const struct cond *cond = book_rule(l.book, "r")->cond;
    assert_int_equal(cond->op, COND_ALL);
    assert_int_equal(cond->child_count, 5);
    assert_int_equal(cond->children[0].op, COND_ANY);
    assert_int_equal(cond->children[0].children[0].value_count, 2);
    assert_int_equal(cond->children[0].children[1].op, COND_BETWEEN);
    assert_int_equal(cond->children[0].children[1].values[0].number, 1500);
    assert_int_equal(cond->children[1].op, COND_NOT);
    assert_int_equal(cond->children[2].op, COND_ALL);
    assert_int_equal(cond->children[2].children[0].op, COND_OVER);
    assert_int_equal(cond->children[2].children[0].values[0].number, 14 * MSEC_DAY);
    assert_int_equal(cond->children[4].op, COND_IS); /* in quotes it is a word */
    load_done(&l);
}

static void load_signals_become_numbers(void **state)
{
    (void)state;
    struct load_given given = {
        .plugins = {"plugin: a\nsignals:\n  x: {count: activity.logged}\n",
                    "plugin: b\narea: skill\nsignals:\n"
                    "  s: {count: activity.logged/outbound, kind: call, since: {event: deal.lost}, "
                    "within: 48h}\n"
                    "  silent: {gap: activity.logged}\n"
                    "  run: {streak: activity.logged, at_least: 5 per working_day}\n"
                    "rules:\n  - rule: r\n    when: deal.won\n    if: {signal.silent: {over: 90m}, "
                    "signal.s: 3}\n"
                    "    praise: \"{{signal.s}} calls\"\n    card: \"{{rep.name}} called\"\n"}};
    struct loaded l = load_given(&given);
    assert_clean(&l);
    assert_int_equal(l.book->signal_count, 4);
    const struct signal *s = l.book->signals[1];
    assert_string_equal(s->name, "s");
    assert_string_equal(s->of.direction, "outbound");
    assert_string_equal(s->of.kind, "call");
    assert_true(s->has_since && s->since.types == EVENT_BIT(EVENT_DEAL_LOST));
    assert_int_equal(s->within, 48 * MSEC_HOUR);
    assert_int_equal(l.book->signals[3]->at_least, 5);
    const struct rule *rule = book_rule(l.book, "r");
    assert_int_equal(rule->cond->children[0].field.signal, 2);
    assert_int_equal(rule->cond->children[0].values[0].number, 1500); /* hours, in thousandths */
    assert_int_equal(rule->cond->children[1].field.signal, 1);
    assert_int_equal(rule->unknown, UNKNOWN_DROP);
    assert_false(rule->via_bot);
    assert_non_null(rule->card);
    load_done(&l);
}

static void load_mixed_events_keep_their_tests(void **state)
{
    (void)state;
    struct loaded l = load_one(
        HEAD
        "  - {rule: r, when: [deal.lost, {event: deal.stage_changed, to: propose}], ask: q}\n");
    assert_clean(&l);
    const struct rule *rule = book_rule(l.book, "r");
    assert_true(rule->when == (EVENT_BIT(EVENT_DEAL_LOST) | EVENT_BIT(EVENT_DEAL_STAGE_CHANGED)));
    assert_int_equal(rule->when_cond->op, COND_ANY);
    assert_int_equal(rule->when_cond->children[0].field.field, FIELD_TYPE);
    assert_int_equal(rule->when_cond->children[1].child_count, 2);
    load_done(&l);
}

static void load_inputs_come_from_the_configuration(void **state)
{
    (void)state;
    struct load_given given = {
        .config = "inputs: {p: {wait: 3 working days, limit: x, typo: 1}, q: {a: 1}}\n",
        .plugins = {"plugin: p\narea: skill\ninputs:\n"
                    "  wait: {type: duration, default: 1d}\n  limit: {type: number, default: 2}\n"
                    "  hour: {type: time, default: 09:30}\nrules:\n"
                    "  - {rule: r, when: deal.won, tell: costs $$5 or $5, for: $wait, limit: "
                    "$limit per week}\n"
                    "  - {rule: s, every: weekday at $hour, tell: x}\n"}};
    struct loaded l = load_given(&given);
    assert_line(&l, "gritd.yaml:1:43: error: 'limit' must be a number, such as 20; found 'x'");
    assert_line(&l, "gritd.yaml:1:46: error: unknown input of p 'typo'");
    assert_line(&l, "gritd.yaml:1:56: error: unknown plugin 'q'; did you mean 'p'?");
    assert_int_equal(l.counts.loaded, 1); /* the plugin itself is fine */
    const struct rule *rule = book_rule(l.book, "r");
    assert_int_equal(rule->wait, 3 * MSEC_DAY);
    assert_true(rule->wait_working);
    assert_int_equal(rule->limits[0].count, 2);
    assert_string_equal(text_template(rule->texts[0]), "costs $5 or $5");
    load_done(&l);
}

static void load_test_files_stand_alone(void **state)
{
    (void)state;
    struct load_given given = {
        .people = "people:\n  - {id: ana, zone: Europe/Berlin}\n",
        .plugins = {"tests:\n  - test: t\n    given:\n"
                    "      - {at: 2026-03-02 11:00, rep: ana, answer: \"yes\"}\n"
                    "      - {at: \"2026-03-02T10:00:00Z\", rep: ana, event: rep.away, from: "
                    "2026-03-02 10:00, "
                    "until: 2026-03-03 10:00}\n"
                    "    expect:\n      - {rule: r, not: true, outcome: held, gate: quiet}\n"
                    "      - {rule: r, count: 2, text: exactly}\n",
                    "plugin: p\narea: skill\nrules:\n  - {rule: r, when: deal.won, tell: x}\n"}};
    struct loaded l = load_given(&given);
    assert_clean(&l);
    assert_int_equal(l.tests->count, 1);
    const struct plugin_test *test = &l.tests->tests[0];
    assert_null(test->plugin);
    assert_int_equal(test->given[0].kind, TEST_EVENT); /* sorted by time */
    assert_int_equal(test->given[0].event.away_until - test->given[0].event.away_from, MSEC_DAY);
    assert_int_equal(test->given[1].kind, TEST_ANSWER);
    assert_int_equal(test->at, test->given[1].at);
    assert_true(test->expect[0].negate);
    assert_string_equal(test->expect[0].gate, "quiet");
    assert_int_equal(test->expect[0].count, -1);
    assert_int_equal(test->expect[1].count, 2);
    assert_null(test->expect[1].regex);
    load_done(&l);
    given.plugins[0] =
        "tests:\n  - {test: t, at: 2026-03-02 10:00, expect: [{rule: rr, rep: anna}]}\n";
    l = load_given(&given);
    assert_line(&l, "a.yaml:2:53: error: unknown rule 'rr'; did you mean 'r'?");
    assert_line(&l, "a.yaml:2:62: error: unknown person 'anna'; did you mean 'ana'?");
    load_done(&l);
}

static void load_many_problems_in_one_run(void **state)
{
    (void)state;
    struct load_given given = {
        .config = "stor: x\n",
        .people = "people:\n  - {id: ana, zon: x}\n",
        .pipeline = "stages:\n  - {id: propse}\n",
        .plugins = {"plugin: p\nrule: []\n", "plugin: q\nrules:\n  - {when: x}\n"}};
    struct loaded l = load_given(&given);
    assert_line(&l, "gritd.yaml:1:1: error: unknown key 'stor'; did you mean 'store'?");
    assert_line(&l, "people.yaml:2:15: error: unknown key 'zon'; did you mean 'zone'?");
    assert_line(
        &l, "pipeline.yaml:2:10: error: unknown word for 'id': 'propse'; did you mean 'propose'?");
    assert_line(&l, "a.yaml:2:1: error: unknown key 'rule'; did you mean 'rules'?");
    assert_line(&l, "b.yaml:3:5: error: a rule needs 'rule'");
    assert_line(&l, "b.yaml:3:12: error: unknown event 'x'");
    assert_int_equal(l.counts.failed, 2);
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_whole_example_has_no_problem),
        cmocka_unit_test(load_tests_are_kept_beside_the_book),
        cmocka_unit_test(load_keys_and_values_are_explained),
        cmocka_unit_test(load_structure_is_checked),
        cmocka_unit_test(load_long_question_is_refused),
        cmocka_unit_test(load_sections_ask_once),
        cmocka_unit_test(load_bad_file_is_left_out),
        cmocka_unit_test(load_double_names_over_files_are_refused),
        cmocka_unit_test(load_conditions_nest),
        cmocka_unit_test(load_signals_become_numbers),
        cmocka_unit_test(load_mixed_events_keep_their_tests),
        cmocka_unit_test(load_inputs_come_from_the_configuration),
        cmocka_unit_test(load_test_files_stand_alone),
        cmocka_unit_test(load_many_problems_in_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
