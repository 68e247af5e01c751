/* The ramp: who gets a new rule when, and that nobody loses it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

enum { WEST = 25, EAST = 9 };

static const char head[] =
    "plugin: p\nabout: A plugin of a test.\nversion: %d\narea: opportunity\nquestions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\nrules:\n%s";

static const char two_rules[] = "  - {rule: a, when: deal.stage_changed, ask: q}\n"
                                "  - {rule: b, when: deal.won, ask: q, ramp: 50%}\n"
                                "  - {rule: c, when: deal.lost, ask: q, ramp: off}\n"
                                "  - {rule: d, when: deal.deleted, tell: \"Gone.\", class: alert}\n"
                                "  - {rule: e, when: deal.created, ask: q, for: 2h, inhibit: f}\n"
                                "  - {rule: f, when: deal.reopened, ask: q, ramp: off}\n";

static void people_of(struct strbuf *out)
{
    strbuf_puts(out, "teams:\n  - {id: west, zone: America/Denver}\n"
                     "  - {id: east, zone: America/Denver}\npeople:\n");
    for (int i = 0; i < WEST + EAST; i++)
        strbuf_printf(out, "  - {id: rep%02d, team: %s}\n", i, i < WEST ? "west" : "east");
}

static struct book *book_of(struct rig *rig, int version, const char *config)
{
    struct strbuf people = {0};
    char rules[1024];
    people_of(&people);
    (void)snprintf(rules, sizeof(rules), head, version, two_rules);
    struct book *book = rig_book(
        rig,
        &(struct rig_text){.people = strbuf_text(&people), .config = config, .plugins = {rules}});
    strbuf_done(&people);
    return book;
}

static const char no_caps[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                              "open_conversations: 50, back_off_after: 100, cool_off: false}\n";
static const char easy_first[] =
    "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, open_conversations: 50, "
    "back_off_after: 100, cool_off: false, easy_first: true}\n";
static const char no_ramp[] = "limits: {ramp: off, cool_off: false}\n";

static void start(struct rig *rig, const struct rig_text *text)
{
    rig_init(rig, text, "2026-03-02 08:00"); /* a Monday */
    rig->options.ramp = true;
    core_free(rig->core);
    rig->core = core_new(rig->book, &rig->options);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void with(struct rig *rig, const char *config)
{
    struct strbuf people = {0};
    char rules[1024];
    people_of(&people);
    (void)snprintf(rules, sizeof(rules), head, 1, two_rules);
    start(rig,
          &(struct rig_text){.people = strbuf_text(&people), .config = config, .plugins = {rules}});
    strbuf_done(&people);
}

/* Whether the rule of that event passes the ramp for this rep now. */
static bool reaches(struct rig *rig, const char *when, enum event_type type, int rep)
{
    char id[8], deal[16];
    (void)snprintf(id, sizeof(id), "rep%02d", rep);
    (void)snprintf(deal, sizeof(deal), "D%d", rig->serial);
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    GIVE(rig, when, .type = type, .rep = id, .deal = deal, .to = "propose");
    return !strstr(strbuf_text(&rig->lines), " ramp\n");
}

static int count(struct rig *rig, const char *when, enum event_type type, int from, int until,
                 bool *had)
{
    int reached = 0;
    for (int i = from; i < until; i++) {
        bool now = reaches(rig, when, type, i);
        if (had && had[i] && !now)
            fail_msg("%s: rep%02d has lost it again", when, i);
        if (had)
            had[i] = now;
        reached += now;
    }
    return reached;
}

static void ramp_takes_ten_working_days(struct rig *rig)
{
    static const struct {
        const char *when;
        int reached;
    } days[] = {
        {"2026-03-02 10:00", 3},  {"2026-03-03 10:00", 5},  {"2026-03-04 10:00", 8},
        {"2026-03-05 10:00", 10}, {"2026-03-06 10:00", 13}, {"2026-03-09 10:00", 15},
        {"2026-03-10 10:00", 18}, {"2026-03-11 10:00", 20}, {"2026-03-12 10:00", 23},
        {"2026-03-13 10:00", 25},
    };
    bool had[WEST] = {false};
    with(rig, no_caps);
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        assert_int_equal(count(rig, days[i].when, EVENT_DEAL_STAGE_CHANGED, 0, WEST, had),
                         days[i].reached);
    assert_int_equal(count(rig, "2026-04-20 10:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, had), WEST);
}

static void ramp_leaves_small_teams_and_alerts_alone(struct rig *rig)
{
    with(rig, no_caps);
    assert_int_equal(
        count(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED, WEST, WEST + EAST, NULL), EAST);
    assert_int_equal(count(rig, "2026-03-02 10:01", EVENT_DEAL_DELETED, 0, WEST, NULL), WEST);
}

static void ramp_of_a_rule_goes_before_that_of_limits(struct rig *rig)
{
    with(rig, no_caps);
    assert_int_equal(count(rig, "2026-03-02 10:00", EVENT_DEAL_WON, 0, WEST, NULL), 13);
    assert_int_equal(count(rig, "2026-03-02 10:01", EVENT_DEAL_LOST, 0, WEST, NULL), WEST);
    assert_int_equal(count(rig, "2026-03-03 10:00", EVENT_DEAL_WON, 0, WEST, NULL), WEST);
}

static void ramp_can_be_switched_off(struct rig *rig)
{
    with(rig, no_ramp);
    assert_int_equal(count(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, NULL), WEST);
}

static void ramp_says_when_ones_turn_is(void **state)
{
    struct rig rig = {.full = true};
    int late = 0;
    (void)state;
    with(&rig, no_caps);
    for (int i = 0; i < WEST; i++) {
        (void)reaches(&rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED, i);
        late +=
            strstr(strbuf_text(&rig.lines), "{\"gate\":\"ramp\",\"ok\":false,\"why\":\"this rule "
                                            "set is new; your turn is on Fri 13 Mar\"}") != NULL;
    }
    assert_int_equal(late, 2); /* those of the tenth working day */
    rig_done(&rig);
}

/* At night it is not held for those whose turn it is not next morning. */
static void ramp_holds_nothing_back_for_later(struct rig *rig)
{
    int held = 0, refused = 0;
    with(rig, no_caps);
    for (int i = 0; i < WEST; i++) {
        (void)reaches(rig, "2026-03-02 22:00", EVENT_DEAL_STAGE_CHANGED, i);
        held += strstr(strbuf_text(&rig->lines), " a held hours\n") != NULL;
        refused += strstr(strbuf_text(&rig->lines), " a suppressed ramp\n") != NULL;
    }
    assert_int_equal(held, 5); /* those of the first two days */
    assert_int_equal(refused, WEST - 5);
}

/* A waiting rule silences the weaker one only for those whom it will reach. */
static void ramp_does_not_silence_for_a_rule_that_will_not_speak(struct rig *rig)
{
    int spoke = 0, silenced = 0;
    with(rig, no_caps);
    for (int i = 0; i < WEST; i++) {
        char id[8], deal[16];
        (void)snprintf(id, sizeof(id), "rep%02d", i);
        (void)snprintf(deal, sizeof(deal), "D%d", i);
        GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .rep = id, .deal = deal);
        strbuf_clear(&rig->lines);
        GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_REOPENED, .rep = id, .deal = deal);
        spoke += strstr(strbuf_text(&rig->lines), " f sent\n") != NULL;
        silenced += strstr(strbuf_text(&rig->lines), " f suppressed inhibit\n") != NULL;
    }
    assert_int_equal(silenced, 3);
    assert_int_equal(spoke, WEST - 3);
}

/* A new version is a new rule set: it starts over, in another order; a reload alone does not. */
static void ramp_begins_anew_with_a_version(struct rig *rig)
{
    bool had[WEST] = {false}, again[WEST] = {false};
    with(rig, no_caps);
    (void)count(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, had);
    assert_int_equal(count(rig, "2026-03-16 10:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, NULL), WEST);
    for (int version = 1; version <= 2; version++) {
        struct book *book = book_of(rig, version, NULL);
        book->limits = rig->book->limits;
        core_set_book(rig->core, book, rig->now, &rig->step);
        rig_take(rig);
        book_free(rig->book);
        rig->book = book;
        int reached = count(rig, "2026-03-16 11:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST,
                            version > 1 ? again : NULL);
        assert_int_equal(reached, version == 1 ? WEST : 3);
    }
    assert_memory_not_equal(had, again, sizeof(had));
}

/* People who come (again) to a team that has the rule do not make it new. */
static void ramp_goes_on_when_people_join(struct rig *rig)
{
    with(rig, no_caps);
    assert_int_equal(count(rig, "2026-03-16 10:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, NULL), WEST);
    for (int i = 0; i < WEST; i++) {
        char id[8];
        (void)snprintf(id, sizeof(id), "rep%02d", i);
        GIVE(rig, "2026-03-16 10:30", .type = EVENT_REP_JOINED, .rep = id, .team = "west");
    }
    assert_int_equal(count(rig, "2026-03-16 11:00", EVENT_DEAL_STAGE_CHANGED, 0, WEST, NULL), WEST);
}

static void with_practices(struct rig *rig, const char *config)
{
    struct strbuf people = {0};
    people_of(&people);
#define PRACTICE(id, estimate, event)                                                              \
    "plugin: " id "\nabout: A practice.\narea: opportunity\n" estimate "questions:\n  q-" id       \
    ": {kind: skill, reader: rep, text: \"What is next?\"}\n"                                      \
    "rules:\n  - {rule: of-" id ", when: " event ", ask: q-" id "}\n"
    start(rig, &(struct rig_text){
                   .people = strbuf_text(&people),
                   .config = config,
                   .plugins = {PRACTICE("a", "impact: 5\neffort: 5\n", "deal.stage_changed"),
                               PRACTICE("b", "impact: 4\neffort: 2\n", "deal.created"),
                               PRACTICE("c", "impact: 2\neffort: 1\n", "deal.reopened"),
                               PRACTICE("d", "impact: 4\neffort: 1\n", "deal.won"),
                               PRACTICE("e", "", "deal.amount_changed")}});
#undef PRACTICE
    strbuf_done(&people);
}

/* B82: on a new team the practices come one after another, a week apart, by impact for effort; of
 * equals the one that costs less is first */
static void catalogue_begins_with_what_is_easy(struct rig *rig)
{
    static const struct {
        enum event_type type;
        const char *before, *from; /* the last moment without it, and the first with it */
    } order[] = {
        {EVENT_DEAL_WON, NULL, "2026-03-02 10:00"},                         /* 4 for 1 */
        {EVENT_DEAL_REOPENED, "2026-03-06 16:00", "2026-03-09 10:00"},      /* 2 for 1 */
        {EVENT_DEAL_CREATED, "2026-03-13 16:00", "2026-03-16 10:00"},       /* 4 for 2 */
        {EVENT_DEAL_STAGE_CHANGED, "2026-03-20 16:00", "2026-03-23 10:00"}, /* 5 for 5 */
        {EVENT_DEAL_AMOUNT_CHANGED, NULL, "2026-03-23 11:00"},              /* no estimate */
    };
    with_practices(rig, easy_first);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        if (order[i].before)
            assert_false(reaches(rig, order[i].before, order[i].type, WEST));
        assert_true(reaches(rig, order[i].from, order[i].type, WEST));
    }
}

/* B82: without easy_first an estimate holds nothing back */
static void catalogue_waits_only_where_it_is_asked_for(struct rig *rig)
{
    with_practices(rig, no_caps);
    assert_true(reaches(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED, WEST));
    assert_true(reaches(rig, "2026-03-02 11:00", EVENT_DEAL_REOPENED, WEST));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(ramp_takes_ten_working_days),
        PLAY(ramp_leaves_small_teams_and_alerts_alone),
        PLAY(ramp_of_a_rule_goes_before_that_of_limits),
        PLAY(ramp_can_be_switched_off),
        PLAY(ramp_holds_nothing_back_for_later),
        PLAY(ramp_does_not_silence_for_a_rule_that_will_not_speak),
        PLAY(ramp_begins_anew_with_a_version),
        PLAY(ramp_goes_on_when_people_join),
        PLAY(catalogue_begins_with_what_is_easy),
        PLAY(catalogue_waits_only_where_it_is_asked_for),
    };
    const struct CMUnitTest tests[] = {cmocka_unit_test(ramp_says_when_ones_turn_is)};
    return play_run("ramp", cases, ARRAY_LEN(cases)) + cmocka_run_group_tests(tests, NULL, NULL);
}
