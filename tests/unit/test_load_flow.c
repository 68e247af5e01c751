/* Flows in a plugin: every mistake has its place, its sentence and the nearest right word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

#define HEAD                                                                                       \
    "plugin: p\narea: skill\nquestions:\n  mood: {kind: skill, reader: rep, text: \"What now?\", " \
    "answer: scale 1-5}\n  open: {kind: skill, reader: manager, text: \"What else?\"}\n"
#define FLOW  "flows:\n  gps:\n    steps:\n"
#define GOAL  "    - ask: {id: goal, text: \"What is to move?\"}\n"
#define OWNER "    - ask: {id: owner, text: \"Whose is it?\", answer: \"choice [mine, theirs]\"}\n"
#define RULES "rules:\n"

static struct loaded load_one(const char *plugin)
{
    struct load_given given = {.plugins = {plugin}};
    return load_given(&given);
}

static const struct load_case steps[] = {
    {HEAD "flows: []\n", "a.yaml:6:8: error: 'flows' must be a mapping of flows"},
    {HEAD "flows:\n  gps: {}\n", "a.yaml:7:8: error: a flow needs 'steps': What is asked"},
    {HEAD "flows:\n  gps: {steps: []}\n",
     "a.yaml:7:16: error: 'steps' must be a list with at least one step, such as - ask:"},
    {HEAD FLOW "    - {id: goal}\n", "a.yaml:9:8: error: unknown key 'id'"},
    {HEAD FLOW "    - if: {answer.mood: 3}\n",
     "a.yaml:9:7: error: a step needs 'ask', 'plan' or 'request'"},
    {HEAD FLOW "    - ask: {id: a, text: \"What?\"}\n      plan: {id: b, text: \"When?\"}\n",
     "a.yaml:9:7: error: a step does one thing: make two steps of 'ask', 'plan' and 'request' "
     "[two-actions]"},
    {HEAD FLOW "    - ask: {text: \"What?\"}\n", "a.yaml:9:12: error: the question of a step needs "
                                                 "'id'"},
    {HEAD FLOW GOAL "    - plan: {id: goal, text: \"When do you start?\"}\n",
     "a.yaml:10:18: error: the step 'goal' stands in this flow a second time; the first is at line "
     "9 [duplicate-id]"},
    {HEAD FLOW "    - ask: {id: mood, text: \"What?\"}\n",
     "a.yaml:9:17: error: the plugin has a question 'mood' too; answer.mood would mean either "
     "[duplicate-id]"},
    {HEAD FLOW "    - ask: {id: goal, text: What moves you}\n",
     "a.yaml:9:29: error: a question needs a question mark (or 'style: advise' for a hint) "
     "[no-question]"},
    {HEAD FLOW "    - plan: {id: goal, text: \"What? When?\"}\n",
     "a.yaml:9:30: error: 2 question marks; ask one thing at a time [double-question]"},
    {HEAD FLOW "    - plan: {id: goal, text: \"When?\", answer: date}\n",
     "a.yaml:9:39: error: unknown key 'answer'; the keys of the plan of a step are: id, text, "
     "kind, reader"},
    {HEAD FLOW "    - ask: {id: goal, text: \"What?\", reader: boss}\n", "'boss'"},
    {HEAD FLOW GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL GOAL,
     "a.yaml:9:5: error: the flow has 13 steps; nobody answers more than 12 in one talk "
     "[too-many-steps]"},
    {HEAD "flows:\n  gps:\n    expires: soon\n    steps:\n" GOAL, "a.yaml:8:14: error: 'expires'"},
    {HEAD "flows:\n  gps:\n    command: Go now\n    steps:\n" GOAL,
     "a.yaml:8:14: error: 'command' must be a word of small letters and digits, such as gps; found "
     "'Go now' [wrong-value]"},
    {HEAD "flows:\n  gps:\n    command: later\n    steps:\n" GOAL,
     "a.yaml:8:14: error: 'later' is a word that the chat knows already; choose another one "
     "[duplicate-id]"},
    {HEAD "flows:\n  gps:\n    closing: [a, b]\n    steps:\n" GOAL,
     "a.yaml:8:14: error: 'closing' must be one text; found a list"},
};

static const struct load_case answers[] = {
    {HEAD FLOW GOAL "    - ask: {id: why, text: \"Why {{answer.gaol}}?\"}\n",
     "a.yaml:10:28: error: at character 5: unknown step 'answer.gaol'; did you mean 'answer.goal'? "
     "[unknown-field]"},
    {HEAD FLOW "    - ask: {id: why, text: \"Why {{answer.goal|it}}?\"}\n" GOAL,
     "'answer.goal' is used before its step [unknown-field]"},
    {HEAD FLOW "    - if: {answer.why: present}\n      ask: {id: why, text: \"What for?\"}\n",
     "a.yaml:9:12: error: 'answer.why' is used before its step [unknown-field]"},
    {HEAD FLOW OWNER "    - if: {answer.owner: their}\n      ask: {id: why, text: \"What?\"}\n",
     "a.yaml:10:26: error: unknown answer 'their'; did you mean 'theirs'? [unknown-word]"},
    {HEAD FLOW GOAL "    - if: {kind: call}\n      ask: {id: why, text: \"What?\"}\n",
     "a.yaml:10:12: error: a talk has no event, so 'kind' is never there; use answer.*, rep.*, "
     "deal.* or signal.* [unknown-field]"},
    {HEAD FLOW GOAL RULES "  - {rule: r, when: deal.won, start: gsp}\n",
     "a.yaml:11:38: error: unknown flow 'gsp'; did you mean 'gps'? [unknown-flow]"},
    {HEAD FLOW GOAL RULES "  - {rule: r, when: deal.won, start: gps, ask: mood}\n",
     "[two-actions]"},
    {HEAD FLOW GOAL RULES "  - {rule: r, when: deal.won, tell: \"So: {{answer.gole}}\"}\n",
     "did you mean 'answer.goal'?"},
    {HEAD FLOW GOAL RULES "  - {rule: r, when: deal.won, tell: \"So: {{answer.goal}}\", to: "
                          "manager}\n",
     "a.yaml:11:37: error: 'answer.goal' is for the rep alone (reader: rep), but the manager would "
     "read this [private-answer]"},
    {HEAD RULES "  - {rule: r, when: deal.won, if: {answer.mood: 1}, tell: So., to: manager}\n",
     "a.yaml:7:36: error: 'answer.mood' is for the rep alone"},
    {HEAD RULES "  - {rule: r, when: deal.won, praise: \"{{deal.name}}: {{answer.mood}}\"}\n",
     "'answer.mood' is for the rep alone"},
    {HEAD RULES "  - {rule: r, when: deal.won, praise: \"{{deal.name}} it is.\", card: "
                "\"{{answer.mood}}\"}\n",
     "'answer.mood' is for the rep alone"},
    {HEAD RULES "  - {rule: r, when: deal.won, praise: \"{{deal.name}}: {{answer.mood}}\", via: "
                "manager, if: {not: {answer.mood: missing}}}\n",
     "'answer.mood' is for the rep alone"},
};

static void check_cases(const struct load_case *cases, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct loaded l = load_one(cases[i].yaml);
        if (!strstr(l.text, cases[i].line)) {
            print_error("%s\nwanted: %s\nfound:\n%s\n", cases[i].yaml, cases[i].line, l.text);
            wrong++;
        }
        load_done(&l);
    }
    assert_int_equal(wrong, 0);
}

static void flow_mistakes_are_explained(void **state)
{
    (void)state;
    check_cases(steps, ARRAY_LEN(steps));
}

static void answer_mistakes_are_explained(void **state)
{
    (void)state;
    check_cases(answers, ARRAY_LEN(answers));
}

static void flow_commands_are_unique_over_all_files(void **state)
{
    static const char one[] = "plugin: a\nflows:\n  x:\n    command: gps\n    steps:\n" GOAL;
    static const char two[] = "plugin: b\nflows:\n  y:\n    command: gps\n    steps:\n" GOAL;
    struct load_given given = {.plugins = {one, two}};
    (void)state;
    struct loaded l = load_given(&given);
    assert_non_null(strstr(l.text, "b.yaml:4:14: error: the command 'gps' stands here a second "
                                   "time; the first is at a.yaml:4:14 [duplicate-id]"));
    assert_int_equal(l.counts.loaded, 1);
    load_done(&l);
}

static void flow_is_read_into_the_book(void **state)
{
    (void)state;
    struct loaded l = load_one(
        HEAD "flows:\n  gps:\n    about: A goal.\n    command: gps\n    expires: 2 working days\n"
             "    closing: \"{{answer.goal|So}}.\"\n    steps:\n" GOAL OWNER
             "    - if: {answer.owner: Theirs, answer.mood: {at_least: 2}}\n"
             "      plan: {id: start, text: [\"When do you start?\", \"How do you begin?\"], kind: "
             "belief, reader: team}\n" RULES "  - {rule: r, when: deal.won, start: gps}\n"
             "  - {rule: s, when: deal.won, if: {answer.open: present}, tell: \"{{answer.open}}\", "
             "to: manager}\n"
             "  - {rule: t, every: Monday at 09:00, tell: \"{{answer.goal}}\", to: manager}\n");
    assert_string_equal(l.text, "");
    const struct flow *flow = l.book->flows[0];
    assert_int_equal(l.book->flow_count, 1);
    assert_int_equal(flow->step_count, 3);
    assert_int_equal(flow->expires, 2 * MSEC_DAY);
    assert_string_equal(flow->command, "gps");
    assert_non_null(flow->closing);
    assert_int_equal(flow->steps[0].question->reader, READER_REP);
    assert_int_equal(flow->steps[0].question->kind, KIND_ACTIVITY);
    assert_int_equal(flow->steps[1].question->choice_count, 2);
    assert_true(flow->steps[2].plan);
    assert_int_equal(flow->steps[2].question->reader, READER_TEAM);
    assert_int_equal(flow->steps[2].question->text_count, 2);
    assert_int_equal(flow->steps[2].cond->op, COND_ALL);
    assert_ptr_equal(book_rule(l.book, "r")->flow, flow);
    load_done(&l);
}

static void flow_texts_are_linted(void **state)
{
    (void)state;
    struct loaded l =
        load_one(HEAD FLOW "    - ask: {id: a, text: \"Did you call them?\"}\n"
                           "    - plan: {id: b, text: \"Will you make your number?\"}\n");
    assert_non_null(strstr(l.text, "a.yaml:9:26: warning: "));
    assert_non_null(strstr(l.text, "[lint-closed]"));
    assert_non_null(strstr(l.text, "[lint-forecast]"));
    load_done(&l);
    l = load_one("plugin: p\narea: skill\n" FLOW GOAL OWNER
                 "    - plan: {id: c, text: \"When do you start?\"}\n");
    assert_non_null(strstr(l.text, "a.yaml:4:3: warning: all 3 questions are about activity"));
    load_done(&l);
    l = load_one("plugin: p\narea: skill\n" FLOW GOAL OWNER
                 "    - plan: {id: c, text: \"When do you start?\", kind: belief}\n");
    assert_string_equal(l.text, "");
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_mistakes_are_explained),
        cmocka_unit_test(answer_mistakes_are_explained),
        cmocka_unit_test(flow_commands_are_unique_over_all_files),
        cmocka_unit_test(flow_is_read_into_the_book),
        cmocka_unit_test(flow_texts_are_linted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
