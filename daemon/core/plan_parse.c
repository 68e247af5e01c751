/* "When CUE then ACT" as people write it. Lenient: what is not understood stays as it was said. */
#include <string.h>

#include "base/alloc.h"
#include "core/clock.h"
#include "core/plan.h"
#include "core/words.h"

enum { WORDS_MAX = 60, MORNING_MIN = 9 * 60, AFTERNOON_MIN = 14 * 60, NAME_LETTERS = 3 };

/* A text in small letters, cut into its words. */
struct cut {
    char *low;
    const char *words[WORDS_MAX];
    size_t ends[WORDS_MAX]; /* in the text, behind the word */
    int count;
};

static char *small(const char *text, struct arena *arena)
{
    char *low = arena_strdup(arena, text);
    for (char *c = low; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return low;
}

static void cut_words(const char *text, struct arena *arena, struct cut *ret)
{
    static const char edge[] = " \t\n,;.!?\"()";
    *ret = (struct cut){.low = small(text, arena)};
    for (const char *p = ret->low + strspn(ret->low, edge); *p && ret->count < WORDS_MAX;) {
        size_t length = strcspn(p, " \t\n,;!?\"()");
        size_t kept = length;
        while (kept && strchr(".:", p[kept - 1]))
            kept--;
        ret->words[ret->count] = arena_strndup(arena, p, kept);
        ret->ends[ret->count++] = (size_t)(p - ret->low) + length;
        p += length + strspn(p + length, edge);
    }
}

static bool has(const struct cut *cut, const char *list)
{
    for (int i = 0; i < cut->count; i++) {
        size_t length = strlen(cut->words[i]);
        for (const char *at = list; length && at;) {
            size_t size = strcspn(at, "|");
            if (size == length && memcmp(at, cut->words[i], size) == 0)
                return true;
            at = at[size] ? at + size + 1 : NULL;
        }
    }
    return false;
}

/* --- the two halves --- */

struct halves {
    const char *cue, *act;
};

static const char *trim(const char *text, size_t length, struct arena *arena)
{
    static const char edge[] = " \t\n,;:";
    while (length && strchr(edge, *text)) {
        text++;
        length--;
    }
    while (length && strchr(" \t\n,;:", text[length - 1]))
        length--;
    return length ? arena_strndup(arena, text, length) : NULL;
}

/* "I will call Rosa" is the act "call Rosa". */
static const char *act_of(const char *text, size_t length, struct arena *arena)
{
    static const char *const subjects[] = {"i will ", "i'll ", "i’ll ", "then ", "i "};
    const char *act = trim(text, length, arena);
    for (size_t i = 0; act && i < ARRAY_LEN(subjects); i++) {
        size_t size = strlen(subjects[i]);
        if (strncasecmp(act, subjects[i], size) == 0)
            act += size;
    }
    return act;
}

/* "when I lose a deal, ...": the word that leads is no part of the cue, but "after" and "on" are.
 */
static size_t leading(const char *low)
{
    static const char *const leads[] = {"plan ", "when ", "whenever ", "if ", "as soon as "};
    size_t length = 0;
    for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
        if (str_starts(low + length, leads[i]))
            length += strlen(leads[i]);
    }
    return length;
}

static bool leads_with_cue(const char *low)
{
    static const char *const firsts[] = {"before ", "after ", "on ",      "at ",   "every ",
                                         "each ",   "next ",  "tomorrow", "today", "once "};
    for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
        if (str_starts(low, firsts[i]))
            return true;
    }
    return false;
}

static const char *last_of(const char *low, const char *separator)
{
    const char *found = NULL;
    for (const char *p = low; (p = strstr(p, separator)); p++)
        found = p;
    return found;
}

/* "CUE, then I will ACT": the strongest separator that is there. */
static bool split_front(const char *text, const char *low, size_t from, struct arena *arena,
                        struct halves *ret)
{
    static const char *const separators[] = {", then ", " then ", ", i will ", " i will ",
                                             ", i'll ", " i'll ", ", i’ll ",   " i’ll ",
                                             ", i ",    ", ",     ": "};
    for (size_t i = 0; i < ARRAY_LEN(separators); i++) {
        const char *at = strstr(low + from, separators[i]);
        if (!at)
            continue;
        size_t place = (size_t)(at - low), behind = place + strlen(separators[i]);
        ret->cue = trim(text + from, place - from, arena);
        ret->act = act_of(text + behind, strlen(text + behind), arena);
        return ret->cue && ret->act;
    }
    const char *own = last_of(low + from, " i ");
    if (!own)
        return false;
    size_t place = (size_t)(own - low);
    ret->cue = trim(text + from, place - from, arena);
    ret->act = trim(text + place + 3, strlen(text + place + 3), arena);
    return ret->cue && ret->act;
}

/* "I call Rosa when the deal is lost" */
static bool split_back(const char *text, const char *low, struct arena *arena, struct halves *ret)
{
    static const char *const links[] = {" when ",   " whenever ", " as soon as ", " if ",
                                        " before ", " after ",    " every ",      " on "};
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        const char *at = strstr(low, links[i]);
        if (!at)
            continue;
        size_t place = (size_t)(at - low);
        size_t behind = place + (i < 4 ? strlen(links[i]) : 1); /* "before" belongs to the cue */
        ret->act = act_of(text, place, arena);
        ret->cue = trim(text + behind, strlen(text + behind), arena);
        return ret->cue && ret->act;
    }
    return false;
}

/* --- times --- */

struct when {
    bool day, clock, repeats, tomorrow, today;
    int weekday, minute; /* weekday -1: none */
    int64_t date;        /* local day, with `day`; 0: none */
};

static int weekday_of(const char *word, bool *ret_plural)
{
    static const char *const days[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};
    size_t length = strlen(word);
    for (int i = 0; i < 7; i++) {
        bool whole = str_starts(word, days[i]) &&
                     (!word[strlen(days[i])] || str_eq(word + strlen(days[i]), "s"));
        if (!whole && !(length >= 3 && length <= 4 && str_starts(days[i], word)))
            continue;
        *ret_plural = whole && word[strlen(days[i])];
        return i;
    }
    return -1;
}

static bool take_date(const char *word, struct when *when)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    if (strlen(word) != 10)
        return false;
    memcpy(stamp, word, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    if (msec_parse(stamp, &t))
        return false;
    when->date = t / MSEC_DAY;
    when->day = true;
    return true;
}

static bool is_filler(const char *word)
{
    static const char *const fillers[] = {"on", "at", "the", "next", "this", "in", "o'clock", "by"};
    for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
        if (str_eq(word, fillers[i]))
            return true;
    }
    return false;
}

static bool take_clock(const struct cut *cut, int *index, struct when *when)
{
    static const struct {
        const char *word;
        int minute;
    } parts[] = {{"morning", MORNING_MIN},
                 {"mornings", MORNING_MIN},
                 {"afternoon", AFTERNOON_MIN},
                 {"afternoons", AFTERNOON_MIN}};
    const char *word = cut->words[*index];
    const char *next = *index + 1 < cut->count ? cut->words[*index + 1] : "";
    char both[16] = "";
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (!str_eq(word, parts[i].word))
            continue;
        when->minute = when->clock ? when->minute : parts[i].minute;
        when->clock = true;
        return true;
    }
    if ((str_eq(next, "am") || str_eq(next, "pm")) && strlen(word) < 6) {
        memcpy(both, word, strlen(word));
        memcpy(both + strlen(word), next, 3);
        if (!clock_parse(both, strlen(both), &when->minute)) {
            when->clock = true;
            (*index)++;
            return true;
        }
    }
    if (clock_parse(word, strlen(word), &when->minute))
        return false;
    return when->clock = true;
}

static bool take_day(const char *word, struct when *when)
{
    bool plural = false;
    int weekday = weekday_of(word, &plural);
    if (str_eq(word, "every") || str_eq(word, "each")) {
        when->repeats = true;
        return true;
    }
    if (weekday >= 0) {
        when->weekday = weekday;
        when->repeats |= plural;
        return when->day = true;
    }
    bool tomorrow = str_eq(word, "tomorrow"), today = str_eq(word, "today");
    when->tomorrow |= tomorrow;
    when->today |= today;
    if (tomorrow || today)
        return when->day = true;
    if (str_eq(word, "working") ||
        (when->repeats && (str_eq(word, "day") || str_eq(word, "weekday"))))
        return true;
    return take_date(word, when);
}

/* How many of the words say a time, from the first on; 0: they say none. */
static int read_when(const struct cut *cut, struct when *ret)
{
    struct when when = {.weekday = -1, .minute = MORNING_MIN};
    int used = 0;
    for (int i = 0; i < cut->count; i++) {
        if (is_filler(cut->words[i]))
            continue;
        if (!take_day(cut->words[i], &when) && !take_clock(cut, &i, &when))
            break;
        used = i + 1;
    }
    *ret = when;
    return when.day || when.clock ? used : 0;
}

static msec_t wall(const struct person *by, int64_t day, int minute)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    c.hour = minute / 60;
    c.minute = minute % 60;
    return tz_instant(by->tz, &c, TZ_GAP_END);
}

static void settle_when(const struct person *by, const struct when *when, msec_t now,
                        struct plan_reading *ret)
{
    int64_t today = person_day(by, now), day = today;
    ret->minute = when->minute;
    ret->weekday = when->weekday;
    if (when->repeats) {
        ret->cue = when->weekday >= 0 ? CUE_WEEKLY : CUE_DAILY;
        return;
    }
    ret->cue = CUE_ONCE;
    if (when->date)
        day = when->date;
    else if (when->weekday >= 0)
        day += (when->weekday - civil_weekday(today) + 7) % 7;
    else
        day += when->tomorrow;
    ret->once = wall(by, day, when->minute);
    bool past = ret->once <= now && !when->date && !when->today;
    if (past) /* this hour has gone by: the next one like it */
        ret->once = wall(by, day + (when->weekday >= 0 ? 7 : 1), when->minute);
}

/* --- events --- */

static bool names(const char *low, const char *name, struct arena *arena)
{
    return name && strlen(name) >= NAME_LETTERS && strstr(low, small(name, arena));
}

/* The open deal of this person that the words name, by customer or by its own name. */
static const struct deal *named_deal(const struct core *core, const struct person *by,
                                     const char *low, struct arena *arena)
{
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        if (deal->rep == by && deal_is_open(deal) &&
            (names(low, deal->texts[DEAL_ACCOUNT], arena) ||
             names(low, deal->texts[DEAL_NAME], arena) || names(low, deal->id, arena)))
            return deal;
    }
    return NULL;
}

static unsigned bit(const char *kind)
{
    return 1U << (unsigned)word_kind(kind);
}

static const char *named_stage(const struct core *core, const char *low, struct arena *arena)
{
    for (int i = 0; i < core->book->stage_count; i++) {
        const struct stage_def *stage = &core->book->stages[i];
        if (str_eq(stage->id, "won") || str_eq(stage->id, "lost"))
            continue;
        if (strstr(low, stage->id) || (stage->name && strstr(low, small(stage->name, arena))))
            return stage->id;
    }
    return NULL;
}

static unsigned planned_kinds(const struct cut *cut)
{
    unsigned kinds = 0;
    if (has(cut, "meeting|meetings|visit|appointment"))
        kinds |= bit("meeting");
    if (has(cut, "call|calls"))
        kinds |= bit("call");
    if (has(cut, "demo|demos"))
        kinds |= bit("demo");
    return kinds;
}

static void read_happening(const struct core *core, const struct person *by, const struct cut *cut,
                           struct arena *arena, struct plan_reading *ret)
{
    ret->near = named_deal(core, by, cut->low, arena);
    ret->single = has(cut, "next");
    ret->stage = named_stage(core, cut->low, arena);
    if (has(cut, "with") && !ret->near)
        return; /* somebody we do not know: better no reminder than one about somebody else */
    unsigned ahead = planned_kinds(cut);
    if (has(cut, "before") && ahead) {
        ret->ahead = ahead;
        ret->cue = CUE_AHEAD;
    } else if (has(cut, "lose|loses|lost|loss")) {
        ret->cue = CUE_LOST;
    } else if (has(cut, "win|wins|won")) {
        ret->cue = CUE_WON;
    } else if (ret->stage && has(cut, "moves|move|reaches|reach|goes|gets|comes|is|enters")) {
        ret->cue = CUE_STAGE;
    }
}

/* --- the act --- */

static unsigned act_kinds(const struct cut *cut)
{
    static const struct {
        const char *words, *kind;
    } acts[] = {
        {"call|calls|ring|phone|dial", "call"},
        {"email|mail|e-mail|write", "email"},
        {"message|text|ping|write", "message"},
        {"meet|visit", "meeting"},
        {"demo", "demo"},
        {"proposal|offer", "proposal"},
    };
    for (int i = 0; i < cut->count; i++) { /* the first word that is an act is the act */
        struct cut one = {.words = {cut->words[i]}, .count = 1};
        unsigned kinds = 0;
        for (size_t k = 0; k < ARRAY_LEN(acts); k++)
            kinds |= has(&one, acts[k].words) ? bit(acts[k].kind) : 0;
        if (kinds)
            return kinds;
    }
    return 0;
}

struct plan_reading plan_read(const struct core *core, const struct person *by, const char *words,
                              msec_t now, struct arena *arena)
{
    struct plan_reading reading = {.weekday = -1, .minute = MORNING_MIN};
    struct halves halves = {0};
    struct cut cut;
    struct when when;
    const char *low = small(words, arena);
    size_t from = leading(low);
    bool front = from || leads_with_cue(low);
    cut_words(words + from, arena, &cut);
    int used = read_when(&cut, &when);
    if (!(front && split_front(words, low, from, arena, &halves))) {
        if (used && used < cut.count) { /* "Tuesday 9:00 call Rosa" */
            size_t end = from + cut.ends[used - 1];
            halves.cue = trim(words + from, end - from, arena);
            halves.act = act_of(words + end, strlen(words + end), arena);
        } else if (front || !split_back(words, low, arena, &halves)) {
            return reading;
        }
    }
    reading.cue_words = halves.cue;
    reading.act = halves.act;
    if (!halves.cue || !halves.act)
        return reading;
    cut_words(halves.cue, arena, &cut);
    if (read_when(&cut, &when) == cut.count)
        settle_when(by, &when, now, &reading);
    else
        read_happening(core, by, &cut, arena, &reading);
    cut_words(halves.act, arena, &cut);
    reading.kinds = act_kinds(&cut);
    reading.target = named_deal(core, by, cut.low, arena);
    return reading;
}

/* --- templates --- */

/* A word of the frame: nothing that only this person could have said. */
static bool is_frame(const char *word, size_t length)
{
    static const char *const frame[] = {"when", "if",   "then", "i",    "will",      "do",
                                        "does", "this", "that", "it",   "happens",   "happen",
                                        "cue",  "act",  "x",    "y",    "something", "whenever",
                                        "and",  "the",  "a",    "i'll", "comes"};
    for (size_t i = 0; i < ARRAY_LEN(frame); i++) {
        if (strlen(frame[i]) == length && strncasecmp(frame[i], word, length) == 0)
            return true;
    }
    return false;
}

bool plan_is_template(const char *words)
{
    static const char *const gaps[] = {" ... ", " … ", "____", "<"};
    static const char edge[] = " \t\n,;:.!?\"()";
    bool own = false;
    for (size_t i = 0; i < ARRAY_LEN(gaps); i++) {
        if (strstr(words, gaps[i]))
            return true;
    }
    for (const char *p = words + strspn(words, edge); *p && !own;) {
        size_t length = strcspn(p, edge);
        own = !is_frame(p, length);
        p += length + strspn(p + length, edge);
    }
    return !own;
}
