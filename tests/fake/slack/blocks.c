#include "blocks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "elements.h"
#include "util.h"

enum { VIEW_BYTES_MAX = 250000 };

bool blocks_bad(struct check *k, const char *fmt, ...)
{
    char what[128];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap); /* cut is fine */
    va_end(ap);
    (void)snprintf(k->problem, BLOCKS_PROBLEM, "[ERROR] %s [json-pointer:%.100s]", what, k->path);
    return false;
}

size_t blocks_enter(struct check *k, const char *part)
{
    size_t before = strlen(k->path);

    (void)snprintf(k->path + before, sizeof k->path - before, "/%s", part); /* cut is fine */
    return before;
}

size_t blocks_enter_index(struct check *k, size_t index)
{
    char part[24];

    (void)snprintf(part, sizeof part, "%zu", index);
    return blocks_enter(k, part);
}

void blocks_leave(struct check *k, size_t before)
{
    k->path[before] = '\0';
}

bool blocks_string(struct check *k, const json_t *o, const char *key, bool needed, long max)
{
    const json_t *v = json_object_get(o, key);
    const char *s = json_string_value(v);

    if (!v || json_is_null(v))
        return !needed || blocks_bad(k, "missing required field: %s", key);
    if (!s)
        return blocks_bad(k, "must provide a string: %s", key);
    if (needed && !s[0])
        return blocks_bad(k, "must be more than 0 characters: %s", key);
    return util_utf8_count(s) <= max ||
           blocks_bad(k, "must be less than %ld characters: %s", max + 1, key);
}

bool blocks_text(struct check *k, const json_t *o, const char *key, bool needed, long max,
                 bool plain_only)
{
    const json_t *v = json_object_get(o, key);
    size_t mark = blocks_enter(k, key);
    const char *type = json_string_value(json_object_get(v, "type"));
    bool ok;

    if (!v || json_is_null(v))
        ok = !needed || blocks_bad(k, "missing required field");
    else if (!type ||
             (strcmp(type, "plain_text") != 0 && (plain_only || strcmp(type, "mrkdwn") != 0)))
        ok = blocks_bad(k, "must be a %s object", plain_only ? "plain_text" : "text");
    else
        ok = blocks_string(k, v, "text", true, max);
    blocks_leave(k, mark);
    return ok;
}

bool blocks_each(struct check *k, json_t *o, const char *key, size_t min, size_t max,
                 bool (*fn)(struct check *k, json_t *item))
{
    const json_t *v = json_object_get(o, key);
    size_t mark = blocks_enter(k, key), i;
    json_t *item;
    bool ok = true;

    if (!json_is_array(v) || json_array_size(v) < min || json_array_size(v) > max)
        ok = blocks_bad(k, "must be an array of %zu to %zu items", min, max);
    else
        json_array_foreach(v, i, item)
        {
            size_t deeper = blocks_enter_index(k, i);
            ok = json_is_object(item) ? fn(k, item) : blocks_bad(k, "must be an object");
            if (!ok)
                break;
            blocks_leave(k, deeper);
        }
    if (ok)
        blocks_leave(k, mark);
    return ok;
}

static bool section_field(struct check *k, json_t *field)
{
    const char *type = json_string_value(json_object_get(field, "type"));

    if (!type || (strcmp(type, "plain_text") != 0 && strcmp(type, "mrkdwn") != 0))
        return blocks_bad(k, "must be a text object");
    return blocks_string(k, field, "text", true, 2000);
}

static bool check_section(struct check *k, json_t *b)
{
    bool fields = json_object_get(b, "fields") != NULL;
    json_t *accessory = json_object_get(b, "accessory");

    if (!blocks_text(k, b, "text", !fields, 3000, false))
        return false;
    if (fields && !blocks_each(k, b, "fields", 1, 10, section_field))
        return false;
    if (!accessory)
        return true;
    (void)blocks_enter(k, "accessory"); /* the path is cut back by the caller */
    return elements_check(k, accessory, ELEMENTS_SECTION);
}

static bool check_header(struct check *k, json_t *b)
{
    return blocks_text(k, b, "text", true, 150, true);
}

static bool context_element(struct check *k, json_t *e)
{
    const char *type = json_string_value(json_object_get(e, "type"));

    if (type && strcmp(type, "image") == 0)
        return elements_check(k, e, ELEMENTS_CONTEXT);
    if (!type || (strcmp(type, "plain_text") != 0 && strcmp(type, "mrkdwn") != 0))
        return blocks_bad(k, "must be a text or image object");
    return blocks_string(k, e, "text", true, 2000);
}

static bool check_context(struct check *k, json_t *b)
{
    return blocks_each(k, b, "elements", 1, 10, context_element);
}

static bool action_element(struct check *k, json_t *e)
{
    return elements_check(k, e, ELEMENTS_ACTIONS);
}

static bool check_actions(struct check *k, json_t *b)
{
    const json_t *elements = json_object_get(b, "elements");

    if (!blocks_each(k, b, "elements", 1, 25, action_element))
        return false;
    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *a = json_object_get(json_array_get(elements, i), "action_id");
        for (size_t j = 0; j < i; j++) {
            if (json_equal(a, json_object_get(json_array_get(elements, j), "action_id")))
                return blocks_bad(k, "action_id must be unique inside a block");
        }
    }
    return true;
}

static bool check_input(struct check *k, json_t *b)
{
    json_t *element = json_object_get(b, "element");

    if (!blocks_text(k, b, "label", true, 2000, true) ||
        !blocks_text(k, b, "hint", false, 2000, true))
        return false;
    if (!json_is_object(element))
        return blocks_bad(k, "missing required field: element");
    (void)blocks_enter(k, "element"); /* the path is cut back by the caller */
    return elements_check(k, element, ELEMENTS_INPUT);
}

static bool check_image(struct check *k, json_t *b)
{
    return blocks_string(k, b, "alt_text", true, 2000) &&
           blocks_string(k, b, "image_url", false, 3000) &&
           blocks_text(k, b, "title", false, 2000, true);
}

static bool check_markdown(struct check *k, json_t *b)
{
    return blocks_string(k, b, "text", true, 12000);
}

static bool check_nothing(struct check *k, json_t *b)
{
    (void)k;
    (void)b;
    return true;
}

static bool check_rich_text(struct check *k, json_t *b)
{
    return json_is_array(json_object_get(b, "elements")) ||
           blocks_bad(k, "missing required field: elements");
}

enum { IN_MESSAGE = 1, IN_VIEW = 2 };

static const struct {
    const char *type;
    unsigned where;
    bool (*check)(struct check *k, json_t *b);
} block_types[] = {
    {"section", IN_MESSAGE | IN_VIEW, check_section},
    {"actions", IN_MESSAGE | IN_VIEW, check_actions},
    {"context", IN_MESSAGE | IN_VIEW, check_context},
    {"divider", IN_MESSAGE | IN_VIEW, check_nothing},
    {"header", IN_MESSAGE | IN_VIEW, check_header},
    {"input", IN_MESSAGE | IN_VIEW, check_input},
    {"image", IN_MESSAGE | IN_VIEW, check_image},
    {"rich_text", IN_MESSAGE | IN_VIEW, check_rich_text},
    {"markdown", IN_MESSAGE, check_markdown},
    {"video", IN_MESSAGE | IN_VIEW, check_nothing},
    {"file", IN_MESSAGE, check_nothing},
    {"table", IN_MESSAGE, check_nothing},
};

static bool check_block(struct check *k, json_t *b)
{
    const char *type = json_string_value(json_object_get(b, "type"));
    unsigned where = k->surface == BLOCKS_MESSAGE ? IN_MESSAGE : IN_VIEW;

    if (!blocks_string(k, b, "block_id", false, 255))
        return false;
    if (!json_object_get(b, "block_id")) {
        char id[8];
        util_hex(id, 5);
        (void)json_object_set_new(b, "block_id", json_string(id)); /* b is an object */
    }
    for (size_t i = 0; type && i < sizeof block_types / sizeof *block_types; i++) {
        if (strcmp(block_types[i].type, type) == 0 && (block_types[i].where & where))
            return block_types[i].check(k, b);
    }
    return blocks_bad(k, "unsupported type: %.40s", type ? type : "none");
}

static bool unique_ids(struct check *k, const json_t *blocks)
{
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *a = json_object_get(json_array_get(blocks, i), "block_id");
        for (size_t j = 0; j < i; j++) {
            if (json_equal(a, json_object_get(json_array_get(blocks, j), "block_id"))) {
                (void)blocks_enter(k, "blocks"); /* the check ends here */
                (void)blocks_enter_index(k, i);
                return blocks_bad(k, "block_id must be unique");
            }
        }
    }
    return true;
}

static bool check_blocks(struct check *k, json_t *holder, size_t min)
{
    size_t max = k->surface == BLOCKS_MESSAGE ? 50 : 100;

    return blocks_each(k, holder, "blocks", min, max, check_block) &&
           unique_ids(k, json_object_get(holder, "blocks"));
}

const char *blocks_check(json_t *blocks, enum blocks_surface surface, char problem[BLOCKS_PROBLEM])
{
    struct check k = {.surface = surface, .problem = problem};

    if (!json_is_array(blocks))
        return "invalid_blocks_format";
    json_t *holder = json_pack("{s:O}", "blocks", blocks);
    bool ok = check_blocks(&k, holder, 0);
    json_decref(holder);
    return ok ? NULL : "invalid_blocks";
}

bool blocks_have_input(const json_t *blocks)
{
    size_t i;
    json_t *b;

    json_array_foreach(blocks, i, b)
    {
        const char *type = json_string_value(json_object_get(b, "type"));
        if (type && strcmp(type, "input") == 0)
            return true;
    }
    return false;
}

static bool check_view(struct check *k, json_t *view)
{
    const char *type = json_string_value(json_object_get(view, "type"));
    bool modal = k->surface == BLOCKS_MODAL;

    if (!type || strcmp(type, modal ? "modal" : "home") != 0)
        return blocks_bad(k, "must be a view of type %s", modal ? "modal" : "home");
    if (!blocks_string(k, view, "private_metadata", false, 3000) ||
        !blocks_string(k, view, "callback_id", false, 255) ||
        !blocks_string(k, view, "external_id", false, 255))
        return false;
    if (modal) {
        bool input = blocks_have_input(json_object_get(view, "blocks"));
        if (!blocks_text(k, view, "title", true, 24, true) ||
            !blocks_text(k, view, "submit", input, 24, true) ||
            !blocks_text(k, view, "close", false, 24, true))
            return false;
    }
    return check_blocks(k, view, 1);
}

const char *blocks_check_view(json_t *view, enum blocks_surface surface,
                              char problem[BLOCKS_PROBLEM])
{
    struct check k = {.surface = surface, .problem = problem};

    if (!json_is_object(view))
        return "invalid_arguments";
    if (json_dumpb(view, NULL, 0, JSON_COMPACT) > VIEW_BYTES_MAX)
        return "view_too_large";
    return check_view(&k, view) ? NULL : "invalid_arguments";
}
