/* fault.h: what the parts of the library of faults share; fault.c says what it is. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden) /* a program may use the same names */

/* As the test knows them. NOTHING counts the faults that were played. */
enum kind { NOTHING, MEMORY, STORE, OUTPUT, LOOP, NET, FILES, KINDS };
enum { PLACES = 1 << 14, KILL_BEFORE = 0, KILL_AFTER = 1, SHORT = 0 };

/* As the test writes and reads it. */
struct block {
    int64_t armed;    /* enum kind */
    int64_t left;     /* calls until the one that fails */
    int64_t for_ever; /* every later one too */
    int64_t how;      /* STORE, NET, FILES: errno, or SHORT; OUTPUT: when to kill */
    int64_t place;    /* not 0: only calls from there count as left */
    int64_t noting;   /* enum kind whose places are noted */
    int64_t counts[KINDS];
    int64_t places[PLACES]; /* by their lowest bits and further on; 0: none */
};
extern struct block *block;

/* The chain of callers that a call comes from, as one number: the same in each run of the same
 * program, wherever it was loaded. Never 0, takes no memory. */
int64_t place_of_call(void);

/* Counts the call; true: it is the one, or one after it. */
int hits(enum kind kind);

/* What a descriptor is of: STORE, NET, FILES, or NOTHING that is ever to fail, as the log. */
enum kind kind_of(int fd);
int note_fd(int fd, enum kind kind); /* hands back fd */

/* Of a kind that fails and its turn: true, with errno, or false with *size cut for a short one. */
int call_fails(enum kind kind, size_t *size);

/* The same for what makes a descriptor, which has other errors. */
int making_fails(enum kind kind);

_Noreturn void die(void);

/* NEXT(name): the function that would have been called without us. */
#define NEXT(name)                                                                                 \
    static __typeof__(&name) next;                                                                 \
    if (!next)                                                                                     \
    next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* Makes the call of something that writes, dead before or after it when it is the one. */
#define WRITING(type, call)                                                                        \
    int hit = hits(OUTPUT);                                                                        \
    if (hit && block->how == KILL_BEFORE)                                                          \
        die();                                                                                     \
    type result = call;                                                                            \
    if (hit)                                                                                       \
        die();                                                                                     \
    return result

#pragma GCC visibility pop
