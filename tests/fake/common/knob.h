/* knob.h: tables of what POST /_ctl/set can change. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake;

enum knob_type { T_BOOL, T_INT, T_TEXT, T_WORD, T_JSON, T_CALL };

struct knob {
    const char *name;
    enum knob_type type;
    size_t at;         /* in the program's struct of knobs */
    int64_t on;        /* T_INT: what `true` stands for; T_TEXT: size */
    const char *words; /* T_WORD: in the order of the values, each with a bar behind it */
    const char *yes;   /* T_WORD: what `true` stands for */
    bool (*call)(struct fake *f, const json_t *v, const json_t *set);
};

const char *knob_text(const json_t *v, const char *otherwise);
/* Applies every member of `set` to `values`. Returns 0, or -EINVAL with *ret_bad the member's name;
 * the members before it are applied then. */
int knob_set(const struct knob *table, size_t count, struct fake *f, void *values,
             const json_t *set, const char **ret_bad);
