/* test_lint.c: the coaching lint against tests/lint/corpus.tsv and the examples of its own table.
 * `test_lint --docs` prints docs/lint.md, `test_lint --tune [FILE]` the mistakes in the parts that
 * may be tuned to, of the corpus or of other lines in its form. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "lint/corpus.h"
#include "load/lint.h"
#include "load/lint_words.h"

enum { LINES_MIN = 480, FRESH_MIN = 60 };

static const double precision_min = 0.95, recall_min = 0.85;

/* B15: precision and recall are printed and demanded, part by part */
static void lint_corpus_is_judged_well(void **state)
{
    struct score scores[PARTS] = {0};
    (void)state;
    score_file(CORPUS_FILE, scores, false);
    for (int i = 0; i < PARTS; i++)
        print_score(parts[i].name, &scores[i]);
    assert_true(scores[TUNE].lines + scores[HELD].lines >= LINES_MIN);
    assert_true(scores[NEW].lines >= FRESH_MIN);
    for (int i = 0; i < PARTS; i++) {
        const struct score *s = &scores[i];
        if (!s->lines)
            continue; /* "blind" may wait for its author */
        assert_true(share(s->line_right, s->line_wrong) >= precision_min);
        assert_true(share(s->line_right, s->line_missed) >= recall_min);
        if (i == BLIND)
            continue; /* whether it warns is demanded; which rule speaks is only told */
        assert_true(share(s->right, s->wrong) >= precision_min);
        assert_true(share(s->right, s->missed) >= recall_min);
    }
}

/* --- the table --- */

static bool finds(const char *text, enum lint_use use, const char *code)
{
    struct lint_finding found[LINT_FINDINGS_MAX];
    int count = lint_find(corpus_index(), text, use, found);
    for (int i = 0; i < count; i++) {
        if (str_eq(found[i].rule->code, code))
            return true;
    }
    return false;
}

/* B18: what only criticises is refused, also with one or two of the three beside it; with a
 * standard, confidence and a next step it passes */
static void criticism_has_standard_confidence_and_a_step(void **state)
{
    static const char *const refused[] = {
        "Your demo was too long.",
        "Your demo was too long. Our standard is thirty minutes.",
        "Your demo was too long. I know you can do it shorter.",
        "Your demo was too long. Next time start with the value.",
        "Your summary missed the point. Our standard is one page in the customer's words.",
    };
    static const char *const fine[] = {
        "The demo ran twenty minutes over. Our standard is thirty minutes. You have kept to it "
        "often, and I'm sure you can again: try putting the clock on the table on Thursday.",
        "The quote went out without the terms. Our standard is that everything is on one page. "
        "I'm sure you'll get it right on the next one; come by if you want my checklist.",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        if (!finds(refused[i], LINT_TELL, "lint-criticism"))
            fail_msg("not refused: %s", refused[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        if (finds(fine[i], LINT_TELL, "lint-criticism"))
            fail_msg("refused: %s", fine[i]);
    }
}

static void lint_rules_keep_to_their_examples(void **state)
{
    (void)state;
    for (const struct lint_rule *rule = lint_rules; rule < lint_rules + lint_rule_count; rule++) {
        enum lint_use use = LINT_QUESTION;
        while (!(rule->uses >> use & 1))
            use++;
        assert_true(rule->bad[0] && rule->good[0]);
        for (int b = 0; rule->bad[b]; b++) {
            if (!finds(rule->bad[b], use, rule->code))
                fail_msg("%s does not find: %s", rule->code, rule->bad[b]);
        }
        for (int g = 0; rule->good[g]; g++) {
            if (finds(rule->good[g], use, rule->code))
                fail_msg("%s finds: %s", rule->code, rule->good[g]);
        }
    }
}

/* Classes exist, and no sign stands among alternatives, where it would mean something else. */
static void check_patterns(const char *code, const char *const *patterns)
{
    for (; patterns && *patterns; patterns++) {
        for (const char *p = *patterns; *p; p += *p == ' ' || *p == '|') {
            size_t length = strcspn(p, "| ");
            bool good = length > 0 && p[0] != '&';
            for (int i = 0; i < lint_class_count && !good; i++) {
                size_t name = strlen(lint_classes[i].name);
                good = strncmp(p + 1, lint_classes[i].name, name) == 0 && length > name &&
                       (length == name + 1 || (length == name + 2 && p[name + 1] == '?'));
            }
            good &= p == *patterns || p[-1] != '|' || length > 1 || !strchr("?$<^=!~", *p);
            if (!good)
                fail_msg("%s: '%.*s' in '%s'", code, (int)length, p, *patterns);
            p += length;
        }
    }
}

static void lint_patterns_are_well_formed(void **state)
{
    (void)state;
    assert_in_range(lint_class_count, 1, 64);
    for (const struct lint_rule *rule = lint_rules; rule < lint_rules + lint_rule_count; rule++) {
        check_patterns(rule->code, rule->patterns);
        check_patterns(rule->code, rule->unless);
        for (int s = 0; s < LINT_SPARED_MAX; s++)
            check_patterns(rule->code, rule->spared[s]);
    }
}

/* --- the language of the patterns --- */

static void lint_patterns_match_words(void **state)
{
    static const struct {
        const char *text, *pattern;
        bool matches;
    } cases[] = {
        {"you called them", "called|rang them", true},
        {"you calledthem", "called", false},
        {"naturally", "natural*", true},
        {"you are asking", "*ing", true},
        {"you really were", "you really? &be", true},
        {"you were", "you really? &be", true},
        {"only {n} calls", "only # calls", true},
        {"only {} calls", "only # calls", false},
        {"you, were", "you _", false},
        {"why didn't you", "why did not you", true},
        {"you can't, you won't", "you can not , you will not", true},
        {"what's new", "what is new", true},
        {"the customer's plan", "customer is", false},
        {"you may very well be last", "you ~ last", false},
        {"you may well be last", "you ~ last", true},
        {"you know, and he is last", "you ~ last", false},
        {"you know, and he is last", "you ~~ last", true},
        {"you know. he is last", "you ~~ last", false},
        {"ana, did you", "^ did", true},
        {"when ana left, did you", "^ did", false},
        {"so did you", "^ did", true},
        {"he left and did it", "^ did", false},
        {"he left and did it", "< did", true},
        {"did it go well?", "well $", true},
        {"did it go well?", "go $", false},
        {"best person", "best !person|people", false},
        {"best seller", "best !person|people", true},
        {"their number", "!their|his number", false},
        {"your number", "!their|his number", true},
        {"he said \"you failed\" twice", "you failed", false},
        {"he said: \"you failed\" twice", "you failed", false},
        {"draft: \"you failed\" again", "you failed", true},
        {"\"you failed\"", "you failed", true},
        {"they just sat there... why", "^ why", false},
        {"at 9:30 or 24,000", "at # or #", true},
        {"@channel now", "@channel", true},
        {"More than Ben had", "than &name", true},
        {"Ben had more", "&name", false},
        {"since Monday", "&name", false},
        {"after the call, did you", "^^ did", true},
        {"in which call, did you", "^^ did", false},
        {"he left early, did you", "^^ did", false},
        {"so did you", "^^ did", true},
        {"", "you", false},
        {"?!.,;", "you", false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lint_words words;
        struct lint_span span;
        char lower[64] = "";
        for (size_t at = 0; cases[i].text[at] && at + 1 < sizeof(lower); at++)
            lower[at] = (char)tolower((unsigned char)cases[i].text[at]);
        lint_words_init(&words, corpus_index(), lower, cases[i].text);
        if (lint_words_find(&words, cases[i].pattern, 0, &span) != cases[i].matches)
            fail_msg("'%s' in '%s'", cases[i].pattern, cases[i].text);
        lint_words_done(&words);
    }
}

/* What the index rules out matches nowhere: every pattern against every example. */
static void lint_index_hides_no_match(void **state)
{
    const struct lint_index *index = corpus_index();
    size_t ruled_out = 0, matches = 0;
    (void)state;
    for (int i = 0; i < lint_rule_count * 2; i++) {
        const char *const *texts = i % 2 ? lint_rules[i / 2].bad : lint_rules[i / 2].good;
        for (; texts && *texts; texts++) {
            char lower[512] = "";
            for (size_t at = 0; (*texts)[at] && at + 1 < sizeof(lower); at++)
                lower[at] = (char)tolower((unsigned char)(*texts)[at]);
            struct lint_words words;
            lint_words_init(&words, index, lower, *texts);
            for (int r = 0; r < lint_rule_count; r++) {
                for (int k = 0; lint_rules[r].patterns[k]; k++) {
                    struct lint_span span;
                    bool found = lint_words_find(&words, lint_rules[r].patterns[k], 0, &span);
                    bool may = lint_index_may_match(index, &words, r, k);
                    if (found && !may)
                        fail_msg("'%s' in '%s'", lint_rules[r].patterns[k], *texts);
                    matches += found;
                    ruled_out += !may;
                }
            }
            lint_words_done(&words);
        }
    }
    assert_true(matches > 0 && ruled_out > 9 * matches);
}

static void lint_knows_the_kind_of_values(void **state)
{
    (void)state;
    assert_true(finds("{{#deal.name}}What now?{{/deal.name}}{{^deal.name}}Did you call?"
                      "{{/deal.name}}",
                      LINT_QUESTION, "lint-closed"));
    assert_false(finds("{{deal.contact}} failed to come.", LINT_TELL, "lint-blame"));
    assert_true(finds("{{rep.name}} failed to come.", LINT_TELL, "lint-blame"));
    assert_false(finds("Only {{deal.contact}} called.", LINT_TELL, "lint-shame"));
    assert_true(finds("Only {{signal.calls}} calls.", LINT_TELL, "lint-shame"));
}

/* Nothing that a file may hold is too strange; what is quoted is cut and stays whole UTF-8. */
static void lint_survives_any_text(void **state)
{
    static const char *const strange[] = {"",      "?",      "\"\"\"",   "'' '",     "{{",
                                          "{rep}", "X's X-", "<!<@#",    "\xE2\x80", "\xFF n't",
                                          "n't's", "~~ = !", "e.g. ...", "'s 's",    "-'-"};
    struct lint_finding found[LINT_FINDINGS_MAX];
    char text[2048] = "You always forget \xC3\xA4";
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(strange); i++) {
        for (enum lint_use use = LINT_QUESTION; use <= LINT_CARD; use++)
            (void)lint_find(corpus_index(), strange[i], use, found);
    }
    for (size_t at = strlen(text); at + 3 < sizeof(text); at += 2)
        memcpy(text + at, "\xC3\xA4", 3);
    int count = lint_find(corpus_index(), text, LINT_TELL, found);
    assert_true(count > 0);
    for (int i = 0; i < count; i++)
        assert_true(utf8_length(found[i].words, strlen(found[i].words)) >= 0);
}

/* --- the manual --- */

static void docs_rule(struct strbuf *out, const struct lint_rule *rule)
{
    static const char *const names[] = {
        "questions with a free answer", "other questions", "advice", "praise", "tells", "cards"};
    const char *gap = "";
    strbuf_printf(out, "\nSays: *%s*.\n\nLooks at: ", rule->advice);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (rule->uses >> i & 1) {
            strbuf_printf(out, "%s%s", gap, names[i]);
            gap = ", ";
        }
    }
    strbuf_puts(out, rule->mild ? "; only told when nothing else was found.\n" : ".\n");
    strbuf_puts(out, "\n");
    for (int i = 0; rule->bad[i]; i++)
        strbuf_printf(out, "- found: %s\n", rule->bad[i]);
    for (int i = 0; rule->good[i]; i++)
        strbuf_printf(out, "- fine: %s\n", rule->good[i]);
}

static void docs_parts(struct strbuf *out)
{
    struct score scores[PARTS] = {0};
    score_file(CORPUS_FILE, scores, false);
    strbuf_puts(out, "\n| part | lines | any: precision | recall | code: precision | recall | "
                     "written |\n|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < PARTS; i++) {
        const struct score *s = &scores[i];
        if (s->lines)
            strbuf_printf(out, "| %s | %d | %.2f | %.2f | %.2f | %.2f | %s |\n", parts[i].name,
                          s->lines, share(s->line_right, s->line_wrong),
                          share(s->line_right, s->line_missed), share(s->right, s->wrong),
                          share(s->right, s->missed), parts[i].about);
    }
}

static char *docs_new(void)
{
    struct strbuf out = {0};
    strbuf_puts(
        &out,
        "# The coaching lint\n\n"
        "`gritctl check` reads the texts of all plugins and warns of words that do not coach. "
        "With\n"
        "`--strict` the warnings are errors. It knows English; texts in other languages pass.\n\n"
        "This page is made from the table in `daemon/load/lint_rows_*.h` by `test_lint --docs`, "
        "and\n"
        "a test compares the two. The patterns are explained in `daemon/load/lint_words.h`. What\n"
        "stands in double quotes is somebody else's word and is never blamed, except after "
        "\"Draft:\".\n\n"
        "How good it is depends on whose words it reads. `test_lint` judges "
        "`tests/lint/corpus.tsv`,\n"
        "in parts. *any* asks whether there is a finding at all, *code* whether it is the right "
        "one.\n"
        "It demands a precision of 0.95 and a recall of 0.85 of each part: *any* and *code*, but "
        "of\n"
        "`blind` only *any*.\n\n"
        "What the table was tuned to says little about new texts. The figures of `held` and "
        "`fresh`\n"
        "were watched while the table was tuned, so they are no test of it either. The one that "
        "counts\n"
        "is `blind`: by an author who never saw the lint, measured once, after the last change. "
        "An\n"
        "earlier table, with precision 0.91 and recall 0.86 (*any*) on the first such set, had "
        "0.86 and\n"
        "0.88 on the second; both sets are in `other` now and were tuned to.\n\n"
        "A question that asks on about the same thing (\"..., and why?\", \"..., and what did they "
        "like about\n"
        "it?\", \"..., and who could help you?\") counts as one question. So judge the outside "
        "authors; in\n"
        "`tune` and `seen` such lines were relabelled, in `held` and `fresh` they still count as "
        "double.\n");
    docs_parts(&out);
    for (const struct lint_rule *rule = lint_rules; rule < lint_rules + lint_rule_count; rule++) {
        bool again = false;
        for (const struct lint_rule *r = lint_rules; r < rule; r++)
            again |= str_eq(r->code, rule->code);
        if (again)
            continue;
        strbuf_printf(&out, "\n## %s\n", rule->code);
        for (const struct lint_rule *r = rule; r < lint_rules + lint_rule_count; r++) {
            if (str_eq(r->code, rule->code))
                docs_rule(&out, r);
        }
    }
    return strbuf_take(&out);
}

static void lint_manual_is_that_of_the_table(void **state)
{
    CLEANUP_FREE char *wanted = docs_new();
    size_t length = strlen(wanted);
    CLEANUP_FREE char *have = xcalloc(length + 2, 1);
    FILE *file = fopen(GRITD_SOURCE_DIR "/docs/lint.md", "r");
    (void)state;
    assert_non_null(file);
    size_t got = fread(have, 1, length + 1, file);
    assert_int_equal(fclose(file), 0);
    if (got != length || strcmp(have, wanted) != 0)
        fail_msg("docs/lint.md is old: make it anew with test_lint --docs");
}

static int print_mistakes(const char *path)
{
    struct score scores[PARTS] = {0};
    score_file(path, scores, true);
    for (int i = 0; i < PARTS; i++) {
        if (scores[i].lines)
            print_score(parts[i].name, &scores[i]);
    }
    return 0;
}

static int print_docs(void)
{
    CLEANUP_FREE char *docs = docs_new();
    return fputs(docs, stdout) < 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--tune") == 0)
        return print_mistakes(argc > 2 ? argv[2] : CORPUS_FILE);
    if (argc > 1 && strcmp(argv[1], "--docs") == 0)
        return print_docs();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lint_corpus_is_judged_well),
        cmocka_unit_test(criticism_has_standard_confidence_and_a_step),
        cmocka_unit_test(lint_rules_keep_to_their_examples),
        cmocka_unit_test(lint_patterns_are_well_formed),
        cmocka_unit_test(lint_patterns_match_words),
        cmocka_unit_test(lint_index_hides_no_match),
        cmocka_unit_test(lint_knows_the_kind_of_values),
        cmocka_unit_test(lint_survives_any_text),
        cmocka_unit_test(lint_manual_is_that_of_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
