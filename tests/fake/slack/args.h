/* args.h: arguments of one Web API call, from the query, a form body or a JSON body.
 * Lifetime: one request; the strings belong to the request's buffer or to the struct. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "http.h"

enum { ARGS_MAX = 48 };

struct arg {
    const char *key;
    const char *text; /* NULL: an object or array, see json */
    json_t *json;     /* borrowed from args.body, NULL for form fields */
};

struct args {
    struct arg v[ARGS_MAX];
    int n;
    json_t *body;
    char numbers[ARGS_MAX][24]; /* JSON numbers and booleans as the text a form would carry */
};

/* Returns NULL or Slack's error name. Destroys the body. ignore_json: as Slack does for some read
 * methods. */
const char *args_parse(struct args *a, struct http_req *r, bool ignore_json);
void args_done(struct args *a);

/* NULL: not given, empty, or not a plain value. */
const char *args_str(const struct args *a, const char *key);
bool args_bool(const struct args *a, const char *key, bool otherwise);
/* Nonsense gives otherwise. */
int64_t args_int(const struct args *a, const char *key, int64_t otherwise);
/* New reference. *ret_json NULL: not given. False: given, but not JSON. */
bool args_json_new(const struct args *a, const char *key, json_t **ret_json);
