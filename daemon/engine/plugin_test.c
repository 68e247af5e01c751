#include "engine/plugin_test.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define TEST_SOURCE "/gritd/test"

enum { MESSAGES_MAX = 10000 };

/* One message that was said, as far as answering and comparing need it. */
struct said {
    msec_t at;
    const char *key, *to, *text;
    const char *rule; /* NULL: a reply or a reminder */
    const char *buttons[MESSAGE_BUTTONS_MAX];
    int button_count;
};

struct play {
    const struct plugin_test *test;
    const struct plugin_test_options *options;
    struct plugin_test_result *result;
    struct book book; /* the caller's, with the people of the test */
    struct core *core;
    struct step step;
    struct said *said;
    size_t count, cap;
    int serial;
};

/* --- people --- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct person_def *)a)->id, ((const struct person_def *)b)->id);
}

static bool has_person(const struct book *book, const char *id)
{
    for (int i = 0; i < book->person_count; i++) {
        if (str_eq(book->people[i].id, id))
            return true;
    }
    return false;
}

static struct team_def *team_slot(struct book *book, const char *id)
{
    for (int i = 0; i < book->team_count; i++) {
        if (str_eq(book->teams[i].id, id))
            return &book->teams[i];
    }
    book->teams[book->team_count] = (struct team_def){.id = id};
    return &book->teams[book->team_count++];
}

/* Only the teams that somebody of the test is in: others have nothing to do with it. A team without
 * a zone lives in that of its first person. */
static void keep_teams(struct book *book)
{
    int kept = 0;
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[i];
        struct team_def *team = person->team ? team_slot(book, person->team) : NULL;
        if (team && !team->zone && !person->manager)
            team->zone = person->zone;
    }
    for (int i = 0; i < book->team_count; i++) {
        bool used = false;
        for (int k = 0; k < book->person_count && !used; k++)
            used = str_eq(book->people[k].team, book->teams[i].id);
        if (used)
            book->teams[kept++] = book->teams[i];
    }
    book->team_count = kept;
}

/* A manager who is only named gets an entry, and the rep a team to have the manager of. */
static void add_manager(struct book *book, const struct test_person *person, int index,
                        struct arena *arena)
{
    struct person_def *rep = &book->people[index];
    if (!rep->team)
        rep->team = arena_printf(arena, "team of %s", rep->id);
    team_slot(book, rep->team)->manager = person->manager;
    if (!has_person(book, person->manager))
        book->people[book->person_count++] = (struct person_def){
            .id = person->manager, .manager = true, .zone = rep->zone, .place = rep->place};
}

/* A shallow copy of the book: everything but people and teams stays the caller's. */
static void make_book(struct play *play)
{
    const struct plugin_test *test = play->test;
    struct arena *arena = &play->result->arena;
    struct book *book = &play->book;
    *book = *play->options->book;
    if (!test->person_count)
        return;
    size_t most = (size_t)test->person_count * 2;
    const struct team_def *teams = book->teams;
    book->people = arena_alloc(arena, most * sizeof(*book->people));
    book->teams = arena_alloc(arena, ((size_t)book->team_count + most) * sizeof(*book->teams));
    for (int i = 0; i < book->team_count; i++)
        book->teams[i] = teams[i];
    book->person_count = test->person_count;
    for (int i = 0; i < test->person_count; i++)
        book->people[i] = test->people[i].def;
    for (int i = 0; i < test->person_count; i++) {
        if (test->people[i].manager)
            add_manager(book, &test->people[i], i, arena);
    }
    keep_teams(book);
    qsort(book->people, (size_t)book->person_count, sizeof(*book->people), by_id);
    book_index_speeches(book);
}

/* --- playing --- */

static void keep_decision(struct play *play, const struct decision *from)
{
    struct plugin_test_result *result = play->result;
    struct arena *arena = &result->arena;
    ARRAY_GROW(result->decisions, result->count, result->cap);
    struct decision *kept = &result->decisions[result->count++];
    *kept = *from;
    kept->rep = arena_strdup(arena, from->rep);
    kept->rule = arena_strdup(arena, from->rule);
    kept->occurrence = arena_strdup(arena, from->occurrence);
    kept->outcome = arena_strdup(arena, from->outcome);
    kept->deal = arena_strdup(arena, from->deal);
    kept->arm = arena_strdup(arena, from->arm);
    kept->text = arena_strdup(arena, from->text);
    for (int i = 0; i < from->gate_count; i++) {
        kept->gates[i].gate = arena_strdup(arena, from->gates[i].gate);
        kept->gates[i].why = arena_strdup(arena, from->gates[i].why);
    }
}

/* A message that was changed can have a button that it did not have before. */
static void keep_change(struct play *play, const struct message *from)
{
    for (size_t i = play->count; i-- > 0;) {
        struct said *said = &play->said[i];
        if (!str_eq(said->key, from->target))
            continue;
        for (int k = 0; k < from->button_count; k++) {
            bool known = said->button_count == MESSAGE_BUTTONS_MAX;
            for (int old = 0; old < said->button_count && !known; old++)
                known = str_eq(said->buttons[old], from->buttons[k].id);
            if (!known)
                said->buttons[said->button_count++] =
                    arena_strdup(&play->result->arena, from->buttons[k].id);
        }
        return;
    }
}

static void keep_message(struct play *play, const struct message *from)
{
    struct arena *arena = &play->result->arena;
    if (from->op == MESSAGE_UPDATE)
        keep_change(play, from);
    if (from->op != MESSAGE_POST || play->count == MESSAGES_MAX)
        return;
    ARRAY_GROW(play->said, play->count, play->cap);
    struct said *kept = &play->said[play->count++];
    *kept = (struct said){.at = play->step.now,
                          .key = arena_strdup(arena, from->key),
                          .to = arena_strdup(arena, from->to),
                          .text = arena_strdup(arena, from->text),
                          .rule = arena_strdup(arena, from->rule),
                          .button_count = from->button_count};
    for (int i = 0; i < from->button_count; i++)
        kept->buttons[i] = arena_strdup(arena, from->buttons[i].id);
}

static void take_step(struct play *play, const struct event *event)
{
    core_step(play->core, event, &play->step);
    for (size_t i = 0; i < play->step.count; i++) {
        const struct intent *intent = &play->step.intents[i];
        switch (intent->type) {
        case INTENT_NOTE:
            keep_decision(play, &intent->note);
            break;
        case INTENT_SEND:
            keep_message(play, &intent->send);
            break;
        case INTENT_STATE:
            break;
        }
    }
}

/* Everything that is due by `until`, which is part of it. */
static void run_until(struct play *play, msec_t until)
{
    for (msec_t wake; (wake = core_next_wake(play->core)) <= until;) {
        struct event tick;
        event_init(&tick, EVENT_TICK, wake < play->step.now ? play->step.now : wake);
        take_step(play, &tick);
    }
}

static void complain(struct play *play, const struct source_place *place, const char *text)
{
    play->result->passed = false;
    strbuf_printf(&play->result->reason, "line %d: %s\n", place->line, text);
}

/* The newest message to this person that has the button, and is of that step where one is named. */
static const struct said *with_button(const struct play *play, const char *to, const char *button,
                                      const char *step)
{
    for (size_t i = play->count; i-- > 0;) {
        const struct said *said = &play->said[i];
        if (step && !str_eq(core_message_question(play->core, said->key), step))
            continue;
        for (int k = 0; k < said->button_count && str_eq(said->to, to); k++) {
            if (str_eq(said->buttons[k], button))
                return said;
        }
    }
    return NULL;
}

/* An answer is given by its button and not as words in the chat, so that an answer like "later" is
 * an answer. */
static bool give_click(struct play *play, const struct test_given *given, struct event *event)
{
    struct arena *arena = &play->result->arena;
    bool answer = given->kind == TEST_ANSWER;
    event->type = EVENT_CLICKED;
    event->button = answer ? "answer" : given->text;
    event->text = answer ? given->text : NULL;
    const struct said *said = with_button(play, given->rep, event->button, given->step);
    if (said) {
        event->message = said->key;
        return true;
    }
    complain(play, &given->place,
             arena_printf(arena, "%s has no message%s%s with the button '%s' at that time",
                          given->rep, given->step ? " of " : "", given->step ? given->step : "",
                          event->button));
    return false;
}

static void give(struct play *play, const struct test_given *given)
{
    struct event event = given->event;
    run_until(play, given->at);
    event.time = given->at;
    event.at = given->at < play->step.now ? play->step.now : given->at;
    event.id = arena_printf(&play->result->arena, "test-%d", ++play->serial);
    event.source = TEST_SOURCE;
    event.key = event_key(event.source, event.id);
    if (given->kind != TEST_EVENT) {
        event.rep = NULL;
        event.chat = given->rep;
    }
    if (given->kind == TEST_SAY) {
        event.type = EVENT_SAID;
        event.text = given->text;
    } else if (given->kind != TEST_EVENT && !give_click(play, given, &event)) {
        return;
    }
    take_step(play, &event);
}

/* --- comparing --- */

static bool text_fits(const struct test_expect *expect, const char *text)
{
    if (!expect->text)
        return true;
    if (!text || !expect->regex)
        return str_eq(expect->text, text);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(expect->regex, NULL);
    if (!data)
        alloc_none();
    int found = pcre2_match(expect->regex, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL);
    pcre2_match_data_free(data);
    return found >= 0;
}

static bool time_fits(const struct test_expect *expect, msec_t at)
{
    return expect->at == MSEC_NONE || (at >= expect->at && at < expect->at + MSEC_MINUTE);
}

static const char *refusing_gate(const struct decision *decision)
{
    for (int i = 0; i < decision->gate_count; i++) {
        if (!decision->gates[i].ok)
            return decision->gates[i].gate;
    }
    return NULL;
}

/* A decision leaves answers and a rep's own reason out of its words; the message of the same moment
 * has them. */
static bool words_fit(const struct play *play, const struct test_expect *expect,
                      const struct decision *decision)
{
    if (text_fits(expect, decision->text))
        return true;
    const struct rule *rule = book_rule(core_book(play->core), decision->rule);
    const char *to = rule ? core_receiver(play->core, rule, decision->rep) : NULL;
    for (size_t i = 0; decision->text && i < play->count; i++) {
        const struct said *said = &play->said[i];
        if (said->at == decision->at && str_eq(said->rule, decision->rule) &&
            (!to || str_eq(said->to, to)) && text_fits(expect, said->text))
            return true;
    }
    return false;
}

static bool decision_fits(const struct play *play, const struct test_expect *expect,
                          const struct decision *decision)
{
    return time_fits(expect, decision->at) &&
           (!expect->rep || str_eq(expect->rep, decision->rep)) &&
           (!expect->rule || str_eq(expect->rule, decision->rule)) &&
           str_eq(expect->outcome ? expect->outcome : "sent", decision->outcome) &&
           (!expect->gate || str_eq(expect->gate, refusing_gate(decision))) &&
           words_fit(play, expect, decision);
}

/* Replies and reminders are no decisions; an expectation that gives words and no rule may mean
 * them. */
static int replies_that_fit(const struct play *play, const struct test_expect *expect)
{
    int count = 0;
    if (!expect->text || expect->rule || expect->gate ||
        (expect->outcome && !str_eq(expect->outcome, "sent")))
        return 0;
    for (size_t i = 0; i < play->count; i++) {
        const struct said *said = &play->said[i];
        count += !said->rule && time_fits(expect, said->at) &&
                 (!expect->rep || str_eq(expect->rep, said->to)) && text_fits(expect, said->text);
    }
    return count;
}

void plugin_test_describe(const struct decision *decision, struct strbuf *out)
{
    char at[MSEC_TEXT_BYTES];
    const char *gate = refusing_gate(decision);
    strbuf_printf(out, "%s %s %s %s", msec_format(decision->at, at), decision->rep, decision->rule,
                  decision->outcome);
    if (gate)
        strbuf_printf(out, ": %s: %s", gate, decision_blocker(decision));
    else if (decision->text)
        strbuf_printf(out, ": %s", decision->text);
}

static void describe_expect(const struct test_expect *expect, struct strbuf *out)
{
    char at[MSEC_TEXT_BYTES];
    strbuf_printf(out, "%s", expect->outcome ? expect->outcome : "sent");
    if (expect->rule)
        strbuf_printf(out, ", rule %s", expect->rule);
    if (expect->rep)
        strbuf_printf(out, ", rep %s", expect->rep);
    if (expect->at != MSEC_NONE)
        strbuf_printf(out, ", at %s", msec_format(expect->at, at));
    if (expect->gate)
        strbuf_printf(out, ", gate %s", expect->gate);
    if (expect->text)
        strbuf_printf(out, expect->regex ? ", text /%s/" : ", text \"%s\"", expect->text);
}

/* What came nearest to it: the last decision of the same rule and rep, any outcome and time. */
static void describe_nearest(const struct play *play, const struct test_expect *expect,
                             struct strbuf *out)
{
    const struct plugin_test_result *result = play->result;
    for (size_t i = result->count; i-- > 0;) {
        const struct decision *decision = &result->decisions[i];
        if ((expect->rule && !str_eq(expect->rule, decision->rule)) ||
            (expect->rep && !str_eq(expect->rep, decision->rep)))
            continue;
        strbuf_puts(out, "; nearest: ");
        plugin_test_describe(decision, out);
        return;
    }
    strbuf_puts(out, expect->rule ? "; the rule decided nothing" : "; nothing was decided");
}

static void compare(struct play *play, const struct test_expect *expect)
{
    int found = replies_that_fit(play, expect);
    struct strbuf text = {0};
    for (size_t i = 0; i < play->result->count; i++)
        found += decision_fits(play, expect, &play->result->decisions[i]);
    bool good = expect->negate       ? found == 0
                : expect->count >= 0 ? found == expect->count
                                     : found > 0;
    if (good)
        return;
    if (expect->negate)
        strbuf_puts(&text, "there must be none, but there was: ");
    else if (expect->count >= 0)
        strbuf_printf(&text, "expected %d times, found %d: ", expect->count, found);
    else
        strbuf_puts(&text, "expected: ");
    describe_expect(expect, &text);
    if (!found)
        describe_nearest(play, expect, &text);
    complain(play, &expect->place, strbuf_text(&text));
    strbuf_done(&text);
}

/* --- one test --- */

/* Just before the first time that the test names, so that nothing happens which it does not know
 * of. A test that only says how far the clock runs begins with that day. */
static msec_t beginning(const struct play *play)
{
    const struct plugin_test *test = play->test;
    msec_t first = test->given_count ? test->given[0].at : MSEC_NEVER;
    for (int i = 0; i < test->expect_count; i++) {
        if (test->expect[i].at != MSEC_NONE && test->expect[i].at < first)
            first = test->expect[i].at;
    }
    if (first != MSEC_NEVER)
        return first - 1;
    const char *zone = play->book.person_count ? play->book.people[0].zone : NULL;
    const struct tz *tz =
        zone && play->options->zone ? play->options->zone(play->options->zone_user, zone) : NULL;
    struct civil day;
    tz_local(tz ? tz : tz_utc(), test->at, &day);
    day.hour = day.minute = day.second = 0;
    return tz_instant(tz ? tz : tz_utc(), &day, TZ_GAP_END) - 1;
}

void plugin_test_run(const struct plugin_test *test, const struct plugin_test_options *options,
                     struct plugin_test_result *ret)
{
    struct play play = {.test = test, .options = options, .result = ret};
    *ret = (struct plugin_test_result){.passed = true};
    arena_init(&ret->arena);
    make_book(&play);
    struct core_options core = {.zone = options->zone,
                                .zone_user = options->zone_user,
                                .every_owner = play.book.person_count == 0,
                                .arm = test->coin ? test->coin : ""};
    play.core = core_new(&play.book, &core);
    step_init(&play.step);
    core_ready(play.core, beginning(&play), &play.step);
    for (int i = 0; i < test->given_count; i++)
        give(&play, &test->given[i]);
    run_until(&play, test->at);
    for (int i = 0; i < test->expect_count; i++)
        compare(&play, &test->expect[i]);
    step_done(&play.step);
    core_free(play.core);
    free(play.said);
}

void plugin_test_done(struct plugin_test_result *result)
{
    strbuf_done(&result->reason);
    free(result->decisions);
    arena_done(&result->arena);
}
