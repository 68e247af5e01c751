/* core_play.h: plays a test through a rig, with and without restarts. Include after core_rig.h. */
#pragma once
#include "core_rig.h"

static inline void rig_restart(struct rig *rig)
{
    struct core *core = core_new(rig->book, &rig->options);
    struct err err = {0};
    for (int kind = STATE_PERSON; kind <= STATE_INTAKE; kind++) {
        for (size_t i = 0; i < rig->count; i++) {
            const struct rig_row *row = &rig->rows[i];
            if (row->kind == kind && row->value &&
                core_load_state(core, row->kind, row->key, row->value, &err))
                fail_msg("%s", err.text);
        }
    }
    for (size_t i = 0; i < rig->count; i++) {
        const struct rig_row *row = &rig->rows[i];
        if (row->kind == -1)
            core_load_fact(core, &row->fact);
        else if (row->kind == -2)
            core_load_send(core, row->key, row->rep, row->value, row->at);
    }
    core_free(rig->core);
    rig->core = core;
    core_ready(core, rig->now, &rig->step);
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        if (intent->type != INTENT_STATE)
            fail_msg("a restart must not decide or say anything");
    }
}

/* What the step brought: into the lines and into what is stored. */
static inline void rig_take(struct rig *rig)
{
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        if (intent->type == INTENT_NOTE)
            rig_note(rig, &intent->note);
        else if (intent->type == INTENT_SEND)
            rig_said(rig, &intent->send);
        else
            rig_state(rig, intent->state.kind, intent->state.key, intent->state.value);
    }
}

static inline void rig_start(struct rig *rig)
{
    core_ready(rig->core, rig->now, &rig->step);
    rig_take(rig);
}

static inline void rig_fact(struct rig *rig, const struct event *event, const char *rep)
{
    struct rig_row *row = rig_row(rig, -1, NULL);
    row->fact = core_fact_row(event);
    row->fact.rep = row->rep = xstrdup(rep);
    row->fact.deal = row->value = xstrdup(event->deal);
}

static inline void rig_step(struct rig *rig, const struct event *event)
{
    const struct step *step = &rig->step;
    rig->now = event->at;
    core_step(rig->core, event, &rig->step);
    if (event->id && event->type < EVENT_OTHER)
        rig_fact(rig, event, step->rep ? step->rep : event->rep ? event->rep : event->owner);
    if (step->happened)
        rig_fact(rig, step->happened, step->happened_rep);
    rig_take(rig);
    if (rig->restarts)
        rig_restart(rig);
}

static inline void rig_until_msec(struct rig *rig, msec_t until)
{
    for (msec_t wake; (wake = core_next_wake(rig->core)) <= until;) {
        struct event tick;
        event_init(&tick, EVENT_TICK, wake < rig->now ? rig->now : wake);
        rig_step(rig, &tick);
    }
    rig->now = until > rig->now ? until : rig->now;
}

static inline void rig_until(struct rig *rig, const char *until)
{
    rig_until_msec(rig, rig_time(rig, until));
}

/* The daemon was down and wakes up at that time. */
static inline void rig_sleep_until(struct rig *rig, const char *until)
{
    struct event tick;
    event_init(&tick, EVENT_TICK, rig_time(rig, until));
    rig_step(rig, &tick);
}

/* Numbers that the test left at 0 are "not said". */
static inline struct event rig_event(struct rig *rig, struct event e, msec_t happened)
{
    int64_t *const gaps[] = {&e.amount, &e.created, &e.duration_s, &e.count,     &e.due,
                             &e.target, &e.actual,  &e.away_from,  &e.away_until};
    for (size_t i = 0; i < ARRAY_LEN(gaps); i++)
        *gaps[i] = *gaps[i] ? *gaps[i] : NUMBER_NONE;
    e.time = happened;
    e.type_name = event_type_name(e.type);
    if (!e.id) {
        static char ids[4][16];
        char *id = ids[rig->serial % 4];
        (void)snprintf(id, sizeof(ids[0]), "e%04d", ++rig->serial);
        e.id = id;
    }
    e.source = e.source ? e.source : "/test";
    e.key = event_key(e.source, e.id);
    return e;
}

/* Something happens at `when` and is heard of at `heard` (NULL: at once). */
static inline void rig_late(struct rig *rig, const char *when, const char *heard, struct event e)
{
    struct event event = rig_event(rig, e, rig_time(rig, when));
    msec_t at = heard ? rig_time(rig, heard) : event.time;
    rig_until_msec(rig, at);
    event.at = at;
    rig_step(rig, &event);
}

#define GIVE(rig, when, ...) rig_late((rig), (when), NULL, (struct event){__VA_ARGS__})

static inline void rig_click_on(struct rig *rig, const char *when, const char *who,
                                const char *message, const char *button, const char *text)
{
    GIVE(rig, when, .type = EVENT_CLICKED, .chat = who, .message = message, .button = button,
         .text = text);
}

/* Presses a button of the newest message that has any. */
static inline void rig_click(struct rig *rig, const char *when, const char *who, const char *button,
                             const char *text)
{
    char key[64];
    rig_until(rig, when);
    memcpy(key, rig->last_key, sizeof(key));
    rig_click_on(rig, when, who, key, button, text);
}

static inline void rig_say(struct rig *rig, const char *when, const char *who, const char *text)
{
    GIVE(rig, when, .type = EVENT_SAID, .chat = who, .text = text);
}

/* All that was decided and said since the last time. */
static inline void rig_expect(struct rig *rig, const char *lines)
{
    if (!str_eq(strbuf_text(&rig->lines), lines))
        fail_msg("wanted:\n%sgot:\n%s", lines, strbuf_text(&rig->lines));
    strbuf_clear(&rig->lines);
}

struct play_case {
    const char *name;
    void (*body)(struct rig *rig);
    bool restarts;
};

static inline void play_case(void **state)
{
    const struct play_case *c = *state;
    struct rig rig = {.restarts = c->restarts};
    c->body(&rig);
    rig_done(&rig);
}

/* Every case twice: straight through, and with a restart after each step. */
static inline int play_run(const char *group, const struct play_case *cases, size_t count)
{
    struct CMUnitTest *tests = NEW_ARRAY(struct CMUnitTest, count * 2);
    struct play_case *both = NEW_ARRAY(struct play_case, count * 2);
    char(*names)[160] = xcalloc(count * 2, sizeof(*names));
    for (size_t i = 0; i < count * 2; i++) {
        both[i] = cases[i / 2];
        both[i].restarts = i % 2;
        (void)snprintf(names[i], sizeof(names[i]), "%s%s", cases[i / 2].name,
                       i % 2 ? " (restarting)" : "");
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = play_case, .initial_state = &both[i]};
    }
    int failed = _cmocka_run_group_tests(group, tests, count * 2, NULL, NULL);
    free(names);
    free(both);
    free(tests);
    return failed;
}

#define PLAY(body)                                                                                 \
    {                                                                                              \
#body, body, false                                                                         \
    }
