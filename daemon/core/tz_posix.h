/* tz_posix.h: the footer of a TZif file, a rule for all later years.
 * Layer: core (pure). Used by tz.c only.
 * Units: seconds since 1970 UTC, offsets in seconds east of UTC. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum tz_rule_form { TZ_RULE_MONTH_WEEK, TZ_RULE_JULIAN, TZ_RULE_DAY };

struct tz_rule {
    enum tz_rule_form form;
    int month, week, day; /* Mm.w.d; otherwise only day */
    int time_s;           /* local, -167 h to 167 h */
};

struct tz_posix {
    bool has_dst;
    int32_t std_s, dst_s;
    struct tz_rule start, end; /* of the dst time, each in the local time it ends */
};

struct tz_stretch {
    int64_t from_s, until_s; /* INT64_MIN and INT64_MAX where open */
    int32_t offset_s;
};

/* Errors: -EINVAL. Source: POSIX.1-2017, 8.3 (TZ) with the extensions of RFC 8536, 3.3.1. */
int tz_posix_parse(const char *text, struct err *err, struct tz_posix *ret);

/* The stretch that holds an instant; stretches also end at each new year of standard time. */
struct tz_stretch tz_posix_at(const struct tz_posix *posix, int64_t utc_s);
