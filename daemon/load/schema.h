/* schema.h: the loader's tables as JSON Schema, for editors that check while one types.
 * Layer: load (pure). Source: JSON Schema draft 2020-12. */
#pragma once
#include "base/str.h"
#include "load/load.h"

enum schema_kind { SCHEMA_PLUGIN, SCHEMA_GRITD, SCHEMA_PEOPLE, SCHEMA_PIPELINE, SCHEMA_KINDS };

const char *schema_name(enum schema_kind kind); /* "plugin", "gritd", "people", "pipeline" */

/* Appends the schema, indented, ending in a line end; the same bytes at every call.
 * platforms: for gritd.yaml; NULL: every platform and option is taken as written. */
void schema_write(enum schema_kind kind, const struct load_platforms *platforms,
                  struct strbuf *out);
