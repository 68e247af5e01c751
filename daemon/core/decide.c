/* From a decision point to a decision: the gates, in the order the rule language promises. */
#include <string.h>

#include "base/alloc.h"
#include "core/ahead.h"
#include "core/decide_act.h"
#include "core/learn.h"
#include "core/mix.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases.h"
#include "core/phrases_manager.h"
#include "core/phrases_reasons.h"
#include "core/programme.h"
#include "core/speech.h"
#include "core/stretch.h"
#include "core/style.h"
#include "core/suggest.h"
#include "core/talk.h"

enum verdict { PASS, REFUSE, HOLD, NO_MATTER /* of this rule; not noted either */ };

static const char *say(struct ask *ask, const char *text)
{
    return ask->step->wordless ? text : arena_strdup(&ask->step->arena, text);
}

/* A sentence with values in it, in English; nobody reads it where decisions are only counted. */
__attribute__((format(printf, 2, 3))) static const char *in_words(const struct ask *ask,
                                                                  const char *sentence, ...)
{
    va_list args;
    if (ask->step->wordless)
        return sentence;
    va_start(args, sentence);
    const char *words = arena_vprintf(&ask->step->arena, in_english(sentence), args);
    va_end(args);
    return words;
}

static const char *day_of(struct ask *ask, const struct person *person, msec_t t)
{
    return ask->step->wordless ? "" : render_date(person, t, &ask->step->arena);
}

static const char *time_of(struct ask *ask, msec_t t)
{
    return ask->step->wordless ? "" : render_time(ask->to, t, &ask->step->arena);
}

static enum verdict gate_paused_rule(struct ask *ask, const char **why)
{
    const char *paused = trial_paused(ask->core, ask->rule);
    if (paused)
        *why = say(ask, paused);
    return *why ? REFUSE : PASS;
}

static enum verdict gate_consent(struct ask *ask, const char **why)
{
    const struct person *to = ask->to;
    msec_t until = person_paused_until(to);
    if (!person_is_here(ask->core, to))
        *why = say(ask, SAY_REASON_GONE);
    else if (ask->now < until)
        *why = until == MSEC_NEVER ? say(ask, SAY_TEAM_PAUSED)
                                   : in_words(ask, SAY_TEAM_PAUSED_UNTIL, day_of(ask, to, until));
    const char *unwanted = person_unwanted(to, ask->rule);
    if (unwanted && !*why)
        *why = say(ask, unwanted);
    return *why ? REFUSE : PASS;
}

/* An event that arrives long after it happened decides nothing: its moment is over. One of an
 * import or of a bulk edit is nobody's moment. */
static enum verdict gate_late(struct ask *ask, const char **why)
{
    const struct candidate *c = ask->candidate;
    const char *begun = ahead_too_late(c, ask->now);
    if (begun) {
        *why = say(ask, begun);
        return REFUSE;
    }
    if (!c->event || c->held || c->waited)
        return PASS;
    if (ask->now - c->event->time > ask->core->book->limits.late_at_most)
        *why = say(ask, SAY_REASON_EVENT_LATE);
    else if (c->event->bulk)
        *why = say(ask, SAY_REASON_EVENT_BULK);
    else if (ask->deal && c->event->type == EVENT_DEAL_STAGE_CHANGED &&
             ask->deal->stamps[DEAL_STAGE].time > c->event->time)
        *why = say(ask, SAY_REASON_LATER_STAGE);
    return *why ? REFUSE : PASS;
}

/* A schedule asks whoever is in people.yaml, also who begins next month; an event of somebody shows
 * that they are here, whatever the file says. */
static bool begins_later(const struct ask *ask)
{
    const char *joined = ask->to->def ? ask->to->def->joined : NULL;
    char stamp[MSEC_TEXT_BYTES];
    msec_t day;
    if (!ask->rule->sched || !joined || strlen(joined) != 10)
        return false;
    memcpy(stamp, joined, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    return !msec_parse(stamp, &day) && person_day(ask->to, ask->now) < day / MSEC_DAY;
}

static enum verdict gate_leave(struct ask *ask, const char **why)
{
    msec_t until = person_away_until(ask->to, ask->now);
    if (begins_later(ask)) {
        *why = in_words(ask, SAY_REASON_BEGINS_ON, ask->to->def->joined);
        return REFUSE;
    }
    if (until == MSEC_NONE)
        return PASS;
    *why = until == MSEC_NEVER ? say(ask, SAY_TEAM_AWAY)
                               : in_words(ask, SAY_TEAM_AWAY_UNTIL, day_of(ask, ask->to, until));
    return REFUSE;
}

/* A deal that has moved on while the message waited makes the message stale. */
static enum verdict gate_stage(struct ask *ask, const char **why)
{
    const struct candidate *c = ask->candidate;
    const char *stale = ahead_stale(c);
    if (stale) {
        *why = say(ask, stale);
        return REFUSE;
    }
    if (!c->held || !ask->deal || str_eq(c->stage, ask->deal->texts[DEAL_STAGE]))
        return PASS;
    *why = say(ask, SAY_REASON_MOVED_ON);
    return REFUSE;
}

enum { AFTERNOON_HOUR = 13 };

/* The first working instant from which this person wants to be asked. */
static msec_t next_welcome(const struct ask *ask, msec_t t)
{
    msec_t next = ask->rule->alert ? person_next_working(ask->core, ask->to, t)
                                   : person_next_welcome(ask->core, ask->to, t);
    if (!ask->to->afternoons || !ask->coaching || next == MSEC_NEVER)
        return next;
    struct civil c;
    tz_local(ask->to->tz, next, &c);
    if (c.hour >= AFTERNOON_HOUR)
        return next;
    c.hour = AFTERNOON_HOUR;
    c.minute = c.second = 0;
    return person_next_welcome(ask->core, ask->to, tz_instant(ask->to->tz, &c, TZ_GAP_END));
}

static enum verdict quiet(struct ask *ask, msec_t until, const char *reason, const char **why)
{
    const struct limits *limits = &ask->core->book->limits;
    if (ask->rule->quiet == QUIET_DROP || ask->rule->quiet == QUIET_EXPIRE) {
        *why = say(ask, reason);
        return REFUSE;
    }
    msec_t began = ask->candidate->held ? ask->candidate->held->since : ask->now;
    msec_t latest = person_working_end(
        ask->core, ask->to, person_add_working(ask->core, ask->to, began, limits->hold_at_most));
    if (until != MSEC_NEVER && ahead_too_late(ask->candidate, until)) {
        *why = in_words(ask, SAY_REASON_BEGUN_BY_THEN, reason);
        return REFUSE;
    }
    if (until == MSEC_NEVER || until > latest) {
        *why = in_words(ask, SAY_REASON_LONG_WAIT, reason);
        return REFUSE;
    }
    *why = in_words(ask, SAY_REASON_HELD_UNTIL, reason, day_of(ask, ask->to, until),
                    time_of(ask, until));
    ask->hold_until = until;
    return HOLD;
}

static enum verdict gate_hours(struct ask *ask, const char **why)
{
    bool own_quiet = !ask->rule->alert && person_is_quiet(ask->to, ask->now);
    bool any_hour = !own_quiet && (!ask->to->afternoons || !ask->coaching);
    if (any_hour && person_away_until(ask->to, ask->now) == MSEC_NONE &&
        person_works_now(ask->core, ask->to, ask->now))
        return PASS;
    msec_t next = next_welcome(ask, ask->now);
    return next == ask->now
               ? PASS
               : quiet(ask, next, own_quiet ? SAY_REASON_OWN_QUIET : SAY_REASON_OUT_OF_HOURS, why);
}

/* After a lost deal the rep hears nothing from us before the next working morning. */
static enum verdict gate_cool_off(struct ask *ask, const char **why)
{
    struct person *rep = ask->rep;
    if (!ask->core->book->limits.cool_off || ask->to != rep || ask->rule->alert ||
        rep->last_loss == MSEC_NONE || rep->last_loss > ask->now)
        return PASS;
    msec_t morning = person_cool_end(ask->core, rep);
    return ask->now >= morning ? PASS : quiet(ask, morning, SAY_REASON_LOST_NOW, why);
}

static enum verdict gate_conversation(struct ask *ask, const char **why)
{
    if (!ask->coaching || (!ask->rule->questions && !ask->rule->flow &&
                           ask->rule->action != &action_suggest && !ask->rule->stretch))
        return PASS;
    if (ask->to->conversations < ask->core->book->limits.open_conversations)
        return PASS;
    const struct talk *talk = talk_open_with(ask->to);
    if (talk && ask->rule->flow && talk->flow == ask->rule->flow)
        return PASS; /* it goes on where it is */
    *why = say(ask, talk ? SAY_REASON_TALK_OPEN : SAY_REASON_QUESTION_OPEN);
    return REFUSE;
}

static enum verdict gate_backoff(struct ask *ask, const char **why)
{
    if (!ask->coaching || ask->to->backoff == BACKOFF_NONE)
        return PASS;
    *why = say(ask, SAY_REASON_NO_SIGN);
    return REFUSE;
}

/* Messages to `to` in the same local day or week that `counts` says count. */
static int sent_in(const struct ask *ask, bool week,
                   bool (*counts)(const struct ask *, const struct rule *))
{
    msec_t from, until;
    int count = 0;
    if (week)
        person_week_span(ask->to, ask->now, &from, &until);
    else
        person_day_span(ask->to, ask->now, &from, &until);
    for (size_t i = ask->to->sent_count; i-- > 0 && ask->to->sents[i].at >= from;) {
        const struct sent *sent = &ask->to->sents[i];
        if (!sent->received || sent->at >= until)
            continue;
        count += sent->known && counts(ask, sent->known);
    }
    return count;
}

/* News about the team is no prompt: it takes none away from the manager, and has its own cap. */
static bool is_manager_digest(const struct ask *ask, const struct rule *rule)
{
    (void)ask;
    return rule->action == &action_digest && rule->to == TO_MANAGER;
}

static bool is_coaching(const struct ask *ask, const struct rule *rule)
{
    return rule->action->counts && !rule->alert && !is_manager_digest(ask, rule);
}

static bool is_any(const struct ask *ask, const struct rule *rule)
{
    (void)ask, (void)rule;
    return true;
}

static bool is_family(const struct ask *ask, const struct rule *rule)
{
    return is_coaching(ask, rule) && rule->plugin == ask->rule->plugin;
}

static bool is_card(const struct ask *ask, const struct rule *rule)
{
    (void)ask;
    return rule->action == &action_praise && !rule->via_bot;
}

static bool is_bot_praise(const struct ask *ask, const struct rule *rule)
{
    (void)ask;
    return rule->action == &action_praise && rule->via_bot;
}

/* What the person has asked for, and what she does by herself. NULL: not over it. */
static const char *over_own_cap(const struct ask *ask)
{
    int own, cap = person_week_cap(ask->core, ask->to, ask->now, &own);
    if (cap < 0 || sent_in(ask, true, is_coaching) < cap)
        return NULL;
    if (own)
        return in_words(ask, SAY_REASON_CAP_OWN, cap);
    return cap == 1 ? SAY_REASON_CAP_ONE : in_words(ask, SAY_REASON_CAP_ASKED, cap);
}

static enum verdict gate_caps(struct ask *ask, const char **why)
{
    const struct limits *limits = &ask->core->book->limits;
    if (ask->to->is_team && sent_in(ask, false, is_any) >= TEAM_MESSAGES_PER_DAY)
        *why = SAY_REASON_TEAM_HAD;
    if (ask->rule->alert || ask->to->is_team)
        return *why ? REFUSE : PASS;
    if (is_manager_digest(ask, ask->rule) &&
        sent_in(ask, false, is_manager_digest) >= limits->digests_per_day)
        *why = in_words(ask, SAY_REASON_DIGESTS, limits->digests_per_day);
    if (ask->coaching) {
        if (sent_in(ask, false, is_coaching) >= limits->prompts_per_day)
            *why = in_words(ask, SAY_REASON_CAP_DAY, limits->prompts_per_day);
        else if (sent_in(ask, true, is_family) >= limits->prompts_per_family_week)
            *why = in_words(ask, SAY_REASON_CAP_FAMILY, limits->prompts_per_family_week);
        else
            *why = over_own_cap(ask);
    } else if (ask->card && sent_in(ask, false, is_card) >= limits->cards_per_day) {
        *why = in_words(ask, SAY_REASON_CARDS, limits->cards_per_day);
    } else if (is_bot_praise(ask, ask->rule) &&
               sent_in(ask, false, is_bot_praise) >= limits->praise_per_day) {
        *why = in_words(ask, SAY_REASON_PRAISED, limits->praise_per_day);
    }
    return *why ? REFUSE : PASS;
}

static int month_of(const struct person *person, msec_t t)
{
    struct civil c;
    tz_local(person->tz, t, &c);
    return c.year * 12 + c.month;
}

/* The number of the local day, week or month. */
static int64_t period_of(const struct person *rep, enum limit_per per, msec_t t)
{
    if (per == PER_DAY)
        return person_day(rep, t);
    return per == PER_WEEK ? person_week(rep, t) : month_of(rep, t);
}

/* What an experiment kept back counts too: else the coin would be tossed until it says yes. */
static int times_in(const struct ask *ask, enum limit_per per)
{
    static const msec_t most[] = {
        [PER_DAY] = 2 * MSEC_DAY, [PER_WEEK] = 9 * MSEC_DAY, [PER_MONTH] = 33 * MSEC_DAY};
    const struct person *rep = ask->rep;
    const msec_t edge = ask->now - most[per]; /* most are long ago, and the calendar is dear */
    const int64_t period = period_of(rep, per, ask->now);
    int count = 0;
    for (size_t i = rep->sent_count; i-- > 0 && rep->sents[i].at >= edge;)
        count +=
            rep->sents[i].known == ask->rule && period_of(rep, per, rep->sents[i].at) == period;
    for (int i = rep->hush_count; i-- > 0 && rep->hushes[i].at >= edge;)
        count += str_eq(rep->hushes[i].rule, ask->rule->id) &&
                 period_of(rep, per, rep->hushes[i].at) == period;
    return count;
}

static int times_on_deal(const struct ask *ask)
{
    const struct uses *uses = ask->deal ? deal_use(ask->deal, ask->rule->id) : NULL;
    return (uses ? uses->count : 0) + (ask->deal ? deal_hush_count(ask->deal, ask->rule->id) : 0);
}

static const char *limit_words(struct ask *ask, const struct limit *limit)
{
    switch (limit->per) {
    case PER_DEAL:
        return in_words(ask, SAY_REASON_LIMIT_DEAL, limit->count);
    case PER_DAY:
        return in_words(ask, SAY_REASON_LIMIT_DAY, limit->count);
    case PER_WEEK:
        return in_words(ask, SAY_REASON_LIMIT_WEEK, limit->count);
    case PER_MONTH:
        break;
    }
    return in_words(ask, SAY_REASON_LIMIT_MONTH, limit->count);
}

static enum verdict gate_limit(struct ask *ask, const char **why)
{
    for (int i = 0; i < ask->rule->limit_count && !*why; i++) {
        const struct limit *limit = &ask->rule->limits[i];
        int used = limit->per == PER_DEAL ? times_on_deal(ask) : times_in(ask, limit->per);
        if (used >= limit->count)
            *why = limit_words(ask, limit);
    }
    return *why ? REFUSE : PASS;
}

static enum verdict gate_cooldown(struct ask *ask, const char **why)
{
    const struct uses *uses = person_use(ask->rep, ask->rule->id);
    msec_t last = uses ? uses->last : MSEC_NONE;
    msec_t hushed = person_hush_last(ask->rep, ask->rule->id);
    last = hushed > last ? hushed : last;
    if (!ask->rule->cooldown || last == MSEC_NONE || ask->now >= last + ask->rule->cooldown)
        return PASS;
    *why = in_words(ask, SAY_REASON_COOLDOWN, day_of(ask, ask->rep, last + ask->rule->cooldown));
    return REFUSE;
}

/* A rule that has paused itself, or has not come to this rep by then, silences nobody. */
static bool may_speak(const struct ask *ask, const struct rule *rule, msec_t at)
{
    return !trial_paused(ask->core, rule) && ramp_turn(ask->core, rule, ask->rep, at) == MSEC_NONE;
}

/* A harder step is for whom somebody has talked with lately, or who has asked for it. */
static enum verdict gate_trust(struct ask *ask, const char **why)
{
    if (!ask->rule->stretch)
        return NO_MATTER;
    *why = stretch_distrust(ask->rule, ask->rep, ask->now, &ask->step->arena);
    return *why ? REFUSE : PASS;
}

/* A programme begins with its manager. */
static enum verdict gate_start(struct ask *ask, const char **why)
{
    if (!ask->rule->plugin->programme || ask->rule->to != TO_REP)
        return NO_MATTER;
    *why = programme_missing(ask->core, ask->rule, ask->rep, &ask->step->arena);
    return *why ? REFUSE : PASS;
}

static enum verdict gate_unlock(struct ask *ask, const char **why)
{
    if (!ask->rule->unlock)
        return NO_MATTER;
    *why = unlock_missing(ask->rule, ask->rep, ask->now, &ask->step->arena);
    return *why ? REFUSE : PASS;
}

/* A share that is behind, and can use the slot, has it. */
static enum verdict gate_mix(struct ask *ask, const char **why)
{
    if (!ask->coaching || !ask->core->book->limits.mix.on)
        return NO_MATTER;
    const char *share = mix_prefers(ask->core, ask->step, ask->candidate, ask->to);
    if (share)
        *why = in_words(ask, SAY_REASON_MIX, share);
    return *why ? REFUSE : PASS;
}

/* A stronger rule that waits about the same deal, or spoke about it today, silences this one. */
static enum verdict gate_inhibit(struct ask *ask, const char **why)
{
    const struct rule *strong = NULL;
    for (int i = 0; ask->deal && i < ask->deal->pending_count && !strong; i++) {
        const struct pending *pending = ask->deal->pending[i];
        if (pending->kind != PENDING_PLAN && pending->rep == ask->rep &&
            rule_inhibits(pending->rule, ask->rule) &&
            may_speak(ask, pending->rule, pending->timer.due))
            strong = pending->rule;
    }
    for (size_t i = ask->rep->sent_count; i-- > 0 && !strong;) {
        const struct sent *sent = &ask->rep->sents[i];
        if (sent->at < ask->now - 2 * MSEC_DAY)
            break;
        const struct rule *rule = sent->known;
        if (rule && sent->deal == ask->deal && rule_inhibits(rule, ask->rule) &&
            person_day(ask->rep, sent->at) == person_day(ask->rep, ask->now))
            strong = rule;
    }
    if (!strong)
        return PASS;
    *why = in_words(ask, SAY_REASON_SILENCED, strong->id);
    return REFUSE;
}

static enum verdict ramp_at(struct ask *ask, msec_t at, const char **why)
{
    msec_t turn = ramp_turn(ask->core, ask->rule, ask->rep, at);
    if (turn == MSEC_NONE)
        return PASS;
    *why = in_words(ask, SAY_REASON_RAMP, day_of(ask, ask->rep, turn));
    return REFUSE;
}

static enum verdict gate_ramp(struct ask *ask, const char **why)
{
    return ramp_at(ask, ask->now, why);
}

/* One voice at a time: of the rules that want a person at one moment the first by priority speaks.
 */
static enum verdict gate_priority(struct ask *ask, const char **why)
{
    if (ask->to->busy != ask->core->steps || ask->rule->alert)
        return PASS;
    *why = say(ask,
               ask->to->hushed == ask->core->steps ? SAY_REASON_KEPT_SILENT : SAY_REASON_ONE_VOICE);
    return REFUSE;
}

static const struct gate {
    const char *name;
    enum verdict (*ask)(struct ask *, const char **why);
} gates[] = {
    {"paused_rule", gate_paused_rule},
    {"consent", gate_consent},
    {"late", gate_late},
    {"leave", gate_leave},
    {"stage", gate_stage},
    {"hours", gate_hours},
    {"cool_off", gate_cool_off},
    {"conversation", gate_conversation},
    {"back_off", gate_backoff},
    {"caps", gate_caps},
    {"limit", gate_limit},
    {"cooldown", gate_cooldown},
    {"start", gate_start},
    {"unlock", gate_unlock},
    {"trust", gate_trust},
    {"mix", gate_mix},
    {"inhibit", gate_inhibit},
    {"ramp", gate_ramp},
    {"priority", gate_priority},
};

/* Of one person, whatever the rule and its event. */
static const char *const person_gates[] = {"consent",      "leave",    "hours", "cool_off",
                                           "conversation", "back_off", "caps"};

static bool is_person_gate(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(person_gates); i++) {
        if (str_eq(person_gates[i], name))
            return true;
    }
    return false;
}

bool decide_may_ask(struct core *core, struct step *step, const struct rule *rule,
                    struct person *person, msec_t *ret_later)
{
    const struct candidate c = {.rule = rule, .rep = person, .occurrence = ""};
    struct ask ask = {.core = core,
                      .step = step,
                      .candidate = &c,
                      .rule = rule,
                      .rep = person,
                      .to = person,
                      .coaching = rule->action->counts && !rule->alert,
                      .now = step->now};
    for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
        const char *why = NULL;
        enum verdict verdict = is_person_gate(gates[i].name) ? gates[i].ask(&ask, &why) : PASS;
        if (verdict == HOLD)
            *ret_later = ask.hold_until;
        if (verdict != PASS)
            return false;
    }
    return true;
}

bool decide_is_spent(struct core *core, struct step *step, const struct rule *rule,
                     struct person *rep)
{
    static enum verdict (*const own[])(struct ask *, const char **) = {
        gate_paused_rule, gate_consent, gate_limit, gate_cooldown,
        gate_start,       gate_unlock,  gate_trust, gate_ramp};
    const struct candidate c = {.rule = rule, .rep = rep, .occurrence = ""};
    struct ask ask = {.core = core,
                      .step = step,
                      .candidate = &c,
                      .rule = rule,
                      .rep = rep,
                      .to = rep,
                      .now = step->now};
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        const char *why = NULL;
        if (own[i](&ask, &why) == REFUSE)
            return true;
    }
    return false;
}

/* Names are copied: the step may free what it decides about. Where decisions are only counted they
 * are not read. */
static const char *name_of(struct step *step, const char *name)
{
    return step->wordless ? name : arena_strdup(&step->arena, name);
}

/* The gates are noted as they are asked; to clear the room for all of them costs more than most
 * decisions write into it. */
static void decision_begin(struct step *step, const struct candidate *c, struct decision *ret)
{
    memset(ret, 0, offsetof(struct decision, gates));
    ret->at = step->now;
    ret->rep = name_of(step, c->rep->id);
    ret->rule = c->rule->id;
    ret->known = c->rule;
    ret->occurrence = name_of(step, c->occurrence);
    ret->deal = c->deal ? name_of(step, c->deal->id) : NULL;
    ret->variant = -1;
    ret->send_at = MSEC_NONE;
}

void decide_note(struct step *step, const struct candidate *candidate, const char *outcome,
                 const char *gate, const char *why)
{
    struct decision decision;
    decision_begin(step, candidate, &decision);
    decision.outcome = outcome;
    decision.gates[decision.gate_count++] = (struct gate_note){gate, false, name_of(step, why)};
    step_note(step, &decision);
}

/* What the ramp will not let pass at the end of the hold either is not held: it would silence
 * others for nothing. */
static enum verdict hold_or_not(struct ask *ask, struct gate_note *last)
{
    const char *why = NULL;
    if (ramp_at(ask, ask->hold_until, &why) == REFUSE)
        *last = (struct gate_note){"ramp", false, why};
    return why ? REFUSE : HOLD;
}

/* Walks the gates; the notes go into `trace`, of the open ones only where somebody reads them. */
static enum verdict walk(struct ask *ask, struct decision *trace)
{
    const bool terse = ask->step->wordless;
    for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
        const char *why = NULL;
        enum verdict verdict = gates[i].ask(ask, &why);
        if (verdict == NO_MATTER || (terse && verdict == PASS))
            continue;
        trace->gates[trace->gate_count++] = (struct gate_note){gates[i].name, verdict == PASS, why};
        if (verdict == HOLD)
            return hold_or_not(ask, &trace->gates[trace->gate_count - 1]);
        if (verdict != PASS)
            return verdict;
    }
    return PASS;
}

static const char *refusal(const struct ask *ask, const struct decision *trace)
{
    const char *gate = trace->gates[trace->gate_count - 1].gate;
    if (str_eq(gate, "late") || str_eq(gate, "stage"))
        return "expired";
    if (str_eq(gate, "hours") || str_eq(gate, "cool_off"))
        return ask->rule->quiet == QUIET_DROP ? "suppressed" : "expired";
    return "suppressed";
}

static bool still_holds(struct step *step, const struct candidate *c, const struct scope *scope)
{
    if (c->held && missing_is_met(scope->core, c, step->now)) {
        decide_note(step, c, "cancelled", "missing", SAY_REASON_HAPPENED_MEANWHILE);
        return false;
    }
    if (cond_holds(c->rule->cond, scope))
        return true;
    if (c->held || c->waited)
        decide_note(step, c, "cancelled", "if",
                    c->held || c->rule->point == POINT_AT ? SAY_REASON_CONDITIONS_GONE
                                                          : SAY_REASON_CONDITIONS);
    return false;
}

/* The wait begins when the event happened, not when it was heard of. */
static void start_waiting(struct core *core, struct step *step, const struct candidate *c)
{
    msec_t since = c->event ? c->event->time : step->now;
    msec_t due = c->rule->wait_working ? person_add_working(core, c->rep, since, c->rule->wait)
                                       : since + c->rule->wait;
    if (due < step->now - core->book->limits.late_at_most)
        decide_note(step, c, "expired", "late", SAY_REASON_EVENT_LATE);
    else if (pending_is_over(core, step, c))
        decide_note(step, c, "cancelled", "unless", SAY_REASON_WAIT_OVER);
    else
        pending_start(core, step, c, PENDING_WAIT, since, due < step->now ? step->now : due);
}

static void decide_one(struct core *core, struct step *step, const struct candidate *c)
{
    struct scope scope = {.core = core,
                          .event = c->event,
                          .rep = c->rep,
                          .deal = c->deal,
                          .rule = c->rule,
                          .now = step->now,
                          .arena = &step->arena};
    if (!still_holds(step, c, &scope))
        return;
    if (c->rule->wait && !c->waited && !c->held) {
        start_waiting(core, step, c);
        return;
    }
    struct candidate turned = *c;
    if (peer_redirects(c->rule)) { /* from here on about nobody: no event, no deal, no rep */
        turned.rep = peer_receiver(core, step, c);
        turned.deal = NULL;
        scope = (struct scope){.core = core,
                               .rep = turned.rep,
                               .rule = c->rule,
                               .now = step->now,
                               .arena = &step->arena};
        c = &turned;
    }
    if (!c->rep)
        return;
    struct ask ask = {.core = core,
                      .step = step,
                      .candidate = c,
                      .rule = c->rule,
                      .rep = c->rep,
                      .to = person_receiver(core, c->rule, c->rep),
                      .deal = c->deal,
                      .now = step->now};
    scope.reader = ask.to;
    if (!ask.to) {
        decide_note(step, c, "suppressed", "receiver", SAY_REASON_NO_MANAGER);
        return;
    }
    ask.card = c->rule->action == &action_praise && !c->rule->via_bot;
    ask.coaching = is_coaching(&ask, c->rule) && !ask.to->is_team;
    struct draft draft = {.variant = -1, .arena = &step->arena, .occurrence = c->occurrence};
    struct decision trace;
    decision_begin(step, c, &trace);
    enum verdict verdict = walk(&ask, &trace);
    /* what has nothing to say is neither said nor held: a hold would silence others for nothing */
    const char *empty = verdict == REFUSE ? NULL : trial_compose(core, c, &scope, &draft, &ask.arm);
    if (empty || verdict == PASS)
        trace.gates[trace.gate_count++] = (struct gate_note){"evidence", !empty, empty};
    if (verdict == HOLD && !empty) {
        decide_hold(&ask, &trace);
        return;
    }
    if (verdict == PASS && !empty) {
        decide_act(&ask, &scope, &draft, &trace);
        return;
    }
    trace.outcome = refusal(&ask, &trace);
    step_note(step, &trace);
    if (ask.coaching)
        mix_wanted(core, step, c, ask.to, &trace);
}

void decide_all(struct core *core, struct step *step, struct candidate *list, size_t count)
{
    core->steps++;
    if (count > 1)
        mix_order(core, step, list, count);
    for (size_t i = 0; i < count; i++)
        decide_one(core, step, &list[i]);
}
