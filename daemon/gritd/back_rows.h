/* back_rows.h: the records that wait to be read back, in the store: a kill loses none of them.
 * Layer: gritd. */
#pragma once
#include "gritd/daemon.h"
#include "wire/crm.h"

/* Each wish has a number that no other has while it waits. */
void back_rows_put(struct daemon *daemon, const char *intake, int64_t number,
                   const struct crm_want *want);
/* Behind the events that the records have brought, so that none is lost. */
void back_rows_drop(struct daemon *daemon, const int64_t *numbers, size_t count);

/* Hands out all of them as they were put; borrowed until `each` returns.
 * Errors: of reading the store. */
int back_rows_load(struct daemon *daemon,
                   void (*each)(void *user, const char *intake, int64_t number,
                                const struct crm_want *want),
                   void *user, struct err *err);
