/* The mix: of several rules that want one person, or one slot a day, the choice keeps the shares.
 *
 * A share is behind when one more prompt of another kind would leave it below what was asked for.
 * It gets a slot only where it can use it: a rule of its kind is due later that day, or one has
 * spoken or found no room in the last days. So nobody is kept silent for the sake of a share that
 * never speaks. */
#include "core/mix.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "core/course.h"
#include "core/phrases_reasons.h"

enum {
    WANTED_DAYS = 3,         /* so long a share that had something to say is waited for */
    WANTED_AGAIN_HOURS = 12, /* and so often that is written down */
    LOST_AFTER = 2,          /* times the typical stay, without a sign of the customer */
    LOST_AFTER_UNGATED = 3,  /* the same in a stage without gates */
    WON_FROM_ORDER = 3       /* propose and later */
};

static const char *const share_words[MIX_SHARES] = {
    SAY_REASON_MIX_SKILL,       SAY_REASON_MIX_OPPORTUNITY, SAY_REASON_MIX_OF_SKILL,
    SAY_REASON_MIX_OF_ACTIVITY, SAY_REASON_MIX_MENTAL,      SAY_REASON_MIX_PURPOSE,
    SAY_REASON_MIX_CONTESTED};

#define TRAIT(share) (1u << (share))
#define TRAIT_DEAL   TRAIT(MIX_SHARES)

/* --- what a prompt is --- */

enum deal_chance deal_chance(const struct core *core, const struct deal *deal, msec_t now)
{
    const struct stage_def *stage = book_stage(core->book, deal->texts[DEAL_STAGE]);
    if (!stage || !deal_is_open(deal))
        return CHANCE_OVER;
    msec_t age = now - deal->stamps[DEAL_STAGE].time;
    int done = 0;
    for (int i = 0; i < stage->gate_count; i++) {
        const struct gate_mark *mark = deal_gate(deal, stage->gates[i].customer);
        done += mark && mark->done;
    }
    msec_t patience = stage->typical * (stage->gate_count ? LOST_AFTER : LOST_AFTER_UNGATED);
    if (stage->typical && !done && age > patience)
        return CHANCE_LOST_LIKELY;
    bool in_time = !stage->typical || age <= stage->typical;
    return stage->gate_count && done == stage->gate_count && in_time &&
                   stage->order >= WON_FROM_ORDER
               ? CHANCE_WON_LIKELY
               : CHANCE_CONTESTED;
}

static unsigned kind_trait(enum question_kind kind)
{
    static const enum mix_share shares[] = {[KIND_SKILL] = MIX_KIND_SKILL,
                                            [KIND_ACTIVITY] = MIX_KIND_ACTIVITY,
                                            [KIND_BELIEF] = MIX_KIND_MENTAL,
                                            [KIND_DRIVE] = MIX_KIND_MENTAL,
                                            [KIND_PURPOSE] = MIX_KIND_PURPOSE};
    return TRAIT(shares[kind]);
}

static unsigned area_trait(const struct rule *rule)
{
    return TRAIT(rule->area == AREA_SKILL ? MIX_AREA_SKILL : MIX_AREA_OPPORTUNITY);
}

static unsigned deal_traits(const struct core *core, const struct deal *deal, msec_t now)
{
    enum deal_chance chance = deal ? deal_chance(core, deal, now) : CHANCE_OVER;
    if (chance == CHANCE_OVER)
        return 0;
    return TRAIT_DEAL | (chance == CHANCE_CONTESTED ? TRAIT(MIX_CONTESTED) : 0);
}

/* Of a rule that has not chosen yet: a kind only where all of its questions are of it. */
static unsigned rule_traits(const struct rule *rule)
{
    unsigned kinds = 0;
    for (int i = 0; i < rule->question_count; i++)
        kinds |= kind_trait(rule->questions[i]->kind);
    bool one = kinds && !(kinds & (kinds - 1));
    return area_trait(rule) | (one ? kinds : 0);
}

static unsigned traits_of(const struct core *core, const struct candidate *c, msec_t now)
{
    return rule_traits(c->rule) | deal_traits(core, c->deal, now);
}

/* --- how far behind --- */

static const int *percents(const struct core *core)
{
    const struct mix *mix = &core->book->limits.mix;
    return mix->shares[mix->mode].percent;
}

/* In hundredths of a prompt: what the share would lack after one more of another kind; 0 or less:
 * nothing. */
static int lack_of(const struct core *core, const struct course *course, enum mix_share share,
                   msec_t now)
{
    msec_t from = now - core->book->limits.mix.window;
    int all = 0, own = 0;
    for (int i = 0; course && i < course->asked_count; i++) {
        const struct asked *asked = &course->asked[i];
        if (asked->at <= from || (share == MIX_CONTESTED && !(asked->traits & TRAIT_DEAL)))
            continue;
        all++;
        own += (asked->traits & TRAIT(share)) != 0;
    }
    return percents(core)[share] * (all + 1) - 100 * own;
}

/* The most that any share the prompt would be of lacks. */
static int most_lacking(const struct core *core, const struct course *course, unsigned traits,
                        msec_t now)
{
    int most = 0;
    for (int share = 0; share < MIX_SHARES; share++) {
        if (!percents(core)[share] || !(traits & TRAIT(share)))
            continue;
        int lack = lack_of(core, course, (enum mix_share)share, now);
        most = lack > most ? lack : most;
    }
    return most;
}

/* --- the order of one moment --- */

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->rule->priority != y->rule->priority)
        return y->rule->priority - x->rule->priority;
    int order = x->rule->index - y->rule->index; /* as their ids */
    if (!order)
        order = strcmp(x->rep->id, y->rep->id);
    if (!order && x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return order ? order : str_cmp(x->occurrence, y->occurrence);
}

struct ranked {
    struct candidate candidate;
    int lack;
    size_t place;
};

static int by_lack(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int px = x->candidate.rule->priority, py = y->candidate.rule->priority;
    if (px != py)
        return py - px;
    if (x->lack != y->lack)
        return y->lack - x->lack;
    return x->place < y->place ? -1 : 1;
}

/* Two or three at a time, nearly always. */
static void sort_candidates(struct candidate *list, size_t count)
{
    enum { FEW = 16 };
    if (count > FEW)
        qsort(list, count, sizeof(*list), compare_candidates);
    for (size_t i = 1; i < count && count <= FEW; i++) {
        if (compare_candidates(&list[i - 1], &list[i]) <= 0)
            continue;
        const struct candidate one = list[i];
        size_t place = i;
        for (; place > 0 && compare_candidates(&list[place - 1], &one) > 0; place--)
            list[place] = list[place - 1];
        if (place < i)
            list[place] = one;
    }
}

void mix_order(const struct core *core, struct step *step, struct candidate *list, size_t count)
{
    sort_candidates(list, count);
    if (!core->book->limits.mix.on)
        return;
    struct ranked *ranked = arena_alloc(&step->arena, count * sizeof(*ranked));
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){list[i],
                                    most_lacking(core, list[i].rep->course,
                                                 traits_of(core, &list[i], step->now), step->now),
                                    i};
    qsort(ranked, count, sizeof(*ranked), by_lack);
    for (size_t i = 0; i < count; i++)
        list[i] = ranked[i].candidate;
}

/* --- the slot of a day --- */

/* A rule of that share has its time later on this day, and something to say then. */
static bool is_due_today(struct core *core, struct step *step, struct person *to,
                         enum mix_share share)
{
    msec_t from, until;
    person_day_span(to, step->now, &from, &until);
    for (size_t i = 0; i < core->slot_count; i++) {
        const struct slot *slot = core->slots[i];
        const struct rule *rule = slot->rule;
        if (slot->timer.due <= step->now || slot->timer.due >= until || rule->to != TO_REP ||
            !rule->action->counts || rule->alert || !(rule_traits(rule) & TRAIT(share)) ||
            (!rule->zone && !str_eq(tz_name(slot->tz), tz_name(to->tz))) ||
            !person_works_at(core, to, slot->timer.due))
            continue;
        struct scope scope = {
            .core = core, .rep = to, .rule = rule, .now = step->now, .arena = &step->arena};
        if (slot_receives(core, rule, to) && cond_holds(rule->cond, &scope) &&
            !decide_is_spent(core, step, rule, to))
            return true;
    }
    return false;
}

const char *mix_prefers(struct core *core, struct step *step, const struct candidate *c,
                        const struct person *to)
{
    struct person *person = c->rep;
    const struct course *course = to->course;
    if (!core->book->limits.mix.on || to != person || c->rule->priority > 0)
        return NULL;
    unsigned traits = traits_of(core, c, step->now);
    int own = most_lacking(core, course, traits, step->now);
    for (int share = 0; share < MIX_SHARES; share++) {
        int lack = lack_of(core, course, (enum mix_share)share, step->now);
        if (!percents(core)[share] || (traits & TRAIT(share)) || lack <= own ||
            (share == MIX_CONTESTED && !(traits & TRAIT_DEAL)))
            continue;
        bool wanted = course && course->wanted[share] != MSEC_NONE &&
                      step->now - course->wanted[share] < WANTED_DAYS * MSEC_DAY;
        if (wanted || is_due_today(core, step, person, (enum mix_share)share))
            return share_words[share];
    }
    return NULL;
}

/* --- what is kept of it --- */

static void forget_old(struct course *course, msec_t now)
{
    int old = 0;
    while (old < course->asked_count && course->asked[old].at <= now - MIX_WINDOW_DAYS * MSEC_DAY)
        old++;
    if (!old)
        return;
    memmove(course->asked, course->asked + old,
            (size_t)(course->asked_count - old) * sizeof(*course->asked));
    course->asked_count -= old;
}

void mix_spoke(const struct core *core, struct step *step, const struct candidate *c,
               struct person *to, const struct question *question)
{
    if (!core->book->limits.mix.on || to != c->rep)
        return;
    struct course *course = course_get(to);
    unsigned traits = area_trait(c->rule) | deal_traits(core, c->deal, step->now);
    if (question && !c->rule->flow) /* a talk is of many kinds */
        traits |= kind_trait(question->kind);
    forget_old(course, step->now);
    ARRAY_GROW(course->asked, course->asked_count, course->asked_cap);
    course->asked[course->asked_count++] = (struct asked){step->now, traits};
    for (int share = 0; share < MIX_SHARES; share++) {
        if (traits & TRAIT(share))
            course->wanted[share] = step->now; /* what spoke lately can speak again */
    }
    course_persist(step, course);
}

/* It could have spoken, had nobody else. */
static bool no_room(const struct decision *trace)
{
    static const char *const names[] = {"caps", "mix", "priority"};
    const struct gate_note *last = &trace->gates[trace->gate_count - 1];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!last->ok && str_eq(last->gate, names[i]))
            return true;
    }
    return false;
}

void mix_wanted(const struct core *core, struct step *step, const struct candidate *c,
                struct person *to, const struct decision *trace)
{
    if (!core->book->limits.mix.on || to != c->rep || !no_room(trace))
        return;
    struct course *course = course_get(to);
    unsigned traits = traits_of(core, c, step->now);
    bool changed = false;
    for (int share = 0; share < MIX_SHARES; share++) {
        if (!percents(core)[share] || !(traits & TRAIT(share)) ||
            (course->wanted[share] != MSEC_NONE &&
             step->now - course->wanted[share] < WANTED_AGAIN_HOURS * MSEC_HOUR))
            continue;
        course->wanted[share] = step->now;
        changed = true;
    }
    if (changed)
        course_persist(step, course);
}
