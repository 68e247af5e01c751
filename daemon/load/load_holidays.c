#include <string.h>

#include "base/alloc.h"
#include "base/msec.h"
#include "load/load_book.h"

enum {
    ICAL_BYTES_MAX = 1024 * 1024,
    ICAL_LINE_BYTES = 1024,
    ICAL_DAYS_MAX = 50000,
    ICAL_EVENT_DAYS_MAX = 366,
    ICAL_LAST_YEAR =
        2100, /* a yearly holiday is written out up to here: there is no clock to ask */
};

struct calendar {
    struct loading *load;
    const char *path, *next, *end;
    int line_number, line_first; /* of the unfolded line: where it began */
    char line[ICAL_LINE_BYTES];
    int32_t *days;
    int count, cap;
};

/* One VEVENT while it is read. */
struct vevent {
    bool open, has_start, has_end, yearly, timed, cancelled;
    int64_t start, end; /* day numbers; end is not included */
    int line;
};

static struct source_place place_of(const struct calendar *c, int line)
{
    return (struct source_place){c->path, line, 1};
}

/* One content line with its continuations joined. Source: RFC 5545, 3.1. */
static bool next_line(struct calendar *c)
{
    size_t used = 0;
    if (c->next >= c->end)
        return false;
    c->line_first = c->line_number + 1;
    do {
        const char *newline = memchr(c->next, '\n', (size_t)(c->end - c->next));
        const char *stop = newline ? newline : c->end;
        size_t length = (size_t)(stop - c->next);
        if (length && c->next[length - 1] == '\r')
            length--;
        size_t room = sizeof(c->line) - 1 - used;
        memcpy(c->line + used, c->next, length < room ? length : room);
        used += length < room ? length : room;
        c->next = newline ? newline + 1 : c->end;
        c->line_number++;
        if (c->next < c->end && (*c->next == ' ' || *c->next == '\t'))
            c->next++;
        else
            break;
    } while (true);
    c->line[used] = '\0';
    return true;
}

static bool is_property(const char *line, const char *name)
{
    size_t length = strlen(name);
    return strncmp(line, name, length) == 0 && (line[length] == ':' || line[length] == ';');
}

static const char *value_of(const char *line)
{
    const char *colon = strchr(line, ':');
    return colon ? colon + 1 : "";
}

/* "20260101" to a day number. */
static bool day_parse(const char *text, int64_t *ret)
{
    char date[11];
    if (strlen(text) != 8)
        return false;
    memcpy(date, text, 4);
    memcpy(date + 5, text + 4, 2);
    memcpy(date + 8, text + 6, 3);
    date[4] = date[7] = '-';
    if (!date_ok(date))
        return false;
    int year =
        (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    *ret = civil_to_days(year, (text[4] - '0') * 10 + text[5] - '0',
                         (text[6] - '0') * 10 + text[7] - '0');
    return true;
}

static void add_day(struct calendar *c, int64_t day)
{
    if (c->count == ICAL_DAYS_MAX)
        return;
    ARRAY_GROW(c->days, c->count, c->cap);
    c->days[c->count++] = (int32_t)day;
}

static void add_event(struct calendar *c, const struct vevent *e)
{
    int year, month, day;
    int64_t length = e->has_end ? e->end - e->start : 1;
    civil_from_days(e->start, &year, &month, &day);
    for (int y = year; y <= (e->yearly ? ICAL_LAST_YEAR : year); y++) {
        if (day > civil_month_days(y, month))
            continue; /* 29 February */
        int64_t first = civil_to_days(y, month, day);
        for (int64_t i = 0; i < length; i++)
            add_day(c, first + i);
    }
}

static void end_event(struct calendar *c, const struct vevent *e)
{
    struct source_place place = place_of(c, e->line);
    if (e->cancelled || e->timed)
        return;
    if (!e->has_start) {
        problem_warning(c->load->problems, place, "ical", "an event without a day (DTSTART)");
    } else if (e->has_end && (e->end < e->start || e->end - e->start > ICAL_EVENT_DAYS_MAX)) {
        problem_warning(c->load->problems, place, "ical",
                        "an event that ends before it begins, or lasts longer than a year");
    } else {
        struct vevent event = *e;
        event.has_end = e->has_end && e->end > e->start; /* an end on the day itself: one day */
        add_event(c, &event);
    }
}

static void read_day(struct calendar *c, struct vevent *e, bool *ret_has, int64_t *ret)
{
    const char *value = value_of(c->line);
    if (strchr(value, 'T')) {
        if (!e->timed)
            problem_warning(c->load->problems, place_of(c, c->line_first), "ical",
                            "only whole days are holidays; an event with times of day is left out");
        e->timed = true;
    } else if (day_parse(value, ret)) {
        *ret_has = true;
    } else {
        problem_error(c->load->problems, place_of(c, c->line_first), "ical",
                      "'%s' is not a day such as 20260101", value);
        c->load->errors++;
        e->timed = true; /* forgotten, like the other kind that cannot be used */
    }
}

static void read_rule(struct calendar *c, struct vevent *e)
{
    const char *value = value_of(c->line);
    e->yearly = str_eq(value, "FREQ=YEARLY") || str_eq(value, "FREQ=YEARLY;INTERVAL=1");
    if (!e->yearly)
        problem_warning(c->load->problems, place_of(c, c->line_first), "ical",
                        "only RRULE:FREQ=YEARLY is understood; of this event the first day counts");
}

static void event_line(struct calendar *c, struct vevent *e)
{
    static const char *const ignored[] = {"RDATE", "EXDATE", "DURATION", "RECURRENCE-ID", "EXRULE"};
    if (is_property(c->line, "DTSTART")) {
        read_day(c, e, &e->has_start, &e->start);
    } else if (is_property(c->line, "DTEND")) {
        read_day(c, e, &e->has_end, &e->end);
    } else if (is_property(c->line, "RRULE")) {
        read_rule(c, e);
    } else if (str_eq(c->line, "STATUS:CANCELLED")) {
        e->cancelled = true;
    }
    for (size_t i = 0; i < ARRAY_LEN(ignored); i++) {
        if (is_property(c->line, ignored[i]))
            problem_warning(c->load->problems, place_of(c, c->line_first), "ical",
                            "%s is not understood here and is passed over", ignored[i]);
    }
}

static void read_calendar(struct calendar *c)
{
    struct vevent e = {0};
    bool seen = false;
    while (next_line(c)) {
        if (str_eq(c->line, "BEGIN:VCALENDAR")) {
            seen = true;
        } else if (str_eq(c->line, "BEGIN:VEVENT")) {
            e = (struct vevent){.open = true, .line = c->line_first};
        } else if (str_eq(c->line, "END:VEVENT") && e.open) {
            end_event(c, &e);
            e.open = false;
        } else if (e.open) {
            event_line(c, &e);
        }
    }
    if (!seen) {
        problem_error(c->load->problems, place_of(c, 1), "ical",
                      "this is not an iCalendar file (no BEGIN:VCALENDAR)");
        c->load->errors++;
    } else if (e.open) {
        problem_error(c->load->problems, place_of(c, e.line), "ical",
                      "the event that begins here never ends; is the file cut off?");
        c->load->errors++;
    }
}

static int compare_days(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void keep_days(struct book *book, struct calendar *c)
{
    book->holidays = arena_alloc(&book->arena, (size_t)(c->count + 1) * sizeof(*book->holidays));
    if (c->count)
        qsort(c->days, (size_t)c->count, sizeof(*c->days), compare_days);
    for (int i = 0; i < c->count; i++) {
        if (!i || c->days[i] != c->days[i - 1])
            book->holidays[book->holiday_count++] = c->days[i];
    }
}

void load_holidays(struct loading *load, const struct load_file *files, int count)
{
    struct calendar c = {.load = load};
    for (int i = 0; i < count; i++) {
        const char *bytes = files[i].bytes;
        size_t length = files[i].length;
        c.path = arena_strdup(&load->book->arena, files[i].path);
        if (length > ICAL_BYTES_MAX) {
            problem_error(load->problems, place_of(&c, 1), "ical", "the file is larger than %d KiB",
                          ICAL_BYTES_MAX / 1024);
            load->errors++;
            continue;
        }
        bool bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
        c.next = bytes + (bom ? 3 : 0);
        c.end = bytes + length;
        c.line_number = 0;
        read_calendar(&c);
    }
    if (c.count == ICAL_DAYS_MAX) {
        problem_error(load->problems, place_of(&c, 1), "ical", "more than %d holidays",
                      ICAL_DAYS_MAX - 1);
        load->errors++;
    }
    keep_days(load->book, &c);
    free(c.days);
}
