/* page_data.h: the manager's page as tables: what was sent, what came of it, how far coaching has
 * come, what it costs, what is to come. Counts and shares of groups, never of a person.
 * Layer: engine (pure). Lifetime: the caller's. */
#pragma once
#include "core/core.h"
#include "engine/report.h"
#include "engine/store.h"
#include "engine/table.h"

/* PAGE_TABLE(enumerator, id): in the order of the page. */
#define PAGE_TABLES(TABLE)                                                                         \
    TABLE(LEVEL, "level")                                                                          \
    TABLE(WINS, "wins")                                                                            \
    TABLE(RULES, "rules")                                                                          \
    TABLE(EXPERIMENTS, "experiments")                                                              \
    TABLE(MEASURES, "measures")                                                                    \
    TABLE(MIX, "mix")                                                                              \
    TABLE(THIRDS, "thirds")                                                                        \
    TABLE(PRAISE, "praise")                                                                        \
    TABLE(PRAISE_TIMES, "praise-times")                                                            \
    TABLE(VOICES, "voices")                                                                        \
    TABLE(ATTENTION, "attention")                                                                  \
    TABLE(UPCOMING, "upcoming")                                                                    \
    TABLE(HEALTH, "health")                                                                        \
    TABLE(FILES, "files")

enum page_table {
#define TABLE(name, id) PAGE_##name,
    PAGE_TABLES(TABLE)
#undef TABLE
        PAGE_TABLE_COUNT
};

/* A plugin file that could not be taken as it stands. */
struct page_file {
    const char *name;
    bool kept;       /* the version from before is in force; else none of its rules is */
    const char *why; /* the first mistake */
};

struct page_options {
    const char *viewer; /* id of a manager: of whom it may speak; NULL: of everybody */
    msec_t from, to, now;
    const struct page_file *files;
    size_t file_count;
};

struct page_data {
    struct arena arena;
    msec_t from, to, now;
    const char *viewer; /* name, or NULL */
    int64_t reps, teams;
    struct table tables[PAGE_TABLE_COUNT];
};

/* The core has the store's states loaded. A span of more than 60 weeks is read whole, and its last
 * 60 weeks make the week by week figures.
 *
 * Owns:   page_done(), also after an error. Borrows core, book and files for its life.
 * Errors: those of the store. */
int page_make(const struct core *core, struct store *store, const struct page_options *options,
              struct err *err, struct page_data *ret);
void page_done(struct page_data *page);

/* {"at","from","to","viewer","reps","teams","tables":[...]} */
void page_json(const struct page_data *page, struct strbuf *out);

const struct table *page_find(const struct page_data *page, const char *id); /* or NULL */
const char *page_table_id(int index);                                        /* NULL past the end */
