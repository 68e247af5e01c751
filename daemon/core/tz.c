#include "core/tz.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/tz_posix.h"

/* Hard limits; the largest zone of tzdata 2025b has 310 changes, 18 types and a footer of 47 bytes.
 */
enum {
    TZ_TIMES_MAX = 2000,
    TZ_TYPES_MAX = 256,
    TZ_FOOTER_MAX_BYTES = 256,
    TZ_HEADER_BYTES = 44,
    TZ_TYPE_BYTES = 6,
    TZ_EAST_MAX_S = 26 * 3600, /* RFC 8536, 3.2: -25 h < offset < 26 h */
    TZ_WEST_MAX_S = -25 * 3600,
};

/* Instants beyond this are drawn to it, so that adding an offset never overflows. */
#define TZ_LIMIT_MS (INT64_MAX / 2)
#define TZ_LIMIT_S  (TZ_LIMIT_MS / 1000)

/* Changes that keep the offset (names, dst flags) are dropped while reading. */
struct tz {
    char name[TZ_NAME_BYTES];
    size_t count;
    const int64_t *change_s; /* ascending; count of them */
    const int32_t *offset_s; /* count + 1: before the first change, then after each */
    bool has_footer;
    int64_t footer_from_s;
    struct tz_posix footer;
};

static const int32_t utc_offset[1] = {0};
static const struct tz utc_zone = {.name = "UTC", .offset_s = utc_offset};

const struct tz *tz_utc(void)
{
    return &utc_zone;
}

const char *tz_name(const struct tz *tz)
{
    return tz->name;
}

bool tz_name_ok(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/";
    if (str_empty(name) || strlen(name) >= TZ_NAME_BYTES || name[strspn(name, allowed)])
        return false;
    return name[0] != '/' && name[strlen(name) - 1] != '/' && !strstr(name, "//");
}

/* -- reading -- */

struct header {
    int version; /* '2' and later */
    uint32_t utc_flags, std_flags, leaps, times, types, chars;
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(const uint8_t *p, size_t n, struct header *ret)
{
    if (n < TZ_HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
        return false;
    *ret = (struct header){p[4],         be32(p + 20), be32(p + 24), be32(p + 28),
                           be32(p + 32), be32(p + 36), be32(p + 40)};
    return ret->times <= TZ_TIMES_MAX && ret->types >= 1 && ret->types <= TZ_TYPES_MAX &&
           ret->chars <= TZ_FILE_MAX_BYTES && ret->leaps <= TZ_TIMES_MAX &&
           ret->utc_flags <= TZ_TYPES_MAX && ret->std_flags <= TZ_TYPES_MAX;
}

static size_t block_bytes(const struct header *h, size_t time_bytes)
{
    return h->times * (time_bytes + 1) + h->types * TZ_TYPE_BYTES + h->chars +
           h->leaps * (time_bytes + 4) + h->utc_flags + h->std_flags;
}

static int64_t clamp_s(int64_t s)
{
    if (s > TZ_LIMIT_S)
        return TZ_LIMIT_S;
    return s < -TZ_LIMIT_S ? -TZ_LIMIT_S : s;
}

static bool offset_ok(int64_t offset_s)
{
    return offset_s > TZ_WEST_MAX_S && offset_s < TZ_EAST_MAX_S;
}

/* One block of memory holds the zone and both arrays. */
static struct tz *zone_alloc(const char *name, size_t times, int64_t **ret_change,
                             int32_t **ret_offset)
{
    size_t changes_at = sizeof(struct tz);
    size_t offsets_at = changes_at + times * sizeof(int64_t);
    char *block = xcalloc(1, offsets_at + (times + 1) * sizeof(int32_t));
    struct tz *tz = (struct tz *)(void *)block;
    *ret_change = (int64_t *)(void *)(block + changes_at);
    *ret_offset = (int32_t *)(void *)(block + offsets_at);
    tz->change_s = *ret_change;
    tz->offset_s = *ret_offset;
    memcpy(tz->name, name, strlen(name) + 1);
    return tz;
}

/* The types and changes of the 64-bit block at p, whose size was checked. */
static struct tz *read_changes(const char *name, const uint8_t *p, const struct header *h)
{
    const uint8_t *index = p + h->times * 8;
    const uint8_t *type = index + h->times;
    int64_t *change, before = INT64_MIN;
    int32_t *offset;
    struct tz *tz = zone_alloc(name, h->times, &change, &offset);
    for (uint32_t i = 0; i < h->types; i++) {
        if (!offset_ok((int32_t)be32(type + i * TZ_TYPE_BYTES)))
            goto bad;
    }
    offset[0] = (int32_t)be32(type);
    for (uint32_t i = 0; i < h->times; i++) {
        int64_t at = be64(p + i * 8);
        if (index[i] >= h->types || (i && at <= before))
            goto bad;
        before = at;
        tz->footer_from_s = clamp_s(at);
        int32_t next = (int32_t)be32(type + index[i] * TZ_TYPE_BYTES);
        if (next == offset[tz->count])
            continue;
        change[tz->count++] = clamp_s(at);
        offset[tz->count] = next;
    }
    if (!h->times)
        tz->footer_from_s = INT64_MIN;
    return tz;
bad:
    tz_free(tz);
    return NULL;
}

/* "\nEST5EDT,M3.2.0,M11.1.0\n"; empty means that the last offset stays. */
static int read_footer(struct tz *tz, const uint8_t *p, size_t n, struct err *err)
{
    char text[TZ_FOOTER_MAX_BYTES];
    const uint8_t *end = n > 1 && p[0] == '\n' ? memchr(p + 1, '\n', n - 1) : NULL;
    if (!end || (size_t)(end - p - 1) >= sizeof(text))
        return err_set(err, EINVAL, "no footer line after the 64-bit block");
    size_t length = (size_t)(end - p - 1);
    memcpy(text, p + 1, length);
    text[length] = '\0';
    if (!length)
        return 0;
    if (strlen(text) != length)
        return err_set(err, EINVAL, "a NUL byte inside the footer");
    int r = tz_posix_parse(text, err, &tz->footer);
    if (r == 0 && (!offset_ok(tz->footer.std_s) || !offset_ok(tz->footer.dst_s)))
        r = err_set(err, EINVAL, "footer '%.60s' is more than a day away from UTC", text);
    tz->has_footer = r == 0;
    return r;
}

static int read_zone(const char *name, const uint8_t *p, size_t n, struct err *err, struct tz **ret)
{
    struct header h;
    if (n > TZ_FILE_MAX_BYTES)
        return err_set(err, EINVAL, "larger than %d bytes", TZ_FILE_MAX_BYTES);
    if (!read_header(p, n, &h))
        return err_set(err, EINVAL, "not a TZif file");
    if (h.version < '2')
        return err_set(err, EINVAL, "TZif version 1 has no 64-bit times; version 2 is needed");
    size_t skip = TZ_HEADER_BYTES + block_bytes(&h, 4);
    if (skip > n || !read_header(p + skip, n - skip, &h))
        return err_set(err, EINVAL, "the 64-bit block is missing");
    if (h.leaps)
        return err_set(err, EINVAL, "counts leap seconds; take the zone outside 'right/'");
    skip += TZ_HEADER_BYTES;
    size_t block = block_bytes(&h, 8);
    if (block > n - skip)
        return err_set(err, EINVAL, "the 64-bit block is cut short");
    struct tz *tz = read_changes(name, p + skip, &h);
    if (!tz)
        return err_set(err, EINVAL, "changes out of order or of an unknown type");
    int r = read_footer(tz, p + skip + block, n - skip - block, err);
    if (r < 0) {
        tz_free(tz);
        return r;
    }
    *ret = tz;
    return 0;
}

int tz_new(const char *name, const void *bytes, size_t n, struct err *err, struct tz **ret)
{
    struct err inner = {0};
    if (!tz_name_ok(name))
        return err_set(err, EINVAL,
                       "zone '%.70s' is no zone name; names look like 'America/Denver'",
                       name ? name : "");
    int r = read_zone(name, bytes, n, &inner, ret);
    if (r < 0)
        return err_set(err, inner.code, "zone '%s': %s", name, inner.text);
    return 0;
}

void tz_free(struct tz *tz)
{
    free(tz);
}

/* -- looking up -- */

/* How many changes are at or before an instant. */
static size_t changes_until(const struct tz *tz, int64_t utc_s)
{
    size_t low = 0, high = tz->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (tz->change_s[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct tz_stretch stretch_at(const struct tz *tz, int64_t utc_s)
{
    struct tz_stretch ret;
    if (tz->has_footer && utc_s >= tz->footer_from_s) {
        ret = tz_posix_at(&tz->footer, utc_s);
        if (ret.from_s < tz->footer_from_s)
            ret.from_s = tz->footer_from_s;
        return ret;
    }
    size_t i = changes_until(tz, utc_s);
    ret.offset_s = tz->offset_s[i];
    ret.from_s = i ? tz->change_s[i - 1] : INT64_MIN;
    ret.until_s = i < tz->count ? tz->change_s[i] : INT64_MAX;
    if (i == tz->count && tz->has_footer)
        ret.until_s = tz->footer_from_s;
    return ret;
}

static msec_t clamp_ms(msec_t t)
{
    if (t > TZ_LIMIT_MS)
        return TZ_LIMIT_MS;
    return t < -TZ_LIMIT_MS ? -TZ_LIMIT_MS : t;
}

static msec_t edge_ms(int64_t s)
{
    if (s >= TZ_LIMIT_S)
        return MSEC_NEVER;
    return s <= -TZ_LIMIT_S ? MSEC_NONE : s * 1000;
}

struct tz_span tz_span_at(const struct tz *tz, msec_t utc)
{
    utc = clamp_ms(utc);
    struct tz_stretch s = stretch_at(tz, utc / 1000 - (utc % 1000 < 0));
    return (struct tz_span){edge_ms(s.from_s), edge_ms(s.until_s), s.offset_s * MSEC_SECOND};
}

msec_t tz_offset(const struct tz *tz, msec_t utc)
{
    utc = clamp_ms(utc);
    return stretch_at(tz, utc / 1000 - (utc % 1000 < 0)).offset_s * MSEC_SECOND;
}

msec_t tz_wall(const struct tz *tz, msec_t utc)
{
    return clamp_ms(utc) + tz_offset(tz, utc);
}

void tz_local(const struct tz *tz, msec_t utc, struct civil *ret)
{
    civil_from_msec(tz_wall(tz, utc), ret);
}

/* What the stretches around a wall time make of it. */
struct match {
    enum tz_fit fit;
    msec_t first, last; /* in a gap both are the instant after it */
    msec_t before_gap;
};

/* Walks every stretch in which some offset could put the wall time; nearly always there is one. */
static struct match match_wall(const struct tz *tz, msec_t wall)
{
    struct match ret = {.fit = TZ_GAP};
    wall = clamp_ms(wall);
    struct tz_span span = tz_span_at(tz, wall - TZ_EAST_MAX_S * MSEC_SECOND);
    const msec_t stop = wall - TZ_WEST_MAX_S * MSEC_SECOND;
    int found = 0;
    for (;;) {
        msec_t at = wall - span.offset;
        if (at >= span.from && at < span.until) {
            ret.first = found++ ? ret.first : at;
            ret.last = at;
        }
        if (span.until > stop)
            break;
        struct tz_span next = tz_span_at(tz, span.until);
        if (!found && at >= next.from && wall - next.offset < next.from) {
            ret.before_gap = at;
            ret.first = ret.last = next.from;
        }
        span = next;
    }
    if (found)
        ret.fit = found == 1 ? TZ_NORMAL : TZ_OVERLAP;
    return ret;
}

msec_t tz_instant_wall(const struct tz *tz, msec_t wall, enum tz_pick pick)
{
    struct match match = match_wall(tz, wall);
    if (match.fit == TZ_GAP && (pick & TZ_GAP_BEFORE))
        return match.before_gap;
    return pick & TZ_PASS_SECOND ? match.last : match.first;
}

msec_t tz_instant(const struct tz *tz, const struct civil *wall, enum tz_pick pick)
{
    return tz_instant_wall(tz, civil_to_msec(wall), pick);
}

enum tz_fit tz_fit_wall(const struct tz *tz, msec_t wall)
{
    return match_wall(tz, wall).fit;
}

enum tz_fit tz_fit(const struct tz *tz, const struct civil *wall)
{
    return tz_fit_wall(tz, civil_to_msec(wall));
}
