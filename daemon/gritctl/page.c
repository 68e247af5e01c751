#include "gritctl/page.h"

#include <string.h>

#include "base/str.h"

enum { BAR_WIDTH = 1000, BAR_LEAST = 4 };

/* As text and in attributes. What XML cannot hold is left out. */
void page_text(FILE *out, const char *text)
{
    bool valid = utf8_length(text, strlen(text)) >= 0;
    for (const char *c = text; *c; c++) {
        switch (*c) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            if ((unsigned char)*c >= ' ' && (valid || (unsigned char)*c < 0x80))
                (void)fputc(*c, out);
        }
    }
}

const char *page_side_class(const struct page *page, int side)
{
    return page->figures->sides > 1 && side == 0 ? "a" : "b";
}

const char *page_side_name(const struct page *page, int side)
{
    return page->figures->sides > 1 && side == 0 ? "against" : "rules";
}

/* "12 → 15", or one number where both are equal or there is one side. */
static void page_pair(const struct page *page, long before, long after)
{
    if (page->figures->sides > 1 && before != after)
        (void)fprintf(page->out, "%ld → ", before);
    (void)fprintf(page->out, "%ld", page->figures->sides > 1 ? after : before);
}

void page_minutes(const struct page *page, const long *halves)
{
    char text[FIGURES_TEXT_BYTES];
    if (page->figures->sides > 1 && halves[0] != halves[1])
        (void)fprintf(page->out, "%s → ", figures_minutes(halves[0], text));
    (void)fputs(figures_minutes(halves[page->figures->sides - 1], text), page->out);
}

/* --- tables --- */

void page_table(const struct page *page, const char *label, const char *const *heads, size_t count)
{
    (void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", page->out);
    page_text(page->out, label);
    (void)fputs("\"><table><thead><tr>", page->out);
    for (size_t i = 0; i < count; i++) {
        (void)fputs("<th scope=\"col\">", page->out);
        page_text(page->out, heads[i]);
        (void)fputs("</th>", page->out);
    }
    (void)fputs("</tr></thead><tbody>\n", page->out);
}

void page_row(const struct page *page, const char *name)
{
    (void)fputs("<tr><th scope=\"row\">", page->out);
    page_text(page->out, name);
    (void)fputs("</th>", page->out);
}

void page_cell(const struct page *page, long before, long after)
{
    bool nil = !before && (page->figures->sides == 1 || !after);
    (void)fputs(nil ? "<td class=\"nil\">" : "<td>", page->out);
    page_pair(page, before, after);
    (void)fputs("</td>", page->out);
}

void page_change(const struct page *page, long change)
{
    if (page->figures->sides > 1 && change)
        (void)fprintf(page->out, "<td>%+ld</td>", change);
    else if (page->figures->sides > 1)
        (void)fputs("<td class=\"nil\">0</td>", page->out);
}

void page_row_end(const struct page *page)
{
    (void)fputs("</tr>\n", page->out);
}

void page_table_end(const struct page *page)
{
    (void)fputs("</tbody></table></div>\n", page->out);
}

/* --- plots of bars --- */

void page_bar(const struct page *page, const char *name, const long *values, long most)
{
    (void)fputs("<span class=\"name\">", page->out);
    page_text(page->out, name);
    (void)fputs("</span><span>", page->out);
    for (int side = 0; side < page->figures->sides; side++) {
        long width = most ? values[side] * BAR_WIDTH / most : 0;
        if (values[side] && width < BAR_LEAST)
            width = BAR_LEAST;
        (void)fprintf(page->out,
                      "<svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" role=\"img\">"
                      "<title>",
                      BAR_WIDTH);
        page_text(page->out, name);
        (void)fprintf(page->out,
                      ", %s: %ld</title><rect class=\"%s\" width=\"%ld\" height=\"10\"/></svg>",
                      page_side_name(page, side), values[side], page_side_class(page, side), width);
    }
    (void)fputs("</span><span class=\"figure\">", page->out);
    page_pair(page, values[0], values[1]);
    (void)fputs("</span>\n", page->out);
}

long page_larger(const struct page *page, const long *values)
{
    return page->figures->sides > 1 && values[1] > values[0] ? values[1] : values[0];
}

void page_sent_of(const struct figure_row *row, long *values)
{
    for (int side = 0; side < FIGURES_SIDES; side++)
        values[side] = row->counts[side][TALLY_SENT];
}

void page_stopped_of(const struct figure_row *row, long *values)
{
    for (int side = 0; side < FIGURES_SIDES; side++) {
        values[side] = 0;
        for (int k = TALLY_HELD; k < TALLY_OUTCOME_COUNT; k++)
            values[side] += row->counts[side][k];
    }
}

void page_bars(const struct page *page, const struct figure_rows *rows,
               void (*values_of)(const struct figure_row *, long *))
{
    long values[FIGURES_SIDES], most = 0;
    for (size_t i = 0; i < rows->count; i++) {
        values_of(&rows->list[i], values);
        most = page_larger(page, values) > most ? page_larger(page, values) : most;
    }
    (void)fputs("<figure class=\"bars\">\n", page->out);
    for (size_t i = 0; i < rows->count; i++) {
        values_of(&rows->list[i], values);
        if (!page_larger(page, values))
            continue; /* only in the table */
        page_bar(page, rows->list[i].name, values, most);
    }
    (void)fputs("</figure>\n", page->out);
}
