/* signal_random.h: signals made by chance, as what they mean and as YAML. Include after
 * core_play.h. */
#pragma once
#include "core_play.h"

struct ref_filter {
    enum event_type types[2];
    int type_count;
    const char *kind, *way, *end;
    bool automated;
};

struct ref_signal {
    enum signal_kind kind;
    struct ref_filter of, since;
    bool per_deal, has_since, minutes, baseline;
    msec_t within, window; /* 0: none */
    int parts, at_least;
};

static inline unsigned roll(uint64_t *random, unsigned sides)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33) % sides;
}

/* --- random signals --- */

static inline void roll_filter(uint64_t *random, struct ref_filter *ret, bool often)
{
    static const enum event_type types[] = {EVENT_ACTIVITY_LOGGED, EVENT_DEAL_LOST, EVENT_DEAL_WON,
                                            EVENT_GATE_COMPLETED};
    static const char *const kinds[] = {"call", "email", NULL, NULL};
    static const char *const ways[] = {"outbound", "inbound", NULL, NULL, NULL};
    static const char *const ends[] = {"connected", NULL, NULL, NULL};
    *ret = (struct ref_filter){.type_count = 1 + !roll(random, 5)};
    ret->types[0] = types[often && roll(random, 5) ? 0 : roll(random, 4)];
    ret->types[1] = types[roll(random, 4)];
    if (ret->types[0] == EVENT_ACTIVITY_LOGGED) {
        ret->kind = kinds[roll(random, 4)];
        ret->way = ways[roll(random, 5)];
        ret->end = ends[roll(random, 4)];
    }
    ret->automated = !roll(random, 4);
}

static inline void roll_spans(uint64_t *random, struct ref_signal *s)
{
    static const msec_t windows[] = {MSEC_DAY, MSEC_WEEK, 10 * MSEC_DAY, 30 * MSEC_HOUR,
                                     120 * MSEC_DAY};
    static const msec_t withins[] = {MSEC_HOUR, 2 * MSEC_DAY, 20 * MSEC_DAY};
    switch (s->kind) {
    case SIGNAL_COUNT:
    case SIGNAL_SUM:
    case SIGNAL_DISTINCT:
        s->window = roll(random, 2) ? windows[roll(random, 5)] : 0;
        s->has_since = roll(random, 2);
        s->within = s->has_since && roll(random, 2) ? withins[roll(random, 3)] : 0;
        break;
    case SIGNAL_RATIO:
        s->window = roll(random, 2) ? MSEC_WEEK : 3 * MSEC_DAY;
        s->parts = 2 + (int)roll(random, 7);
        break;
    case SIGNAL_TREND:
        s->window = roll(random, 2) ? MSEC_WEEK : 2 * MSEC_DAY;
        s->parts = 3 + (int)roll(random, 11);
        break;
    case SIGNAL_STREAK:
    case SIGNAL_GAP:
    case SIGNAL_TIME:
        break;
    }
}

static inline struct ref_signal roll_signal(uint64_t *random, enum signal_kind kind)
{
    struct ref_signal s = {.kind = kind, .at_least = 1 + (int)roll(random, 3)};
    roll_filter(random, &s.of, true);
    roll_filter(random, &s.since, false);
    roll_spans(random, &s);
    s.has_since |= kind == SIGNAL_TIME;
    s.since.automated = true; /* what begins a count need not be effort */
    s.per_deal = kind != SIGNAL_DISTINCT && !roll(random, 3);
    s.minutes = kind == SIGNAL_SUM || kind == SIGNAL_RATIO || kind == SIGNAL_TREND
                    ? roll(random, 2) == 0
                    : false;
    s.baseline = kind == SIGNAL_TIME && roll(random, 2);
    return s;
}

static inline void put_filter(struct strbuf *out, const struct ref_filter *f)
{
    strbuf_printf(out, "{event: [%s%s%s]", event_type_name(f->types[0]),
                  f->type_count > 1 ? ", " : "",
                  f->type_count > 1 ? event_type_name(f->types[1]) : "");
    if (f->kind)
        strbuf_printf(out, ", kind: %s", f->kind);
    if (f->way)
        strbuf_printf(out, ", direction: %s", f->way);
    if (f->end)
        strbuf_printf(out, ", outcome: %s", f->end);
    strbuf_printf(out, "%s}", f->automated ? ", automated: true" : "");
}

static inline void put_length(struct strbuf *out, const char *key, msec_t length)
{
    char text[MSEC_TEXT_BYTES];
    if (length)
        strbuf_printf(out, ", %s: %s", key, msec_format_length(length, text));
}

static inline void put_signal(struct strbuf *out, const struct ref_signal *s, int number)
{
    static const char *const words[] = {
        [SIGNAL_COUNT] = "count", [SIGNAL_SUM] = "sum",        [SIGNAL_STREAK] = "streak",
        [SIGNAL_GAP] = "gap",     [SIGNAL_TIME] = "time_from", [SIGNAL_DISTINCT] = "distinct",
        [SIGNAL_RATIO] = "ratio", [SIGNAL_TREND] = "trend"};
    bool measured = s->kind == SIGNAL_RATIO || s->kind == SIGNAL_TREND;
    strbuf_printf(out, "  s%d: {%s: ", number, words[s->kind]);
    if (measured)
        strbuf_puts(out, s->minutes ? "{sum: " : "{count: ");
    put_filter(out, s->kind == SIGNAL_TIME ? &s->since : &s->of);
    if (s->minutes)
        strbuf_puts(out, ", of: duration");
    put_length(out, "window", s->window);
    if (measured)
        strbuf_putc(out, '}');
    if (s->kind == SIGNAL_RATIO)
        strbuf_puts(out, ", to: {x");
    if (measured) {
        out->len -= s->kind == SIGNAL_RATIO; /* the x */
        strbuf_printf(out, "%s: %lldh", s->kind == SIGNAL_RATIO ? "mean_of" : ", over",
                      (long long)(s->window * s->parts / MSEC_HOUR));
        strbuf_puts(out, s->kind == SIGNAL_RATIO ? "}" : "");
    }
    if (s->kind == SIGNAL_STREAK)
        strbuf_printf(out, ", at_least: %d per working_day", s->at_least);
    if (s->kind == SIGNAL_TIME) {
        strbuf_puts(out, ", to: ");
        put_filter(out, &s->of);
        strbuf_puts(out, s->baseline ? ", compare: own_baseline" : "");
    } else if (s->has_since) {
        strbuf_puts(out, ", since: ");
        put_filter(out, &s->since);
        put_length(out, "within", s->within);
    }
    strbuf_puts(out, s->per_deal ? ", per: deal}\n" : "}\n");
}

/* --- what it looks at --- */

static inline msec_t ref_reach(const struct ref_signal *s)
{
    msec_t own = s->kind == SIGNAL_RATIO   ? s->window * (s->parts + 1)
                 : s->kind == SIGNAL_TREND ? s->window * s->parts
                                           : s->window;
    return own > 100 * MSEC_DAY ? own : 100 * MSEC_DAY;
}

static inline bool ref_fits(const struct ref_filter *f, const struct event *e)
{
    bool type = e->type == f->types[0] || (f->type_count > 1 && e->type == f->types[1]);
    return type && (!f->kind || str_eq(f->kind, e->kind)) &&
           (!f->way || str_eq(f->way, e->direction)) && (!f->end || str_eq(f->end, e->outcome)) &&
           (f->automated || !e->automated);
}

static inline int64_t ref_times(const struct event *e)
{
    return e->count == NUMBER_NONE ? 1 : e->count;
}
