/* jsonw.h: writes JSON text into a strbuf; reading is jansson's work.
 * Layer: base. The writer puts commas itself; it never emits white space. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/msec.h"
#include "base/str.h"

struct jsonw {
    struct strbuf *out;
    bool comma; /* the next member needs a comma before it */
};

void jsonw_begin(struct jsonw *json, struct strbuf *out);
void jsonw_object(struct jsonw *json, const char *key); /* key NULL inside arrays and at the top */
void jsonw_object_end(struct jsonw *json);
void jsonw_array(struct jsonw *json, const char *key);
void jsonw_array_end(struct jsonw *json);
void jsonw_text(struct jsonw *json, const char *key, const char *value); /* NULL writes null */
void jsonw_text_opt(struct jsonw *json, const char *key,
                    const char *value); /* NULL writes nothing */
void jsonw_int(struct jsonw *json, const char *key, int64_t value);
void jsonw_bool(struct jsonw *json, const char *key, bool value);
void jsonw_null(struct jsonw *json, const char *key);
void jsonw_time(struct jsonw *json, const char *key, msec_t value);    /* RFC 3339 text */
void jsonw_raw(struct jsonw *json, const char *key, const char *text); /* text is JSON already */

/* The quoted form of one string. Invalid UTF-8 bytes become U+FFFD. */
void jsonw_quote(struct strbuf *out, const char *value);
