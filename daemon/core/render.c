/* Fields into words: how texts of rules are filled in. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/parts.h"
#include "core/phrases.h"
#include "core/speech.h"

enum { RENDER_MAX_BYTES = 4000, RENDER_VALUE_POINTS = 200 };

struct render {
    const struct scope *scope;
};

char *render_date(const struct person *person, msec_t t, struct arena *arena)
{
    struct civil c;
    tz_local(person ? person->tz : tz_utc(), t, &c);
    int64_t day = civil_to_days(c.year, c.month, c.day);
    return arena_printf(arena, say_to(NULL, person, SAY_DATE),
                        say_word(person, SAY_WEEKDAYS, civil_weekday(day), arena), c.day,
                        say_word(person, SAY_MONTHS, c.month - 1, arena));
}

char *render_time(const struct person *person, msec_t t, struct arena *arena)
{
    struct civil c;
    tz_local(person ? person->tz : tz_utc(), t, &c);
    char text[] = "00:00";
    text[0] = (char)('0' + c.hour / 10);
    text[1] = (char)('0' + c.hour % 10);
    text[3] = (char)('0' + c.minute / 10);
    text[4] = (char)('0' + c.minute % 10);
    return arena_strdup(arena, text);
}

/* 1234567 as "1,234,567". */
static char *grouped(int64_t n, struct arena *arena)
{
    char digits[32], out[48];
    int length = snprintf(digits, sizeof(digits), "%lld", (long long)(n < 0 ? -n : n));
    int used = 0;
    if (n < 0)
        out[used++] = '-';
    for (int i = 0; i < length; i++) {
        out[used++] = digits[i];
        int left = length - 1 - i;
        if (left && left % 3 == 0)
            out[used++] = ',';
    }
    out[used] = '\0';
    return arena_strdup(arena, out);
}

static char *render_money(const struct value *value, struct arena *arena)
{
    static const struct {
        const char *code, *sign;
    } signs[] = {{"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}};
    char *amount = grouped((value->number + 500) / 1000, arena);
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (str_eq(value->text, signs[i].code))
            return arena_printf(arena, "%s%s", signs[i].sign, amount);
    }
    return value->text ? arena_printf(arena, "%s %s", amount, value->text) : amount;
}

/* "3 days", "2 hours", "10 minutes": the largest unit that fits, rounded down. */
static char *render_length(const struct scope *scope, msec_t length, struct arena *arena)
{
    static const struct {
        msec_t from, unit;
        const char *one, *many;
    } units[] = {{2 * MSEC_WEEK, MSEC_WEEK, SAY_WEEKS, SAY_WEEKS},
                 {MSEC_DAY, MSEC_DAY, SAY_DAY, SAY_DAYS},
                 {MSEC_HOUR, MSEC_HOUR, SAY_HOUR, SAY_HOURS},
                 {MSEC_MINUTE, MSEC_MINUTE, SAY_MINUTE, SAY_MINUTES},
                 {MSEC_SECOND, MSEC_SECOND, SAY_SECOND, SAY_SECONDS}};
    const struct person *reader = scope_reader(scope);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        long long count = length / units[i].unit;
        if (length >= units[i].from)
            return arena_printf(
                arena, say_to(scope->core, reader, SAY_LENGTH), count,
                say_to(scope->core, reader, count == 1 ? units[i].one : units[i].many));
    }
    return arena_strdup(arena, say_to(scope->core, reader, SAY_A_MOMENT));
}

static char *render_ago(const struct scope *scope, msec_t t, struct arena *arena)
{
    const struct person *reader = scope_reader(scope);
    int64_t days = scope->rep ? person_day(scope->rep, scope->now) - person_day(scope->rep, t)
                              : (scope->now - t) / MSEC_DAY;
    if (days == 0)
        return arena_printf(arena, say_to(scope->core, reader, SAY_TODAY_AT),
                            render_time(scope->rep, t, arena));
    if (days == 1)
        return arena_printf(arena, say_to(scope->core, reader, SAY_YESTERDAY_AT),
                            render_time(scope->rep, t, arena));
    if (days > 1 && days < 14)
        return arena_printf(arena, say_to(scope->core, reader, SAY_DAYS_AGO), (int)days);
    return arena_printf(arena, say_to(scope->core, reader, SAY_ON),
                        render_date(scope->rep, t, arena));
}

static char *render_number(int64_t thousandths, struct arena *arena)
{
    if (thousandths % 1000 == 0)
        return grouped(thousandths / 1000, arena);
    return arena_printf(arena, "%.1f", (double)thousandths / 1000.0);
}

/* "2026-11-24" as "24 Nov". */
static char *render_day(const struct person *reader, const char *date, struct arena *arena)
{
    int month = 0;
    if (strlen(date) == 10)
        month = (date[5] - '0') * 10 + (date[6] - '0');
    if (month < 1 || month > 12)
        return arena_strdup(arena, date);
    return arena_printf(arena, say_to(NULL, reader, SAY_DAY_OF_MONTH),
                        (date[8] - '0') * 10 + (date[9] - '0'),
                        say_word(reader, SAY_MONTHS, month - 1, arena));
}

char *render_value(const struct scope *scope, const struct value *value, struct arena *arena)
{
    switch (value->type) {
    case VALUE_MISSING:
        return NULL;
    case VALUE_TEXT:
        return arena_strndup(arena, value->text, utf8_prefix(value->text, RENDER_VALUE_POINTS));
    case VALUE_NUMBER:
        return render_number(value->number, arena);
    case VALUE_MONEY:
        return render_money(value, arena);
    case VALUE_TIME:
        return render_date(scope->rep, value->number, arena);
    case VALUE_DATE:
        return render_day(scope_reader(scope), value->text, arena);
    case VALUE_LENGTH:
        return render_length(scope, value->number, arena);
    case VALUE_BOOL:
        return value->number ? arena_strdup(arena, "yes") : NULL;
    }
    return NULL;
}

/* A zero counts as absent: nobody is praised for no calls. */
static bool is_nothing(const struct value *value)
{
    return value->type == VALUE_MISSING ||
           ((value->type == VALUE_NUMBER || value->type == VALUE_BOOL) && value->number == 0);
}

static struct text_node lookup(void *user, const void *inner, const char *name, long bound)
{
    const struct scope *scope = ((struct render *)user)->scope;
    (void)inner; /* there are no objects to go into */
    struct field_ref ref = field_ref_unpack(bound, name);
    struct value *value = arena_alloc(scope->arena, sizeof(*value));
    *value = value_get(scope, &ref);
    if (scope->masked && field_is_own_words(ref.field) && value->type != VALUE_MISSING)
        *value = (struct value){.type = VALUE_TEXT, .text = "…"};
    if (is_nothing(value))
        return (struct text_node){TEXT_MISSING, NULL, NULL};
    return (struct text_node){TEXT_VALUE, render_value(scope, value, scope->arena), value};
}

static struct text_node item(void *user, const void *list, size_t index)
{
    (void)user, (void)list, (void)index; /* no field is a list */
    return (struct text_node){TEXT_MISSING, NULL, NULL};
}

static const char *filter(void *user, const char *name, struct text_node node)
{
    const struct scope *scope = ((struct render *)user)->scope;
    const struct value *value = node.data;
    struct arena *arena = scope->arena;
    if (str_eq(name, "first_name"))
        return value->type == VALUE_TEXT
                   ? arena_strndup(arena, value->text, strcspn(value->text, " "))
                   : NULL;
    if (str_eq(name, "money"))
        return value->type == VALUE_MONEY ? render_money(value, arena) : NULL;
    if (str_eq(name, "date") && value->type == VALUE_DATE)
        return render_day(scope_reader(scope), value->text, arena);
    if (value->type != VALUE_TIME)
        return NULL;
    if (str_eq(name, "time"))
        return render_time(scope->rep, value->number, arena);
    if (str_eq(name, "ago"))
        return render_ago(scope, value->number, arena);
    return render_date(scope->rep, value->number, arena);
}

const char *render_text(const struct scope *scope, const struct text *text, int *ret_missing)
{
    struct render render = {scope};
    struct text_source source = {lookup, item, filter, NULL, &render};
    const struct person *reader = scope_reader(scope);
    struct strbuf out;
    text = text_in(text, reader && reader->def ? reader->def->language : NULL);
    strbuf_init(&out, RENDER_MAX_BYTES);
    text_render(text, &source, &out, ret_missing);
    char *copy = out.len ? arena_strndup(scope->arena, out.data, out.len) : NULL;
    strbuf_done(&out);
    return copy;
}
