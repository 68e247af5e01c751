/* test_load_files.c: gritd.yaml, people.yaml, pipeline.yaml, holidays, and the coaching lint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

enum file { CONFIG, PEOPLE, PIPELINE, HOLIDAYS, PLUGIN };

static struct loaded load_file(enum file file, const char *text)
{
    struct load_given given = {0};
    const char **slots[] = {&given.config, &given.people, &given.pipeline, &given.holidays,
                            &given.plugins[0]};
    *slots[file] = text;
    return load_given(&given);
}

/* Tells every case that went wrong, then fails. */
static void assert_all(enum file file, const struct load_case *cases, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct loaded l = load_file(file, cases[i].yaml);
        if (strncmp(l.text, cases[i].line, strlen(cases[i].line)) != 0 ||
            strchr(l.text, '\n') != l.text + strlen(l.text) - 1) {
            print_error("case %zu:\n%swanted: %s\nfound:  %s\n", i, cases[i].yaml, cases[i].line,
                        l.text);
            wrong++;
        }
        load_done(&l);
    }
    assert_int_equal(wrong, 0);
}

static void config_reads_everything(void **state)
{
    (void)state;
    struct loaded l = load_file(
        CONFIG,
        "chat:\n  platform: slack\n  slack:\n    app_token: credential:app\n"
        "    bot_token: file:/run/bot\n    api_url: http://127.0.0.1:9/api/\n"
        "people: people.yaml\npipeline: pipeline.yaml\nplugins: [/usr/share/p, plugins]\n"
        "store: sqlite:gritd.db\nlisten: \"[::1]:8467\"\n"
        "intake:\n  - {name: crm, kind: cloudevents, secret: env:CRM, verify: hmac-sha256}\n"
        "  - {name: hs, kind: salesforce}\n"
        "public_url: https://grit.example.com/\n"
        "limits:\n  prompts_per_day: 2\n  back_off_after: 3\n  remind: [1 working day, 4 working "
        "days]\n"
        "  hold_at_most: 2 working days\n  late_at_most: 12h\n  cool_off: false\n"
        "  hours: Mon-Thu 09:00-17:00\n"
        "holidays: us.ics\nlog: {level: debug, format: json}\npurpose: Coaching only\nseed: 7\n");
    assert_clean(&l);
    const struct config *c = l.config;
    assert_string_equal(c->platform, "slack");
    assert_int_equal(c->option_count, 3);
    assert_int_equal(config_option(c, "app_token")->secret.kind, SECRET_CREDENTIAL);
    assert_string_equal(config_option(c, "app_token")->secret.name, "app");
    assert_int_equal(config_option(c, "bot_token")->secret.kind, SECRET_FILE);
    assert_null(config_option(c, "nothing"));
    assert_int_equal(c->plugin_count, 2);
    assert_string_equal(c->plugins[1].path, "plugins");
    assert_int_equal(c->store_kind, STORE_SQLITE);
    assert_string_equal(c->store, "gritd.db");
    assert_string_equal(c->listen_host, "::1");
    assert_int_equal(c->listen_port, 8467);
    assert_true(c->listen_loopback);
    assert_int_equal(c->intake_count, 2);
    assert_int_equal(c->intakes[0].verify, VERIFY_HMAC_SHA256);
    assert_int_equal(c->intakes[0].secret.kind, SECRET_ENV);
    assert_string_equal(c->public_url, "https://grit.example.com");
    assert_int_equal(c->limits.prompts_per_day, 2);
    assert_int_equal(c->limits.backoff_after, 3);
    assert_int_equal(c->limits.remind_second, 4 * MSEC_DAY);
    assert_int_equal(c->limits.late_at_most, 12 * MSEC_HOUR);
    assert_false(c->limits.cool_off);
    assert_int_equal(c->limits.hours.start_min, 9 * 60);
    assert_string_equal(c->holidays[0].path, "us.ics");
    assert_int_equal(c->log_level, LEVEL_DEBUG);
    assert_int_equal(c->log_format, LOG_JSON);
    assert_true(c->has_seed && c->seed == 7);
    assert_int_equal(l.book->limits.prompts_per_day, 2);
    assert_string_equal(l.book->purpose, "Coaching only");
    load_done(&l);
}

static void config_defaults_are_those_of_the_product(void **state)
{
    (void)state;
    struct loaded l = load_file(CONFIG, "limits: {}\n");
    assert_clean(&l);
    assert_string_equal(l.config->platform, "local");
    assert_int_equal(l.config->listen_port, 8467);
    assert_int_equal(l.config->limits.prompts_per_day, 1);
    assert_int_equal(l.config->limits.remind_second, 3 * MSEC_DAY);
    assert_null(l.config->people.path);
    load_done(&l);
}

static const struct load_case configs[] = {
    {"stor: sqlite:x\n",
     "gritd.yaml:1:1: error: unknown key 'stor'; did you mean 'store'? [unknown-key]"},
    {"store: sqlit:x\n",
     "gritd.yaml:1:8: error: unknown kind of store 'sqlit'; did you mean 'sqlite'?"},
    {"store: gritd.db\n",
     "gritd.yaml:1:8: error: 'store' must be sqlite:FILE or postgres:CONNINFO"},
    {"store: postgres:host=db password=geheim\n",
     "gritd.yaml:1:8: error: the connection text holds a password"},
    {"store: postgres://ana:geheim@db/x\n",
     "gritd.yaml:1:8: error: the connection text holds a password"},
    {"listen: 8467\n", "gritd.yaml:1:9: error: 'listen' must be an address and a port, such as "
                       "127.0.0.1:8467 or [::1]:8467; found '8467' [wrong-value]"},
    {"listen: localhost:99999\n", "gritd.yaml:1:9: error: 'listen' must be an address and a port"},
    {"listen: ::1:80\n", "gritd.yaml:1:9: error: 'listen' must be an address and a port"},
    {"listen: [::1]:80\n", "gritd.yaml:1:"},
    {"chat: {platform: slak}\n",
     "gritd.yaml:1:18: error: unknown chat platform 'slak'; did you mean "
     "'slack'? [unknown-platform]"},
    {"chat: {slack: {}}\n", "gritd.yaml:1:7: error: chat needs 'platform', such as local"},
    {"chat:\n  platform: slack\n  slack: {app_token: xapp-1-SECRET, bot_token: env:B}\n",
     "gritd.yaml:3:22: error: 'app_token' is a secret and does not belong in this file; write "
     "credential:NAME, file:PATH or env:NAME [literal-secret]\n"},
    {"chat:\n  platform: slack\n  slack: {app_token: env:A}\n",
     "gritd.yaml:3:10: error: slack needs 'bot_token', such as credential:NAME [missing-key]"},
    {"chat:\n  platform: slack\n  slack: {app_token: env:A, bot_token: env:B, api_ur: x}\n",
     "gritd.yaml:3:47: error: unknown key 'api_ur'; did you mean 'api_url'? [unknown-key]"},
    {"chat:\n  platform: slack\n  slack: {app_token: env:A, bot_token: env:B, api_url: "
     "http://a.b}\n",
     "gritd.yaml:3:56: error: 'api_url' must be encrypted: https://, not http:// [insecure-url]"},
    {"chat: {platform: local, slck: {}}\n",
     "gritd.yaml:1:25: error: unknown chat platform 'slck'; did you mean 'slack'? [unknown-key]"},
    {"intake: [{name: a, kind: hubspott}]\n",
     "gritd.yaml:1:26: error: unknown word for 'kind': 'hubspott'; did you mean 'hubspot'?"},
    {"intake: [{name: a, kind: generic}, {name: a, kind: generic}]\n",
     "gritd.yaml:1:36: error: the intake 'a' stands here a second time; the first is at 1:10"},
    {"listen: 0.0.0.0:80\nintake: [{name: a, kind: generic}]\n",
     "gritd.yaml:2:10: error: the intake 'a' needs 'secret' because the listener (0.0.0.0) can be "
     "reached from other machines [missing-key]"},
    {"intake: [{name: a, kind: zoho, verify: bearer}]\n",
     "gritd.yaml:1:32: error: zoho cannot prove itself by bearer; it can by body-token"},
    {"limits: {prompts_per_day: -1}\n",
     "gritd.yaml:1:27: error: 'prompts_per_day' must be a whole number from 0 to 1000; found '-1'"},
    {"limits: {cool_off: on}\n", "gritd.yaml:1:20: error: 'on' is only a word here; write true"},
    {"limits: {remind: [24h, 3 working days]}\n",
     "gritd.yaml:1:19: warning: '24h' counts working time here; write '1 working day'"},
    {"limits: {hours: \"25:00\"}\n", "gritd.yaml:1:17: error: "},
    {"log: {level: verbose}\n",
     "gritd.yaml:1:14: error: unknown word for 'level': 'verbose'; known "
     "are: error, warning, info, debug [unknown-word]"},
    {"public_url: grit.example.com\n",
     "gritd.yaml:1:13: error: 'public_url' must be a web address"},
    {"- a\n", "gritd.yaml:1:1: error: this must be a mapping"},
};

static void config_mistakes_are_explained(void **state)
{
    (void)state;
    assert_all(CONFIG, configs, ARRAY_LEN(configs));
}

static void config_never_repeats_a_secret(void **state)
{
    (void)state;
    struct loaded l =
        load_file(CONFIG, "chat:\n  platform: slack\n"
                          "  slack: {app_token: xapp-GEHEIM, bot_token: [xoxb-GEHEIM]}\n"
                          "intake: [{name: a, kind: generic, secret: GEHEIM}]\n"
                          "store: postgres:password=GEHEIM\n");
    assert_int_equal(l.problems.errors, 4);
    assert_null(strstr(l.text, "GEHEIM"));
    load_done(&l);
}

static void people_and_teams_are_read(void **state)
{
    (void)state;
    struct loaded l = load_file(
        PEOPLE,
        "teams:\n  - {id: west, manager: dana, zone: Europe/Berlin}\n"
        "people:\n  - {id: zoe, team: west}\n"
        "  - id: ana\n    name: Ana Ruiz\n    crm: [\"005A\", \"ana@example.com\"]\n"
        "    zone: America/Denver\n    hours: 08:30-18:00\n    joined: 2026-03-02\n"
        "    leave: [2026-07-01 to 2026-07-14, 2026-08-01, {from: 2026-09-01, until: 2026-09-02}]\n"
        "  - {id: dana, role: manager}\n");
    assert_clean(&l);
    const struct person_def *ana = book_person(l.book, "ana");
    assert_int_equal(l.book->person_count, 3);
    assert_string_equal(l.book->people[0].id, "ana"); /* sorted */
    assert_int_equal(ana->crm_count, 2);
    assert_true(ana->has_hours && ana->hours.start_min == 510);
    assert_int_equal(ana->leave_count, 3);
    assert_string_equal(ana->leave[0].until, "2026-07-14");
    assert_string_equal(ana->leave[1].from, ana->leave[1].until);
    assert_true(book_person(l.book, "dana")->manager);
    assert_string_equal(book_team(l.book, "west")->manager, "dana");
    load_done(&l);
}

static const struct load_case peoples[] = {
    {"people:\n  - {id: a}\n  - {id: a}\n",
     "people.yaml:3:5: error: the person 'a' stands here a second time; the first is at "
     "people.yaml:2:5 [duplicate-id]"},
    {"people:\n  - {id: a, crm: x1}\n  - {id: b, crm: [x1]}\n",
     "people.yaml:3:5: error: 'x1' is said to be 'b' as well as 'a' (2:5) [duplicate-id]"},
    {"people:\n  - {id: a, team: wst}\nteams:\n  - {id: west}\n",
     "people.yaml:2:5: error: unknown team 'wst'; did you mean 'west'? [unknown-team]"},
    {"people:\n  - {id: dana}\nteams:\n  - {id: west, manager: dan}\n",
     "people.yaml:4:5: error: unknown person 'dan'; did you mean 'dana'? [unknown-person]"},
    {"people:\n  - {id: dana}\nteams:\n  - {id: west, manager: dana}\n",
     "people.yaml:2:5: warning: 'dana' manages the team 'west' but has no 'role: manager'"},
    {"people:\n  - {id: a, zone: Denver}\n",
     "people.yaml:2:19: error: unknown time zone 'Denver'; did you mean 'America/Denver'?"},
    {"people:\n  - {id: a, joined: 2026-02-30}\n",
     "people.yaml:2:21: error: 'joined' must be a date that exists, such as 2026-03-02; found "
     "'2026-02-30'"},
    {"people:\n  - {id: a, leave: 2026-07-14 to 2026-07-01}\n",
     "people.yaml:2:20: error: 'leave' must be days of leave"},
    {"people:\n  - {name: Ana}\n", "people.yaml:2:5: error: a person needs 'id': a short name"},
    {"people: [{id: a}]\nexpectations: {manager: Listen}\n",
     "people.yaml:2:16: error: unknown key 'manager'; did you mean 'managers'?"},
    {"people: [{id: a}]\nexpectations: {reps: [a, b, c, d, e, f, g, h, i, j, k]}\n",
     "people.yaml:2:15: error: at most 10 expectations of each level; more are not remembered"},
    {"people: ana\n", "people.yaml:1:9: error: 'people' must be a list of people"},
    {"people:\n  - {id: a, role: boss}\n",
     "people.yaml:2:19: error: unknown word for 'role': 'boss'; known are: rep, manager"},
};

/* FM-D08 */
static void people_mistakes_are_explained(void **state)
{
    (void)state;
    assert_all(PEOPLE, peoples, ARRAY_LEN(peoples));
}

/* A list whose second half cannot be read is no list: a daemon would take the others for gone. */
static void people_of_half_a_file_are_nobody(void **state)
{
    static const char half[] =
        "people:\n  - {id: a}\n  - {id: a}\n  - {id: b, zon: x}\n  - {id: c\n";
    (void)state;
    struct loaded l = load_file(PEOPLE, half);
    assert_int_equal(l.book->person_count, 0);
    assert_line(&l, "people.yaml:4:13: error: unknown key 'zon'; did you mean 'zone'?");
    assert_line(&l, "people.yaml:6:1: error: a mapping in {braces} is not closed");
    load_done(&l);
}

/* Of people with the same id the first stays, in whatever order; a mistake of her own does not hide
 * that the id is taken. FM-J02 */
static void people_with_one_id_are_told_apart(void **state)
{
    static const char text[] = "people:\n  - {id: c, role: boss}\n  - {id: b, name: One}\n"
                               "  - {id: a}\n  - {id: b, name: Two}\n  - {id: c}\n"
                               "  - {id: b, role: boss}\n  - {id: b, name: Three}\n";
    (void)state;
    struct loaded l = load_file(PEOPLE, text);
    assert_int_equal(l.book->person_count, 3);
    assert_string_equal(book_person(l.book, "b")->name, "One");
    assert_int_equal(book_person(l.book, "c")->place.line, 6); /* the one before was left out */
    assert_line(&l,
                "people.yaml:5:5: error: the person 'b' stands here a second time; the first is at "
                "people.yaml:3:5");
    assert_line(&l, "people.yaml:7:5: error: the person 'b' stands here a second time");
    assert_line(&l, "people.yaml:8:5: error: the person 'b' stands here a second time");
    assert_int_equal(l.problems.errors, 5);
    load_done(&l);
}

#define STAGES                                                                                     \
    "stages:\n  - {id: prospect}\n  - {id: qualify}\n  - {id: propose}\n  - {id: negotiate}\n"

static void pipeline_is_read_in_order(void **state)
{
    (void)state;
    struct loaded l = load_file(
        PIPELINE,
        STAGES "  - {id: discover, name: Discovery, crm: [\"Needs Analysis\", q2b], typical: 14d, "
               "customer_phase: sees it, gates: [{seller: needs_sent, customer: needs_ok, "
               "customer_name: said yes}]}\n");
    assert_clean(&l);
    assert_int_equal(l.book->stage_count, 7);
    const struct stage_def *stage = book_stage(l.book, "needs analysis");
    assert_non_null(stage);
    assert_int_equal(stage->order, 2);
    assert_ptr_equal(stage, &l.book->stages[2]);
    assert_int_equal(stage->typical, 14 * MSEC_DAY);
    assert_string_equal(stage->gates[0].seller_name, "needs sent");
    assert_string_equal(stage->gates[0].customer_name, "said yes");
    assert_string_equal(l.book->stages[6].name, "Lost");
    load_done(&l);
}

static const struct load_case pipelines[] = {
    {STAGES,
     "pipeline.yaml:2:3: warning: the stage 'discover' is not here; deals in it will be taken "
     "for unmapped [unmapped-stage]"},
    {STAGES "  - {id: discover, gates: [{seller: a}]}\n",
     "pipeline.yaml:6:28: error: a gate has two sides: 'customer' is missing (what the customer "
     "does "
     "to confirm it) [one-sided-gate]"},
    {STAGES "  - {id: discover, gates: [{customer: a}]}\n",
     "pipeline.yaml:6:28: error: a gate has two sides: 'seller' is missing (what we do for it)"},
    {STAGES "  - {id: discover, gates: [{seller: A b, customer: c}]}\n",
     "pipeline.yaml:6:37: error: 'seller' must be small letters, digits and '_', at most 60"},
    {STAGES "  - {id: discover, gates: [{seller: a, customer: a}]}\n",
     "pipeline.yaml:6:5: error: the gate 'a' belongs to the stage at 6:5 already [duplicate-id]"},
    {STAGES "  - {id: discover, gates: [{seller: a, customer: b}, {seller: c, customer: d}, "
            "{seller: e, customer: f}, {seller: g, customer: h}]}\n",
     "pipeline.yaml:6:27: warning: 4 gates in one stage; more than 3 are not kept in mind by "
     "anybody "
     "[too-many-gates]"},
    {STAGES "  - {id: discover}\n  - {id: discover}\n",
     "pipeline.yaml:7:5: error: the stage 'discover' stands here a second time; the first is at "
     "6:5"},
    {STAGES "  - {id: discover}\n  - {id: close}\n",
     "pipeline.yaml:7:10: error: unknown word for 'id': 'close'; known are: prospect, qualify"},
    {STAGES "  - {id: discover}\n  - {id: won, gates: [{seller: a, customer: b}]}\n",
     "pipeline.yaml:7:5: error: the stage 'won' is an end and has no gates"},
};

/* B76: a gate with one side. B17: a stage that is not mapped */
static void pipeline_mistakes_are_explained(void **state)
{
    (void)state;
    assert_all(PIPELINE, pipelines, ARRAY_LEN(pipelines));
}

static void pipeline_gates_are_known_to_rules(void **state)
{
    (void)state;
    struct load_given given = {
        .pipeline =
            STAGES "  - {id: discover, gates: [{seller: needs_sent, customer: needs_ok}]}\n",
        .plugins = {"plugin: p\narea: skill\nrules:\n"
                    "  - {rule: r, when: {event: gate.completed, gate: needs_snt}, tell: x}\n"}};
    struct loaded l = load_given(&given);
    assert_line(&l, "a.yaml:4:51: error: unknown gate 'needs_snt'; did you mean 'needs_sent'?");
    load_done(&l);
}

static void holidays_are_days(void **state)
{
    (void)state;
    struct loaded l =
        load_file(HOLIDAYS, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260703\r\n"
                            "SUMMARY:Independence\r\n  Day\r\nEND:VEVENT\r\n"
                            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:\r\n"
                            " 20260103\r\nEND:VEVENT\r\n"
                            "BEGIN:VEVENT\r\nSTATUS:CANCELLED\r\nDTSTART:20260105\r\nEND:VEVENT\r\n"
                            "END:VCALENDAR\r\n");
    assert_clean(&l);
    assert_int_equal(l.book->holiday_count, 3);
    assert_int_equal(l.book->holidays[0], civil_to_days(2026, 1, 1));
    assert_int_equal(l.book->holidays[1], civil_to_days(2026, 1, 2));
    assert_int_equal(l.book->holidays[2], civil_to_days(2026, 7, 3));
    load_done(&l);
}

static void holidays_come_back_yearly(void **state)
{
    (void)state;
    struct loaded l =
        load_file(HOLIDAYS, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20240229\n"
                            "RRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_clean(&l);
    assert_int_equal(l.book->holidays[1], civil_to_days(2028, 2, 29));
    load_done(&l);
}

#define EVENT_OF(line) "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" line "END:VEVENT\nEND:VCALENDAR\n"

static const struct load_case holidays[] = {
    {"hello\n", "days.ics:1:1: error: this is not an iCalendar file (no BEGIN:VCALENDAR)"},
    {"BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
     "days.ics:2:1: error: the event that begins here never ends"},
    {EVENT_OF("DTSTART:20260101T090000Z\n"), "days.ics:3:1: warning: only whole days are holidays"},
    {EVENT_OF("DTSTART:20260230\n"),
     "days.ics:3:1: error: '20260230' is not a day such as 20260101"},
    {EVENT_OF("DTSTART:20260101\nRRULE:FREQ=MONTHLY\n"),
     "days.ics:4:1: warning: only RRULE:FREQ=YEARLY is understood; of this event the first day "
     "counts"},
    {EVENT_OF("DTSTART:20260101\nEXDATE:20270101\n"),
     "days.ics:4:1: warning: EXDATE is not understood"},
    {EVENT_OF("DTSTART:20260101\nDTEND:20250101\n"),
     "days.ics:2:1: warning: an event that ends before"},
    {EVENT_OF("SUMMARY:x\n"), "days.ics:2:1: warning: an event without a day (DTSTART)"},
};

static void holidays_mistakes_are_explained(void **state)
{
    (void)state;
    assert_all(HOLIDAYS, holidays, ARRAY_LEN(holidays));
}

#define ASKS(text) "plugin: p\nquestions:\n  q: {kind: skill, reader: rep, text: \"" text "\"}\n"
#define PRAISES(text)                                                                              \
    "plugin: p\narea: skill\nrules:\n  - {rule: r, when: deal.won, praise: \"{{deal.name}}: " text \
    "\"}\n"

static const struct load_case lints[] = {
    {PRAISES("you are a natural"), "a.yaml:4:39: warning: 'natural' praises a trait"},
    {PRAISES("what a Gifted closer"), "a.yaml:4:39: warning: 'gifted' praises a trait"},
    {PRAISES("you hit the number"), "a.yaml:4:39: warning: 'hit the number' praises the number"},
    {PRAISES("best on the team"), "a.yaml:4:39: warning: 'best on the team' compares people"},
    {ASKS("How will you make your number?"),
     "a.yaml:3:39: warning: 'make your number' is a forecast "
     "question, not coaching"},
    {ASKS("What will it take to close this month?"), "a.yaml:3:39: warning: 'close this month'"},
    {ASKS("Did you call them?"), "a.yaml:3:39: warning: 'did you' can be answered by yes or no"},
    {ASKS("{{rep.first_name}}, have you called?"),
     "a.yaml:3:39: warning: 'have you' can be answered"},
    {ASKS("{{deal.name}} is stuck. Is there a plan?"), "a.yaml:3:39: warning: 'is there' can be"},
    {ASKS("What else, don't you think?"),
     "a.yaml:3:39: warning: 'don't you think' leads to one answer"},
    {ASKS("Why didn\xE2\x80\x99t you call?"), "a.yaml:3:39: warning: 'why didn't you' blames"},
    {ASKS("What did they say, and who decides?"),
     "a.yaml:3:39: warning: 'and who ' joins two questions"},
};

/* B21, B70: a forecast question, with line and column. B29: praise of a trait */
static void lint_names_coaching_mistakes(void **state)
{
    (void)state;
    assert_all(PLUGIN, lints, ARRAY_LEN(lints));
}

static const char *const fine[] = {
    ASKS("What did the customer say in their own words?"),
    ASKS("What would you try next time?"),
    ASKS("Who else is touched by {{deal.name}}?"),
    ASKS("How do you know that this is natural for them?"),
    PRAISES("nine calls in the two days after the loss"),
    PRAISES("you went back with a frank question"),
    ("plugin: p\nquestions:\n  q: {kind: skill, reader: rep, answer: yes_no, text: \"Did you "
     "call?\"}\n"),
};

static void lint_leaves_good_words_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        struct loaded l = load_file(PLUGIN, fine[i]);
        assert_clean(&l);
        load_done(&l);
    }
}

/* A11: activity only, with the count. B10: a stage without the customer's gain */
static void lint_looks_at_the_whole_set(void **state)
{
    (void)state;
    struct loaded l = load_file(
        PLUGIN,
        "plugin: p\nquestions:\n"
        "  a: {kind: activity, reader: rep, text: \"What now?\", stage: discover}\n"
        "  b: {kind: activity, reader: rep, text: \"What next?\", stage: [propose, negotiate]}\n"
        "  c: {kind: activity, reader: rep, text: \"What do they gain?\", stage: propose, topic: "
        "customer_gain}\n");
    assert_int_equal(l.result, 0); /* warnings only */
    assert_line(&l, "a.yaml:3:3: warning: all 3 questions are about activity");
    assert_line(
        &l,
        "a.yaml:3:3: warning: no question of the stage 'discover' asks for the customer's gain");
    assert_line(&l, "a.yaml:4:3: warning: no question of the stage 'negotiate'");
    assert_int_equal(l.problems.warnings, 3);
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_reads_everything),
        cmocka_unit_test(config_defaults_are_those_of_the_product),
        cmocka_unit_test(config_mistakes_are_explained),
        cmocka_unit_test(config_never_repeats_a_secret),
        cmocka_unit_test(people_and_teams_are_read),
        cmocka_unit_test(people_mistakes_are_explained),
        cmocka_unit_test(people_of_half_a_file_are_nobody),
        cmocka_unit_test(people_with_one_id_are_told_apart),
        cmocka_unit_test(pipeline_is_read_in_order),
        cmocka_unit_test(pipeline_mistakes_are_explained),
        cmocka_unit_test(pipeline_gates_are_known_to_rules),
        cmocka_unit_test(holidays_are_days),
        cmocka_unit_test(holidays_come_back_yearly),
        cmocka_unit_test(holidays_mistakes_are_explained),
        cmocka_unit_test(lint_names_coaching_mistakes),
        cmocka_unit_test(lint_leaves_good_words_alone),
        cmocka_unit_test(lint_looks_at_the_whole_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
