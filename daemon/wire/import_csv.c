/* A table whose header names our own fields: one row, one event. Each row is put into the shape of
 * a CloudEvent and read like one, so that the same rules and the same words hold for both. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/nearest.h"
#include "wire/cloudevents.h"
#include "wire/csv.h"
#include "wire/decimal.h"
#include "wire/event_schema.h"
#include "wire/import.h"
#include "wire/jtree.h"

/* Where a column belongs. DATA columns go to the data of the type if it has such a member, else to
 * its deal. */
enum place { PLACE_TYPE, PLACE_TIME, PLACE_ID, PLACE_SOURCE, PLACE_REP, PLACE_DATA };

static const struct column {
    const char *name;
    const char *member; /* NULL: the same as name */
    enum place place;
    const char *help;
} columns[] = {
    {"type", NULL, PLACE_TYPE, "deal.created, activity.logged, ...; needed"},
    {"time", NULL, PLACE_TIME, "when it happened, 2026-03-02T10:00:00-07:00; needed"},
    {"id", NULL, PLACE_ID, "of the event; else worked out from the row"},
    {"source", NULL, PLACE_SOURCE, "else /crm/generic/csv"},
    {"rep", NULL, PLACE_REP, "person id; else the owner"},
    {"deal", "id", PLACE_DATA, "deal id"},
    {"name", NULL, PLACE_DATA, "of the deal"},
    {"account", NULL, PLACE_DATA, "of the deal"},
    {"owner", NULL, PLACE_DATA, "of the deal, as the CRM writes it"},
    {"contact", NULL, PLACE_DATA, "of the deal"},
    {"amount", NULL, PLACE_DATA, "of the deal, 12500.50"},
    {"currency", NULL, PLACE_DATA, "three capital letters"},
    {"stage", NULL, PLACE_DATA, "canonical, or the CRM's own word; of a gate: canonical"},
    {"created", NULL, PLACE_DATA, "when the deal was, with time and offset"},
    {"close_date", "expected_close", PLACE_DATA, "of the deal, 2026-03-31"},
    {"next_step", NULL, PLACE_DATA, "of the deal"},
    {"from", NULL, PLACE_DATA, "stage, owner, date or time, as the type has it"},
    {"to", NULL, PLACE_DATA, "stage, owner, date or amount, as the type has it"},
    {"direction", NULL, PLACE_DATA, "outbound inbound none; of a stage: forward back sideways"},
    {"reason", NULL, PLACE_DATA, "of a deal won or lost, of being away"},
    {"kind", NULL, PLACE_DATA, "call email meeting ...; of a goal: effort result"},
    {"outcome", NULL, PLACE_DATA, "connected no_answer ..."},
    {"duration_s", NULL, PLACE_DATA, "of an activity, seconds"},
    {"count", NULL, PLACE_DATA, "of activities in this row"},
    {"automated", NULL, PLACE_DATA, "true or false"},
    {"due", NULL, PLACE_DATA, "of something planned"},
    {"gate", NULL, PLACE_DATA, "gate id"},
    {"side", NULL, PLACE_DATA, "seller or customer"},
    {"evidence", NULL, PLACE_DATA, "of a gate"},
    {"manager", NULL, PLACE_DATA, "of a rep who joins: person id"},
    {"team", NULL, PLACE_DATA, "of a rep who joins"},
    {"zone", "tz", PLACE_DATA, "of a rep who joins, America/Denver"},
    {"until", NULL, PLACE_DATA, "of being away"},
    {"goal", NULL, PLACE_DATA, "goal id"},
    {"metric", NULL, PLACE_DATA, "of a goal"},
    {"target", NULL, PLACE_DATA, "of a goal"},
    {"actual", NULL, PLACE_DATA, "of a goal"},
    {"period", NULL, PLACE_DATA, "day week month quarter year once"},
    {"why", NULL, PLACE_DATA, "of a goal"},
    {"topic", NULL, PLACE_DATA, "of a training; of an activity: one_to_one call_review ..."},
    {"with", NULL, PLACE_DATA, "of an activity: a person on our side"},
    {"area", NULL, PLACE_DATA, "opportunity or skill"},
    {"score", NULL, PLACE_DATA, "of a training"},
    {"content", NULL, PLACE_DATA, "that was shared"},
    {"channel", NULL, PLACE_DATA, "of sharing"},
    {"reaction", NULL, PLACE_DATA, "opened replied ..."},
};

struct table {
    const struct import_sink *sink;
    struct err *err;
    struct csv csv;
    const struct column *order[CSV_FIELDS_MAX]; /* of the columns of this file */
    size_t count;
    struct arena row;  /* emptied after each row */
    struct arena kept; /* people */
    struct map by_id;  /* struct import_person */
    struct import_person **people;
    size_t people_count, people_cap;
    size_t rows, unknown;
};

/* The row while it is taken apart. */
struct row {
    const char *cells[ARRAY_LEN(columns)];
    struct jtree *event, *data, *deal;
    const struct event_schema *schema;
};

void import_csv_columns(struct strbuf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        strbuf_printf(out, "%-12s %s\n", columns[i].name, columns[i].help);
}

static int fail_at(struct table *t, const char *name, const char *words)
{
    return err_set(t->err, EINVAL, "%s:%zu: %s: %s", t->csv.name, t->csv.row_line, name, words);
}

static const struct column *find_column(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        if (str_eq(columns[i].name, name))
            return &columns[i];
    }
    return NULL;
}

static int unknown_column(struct table *t, const char *name)
{
    const char *known[ARRAY_LEN(columns)];
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        known[i] = columns[i].name;
    const char *near = nearest_word(name, known, ARRAY_LEN(known));
    return err_set(t->err, EINVAL, "%s:%zu: unknown column '%.40s'%s%s%s", t->csv.name,
                   t->csv.row_line, name, near ? "; did you mean '" : "", near ? near : "",
                   near ? "'?" : "");
}

static int read_header(struct table *t)
{
    bool has_type = false, has_time = false;
    int result = csv_next(&t->csv, t->err);
    if (result < 0)
        return result;
    t->count = t->csv.count;
    for (size_t i = 0; i < t->count; i++) {
        const struct column *column = t->order[i] = find_column(csv_field(&t->csv, i));
        if (!column)
            return unknown_column(t, csv_field(&t->csv, i));
        for (size_t k = 0; k < i; k++) {
            if (t->order[k] == column)
                return fail_at(t, column->name, "this column is there twice");
        }
        has_type |= column->place == PLACE_TYPE;
        has_time |= column->place == PLACE_TIME;
    }
    if (!has_type || !has_time)
        return fail_at(t, has_type ? "time" : "type", "this column is missing");
    return 0;
}

static const struct member *find_member(const struct member_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (str_eq(table->rows[i].name, name))
            return &table->rows[i];
    }
    return NULL;
}

static bool is_stage(const char *word)
{
    const struct word_list *stages = event_stage_table.rows[0].words;
    for (size_t i = 0; i < stages->count; i++) {
        if (str_eq(stages->words[i], word))
            return true;
    }
    return false;
}

/* The JSON that the schema wants to see for the text of a cell. */
static struct jtree *cell_node(struct table *t, enum member_form form, const char *cell)
{
    int64_t number;
    struct jtree *node = jtree_text_new(&t->row, cell);
    if (form == MEMBER_STAGE) {
        bool known = is_stage(cell);
        struct jtree *stage = jtree_object_new(&t->row);
        jtree_add(stage, "canonical", known ? node : jtree_text_new(&t->row, "unmapped"));
        if (!known)
            jtree_add(stage, "raw", node);
        return stage;
    }
    bool numeric = form == MEMBER_WHOLE || form == MEMBER_DECIMAL || form == MEMBER_MAJOR ||
                   form == MEMBER_AMOUNT_TO;
    if (numeric && decimal_parse(cell, node->length, 0, &number, NULL) != -EINVAL)
        node->type = JTREE_NUMBER;
    if (form == MEMBER_FLAG && (str_eq(cell, "true") || str_eq(cell, "false")))
        node->type = cell[0] == 't' ? JTREE_TRUE : JTREE_FALSE;
    return node;
}

static struct jtree *deal_of(struct table *t, struct row *row)
{
    if (!row->deal)
        row->deal = jtree_object_new(&t->row);
    return row->deal;
}

static int place_cell(struct table *t, struct row *row, const struct column *column,
                      const char *cell)
{
    const char *name = column->member ? column->member : column->name;
    /* "id" is the deal's: no type has one of its own */
    const struct member *member = find_member(&row->schema->data, name);
    if (member) {
        jtree_add(row->data, name, cell_node(t, member->form, cell));
        return 0;
    }
    member = find_member(&event_deal_table, name);
    if (!member || !find_member(&row->schema->data, "deal"))
        return fail_at(t, column->name, "events of this type have no such field; leave it empty");
    jtree_add(deal_of(t, row), name, cell_node(t, member->form, cell));
    return 0;
}

static const char *cell_of(const struct row *row, const char *name)
{
    return row->cells[find_column(name) - columns];
}

/* The same row gives the same id, so that a file read twice changes nothing. */
static const char *row_id(struct table *t, const struct row *row)
{
    if (cell_of(row, "id"))
        return cell_of(row, "id");
    uint64_t sum = 0; /* of the cells with their names: the order of the columns is no matter */
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        const char *const pair[] = {columns[i].name, row->cells[i]};
        sum += row->cells[i] ? hash_join(0, pair, ARRAY_LEN(pair)) : 0;
    }
    return arena_printf(&t->row, "csv-%016llx", (unsigned long long)sum);
}

static void add_text(struct table *t, struct jtree *object, const char *key, const char *value)
{
    if (value)
        jtree_add(object, key, jtree_text_new(&t->row, value));
}

static void add_subject(struct table *t, struct row *row, const char *id)
{
    const char *kind = row->schema->subject, *key = id;
    if (str_eq(kind, "deal"))
        key = cell_of(row, "deal");
    else if (str_eq(kind, "rep"))
        key = cell_of(row, "rep");
    else if (str_eq(kind, "goal"))
        key = cell_of(row, "goal");
    if (kind && key)
        add_text(t, row->event, "subject", arena_printf(&t->row, "%s/%s", kind, key));
}

static void build_envelope(struct table *t, struct row *row)
{
    const char *type = cell_of(row, "type"), *source = cell_of(row, "source");
    const char *id = row_id(t, row);
    add_text(t, row->event, "specversion", "1.0");
    add_text(t, row->event, "id", id);
    add_text(t, row->event, "source", source ? source : "/crm/generic/csv");
    add_text(t, row->event, "type", type);
    add_text(t, row->event, "time", cell_of(row, "time"));
    add_text(t, row->event, "repid", cell_of(row, "rep"));
    add_subject(t, row, id);
    if (row->deal)
        jtree_add(row->data, "deal", row->deal);
    jtree_add(row->event, "data", row->data);
}

static void note_person(struct table *t, const struct event *event)
{
    if (!event->rep)
        return;
    struct import_person *person = map_get(&t->by_id, event->rep);
    if (!person) {
        person = arena_alloc(&t->kept, sizeof(*person));
        person->id = person->name = arena_strdup(&t->kept, event->rep);
        map_set(&t->by_id, person->id, person);
        ARRAY_GROW(t->people, t->people_count, t->people_cap);
        t->people[t->people_count++] = person;
    }
    if (event->type != EVENT_REP_JOINED)
        return;
    person->manager = event->manager ? arena_strdup(&t->kept, event->manager) : person->manager;
    person->team = event->team ? arena_strdup(&t->kept, event->team) : person->team;
    person->zone = event->zone ? arena_strdup(&t->kept, event->zone) : person->zone;
}

static int read_row(struct table *t)
{
    struct row row = {.event = jtree_object_new(&t->row), .data = jtree_object_new(&t->row)};
    struct event event;
    if (t->csv.count > t->count)
        return fail_at(t, "this row", "has more fields than the header");
    for (size_t i = 0; i < t->csv.count; i++) {
        const char *cell = csv_field(&t->csv, i);
        row.cells[t->order[i] - columns] = *cell ? cell : NULL;
    }
    if (!cell_of(&row, "type"))
        return fail_at(t, "type", "is empty");
    enum event_type type = event_type_sent(cell_of(&row, "type"));
    row.schema = event_schema(type);
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        if (type == EVENT_OTHER || !row.cells[i] || columns[i].place != PLACE_DATA)
            continue;
        int result = place_cell(t, &row, &columns[i], row.cells[i]);
        if (result)
            return result;
    }
    build_envelope(t, &row);
    if (cloudevents_read(row.event, t->err, &event))
        return err_prefix(t->err, "%s:%zu: ", t->csv.name, t->csv.row_line);
    t->rows++;
    t->unknown += type == EVENT_OTHER;
    note_person(t, &event);
    if (t->sink->event)
        t->sink->event(t->sink->user, &event);
    return 0;
}

static int read_file(struct table *t, const struct import_file *file)
{
    csv_init(&t->csv, file->name, file->bytes, file->length);
    int result = read_header(t);
    while (!result && (result = csv_next(&t->csv, t->err)) > 0) {
        result = read_row(t);
        arena_reset(&t->row);
    }
    csv_done(&t->csv);
    return result;
}

static int run(const struct import_file *files, size_t count, const struct import_sink *sink,
               struct strbuf *notes, struct err *err)
{
    struct table t = {.sink = sink, .err = err};
    int result = 0;
    arena_init(&t.row);
    arena_init(&t.kept);
    for (size_t i = 0; i < count && !result; i++)
        result = read_file(&t, &files[i]);
    for (size_t i = 0; !result && sink->person && i < t.people_count; i++)
        sink->person(sink->user, t.people[i]);
    if (!result)
        strbuf_printf(notes, "%zu rows of %zu people\n", t.rows, t.people_count);
    if (!result && t.unknown)
        strbuf_printf(notes, "%zu of a type that is not known here\n", t.unknown);
    map_done(&t.by_id);
    free(t.people);
    arena_done(&t.row);
    arena_done(&t.kept);
    return result;
}

const struct importer importer_csv = {
    .name = "csv",
    .help = "a table whose first line names our fields: type, time, rep, deal, stage, kind, ...",
    .run = run,
};
