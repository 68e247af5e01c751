/* alloc.h: memory that is always there.
 * Layer: base. Allocation failure ends the process, so every outside input is limited before it
 * allocates. Dying there is safe: nothing is promised that is not durable. */
#pragma once
#include <stddef.h>
#include <stdlib.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The end for lack of memory. A program that defines alloc_failed() says so in its own way. */
_Noreturn void alloc_none(void);
void alloc_failed(void);

/* Owns: the caller frees each result with free(). Errors: none, the process ends. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *text); /* NULL stays NULL */
char *xstrndup(const char *text, size_t length);
void *xmemdup(const void *data, size_t size);

/* Replaces the heap string *slot by a copy of text (NULL clears it). */
void xstr_replace(char **slot, const char *text);

#define NEW(type)          ((type *)xcalloc(1, sizeof(type)))
#define NEW_ARRAY(type, n) ((type *)xcalloc((n), sizeof(type)))

/* Makes room for one more element in a heap array: `ARRAY_GROW(list, count, cap)`. */
#define ARRAY_GROW(array, count, cap)                                                              \
    do {                                                                                           \
        if ((count) == (cap)) {                                                                    \
            (cap) = (cap) ? (cap)*2 : 8;                                                           \
            (array) = xrealloc((array), (size_t)(cap), sizeof(*(array)));                          \
        }                                                                                          \
    } while (0)

/* Frees a local pointer when it goes out of scope: `CLEANUP_FREE char *text = ...;` */
void alloc_cleanup_free(void *slot);
#define CLEANUP(function) __attribute__((cleanup(function)))
#define CLEANUP_FREE      CLEANUP(alloc_cleanup_free)
