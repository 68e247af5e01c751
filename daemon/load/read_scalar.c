#include <string.h>

#include "base/alloc.h"
#include "base/msec.h"
#include "core/event.h"
#include "load/read.h"

enum { INT_DIGITS_MAX = 15, HOURS_OF_DAY = 24, DAYS_OF_WORKING_WEEK = 5 };

const char *const event_words[] = {
/* the list ends before the types that rules may not name */
#define EVENT(name, text) [EVENT_##name] = (int)EVENT_##name < (int)EVENT_RULE_TYPES ? text : NULL,
    EVENT_LIST(EVENT)
#undef EVENT
};

size_t words_count(const char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    return count;
}

int words_find(const char *const *words, const char *text)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    return -1;
}

bool read_text(struct reading *r, const struct node *node, const char **ret)
{
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "text", NULL);
        return false;
    }
    if (!*node->text) {
        read_error(r, node, "wrong-value", "%s%s%s is empty", node->key ? "'" : "",
                   node->key ? node->key : "this text", node->key ? "'" : "");
        return false;
    }
    *ret = arena_strdup(r->arena, node->text); /* the tree is gone before the book is */
    return true;
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-_.@+", c)) || (unsigned char)c >= 0x80;
}

bool read_name(struct reading *r, const struct node *node, const char **ret)
{
    enum { NAME_BYTES_MAX = 100 };
    if (!read_text(r, node, ret))
        return false;
    size_t length = strlen(node->text);
    for (size_t i = 0; i < length; i++) {
        if (!name_char(node->text[i])) {
            read_error(r, node, "bad-name",
                       "'%s' cannot be a name: use letters, digits, '-' and '_', no spaces",
                       node->text);
            return false;
        }
    }
    if (length > NAME_BYTES_MAX) {
        read_error(r, node, "bad-name", "a name has at most %d characters", NAME_BYTES_MAX);
        return false;
    }
    return true;
}

bool read_bool(struct reading *r, const struct node *node, bool *ret)
{
    static const char *const yes[] = {"yes", "on", "y", "True", "TRUE", NULL};
    static const char *const no[] = {"no", "off", "n", "False", "FALSE", NULL};
    if (node->kind == NODE_SCALAR && !node->quoted) {
        if (str_eq(node->text, "true") || str_eq(node->text, "false")) {
            *ret = node->text[0] == 't';
            return true;
        }
        for (int i = 0; yes[i]; i++) {
            if (!str_ieq(node->text, yes[i]) && !str_ieq(node->text, no[i]))
                continue;
            read_error(r, node, "boolean-word", "'%s' is only a word here; write %s", node->text,
                       str_ieq(node->text, yes[i]) ? "true" : "false");
            return false;
        }
    }
    read_wrong(r, node, "true or false", NULL);
    return false;
}

bool read_int(struct reading *r, const struct node *node, int min, int max, int *ret)
{
    int64_t number;
    if (node->kind != NODE_SCALAR || str_to_i64(node->text, &number)) {
        read_wrong(r, node, "a whole number", arena_printf(r->arena, "%d", min > 0 ? min : 1));
        return false;
    }
    if (number < min || number > max) {
        read_wrong(r, node, arena_printf(r->arena, "a whole number from %d to %d", min, max), NULL);
        return false;
    }
    *ret = (int)number;
    return true;
}

bool thousandths_parse(const char *text, int64_t *ret)
{
    const char *p = text;
    bool negative = *p == '-';
    int64_t number = 0;
    int digits = 0, decimals = 0;
    if (negative)
        p++;
    for (; *p >= '0' && *p <= '9'; p++, digits++) {
        if (digits == INT_DIGITS_MAX)
            return false;
        number = number * 10 + (*p - '0');
    }
    if (!digits)
        return false;
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9' && decimals < 3; p++, decimals++)
            number = number * 10 + (*p - '0');
        if (!decimals)
            return false;
    }
    for (; decimals < 3; decimals++)
        number *= 10;
    if (*p)
        return false;
    *ret = negative ? -number : number;
    return true;
}

bool read_thousandths(struct reading *r, const struct node *node, int64_t *ret)
{
    if (node->kind == NODE_SCALAR && thousandths_parse(node->text, ret))
        return true;
    if (node->kind == NODE_SCALAR && strchr(node->text, ','))
        read_wrong(r, node, "a number without ',' (10000 or 1.5)", NULL);
    else
        read_wrong(r, node, "a number", "10000 or 1.5");
    return false;
}

/* One word of a length. */
struct unit_word {
    const char *word;
    msec_t length;
    bool working; /* the word that makes it working time */
};

static const struct unit_word unit_words[] = {
    {"working", 0, true},
    {"second", MSEC_SECOND, false},
    {"seconds", MSEC_SECOND, false},
    {"minute", MSEC_MINUTE, false},
    {"minutes", MSEC_MINUTE, false},
    {"hour", MSEC_HOUR, false},
    {"hours", MSEC_HOUR, false},
    {"day", MSEC_DAY, false},
    {"days", MSEC_DAY, false},
    {"week", MSEC_WEEK, false},
    {"weeks", MSEC_WEEK, false},
    {"working_day", MSEC_DAY, true},
    {"working_days", MSEC_DAY, true},
    {"working_hour", MSEC_HOUR, true},
    {"working_hours", MSEC_HOUR, true},
};

/* A length while its words are read one by one: "1", "working", "day". */
struct length_state {
    msec_t total;
    int64_t number; /* waiting for its unit, or -1 */
    bool working, any;
};

static bool length_unit(struct length_state *s, const struct unit_word *unit)
{
    s->working |= unit->working;
    if (!unit->length)
        return true;
    if (s->number < 0)
        return false;
    s->total += s->number * unit->length;
    s->number = -1;
    s->any = true;
    return true;
}

static bool length_word(struct length_state *s, const char *word)
{
    enum { NUMBER_MAX = 100000 };
    int64_t number;
    msec_t length;
    if (s->number < 0 && !str_to_i64(word, &number)) {
        s->number = number;
        return number >= 0 && number <= NUMBER_MAX;
    }
    if (s->number < 0 && !msec_parse_length(word, &length)) {
        s->total += length;
        s->any = true;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(unit_words); i++) {
        if (strcmp(unit_words[i].word, word) == 0)
            return length_unit(s, &unit_words[i]);
    }
    return false;
}

bool length_parse(const char *text, bool *ret_working, msec_t *ret)
{
    enum { LENGTH_BYTES = 64 };
    char word[LENGTH_BYTES];
    struct length_state s = {.number = -1};
    if (strlen(text) >= sizeof(word))
        return false;
    for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        memcpy(word, p, length);
        word[length] = '\0';
        if (!length_word(&s, word))
            return false;
        p += length;
    }
    if (!s.any || s.number >= 0 || s.total > 3660 * MSEC_DAY)
        return false;
    if (s.working && s.total % MSEC_WEEK == 0)
        s.total = s.total / MSEC_WEEK * DAYS_OF_WORKING_WEEK * MSEC_DAY;
    *ret_working = s.working;
    *ret = s.total;
    return true;
}

bool read_length(struct reading *r, const struct node *node, bool *ret_working, msec_t *ret)
{
    if (node->kind == NODE_SCALAR && length_parse(node->text, ret_working, ret))
        return true;
    int64_t number;
    if (node->kind == NODE_SCALAR && !str_to_i64(node->text, &number) && number >= 0)
        read_wrong(r, node, "a length of time with its unit",
                   arena_printf(r->arena, "%sd or %sh", node->text, node->text));
    else
        read_wrong(r, node, "a length of time", "30m, 2h, 3d, 2w or '3 working days'");
    return false;
}

bool read_calendar_length(struct reading *r, const struct node *node, msec_t *ret)
{
    bool working;
    msec_t length;
    if (!read_length(r, node, &working, &length))
        return false;
    if (working) {
        read_error(r, node, "working-length",
                   "'%s' cannot be working time; write a plain length such as 3d",
                   node->key ? node->key : "this");
        return false;
    }
    *ret = length;
    return true;
}

bool read_working_length(struct reading *r, const struct node *node, msec_t *ret)
{
    bool working;
    msec_t length;
    if (!read_length(r, node, &working, &length))
        return false;
    if (!working) {
        bool days = length % MSEC_DAY == 0;
        msec_t unit = days ? MSEC_DAY : MSEC_HOUR;
        read_warning(r, node, "working-length",
                     "'%s' counts working time here; write '%d working %s%s'", node->text,
                     (int)(length / unit), days ? "day" : "hour", length / unit == 1 ? "" : "s");
    }
    *ret = length;
    return true;
}

bool digits_parse(const char *text, int count, int *ret)
{
    *ret = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (text[i] - '0');
    }
    return true;
}

bool date_ok(const char *text)
{
    int year, month, day;
    return strlen(text) == 10 && digits_parse(text, 4, &year) && text[4] == '-' &&
           digits_parse(text + 5, 2, &month) && text[7] == '-' && digits_parse(text + 8, 2, &day) &&
           year >= 1970 && month >= 1 && month <= 12 && day >= 1 &&
           day <= civil_month_days(year, month);
}

bool read_date(struct reading *r, const struct node *node, const char **ret)
{
    if (node->kind != NODE_SCALAR || !date_ok(node->text)) {
        read_wrong(r, node, "a date that exists", "2026-03-02");
        return false;
    }
    *ret = arena_strdup(r->arena, node->text);
    return true;
}

bool read_word(struct reading *r, const struct node *node, const char *const *words, int *ret)
{
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "a word", words[0]);
        return false;
    }
    int index = words_find(words, node->text);
    if (index < 0) {
        read_unknown(r, read_place(r, node), "unknown-word",
                     node->key ? arena_printf(r->arena, "word for '%s':", node->key) : "word",
                     node->text, words, words_count(words));
        return false;
    }
    *ret = index;
    return true;
}

bool read_event(struct reading *r, const struct node *node, int *ret_type)
{
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "the name of an event", "deal.stage_changed");
        return false;
    }
    const char *name = str_starts(node->text, "gritd.") ? node->text + 6 : node->text;
    int type = words_find(event_words, name);
    if (type < 0) {
        read_unknown(r, read_place(r, node), "unknown-event", "event", node->text, event_words,
                     EVENT_RULE_TYPES);
        return false;
    }
    *ret_type = type;
    return true;
}

bool read_events(struct reading *r, const struct node *node, uint64_t *ret_bits)
{
    uint64_t bits = 0;
    int type, errors = r->errors;
    if (node->kind == NODE_SCALAR) {
        if (read_event(r, node, &type))
            bits = EVENT_BIT(type);
    } else if (node->kind == NODE_MAP || !node->count) {
        read_wrong(r, node, "an event or a list of events", "deal.lost");
    } else {
        for (const struct node *item = node->first; item; item = item->next) {
            if (read_event(r, item, &type))
                bits |= EVENT_BIT(type);
        }
    }
    if (r->errors != errors)
        return false;
    *ret_bits = bits;
    return true;
}

bool read_texts(struct reading *r, const struct node *node, const char ***ret, int *ret_count)
{
    int count = node->kind == NODE_LIST ? node->count : 1, errors = r->errors;
    if (node->kind == NODE_MAP || (node->kind == NODE_LIST && !count)) {
        read_wrong(r, node, "a text or a list of texts", NULL);
        return false;
    }
    const char **texts = arena_alloc(r->arena, (size_t)count * sizeof(*texts));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < count; i++, item = item->next)
        (void)read_text(r, item, &texts[i]); /* counted in r->errors */
    if (r->errors != errors)
        return false;
    *ret = texts;
    *ret_count = count;
    return true;
}
