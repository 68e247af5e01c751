#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* Large arenas end in blocks that malloc maps, and gives back to the system when they go. */
enum { ARENA_FIRST_BYTES = 1024, ARENA_LAST_BYTES = 128 * 1024 };

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
    arena->used = arena->end = 0;
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
    arena->end = keep ? keep->size : 0;
}

void arena_grow(struct arena *arena, size_t need)
{
    size_t bytes = arena->first ? arena->first->size * 2 : ARENA_FIRST_BYTES;
    bytes = bytes > ARENA_LAST_BYTES ? ARENA_LAST_BYTES : bytes;
    bytes = need > bytes ? need : bytes;
    struct arena_block *block = xrealloc(NULL, 1, sizeof(*block) + bytes);
    block->size = bytes;
    block->next = arena->first;
    arena->first = block;
    arena->used = 0;
    arena->end = bytes;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = memcpy(arena_take_bytes(arena, length + 1), text, length);
    copy[length] = '\0';
    return copy;
}

static char *put_int(char *place, int number)
{
    char digits[12];
    size_t at = sizeof(digits);
    unsigned left = number < 0 ? 0U - (unsigned)number : (unsigned)number;
    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        digits[--at] = '-';
    memcpy(place, digits + at, sizeof(digits) - at);
    return place + sizeof(digits) - at;
}

static char *put_text(char *place, const char *text)
{
    size_t length = strlen(text);
    memcpy(place, text, length);
    return place + length;
}

/* Room for what join() makes of it; 0: there is more in the format than %s and %d. */
static size_t join_bytes(const char *format, va_list args)
{
    enum { INT_BYTES = 11 };
    size_t bytes = 1;
    for (const char *p = format; *p; p++, bytes++) {
        if (*p != '%')
            continue;
        const char *text = *++p == 's' ? va_arg(args, const char *) : NULL;
        if (*p == 'd')
            bytes += INT_BYTES + 0 * (size_t)va_arg(args, int); /* passed over */
        else if (!text)
            return 0;
        bytes += text ? strlen(text) : 0;
    }
    return bytes;
}

/* Reasons and dates are made a million times over a year, and vsnprintf() takes 1,000
 * instructions. */
static char *join(char *place, const char *format, va_list args)
{
    char *start = place;
    for (const char *p = format; *p; p++) {
        if (*p != '%')
            *place++ = *p;
        else if (*++p == 's')
            place = put_text(place, va_arg(args, const char *));
        else
            place = put_int(place, va_arg(args, int));
    }
    *place = '\0';
    return start;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t bytes = join_bytes(format, again);
    va_end(again);
    if (bytes)
        return join(arena_take_bytes(arena, bytes), format, args);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    bytes = (size_t)(length < 0 ? 0 : length) + 1;
    char *text = arena_alloc(arena, bytes);
    (void)vsnprintf(text, bytes, format, args); /* measured above */
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
