#include "gritd/zone_gap.h"

#include <stdio.h>

#include "gritd/daemon.h"
#include "io/log.h"

void zone_gap_look(struct daemon *daemon, const struct event *event)
{
    struct zone_gaps *gaps = &daemon->zone_gaps;
    if (event->type != EVENT_PERSON || str_empty(event->zone))
        return;
    for (int i = 0; i < gaps->count; i++)
        if (str_eq(gaps->names[i], event->zone))
            return;
    if (gaps->count == ZONE_GAPS_TOLD || zones_get(&daemon->zones, event->zone))
        return;
    /* fits: a platform's name is cut to 60 characters */
    (void)snprintf(gaps->names[gaps->count++], ZONE_GAP_BYTES, "%s", event->zone);
    log_warning("chat",
                "the chat has %s in the time zone '%s', which is not known here: the team's zone "
                "counts, else UTC; give them a zone in people.yaml, or upgrade the package tzdata",
                event->chat ? event->chat : "somebody", event->zone);
}
