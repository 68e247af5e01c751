#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* Large arenas end in blocks that malloc maps, and gives back to the system when they go. */
enum { ARENA_FIRST_BYTES = 1024, ARENA_LAST_BYTES = 128 * 1024, ARENA_ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ARENA_ALIGN) unsigned char data[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_done(struct arena *arena)
{
    while (arena->first) {
        struct arena_block *next = arena->first->next;
        free(arena->first);
        arena->first = next;
    }
    arena->used = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *keep = arena->first;
    for (struct arena_block *b = keep; b; b = b->next) {
        if (b->size > keep->size)
            keep = b;
    }
    while (arena->first) {
        struct arena_block *next = arena->first->next;
        if (arena->first != keep)
            free(arena->first);
        arena->first = next;
    }
    if (keep)
        keep->next = NULL;
    arena->first = keep;
    arena->used = 0;
}

/* Room of which every byte is yet to be written. */
static void *take(struct arena *arena, size_t size)
{
    size_t need = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (!arena->first || arena->first->size - arena->used < need) {
        size_t bytes = arena->first ? arena->first->size * 2 : ARENA_FIRST_BYTES;
        bytes = bytes > ARENA_LAST_BYTES ? ARENA_LAST_BYTES : bytes;
        bytes = need > bytes ? need : bytes;
        struct arena_block *block = xrealloc(NULL, 1, sizeof(*block) + bytes);
        block->size = bytes;
        block->next = arena->first;
        arena->first = block;
        arena->used = 0;
    }
    void *memory = arena->first->data + arena->used;
    arena->used += need;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = memcpy(take(arena, length + 1), text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char small[256];
    int length = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    size_t bytes = (size_t)(length < 0 ? 0 : length) + 1;
    char *text = arena_alloc(arena, bytes);
    if (length > 0 && bytes <= sizeof(small))
        memcpy(text, small, bytes);
    else if (length > 0)
        (void)vsnprintf(text, bytes, format, again); /* measured above */
    va_end(again);
    return text;
}
