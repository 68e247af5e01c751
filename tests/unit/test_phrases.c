/* The daemon's own sentences: what is asked of authors is asked of them too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "load/lint.h"

/* Puts the string literals of one #define together; *p stands behind its name. */
static void take_literals(const char **p, struct strbuf *ret)
{
    bool inside = false;
    for (; **p && (inside || **p != '\n'); (*p)++) {
        if (**p == '\\' && inside) {
            (*p)++;
            strbuf_putc(ret, **p == 'n' ? ' ' : **p);
        } else if (**p == '\\' && (*p)[1] == '\n') {
            (*p)++;
        } else if (**p == '"') {
            inside = !inside;
        } else if (inside) {
            strbuf_putc(ret, **p);
        }
    }
}

static int look_at_file(const char *path, int *ret_count)
{
    struct strbuf file = {0};
    char line[1024];
    int findings = 0;
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof(line), in))
        strbuf_puts(&file, line);
    assert_int_equal(fclose(in), 0);
    for (const char *p = strbuf_text(&file); (p = strstr(p, "#define SAY_"));) {
        struct strbuf text = {0};
        struct lint_finding found[LINT_FINDINGS_MAX];
        p += strlen("#define ");
        char *name = xstrndup(p, strcspn(p, " "));
        take_literals(&p, &text);
        int count = lint_find(strbuf_text(&text), LINT_TELL, found);
        for (int i = 0; i < count; i++) {
            if (found[i].rule->info)
                continue;
            print_error("%s: %s ('%s')\n", name, found[i].rule->code, found[i].words);
            findings++;
        }
        *ret_count += text.len > 0;
        free(name);
        strbuf_done(&text);
    }
    strbuf_done(&file);
    return findings;
}

/* B57: no sentence of the daemon's own blames, shames or counts what was not done */
static void phrases_pass_the_lint_that_plugins_pass(void **state)
{
    (void)state;
    glob_t files;
    int findings = 0, count = 0;
    assert_int_equal(glob(GRITD_SOURCE_DIR "/daemon/core/phrases*.h", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        findings += look_at_file(files.gl_pathv[i], &count);
    globfree(&files);
    assert_true(count > 150);
    assert_int_equal(findings, 0);
}

static void the_lint_would_find_blame_in_them(void **state)
{
    (void)state;
    struct lint_finding found[LINT_FINDINGS_MAX];
    assert_true(lint_find("You have not answered %d questions this week.", LINT_TELL, found) > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_pass_the_lint_that_plugins_pass),
        cmocka_unit_test(the_lint_would_find_blame_in_them),
    };
    return cmocka_run_group_tests_name("phrases", tests, NULL, NULL);
}
