/* What a team works on beside its deals: use cases, values, behaviours, the organisation's purpose,
 * and the matrix of what there are words for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/practice.h"
#include "load/coverage.h"
#include "core/idea.h"
#include "load_check.h"

#define HEAD "plugin: p\narea: skill\n"

static struct loaded load_with(const char *config, const char *pipeline, const char *plugin)
{
    return load_given(
        &(struct load_given){.config = config, .pipeline = pipeline, .plugins = {plugin}});
}

static void refused(const char *config, const char *plugin, const char *line)
{
    struct loaded l = load_with(config, NULL, plugin);
    assert_line(&l, line);
    assert_int_equal(l.counts.failed, 1);
    load_done(&l);
}

static void accepted(const char *config, const char *plugin)
{
    struct loaded l = load_with(config, NULL, plugin);
    assert_clean(&l);
    load_done(&l);
}

/* --- the purpose of the organisation --- */

#define TELL(text) HEAD "rules:\n  - {rule: r, when: deal.won, tell: \"" text "\"}\n"

/* B8: the slot without a value is an error where it is used, unless the words do without it */
static void purpose_missing_is_an_error_where_it_is_used(void **state)
{
    static const char here[] = "organisation: {purpose: patients wait less}\n";
    (void)state;
    refused(
        NULL, TELL("We are here so that {{purpose.org}}."),
        "a.yaml:4:37: error: {{purpose.org}} has no value: write 'organisation: {purpose: ...}' "
        "in gritd.yaml, or give it a fallback ({{purpose.org|...}}) [missing-purpose]");
    refused("log: {level: info}\n",
            TELL("{{^deal.name}}Here is why: {{purpose.org}}{{/deal.name}}."), "[missing-purpose]");
    refused(NULL, TELL("{{#deal.name}}{{deal.name}}: {{purpose.org}}{{/deal.name}}."),
            "[missing-purpose]");
    accepted(NULL, TELL("We are here so that {{purpose.org|somebody has a better day}}."));
    accepted(NULL, TELL("{{#purpose.org}}Why: {{purpose.org}}. {{/purpose.org}}It is won."));
    accepted(here, TELL("We are here so that {{purpose.org}}."));
}

/* It is about nobody, so a team may read it. */
static void purpose_may_be_said_to_a_team(void **state)
{
    (void)state;
    accepted("organisation: {purpose: patients wait less}\n",
             HEAD "rules:\n  - {rule: r, every: Monday at 09:00, to: team, tell: \"Hello, "
                  "{{team.name}}: {{purpose.org}}.\"}\n");
}

/* --- behaviours --- */

#define ASK(keys) HEAD "questions:\n  q: {kind: skill, reader: rep, text: What now?, " keys "}\n"

/* B22: a catalogue; an unknown name is an error with the nearest one */
static void behaviour_unknown_is_refused_with_the_nearest(void **state)
{
    (void)state;
    refused(NULL, ASK("behaviour: perpare"), "did you mean 'prepare'?");
    refused(NULL, HEAD "signals:\n  s: {count: behaviour.folow-up}\n",
            "a.yaml:4:14: error: unknown behaviour 'folow-up'; did you mean 'follow-up'? "
            "[unknown-behaviour]");
    accepted(NULL, ASK("behaviour: prepare"));
}

/* A13: a rule names ideas that exist, and one name is as good as a list */
static void idea_unknown_is_refused_with_the_nearest(void **state)
{
    (void)state;
#define NAMED(ideas)                                                                               \
    HEAD "rules:\n  - {rule: r, when: deal.lost, tell: \"Gone.\", ideas: " ideas "}\n"
    refused(NULL, NAMED("[B76, BB77]"),
            "a.yaml:4:60: error: unknown idea 'BB77'; did you mean 'B77'? [unknown-idea]");
    refused(NULL, NAMED("B89"), "unknown idea 'B89'");
    refused(NULL, NAMED("{B76: B77}"), "'ideas' must be the id of an idea, or a list of ids");
    struct loaded l = load_with(NULL, NULL, NAMED("[A5, B76]"));
    assert_clean(&l);
    assert_int_equal(l.book->rules[0]->idea_count, 2);
    assert_true(idea_is_named(l.book, "B76", l.book->plugins[0]));
    assert_false(idea_is_named(l.book, "B77", NULL));
    load_done(&l);
    accepted(NULL, NAMED("B76"));
#undef NAMED
}

/* B22: each behaviour stands for events */
static void behaviour_counts_what_shows_it(void **state)
{
    (void)state;
    struct loaded l =
        load_with(NULL, NULL, HEAD "signals:\n  s: {count: behaviour.follow-up, window: 1w}\n");
    assert_clean(&l);
    const struct fact_filter *of = &l.book->signals[0]->of;
    assert_true(of->types == EVENT_BIT(EVENT_ACTIVITY_LOGGED));
    assert_string_equal(of->kind, "email");
    assert_string_equal(of->direction, "outbound");
    load_done(&l);
    for (int i = BEHAVIOUR_NONE + 1; behaviour_words[i]; i++) {
        assert_string_equal(behaviour_at(i)->id, behaviour_words[i]);
        assert_true(behaviour_at(i)->shown_by.types != 0);
    }
    assert_null(behaviour_at(BEHAVIOUR_NONE));
}

/* --- what may not be mixed --- */

/* B69: an alert asks nothing, and does not borrow the words of coaching */
static void alert_and_coaching_share_nothing(void **state)
{
    (void)state;
    refused(NULL,
            HEAD "questions:\n  q: {kind: skill, reader: rep, text: What now?}\n"
                 "rules:\n  - {rule: a, when: deal.won, ask: q, class: alert}\n",
            "error: 'class' is only for 'tell' [unused-key]");
    refused(NULL,
            HEAD "questions:\n  q: {kind: skill, reader: rep, text: What now?}\n"
                 "rules:\n  - {rule: a, when: deal.won, tell: What now?, class: alert}\n",
            "a.yaml:6:5: error: the alert 'a' says what is coaching elsewhere in this plugin");
    refused(NULL,
            HEAD "rules:\n  - {rule: a, when: deal.won, tell: It is won., class: alert}\n"
                 "  - {rule: b, when: deal.won, tell: It is won.}\n",
            "[alert-text]");
    refused(NULL,
            HEAD "rules:\n  - {rule: a, when: deal.won, to: \"#sales\", tell: Won., class: "
                 "alert}\n",
            "[channel-target]");
    refused(NULL,
            HEAD "rules:\n  - {rule: a, when: deal.won, to: team, tell: A win., class: alert}\n",
            "a.yaml:4:35: error: an alert goes to the rep or the manager; to a team");
    refused(NULL,
            HEAD "rules:\n  - {rule: a, every: Monday at 09:00, to: peer, tell: Hello., class: "
                 "alert}\n",
            "[alert-channel]");
    refused(NULL,
            HEAD "flows:\n  f: {steps: [{ask: {id: s, kind: skill, text: What now?}}]}\n"
                 "rules:\n  - {rule: a, when: deal.won, tell: What now?, class: alert}\n",
            "[alert-text]");
    accepted(NULL, HEAD "rules:\n  - {rule: a, when: deal.won, tell: It is won., class: alert}\n"
                        "  - {rule: b, when: deal.won, tell: Thank you for the work.}\n");
}

/* B69: nor the words of another plugin */
static void alert_shares_nothing_with_another_plugin(void **state)
{
    static const char alert[] =
        HEAD "rules:\n  - {rule: a, when: deal.won, tell: %s, class: alert}\n";
    static const char coaching[] = "plugin: other\narea: skill\nquestions:\n"
                                   "  o: {kind: skill, reader: rep, text: What is next?}\n";
    static const char *const words[] = {"What is next?", "It is won."};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        struct problems problems;
        struct load_counts counts;
        struct strbuf out = {0};
        struct book *book;
        char text[256];
        (void)snprintf(text, sizeof(text), alert, words[i]);
        problems_init(&problems);
        struct load_file files[] = {{"a.yaml", text, strlen(text)},
                                    {"b.yaml", coaching, strlen(coaching)}};
        struct load_set set = {.plugins = files, .plugin_count = 2};
        int result = load_book(&set, &problems, &counts, &book, NULL);
        problems_print(&problems, &out);
        assert_int_equal(result != 0, i == 0);
        assert_int_equal(i == 0, strstr(strbuf_text(&out), "a.yaml:4:5: error: the alert 'a' says "
                                                           "what is coaching in b.yaml") != NULL);
        strbuf_done(&out);
        book_free(book);
        problems_done(&problems);
    }
}

/* B26: what can be a setback never goes to a channel, nor does what is about one person */
static void setback_never_goes_to_a_channel(void **state)
{
    (void)state;
    refused(NULL, HEAD "rules:\n  - {rule: a, when: deal.lost, to: team, tell: Hello}\n",
            "[personal-event]");
    refused(NULL, HEAD "rules:\n  - {rule: a, when: deal.lost, to: \"#sales\", tell: Hello}\n",
            "[channel-target]");
}

/* B6: a question without its kind. B79: a rule without its area. B19: praise without evidence */
static void tags_are_complete(void **state)
{
    (void)state;
    refused(NULL, HEAD "questions:\n  q: {reader: rep, text: What now?}\n", "[untagged-question]");
    refused(NULL, "plugin: p\nrules:\n  - {rule: a, when: deal.won, tell: Hello}\n",
            "error: a rule needs 'area': opportunity or skill");
    refused(NULL, HEAD "rules:\n  - {rule: a, when: deal.won, praise: You did well.}\n",
            "[no-evidence]");
}

static void warned(const char *plugin, const char *code)
{
    struct problems problems;
    problems_init(&problems);
    struct load_file file = {"a.yaml", plugin, strlen(plugin)};
    struct load_set set = {.plugins = &file, .plugin_count = 1};
    struct load_counts counts;
    struct book *book;
    (void)load_book(&set, &problems, &counts, &book, NULL); /* what it says is in problems */
    bool found = false;
    for (int i = 0; i < problems.count; i++)
        found |= str_eq(problems.list[i].code, code) && problems.list[i].warning;
    assert_true(found);
    book_free(book);
    problems_done(&problems);
}

#define WORDS(text) HEAD "questions:\n  q: {kind: skill, reader: rep, text: \"" text "\"}\n"

/* B18: criticism without standard, confidence and next step. B28: an obstacle without a resource.
 * B52: a label for a person. B57: words that shame */
static void words_that_do_not_coach_are_found(void **state)
{
    (void)state;
    warned(WORDS("Your pipeline is a mess. How do you see it?"), "lint-criticism");
    warned(WORDS("What is stopping you from calling {{deal.contact}}?"), "lint-obstacle");
    warned(WORDS("How does it feel to be a low performer?"), "lint-label");
    warned(WORDS("Still no notes for {{deal.name}}. What now?"), "lint-shame");
    accepted(NULL, WORDS("What is in the way of the trial that a colleague could help you with?"));
}

/* --- coverage --- */

#define QUESTION(id, stage, more)                                                                  \
    "  " id ": {kind: skill, reader: rep, stage: " stage more                                      \
    ", text: [\"What is one?\", \"What is two?\", \"What is three?\", \"What is four?\"]}\n"
#define COVERED                                                                                    \
    HEAD "questions:\n" QUESTION("q", "discover", ", topic: customer_gain")                        \
        QUESTION("n", "propose", ", use_case: renewal")                                            \
            QUESTION("dead", "qualify", "") "rules:\n  - {rule: r, when: deal.won, ask: [q, n]}\n"

static void cover(const struct loaded *l, struct arena *arena, struct coverage *ret)
{
    arena_init(arena);
    coverage_of(l->book, arena, ret);
}

static bool has_hole(const struct coverage *coverage, const char *code, const char *text)
{
    for (const struct coverage_hole *hole = coverage->holes; hole; hole = hole->next) {
        if (str_eq(hole->code, code) && strstr(hole->text, text))
            return true;
    }
    return false;
}

/* B72: the matrix of stage and use case, and its holes */
static void coverage_counts_what_is_asked_for_each_stage_and_use_case(void **state)
{
    (void)state;
    struct loaded l = load_with(NULL, NULL, COVERED);
    struct coverage coverage;
    struct arena arena;
    cover(&l, &arena, &coverage);
    assert_int_equal(coverage.stage_count, COVERAGE_STAGES);
    const struct coverage_stage *discover = &coverage.stages[2], *propose = &coverage.stages[3];
    assert_string_equal(discover->def->id, "discover");
    for (int use = USE_CASE_ANY + 1; use < USE_CASES; use++)
        assert_int_equal(discover->questions[use], 4); /* without a use case: for all of them */
    assert_int_equal(propose->questions[USE_CASE_RENEWAL], 4);
    assert_int_equal(propose->questions[USE_CASE_EXPANSION], 0);
    assert_int_equal(coverage.stages[1].questions[USE_CASE_RENEWAL], 0); /* nobody asks it */
    assert_true(discover->gain && !propose->gain);
    assert_true(has_hole(&coverage, "coverage-questions", "propose, expansion: 0 questions; 4"));
    assert_false(has_hole(&coverage, "coverage-questions", "propose, renewal"));
    assert_false(has_hole(&coverage, "coverage-questions", "discover"));
    assert_true(has_hole(&coverage, "coverage-gain", "propose"));
    assert_int_equal(coverage.kinds[KIND_SKILL], 8);
    arena_done(&arena);
    load_done(&l);
}

/* A3: a stage that no praise names is a hole */
static void coverage_wants_praise_for_a_step_of_each_stage(void **state)
{
    static const char praise[] =
        HEAD "rules:\n"
             "  - rule: a\n    when: gate.completed\n    if: {deal.stage: [discover, propose]}\n"
             "    praise: \"{{deal.name}} took a step with you.\"\n"
             "  - rule: b\n    when: {event: deal.stage_changed, from: qualify}\n"
             "    praise: \"{{deal.name}} went on after your work.\"\n"
             "  - rule: c\n    when: deal.stage_changed\n    if: {not: {to: negotiate}}\n"
             "    praise: \"{{deal.name}} went on after your calls.\"\n";
    (void)state;
    struct loaded l = load_with(NULL, NULL, praise);
    struct coverage coverage;
    struct arena arena;
    cover(&l, &arena, &coverage);
    assert_true(has_hole(&coverage, "coverage-praise", "prospect"));
    assert_true(has_hole(&coverage, "coverage-praise", "negotiate"));
    assert_false(has_hole(&coverage, "coverage-praise", "qualify"));
    assert_false(has_hole(&coverage, "coverage-praise", "discover"));
    assert_false(has_hole(&coverage, "coverage-praise", "propose"));
    arena_done(&arena);
    load_done(&l);
}

/* B71: the stage map as one way; B17: customer phase, stage and questions belong together */
static void coverage_looks_at_the_stage_map_as_a_whole(void **state)
{
    static const char pipeline[] =
        "stages:\n"
        "  - {id: prospect, crm: New, customer_phase: wonders, gates: [{seller: a, customer: b}]}\n"
        "  - {id: qualify, customer_phase: decides, gates: [{seller: c, customer: d}]}\n"
        "  - {id: discover, crm: Needs}\n"
        "  - {id: propose, crm: Offer, customer_phase: compares, gates: [{seller: e, customer: "
        "f}]}\n"
        "  - {id: negotiate, crm: Terms, customer_phase: agrees, gates: [{seller: g, customer: "
        "h}]}\n";
    (void)state;
    struct loaded l = load_with(NULL, pipeline, COVERED);
    struct coverage coverage;
    struct arena arena;
    cover(&l, &arena, &coverage);
    assert_true(has_hole(&coverage, "coverage-crm", "qualify: no stage of the CRM leads here"));
    assert_true(has_hole(&coverage, "coverage-gate", "discover"));
    assert_true(has_hole(&coverage, "coverage-phase", "discover"));
    assert_false(has_hole(&coverage, "coverage-gate", "propose"));
    assert_false(has_hole(&coverage, "coverage-crm", "propose"));
    arena_done(&arena);
    load_done(&l);
}

/* B38, B67: a declared value without a question is a hole, an undeclared one a warning */
static void values_are_declared_and_covered(void **state)
{
    static const char config[] = "organisation: {values: [candour, customers first]}\n";
    static const char asks[] =
        HEAD "questions:\n  q: {kind: skill, reader: rep, text: What now?, values: candour}\n"
             "rules:\n  - {rule: r, when: deal.won, ask: q}\n";
    struct coverage coverage;
    struct arena arena;
    (void)state;
    struct loaded l = load_with(config, NULL, asks);
    assert_clean(&l);
    cover(&l, &arena, &coverage);
    assert_true(has_hole(&coverage, "coverage-value", "'customers first'"));
    assert_false(has_hole(&coverage, "coverage-value", "'candour'"));
    arena_done(&arena);
    load_done(&l);
    l = load_with(config, NULL, ASK("values: [candor]"));
    assert_line(&l, "warning: gritd.yaml has no value 'candor'; did you mean 'candour'? "
                    "[unknown-organisation-value]");
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(purpose_missing_is_an_error_where_it_is_used),
        cmocka_unit_test(purpose_may_be_said_to_a_team),
        cmocka_unit_test(behaviour_unknown_is_refused_with_the_nearest),
        cmocka_unit_test(behaviour_counts_what_shows_it),
        cmocka_unit_test(idea_unknown_is_refused_with_the_nearest),
        cmocka_unit_test(alert_and_coaching_share_nothing),
        cmocka_unit_test(alert_shares_nothing_with_another_plugin),
        cmocka_unit_test(setback_never_goes_to_a_channel),
        cmocka_unit_test(tags_are_complete),
        cmocka_unit_test(words_that_do_not_coach_are_found),
        cmocka_unit_test(coverage_counts_what_is_asked_for_each_stage_and_use_case),
        cmocka_unit_test(coverage_wants_praise_for_a_step_of_each_stage),
        cmocka_unit_test(coverage_looks_at_the_stage_map_as_a_whole),
        cmocka_unit_test(values_are_declared_and_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
