/* The reference manual: it is up to date and complete, and what it shows as an example loads. */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "io/files.h"
#include "io/platforms.h"
#include "load/blocks.h"
#include "load/describe.h"
#include "load/lint.h"
#include "load/load_plugin.h"
#include "load/manual.h"
#include "load_check.h"
#include "rule_places.h"

enum { FILE_BYTES = 4 * 1024 * 1024 };

static char *read_new(const char *path)
{
    char full[512], *text;
    size_t length;
    struct err err = {0};
    (void)snprintf(full, sizeof(full), "%s/%s", GRITD_SOURCE_DIR, path); /* short */
    if (file_read(full, FILE_BYTES, &err, &text, &length))
        fail_msg("%s", err.text);
    return text;
}

static void manual_committed_file_is_what_the_tables_say(void **state)
{
    CLEANUP_FREE char *frame = read_new("docs/rules-intro.md");
    CLEANUP_FREE char *committed = read_new("docs/rules.md");
    struct strbuf out = {0};
    struct err err = {0};
    (void)state;
    if (manual_markdown(frame, &err, &out))
        fail_msg("%s", err.text);
    if (!str_eq(committed, strbuf_text(&out)))
        fail_msg("docs/rules.md is old; write it anew: gritctl explain --markdown > docs/rules.md");
    strbuf_done(&out);
}

static void manual_frame_with_unknown_table_is_refused(void **state)
{
    struct strbuf out = {0};
    struct err err = {0};
    (void)state;
    assert_int_equal(manual_markdown("text\n<!-- keys: rool -->\n", &err, &out), -EINVAL);
    assert_non_null(strstr(err.text, "keys: rool"));
    strbuf_done(&out);
}

static void manual_frame_asks_for_every_table(void **state)
{
    static const char *const tables[] = {"events", "fields",   "tests",   "filters",
                                         "gates",  "outcomes", "actions", "codes"};
    CLEANUP_FREE char *frame = read_new("docs/rules-intro.md");
    const struct block *block;
    char marker[128];
    (void)state;
    for (size_t i = 0; (block = manual_block(i)); i++) {
        (void)snprintf(marker, sizeof(marker), "<!-- keys: %s -->", block_word(block)); /* short */
        if (!strstr(frame, marker))
            fail_msg("docs/rules-intro.md has no line %s", marker);
    }
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        (void)snprintf(marker, sizeof(marker), "<!-- %s -->", tables[i]); /* short */
        assert_non_null(strstr(frame, marker));
    }
}

/* --- the descriptions and the code --- */

static void described_events_fields_and_filters_are_those_of_the_code(void **state)
{
    size_t i = 0;
    (void)state;
    for (; i < EVENT_RULE_TYPES; i++)
        assert_string_equal(describe_event(i)->name, event_type_name((enum event_type)i));
    assert_null(describe_event(i));
    for (i = 0; i < FIELD_SIGNAL; i++)
        assert_string_equal(describe_field(i)->name, field_name((enum field)i));
    for (i = 0; load_text_filter_at(i); i++)
        assert_string_equal(describe_filter(i)->name, load_text_filter_at(i));
    assert_null(describe_filter(i));
}

static bool described(const struct description *(*at)(size_t), const char *name)
{
    const struct description *d;
    for (size_t i = 0; (d = at(i)); i++) {
        if (str_eq(d->name, name))
            return true;
    }
    return false;
}

/* The rows {"hours", gate_hours} of the table in core, in their order. */
static void described_gates_are_those_of_the_code_in_order(void **state)
{
    CLEANUP_FREE char *source = read_new("daemon/core/decide.c");
    size_t count = 0;
    (void)state;
    for (char *row = source; (row = strstr(row, "    {\"")); row++) {
        char name[64] = "";
        if (sscanf(row, "    {\"%63[a-z_]\", gate_", name) != 1 ||
            !str_starts(row + 6 + strlen(name), "\", gate_"))
            continue;
        const struct description *d = describe_gate(count++);
        if (!d || !str_eq(d->name, name))
            fail_msg("gate %zu of core is '%s', described is '%s'", count, name,
                     d ? d->name : "none");
    }
    assert_true(count > 5);
    /* asked last: when there are words, and when all else has let it pass */
    assert_string_equal(describe_gate(count)->name, "evidence");
    assert_string_equal(describe_gate(count + 1)->name, "coin");
    assert_null(describe_gate(count + 2));
}

static bool is_code(const char *text, size_t length)
{
    bool dash = false;
    for (size_t i = 0; i < length; i++) {
        dash |= text[i] == '-';
        if (text[i] != '-' && !islower((unsigned char)text[i]))
            return false;
    }
    return dash && length > 4 && text[0] != '-';
}

/* Literals such as "unknown-key" in the sources of the loader that are no codes. */
static const char *const no_codes[] = {
    "gates-in-spring",   "customer-gates",       "only-half-a-gate",
    "standard-webhooks", "needs-in-their-words", "not-stored",
    "on-wish",           "body-token",           "x-gritd-secret"};

static bool code_known(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(no_codes); i++) {
        if (str_eq(no_codes[i], code))
            return true;
    }
    for (int i = 0; i < lint_rule_count; i++) {
        if (str_eq(lint_rules[i].code, code))
            return true;
    }
    return described(describe_code, code);
}

static void check_codes_of(const char *path)
{
    size_t length;
    struct err err = {0};
    char *text = NULL;
    if (file_read(path, FILE_BYTES, &err, &text, &length))
        fail_msg("%s", err.text);
    for (char *p = text; (p = strchr(p, '"'));) {
        size_t size = strcspn(++p, "\"\n");
        CLEANUP_FREE char *word = xstrndup(p, size);
        if (is_code(p, size) && !code_known(word))
            fail_msg("%s: the code '%s' is not described (load/describe_codes.c)", path, word);
        p += size + (p[size] == '"');
    }
    free(text);
}

static void described_codes_are_all_that_check_has(void **state)
{
    char **paths;
    size_t count;
    struct err err = {0};
    (void)state;
    assert_int_equal(folder_list(GRITD_SOURCE_DIR "/daemon/load", ".c", &err, &paths, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const char *name = strrchr(paths[i], '/') + 1;
        if (str_starts(name, "load_") || str_starts(name, "read") || str_starts(name, "yaml"))
            check_codes_of(paths[i]);
        free(paths[i]);
    }
    free(paths);
}

/* --- examples --- */

static void load_example(const char *what, const char *yaml, enum example_kind kind)
{
    struct loaded l = example_load(yaml, kind);
    if (l.problems.errors)
        fail_msg("%s does not load:\n%s\n%s", what, l.text, yaml);
    load_done(&l);
}

static void example_of_every_key_loads(void **state)
{
    const struct block *block;
    (void)state;
    for (size_t i = 0; (block = manual_block(i)); i++) {
        for (size_t k = 0; k < block->count; k++) {
            const struct key *key = &block->keys[k];
            enum example_kind kind;
            char name[128];
            if (form_of_key(key) == FORM_NONE && key->block)
                continue;
            (void)snprintf(name, sizeof(name), "%s.%s", block_word(block), key->name); /* short */
            if (!key->example)
                fail_msg("%s has no example", name);
            CLEANUP_FREE char *yaml = example_of_key_new(block, key, &kind);
            load_example(name, yaml, kind);
        }
    }
}

/* Each ```yaml block of a Markdown file, without what it is indented by. */
static int load_blocks(const char *path)
{
    CLEANUP_FREE char *text = read_new(path);
    int count = 0;
    for (char *p = text; (p = strstr(p, "```yaml\n")); count++) {
        size_t indent = 0;
        while (p - indent > text && p[-(long)indent - 1] == ' ')
            indent++;
        struct strbuf yaml = {0};
        char *line = strchr(p, '\n') + 1;
        for (; !str_starts(line + strspn(line, " "), "```"); line = strchr(line, '\n') + 1) {
            size_t length = strcspn(line, "\n"), skip = length < indent ? length : indent;
            strbuf_add(&yaml, line + skip, length - skip);
            strbuf_putc(&yaml, '\n');
        }
        struct strbuf whole = {0};
        enum example_kind kind = example_wrap(strbuf_text(&yaml), &whole);
        load_example(path, strbuf_text(&whole), kind);
        strbuf_done(&whole);
        strbuf_done(&yaml);
        p = line;
    }
    return count;
}

static void example_of_every_document_loads(void **state)
{
    (void)state;
    assert_true(load_blocks("docs/rules.md") > 20);
    assert_true(load_blocks("README.md") > 0);
}

static void example_of_every_field_and_test_loads(void **state)
{
    struct arena arena;
    struct manual manual;
    (void)state;
    arena_init(&arena);
    manual_fill(&manual, &arena);
    for (size_t i = 0; i < manual.count; i++) {
        const struct manual_entry *entry = &manual.list[i];
        struct strbuf whole = {0};
        if (!entry->example ||
            (!str_starts(entry->path, "field ") && !str_starts(entry->path, "test ") &&
             !str_starts(entry->path, "event ")) ||
            strstr(entry->path, "NAME"))
            continue;
        enum example_kind kind = example_wrap(entry->example, &whole);
        load_example(entry->path, strbuf_text(&whole), kind);
        strbuf_done(&whole);
    }
    free(manual.list);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manual_committed_file_is_what_the_tables_say),
        cmocka_unit_test(manual_frame_with_unknown_table_is_refused),
        cmocka_unit_test(manual_frame_asks_for_every_table),
        cmocka_unit_test(described_events_fields_and_filters_are_those_of_the_code),
        cmocka_unit_test(described_gates_are_those_of_the_code_in_order),
        cmocka_unit_test(described_codes_are_all_that_check_has),
        cmocka_unit_test(example_of_every_key_loads),
        cmocka_unit_test(example_of_every_document_loads),
        cmocka_unit_test(example_of_every_field_and_test_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
