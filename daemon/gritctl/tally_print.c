/* The summary of a simulation. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
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

bool tally_print(const struct tally *tally, FILE *out)
{
    print_head(tally, out);
    print_days(tally, out);
    print_rate(tally, out);
    print_rules(tally, out);
    print_gates(tally, out);
    return tally_check_caps(tally, true, out);
}
