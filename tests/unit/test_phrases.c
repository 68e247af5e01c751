/* The daemon's own sentences: what is asked of authors is asked of them too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/speech.h"
#include "load/lint.h"
#include "load/lint_index.h"

static int look_at(const struct lint_index *index, const struct phrase *phrase)
{
    struct lint_finding found[LINT_FINDINGS_MAX];
    int findings = 0, count = lint_find(index, phrase->english, LINT_TELL, found);
    for (int i = 0; i < count; i++) {
        print_error("%s: %s ('%s')\n", phrase->name, found[i].rule->code, found[i].words);
        findings++;
    }
    return findings;
}

/* B57: no sentence of the daemon's own blames, shames or counts what was not done */
static void phrases_pass_the_lint_that_plugins_pass(void **state)
{
    struct arena arena;
    int findings = 0;
    (void)state;
    arena_init(&arena);
    const struct lint_index *index = lint_index_new(&arena);
    for (size_t i = 0; i < phrase_count(); i++)
        findings += look_at(index, phrase_at(i));
    assert_int_equal(findings, 0);
    const struct phrase blame = {"blame", "You have not answered %d questions this week."};
    assert_true(look_at(index, &blame) > 0); /* it would have found it */
    arena_done(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_pass_the_lint_that_plugins_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
