/* trial_rig.h: a rig for rules with experiments: its people, its questions, and the decisions as
 * JSON. Include after cmocka.h. */
#pragma once
#include <jansson.h>

#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "  r: {kind: skill, reader: rep, answer: text, text: \"{{deal.contact}}: and then?\"}\n"       \
    "  s: {kind: skill, reader: rep, answer: text, text: [\"One, then?\", \"Two, then?\"]}\n"      \
    "rules:\n"

#define HOPE "outcome: {event: activity.logged, kind: call, within: 2d}"

static const char no_caps[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                              "open_conversations: 50, back_off_after: 100}\n";

static inline void with(struct rig *rig, const char *rules, const char *config, const char *arm)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {rules}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig->options.arm = arm;
    core_free(rig->core);
    rig->core = core_new(rig->book, &rig->options);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define MOVE(rig, when, who, which)                                                                \
    GIVE(rig, when, .type = EVENT_DEAL_STAGE_CHANGED, .rep = (who), .deal = (which),               \
         .to = "propose")

/* The decisions in the lines of a full rig, one by one. Owns: the caller decrefs. */
static inline json_t *next_note(const char **place)
{
    const char *line = strstr(*place, "NOTE {");
    if (!line)
        return NULL;
    json_t *note = json_loads(line + strlen("NOTE "), JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(note);
    *place = line + 1;
    return note;
}

static inline json_t *only_note(struct rig *rig)
{
    const char *place = strbuf_text(&rig->lines);
    json_t *note = next_note(&place), *more = next_note(&place);
    assert_non_null(note);
    assert_null(more);
    strbuf_clear(&rig->lines);
    return note;
}

static inline const char *text_of(const json_t *note, const char *key)
{
    const char *text = json_string_value(json_object_get(note, key));
    return text ? text : "";
}

static inline double p_of(const json_t *note)
{
    return json_number_value(json_object_get(note, "p"));
}

static inline const char *gate_at(const json_t *note, size_t from_end)
{
    const json_t *gates = json_object_get(note, "gates");
    return text_of(json_array_get(gates, json_array_size(gates) - from_end), "gate");
}

static inline void happen(struct rig *rig, msec_t at, struct event e)
{
    struct event event = rig_event(rig, e, at);
    event.at = at;
    rig_step(rig, &event);
}
