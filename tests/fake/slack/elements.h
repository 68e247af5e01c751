/* elements.h: interactive elements of Block Kit, and the tools blocks.c shares with them. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "blocks.h"

/* Where an element may stand. */
enum { ELEMENTS_SECTION = 1, ELEMENTS_ACTIONS = 2, ELEMENTS_INPUT = 4, ELEMENTS_CONTEXT = 8 };

struct check {
    enum blocks_surface surface;
    char path[200]; /* JSON pointer to what is being looked at */
    char *problem;  /* BLOCKS_PROBLEM bytes */
};

/* All of these return false after noting the first problem; the path then stays where it was
 * found. */
bool elements_check(struct check *k, json_t *element, unsigned place);

bool blocks_bad(struct check *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Returns what blocks_leave wants. */
size_t blocks_enter(struct check *k, const char *part);
size_t blocks_enter_index(struct check *k, size_t index);
void blocks_leave(struct check *k, size_t before);
bool blocks_string(struct check *k, const json_t *o, const char *key, bool needed, long max);
bool blocks_text(struct check *k, const json_t *o, const char *key, bool needed, long max,
                 bool plain_only);
bool blocks_each(struct check *k, json_t *o, const char *key, size_t min, size_t max,
                 bool (*fn)(struct check *k, json_t *item));
