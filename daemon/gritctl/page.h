/* page.h: the parts of the page of a simulation: text, tables, plots of bars.
 * Layer: commands. What is written is well-formed XML. */
#pragma once
#include "gritctl/figures.h"

struct page {
    const struct figures *figures;
    FILE *out;
};

/* As text and in attributes. What XML cannot hold is left out. */
void page_text(FILE *out, const char *text);

/* "a" for what is compared with, "b" for the rules at hand. */
const char *page_side_class(const struct page *page, int side);
const char *page_side_name(const struct page *page, int side);

/* The larger of the sides that are shown. */
long page_larger(const struct page *page, const long *values);

/* A table that scrolls in itself; each row has its name, then cells: "12 → 15", or one number where
 * both sides are equal or there is one. page_change writes nothing for one side. */
void page_table(const struct page *page, const char *label, const char *const *heads, size_t count);
void page_row(const struct page *page, const char *name);
void page_cell(const struct page *page, long before, long after);
void page_minutes(const struct page *page, const long *halves); /* without its cell */
void page_change(const struct page *page, long change);
void page_row_end(const struct page *page);
void page_table_end(const struct page *page);

/* One line of a plot: its name, a bar for each side, the numbers. */
void page_bar(const struct page *page, const char *name, const long *values, long most);

/* All rows as lines of one plot; values_of takes both sides out of a row. */
void page_bars(const struct page *page, const struct figure_rows *rows,
               void (*values_of)(const struct figure_row *, long *));
void page_sent_of(const struct figure_row *row, long *values);
void page_stopped_of(const struct figure_row *row, long *values);
