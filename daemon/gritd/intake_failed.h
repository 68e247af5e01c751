/* intake_failed.h: authentic requests that could not be read, kept for a day so that somebody can
 * look at them and have them taken after a mending.
 * Layer: gritd. Private to the daemon. They are personal data: a day is the limit, any erasing
 * empties all of it, and no byte of them is logged. */
#pragma once
#include <jansson.h>

#include "gritd/daemon.h"
#include "wire/crm.h"

enum { FAILED_MAX = 100, FAILED_BYTES = 4 << 20 };

#define FAILED_KEEP_MS MSEC_DAY

int failed_open(struct daemon *daemon, struct err *err); /* reads what the store has */
void failed_close(struct daemon *daemon);

/* Keeps a request; the same one twice is kept once. The oldest ones make room. */
void failed_keep(struct daemon *daemon, const struct crm_request *request, const char *why);

/* Each few seconds: what is a day old goes. */
void failed_look(struct daemon *daemon);
void failed_forget(struct daemon *daemon); /* all of it, where a person was erased */

size_t failed_count(const struct daemon *daemon);

/* intake.c: reads a request anew and takes what it says; what was new and what was not.
 * Errors: why it cannot be read; -EBUSY, as the queue is full. */
int intake_again(struct daemon *daemon, struct crm_request *request, struct err *err,
                 int *ret_accepted, int *ret_repeated);

/* Of the control socket: {"cmd":"intake_failed"}, {"cmd":"intake_show","number":N} and
 * {"cmd":"intake_again","number":N}. */
void control_intake_failed(struct daemon *daemon, const json_t *in, const char *asker,
                           struct strbuf *out);
void control_intake_show(struct daemon *daemon, const json_t *in, const char *asker,
                         struct strbuf *out);
void control_intake_again(struct daemon *daemon, const json_t *in, const char *asker,
                          struct strbuf *out);
