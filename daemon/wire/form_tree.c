#include "wire/form_tree.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

#define MEDIA "application/x-www-form-urlencoded"

bool form_is(const char *content_type)
{
    size_t length = strlen(MEDIA);
    return content_type && str_istarts(content_type, MEDIA, length) &&
           (!content_type[length] || strchr("; \t", content_type[length]));
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at;
    char lower = c >= 'A' && c <= 'F' ? (char)(c + 'a' - 'A') : c;
    at = c ? strchr(digits, lower) : NULL;
    return at ? (int)(at - digits) : -1;
}

static int decode(const char *bytes, size_t length, struct arena *arena, struct err *err,
                  const char **ret)
{
    char *text = arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i] == '+' ? ' ' : bytes[i];
        if (bytes[i] == '%') {
            int high = i + 2 < length ? hex_digit(bytes[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(bytes[i + 2]) : -1;
            if (low < 0)
                return err_set(err, EINVAL, "a '%%' that escapes nothing");
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (!c)
            return err_set(err, EINVAL, "a NUL in a field");
        text[used++] = c;
    }
    text[used] = '\0';
    if (utf8_length(text, used) < 0)
        return err_set(err, EINVAL, "a field is not valid UTF-8");
    *ret = text;
    return 0;
}

/* The end of the first part of a name: "." or "__". */
static size_t part_of(const char *name, size_t *ret_gap)
{
    for (size_t i = 0; name[i]; i++) {
        *ret_gap = name[i] == '.' ? 1 : name[i] == '_' && name[i + 1] == '_' ? 2 : 0;
        if (i && *ret_gap && name[i + *ret_gap])
            return i;
    }
    *ret_gap = 0;
    return strlen(name);
}

static int put(struct jtree *root, const char *name, const char *value, struct arena *arena,
               struct err *err)
{
    struct jtree *object = root;
    for (int depth = 0;; depth++) {
        size_t gap, length = part_of(name, &gap);
        const char *key = arena_strndup(arena, name, length);
        struct jtree *there = (struct jtree *)(uintptr_t)jtree_find(object, key);
        if (!length || depth == FORM_DEPTH_MAX)
            return err_set(err, EINVAL, "a field without a name, or with more than %d parts",
                           FORM_DEPTH_MAX);
        if (there && (!gap || there->type != JTREE_OBJECT))
            return err_set(err, EINVAL, "the field '%.*s' is given twice",
                           (int)utf8_prefix(key, 40), key);
        if (!gap) {
            jtree_add(object, key, jtree_text_new(arena, value));
            return 0;
        }
        if (!there) {
            there = jtree_object_new(arena);
            jtree_add(object, key, there);
        }
        object = there;
        name += length + gap;
    }
}

int form_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
               struct jtree **ret)
{
    struct jtree *root = jtree_object_new(arena);
    int fields = 0;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(bytes + at, '&', length - at);
        size_t size = end ? (size_t)(end - bytes) - at : length - at;
        const char *equals = memchr(bytes + at, '=', size);
        size_t name_size = equals ? (size_t)(equals - bytes) - at : size;
        const char *name, *value = "";
        int status = 0;
        if (size) {
            if (++fields > FORM_FIELDS_MAX)
                return err_set(err, E2BIG, "more than %d fields", FORM_FIELDS_MAX);
            status = decode(bytes + at, name_size, arena, err, &name);
            if (!status && equals)
                status = decode(equals + 1, size - name_size - 1, arena, err, &value);
            if (!status)
                status = put(root, name, value, arena, err);
        }
        if (status)
            return status;
        at += size + 1;
    }
    *ret = root;
    return 0;
}
