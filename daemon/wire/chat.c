#include "wire/chat.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/str.h"

static const struct chat_platform *const platforms[] = {
#define CHAT(name) &chat_##name,
#include "wire/chat_list.h"
#undef CHAT
};

static const char *const input_kinds[] = {
    [ANSWER_TEXT] = "text",     [ANSWER_YES_NO] = "yes_no", [ANSWER_SCALE] = "scale",
    [ANSWER_CHOICE] = "choice", [ANSWER_DATE] = "date",
};

const struct chat_platform *chat_platform_at(size_t index)
{
    return index < ARRAY_LEN(platforms) ? platforms[index] : NULL;
}

const struct chat_platform *chat_platform_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(platforms); i++) {
        if (str_eq(platforms[i]->name, name))
            return platforms[i];
    }
    return NULL;
}

int chat_option_find(const struct chat_platform *platform, const char *key)
{
    for (size_t i = 0; i < platform->option_count; i++) {
        if (str_eq(platform->options[i].key, key))
            return (int)i;
    }
    return -1;
}

int chat_options_resolve(const struct chat_platform *platform,
                         const char *(*get)(void *user, const char *key), void *user,
                         struct err *err, const char **ret_values)
{
    for (size_t i = 0; i < platform->option_count; i++) {
        const struct chat_option *option = &platform->options[i];
        if (option->required && !option->fallback && str_empty(get(user, option->key)))
            return err_set(err, EINVAL, "chat.%s.%s is missing: %s", platform->name, option->key,
                           option->help);
    }
    for (size_t i = 0; i < platform->option_count; i++) {
        const char *value = get(user, platform->options[i].key);
        ret_values[i] = str_empty(value) ? platform->options[i].fallback : value;
    }
    return 0;
}

const char *chat_input_kind(enum answer_type type)
{
    return input_kinds[type];
}

int chat_input_kind_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(input_kinds); i++) {
        if (str_eq(input_kinds[i], name))
            return (int)i;
    }
    return -1;
}
