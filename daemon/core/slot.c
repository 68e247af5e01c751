/* Schedules: one slot for each rule and zone; a slot that is due asks for everybody in its zone. */
#include "base/alloc.h"
#include "core/ahead.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases_reasons.h"

bool slot_receives(const struct core *core, const struct rule *rule, const struct person *person)
{
    if (peer_redirects(rule)) /* for a peer: one of each team */
        return person->is_team && person->group;
    if (rule->of_managers || (rule->to == TO_MANAGER && rule->point != POINT_MISSING))
        return person->manager && !person->gone && !person->left;
    return person_is_rep(core, person);
}

/* Those among whom the receivers are. */
static size_t all_receivers(const struct core *core, const struct rule *rule,
                            struct person ***ret_list)
{
    bool teams = peer_redirects(rule);
    *ret_list = teams ? core->teams : core->people;
    return teams ? core->team_count : core->person_count;
}

static struct slot *find(const struct core *core, const char *key)
{
    for (size_t i = 0; i < core->slot_count; i++) {
        if (str_eq(core->slots[i]->key, key))
            return core->slots[i];
    }
    return NULL;
}

static char *key_of(const struct rule *rule, const struct tz *tz)
{
    struct strbuf name = {0};
    strbuf_printf(&name, "%s|%s", rule->id, tz_name(tz));
    return strbuf_take(&name);
}

static bool same_zone(const struct tz *a, const struct tz *b)
{
    return a == b || str_eq(tz_name(a), tz_name(b));
}

static void arm(struct core *core, struct slot *slot)
{
    msec_t due;
    if (sched_next(slot->rule->sched, slot->tz, slot->after, &due))
        due = MSEC_NEVER;
    timer_set(&core->timers, &slot->timer, due);
}

/* After a long silence the times of the last days are enough to tell of. */
enum { CURSOR_DAYS = 7 };

/* Where a stored schedule goes on. One that was edited meanwhile begins anew: its times before the
 * edit were nobody's. */
static msec_t resume_at(const struct cursor *cursor, const char *source, msec_t now)
{
    if (!cursor || (cursor->source && !str_eq(cursor->source, source)))
        return now;
    msec_t oldest = now - CURSOR_DAYS * MSEC_DAY;
    return cursor->after < oldest ? oldest : cursor->after;
}

msec_t slot_done(const struct core *core, const struct rule *rule, const struct tz *tz, msec_t now)
{
    CLEANUP_FREE char *key = key_of(rule, tz);
    const char *source = sched_source(rule->sched);
    const struct slot *slot = find(core, key);
    if (slot)
        return str_eq(sched_source(slot->rule->sched), source) ? slot->after : MSEC_NONE;
    const struct cursor *stored = map_get(&core->cursors, key);
    return stored ? resume_at(stored, source, now) : MSEC_NONE;
}

/* The same name, other rules: what the clock on the wall has shown is over, and no other time is.
 */
static msec_t after_new_rules(const struct slot *slot, const struct tz *tz)
{
    return tz_instant_wall(tz, tz_wall(slot->tz, slot->after), TZ_GAP_END | TZ_PASS_SECOND);
}

static void slot_want(struct core *core, const struct rule *rule, const struct tz *tz, msec_t now,
                      struct step *step)
{
    const char *source = sched_source(rule->sched);
    CLEANUP_FREE char *key = key_of(rule, tz);
    struct slot *slot = find(core, key);
    if (!slot) {
        slot = NEW(struct slot);
        slot->key = xstrdup(key);
        slot->timer.kind = TIMER_SLOT;
        slot->timer.key = slot->key;
        const struct cursor *stored = map_get(&core->cursors, key);
        slot->after = resume_at(stored, source, now);
        if (!stored || stored->after != slot->after || !str_eq(stored->source, source))
            persist_cursor(step, slot->key, slot->after, source);
        ARRAY_GROW(core->slots, core->slot_count, core->slot_cap);
        core->slots[core->slot_count++] = slot;
    } else if (!str_eq(sched_source(slot->rule->sched), source)) {
        slot->after = now;
        persist_cursor(step, slot->key, slot->after, source);
    } else if (slot->tz != tz && !sched_is_interval(rule->sched)) {
        slot->after = after_new_rules(slot, tz);
        persist_cursor(step, slot->key, slot->after, source);
    }
    slot->stale = false;
    slot->rule = rule;
    slot->tz = tz;
    arm(core, slot);
}

/* Its cursor goes too: should the rule come back, nothing was missed meanwhile. */
static void drop_stale(struct core *core, struct step *step)
{
    size_t kept = 0;
    for (size_t i = 0; i < core->slot_count; i++) {
        struct slot *slot = core->slots[i];
        if (!slot->stale) {
            core->slots[kept++] = slot;
            continue;
        }
        timer_clear(&core->timers, &slot->timer);
        persist_delete(step, STATE_CURSOR, slot->key);
        free(slot->key);
        free(slot);
    }
    core->slot_count = kept;
}

/* The zones of all receivers of a rule, each once. */
static void rule_slots(struct core *core, const struct rule *rule, msec_t now, struct step *step)
{
    const struct tz **zones = NULL;
    size_t count = 0, cap = 0;
    if (rule->zone) {
        slot_want(core, rule, rule->zone, now, step);
        return;
    }
    struct person **people;
    size_t people_count = all_receivers(core, rule, &people);
    for (size_t i = 0; i < people_count; i++) {
        const struct person *person = people[i];
        bool known = !slot_receives(core, rule, person);
        for (size_t k = count; k-- > 0 && !known;)
            known = same_zone(zones[k], person->tz);
        if (known)
            continue;
        ARRAY_GROW(zones, count, cap);
        zones[count++] = person->tz;
    }
    for (size_t i = 0; i < count; i++)
        slot_want(core, rule, zones[i], now, step);
    free(zones);
}

void slots_refresh(struct core *core, msec_t now, struct step *step)
{
    teams_zones(core);
    moved_people(core, now, step);
    for (size_t i = 0; i < core->slot_count; i++)
        core->slots[i]->stale = true;
    for (int i = 0; i < core->book->scheduled.count; i++)
        rule_slots(core, core->book->scheduled.rules[i], now, step);
    drop_stale(core, step);
}

void slots_free(struct core *core)
{
    for (size_t i = 0; i < core->slot_count; i++) {
        free(core->slots[i]->key);
        free(core->slots[i]);
    }
    free(core->slots);
}

bool slot_missed(const struct rule *rule, const struct tz *tz, msec_t due, msec_t now)
{
    msec_t next;
    if (now - due > (rule->missed == MISSED_SKIP ? MSEC_MINUTE : rule->missed_within))
        return true;
    /* `once`: of several due times that have passed only the last is made good */
    return rule->missed == MISSED_ONCE && !sched_next(rule->sched, tz, due, &next) && next <= now;
}

void slot_ask(struct core *core, struct step *step, struct missing_run *run, struct person *person,
              const char *missed)
{
    struct candidate c = {.rule = run->rule, .rep = person, .occurrence = run->occurrence};
    if (missed) {
        decide_note(step, &c, "missed", "missed", missed);
        return;
    }
    if (run->rule->point == POINT_MISSING) {
        missing_fire(core, step, run, person);
        return;
    }
    ARRAY_GROW(*run->list, *run->count, *run->cap);
    (*run->list)[(*run->count)++] = c;
}

size_t slot_fire(struct core *core, struct step *step, struct slot *slot, struct candidate **list,
                 size_t *count, size_t *cap)
{
    char text[SCHED_SLOT_BYTES];
    msec_t due = slot->timer.due;
    size_t before = *count;
    const char *missed = slot_missed(slot->rule, slot->tz, due, step->now) ? SAY_REASON_DOWN : NULL;
    const char *occurrence =
        arena_strdup(&step->arena, sched_slot(slot->rule->sched, slot->tz, due, text));
    struct missing_run run = {.rule = slot->rule,
                              .due = due,
                              .occurrence = occurrence,
                              .list = list,
                              .count = count,
                              .cap = cap};
    struct person **people;
    size_t people_count = all_receivers(core, slot->rule, &people);
    for (size_t i = 0; i < people_count; i++) {
        struct person *person = people[i];
        if (!slot_receives(core, slot->rule, person) ||
            (!slot->rule->zone && !same_zone(person->tz, slot->tz)))
            continue;
        if (!moved_has_seen(person, slot->rule, slot->tz, due))
            slot_ask(core, step, &run, person, missed);
    }
    free(run.touches);
    slot->after = due;
    persist_cursor(step, slot->key, due, sched_source(slot->rule->sched));
    arm(core, slot);
    return *count - before;
}
