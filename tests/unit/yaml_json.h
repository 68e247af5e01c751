/* yaml_json.h: YAML as an editor reads it (the core schema of YAML 1.2) to JSON, and JSON to YAML
 * as a person would write it: plain words without quotes. Include after cmocka.h. */
#pragma once
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "load/yaml.h"

static inline bool yaml_json_number(const char *text, json_t **ret)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t digits = strspn(p, "0123456789"), decimals = 0;
    bool point = p[digits] == '.';
    if (point)
        decimals = strspn(p + digits + 1, "0123456789");
    if ((!digits && !decimals) || p[digits + point + decimals] || digits > 18)
        return false;
    *ret = point ? json_real(strtod(text, NULL)) : json_integer(strtoll(text, NULL, 10));
    return true;
}

/* Owns: the caller decrefs. */
static inline json_t *yaml_json(const struct node *node)
{
    json_t *number;
    if (node->kind == NODE_LIST) {
        json_t *list = json_array();
        for (const struct node *n = node->first; n; n = n->next)
            (void)json_array_append_new(list, yaml_json(n)); /* memory only */
        return list;
    }
    if (node->kind == NODE_MAP) {
        json_t *map = json_object();
        for (const struct node *n = node->first; n; n = n->next)
            (void)json_object_set_new(map, n->key, yaml_json(n)); /* memory only */
        return map;
    }
    if (node->quoted)
        return json_string(node->text);
    if (node_is_null(node))
        return json_null();
    if (str_eq(node->text, "true") || str_eq(node->text, "false"))
        return json_boolean(node->text[0] == 't');
    return yaml_json_number(node->text, &number) ? number : json_string(node->text);
}

/* NULL where the text is no YAML. */
static inline json_t *yaml_json_text(const char *yaml)
{
    struct arena arena;
    struct problems problems;
    struct node *root;
    json_t *json = NULL;
    arena_init(&arena);
    problems_init(&problems);
    if (!yaml_read("text.yaml", yaml, strlen(yaml), NULL, &arena, &problems, &root))
        json = yaml_json(root);
    problems_done(&problems);
    arena_done(&arena);
    return json;
}

static inline bool yaml_json_plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "y", "n"};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789 _./-";
    json_t *number;
    size_t length = strlen(text);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (str_ieq(text, words[i]))
            return false;
    }
    if (yaml_json_number(text, &number)) {
        json_decref(number);
        return false;
    }
    return length && text[strspn(text, letters)] == '\0' && text[0] != ' ' && text[0] != '-' &&
           text[0] != '.' && text[length - 1] != ' ';
}

static inline void yaml_json_write(json_t *json, struct strbuf *out)
{
    const char *key;
    json_t *value;
    size_t i;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        i = 0;
        json_object_foreach(json, key, value)
        {
            strbuf_printf(out, "%s\"%s\": ", i++ ? ", " : "{", key);
            yaml_json_write(value, out);
        }
        strbuf_puts(out, i ? "}" : "{}");
        break;
    case JSON_ARRAY:
        strbuf_putc(out, '[');
        json_array_foreach(json, i, value)
        {
            strbuf_puts(out, i ? ", " : "");
            yaml_json_write(value, out);
        }
        strbuf_putc(out, ']');
        break;
    case JSON_STRING:
        if (yaml_json_plain(json_string_value(json))) {
            strbuf_puts(out, json_string_value(json));
            break;
        }
        jsonw_quote(out, json_string_value(json));
        break;
    case JSON_REAL:
        strbuf_printf(out, "%.3f", json_real_value(json));
        break;
    case JSON_INTEGER:
        strbuf_printf(out, "%lld", (long long)json_integer_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        strbuf_puts(out, json_is_true(json) ? "true" : "false");
        break;
    case JSON_NULL:
        strbuf_puts(out, "~");
        break;
    }
}
