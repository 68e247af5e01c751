#include "core/learn.h"
#include "core/parts.h"
#include "core/peer.h"

#include <string.h>

#include "base/alloc.h"

bool stamp_take(struct stamp *stamp, msec_t time, uint64_t tie)
{
    if (time < stamp->time || (time == stamp->time && tie <= stamp->tie))
        return false;
    *stamp = (struct stamp){time, tie};
    return true;
}

const char *core_intern(struct core *core, const char *text)
{
    char *known = map_get(&core->strings, text);
    if (known)
        return known;
    char *copy = arena_strdup(&core->names, text);
    map_set(&core->strings, copy, copy);
    return copy;
}

/* --- people --- */

enum { PERSON_KEY_MAX = 256 };

static bool fold_key(const char *key, char *small)
{
    size_t length = key ? strlen(key) : 0;
    if (!length || length >= PERSON_KEY_MAX)
        return false;
    for (size_t i = 0; i <= length; i++)
        small[i] = key[i] >= 'A' && key[i] <= 'Z' ? (char)(key[i] + 32) : key[i];
    return true;
}

struct person *person_find(const struct core *core, const char *any_key)
{
    char key[PERSON_KEY_MAX];
    if (!fold_key(any_key, key))
        return NULL;
    struct person *person = map_get(&core->person_keys, key);
    return person == core->nobody ? NULL : person;
}

void person_add_key(struct core *core, const char *key, struct person *person)
{
    char folded[PERSON_KEY_MAX];
    if (!fold_key(key, folded))
        return;
    struct person *known = map_get(&core->person_keys, folded);
    if (known == person)
        return;
    map_set(&core->person_keys, core_intern(core, folded), known ? core->nobody : person);
    core->links++;
}

/* First index whose id is not less than `id`. */
static size_t person_place(const struct core *core, const char *id)
{
    size_t low = 0, high = core->person_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(core->people[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct person *person_get(struct core *core, const char *id)
{
    size_t place = person_place(core, id);
    if (place < core->person_count && str_eq(core->people[place]->id, id))
        return core->people[place];
    ARRAY_GROW(core->people, core->person_count, core->person_cap);
    memmove(core->people + place + 1, core->people + place,
            (core->person_count - place) * sizeof(*core->people));
    core->person_count++;
    struct person *person = NEW(struct person);
    person->id = xstrdup(id);
    person->leader = NEW(struct leader);
    person->paused_until = MSEC_NONE;
    person->stopped_until = MSEC_NONE;
    person->team_paused_until = MSEC_NONE;
    person->last_loss = MSEC_NONE;
    person->forget_asked = person->behaviours_asked = MSEC_NONE;
    person->tz = tz_utc();
    core->people[place] = person;
    person_add_key(core, person->id, person);
    return person;
}

const struct tz *core_zone(const struct core *core, const char *name)
{
    return str_empty(name) || !core->options.zone
               ? NULL
               : core->options.zone(core->options.zone_user, name);
}

/* "YYYY-MM-DD" as the midnight `days` later. */
static bool read_date(const char *text, int days, struct civil *ret)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    if (!text || strlen(text) != 10)
        return false;
    memcpy(stamp, text, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    if (msec_parse(stamp, &t))
        return false;
    civil_from_msec(t + days * MSEC_DAY, ret);
    return true;
}

/* Leave of people.yaml is in local dates, both included. */
static void resolve_leave(struct person *person)
{
    int count = person->def ? person->def->leave_count : 0;
    free(person->leave);
    person->leave = count ? NEW_ARRAY(struct hours_away, (size_t)count) : NULL;
    person->leave_count = 0;
    for (int i = 0; i < count; i++) {
        struct civil from, until;
        if (!read_date(person->def->leave[i].from, 0, &from) ||
            !read_date(person->def->leave[i].until, 1, &until))
            continue; /* the loader has checked them */
        person->leave[person->leave_count++] = (struct hours_away){
            tz_instant(person->tz, &from, TZ_GAP_END), tz_instant(person->tz, &until, TZ_GAP_END)};
    }
}

void person_resolve_zone(struct core *core, struct person *person)
{
    const struct team_def *team = book_team(core->book, person_team(person));
    const char *const names[] = {
        person->def ? person->def->zone : NULL,
        core->options.every_owner ? NULL : person->zone_said,
        team ? team->zone : NULL,
    };
    person->tz = NULL;
    for (size_t i = 0; i < ARRAY_LEN(names) && !person->tz; i++)
        person->tz = core_zone(core, names[i]);
    if (!person->tz)
        person->tz = tz_utc();
    resolve_leave(person);
    core->links++;
    signal_forget(core, person);
    person_forget_calendar(person);
}

const struct hours *person_hours(const struct core *core, const struct person *person)
{
    return person->def && person->def->has_hours ? &person->def->hours : &core->book->limits.hours;
}

const char *person_name(const struct person *person)
{
    if (person->is_team && person->group)
        return person->group->name ? person->group->name : person->group->id;
    return person->def && person->def->name ? person->def->name : person->id;
}

const char *person_first_name(const struct person *person, struct arena *arena)
{
    const char *name = person_name(person);
    return arena_strndup(arena, name, strcspn(name, " "));
}

const char *person_team(const struct person *person)
{
    if (person->is_team)
        return person->group ? person->group->id : NULL;
    return person->def && person->def->team ? person->def->team : person->team_said;
}

static struct person *find_manager(const struct core *core, const struct person *person)
{
    const struct team_def *team = book_team(core->book, person_team(person));
    struct person *manager = person_find(core, team ? team->manager : person->manager_said);
    return manager == person ? NULL : manager;
}

struct person *person_manager(const struct core *core, const struct person *person)
{
    struct leader *known = person->leader;
    if (!known)
        return find_manager(core, person);
    if (known->links != core->links)
        *known = (struct leader){core->links, find_manager(core, person)};
    return known->manager;
}

bool person_is_rep(const struct core *core, const struct person *person)
{
    return !person->manager && !person->left && !person->gone && !person->is_team &&
           (person->def || core->options.every_owner);
}

void person_touch(struct core *core, struct person *person)
{
    if (person->dirty)
        return;
    person->dirty = true;
    ARRAY_GROW(core->dirty_people, core->dirty_person_count, core->dirty_person_cap);
    core->dirty_people[core->dirty_person_count++] = person;
}

/* Still one of us: neither left nor taken out of people.yaml. */
bool person_is_here(const struct core *core, const struct person *person)
{
    if (person->is_team)
        return person->group != NULL;
    return !person->gone && !person->left && (person->def || core->options.every_owner);
}

/* The rep, or for cards and manager questions the rep's manager. */
struct person *person_receiver(const struct core *core, const struct rule *rule, struct person *rep)
{
    bool card = rule->action == &action_praise && !rule->via_bot;
    if (peer_redirects(rule))
        return rule->to == TO_PEER || rep->is_team ? rep : team_of(core, rep);
    bool manager = rule->to == TO_MANAGER ? !rule->sched || rule->since : card;
    return manager ? person_manager(core, rep) : rep;
}

/* Limits reach back a month at most; `uses` remembers for longer. */
enum { SENT_KEEP_DAYS = 45 };

void person_sent_add(struct core *core, struct person *person, const char *rule, struct deal *deal,
                     msec_t at, bool received)
{
    size_t old = 0;
    while (old < person->sent_count && person->sents[old].at < at - SENT_KEEP_DAYS * MSEC_DAY)
        old++;
    if (old)
        memmove(person->sents, person->sents + old,
                (person->sent_count - old) * sizeof(*person->sents));
    person->sent_count -= old;
    ARRAY_GROW(person->sents, person->sent_count, person->sent_cap);
    person->sents[person->sent_count++] =
        (struct sent){at, core_intern(core, rule), book_rule(core->book, rule), deal, received};
}

void person_rebind_sents(const struct core *core, struct person *person)
{
    for (size_t i = 0; i < person->sent_count; i++)
        person->sents[i].known = book_rule(core->book, person->sents[i].rule);
}

static struct uses *find_use(struct uses *list, int count, const char *rule)
{
    for (int i = 0; i < count; i++) {
        if (str_eq(list[i].rule, rule))
            return &list[i];
    }
    return NULL;
}

const struct uses *person_use(const struct person *person, const char *rule)
{
    return find_use(person->uses, person->use_count, rule);
}

const struct uses *deal_use(const struct deal *deal, const char *rule)
{
    return find_use(deal->uses, deal->use_count, rule);
}

void person_use_add(struct core *core, struct person *rep, const char *rule, msec_t at)
{
    struct uses *uses = find_use(rep->uses, rep->use_count, rule);
    if (!uses) {
        ARRAY_GROW(rep->uses, rep->use_count, rep->use_cap);
        uses = &rep->uses[rep->use_count++];
        *uses = (struct uses){.rule = core_intern(core, rule)};
    }
    uses->count++;
    uses->last = at;
    person_touch(core, rep);
}

/* The newest of each rule is kept for its cooldown, however old. */
static void forget_hushes(struct person *rep, msec_t edge)
{
    int kept = 0;
    for (int i = 0; i < rep->hush_count; i++) {
        bool newer = false;
        for (int k = i + 1; k < rep->hush_count && !newer; k++)
            newer = str_eq(rep->hushes[k].rule, rep->hushes[i].rule);
        if (rep->hushes[i].at >= edge || !newer)
            rep->hushes[kept++] = rep->hushes[i];
    }
    rep->hush_count = kept;
}

void person_hush_add(struct core *core, struct person *rep, const char *rule, msec_t at)
{
    forget_hushes(rep, at - SENT_KEEP_DAYS * MSEC_DAY);
    ARRAY_GROW(rep->hushes, rep->hush_count, rep->hush_cap);
    rep->hushes[rep->hush_count++] = (struct hush){at, core_intern(core, rule)};
    person_touch(core, rep);
}

msec_t person_hush_last(const struct person *rep, const char *rule)
{
    for (int i = rep->hush_count; i-- > 0;) {
        if (str_eq(rep->hushes[i].rule, rule))
            return rep->hushes[i].at;
    }
    return MSEC_NONE;
}

/* The last one never arrived: as if it had not been. */
void person_use_drop(struct core *core, struct person *rep, const char *rule)
{
    struct uses *uses = find_use(rep->uses, rep->use_count, rule);
    if (!uses || !uses->count)
        return;
    uses->count--;
    uses->last = MSEC_NONE;
    for (size_t i = 0; i < rep->sent_count; i++) {
        if (str_eq(rep->sents[i].rule, rule))
            uses->last = rep->sents[i].at;
    }
    person_touch(core, rep);
}

/* --- deals --- */

struct deal *deal_find(const struct core *core, const char *id)
{
    return map_get(&core->deal_ids, id);
}

struct deal *deal_read(struct core *core, const char *id)
{
    struct deal *deal = deal_find(core, id);
    if (deal)
        return deal;
    deal = NEW(struct deal);
    deal->id = xstrdup(id);
    deal->amount = NUMBER_NONE;
    deal->created = MSEC_NONE;
    deals_add(core->deals, deal);
    map_set(&core->deal_ids, deal->id, deal);
    return deal;
}

struct deal *deal_get(struct core *core, const char *id)
{
    struct deal *deal = deal_find(core, id);
    if (!deal) {
        deal = deal_read(core, id);
        deal_touch(core, deal);
    }
    return deal;
}

void deal_touch(struct core *core, struct deal *deal)
{
    if (deal->dirty)
        return;
    deal->dirty = true;
    ARRAY_GROW(core->dirty_deals, core->dirty_deal_count, core->dirty_deal_cap);
    core->dirty_deals[core->dirty_deal_count++] = deal;
}

/* A word of the CRM that the pipeline knows by now. */
bool deal_map_stage(const struct core *core, struct deal *deal)
{
    const struct stage_def *stage = book_stage(core->book, deal->texts[DEAL_STAGE]);
    if (!stage || str_eq(stage->id, deal->texts[DEAL_STAGE]))
        return false;
    xstr_replace(&deal->texts[DEAL_STAGE], stage->id);
    return true;
}

const struct gate_mark *deal_gate(const struct deal *deal, const char *gate)
{
    for (int i = 0; i < deal->gate_count; i++) {
        if (str_eq(deal->gates[i].gate, gate))
            return &deal->gates[i];
    }
    return NULL;
}

bool deal_is_open(const struct deal *deal)
{
    return !deal->deleted && !str_eq(deal->texts[DEAL_STAGE], "won") &&
           !str_eq(deal->texts[DEAL_STAGE], "lost");
}

const char *deal_label(const struct deal *deal)
{
    if (deal->texts[DEAL_NAME])
        return deal->texts[DEAL_NAME];
    return deal->texts[DEAL_ACCOUNT] ? deal->texts[DEAL_ACCOUNT] : deal->id;
}

void deal_sent_add(struct core *core, struct deal *deal, const char *rule, msec_t at)
{
    struct uses *uses = find_use(deal->uses, deal->use_count, rule);
    if (!uses) {
        ARRAY_GROW(deal->uses, deal->use_count, deal->use_cap);
        uses = &deal->uses[deal->use_count++];
        *uses = (struct uses){core_intern(core, rule), 0, MSEC_NONE};
    }
    uses->count++;
    if (at > uses->last)
        uses->last = at;
}

void deal_hush_add(struct core *core, struct deal *deal, const char *rule, msec_t at)
{
    struct uses *uses = find_use(deal->hushes, deal->hush_count, rule);
    if (!uses) {
        ARRAY_GROW(deal->hushes, deal->hush_count, deal->hush_cap);
        uses = &deal->hushes[deal->hush_count++];
        *uses = (struct uses){core_intern(core, rule), 0, MSEC_NONE};
    }
    uses->count++;
    uses->last = at;
    deal_touch(core, deal);
}

int deal_hush_count(const struct deal *deal, const char *rule)
{
    const struct uses *uses = find_use(deal->hushes, deal->hush_count, rule);
    return uses ? uses->count : 0;
}
