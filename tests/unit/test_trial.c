/* Experiments in the core: where the coin is tossed, what silence uses up, what counts as outcome,
 * and the rule that finds out that it does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/plugin_test.h"
#include "trial_rig.h"

/* B12: the arm and its probability stand in the decision */
static void coin_is_tossed_last_and_logged(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: t, when: deal.stage_changed, ask: q, " HOPE
              ", experiment: {arms: {this: 0.65, nothing: 0.35}}}\n",
         NULL, "this");
    rig->full = true;
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"arm\":\"this\",\"p\":0.65,"));
    json_t *note = only_note(rig);
    assert_string_equal(text_of(note, "outcome"), "sent");
    assert_string_equal(gate_at(note, 1), "coin");
    assert_string_equal(gate_at(note, 2), "evidence");
    json_decref(note);
    /* what a gate refuses is no occasion */
    MOVE(rig, "2026-03-02 11:00", "ana", "D2");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"variant\":null,\"p\":1,"));
    note = only_note(rig);
    assert_string_equal(gate_at(note, 1), "conversation");
    assert_null(json_object_get(note, "arm"));
    json_decref(note);
}

static void nothing_is_written_where_nothing_is_stored(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: t, when: deal.stage_changed, ask: q, " HOPE
              ", experiment: {arms: {this: 0.65, nothing: 0.35}}}\n"
              "  - {rule: u, when: deal.won, ask: s, pick: adaptive}\n",
         no_caps, "this");
    rig_store_nothing(rig);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    GIVE(rig, "2026-03-02 10:10", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    rig_click(rig, "2026-03-02 10:15", "ana", "skip", NULL);
    assert_non_null(strstr(strbuf_text(&rig->lines), "03-02 10:00 ana t sent\n"));
    assert_non_null(strstr(strbuf_text(&rig->lines), "03-02 10:10 ana u sent\n"));
    rig_until(rig, "2026-03-06 10:00"); /* the occasion is over and counted */
}

/* Silence uses up the rule's limit per deal and the moment, and none of the person's caps. */
static void nothing_counts_for_the_rule_and_not_for_the_person(struct rig *rig)
{
    with(rig,
         HEAD
         "  - {rule: a, when: deal.stage_changed, ask: q, limit: 1 per deal, priority: 5, " HOPE
         ", experiment: {arms: {this: 0.5, nothing: 0.5}}}\n"
         "  - {rule: b, when: deal.stage_changed, ask: q}\n",
         NULL, "nothing");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    rig_expect(rig, "03-02 10:00 ana a suppressed coin\n"
                    "03-02 10:00 ana b suppressed priority\n");
    MOVE(rig, "2026-03-02 11:00", "ana", "D1"); /* neither cap nor open conversation stops b */
    rig_expect(rig, "03-02 11:00 ana a suppressed limit\n"
                    "03-02 11:00 ana b sent\n");
    MOVE(rig, "2026-03-04 11:00", "ana", "D1");
    rig_expect(rig, "03-03 11:00 > ana: Still here when you have a moment:\nWhat is next?\n"
                    "03-04 11:00 ana a suppressed conversation\n"
                    "03-04 11:00 ana b suppressed conversation\n");
}

static void nothing_starts_the_cooldown_and_fills_the_week(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: a, when: deal.stage_changed, ask: q, cooldown: 1d, " HOPE
              ", experiment: {arms: {this: 0.5, nothing: 0.5}}}\n"
              "  - {rule: b, when: deal.won, ask: q, limit: 1 per week, " HOPE
              ", experiment: {arms: {q: 0.5, nothing: 0.5}}}\n",
         no_caps, "nothing");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 15:00", "ana", "D2");
    MOVE(rig, "2026-03-03 10:00", "ana", "D3");
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    GIVE(rig, "2026-03-09 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D3");
    rig_expect(rig, "03-02 10:00 ana a suppressed coin\n"
                    "03-02 15:00 ana a suppressed cooldown\n"
                    "03-03 10:00 ana a suppressed coin\n"
                    "03-04 10:00 ana b suppressed coin\n"
                    "03-05 10:00 ana b suppressed limit\n"
                    "03-09 10:00 ana b suppressed coin\n");
}

/* A held message is tossed when it is let go, once, and as it would have fallen at once. */
static void held_message_is_tossed_once(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: a, when: deal.stage_changed, ask: q, " HOPE
              ", experiment: {arms: {this: 0.5, nothing: 0.5}}}\n",
         no_caps, NULL);
    int sent = 0;
    for (int i = 0; i < 12; i++) {
        char when[32], deal[8];
        (void)snprintf(when, sizeof(when), "2026-03-02 %02d:%02d", 20 + i / 6, i % 6 * 10);
        (void)snprintf(deal, sizeof(deal), "D%d", i);
        MOVE(rig, when, "ana", deal);
        assert_null(strstr(strbuf_text(&rig->lines), "coin"));
    }
    rig_until(rig, "2026-03-03 12:00");
    for (const char *line = strbuf_text(&rig->lines); (line = strstr(line, " a sent\n")); line++)
        sent++;
    /* of those that were released at one moment one speaks, or one keeps the moment silent */
    assert_true(sent <= 1);
    assert_true(sent || strstr(strbuf_text(&rig->lines), "suppressed coin"));
}

static void arms_that_name_questions_ask_them(void **state)
{
    static const char rules[] = HEAD "  - {rule: a, when: deal.stage_changed, ask: [q, s], " HOPE
                                     ", experiment: {arms: {q: 0.3, s: 0.3, nothing: 0.4}}}\n";
    static const struct {
        const char *arm, *text;
    } cases[] = {{"q", "What is next?"}, {"s", ", then?"}, {"nothing", NULL}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct rig rig = {.full = true};
        with(&rig, rules, NULL, cases[i].arm);
        MOVE(&rig, "2026-03-02 10:00", "ana", "D1");
        json_t *note = only_note(&rig);
        assert_string_equal(text_of(note, "arm"), cases[i].arm);
        assert_int_equal(p_of(note) * 1000 + 0.5, i < 2 ? 300 : 400);
        assert_int_equal(json_is_string(json_object_get(note, "text")), cases[i].text != NULL);
        if (cases[i].text)
            assert_non_null(strstr(text_of(note, "text"), cases[i].text));
        json_decref(note);
        rig_done(&rig);
    }
}

/* r needs the deal's contact: without one no arm is tossed, q neither. */
static void occasion_needs_words_in_every_arm(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: a, when: deal.stage_changed, ask: [q, r], " HOPE
              ", experiment: {arms: {q: 0.5, r: 0.5}}}\n",
         no_caps, "q");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .to = "discover", .contact = "Rosa");
    rig_expect(rig, "03-02 10:00 ana a suppressed evidence\n"
                    "03-02 11:00 ana a sent\n");
}

/* --- frequencies --- */

/* Source: chi-square, upper 0.1 % with 2 degrees of freedom. */
#define CHI_SQUARE_MOST 13.816

static void coin_falls_as_often_as_it_says(void **state)
{
    enum { REPS = 3000 };
    static const int p[] = {500, 300, 200};
    static const char *const arms[] = {"q", "s", "nothing"};
    struct rig rig = {.full = true};
    int counts[3] = {0};
    double chi = 0;
    (void)state;
    rig_init(&rig,
             &(struct rig_text){
                 .people = PEOPLE,
                 .config = no_caps,
                 .plugins = {HEAD "  - {rule: a, when: deal.stage_changed, ask: [q, s], " HOPE
                                  ", experiment: {arms: {q: 0.5, s: 0.3, nothing: 0.2}}}\n"}},
             "2026-03-02 09:00");
    rig.options.every_owner = true;
    core_free(rig.core);
    rig.core = core_new(rig.book, &rig.options);
    rig_start(&rig);
    for (int i = 0; i < REPS; i++) {
        char rep[16];
        (void)snprintf(rep, sizeof(rep), "rep%d", i);
        MOVE(&rig, "2026-03-02 09:00", rep, "D1");
        json_t *note = only_note(&rig);
        for (int arm = 0; arm < 3; arm++)
            counts[arm] += str_eq(text_of(note, "arm"), arms[arm]);
        json_decref(note);
    }
    for (int arm = 0; arm < 3; arm++) {
        double wanted = REPS * p[arm] / 1000.0, off = counts[arm] - wanted;
        chi += off * off / wanted;
    }
    assert_int_equal(counts[0] + counts[1] + counts[2], REPS);
    if (chi > CHI_SQUARE_MOST)
        fail_msg("%d, %d, %d of %d: chi-square %.2f", counts[0], counts[1], counts[2], REPS, chi);
    rig_done(&rig);
}

/* --- outcomes against a reference that has all the time in the world --- */

enum { EVENTS = 1500, OCCASIONS_MAX = EVENTS };

struct happened {
    msec_t time, heard;
    const char *rep, *deal, *kind;
    char id[16];
};

struct occasion {
    msec_t at;
    char rep[8], deal[8], arm[8];
};

struct stream {
    uint64_t random;
    struct happened calls[EVENTS];
    size_t call_count;
    struct occasion occasions[OCCASIONS_MAX];
    size_t occasion_count;
};

static unsigned roll(struct stream *s, unsigned sides)
{
    s->random = s->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(s->random >> 33) % sides;
}

static void note_occasions(struct stream *s, struct rig *rig)
{
    const char *place = strbuf_text(&rig->lines);
    for (json_t *note; (note = next_note(&place)); json_decref(note)) {
        struct occasion *o = &s->occasions[s->occasion_count];
        if (!json_object_get(note, "arm"))
            continue;
        assert_int_equal(msec_parse(text_of(note, "at"), &o->at), 0);
        (void)snprintf(o->rep, sizeof(o->rep), "%s", text_of(note, "rep"));
        (void)snprintf(o->deal, sizeof(o->deal), "%s", text_of(note, "deal"));
        (void)snprintf(o->arm, sizeof(o->arm), "%s", text_of(note, "arm"));
        s->occasion_count++;
    }
    strbuf_clear(&rig->lines);
}

enum { WITHIN = 2 * MSEC_DAY, LATE = MSEC_DAY };

static bool reference_hit(const struct stream *s, const struct occasion *o)
{
    for (size_t i = 0; i < s->call_count; i++) {
        const struct happened *h = &s->calls[i];
        if (str_eq(h->kind, "call") && str_eq(h->rep, o->rep) && str_eq(h->deal, o->deal) &&
            h->time > o->at && h->time <= o->at + WITHIN && h->heard < o->at + WITHIN + LATE)
            return true;
    }
    return false;
}

/* Counts and hits of one arm by the rows that were stored; all people together. */
static void stored(const struct rig *rig, const char *arm, int64_t *ret_count, int64_t *ret_hits)
{
    *ret_count = *ret_hits = 0;
    for (size_t i = 0; i < rig->count; i++) {
        const struct rig_row *row = &rig->rows[i];
        char wanted[32];
        long long count, hits;
        (void)snprintf(wanted, sizeof(wanted), "=a|%s|", arm);
        if (row->kind != STATE_TRIAL || !row->value || !str_starts(row->key, wanted))
            continue;
        const char *text = strstr(row->value, "\"count\":");
        assert_int_equal(sscanf(text, "\"count\":%lld,\"hits\":%lld", &count, &hits), 2);
        *ret_count += count;
        *ret_hits += hits;
    }
}

static size_t open_rows(const struct rig *rig)
{
    size_t count = 0;
    for (size_t i = 0; i < rig->count; i++)
        count += rig->rows[i].kind == STATE_TRIAL && rig->rows[i].value && *rig->rows[i].key != '=';
    return count;
}

static void hear(struct stream *s, struct rig *rig, msec_t at)
{
    static const char *const reps[] = {"ana", "ben"};
    static const char *const deals[] = {"D1", "D2", "D3"};
    static const char *const kinds[] = {"call", "call", "email"};
    struct happened *h = &s->calls[s->call_count];
    bool again = s->call_count && roll(s, 8) == 0;
    if (again) {
        h = &s->calls[roll(s, (unsigned)s->call_count)]; /* comes a second time */
    } else {
        s->call_count++;
        *h = (struct happened){.time = at - (roll(s, 3) ? 0 : (msec_t)roll(s, 80) * MSEC_HOUR),
                               .heard = at,
                               .rep = reps[roll(s, 2)],
                               .deal = deals[roll(s, 3)],
                               .kind = kinds[roll(s, 3)]};
        (void)snprintf(h->id, sizeof(h->id), "call%zu", s->call_count);
    }
    struct event event = rig_event(rig,
                                   (struct event){.type = EVENT_ACTIVITY_LOGGED,
                                                  .id = h->id,
                                                  .rep = h->rep,
                                                  .deal = h->deal,
                                                  .kind = h->kind},
                                   h->time);
    event.at = at;
    rig_step(rig, &event);
}

static void play_stream(uint64_t seed, bool restarts)
{
    struct stream *s = NEW(struct stream);
    struct rig rig = {0};
    static const char *const arms[] = {"this", "nothing"};
    s->random = seed;
    rig.full = true;
    rig.restarts = restarts;
    with(&rig,
         HEAD "  - {rule: a, when: deal.stage_changed, tell: \"A word.\", class: alert, " HOPE
              ", experiment: {arms: {this: 0.6, nothing: 0.4}}}\n",
         NULL, NULL);
    for (int i = 0; i < EVENTS / (restarts ? 5 : 1); i++) {
        msec_t at = rig.now + (msec_t)roll(s, 240) * MSEC_MINUTE;
        rig_until_msec(&rig, at);
        note_occasions(s, &rig);
        if (roll(s, 3)) {
            hear(s, &rig, at);
            continue;
        }
        char deal[8];
        (void)snprintf(deal, sizeof(deal), "D%u", 1 + roll(s, 3));
        struct event event = rig_event(&rig,
                                       (struct event){.type = EVENT_DEAL_STAGE_CHANGED,
                                                      .rep = roll(s, 2) ? "ana" : "ben",
                                                      .deal = deal,
                                                      .to = "propose"},
                                       at);
        event.at = at;
        rig_step(&rig, &event);
        note_occasions(s, &rig);
    }
    rig_until_msec(&rig, rig.now + 10 * MSEC_DAY);
    note_occasions(s, &rig);
    assert_int_equal(open_rows(&rig), 0);
    assert_true(s->occasion_count > (restarts ? 50 : 300));
    for (int arm = 0; arm < 2; arm++) {
        int64_t count, hits, wanted = 0, wanted_hits = 0;
        for (size_t i = 0; i < s->occasion_count; i++) {
            if (!str_eq(s->occasions[i].arm, arms[arm]))
                continue;
            wanted++;
            wanted_hits += reference_hit(s, &s->occasions[i]);
        }
        stored(&rig, arms[arm], &count, &hits);
        assert_int_equal(count, wanted);
        assert_int_equal(hits, wanted_hits);
        assert_true(hits > 10 && hits < count); /* the stream has both */
    }
    rig_done(&rig);
    free(s);
}

/* B12: the effect can be worked out again from what was decided and heard */
static void outcomes_are_those_of_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        play_stream(seed, false);
}

static void outcomes_survive_a_restart_after_each_step(void **state)
{
    (void)state;
    for (uint64_t seed = 11; seed <= 13; seed++)
        play_stream(seed, true);
}

/* The daemon may hear of an event before it has run its timers: what comes too late must not count
 * for that reason. */
static void outcome_heard_after_the_end_is_too_late(struct rig *rig)
{
    static const struct {
        msec_t heard;
        int hits;
    } cases[] = {{WITHIN + LATE - 1, 1}, {WITHIN + LATE, 0}, {WITHIN + LATE + MSEC_DAY, 0}};
    int64_t count = 0, hits = 0, before = 0;
    with(rig,
         HEAD "  - {rule: a, when: deal.stage_changed, tell: \"A word.\", class: alert, " HOPE
              ", experiment: {arms: {this: 0.5, nothing: 0.5}}}\n",
         NULL, "this");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        msec_t at = rig_time(rig, "2026-03-02 10:00") + (msec_t)i * 14 * MSEC_DAY;
        rig_until_msec(rig, at);
        struct event moved = rig_event(
            rig,
            (struct event){
                .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1", .to = "propose"},
            at);
        moved.at = at;
        rig_step(rig, &moved);
        struct event call = rig_event(
            rig,
            (struct event){
                .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1", .kind = "call"},
            at + MSEC_HOUR);
        call.at = at + cases[i].heard;
        rig_step(rig, &call); /* no tick in between */
        rig_until_msec(rig, at + 10 * MSEC_DAY);
        stored(rig, "this", &count, &hits);
        assert_int_equal(count, i + 1);
        assert_int_equal(hits - before, cases[i].hits);
        before = hits;
    }
}

/* --- the rule that does harm --- */

enum { TEAM = 20, HARM_REPS = TEAM };

static const char harm_rules[] =
    "plugin: p\nabout: A plugin of a test.\nversion: %d\narea: opportunity\nrules:\n"
    "  - {rule: a, about: a word about the move, when: deal.stage_changed, tell: \"A word.\", "
    "class: alert, " HOPE ", experiment: {arms: {this: 0.5, nothing: 0.5}}}\n";

static void team_of(struct strbuf *out)
{
    strbuf_puts(out, "teams:\n  - {id: west, manager: dana, zone: America/Denver}\npeople:\n"
                     "  - {id: dana, name: Dana Okafor, role: manager}\n");
    for (int i = 0; i < TEAM; i++)
        strbuf_printf(out, "  - {id: rep%02d, team: west}\n", i);
}

static struct book *harm_book(struct rig *rig, const char *people, int version)
{
    char rules[1024];
    (void)snprintf(rules, sizeof(rules), harm_rules, version);
    return rig_book(rig, &(struct rig_text){.people = people, .plugins = {rules}});
}

static void harm_init(struct rig *rig, const char *people, uint64_t seed)
{
    char rules[1024];
    (void)snprintf(rules, sizeof(rules), harm_rules, 1);
    rig_init(rig, &(struct rig_text){.people = people, .plugins = {rules}}, "2026-03-02 09:00");
    rig->options.seed = seed;
    core_free(rig->core);
    rig->core = core_new(rig->book, &rig->options);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static bool ends_with(const struct rig *rig, const char *end)
{
    size_t length = strlen(end);
    return rig->lines.len >= length &&
           str_eq(strbuf_text(&rig->lines) + rig->lines.len - length, end);
}

/* One occasion for each rep; whether a call follows depends on the arm: chances in percent. */
static void harm_asks(struct rig *rig, struct stream *s, int with_message, int without)
{
    msec_t at = rig->now;
    for (int i = 0; i < TEAM; i++) {
        char rep[8], deal[16];
        (void)snprintf(rep, sizeof(rep), "rep%02d", i);
        (void)snprintf(deal, sizeof(deal), "D%d", ++rig->serial);
        happen(rig, at,
               (struct event){
                   .type = EVENT_DEAL_STAGE_CHANGED, .rep = rep, .deal = deal, .to = "propose"});
        bool sent = ends_with(rig, " a sent\n");
        if (!sent && !ends_with(rig, " a suppressed coin\n"))
            continue; /* paused */
        if (roll(s, 100) < (unsigned)(sent ? with_message : without))
            happen(rig, at + 1,
                   (struct event){
                       .type = EVENT_ACTIVITY_LOGGED, .rep = rep, .deal = deal, .kind = "call"});
    }
}

static void harm_round(struct rig *rig, struct stream *s, int with_message, int without)
{
    msec_t at = rig->now;
    harm_asks(rig, s, with_message, without);
    rig_until_msec(rig, at + 4 * MSEC_DAY);
}

static bool paused(const struct rig *rig)
{
    struct rule_view view;
    return core_rule_at(rig->core, "a", &view) && view.paused_at != MSEC_NONE;
}

static void harmful_rule_pauses_itself_and_says_so(struct rig *rig)
{
    struct strbuf people = {0};
    struct stream *s = NEW(struct stream);
    s->random = 5;
    team_of(&people);
    harm_init(rig, strbuf_text(&people), 3);
    int rounds = 0;
    while (!paused(rig) && rounds++ < 10)
        harm_round(rig, s, 10, 60);
    assert_in_range(rounds, 3, 8); /* not before each arm has 30 occasions */
    const char *told =
        strstr(strbuf_text(&rig->lines), "> dana: I have paused the rule “a” (a word "
                                         "about the move), because it seems to do "
                                         "harm.");
    assert_non_null(told);
    assert_non_null(strstr(told, "gritctl resume --rule a"));
    assert_null(strstr(told + 20, "I have paused")); /* once, to the one manager */
    strbuf_clear(&rig->lines);
    MOVE(rig, "2026-05-04 10:00", "rep03", "X1");
    rig_expect(rig, "05-04 10:00 rep03 a suppressed paused_rule\n");
    GIVE(rig, "2026-05-04 11:00", .type = EVENT_RESUME, .rule = "a");
    assert_false(paused(rig));
    MOVE(rig, "2026-05-04 12:00", "rep03", "X2");
    assert_null(strstr(strbuf_text(&rig->lines), "paused_rule"));
    free(s);
    strbuf_done(&people);
}

/* How often it has looked is part of what it knows: each look asks for more. */
static void looks_are_remembered(struct rig *rig)
{
    struct strbuf people = {0};
    struct stream *s = NEW(struct stream);
    s->random = 5;
    team_of(&people);
    harm_init(rig, strbuf_text(&people), 3);
    int told = 0;
    for (int i = 0; i < 8; i++) {
        msec_t at = rig->now;
        rig->full = false;
        harm_asks(rig, s, 40, 40);
        rig->full = true;
        strbuf_clear(&rig->lines);
        rig_until_msec(rig, at + 4 * MSEC_DAY);
        const char *line = strbuf_text(&rig->lines);
        while ((line = strstr(line, "STATE 9 a {"))) {
            line++;
            told++;
        }
    }
    assert_int_equal(told, 2);
    assert_non_null(strstr(rig_row(rig, STATE_RULE, "a")->value, "\"looks\":2}")); /* 30 and 60 */
    free(s);
    strbuf_done(&people);
}

static void higher_version_begins_anew(struct rig *rig)
{
    struct strbuf people = {0};
    struct stream *s = NEW(struct stream);
    int64_t count, hits;
    s->random = 5;
    team_of(&people);
    harm_init(rig, strbuf_text(&people), 3);
    for (int i = 0; i < 10 && !paused(rig); i++)
        harm_round(rig, s, 10, 60);
    assert_true(paused(rig));
    struct book *same = harm_book(rig, strbuf_text(&people), 1);
    core_set_book(rig->core, same, rig->now, &rig->step);
    rig_take(rig);
    assert_true(paused(rig)); /* a reload alone changes nothing */
    struct book *next = harm_book(rig, strbuf_text(&people), 2);
    core_set_book(rig->core, next, rig->now, &rig->step);
    rig_take(rig);
    book_free(same);
    book_free(rig->book);
    rig->book = next;
    assert_false(paused(rig));
    stored(rig, "this", &count, &hits);
    assert_int_equal(count, 0);
    assert_int_equal(open_rows(rig), 0);
    strbuf_clear(&rig->lines);
    harm_round(rig, s, 50, 50);
    assert_non_null(strstr(strbuf_text(&rig->lines), " a sent"));
    free(s);
    strbuf_done(&people);
}

/* Where the message changes nothing, at most 2.5 in 100 rules may be accused, though each looks at
 * itself time and again. */
static void harmless_rules_are_rarely_accused(void **state)
{
    enum { EXPERIMENTS = 800, ROUNDS = 16 };
    struct strbuf people = {0};
    struct rig rig = {0};
    struct stream *s = NEW(struct stream);
    int accused = 0;
    (void)state;
    s->random = 99;
    team_of(&people);
    harm_init(&rig, strbuf_text(&people), 0);
    for (int i = 0; i < EXPERIMENTS; i++) {
        core_free(rig.core);
        rig.options.seed = (uint64_t)i + 1;
        rig.core = core_new(rig.book, &rig.options);
        rig.now = rig_time(&rig, "2026-03-02 09:00");
        core_ready(rig.core, rig.now, &rig.step);
        for (int k = 0; k < ROUNDS && !paused(&rig); k++) {
            harm_round(&rig, s, 40, 40);
            for (size_t n = 0; n < rig.count; n++) { /* nothing is restarted here */
                free(rig.rows[n].key);
                free(rig.rows[n].value);
                free(rig.rows[n].rep);
            }
            rig.count = 0;
        }
        strbuf_clear(&rig.lines);
        accused += paused(&rig);
    }
    print_message("%d of %d harmless rules paused themselves\n", accused, EXPERIMENTS);
    assert_true(accused <= EXPERIMENTS * 25 / 1000);
    rig_done(&rig);
    free(s);
    strbuf_done(&people);
}

/* --- the tests of plugins --- */

static void tests_of_plugins_say_where_the_coin_falls(void **state)
{
    static const char yaml[] =
        HEAD "  - {rule: a, when: deal.won, ask: [q, s], " HOPE
             ", experiment: {arms: {nothing: 0.5, s: 0.3, q: 0.2}}}\n"
             "tests:\n"
             "  - test: speaks unless it is told otherwise\n"
             "    people: {ana: {zone: America/Denver}}\n"
             "    given: [{at: 2026-03-04 10:00, event: deal.won, rep: ana, deal: D1}]\n"
             "    expect: [{rule: a, rep: ana, text: /then/}]\n"
             "  - test: the other question\n    coin: q\n"
             "    people: {ana: {zone: America/Denver}}\n"
             "    given: [{at: 2026-03-04 10:00, event: deal.won, rep: ana, deal: D1}]\n"
             "    expect: [{rule: a, rep: ana, text: \"What is next?\"}]\n"
             "  - test: silence\n    coin: nothing\n"
             "    people: {ana: {zone: America/Denver}}\n"
             "    given: [{at: 2026-03-04 10:00, event: deal.won, rep: ana, deal: D1}]\n"
             "    expect: [{rule: a, rep: ana, outcome: suppressed, gate: coin}]\n";
    struct zones zones = {0};
    struct problems problems;
    struct book *book;
    struct plugin_tests *tests;
    struct load_counts counts;
    struct load_file plugin = {"a.yaml", yaml, sizeof(yaml) - 1};
    struct load_set set = {
        .plugins = &plugin, .plugin_count = 1, .zone = zones_get, .zone_user = &zones};
    (void)state;
    problems_init(&problems);
    int bad = load_book(&set, &problems, &counts, &book, &tests);
    struct strbuf told = {0};
    problems_print(&problems, &told);
    if (bad)
        fail_msg("%s", strbuf_text(&told));
    strbuf_done(&told);
    assert_int_equal(tests->count, 3);
    for (int i = 0; i < tests->count; i++) {
        struct plugin_test_options options = {.book = book, .zone = zones_get, .zone_user = &zones};
        struct plugin_test_result result;
        plugin_test_run(&tests->tests[i], &options, &result);
        if (!result.passed)
            fail_msg("%s: %s", tests->tests[i].name, strbuf_text(&result.reason));
        plugin_test_done(&result);
    }
    plugin_tests_free(tests);
    book_free(book);
    problems_done(&problems);
    zones_done(&zones);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(coin_is_tossed_last_and_logged),
        PLAY(nothing_is_written_where_nothing_is_stored),
        PLAY(nothing_counts_for_the_rule_and_not_for_the_person),
        PLAY(nothing_starts_the_cooldown_and_fills_the_week),
        PLAY(held_message_is_tossed_once),
        PLAY(occasion_needs_words_in_every_arm),
        PLAY(outcome_heard_after_the_end_is_too_late),
        PLAY(looks_are_remembered),
        PLAY(harmful_rule_pauses_itself_and_says_so),
        PLAY(higher_version_begins_anew),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_that_name_questions_ask_them),
        cmocka_unit_test(coin_falls_as_often_as_it_says),
        cmocka_unit_test(outcomes_are_those_of_the_reference),
        cmocka_unit_test(outcomes_survive_a_restart_after_each_step),
        cmocka_unit_test(tests_of_plugins_say_where_the_coin_falls),
        cmocka_unit_test(harmless_rules_are_rarely_accused),
    };
    return play_run("experiments", cases, ARRAY_LEN(cases)) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
