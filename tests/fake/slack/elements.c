#include "elements.h"

#include <string.h>

#include "util.h"

static bool check_option(struct check *k, json_t *o)
{
    return blocks_text(k, o, "text", true, 75, false) && blocks_string(k, o, "value", true, 150) &&
           blocks_text(k, o, "description", false, 75, false);
}

static bool check_button(struct check *k, json_t *e)
{
    const char *style = json_string_value(json_object_get(e, "style"));

    if (style && strcmp(style, "primary") != 0 && strcmp(style, "danger") != 0)
        return blocks_bad(k, "must be primary or danger: style");
    return blocks_text(k, e, "text", true, 75, true) && blocks_string(k, e, "value", false, 2000) &&
           blocks_string(k, e, "url", false, 3000);
}

static bool check_ten_options(struct check *k, json_t *e)
{
    return blocks_each(k, e, "options", 1, 10, check_option);
}

static bool check_group(struct check *k, json_t *g)
{
    return blocks_text(k, g, "label", true, 75, true) &&
           blocks_each(k, g, "options", 1, 100, check_option);
}

static bool check_select(struct check *k, json_t *e)
{
    if (!blocks_text(k, e, "placeholder", false, 150, true))
        return false;
    if (json_object_get(e, "option_groups"))
        return blocks_each(k, e, "option_groups", 1, 100, check_group);
    return blocks_each(k, e, "options", 1, 100, check_option);
}

static bool check_picker(struct check *k, json_t *e)
{
    return blocks_text(k, e, "placeholder", false, 150, true);
}

static bool check_text_input(struct check *k, json_t *e)
{
    const json_t *max = json_object_get(e, "max_length"), *min = json_object_get(e, "min_length");

    if (max && (json_integer_value(max) < 1 || json_integer_value(max) > 3000))
        return blocks_bad(k, "must be from 1 to 3000: max_length");
    if (min && (json_integer_value(min) < 0 || json_integer_value(min) > 3000))
        return blocks_bad(k, "must be from 0 to 3000: min_length");
    return blocks_text(k, e, "placeholder", false, 150, true) &&
           blocks_string(k, e, "initial_value", false, 3000);
}

static bool check_image(struct check *k, json_t *e)
{
    return blocks_string(k, e, "alt_text", true, 2000) &&
           blocks_string(k, e, "image_url", false, 3000);
}

enum {
    SA = ELEMENTS_SECTION | ELEMENTS_ACTIONS,
    SAI = SA | ELEMENTS_INPUT,
    SI = ELEMENTS_SECTION | ELEMENTS_INPUT,
};

static const struct {
    const char *type;
    unsigned places;
    bool (*check)(struct check *k, json_t *e);
} element_types[] = {
    {"button", SA, check_button},
    {"static_select", SAI, check_select},
    {"plain_text_input", ELEMENTS_INPUT, check_text_input},
    {"overflow", SA, check_ten_options},
    {"radio_buttons", SAI, check_ten_options},
    {"checkboxes", SAI, check_ten_options},
    {"multi_static_select", SI, check_select},
    {"external_select", SAI, check_picker},
    {"users_select", SAI, check_picker},
    {"conversations_select", SAI, check_picker},
    {"channels_select", SAI, check_picker},
    {"multi_external_select", SI, check_picker},
    {"multi_users_select", SI, check_picker},
    {"multi_conversations_select", SI, check_picker},
    {"multi_channels_select", SI, check_picker},
    {"datepicker", SAI, check_picker},
    {"timepicker", SAI, check_picker},
    {"datetimepicker", ELEMENTS_ACTIONS | ELEMENTS_INPUT, check_picker},
    {"email_text_input", ELEMENTS_INPUT, check_picker},
    {"url_text_input", ELEMENTS_INPUT, check_picker},
    {"number_input", ELEMENTS_INPUT, check_picker},
    {"rich_text_input", ELEMENTS_INPUT, check_picker},
    {"image", ELEMENTS_SECTION | ELEMENTS_CONTEXT, check_image},
};

static bool check_confirm(struct check *k, json_t *e)
{
    const json_t *confirm = json_object_get(e, "confirm");

    if (!confirm)
        return true;
    size_t mark = blocks_enter(k, "confirm");
    bool ok = blocks_text(k, confirm, "title", true, 100, true) &&
              blocks_text(k, confirm, "text", true, 300, false) &&
              blocks_text(k, confirm, "confirm", false, 30, true) &&
              blocks_text(k, confirm, "deny", false, 30, true);
    if (ok)
        blocks_leave(k, mark);
    return ok;
}

bool elements_check(struct check *k, json_t *element, unsigned place)
{
    const char *type = json_string_value(json_object_get(element, "type"));

    if (!blocks_string(k, element, "action_id", false, 255) || !check_confirm(k, element))
        return false;
    if (!json_object_get(element, "action_id") && place != ELEMENTS_CONTEXT) {
        char id[8];
        util_hex(id, 5);
        (void)json_object_set_new(element, "action_id", json_string(id)); /* it is an object */
    }
    for (size_t i = 0; type && i < sizeof element_types / sizeof *element_types; i++) {
        if (strcmp(element_types[i].type, type) == 0 && (element_types[i].places & place))
            return element_types[i].check(k, element);
    }
    return blocks_bad(k, "unsupported type: %.40s", type ? type : "none");
}
