/* XML trees: what is read, what is refused, and text that survives being written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/alloc.h"
#include "wire/xml.h"

static struct arena arena;

static const struct xml *parse(const char *text)
{
    const struct xml *root = NULL;
    struct err err = {0};
    if (xml_parse(text, strlen(text), &arena, &err, &root))
        fail_msg("%s: %s", text, err.text);
    return root;
}

static void xml_tree_has_names_and_texts(void **state)
{
    (void)state;
    const struct xml *root =
        parse("<m xmlns='jabber:client' to='a@b' x:y='no' xmlns:x='u:x' xml:lang='de'>"
              "<body>one &amp; <i>in</i>two</body><x:e k=\"&lt;&#10;\"/><![CDATA[<c>]]></m>");
    assert_true(xml_is(root, "jabber:client", "m"));
    assert_false(xml_is(root, "jabber:server", "m"));
    assert_false(xml_is(NULL, "", "m"));
    assert_int_equal(root->attribute_count, 2);
    assert_string_equal(xml_attribute(root, "to"), "a@b");
    assert_string_equal(xml_attribute(root, "xml:lang"), "de");
    assert_null(xml_attribute(root, "y"));
    assert_string_equal(xml_child_text(root, "jabber:client", "body"), "one & two");
    assert_string_equal(xml_attribute(xml_child(root, "u:x", "e"), "k"), "<\n");
    assert_ptr_equal(xml_child_of(root, "u:x"), xml_child(root, "u:x", "e"));
    assert_null(xml_child(root, "u:x", "body"));
    assert_null(xml_child_text(root, "", "body"));
    assert_string_equal(root->text, "<c>");
}

static void xml_forbidden_documents_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "1:1: no element found"},
        {"<a>", "no element found"},
        {"<a></b>", "mismatched tag"},
        {"<a/><b/>", "junk after document element"},
        {"<x:a/>", "unbound prefix"},
        {"<a b='1' b='2'/>", "duplicate attribute"},
        {"<a>&lol;</a>", "undefined entity"},
        {"<!DOCTYPE a [<!ENTITY lol 'lol'>]><a>&lol;</a>", "a document type is not allowed"},
        {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "a document type is not allowed"},
        {"<a><?php ?></a>", "a processing instruction is not allowed"},
        {"<a><!-- c --></a>", "1:4: a comment is not allowed"},
        {"<a>\x01</a>", "not well-formed"},
        {"<a>&#0;</a>", "reference to invalid character number"},
        {"<a>\xff</a>", "not well-formed"},
        {"<?xml version='1.0' encoding='utf-7'?><a>+ADw-</a>", NULL}, /* the frame is UTF-8 */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct xml *root = NULL;
        struct err err = {0};
        int result = xml_parse(cases[i].text, strlen(cases[i].text), &arena, &err, &root);
        if (!cases[i].why) {
            assert_int_equal(result, 0);
            assert_string_equal(root->text, "+ADw-");
            continue;
        }
        assert_int_equal(result, -EBADMSG);
        assert_non_null(strstr(err.text, cases[i].why));
        assert_null(root);
    }
}

/* A '#' in `each` becomes a number. */
static int parse_many(const char *head, const char *each, size_t count, const char *tail)
{
    struct strbuf text = {0};
    struct err err = {0};
    const struct xml *root;
    strbuf_puts(&text, head);
    for (size_t i = 0; i < count; i++) {
        for (const char *p = each; *p; p++) {
            if (*p == '#')
                strbuf_int(&text, (int64_t)i);
            else
                strbuf_putc(&text, *p);
        }
    }
    strbuf_puts(&text, tail);
    int result = xml_parse(strbuf_text(&text), text.len, &arena, &err, &root);
    strbuf_done(&text);
    arena_reset(&arena);
    return result;
}

static void xml_limits_hold(void **state)
{
    (void)state;
    assert_int_equal(parse_many("<a", " k#=''", XML_ATTRIBUTES_MAX, "/>"), 0);
    assert_int_equal(parse_many("<a", " k#=''", XML_ATTRIBUTES_MAX + 1, "/>"), -E2BIG);
    assert_int_equal(parse_many("<a>", "<b/>", XML_NODES_MAX - 1, "</a>"), 0);
    assert_int_equal(parse_many("<a>", "<b/>", XML_NODES_MAX, "</a>"), -E2BIG);
    assert_int_equal(parse_many("", "<a>", XML_DEPTH_MAX + 1, ""), -E2BIG);
    assert_int_equal(parse_many("", "<a>", XML_DEPTH_MAX, ""), -EBADMSG); /* only not closed */
    assert_int_equal(parse_many("<a>", "0123456789abcdef", XML_BYTES_MAX / 16, "</a>"), -E2BIG);
    assert_int_equal(parse_many("<a>", "0123456789abcdef", XML_BYTES_MAX / 16 - 1, "</a>"), 0);
}

static void xml_written_text_reads_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "plain", "<&>\"'",      "]]>", "tab\tline\nreturn\r",
                                        "ü€😀", "%s %u", "\xEF\xBF\xBD"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct strbuf out = {0};
        assert_true(xml_fits(texts[i]));
        xml_printf(&out, "<a k='%s' n='%u%%'>%s</a>", texts[i], 7u, texts[i]);
        const struct xml *root = parse(strbuf_text(&out));
        assert_string_equal(xml_attribute(root, "k"), texts[i]);
        assert_string_equal(xml_attribute(root, "n"), "7%");
        assert_string_equal(root->text, texts[i]);
        strbuf_done(&out);
    }
}

static void xml_fits_knows_what_cannot_be_said(void **state)
{
    (void)state;
    static const char *const texts[] = {"a\x01",    "\x1f",         "\x0b",         "\xff",
                                        "\xC0\x80", "\xED\xA0\x80", "\xEF\xBF\xBE", "\xEF\xBF\xBF"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_false(xml_fits(texts[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_tree_has_names_and_texts),
        cmocka_unit_test(xml_forbidden_documents_are_refused),
        cmocka_unit_test(xml_limits_hold),
        cmocka_unit_test(xml_written_text_reads_back),
        cmocka_unit_test(xml_fits_knows_what_cannot_be_said),
    };
    arena_init(&arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
