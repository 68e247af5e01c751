/* memory.h: gives back to the system what only starting needed.
 * Layer: io. */
#pragma once

/* Free heap pages, and the pages of program and library code that were used so far: those used
 * again come back from the page cache, the many that only read configuration or set up TLS do not.
 * A debugger has to set its breakpoints after. */
void memory_trim(void);

/* Reading JSON ends the process too when there is no memory: half a value would be worse. First
 * thing in main(). */
void memory_begin(void);

/* For alloc_failed(): one line on stderr, without needing memory, then the end. */
_Noreturn void memory_end(const char *line, int exit_code);
