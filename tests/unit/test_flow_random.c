/* Talks under random answers, corrections, skips, pauses and restarts: what must hold whatever
 * people do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"
#include "pattern_random.h"

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, zone: America/Denver, leave: [2026-03-12 to 2026-03-13]}\n"

#define BOOK                                                                                       \
    "plugin: p\nversion: 1\narea: skill\nflows:\n  gps:\n    command: gps\n    closing: The "      \
    "end.\n"                                                                                       \
    "    steps:\n"                                                                                 \
    "      - ask: {id: goal, text: \"Goal?\"}\n"                                                   \
    "      - ask: {id: owner, text: \"Owner?\", answer: \"choice [mine, given]\"}\n"               \
    "      - if: {answer.owner: given}\n"                                                          \
    "        ask: {id: why, text: \"Why?\"}\n"                                                     \
    "      - plan: {id: start, text: \"Start?\"}\n"                                                \
    "      - ask: {id: sure, text: \"Sure?\", answer: scale 1-5}\n"                                \
    "      - if: {answer.sure: {at_most: 2}}\n"                                                    \
    "        ask: {id: help, text: \"Help?\"}\n"                                                   \
    "      - if: {answer.why: present}\n"                                                          \
    "        ask: {id: deep, text: \"Deep?\"}\n"                                                   \
    "rules:\n"                                                                                     \
    "  - {rule: begin, about: a talk, when: deal.stage_changed, start: gps}\n"

enum { STEPS = 7, GOAL = 0, OWNER, WHY, START, SURE, HELP, DEEP };
enum { TALKS_MAX = 60, POSTS_MAX = 400, WALKS = 150, ACTS = 45 };
static const char *const texts[STEPS] = {"Goal?", "Owner?", "Why?", "Start?",
                                         "Sure?", "Help?",  "Deep?"};

/* What the test knows of one talk. */
struct model {
    char answers[STEPS][16]; /* "" none, "-" skipped */
    bool waits[STEPS];       /* was asked, and nothing has become of it yet */
    bool over;
};

struct walk {
    struct rig plain, again; /* the second one is restarted after every step */
    struct chance chance;
    struct model talks[TALKS_MAX];
    int talk_count, live; /* live: the talk that spoke last */
    struct {
        char key[64];
        int talk, step;
    } posts[POSTS_MAX];
    int post_count;
    msec_t now;
    bool open;   /* before this act a step was waiting for an answer */
    bool off;    /* or was put off */
    size_t read; /* how much of the lines was looked at */
};

static bool in_play(const struct model *m, int step)
{
    switch (step) {
    case WHY:
        return str_eq(m->answers[OWNER], "given");
    case HELP:
        return str_eq(m->answers[SURE], "1") || str_eq(m->answers[SURE], "2");
    case DEEP:
        return in_play(m, WHY) && *m->answers[WHY] && m->answers[WHY][0] != '-';
    default:
        return true;
    }
}

static int first_open(const struct model *m)
{
    for (int i = 0; i < STEPS; i++) {
        if (!*m->answers[i] && in_play(m, i))
            return i;
    }
    return -1;
}

static int step_in(const char *line)
{
    for (int i = 0; i < STEPS; i++) {
        if (strstr(line, texts[i]))
            return i;
    }
    return -1;
}

static void see_asked(struct walk *w, int step, bool lead)
{
    if (step == GOAL && !lead) {
        assert_in_range(w->talk_count, 0, TALKS_MAX - 1);
        w->live = w->talk_count++;
    }
    struct model *m = &w->talks[w->live];
    bool again = m->waits[step] && !lead;
    w->off = false;
    m->waits[step] = true;
    if (!in_play(m, step) || step != first_open(m) || again)
        (void)fputs(strbuf_text(&w->plain.lines), stderr); /* too long for what follows */
    if (!in_play(m, step))
        fail_msg("'%s' is asked though its condition does not hold", texts[step]);
    if (step != first_open(m))
        fail_msg("'%s' is asked, but '%s' comes first", texts[step],
                 first_open(m) < 0 ? "nothing" : texts[first_open(m)]);
    if (again)
        fail_msg("'%s' is asked a second time", texts[step]);
    m->over = false;
    if (w->post_count < POSTS_MAX) {
        memcpy(w->posts[w->post_count].key, w->plain.last_key, 64);
        w->posts[w->post_count].talk = w->live;
        w->posts[w->post_count++].step = step;
    }
}

/* One message, which may have several lines. */
static void see(struct walk *w, char *text)
{
    struct model *m = &w->talks[w->live];
    int step = step_in(text);
    const char *answer = strstr(text, "Your answer: ");
    if (strstr(text, "The end.")) {
        assert_false(m->over);
        assert_int_equal(first_open(m), -1);
        m->over = true;
    } else if (answer) {
        (void)snprintf(m->answers[step], sizeof(m->answers[0]), "%s", answer + 13);
    } else if (strstr(text, "Skipped.")) {
        (void)snprintf(m->answers[step], sizeof(m->answers[0]), "-");
    } else if (strstr(text, "Ended here.")) {
        w->off = false;
    } else if (strstr(text, "I will come back")) {
        w->off = true;
    } else if (strstr(text, "Something else comes first")) {
        m->waits[step] = false;
    } else if (strstr(text, "ana begin sent")) { /* its words are in the note */
        bool open = w->talk_count && !m->over && (w->open || w->off);
        see_asked(w, open ? first_open(m) : GOAL, open);
    } else if (strstr(text, "> ana: ") && step >= 0) {
        bool lead = strstr(text, "Still here") || strstr(text, "You asked me") ||
                    strstr(text, "Here is where");
        see_asked(w, step, lead);
    }
}

/* The new lines: each message begins with its moment, "03-02 10:00 ". */
static void see_all(struct walk *w)
{
    const char *p = strbuf_text(&w->plain.lines) + w->read;
    while (*p) {
        const char *end = p;
        do {
            end = strchr(end, '\n') + 1;
        } while (*end && !(end[2] == '-' && end[5] == ' ' && end[8] == ':'));
        CLEANUP_FREE char *text = xstrndup(p, (size_t)(end - p - 1));
        see(w, text);
        p = end;
    }
    w->read = w->plain.lines.len;
}

static void check_open(struct walk *w)
{
    struct message *open;
    struct arena arena;
    int steps = 0;
    arena_init(&arena);
    size_t count = core_open_messages(w->plain.core, &arena, &open);
    for (size_t i = 0; i < count; i++)
        steps += core_message_question(w->plain.core, open[i].key) != NULL;
    if (steps > 1)
        (void)fputs(strbuf_text(&w->plain.lines), stderr); /* too long for what follows */
    assert_in_range(steps, 0, 1);
    w->open = steps;
    for (int i = 0; !steps && !w->off && i < w->talk_count; i++)
        memset(w->talks[i].waits, 0, sizeof(w->talks[i].waits)); /* closed, and may come back */
    arena_done(&arena);
}

static void both(struct walk *w, const struct event *event)
{
    struct rig *rigs[] = {&w->plain, &w->again};
    for (int i = 0; i < 2; i++) {
        struct event e = rig_event(rigs[i], *event, w->now);
        e.at = w->now;
        rig_step(rigs[i], &e);
    }
    see_all(w);
    if (!str_eq(strbuf_text(&w->plain.lines), strbuf_text(&w->again.lines)))
        fail_msg("straight through:\n%s\nrestarted:\n%s", strbuf_text(&w->plain.lines),
                 strbuf_text(&w->again.lines));
    check_open(w);
}

/* One wake-up after the other, so that every message is looked at with its key. */
static void pass(struct walk *w, msec_t length)
{
    msec_t until = w->now + length;
    for (msec_t wake; (wake = core_next_wake(w->plain.core)) <= until;) {
        assert_true(wake == core_next_wake(w->again.core));
        rig_until_msec(&w->plain, wake);
        rig_until_msec(&w->again, wake);
        see_all(w);
    }
    w->now = until;
    w->plain.now = w->again.now = until;
    check_open(w);
}

static const char *words_for(struct walk *w, int step)
{
    static const char *const owners[] = {"mine", "given"}, *const sure[] = {"1", "2", "4", "5"};
    static const char *const free_words[] = {"one", "two", "three"};
    if (step == OWNER)
        return owners[chance_below(&w->chance, 2)];
    if (step == SURE)
        return sure[chance_below(&w->chance, 4)];
    return free_words[chance_below(&w->chance, 3)];
}

static void click(struct walk *w, const char *button)
{
    if (!w->post_count)
        return;
    bool newest = chance_of(&w->chance, 50);
    int at = newest ? w->post_count - 1 : (int)chance_below(&w->chance, (uint32_t)w->post_count);
    int before = w->live;
    w->live = w->posts[at].talk;
    int posts = w->post_count;
    both(w, &(struct event){.type = EVENT_CLICKED,
                            .chat = "ana",
                            .message = w->posts[at].key,
                            .button = button,
                            .text = words_for(w, w->posts[at].step)});
    /* another talk stays the open one where this one was only noted */
    if (w->post_count == posts)
        w->live = before;
}

static void say(struct walk *w, const char *words)
{
    if (str_eq(words, "gps") && w->talk_count && !w->open && !w->off)
        w->live = w->talk_count - 1; /* that one is taken up, or a new one begins */
    both(w, &(struct event){.type = EVENT_SAID, .chat = "ana", .text = words});
}

static void act(struct walk *w)
{
    static const char *const words[] = {"one", "mine", "given", "1", "5", "skip", "gps"};
    uint32_t what = chance_below(&w->chance, 100);
    if (what < 35)
        click(w, "answer");
    else if (what < 42)
        click(w, "skip");
    else if (what < 45)
        click(w, "end");
    else if (what < 48)
        say(w, "stop");
    else if (what < 52)
        say(w, "later");
    else if (what < 80)
        say(w, words[chance_below(&w->chance, ARRAY_LEN(words))]);
    else if (what < 83)
        both(w, &(struct event){.type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1"});
    else if (what < 95)
        pass(w, (1 + chance_below(&w->chance, 90)) * MSEC_MINUTE);
    else
        pass(w, (1 + chance_below(&w->chance, 9)) * MSEC_DAY);
}

static void one_walk(uint64_t seed)
{
    struct walk *w = NEW(struct walk);
    struct rig_text text = {.people = PEOPLE,
                            .config = "limits: {prompts_per_day: 9, back_off_after: 9}\n",
                            .plugins = {BOOK}};
    w->chance.state = seed;
    rig_init(&w->plain, &text, "2026-03-02 09:00");
    rig_init(&w->again, &text, "2026-03-02 09:00");
    w->again.restarts = true;
    rig_start(&w->plain);
    rig_start(&w->again);
    w->now = w->plain.now;
    for (int i = 0; i < ACTS; i++) {
        pass(w, MSEC_MINUTE);
        act(w);
    }
    rig_done(&w->plain);
    rig_done(&w->again);
    free(w);
}

static void walks_keep_every_promise_of_a_talk(void **state)
{
    const char *given = getenv("GRITD_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 20260302;
    (void)state;
    for (uint64_t i = 0; i < WALKS; i++)
        one_walk((seed + i) * 2 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(walks_keep_every_promise_of_a_talk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
