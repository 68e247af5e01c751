#include "base/alloc.h"

#include <string.h>

__attribute__((weak)) void alloc_failed(void)
{
}

void alloc_none(void)
{
    alloc_failed();
    abort();
}

static void *must(void *memory)
{
    if (!memory)
        alloc_none();
    return memory;
}

void *xmalloc(size_t size)
{
    return must(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        alloc_none();
    return must(realloc(old, total ? total : 1));
}

char *xstrdup(const char *text)
{
    return text ? xstrndup(text, strlen(text)) : NULL;
}

char *xstrndup(const char *text, size_t length)
{
    char *copy = must(malloc(length + 1));
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void *xmemdup(const void *data, size_t size)
{
    void *copy = xmalloc(size);
    if (size)
        memcpy(copy, data, size);
    return copy;
}

void xstr_replace(char **slot, const char *text)
{
    char *old = *slot;
    size_t bytes = text ? strlen(text) + 1 : 0;
    if (old && bytes && bytes <= strlen(old) + 1) { /* a date, a stage, an amount: it mostly fits */
        memmove(old, text, bytes);
        return;
    }
    *slot = xstrdup(text);
    free(old);
}

void alloc_cleanup_free(void *slot)
{
    void *memory;
    memcpy(&memory, slot, sizeof(memory));
    free(memory);
}
