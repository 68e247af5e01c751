/* gritd-plugins(5): the rule language, from the loader's own tables. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "gritctl/man.h"
#include "load/blocks.h"
#include "load/manual.h"

/* All entries of one group: "event ", "gate ". */
static void put_group(const struct manual *manual, const char *group, const char *title,
                      const char *about)
{
    man_section(title);
    man_text(about);
    for (size_t i = 0; i < manual->count; i++) {
        const struct manual_entry *entry = &manual->list[i];
        struct strbuf text = {0};
        if (!str_starts(entry->path, group))
            continue;
        strbuf_printf(&text, "%s", entry->help);
        if (entry->value)
            strbuf_printf(&text, "; %s", entry->value);
        strbuf_putc(&text, '.');
        if (entry->example)
            strbuf_printf(&text, " Example: %s", entry->example);
        man_item(entry->word, NULL, strbuf_text(&text));
        strbuf_done(&text);
    }
}

static void put_groups(void)
{
    static const struct {
        const char *group, *title, *about;
    } groups[] = {
        {"event ", "EVENTS", "What a rule can wait for under **when:**."},
        {"field ", "FIELDS", "What **if:** looks at, and what texts say between {{ and }}."},
        {"test ", "TESTS", "How a field is looked at."},
        {"action ", "ACTIONS", "What a rule does."},
        {"filter ", "FILTERS", "How a text writes a value: {{deal.amount|money}}."},
        {"gate ", "GATES",
         "What each message has to pass; **gritctl why** names the one that kept it."},
        {"outcome ", "OUTCOMES", "What becomes of a decision."},
        {"code ", "FINDINGS", "What **gritctl check** says, by the word in brackets."},
    };
    struct arena arena;
    struct manual manual;
    arena_init(&arena);
    manual_fill(&manual, &arena);
    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        put_group(&manual, groups[i].group, groups[i].title, groups[i].about);
    free(manual.list);
    arena_done(&arena);
}

void man_rules(void)
{
    static const struct block *const roots[] = {&load_plugin_block};
    man_begin("gritd-plugins", 5, "rules of gritd: what is asked, praised, when and how often");
    man_section("DESCRIPTION");
    man_text(
        "A plugin is one YAML file that holds one coaching practice: its questions, its praise, "
        "its rules and their tests. It reads aloud as English and holds no code. Those that "
        "come with gritd are in /usr/share/gritd/plugins and are the best examples; the "
        "team's own belong into /etc/gritd/plugins. **gritctl check** finds every mistake, "
        "**gritctl test** runs the tests inside, **gritctl simulate** plays last quarter's "
        "events through the rules.");
    man_section("EXAMPLE");
    man_lines(
        "plugin: our-first\n"
        "about: Asks about the customer when a deal is proposed.\n"
        "area: opportunity\n"
        "questions:\n"
        "  gain:\n"
        "    kind: purpose\n"
        "    text: \"{{deal.name}}: what will be better for them in a year, in their own words?\"\n"
        "    answer: text\n"
        "    reader: rep\n"
        "rules:\n"
        "  - rule: gain-at-propose\n"
        "    about: the deal moved to Propose\n"
        "    when: {event: deal.stage_changed, to: propose}\n"
        "    ask: gain\n"
        "    limit: 1 per deal\n");
    man_section("KEYS");
    man_blocks(roots, ARRAY_LEN(roots));
    put_groups();
    man_see_also("**gritctl**(1), **gritd.yaml**(5), **gritd**(8)");
}
