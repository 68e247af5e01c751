/* From a decision point to a decision: the gates, in the order the rule language promises. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/ahead.h"
#include "core/learn.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/suggest.h"
#include "core/talk.h"

/* What the gates look at. */
struct ask {
    struct core *core;
    struct step *step;
    const struct candidate *candidate;
    const struct rule *rule;
    struct person *rep, *to;
    struct deal *deal;
    bool coaching; /* counts against the coaching caps of `to` */
    bool card;
    msec_t now;
    msec_t hold_until;     /* set by a gate that says HOLD */
    const struct arm *arm; /* on which the experiment's coin has fallen, or NULL */
};

enum verdict { PASS, REFUSE, HOLD };

static const char *say(struct ask *ask, const char *text)
{
    return arena_strdup(&ask->step->arena, text);
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
        *why = say(ask, "no longer here");
    else if (ask->now < until)
        *why = until == MSEC_NEVER ? say(ask, "paused")
                                   : arena_printf(&ask->step->arena, "paused until %s",
                                                  render_date(to, until, &ask->step->arena));
    const char *unwanted = person_unwanted(to, ask->rule);
    if (unwanted && !*why)
        *why = say(ask, unwanted);
    return *why ? REFUSE : PASS;
}

/* An event that arrives long after it happened decides nothing: its moment is over. */
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
        *why = say(ask, "the event arrived too late");
    else if (ask->deal && c->event->type == EVENT_DEAL_STAGE_CHANGED &&
             ask->deal->stamps[DEAL_STAGE].time > c->event->time)
        *why = say(ask, "a later stage of the deal is known already");
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
        *why = arena_printf(&ask->step->arena, "begins on %s", ask->to->def->joined);
        return REFUSE;
    }
    if (until == MSEC_NONE)
        return PASS;
    *why = until == MSEC_NEVER ? say(ask, "away")
                               : arena_printf(&ask->step->arena, "away until %s",
                                              render_date(ask->to, until, &ask->step->arena));
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
    *why = say(ask, "the deal has moved on meanwhile");
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
    struct arena *arena = &ask->step->arena;
    const struct limits *limits = &ask->core->book->limits;
    if (ask->rule->quiet == QUIET_DROP || ask->rule->quiet == QUIET_EXPIRE) {
        *why = say(ask, reason);
        return REFUSE;
    }
    msec_t began = ask->candidate->held ? ask->candidate->held->since : ask->now;
    msec_t latest = person_working_end(
        ask->core, ask->to, person_add_working(ask->core, ask->to, began, limits->hold_at_most));
    if (until != MSEC_NEVER && ahead_too_late(ask->candidate, until)) {
        *why = arena_printf(arena, "%s, and when that is over it will have begun", reason);
        return REFUSE;
    }
    if (until == MSEC_NEVER || until > latest) {
        *why = arena_printf(arena, "%s, and waiting would take more than a working day", reason);
        return REFUSE;
    }
    *why = arena_printf(arena, "%s; held until %s %s", reason, render_date(ask->to, until, arena),
                        render_time(ask->to, until, arena));
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
    return next == ask->now ? PASS
                            : quiet(ask, next,
                                    own_quiet ? "in the quiet hours of their own choice"
                                              : "outside working hours",
                                    why);
}

/* After a lost deal the rep hears nothing from us before the next working morning. */
static enum verdict gate_cool_off(struct ask *ask, const char **why)
{
    struct person *rep = ask->rep;
    if (!ask->core->book->limits.cool_off || ask->to != rep || ask->rule->alert ||
        rep->last_loss == MSEC_NONE || rep->last_loss > ask->now)
        return PASS;
    msec_t morning = person_cool_end(ask->core, rep);
    return ask->now >= morning ? PASS : quiet(ask, morning, "a deal was lost just now", why);
}

static enum verdict gate_conversation(struct ask *ask, const char **why)
{
    int open = 0;
    const struct talk *talk = talk_open_with(ask->to);
    if (!ask->coaching ||
        (!ask->rule->questions && !ask->rule->flow && ask->rule->action != &action_suggest))
        return PASS;
    if (talk && ask->rule->flow && talk->flow == ask->rule->flow)
        return PASS;                                /* it goes on where it is */
    for (int i = 0; i < ask->to->prompt_count; i++) /* what may be ignored keeps nothing away */
        open +=
            ask->to->prompts[i]->kind < PROMPT_OFFER && ask->to->prompts[i]->kind != PROMPT_CARD;
    if (open < ask->core->book->limits.open_conversations)
        return PASS;
    *why = say(ask, talk ? "another talk is still open" : "another question is still open");
    return REFUSE;
}

static enum verdict gate_backoff(struct ask *ask, const char **why)
{
    if (!ask->coaching || ask->to->backoff == BACKOFF_NONE)
        return PASS;
    *why = say(ask, "the last questions went unanswered; waiting for a sign");
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
        bool then = sent->received && sent->at < until;
        const struct rule *rule = then ? book_rule(ask->core->book, sent->rule) : NULL;
        count += rule && counts(ask, rule);
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
        return arena_printf(&ask->step->arena, "at most %d a week for now", cap);
    return cap == 1 ? "asked for at most one a week"
                    : arena_printf(&ask->step->arena, "asked for at most %d a week", cap);
}

static enum verdict gate_caps(struct ask *ask, const char **why)
{
    const struct limits *limits = &ask->core->book->limits;
    struct arena *arena = &ask->step->arena;
    if (ask->to->is_team && sent_in(ask, false, is_any) >= TEAM_MESSAGES_PER_DAY)
        *why = arena_printf(arena, "the team has had its message of the day");
    if (ask->rule->alert || ask->to->is_team)
        return *why ? REFUSE : PASS;
    if (is_manager_digest(ask, ask->rule) &&
        sent_in(ask, false, is_manager_digest) >= limits->digests_per_day)
        *why = arena_printf(arena, "already %d digests today", limits->digests_per_day);
    if (ask->coaching) {
        if (sent_in(ask, false, is_coaching) >= limits->prompts_per_day)
            *why = arena_printf(arena, "already %d today", limits->prompts_per_day);
        else if (sent_in(ask, true, is_family) >= limits->prompts_per_family_week)
            *why = arena_printf(arena, "already %d of this kind this week",
                                limits->prompts_per_family_week);
        else
            *why = over_own_cap(ask);
    } else if (ask->card && sent_in(ask, false, is_card) >= limits->cards_per_day) {
        *why = arena_printf(arena, "already %d cards today", limits->cards_per_day);
    } else if (is_bot_praise(ask, ask->rule) &&
               sent_in(ask, false, is_bot_praise) >= limits->praise_per_day) {
        *why = arena_printf(arena, "already praised %d times today", limits->praise_per_day);
    }
    return *why ? REFUSE : PASS;
}

static int month_of(const struct person *person, msec_t t)
{
    struct civil c;
    tz_local(person->tz, t, &c);
    return c.year * 12 + c.month;
}

static bool in_same(const struct ask *ask, enum limit_per per, msec_t at)
{
    const struct person *rep = ask->rep;
    if (per == PER_DAY)
        return person_day(rep, at) == person_day(rep, ask->now);
    if (per == PER_WEEK)
        return person_week(rep, at) == person_week(rep, ask->now);
    return month_of(rep, at) == month_of(rep, ask->now);
}

/* What an experiment kept back counts too: else the coin would be tossed until it says yes. */
static int times_in(const struct ask *ask, enum limit_per per)
{
    const struct person *rep = ask->rep;
    int count = 0;
    for (size_t i = 0; i < rep->sent_count; i++)
        count += str_eq(rep->sents[i].rule, ask->rule->id) && in_same(ask, per, rep->sents[i].at);
    for (int i = 0; i < rep->hush_count; i++)
        count += str_eq(rep->hushes[i].rule, ask->rule->id) && in_same(ask, per, rep->hushes[i].at);
    return count;
}

static int times_on_deal(const struct ask *ask)
{
    const struct uses *uses = ask->deal ? deal_use(ask->deal, ask->rule->id) : NULL;
    return (uses ? uses->count : 0) + (ask->deal ? deal_hush_count(ask->deal, ask->rule->id) : 0);
}

static enum verdict gate_limit(struct ask *ask, const char **why)
{
    static const char *const per[] = {"deal", "day", "week", "month"};
    for (int i = 0; i < ask->rule->limit_count && !*why; i++) {
        const struct limit *limit = &ask->rule->limits[i];
        int used = limit->per == PER_DEAL ? times_on_deal(ask) : times_in(ask, limit->per);
        if (used >= limit->count)
            *why = arena_printf(&ask->step->arena, "limit of %d per %s", limit->count,
                                per[limit->per]);
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
    *why = arena_printf(&ask->step->arena, "cooling down until %s",
                        render_date(ask->rep, last + ask->rule->cooldown, &ask->step->arena));
    return REFUSE;
}

static bool inhibits(const struct rule *strong, const struct rule *weak)
{
    for (int i = 0; i < strong->inhibit_count; i++) {
        if (strong->inhibits[i] == weak->index)
            return true;
    }
    return false;
}

/* A rule that has paused itself, or has not come to this rep by then, silences nobody. */
static bool may_speak(const struct ask *ask, const struct rule *rule, msec_t at)
{
    return !trial_paused(ask->core, rule) && ramp_turn(ask->core, rule, ask->rep, at) == MSEC_NONE;
}

/* A stronger rule that waits about the same deal, or spoke about it today, silences this one. */
static enum verdict gate_inhibit(struct ask *ask, const char **why)
{
    const struct rule *strong = NULL;
    for (int i = 0; ask->deal && i < ask->deal->pending_count && !strong; i++) {
        const struct pending *pending = ask->deal->pending[i];
        if (pending->kind != PENDING_PLAN && pending->rep == ask->rep &&
            inhibits(pending->rule, ask->rule) && may_speak(ask, pending->rule, pending->timer.due))
            strong = pending->rule;
    }
    for (size_t i = ask->rep->sent_count; i-- > 0 && !strong;) {
        const struct sent *sent = &ask->rep->sents[i];
        if (sent->at < ask->now - 2 * MSEC_DAY)
            break;
        const struct rule *rule = book_rule(ask->core->book, sent->rule);
        if (rule && sent->deal == ask->deal && inhibits(rule, ask->rule) &&
            person_day(ask->rep, sent->at) == person_day(ask->rep, ask->now))
            strong = rule;
    }
    if (!strong)
        return PASS;
    *why = arena_printf(&ask->step->arena, "silenced by %s", strong->id);
    return REFUSE;
}

static enum verdict ramp_at(struct ask *ask, msec_t at, const char **why)
{
    msec_t turn = ramp_turn(ask->core, ask->rule, ask->rep, at);
    if (turn == MSEC_NONE)
        return PASS;
    *why = arena_printf(&ask->step->arena, "this rule set is new; your turn is on %s",
                        render_date(ask->rep, turn, &ask->step->arena));
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
    *why = say(ask, ask->to->hushed == ask->core->steps ? "an experiment keeps this moment silent"
                                                        : "another rule spoke at the same moment");
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

static struct decision decision_of(struct step *step, const struct candidate *c)
{
    return (struct decision){
        .at = step->now,
        .rep = arena_strdup(&step->arena, c->rep->id),
        .rule = c->rule->id,
        .occurrence = arena_strdup(&step->arena, c->occurrence),
        .deal = c->deal ? arena_strdup(&step->arena, c->deal->id) : NULL,
        .variant = -1,
        .send_at = MSEC_NONE,
    };
}

void decide_note(struct step *step, const struct candidate *candidate, const char *outcome,
                 const char *gate, const char *why)
{
    struct decision decision = decision_of(step, candidate);
    decision.outcome = outcome;
    decision.gates[decision.gate_count++] =
        (struct gate_note){gate, false, arena_strdup(&step->arena, why)};
    step_add(step, INTENT_NOTE)->note = decision;
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

/* Walks the gates; the notes go into `trace`. */
static enum verdict walk(struct ask *ask, struct decision *trace)
{
    for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
        const char *why = NULL;
        enum verdict verdict = gates[i].ask(ask, &why);
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

/* In words, for why. */
static const char *because(const struct scope *scope, const struct candidate *c)
{
    struct arena *arena = scope->arena;
    const struct event *e = scope->event;
    const struct core *core = scope->core;
    const struct person *to = scope_reader(scope);
    if (c->rule->point != POINT_AT)
        return ahead_because(scope, c);
    const char *deal = scope->deal ? deal_label(scope->deal) : "it";
    if (peer_redirects(scope->rule)) /* never what happened to whom */
        return peer_reason(scope->rule);
    if (!e)
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_SCHEDULE),
                            render_date(scope->rep, scope->now, arena),
                            render_time(scope->rep, scope->now, arena));
    const char *when =
        arena_printf(arena, say_to(core, to, SAY_AT), render_date(scope->rep, e->time, arena),
                     render_time(scope->rep, e->time, arena));
    const struct stage_def *stage = book_stage(scope->core->book, e->to);
    switch ((int)e->type) {
    case EVENT_DEAL_STAGE_CHANGED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_STAGE), deal,
                            stage   ? stage->name
                            : e->to ? e->to
                                    : say_to(core, to, SAY_ANOTHER_STAGE),
                            when);
    case EVENT_DEAL_LOST:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_LOST), deal, when);
    case EVENT_DEAL_WON:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_WON), deal, when);
    case EVENT_ACTIVITY_LOGGED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_ACTIVITY),
                            e->kind ? e->kind : "step", when);
    case EVENT_GATE_COMPLETED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_GATE), deal, when);
    default:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_EVENT), event_type_name(e->type),
                            deal, when);
    }
}

/* What a speaking rule silences: its waits and holds about the same deal end. */
static void silence(struct ask *ask)
{
    for (int i = 0; ask->deal && i < ask->deal->pending_count;) {
        struct pending *pending = ask->deal->pending[i];
        if (pending->kind == PENDING_PLAN || pending->rep != ask->rep ||
            pending == ask->candidate->held || !inhibits(ask->rule, pending->rule)) {
            i++;
            continue;
        }
        struct candidate weak = {.rule = pending->rule,
                                 .rep = pending->rep,
                                 .deal = pending->deal,
                                 .occurrence = pending->occurrence};
        decide_note(ask->step, &weak, "cancelled", "inhibit",
                    arena_printf(&ask->step->arena, "silenced by %s", ask->rule->id));
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
    step_add(ask->step, INTENT_NOTE)->note = *trace;
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
}

/* The coin fell on silence. The moment is used as if the rule had spoken, and so are its own limit
 * and cooldown: it would be tossed again otherwise until it falls the other way. What counts
 * messages (the person's caps, open conversations) and what they silence stays as it was. */
static void keep_silent(struct ask *ask, struct decision *trace)
{
    trace->outcome = "suppressed";
    ask->to->busy = ask->to->hushed = ask->core->steps;
    step_add(ask->step, INTENT_NOTE)->note = *trace;
    person_hush_add(ask->core, ask->rep, ask->rule->id, ask->now);
    if (ask->deal)
        deal_hush_add(ask->core, ask->deal, ask->rule->id, ask->now);
}

/* All gates have let it pass, and there is something to say. */
static void act(struct ask *ask, const struct scope *scope, const struct draft *draft,
                struct decision *trace)
{
    const struct arm *arm = ask->arm;
    bool silent = arm && arm->kind == ARM_NOTHING;
    trace->p = draft->p;
    if (arm) {
        trace->arm = arm->name;
        trace->p = arm->p;
        trace->gates[trace->gate_count++] = (struct gate_note){
            "coin", !silent, silent ? "the experiment's coin says nothing" : NULL};
    }
    if (silent)
        keep_silent(ask, trace);
    else
        speak(ask, scope, draft, trace);
    if (arm)
        trial_open(ask->core, ask->step, ask->candidate, arm);
}

static void hold(struct ask *ask, struct decision *trace)
{
    const struct candidate *c = ask->candidate;
    trace->outcome = "held";
    trace->send_at = ask->hold_until;
    ask->to->busy = ask->core->steps;
    silence(ask);
    step_add(ask->step, INTENT_NOTE)->note = *trace;
    pending_start(ask->core, ask->step, c, PENDING_HOLD, c->held ? c->held->since : ask->now,
                  ask->hold_until);
}

static bool still_holds(struct step *step, const struct candidate *c, const struct scope *scope)
{
    if (c->held && missing_is_met(scope->core, c, step->now)) {
        decide_note(step, c, "cancelled", "missing", "it has happened meanwhile");
        return false;
    }
    if (cond_holds(c->rule->cond, scope, NULL))
        return true;
    if (c->held || c->waited)
        decide_note(step, c, "cancelled", "if",
                    c->held || c->rule->point == POINT_AT ? "the conditions do not hold any more"
                                                          : "the conditions do not hold");
    return false;
}

/* The wait begins when the event happened, not when it was heard of. */
static void start_waiting(struct core *core, struct step *step, const struct candidate *c)
{
    msec_t since = c->event ? c->event->time : step->now;
    msec_t due = c->rule->wait_working ? person_add_working(core, c->rep, since, c->rule->wait)
                                       : since + c->rule->wait;
    if (due < step->now - core->book->limits.late_at_most)
        decide_note(step, c, "expired", "late", "the event arrived too late");
    else if (pending_is_over(core, step, c))
        decide_note(step, c, "cancelled", "unless", "what it was waiting for has happened");
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
        decide_note(step, c, "suppressed", "receiver", "nobody is named as the manager");
        return;
    }
    ask.card = c->rule->action == &action_praise && !c->rule->via_bot;
    ask.coaching = is_coaching(&ask, c->rule) && !ask.to->is_team;
    struct draft draft = {.variant = -1, .arena = &step->arena, .occurrence = c->occurrence};
    struct decision trace = decision_of(step, c);
    enum verdict verdict = walk(&ask, &trace);
    /* what has nothing to say is neither said nor held: a hold would silence others for nothing */
    const char *empty = verdict == REFUSE ? NULL : trial_compose(core, c, &scope, &draft, &ask.arm);
    if (empty || verdict == PASS)
        trace.gates[trace.gate_count++] = (struct gate_note){"evidence", !empty, empty};
    if (verdict == HOLD && !empty) {
        hold(&ask, &trace);
        return;
    }
    if (verdict == PASS && !empty) {
        act(&ask, &scope, &draft, &trace);
        return;
    }
    trace.outcome = refusal(&ask, &trace);
    step_add(step, INTENT_NOTE)->note = trace;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->rule->priority != y->rule->priority)
        return y->rule->priority - x->rule->priority;
    int order = strcmp(x->rule->id, y->rule->id);
    if (!order)
        order = strcmp(x->rep->id, y->rep->id);
    if (!order && x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return order ? order : str_cmp(x->occurrence, y->occurrence);
}

void decide_all(struct core *core, struct step *step, struct candidate *list, size_t count)
{
    core->steps++;
    if (count > 1)
        qsort(list, count, sizeof(*list), compare_candidates);
    for (size_t i = 0; i < count; i++)
        decide_one(core, step, &list[i]);
}
