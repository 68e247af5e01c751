/* often.h: what goes wrong a thousand times for one cause is a few lines of the log, not a
 * thousand. Layer: gritd, pure: the time is given, by a clock that is never set back. Lifetime:
 * process.
 *
 * A cause is told at once three times, then every ten minutes with how often it was: at most nine
 * lines in any hour. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "io/chat_rate.h"

enum { OFTEN_CAUSES = 16, OFTEN_TEXT_BYTES = 160 }; /* further causes count as one */

struct often {
    struct often_cause {
        char text[OFTEN_TEXT_BYTES]; /* "": none */
        struct rate lines;
        uint64_t held; /* times that were not told yet */
    } causes[OFTEN_CAUSES];
};

/* It has happened: true when it is to be told. */
bool often_tell(struct often *often, const char *cause, int64_t now_ms);

/* Tells what was held back for long enough; to be called now and then. */
void often_look(struct often *often, int64_t now_ms,
                void (*told)(void *user, const char *cause, uint64_t times), void *user);
