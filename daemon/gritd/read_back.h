/* read_back.h: records of which a CRM told too little are read, after it was answered.
 * Layer: gritd. Lifetime: of one configuration. What waits is in memory only: after a kill the next
 * note about the same deal brings it. */
#pragma once
#include "base/str.h"
#include "gritd/daemon.h"
#include "wire/crm.h"

struct read_backs;
struct jsonw;

/* Owns: *ret is ended with read_backs_close().
 * Errors: -EINVAL a secret that cannot be had, naming file and line. */
int read_backs_open(struct daemon *daemon, const struct setup *setup, struct err *err,
                    struct read_backs **ret);
void read_backs_close(struct read_backs *backs); /* accepts NULL */

/* What waits in the old ones (NULL: none) waits in the new ones from now on. */
void read_backs_inherit(struct read_backs *backs, struct read_backs *old);

/* Copies the wish. Where the intake does not read such a record back, or too many wait, it is
 * counted. */
void read_backs_want(struct read_backs *backs, const char *intake, const struct crm_want *want);

enum back_figure { BACK_READ, BACK_FAILURES, BACK_DROPPED, BACK_WAITING };
void read_backs_each(const struct read_backs *backs, enum back_figure figure, metrics_put put,
                     void *user);
