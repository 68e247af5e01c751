/* intake_watch.h: what is known of each source while the daemon runs, and beyond a reload: what
 * became of its requests, when it was heard last and whether it is silent for longer than usual.
 * Layer: gritd. Private to the daemon. */
#pragma once
#include "base/jsonw.h"
#include "gritd/daemon.h"

/* What became of a request. */
enum intake_outcome {
    INTAKE_TAKEN,    /* something of it was new */
    INTAKE_REPEATED, /* all of it was known */
    INTAKE_EMPTY,    /* nothing of interest */
    INTAKE_UNREAD,   /* authentic, and cannot be read */
    INTAKE_REFUSED,  /* not proved */
    INTAKE_BUSY,     /* to be sent again: queue, store, stopping */
    INTAKE_OUTCOMES
};

/* The name that stands for POST /v1/events. */
#define INTAKE_EVENTS "events"

int watches_open(struct daemon *daemon, struct err *err); /* reads what the store knows */
void watches_close(struct daemon *daemon);

/* One request of the source `name` (NULL: /v1/events) has come to its end. */
void watch_count(struct daemon *daemon, const char *name, enum intake_outcome outcome);

/* A record of which the source told too little, and which nobody reads back. */
void watch_skipped(struct daemon *daemon, const char *name);

/* A stage that nobody has mapped: one warning for each word. */
void watch_unmapped(struct daemon *daemon, const char *name, const char *stage);

/* Each few seconds: tells of silence, stores what was learned. */
void watches_look(struct daemon *daemon);

void watches_status(const struct daemon *daemon, struct jsonw *json);
enum watch_figure { WATCH_REQUESTS, WATCH_LAST, WATCH_SILENT, WATCH_SKIPPED };
void watches_each(const struct daemon *daemon, enum watch_figure figure, metrics_put put,
                  void *user);
