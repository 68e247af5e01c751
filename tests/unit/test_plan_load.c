/* Questions that keep their answers, and who may hear of goals and plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

#define HEAD "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
#define ASK  "rules:\n  - {rule: r, when: deal.won, ask: q}\n"

static const struct refused {
    const char *plugin, *line; /* a part of it */
} refused[] = {
    {HEAD "questions:\n  q: {kind: skill, reader: manager, keep: why, text: \"What for?\"}\n" ASK,
     "what is kept for the rep needs 'reader: rep' [private-answer]"},
    {HEAD "questions:\n"
          "  q: {kind: skill, reader: rep, answer: date, keep: plan, text: \"When?\"}\n" ASK,
     "'keep: plan' needs 'answer: text': own words are kept [bad-answer]"},
    {HEAD "questions:\n  q: {kind: skill, reader: rep, keep: tried, text: \"How was it?\"}\n" ASK,
     "'keep: tried' needs 'answer: yes_no' or a choice that begins with the best [bad-answer]"},
    {HEAD "questions:\n  q: {kind: skill, reader: rep, keep: reason, text: \"What for?\"}\n" ASK,
     "'reason'"},
    {HEAD "questions:\n"
          "  q: {kind: skill, reader: team, hard: true, text: \"What is hard?\"}\n" ASK,
     "the rep's own reason goes with 'reader: rep' only [private-answer]"},
    {HEAD "rules:\n  - {rule: r, when: deal.won, to: manager, tell: \"{{rep.why}}\"}\n",
     "'rep.why' is for the rep alone, but the manager would read this [private-answer]"},
    {HEAD "rules:\n  - {rule: r, when: deal.won, to: manager, if: {goal.done: {at_most: 0}}, "
          "tell: \"Hello\"}\n",
     "'goal.done' is for the rep alone, but the manager would read this [private-answer]"},
    {HEAD "rules:\n  - {rule: r, when: plan.missed, to: manager, tell: \"Hello\"}\n",
     "'plan.missed' is for the rep alone, but the manager would hear of it [private-answer]"},
    {HEAD "rules:\n  - {rule: r, every: Friday at 16:00, to: manager, "
          "digest: [{each: rep, text: \"{{rep.why}}\"}]}\n",
     "'rep.why' stands in this text; a rep's goals and plans are never part of a digest "
     "[personal-field]"},
    {HEAD "rules:\n  - {rule: r, every: Friday at 16:00, to: manager, "
          "digest: [{each: rep, if: {goal.reached: true}, text: \"{{rep.name}}\"}]}\n",
     "'goal.reached' stands in this condition; a rep's goals and plans are never part of a digest "
     "[personal-field]"},
};

/* A12: never in a digest, and never before the manager's eyes */
static void plan_load_refuses_what_others_would_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct loaded l = load_given(&(struct load_given){.plugins = {refused[i].plugin}});
        if (!strstr(l.text, refused[i].line))
            fail_msg("%s\nwanted %s\ngot %s", refused[i].plugin, refused[i].line, l.text);
        load_done(&l);
    }
}

static void plan_load_reads_what_is_kept(void **state)
{
    static const char plugin[] =
        HEAD "questions:\n"
             "  q: {kind: skill, reader: rep, keep: why, hard: true, text: \"What for?\"}\n" ASK;
    (void)state;
    struct loaded l = load_given(
        &(struct load_given){.config = "limits: {habits_at_once: 3}\n", .plugins = {plugin}});
    assert_clean(&l);
    assert_int_equal(l.book->questions[0]->keep, KEEP_WHY);
    assert_true(l.book->questions[0]->hard);
    assert_int_equal(l.book->limits.habits_at_once, 3);
    load_done(&l);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_load_refuses_what_others_would_read),
        cmocka_unit_test(plan_load_reads_what_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
