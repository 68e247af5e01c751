/* form_tree.h: the fields of a form as a tree.
 * Layer: wire (pure). */
#pragma once
#include <stdbool.h>

#include "wire/jtree.h"

enum { FORM_FIELDS_MAX = 256, FORM_DEPTH_MAX = 8 };

bool form_is(const char *content_type); /* application/x-www-form-urlencoded; NULL is not */

/* "deal.id=D1&deal__name=Acme" is {"deal": {"id": "D1", "name": "Acme"}}; all values are texts.
 *
 * Owns:   the tree lives in the arena.
 * Errors: -EINVAL a '%' that escapes nothing, no UTF-8, a NUL, a field given twice or as both a
 * value and a group; -E2BIG past a limit.
 * Source: URL standard, "application/x-www-form-urlencoded parsing". */
int form_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
               struct jtree **ret);
