/* fault.c: stands between a program and its C library (LD_PRELOAD) and lets chosen calls fail.
 *
 * The file named by FAULT_BLOCK is mapped by this library and by the test; both see the same
 * numbers, so a fault can be ordered at any moment and the calls counted even when the process was
 * killed. While it is asked for, the distinct chains of callers are noted too, and the first call
 * of one of them can be ordered to fail instead of the so many-th of all.
 *
 * Kinds of calls: memory; the files of a store (those with ".db" in their path) and the folders;
 * all other files (fault_files.c); sockets (fault_net.c); everything that writes anywhere, at which
 * the process can be killed; and the waiting of an event loop, which then does not come back. What
 * the program was handed, as its log, and what only wakes threads never fails. */
#define _GNU_SOURCE
#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { FDS = 1024 };

static struct block none;
struct block *block = &none;
static unsigned char of_fd[FDS];

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

__attribute__((constructor)) static void find_block(void)
{
    const char *path = getenv("FAULT_BLOCK");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *found = mmap(NULL, sizeof(*block), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (found != MAP_FAILED)
        block = found;
}

static void note_place(int64_t place)
{
    for (int tries = 0; tries < PLACES; tries++) {
        int64_t *at = &block->places[(place + tries) & (PLACES - 1)], none_yet = 0;
        if (__atomic_compare_exchange_n(at, &none_yet, place, 0, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED) ||
            none_yet == place)
            return;
    }
}

int hits(enum kind kind)
{
    __atomic_add_fetch(&block->counts[kind], 1, __ATOMIC_RELAXED);
    if (block->noting == kind)
        note_place(place_of_call());
    if (__atomic_load_n(&block->armed, __ATOMIC_ACQUIRE) != kind)
        return 0;
    if (block->place && __atomic_load_n(&block->left, __ATOMIC_RELAXED) > 0 &&
        place_of_call() != block->place)
        return 0;
    int64_t left = __atomic_sub_fetch(&block->left, 1, __ATOMIC_RELAXED);
    if (left && !(block->for_ever && left < 0))
        return 0;
    __atomic_add_fetch(&block->counts[NOTHING], 1, __ATOMIC_RELAXED);
    return 1;
}

enum kind kind_of(int fd)
{
    return fd >= 0 && fd < FDS ? of_fd[fd] : NOTHING;
}

int note_fd(int fd, enum kind kind)
{
    if (fd >= 0 && fd < FDS)
        of_fd[fd] = (unsigned char)kind;
    return fd;
}

int call_fails(enum kind kind, size_t *size)
{
    if (kind == NOTHING || !hits(kind))
        return 0;
    if (block->how == SHORT && size && *size > 1) {
        *size /= 2;
        return 0;
    }
    errno = block->how != SHORT ? (int)block->how : kind == NET ? ECONNRESET : EIO;
    return 1;
}

int making_fails(enum kind kind)
{
    if (!call_fails(kind, NULL))
        return 0;
    if (block->how == SHORT && kind != STORE)
        errno = EMFILE;
    else if (kind == NET)
        errno = ENOBUFS;
    return 1;
}

void die(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;)
        (void)pause(); /* until it arrives */
}

void *malloc(size_t size)
{
    return hits(MEMORY) ? (errno = ENOMEM, NULL) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return hits(MEMORY) ? (errno = ENOMEM, NULL) : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return hits(MEMORY) ? (errno = ENOMEM, NULL) : __libc_realloc(old, size);
}

/* While it is armed the loop's thread stays here; others go on. */
static void stall(void)
{
    if (!hits(LOOP))
        return;
    while (__atomic_load_n(&block->armed, __ATOMIC_ACQUIRE) == LOOP) {
        const struct timespec while_ = {.tv_nsec = 5000000};
        (void)nanosleep(&while_, NULL);
    }
}

int epoll_wait(int fd, struct epoll_event *events, int most, int timeout)
{
    NEXT(epoll_wait);
    stall();
    return next(fd, events, most, timeout);
}

int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout, const sigset_t *mask)
{
    NEXT(epoll_pwait);
    stall();
    return next(fd, events, most, timeout, mask);
}
