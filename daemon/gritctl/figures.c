#include "gritctl/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/str.h"
#include "engine/attention.h"

enum {
    STEPS_OF_A_DAY = 120, /* a longer span is shown in weeks */
    STEPS_MOST = 400,
    DAYS_OF_A_WEEK = 7,
    MONDAY_BEFORE = 3, /* day 0 was a Thursday */
};

const char *figures_minutes(long halves, char *text)
{
    (void)snprintf(text, FIGURES_TEXT_BYTES, "%ld%s", halves / 2, halves % 2 ? ".5" : "");
    return text;
}

const char *figures_step(const struct figures *figures, char *text)
{
    size_t weeks = figures->step_days / DAYS_OF_A_WEEK;
    if (weeks > 1)
        (void)snprintf(text, FIGURES_TEXT_BYTES, "%zu weeks", weeks);
    else
        (void)snprintf(text, FIGURES_TEXT_BYTES, "%s", weeks ? "week" : "day");
    return text;
}

long figures_change(const struct figures *figures, const struct figure_row *row)
{
    long last = row->counts[figures->sides - 1][TALLY_SENT];
    return figures->sides == 1 ? last : last - row->counts[0][TALLY_SENT];
}

/* --- rows by name --- */

struct rows_by_name {
    struct figure_rows *rows;
    struct map places; /* name -> place + 1 */
};

static struct figure_row *row_get(struct rows_by_name *by, const char *name)
{
    struct figure_rows *rows = by->rows;
    size_t place = (size_t)(uintptr_t)map_get(&by->places, name);
    if (place)
        return &rows->list[place - 1];
    ARRAY_GROW(rows->list, rows->count, rows->cap);
    rows->list[rows->count++] = (struct figure_row){.name = name};
    map_set(&by->places, name, (void *)(uintptr_t)rows->count);
    return &rows->list[rows->count - 1];
}

static void add_rules(struct rows_by_name *by, const struct tally *tally, int side,
                      struct figure_total *total)
{
    for (int i = 0; i < tally->book->rule_count; i++) {
        struct figure_row *row = row_get(by, tally->book->rules[i]->id);
        for (int k = 0; k < TALLY_OUTCOME_COUNT; k++) {
            row->counts[side][k] += tally->rules[i][k];
            total->counts[k] += tally->rules[i][k];
        }
        row->halves[side] = row->counts[side][TALLY_SENT] * attention_halves(tally->book->rules[i]);
    }
}

static void add_gates(struct rows_by_name *by, const struct tally *tally, int side)
{
    for (size_t i = 0; i < tally->gate_count; i++) {
        struct figure_row *row = row_get(by, tally->gates[i].gate);
        for (int k = 0; k < TALLY_OUTCOME_COUNT; k++)
            row->counts[side][k] = tally->gates[i].counts[k];
    }
}

static bool same_day(const struct tally_message *a, const struct tally_message *b)
{
    return a->day == b->day && str_eq(a->to, b->to);
}

/* The messages are in order of day and person. */
static void add_people(struct rows_by_name *by, const struct tally *tally, int side,
                       struct figure_total *total)
{
    long today = 0;
    for (size_t i = 0; i < tally->message_count; i++) {
        const struct tally_message *message = &tally->messages[i];
        struct figure_row *row = row_get(by, message->to);
        today = i && same_day(message, message - 1) ? today + 1 : 1;
        row->counts[side][TALLY_SENT]++;
        row->halves[side] += attention_halves(message->rule);
        total->halves += attention_halves(message->rule);
        if (today > row->most[side])
            row->most[side] = today;
    }
}

/* --- person-days --- */

static int compare_sizes(const void *a, const void *b)
{
    const long *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static long weekdays(msec_t from, msec_t to)
{
    long count = 0;
    for (int64_t day = from / MSEC_DAY; day <= (to - 1) / MSEC_DAY; day++) {
        int weekday = civil_weekday(day);
        count += weekday != 0 && weekday != 6;
    }
    return count;
}

static long percentile(const long *days, long used, long quiet, long pct)
{
    long rank = ((quiet + used) * pct + 99) / 100; /* nearest rank */
    return rank > quiet ? days[rank - quiet - 1] : 0;
}

static void add_days(const struct tally *tally, struct figure_total *total, long *spread)
{
    long *days = NEW_ARRAY(long, tally->message_count + 1), used = 0;
    for (size_t i = 0; i < tally->message_count; i++) {
        if (!i || !same_day(&tally->messages[i], &tally->messages[i - 1]))
            used++;
        days[used - 1]++;
    }
    if (used)
        qsort(days, (size_t)used, sizeof(*days), compare_sizes);
    long all = (long)tally->people * weekdays(tally->result.from, tally->result.to);
    long quiet = all > used ? all - used : 0;
    total->person_days = quiet + used;
    total->p50 = percentile(days, used, quiet, 50);
    total->p95 = percentile(days, used, quiet, 95);
    total->max = used ? days[used - 1] : 0;
    spread[0] = quiet;
    for (long i = 0; i < used; i++)
        spread[days[i] < FIGURES_SPREAD ? days[i] : FIGURES_SPREAD - 1]++;
    free(days);
}

/* --- over time --- */

static void find_steps(const struct tally *const *tallies, struct figures *figures)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (int side = 0; side < figures->sides; side++) {
        const struct tally *tally = tallies[side];
        if (!tally->message_count)
            continue;
        int64_t from = tally->messages[0].day, to = tally->messages[tally->message_count - 1].day;
        first = from < first ? from : first;
        last = to > last ? to : last;
    }
    if (first > last)
        return;
    figures->step_days = 1;
    if (last - first >= STEPS_OF_A_DAY) {
        first -= ((first + MONDAY_BEFORE) % DAYS_OF_A_WEEK + DAYS_OF_A_WEEK) % DAYS_OF_A_WEEK;
        size_t weeks = (size_t)(last - first) / DAYS_OF_A_WEEK + 1;
        figures->step_days = DAYS_OF_A_WEEK * ((weeks + STEPS_MOST - 1) / STEPS_MOST);
    }
    figures->first_day = first;
    figures->step_count = (size_t)(last - first) / figures->step_days + 1;
}

static void add_steps(const struct tally *const *tallies, struct figures *figures)
{
    find_steps(tallies, figures);
    figures->steps = xcalloc(figures->step_count + 1, sizeof(*figures->steps));
    for (int side = 0; side < figures->sides; side++) {
        const struct tally *tally = tallies[side];
        for (size_t i = 0; i < tally->message_count; i++) {
            size_t step =
                (size_t)(tally->messages[i].day - figures->first_day) / figures->step_days;
            figures->steps[step][side]++;
        }
    }
}

/* --- order --- */

struct sorting {
    const struct figures *figures;
    bool sized; /* by the size of the change, whatever its sign */
};

static int by_change(const void *a, const void *b, void *user)
{
    const struct figure_row *x = a, *y = b;
    const struct sorting *sorting = user;
    long p = figures_change(sorting->figures, x), q = figures_change(sorting->figures, y);
    if (sorting->sized) {
        p = labs(p);
        q = labs(q);
    }
    if (p != q)
        return p < q ? 1 : -1;
    int last = sorting->figures->sides - 1;
    long sent = y->counts[last][TALLY_SENT] - x->counts[last][TALLY_SENT];
    return sent ? (sent > 0) - (sent < 0) : strcmp(x->name, y->name);
}

static long stopped(const struct figure_row *row)
{
    long sum = 0;
    for (int side = 0; side < FIGURES_SIDES; side++) {
        for (int k = 0; k < TALLY_OUTCOME_COUNT; k++)
            sum += row->counts[side][k];
    }
    return sum;
}

static int by_stopped(const void *a, const void *b)
{
    long p = stopped(a), q = stopped(b);
    if (p != q)
        return p < q ? 1 : -1;
    return strcmp(((const struct figure_row *)a)->name, ((const struct figure_row *)b)->name);
}

static void sort(struct figures *figures)
{
    struct sorting sized = {figures, true}, plain = {figures, false};
    if (figures->rules.count)
        qsort_r(figures->rules.list, figures->rules.count, sizeof(struct figure_row), by_change,
                &sized);
    if (figures->people.count)
        qsort_r(figures->people.list, figures->people.count, sizeof(struct figure_row), by_change,
                &plain);
    if (figures->gates.count)
        qsort(figures->gates.list, figures->gates.count, sizeof(struct figure_row), by_stopped);
}

void figures_make(const struct tally *const *tallies, const char *const *labels, int sides,
                  struct figures *ret)
{
    *ret = (struct figures){.sides = sides, .result = tallies[sides - 1]->result};
    struct rows_by_name rules = {.rows = &ret->rules}, gates = {.rows = &ret->gates},
                        people = {.rows = &ret->people};
    for (int side = 0; side < sides; side++) {
        const struct tally *tally = tallies[side];
        struct figure_total *total = &ret->totals[side];
        ret->labels[side] = labels[side];
        total->rules = tally->book->rule_count;
        total->people = tally->people;
        total->messages = (long)tally->message_count;
        total->reminders = tally->reminders;
        add_rules(&rules, tally, side, total);
        add_gates(&gates, tally, side);
        add_people(&people, tally, side, total);
        add_days(tally, total, ret->spread[side]);
    }
    add_steps(tallies, ret);
    sort(ret);
    map_done(&rules.places);
    map_done(&gates.places);
    map_done(&people.places);
}

void figures_done(struct figures *figures)
{
    free(figures->rules.list);
    free(figures->gates.list);
    free(figures->people.list);
    free(figures->steps);
}
