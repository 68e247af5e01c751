/* when.h: "3 days", "until Monday": how long, as people say it.
 * Layer: core (pure). Depends on: tz, clock. */
#pragma once
#include "base/msec.h"
#include "core/tz.h"

/* "3d", "3 days", "a week", "2 hours", "today", "until tomorrow", "until Monday", "until 15:00",
 * "until 2026-12-01", "until 1 Dec"; "for", "on" and "till" as people use them. A day is meant from
 * its first minute on: until Monday is over when Monday begins.
 *
 * Units:  now and *ret_until in UTC; clocks and days are those of the zone.
 * Errors: -EINVAL (not understood), -ERANGE (past, nothing, or over a year); *ret_until untouched.
 */
int when_parse(const char *text, const struct tz *zone, msec_t now, msec_t *ret_until);

/* "17:00-09:00", "5pm to 9am", "from 17:00 until 9:00" in minutes of the day; over midnight when
 * the second is the earlier one.
 *
 * Errors: -EINVAL; nothing touched. */
int when_parse_span(const char *text, int *ret_from, int *ret_to);
