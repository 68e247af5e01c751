/* tz.h: what the clocks on the wall show in a zone, from TZif bytes handed in.
 * Layer: core (pure). Lifetime: process. Depends on: base. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/msec.h"

struct tz;

enum { TZ_NAME_BYTES = 64, TZ_FILE_MAX_BYTES = 64 * 1024 };

/* How a wall time that does not exist, or exists twice, becomes an instant. One of each pair. */
enum tz_pick {
    TZ_GAP_END = 0,     /* first instant after the gap: 02:30 becomes 03:00 */
    TZ_GAP_BEFORE = 1,  /* read with the offset before the gap: 02:30 becomes 03:30 */
    TZ_PASS_FIRST = 0,  /* the first time the clock shows it */
    TZ_PASS_SECOND = 2, /* the last time the clock shows it */
};

enum tz_fit { TZ_NORMAL, TZ_GAP, TZ_OVERLAP };

/* A stretch of time with one offset; the next stretch may have the same one. */
struct tz_span {
    msec_t from, until; /* from counts in, until does not; MSEC_NONE, MSEC_NEVER at the ends */
    msec_t offset;
};

/* Reads a TZif file of version 2 or later: its 64-bit block, then its footer rule.
 *
 * Owns:   the caller frees *ret with tz_free(); the bytes are not kept.
 * Errors: -EINVAL when the name or the bytes are not a zone or break a limit (leap-second zones
 * too). Source: RFC 8536, 3; POSIX.1-2017, 8.3 (TZ); limits: 2000 changes as TZ_MAX_TIMES of
 * tzcode. */
int tz_new(const char *name, const void *bytes, size_t n, struct err *err, struct tz **ret);
void tz_free(struct tz *tz); /* accepts NULL; never hand it tz_utc() */

/* True for names like "America/Denver": letters, digits, "+-_" in parts joined by "/", so that the
 * name may be joined to a folder's path. */
bool tz_name_ok(const char *name);

const struct tz *tz_utc(void);
const char *tz_name(const struct tz *tz);

/* Milliseconds east of UTC at an instant. Before the first change: the first type. */
msec_t tz_offset(const struct tz *tz, msec_t utc);
struct tz_span tz_span_at(const struct tz *tz, msec_t utc);

/* The wall clock as the instant it would be in UTC ("wall milliseconds"), or in fields. */
msec_t tz_wall(const struct tz *tz, msec_t utc);
void tz_local(const struct tz *tz, msec_t utc, struct civil *ret);

/* The instant of a wall time; pick is one TZ_GAP_x and one TZ_PASS_x. */
msec_t tz_instant_wall(const struct tz *tz, msec_t wall, enum tz_pick pick);
msec_t tz_instant(const struct tz *tz, const struct civil *wall, enum tz_pick pick);

/* Whether the clock shows a wall time once, never or twice. */
enum tz_fit tz_fit_wall(const struct tz *tz, msec_t wall);
enum tz_fit tz_fit(const struct tz *tz, const struct civil *wall);
