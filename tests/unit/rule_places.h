/* rule_places.h: where the mapping of each block stands in its file. Include after rule_examples.h.
 */
#pragma once
#include "rule_examples.h"

/* %s is the mapping. */
static const struct {
    const char *word, *frame;
    enum example_kind kind;
} example_places[] = {
    {"flow", "flows:\n  gps: %s\n  practice: {steps: [{ask: {id: try, text: What do you try?}}]}\n",
     EXAMPLE_PLUGIN},
    {"step", "flows:\n  gps: {steps: [%s]}\n", EXAMPLE_PLUGIN},
    {"step-question", "flows:\n  gps: {steps: [{ask: %s}]}\n", EXAMPLE_PLUGIN},
    {"step-plan", "flows:\n  gps: {steps: [{plan: %s}]}\n", EXAMPLE_PLUGIN},
    {"step-request", "flows:\n  gps: {steps: [{request: %s}]}\n", EXAMPLE_PLUGIN},
    {"input", "inputs:\n  patience: %s\n", EXAMPLE_PLUGIN},
    {"question", "questions:\n  needs-in-their-words: %s\n" EXAMPLE_RULES, EXAMPLE_PLUGIN},
    {"signal", "signals:\n  it: %s\n", EXAMPLE_PLUGIN},
    {"filter", "signals:\n  it: {count: %s}\n", EXAMPLE_PLUGIN},
    {"missing", "rules:\n  - {rule: it, missing: %s, ask: needs-in-their-words}\n", EXAMPLE_PLUGIN},
    {"measure", "signals:\n  it: {ratio: %s, to: {mean_of: 6 weeks}}\n", EXAMPLE_PLUGIN},
    {"baseline", "signals:\n  it: {ratio: {count: activity.logged}, to: %s}\n", EXAMPLE_PLUGIN},
    {"section", "rules:\n  - {rule: it, every: Friday at 16:00, to: manager, digest: [%s]}\n",
     EXAMPLE_PLUGIN},
    {"offer", "rules:\n  - {rule: it, when: deal.lost, suggest: %s}\n", EXAMPLE_PLUGIN},
    {"ladder", "rules:\n  - {rule: it, when: deal.won, stretch: %s}\n", EXAMPLE_PLUGIN},
    {"rung", "rules:\n  - {rule: it, when: deal.won, stretch: {wins: deal.won, rungs: [%s]}}\n",
     EXAMPLE_PLUGIN},
    {"unlocking", "rules:\n  - {rule: it, when: deal.won, ask: needs-in-their-words, unlock: %s}\n",
     EXAMPLE_PLUGIN},
    {"programme",
     "programme: %s\nquestions:\n  view: {kind: belief, text: What do you expect?, reader: "
     "manager}\nrules:\n  - {rule: it, every: Monday at 09:00, to: manager, ask: view}\n",
     EXAMPLE_PLUGIN},
    {"test-person", "tests:\n  - {test: it, at: 2026-03-04 10:00, people: {ana: %s}, expect: []}\n",
     EXAMPLE_PLUGIN},
    {"given", "tests:\n  - {test: it, at: 2026-03-04 10:00, given: [%s], expect: []}\n",
     EXAMPLE_PLUGIN},
    {"expect", "tests:\n  - {test: it, at: 2026-03-04 10:00, expect: [%s]}\n", EXAMPLE_PLUGIN},
    {"experiment",
     "rules:\n  - {rule: it, when: gate.completed, ask: needs-in-their-words, "
     "outcome: {event: gate.completed, within: 3d}, experiment: %s}\n",
     EXAMPLE_PLUGIN},
    {"intake", "intake: [%s]\n", EXAMPLE_GRITD},
    {"poll", "intake: [{name: crm, kind: close, poll: %s}]\n", EXAMPLE_GRITD},
    {"reading back", "intake: [{name: crm, kind: hubspot, read_back: %s}]\n", EXAMPLE_GRITD},
    {"map", "intake: [{name: crm, kind: generic, map: [%s]}]\n", EXAMPLE_GRITD},
    {"map's when",
     "intake: [{name: crm, kind: generic, map: [{type: deal.won, deal: {id: $.id}, when: %s}]}]\n",
     EXAMPLE_GRITD},
    {"map's deal",
     "intake: [{name: crm, kind: generic, map: [{type: content.shared, deal: {id: $.id}}, {type: "
     "activity.logged, kind: call, deal: %s}]}]\n",
     EXAMPLE_GRITD},
    {"limits", "limits: %s\n", EXAMPLE_GRITD},
    {"keep", "keep: %s\n", EXAMPLE_GRITD},
    {"mix", "mix: %s\n", EXAMPLE_GRITD},
    {"mix-area", "mix: {area: %s}\n", EXAMPLE_GRITD},
    {"mix-kind", "mix: {kind: %s}\n", EXAMPLE_GRITD},
    {"mix-transformation", "mix: {transformation: %s}\n", EXAMPLE_GRITD},
    {"log", "log: %s\n", EXAMPLE_GRITD},
    {"organisation", "organisation: %s\n", EXAMPLE_GRITD},
    {"chat", "chat: %s\n", EXAMPLE_GRITD},
    {"gritd.yaml", "%s\n", EXAMPLE_GRITD},
    {"person", "people: [%s]\nteams: [{id: west}]\n", EXAMPLE_PEOPLE},
    {"expectations", "expectations: %s\npeople: [{id: ana}]\n", EXAMPLE_PEOPLE},
    {"helpers", "helpers: %s\npeople: [{id: ana}]\n", EXAMPLE_PEOPLE},
    {"team", "people: [{id: dana, role: manager}]\nteams: [%s]\n", EXAMPLE_PEOPLE},
    {"stage", "stages: [%s]\n", EXAMPLE_PIPELINE},
    {"gate", "stages: [{id: discover, gates: [%s]}]\n", EXAMPLE_PIPELINE},
};

static inline void example_placed(const char *frame, const char *mapping, struct strbuf *out)
{
    const char *at = strstr(frame, "%s");
    strbuf_add(out, frame, (size_t)(at - frame));
    strbuf_puts(out, mapping);
    strbuf_puts(out, at + 2);
}

/* A whole file with the example of this key in it. Owns: the caller frees. */
static inline char *example_of_key_new(const struct block *block, const struct key *key,
                                       enum example_kind *ret_kind)
{
    const char *word = block_word(block);
    struct strbuf mapping = {0}, part = {0}, whole = {0};
    example_mapping(block, key, &mapping);
    *ret_kind = EXAMPLE_PLUGIN;
    for (size_t i = 0; i < ARRAY_LEN(example_places); i++) {
        if (!str_eq(example_places[i].word, word))
            continue;
        *ret_kind = example_places[i].kind;
        example_placed(example_places[i].frame, strbuf_text(&mapping), &part);
    }
    if (str_eq(word, "rule")) {
        strbuf_printf(&part, "rules:\n  - %s\n", strbuf_text(&mapping));
    } else if (str_eq(word, "test")) {
        strbuf_printf(
            &part,
            "tests:\n  - {%s%s: %s, expect: [{rule: only-half-a-gate, at: 2026-03-04 10:00}]}\n",
            str_eq(key->name, "test") ? "" : "test: it, ", key->name, key->example);
    } else if (str_eq(word, "plugin")) {
        strbuf_puts(&whole, strbuf_text(&mapping));
    }
    if (part.len && *ret_kind == EXAMPLE_PLUGIN)
        (void)example_plugin(strbuf_text(&part), &whole);
    else if (part.len)
        strbuf_puts(&whole, strbuf_text(&part));
    strbuf_done(&mapping);
    strbuf_done(&part);
    if (!whole.len)
        fail_msg("there is no place for the examples of %s", block->name);
    return strbuf_take(&whole);
}
