/* The coin: what an experiment makes of one occasion. */
#include "base/hash.h"
#include "core/trial.h"

static const struct arm *arm_of_test(const struct experiment *experiment, const char *name)
{
    const struct arm *speaking = NULL;
    for (int i = experiment->arm_count; i-- > 0;) {
        if (str_eq(experiment->arms[i].name, name))
            return &experiment->arms[i];
        if (experiment->arms[i].kind != ARM_NOTHING)
            speaking = &experiment->arms[i];
    }
    return speaking;
}

const struct arm *trial_toss(const struct core *core, const struct candidate *c)
{
    const struct experiment *experiment = c->rule->experiment;
    const char *const parts[] = {experiment->name, c->rep->id, c->event ? c->event->source : NULL,
                                 c->occurrence};
    uint64_t seed = experiment->has_seed ? experiment->seed : core->options.seed;
    int roll = (int)(hash_join(seed, parts, 4) % EXPERIMENT_P_ONE), last = 0;
    if (core->options.arm)
        return arm_of_test(experiment, core->options.arm);
    while (last < experiment->arm_count - 1 && roll >= experiment->arms[last].p)
        roll -= experiment->arms[last++].p;
    return &experiment->arms[last];
}

/* Only an occasion on which every arm has something to say is one: else the arms would differ in
 * more than what was said. */
const char *trial_compose(const struct core *core, const struct candidate *c,
                          const struct scope *scope, struct draft *draft, const struct arm **ret)
{
    const struct experiment *experiment = c->rule->experiment;
    const struct draft blank = *draft;
    *ret = NULL;
    if (!experiment)
        return c->rule->action->compose(core, c->rule, scope, draft);
    const struct arm *chosen = trial_toss(core, c);
    for (int i = 0; i < experiment->arm_count; i++) {
        const struct arm *arm = &experiment->arms[i];
        struct draft one = blank;
        if (arm->kind == ARM_NOTHING)
            continue;
        one.only = arm->question < 0 ? NULL : c->rule->questions[arm->question];
        const char *empty = c->rule->action->compose(core, c->rule, scope, &one);
        if (empty)
            return empty;
        if (arm == chosen)
            *draft = one;
    }
    *ret = chosen;
    return NULL;
}
