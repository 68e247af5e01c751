#include "load/forms.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "load/read.h"

/* The pieces of which the patterns are made. No anchors inside, no back references: what is used
 * here is what every JSON Schema validator and the tests' own generator understand. */
#define DATE "(19[7-9][0-9]|20[0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
/* ".name", "[3]" or "['any name']" */
#define MAP_STEP "(\\.[^.\\[ ]+|\\[[0-9]+\\]|\\[('[^']+'|\"[^\"]+\")\\])"
#define CLOCK    "([01][0-9]|2[0-3]):[0-5][0-9]"
#define SHORT    "((0|[1-9][0-9]{0,3})[smh]|(0|[1-9][0-9]{0,2})d|(0|[1-9][0-9]?)w)"
#define LENGTH   SHORT "{1,3}|[1-9][0-9]{0,2} (second|minute|hour|day)s?|[1-9][0-9]? weeks?"
#define SOME     "([1-9][0-9]{0,3}[smh]|[1-9][0-9]{0,2}d|[1-9][0-9]?w)"
#define WORKING  "[1-9][0-9]{0,2} working[ _](day|hour)s?"
#define ZONE     "(UTC|[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+-]+){1,2})"
#define INPUT    "\\$[a-z][a-z0-9_-]*"
#define WEEKDAY  "([Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day"
#define DAYS                                                                                       \
    "(" WEEKDAY "s?|[Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un"                              \
    "|[Ww]eekdays?|workdays?|[Ww]eekends?)"
#define DAY_LIST "(" DAYS "((, ?| and |, and )" DAYS ")*|[Dd]ays?)"
#define HOUR                                                                                       \
    "(" CLOCK "|[0-9]:[0-5][0-9]|(0?[1-9]|1[0-2])(:[0-5][0-9])?(am|pm)|noon|midnight|" INPUT ")"
#define HOURS "(" HOUR "((, ?| and )" HOUR ")*)"
#define PERIOD                                                                                     \
    "(month|quarter|year|January|February|March|April|May|June|July|August|September|October"      \
    "|November|December)"
#define BETWEEN  " (between|from) " HOUR " (and|to) " HOUR
#define COUNTED  "([1-9][0-9]?|other)"
#define NTH      "(first|second|third|fourth|last)"
#define MONTHDAY "([1-9]|[12][0-9]|3[01])(st|nd|rd|th)?"
#define EVERY                                                                                      \
    "([Ee]very |each |the )?("                                                                     \
    "(" COUNTED " )?(minutes?|hours?)(" BETWEEN ")?( on " DAY_LIST ")?"                            \
    "|(" COUNTED " )?weeks? on " DAY_LIST " at " HOURS "|" COUNTED " days? at " HOURS "|" DAY_LIST \
    " at " HOURS "|" NTH "((, | and )" NTH ")* " WEEKDAY " of month at " HOURS "|" NTH " " WEEKDAY \
    " of " PERIOD " at " HOURS "|(first|last) (week)?day of " PERIOD " at " HOURS "|" MONTHDAY     \
    "((, | and )" MONTHDAY ")* of month at " HOURS ")"
#define LEAD SOME "|[1-9][0-9]{0,2} (minute|hour|day)s?|[1-9][0-9]? weeks?|" WORKING
#define POINT                                                                                      \
    "(" DAY_LIST "|" NTH " " WEEKDAY " of " PERIOD "|(first|last) (week)?day of " PERIOD           \
    "|" MONTHDAY " of month)( at)? " HOUR
/* one field of cron: what it may hold, in lists, ranges and steps */
#define CRON_FIELD(value) "([*?]|" value "(-" value ")?(," value "(-" value ")?)*)(/[1-9][0-9]?)?"
#define CRON                                                                                                                                                            \
    "@(yearly|annually|monthly|weekly|daily|midnight|hourly)|" CRON_FIELD("[0-5]?[0-9]") " " CRON_FIELD("([01]?[0-9]|2[0-3])") " (L|LW|([1-9]|[12][0-9])W|" CRON_FIELD( \
        "([1-9]|[12][0-9]|3[01])") ") " CRON_FIELD("([1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|"                                                                         \
                                                   "AUG|SEP|OCT|NOV|DEC)") " ([0-7]L"                                                                                   \
                                                                           "|[0-7]#[1-5]"                                                                               \
                                                                           "|" CRON_FIELD(                                                                              \
                                                                               "([0-7]|SUN|MON|"                                                                        \
                                                                               "TUE|WED|THU|FRI|"                                                                       \
                                                                               "SAT)") ")"
#define LIST(value) value "(," value ")*"
#define RRULE                                                                                                                         \
    "(RRULE:)?(DTSTART[:=][0-9]{8}(T[0-9]{6})?;)?"                                                                                    \
    "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY)"                                                                              \
    "(;(INTERVAL=[1-9][0-9]?|COUNT=[1-9][0-9]{0,3}|UNTIL=[0-9]{8}(T[0-9]{6}Z?)?"                                                      \
    "|BYMONTH=" LIST("([1-9]|1[0-2])") "|BYMONTHDAY=" LIST(                                                                           \
        "-?([1-9]|[12][0-9]|3[01])") "|BYDAY"                                                                                         \
                                     "=" LIST(                                                                                        \
                                         "([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)") "|BYHOUR"                                             \
                                                                                "=" LIST(                                             \
                                                                                    "([0-"                                            \
                                                                                    "9]|"                                             \
                                                                                    "1[0-"                                            \
                                                                                    "9]|"                                             \
                                                                                    "2[0-"                                            \
                                                                                    "3])") "|BYMI"                                    \
                                                                                           "NUTE"                                     \
                                                                                           "=" LIST("[1-5]?[0-9]") "|BYSETPOS=" LIST( \
                                                                                               "-"                                    \
                                                                                               "?"                                    \
                                                                                               "["                                    \
                                                                                               "1"                                    \
                                                                                               "-"                                    \
                                                                                               "9"                                    \
                                                                                               "]") "|WKST=(MO|SU)))*"
#define WEEK_LIST "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?"
#define WORK_TIME "(0[0-9]|1[01]):[0-5][0-9] ?- ?(1[2-9]|2[0-3]):[0-5][0-9]|" CLOCK "-" CLOCK
#define INSTANT   DATE "[ T]" CLOCK "(:[0-5][0-9])?"
#define OFFSET    "(Z|[+-](0[0-9]|1[0-2]):[03]0)"
#define PER       "([1-9][0-9]{0,2}|1000|" INPUT ") per (deal|day|week|month)"
#define NAME      "[^\\s!-*,/:-?\\[-^`{-~]{1,100}"

static const struct form forms[FORM_COUNT] = {
    [FORM_NONE] = {NULL, "a mapping", NULL, NULL, 0, 0},
    [FORM_TEXT] = {"text", "a text", NULL, NULL, 0, 0},
    [FORM_NAME] = {"name", "a name: letters, digits, '-' and '_', no spaces", NAME, "number", 0, 0},
    [FORM_WORD] = {NULL, "one of the words", NULL, NULL, 0, 0},
    [FORM_NUMBER] = {"number", "a number", "-?[0-9]{1,15}([.][0-9]{1,3})?", "number", 0, 0},
    [FORM_MONEY] = {"money", "an amount, with its currency if you like",
                    "-?[0-9]{1,15}([.][0-9]{1,3})?( [A-Z]{3})?", "number", 0, 0},
    [FORM_INSTANT] = {"instant", "a day, or a time with its offset",
                      DATE "(T" CLOCK ":[0-5][0-9]" OFFSET ")?", NULL, 0, 0},
    [FORM_INT] = {NULL, "a whole number", NULL, "number", 0, 0},
    [FORM_BOOL] = {"truth", "true or false", NULL, NULL, 0, 0},
    [FORM_DATE] = {"date", "a day", DATE, NULL, 0, 0},
    [FORM_LENGTH] = {"length", "a length of time: 30m, 2h, 3d, 2w", LENGTH, NULL, 0, 0},
    [FORM_LENGTH_ANY] = {"any_length", "a length of time: 2h, 3d, or 3 working days",
                         LENGTH "|" WORKING, NULL, 0, 0},
    [FORM_WORKING] = {"working_length", "working time: 3 working days", WORKING "|" LENGTH, NULL, 0,
                      0},
    [FORM_TEXTS] = {"texts", "a text, or a list of texts", NULL, NULL, 0, 0},
    [FORM_EVENT] = {"event", "an event", NULL, NULL, 0, 0},
    [FORM_EVENTS] = {"events", "an event, or a list of events", NULL, NULL, 0, 0},
    [FORM_WHEN] = {"when", "an event, {event: ..., FIELD: test}, or a list of these", NULL, NULL, 0,
                   0},
    [FORM_HAPPENS] = {"happens", "{event: ..., FIELD: test}", NULL, NULL, 0, 0},
    [FORM_OUTCOME] = {"hope", "{event: ..., FIELD: test, within: length}", NULL, NULL, 0, 0},
    [FORM_BEFORE] = {"lead", "{event: activity.planned, FIELD: test, by: length}", NULL, NULL, 0,
                     0},
    [FORM_AFTER] = {"repetition", "{event: ..., FIELD: test, at: length or lengths}", NULL, NULL, 0,
                    0},
    [FORM_LEAD] = {"some_length", "a length of time: 2h, 3d, or 3 working days", LEAD, NULL, 0, 0},
    [FORM_POINT] = {"point", "a point of the week or month: DAYS TIME", POINT, NULL, 0, 0},
    [FORM_IF] = {"if", "a mapping of field to test", NULL, NULL, 0, 0},
    [FORM_STEP_IF] = {"step-if", "a mapping of field to test", NULL, NULL, 0, 0},
    [FORM_FILTER] = {"counted", "an event, event/direction, or {event: ..., kind: ...}", NULL, NULL,
                     0, 0},
    [FORM_SIGNAL_TO] = {"signal_to", "an event as in count; of a ratio {mean_of: 6 weeks}", NULL,
                        NULL, 0, 0},
    [FORM_EVERY] = {"every", "a schedule in words: DAYS at TIMES", EVERY, NULL, 0, 0},
    [FORM_CRON] = {"cron", "the five fields of cron", CRON, NULL, 0, 0},
    [FORM_RRULE] = {"rrule", "a recurrence rule of calendars (RFC 5545)", RRULE, NULL, 0, 0},
    [FORM_ZONE] = {"zone", "a time zone by its IANA name", ZONE, NULL, 0, 0},
    [FORM_LANGUAGE] = {"language", "a language, such as de or pt-BR",
                       "[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", NULL, 0, 0},
    [FORM_MISSED] = {"missed", "once within LENGTH, skip, or all within LENGTH",
                     "once( within " SOME ")?|skip|all within " SOME, NULL, 0, 0},
    [FORM_QUESTION_IDS] = {"question_ids", "the id of a question, or a list of ids", NULL, NULL, 0,
                           0},
    [FORM_FLOW_ID] = {"flow_id", "the name of a flow of this plugin", NAME, NULL, 0, 0},
    [FORM_SIGNAL_IDS] = {"signal_ids", "the name of a signal of this plugin, or a list of names",
                         NULL, NULL, 0, 0},
    [FORM_COMMAND] = {"command", "a word of small letters and digits", "[a-z][a-z0-9-]{0,19}", NULL,
                      0, 0},
    [FORM_RULE_ID] = {"rule_id", "the name of a rule", NAME, "number", 0, 0},
    [FORM_RULE_IDS] = {"rule_ids", "the name of a rule, or a list of names", NULL, NULL, 0, 0},
    [FORM_IDEA] = {"idea", "the id of an idea", "A([1-9]|1[0-5])|B([1-9]|[1-7][0-9]|8[0-8])", NULL,
                   0, 0},
    [FORM_IDEAS] = {"ideas", "the id of an idea, or a list of ids", NULL, NULL, 0, 0},
    [FORM_PRAISE] = {"praise", "a text with evidence in it, or a list of such texts", NULL, NULL, 0,
                     0},
    [FORM_MESSAGE] = {"message", "a text", NULL, NULL, 0, 0},
    [FORM_MESSAGE_ONE] = {"message_one", "a text, or {LANGUAGE: text}", NULL, NULL, 0, 0},
    [FORM_OFFER] = {"offered", "plain words on one line, without {{names}}", NULL, NULL, 0, 0},
    [FORM_MESSAGES] = {"messages", "a text, or a list of texts", NULL, NULL, 0, 0},
    [FORM_QUESTION_TEXTS] = {"question_texts", "a question, or a list of wordings", NULL, NULL, 0,
                             0},
    [FORM_ANSWER] = {"answer", "text, yes_no, date, scale A-B, or choice [this, that]", NULL, NULL,
                     0, 0},
    [FORM_STAGE] = {"stage-id", "a stage of the pipeline", NULL, NULL, 0, 0},
    [FORM_STAGES] = {"stages", "a stage, or a list of stages", NULL, NULL, 0, 0},
    [FORM_CLOCK] = {"clock", "a time of day", CLOCK, NULL, 0, 0},
    [FORM_LIMITS] = {"rule-limits", "N per deal, day, week or month; one or a list", PER, NULL, 0,
                     0},
    [FORM_PER_DAY] = {"per_day", "N per working_day",
                      "([1-9][0-9]{0,2}|1000)( per working[_ ]day)?", "integer", 1, 1000},
    [FORM_VALUE] = {"value", "a value of the input's type", NULL, "number", 0, 0},
    [FORM_TEST_TIME] = {"test_time", "DATE TIME, with a zone or an offset behind it if need be",
                        INSTANT "( " ZONE ")?|" DATE "T" CLOCK ":[0-5][0-9]" OFFSET, NULL, 0, 0},
    [FORM_FROM] = {"from", "a stage; of rep.away a time", NULL, NULL, 0, 0},
    [FORM_EXPECT_TEXT] = {"expect_text", "the exact words, or /a pattern/", NULL, NULL, 0, 0},
    [FORM_PATH] = {"path", "a path, relative to this file", NULL, NULL, 0, 0},
    [FORM_PATHS] = {"paths", "a path, or a list of paths", NULL, NULL, 0, 0},
    [FORM_STORE] = {"store", "sqlite:FILE or postgres:CONNINFO", "(sqlite|postgres(ql)?):.+", NULL,
                    0, 0},
    [FORM_LISTEN] = {"listen", "ADDRESS:PORT",
                     "([A-Za-z0-9._*-]+|\\[[A-Fa-f0-9:.%]+\\]):[0-9]{1,4}", NULL, 0, 0},
    [FORM_URL] = {"url", "a web address", "https?://[^ ]+", NULL, 0, 0},
    [FORM_SEED] = {"seed", "a whole number from 0", "[0-9]{1,18}", "integer", 0, 2147483647},
    [FORM_INPUTS] = {"inputs", "{PLUGIN: {INPUT: value}}", NULL, NULL, 0, 0},
    [FORM_CHAT] = {"chat", "a platform and its block of options", NULL, NULL, 0, 0},
    [FORM_INTAKE_NAME] = {"intake_name", "a word that can stand in a web address",
                          "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}", "number", 0, 0},
    [FORM_HEADER] = {"header", "the name of a header", "[A-Za-z][A-Za-z0-9_-]{0,59}", NULL, 0, 0},
    [FORM_CURRENCY] = {"currency", "three capital letters", "[A-Z]{3}", NULL, 0, 0},
    [FORM_MAP_PATH] = {"map_path", "a path, such as $.deal.id", "\\$\\$?" MAP_STEP "*", NULL, 0, 0},
    [FORM_MAP_VALUE] = {"map_value", "a path, such as $.deal.id, or the value itself",
                        "[^$].*|\\$\\$?" MAP_STEP "*", "number", 0, 0},
    [FORM_SECRET] = {"secret", "the place of a secret: credential:NAME, file:PATH or env:NAME",
                     "((credential|env):[^/ =]+|file:.+)", NULL, 0, 0},
    [FORM_REMIND] = {"remind", "a list of at most two times", NULL, NULL, 0, 0},
    [FORM_HOURS] = {"hours", "START-END, with days in front if they are not Monday to Friday",
                    "(" WEEK_LIST "(, ?" WEEK_LIST ")* )?(" WORK_TIME ")", NULL, 0, 0},
    [FORM_LEAVE] = {"leave", "days, as DATE or DATE to DATE; one or a list", NULL, NULL, 0, 0},
    [FORM_ARMS] = {"arms", "{ARM: probability, ARM: probability}", NULL, NULL, 0, 0},
    [FORM_RAMP] = {"ramp", "a share of the team a day, such as 10%, or off",
                   "([1-9][0-9]?|100)%|off", NULL, 0, 0},
    [FORM_GATE_ID] = {"gate_id", "small letters, digits and '_'", "[a-z0-9_]{1,60}", NULL, 0, 0},
};

const struct form *form_get(enum key_form form)
{
    return &forms[form];
}

enum key_form form_of_key(const struct key *key)
{
    switch (key->type) {
    case KEY_TEXT:
        return FORM_TEXT;
    case KEY_NAME:
        return FORM_NAME;
    case KEY_BOOL:
        return FORM_BOOL;
    case KEY_INT:
        return FORM_INT;
    case KEY_LENGTH:
        return FORM_LENGTH;
    case KEY_WORKING:
        return FORM_WORKING;
    case KEY_DATE:
        return FORM_DATE;
    case KEY_WORD:
        return FORM_WORD;
    case KEY_TEXTS:
        return FORM_TEXTS;
    case KEY_EVENTS:
        return FORM_EVENTS;
    case KEY_MAP:
        return FORM_NONE;
    case KEY_OTHER:
        break;
    }
    return key->form != FORM_NONE || !key->words ? key->form : FORM_WORD;
}

const char *block_word(const struct block *block)
{
    static const struct {
        const char *name, *word;
    } words[] = {
        {"an event with its tests", "filter"},
        {"'missing'", "missing"},
        {"a person of a test", "test-person"},
        {"something given", "given"},
        {"something expected", "expect"},
        {"a test file", "test-file"},
        {"the question of a step", "step-question"},
        {"the plan of a step", "step-plan"},
        {"the request of a step", "step-request"},
        {"shares of areas", "mix-area"},
        {"shares of kinds", "mix-kind"},
        {"other shares", "mix-transformation"},
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_eq(words[i].name, block->name))
            return words[i].word;
    }
    if (str_starts(block->name, "a "))
        return block->name + 2;
    return block->name + (str_starts(block->name, "an ") ? 3 : 0);
}
