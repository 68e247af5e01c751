/* read_back.h: records of which a CRM told too little are read, without its answer waiting for it.
 * Layer: gritd. Lifetime: of one configuration. What waits is in the store too (back_rows.h). */
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

/* What waits in the store waits here from now on; what nobody reads back any more is dropped.
 * Errors: of reading the store. */
int read_backs_restore(struct read_backs *backs, struct err *err);
/* The same with what waits in the old ones. */
void read_backs_inherit(struct read_backs *backs, struct read_backs *old);

/* Copies the wish and keeps it: it is durable once what engine_keep() is given next is. Where the
 * intake does not read such a record back it is counted. */
void read_backs_want(struct read_backs *backs, const char *intake, const struct crm_want *want);
/* So many wait that nothing should be taken that brings more. */
bool read_backs_full(const struct read_backs *backs, const char *intake);

enum back_figure { BACK_READ, BACK_FAILURES, BACK_DROPPED, BACK_WAITING };
void read_backs_each(const struct read_backs *backs, enum back_figure figure, metrics_put put,
                     void *user);
