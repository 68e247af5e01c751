/* table.h: figures in rows and columns, as the page, its CSV files and gritctl show them.
 * Layer: engine (pure). Lifetime: the caller's; texts are borrowed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/jsonw.h"

enum cell_kind {
    CELL_EMPTY, /* does not apply */
    CELL_TEXT,
    CELL_NUMBER,
    CELL_HIDDEN, /* of a group that is too small to be shown */
    CELL_FEW,    /* not enough data yet */
};

enum column_type {
    COLUMN_TEXT,
    COLUMN_COUNT,
    COLUMN_SHARE,  /* 0 to 1 */
    COLUMN_POINTS, /* a difference of shares, -1 to 1 */
    COLUMN_MINUTES,
    COLUMN_MEAN,
};

struct cell {
    enum cell_kind kind;
    const char *text;
    double number;
};

struct column {
    const char *id, *label;
    enum column_type type;
};

struct table {
    const char *id, *title;
    const char *about; /* what it says and what it does not, for the reader of the page */
    const struct column *columns;
    size_t column_count;
    struct cell *cells; /* row after row */
    size_t row_count, row_cap;
};

/* Adds a row of empty cells. Valid until the next one is added. */
struct cell *table_row(struct table *table);
void table_done(struct table *table);

struct cell cell_text(const char *text); /* NULL: empty */
struct cell cell_number(double number);
struct cell cell_hidden(void);
struct cell cell_few(void);

/* {"id","title","about","columns":[{"id","label","type"}],"rows":[[...]]}; a cell is a text, a
 * number, null, or {"is":"hidden"} or {"is":"few"}. */
void table_json(const struct table *table, struct jsonw *json);

/* RFC 4180 with a line of column names. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front. Source: OWASP, "CSV Injection". */
void table_csv(const struct table *table, struct strbuf *out);
