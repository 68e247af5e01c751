/* The page of a simulation: plots, a table under each, no script and nothing from elsewhere. */
#include "gritctl/figures_style.h"
#include "gritctl/page.h"

enum { PLOT_HEIGHT = 1000, STEP_WIDTH = 10, PEOPLE_SHOWN = 10 };

static void put_tile(const struct page *page, const char *name, const char *value, const char *more)
{
    (void)fputs("<dl class=\"tile\"><dt>", page->out);
    page_text(page->out, name);
    (void)fputs("</dt><dd>", page->out);
    page_text(page->out, value);
    (void)fputs("<small>", page->out);
    page_text(page->out, more);
    (void)fputs("</small></dd></dl>\n", page->out);
}

static void put_tiles(const struct page *page)
{
    const struct figures *figures = page->figures;
    const struct figure_total *old = &figures->totals[0],
                              *now = &figures->totals[figures->sides - 1];
    char value[128], more[128], minutes[FIGURES_TEXT_BYTES];
    bool both = figures->sides > 1;
    (void)fputs("<div class=\"tiles\">\n", page->out);
    (void)snprintf(value, sizeof(value), "%ld", now->messages);
    if (both)
        (void)snprintf(more, sizeof(more), "%ld before, %+ld", old->messages,
                       now->messages - old->messages);
    else
        (void)snprintf(more, sizeof(more), "and %ld reminders and replies", now->reminders);
    put_tile(page, "Messages", value, more);
    (void)snprintf(value, sizeof(value), "%ld · %ld · %ld", now->p50, now->p95, now->max);
    if (both)
        (void)snprintf(more, sizeof(more), "%ld · %ld · %ld before", old->p50, old->p95, old->max);
    else
        (void)snprintf(more, sizeof(more), "of %ld person-days", now->person_days);
    put_tile(page, "A person and day: p50 · p95 · max", value, more);
    (void)snprintf(value, sizeof(value), "%s min", figures_minutes(now->halves, minutes));
    if (both)
        (void)snprintf(more, sizeof(more), "%s before", figures_minutes(old->halves, minutes));
    else
        (void)snprintf(more, sizeof(more), "an estimate");
    put_tile(page, "Attention", value, more);
    (void)snprintf(value, sizeof(value), "%d", now->rules);
    if (both)
        (void)snprintf(more, sizeof(more), "%d before; %zu people", old->rules, now->people);
    else
        (void)snprintf(more, sizeof(more), "for %zu people", now->people);
    put_tile(page, "Rules", value, more);
    (void)fputs("</div>\n", page->out);
}

static void put_head(const struct page *page)
{
    const struct figures *figures = page->figures;
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES];
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<title>What these rules would say</title>\n<style>\n" FIGURES_STYLE
                "</style>\n</head>\n<body>\n<main>\n<h1>What these rules would say</h1>\n",
                page->out);
    (void)fprintf(page->out,
                  "<p>%zu events, %.10s to %.10s (%zu repeated, %zu of unknown type). "
                  "Assumed: %s.</p>\n<ul class=\"key\">\n",
                  figures->result.events, msec_format(figures->result.from, from),
                  msec_format(figures->result.to, to), figures->result.repeated,
                  figures->result.unknown_types, figures->assumed);
    for (int side = 0; side < figures->sides; side++) {
        (void)fprintf(page->out, "<li class=\"%s\">%s: ", page_side_class(page, side),
                      page_side_name(page, side));
        page_text(page->out, figures->labels[side]);
        (void)fputs("</li>\n", page->out);
    }
    (void)fputs("</ul>\n", page->out);
    put_tiles(page);
    (void)fputs("<p class=\"note\">Attention is an estimate in minutes: " FIGURES_ATTENTION
                ".</p>\n<div class=\"grid\">\n",
                page->out);
}

static long scaled(long value, long most)
{
    return PLOT_HEIGHT - (most ? value * PLOT_HEIGHT / most : 0);
}

/* The outline of the steps, as the inside of a path. */
static void put_outline(const struct page *page, int side, long most)
{
    const struct figures *figures = page->figures;
    (void)fprintf(page->out, "M0 %ld", scaled(figures->steps[0][side], most));
    for (size_t i = 0; i < figures->step_count; i++)
        (void)fprintf(page->out, "V%ldH%zu", scaled(figures->steps[i][side], most),
                      (i + 1) * STEP_WIDTH);
}

static void put_time_plot(const struct page *page, long most)
{
    const struct figures *figures = page->figures;
    size_t width = figures->step_count * STEP_WIDTH;
    char day[3][MSEC_TEXT_BYTES];
    int64_t last = figures->first_day + (int64_t)((figures->step_count - 1) * figures->step_days);
    (void)fprintf(page->out,
                  "<figure><div class=\"time\"><div class=\"axis\"><span>%ld</span><span>0</span>"
                  "</div><svg viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" role=\"img\" "
                  "aria-label=\"Messages over time; the table below has the numbers\">\n"
                  "<path class=\"mesh\" d=\"M0 0H%zuM0 500H%zu\"/>\n",
                  most, width, PLOT_HEIGHT, width, width);
    (void)fputs("<path class=\"area\" d=\"", page->out);
    put_outline(page, figures->sides - 1, most);
    (void)fprintf(page->out, "V%dH0Z\"/>\n", PLOT_HEIGHT);
    for (int side = figures->sides; side-- > 0;) {
        (void)fprintf(page->out, "<path class=\"line %s\" d=\"", page_side_class(page, side));
        put_outline(page, side, most);
        (void)fputs("\"/>\n", page->out);
    }
    (void)fprintf(page->out,
                  "</svg></div><div class=\"dates\"><span>%s</span><span>%s</span><span>%s</span>"
                  "</div></figure>\n",
                  tally_day(figures->first_day, day[0]),
                  tally_day((figures->first_day + last) / 2, day[1]), tally_day(last, day[2]));
}

static void put_time(const struct page *page)
{
    const struct figures *figures = page->figures;
    char step[FIGURES_TEXT_BYTES], day[MSEC_TEXT_BYTES];
    const char *const heads[] = {figures->step_days > 1 ? "from" : "day", "messages", "change"};
    long most = 0;
    for (size_t i = 0; i < figures->step_count; i++) {
        long here = page_larger(page, figures->steps[i]);
        most = here > most ? here : most;
    }
    (void)fprintf(page->out, "<section class=\"wide\"><h2>Messages%s%s over time</h2>\n",
                  figures->step_count ? " a " : "",
                  figures->step_count ? figures_step(figures, step) : "");
    if (!most) {
        (void)fputs("<p class=\"note\">None.</p></section>\n", page->out);
        return;
    }
    put_time_plot(page, most);
    page_table(page, "Messages over time", heads, figures->sides > 1 ? 3 : 2);
    for (size_t i = 0; i < figures->step_count; i++) {
        const long *here = figures->steps[i];
        if (!page_larger(page, here))
            continue;
        page_row(page, tally_day(figures->first_day + (int64_t)(i * figures->step_days), day));
        page_cell(page, here[0], here[1]);
        page_change(page, here[1] - here[0]);
        page_row_end(page);
    }
    page_table_end(page);
    (void)fputs("</section>\n", page->out);
}

static void put_outcome_table(const struct page *page, const char *kind,
                              const struct figure_rows *rows, int first)
{
    const char *heads[TALLY_OUTCOME_COUNT + 3] = {kind};
    size_t count = 1;
    for (int k = first; k < TALLY_OUTCOME_COUNT; k++)
        heads[count++] = tally_outcome_words[k];
    bool sent = first == TALLY_SENT;
    if (sent)
        heads[count++] = "minutes";
    if (sent && page->figures->sides > 1)
        heads[count++] = "change";
    page_table(page, kind, heads, count);
    for (size_t i = 0; i < rows->count; i++) {
        const struct figure_row *row = &rows->list[i];
        page_row(page, row->name);
        for (int k = first; k < TALLY_OUTCOME_COUNT; k++)
            page_cell(page, row->counts[0][k], row->counts[1][k]);
        if (sent) {
            (void)fputs("<td>", page->out);
            page_minutes(page, row->halves);
            (void)fputs("</td>", page->out);
            page_change(page, figures_change(page->figures, row));
        }
        page_row_end(page);
    }
    page_table_end(page);
}

static void put_rules(const struct page *page)
{
    (void)fputs("<section><h2>By rule</h2>\n<p class=\"note\">Messages sent. The table has every "
                "rule, and what became of the others.</p>\n",
                page->out);
    page_bars(page, &page->figures->rules, page_sent_of);
    put_outcome_table(page, "rule", &page->figures->rules, TALLY_SENT);
    (void)fputs("</section>\n", page->out);
}

static void put_gates(const struct page *page)
{
    (void)fputs("<section><h2>What was not sent, by gate</h2>\n<p class=\"note\">The first gate "
                "that refused; what is held is decided again later.</p>\n",
                page->out);
    if (!page->figures->gates.count)
        (void)fputs("<p class=\"note\">Nothing was held back.</p>\n", page->out);
    page_bars(page, &page->figures->gates, page_stopped_of);
    if (page->figures->gates.count)
        put_outcome_table(page, "gate", &page->figures->gates, TALLY_HELD);
    (void)fputs("</section>\n", page->out);
}

static void put_spread(const struct page *page)
{
    const struct figures *figures = page->figures;
    static const char *const heads[] = {"messages", "person-days", "change"};
    char name[FIGURES_TEXT_BYTES];
    long most = 0;
    int last = 0;
    for (int i = 0; i < FIGURES_SPREAD; i++) {
        const long here[] = {figures->spread[0][i], figures->spread[1][i]};
        most = page_larger(page, here) > most ? page_larger(page, here) : most;
        last = page_larger(page, here) ? i : last;
    }
    (void)fputs("<section><h2>Messages on one person's day</h2>\n<p class=\"note\">How many "
                "weekdays of a person had so many messages.</p>\n<figure class=\"bars\">\n",
                page->out);
    for (int i = 0; i <= last; i++) {
        const long here[] = {figures->spread[0][i], figures->spread[1][i]};
        (void)snprintf(name, sizeof(name), "%d%s", i, i + 1 == FIGURES_SPREAD ? " or more" : "");
        page_bar(page, name, here, most);
    }
    (void)fputs("</figure>\n", page->out);
    page_table(page, "Person-days", heads, figures->sides > 1 ? 3 : 2);
    for (int i = 0; i <= last; i++) {
        (void)snprintf(name, sizeof(name), "%d%s", i, i + 1 == FIGURES_SPREAD ? " or more" : "");
        page_row(page, name);
        page_cell(page, figures->spread[0][i], figures->spread[1][i]);
        page_change(page, figures->spread[1][i] - figures->spread[0][i]);
        page_row_end(page);
    }
    page_table_end(page);
    (void)fputs("</section>\n", page->out);
}

/* Those who get most more, or most less; of one rule set those who get most. */
static void put_ten(const struct page *page, const char *title, bool more)
{
    struct figure_rows ten = {0};
    struct figure_row list[PEOPLE_SHOWN];
    const struct figure_rows *people = &page->figures->people;
    ten.list = list;
    for (size_t i = 0; i < people->count && ten.count < PEOPLE_SHOWN; i++) {
        const struct figure_row *row = &people->list[more ? i : people->count - 1 - i];
        long change = figures_change(page->figures, row);
        if (more ? change > 0 : change < 0)
            list[ten.count++] = *row;
    }
    if (title)
        (void)fprintf(page->out, "<h3>%s</h3>\n", title);
    if (!ten.count)
        (void)fputs("<p class=\"note\">Nobody.</p>\n", page->out);
    page_bars(page, &ten, page_sent_of);
}

static void put_people(const struct page *page)
{
    const struct figures *figures = page->figures;
    static const char *const heads[] = {"person", "messages", "most a day", "minutes", "change"};
    bool both = figures->sides > 1;
    (void)fprintf(page->out,
                  "<section><h2>By person</h2>\n<p class=\"note\">Messages received; %s."
                  "</p>\n",
                  both ? "the ten who gain and the ten who lose most" : "the ten who get most");
    put_ten(page, both ? "More" : NULL, true);
    if (both)
        put_ten(page, "Fewer", false);
    page_table(page, "By person", heads, both ? 5 : 4);
    for (size_t i = 0; i < figures->people.count; i++) {
        const struct figure_row *row = &figures->people.list[i];
        page_row(page, row->name);
        page_cell(page, row->counts[0][TALLY_SENT], row->counts[1][TALLY_SENT]);
        page_cell(page, row->most[0], row->most[1]);
        (void)fputs("<td>", page->out);
        page_minutes(page, row->halves);
        (void)fputs("</td>", page->out);
        page_change(page, figures_change(figures, row));
        page_row_end(page);
    }
    page_table_end(page);
    (void)fputs("</section>\n", page->out);
}

void figures_html(const struct figures *figures, FILE *out)
{
    const struct page page = {figures, out};
    put_head(&page);
    put_time(&page);
    (void)fputs("<div class=\"stack\">\n", out);
    put_rules(&page);
    put_people(&page);
    (void)fputs("</div>\n<div class=\"stack\">\n", out);
    put_gates(&page);
    put_spread(&page);
    (void)fputs("</div>\n</div>\n</main>\n</body>\n</html>\n", out);
}
