/* schema_write.h: one schema while it is written; shared by the schema_*.c files only.
 * Layer: load (pure). Lifetime: of one schema_write(). */
#pragma once
#include "base/jsonw.h"
#include "core/value.h"
#include "load/read.h"
#include "load/schema.h"

enum { SCHEMA_BLOCKS_MAX = 64 };

struct schema {
    struct jsonw json;
    enum schema_kind kind;
    const struct load_platforms *platforms; /* or NULL */
    const struct block *blocks[SCHEMA_BLOCKS_MAX];
    size_t block_count;                           /* all that were referred to, in that order */
    bool wanted[FORM_COUNT], written[FORM_COUNT]; /* definitions */
    bool tests, inputs_used;
    bool inputs; /* in a part of a plugin where $name may stand for a value */
};

/* {"$ref": "#/$defs/NAME"} under key; key NULL inside of arrays. */
void schema_ref(struct schema *s, const char *key, const char *name);
void schema_ref_block(struct schema *s, const char *key, const struct block *block);
/* The form by reference; where `inputs` is set, or one of them in its place. */
void schema_ref_form(struct schema *s, const char *key, enum key_form form);
/* {"type": "string", "pattern": "^(...)$"} */
void schema_pattern(struct schema *s, const char *key, const char *pattern);
void schema_words(struct schema *s, const char *key, const char *const *words);
void schema_word_members(struct schema *s, const char *const *words);
void schema_add_block(struct schema *s, const struct block *block);
bool schema_takes_input(enum key_form form); /* "$name" may stand in its place */
void schema_input_ref(struct schema *s);
/* "anyOf" and its alternatives: begin, then objects with key NULL, then end. */
void schema_any(struct schema *s, const char *key);
void schema_any_end(struct schema *s);
/* {"type": "array", "items": } up to the items' own value. */
void schema_list(struct schema *s, const char *key, int least);
void schema_list_end(struct schema *s);

/* --- schema_block.c: the members of one block --- */
void schema_block(struct schema *s, const struct block *block);

/* --- schema_forms.c: the members of the definition of one form --- */
void schema_form(struct schema *s, enum key_form form);

/* --- schema_tests.c --- */
/* The definitions of all tests of fields. */
void schema_tests(struct schema *s);
/* "properties" and so on of a mapping of field to test. extra may be NULL: writes further ones. */
void schema_tests_object(struct schema *s, void (*extra)(struct schema *s));
/* The same for the `if` of a step of a flow, which has no event. */
void schema_tests_step(struct schema *s);

/* --- schema_pretty.c --- */
void schema_pretty(const char *json, struct strbuf *out);
