#include "wire/lookup.h"

#include <string.h>

#include "base/str.h"

const char *lookup_keys(struct arena *arena, const char *const *keys, size_t count)
{
    struct strbuf all = {0};
    for (size_t i = 0; i < count; i++)
        strbuf_printf(&all, "%s%s", i ? " " : "", keys[i]);
    const char *text = arena_strdup(arena, strbuf_text(&all));
    strbuf_done(&all);
    return text;
}

const char *lookup_next(struct arena *arena, const char **keys)
{
    size_t len = strcspn(*keys, " ");
    const char *key = len ? arena_strndup(arena, *keys, len) : NULL;
    *keys += len + ((*keys)[len] == ' ');
    return key;
}

void lookup_tell(struct wire_out *out, const char *keys, const struct chat_result *what)
{
    const char *key;
    while ((key = lookup_next(&out->arena, &keys))) {
        struct chat_result result = *what;
        result.key = key;
        result.more = *keys != '\0';
        wire_result(out, &result);
    }
}

const char *lookup_tell_found(struct wire_out *out, const char *keys, const char *channel,
                              lookup_find find, const void *user)
{
    struct strbuf left = {0};
    struct chat_result last = {.outcome = CHAT_FOUND, .channel = channel, .more = true};
    const char *key;
    while ((key = lookup_next(&out->arena, &keys))) {
        const char *id = find(user, key);
        if (!id) {
            strbuf_printf(&left, "%s%s", left.len ? " " : "", key);
            continue;
        }
        if (last.key)
            wire_result(out, &last);
        last.key = key;
        last.platform_id = id;
    }
    const char *rest = arena_strdup(&out->arena, strbuf_text(&left));
    last.more = left.len != 0;
    if (last.key)
        wire_result(out, &last);
    strbuf_done(&left);
    return rest;
}
