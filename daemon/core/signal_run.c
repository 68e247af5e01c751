/* Signals about when: streak, gap, time_from to. */
#include <stdlib.h>

#include "core/signal.h"

/* Reads on from word 0 of the state. */
static bool next(const struct sight *sight, uint32_t *read, const struct fact **ret)
{
    const struct series *series = &sight->series;
    if (*read >= series->end || series_at(series, *read)->time > sight->now)
        return false;
    *ret = series_at(series, (*read)++);
    return true;
}

/* --- streak --- */

/* Read up to `read`; on `day` (the last one begun) there were `found` so far; before it `run`
 * working days in a row had enough, beginning on `from` or later. Days are day numbers. */
struct streak {
    uint32_t read;
    int32_t day, from;
    uint32_t found, run;
};

static size_t streak_words(const struct signal *signal)
{
    (void)signal;
    return sizeof(struct streak) / sizeof(uint32_t);
}

/* Of the person's week, not a holiday, and not away at noon. */
static bool works_on(const struct core *core, const struct person *rep, int64_t day)
{
    struct civil noon = {.hour = 12};
    if (!(person_hours(core, rep)->weekdays & 1U << civil_weekday(day)))
        return false;
    for (int i = 0; i < core->book->holiday_count; i++) {
        if (core->book->holidays[i] == day)
            return false;
    }
    if (!rep->leave_count && !rep->away_count)
        return true;
    civil_from_days(day, &noon.year, &noon.month, &noon.day);
    return person_away_until(rep, tz_instant(rep->tz, &noon, TZ_GAP_END)) == MSEC_NONE;
}

static size_t only_read(const struct signal *signal)
{
    (void)signal;
    return 1;
}

static uint32_t streak_need(const struct sight *sight)
{
    return (uint32_t)(sight->signal->at_least > 0 ? sight->signal->at_least : 1);
}

/* `day` is over, and those up to the new one. */
static void streak_close(const struct sight *sight, struct streak *streak, int32_t day)
{
    for (bool first = true; streak->day < day; streak->day++, first = false) {
        if (!works_on(sight->core, sight->rep, streak->day))
            continue;
        if (first && streak->found >= streak_need(sight)) {
            streak->run++;
            continue;
        }
        streak->run = 0;
        streak->from = streak->day + 1;
        if (!first) { /* of the days without any, one is enough to break it */
            streak->from = streak->day = day;
            break;
        }
    }
    streak->found = 0;
}

/* All working days since `from` had enough; only the last SIGNAL_STREAK_DAYS count, for of those
 * before not everything is remembered. */
static uint32_t streak_length(const struct sight *sight, const struct streak *streak)
{
    int32_t oldest = streak->day - SIGNAL_STREAK_DAYS + 1;
    uint32_t run = 0;
    if (streak->from >= oldest)
        return streak->run;
    for (int32_t day = oldest; day < streak->day; day++)
        run += works_on(sight->core, sight->rep, day);
    return run;
}

/* False: a fact is of a day that is closed already; it was heard of late, though none came after it
 * (`again`: all is read anew, and a day that comes back is a clock set back over midnight). */
static bool streak_read(const struct sight *sight, struct streak *streak, bool again)
{
    const struct fact *fact;
    while (next(sight, &streak->read, &fact)) {
        int32_t day = (int32_t)person_day(sight->rep, fact->time);
        if (streak->day == INT32_MIN)
            streak->day = streak->from = day;
        if (day < streak->day && !again)
            return false;
        if (day > streak->day)
            streak_close(sight, streak, day);
        if (filter_passes(&sight->signal->of, fact))
            streak->found += fact->times;
    }
    return true;
}

/* Working days in a row, back from today, with at_least events each. Today counts once it has
 * enough and breaks nothing before it is over; days off neither count nor break. */
static int64_t streak_value(const struct sight *sight, uint32_t *state)
{
    struct streak *streak = (struct streak *)state; /* all its members are of one word */
    const struct streak none = {.read = sight->series.first, .day = INT32_MIN};
    int32_t today = (int32_t)person_day(sight->rep, sight->now);
    bool stale = !streak->read || streak->day > today ||
                 series_passed(&sight->series, streak->read, sight->now);
    if (stale || !streak_read(sight, streak, false)) {
        *streak = none;
        (void)streak_read(sight, streak, true); /* takes all */
    }
    if (streak->day == INT32_MIN)
        return 0;
    if (today > streak->day)
        streak_close(sight, streak, today);
    bool counts = streak->found >= streak_need(sight) && works_on(sight->core, sight->rep, today);
    return (int64_t)(streak_length(sight, streak) + counts) * 1000;
}

const struct signal_way signal_way_streak = {streak_words, only_read, streak_value, NULL};

/* --- gap --- */

enum { GAP_READ, GAP_LAST, GAP_WORDS };

static size_t gap_words(const struct signal *signal)
{
    (void)signal;
    return GAP_WORDS;
}

static int64_t hours(msec_t length)
{
    return length * 1000 / MSEC_HOUR;
}

/* Time since the last one, in hours; missing when there is none in sight. */
static int64_t gap_value(const struct sight *sight, uint32_t *state)
{
    const struct fact *fact;
    if (!state[GAP_READ] || series_passed(&sight->series, state[GAP_READ], sight->now)) {
        state[GAP_READ] = sight->series.first;
        state[GAP_LAST] = 0;
    }
    while (next(sight, &state[GAP_READ], &fact)) {
        if (filter_passes(&sight->signal->of, fact))
            state[GAP_LAST] = state[GAP_READ] - 1;
    }
    if (!sight_has(sight, state[GAP_LAST]))
        return NUMBER_NONE;
    return hours(sight->now - series_at(&sight->series, state[GAP_LAST])->time);
}

const struct signal_way signal_way_gap = {gap_words, gap_words, gap_value, NULL};

/* --- time_from to --- */

/* The newest pairs of beginning and end, oldest first, as positions behind these words. */
enum { TIME_READ, TIME_BEGUN, TIME_COUNT, TIME_PAIRS };

static uint32_t pairs_max(const struct signal *signal)
{
    return signal->own_baseline ? SIGNAL_BASELINE_MAX + 1 : 1;
}

static size_t time_words(const struct signal *signal)
{
    return TIME_PAIRS + 2 * (size_t)pairs_max(signal);
}

static void add_pair(const struct signal *signal, uint32_t *state, uint32_t end)
{
    uint32_t *pairs = state + TIME_PAIRS, most = pairs_max(signal);
    if (state[TIME_COUNT] == most) {
        for (uint32_t i = 2; i < 2 * most; i++)
            pairs[i - 2] = pairs[i];
        state[TIME_COUNT]--;
    }
    pairs[2 * state[TIME_COUNT]] = state[TIME_BEGUN];
    pairs[2 * state[TIME_COUNT] + 1] = end;
    state[TIME_COUNT]++;
}

static void time_read(const struct sight *sight, uint32_t *state)
{
    const struct series *series = &sight->series;
    const struct fact *fact;
    if (!state[TIME_READ] || series_passed(series, state[TIME_READ], sight->now)) {
        state[TIME_READ] = series->first;
        state[TIME_BEGUN] = state[TIME_COUNT] = 0;
    }
    while (next(sight, &state[TIME_READ], &fact)) {
        uint32_t begun = state[TIME_BEGUN], position = state[TIME_READ] - 1;
        if (begun >= series->first && filter_passes(&sight->signal->of, fact) &&
            fact->time > series_at(series, begun)->time) {
            add_pair(sight->signal, state, position);
            state[TIME_BEGUN] = 0;
        }
        if (filter_passes(&sight->signal->since, fact))
            state[TIME_BEGUN] = position;
    }
}

/* There are a handful of them. */
static void sort_lengths(msec_t *lengths, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        msec_t one = lengths[i];
        size_t place = i;
        for (; place > 0 && lengths[place - 1] > one; place--)
            lengths[place] = lengths[place - 1];
        lengths[place] = one;
    }
}

/* How much shorter than the median of the earlier ones (of two in the middle the longer), in
 * percent; negative when longer. Too few of them, or a median of nothing, say nothing. */
static int64_t faster(msec_t *lengths, size_t count)
{
    msec_t last = lengths[count - 1];
    if (count - 1 < SIGNAL_BASELINE_LEAST)
        return NUMBER_NONE;
    sort_lengths(lengths, count - 1);
    msec_t median = lengths[(count - 1) / 2];
    return median > 0 ? (median - last) * 100 / median * 1000 : NUMBER_NONE;
}

/* Time from the last beginning to the first end after it, in hours, or against the own median.
 * Missing when there was none, and while the last beginning still waits for its end. */
static int64_t time_value(const struct sight *sight, uint32_t *state)
{
    msec_t lengths[SIGNAL_BASELINE_MAX + 1];
    size_t count = 0;
    time_read(sight, state);
    if (sight_has(sight, state[TIME_BEGUN]))
        return NUMBER_NONE;
    for (uint32_t i = 0; i < state[TIME_COUNT]; i++) {
        const uint32_t *pair = state + TIME_PAIRS + 2 * (size_t)i;
        if (sight_has(sight, pair[0]))
            lengths[count++] =
                series_at(&sight->series, pair[1])->time - series_at(&sight->series, pair[0])->time;
    }
    if (!count)
        return NUMBER_NONE;
    return sight->signal->own_baseline ? faster(lengths, count) : hours(lengths[count - 1]);
}

const struct signal_way signal_way_time = {time_words, time_words, time_value, NULL};
