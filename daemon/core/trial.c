/* An occasion of an experiment, from the coin to its end. */
#include "core/trial.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

bool trial_is_outcome(const struct core *core, const struct rule *rule, const struct event *event,
                      const struct person *rep, const struct deal *deal, struct arena *arena)
{
    struct scope scope = {.core = core,
                          .event = event,
                          .rep = rep,
                          .deal = deal,
                          .rule = rule,
                          .now = event->at,
                          .arena = arena};
    return (rule->outcome_when >> event->type & 1) && cond_holds(rule->outcome_cond, &scope);
}

static void trial_free(struct core *core, struct trial *trial)
{
    struct person *rep = trial->rep;
    timer_clear(&core->timers, &trial->timer);
    map_set(&core->trials, trial->key, NULL);
    for (int i = 0; i < rep->trial_count; i++) {
        if (rep->trials[i] != trial)
            continue;
        memmove(rep->trials + i, rep->trials + i + 1,
                (size_t)(rep->trial_count - i - 1) * sizeof(struct trial *));
        rep->trial_count--;
        break;
    }
    free(trial->key);
    free(trial);
}

void trials_free(struct core *core, struct person *person)
{
    while (person->trial_count)
        trial_free(core, person->trials[person->trial_count - 1]);
    free(person->trials);
}

void trial_restore(struct core *core, struct trial *trial, msec_t due)
{
    struct person *rep = trial->rep;
    trial->timer.kind = TIMER_TRIAL;
    trial->timer.key = trial->key;
    ARRAY_GROW(rep->trials, rep->trial_count, rep->trial_cap);
    rep->trials[rep->trial_count++] = trial;
    map_set(&core->trials, trial->key, trial);
    timer_set(&core->timers, &trial->timer, due);
}

void trial_open(struct core *core, struct step *step, const struct candidate *c,
                const struct arm *arm)
{
    struct strbuf key = {0};
    const char *source = c->event ? c->event->source : NULL;
    /* ids are unique within a source only */
    strbuf_printf(&key, "%s|%s|%s%s%s", c->rule->id, c->rep->id, source ? source : "",
                  source ? " " : "", c->occurrence);
    if (map_get(&core->trials, strbuf_text(&key))) { /* the same occasion is counted once */
        strbuf_done(&key);
        return;
    }
    struct trial *trial = NEW(struct trial);
    trial->key = strbuf_take(&key);
    trial->rule = c->rule;
    trial->rule_id = core_intern(core, c->rule->id);
    trial->arm = core_intern(core, arm->name);
    trial->p = arm->p;
    trial->rep = c->rep;
    trial->deal = c->deal;
    trial->at = step->now;
    trial->until = step->now + c->rule->outcome_within;
    trial_restore(core, trial, trial->until + core->book->limits.late_at_most);
    persist_trial(step, trial);
}

void trial_event(struct core *core, struct step *step, const struct event *event,
                 struct person *rep, struct deal *deal)
{
    for (int i = 0; rep && i < rep->trial_count; i++) {
        struct trial *trial = rep->trials[i];
        bool counts = !trial->hit && event->time > trial->at && event->time <= trial->until &&
                      (!trial->deal || trial->deal == deal);
        /* heard of when the occasion is over: whether its timer has run by now must not matter */
        if (!counts || step->now >= trial->timer.due ||
            !trial_is_outcome(core, trial->rule, event, rep, deal, &step->arena))
            continue;
        trial->hit = true;
        persist_trial(step, trial);
    }
}

void trial_due(struct core *core, struct step *step, struct timer *timer)
{
    struct trial *trial = (struct trial *)(void *)timer;
    struct rule_state *state = rule_state_get(core, trial->rule_id);
    struct trial_sum *sum = rule_state_sum(core, state, trial->arm, trial->rep);
    const struct rule *rule = trial->rule;
    int64_t weight = stats_weight(trial->p);
    sum->count++;
    sum->hits += trial->hit;
    sum->weight += weight;
    sum->weighted += trial->hit ? weight : 0;
    persist_sum(step, state, sum);
    persist_delete(step, STATE_TRIAL, trial->key);
    trial_free(core, trial);
    trial_look(core, step, state, rule);
}

static void drop(struct core *core, struct step *step, struct trial *trial)
{
    persist_delete(step, STATE_TRIAL, trial->key);
    trial_free(core, trial);
}

void trial_drop_rule(struct core *core, struct step *step, const char *rule)
{
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *rep = core->people[i];
        for (int k = rep->trial_count; k-- > 0;) {
            if (str_eq(rep->trials[k]->rule_id, rule))
                drop(core, step, rep->trials[k]);
        }
    }
}

/* What has no rule any more, or nothing to hope for, comes to no end. */
void trials_rebind(struct core *core, struct step *step)
{
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *rep = core->people[i];
        for (int k = rep->trial_count; k-- > 0;) {
            struct trial *trial = rep->trials[k];
            trial->rule = book_rule(core->book, trial->rule_id);
            if (!trial->rule || !trial->rule->experiment)
                drop(core, step, trial);
        }
    }
}
