/* load_check.h: loads YAML written in a test and gives the problems as text. Include after
 * cmocka.h. */
#pragma once
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load.h"

enum { LOAD_CHECK_PLUGINS = 8 };

/* What one run loaded; load_done() frees it. */
struct loaded {
    struct problems problems;
    struct load_counts counts;
    struct book *book;
    struct plugin_tests *tests;
    struct config *config;
    char *text; /* one line a problem */
    int result;
};

/* The files of one run: texts, NULL where there is none. */
struct load_given {
    const char *config, *people, *pipeline, *holidays, *words;
    const char *plugins[LOAD_CHECK_PLUGINS];
};

/* Zones without files: UTC under a few names is all that loading asks for. */
static inline const struct tz *load_check_zone(void *user, const char *name)
{
    static const char *const known[] = {"America/Denver", "Europe/Berlin", "UTC"};
    (void)user;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i], name) == 0)
            return tz_utc();
    }
    return NULL;
}

static inline const struct load_platforms *load_check_platforms(void)
{
    static const struct load_option slack[] = {{"app_token", true, true, NULL},
                                               {"bot_token", true, true, NULL},
                                               {"api_url", false, false, NULL}};
    static const struct load_platform list[] = {
        {"local", NULL, 0}, {"slack", slack, ARRAY_LEN(slack)}, {"xmpp", NULL, 0}};
    static const struct load_platforms platforms = {list, ARRAY_LEN(list)};
    return &platforms;
}

static inline struct load_file load_check_file(const char *path, const char *text)
{
    return (struct load_file){path, text, text ? strlen(text) : 0};
}

static inline struct loaded load_given(const struct load_given *given)
{
    static const char *const names[LOAD_CHECK_PLUGINS] = {"a.yaml", "b.yaml", "c.yaml", "d.yaml",
                                                          "e.yaml", "f.yaml", "g.yaml", "h.yaml"};
    struct loaded l = {0};
    struct load_file plugins[LOAD_CHECK_PLUGINS];
    struct load_file config = load_check_file("gritd.yaml", given->config);
    struct load_file people = load_check_file("people.yaml", given->people);
    struct load_file pipeline = load_check_file("pipeline.yaml", given->pipeline);
    struct load_file holidays = load_check_file("days.ics", given->holidays);
    struct load_file words = load_check_file("words.yaml", given->words);
    struct load_set set = {
        .plugins = plugins, .holidays = &holidays, .words = &words, .zone = load_check_zone};
    problems_init(&l.problems);
    if (given->config)
        l.result = load_config(&config, load_check_platforms(), &l.problems, &l.config);
    set.config = l.config;
    set.people = given->people ? &people : NULL;
    set.pipeline = given->pipeline ? &pipeline : NULL;
    set.holiday_count = given->holidays ? 1 : 0;
    set.word_count = given->words ? 1 : 0;
    for (int i = 0; i < LOAD_CHECK_PLUGINS && given->plugins[i]; i++)
        plugins[set.plugin_count++] = load_check_file(names[i], given->plugins[i]);
    int result = load_book(&set, &l.problems, &l.counts, &l.book, &l.tests);
    l.result = l.result ? l.result : result;
    struct strbuf out = {0};
    problems_print(&l.problems, &out);
    l.text = strbuf_take(&out);
    return l;
}

static inline void load_done(struct loaded *l)
{
    plugin_tests_free(l->tests);
    book_free(l->book);
    config_free(l->config);
    problems_done(&l->problems);
    free(l->text);
}

/* Fails with the whole list when the line is not in it. */
static inline void assert_line(const struct loaded *l, const char *line)
{
    if (!strstr(l->text, line))
        fail_msg("wanted: %s\nfound:\n%s", line, l->text);
}

static inline void assert_clean(const struct loaded *l)
{
    if (l->result || *l->text)
        fail_msg("wanted no problem, found:\n%s", l->text);
}

/* A file and how the one line of its problem begins. */
struct load_case {
    const char *yaml, *line;
};
