/* The summary of a simulation. */
#include <stdlib.h>
#include <string.h>

#include "gritctl/figures.h"

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

static void print_rate(const struct figures *figures, FILE *out)
{
    char minutes[FIGURES_TEXT_BYTES];
    const struct figure_total *total = &figures->totals[0];
    (void)fprintf(out,
                  "messages: %ld, and %ld reminders and replies\n"
                  "per person and weekday: p50 %ld, p95 %ld, max %ld (%ld person-days)\n"
                  "attention: about %s minutes (" FIGURES_ATTENTION ")\n",
                  total->messages, total->reminders, total->p50, total->p95, total->max,
                  total->person_days, figures_minutes(total->halves, minutes));
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

bool tally_print(const struct tally *tally, const struct figures *figures, FILE *out)
{
    print_head(tally, out);
    print_days(tally, out);
    print_rate(figures, out);
    print_rules(tally, out);
    print_gates(tally, out);
    return tally_check_caps(tally, true, out);
}
