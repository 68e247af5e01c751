#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "event_equal.h"
#include "shared.h"
#include "wire/cloudevents.h"
#include "wire/csv.h"
#include "wire/decimal.h"
#include "wire/import.h"

/* --- what the importers hand out, as text --- */

struct got {
    struct strbuf events; /* one line each: time type id deal rep ... */
    struct strbuf notes;
    struct strbuf yaml;
    struct import_person people[64];
    size_t people_count, event_count;
    struct arena arena;
    msec_t last;
    bool sorted;
};

/* The United States since 2007: second Sunday of March to first Sunday of November. */
static msec_t us_local_to_utc(void *user, const char *zone, const struct civil *local)
{
    (void)user;
    int hours = str_eq(zone, "America/New_York")      ? 5
                : str_eq(zone, "America/Chicago")     ? 6
                : str_eq(zone, "America/Los_Angeles") ? 8
                                                      : -1;
    if (hours < 0)
        return MSEC_NONE;
    int64_t march = civil_to_days(local->year, 3, 8), november = civil_to_days(local->year, 11, 1);
    int64_t day = civil_to_days(local->year, local->month, local->day);
    march += (7 - civil_weekday(march)) % 7;
    november += (7 - civil_weekday(november)) % 7;
    return civil_to_msec(local) + (hours - (day >= march && day < november)) * MSEC_HOUR;
}

static void check_round_trip(const struct event *event)
{
    struct strbuf text = {0};
    struct arena arena;
    struct err err = {0};
    struct event again;
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again))
        fail_msg("%s\n  %s", strbuf_text(&text), err.text);
    if (event_difference(event, &again))
        fail_msg("%s\n  differs in %s", strbuf_text(&text), event_difference(event, &again));
    arena_done(&arena);
    strbuf_done(&text);
}

static void take_event(void *user, const struct event *e)
{
    struct got *got = user;
    char time[MSEC_TEXT_BYTES];
    check_round_trip(e);
    got->sorted = got->sorted && e->time >= got->last;
    got->last = e->time;
    got->event_count++;
    strbuf_printf(&got->events, "%s %s %s %s %s %s", msec_format(e->time, time),
                  event_type_name(e->type), e->id, e->deal ? e->deal : "-", e->rep ? e->rep : "-",
                  e->stage ? e->stage : "-");
    if (e->amount != NUMBER_NONE)
        strbuf_printf(&got->events, " %lld", (long long)e->amount);
    if (e->deal_name)
        strbuf_printf(&got->events, " '%s'", e->deal_name);
    strbuf_putc(&got->events, '\n');
}

static void take_person(void *user, const struct import_person *p)
{
    struct got *got = user;
    assert_true(got->people_count < ARRAY_LEN(got->people));
    got->people[got->people_count++] =
        (struct import_person){.id = arena_strdup(&got->arena, p->id),
                               .name = arena_strdup(&got->arena, p->name),
                               .crm = arena_strdup(&got->arena, p->crm),
                               .manager = arena_strdup(&got->arena, p->manager),
                               .team = arena_strdup(&got->arena, p->team),
                               .zone = arena_strdup(&got->arena, p->zone),
                               .manages = p->manages};
}

static void got_done(struct got *got)
{
    strbuf_done(&got->events);
    strbuf_done(&got->notes);
    strbuf_done(&got->yaml);
    arena_done(&got->arena);
}

static int run(const char *importer, const struct import_file *files, size_t count, struct got *got,
               struct err *err)
{
    struct import_sink sink = {take_event, take_person, us_local_to_utc, got};
    *got = (struct got){.last = MSEC_NONE, .sorted = true};
    arena_init(&got->arena);
    const struct importer *found = import_find(importer);
    assert_non_null(found);
    int result = found->run(files, count, &sink, &got->notes, err);
    if (!result)
        import_people_yaml(got->people, got->people_count, &got->yaml);
    return result;
}

static struct import_file file(const char *name, const char *text)
{
    return (struct import_file){name, text, strlen(text)};
}

static void refuse(const char *importer, const char *text, const char *words)
{
    struct got got;
    struct err err = {0};
    struct import_file one = file("t.csv", text);
    if (!run(importer, &one, 1, &got, &err))
        fail_msg("accepted: %s", text);
    if (strcmp(err.text, words) != 0)
        fail_msg("%s\n  says     %s\n  expected %s", text, err.text, words);
    got_done(&got);
}

static void accept(const char *text, const char *events)
{
    struct got got;
    struct err err = {0};
    struct import_file one = file("t.csv", text);
    if (run("csv", &one, 1, &got, &err))
        fail_msg("%s\n  %s", text, err.text);
    assert_string_equal(strbuf_text(&got.events), events);
    got_done(&got);
}

/* --- rows --- */

static void rows(const char *text, const char *expected)
{
    struct csv csv;
    struct err err = {0};
    struct strbuf got = {0};
    int result;
    csv_init(&csv, "t.csv", text, strlen(text));
    while ((result = csv_next(&csv, &err)) > 0) {
        strbuf_printf(&got, "%zu:", csv.row_line);
        for (size_t i = 0; i < csv.count; i++)
            strbuf_printf(&got, "[%s]", csv_field(&csv, i));
    }
    if (result < 0)
        strbuf_printf(&got, "! %s", err.text);
    assert_string_equal(strbuf_text(&got), expected);
    strbuf_done(&got);
    csv_done(&csv);
}

static void csv_rows_and_quotes_read(void **state)
{
    (void)state;
    rows("", "");
    rows("\xEF\xBB\xBF"
         "a,b\r\nc,d\r\n",
         "1:[a][b]2:[c][d]");
    rows("a,,\n\n\r\n,b", "1:[a][][]4:[][b]");
    rows("\"a,\"\"b\"\"\nc\",d\ne", "1:[a,\"b\"\nc][d]3:[e]");
    rows("\"\"", "1:[]");
    rows("a b , c", "1:[a b ][ c]");
}

static void csv_mistakes_placed(void **state)
{
    (void)state;
    rows("a\nb\"c", "1:[a]! t.csv:2: a quote in the middle of field 1; quote all of it and write "
                    "\"\" for each quote inside");
    rows("a,\"b\nc", "! t.csv:1: the quote that opens in line 1 is never closed");
    rows("\"a\"b,c", "! t.csv:1: a comma or the end of the line must follow field 1");
    rows("a\rb", "! t.csv:1: a comma or the end of the line must follow field 1");
    rows("a,\xFF", "! t.csv:1: field 2 is not valid UTF-8 text");
    struct strbuf big = {0};
    for (int i = 0; i < CSV_FIELDS_MAX; i++)
        strbuf_putc(&big, ',');
    rows(strbuf_text(&big), "! t.csv:1: more than 64 fields");
    strbuf_clear(&big);
    for (int i = 0; i <= CSV_ROW_BYTES; i++)
        strbuf_putc(&big, 'x');
    rows(strbuf_text(&big), "! t.csv:1: a row of more than 65536 bytes");
    strbuf_done(&big);
}

/* --- decimal --- */

static void decimal_reads_and_writes_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int places;
        int64_t value;
    } cases[] = {{"0", 2, 0},           {"1", 2, 100},
                 {"12.5", 2, 1250},     {"-12.505", 2, -1251},
                 {"1e2", 0, 100},       {"1.25e1", 1, 125},
                 {"0.004999", 2, 0},    {"0.005", 2, 1},
                 {"99e-4", 2, 1},       {"49e-4", 2, 0},
                 {"9.995", 2, 1000},    {"1E+3", 3, 1000000},
                 {"5e-1", 0, 1},        {"5e-2", 0, 0},
                 {"0e999999999", 2, 0}, {"-0", 2, 0},
                 {"1e-999", 6, 0},      {"100e-2", 0, 1},
                 {"0.10", 1, 1},        {"9007199254740991", 0, DECIMAL_MAX}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t value = 77;
        assert_int_equal(
            decimal_parse(cases[i].text, strlen(cases[i].text), cases[i].places, &value, NULL), 0);
        if (value != cases[i].value)
            fail_msg("%s with %d places: %lld", cases[i].text, cases[i].places, (long long)value);
    }
    static const char *const bad[] = {"",    "-",  ".5", "1.",  "01",  "1e",
                                      "1e+", "+1", "1 ", "0x1", "1,5", "1e1.5"};
    int64_t value;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(decimal_parse(bad[i], strlen(bad[i]), 2, &value, NULL), -EINVAL);
    assert_int_equal(decimal_parse("9007199254740992", 16, 0, &value, NULL), -ERANGE);
    assert_int_equal(decimal_parse("1e300", 5, 0, &value, NULL), -ERANGE);
    char text[DECIMAL_TEXT_BYTES];
    assert_string_equal(decimal_format(1250, 2, text), "12.5");
    assert_string_equal(decimal_format(-1, 3, text), "-0.001");
    assert_string_equal(decimal_format(12000, 3, text), "12");
    assert_string_equal(decimal_format(INT64_MIN, 6, text), "-9223372036854.775808");
}

/* --- csv --- */

static void import_csv_rows_become_events(void **state)
{
    (void)state;
    accept("type,time,rep,deal,name,stage,amount,currency\n"
           "deal.created,2026-03-02T10:00:00-07:00,ana,D1,\"Harbour, Ltd\",prospect,12500.5,EUR\n"
           "gritd.deal.won,2026-03-09T10:00:00Z,ana,D1,,,,\n",
           "2026-03-02T17:00:00Z deal.created csv-60a03f326e7d4f32 D1 ana prospect 1250050 "
           "'Harbour, Ltd'\n"
           "2026-03-09T10:00:00Z deal.won csv-d6b2fcb981993d88 D1 ana -\n");
    accept("id,type,time,owner,deal,from,to,direction,kind,automated,count\n"
           "e1,deal.stage_changed,2026-03-02T10:00:00Z,6112,D1,prospect,Legal check,forward\n"
           "e2,activity.logged,2026-03-02T11:00:00Z,6112,D1,,,outbound,call,true,3\n"
           "e3,deal.amount_changed,2026-03-02T12:00:00Z,,D1,,77,,,,\n",
           "2026-03-02T10:00:00Z deal.stage_changed e1 D1 6112 -\n"
           "2026-03-02T11:00:00Z activity.logged e2 D1 6112 -\n"
           "2026-03-02T12:00:00Z deal.amount_changed e3 D1 - - 7700\n");
    accept("id,type,time,rep,deal,gate,side,stage,goal,metric,target,period,topic\n"
           "e1,gate.completed,2026-03-02T10:00:00Z,ana,D1,budget,seller,qualify\n"
           "e2,goal.set,2026-03-02T10:00:00Z,ana,,,,,g1,calls,10.5,week\n"
           "e3,training.completed,2026-03-02T10:00:00Z,ana,,,,,,,,,gates\n"
           "e4,invoice.paid,2026-03-02T10:00:00Z,,,,,,,,,,\n",
           "2026-03-02T10:00:00Z gate.completed e1 D1 ana qualify\n"
           "2026-03-02T10:00:00Z goal.set e2 - ana -\n"
           "2026-03-02T10:00:00Z training.completed e3 - ana -\n"
           "2026-03-02T10:00:00Z other e4 - - -\n");
}

static void import_csv_mistakes_placed(void **state)
{
    (void)state;
    refuse("csv", "", "t.csv:1: type: this column is missing");
    refuse("csv", "type\n", "t.csv:1: time: this column is missing");
    refuse("csv", "type,time,tmie\n", "t.csv:1: unknown column 'tmie'; did you mean 'time'?");
    refuse("csv", "type,time,time\n", "t.csv:1: time: this column is there twice");
    refuse("csv", "type,time\n,2026-03-02T10:00:00Z\n", "t.csv:2: type: is empty");
    refuse("csv", "type,time,deal\ndeal.won,2026-03-02 10:00,D1\n",
           "t.csv:2: time: '2026-03-02 10:00' is not a date and time with an offset (RFC 3339)");
    refuse("csv", "type,time,deal\n\ndeal.won,2026-03-02T10:00:00Z,D1,x\n",
           "t.csv:3: this row: has more fields than the header");
    refuse("csv", "type,time,deal,kind\ndeal.won,2026-03-02T10:00:00Z,D1,call\n",
           "t.csv:2: kind: events of this type have no such field; leave it empty");
    refuse("csv", "type,time,deal,kind\nactivity.logged,2026-03-02T10:00:00Z,D1,cal\n",
           "t.csv:2: data.kind: 'cal' is not a kind of activity; did you mean 'call'?");
    refuse("csv", "type,time,deal,amount\ndeal.won,2026-03-02T10:00:00Z,D1,\"1,5\"\n",
           "t.csv:2: data.deal.amount: must be a number, not text");
    refuse("csv",
           "type,time,deal,kind,automated\nactivity.logged,2026-03-02T10:00:00Z,D1,call,yes\n",
           "t.csv:2: data.automated: must be true or false, not text");
    refuse("csv", "type,time\ndeal.won,2026-03-02T10:00:00Z\n", "t.csv:2: subject: is missing");
    refuse("csv", "type,time\n\"deal.won",
           "t.csv:2: the quote that opens in line 2 is never closed");
}

static void import_csv_people_in_order_of_appearance(void **state)
{
    (void)state;
    struct got got;
    struct err err = {0};
    struct import_file one =
        file("t.csv", "type,time,rep,deal,manager,team,zone\n"
                      "deal.won,2026-03-02T10:00:00Z,bo,D1,,,\n"
                      "rep.joined,2026-03-02T10:00:00Z,ana,,dana,west,America/Denver\n"
                      "deal.lost,2026-03-02T10:00:00Z,bo,D2,,,\n");
    assert_int_equal(run("csv", &one, 1, &got, &err), 0);
    assert_string_equal(strbuf_text(&got.yaml), "teams:\n"
                                                "  - id: \"west\"\n"
                                                "    manager: \"dana\"\n"
                                                "people:\n"
                                                "  - id: \"bo\"\n"
                                                "    name: \"bo\"\n"
                                                "  - id: \"ana\"\n"
                                                "    name: \"ana\"\n"
                                                "    team: \"west\"\n"
                                                "    zone: \"America/Denver\"\n");
    assert_string_equal(strbuf_text(&got.notes), "3 rows of 2 people\n");
    got_done(&got);
}

static void import_csv_columns_all_explained(void **state)
{
    (void)state;
    struct strbuf out = {0};
    import_csv_columns(&out);
    assert_non_null(strstr(strbuf_text(&out), "close_date   of the deal"));
    strbuf_done(&out);
}

/* --- maven-crm --- */

#define TEAMS                                                                                      \
    "sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\n"                  \
    "Ana O'Neil,Cara Losch,East\n"
#define PIPELINE                                                                                   \
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"

static void import_maven_ordered_by_instant(void **state)
{
    (void)state;
    struct got got;
    struct err err = {0};
    struct import_file files[] = {
        file("accounts.csv", "account,sector\nAcme,retail\n"),
        file("sales_pipeline.csv",
             PIPELINE "B2,Moses Frase,GTXPro,Cancity,Won,2017-03-10,2017-03-13,1054\n"
                      "A1,Ana O'Neil,GTX Basic,,Engaging,2017-03-13,,\n"
                      "C3,Moses Frase,GTX Basic,Isdom,Lost,2017-03-13,2017-03-13,0\n"
                      "D4,Ana O'Neil,GTX Basic,,Prospecting,,,\n"
                      "E5,Ana O'Neil,GTX Basic,Zed,Won,2017-11-06,,\n"),
        file("sales_teams.csv", TEAMS),
    };
    assert_int_equal(run("maven-crm", files, 3, &got, &err), 0);
    assert_string_equal(
        strbuf_text(&got.events),
        "2017-03-10T15:00:00Z deal.created maven-B2-created B2 moses-frase qualify 'Cancity'\n"
        "2017-03-13T13:00:00Z deal.created maven-A1-created A1 ana-o-neil qualify 'GTX Basic A1'\n"
        "2017-03-13T14:00:00Z deal.created maven-C3-created C3 moses-frase qualify 'Isdom'\n"
        "2017-03-13T22:00:00Z deal.won maven-B2-won B2 moses-frase - 105400 'Cancity'\n"
        "2017-03-13T22:00:00Z deal.lost maven-C3-lost C3 moses-frase - 0 'Isdom'\n"
        "2017-11-06T14:00:00Z deal.created maven-E5-created E5 ana-o-neil qualify 'Zed'\n");
    assert_string_equal(strbuf_text(&got.notes),
                        "5 opportunities of 2 agents: 4 created, 2 won or lost\n"
                        "skipped 1 without engage_date: nobody has engaged them yet\n"
                        "left 1 open that are won or lost but have no close_date\n");
    assert_string_equal(strbuf_text(&got.yaml), "teams:\n"
                                                "  - id: \"team-cara-losch\"\n"
                                                "    manager: \"cara-losch\"\n"
                                                "  - id: \"team-dustin-brinkmann\"\n"
                                                "    manager: \"dustin-brinkmann\"\n"
                                                "people:\n"
                                                "  - id: \"dustin-brinkmann\"\n"
                                                "    name: \"Dustin Brinkmann\"\n"
                                                "    role: manager\n"
                                                "    zone: \"America/Chicago\"\n"
                                                "  - id: \"cara-losch\"\n"
                                                "    name: \"Cara Losch\"\n"
                                                "    role: manager\n"
                                                "    zone: \"America/New_York\"\n"
                                                "  - id: \"moses-frase\"\n"
                                                "    name: \"Moses Frase\"\n"
                                                "    crm: [\"Moses Frase\"]\n"
                                                "    team: \"team-dustin-brinkmann\"\n"
                                                "    zone: \"America/Chicago\"\n"
                                                "  - id: \"ana-o-neil\"\n"
                                                "    name: \"Ana O'Neil\"\n"
                                                "    crm: [\"Ana O'Neil\"]\n"
                                                "    team: \"team-cara-losch\"\n"
                                                "    zone: \"America/New_York\"\n");
    got_done(&got);
}

static void refuse_maven(const char *teams, const char *rows_text, const char *words)
{
    struct got got;
    struct err err = {0};
    struct import_file files[] = {file("p.csv", rows_text), file("t.csv", teams)};
    assert_true(run("maven-crm", files, 2, &got, &err) < 0);
    assert_string_equal(err.text, words);
    assert_int_equal(got.event_count, 0);
    got_done(&got);
}

static void import_maven_mistakes_placed(void **state)
{
    (void)state;
    refuse_maven("", PIPELINE,
                 "sales_teams.csv (a table with the column 'regional_office') is missing");
    refuse_maven(TEAMS, "a,b\n",
                 "sales_pipeline.csv (a table with the column 'opportunity_id') is missing");
    refuse_maven(TEAMS "X,Y,North\n", PIPELINE,
                 "t.csv:4: office 'North' is not one of Central, East, West");
    refuse_maven(TEAMS "Moses Frase,Y,East\n", PIPELINE, "t.csv:4: 'Moses Frase' is there twice");
    refuse_maven(TEAMS, "opportunity_id,sales_agent\n", "p.csv:1: there is no column 'product'");
    refuse_maven(TEAMS, PIPELINE "B2,Nobody,G,C,Won,2017-03-10,2017-03-13,1\n",
                 "p.csv:2: agent 'Nobody' is not in sales_teams.csv");
    refuse_maven(TEAMS, PIPELINE ",Moses Frase,G,C,Won,2017-02-28,2017-03-13,1\n",
                 "p.csv:2: opportunity_id is empty, longer than 100 bytes or not plain text");
    refuse_maven(TEAMS, PIPELINE "B2,Moses Frase,G,C,Won,1917-02-28,2017-03-13,1\n",
                 "p.csv:2: '1917-02-28' lies before 1971");
    refuse_maven(TEAMS, PIPELINE "B2,Moses Frase,G,C,Won,2017-02-29,2017-03-13,1\n",
                 "p.csv:2: '2017-02-29' is not a date (YYYY-MM-DD)");
    refuse_maven(TEAMS, PIPELINE "B2,Moses Frase,G,C,Won,2017-02-28,2017-03-13,$1\n",
                 "p.csv:2: close_value '$1' is not a number");
}

static void import_maven_whole_data_set(void **state)
{
    (void)state;
    static const char *const names[] = {"accounts", "data_dictionary", "products", "sales_pipeline",
                                        "sales_teams"};
    struct import_file files[ARRAY_LEN(names)];
    char *bytes[ARRAY_LEN(names)];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[100];
        (void)snprintf(path, sizeof(path), "cases/data/maven-crm/%s.csv", names[i]);
        bytes[i] = shared_read_new(path, &files[i].length);
        if (!bytes[i])
            skip();
        files[i].name = names[i];
        files[i].bytes = bytes[i];
    }
    struct got got;
    struct err err = {0};
    if (run("maven-crm", files, ARRAY_LEN(files), &got, &err))
        fail_msg("%s", err.text);
    assert_string_equal(strbuf_text(&got.notes),
                        "8800 opportunities of 35 agents: 8300 created, 6711 won or lost\n"
                        "skipped 500 without engage_date: nobody has engaged them yet\n");
    assert_int_equal(got.event_count, 8300 + 6711);
    assert_true(got.sorted);
    assert_int_equal(got.people_count, 35 + 6);
    const char *dump = getenv("GRITD_DUMP_EVENTS");
    if (dump) {
        FILE *out = fopen(dump, "w");
        assert_non_null(out);
        assert_true(fputs(strbuf_text(&got.events), out) >= 0);
        assert_int_equal(fclose(out), 0);
    }
    got_done(&got);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        free(bytes[i]);
}

static void import_table_is_whole(void **state)
{
    (void)state;
    size_t count = 0;
    for (; import_at(count); count++)
        assert_ptr_equal(import_find(import_at(count)->name), import_at(count));
    assert_int_equal(count, 2);
    assert_null(import_find("xlsx"));
    struct strbuf out = {0};
    import_people_yaml(NULL, 0, &out);
    assert_string_equal(strbuf_text(&out), "people: []\n");
    strbuf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_rows_and_quotes_read),
        cmocka_unit_test(csv_mistakes_placed),
        cmocka_unit_test(decimal_reads_and_writes_exactly),
        cmocka_unit_test(import_csv_rows_become_events),
        cmocka_unit_test(import_csv_mistakes_placed),
        cmocka_unit_test(import_csv_people_in_order_of_appearance),
        cmocka_unit_test(import_csv_columns_all_explained),
        cmocka_unit_test(import_maven_ordered_by_instant),
        cmocka_unit_test(import_maven_mistakes_placed),
        cmocka_unit_test(import_maven_whole_data_set),
        cmocka_unit_test(import_table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
