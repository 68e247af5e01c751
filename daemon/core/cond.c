#include "core/cond.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <errno.h>
#include <pcre2.h>
#include <string.h>

#include "base/alloc.h"
#include "core/parts.h"

/* Enough for any honest pattern on a line of text; a hostile one stops after about 2 ms. */
enum { REGEX_MATCH_LIMIT = 100000 };

int cond_regex_compile(const char *pattern, struct err *err, void **ret)
{
    int code;
    PCRE2_SIZE offset;
    pcre2_code *regex = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                      PCRE2_UTF | PCRE2_CASELESS, &code, &offset, NULL);
    if (!regex && code == PCRE2_ERROR_HEAP_FAILED)
        alloc_none();
    if (!regex) {
        PCRE2_UCHAR words[128];
        (void)pcre2_get_error_message(code, words, sizeof(words)); /* cut is fine */
        return err_set(err, EINVAL, "at character %zu of the pattern: %s", offset + 1,
                       (const char *)words);
    }
    *ret = regex;
    return 0;
}

void cond_regex_free(void *regex)
{
    pcre2_code_free(regex);
}

/* Several rules ask the same pattern of the same name in one step: what was found is remembered. */
enum { FOUND_MAX = 4, FOUND_TEXT_BYTES = 64 };

struct found {
    const char *pattern;
    char text[FOUND_TEXT_BYTES];
    bool holds;
};

struct cond_room {
    pcre2_match_data *data;
    pcre2_match_context *context;
    struct found found[FOUND_MAX];
    unsigned found_count; /* since the step began; the oldest makes room */
};

struct cond_room *cond_room_new(void)
{
    struct cond_room *room = NEW(struct cond_room);
    room->data = pcre2_match_data_create(1, NULL); /* where it matches is not asked */
    room->context = pcre2_match_context_create(NULL);
    if (!room->data || !room->context)
        alloc_none();
    pcre2_set_match_limit(room->context, REGEX_MATCH_LIMIT);
    return room;
}

void cond_room_free(struct cond_room *room)
{
    if (!room)
        return;
    pcre2_match_context_free(room->context);
    pcre2_match_data_free(room->data);
    free(room);
}

void cond_room_forget(struct cond_room *room)
{
    room->found_count = 0;
}

static bool regex_matches(const struct cond_room *room, const pcre2_code *regex, const char *text,
                          size_t length)
{
    int found = pcre2_match(regex, (PCRE2_SPTR)text, length, 0, 0, room->data, room->context);
    if (found == PCRE2_ERROR_NOMEMORY)
        alloc_none(); /* no answer is not a no */
    return found >= 0;
}

static const struct found *found_before(const struct cond_room *room, const char *pattern,
                                        const char *text)
{
    for (unsigned i = 0; i < room->found_count && i < FOUND_MAX; i++) {
        if (strcmp(room->found[i].text, text) == 0 && strcmp(room->found[i].pattern, pattern) == 0)
            return &room->found[i];
    }
    return NULL;
}

static bool fits_pattern(struct cond_room *room, const struct cond *cond, const char *text)
{
    const char *pattern = cond->values[0].text;
    const struct found *found = found_before(room, pattern, text);
    if (found)
        return found->holds;
    size_t length = strlen(text);
    bool holds = regex_matches(room, cond->regex, text, length);
    if (length < FOUND_TEXT_BYTES) {
        struct found *keep = &room->found[room->found_count++ % FOUND_MAX];
        keep->pattern = pattern;
        keep->holds = holds;
        memcpy(keep->text, text, length + 1);
    }
    return holds;
}

/* -1, 0, 1; 2 when the two cannot be compared. */
static int compare(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_MISSING || b->type == VALUE_MISSING)
        return 2;
    if (a->text && b->text && a->type != VALUE_MONEY) {
        int order = strcmp(a->text, b->text);
        return (order > 0) - (order < 0);
    }
    if ((a->text && a->type != VALUE_MONEY) || (b->text && b->type != VALUE_MONEY))
        return 2;
    return (a->number > b->number) - (a->number < b->number);
}

static bool equals(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_TEXT && b->type == VALUE_TEXT)
        return ((*a->text ^ *b->text) & ~0x20) == 0 && str_ieq(a->text, b->text);
    return compare(a, b) == 0;
}

static bool one_of(const struct cond *cond, const struct value *value)
{
    for (int i = 0; i < cond->value_count; i++) {
        if (equals(value, &cond->values[i]))
            return true;
    }
    return false;
}

static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; text && *text; text++) {
        if (strncasecmp(text, part, length) == 0)
            return true;
    }
    return false;
}

/* YYYY-MM-DD as a day number; the CRM's own text may be anything. */
static bool day_of_date(const char *date, int64_t *ret)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    if (!date || strlen(date) != 10)
        return false;
    memcpy(stamp, date, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    if (msec_parse(stamp, &t))
        return false;
    *ret = t / MSEC_DAY - (t % MSEC_DAY < 0);
    return true;
}

/* Whole days between two dates: "within 2d" of a Monday is until Wednesday night. */
static bool date_within(const char *date, msec_t limit, const struct scope *scope)
{
    int64_t day, today = person_day(scope->rep, scope->now);
    if (!day_of_date(date, &day))
        return false;
    return (day > today ? day - today : today - day) <= limit / MSEC_DAY;
}

static bool within(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    const struct value *limit = &cond->values[0];
    msec_t now = scope->now;
    if (value->type == VALUE_LENGTH)
        return value->number <= limit->number;
    if (value->type == VALUE_DATE && scope->rep)
        return date_within(value->text, limit->number, scope);
    if (value->type != VALUE_TIME)
        return false;
    msec_t gap = value->number > now ? value->number - now : now - value->number;
    return gap <= limit->number;
}

/* A time against a day: by the day that the rep's calendar shows. */
static int compare_days(const struct value *time, const struct value *date,
                        const struct scope *scope)
{
    int64_t day, limit;
    if (!scope->rep || !day_of_date(date->text, &limit))
        return 2;
    day = person_day(scope->rep, time->number);
    return (day > limit) - (day < limit);
}

static bool ordered(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    bool days = value->type == VALUE_TIME && cond->values[0].type == VALUE_DATE;
    int order =
        days ? compare_days(value, &cond->values[0], scope) : compare(value, &cond->values[0]);
    if (order == 2)
        return false;
    switch ((int)cond->op) {
    case COND_AT_LEAST:
        return order >= 0;
    case COND_AT_MOST:
        return order <= 0;
    case COND_OVER:
    case COND_AFTER:
        return order > 0;
    case COND_UNDER:
    case COND_BEFORE:
        return order < 0;
    default: /* COND_BETWEEN */
        return order >= 0 && compare(value, &cond->values[1]) <= 0;
    }
}

static bool is_there(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    (void)value, (void)scope;
    return cond->op == COND_PRESENT;
}

static bool is_one_of(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    (void)scope;
    return one_of(cond, value);
}

static bool is_none_of(const struct cond *cond, const struct value *value,
                       const struct scope *scope)
{
    (void)scope;
    return !one_of(cond, value);
}

static bool has_part(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    (void)scope;
    return contains(value->text, cond->values[0].text);
}

static bool matches(const struct cond *cond, const struct value *value, const struct scope *scope)
{
    return value->text && fits_pattern(scope->core->room, cond, value->text);
}

/* What each leaf asks of a value that is there. */
static bool (*const tests[])(const struct cond *, const struct value *, const struct scope *) = {
    [COND_IS] = is_one_of,      [COND_IS_NOT] = is_none_of, [COND_MISSING] = is_there,
    [COND_PRESENT] = is_there,  [COND_AT_LEAST] = ordered,  [COND_AT_MOST] = ordered,
    [COND_OVER] = ordered,      [COND_UNDER] = ordered,     [COND_BETWEEN] = ordered,
    [COND_CONTAINS] = has_part, [COND_MATCHES] = matches,   [COND_WITHIN] = within,
    [COND_BEFORE] = ordered,    [COND_AFTER] = ordered,
};

static bool leaf_holds(const struct cond *cond, const struct scope *scope)
{
    struct value value = value_get(scope, &cond->field);
    if (value.type == VALUE_MISSING)
        return cond->op == COND_MISSING;
    return tests[cond->op](cond, &value, scope);
}

static bool group_holds(const struct cond *cond, const struct scope *scope)
{
    bool any = cond->op == COND_ANY;
    for (int i = 0; i < cond->child_count; i++) {
        if (cond_holds(&cond->children[i], scope) == any)
            return any;
    }
    return !any;
}

bool cond_holds(const struct cond *cond, const struct scope *scope)
{
    if (!cond)
        return true;
    if (cond->op > COND_NOT)
        return leaf_holds(cond, scope);
    return group_holds(cond, scope) != (cond->op == COND_NOT);
}
