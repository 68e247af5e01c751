/* moved.h: somebody who changes zone. Layer: core (pure). Private to core/.
 *
 * A schedule of local times speaks at most once for one local date and time to one person. So the
 * clock on a person's wall only goes on: flying west, the hours that it has shown already are
 * nobody's a second time; flying east, what it leaps over has passed, and the rule's `missed` says
 * whether it is still made good. */
#pragma once
#include <stdbool.h>

#include "base/msec.h"

struct core;
struct person;
struct rule;
struct step;
struct tz;

/* All zero: not looked at yet. */
struct wall_clock {
    const char *zone; /* in which the person was last seen; interned in the core */
    bool has_moved;
    msec_t shown; /* wall time up to which all is done, once it has moved; see tz_wall() */
};

/* Before the slots of the zones left behind go: whoever is in another zone than before. */
void moved_people(struct core *core, msec_t now, struct step *step);
/* The rule had this moment in the zone that was left, and spoke there or is about to. */
bool moved_has_seen(const struct person *person, const struct rule *rule, const struct tz *tz,
                    msec_t due);
