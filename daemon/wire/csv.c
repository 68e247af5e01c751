#include "wire/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void csv_init(struct csv *csv, const char *name, const char *bytes, size_t length)
{
    static const char mark[] = "\xEF\xBB\xBF";
    *csv = (struct csv){.name = name, .at = bytes, .end = bytes + length, .line = 1};
    strbuf_init(&csv->text, CSV_ROW_BYTES);
    if (length >= 3 && memcmp(bytes, mark, 3) == 0)
        csv->at += 3;
}

void csv_done(struct csv *csv)
{
    strbuf_done(&csv->text);
}

__attribute__((format(printf, 4, 5))) static int fail(const struct csv *csv, struct err *err,
                                                      int code, const char *format, ...)
{
    char words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args); /* cut at the end is fine */
    va_end(args);
    return err_set(err, code, "%s:%zu: %s", csv->name, csv->row_line, words);
}

/* A quoted field from its opening quote on. */
static int take_quoted(struct csv *csv, struct err *err)
{
    size_t opened = csv->line;
    csv->at++;
    for (;;) {
        const char *quote = memchr(csv->at, '"', (size_t)(csv->end - csv->at));
        if (!quote)
            return fail(csv, err, EINVAL, "the quote that opens in line %zu is never closed",
                        opened);
        for (const char *p = csv->at; p < quote; p++)
            csv->line += *p == '\n';
        strbuf_add(&csv->text, csv->at, (size_t)(quote - csv->at));
        csv->at = quote + 1;
        if (csv->at == csv->end || *csv->at != '"')
            return 0;
        strbuf_putc(&csv->text, '"');
        csv->at++;
    }
}

static int take_plain(struct csv *csv, struct err *err)
{
    const char *p = csv->at;
    while (p < csv->end && *p != ',' && *p != '\n' && *p != '\r' && *p != '"')
        p++;
    if (p < csv->end && *p == '"')
        return fail(csv, err, EINVAL,
                    "a quote in the middle of field %zu; quote all of it and "
                    "write \"\" for each quote inside",
                    csv->count + 1);
    strbuf_add(&csv->text, csv->at, (size_t)(p - csv->at));
    csv->at = p;
    return 0;
}

static int take_field(struct csv *csv, struct err *err)
{
    if (csv->count == CSV_FIELDS_MAX)
        return fail(csv, err, E2BIG, "more than %d fields", CSV_FIELDS_MAX);
    size_t start = csv->text.len;
    bool quoted = csv->at < csv->end && *csv->at == '"';
    int result = quoted ? take_quoted(csv, err) : take_plain(csv, err);
    if (result)
        return result;
    const char *text = strbuf_text(&csv->text) + start;
    size_t length = csv->text.len - start;
    if (length && (memchr(text, '\0', length) || utf8_length(text, length) < 0))
        return fail(csv, err, EINVAL, "field %zu is not valid UTF-8 text", csv->count + 1);
    csv->starts[csv->count++] = start;
    strbuf_putc(&csv->text, '\0');
    if (csv->text.overflow)
        return fail(csv, err, E2BIG, "a row of more than %d bytes", CSV_ROW_BYTES);
    return 0;
}

/* What stands behind a field. Returns 1 for a comma, 0 for the end of the row. */
static int take_end(struct csv *csv, struct err *err)
{
    if (csv->at == csv->end)
        return 0;
    if (*csv->at == ',') {
        csv->at++;
        return 1;
    }
    if (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n')
        csv->at++;
    if (*csv->at != '\n')
        return fail(csv, err, EINVAL, "a comma or the end of the line must follow field %zu",
                    csv->count);
    csv->at++;
    csv->line++;
    return 0;
}

static void skip_empty_lines(struct csv *csv)
{
    while (csv->at < csv->end) {
        size_t step = *csv->at == '\n' ? 1 : 0;
        if (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n')
            step = 2;
        if (!step)
            return;
        csv->at += step;
        csv->line++;
    }
}

int csv_next(struct csv *csv, struct err *err)
{
    strbuf_clear(&csv->text);
    csv->count = 0;
    skip_empty_lines(csv);
    csv->row_line = csv->line;
    if (csv->at == csv->end)
        return 0;
    if (csv->end - csv->at > CSV_BYTES_MAX)
        return fail(csv, err, E2BIG, "a file of more than %d bytes", CSV_BYTES_MAX);
    if (csv->rows++ >= CSV_ROWS_MAX)
        return fail(csv, err, E2BIG, "more than %d rows", CSV_ROWS_MAX);
    int more = 1;
    while (more > 0) {
        int result = take_field(csv, err);
        more = result ? result : take_end(csv, err);
    }
    return more < 0 ? more : 1;
}

const char *csv_field(const struct csv *csv, size_t index)
{
    return index < csv->count ? strbuf_text(&csv->text) + csv->starts[index] : "";
}
