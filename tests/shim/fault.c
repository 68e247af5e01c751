/* fault.c: stands between a program and its C library (LD_PRELOAD) and lets chosen calls fail.
 *
 * The file named by FAULT_BLOCK is mapped by this library and by the test; both see the same nine
 * numbers, so a fault can be ordered at any moment and the calls counted even when the process was
 * killed. Kinds of calls: memory, the files of a store (those with ".db" in their path) and their
 * folder, everything that writes anywhere, at which the process can be killed, and the waiting of
 * an event loop, which then does not come back. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { NOTHING, MEMORY, STORE, OUTPUT, LOOP, KINDS };
enum { FDS = 1024, KILL_BEFORE = 0, KILL_AFTER = 1, SHORT = 0 };

/* As the test writes and reads it. */
struct block {
    int64_t armed;    /* enum kind */
    int64_t left;     /* calls until the one that fails */
    int64_t for_ever; /* every later one too */
    int64_t how;      /* STORE: errno, or SHORT; OUTPUT: when to kill */
    int64_t counts[KINDS];
};

static struct block none, *block = &none;
static long sync_ms; /* a slow disk: each sync of the store takes as much longer */
static unsigned char of_store[FDS];

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

__attribute__((constructor)) static void find_block(void)
{
    const char *path = getenv("FAULT_BLOCK"), *slow = getenv("FAULT_SYNC_MS");
    sync_ms = slow ? strtol(slow, NULL, 10) : 0;
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *found = mmap(NULL, sizeof(*block), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (found != MAP_FAILED)
        block = found;
}

/* Counts the call; true: it is the one, or one after it. */
static int hits(enum kind kind)
{
    __atomic_add_fetch(&block->counts[kind], 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&block->armed, __ATOMIC_ACQUIRE) != kind)
        return 0;
    int64_t left = __atomic_sub_fetch(&block->left, 1, __ATOMIC_RELAXED);
    if (left && !(block->for_ever && left < 0))
        return 0;
    __atomic_add_fetch(&block->counts[NOTHING], 1, __ATOMIC_RELAXED); /* faults played */
    return 1;
}

static int is_store(int fd)
{
    return fd >= 0 && fd < FDS && of_store[fd];
}

/* Of the store: true when the call is to fail with errno; *size is cut for a short one. */
static int store_fails(int fd, size_t *size)
{
    if (!is_store(fd) || !hits(STORE))
        return 0;
    if (block->how == SHORT && size && *size > 1) {
        *size /= 2;
        return 0;
    }
    errno = block->how == SHORT ? EIO : (int)block->how;
    return 1;
}

static void disk_waits(int fd)
{
    const struct timespec wait = {sync_ms / 1000, sync_ms % 1000 * 1000000};
    if (sync_ms && is_store(fd))
        (void)nanosleep(&wait, NULL); /* as a disk may, it takes less when it is disturbed */
}

static void die(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;)
        (void)pause(); /* until it arrives */
}

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

static int names_store(const char *path, int flags)
{
    return strstr(path, ".db") || (flags & O_DIRECTORY) == O_DIRECTORY;
}

static int note_open(int fd, const char *path, int flags)
{
    if (fd >= 0 && fd < FDS)
        of_store[fd] = (unsigned char)names_store(path, flags);
    return fd;
}

static int open_fails(const char *path, int flags)
{
    if (!names_store(path, flags) || !hits(STORE))
        return 0;
    errno = block->how == SHORT ? EIO : (int)block->how;
    return 1;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                    \
        va_end(list);                                                                              \
        NEXT(name);                                                                                \
        return open_fails(path, flags) ? -1 : note_open(next(path, flags, mode), path, flags);     \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    NEXT(close);
    if (fd >= 0 && fd < FDS)
        of_store[fd] = 0;
    return next(fd);
}

ssize_t read(int fd, void *data, size_t size)
{
    NEXT(read);
    return store_fails(fd, &size) ? -1 : next(fd, data, size);
}

#define PREAD(name, offset_type)                                                                   \
    ssize_t name(int fd, void *data, size_t size, offset_type at)                                  \
    {                                                                                              \
        NEXT(name);                                                                                \
        return store_fails(fd, &size) ? -1 : next(fd, data, size, at);                             \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(write);
    if (store_fails(fd, &size))
        return -1;
    WRITING(ssize_t, next(fd, data, size));
}

#define PWRITE(name, offset_type)                                                                  \
    ssize_t name(int fd, const void *data, size_t size, offset_type at)                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (store_fails(fd, &size))                                                                \
            return -1;                                                                             \
        WRITING(ssize_t, next(fd, data, size, at));                                                \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define OF_FILE(name)                                                                              \
    int name(int fd)                                                                               \
    {                                                                                              \
        NEXT(name);                                                                                \
        disk_waits(fd);                                                                            \
        if (store_fails(fd, NULL))                                                                 \
            return -1;                                                                             \
        WRITING(int, next(fd));                                                                    \
    }
OF_FILE(fsync)
OF_FILE(fdatasync)

#define TRUNCATE(name, offset_type)                                                                \
    int name(int fd, offset_type size)                                                             \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (store_fails(fd, NULL))                                                                 \
            return -1;                                                                             \
        WRITING(int, next(fd, size));                                                              \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path)
{
    NEXT(unlink);
    if (open_fails(path, 0))
        return -1;
    WRITING(int, next(path));
}

#define MMAP(name, offset_type)                                                                    \
    void *name(void *where, size_t size, int protection, int flags, int fd, offset_type at)        \
    {                                                                                              \
        NEXT(name);                                                                                \
        return store_fails(fd, NULL) ? MAP_FAILED : next(where, size, protection, flags, fd, at);  \
    }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)

int rename(const char *from, const char *to)
{
    NEXT(rename);
    if (open_fails(to, 0))
        return -1;
    WRITING(int, next(from, to));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    NEXT(writev);
    WRITING(ssize_t, next(fd, parts, count));
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    NEXT(send);
    WRITING(ssize_t, next(fd, data, size, flags));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    NEXT(sendmsg);
    WRITING(ssize_t, next(fd, message, flags));
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
               socklen_t length)
{
    NEXT(sendto);
    WRITING(ssize_t, next(fd, data, size, flags, to, length));
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
