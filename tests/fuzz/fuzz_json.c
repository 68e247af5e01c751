/* Any bytes as JSON, held against jansson: what one reader takes the other takes too, and finds the
 * same in it. Also as a number, and as the reply of which only a few members are looked at. */
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/decimal.h"
#include "wire/jtree.h"
#include "wire/out.h"
#include "wire/peek.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What jansson keeps exactly. */
static bool is_plain_number(const struct jtree *node)
{
    for (size_t i = 0; i < node->length; i++) {
        if (!strchr("-0123456789", node->text[i]))
            return false;
    }
    return node->length <= 15;
}

static bool has_odd_number(const struct jtree *node)
{
    bool odd = node->type == JTREE_NUMBER && !is_plain_number(node);
    for (const struct jtree *child = node->first; child && !odd; child = child->next)
        odd = has_odd_number(child);
    return odd;
}

static void compare(const struct jtree *node, const json_t *json);

static void compare_children(const struct jtree *node, const json_t *json)
{
    size_t index = 0;
    for (const struct jtree *child = node->first; child; child = child->next, index++) {
        if (node->type == JTREE_ARRAY)
            compare(child, json_array_get(json, index));
        else if (jtree_find(node, child->key) != child)
            abort();
        else
            compare(child, json_object_get(json, child->key));
    }
    if (index != node->count ||
        index != (node->type == JTREE_ARRAY ? json_array_size(json) : json_object_size(json)))
        abort();
}

static void compare(const struct jtree *node, const json_t *json)
{
    static const json_type types[] = {
        [JTREE_NULL] = JSON_NULL,   [JTREE_FALSE] = JSON_FALSE, [JTREE_TRUE] = JSON_TRUE,
        [JTREE_TEXT] = JSON_STRING, [JTREE_ARRAY] = JSON_ARRAY, [JTREE_OBJECT] = JSON_OBJECT};
    if (!json)
        abort();
    if (node->type == JTREE_NUMBER) {
        int64_t whole;
        if (!json_is_number(json))
            abort();
        if (is_plain_number(node) && (decimal_parse(node->text, node->length, 0, &whole, NULL) ||
                                      whole != json_integer_value(json)))
            abort();
        return;
    }
    if (json_typeof(json) != types[node->type])
        abort();
    if (node->type == JTREE_TEXT && (json_string_length(json) != node->length ||
                                     memcmp(json_string_value(json), node->text, node->length)))
        abort();
    if (node->type == JTREE_ARRAY || node->type == JTREE_OBJECT)
        compare_children(node, json);
}

static void check_peek(const char *bytes, size_t size, const struct jtree *tree)
{
    struct peek fields[] = {{.key = "ok"}, {.key = "ts"}, {.key = "error"}};
    int result = peek_object(bytes, size, fields, ARRAY_LEN(fields));
    if (!tree || tree->type != JTREE_OBJECT)
        return;
    if (result && (unsigned char)bytes[0] != 0xEF) /* it does not know the byte order mark */
        abort();
    for (size_t i = 0; !result && i < ARRAY_LEN(fields); i++) {
        const struct jtree *member = jtree_find(tree, fields[i].key);
        if (fields[i].type == PEEK_TEXT &&
            (!member || member->type != JTREE_TEXT || member->length != fields[i].len ||
             memcmp(member->text, fields[i].text, fields[i].len)))
            abort();
        if ((fields[i].type == PEEK_TRUE) != (member && member->type == JTREE_TRUE) ||
            (fields[i].type == PEEK_FALSE) != (member && member->type == JTREE_FALSE))
            abort();
    }
}

static void check_decimal(const char *bytes, size_t size)
{
    char text[DECIMAL_TEXT_BYTES];
    for (int places = 0; places <= DECIMAL_PLACES_MAX; places++) {
        int64_t value, again;
        bool exact;
        if (decimal_parse(bytes, size, places, &value, NULL))
            continue;
        if (value > DECIMAL_MAX || value < -DECIMAL_MAX)
            abort();
        (void)decimal_format(value, places, text);
        if (decimal_parse(text, strlen(text), places, &again, &exact) || again != value || !exact)
            abort();
    }
}

/* Looked over is still read as JSON, and leaves the rest as it is. */
static void check_without(const char *bytes, size_t size, const struct jtree *tree)
{
    struct arena arena;
    struct err err = {0};
    struct jtree *less = NULL;
    arena_init(&arena);
    int result = jtree_parse_without(bytes, size, "a", &arena, &err, &less);
    if (tree && (result || less->type != tree->type || less->count != tree->count))
        abort();
    const struct jtree *rest = tree ? tree->first : NULL;
    for (const struct jtree *one = tree ? less->first : NULL; one; one = one->next) {
        if (one->type != (str_eq(one->key, "a") ? JTREE_NULL : rest->type) ||
            !str_eq(one->key, rest->key) || (one->key && str_eq(one->key, "a") && one->first))
            abort();
        rest = rest->next;
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = xmemdup(data, size ? size : 1);
    struct arena arena;
    struct err err = {0};
    struct jtree *tree = NULL;
    arena_init(&arena);
    int result = jtree_parse(bytes, size, &arena, &err, &tree);
    if (result && (!err.text[0] || result != -err.code || tree))
        abort();
    bool mark = size >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3);
    json_t *json = json_loadb(bytes + (mark ? 3 : 0), size - (mark ? 3 : 0),
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    if (!result && !json && !has_odd_number(tree))
        abort();
    if (result == -EINVAL && json && !memchr(bytes, '\0', size)) /* there jansson thinks it ends */
        abort();
    if (!result && json)
        compare(tree, json);
    check_peek(bytes, size, tree);
    check_without(bytes, size, tree);
    check_decimal(bytes, size);
    json_decref(json);
    arena_done(&arena);
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    msec_t wait = wire_retry_after(text, INT64_C(1712345700000));
    if (wait && (wait < MSEC_SECOND || wait > MSEC_HOUR))
        abort();
    free(bytes);
    return 0;
}
