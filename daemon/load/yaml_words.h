/* yaml_words.h: what the YAML library says, in words for somebody who is no programmer.
 * Layer: load (pure); used by yaml.c only. */
#pragma once
#include <yaml.h>

#include "load/problem.h"

/* The bytes of a file while it is being read. */
struct yaml_bytes {
    const char *path;
    const char *bytes; /* without byte order mark */
    size_t length;
};

/* Adds the problem for which the parser stopped. */
void yaml_words_add(const struct yaml_bytes *file, const yaml_parser_t *parser,
                    struct problems *problems);

/* Whether the text at this place (from 1) starts with `{{`. */
bool yaml_words_braces_at(const struct yaml_bytes *file, int line, int col);
