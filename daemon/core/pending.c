/* Decisions that wait: for their time (`for:`), or for the end of quiet. */
#include <string.h>

#include "base/alloc.h"
#include "core/event_fields.h"
#include "core/parts.h"

static void deal_unlink(struct pending *pending)
{
    struct deal *deal = pending->deal;
    for (int i = 0; deal && i < deal->pending_count; i++) {
        if (deal->pending[i] == pending) {
            deal->pending[i] = deal->pending[--deal->pending_count];
            return;
        }
    }
}

static void deal_link(struct pending *pending)
{
    struct deal *deal = pending->deal;
    if (!deal)
        return;
    ARRAY_GROW(deal->pending, deal->pending_count, deal->pending_cap);
    deal->pending[deal->pending_count++] = pending;
}

void pending_detach(struct core *core, struct pending *pending)
{
    timer_clear(&core->timers, &pending->timer);
    if (map_get(&core->pendings, pending->key) == pending)
        map_set(&core->pendings, pending->key, NULL);
    deal_unlink(pending);
}

void pending_free(struct core *core, struct pending *pending)
{
    pending_detach(core, pending);
    free(pending->key);
    free(pending->event);
    free(pending->occurrence);
    free(pending->stage);
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
    struct pending *old = map_get(&core->pendings, pending->key);
    if (old)
        pending_free(core, old); /* the same occurrence again: the newer row replaces it */
    map_set(&core->pendings, core_intern(core, pending->key), pending);
    deal_link(pending);
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

void pending_start(struct core *core, struct step *step, const struct candidate *c,
                   enum pending_kind kind, msec_t since, msec_t due)
{
    struct pending *pending = NEW(struct pending);
    struct strbuf key = {0};
    strbuf_printf(&key, "%s|%s|%s", c->rule->id, c->rep->id, c->occurrence);
    pending->key = strbuf_take(&key);
    pending->kind = kind;
    pending->rule = c->rule;
    pending->rep = c->rep;
    pending->deal = c->deal;
    pending->event = c->event ? event_dup(c->event) : NULL;
    pending->occurrence = xstrdup(c->occurrence);
    pending->stage = xstrdup(c->held ? c->stage : c->deal ? c->deal->texts[DEAL_STAGE] : NULL);
    pending->since = since;
    pending_add(core, pending, due);
    persist_pending(step, pending, false);
}

static bool cancels(struct core *core, struct step *step, const struct pending *pending,
                    const struct event *event)
{
    if (!(pending->rule->unless >> event->type & 1) || event->time < pending->since)
        return false;
    struct scope scope = {core,          event,     pending->rep, pending->deal,
                          pending->rule, step->now, &step->arena};
    return cond_holds(pending->rule->unless_cond, &scope, NULL);
}

/* After an event about a deal: ends the waits it cancels, and those whose conditions broke. */
void pending_check(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal)
{
    (void)rep;
    for (int i = 0; deal && i < deal->pending_count;) {
        struct pending *pending = deal->pending[i];
        struct scope scope = {core,          pending->event, pending->rep, deal,
                              pending->rule, step->now,      &step->arena};
        bool ended = cancels(core, step, pending, event);
        if (!ended && cond_holds(pending->rule->cond, &scope, NULL)) {
            i++;
            continue;
        }
        struct candidate c = {.rule = pending->rule,
                              .rep = pending->rep,
                              .deal = deal,
                              .occurrence = pending->occurrence};
        decide_note(step, &c, "cancelled", ended ? "unless" : "if",
                    ended ? "what it was waiting for has happened"
                          : "the conditions do not hold any more");
        pending_end(core, step, pending);
    }
}
