/* memory.h: gives back to the system what only starting needed.
 * Layer: io. */
#pragma once
#include <stddef.h>

/* Free heap pages, and the pages of program and library code that were used so far: those used
 * again come back from the page cache, the many that only read configuration or set up TLS do not.
 * A debugger has to set its breakpoints after. */
void memory_trim(void);

/* The libraries that read JSON, talk TLS and keep connections end the process too when there is no
 * memory: half a value would be worse, and some of them go on with what they did not get. First
 * thing in main(), before any of them. */
void memory_begin(void);

/* For a command that fills hundreds of MiB and walks through them at random: its first GiB of heap
 * comes in large pages where the system has some, so that half the walk is not through page tables.
 * Before anything large is allocated; a daemon has no use for it, it holds little for long. */
void memory_in_large_pages(void);

/* For a library that wants its own realloc(): size 0 gives back. Errors: none, the process ends. */
void *memory_realloc(void *old, size_t size);

/* For alloc_failed(): one line on stderr, without needing memory, then the end. */
_Noreturn void memory_end(const char *line, int exit_code);
