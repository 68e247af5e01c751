/* The life of a message, enumerated: every answer of a platform, every answer to a look-up, every
 * policy and a crash at every point between two things that happen. It is the code that the daemon
 * runs; around it stand a disk that forgets what was not committed, and a platform that takes a
 * request or does not, and shows it at once or late.
 *
 * P1 every message comes to an end when the platform lets it, or waits as unknown where it can be
 * seen; P2 no request without a durable intent, one at a time; P3 what ended as sent is there once;
 * P4 it is sent again only after a proof of rejection, two misses a quiet period apart, or
 * `unknown: resend`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "engine/delivery.h"

enum {
    Q = 2 * DELIVERY_LOOKUP_AGAIN_MS, /* so that few different ages come about */
    START = 1000000,
    AGE_MAX = 2 * Q, /* older makes no difference any more */
    ATTEMPTS = 3,    /* that are looked at, from the first and from the last allowed one */
    SLOTS = 1 << 17,
};

enum phase {
    IDLE,     /* waits for its time */
    LEAVING,  /* the intent is being committed */
    SENDING,  /* a request is on its way */
    LOOKING,  /* a look-up is on its way */
    ANSWERED, /* what came of it is being committed */
    ENDED,
};

/* Everything there is; times count from `now`, so that equal situations are equal bytes. */
struct world {
    struct delivery memory, disk;
    msec_t due;      /* of the row on the disk */
    msec_t wake;     /* of the process */
    msec_t shown_at; /* a request that was taken is in the history from then on */
    msec_t miss_at;  /* the first look-up of this attempt that found nothing */
    int phase;
    int stored;         /* ANSWERED: the row changes */
    int taken;          /* requests that the platform took, in all; 2 stands for more */
    int in_flight;      /* requests */
    int uncertain;      /* an attempt that may have been taken, without proof of rejection */
    int missed, proven; /* look-ups: one miss; two a quiet period apart */
    int blind;          /* an unreadable history after the quiet period */
};

struct study {
    enum rule_unknown policy;
    bool harmless;
    msec_t quiet, late; /* late: how long a platform may take to show what it took */
    int first_attempt;
    bool broken; /* the assumption does not hold: what is found is counted */
    struct world *slots;
    unsigned char *used;
    struct world *stack;
    size_t depth, cap, states, ends, doubled;
};

static struct delivery_terms terms_of(const struct study *s, bool expired)
{
    return (struct delivery_terms){.key = "k",
                                   .harmless = s->harmless,
                                   .policy = s->policy,
                                   .expires = expired ? START : MSEC_NEVER,
                                   .quiet_ms = s->quiet};
}

static msec_t at_least(msec_t time, msec_t least)
{
    return time < least ? least : time;
}

/* Time passes. What makes no difference any more becomes equal. */
static void later(struct world *w, msec_t ms)
{
    struct delivery *const both[] = {&w->memory, &w->disk};
    bool after = w->due > w->disk.intent_at;
    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        both[i]->intent_at = at_least(both[i]->intent_at - ms, -AGE_MAX);
        both[i]->second_at = both[i]->missed ? at_least(both[i]->second_at - ms, -Q) : 0;
    }
    w->due = at_least(w->due - ms, after ? 1 - AGE_MAX : -AGE_MAX);
    w->wake = at_least(w->wake - ms, 0);
    w->shown_at = at_least(w->shown_at - ms, 0);
    w->miss_at = w->missed ? at_least(w->miss_at - ms, -Q) : 0;
}

/* The functions are told the time of day; the world's times count from it. */
static void shift(struct delivery *d, msec_t by)
{
    d->intent_at += by;
    d->second_at += by;
}

/* --- the states that were seen --- */

static void see(struct study *s, const struct world *w)
{
    size_t at = hash_bytes(1, w, sizeof(*w)).a % SLOTS; /* padding too: it is zero from the start */
    while (s->used[at]) {
        if (memcmp(&s->slots[at], w, sizeof(*w)) == 0)
            return;
        at = (at + 1) % SLOTS;
    }
    assert_true(++s->states < SLOTS / 2);
    s->used[at] = 1;
    memcpy(&s->slots[at], w, sizeof(*w));
    ARRAY_GROW(s->stack, s->depth, s->cap);
    memcpy(&s->stack[s->depth++], w, sizeof(*w));
}

/* --- what happens --- */

/* The process dies and another one begins, now or after a while. */
static void crash(struct study *s, const struct world *was)
{
    for (int wait = 0; wait <= 2; wait += 2) {
        struct world w;
        memcpy(&w, was, sizeof(w));
        later(&w, wait * (msec_t)Q);
        w.memory = w.disk;
        w.in_flight = 0;
        if (w.phase == ENDED)
            return;
        shift(&w.memory, START);
        w.wake = at_least(delivery_restart(&w.memory, w.due + START, START) - START, 0);
        shift(&w.memory, -START);
        w.phase = IDLE;
        see(s, &w);
    }
}

/* P4 */
static void leave(const struct study *s, struct world *w)
{
    if (w->uncertain && !s->harmless)
        assert_true(w->proven || (s->policy == UNKNOWN_RESEND && w->blind));
    shift(&w->memory, START);
    delivery_leave(&w->memory, START);
    shift(&w->memory, -START);
    w->phase = LEAVING;
}

/* The intent is durable: from here on nobody can tell whether the platform has it. */
static void begin(struct world *w)
{
    w->disk = w->memory;
    w->uncertain = 1;
    w->missed = w->proven = w->blind = 0;
    w->miss_at = 0;
    w->phase = SENDING;
}

static void take(const struct study *s, struct world *w, msec_t shown_at)
{
    if (!w->taken || s->harmless)
        w->shown_at = shown_at;
    w->taken = w->taken < 2 ? w->taken + 1 : 2;
}

static void stop(struct study *s, const struct world *was, enum outbox_state end)
{
    struct world w;
    memcpy(&w, was, sizeof(w));
    delivery_stop(&w.memory, end);
    assert_true(outbox_is_final(w.memory.state));
    w.phase = ENDED;
    s->ends++;
}

/* An answer comes in; it is committed, or the process dies before. */
static void answer(struct study *s, const struct world *was, enum chat_outcome outcome,
                   msec_t asked, bool expired)
{
    struct world w;
    memcpy(&w, was, sizeof(w));
    const struct chat_result result = {.key = "k", .outcome = outcome, .retry_after_ms = asked};
    const struct delivery_terms terms = terms_of(s, expired);
    crash(s, &w);
    if (w.phase == SENDING && (outcome == CHAT_REJECTED || outcome == CHAT_RETRY))
        w.uncertain = 0;
    if (w.phase == LOOKING && outcome == CHAT_MISSING) {
        w.proven |= s->quiet == 0 || (w.missed && w.miss_at + Q <= 0);
        w.miss_at = w.missed ? w.miss_at : 0;
        w.missed = 1;
    } else if (w.phase == LOOKING && w.memory.intent_at + s->quiet <= 0) {
        w.blind = 1;
    }
    w.in_flight = 0;
    shift(&w.memory, START);
    struct delivery_next next = delivery_answer(&w.memory, &terms, &result, START);
    shift(&w.memory, -START);
    assert_true((next.step == DELIVERY_END) == outbox_is_final(w.memory.state));
    assert_true(next.step != DELIVERY_WAIT || next.at > START);
    w.wake = next.step == DELIVERY_WAIT ? next.at - START : 0;
    w.phase = ANSWERED;
    w.stored = next.stored;
    if (next.step == DELIVERY_END)
        assert_true(next.stored);
    see(s, &w);
}

/* P2; then the platform takes the request, or not. */
static void platform(struct study *s, const struct world *was)
{
    struct world w;
    memcpy(&w, was, sizeof(w));
    assert_int_equal(w.disk.state, OUTBOX_INTENT);
    assert_int_equal(w.disk.attempt, w.memory.attempt);
    assert_int_equal(w.in_flight, 1);
    static const enum chat_outcome lost[] = {CHAT_UNKNOWN, CHAT_MISSING, CHAT_UNREADABLE};
    static const enum chat_outcome refused[] = {CHAT_REJECTED, CHAT_RETRY};
    for (size_t i = 0; i < ARRAY_LEN(lost); i++)
        answer(s, &w, lost[i], 0, false);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        answer(s, &w, refused[i], 0, false);
        answer(s, &w, refused[i], 30000, false);
    }
    const msec_t late[] = {0, s->late};
    for (size_t i = 0; i < ARRAY_LEN(late); i++) {
        memcpy(&w, was, sizeof(w));
        take(s, &w, late[i]);
        answer(s, &w, CHAT_SENT, 0, false);
        for (size_t k = 0; k < ARRAY_LEN(lost); k++)
            answer(s, &w, lost[k], 0, false);
    }
}

static void history(struct study *s, const struct world *w)
{
    static const enum chat_outcome blind[] = {CHAT_UNREADABLE, CHAT_RETRY, CHAT_REJECTED,
                                              CHAT_UNKNOWN};
    answer(s, w, w->taken && w->shown_at <= 0 ? CHAT_FOUND : CHAT_MISSING, 0, false);
    for (size_t i = 0; i < ARRAY_LEN(blind); i++) {
        answer(s, w, blind[i], 0, false);
        answer(s, w, blind[i], 2 * Q, false);
        answer(s, w, blind[i], 0, true);
    }
}

/* Its time has come. */
static void act(struct study *s, const struct world *was)
{
    const struct delivery_terms terms = terms_of(s, false);
    struct world w;
    memcpy(&w, was, sizeof(w));
    later(&w, w.wake);
    if (delivery_is_unsure(&w.memory, &terms)) {
        w.phase = LOOKING;
        w.in_flight = 1;
        see(s, &w);
        return;
    }
    stop(s, &w, OUTBOX_CANCELLED);
    if (w.memory.state != OUTBOX_UNKNOWN)
        stop(s, &w, OUTBOX_EXPIRED);
    if (w.memory.attempt >= s->first_attempt + ATTEMPTS)
        return;
    leave(s, &w);
    see(s, &w);
}

static void end(struct study *s, const struct world *w)
{
    s->ends++;
    if (w->memory.state == OUTBOX_SENT)
        assert_true(w->taken >= 1); /* P3: it is there */
    if (w->taken > 1)
        s->doubled++;
    if (!s->broken && !s->harmless && s->policy != UNKNOWN_RESEND)
        assert_true(w->taken <= 1); /* P3: and once */
}

static void next(struct study *s, const struct world *was)
{
    struct world w;
    memcpy(&w, was, sizeof(w));
    if (w.phase != ENDED)
        crash(s, &w);
    switch ((enum phase)w.phase) {
    case IDLE:
        act(s, &w);
        break;
    case LEAVING:
        begin(&w);
        crash(s, &w);
        w.in_flight++;
        see(s, &w);
        break;
    case SENDING:
        platform(s, &w);
        break;
    case LOOKING:
        history(s, &w);
        break;
    case ANSWERED:
        if (w.stored)
            w.disk = w.memory;
        if (w.stored && w.wake > 0)
            w.due = w.wake;
        w.stored = 0;
        w.phase = outbox_is_final(w.memory.state) ? ENDED : IDLE;
        see(s, &w);
        break;
    case ENDED:
        end(s, &w);
        break;
    }
}

/* P1: from here, without further trouble, it comes to its end; sent, and there once. */
static void comes_to_its_end(const struct study *s, const struct world *from)
{
    struct world w;
    memcpy(&w, from, sizeof(w));
    for (int i = 0; w.phase != ENDED; i++) {
        assert_true(i < 20);
        const struct delivery_terms terms = terms_of(s, false);
        struct chat_result result = {.key = "k", .outcome = CHAT_SENT};
        if (w.phase == IDLE) {
            later(&w, w.wake);
            if (delivery_is_unsure(&w.memory, &terms))
                w.phase = LOOKING;
            else
                leave(s, &w);
            continue;
        }
        if (w.phase == LEAVING) {
            begin(&w);
            continue;
        }
        if (w.phase == ANSWERED) {
            w.phase = outbox_is_final(w.memory.state) ? ENDED : IDLE;
            continue;
        }
        if (w.phase == SENDING)
            take(s, &w, 0);
        else
            result.outcome = w.taken && w.shown_at <= 0 ? CHAT_FOUND : CHAT_MISSING;
        if (result.outcome == CHAT_MISSING) {
            w.proven |= s->quiet == 0 || (w.missed && w.miss_at + Q <= 0);
            w.miss_at = w.missed ? w.miss_at : 0;
            w.missed = 1;
        }
        shift(&w.memory, START);
        struct delivery_next got = delivery_answer(&w.memory, &terms, &result, START);
        shift(&w.memory, -START);
        w.wake = got.step == DELIVERY_WAIT ? got.at - START : 0;
        w.phase = ANSWERED;
    }
    if (from->phase != ENDED && from->phase != ANSWERED)
        assert_int_equal(w.memory.state, OUTBOX_SENT);
    if (!s->harmless && s->policy != UNKNOWN_RESEND)
        assert_true(w.taken <= 1);
}

static void study(struct study *s)
{
    struct world w;
    memset(&w, 0, sizeof(w));
    s->slots = xcalloc(SLOTS, sizeof(*s->slots));
    s->used = xcalloc(SLOTS, 1);
    w.memory.state = OUTBOX_PLANNED;
    w.memory.attempt = s->first_attempt;
    w.memory.intent_at = w.memory.second_at = -AGE_MAX;
    w.disk = w.memory;
    w.due = -Q;
    see(s, &w);
    while (s->depth) {
        memcpy(&w, &s->stack[--s->depth], sizeof(w));
        next(s, &w);
        if (!s->broken)
            comes_to_its_end(s, &w);
    }
    free(s->slots);
    free(s->used);
    free(s->stack);
}

#define STUDY(...)                                                                                 \
    struct study s = {.quiet = Q, __VA_ARGS__};                                                    \
    s.late = s.broken ? 2 * Q : Q - 1;                                                             \
    study(&s);                                                                                     \
    print_message("%zu states, %zu ends\n", s.states, s.ends)

/* FM-A01 FM-A02 FM-A10 FM-B01 FM-B03 FM-B04 FM-B05 FM-B09 FM-B10, as far as the ledger goes. */
static void delivery_held_is_never_doubled_and_never_lost(void **state)
{
    (void)state;
    STUDY(.policy = UNKNOWN_HOLD);
    assert_int_equal(s.states, 9179);
}

static void delivery_dropped_is_never_doubled(void **state)
{
    (void)state;
    STUDY(.policy = UNKNOWN_DROP);
    assert_int_equal(s.states, 32663);
}

/* The one policy that may show a message twice does so only where its rule allows it. */
static void delivery_resent_is_never_lost(void **state)
{
    (void)state;
    STUDY(.policy = UNKNOWN_RESEND);
    assert_true(s.doubled > 0);
    assert_int_equal(s.states, 6386);
}

static void delivery_change_is_repeated_until_it_is_made(void **state)
{
    (void)state;
    STUDY(.harmless = true);
    assert_int_equal(s.states, 992);
}

/* The local platform: what was taken is there at once. */
static void delivery_without_a_quiet_period_needs_one_miss(void **state)
{
    (void)state;
    struct study s = {.policy = UNKNOWN_HOLD};
    study(&s);
    assert_int_equal(s.doubled, 0);
    assert_int_equal(s.states, 5398);
}

static void delivery_ends_after_the_last_attempt(void **state)
{
    (void)state;
    STUDY(.policy = UNKNOWN_HOLD, .first_attempt = DELIVERY_ATTEMPTS_MAX - 2);
    assert_int_equal(s.states, 9033);
}

/* Assumption A1 of the design, broken: a request that lands after the quiet period is shown twice.
 * It also proves that this test would see it. */
static void delivery_late_landing_is_the_assumption(void **state)
{
    (void)state;
    STUDY(.policy = UNKNOWN_HOLD, .broken = true);
    assert_true(s.doubled > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivery_held_is_never_doubled_and_never_lost),
        cmocka_unit_test(delivery_dropped_is_never_doubled),
        cmocka_unit_test(delivery_resent_is_never_lost),
        cmocka_unit_test(delivery_change_is_repeated_until_it_is_made),
        cmocka_unit_test(delivery_without_a_quiet_period_needs_one_miss),
        cmocka_unit_test(delivery_ends_after_the_last_attempt),
        cmocka_unit_test(delivery_late_landing_is_the_assumption),
    };
    return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}
