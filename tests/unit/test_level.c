/* The level of coaching, and the criterion that keeps a team from the next one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/level.h"

/* All that a dynamic team has. */
static const struct level_facts whole = {.weeks = 4,
                                         .weeks_kept = 4,
                                         .spread_points = 10,
                                         .moved = 20,
                                         .mapped = 15,
                                         .effect_followed = true,
                                         .content_linked = true};

static void is(struct level_facts facts, enum level level, enum level_criterion failed)
{
    struct level_verdict verdict = level_of(&facts);
    assert_int_equal(verdict.level, level);
    assert_int_equal(verdict.failed, failed);
    assert_int_equal(level == LEVEL_DYNAMIC, !*level_criterion(verdict.failed));
}

/* B46: no cadence, or managers who differ widely */
static void level_adhoc_without_cadence_or_with_managers_apart(void **state)
{
    struct level_facts facts = whole;
    (void)state;
    facts.weeks_kept = 1;
    is(facts, LEVEL_ADHOC, CRITERION_CADENCE);
    facts = whole;
    facts.spread_points = LEVEL_SPREAD_MOST + 1;
    is(facts, LEVEL_ADHOC, CRITERION_SPREAD);
    facts.spread_points = LEVEL_SPREAD_MOST;
    is(facts, LEVEL_DYNAMIC, CRITERION_NONE);
}

/* B47: a cadence, and no use of the stage map */
static void level_informal_without_the_map(void **state)
{
    struct level_facts facts = whole;
    (void)state;
    facts.mapped = 4;
    is(facts, LEVEL_INFORMAL, CRITERION_MAP);
    facts.moved = facts.mapped = LEVEL_DEALS_LEAST - 1;
    is(facts, LEVEL_INFORMAL, CRITERION_MAP_DEALS);
}

/* B48: the map is used and the cadence kept */
static void level_formal_needs_the_cadence_kept(void **state)
{
    struct level_facts facts = whole;
    (void)state;
    facts.weeks_kept = 2;
    is(facts, LEVEL_INFORMAL, CRITERION_CADENCE_FORMAL);
    facts.weeks_kept = 3;
    facts.effect_followed = false;
    is(facts, LEVEL_FORMAL, CRITERION_EFFECT);
}

/* B49: formal, rules follow their effect, content is linked; each label names what failed */
static void level_dynamic_names_what_is_missing(void **state)
{
    struct level_facts facts = whole;
    (void)state;
    is(facts, LEVEL_DYNAMIC, CRITERION_NONE);
    facts.content_linked = false;
    is(facts, LEVEL_FORMAL, CRITERION_CONTENT);
    facts.effect_followed = false;
    is(facts, LEVEL_FORMAL, CRITERION_EFFECT);
    for (int i = CRITERION_NONE + 1; i < CRITERIA; i++)
        assert_true(strlen(level_criterion((enum level_criterion)i)) > 20);
    assert_string_equal(level_name(LEVEL_ADHOC), "ad-hoc");
    assert_string_equal(level_name(LEVEL_INFORMAL), "informal");
    assert_string_equal(level_name(LEVEL_FORMAL), "formal");
    assert_string_equal(level_name(LEVEL_DYNAMIC), "dynamic");
}

static void level_unknown_while_there_are_few_weeks(void **state)
{
    struct level_facts facts = whole;
    (void)state;
    facts.weeks = facts.weeks_kept = LEVEL_WEEKS_LEAST - 1;
    assert_int_equal(level_of(&facts).level, LEVEL_UNKNOWN);
    assert_int_equal(level_pct(0, 0), 0);
    assert_int_equal(level_pct(1, 3), 33);
    assert_int_equal(level_pct(2, 3), 67);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_adhoc_without_cadence_or_with_managers_apart),
        cmocka_unit_test(level_informal_without_the_map),
        cmocka_unit_test(level_formal_needs_the_cadence_kept),
        cmocka_unit_test(level_dynamic_names_what_is_missing),
        cmocka_unit_test(level_unknown_while_there_are_few_weeks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
