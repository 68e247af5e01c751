#include "wire/event_form.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "wire/decimal.h"

enum { PATH_BYTES = 200, THOUSANDTH_PLACES = 3 };

#define TIME_END INT64_C(253402300800000) /* the year 10000, which RFC 3339 cannot write */

static size_t path_text(const struct member_path *path, char *text, size_t size)
{
    size_t used = path->up ? path_text(path->up, text, size) : 0;
    int more = snprintf(text + used, size - used, "%s%s", used ? "." : "", path->name);
    used += more > 0 ? (size_t)more : 0;
    return used < size ? used : size - 1;
}

int member_fail(struct err *err, const struct member_path *path, const char *format, ...)
{
    char where[PATH_BYTES], words[ERR_TEXT_BYTES / 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args); /* cut at the end is fine */
    va_end(args);
    where[0] = '\0';
    if (path)
        (void)path_text(path, where, sizeof(where)); /* the length is not needed */
    return err_set(err, EINVAL, "%s%s%s", where, path ? ": " : "", words);
}

static void put_int(const struct member *row, void *target, int64_t number)
{
    if (row->offset != MEMBER_NOWHERE)
        memcpy((char *)target + row->offset, &number, sizeof(number));
}

int member_unwanted(struct member_reader *r, const struct jtree *node, enum jtree_type type,
                    const struct member_path *path)
{
    static const char *const names[] = {[JTREE_NUMBER] = "a number",
                                        [JTREE_TEXT] = "text",
                                        [JTREE_ARRAY] = "a list",
                                        [JTREE_OBJECT] = "an object"};
    return member_fail(r->err, path, "must be %s, not %s", names[type], jtree_type_name(node));
}

int member_read_any(struct member_reader *r, const struct jtree *node, const struct member *row,
                    const struct member_path *path, void *target)
{
    (void)r, (void)path; /* anything goes */
    if (row->offset != MEMBER_NOWHERE)
        memcpy((char *)target + row->offset, &node, sizeof(node));
    return 0;
}

static int check_length(struct member_reader *r, const struct jtree *node, const struct member *row,
                        const struct member_path *path)
{
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    if (row->min > 0 && node->length == 0)
        return member_fail(r->err, path, "is empty");
    if (node->length > (size_t)row->max && utf8_length(node->text, node->length) > row->max)
        return member_fail(r->err, path, "is longer than %ld characters", row->max);
    return 0;
}

int member_read_prose(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target)
{
    int result = check_length(r, node, row, path);
    if (!result)
        member_put_text(row, target, node->text);
    return result;
}

/* No control characters; eight bytes at a time, as every id of every event is asked. The last eight
 * overlap those before.
 * Source: Warren, Hacker's Delight, 6-1. */
static bool is_one_line(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    for (size_t at = 0; at < length && length >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + (at + sizeof(word) > length ? length - sizeof(word) : at),
               sizeof(word));
        uint64_t del = word ^ ones * 0x7F;
        if ((((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & tops)
            return false;
    }
    for (size_t at = 0; at < length && length < sizeof(uint64_t); at++) {
        if ((unsigned char)text[at] < 0x20 || text[at] == 0x7F)
            return false;
    }
    return true;
}

/* Not inlined: the usual case below then needs no registers to be saved. */
__attribute__((noinline)) static int read_any_line(struct member_reader *r,
                                                   const struct jtree *node,
                                                   const struct member *row,
                                                   const struct member_path *path, void *target)
{
    int result = check_length(r, node, row, path);
    if (result)
        return result;
    if (!is_one_line(node->text, node->length))
        return member_fail(r->err, path, "holds a line break or another control character");
    member_put_text(row, target, node->text);
    return 0;
}

/* Most are of so few printable ASCII characters that there is nothing to check. */
int member_read_line(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    if (node->type != JTREE_TEXT || !node->plain || node->length > (size_t)row->max ||
        (!node->length && row->min > 0))
        return read_any_line(r, node, row, path, target);
    member_put_text(row, target, node->text);
    return 0;
}

static int unknown_word(struct member_reader *r, const char *word, const struct word_list *list,
                        const struct member_path *path)
{
    char all[300];
    size_t used = 0;
    if (list->count == 1)
        return member_fail(r->err, path, "must be '%s', not '%.*s'", list->words[0],
                           MEMBER_QUOTED(word));
    const char *near = nearest_word(word, list->words, list->count);
    if (near)
        return member_fail(r->err, path, "'%.*s' is not %s; did you mean '%s'?",
                           MEMBER_QUOTED(word), list->noun, near);
    all[0] = '\0';
    for (size_t i = 0; i < list->count; i++) {
        int more = snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", list->words[i]);
        used += more > 0 && used + (size_t)more < sizeof(all) ? (size_t)more : 0;
    }
    return member_fail(r->err, path, "'%.*s' is not %s (%s)", MEMBER_QUOTED(word), list->noun, all);
}

int member_read_word(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    for (size_t i = 0; i < row->words->count; i++) {
        if (str_eq(row->words->words[i], node->text)) {
            member_put_text(row, target, row->words->words[i]);
            return 0;
        }
    }
    return unknown_word(r, node->text, row->words, path);
}

int member_read_number(struct member_reader *r, const struct jtree *node, const struct member *row,
                       int places, const struct member_path *path, int64_t *ret)
{
    char least[DECIMAL_TEXT_BYTES];
    bool exact;
    int64_t value;
    if (member_want(r, node, JTREE_NUMBER, path))
        return -EINVAL;
    if (decimal_parse(node->text, node->length, places, &value, &exact))
        return member_fail(r->err, path, "is a number too large to keep");
    if (!exact && places == 0)
        return member_fail(r->err, path, "must be a whole number");
    if (value < row->min)
        return member_fail(r->err, path, "must be at least %s",
                           decimal_format(row->min, places, least));
    if (row->max && value > row->max)
        return member_fail(r->err, path, "must be at most %s",
                           decimal_format(row->max, places, least));
    *ret = value;
    return 0;
}

int member_read_whole(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target)
{
    int64_t value;
    int result = member_read_number(r, node, row, 0, path, &value);
    if (!result)
        put_int(row, target, value);
    return result;
}

int member_read_decimal(struct member_reader *r, const struct jtree *node, const struct member *row,
                        const struct member_path *path, void *target)
{
    int64_t value;
    int result = member_read_number(r, node, row, THOUSANDTH_PLACES, path, &value);
    if (!result)
        put_int(row, target, value);
    return result;
}

int member_read_time(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    msec_t time;
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    if (msec_parse(node->text, &time))
        return member_fail(r->err, path, "'%.*s' is not a date and time with an offset (RFC 3339)",
                           MEMBER_QUOTED(node->text));
    if (time < 0 || time >= TIME_END)
        return member_fail(r->err, path, "'%.*s' lies outside of the years 1970 to 9999",
                           MEMBER_QUOTED(node->text));
    put_int(row, target, time);
    return 0;
}

int member_read_date(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    char whole[32];
    msec_t time;
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    (void)snprintf(whole, sizeof(whole), "%.10sT00:00:00Z", node->text); /* 20 bytes */
    if (node->length != 10 || msec_parse(whole, &time))
        return member_fail(r->err, path, "'%.*s' is not a date (YYYY-MM-DD)",
                           MEMBER_QUOTED(node->text));
    member_put_text(row, target, node->text);
    return 0;
}

int member_read_flag(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    if (node->type != JTREE_TRUE && node->type != JTREE_FALSE)
        return member_fail(r->err, path, "must be true or false, not %s", jtree_type_name(node));
    if (row->offset != MEMBER_NOWHERE)
        *((bool *)((char *)target + row->offset)) = node->type == JTREE_TRUE;
    return 0;
}

int member_read_gate_name(struct member_reader *r, const struct jtree *node,
                          const struct member *row, const struct member_path *path, void *target)
{
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    if (!node->length || node->length > (size_t)row->max ||
        strspn(node->text, "abcdefghijklmnopqrstuvwxyz0123456789_") != node->length)
        return member_fail(r->err, path, "'%.*s' is not a gate's id (1 to %ld of a-z, 0-9 and _)",
                           MEMBER_QUOTED(node->text), row->max);
    member_put_text(row, target, node->text);
    return 0;
}

int member_read_currency(struct member_reader *r, const struct jtree *node,
                         const struct member *row, const struct member_path *path, void *target)
{
    if (member_want(r, node, JTREE_TEXT, path))
        return -EINVAL;
    if (node->length != 3 || !currency_valid(node->text))
        return member_fail(r->err, path, "'%.*s' is not a currency (three capital letters)",
                           MEMBER_QUOTED(node->text));
    member_put_text(row, target, node->text);
    return 0;
}
