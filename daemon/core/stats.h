/* stats.h: how much an outcome differs between two arms of an experiment, and how sure that is.
 * Layer: core (pure). Only + - * / on doubles, in the order of the list: the same input gives the
 * same bits on every machine (the file is built without contraction).
 *
 * Source: weighted (Hajek) means with weights 1/p, and the variance clustered by person with the
 * factor G/(G-1) * (N-1)/(N-K) and t with G-1 degrees of freedom: Cameron and Miller, "A
 * practitioner's guide to cluster-robust inference", J. Human Resources 50(2), 2015, sections II
 * and VI; weights by the logged probability: Boruvka et al., "Assessing time-varying causal effect
 * moderation in mobile health", J. Am. Statistical Association 113(523), 2018. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STATS_PEOPLE_MIN = 10,    /* in each arm */
    STATS_OCCASIONS_MIN = 30, /* in each arm */
    STATS_EITHER_MIN = 5,     /* with the outcome, and without, over both arms */
    STATS_WEIGHT_ONE = 1000,  /* the weight of an occasion whose arm was certain */
};

/* What one person adds to two arms: [0] that which is compared with, [1] that which is compared. */
struct stats_cluster {
    int64_t count[2], hits[2]; /* occasions; those with the outcome */
    int64_t weight[2];         /* sum of stats_weight() of the occasions */
    int64_t weighted[2];       /* of those with the outcome */
};

enum stats_verdict { STATS_ENOUGH, STATS_FEW_PEOPLE, STATS_FEW_OCCASIONS, STATS_TOO_UNIFORM };

struct stats_difference {
    enum stats_verdict verdict;
    int64_t people[2], count[2], hits[2];
    int64_t clusters;  /* people in either arm */
    double share[2];   /* weighted means; 0 where an arm has nothing */
    double difference; /* share[1] - share[0] */
    double low, high;  /* only with STATS_ENOUGH */
};

/* Of one occasion, from the probability of its arm in thousandths (1 to 1000). */
int64_t stats_weight(int p);

/* Each halving halves the chance that the interval misses: 0 gives 95 %, 1 gives 97.5 %, ...
 *
 * Owns:   nothing.
 * Units:  shares, 0 to 1. */
void stats_compare(const struct stats_cluster *list, size_t count, int halvings,
                   struct stats_difference *ret);

/* The share of occasions that had the outcome, each person one cluster: index 0 of each cluster,
 * without weights. The interval is the linearised ratio's, with the factor G/(G-1) and t with G-1
 * degrees of freedom, cut to 0..1. Source: as above, section II; Cochran, "Sampling Techniques",
 * 3rd ed., 2.11 for the ratio. */
struct stats_share {
    enum stats_verdict verdict;
    int64_t people, count, hits;
    double share;
    double low, high; /* only with STATS_ENOUGH */
};
void stats_share(const struct stats_cluster *list, size_t count, struct stats_share *ret);

/* The t quantile that `halvings` of 5 % (two-sided) leave outside.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5; good to three decimals
 * from 9 degrees of freedom on. */
double stats_t(int halvings, int64_t degrees);
