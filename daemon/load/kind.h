/* kind.h: what a YAML file is, by its first keys.
 * Layer: load (pure). */
#pragma once
#include "load/load.h"

enum load_kind {
    LOAD_PLUGIN, /* or tests; also whatever cannot be read */
    LOAD_PEOPLE,
    LOAD_PIPELINE,
    LOAD_CONFIG,
    LOAD_FOREIGN, /* none of gritd's files */
};

enum { LOAD_KEYS_SHOWN = 3 };

/* ret_keys gets the first keys of a foreign file. */
enum load_kind load_kind_of(const struct load_file *file, struct strbuf *ret_keys);
