/* The public data set "CRM Sales Opportunities" of Maven Analytics as a replay.
 *
 * An opportunity becomes gritd.deal.created on engage_date at 09:00 and gritd.deal.won or .lost on
 * close_date at 17:00, by the clock of its agent's regional office. Ids are maven-ID-created and so
 * on. Events are ordered by instant, opportunity_id, created before lost before won.
 *
 * What the data does not say is left out: rows without engage_date (never engaged) are skipped and
 * counted; a created deal stands at `prospect` for Prospecting rows and at `qualify` for all
 * others, for there is no history of stages; close_value in USD is the amount of the closing event
 * only, as nobody knew it on the first day. A deal is called by its account, or by product and id.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "wire/csv.h"
#include "wire/decimal.h"
#include "wire/import.h"

enum { CREATED_HOUR = 9, CLOSED_HOUR = 17, NAME_BYTES = 100 };

static const char source[] = "/crm/generic/maven";

struct agent {
    const char *id, *name, *manager, *manager_name, *team, *zone;
};

/* One event that is going to be. The order of the steps is the order at one instant. */
enum step { STEP_CREATED, STEP_LOST, STEP_WON };

struct happening {
    msec_t at;
    enum step step;
    const char *deal, *product, *account, *stage;
    int64_t amount;
    const struct agent *agent;
};

struct maven {
    const struct import_sink *sink;
    struct err *err;
    struct arena arena;
    struct map by_name; /* struct agent by the name in the files */
    struct agent **agents;
    size_t agent_count, agent_cap;
    struct happening *happenings;
    size_t count, cap;
    size_t rows, never_engaged, never_closed;
};

/* "Moses Frase" is moses-frase. */
static const char *slug(struct arena *arena, const char *name)
{
    char text[NAME_BYTES + 1];
    size_t used = 0;
    for (; *name && used < sizeof(text) - 1; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            text[used++] = c;
        else if (used && text[used - 1] != '-')
            text[used++] = '-';
    }
    while (used && text[used - 1] == '-')
        used--;
    return arena_strndup(arena, text, used);
}

static const char *zone_of(const char *office)
{
    static const char *const zones[][2] = {{"Central", "America/Chicago"},
                                           {"East", "America/New_York"},
                                           {"West", "America/Los_Angeles"}};
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        if (str_eq(zones[i][0], office))
            return zones[i][1];
    }
    return NULL;
}

static size_t column(const struct csv *csv, const char *name)
{
    size_t i = 0;
    while (i < csv->count && strcmp(csv_field(csv, i), name) != 0)
        i++;
    return i;
}

/* Finds the columns; all are needed. */
static int columns(const struct csv *csv, const char *const *names, size_t count, size_t *ret,
                   struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = column(csv, names[i]);
        if (ret[i] == csv->count)
            return err_set(err, EINVAL, "%s:%zu: there is no column '%s'", csv->name, csv->row_line,
                           names[i]);
    }
    return 0;
}

/* Names and ids end up in ids and subjects of events. */
static int check_name(struct maven *m, const struct csv *csv, const char *what, const char *text,
                      bool needed)
{
    bool plain = true;
    for (const char *p = text; *p; p++)
        plain = plain && (unsigned char)*p >= 0x20 && *p != 0x7F;
    if ((needed && !*slug(&m->arena, text)) || strlen(text) > NAME_BYTES || !plain)
        return err_set(m->err, EINVAL,
                       "%s:%zu: %s is empty, longer than %d bytes or not plain text", csv->name,
                       csv->row_line, what, NAME_BYTES);
    return 0;
}

static int read_agent(struct maven *m, const struct csv *csv, const size_t *at)
{
    const char *name = csv_field(csv, at[0]), *manager = csv_field(csv, at[1]);
    const char *zone = zone_of(csv_field(csv, at[2]));
    if (check_name(m, csv, "sales_agent", name, true) ||
        check_name(m, csv, "manager", manager, true))
        return -EINVAL;
    if (!zone)
        return err_set(m->err, EINVAL, "%s:%zu: office '%.60s' is not one of Central, East, West",
                       csv->name, csv->row_line, csv_field(csv, at[2]));
    if (map_get(&m->by_name, name))
        return err_set(m->err, EINVAL, "%s:%zu: '%.60s' is there twice", csv->name, csv->row_line,
                       name);
    struct agent *agent = arena_alloc(&m->arena, sizeof(*agent));
    agent->name = arena_strdup(&m->arena, name);
    agent->id = slug(&m->arena, name);
    agent->manager_name = arena_strdup(&m->arena, manager);
    agent->manager = slug(&m->arena, manager);
    agent->team = arena_printf(&m->arena, "team-%s", agent->manager);
    agent->zone = zone;
    map_set(&m->by_name, agent->name, agent);
    ARRAY_GROW(m->agents, m->agent_count, m->agent_cap);
    m->agents[m->agent_count++] = agent;
    return 0;
}

/* An instant at a full hour of a date by the agent's clock. */
static int local_instant(struct maven *m, const struct csv *csv, const char *date, int hour,
                         const struct agent *agent, msec_t *ret)
{
    char text[MSEC_TEXT_BYTES];
    struct civil local;
    msec_t midnight;
    (void)snprintf(text, sizeof(text), "%.10sT00:00:00Z", date); /* 20 bytes */
    if (strlen(date) != 10 || msec_parse(text, &midnight))
        return err_set(m->err, EINVAL, "%s:%zu: '%.40s' is not a date (YYYY-MM-DD)", csv->name,
                       csv->row_line, date);
    civil_from_msec(midnight, &local);
    local.hour = hour;
    if (local.year <= 1970)
        return err_set(m->err, EINVAL, "%s:%zu: '%s' lies before 1971", csv->name, csv->row_line,
                       date);
    *ret = m->sink->local_to_utc(m->sink->user, agent->zone, &local);
    if (*ret == MSEC_NONE)
        return err_set(m->err, EINVAL, "%s:%zu: time zone %s is not known here", csv->name,
                       csv->row_line, agent->zone);
    return 0;
}

static void add_happening(struct maven *m, const struct happening *happening)
{
    ARRAY_GROW(m->happenings, m->count, m->cap);
    m->happenings[m->count++] = *happening;
}

enum deal_column { ID, AGENT, PRODUCT, ACCOUNT, STAGE, ENGAGED, CLOSED, VALUE, DEAL_COLUMNS };

static int read_close(struct maven *m, const struct csv *csv, const size_t *at,
                      struct happening *happening)
{
    const char *stage = csv_field(csv, at[STAGE]), *value = csv_field(csv, at[VALUE]);
    bool won = str_eq(stage, "Won");
    if (!won && !str_eq(stage, "Lost"))
        return 0;
    if (!*csv_field(csv, at[CLOSED])) {
        m->never_closed++;
        return 0;
    }
    happening->step = won ? STEP_WON : STEP_LOST;
    happening->stage = NULL;
    if (*value &&
        decimal_parse(value, strlen(value), currency_places("USD"), &happening->amount, NULL))
        return err_set(m->err, EINVAL, "%s:%zu: close_value '%.40s' is not a number", csv->name,
                       csv->row_line, value);
    int result = local_instant(m, csv, csv_field(csv, at[CLOSED]), CLOSED_HOUR, happening->agent,
                               &happening->at);
    if (!result)
        add_happening(m, happening);
    return result;
}

static int read_opportunity(struct maven *m, const struct csv *csv, const size_t *at)
{
    const char *stage = csv_field(csv, at[STAGE]);
    struct happening happening = {.step = STEP_CREATED, .amount = NUMBER_NONE};
    m->rows++;
    if (!*csv_field(csv, at[ENGAGED])) {
        m->never_engaged++;
        return 0;
    }
    happening.agent = map_get(&m->by_name, csv_field(csv, at[AGENT]));
    if (!happening.agent)
        return err_set(m->err, EINVAL, "%s:%zu: agent '%.60s' is not in sales_teams.csv", csv->name,
                       csv->row_line, csv_field(csv, at[AGENT]));
    if (check_name(m, csv, "opportunity_id", csv_field(csv, at[ID]), true) ||
        check_name(m, csv, "product", csv_field(csv, at[PRODUCT]), false) ||
        check_name(m, csv, "account", csv_field(csv, at[ACCOUNT]), false))
        return -EINVAL;
    happening.deal = arena_strdup(&m->arena, csv_field(csv, at[ID]));
    happening.product = arena_strdup(&m->arena, csv_field(csv, at[PRODUCT]));
    happening.account = arena_strdup(&m->arena, csv_field(csv, at[ACCOUNT]));
    happening.stage = str_eq(stage, "Prospecting") ? "prospect" : "qualify";
    int result = local_instant(m, csv, csv_field(csv, at[ENGAGED]), CREATED_HOUR, happening.agent,
                               &happening.at);
    if (result)
        return result;
    add_happening(m, &happening);
    return read_close(m, csv, at, &happening);
}

static int read_table(struct maven *m, struct csv *csv, const char *const *names, size_t count,
                      int (*row)(struct maven *m, const struct csv *csv, const size_t *at))
{
    size_t at[DEAL_COLUMNS];
    int result = columns(csv, names, count, at, m->err);
    if (result)
        return result;
    while ((result = csv_next(csv, m->err)) > 0) {
        result = row(m, csv, at);
        if (result)
            break;
    }
    return result;
}

static int read_teams(struct maven *m, struct csv *csv)
{
    static const char *const names[] = {"sales_agent", "manager", "regional_office"};
    return read_table(m, csv, names, ARRAY_LEN(names), read_agent);
}

static int read_pipeline(struct maven *m, struct csv *csv)
{
    static const char *const names[] = {"opportunity_id", "sales_agent", "product",
                                        "account",        "deal_stage",  "engage_date",
                                        "close_date",     "close_value"};
    return read_table(m, csv, names, ARRAY_LEN(names), read_opportunity);
}

/* The two tables that matter by a column that only they have; the other three add nothing. */
static int read_kind(struct maven *m, const struct import_file *files, size_t count,
                     const char *mark, const char *file, int (*read)(struct maven *, struct csv *))
{
    bool found = false;
    int result = 0;
    for (size_t i = 0; i < count && result >= 0; i++) {
        struct csv csv;
        csv_init(&csv, files[i].name, files[i].bytes, files[i].length);
        result = csv_next(&csv, m->err);
        if (result > 0 && column(&csv, mark) < csv.count) {
            found = true;
            result = read(m, &csv);
        }
        csv_done(&csv);
    }
    if (result >= 0 && !found)
        return err_set(m->err, EINVAL, "%s (a table with the column '%s') is missing", file, mark);
    return result < 0 ? result : 0;
}

static int happening_order(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    int order = strcmp(x->deal, y->deal);
    return order ? order : (int)x->step - (int)y->step;
}

static void emit_event(struct maven *m, const struct happening *h, struct arena *arena)
{
    static const struct {
        enum event_type type;
        const char *word;
    } steps[] = {[STEP_CREATED] = {EVENT_DEAL_CREATED, "created"},
                 [STEP_LOST] = {EVENT_DEAL_LOST, "lost"},
                 [STEP_WON] = {EVENT_DEAL_WON, "won"}};
    struct event event;
    event_init(&event, steps[h->step].type, h->at);
    event.id = arena_printf(arena, "maven-%s-%s", h->deal, steps[h->step].word);
    event.source = source;
    event.key = event_key(event.source, event.id);
    event.rep = event.owner = h->agent->id;
    event.deal = h->deal;
    event.deal_name = *h->account ? h->account : arena_printf(arena, "%s %s", h->product, h->deal);
    event.account = *h->account ? h->account : NULL;
    event.stage = h->stage;
    event.amount = h->amount;
    event.currency = h->amount == NUMBER_NONE ? NULL : "USD";
    event.created = h->step == STEP_CREATED ? h->at : MSEC_NONE;
    m->sink->event(m->sink->user, &event);
}

static void emit_people(struct maven *m)
{
    struct map managers = {0};
    for (size_t i = 0; i < m->agent_count; i++) {
        struct agent *a = m->agents[i];
        if (map_get(&managers, a->manager))
            continue;
        map_set(&managers, a->manager, a);
        m->sink->person(m->sink->user, &(struct import_person){.id = a->manager,
                                                               .name = a->manager_name,
                                                               .zone = a->zone,
                                                               .manages = true});
    }
    for (size_t i = 0; i < m->agent_count; i++) {
        const struct agent *a = m->agents[i];
        m->sink->person(m->sink->user, &(struct import_person){.id = a->id,
                                                               .name = a->name,
                                                               .crm = a->name,
                                                               .manager = a->manager,
                                                               .team = a->team,
                                                               .zone = a->zone});
    }
    map_done(&managers);
}

static void emit(struct maven *m, struct strbuf *notes)
{
    size_t closed = 0;
    struct arena arena;
    arena_init(&arena);
    if (m->count)
        qsort(m->happenings, m->count, sizeof(*m->happenings), happening_order);
    for (size_t i = 0; i < m->count; i++) {
        closed += m->happenings[i].step != STEP_CREATED;
        if (m->sink->event)
            emit_event(m, &m->happenings[i], &arena);
        arena_reset(&arena);
    }
    arena_done(&arena);
    if (m->sink->person)
        emit_people(m);
    strbuf_printf(notes, "%zu opportunities of %zu agents: %zu created, %zu won or lost\n", m->rows,
                  m->agent_count, m->count - closed, closed);
    if (m->never_engaged)
        strbuf_printf(notes, "skipped %zu without engage_date: nobody has engaged them yet\n",
                      m->never_engaged);
    if (m->never_closed)
        strbuf_printf(notes, "left %zu open that are won or lost but have no close_date\n",
                      m->never_closed);
}

static int run(const struct import_file *files, size_t count, const struct import_sink *sink,
               struct strbuf *notes, struct err *err)
{
    struct maven m = {.sink = sink, .err = err};
    arena_init(&m.arena);
    int result = read_kind(&m, files, count, "regional_office", "sales_teams.csv", read_teams);
    if (!result)
        result = read_kind(&m, files, count, "opportunity_id", "sales_pipeline.csv", read_pipeline);
    if (!result)
        emit(&m, notes);
    map_done(&m.by_name);
    free(m.agents);
    free(m.happenings);
    arena_done(&m.arena);
    return result;
}

const struct importer importer_maven = {
    .name = "maven-crm",
    .help = "Maven Analytics' \"CRM Sales Opportunities\": sales_pipeline.csv and sales_teams.csv",
    .run = run,
};
