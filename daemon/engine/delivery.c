#include "engine/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* RETRY without a time from the platform: 1 s doubling to 5 min, plus up to a quarter of jitter. */
enum { RETRY_FIRST_MS = 1000, RETRY_LAST_MS = 300000 };

#define NOBODY_KNOWS "nobody knows whether it arrived"

#define TO(state) (1u << OUTBOX_##state)

/* Where each state may lead; an end leads nowhere. Only a change of a message, which is harmless to
 * repeat, goes from unknown to the next attempt or is given up there. */
static const unsigned allowed[] = {
    [OUTBOX_PLANNED] = TO(INTENT) | TO(EXPIRED) | TO(CANCELLED),
    [OUTBOX_INTENT] = TO(SENT) | TO(UNKNOWN) | TO(RETRY) | TO(DEAD),
    [OUTBOX_UNKNOWN] =
        TO(SENT) | TO(UNKNOWN) | TO(PLANNED) | TO(EXPIRED) | TO(DEAD) | TO(INTENT) | TO(CANCELLED),
    [OUTBOX_RETRY] = TO(INTENT) | TO(EXPIRED) | TO(CANCELLED),
    [OUTBOX_CANCELLED] = 0,
};

static void move(struct delivery *delivery, enum outbox_state to)
{
    if (!(allowed[delivery->state] & 1u << to))
        abort(); /* a bug of ours: better nothing is sent than something twice */
    delivery->state = to;
}

bool outbox_is_final(enum outbox_state state)
{
    return state == OUTBOX_SENT || state == OUTBOX_DEAD || state == OUTBOX_EXPIRED ||
           state == OUTBOX_CANCELLED;
}

bool delivery_is_unsure(const struct delivery *delivery, const struct delivery_terms *terms)
{
    return delivery->state == OUTBOX_UNKNOWN && !terms->harmless;
}

void delivery_leave(struct delivery *delivery, msec_t now)
{
    move(delivery, OUTBOX_INTENT);
    delivery->attempt++;
    delivery->missed = false;
    delivery->unreadable = 0;
    delivery->intent_at = now;
}

void delivery_stop(struct delivery *delivery, enum outbox_state end)
{
    move(delivery, end);
}

static msec_t retry_delay(const struct delivery *delivery, const char *key, msec_t asked)
{
    if (asked > 0)
        return asked;
    msec_t delay = RETRY_FIRST_MS;
    for (int i = 1; i < delivery->attempt && delay < RETRY_LAST_MS; i++)
        delay *= 2;
    if (delay > RETRY_LAST_MS)
        delay = RETRY_LAST_MS;
    /* pure: the jitter comes from the key, so that a replay agrees */
    uint64_t spread = hash_bytes((uint64_t)delivery->attempt, key, strlen(key)).a;
    return delay + (msec_t)(spread % (uint64_t)(delay / 4 + 1));
}

static struct delivery_next end(struct delivery *delivery, enum outbox_state state, const char *why)
{
    move(delivery, state);
    return (struct delivery_next){.step = DELIVERY_END, .stored = true, .why = why};
}

static struct delivery_next wait(msec_t at, bool stored)
{
    return (struct delivery_next){.step = DELIVERY_WAIT, .at = at, .stored = stored};
}

/* Sent again: the same key, a new attempt. */
static struct delivery_next again(struct delivery *delivery)
{
    move(delivery, OUTBOX_PLANNED);
    return (struct delivery_next){.step = DELIVERY_NOW, .stored = true};
}

static struct delivery_next refused(struct delivery *delivery, const struct delivery_terms *terms,
                                    const struct chat_result *result, msec_t now)
{
    if (result->outcome == CHAT_REJECTED)
        return end(delivery, OUTBOX_DEAD, result->error ? NULL : "the platform refused it");
    if (delivery->attempt >= DELIVERY_ATTEMPTS_MAX && result->retry_after_ms <= 0)
        return end(delivery, OUTBOX_DEAD, "tried too often");
    move(delivery, OUTBOX_RETRY);
    return wait(now + retry_delay(delivery, terms->key, result->retry_after_ms), true);
}

/* The request may have been accepted: from here only a look-up or the policy leads on. */
static struct delivery_next lost(struct delivery *delivery, const struct delivery_terms *terms,
                                 msec_t now)
{
    move(delivery, OUTBOX_UNKNOWN);
    if (terms->harmless)
        return wait(now + retry_delay(delivery, terms->key, 0), true);
    return (struct delivery_next){.step = DELIVERY_NOW, .stored = true};
}

/* A look-up found nothing: one miss is not proof, two a quiet period apart are. */
static struct delivery_next missing(struct delivery *delivery, const struct delivery_terms *terms,
                                    msec_t now)
{
    delivery->unreadable = 0;
    if (terms->quiet_ms <= 0 || (delivery->missed && now >= delivery->second_at))
        return again(delivery);
    if (!delivery->missed)
        delivery->second_at = now + terms->quiet_ms;
    delivery->missed = true;
    return wait(delivery->second_at, true);
}

/* The history cannot be read now: the rule's policy decides. */
static struct delivery_next unreadable(struct delivery *delivery,
                                       const struct delivery_terms *terms, msec_t asked, msec_t now)
{
    if (now >= terms->expires)
        return end(delivery, OUTBOX_EXPIRED, NOBODY_KNOWS);
    if (terms->policy == UNKNOWN_RESEND && now >= delivery->intent_at + terms->quiet_ms)
        return again(delivery);
    if (terms->policy == UNKNOWN_DROP && delivery->unreadable++ >= DELIVERY_ATTEMPTS_MAX)
        return end(delivery, OUTBOX_DEAD, NOBODY_KNOWS);
    return wait(now + (asked > 0 ? asked : DELIVERY_LOOKUP_AGAIN_MS), false);
}

/* An attempt was answered. */
static struct delivery_next sent(struct delivery *delivery, const struct delivery_terms *terms,
                                 const struct chat_result *result, msec_t now)
{
    switch (result->outcome) {
    case CHAT_SENT:
    case CHAT_FOUND:
        return end(delivery, OUTBOX_SENT, NULL);
    case CHAT_REJECTED:
    case CHAT_RETRY:
        return refused(delivery, terms, result, now);
    case CHAT_UNKNOWN:
    case CHAT_MISSING:
    case CHAT_UNREADABLE:
        break;
    }
    return lost(delivery, terms, now);
}

/* A look-up was answered. That it was itself refused proves nothing about the message. */
static struct delivery_next looked_up(struct delivery *delivery, const struct delivery_terms *terms,
                                      const struct chat_result *result, msec_t now)
{
    switch (result->outcome) {
    case CHAT_SENT:
    case CHAT_FOUND:
        return end(delivery, OUTBOX_SENT, NULL);
    case CHAT_MISSING:
        return missing(delivery, terms, now);
    case CHAT_REJECTED:
    case CHAT_RETRY:
    case CHAT_UNKNOWN:
    case CHAT_UNREADABLE:
        break;
    }
    return unreadable(delivery, terms, result->retry_after_ms, now);
}

struct delivery_next delivery_answer(struct delivery *delivery, const struct delivery_terms *terms,
                                     const struct chat_result *result, msec_t now)
{
    if (delivery->state == OUTBOX_INTENT)
        return sent(delivery, terms, result, now);
    return looked_up(delivery, terms, result, now); /* an end or a plan leads nowhere from there */
}

msec_t delivery_restart(struct delivery *delivery, msec_t due, msec_t now)
{
    if (delivery->state != OUTBOX_INTENT && delivery->state != OUTBOX_UNKNOWN)
        return due;
    /* the row of a first miss is due when the second one counts; before it the row was due earlier
     * than the attempt */
    delivery->missed = delivery->state == OUTBOX_UNKNOWN && due > delivery->intent_at;
    delivery->second_at = due;
    delivery->state = OUTBOX_UNKNOWN;
    return delivery->missed ? due : now;
}
