#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_tests.h"

static const char *const outcome_words[] = {"sent",      "held",   "expired", "suppressed",
                                            "cancelled", "missed", NULL};

/* --- times and people --- */

/* "10:00" or "10:00:30"; *ret_rest is what follows. */
static bool clock_parse(const char *text, struct civil *ret, const char **ret_rest)
{
    if (!digits_parse(text, 2, &ret->hour) || text[2] != ':' ||
        !digits_parse(text + 3, 2, &ret->minute))
        return false;
    *ret_rest = text + 5;
    if (text[5] == ':') {
        if (!digits_parse(text + 6, 2, &ret->second))
            return false;
        *ret_rest = text + 8;
    }
    return ret->hour <= 23 && ret->minute <= 59 && ret->second <= 59;
}

/* "2026-03-04 10:00" or with seconds; *ret_rest is what follows. */
static bool wall_parse(const char *text, struct civil *ret, const char **ret_rest)
{
    struct civil c = {0};
    char date[11] = "";
    if (strlen(text) < 16 || (text[10] != ' ' && text[10] != 'T'))
        return false;
    memcpy(date, text, 10);
    if (!date_ok(date) || !clock_parse(text + 11, &c, ret_rest))
        return false;
    *ret = c;
    return digits_parse(date, 4, &ret->year) && digits_parse(date + 5, 2, &ret->month) &&
           digits_parse(date + 8, 2, &ret->day);
}

static const struct tz *zone_of_person(const struct loading *load, const struct person_def *person,
                                       const struct book *book)
{
    const struct team_def *team = person->team ? book_team(book, person->team) : NULL;
    const char *name = person->zone ? person->zone : team ? team->zone : NULL;
    return name ? zone_find(load, name) : NULL;
}

static const struct tz *zone_of(const struct loading *load, const struct test_draft *draft,
                                const char *rep)
{
    const struct tz *zone = NULL;
    for (int i = 0; rep && i < draft->test.person_count; i++) {
        if (str_eq(draft->test.people[i].def.id, rep))
            zone = zone_of_person(load, &draft->test.people[i].def, load->book);
    }
    for (int i = 0; rep && !draft->test.person_count && i < load->book->person_count; i++) {
        if (str_eq(load->book->people[i].id, rep))
            zone = zone_of_person(load, &load->book->people[i], load->book);
    }
    if (!zone)
        zone = draft->zone;
    return zone ? zone : tz_utc();
}

bool test_read_time(struct reading *r, const struct node *node, const struct test_draft *draft,
                    const char *rep, const struct tz **ret_zone, msec_t *ret)
{
    const struct loading *load = loading_of(r);
    struct civil wall;
    const char *rest;
    const struct tz *zone = NULL;
    if (node->kind == NODE_SCALAR && !msec_parse(node->text, ret))
        return true;
    if (node->kind != NODE_SCALAR || !wall_parse(node->text, &wall, &rest) ||
        (*rest && (rest[0] != ' ' || !rest[1]))) {
        read_wrong(r, node, "a time",
                   "2026-03-04 10:00, 2026-03-04 10:00 America/Denver or 2026-03-04T17:00:00Z");
        return false;
    }
    if (*rest) {
        zone = zone_find(load, rest + 1);
        if (!zone) {
            zone_unknown(r, read_place(r, node), rest + 1);
            return false;
        }
        if (ret_zone)
            *ret_zone = zone;
    }
    *ret = tz_instant(zone ? zone : zone_of(load, draft, rep), &wall, TZ_GAP_END | TZ_PASS_FIRST);
    return true;
}

bool test_read_person(struct reading *r, const struct node *node, const struct test_draft *draft,
                      const char **ret)
{
    const struct book *book = loading_of(r)->book;
    const struct plugin_test *test = &draft->test;
    struct name_list names = {0};
    if (!read_name(r, node, ret))
        return false;
    for (int i = 0; i < test->person_count; i++)
        names_add(&names, test->people[i].def.id);
    for (int i = 0; !test->person_count && i < book->person_count; i++)
        names_add(&names, book->people[i].id);
    bool ok = names_have(&names, node->text) || !names.count;
    if (!ok)
        read_unknown(r, read_place(r, node), "unknown-person", "person", node->text, names.names,
                     (size_t)names.count);
    names_done(&names);
    return ok;
}

/* --- expect --- */

struct expect_draft {
    struct test_expect expect; /* first */
    const struct test_draft *test;
};

static void read_nothing(struct reading *r, const struct node *node, void *into)
{
    (void)r, (void)node, (void)into; /* read before the table: the other keys depend on it */
}

static void read_rule(struct reading *r, const struct node *node, void *into)
{
    if (read_name(r, node, &((struct expect_draft *)into)->expect.rule))
        (void)rule_check_name(r, node); /* told */
}

/* A team is a receiver like a person, with an id that no person has. */
static void read_team(struct reading *r, const struct node *node, void *into)
{
    struct expect_draft *draft = into;
    const struct book *book = loading_of(r)->book;
    const struct plugin_test *test = &draft->test->test;
    struct name_list names = {0};
    const char *team;
    if (!read_name(r, node, &team))
        return;
    for (int i = 0; i < test->person_count; i++) {
        if (test->people[i].def.team)
            names_add(&names, test->people[i].def.team);
    }
    for (int i = 0; !test->person_count && i < book->team_count; i++)
        names_add(&names, book->teams[i].id);
    if (!names_have(&names, team))
        read_unknown(r, read_place(r, node), "unknown-team", "team", team, names.names,
                     (size_t)names.count);
    else if (draft->expect.rep)
        read_error_at(r, read_key_place(r, node), "wrong-value",
                      "either 'rep' or 'team': who is this about");
    else
        draft->expect.rep = arena_printf(r->arena, "team:%s", team);
    names_done(&names);
}

static void free_regex(void *regex)
{
    cond_regex_free(regex);
}

/* Exact words, or /a pattern/. */
static void read_expect_text(struct reading *r, const struct node *node, void *into)
{
    struct test_expect *expect = &((struct expect_draft *)into)->expect;
    struct err err = {0};
    const char *text;
    if (!read_text(r, node, &text))
        return;
    size_t length = strlen(text);
    expect->text = text;
    if (length < 3 || text[0] != '/' || text[length - 1] != '/')
        return;
    expect->text = arena_strndup(r->arena, text + 1, length - 2);
    if (cond_regex_compile(expect->text, &err, &expect->regex))
        read_error(r, node, "bad-pattern", "%s", err.text);
    else
        plugin_made(plugin_of(r), free_regex, expect->regex);
}

static void read_outcome(struct reading *r, const struct node *node, void *into)
{
    int index;
    if (read_word(r, node, outcome_words, &index))
        ((struct expect_draft *)into)->expect.outcome = outcome_words[index];
}

#define AT(member) offsetof(struct expect_draft, expect.member)

static const struct key expect_keys[] = {
    {.name = "at",
     .type = KEY_OTHER,
     .read = read_nothing,
     .form = FORM_TEST_TIME,
     .example = "2026-03-04 10:00",
     .help = "When, in the rep's zone; default: at any time of the test"},
    {.name = "rep",
     .type = KEY_OTHER,
     .read = read_nothing,
     .form = FORM_NAME,
     .example = "ana",
     .help = "About whom"},
    {.name = "team",
     .type = KEY_OTHER,
     .read = read_team,
     .form = FORM_NAME,
     .example = "west",
     .help = "To which team, for rules with 'to: team'"},
    {.name = "rule",
     .type = KEY_OTHER,
     .read = read_rule,
     .form = FORM_RULE_ID,
     .example = "only-half-a-gate",
     .help = "Which rule decides"},
    {.name = "text",
     .type = KEY_OTHER,
     .read = read_expect_text,
     .form = FORM_EXPECT_TEXT,
     .example = "/in their own words/",
     .help = "The exact words, or /a pattern/"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .words = outcome_words,
     .read = read_outcome,
     .preset = "sent",
     .example = "held",
     .help = "sent held expired suppressed cancelled missed; default: sent"},
    {.name = "gate",
     .type = KEY_NAME,
     .at = AT(gate),
     .example = "hours",
     .help = "The gate that refused"},
    {.name = "not",
     .type = KEY_BOOL,
     .at = AT(negate),
     .preset = "false",
     .example = "true",
     .help = "There must be no such decision"},
    {.name = "count",
     .type = KEY_INT,
     .at = AT(count),
     .max = 100000,
     .example = "1",
     .help = "Exactly so many; default: at least one"},
};
#undef AT

static const struct block expect_block =
    BLOCK("something expected", expect_keys, "at, rep, rule, text, ...");

static void read_expect(struct reading *r, const struct node *node, struct test_draft *test)
{
    struct expect_draft draft = {.test = test};
    int errors = r->errors;
    const struct node *rep = node_get(node, "rep"), *at = node_get(node, "at");
    draft.expect.at = MSEC_NONE;
    draft.expect.count = -1;
    draft.expect.place = read_place(r, node);
    if (rep)
        (void)test_read_person(r, rep, test, &draft.expect.rep); /* told */
    if (at)
        (void)test_read_time(r, at, test, draft.expect.rep, NULL, &draft.expect.at); /* told */
    read_map(r, node, &expect_block, &draft);
    if (draft.expect.negate && draft.expect.count >= 0)
        read_error(r, node, "wrong-value", "'not' and 'count' exclude each other");
    if (r->errors == errors)
        test->test.expect[test->test.expect_count++] = draft.expect;
}

/* --- one test --- */

static void read_people(struct reading *r, const struct node *node, struct plugin_test *test)
{
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of people", "{ana: {zone: America/Denver}}");
        return;
    }
    test->people = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*test->people));
    for (const struct node *n = node->first; n; n = n->next) {
        struct test_person *person = &test->people[test->person_count++];
        person->def.id = arena_strdup(r->arena, n->key);
        person->def.place = read_key_place(r, n);
        if (!node_is_null(n))
            read_map(r, n, &test_person_block, person);
    }
}

static void read_expects(struct reading *r, const struct node *node, struct test_draft *draft)
{
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of decisions", "- {rep: ana, rule: only-half-a-gate}");
        return;
    }
    draft->test.expect =
        arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*draft->test.expect));
    for (const struct node *n = node->first; n; n = n->next)
        read_expect(r, n, draft);
}

static const struct key test_keys[] = {
    {.name = "test",
     .type = KEY_TEXT,
     .required = true,
     .at = offsetof(struct test_draft, test.name),
     .example = "asks for the customer's half",
     .help = "what it shows, in words"},
    {.name = "at",
     .type = KEY_OTHER,
     .read = read_nothing,
     .form = FORM_TEST_TIME,
     .example = "2026-03-04 10:00 America/Denver",
     .help = "The clock runs to here; default: the last time in the test"},
    {.name = "coin",
     .type = KEY_NAME,
     .at = offsetof(struct test_draft, test.coin),
     .example = "nothing",
     .help = "The arm on which the coins of experiments fall; default: the first that speaks"},
    {.name = "people",
     .type = KEY_OTHER,
     .read = read_nothing,
     .holds = HOLDS_NAMED,
     .block = &test_person_block,
     .help = "Who; default: the people of people.yaml"},
    {.name = "given",
     .type = KEY_OTHER,
     .read = read_nothing,
     .holds = HOLDS_LIST,
     .block = &given_block,
     .help = "What happens"},
    {.name = "expect",
     .type = KEY_OTHER,
     .required = true,
     .read = read_nothing,
     .holds = HOLDS_LIST,
     .block = &expect_block,
     .help = "what the rules decide"},
};

const struct block test_block = BLOCK("a test", test_keys, "test, at, people, given, expect");

/* The end of the test: what it says, or the last time it names. */
static void set_end(struct reading *r, const struct node *node, struct plugin_test *test)
{
    msec_t last = MSEC_NONE;
    for (int i = 0; i < test->given_count; i++)
        last = test->given[i].at > last ? test->given[i].at : last;
    for (int i = 0; i < test->expect_count; i++)
        last = test->expect[i].at > last ? test->expect[i].at : last;
    if (last == MSEC_NONE && test->at == MSEC_NONE)
        read_error(r, node, "missing-key", "the test has no time at all; give it 'at'");
    if (last > test->at)
        test->at = last;
}

static void read_test(struct reading *r, const struct node *node, void *into)
{
    struct plugin_reading *p = plugin_of(r);
    struct test_draft draft = {.test = {.at = MSEC_NONE}};
    const struct node *at = node_get(node, "at"), *people = node_get(node, "people");
    const struct node *given = node_get(node, "given"), *expect = node_get(node, "expect");
    int errors = r->errors;
    (void)into;
    draft.test.place = read_place(r, node);
    draft.test.plugin = p->part->plugin ? p->part->plugin->id : NULL;
    read_map(r, node, &test_block, &draft);
    if (people)
        read_people(r, people, &draft.test);
    if (at)
        (void)test_read_time(r, at, &draft, NULL, &draft.zone, &draft.test.at); /* told */
    if (given)
        test_read_given(r, given, &draft);
    if (expect)
        read_expects(r, expect, &draft);
    if (r->errors == errors)
        set_end(r, node, &draft.test);
    if (r->errors == errors)
        p->part->tests[p->part->test_count++] = draft.test;
}

void plugin_read_tests(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    struct arena *arena = r->arena;
    (void)part;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of tests", "- test: asks only for the customer's half");
        return;
    }
    /* tests may be freed before the book */
    r->arena = &p->f.load->tests->arena;
    p->part->tests =
        arena_alloc(&p->f.load->scratch, (size_t)(node->count + 1) * sizeof(*p->part->tests));
    read_each(r, node, read_test, NULL);
    r->arena = arena;
}

static void free_patterns(const struct plugin_test *test)
{
    for (int k = 0; k < test->expect_count; k++)
        cond_regex_free(test->expect[k].regex);
}

void plugin_forget_tests(struct loading *load, struct plugin_part *part)
{
    for (int i = 0; i < part->test_count; i++)
        free_patterns(&part->tests[i]);
    part->test_count = 0;
    arena_reset(&load->tests->arena);
}

void plugin_tests_free(struct plugin_tests *tests)
{
    if (!tests)
        return;
    for (int i = 0; i < tests->count; i++)
        free_patterns(&tests->tests[i]);
    arena_done(&tests->arena);
    free(tests);
}
