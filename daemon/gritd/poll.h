/* poll.h: the CRMs that are asked, and when.
 * Layer: gritd. Lifetime: of one configuration; a reload opens new ones, which go on where the old
 * ones were. One round of a source at a time; its cursor is kept behind its events. */
#pragma once
#include "base/str.h"
#include "gritd/daemon.h"
#include "io/httpc.h"

struct polls;
struct poll;
struct jsonw;

/* Owns: *ret is ended with polls_close(). Nothing is asked before polls_start().
 * Errors: -EINVAL a secret that cannot be had or is of no use, naming file and line. */
int polls_open(struct daemon *daemon, const struct setup *setup, struct err *err,
               struct polls **ret);
/* Takes over how far the old ones (NULL: none) or else the store's rows have come.
 * Errors: of reading the store. */
int polls_restore(struct polls *polls, const struct polls *old, struct err *err);
void polls_start(struct polls *polls);
/* Ends requests under way. The memory goes once the loop has let go of its handles. Accepts NULL.
 */
void polls_close(struct polls *polls);

/* Sends the request of a round's step; `done` has its answer. Errors: of making it, then nothing is
 * under way. */
int poll_send(struct httpc *httpc, struct poll *poll, unsigned total_timeout_ms, size_t most_bytes,
              httpc_cb done, void *user, struct err *err);

/* Asks now instead of at the next time: the source has been silent for longer than is usual. */
void polls_hurry(struct polls *polls, const char *intake);

/* Whether whatever the intake tells of deals and effort is asked for as well; then a note of it is
 * only a reason to ask. */
bool polls_tell_all(const struct polls *polls, const char *intake);
/* Something was told: asks soon, and once more where a round is under way. */
void polls_told(struct polls *polls, const char *intake);

/* What is known of a deal; borrowed until the next event. False: nothing. */
struct poll_deal;
bool polls_deal(const struct daemon *daemon, const char *id, struct poll_deal *ret);

void polls_status(const struct polls *polls, struct jsonw *json); /* nothing without sources */
enum poll_figure { POLL_ROUNDS, POLL_FAILURES, POLL_EVENTS, POLL_LAST };
void polls_each(const struct polls *polls, enum poll_figure figure, metrics_put put, void *user);
