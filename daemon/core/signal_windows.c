/* Counts and sums in windows that slide: count and sum (one window), ratio (the current one and
 * those of the baseline before it), trend (one for each week). */
#include <stdlib.h>
#include <string.h>

#include "core/signal.h"

/* Window 0 ends now; window w is (now - length * (w + 1), now - length * w]. at[0] is the position
 * behind the last fact read, at[w + 1] the first one in window w; totals[w] is what is in it. */
struct windows {
    uint32_t *at, *totals;
    uint32_t count;
    msec_t length;
};

static uint32_t count_of(const struct signal *signal)
{
    if (signal->kind == SIGNAL_RATIO)
        return (uint32_t)signal->parts + 1;
    return signal->kind == SIGNAL_TREND ? (uint32_t)signal->parts : 1;
}

static struct windows windows_of(const struct signal *signal, uint32_t *state)
{
    uint32_t count = count_of(signal);
    return (struct windows){state, state + count + 1, count,
                            signal->window ? signal->window : signal_reach(signal)};
}

static size_t words(const struct signal *signal)
{
    return 2 * (size_t)count_of(signal) + 1;
}

static size_t positions(const struct signal *signal)
{
    return (size_t)count_of(signal) + 1;
}

static bool stale(const struct sight *sight, const struct windows *w)
{
    if (!w->at[0] || w->at[w->count] < sight->series.first)
        return true;
    for (uint32_t i = 0; i <= w->count; i++) {
        if (series_passed(&sight->series, w->at[i], sight->now - w->length * i))
            return true;
    }
    return false;
}

/* The position of the first fact later than `t`. */
static uint32_t first_after(const struct series *series, msec_t t)
{
    uint32_t low = series->first, high = series->end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (series_at(series, middle)->time > t)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void begin(const struct sight *sight, struct windows *w)
{
    uint32_t first = first_after(&sight->series, sight->now - w->length * w->count);
    for (uint32_t i = 0; i <= w->count; i++)
        w->at[i] = first;
    memset(w->totals, 0, w->count * sizeof(*w->totals));
}

/* Each fact enters window 0, and goes over each border once. */
static void move(const struct sight *sight, struct windows *w)
{
    const struct series *series = &sight->series;
    for (; w->at[0] < series->end && series_at(series, w->at[0])->time <= sight->now; w->at[0]++)
        w->totals[0] += signal_adds(sight->signal, series_at(series, w->at[0]));
    for (uint32_t i = 1; i <= w->count; i++) {
        msec_t border = sight->now - w->length * i;
        for (; w->at[i] < w->at[i - 1] && series_at(series, w->at[i])->time <= border; w->at[i]++) {
            uint32_t added = signal_adds(sight->signal, series_at(series, w->at[i]));
            w->totals[i - 1] -= added;
            if (i < w->count)
                w->totals[i] += added;
        }
    }
}

/* Behind a border or on it: then the next move takes it over, if it must. */
static void late(const struct signal *signal, uint32_t *state, uint32_t position,
                 const struct fact *fact)
{
    struct windows w = windows_of(signal, state);
    w.at[0]++;
    for (uint32_t i = 1; i <= w.count; i++) {
        if (w.at[i] > position) {
            w.at[i]++;
        } else {
            w.totals[i - 1] += signal_adds(signal, fact);
            break; /* the borders beyond stay */
        }
    }
}

/* Was the person away in this window, be it for an hour? Then it is no measure of anything. */
static bool is_away(const struct sight *sight, const struct windows *w, uint32_t window)
{
    return person_was_away(sight->rep, sight->now - w->length * (window + 1) + 1,
                           sight->now - w->length * window);
}

/* ratio = current window * n / sum of the n windows of the baseline that have anything in them. So
 * weeks away from work do not make the usual week smaller. Missing when fewer than half of them
 * have, or fewer than SIGNAL_RATIO_LEAST: too little to be a habit. Windows with time away do not
 * count; if the current one has any, there is no value. */
static int64_t ratio(const struct sight *sight, const struct windows *w)
{
    uint64_t sum = 0;
    uint32_t filled = 0, parts = w->count - 1;
    for (uint32_t i = 1; i < w->count; i++) {
        if (!w->totals[i] || is_away(sight, w, i))
            continue;
        sum += w->totals[i];
        filled++;
    }
    if (filled < SIGNAL_RATIO_LEAST || filled * 2 < parts || is_away(sight, w, 0))
        return NUMBER_NONE;
    return (int64_t)(w->totals[0] * (uint64_t)1000 * filled / sum);
}

static int compare_slopes(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Multiple of all of 1 to SIGNAL_TREND_PARTS - 1, so that slopes are whole numbers. */
enum { SLOPE_UNIT = 27720, PAIRS_MAX = SIGNAL_TREND_PARTS * (SIGNAL_TREND_PARTS - 1) / 2 };

/* The windows a trend looks at, newest first: how many before now, and what is in them. */
struct used {
    uint32_t ago[SIGNAL_TREND_PARTS], totals[SIGNAL_TREND_PARTS], count;
};

/* The median of the slopes between any two windows (Theil and Sen): one extraordinary week does
 * not move it. Twice the slope, in SLOPE_UNIT parts of one a window. */
static int64_t median_slope(const struct used *used)
{
    int64_t slopes[PAIRS_MAX];
    uint32_t pairs = 0;
    for (uint32_t newer = 0; newer < used->count; newer++) {
        for (uint32_t older = newer + 1; older < used->count; older++) {
            int64_t rise = (int64_t)used->totals[newer] - (int64_t)used->totals[older];
            slopes[pairs++] = rise * SLOPE_UNIT / (int64_t)(used->ago[older] - used->ago[newer]);
        }
    }
    qsort(slopes, pairs, sizeof(slopes[0]), compare_slopes);
    return slopes[(pairs - 1) / 2] + slopes[pairs / 2];
}

/* trend = median slope a window / mean of the windows, in percent. Windows with time away are left
 * out, and the empty ones before the first with anything in it: before that there was nothing to go
 * up or down. Missing when of the others fewer than half of all, or fewer than SIGNAL_TREND_LEAST,
 * have anything in them. */
static int64_t trend(const struct sight *sight, const struct windows *w)
{
    struct used used = {.count = 0};
    uint64_t sum = 0;
    uint32_t filled = 0;
    for (uint32_t i = 0; i < w->count; i++)
        filled += w->totals[i] != 0;
    if (filled < SIGNAL_TREND_LEAST || filled * 2 < w->count)
        return NUMBER_NONE; /* before anything dearer is asked */
    filled = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        if (is_away(sight, w, i))
            continue;
        used.ago[used.count] = i;
        used.totals[used.count++] = w->totals[i];
        sum += w->totals[i];
        filled += w->totals[i] != 0;
    }
    if (filled < SIGNAL_TREND_LEAST || filled * 2 < w->count)
        return NUMBER_NONE;
    while (!used.totals[used.count - 1])
        used.count--;
    int64_t slope = median_slope(&used) * 1000 / (2 * SLOPE_UNIT); /* thousandths */
    return slope * 100 * (int64_t)used.count / (int64_t)sum;
}

static int64_t value(const struct sight *sight, uint32_t *state)
{
    struct windows w = windows_of(sight->signal, state);
    if (stale(sight, &w))
        begin(sight, &w);
    move(sight, &w);
    if (sight->signal->kind == SIGNAL_RATIO)
        return ratio(sight, &w);
    if (sight->signal->kind == SIGNAL_TREND)
        return trend(sight, &w);
    return signal_thousandths(sight->signal, w.totals[0]);
}

const struct signal_way signal_way_windows = {words, positions, value, late};
