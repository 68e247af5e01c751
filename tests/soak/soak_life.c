/* One long life: what the engine holds at the end of each month, and what it would hold had it been
 * started just then. Both know the same rows, so what the old one has more is what it forgot to
 * give back. To look is to end a life, so a copy of the process does it. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "soak.h"

enum {
    MONTH_DAYS = 30,
    MONTHS_LEAST = 4,
    /* Tables double, and a long life may be a step ahead of a start: a twentieth and a little. */
    AHEAD_BYTES = 64 * 1024,
    AHEAD_PART = 20,
    LOST_BYTES = 128 * 1024, /* from the first look on */
};

/* What the C library keeps for the next request counts as in use: a third of a MiB. */
size_t soak_memory(void)
{
    struct mallinfo2 all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

msec_t soak_month(const struct soak_options *options)
{
    int days = options->days / MONTHS_LEAST;
    days = days < 1 ? 1 : days > MONTH_DAYS ? MONTH_DAYS : days;
    return days * (msec_t)MSEC_DAY;
}

static int64_t life_ends(struct soak *soak)
{
    size_t before = soak_memory();
    soak_fall(soak);
    return (int64_t)before - (int64_t)soak_memory();
}

static void look(struct soak *soak, struct soak_sample *ret)
{
    struct err err = {0};
    struct store_count count;
    (void)soak->inner->ops->count(soak->inner, &count, &err); /* of memory: it does not fail */
    ret->rows = count.states;
    ret->life = life_ends(soak);
    soak_rise(soak);
    ret->start = life_ends(soak);
    soak_done(soak);
    ret->lost = (int64_t)soak_memory() - (int64_t)soak->memory_before;
}

static void copy_looks(struct soak *soak, struct soak_sample *ret)
{
    int ends[2], status = 0;
    (void)fflush(stdout);
    pid_t copy = pipe(ends) ? -1 : fork();
    if (copy == 0) {
        look(soak, ret);
        _exit(write(ends[1], ret, sizeof(*ret)) != (ssize_t)sizeof(*ret));
    }
    if (copy < 0 || read(ends[0], ret, sizeof(*ret)) != (ssize_t)sizeof(*ret) ||
        waitpid(copy, &status, 0) != copy || status) {
        perror("soak: no look at the memory");
        exit(2);
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
}

void soak_look(struct soak *soak)
{
    struct soak_sample now = {0};
    copy_looks(soak, &now);
    int day = (int)((soak->now - soak->begin) / MSEC_DAY);
    printf("  day %3d: %7lld KiB held, %7lld after a start, %4lld lost; %llu messages, %zu deals "
           "and questions\n",
           day, (long long)now.life / 1024, (long long)now.start / 1024, (long long)now.lost / 1024,
           (unsigned long long)soak->counts.messages, now.rows);
    if (now.life > now.start + now.start / AHEAD_PART + AHEAD_BYTES)
        soak_complain(soak, "day %d: a start would hold %lld bytes less", day,
                      (long long)(now.life - now.start));
    if (!soak->lost_first)
        soak->lost_first = now.lost;
    if (now.lost > soak->lost_first + LOST_BYTES)
        soak_complain(soak, "day %d: %lld bytes more are nobody's", day,
                      (long long)(now.lost - soak->lost_first));
}
