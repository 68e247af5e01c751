/* arena.h: memory that is given back all at once (step lifetime).
 * Layer: base. */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

enum { ARENA_ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ARENA_ALIGN) unsigned char data[];
};

struct arena {
    struct arena_block *first; /* the block in use; the older ones hang behind it */
    size_t used;               /* bytes of it from its beginning on */
    size_t end;                /* from here on it is full of texts, which need no alignment */
};

void arena_init(struct arena *arena);
void arena_done(struct arena *arena);

/* Forgets everything but keeps the largest block for the next round. */
void arena_reset(struct arena *arena);

/* Makes a new block with room for so many bytes. For the functions below only. */
void arena_grow(struct arena *arena, size_t bytes);

/* Room of which every byte is yet to be written, aligned for any type. Owns: the arena. Errors:
 * none, aborts. Inline, as each event asks for dozens. */
static inline void *arena_take(struct arena *arena, size_t size)
{
    size_t need = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (arena->end - arena->used < need)
        arena_grow(arena, need);
    void *memory = arena->first->data + arena->used;
    arena->used += need;
    return memory;
}

/* The same without any alignment: for texts, which would waste a third of their room. */
static inline char *arena_take_bytes(struct arena *arena, size_t size)
{
    if (arena->end - arena->used < size)
        arena_grow(arena, size);
    arena->end -= size;
    return (char *)arena->first->data + arena->end;
}

/* As arena_take(), zeroed. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

char *arena_strdup(struct arena *arena, const char *text); /* NULL stays NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
