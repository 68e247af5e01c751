/* gritd.yaml(5): the loader's own tables of the three files of a configuration. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "gritctl/man.h"
#include "io/platforms.h"
#include "load/blocks.h"
#include "load/manual.h"

enum { BLOCKS_MAX = 64 };

struct walk {
    const struct block *seen[BLOCKS_MAX];
    size_t count;
    struct arena arena;
};

static void put_key(struct walk *walk, const struct block *block, const struct key *key)
{
    const char *needs = manual_needs(block, key, &walk->arena);
    struct strbuf text = {0};
    strbuf_printf(&text, "%s", key->help);
    if (needs)
        strbuf_printf(&text, "; %s", needs);
    if (key->required)
        strbuf_puts(&text, "; **needed**");
    if (key->preset)
        strbuf_printf(&text, "; without it %s", key->preset);
    if (key->example)
        strbuf_printf(&text, ". Example: %s: %s", key->name, key->example);
    else
        strbuf_putc(&text, '.');
    man_item(key->name, manual_value(key, &walk->arena), strbuf_text(&text));
    strbuf_done(&text);
}

static void put_block(struct walk *walk, const struct block *block)
{
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->seen[i] == block)
            return;
    }
    if (walk->count == BLOCKS_MAX)
        return;
    walk->seen[walk->count++] = block;
    man_part(block->name);
    struct strbuf help = {0};
    strbuf_printf(&help, "%s.", block->help ? block->help : block->name);
    man_text(strbuf_text(&help));
    strbuf_done(&help);
    for (size_t i = 0; i < block->count; i++)
        put_key(walk, block, &block->keys[i]);
    for (size_t i = 0; i < block->count; i++) {
        if (block->keys[i].block)
            put_block(walk, block->keys[i].block);
    }
}

void man_blocks(const struct block *const *roots, size_t count)
{
    struct walk walk = {0};
    arena_init(&walk.arena);
    for (size_t i = 0; i < count; i++)
        put_block(&walk, roots[i]);
    arena_done(&walk.arena);
}

static void put_platforms(void)
{
    const struct load_platforms *all = platforms_for_load();
    man_section("CHAT PLATFORMS");
    man_text("The options of each stand below **chat:** in a block of its name.");
    for (size_t i = 0; i < all->count; i++) {
        const struct load_platform *platform = &all->list[i];
        man_part(platform->name);
        if (!platform->option_count)
            man_text("It has no options.");
        for (size_t k = 0; k < platform->option_count; k++) {
            const struct load_option *option = &platform->options[k];
            struct strbuf text = {0};
            strbuf_printf(&text, "%s%s.", option->help, option->required ? "; **needed**" : "");
            man_item(option->key, option->secret ? "a secret" : NULL, strbuf_text(&text));
            strbuf_done(&text);
        }
    }
}

void man_config(void)
{
    static const struct block *const own[] = {&load_config_block};
    static const struct block *const people[] = {&load_people_block};
    static const struct block *const pipeline[] = {&load_pipeline_block};
    man_begin("gritd.yaml", 5, "configuration of gritd: gritd.yaml, people.yaml, pipeline.yaml");
    man_section("DESCRIPTION");
    man_text(
        "Three YAML files say how gritd is connected, who it speaks to and which stages a deal "
        "goes through. Paths in them are relative to the file that names them. **gritctl "
        "check** finds every mistake with its file, line and column; **gritctl explain KEY** "
        "says what this page says about one word. The files that come with gritd are "
        "commented examples of each.");
    man_text(
        "A **secret** never stands in the file itself: **credential:NAME** (a file in "
        "/etc/gritd/credentials, handed over by systemd), **file:PATH** (a file that only gritd "
        "can read) or **env:NAME** says where it is.");
    man_section("GRITD.YAML");
    man_blocks(own, ARRAY_LEN(own));
    put_platforms();
    man_section("PEOPLE.YAML");
    man_blocks(people, ARRAY_LEN(people));
    man_section("PIPELINE.YAML");
    man_blocks(pipeline, ARRAY_LEN(pipeline));
    man_see_also("**gritd**(8), **gritctl**(1), **gritd-plugins**(5)");
}
