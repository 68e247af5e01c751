/* Decisions that wait: for their time (`for:`), or for the end of quiet. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/ahead.h"
#include "core/event_fields.h"
#include "core/parts.h"
#include "core/phrases_reasons.h"

/* Where it hangs: at its deal, else at its person; in the order of keys, so that a restart and a
 * replay agree. */
static void list_of(struct pending *pending, struct pending ****ret_list, int **ret_count,
                    int **ret_cap)
{
    struct deal *deal = pending->deal;
    struct person *rep = pending->rep;
    *ret_list = deal ? &deal->pending : &rep->pending;
    *ret_count = deal ? &deal->pending_count : &rep->pending_count;
    *ret_cap = deal ? &deal->pending_cap : &rep->pending_cap;
}

static void list_unlink(struct pending *pending)
{
    struct pending ***list;
    int *count, *cap;
    list_of(pending, &list, &count, &cap);
    for (int i = 0; i < *count; i++) {
        if ((*list)[i] != pending)
            continue;
        memmove(*list + i, *list + i + 1, (size_t)(*count - i - 1) * sizeof(**list));
        (*count)--;
        break;
    }
    if (!*count) { /* most deals are over, and never wait again */
        free(*list);
        *list = NULL;
        *cap = 0;
    }
}

static void list_link(struct pending *pending)
{
    struct pending ***list;
    int *count, *cap, place = 0;
    list_of(pending, &list, &count, &cap);
    while (place < *count && strcmp((*list)[place]->key, pending->key) < 0)
        place++;
    ARRAY_GROW(*list, *count, *cap);
    memmove(*list + place + 1, *list + place, (size_t)(*count - place) * sizeof(**list));
    (*list)[place] = pending;
    (*count)++;
}

static size_t bytes_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *put_text(char **place, const char *text)
{
    const char *start = *place;
    if (!text)
        return NULL;
    memcpy(*place, text, bytes_of(text));
    *place += bytes_of(text);
    return start;
}

struct pending *pending_new(const char *key, const char *occurrence, const char *stage)
{
    struct pending *pending =
        xmalloc(sizeof(*pending) + bytes_of(key) + bytes_of(occurrence) + bytes_of(stage));
    char *place = (char *)(pending + 1);
    *pending = (struct pending){0};
    pending->key = put_text(&place, key);
    pending->occurrence = put_text(&place, occurrence);
    pending->stage = put_text(&place, stage);
    return pending;
}

/* A second time is no harm: what is released is detached at once, and freed later. */
void pending_detach(struct core *core, struct pending *pending)
{
    if (!pending->listed)
        return;
    pending->listed = false;
    timer_clear(&core->timers, &pending->timer);
    map_remove(&core->pendings, pending->hash, pending);
    core->planned -= pending->planned;
    list_unlink(pending);
}

void pending_free(struct core *core, struct pending *pending)
{
    pending_detach(core, pending);
    free(pending->event);
    free(pending->terms);
    free(pending);
}

void pending_end(struct core *core, struct step *step, struct pending *pending)
{
    persist_pending(step, pending, true);
    pending_free(core, pending);
}

static void pending_add(struct core *core, struct pending *pending, msec_t due)
{
    pending->timer.kind = TIMER_PENDING;
    pending->timer.key = pending->key;
    pending->hash = hash_quick(pending->key);
    struct pending *old = map_add(&core->pendings, pending->key, pending->hash, pending);
    if (old) { /* the same occurrence again: the newer row replaces it */
        pending_free(core, old);
        map_set(&core->pendings, pending->key, pending); /* detached before its key goes */
    }
    pending->planned = pending->kind == PENDING_PLAN && pending->rule->point == POINT_BEFORE;
    core->planned += pending->planned;
    pending->listed = true;
    list_link(pending);
    timer_set(&core->timers, &pending->timer, due);
}

/* From the store. A wait whose rule is gone by now ends without a word. */
void pending_restore(struct core *core, struct pending *pending, msec_t due)
{
    if (pending->rule)
        pending_add(core, pending, due);
    else
        pending_free(core, pending);
}

void pending_put(struct core *core, struct step *step, struct pending *pending, msec_t due)
{
    pending_add(core, pending, due);
    persist_pending(step, pending, false);
}

const char *pending_key(const struct candidate *c, struct arena *arena)
{
    /* ids are unique within a source only */
    return arena_printf(arena, "%s|%s|%s%s%s", c->rule->id, c->rep->id,
                        c->event && c->event->source ? c->event->source : "",
                        c->event && c->event->source ? " " : "", c->occurrence);
}

void pending_start(struct core *core, struct step *step, const struct candidate *c,
                   enum pending_kind kind, msec_t since, msec_t due)
{
    const char *stage = c->held ? c->stage : c->deal ? c->deal->texts[DEAL_STAGE] : NULL;
    struct pending *pending = pending_new(pending_key(c, &step->arena), c->occurrence, stage);
    pending->kind = kind;
    pending->rule = c->rule;
    pending->rep = c->rep;
    pending->deal = c->deal;
    pending->event = c->event ? event_dup(c->event) : NULL;
    pending->since = since;
    pending_put(core, step, pending, due);
}

static bool cancels(struct core *core, struct step *step, const struct pending *pending,
                    const struct event *event)
{
    if (!(pending->rule->unless >> event->type & 1) || event->time < pending->since)
        return false;
    struct scope scope = {.core = core,
                          .event = event,
                          .rep = pending->rep,
                          .deal = pending->deal,
                          .rule = pending->rule,
                          .now = step->now,
                          .arena = &step->arena};
    return cond_holds(pending->rule->unless_cond, &scope);
}

/* Did one of the rep's facts about the deal cancel it, or, without a deal, one of those about none?
 */
static bool is_cancelled_by(struct core *core, struct step *step, const struct pending *wait,
                            const struct person *rep)
{
    uint32_t newest =
        wait->deal ? facts_last(rep, wait->deal) : rep->facts_gone + (uint32_t)rep->fact_count;
    for (uint32_t p = newest; p > rep->facts_gone; p = wait->deal ? facts_before(rep, p) : p - 1) {
        const struct fact *fact = facts_at(rep, p);
        struct event event;
        if (fact->time <= wait->since)
            break;
        fold_fact_event(fact, &event);
        if (fact->deal == wait->deal && cancels(core, step, wait, &event))
            return true;
    }
    return false;
}

bool pending_is_over(struct core *core, struct step *step, const struct candidate *c)
{
    struct pending wait = {.rule = c->rule,
                           .rep = c->rep,
                           .deal = c->deal,
                           .since = c->event ? c->event->time : step->now};
    if (!c->rule->unless)
        return false;
    if (!c->deal)
        return is_cancelled_by(core, step, &wait, c->rep);
    for (int i = 0; i < c->deal->tail_count; i++) {
        if (is_cancelled_by(core, step, &wait, c->deal->tails[i].rep))
            return true;
    }
    return false;
}

static void check_list(struct core *core, struct step *step, const struct event *event,
                       struct pending **const *list, const int *count)
{
    for (int i = 0; i < *count;) {
        struct pending *pending = (*list)[i];
        bool plan = pending->kind == PENDING_PLAN; /* its conditions are asked at its moment */
        struct scope scope = {.core = core,
                              .event = pending->event,
                              .rep = pending->rep,
                              .deal = pending->deal,
                              .rule = pending->rule,
                              .now = step->now,
                              .arena = &step->arena};
        bool ended = !pending->done && cancels(core, step, pending, event);
        if (!ended && (plan || cond_holds(pending->rule->cond, &scope))) {
            i++;
            continue;
        }
        struct candidate c = {.rule = pending->rule,
                              .rep = pending->rep,
                              .deal = pending->deal,
                              .occurrence = pending->occurrence};
        decide_note(step, &c, "cancelled", ended ? "unless" : "if",
                    ended ? SAY_REASON_WAIT_OVER : SAY_REASON_CONDITIONS_GONE);
        if (plan)
            i += ahead_close(core, step, pending);
        else
            pending_end(core, step, pending);
    }
}

/* After an event: ends the waits about its deal that it cancels, and those whose conditions broke;
 * so too the rep's waits about no deal. */
void pending_check(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal)
{
    if (deal)
        check_list(core, step, event, &deal->pending, &deal->pending_count);
    if (rep)
        check_list(core, step, event, &rep->pending, &rep->pending_count);
}
