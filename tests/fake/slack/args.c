#include "args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

static void add(struct args *a, const char *key, const char *text, json_t *json)
{
    if (a->n < ARGS_MAX)
        a->v[a->n++] = (struct arg){key, text, json};
}

static const char *add_form(struct args *a, char *s)
{
    while (*s) {
        size_t n = strcspn(s, "&");
        char *next = s + n + (s[n] == '&');
        s[n] = '\0';
        char *eq = strchr(s, '=');
        char *value = eq ? eq + 1 : s + n;
        if (eq)
            *eq = '\0';
        (void)http_url_decode(s, strlen(s)); /* length found again by strlen */
        (void)http_url_decode(value, strlen(value));
        if (util_utf8_count(value) < 0)
            return "invalid_form_data";
        if (*s)
            add(a, s, value, NULL);
        s = next;
    }
    return NULL;
}

static const char *add_json(struct args *a, const struct http_req *r)
{
    const char *key;
    json_t *v;

    a->body = json_loadb(r->body, r->body_len, JSON_REJECT_DUPLICATES, NULL);
    if (!a->body)
        return "invalid_json";
    if (!json_is_object(a->body))
        return "json_not_object";
    json_object_foreach(a->body, key, v)
    {
        if (a->n == ARGS_MAX)
            break;
        char *number = a->numbers[a->n];
        const char *text = number;
        if (json_is_string(v))
            text = json_string_value(v);
        else if (json_is_boolean(v))
            (void)snprintf(number, sizeof a->numbers[0], "%d", json_is_true(v));
        else if (json_is_integer(v))
            (void)snprintf(number, sizeof a->numbers[0], "%lld", (long long)json_integer_value(v));
        else if (json_is_real(v)) /* a ts sent as a number has lost digits: shown as it would be */
            (void)snprintf(number, sizeof a->numbers[0], "%.6f", json_real_value(v));
        else
            text = NULL;
        add(a, key, text, text ? NULL : v);
    }
    return NULL;
}

static bool type_is(const char *type, const char *want)
{
    size_t n = strlen(want);
    return strncasecmp(type, want, n) == 0 && (type[n] == '\0' || strchr("; \t", type[n]));
}

const char *args_parse(struct args *a, struct http_req *r, bool ignore_json)
{
    const char *type = r->headers[HTTP_CONTENT_TYPE];

    a->n = 0;
    a->body = NULL;
    const char *error = add_form(a, r->query);
    if (error || r->body_len == 0)
        return error;
    if (!type)
        return "missing_post_type";
    if (type_is(type, "application/x-www-form-urlencoded"))
        return add_form(a, r->body);
    if (type_is(type, "application/json"))
        return ignore_json ? NULL : add_json(a, r);
    return "invalid_post_type";
}

void args_done(struct args *a)
{
    json_decref(a->body);
    a->body = NULL;
}

static const struct arg *find(const struct args *a, const char *key)
{
    for (int i = 0; i < a->n; i++) {
        if (strcmp(a->v[i].key, key) == 0)
            return &a->v[i];
    }
    return NULL;
}

const char *args_str(const struct args *a, const char *key)
{
    const struct arg *v = find(a, key);
    return v && v->text && v->text[0] ? v->text : NULL;
}

bool args_bool(const struct args *a, const char *key, bool otherwise)
{
    const char *s = args_str(a, key);
    return s ? strcmp(s, "true") == 0 || strcmp(s, "1") == 0 : otherwise;
}

int64_t args_int(const struct args *a, const char *key, int64_t otherwise)
{
    const char *s = args_str(a, key);
    char *end;

    if (!s)
        return otherwise;
    long long v = strtoll(s, &end, 10);
    return *end ? otherwise : v;
}

bool args_json_new(const struct args *a, const char *key, json_t **ret_json)
{
    const struct arg *v = find(a, key);

    *ret_json = NULL;
    if (!v || (v->text && !v->text[0]) || (v->json && json_is_null(v->json)))
        return true;
    if (v->json)
        *ret_json = json_incref(v->json);
    else
        *ret_json = json_loads(v->text, JSON_DECODE_ANY, NULL);
    return *ret_json != NULL;
}
