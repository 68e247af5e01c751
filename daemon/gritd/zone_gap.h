/* zone_gap.h: a chat platform may name a time zone that is not known here.
 * Layer: gritd. */
#pragma once

struct daemon;
struct event;

enum { ZONE_GAPS_TOLD = 8, ZONE_GAP_BYTES = 4 * 60 + 1 };

/* Those that were told of; so many lines are enough. */
struct zone_gaps {
    char names[ZONE_GAPS_TOLD][ZONE_GAP_BYTES];
    int count;
};

/* A line about an event's zone that nothing is known of, once for each name: the person's team's
 * counts then, else UTC. */
void zone_gap_look(struct daemon *daemon, const struct event *event);
