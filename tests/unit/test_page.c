/* The manager's page as tables: what it says of groups, and that it says nothing of a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/page_data.h"
#include "engine/store_memory.h"

enum { WEST = 10, EAST = 5, SMALL = 3, REPS = WEST + EAST + SMALL, WEEKS = 14 };

static const char people_head[] =
    "teams:\n"
    "  - {id: leads, manager: kim, zone: America/Denver}\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "  - {id: east, name: East, manager: emil, zone: America/Denver}\n"
    "  - {id: small, name: Small, manager: nora, zone: America/Denver}\n"
    "people:\n"
    "  - {id: kim, name: Kim Adler, role: manager}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, team: leads}\n"
    "  - {id: emil, name: Emil Brandt, role: manager, team: leads}\n"
    "  - {id: nora, name: Nora Lind, role: manager, team: leads}\n";

static const char pipeline[] = "stages:\n"
                               "  - {id: discover, name: Discover}\n"
                               "  - {id: propose, name: Propose}\n"
                               "  - {id: negotiate, name: Negotiate}\n";

static const char config[] = "chat: {platform: local}\nlimits: {ramp: off, prompts_per_day: 100, "
                             "prompts_per_family_per_week: 100, open_conversations: 100, "
                             "praise_per_day: 10, back_off_after: 1000, cool_off: false, "
                             "hours: Mon-Sun 00:00-23:59}\n";

static const char rules[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  step: {kind: skill, reader: rep, answer: text, text: \"What has changed?\"}\n"
    "  first: {kind: activity, reader: rep, answer: text, text: \"What comes first?\"}\n"
    "  useful: {kind: purpose, topic: coaching_rating, reader: rep, answer: scale 1-5, "
    "text: \"How useful was it?\"}\n"
    "rules:\n"
    "  - {rule: entered, when: deal.stage_changed, ask: step, quiet: drop, reminders: false}\n"
    "  - {rule: rating, when: training.completed, ask: useful, quiet: drop, reminders: false}\n"
    "  - {rule: reaction, when: customer.reaction, ask: first, quiet: drop, reminders: false}\n"
    "  - {rule: seen, when: {event: activity.logged, kind: demo}, praise: \"I saw your "
    "{{event.kind}} on {{event.time|date}}.\", via: bot, quiet: drop}\n"
    "  - {rule: coin, when: deal.amount_changed, ask: first, reminders: false, quiet: drop, "
    "outcome: {event: activity.logged, kind: email, within: 1d}, "
    "experiment: {arms: {this: 0.5, nothing: 0.5}}}\n"
    "  - {rule: monday, every: Monday at 09:00, ask: first, reminders: false, quiet: drop}\n";

struct office {
    struct rig rig; /* book and zones */
    struct store *store;
    struct engine *engine;
    msec_t now;
    int serial;
};

static const char *team_of(int rep)
{
    return rep < WEST ? "west" : rep < WEST + EAST ? "east" : "small";
}

static int setup(void **state)
{
    struct office *o = NEW(struct office);
    struct strbuf people = {0};
    struct err err;
    strbuf_puts(&people, people_head);
    for (int i = 0; i < REPS; i++)
        strbuf_printf(&people, "  - {id: rep%02d, name: Canary Rep%02d, team: %s}\n", i, i,
                      team_of(i));
    rig_init(&o->rig,
             &(struct rig_text){.people = strbuf_text(&people),
                                .pipeline = pipeline,
                                .config = config,
                                .plugins = {rules}},
             "2026-03-03 09:00");
    strbuf_done(&people);
    o->now = o->rig.now;
    o->store = store_memory_new(&(struct store_memory_options){.finished = outbox_final_mask()});
    struct engine_options options = {.core = o->rig.options};
    assert_int_equal(engine_open(o->rig.book, o->store, &options, o->now, &err, &o->engine), 0);
    *state = o;
    return 0;
}

static int teardown(void **state)
{
    struct office *o = *state;
    engine_stop(o->engine);
    engine_close(o->engine);
    o->store->ops->close(o->store);
    rig_done(&o->rig);
    free(o);
    return 0;
}

static void until(struct office *o, msec_t t)
{
    for (msec_t wake; (wake = engine_next_wake(o->engine)) <= t;)
        engine_tick(o->engine, wake);
    o->now = t;
}

static void happen(struct office *o, struct event e, int rep)
{
    char id[16], who[16];
    struct event event;
    (void)snprintf(id, sizeof(id), "h%d", ++o->serial);
    (void)snprintf(who, sizeof(who), "rep%02d", rep);
    event_init(&event, e.type, o->now);
    event.deal = e.deal;
    event.to = e.to;
    event.kind = e.kind;
    event.text = e.text;
    event.chat = e.text ? who : NULL;
    event.gate = e.gate;
    event.side = e.gate ? "seller" : NULL;
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, event.id);
    event.rep = e.text ? NULL : who;
    event.type_name = event_type_name(e.type);
    assert_int_equal(engine_take(o->engine, &event, o->now, NULL, NULL), ENGINE_TAKEN);
}

static void activity(struct office *o, int rep, const char *kind, int times)
{
    for (int i = 0; i < times; i++)
        happen(o, (struct event){.type = EVENT_ACTIVITY_LOGGED, .kind = kind}, rep);
}

static void say(struct office *o, int rep, const char *text)
{
    happen(o, (struct event){.type = EVENT_SAID, .text = text}, rep);
}

/* A text in a column of numbers, or the other way round, is one that the page cannot draw. */
static void cells_fit(const struct table *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        const struct column *column = &table->columns[i % table->column_count];
        enum cell_kind kind = table->cells[i].kind;
        if ((kind == CELL_TEXT && column->type != COLUMN_TEXT) ||
            (kind == CELL_NUMBER && column->type == COLUMN_TEXT))
            fail_msg("%s.%s holds the wrong kind of cell", table->id, column->id);
    }
}

static struct page_data page(struct office *o, const char *viewer)
{
    struct page_data data;
    struct err err;
    const struct page_options options = {.viewer = viewer,
                                         .from = o->now + 1 - REPORT_DAYS * MSEC_DAY,
                                         .to = o->now + 1,
                                         .now = o->now + 1};
    if (page_make(engine_core(o->engine), o->store, &options, &err, &data))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < PAGE_TABLE_COUNT; i++)
        cells_fit(&data.tables[i]);
    return data;
}

/* "first cell|second|...": of the row whose first cells are these. */
static const char *row_of(const struct page_data *data, enum page_table which, const char *first)
{
    static char line[1024];
    const struct table *table = &data->tables[which];
    struct strbuf csv = {0};
    table_csv(table, &csv);
    const char *at = strstr(strbuf_text(&csv), "\r\n");
    for (; at && at[2]; at = strstr(at, "\r\n")) {
        at += 2;
        if (!strncmp(at, first, strlen(first)) && at[strlen(first)] == ',') {
            (void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\r"), at);
            strbuf_done(&csv);
            return line;
        }
    }
    fail_msg("no row %s in:\n%s", first, strbuf_text(&csv));
    return NULL;
}

/* A10: somebody at the bottom who is above the own baseline counts as such and is praised; those at
 * the top who go on as ever are not. */
static void page_praise_follows_the_own_baseline(void **state)
{
    struct office *o = *state;
    for (int week = 0; week < WEEKS; week++) {
        bool late = week >= WEEKS - 4;
        for (int rep = 0; rep < WEST; rep++)
            activity(o, rep, "call", rep < 5 ? 1 + late : 20); /* five at the bottom, five on top */
        if (week == WEEKS - 1) {
            for (int rep = 0; rep < 5; rep++)
                activity(o, rep, "demo", 1);
        }
        until(o, o->now + (week == WEEKS - 1 ? MSEC_DAY : MSEC_WEEK));
    }
    struct page_data data = page(o, "dana");
    assert_string_equal(row_of(&data, PAGE_PRAISE, "above their own baseline"),
                        "above their own baseline,5,5,1.0000");
    assert_string_equal(row_of(&data, PAGE_PRAISE, "about at it"), "about at it,5,0,0.0000");
    assert_string_equal(row_of(&data, PAGE_PRAISE, "everybody"), "everybody,10,5,0.5000");
    assert_string_equal(row_of(&data, PAGE_PRAISE_TIMES, "once"), "once,5");
    page_done(&data);
}

/* A15: of fewer than five people nothing, of five the mean of what they said */
static void page_rating_needs_five_people(void **state)
{
    static const char *const said[] = {"5", "4", "2", "1", "1"};
    struct office *o = *state;
    for (int rep = 0; rep < 5; rep++) {
        struct page_data data = page(o, "dana");
        assert_string_equal(
            row_of(&data, PAGE_MEASURES, "\"how useful the coaching was, said by reps\""),
            "\"how useful the coaching was, said by reps\",not shown,not shown,not shown,,,");
        page_done(&data);
        happen(o, (struct event){.type = EVENT_TRAINING_COMPLETED}, rep);
        say(o, rep, said[rep]);
    }
    struct page_data data = page(o, "dana");
    assert_string_equal(
        row_of(&data, PAGE_MEASURES, "\"how useful the coaching was, said by reps\""),
        "\"how useful the coaching was, said by reps\",5,5,2.60,,,");
    page_done(&data);
}

static void toss(struct office *o, int reps, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        for (int rep = 0; rep < reps; rep++) {
            char deal[16];
            (void)snprintf(deal, sizeof(deal), "C%d", o->serial);
            happen(o, (struct event){.type = EVENT_DEAL_AMOUNT_CHANGED, .deal = deal}, rep);
            until(o, o->now + MSEC_SECOND);
            if ((rep + round) % 3)
                happen(o,
                       (struct event){.type = EVENT_ACTIVITY_LOGGED, .kind = "email", .deal = deal},
                       rep);
        }
        until(o, o->now + 3 * MSEC_DAY);
    }
}

/* A15: what a rule with a holdout changed stands beside how much and how good, with the same
 * figures as the experiment, and of a few people not at all */
static void page_uplift_is_that_of_the_holdout(void **state)
{
    static const char name[] = "\"what coin (this) changed, against holding it back\"";
    struct office *o = *state;
    char line[1024];
    toss(o, 3, 4);
    struct page_data data = page(o, "kim");
    (void)snprintf(line, sizeof(line), "%s", row_of(&data, PAGE_MEASURES, name));
    assert_non_null(strstr(line, ",not shown,not shown,,not shown,not shown,not shown"));
    page_done(&data);
    toss(o, REPS, 14);
    data = page(o, "kim");
    (void)snprintf(line, sizeof(line), "%s", row_of(&data, PAGE_MEASURES, name));
    const char *experiment = row_of(&data, PAGE_EXPERIMENTS, "coin,this");
    double people, occasions, share, difference, low, high, seen[5];
    assert_int_equal(sscanf(experiment, "coin,this,%lf,%lf,%lf,%lf,%lf,%lf", &people, &occasions,
                            &share, &difference, &low, &high),
                     6);
    assert_int_equal(sscanf(line + strlen(name), ",%lf,%lf,,%lf,%lf,%lf", &seen[0], &seen[1],
                            &seen[2], &seen[3], &seen[4]),
                     5);
    assert_true(seen[0] == occasions && seen[1] == people);
    assert_true(seen[2] == difference && seen[3] == low && seen[4] == high);
    assert_true(low < difference && difference < high);
    page_done(&data);
}

/* B58: words stand on the page once their box was opened, for who leads the team only */
static void page_voices_of_five_people(void **state)
{
    struct office *o = *state;
    for (int rep = 0; rep < 5; rep++)
        say(o, rep, "anonymous I am tired");
    for (int rep = WEST; rep < WEST + 4; rep++)
        say(o, rep, "anonymous so are we");
    until(o, o->now + MSEC_WEEK);
    const char *const viewers[] = {"dana", "kim", NULL};
    for (size_t i = 0; i < ARRAY_LEN(viewers); i++) {
        struct page_data data = page(o, viewers[i]);
        assert_int_equal(data.tables[PAGE_VOICES].row_count, 5);
        assert_string_equal(row_of(&data, PAGE_VOICES, "West"), "West,2026-03-09,5,I am tired");
        page_done(&data);
    }
    struct page_data data = page(o, "emil");
    assert_int_equal(data.tables[PAGE_VOICES].row_count, 0);
    page_done(&data);
}

/* B6: the tags of the questions, as shares */
static void page_mix_counts_the_tags(void **state)
{
    struct office *o = *state;
    for (int rep = 0; rep < 6; rep++) {
        happen(o, (struct event){.type = EVENT_DEAL_STAGE_CHANGED, .deal = "D", .to = "propose"},
               rep);
        happen(o, (struct event){.type = EVENT_CUSTOMER_REACTION, .deal = "D"}, rep);
        happen(o, (struct event){.type = EVENT_CUSTOMER_REACTION, .deal = "E"}, rep);
    }
    struct page_data data = page(o, "dana");
    assert_string_equal(row_of(&data, PAGE_MIX, "skill"), "skill,6,6,0.3333");
    assert_string_equal(row_of(&data, PAGE_MIX, "activity"), "activity,12,6,0.6667");
    assert_string_equal(row_of(&data, PAGE_MIX, "drive"), "drive,0,0,0.0000");
    page_done(&data);
}

/* B44: deals by what became of those that were at their stage, and where the messages went */
static void page_thirds_by_what_became_of_the_stage(void **state)
{
    static const struct {
        const char *stage;
        int won;
    } stages[] = {{"discover", 2}, {"propose", 6}, {"negotiate", 11}};
    struct office *o = *state;
    for (size_t s = 0; s < ARRAY_LEN(stages); s++) {
        for (int i = 0; i < 12; i++) {
            char deal[16];
            (void)snprintf(deal, sizeof(deal), "%.1s%d", stages[s].stage, i);
            happen(o,
                   (struct event){
                       .type = EVENT_DEAL_STAGE_CHANGED, .deal = deal, .to = stages[s].stage},
                   i % WEST);
            until(o, o->now + MSEC_SECOND);
            happen(o,
                   (struct event){.type = i < stages[s].won ? EVENT_DEAL_WON : EVENT_DEAL_LOST,
                                  .deal = deal},
                   i % WEST);
            until(o, o->now + MSEC_SECOND);
        }
    }
    struct page_data data = page(o, "dana");
    assert_string_equal(row_of(&data, PAGE_THIRDS, "likely lost anyway"),
                        "likely lost anyway,12,10,0.3333");
    assert_string_equal(row_of(&data, PAGE_THIRDS, "open either way"),
                        "open either way,12,10,0.3333");
    assert_string_equal(row_of(&data, PAGE_THIRDS, "likely won anyway"),
                        "likely won anyway,12,10,0.3333");
    page_done(&data);
}

/* Weeks in which all of west answer and nobody else does; deals end by a pattern. */
static void play_weeks(struct office *o)
{
    for (int week = 0; week < WEEKS; week++) {
        msec_t start = o->now;
        for (int rep = 0; rep < REPS; rep++) {
            char deal[16];
            (void)snprintf(deal, sizeof(deal), "D%d-%d", week, rep);
            happen(o,
                   (struct event){.type = EVENT_DEAL_STAGE_CHANGED, .deal = deal, .to = "propose"},
                   rep);
            if (rep < WEST)
                say(o, rep, "Canarywords of mine");
            if (rep < WEST)
                happen(o,
                       (struct event){.type = EVENT_GATE_COMPLETED, .deal = deal, .gate = "sent"},
                       rep);
            until(o, o->now + MSEC_SECOND);
            happen(o,
                   (struct event){.type = (week + rep) % 2 ? EVENT_DEAL_WON : EVENT_DEAL_LOST,
                                  .deal = deal},
                   rep);
        }
        until(o, start + (week == WEEKS - 1 ? 3 * MSEC_DAY : MSEC_WEEK));
    }
}

/* B46 B48: of two teams that worked side by side. B51: the win rate is called an association. */
static void page_levels_and_wins_by_them(void **state)
{
    struct office *o = *state;
    play_weeks(o);
    struct page_data data = page(o, "dana");
    const struct table *level = &data.tables[PAGE_LEVEL], *wins = &data.tables[PAGE_WINS];
    assert_int_equal(level->row_count, 3); /* 90 days have three times four weeks */
    const struct cell *newest = level->cells + 2 * level->column_count;
    assert_string_equal(newest[1].text, "West");
    assert_string_equal(newest[3].text, "formal");
    assert_true(str_starts(newest[4].text, "effect"));
    assert_true(str_starts(wins->about, "An association, not an effect"));
    assert_int_equal(wins->row_count, 3);
    const struct cell *row = wins->cells + 2 * wins->column_count;
    assert_string_equal(row[1].text, "formal");
    assert_true(row[3].number == WEST);
    assert_true(row[4].number == 20 && row[5].number == 20); /* ten people, four weeks, half won */
    assert_true(row[6].number == 0.5);
    page_done(&data);
    data = page(o, "emil");
    level = &data.tables[PAGE_LEVEL];
    newest = level->cells + (level->row_count - 1) * level->column_count;
    assert_string_equal(newest[1].text, "East");
    assert_string_equal(newest[3].text, "ad-hoc");
    assert_true(str_starts(newest[4].text, "cadence"));
    page_done(&data);
}

/* B52: nobody is named but the viewer, whoever looks; and no word of an answer is there. */
static void page_names_nobody(void **state)
{
    static const char *const viewers[] = {"dana", "emil", "nora", "kim", NULL};
    struct office *o = *state;
    play_weeks(o);
    for (size_t i = 0; i < ARRAY_LEN(viewers); i++) {
        struct page_data data = page(o, viewers[i]);
        struct strbuf json = {0};
        page_json(&data, &json);
        assert_null(strstr(strbuf_text(&json), "Canary"));
        assert_null(strstr(strbuf_text(&json), "rep0"));
        assert_null(strstr(strbuf_text(&json), "rep1"));
        strbuf_done(&json);
        page_done(&data);
    }
}

static void page_shows_a_manager_the_own_teams_only(void **state)
{
    struct office *o = *state;
    play_weeks(o);
    struct page_data data = page(o, "dana");
    assert_int_equal(data.reps, WEST);
    assert_int_equal(data.teams, 1);
    assert_string_equal(data.viewer, "Dana Okafor");
    assert_int_equal(data.tables[PAGE_ATTENTION].row_count, 1);
    page_done(&data);
    data = page(o, "kim"); /* who leads those who lead them */
    assert_int_equal(data.reps, REPS);
    assert_int_equal(data.teams, 3);
    page_done(&data);
    data = page(o, "rep00"); /* leads nobody */
    assert_int_equal(data.reps, 1);
    assert_int_equal(data.tables[PAGE_RULES].cells[1].kind, CELL_HIDDEN);
    page_done(&data);
}

static void page_hides_a_second_team_beside_a_small_one(void **state)
{
    struct office *o = *state;
    play_weeks(o);
    struct page_data data = page(o, "kim");
    assert_string_equal(row_of(&data, PAGE_ATTENTION, "Small"),
                        "Small,not shown,not shown,not shown,not shown");
    assert_string_equal(row_of(&data, PAGE_ATTENTION, "East"),
                        "East,not shown,not shown,not shown,not shown");
    assert_true(str_starts(row_of(&data, PAGE_ATTENTION, "West"), "West,10,"));
    assert_true(str_starts(row_of(&data, PAGE_ATTENTION, "all reps"), "all reps,18,"));
    page_done(&data);
    data = page(o, "nora"); /* three people: nothing but what is known anyway */
    assert_true(str_starts(row_of(&data, PAGE_RULES, "entered"), "entered,not shown,not shown"));
    page_done(&data);
}

/* Minutes of one person and week: a question is two, and one comes a week, on Monday another. */
static void page_attention_is_a_bill_by_week(void **state)
{
    struct office *o = *state;
    play_weeks(o);
    struct page_data data = page(o, "dana");
    assert_string_equal(row_of(&data, PAGE_ATTENTION, "West"), "West,10,4.0,4.0,4.0");
    page_done(&data);
}

static void page_upcoming_says_how_many(void **state)
{
    struct office *o = *state;
    struct page_data data = page(o, "dana");
    assert_string_equal(row_of(&data, PAGE_UPCOMING, "2026-03-09"), "2026-03-09,monday,10");
    page_done(&data);
    data = page(o, "nora"); /* the own team's count, though it is small */
    assert_string_equal(row_of(&data, PAGE_UPCOMING, "2026-03-09"), "2026-03-09,monday,3");
    page_done(&data);
}

static void page_health_tells_of_files_and_silence(void **state)
{
    static const struct page_file files[] = {{"bad.yaml", true, "unknown key 'asc'"}};
    struct office *o = *state;
    struct page_data data;
    struct err err;
    struct page_options options = {
        .to = o->now + 1, .now = o->now + 1, .files = files, .file_count = 1};
    assert_int_equal(page_make(engine_core(o->engine), o->store, &options, &err, &data), 0);
    assert_string_equal(row_of(&data, PAGE_FILES, "bad.yaml"),
                        "bad.yaml,the version from before is in force,unknown key 'asc'");
    assert_string_equal(row_of(&data, PAGE_HEALTH, "seen"), "seen,p,in force,0,0,");
    page_done(&data);
}

static void table_csv_is_safe_in_a_spreadsheet(void **state)
{
    static const struct column columns[] = {{"a", "A", COLUMN_TEXT}, {"b", "B", COLUMN_SHARE}};
    struct table table = {
        .id = "t", .title = "T", .about = "", .columns = columns, .column_count = 2};
    struct strbuf out = {0};
    (void)state;
    struct cell *row = table_row(&table);
    row[0] = cell_text("=1+1");
    row[1] = cell_number(0.25);
    row = table_row(&table);
    row[0] = cell_text("a \"b\", c");
    row[1] = cell_hidden();
    row = table_row(&table);
    row[1] = cell_few();
    table_csv(&table, &out);
    assert_string_equal(strbuf_text(&out),
                        "a,b\r\n\"'=1+1\",0.2500\r\n\"a \"\"b\"\", c\",not shown\r\n"
                        ",not enough data yet\r\n");
    strbuf_clear(&out);
    struct jsonw json;
    jsonw_begin(&json, &out);
    table_json(&table, &json);
    assert_non_null(strstr(strbuf_text(&out), "[[\"=1+1\",0.2500],[\"a \\\"b\\\", c\","
                                              "{\"is\":\"hidden\"}],[null,{\"is\":\"few\"}]]"));
    strbuf_done(&out);
    table_done(&table);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(page_praise_follows_the_own_baseline),
        CASE(page_rating_needs_five_people),
        CASE(page_voices_of_five_people),
        CASE(page_uplift_is_that_of_the_holdout),
        CASE(page_mix_counts_the_tags),
        CASE(page_thirds_by_what_became_of_the_stage),
        CASE(page_levels_and_wins_by_them),
        CASE(page_names_nobody),
        CASE(page_shows_a_manager_the_own_teams_only),
        CASE(page_hides_a_second_team_beside_a_small_one),
        CASE(page_attention_is_a_bill_by_week),
        CASE(page_upcoming_says_how_many),
        CASE(page_health_tells_of_files_and_silence),
        cmocka_unit_test(table_csv_is_safe_in_a_spreadsheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
