/* rating.h: how useful one-to-ones were, said by reps and shown in figures only. Private to core/.
 * Layer: core (pure).
 *
 * A figure is that of one whole month that is over, so that no two figures differ by one person; it
 * is shown where at least RATING_PEOPLE_MIN people are in it. */
#pragma once
#include "core/ledger.h"

enum { RATING_PEOPLE_MIN = 5 };

struct rating {
    int people;
    int64_t hundredths; /* the mean of everybody's latest answer, rounded; 0: not shown */
    int min, max;       /* of the scale */
};

/* The question asks for such a rating. */
bool rating_is(const struct question *question);
/* It was answered. */
void rating_take(struct core *core, struct step *step, const struct prompt *prompt);
/* False: not shown, and *ret is untouched. */
bool rating_of(const struct core *core, const struct person *manager, msec_t from, msec_t until,
               struct rating *ret);
