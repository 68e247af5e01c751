#include "core/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum {
    /* what was planned without an activity's id, and what was held, are one within so long */
    COUNTERPART_MS = 12 * 60 * 60 * 1000
};

/* --- rows --- */

struct ledger_row *ledger_get(struct core *core, const char *key)
{
    struct ledger *ledger = core->ledger;
    if (!ledger)
        ledger = core->ledger = NEW(struct ledger);
    struct ledger_row *row = map_get(&ledger->keys, key);
    if (row)
        return row;
    row = NEW(struct ledger_row);
    row->key = xstrdup(key);
    row->planned = row->held = MSEC_NONE;
    ARRAY_GROW(ledger->rows, ledger->count, ledger->cap);
    ledger->rows[ledger->count++] = row;
    map_set(&ledger->keys, row->key, row);
    return row;
}

static void free_row(struct ledger_row *row)
{
    free(row->key);
    free(row);
}

void ledger_free(struct core *core)
{
    struct ledger *ledger = core->ledger;
    for (size_t i = 0; ledger && i < ledger->count; i++)
        free_row(ledger->rows[i]);
    if (ledger) {
        map_done(&ledger->keys);
        free(ledger->rows);
    }
    free(ledger);
    core->ledger = NULL;
}

static msec_t time_of(const struct ledger_row *row)
{
    return row->held != MSEC_NONE ? row->held : row->planned;
}

/* What is older than anything that is shown goes. */
static void forget_old(struct core *core, struct step *step)
{
    struct ledger *ledger = core->ledger;
    msec_t edge = step->now - LEDGER_KEEP_DAYS * MSEC_DAY;
    size_t kept = 0;
    for (size_t i = 0; i < ledger->count; i++) {
        struct ledger_row *row = ledger->rows[i];
        if (time_of(row) >= edge) {
            ledger->rows[kept++] = row;
            continue;
        }
        persist_delete(step, STATE_LEDGER, row->key);
        map_set(&ledger->keys, row->key, NULL);
        free_row(row);
    }
    ledger->count = kept;
}

/* --- events --- */

static bool is_off(const struct event *event)
{
    return str_eq(event->outcome, "cancelled") || str_eq(event->outcome, "no_show") ||
           str_eq(event->outcome, "rescheduled");
}

/* A row of the same act with the same person that lacks this half, the nearest in time; or the very
 * same meeting, told of from two calendars. */
static struct ledger_row *counterpart(const struct ledger *ledger, const struct coaching *coaching,
                                      msec_t at, bool held)
{
    struct ledger_row *found = NULL;
    msec_t nearest = COUNTERPART_MS + 1;
    for (size_t i = 0; ledger && i < ledger->count; i++) {
        struct ledger_row *row = ledger->rows[i];
        if (row->manager != coaching->manager || row->rep != coaching->rep ||
            row->act != coaching->act)
            continue;
        msec_t own = held ? row->held : row->planned, other = held ? row->planned : row->held;
        if (own == at)
            return row;
        if (own != MSEC_NONE || other == MSEC_NONE)
            continue;
        msec_t apart = other > at ? other - at : at - other;
        if (apart < nearest || (apart == nearest && found && strcmp(row->key, found->key) < 0)) {
            nearest = apart;
            found = row;
        }
    }
    return found;
}

static struct ledger_row *row_of(struct core *core, const struct coaching *coaching,
                                 const struct event *event, msec_t at, bool held)
{
    char key[160];
    if (event->activity)
        (void)snprintf(key, sizeof(key), "%.60s|%.90s", coaching->manager->id, event->activity);
    else
        (void)snprintf(key, sizeof(key), "%016llx%016llx", (unsigned long long)event->key.a,
                       (unsigned long long)event->key.b);
    struct ledger_row *row = core->ledger ? map_get(&core->ledger->keys, key) : NULL;
    if (!row && !event->activity)
        row = counterpart(core->ledger, coaching, at, held);
    return row ? row : ledger_get(core, key);
}

static void take_planned(struct ledger_row *row, const struct event *event, msec_t due)
{
    if (!stamp_take(&row->planned_stamp, event->time, event->key.a))
        return;
    row->planned = due;
    if (event->time >= row->held_stamp.time)
        row->called_off = is_off(event);
}

static void take_held(struct ledger_row *row, const struct event *event)
{
    if (!stamp_take(&row->held_stamp, event->time, event->key.a))
        return;
    bool off = is_off(event);
    row->held = off ? MSEC_NONE : event->time;
    row->seconds =
        off || event->duration_s == NUMBER_NONE || event->duration_s < 0 ? 0 : event->duration_s;
    if (event->time >= row->planned_stamp.time)
        row->called_off = off;
}

void ledger_take(struct core *core, struct step *step, const struct coaching *coaching,
                 const struct event *event)
{
    bool held = event->type == EVENT_ACTIVITY_LOGGED;
    msec_t at = held || event->due == MSEC_NONE ? event->time : event->due;
    if (at < step->now - LEDGER_KEEP_DAYS * MSEC_DAY)
        return;
    struct ledger_row *row = row_of(core, coaching, event, at, held);
    row->manager = coaching->manager;
    row->rep = coaching->rep;
    row->act = coaching->act;
    if (held)
        take_held(row, event);
    else
        take_planned(row, event, at);
    if (time_of(row) == MSEC_NONE)
        row->planned = at; /* called off before it was heard of: nothing is counted */
    ledger_persist(step, row);
    forget_old(core, step);
}

void ledger_add(struct core *core, struct step *step, const char *key,
                const struct coaching *coaching, int64_t seconds)
{
    struct ledger_row *row = ledger_get(core, key);
    row->manager = coaching->manager;
    row->rep = coaching->rep;
    row->act = coaching->act;
    row->held = step->now;
    row->seconds = seconds;
    ledger_persist(step, row);
    forget_old(core, step);
}

const struct ledger_row *ledger_take_back(struct core *core, struct step *step, const char *prefix)
{
    struct ledger *ledger = core->ledger;
    size_t newest = ledger ? ledger->count : 0;
    for (size_t i = 0; ledger && i < ledger->count; i++) {
        if (str_starts(ledger->rows[i]->key, prefix) &&
            (newest == ledger->count || ledger->rows[i]->held > ledger->rows[newest]->held))
            newest = i;
    }
    if (!ledger || newest == ledger->count)
        return NULL;
    struct ledger_row *row = ledger->rows[newest];
    struct ledger_row *copy = arena_alloc(&step->arena, sizeof(*copy));
    *copy = *row;
    copy->key = arena_strdup(&step->arena, row->key);
    persist_delete(step, STATE_LEDGER, row->key);
    map_set(&ledger->keys, row->key, NULL);
    free_row(row);
    ledger->rows[newest] = ledger->rows[--ledger->count];
    return copy;
}

/* --- figures --- */

static bool is_in(msec_t t, msec_t from, msec_t until)
{
    return t != MSEC_NONE && t >= from && t < until;
}

struct ledger_sums ledger_sum(const struct core *core, const struct person *manager, msec_t from,
                              msec_t until, msec_t now)
{
    struct ledger_sums sums = {0};
    int64_t seconds = 0;
    for (size_t i = 0; core->ledger && i < core->ledger->count; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        if (row->manager != manager)
            continue;
        if (is_in(row->held, from, until)) {
            sums.held[row->act]++;
            sums.meetings += row->act < ACT_MEETINGS;
            seconds += row->act < ACT_MEETINGS ? row->seconds : 0;
        }
        if (is_in(row->planned, from, until) && row->planned <= now && !row->called_off) {
            sums.planned++;
            sums.kept += row->held != MSEC_NONE;
        }
    }
    sums.minutes = seconds / 60;
    return sums;
}

int ledger_held(const struct core *core, const struct person *person, enum coaching_act act,
                msec_t from, msec_t until)
{
    int count = 0;
    for (size_t i = 0; core->ledger && i < core->ledger->count; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        count += row->act == act && (row->manager == person || row->rep == person) &&
                 is_in(row->held, from, until);
    }
    return count;
}

msec_t ledger_last(const struct core *core, const struct person *manager, const struct person *rep,
                   enum coaching_act act)
{
    msec_t last = MSEC_NONE;
    for (size_t i = 0; core->ledger && i < core->ledger->count; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        if (row->manager == manager && row->rep == rep && row->act == act && row->held > last)
            last = row->held;
    }
    return last;
}

msec_t ledger_last_one_to_one(const struct core *core, const struct person *rep)
{
    const struct person *manager = person_manager(core, rep);
    return manager ? ledger_last(core, manager, rep, ACT_ONE_TO_ONE) : MSEC_NONE;
}

msec_t ledger_next_one_to_one(const struct core *core, const struct person *rep, msec_t now)
{
    const struct person *manager = person_manager(core, rep);
    msec_t next = MSEC_NONE;
    for (size_t i = 0; manager && core->ledger && i < core->ledger->count; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        if (row->manager == manager && row->rep == rep && row->act == ACT_ONE_TO_ONE &&
            row->planned > now && row->held == MSEC_NONE && !row->called_off &&
            (next == MSEC_NONE || row->planned < next))
            next = row->planned;
    }
    return next;
}

bool ledger_is_active(const struct core *core, const struct person *manager, msec_t from,
                      msec_t until)
{
    for (size_t i = 0; core->ledger && i < core->ledger->count; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        if (row->manager == manager && row->act != ACT_RATING && is_in(row->held, from, until))
            return true;
    }
    return false;
}

static int by_time(const void *a, const void *b)
{
    const struct ledger_row *x = *(struct ledger_row *const *)a;
    const struct ledger_row *y = *(struct ledger_row *const *)b;
    msec_t x_at = time_of(x), y_at = time_of(y);
    return x_at != y_at ? (x_at > y_at) - (x_at < y_at) : strcmp(x->key, y->key);
}

size_t ledger_list(const struct core *core, const struct person *manager, struct arena *arena,
                   const struct ledger_row ***ret)
{
    size_t all = core->ledger ? core->ledger->count : 0, count = 0;
    const struct ledger_row **list = arena_alloc(arena, (all + 1) * sizeof(*list));
    for (size_t i = 0; i < all; i++) {
        if (!manager || core->ledger->rows[i]->manager == manager)
            list[count++] = core->ledger->rows[i];
    }
    if (count > 1)
        qsort(list, count, sizeof(*list), by_time);
    *ret = list;
    return count;
}
