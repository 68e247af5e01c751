/* test_yaml.c: what the YAML reader refuses, with its place and its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "load/yaml.h"
#include "load_check.h"

struct read {
    struct arena arena;
    struct problems problems;
    struct node *root;
    int result;
    char *text;
};

static struct read read_within(const char *bytes, size_t length, const struct yaml_limits *limits)
{
    struct read r = {0};
    arena_init(&r.arena);
    problems_init(&r.problems);
    r.result = yaml_read("t.yaml", bytes, length, limits, &r.arena, &r.problems, &r.root);
    struct strbuf out = {0};
    problems_print(&r.problems, &out);
    r.text = strbuf_take(&out);
    return r;
}

static struct read read_bytes(const char *bytes, size_t length)
{
    return read_within(bytes, length, NULL);
}

static void read_done(struct read *r)
{
    arena_done(&r->arena);
    problems_done(&r->problems);
    free(r->text);
}

static void assert_refused(const char *bytes, size_t length, const char *wanted)
{
    struct read r = read_bytes(bytes, length);
    if (r.result == 0 || !strstr(r.text, wanted))
        fail_msg("input:\n%s\nwanted: %s\nfound: %s", bytes, wanted, r.text);
    read_done(&r);
}

/* What was handed out, one entry a line: its place, its kind and what it holds. */
static void note_entry(void *user, const struct node *entry)
{
    strbuf_printf(user, "%d:%d", entry->line, entry->col);
    if (entry->kind == NODE_SCALAR)
        strbuf_printf(user, " %s", entry->text);
    for (const struct node *n = entry->first; n; n = n->next)
        strbuf_printf(user, " %s=%s", n->key ? n->key : "-", n->text ? n->text : "...");
    strbuf_puts(user, "\n");
}

static void yaml_entries_are_handed_out_one_by_one(void **state)
{
    static const struct {
        const char *text, *entries;
        int result, kept; /* entries in the tree; -1: no tree */
    } cases[] = {
        {"list: [a, {b: 1, list: [x]}, [c, d]]\nlast: 1\n",
         "1:8 a\n1:11 b=1 list=...\n1:30 -=c -=d\n", 0, 3},
        {"list:\n  - a\n  -\n    b: 1\n", "2:5 a\n4:5 b=1\n", 0, 2},
        {"list: []\n", "", 0, 0},
        {"list: a\n", "", 0, 0},
        {"other: [a]\nmore: {list: [a]}\n", "", 0, -1}, /* only right under the top */
        {"[list, [a]]\n", "", 0, -1},
        {"list: [a]\nlist: [b]\n", "1:8 a\n", -EINVAL, -1}, /* the second one counts for nothing */
        {"list: [a, &x b, c]\n", "1:8 a\n", -EINVAL, -1},   /* nothing behind a mistake */
        {"list: [a, {b: 1, b: 2}, c]\n", "1:8 a\n", -EINVAL, -1},
        {"list: [a, b\n", "1:8 a\n1:11 b\n", -EINVAL, -1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct strbuf out = {0};
        struct yaml_entries entries = {"list", note_entry, &out};
        struct read r = {0};
        arena_init(&r.arena);
        problems_init(&r.problems);
        r.result = yaml_read_entries("t.yaml", cases[i].text, strlen(cases[i].text), NULL, &entries,
                                     &r.arena, &r.problems, &r.root);
        assert_int_equal(r.result, cases[i].result);
        assert_string_equal(strbuf_text(&out), cases[i].entries);
        const struct node *list = r.result ? NULL : node_get(r.root, "list");
        assert_int_equal(list ? list->count : -1, cases[i].kept);
        assert_true(!list || !list->first);
        strbuf_done(&out);
        read_done(&r);
    }
}

static void yaml_tree_keeps_places(void **state)
{
    (void)state;
    static const char text[] = "a: 1\nlist:\n  - x\n  - 'y z'\nmap: {\xC3\xA4: NO, b: 09:30}\n";
    struct read r = read_bytes(text, strlen(text));
    assert_int_equal(r.result, 0);
    const struct node *list = node_get(r.root, "list");
    assert_int_equal(r.root->count, 3);
    assert_int_equal(list->kind, NODE_LIST);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->key_line, 2);
    assert_int_equal(list->first->line, 3);
    assert_int_equal(list->first->col, 5);
    assert_false(list->first->quoted);
    assert_true(list->first->next->quoted);
    const struct node *b = node_get(node_get(r.root, "map"), "b");
    assert_string_equal(b->text, "09:30");
    assert_int_equal(b->key_col, 14); /* characters, not bytes */
    assert_string_equal(node_get(node_get(r.root, "map"), "\xC3\xA4")->text, "NO");
    read_done(&r);
}

/* FM-E07 */
static void yaml_mark_and_crlf_are_fine(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "a: 1\r\nb: 2\r\n";
    struct read r = read_bytes(text, strlen(text));
    assert_int_equal(r.result, 0);
    assert_string_equal(node_get(r.root, "a")->text, "1");
    assert_int_equal(node_get(r.root, "a")->key_col, 1);
    assert_int_equal(node_get(r.root, "b")->key_line, 2);
    read_done(&r);
}

static void yaml_nothing_is_null(void **state)
{
    (void)state;
    static const char text[] = "a:\nb: ~\nc: ''\nd: null\ne: x\n";
    struct read r = read_bytes(text, strlen(text));
    assert_true(node_is_null(node_get(r.root, "a")));
    assert_true(node_is_null(node_get(r.root, "b")));
    assert_false(node_is_null(node_get(r.root, "c")));
    assert_true(node_is_null(node_get(r.root, "d")));
    assert_false(node_is_null(node_get(r.root, "e")));
    assert_null(node_get(r.root, "f"));
    assert_null(node_get(node_get(r.root, "a"), "f"));
    read_done(&r);
}

static const struct load_case refused[] = {
    {"", "t.yaml:1:1: error: the file is empty [empty-file]"},
    {"# only a remark\n", "t.yaml:1:1: error: the file is empty [empty-file]"},
    {"a: &x 1\n", "t.yaml:1:4: error: anchors (&x) are not used here"},
    {"a: *x\n", "t.yaml:1:4: error: aliases (*x) are not used here"},
    {"a: *really*\n", "[yaml-alias]"},
    {"b: {<<: {a: 1}}\n", "t.yaml:1:5: error: merge keys (<<) are not used here"},
    {"a: !!int 1\n", "t.yaml:1:4: error: tags (tag:yaml.org,2002:int) are not used here"},
    {"a: !x 1\n", "t.yaml:1:4: error: tags (!x) are not used here"},
    {"a: 1\n---\nb: 2\n", "t.yaml:2:1: error: a second document starts here"},
    {"a: 1\nb: 2\na: 3\n", "t.yaml:3:1: error: the key 'a' stands here a second time; the first is "
                           "at 1:1 [duplicate-key]"},
    {"a: \"x\\0y\"\n", "t.yaml:1:4: error: the text holds a NUL character (\\0) [yaml-nul]"},
    {"[a]: 1\n", "t.yaml:1:1: error: a key must be a word, not a list or a mapping [yaml-key]"},
    {"? {a: 1}\n: 2\n", "error: a key must be a word"},
    {"'': 1\n", "t.yaml:1:1: error: a key is missing before the ':' [yaml-key]"},
    {"a: {{deal.name}}\n",
     "t.yaml:1:4: error: a text that starts with {{ must stand in quotes: \"{{deal.name}}: ...\" "
     "[yaml-braces]"},
    {"q: {text: {{deal.name}}: you sent it}\n", "[yaml-braces]"},
    {"a: {{deal.name}} sent\nb: 1\n", "[yaml-braces]"},
    {"a: @ana\n", "t.yaml:1:4: error: a text that starts with @ must stand in quotes [yaml-quote]"},
    {"a: `x`\n", "t.yaml:1:4: error: a text that starts with ` must stand in quotes [yaml-quote]"},
    {"a: %x\n", "t.yaml:1:4: error: a text that starts with % must stand in quotes [yaml-quote]"},
    {"a:\n\tb: 1\n", "error: a tab cannot stand here; indent with spaces"},
    {"a: b: c\n", "t.yaml:1:5: error: a ': ' stands inside of a text"},
    {"a: \"x\nb: 1\n", "t.yaml:1:4: error: a quotation mark is opened here and never closed"},
    {"a: [1, 2\nb: 3\n", "error: a list in [brackets] is not closed"},
    {"a: {b: 1\nc: 3\n", "error: a mapping in {braces} is not closed"},
    {"a: \"\\q\"\n", "error: a backslash in \"double quotes\" starts an escape"},
    {"a:\n  - 1\n b: 2\n", "[yaml-indent]"},
    {"a: 1\n  b: 2\n", "[yaml-colon]"},
    {"a: \xFF\n", "t.yaml:1:4: error: this is not UTF-8 text"},
    {"a: 1\nb: caf\xE9\n", "t.yaml:2:7: error: this is not UTF-8 text"},
    {"a: 1\nb: \x01\n", "t.yaml:2:4: error: a control character (code 1) stands here"},
    {"\xFF\xFE"
     "a",
     "t.yaml:1:1: error: the file is UTF-16"},
};

/* FM-E06 */
static void yaml_pitfalls_have_plain_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        assert_refused(refused[i].yaml, strlen(refused[i].yaml), refused[i].line);
}

/* FM-E07 */
static void yaml_nul_byte_is_placed(void **state)
{
    (void)state;
    static const char text[] = "a: 1\nb: \0x\n";
    assert_refused(text, sizeof(text) - 1, "t.yaml:2:4: error: a NUL byte stands here");
}

static void yaml_several_refusals_in_one_run(void **state)
{
    (void)state;
    struct read r = read_bytes("a: &x 1\nb: !t 2\na: 3\n", 21);
    assert_int_equal(r.problems.errors, 3);
    assert_non_null(strstr(r.text, "t.yaml:1:4"));
    assert_non_null(strstr(r.text, "t.yaml:2:4"));
    assert_non_null(strstr(r.text, "t.yaml:3:1"));
    read_done(&r);
}

/* FM-E05 */
static void yaml_deep_nesting_is_refused(void **state)
{
    (void)state;
    char text[80] = "a: ";
    memset(text + 3, '[', 31);
    memset(text + 34, ']', 31);
    struct read r = read_bytes(text, strlen(text));
    assert_int_equal(r.result, 0); /* 32 levels */
    read_done(&r);
    memset(text + 3, '[', 32);
    memset(text + 35, ']', 32);
    assert_refused(text, strlen(text),
                   "t.yaml:1:35: error: nested deeper than 32 levels [yaml-limit]");
}

static void yaml_bombs_are_refused(void **state)
{
    (void)state;
    struct strbuf keys = {0}, values = {0}, bytes = {0};
    for (int i = 0; i < YAML_KEYS_MAX + 1; i++)
        strbuf_printf(&keys, "k%d: 1\n", i);
    for (int i = 0; i < YAML_NODES_MAX + 1; i++)
        strbuf_puts(&values, "- 1\n");
    for (int i = 0; i < YAML_BYTES_MAX; i++)
        strbuf_putc(&bytes, '#');
    strbuf_putc(&bytes, '#');
    assert_refused(keys.data, keys.len, "t.yaml:1001:1: error: more than 1000 keys in one mapping");
    assert_refused(values.data, values.len, "error: more than 20000 values in one file");
    assert_refused(bytes.data, bytes.len, "t.yaml:1:1: error: the file is larger than 256 KiB");
    strbuf_done(&keys);
    strbuf_done(&values);
    strbuf_done(&bytes);
}

static void yaml_lists_may_be_long(void **state)
{
    (void)state;
    struct strbuf people = {0};
    strbuf_puts(&people, "people:\n");
    for (int i = 0; i < YAML_NODES_MAX; i++)
        strbuf_printf(&people, "  - {id: p%d, zone: America/Denver}\n", i);
    struct read r = read_within(people.data, people.len, &yaml_lists);
    assert_int_equal(r.result, 0);
    assert_int_equal(node_get(r.root, "people")->count, YAML_NODES_MAX);
    read_done(&r);
    strbuf_done(&people);
}

static void problems_are_sorted_and_limited(void **state)
{
    (void)state;
    struct problems problems;
    struct strbuf out = {0};
    problems_init(&problems);
    problem_error(&problems, (struct source_place){"b.yaml", 1, 1}, "x", "later\nfile");
    problem_warning(&problems, (struct source_place){"a.yaml", 2, 9}, "x", "second");
    problem_error(&problems, (struct source_place){"a.yaml", 2, 3}, "x", "first");
    problems_print(&problems, &out);
    assert_string_equal(strbuf_text(&out), "a.yaml:2:3: error: first [x]\n"
                                           "a.yaml:2:9: warning: second [x]\n"
                                           "b.yaml:1:1: error: later file [x]\n");
    for (int i = 0; i < PROBLEMS_MAX; i++)
        problem_error(&problems, (struct source_place){"c.yaml", i + 1, 1}, "x", "more");
    strbuf_clear(&out);
    problems_print(&problems, &out);
    assert_int_equal(problems.count, PROBLEMS_MAX);
    assert_int_equal(problems.errors, PROBLEMS_MAX + 2);
    assert_non_null(strstr(strbuf_text(&out), "... and 3 more\n"));
    strbuf_done(&out);
    problems_done(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_tree_keeps_places),
        cmocka_unit_test(yaml_entries_are_handed_out_one_by_one),
        cmocka_unit_test(yaml_mark_and_crlf_are_fine),
        cmocka_unit_test(yaml_nothing_is_null),
        cmocka_unit_test(yaml_pitfalls_have_plain_words),
        cmocka_unit_test(yaml_nul_byte_is_placed),
        cmocka_unit_test(yaml_several_refusals_in_one_run),
        cmocka_unit_test(yaml_deep_nesting_is_refused),
        cmocka_unit_test(yaml_bombs_are_refused),
        cmocka_unit_test(yaml_lists_may_be_long),
        cmocka_unit_test(problems_are_sorted_and_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
