/* blocks.h: the tables behind each kind of file; the JSON Schema and the manual walk them.
 * Layer: load (pure). Blocks inside hang on their keys (read.h). */
#pragma once
#include "load/read.h"

extern const struct block load_config_block;   /* gritd.yaml */
extern const struct block load_people_block;   /* people.yaml */
extern const struct block load_pipeline_block; /* pipeline.yaml */
extern const struct block load_plugin_block;   /* a plugin */
extern const struct block load_tests_block;    /* *.test.yaml */

/* The tests a field can have ("at_least") with their help line, by index. False past the end. */
bool load_field_test_at(size_t index, const char **ret_name, const char **ret_help);
