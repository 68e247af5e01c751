/* percent.h: percent-encoding in header values and forms.
 * Layer: wire (pure). */
#pragma once
#include "base/arena.h"

/* A CloudEvents header value: double quotes undone, then one round of percent-decoding.
 *
 * Owns:   the text lives in the arena.
 * Errors: -EINVAL a lone '%', a quote never closed, a NUL, or no valid UTF-8; *ret_text untouched.
 * Source: CloudEvents 1.0.2, HTTP protocol binding, 3.1.3.2. */
int percent_decode_header(const char *value, struct arena *arena, char **ret_text);

/* The value of a field in the body of a form, the first one of that name.
 *
 * Owns:   the text lives in the arena.
 * Returns NULL: there is none, or its value has a lone '%', a NUL or no valid UTF-8.
 * Source: WHATWG URL Standard, 5.1, application/x-www-form-urlencoded; stricter in what is NULL. */
const char *percent_form_value(const char *body, size_t len, const char *name, struct arena *arena);
