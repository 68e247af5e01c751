#include "load/manual.h"

#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/blocks.h"
#include "load/describe.h"
#include "load/lint.h"
#include "load/load_plugin.h"
#include "load/load_tests.h"

static const struct block *const roots[] = {&load_plugin_block, &load_config_block,
                                            &load_people_block, &load_pipeline_block};

enum { BLOCKS_MAX = 64 };

struct found {
    const struct block *list[BLOCKS_MAX];
    size_t count;
};

static void find_blocks(struct found *found, const struct block *block)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->list[i] == block)
            return;
    }
    if (found->count == BLOCKS_MAX)
        return;
    found->list[found->count++] = block;
    for (size_t i = 0; i < block->count; i++) {
        if (block->keys[i].block)
            find_blocks(found, block->keys[i].block);
    }
}

const struct block *manual_block(size_t index)
{
    struct found found = {0};
    for (size_t i = 0; i < ARRAY_LEN(roots); i++)
        find_blocks(&found, roots[i]);
    return index < found.count ? found.list[index] : NULL;
}

/* --- keys --- */

static const char *join(const char *const *words, const char *last, struct arena *arena)
{
    struct strbuf out = {0};
    for (size_t i = 0; words[i]; i++)
        strbuf_printf(&out, "%s%s", !i ? "" : words[i + 1] ? ", " : last, words[i]);
    const char *joined = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return joined;
}

static const char *held_block(const struct key *key, struct arena *arena)
{
    const char *name = key->block ? block_word(key->block) : "mapping";
    switch (key->holds) {
    case HOLDS_LIST:
        return arena_printf(arena, "a list, each entry %s", key->block->name);
    case HOLDS_NAMED:
        return arena_printf(arena, "a mapping of names, each with %s", key->block->name);
    case HOLDS_ONE:
        break;
    }
    return arena_printf(arena, "a mapping (%s)", name);
}

const char *manual_value(const struct key *key, struct arena *arena)
{
    enum key_form form = form_of_key(key);
    if (form == FORM_WORD && key->words[1])
        return arena_printf(arena, "one of %s", join(key->words, ", ", arena));
    if (form == FORM_WORD)
        return arena_printf(arena, "the word %s", key->words[0]);
    if (form == FORM_INT)
        return arena_printf(arena, "a whole number from %d to %d", key->min, key->max);
    if (form == FORM_NONE)
        return held_block(key, arena);
    return form_get(form)->phrase;
}

const char *manual_needs(const struct block *block, const struct key *key, struct arena *arena)
{
    const char *others[BLOCKS_MAX] = {NULL};
    size_t count = 0;
    if (key->one_of) {
        for (size_t i = 0; i < block->count && count + 1 < BLOCKS_MAX; i++) {
            if (str_eq(block->keys[i].one_of, key->one_of))
                others[count++] = block->keys[i].name;
        }
        const char *list = join(others, ", ", arena);
        return key->needs
                   ? arena_printf(arena, "exactly one of %s; this one with %s", list, key->needs)
                   : arena_printf(arena, "exactly one of %s", list);
    }
    if (key->with)
        return arena_printf(arena, "only with %s", join(key->with, " or ", arena));
    return key->needs ? arena_printf(arena, "only with %s", key->needs) : NULL;
}

static struct manual_entry *add(struct manual *m, const char *group, const char *word,
                                const char *what, const char *help)
{
    ARRAY_GROW(m->list, m->count, m->cap);
    struct manual_entry *entry = &m->list[m->count++];
    *entry = (struct manual_entry){
        .path = group ? arena_printf(m->arena, "%s%s", group, word) : word,
        .word = word,
        .what = what,
        .help = help,
    };
    return entry;
}

static void add_key(struct manual *m, const struct block *block, const struct key *key)
{
    const char *group = arena_printf(m->arena, "%s.", block_word(block));
    const char *what = arena_printf(m->arena, "a key of %s", block->name);
    struct manual_entry *entry = add(m, group, key->name, what, key->help);
    entry->value = manual_value(key, m->arena);
    entry->needs = manual_needs(block, key, m->arena);
    entry->preset = key->preset;
    entry->required = key->required;
    if (key->example)
        entry->example = arena_printf(m->arena, "%s: %s", key->name, key->example);
}

static void add_blocks(struct manual *m)
{
    const struct block *block;
    for (size_t i = 0; (block = manual_block(i)); i++) {
        struct strbuf keys = {0};
        for (size_t k = 0; k < block->count; k++)
            strbuf_printf(&keys, "%s%s", k ? ", " : "keys: ", block->keys[k].name);
        struct manual_entry *entry =
            add(m, NULL, block_word(block), "a part of a file", block->help);
        entry->value = arena_strdup(m->arena, strbuf_text(&keys));
        strbuf_done(&keys);
        for (size_t k = 0; k < block->count; k++)
            add_key(m, block, &block->keys[k]);
    }
}

/* --- what is not a key --- */

static const char *const type_words[] = {
    [VALUE_MISSING] = "nothing",
    [VALUE_TEXT] = "a text",
    [VALUE_NUMBER] = "a number",
    [VALUE_MONEY] = "money, in whole units",
    [VALUE_TIME] = "a time",
    [VALUE_DATE] = "a day",
    [VALUE_LENGTH] = "a length of time",
    [VALUE_BOOL] = "true or false",
};

static void add_fields(struct manual *m)
{
    const struct description *d;
    for (size_t i = 0; (d = describe_field(i)); i++) {
        const char *const *words = field_words((enum field)i);
        struct manual_entry *entry =
            add(m, "field ", d->name, "a field, for conditions and texts", d->help);
        entry->value = words ? arena_printf(m->arena, "one of %s", join(words, ", ", m->arena))
                             : type_words[field_type((enum field)i)];
        if (d->more)
            entry->example = arena_printf(m->arena, "if: {%s: %s}", d->name, d->more);
    }
}

static const char *types_of(unsigned types, struct arena *arena)
{
    const char *names[ARRAY_LEN(type_words) + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(type_words); i++) {
        if (types >> i & 1)
            names[count++] = type_words[i];
    }
    return arena_printf(arena, "for fields that are %s", join(names, " or ", arena));
}

static void add_tests(struct manual *m)
{
    const struct field_test *test;
    for (size_t i = 0; (test = load_field_test_at(i)); i++) {
        struct manual_entry *entry = add(m, "test ", test->name, "a test of a field", test->help);
        entry->value = types_of(test->types, m->arena);
        entry->example = arena_printf(m->arena, "if: {%s}", test->example);
    }
    add(m, "test ", "missing", "a test of a field", "There is no value")->example =
        "if: {deal.next_step: missing}";
    add(m, "test ", "present", "a test of a field", "There is a value")->example =
        "if: {gate.seller: present}";
    add(m, "test ", "any", "a group of tests", "At least one of a list of mappings holds")
        ->example = "if: {any: [{kind: call}, {kind: meeting}]}";
    add(m, "test ", "all", "a group of tests", "Each of a list of mappings holds")->example =
        "if: {all: [{kind: call}, {direction: outbound}]}";
    add(m, "test ", "not", "a group of tests", "The mapping does not hold")->example =
        "if: {not: {reason: {contains: budget}}}";
}

static void add_described(struct manual *m, const struct description *(*at)(size_t),
                          const char *group, const char *what)
{
    const struct description *d;
    for (size_t i = 0; (d = at(i)); i++)
        add(m, group, d->name, what, d->help)->example = d->more;
}

static void add_events(struct manual *m)
{
    const struct description *d;
    for (size_t i = 0; (d = describe_event(i)); i++) {
        struct manual_entry *entry = add(m, "event ", d->name, "an event", d->help);
        entry->value = d->more ? arena_printf(m->arena, "fields: %s", d->more) : NULL;
        entry->example = arena_printf(m->arena, "when: %s", d->name);
    }
}

static void add_actions(struct manual *m)
{
    const struct action *action;
    for (int i = 0; (action = action_at(i)); i++) {
        struct manual_entry *entry =
            add(m, "action ", action->name, "an action of a rule", action->help);
        entry->value = action->counts ? "counts for the limits of a person" : NULL;
    }
}

void manual_fill(struct manual *m, struct arena *arena)
{
    *m = (struct manual){.arena = arena};
    add_blocks(m);
    add_events(m);
    add_fields(m);
    add_tests(m);
    add_actions(m);
    add_described(m, describe_filter, "filter ", "a filter of texts");
    add_described(m, describe_gate, "gate ", "a gate that a message has to pass");
    add_described(m, describe_note, "gate ", "a gate that a message has to pass");
    add_described(m, describe_outcome, "outcome ", "what becomes of a decision");
    add_described(m, describe_code, "code ", "something check finds");
    for (int i = 0; i < lint_rule_count; i++) {
        if (i == 0 || !str_eq(lint_rules[i].advice, lint_rules[i - 1].advice))
            add(m, "code ", lint_rules[i].code, "a coaching mistake check warns of",
                lint_rules[i].advice);
    }
}
