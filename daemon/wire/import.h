/* import.h: exports of a CRM to events and people; the importers are a table.
 * Layer: wire (pure: bytes and time zones are handed in). Lifetime: what callbacks get lives for
 * the call. A new importer is a file import_NAME.c with `const struct importer importer_NAME` and a
 * row in import_list.h. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/msec.h"
#include "base/str.h"
#include "core/event.h"

enum { IMPORT_FILES_MAX = 16 };

struct import_file {
    const char *name; /* only for errors and notes; files are told apart by their first line */
    const char *bytes;
    size_t length;
};

struct import_person {
    const char *id, *name;
    const char *crm;         /* as the CRM writes the owner; NULL: as the id */
    const char *manager;     /* id, or NULL */
    const char *team, *zone; /* or NULL */
    bool manages;            /* role: manager */
};

/* Where the results go; event and person may be NULL. */
struct import_sink {
    void (*event)(void *user, const struct event *event);
    void (*person)(void *user, const struct import_person *person);
    /* A wall time as an instant; MSEC_NONE where the zone is not known. */
    msec_t (*local_to_utc)(void *user, const char *zone, const struct civil *local);
    void *user;
};

struct importer {
    const char *name, *help;
    /* Adds lines to notes that tell what was read, skipped and why.
     * Errors: -EINVAL "deals.csv:14: ..."; events before the mistake may have been handed out. */
    int (*run)(const struct import_file *files, size_t count, const struct import_sink *sink,
               struct strbuf *notes, struct err *err);
};

const struct importer *import_find(const char *name); /* or NULL */
const struct importer *import_at(size_t index);       /* NULL past the end */

/* One line a column of the `csv` importer, for its help text. */
void import_csv_columns(struct strbuf *out);

/* The text of a people.yaml: teams by id, then people in the order given. */
void import_people_yaml(const struct import_person *people, size_t count, struct strbuf *out);
