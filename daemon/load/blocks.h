/* blocks.h: the tables behind each kind of file; the JSON Schema and the manual walk them.
 * Layer: load (pure). Blocks inside hang on their keys (read.h). */
#pragma once
#include "load/read.h"

extern const struct block load_config_block;   /* gritd.yaml */
extern const struct block load_people_block;   /* people.yaml */
extern const struct block load_pipeline_block; /* pipeline.yaml */
extern const struct block load_words_block;    /* a file of words */
extern const struct block load_plugin_block;   /* a plugin */
extern const struct block load_tests_block;    /* *.test.yaml */

/* How the value of a test is written. */
enum test_shape {
    SHAPE_ONE,
    SHAPE_LIST,
    SHAPE_PAIR,
    SHAPE_TEXT,
    SHAPE_PATTERN,
    SHAPE_LENGTH,
};

/* A test that a field can have ("at_least"). */
struct field_test {
    const char *name;
    int op; /* enum cond_op */
    enum test_shape shape;
    unsigned types; /* a bit for each enum value_type it fits */
    const char *help;
    const char *example; /* with a field */
};

const struct field_test *load_field_test_at(size_t index); /* NULL past the end */

/* The filters of texts, {{name|filter}}. NULL past the end. */
const char *load_text_filter_at(size_t index);
