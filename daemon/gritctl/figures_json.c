/* Two rule sets as lines of JSON. */
#include "base/jsonw.h"
#include "gritctl/figures.h"

static const char *const sides[FIGURES_SIDES] = {"against", "rules"};

static void add_minutes(struct jsonw *json, long halves)
{
    char text[FIGURES_TEXT_BYTES];
    jsonw_raw(json, "minutes", figures_minutes(halves, text));
}

static void finish(struct jsonw *json, struct strbuf *line, FILE *out)
{
    jsonw_object_end(json);
    (void)fprintf(out, "%s\n", strbuf_text(line));
    strbuf_clear(line);
}

static void add_counts(struct jsonw *json, const long *counts)
{
    for (int k = 0; k < TALLY_OUTCOME_COUNT; k++)
        jsonw_int(json, tally_outcome_words[k], counts[k]);
}

static void total(const struct figures *figures, struct strbuf *line, FILE *out)
{
    struct jsonw json;
    jsonw_begin(&json, line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "kind", "total");
    for (int side = 0; side < figures->sides; side++) {
        const struct figure_total *sum = &figures->totals[side];
        jsonw_object(&json, sides[side]);
        jsonw_int(&json, "rules", sum->rules);
        jsonw_int(&json, "people", (int64_t)sum->people);
        jsonw_int(&json, "messages", sum->messages);
        jsonw_int(&json, "reminders", sum->reminders);
        jsonw_int(&json, "person_days", sum->person_days);
        jsonw_int(&json, "p50", sum->p50);
        jsonw_int(&json, "p95", sum->p95);
        jsonw_int(&json, "max", sum->max);
        add_minutes(&json, sum->halves);
        add_counts(&json, sum->counts);
        jsonw_object_end(&json);
    }
    jsonw_int(&json, "change",
              figures->totals[figures->sides - 1].messages - figures->totals[0].messages);
    finish(&json, line, out);
}

/* What a row of this kind has beside its name. */
enum row_parts { PART_OUTCOMES = 1, PART_MINUTES = 2, PART_MESSAGES = 4 };

static void rows(const struct figures *figures, const char *kind, const struct figure_rows *list,
                 unsigned parts, FILE *out)
{
    struct strbuf line = {0};
    for (size_t i = 0; i < list->count; i++) {
        const struct figure_row *row = &list->list[i];
        struct jsonw json;
        jsonw_begin(&json, &line);
        jsonw_object(&json, NULL);
        jsonw_text(&json, "kind", kind);
        jsonw_text(&json, kind, row->name);
        for (int side = 0; side < figures->sides; side++) {
            jsonw_object(&json, sides[side]);
            if (parts & PART_MESSAGES) {
                jsonw_int(&json, "messages", row->counts[side][TALLY_SENT]);
                jsonw_int(&json, "max", row->most[side]);
            }
            if (parts & PART_OUTCOMES)
                add_counts(&json, row->counts[side]);
            if (parts & PART_MINUTES)
                add_minutes(&json, row->halves[side]);
            jsonw_object_end(&json);
        }
        if (parts & PART_MINUTES)
            jsonw_int(&json, "change", figures_change(figures, row));
        finish(&json, &line, out);
    }
    strbuf_done(&line);
}

void figures_json(const struct figures *figures, FILE *out)
{
    struct strbuf line = {0};
    total(figures, &line, out);
    strbuf_done(&line);
    rows(figures, "rule", &figures->rules, PART_OUTCOMES | PART_MINUTES, out);
    rows(figures, "gate", &figures->gates, PART_OUTCOMES, out);
    rows(figures, "person", &figures->people, PART_MESSAGES | PART_MINUTES, out);
}
