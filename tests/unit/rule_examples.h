/* rule_examples.h: makes whole files of the examples of the manual. Include after load_check.h. */
#pragma once
#include "io/platforms.h"
#include "load/blocks.h"
#include "load/load_map.h"
#include "load/load_plugin.h"
#include "load/load_tests.h"
#include "load/read.h"

enum example_kind { EXAMPLE_PLUGIN, EXAMPLE_GRITD, EXAMPLE_PEOPLE, EXAMPLE_PIPELINE };

/* What fragments refer to: they stand in every made plugin, unless it has its own. */
#define EXAMPLE_QUESTIONS                                                                          \
    "questions:\n"                                                                                 \
    "  needs-in-their-words: {kind: activity, text: What did they say?, reader: rep}\n"            \
    "  next-step: {kind: activity, text: What is next?, reader: rep}\n"                            \
    "  how-sure: {kind: belief, text: How sure are you?, reader: rep}\n"
#define EXAMPLE_SIGNALS                                                                            \
    "signals:\n"                                                                                   \
    "  calls_since_loss: {count: activity.logged, kind: call, since: deal.lost, within: 48h}\n"    \
    "  calls_going: {trend: {count: activity.logged, kind: call}, over: 6 weeks}\n"                \
    "  this_week_vs_own: {ratio: {count: activity.logged, window: 1w}, to: {mean_of: 6 weeks}}\n"
#define EXAMPLE_FLOWS                                                                              \
    "flows:\n"                                                                                     \
    "  gps: {steps: [{ask: {id: goal, text: What do you want to have moved?}}]}\n"
#define EXAMPLE_RULES                                                                              \
    "rules:\n"                                                                                     \
    "  - {rule: only-half-a-gate, when: gate.completed, ask: needs-in-their-words}\n"
#define EXAMPLE_PEOPLE_YAML                                                                        \
    "teams:\n  - {id: west, manager: dana, channel: C024BE91L}\n"                                  \
    "people:\n  - {id: ana, team: west}\n  - {id: dana, role: manager}\n"

static inline bool example_has(const char *yaml, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = yaml; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            return true;
    }
    return false;
}

static inline void example_indented(const char *yaml, int columns, struct strbuf *out)
{
    for (const char *line = yaml; *line;) {
        size_t length = strcspn(line, "\n");
        strbuf_printf(out, "%*s%.*s\n", columns, "", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* A fragment of a rule gets what a rule needs. */
static inline void example_rule(const char *yaml, struct strbuf *out)
{
    bool decides = example_has(yaml, "when") || example_has(yaml, "every") ||
                   example_has(yaml, "cron") || example_has(yaml, "rrule") ||
                   example_has(yaml, "before") || example_has(yaml, "after") ||
                   example_has(yaml, "missing");
    bool acts = example_has(yaml, "ask") || example_has(yaml, "praise") ||
                example_has(yaml, "tell") || example_has(yaml, "digest") ||
                example_has(yaml, "suggest") || example_has(yaml, "start") ||
                example_has(yaml, "stretch");
    strbuf_puts(out, EXAMPLE_RULES "  - rule: this-one\n");
    if (!decides)
        strbuf_puts(out, "    when: deal.stage_changed\n");
    if (!acts)
        strbuf_puts(out, "    ask: needs-in-their-words\n");
    example_indented(yaml, 4, out);
}

static inline enum example_kind example_plugin(const char *yaml, struct strbuf *out)
{
    bool part = example_has(yaml, "questions") || example_has(yaml, "signals") ||
                example_has(yaml, "rules") || example_has(yaml, "tests") ||
                example_has(yaml, "inputs") || example_has(yaml, "flows");
    strbuf_puts(out, "plugin: example\narea: opportunity\n");
    if (!example_has(yaml, "questions") || !strstr(yaml, "needs-in-their-words"))
        strbuf_puts(out, example_has(yaml, "questions") ? "" : EXAMPLE_QUESTIONS);
    strbuf_puts(out, example_has(yaml, "signals") ? "" : EXAMPLE_SIGNALS);
    strbuf_puts(out, example_has(yaml, "flows") ? "" : EXAMPLE_FLOWS);
    if (part && !example_has(yaml, "rules") && !example_has(yaml, "questions"))
        strbuf_puts(out, EXAMPLE_RULES);
    if (part)
        strbuf_puts(out, yaml);
    else
        example_rule(yaml, out);
    return EXAMPLE_PLUGIN;
}

/* By its first keys: a file as it is, or a part of a plugin or of a rule. */
static inline enum example_kind example_wrap(const char *yaml, struct strbuf *out)
{
    bool plugin = example_has(yaml, "plugin");
    enum example_kind kind =
        example_has(yaml, "chat") || example_has(yaml, "intake") || example_has(yaml, "mix")
            ? EXAMPLE_GRITD
        : example_has(yaml, "stages")                               ? EXAMPLE_PIPELINE
        : example_has(yaml, "people") || example_has(yaml, "teams") ? EXAMPLE_PEOPLE
                                                                    : EXAMPLE_PLUGIN;
    if (kind == EXAMPLE_PLUGIN && !plugin)
        return example_plugin(yaml, out);
    strbuf_puts(out, yaml);
    return kind;
}

static inline struct loaded example_load(const char *yaml, enum example_kind kind)
{
    struct load_given given = {.people = EXAMPLE_PEOPLE_YAML};
    struct loaded l = {0};
    if (kind == EXAMPLE_GRITD) {
        struct load_file file = load_check_file("gritd.yaml", yaml);
        struct strbuf out = {0};
        problems_init(&l.problems);
        l.result = load_config(&file, platforms_for_load(), &l.problems, &l.config);
        problems_print(&l.problems, &out);
        l.text = strbuf_take(&out);
        return l;
    }
    if (kind == EXAMPLE_PEOPLE)
        given.people = yaml;
    else if (kind == EXAMPLE_PIPELINE)
        given.pipeline = yaml;
    else
        given.plugins[0] = yaml;
    return load_given(&given);
}

/* --- the example of one key, with the keys that it needs beside it --- */

static inline const struct key *example_key(const struct block *block, const char *name)
{
    for (size_t i = 0; i < block->count; i++) {
        if (str_eq(block->keys[i].name, name))
            return &block->keys[i];
    }
    return NULL;
}

struct example_mapping {
    const struct block *block;
    const struct key *keys[16];
    size_t count;
};

static inline bool example_holds(const struct example_mapping *m, const char *group)
{
    for (size_t i = 0; i < m->count; i++) {
        if (str_eq(m->keys[i]->one_of, group))
            return true;
    }
    return false;
}

static inline void example_add(struct example_mapping *m, const struct key *key)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->keys[i] == key)
            return;
    }
    m->keys[m->count++] = key;
    if (key->with)
        example_add(m, example_key(m->block, key->with[0]));
    if (key->needs)
        example_add(m, example_key(m->block, key->needs));
}

/* "{rule: x, when: y, limit: z}" */
static inline void example_mapping(const struct block *block, const struct key *key,
                                   struct strbuf *out)
{
    struct example_mapping m = {.block = block};
    if (key)
        example_add(&m, key);
    for (size_t i = 0; i < block->count; i++) {
        const struct key *other = &block->keys[i];
        bool first = other->one_of && !example_holds(&m, other->one_of);
        if (first || other->required)
            example_add(&m, other);
    }
    if (block == &input_block) /* else gritd.yaml has to give the value */
        example_add(&m, example_key(block, "default"));
    if (block == &map_block) /* no event of a deal without one */
        example_add(&m, example_key(block, "deal"));
    for (size_t i = 0; i < m.count; i++) {
        const char *example = m.keys[i]->example ? m.keys[i]->example : "[]";
        if (str_eq(m.keys[i]->name, "to") && key && str_eq(key->name, "ratio"))
            example = "{mean_of: 6 weeks}"; /* that of 'to' is the end of a time_from */
        strbuf_printf(out, "%s%s: %s", i ? ", " : "{", m.keys[i]->name, example);
    }
    strbuf_puts(out, "}");
}
