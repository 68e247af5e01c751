#include "core/stats.h"

#include "base/alloc.h"

int64_t stats_weight(int p)
{
    return ((int64_t)STATS_WEIGHT_ONE * 1000 + p / 2) / p;
}

double stats_t(int halvings, int64_t degrees)
{
    /* of the normal distribution: 0.025, 0.0125, ... above */
    static const double normal[] = {1.959964, 2.241403, 2.497705, 2.734369, 2.955167, 3.162818,
                                    3.359354, 3.546338, 3.725004, 3.896343, 4.061167, 4.220149,
                                    4.373857, 4.522771, 4.667305, 4.807816};
    size_t row = halvings < 0 ? 0 : (size_t)halvings;
    double z = normal[row < ARRAY_LEN(normal) ? row : ARRAY_LEN(normal) - 1];
    double n = (double)degrees, s = z * z;
    double first = z * (s + 1) / 4;
    double second = z * ((5 * s + 16) * s + 3) / 96;
    double third = z * (((3 * s + 19) * s + 17) * s - 15) / 384;
    double fourth = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
    return z + (first + (second + (third + fourth / n) / n) / n) / n;
}

/* Newton's way: the C library's root is none of the pure zone's functions. */
static double root(double x)
{
    double guess = x > 1 ? x : 1;
    if (x <= 0)
        return 0;
    for (double next; (next = (guess + x / guess) / 2) < guess;)
        guess = next;
    return guess;
}

static void add_up(const struct stats_cluster *list, size_t count, struct stats_difference *ret,
                   double weight[2])
{
    double weighted[2] = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct stats_cluster *person = &list[i];
        ret->clusters += person->count[0] || person->count[1];
        for (int arm = 0; arm < 2; arm++) {
            ret->people[arm] += person->count[arm] > 0;
            ret->count[arm] += person->count[arm];
            ret->hits[arm] += person->hits[arm];
            weight[arm] += (double)person->weight[arm];
            weighted[arm] += (double)person->weighted[arm];
        }
    }
    for (int arm = 0; arm < 2; arm++)
        ret->share[arm] = weight[arm] > 0 ? weighted[arm] / weight[arm] : 0;
    ret->difference = ret->share[1] - ret->share[0];
}

static enum stats_verdict judge(const struct stats_difference *d)
{
    int64_t hits = d->hits[0] + d->hits[1], all = d->count[0] + d->count[1];
    if (d->count[0] < STATS_OCCASIONS_MIN || d->count[1] < STATS_OCCASIONS_MIN)
        return STATS_FEW_OCCASIONS;
    if (d->people[0] < STATS_PEOPLE_MIN || d->people[1] < STATS_PEOPLE_MIN)
        return STATS_FEW_PEOPLE;
    return hits < STATS_EITHER_MIN || all - hits < STATS_EITHER_MIN ? STATS_TOO_UNIFORM
                                                                    : STATS_ENOUGH;
}

/* What this person pulls the difference by: the residuals, weighted. */
static double pull(const struct stats_cluster *person, const struct stats_difference *d,
                   const double weight[2])
{
    double of[2];
    for (int arm = 0; arm < 2; arm++)
        of[arm] = ((double)person->weighted[arm] - d->share[arm] * (double)person->weight[arm]) /
                  weight[arm];
    return of[1] - of[0];
}

void stats_compare(const struct stats_cluster *list, size_t count, int halvings,
                   struct stats_difference *ret)
{
    enum { MEANS = 2 };
    double weight[2] = {0, 0}, variance = 0;
    *ret = (struct stats_difference){0};
    add_up(list, count, ret, weight);
    ret->verdict = judge(ret);
    if (ret->verdict != STATS_ENOUGH)
        return;
    for (size_t i = 0; i < count; i++) {
        double u = pull(&list[i], ret, weight);
        variance += u * u;
    }
    double people = (double)ret->clusters, all = (double)(ret->count[0] + ret->count[1]);
    variance *= people / (people - 1) * ((all - 1) / (all - MEANS));
    double reach = stats_t(halvings, ret->clusters - 1) * root(variance);
    if (variance <= 0) { /* nobody differs from anybody: that is no certainty */
        ret->verdict = STATS_TOO_UNIFORM;
        return;
    }
    ret->low = ret->difference - reach;
    ret->high = ret->difference + reach;
}

static enum stats_verdict judge_share(const struct stats_share *s)
{
    return s->count < STATS_OCCASIONS_MIN ? STATS_FEW_OCCASIONS
           : s->people < STATS_PEOPLE_MIN ? STATS_FEW_PEOPLE
           : s->hits < STATS_EITHER_MIN || s->count - s->hits < STATS_EITHER_MIN ? STATS_TOO_UNIFORM
                                                                                 : STATS_ENOUGH;
}

void stats_share(const struct stats_cluster *list, size_t count, struct stats_share *ret)
{
    double variance = 0;
    *ret = (struct stats_share){0};
    for (size_t i = 0; i < count; i++) {
        ret->people += list[i].count[0] > 0;
        ret->count += list[i].count[0];
        ret->hits += list[i].hits[0];
    }
    ret->share = ret->count ? (double)ret->hits / (double)ret->count : 0;
    ret->verdict = judge_share(ret);
    if (ret->verdict != STATS_ENOUGH)
        return;
    for (size_t i = 0; i < count; i++) {
        double u =
            ((double)list[i].hits[0] - ret->share * (double)list[i].count[0]) / (double)ret->count;
        variance += u * u;
    }
    double people = (double)ret->people;
    double reach = stats_t(0, ret->people - 1) * root(variance * people / (people - 1));
    if (variance <= 0) { /* nobody differs from anybody: that is no certainty */
        ret->verdict = STATS_TOO_UNIFORM;
        return;
    }
    ret->low = ret->share - reach < 0 ? 0 : ret->share - reach;
    ret->high = ret->share + reach > 1 ? 1 : ret->share + reach;
}
