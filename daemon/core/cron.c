/* Five fields of cron. Source: crontab(5) of Debian for lists, ranges, steps, names, macros and the
 * either-or of the two day fields; L, W and # as the Quartz scheduler reads them. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/sched_form.h"

enum { CRON_FIELDS = 5, CRON_ITEM_BYTES = 32 };
enum { MINUTE, HOUR, MONTHDAY, MONTH, WEEKDAY };

static const char *const month_names[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
static const char *const weekday_names[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

static const struct field {
    const char *name;
    int low, high;
    const char *const *names;
    int name_count, name_base;
    const char *wants;
} fields[CRON_FIELDS] = {
    [MINUTE] = {"minute", 0, 59, NULL, 0, 0, "0-59, lists, ranges and steps such as */15"},
    [HOUR] = {"hour", 0, 23, NULL, 0, 0, "0-23, lists, ranges and steps such as */2"},
    [MONTHDAY] = {"day of month", 1, 31, NULL, 0, 0, "1-31, L, LW, or 15W"},
    [MONTH] = {"month", 1, 12, month_names, 12, 1, "1-12 or JAN-DEC"},
    [WEEKDAY] = {"weekday", 0, 7, weekday_names, 7, 0, "0-7, SUN-SAT, 5L, or 1#2"},
};

static const struct {
    const char *name, *fields;
} macros[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
};

/* What one field came to. */
struct field_value {
    uint64_t bits;
    bool star; /* holds '*' or '?' */
};

static int bad(struct err *err, const struct field *field, const char *item)
{
    char hint[SCHED_HINT_BYTES];
    return err_set(err, EINVAL, "%s '%s' is not valid%s (wants %s)", field->name, item,
                   sched_hint(item, field->names, (size_t)field->name_count, hint), field->wants);
}

/* A number or a name at *p. */
static bool take_value(const char **p, const struct field *field, int *ret)
{
    int value = 0, digits = 0;
    for (; **p >= '0' && **p <= '9' && digits < 4; (*p)++, digits++)
        value = value * 10 + (**p - '0');
    if (digits) {
        *ret = value;
        return value >= field->low && value <= field->high;
    }
    for (int i = 0; i < field->name_count; i++) {
        if (sched_starts(*p, field->names[i])) {
            *p += strlen(field->names[i]);
            *ret = i + field->name_base;
            return true;
        }
    }
    return false;
}

/* "*", "5", "1-5" at *p; last is -1 for a single value. */
static bool take_range(const char **p, const struct field *field, int *ret_first, int *ret_last)
{
    if (**p == '*' || **p == '?') {
        (*p)++;
        *ret_first = field->low;
        *ret_last = field->high;
        return true;
    }
    *ret_last = -1;
    if (!take_value(p, field, ret_first))
        return false;
    if (**p != '-')
        return true;
    (*p)++;
    return take_value(p, field, ret_last);
}

static int plain_item(const char *item, const struct field *field, struct err *err,
                      struct field_value *value)
{
    int first, last, step = 1;
    const char *p = item;
    if (!take_range(&p, field, &first, &last))
        return bad(err, field, item);
    if (field == &fields[WEEKDAY] && last == 0 && first > 0)
        last = 7; /* "FRI-SUN" */
    if (last >= 0 && last < first)
        return err_set(err, EINVAL, "%s '%s' runs backwards; write two ranges with a comma",
                       field->name, item);
    if (*p == '/') {
        const struct field steps = {.low = 1, .high = field->high};
        p++;
        if (!take_value(&p, &steps, &step))
            return err_set(err, EINVAL, "%s '%s': the step after '/' wants 1-%d", field->name, item,
                           field->high);
        last = last < 0 ? field->high : last;
    }
    if (*p)
        return bad(err, field, item);
    for (int i = first; i <= (last < 0 ? first : last); i += step)
        value->bits |= UINT64_C(1) << i;
    value->star |= *item == '*' || *item == '?';
    return 0;
}

/* L, LW, nW. Returns 1 when it was none of them. */
static int monthday_item(const char *item, struct err *err, struct sched_days *days)
{
    int day;
    const char *p = item;
    if (str_ieq(item, "L") || str_ieq(item, "LW") || str_ieq(item, "WL")) {
        days->last_day |= !item[1];
        days->last_workday |= item[1] != '\0';
        return 0;
    }
    if (sched_starts(item, "L-"))
        return err_set(err, EINVAL, "day of month '%s' is not supported (wants L, LW, or 15W)",
                       item);
    if (!take_value(&p, &fields[MONTHDAY], &day) || !str_ieq(p, "W"))
        return 1;
    days->nearest |= UINT32_C(1) << day;
    return 0;
}

/* nL, n#k. Returns 1 when it was neither. */
static int weekday_item(const char *item, struct err *err, struct sched_days *days)
{
    int weekday, nth;
    const char *p = item;
    if (str_ieq(item, "L"))
        return err_set(err, EINVAL, "weekday 'L' needs a day: 5L is the last Friday of the month");
    if (!take_value(&p, &fields[WEEKDAY], &weekday))
        return 1;
    if (str_ieq(p, "L")) {
        days->last_weekdays |= (uint8_t)(1U << weekday % 7);
        return 0;
    }
    if (*p != '#')
        return 1;
    const struct field counts = {.low = 1, .high = 5};
    p++;
    if (!take_value(&p, &counts, &nth) || *p)
        return err_set(err, EINVAL, "weekday '%s': the count after '#' wants 1-5", item);
    days->nth[weekday % 7] |= (uint8_t)(1U << nth);
    return 0;
}

static int field_item(int index, const char *item, struct err *err, struct sched_days *days,
                      struct field_value *value)
{
    int r = 1;
    if (!*item)
        return err_set(err, EINVAL, "%s has an empty place in its list", fields[index].name);
    if (index == MONTHDAY)
        r = monthday_item(item, err, days);
    else if (index == WEEKDAY)
        r = weekday_item(item, err, days);
    return r == 1 ? plain_item(item, &fields[index], err, value) : r;
}

static int field_parse(int index, const char *text, size_t length, struct err *err,
                       struct sched_days *days, struct field_value *value)
{
    const char *end = text + length;
    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t bytes = (size_t)((comma ? comma : end) - text);
        char item[CRON_ITEM_BYTES];
        if (bytes >= sizeof(item))
            return err_set(err, EINVAL, "%s has an item of more than %d characters",
                           fields[index].name, CRON_ITEM_BYTES - 1);
        memcpy(item, text, bytes);
        item[bytes] = '\0';
        int r = field_item(index, item, err, days, value);
        if (r < 0 || !comma)
            return r;
        text = comma + 1;
    }
}

static int split(const char *text, struct err *err, const char *starts[CRON_FIELDS],
                 size_t lengths[CRON_FIELDS])
{
    static const char *const space = " \t\r\n";
    int count = 0;
    for (text += strspn(text, space); *text; text += strspn(text, space)) {
        size_t length = strcspn(text, space);
        if (count < CRON_FIELDS) {
            starts[count] = text;
            lengths[count] = length;
        }
        count++;
        text += length;
    }
    if (count != CRON_FIELDS)
        return err_set(
            err, EINVAL,
            "has %d field%s; five are wanted: minute, hour, day of month, month, weekday", count,
            count == 1 ? "" : "s");
    return 0;
}

static int expand_macro(const char *text, struct err *err, const char **ret)
{
    const char *names[ARRAY_LEN(macros)];
    char name[CRON_ITEM_BYTES] = "", hint[SCHED_HINT_BYTES];
    size_t length = strcspn(text, " \t\r\n");
    if (length < sizeof(name))
        memcpy(name, text, length);
    for (size_t i = 0; i < ARRAY_LEN(macros); i++) {
        names[i] = macros[i].name;
        if (str_ieq(name, names[i]) && !text[length + strspn(text + length, " \t\r\n")]) {
            *ret = macros[i].fields;
            return 0;
        }
    }
    return err_set(err, EINVAL,
                   "'%s' is not known%s (wants @hourly, @daily, @weekly, @monthly, "
                   "@yearly)",
                   text, sched_hint(name, names, ARRAY_LEN(names), hint));
}

static void store(struct sched *s, const struct field_value *values)
{
    for (int hour = 0; hour < 24; hour++) {
        for (int minute = 0; minute < 60; minute++) {
            if ((values[HOUR].bits >> hour & 1) && (values[MINUTE].bits >> minute & 1))
                sched_minute_add(s->minutes, hour * 60 + minute);
        }
    }
    s->interval = values[MINUTE].star || values[HOUR].star;
    s->days.months = (uint32_t)values[MONTH].bits;
    s->days.monthdays = (uint32_t)values[MONTHDAY].bits;
    s->days.weekdays = (uint8_t)((values[WEEKDAY].bits | values[WEEKDAY].bits >> 7) & 0x7F);
    s->days.either = !values[MONTHDAY].star && !values[WEEKDAY].star;
}

int cron_parse(const char *text, struct err *err, struct sched *s)
{
    struct field_value values[CRON_FIELDS] = {{0}};
    const char *starts[CRON_FIELDS];
    size_t lengths[CRON_FIELDS];
    text += strspn(text, " \t\r\n");
    int r = *text == '@' ? expand_macro(text, err, &text) : 0;
    if (r == 0)
        r = split(text, err, starts, lengths);
    for (int i = 0; r == 0 && i < CRON_FIELDS; i++)
        r = field_parse(i, starts[i], lengths[i], err, &s->days, &values[i]);
    if (r == 0)
        store(s, values);
    return r;
}
