/* The summary of a simulation. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "gritctl/tally.h"

const char *tally_day(int64_t day, char *text)
{
    int year, month, date;
    civil_from_days(day, &year, &month, &date);
    (void)snprintf(text, MSEC_TEXT_BYTES, "%04d-%02d-%02d", year, month, date);
    return text;
}

static void print_head(const struct tally *tally, FILE *out)
{
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES];
    const struct simulate_result *result = &tally->result;
    (void)fprintf(out, "events: %zu played, %zu repeated, %zu of unknown type\n", result->events,
                  result->repeated, result->unknown_types);
    (void)fprintf(out, "span: %s to %s, %zu people, %d rules\n", msec_format(result->from, from),
                  msec_format(result->to, to), tally->people, tally->book->rule_count);
}

static bool same_day(const struct tally_message *a, const struct tally_message *b)
{
    return a->day == b->day && str_eq(a->to, b->to);
}

/* One line for each day and person. */
static void print_days(const struct tally *tally, FILE *out)
{
    char day[MSEC_TEXT_BYTES];
    for (size_t i = 0; i < tally->message_count; i++) {
        const struct tally_message *message = &tally->messages[i];
        if (i && same_day(message, message - 1))
            (void)fprintf(out, ", %s", message->rule->id);
        else
            (void)fprintf(out, "%s%s  %s  %s", i ? "\n" : "", tally_day(message->day, day),
                          message->to, message->rule->id);
    }
    if (tally->message_count)
        (void)fputc('\n', out);
}

static int compare_sizes(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static long weekdays(msec_t from, msec_t to)
{
    long count = 0;
    for (int64_t day = from / MSEC_DAY; day <= (to - 1) / MSEC_DAY; day++) {
        int weekday = civil_weekday(day);
        count += weekday != 0 && weekday != 6;
    }
    return count;
}

/* Days on which somebody got nothing count too: that is what a working day feels like. */
static void print_rate(const struct tally *tally, FILE *out)
{
    size_t *days = NEW_ARRAY(size_t, tally->message_count + 1), used = 0;
    for (size_t i = 0; i < tally->message_count; i++) {
        if (!i || !same_day(&tally->messages[i], &tally->messages[i - 1]))
            used++;
        days[used - 1]++;
    }
    if (used)
        qsort(days, used, sizeof(*days), compare_sizes);
    size_t all = tally->people * (size_t)weekdays(tally->result.from, tally->result.to);
    size_t quiet = all > used ? all - used : 0;
    const size_t pct[] = {50, 95};
    size_t at[ARRAY_LEN(pct)];
    for (size_t i = 0; i < ARRAY_LEN(pct); i++) {
        size_t rank = ((quiet + used) * pct[i] + 99) / 100; /* nearest rank */
        at[i] = rank > quiet ? days[rank - quiet - 1] : 0;
    }
    (void)fprintf(out,
                  "messages: %zu, and %ld reminders and replies\n"
                  "per person and weekday: p50 %zu, p95 %zu, max %zu (%zu person-days)\n",
                  tally->message_count, tally->reminders, at[0], at[1], used ? days[used - 1] : 0,
                  quiet + used);
    free(days);
}

static void print_rules(const struct tally *tally, FILE *out)
{
    int width = 4;
    for (int i = 0; i < tally->book->rule_count; i++) {
        int length = (int)strlen(tally->book->rules[i]->id);
        width = length > width ? length : width;
    }
    (void)fprintf(out, "%-*s", width, "rule");
    for (int k = 0; k < TALLY_OUTCOME_COUNT; k++)
        (void)fprintf(out, " %10s", tally_outcome_words[k]);
    (void)fputc('\n', out);
    for (int i = 0; i < tally->book->rule_count; i++) {
        (void)fprintf(out, "%-*s", width, tally->book->rules[i]->id);
        for (int k = 0; k < TALLY_OUTCOME_COUNT; k++)
            (void)fprintf(out, " %10ld", tally->rules[i][k]);
        (void)fputc('\n', out);
    }
}

static void print_gates(const struct tally *tally, FILE *out)
{
    (void)fputs("held back by:", out);
    for (size_t i = 0; i < tally->gate_count; i++)
        (void)fprintf(out, "%s %s %ld", i ? "," : "", tally->gates[i].gate, tally->gates[i].count);
    (void)fputs(tally->gate_count ? "\n" : " nothing\n", out);
}

/* --- the promised caps, counted anew from the messages and not from the core's own books --- */

static bool is_prompt(const struct rule *rule)
{
    return rule->action->counts && !rule->alert;
}

static bool is_card(const struct rule *rule)
{
    return rule->action == &action_praise && !rule->via_bot;
}

static bool is_bot_praise(const struct rule *rule)
{
    return rule->action == &action_praise && rule->via_bot;
}

struct cap {
    const char *what;
    bool (*counts)(const struct rule *rule);
    bool week; /* of one family; else per day, of all */
    int limit;
};

static bool together(const struct cap *cap, const struct tally_message *a,
                     const struct tally_message *b)
{
    enum { THURSDAY_TO_MONDAY = 3 }; /* day 0 was a Thursday; weeks begin on Monday */
    if (!cap->counts(b->rule) || !str_eq(a->to, b->to))
        return false;
    if (!cap->week)
        return a->day == b->day;
    return (a->day + THURSDAY_TO_MONDAY) / 7 == (b->day + THURSDAY_TO_MONDAY) / 7 &&
           a->rule->plugin == b->rule->plugin;
}

/* Messages are sorted by day, so those of one week are near; i is the last of its group when none
 * follows. */
static int group_before(const struct tally *tally, const struct cap *cap, size_t i)
{
    const struct tally_message *last = &tally->messages[i];
    int count = 1;
    for (size_t k = i; k-- > 0 && last->day - tally->messages[k].day < 7;)
        count += together(cap, last, &tally->messages[k]);
    return count;
}

static bool check_cap(const struct tally *tally, const struct cap *cap, FILE *out)
{
    char day[MSEC_TEXT_BYTES];
    int most = 0;
    bool broken = false;
    for (size_t i = 0; i < tally->message_count; i++) {
        const struct tally_message *message = &tally->messages[i];
        if (!cap->counts(message->rule))
            continue;
        int count = group_before(tally, cap, i);
        most = count > most ? count : most;
        if (count <= cap->limit)
            continue;
        broken = true;
        (void)fprintf(out, "ABOVE THE CAP: %s  %s  %d %s, cap %d\n", tally_day(message->day, day),
                      message->to, count, cap->what, cap->limit);
    }
    if (!broken)
        (void)fprintf(out, "nobody above %d %s (most: %d)\n", cap->limit, cap->what, most);
    return !broken;
}

bool tally_print(const struct tally *tally, FILE *out)
{
    const struct limits *limits = &tally->book->limits;
    const struct cap caps[] = {
        {"coaching messages a day", is_prompt, false, limits->prompts_per_day},
        {"of one family a week", is_prompt, true, limits->prompts_per_family_week},
        {"cards a day", is_card, false, limits->cards_per_day},
        {"words of praise by the bot a day", is_bot_praise, false, limits->praise_per_day},
    };
    bool kept = true;
    print_head(tally, out);
    print_days(tally, out);
    print_rate(tally, out);
    print_rules(tally, out);
    print_gates(tally, out);
    for (size_t i = 0; i < ARRAY_LEN(caps); i++)
        kept = check_cap(tally, &caps[i], out) && kept;
    return kept;
}
