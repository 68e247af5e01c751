/* experiment.h: the arms of an experiment, as a rule says them.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { EXPERIMENT_ARMS_MAX = 6, EXPERIMENT_P_ONE = 1000 };

enum arm_kind {
    ARM_THIS,     /* what the rule does anyway */
    ARM_NOTHING,  /* silence */
    ARM_QUESTION, /* one of its questions */
};

struct arm {
    const char *name; /* this, nothing, or the question's id */
    enum arm_kind kind;
    int question; /* ARM_QUESTION: index in the rule's questions; else -1 */
    int p;        /* thousandths; all arms together are EXPERIMENT_P_ONE */
};

struct experiment {
    const char *name; /* of the coin; default: the rule's id */
    bool has_seed;
    uint64_t seed; /* has_seed: of the coin, instead of the daemon's */
    struct arm arms[EXPERIMENT_ARMS_MAX];
    int arm_count;
    int nothing; /* index of the arm that is silent, or -1 */
};
