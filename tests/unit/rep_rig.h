/* rep_rig.h: two reps and their manager, questions about deals and about growth, and a talk.
 * Include after core_play.h. */
#pragma once
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define DEALS                                                                                         \
    "plugin: p\nabout: Questions about deals.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                    \
    "  words: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                    \
    "  faith: {kind: belief, reader: rep, answer: text, text: \"What would you try?\"}\n"             \
    "  scale: {kind: belief, reader: rep, answer: scale 1-5, text: \"How sure, 1 to 5?\"}\n"          \
    "  pick: {kind: skill, reader: rep, answer: \"choice [more, less]\", text: \"Which?\"}\n"         \
    "flows:\n"                                                                                        \
    "  gps:\n"                                                                                        \
    "    about: Goals, plan, support\n"                                                               \
    "    command: gps\n"                                                                              \
    "    steps:\n"                                                                                    \
    "      - ask: {id: goal, kind: purpose, text: \"What is the goal?\"}\n"                           \
    "      - ask: {id: act, kind: activity, text: \"You said “{{answer.goal}}”. What first?\"}\n" \
    "rules:\n"                                                                                        \
    "  - {rule: ask, about: to help, when: deal.stage_changed, ask: words}\n"                         \
    "  - {rule: faith, about: s, when: deal.reopened, ask: faith}\n"                                  \
    "  - {rule: scale, about: s, when: goal.set, ask: scale}\n"                                       \
    "  - {rule: pick, about: s, when: goal.progress, ask: pick}\n"                                    \
    "  - rule: thanks\n    about: effort after a loss\n"                                              \
    "    when: {event: activity.logged, kind: call}\n"                                                \
    "    praise: \"You made a {{event.kind}} about {{deal.name}}.\"\n    via: bot\n"

#define GROWTH                                                                                     \
    "plugin: train\nabout: How you work.\nversion: 1\narea: skill\n"                               \
    "questions:\n"                                                                                 \
    "  tried: {kind: activity, reader: rep, answer: text, text: \"What have you tried?\"}\n"       \
    "rules:\n"                                                                                     \
    "  - {rule: tried, about: s, when: training.completed, ask: tried}\n"

static const char loose[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 9}\n";

static inline void begin_with(struct rig *rig, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {DEALS, GROWTH}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static inline void begin(struct rig *rig)
{
    begin_with(rig, loose);
}

#define HAPPENS(rig, when, what)                                                                   \
    GIVE(rig, when, .type = (what), .rep = "ana", .deal = "D1", .to = "propose")

static inline void skipped(struct rig *rig, const char *when)
{
    rig_say(rig, when, "ana", "skip");
    strbuf_clear(&rig->lines);
}

static inline void contains(struct rig *rig, const char *words)
{
    if (!strstr(strbuf_text(&rig->lines), words))
        fail_msg("wanted somewhere:\n%s\ngot:\n%s", words, strbuf_text(&rig->lines));
    strbuf_clear(&rig->lines);
}
