/* Any bytes as a table: rows that are read and written with quotes read back the same, and the
 * importers refuse with words or hand out events that survive a round trip. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "unit/event_equal.h"
#include "wire/cloudevents.h"
#include "wire/csv.h"
#include "wire/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(const struct csv *csv, struct strbuf *out)
{
    for (size_t i = 0; i < csv->count; i++) {
        strbuf_puts(out, i ? ",\"" : "\"");
        for (const char *p = csv_field(csv, i); *p; p++) {
            if (*p == '"')
                strbuf_putc(out, '"');
            strbuf_putc(out, *p);
        }
        strbuf_putc(out, '"');
    }
    strbuf_puts(out, "\r\n");
}

/* Writes all rows; a mistake ends the text. */
static void rewrite(const char *bytes, size_t length, struct strbuf *out)
{
    struct csv csv;
    struct err err = {0};
    csv_init(&csv, "t", bytes, length);
    int result;
    while ((result = csv_next(&csv, &err)) > 0)
        write_row(&csv, out);
    if (result < 0 && (!err.text[0] || result != -err.code))
        abort();
    csv_done(&csv);
}

static void take_event(void *user, const struct event *event)
{
    struct strbuf text = {0};
    struct arena arena;
    struct err err = {0};
    struct event again;
    (void)user;
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again) ||
        event_difference(event, &again))
        abort();
    arena_done(&arena);
    strbuf_done(&text);
}

static void take_person(void *user, const struct import_person *person)
{
    import_people_yaml(person, 1, user);
}

static msec_t local_to_utc(void *user, const char *zone, const struct civil *local)
{
    (void)user;
    return zone[8] == 'N' ? MSEC_NONE : civil_to_msec(local);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char teams[] = "sales_agent,manager,regional_office\na,m,Central\nb,m,East\n";
    char *bytes = xmemdup(data, size ? size : 1);
    struct strbuf first = {0}, second = {0}, notes = {0}, yaml = {0};
    rewrite(bytes, size, &first);
    rewrite(strbuf_text(&first), first.len, &second);
    if (strcmp(strbuf_text(&first), strbuf_text(&second)) != 0)
        abort();
    const struct import_file files[] = {{"f.csv", bytes, size},
                                        {"t.csv", teams, sizeof(teams) - 1}};
    const struct import_sink sink = {take_event, take_person, local_to_utc, &yaml};
    for (size_t i = 0; import_at(i); i++) {
        struct err err = {0};
        int result = import_at(i)->run(files, str_eq(import_at(i)->name, "csv") ? 1 : 2, &sink,
                                       &notes, &err);
        if (result && (!err.text[0] || result != -err.code))
            abort();
    }
    strbuf_done(&first);
    strbuf_done(&second);
    strbuf_done(&notes);
    strbuf_done(&yaml);
    free(bytes);
    return 0;
}
