/* Two rule sets on one screen: at most 40 lines of 80 columns. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "gritctl/figures.h"

enum {
    NAME_COLUMNS = 30,
    BAR_COLUMNS = 20,
    RULES_SHOWN = 8,
    GATES_SHOWN = 6,
    PEOPLE_SHOWN = 10,
    PERSON_COLUMNS = 12,
    PERSON_BAR_COLUMNS = 8,
    CELL_BYTES = 48,
};

struct screen {
    const struct figures *figures;
    FILE *out;
    const char *bold, *plain;
};

/* The name in exactly so many columns; what is too long ends in "~". */
static void put_name(FILE *out, const char *name, int columns)
{
    long points = utf8_length(name, strlen(name));
    long room = columns;
    if (points < 0 || points > room)
        (void)fprintf(out, "%.*s~", (int)utf8_prefix(name, (size_t)room - 1), name);
    else
        (void)fprintf(out, "%s%*s", name, (int)(room - points), "");
}

static void repeat(FILE *out, const char *what, long times)
{
    for (long i = 0; i < times; i++)
        (void)fputs(what, out);
}

/* What both have as blocks, then what is new as "+" or what is gone as "-". */
static long put_bar(FILE *out, long before, long after, long most, long columns)
{
    long longer = before > after ? before : after, shorter = before > after ? after : before;
    if (most <= 0 || longer <= 0)
        return 0;
    long whole = (longer * columns + most - 1) / most;
    long same = (shorter * columns + most / 2) / most;
    if (longer > shorter && same >= whole)
        same = whole - 1;
    if (longer == shorter)
        same = whole;
    repeat(out, "█", same);
    repeat(out, after > before ? "+" : "-", whole - same);
    return whole;
}

static void put_head(const struct screen *screen)
{
    const struct figures *figures = screen->figures;
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES];
    for (int side = 0; side < figures->sides; side++) {
        (void)fputs(side ? "rules    " : "against  ", screen->out);
        put_name(screen->out, figures->labels[side], 60);
        int rules = figures->totals[side].rules;
        (void)fprintf(screen->out, "%4d rule%s\n", rules, rules == 1 ? "" : "s");
    }
    (void)fprintf(screen->out, "%zu events, %.10s to %.10s; %s\n", figures->result.events,
                  msec_format(figures->result.from, from), msec_format(figures->result.to, to),
                  figures->assumed);
}

static void put_numbers(const struct screen *screen, const char *name, long before, long after)
{
    put_name(screen->out, name, NAME_COLUMNS);
    (void)fprintf(screen->out, " %8ld %8ld %+8ld", before, after, after - before);
}

static void put_totals(const struct screen *screen)
{
    const struct figure_total *a = &screen->figures->totals[0], *b = &screen->figures->totals[1];
    char cells[2][CELL_BYTES], minutes[3][FIGURES_TEXT_BYTES];
    (void)fputs(screen->bold, screen->out);
    put_name(screen->out, "", NAME_COLUMNS);
    (void)fprintf(screen->out, " %8s %8s %8s%s\n", "against", "rules", "change", screen->plain);
    put_numbers(screen, "messages", a->messages, b->messages);
    (void)fputs("  ", screen->out);
    (void)put_bar(screen->out, a->messages, b->messages,
                  a->messages > b->messages ? a->messages : b->messages, BAR_COLUMNS);
    (void)fputc('\n', screen->out);
    (void)snprintf(cells[0], CELL_BYTES, "%ld/%ld/%ld", a->p50, a->p95, a->max);
    (void)snprintf(cells[1], CELL_BYTES, "%ld/%ld/%ld", b->p50, b->p95, b->max);
    put_name(screen->out, "a person-day: p50/p95/max", NAME_COLUMNS);
    (void)fprintf(screen->out, " %8s %8s\n", cells[0], cells[1]);
    long change = b->halves - a->halves;
    put_name(screen->out, "minutes of attention", NAME_COLUMNS);
    (void)snprintf(cells[0], CELL_BYTES, "%c%s", change < 0 ? '-' : '+',
                   figures_minutes(labs(change), minutes[2]));
    (void)fprintf(screen->out, " %8s %8s %8s\n", figures_minutes(a->halves, minutes[0]),
                  figures_minutes(b->halves, minutes[1]), cells[0]);
    (void)fputs("  (estimate: " FIGURES_ATTENTION ")\n", screen->out);
}

static void put_more(const struct screen *screen, size_t count, size_t shown, const char *what)
{
    if (count > shown)
        (void)fprintf(screen->out, "... and %zu more %s: --json or --html FILE shows all\n",
                      count - shown, what);
}

static bool is_silent(const struct figure_row *row)
{
    return !row->counts[0][TALLY_SENT] && !row->counts[1][TALLY_SENT];
}

static void put_rules(const struct screen *screen)
{
    const struct figure_rows *rules = &screen->figures->rules;
    size_t silent = 0;
    while (silent < rules->count && is_silent(&rules->list[rules->count - 1 - silent]))
        silent++; /* they are the last ones */
    size_t speaking = rules->count - silent;
    size_t shown = speaking < RULES_SHOWN ? speaking : RULES_SHOWN;
    long most = 0;
    for (size_t i = 0; i < shown; i++) {
        for (int side = 0; side < FIGURES_SIDES; side++) {
            long sent = rules->list[i].counts[side][TALLY_SENT];
            most = sent > most ? sent : most;
        }
    }
    (void)fprintf(screen->out, "%smessages by rule%s\n", screen->bold, screen->plain);
    for (size_t i = 0; i < shown; i++) {
        const struct figure_row *row = &rules->list[i];
        long before = row->counts[0][TALLY_SENT], after = row->counts[1][TALLY_SENT];
        put_numbers(screen, row->name, before, after);
        (void)fputs("  ", screen->out);
        (void)put_bar(screen->out, before, after, most, BAR_COLUMNS);
        (void)fputc('\n', screen->out);
    }
    put_more(screen, speaking, shown, "rules");
    if (silent)
        (void)fprintf(screen->out, "%zu rule%s nothing in either\n", silent,
                      silent == 1 ? " says" : "s say");
}

static void put_gates(const struct screen *screen)
{
    const struct figure_rows *gates = &screen->figures->gates;
    size_t shown = gates->count < GATES_SHOWN ? gates->count : GATES_SHOWN;
    if (!shown) {
        (void)fputs("not sent: nothing was held back\n", screen->out);
        return;
    }
    (void)fputs(screen->bold, screen->out);
    put_name(screen->out, "not sent, by gate", 18);
    for (int k = TALLY_HELD; k < TALLY_OUTCOME_COUNT; k++)
        (void)fprintf(screen->out, "%12s", tally_outcome_words[k]);
    (void)fprintf(screen->out, "%s\n", screen->plain);
    for (size_t i = 0; i < shown; i++) {
        const struct figure_row *row = &gates->list[i];
        put_name(screen->out, row->name, 18);
        for (int k = TALLY_HELD; k < TALLY_OUTCOME_COUNT; k++) {
            char cell[CELL_BYTES] = ".";
            if (row->counts[0][k] || row->counts[1][k])
                (void)snprintf(cell, sizeof(cell), "%ld>%ld", row->counts[0][k], row->counts[1][k]);
            (void)fprintf(screen->out, "%12s", cell);
        }
        (void)fputc('\n', screen->out);
    }
    put_more(screen, gates->count, shown, "gates");
}

/* One half of a line; returns whether there was anybody. */
static bool put_person(const struct screen *screen, size_t rank, bool more, long most)
{
    const struct figure_rows *people = &screen->figures->people;
    const struct figure_row *row = NULL;
    if (rank < people->count)
        row = &people->list[more ? rank : people->count - 1 - rank];
    long change = row ? figures_change(screen->figures, row) : 0;
    if (more ? change <= 0 : change >= 0) {
        if (more)
            put_name(screen->out, rank ? "" : "nobody", PERSON_COLUMNS + 28);
        else if (!rank)
            (void)fputs("nobody", screen->out);
        return false;
    }
    char cell[CELL_BYTES];
    (void)snprintf(cell, sizeof(cell), "%ld>%ld", row->counts[0][TALLY_SENT],
                   row->counts[1][TALLY_SENT]);
    put_name(screen->out, row->name, PERSON_COLUMNS);
    (void)fprintf(screen->out, "%11s %+6ld ", cell, change);
    long used = more ? put_bar(screen->out, 0, change, most, PERSON_BAR_COLUMNS)
                     : put_bar(screen->out, -change, 0, most, PERSON_BAR_COLUMNS);
    if (more)
        (void)fprintf(screen->out, "%*s", (int)(PERSON_BAR_COLUMNS - used + 1), "");
    return true;
}

static bool anybody(const struct screen *screen, size_t rank)
{
    const struct figure_rows *people = &screen->figures->people;
    return rank < people->count &&
           (figures_change(screen->figures, &people->list[rank]) > 0 ||
            figures_change(screen->figures, &people->list[people->count - 1 - rank]) < 0);
}

static void put_people(const struct screen *screen)
{
    const struct figure_rows *people = &screen->figures->people;
    if (!anybody(screen, 0)) {
        (void)fputs("nobody gets more or fewer messages\n", screen->out);
        return;
    }
    long gain = figures_change(screen->figures, &people->list[0]);
    long loss = figures_change(screen->figures, &people->list[people->count - 1]);
    (void)fputs(screen->bold, screen->out);
    put_name(screen->out, "who gets more", PERSON_COLUMNS + 28);
    (void)fprintf(screen->out, "who gets less%s\n", screen->plain);
    for (size_t rank = 0; rank < PEOPLE_SHOWN && anybody(screen, rank); rank++) {
        (void)put_person(screen, rank, true, gain > -loss ? gain : -loss);
        (void)put_person(screen, rank, false, gain > -loss ? gain : -loss);
        (void)fputc('\n', screen->out);
    }
}

void figures_print(const struct figures *figures, bool terminal, FILE *out)
{
    const struct screen screen = {figures, out, terminal ? "\033[1m" : "",
                                  terminal ? "\033[0m" : ""};
    put_head(&screen);
    put_totals(&screen);
    put_rules(&screen);
    put_gates(&screen);
    put_people(&screen);
}
