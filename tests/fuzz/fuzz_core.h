/* fuzz_core.h: a small team, its deals and rules, as a core to feed with strange things. The files
 * are read once a process. */
#pragma once
#include <stdint.h>
#include <stdlib.h>

#define fail_msg(...)         abort()
#define assert_non_null(what) ((what) ? (void)0 : abort())
#include "unit/core_rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fuzz_people[] =
    "teams:\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, crm: [A1], email: ana@example.com}\n"
    "  - {id: ben, name: Ben Osei, team: west, zone: Europe/Berlin}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n";

static const char fuzz_config[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 9}\n";

static const char fuzz_plugin[] =
    "plugin: p\nabout: Questions about deals.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  words: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"
    "  scale: {kind: belief, reader: rep, answer: scale 1-5, text: \"How sure, 1 to 5?\"}\n"
    "  pick: {kind: skill, reader: rep, answer: \"choice [more, less]\", text: \"Which?\"}\n"
    "  day: {kind: activity, reader: rep, answer: date, text: \"When?\"}\n"
    "flows:\n"
    "  gps:\n"
    "    about: Goals, plan, support\n"
    "    command: gps\n"
    "    steps:\n"
    "      - ask: {id: goal, kind: purpose, text: \"What is the goal?\"}\n"
    "      - ask: {id: act, kind: activity, text: \"You said “{{answer.goal}}”. What first?\"}\n"
    "rules:\n"
    "  - {rule: ask, about: to help, when: deal.stage_changed, ask: words}\n"
    "  - {rule: sure, about: s, when: deal.reopened, ask: scale}\n"
    "  - {rule: which, about: s, when: goal.set, ask: pick}\n"
    "  - {rule: when, about: s, when: goal.progress, ask: day}\n"
    "  - {rule: monday, about: s, every: Monday at 09:00, ask: words}\n"
    "  - {rule: quiet, about: s, when: deal.created, for: 2 days, unless: deal.won, ask: words}\n"
    "  - rule: thanks\n    about: effort after a loss\n"
    "    when: {event: activity.logged, kind: call}\n"
    "    praise: \"You made a {{event.kind}} about {{deal.name}}.\"\n    via: bot\n";

/* A core that has not begun: states may be loaded. */
static inline void fuzz_core(struct rig *rig)
{
    static struct rig first;
    if (!first.book) {
        const struct rig_text text = {
            .people = fuzz_people, .config = fuzz_config, .plugins = {fuzz_plugin}};
        rig_init(&first, &text, "2026-03-02 08:00"); /* a Monday */
        core_free(first.core);
        first.core = NULL;
    }
    *rig = first;
    rig->core = core_new(rig->book, &rig->options);
    step_init(&rig->step);
}

static inline void fuzz_core_done(struct rig *rig)
{
    for (size_t i = 0; i < rig->count; i++) {
        free(rig->rows[i].key);
        free(rig->rows[i].value);
        free(rig->rows[i].rep);
    }
    free(rig->rows);
    core_free(rig->core);
    step_done(&rig->step);
    strbuf_done(&rig->lines);
}

/* What a step wants said fits into a message and is text; what it wants kept goes into rows. */
static inline void fuzz_take(struct rig *rig)
{
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        if (intent->type == INTENT_STATE) {
            rig_state(rig, intent->state.kind, intent->state.key, intent->state.value);
        } else if (intent->type == INTENT_SEND) {
            const struct message *message = &intent->send;
            if (utf8_length(message->text, strlen(message->text)) < 0 || !message->to)
                abort();
            rig_said(rig, message);
        }
    }
    strbuf_clear(&rig->lines);
}

static inline void fuzz_step(struct rig *rig, struct event event)
{
    char id[16];
    rig->now += MSEC_MINUTE;
    (void)snprintf(id, sizeof(id), "e%d", ++rig->serial);
    event.id = id;
    event.source = "/fuzz";
    event.key = event_key(event.source, event.id);
    event.type_name = event_type_name(event.type);
    event.at = event.time = rig->now;
    core_step(rig->core, &event, &rig->step);
    fuzz_take(rig);
}

static inline struct event fuzz_event(enum event_type type)
{
    struct event event;
    event_init(&event, type, 0);
    return event;
}

/* Whatever falls due in that time. */
static inline void fuzz_pass(struct rig *rig, msec_t time)
{
    msec_t until = rig->now + time;
    for (msec_t wake; (wake = core_next_wake(rig->core)) <= until;) {
        struct event tick;
        rig->now = wake > rig->now ? wake : rig->now;
        event_init(&tick, EVENT_TICK, rig->now);
        core_step(rig->core, &tick, &rig->step);
        fuzz_take(rig);
    }
    rig->now = until;
}
