/* arena.h: memory that is given back all at once (step lifetime).
 * Layer: base. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first; /* the block in use; the older ones hang behind it */
    size_t used;
};

void arena_init(struct arena *arena);
void arena_done(struct arena *arena);

/* Forgets everything but keeps the largest block for the next round. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type. Owns: the arena. Errors: none, aborts. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text); /* NULL stays NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
