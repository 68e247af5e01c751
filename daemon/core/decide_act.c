/* What follows from a decision: words are said, held back for their time, or kept by a coin. */
#include "core/decide_act.h"

#include "core/because.h"
#include "core/mix.h"
#include "core/learn.h"
#include "core/peer.h"
#include "core/phrases_reasons.h"
#include "core/speech.h"
#include "core/suggest.h"

bool rule_inhibits(const struct rule *strong, const struct rule *weak)
{
    for (int i = 0; i < strong->inhibit_count; i++) {
        if (strong->inhibits[i] == weak->index)
            return true;
    }
    return false;
}

/* What a speaking rule silences: its waits and holds about the same deal end. */
static void silence(struct ask *ask)
{
    for (int i = 0; ask->deal && i < ask->deal->pending_count;) {
        struct pending *pending = ask->deal->pending[i];
        if (pending->kind == PENDING_PLAN || pending->rep != ask->rep ||
            pending == ask->candidate->held || !rule_inhibits(ask->rule, pending->rule)) {
            i++;
            continue;
        }
        struct candidate weak = {.rule = pending->rule,
                                 .rep = pending->rep,
                                 .deal = pending->deal,
                                 .occurrence = pending->occurrence};
        decide_note(
            ask->step, &weak, "cancelled", "inhibit",
            arena_printf(&ask->step->arena, in_english(SAY_REASON_SILENCED), ask->rule->id));
        pending_end(ask->core, ask->step, pending);
    }
}

/* The decision is there for managers to read; the same words with the answers left out. */
static const char *words_for_all(const struct ask *ask, const struct scope *scope,
                                 const struct draft *draft)
{
    struct scope masked = *scope;
    struct draft shown = {
        .variant = -1, .arena = scope->arena, .only = draft->only, .occurrence = draft->occurrence};
    if (!ask->rule->quotes_answers)
        return draft->words;
    masked.masked = true;
    return ask->rule->action->compose(ask->core, ask->rule, &masked, &shown) ? draft->words
                                                                             : shown.words;
}

static void speak(struct ask *ask, const struct scope *scope, const struct draft *draft,
                  struct decision *trace)
{
    trace->outcome = "sent";
    trace->variant = draft->variant;
    trace->text = words_for_all(ask, scope, draft);
    trace->send_at = ask->now;
    ask->to->busy = ask->core->steps;
    silence(ask);
    step_note(ask->step, trace);
    prompt_open(ask->core, ask->step, ask->candidate, ask->to, draft,
                because(scope, ask->candidate));
    person_use_add(ask->core, ask->rep, ask->rule->id, ask->now);
    person_sent_add(ask->core, ask->rep, ask->rule->id, ask->deal, ask->now, ask->to == ask->rep);
    if (ask->to != ask->rep)
        person_sent_add(ask->core, ask->to, ask->rule->id, ask->deal, ask->now, true);
    if (ask->rule->to == TO_PEER)
        pair_asked(ask->core, ask->step, ask->to);
    if (ask->deal)
        deal_sent_add(ask->core, ask->deal, ask->rule->id, ask->now);
    if (ask->coaching)
        mix_spoke(ask->core, ask->step, ask->candidate, ask->to, draft->question);
}

/* The coin fell on silence. The moment is used as if the rule had spoken, and so are its own limit
 * and cooldown: it would be tossed again otherwise until it falls the other way. What counts
 * messages (the person's caps, open conversations) and what they silence stays as it was. */
static void keep_silent(struct ask *ask, struct decision *trace)
{
    trace->outcome = "suppressed";
    ask->to->busy = ask->to->hushed = ask->core->steps;
    step_note(ask->step, trace);
    person_hush_add(ask->core, ask->rep, ask->rule->id, ask->now);
    if (ask->deal)
        deal_hush_add(ask->core, ask->deal, ask->rule->id, ask->now);
}

/* All gates have let it pass, and there is something to say. */
void decide_act(struct ask *ask, const struct scope *scope, const struct draft *draft,
                struct decision *trace)
{
    const struct arm *arm = ask->arm;
    bool silent = arm && arm->kind == ARM_NOTHING;
    trace->p = draft->p;
    if (arm) {
        trace->arm = arm->name;
        trace->p = arm->p;
        trace->gates[trace->gate_count++] =
            (struct gate_note){"coin", !silent, silent ? SAY_REASON_COIN : NULL};
    }
    if (silent)
        keep_silent(ask, trace);
    else
        speak(ask, scope, draft, trace);
    if (arm)
        trial_open(ask->core, ask->step, ask->candidate, arm);
}

void decide_hold(struct ask *ask, struct decision *trace)
{
    const struct candidate *c = ask->candidate;
    trace->outcome = "held";
    trace->send_at = ask->hold_until;
    ask->to->busy = ask->core->steps;
    silence(ask);
    step_note(ask->step, trace);
    pending_start(ask->core, ask->step, c, PENDING_HOLD, c->held ? c->held->since : ask->now,
                  ask->hold_until);
}
