/* clock.c: gives a program (LD_PRELOAD) other clocks than the machine's: both run `rate` times as
 * fast from its start on, what waits for events waits as much shorter, and the wall clock alone
 * stands `ahead` milliseconds further. CLOCK_BLOCK names the file with the two numbers, which a
 * test may change at any moment. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)

/* As the test writes and reads it. */
struct block {
    int64_t rate, ahead_ms;
};

static struct block none = {1, 0}, *block = &none;
static int64_t wall_begun, monotonic_begun;

#define NEXT(name)                                                                                 \
    static __typeof__(name) *next;                                                                 \
    if (!next)                                                                                     \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

static int64_t real_ns(clockid_t id)
{
    struct timespec now;
    static int (*next)(clockid_t, struct timespec *);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
    (void)next(id, &now); /* cannot fail for the two */
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("CLOCK_BLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    wall_begun = real_ns(CLOCK_REALTIME);
    monotonic_begun = real_ns(CLOCK_MONOTONIC);
    void *found = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*block), PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0)
        (void)close(fd);
    if (found != MAP_FAILED)
        block = found;
}

static int64_t faster(int64_t begun, int64_t now)
{
    return begun + (now - begun) * block->rate;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
    NEXT(clock_gettime);
    int64_t ns;
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
        ns = faster(wall_begun, real_ns(CLOCK_REALTIME)) + block->ahead_ms * 1000000;
    else if (id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE)
        ns = faster(monotonic_begun, real_ns(CLOCK_MONOTONIC));
    else
        return next(id, ret);
    *ret = (struct timespec){ns / SECOND_NS, ns % SECOND_NS};
    return 0;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
    struct timespec now;
    (void)zone; /* is for nothing any more */
    (void)clock_gettime(CLOCK_REALTIME, &now);
    *ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *ret)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}

int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout, const sigset_t *mask)
{
    NEXT(epoll_pwait);
    int64_t rate = block->rate;
    return next(fd, events, most, timeout > 0 ? (int)((timeout + rate - 1) / rate) : timeout, mask);
}

int epoll_wait(int fd, struct epoll_event *events, int most, int timeout)
{
    return epoll_pwait(fd, events, most, timeout, NULL);
}
