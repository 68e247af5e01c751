/* JSON trees: texts with something odd at every place, limits, and members that are passed over. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/event_schema.h"
#include "wire/jtree.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* The bytes end where the heap does, so that the sanitizer sees what reads on. */
static int parse_without(const char *json, const char *passed, struct err *err, struct jtree **ret)
{
    CLEANUP_FREE char *exact = xmemdup(json, strlen(json));
    return jtree_parse_without(exact, strlen(json), passed, &arena, err, ret);
}

static const struct jtree *accept(const char *json)
{
    struct err err = {0};
    struct jtree *root = NULL;
    if (parse_without(json, NULL, &err, &root))
        fail_msg("%s\n  %s", json, err.text);
    return root;
}

static void refuse(const char *json, const char *passed, const char *words)
{
    struct err err = {0};
    struct jtree *root = NULL;
    if (!parse_without(json, passed, &err, &root))
        fail_msg("accepted: %s", json);
    if (strcmp(err.text, words) != 0)
        fail_msg("%s\n  says     %s\n  expected %s", json, err.text, words);
}

enum { LONGEST = 40 };

/* `odd` behind `before` letters of a text that has `letters`, or where ' ' stands in `frame`. */
static const char *framed(const char *frame, int letters, int before, const char *odd)
{
    static const char many[] = "abcdefghijklmnopqrstuvwxyz abcdefghijklmn";
    const char *gap = strchr(frame, '@');
    return arena_printf(&arena, "%.*s%.*s%s%.*s%s", (int)(gap - frame), frame, before, many, odd,
                        letters - before, many + before, gap + 1);
}

static void check_text(const char *given, const char *kept, bool plain)
{
    for (int letters = 0; letters <= LONGEST; letters++) {
        for (int before = 0; before <= letters; before++) {
            const char *text = framed("@", letters, before, kept);
            const struct jtree *list = accept(framed("[\"@\"]", letters, before, given));
            assert_int_equal(list->first->type, JTREE_TEXT);
            assert_int_equal(list->first->length, strlen(text));
            assert_string_equal(list->first->text, text);
            assert_int_equal(list->first->plain, plain);
            const struct jtree *object = accept(framed("{\"@\":1}", letters, before, given));
            assert_string_equal(object->first->key, text);
            assert_ptr_equal(jtree_find(object, text), object->first);
        }
        arena_reset(&arena);
    }
}

static void jtree_texts_of_every_length_read(void **state)
{
    (void)state;
    check_text("", "", true);
    check_text("~ !", "~ !", true);
    check_text("\\n", "\n", false);
    check_text("\\\"", "\"", false);
    check_text("\\\\", "\\", false);
    check_text("\x7F", "\x7F", false);
    check_text("\xC2\x80", "\xC2\x80", false);
    check_text("\xC3\xA9\xC3\xBF", "\xC3\xA9\xC3\xBF", false);
    check_text("\xE2\x82\xAC\\t", "\xE2\x82\xAC\t", false);
    check_text("\\ud83d\\udcaa\xF0\x9F\x92\xAA", "\xF0\x9F\x92\xAA\xF0\x9F\x92\xAA", false);
}

static void check_refused(const char *frame, const char *odd, int shift, const char *words)
{
    for (int letters = 0; letters <= LONGEST; letters++) {
        for (int before = 0; before <= letters; before++)
            refuse(framed(frame, letters, before, odd), NULL,
                   arena_printf(&arena, "not valid JSON at line 1, column %d: %s",
                                2 + (shift < 0 ? 0 : before + shift), words));
        arena_reset(&arena);
    }
}

static void jtree_texts_refused_at_every_place(void **state)
{
    (void)state;
    check_refused("[\"@\"]", "\x1F", 1, "control character in a text");
    check_refused("[\"@\"]", "\n", 1, "control character in a text");
    check_refused("[\"@\"]", "\\x", 1, "unknown escape in a text");
    check_refused("[\"@\"]", "\xFF", -1, "text that is not valid UTF-8");
    check_refused("[\"@\"]", "\xC3\\n", -1, "text that is not valid UTF-8");
    check_refused("[\"@", "", -1, "a text that is never closed");
    check_refused("{\"@", "", -1, "a text that is never closed");
    check_refused("[\"@", "\xC3\xA9", -1, "a text that is never closed");
}

/* `count` times `one`, whose '#' is the number, with a comma between. */
static const char *repeated(const char *open, const char *one, int count, const char *close)
{
    const char *number = strchr(one, '#');
    struct strbuf all = {0};
    strbuf_puts(&all, open);
    for (int i = 0; i < count; i++) {
        strbuf_puts(&all, i ? "," : "");
        strbuf_add(&all, one, (size_t)(number - one));
        strbuf_int(&all, i);
        strbuf_puts(&all, number + 1);
    }
    strbuf_puts(&all, close);
    const char *text = arena_strdup(&arena, strbuf_text(&all));
    strbuf_done(&all);
    return text;
}

static void jtree_limits_held(void **state)
{
    (void)state;
    static const char member[] = "\"m#\":0";
    const struct jtree *object = accept(repeated("{", member, JTREE_MEMBERS_MAX, "}"));
    assert_int_equal(object->count, JTREE_MEMBERS_MAX);
    assert_ptr_equal(jtree_find(object, "m255"), object->last);
    refuse(repeated("{", member, JTREE_MEMBERS_MAX + 1, "}"), NULL,
           "not valid JSON at line 1, column 2196: an object of more than 256 members");
    assert_int_equal(accept(repeated("[", "#", JTREE_NODES_MAX - 1, "]"))->count,
                     JTREE_NODES_MAX - 1);
    refuse(repeated("[", "#", JTREE_NODES_MAX, "]"), NULL,
           "not valid JSON at line 1, column 588886: more than 100000 values");
    refuse("{\"a\":{},\"a\" 2}", NULL, "not valid JSON at line 1, column 9: 'a' is given twice");
    refuse("{\"\":1,\"\":2}", NULL, "not valid JSON at line 1, column 7: '' is given twice");
}

static void jtree_passed_members_count_for_no_limit(void **state)
{
    (void)state;
    struct err err = {0};
    struct jtree *root;
    static const char member[] = "\"m\":{\"p\":[#,\"\\n\",true,{}]}";
    const char *json = repeated("{\"a\":1,\"p\":{", member, 25000, "},\"b\":{\"p\":\"x\"}}");
    assert_int_equal(parse_without(json, "p", &err, &root), 0);
    assert_int_equal(root->count, 3);
    assert_int_equal(jtree_find(root, "p")->type, JTREE_NULL);
    assert_null(jtree_find(root, "p")->first);
    const struct jtree *inner = jtree_find(jtree_find(root, "b"), "p");
    assert_int_equal(inner->type, JTREE_NULL);
    assert_null(inner->text);
    assert_null(inner->first);
    refuse("{\"p\":{\"m\" 1}}", "p", "not valid JSON at line 1, column 11: ':' must stand here");
    refuse("{\"p\":{m:1}}", "p",
           "not valid JSON at line 1, column 7: a member's name in double "
           "quotes must stand here");
    refuse("{\"p\":[1 2]}", "p", "not valid JSON at line 1, column 9: ',' or ']' must stand here");
    refuse("{\"p\":[1,]}", "p", "not valid JSON at line 1, column 9: no value");
    refuse("{\"p\":{\"m\":1", "p", "not valid JSON at line 1, column 12: '}' must stand here");
    refuse("{\"p\":1,\"p\":2}", "p", "not valid JSON at line 1, column 8: 'p' is given twice");
    refuse("{\"p\":[[[[[[[[[[[[[[[[[[[[[[[[[", "p",
           "not valid JSON at line 1, column 29: more than 24 levels");
}

static void check_table(const struct member_table *table)
{
    size_t required = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct member *row = &table->rows[i];
        const struct jtree *object = accept(arena_printf(&arena, "{\"%s\":1}", row->name));
        required += row->required;
        if (object->first->key_hash != row->hash)
            fail_msg("the hash of '%s' is of another name", row->name);
    }
    assert_int_equal(table->required, required);
}

/* Rows are found by the hash, and the required ones are counted. */
static void jtree_tables_know_their_rows(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_OTHER; type++)
        check_table(&event_schema((enum event_type)type)->data);
    check_table(&event_deal_table);
    check_table(&event_origin_table);
    check_table(&event_stage_table);
    check_table(&event_money_table);
    struct jtree *object = jtree_object_new(&arena);
    jtree_add(object, "specversion", jtree_text_new(&arena, "1.0"));
    assert_int_equal(object->first->key_hash, JTREE_KEY_HASH("specversion"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(jtree_texts_of_every_length_read),
        CASE(jtree_texts_refused_at_every_place),
        CASE(jtree_limits_held),
        CASE(jtree_passed_members_count_for_no_limit),
        CASE(jtree_tables_know_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
