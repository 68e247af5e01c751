#include "engine/table.h"

#include <stdio.h>

#include "base/alloc.h"

enum { NUMBER_BYTES = 40 };

struct cell *table_row(struct table *table)
{
    if (table->row_count == table->row_cap) {
        table->row_cap = table->row_cap ? table->row_cap * 2 : 8;
        table->cells =
            xrealloc(table->cells, table->row_cap * table->column_count, sizeof(*table->cells));
    }
    struct cell *row = table->cells + table->row_count++ * table->column_count;
    memset(row, 0, table->column_count * sizeof(*row));
    return row;
}

void table_done(struct table *table)
{
    free(table->cells);
}

struct cell cell_text(const char *text)
{
    return (struct cell){.kind = text ? CELL_TEXT : CELL_EMPTY, .text = text};
}

struct cell cell_number(double number)
{
    return (struct cell){.kind = CELL_NUMBER, .number = number};
}

struct cell cell_hidden(void)
{
    return (struct cell){.kind = CELL_HIDDEN};
}

struct cell cell_few(void)
{
    return (struct cell){.kind = CELL_FEW};
}

static const char *number_text(const struct column *column, double number, char *text)
{
    static const int decimals[] = {[COLUMN_TEXT] = 0,   [COLUMN_COUNT] = 0,   [COLUMN_SHARE] = 4,
                                   [COLUMN_POINTS] = 4, [COLUMN_MINUTES] = 1, [COLUMN_MEAN] = 2};
    (void)snprintf(text, NUMBER_BYTES, "%.*f", decimals[column->type], number);
    return text;
}

static void write_cell(const struct column *column, const struct cell *cell, struct jsonw *json)
{
    char number[NUMBER_BYTES];
    switch (cell->kind) {
    case CELL_EMPTY:
        jsonw_null(json, NULL);
        break;
    case CELL_TEXT:
        jsonw_text(json, NULL, cell->text);
        break;
    case CELL_NUMBER:
        jsonw_raw(json, NULL, number_text(column, cell->number, number));
        break;
    case CELL_HIDDEN:
    case CELL_FEW:
        jsonw_object(json, NULL);
        jsonw_text(json, "is", cell->kind == CELL_HIDDEN ? "hidden" : "few");
        jsonw_object_end(json);
        break;
    }
}

static void write_columns(const struct table *table, struct jsonw *json)
{
    static const char *const types[] = {
        [COLUMN_TEXT] = "text",     [COLUMN_COUNT] = "count",     [COLUMN_SHARE] = "share",
        [COLUMN_POINTS] = "points", [COLUMN_MINUTES] = "minutes", [COLUMN_MEAN] = "mean"};
    jsonw_array(json, "columns");
    for (size_t i = 0; i < table->column_count; i++) {
        jsonw_object(json, NULL);
        jsonw_text(json, "id", table->columns[i].id);
        jsonw_text(json, "label", table->columns[i].label);
        jsonw_text(json, "type", types[table->columns[i].type]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

void table_json(const struct table *table, struct jsonw *json)
{
    jsonw_object(json, NULL);
    jsonw_text(json, "id", table->id);
    jsonw_text(json, "title", table->title);
    jsonw_text(json, "about", table->about);
    write_columns(table, json);
    jsonw_array(json, "rows");
    for (size_t i = 0; i < table->row_count; i++) {
        jsonw_array(json, NULL);
        for (size_t k = 0; k < table->column_count; k++)
            write_cell(&table->columns[k], &table->cells[i * table->column_count + k], json);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static void csv_text(const char *text, struct strbuf *out)
{
    bool formula = *text && strchr("=+-@\t\r", *text);
    if (!formula && !strpbrk(text, ",\"\r\n")) {
        strbuf_puts(out, text);
        return;
    }
    strbuf_puts(out, formula ? "\"'" : "\"");
    for (; *text; text++) {
        if (*text == '"')
            strbuf_putc(out, '"');
        strbuf_putc(out, *text);
    }
    strbuf_putc(out, '"');
}

static void csv_cell(const struct column *column, const struct cell *cell, struct strbuf *out)
{
    char number[NUMBER_BYTES];
    switch (cell->kind) {
    case CELL_EMPTY:
        break;
    case CELL_TEXT:
        csv_text(cell->text, out);
        break;
    case CELL_NUMBER:
        strbuf_puts(out, number_text(column, cell->number, number));
        break;
    case CELL_HIDDEN:
        strbuf_puts(out, "not shown");
        break;
    case CELL_FEW:
        strbuf_puts(out, "not enough data yet");
        break;
    }
}

void table_csv(const struct table *table, struct strbuf *out)
{
    for (size_t k = 0; k < table->column_count; k++) {
        strbuf_puts(out, k ? "," : "");
        csv_text(table->columns[k].id, out);
    }
    strbuf_puts(out, "\r\n");
    for (size_t i = 0; i < table->row_count; i++) {
        for (size_t k = 0; k < table->column_count; k++) {
            strbuf_puts(out, k ? "," : "");
            csv_cell(&table->columns[k], &table->cells[i * table->column_count + k], out);
        }
        strbuf_puts(out, "\r\n");
    }
}
