/* Whom a message for nobody in particular goes to: the team, or one colleague in turn. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases_reasons.h"
#include "core/suggest.h"

struct turn {
    struct person *person;
    msec_t asked_at;
    uint64_t tie;
};

static int by_turn(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->asked_at != y->asked_at)
        return x->asked_at < y->asked_at ? -1 : 1;
    if (x->tie != y->tie)
        return x->tie < y->tie ? -1 : 1;
    return strcmp(x->person->id, y->person->id);
}

static bool is_among(const struct person *person, struct person *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == person)
            return true;
    }
    return false;
}

/* Who was not asked for longest comes first; among equals the seed decides, not the alphabet. */
static size_t line_up(const struct core *core, const struct peer_search *search, msec_t now,
                      struct turn *turns)
{
    size_t count = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *person = core->people[i];
        if (person == search->of || !team_has(core, search->of, person) ||
            !person_reachable(core, person, now) ||
            is_among(person, search->without, search->without_count))
            continue;
        const char *const parts[] = {search->rule->id, person->id};
        turns[count++] = (struct turn){person, pair_asked_at(person),
                                       hash_join(core->options.seed, parts, ARRAY_LEN(parts))};
    }
    if (count > 1)
        qsort(turns, count, sizeof(*turns), by_turn);
    return count;
}

/* One colleague's question at a time. */
static bool is_asked(const struct person *person)
{
    for (int i = 0; i < person->prompt_count; i++) {
        if (person->prompts[i]->kind == PROMPT_PEER)
            return true;
    }
    return false;
}

enum peer_found peer_find(struct core *core, struct step *step, const struct peer_search *search,
                          struct person **ret_peer, msec_t *ret_later)
{
    struct turn *turns = arena_alloc(&step->arena, (core->person_count + 1) * sizeof(*turns));
    size_t count = line_up(core, search, step->now, turns);
    struct person *first_later = NULL;
    *ret_later = MSEC_NEVER;
    for (size_t i = 0; i < count; i++) {
        msec_t later = MSEC_NEVER;
        if (is_asked(turns[i].person))
            continue;
        if (decide_may_ask(core, step, search->rule, turns[i].person, &later)) {
            *ret_peer = turns[i].person;
            return PEER_NOW;
        }
        if (later != MSEC_NEVER && !first_later)
            first_later = turns[i].person;
        if (later < *ret_later)
            *ret_later = later;
    }
    *ret_peer = first_later;
    return first_later ? PEER_LATER : count ? PEER_BUSY : PEER_NONE;
}

bool peer_exists(const struct core *core, const struct peer_search *search, msec_t now,
                 struct arena *arena)
{
    struct turn *turns = arena_alloc(arena, (core->person_count + 1) * sizeof(*turns));
    return line_up(core, search, now, turns) > 0;
}

bool peer_redirects(const struct rule *rule)
{
    return rule->to == TO_TEAM || rule->to == TO_PEER;
}

struct person *peer_receiver(struct core *core, struct step *step, const struct candidate *c)
{
    struct person *peer = NULL;
    msec_t later;
    if (c->held) /* chosen when the hold began */
        return c->rep;
    if (c->rule->to == TO_TEAM) {
        struct person *team = c->rep->is_team ? c->rep : team_of(core, c->rep);
        if (!team)
            decide_note(step, c, "suppressed", "receiver", SAY_REASON_NO_TEAM);
        return team;
    }
    const struct peer_search search = {.rule = c->rule, .of = c->rep};
    (void)peer_find(core, step, &search, &peer, &later); /* NULL says it all */
    if (!peer)
        decide_note(step, c, "suppressed", "peer", SAY_REASON_NO_PEER);
    return peer;
}

const char *peer_reason(const struct rule *rule)
{
    return rule->to == TO_TEAM ? "it was time for a word to the whole team"
                               : "it was your turn among your colleagues";
}
