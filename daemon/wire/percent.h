/* percent.h: percent-encoding in header values.
 * Layer: wire (pure). */
#pragma once
#include "base/arena.h"

/* A CloudEvents header value: double quotes undone, then one round of percent-decoding.
 *
 * Owns:   the text lives in the arena.
 * Errors: -EINVAL a lone '%', a quote never closed, a NUL, or no valid UTF-8; *ret_text untouched.
 * Source: CloudEvents 1.0.2, HTTP protocol binding, 3.1.3.2. */
int percent_decode_header(const char *value, struct arena *arena, char **ret_text);
