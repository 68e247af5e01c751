/* csv.h: comma-separated values, one row after the other.
 * Layer: wire (pure). Lifetime: the fields of a row until the next one. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum {
    CSV_BYTES_MAX = 64 << 20, /* of a file */
    CSV_ROWS_MAX = 500000,
    CSV_FIELDS_MAX = 64,
    CSV_ROW_BYTES = 64 << 10,
};

struct csv {
    const char *name; /* of the file, for errors */
    const char *at, *end;
    size_t line;     /* where the next row begins, the first is 1 */
    size_t row_line; /* where this row began */
    size_t rows;
    struct strbuf text; /* the fields of this row, each with its NUL */
    size_t starts[CSV_FIELDS_MAX];
    size_t count;
};

/* Borrows name and bytes. A byte order mark is skipped; lines end in LF or CRLF; empty lines are
 * no rows. */
void csv_init(struct csv *csv, const char *name, const char *bytes, size_t length);
void csv_done(struct csv *csv); /* accepts a zeroed one */

/* Reads a row. Returns 1, or 0 at the end.
 *
 * Errors: -EINVAL "deals.csv:14: ..." for quotes out of place, text that is no UTF-8 or has a NUL;
 *         -E2BIG past a limit.
 * Source: RFC 4180, 2. */
int csv_next(struct csv *csv, struct err *err);

/* A field of the row, "" past its last one. */
const char *csv_field(const struct csv *csv, size_t index);
