/* core_rig.h: a core with a book from YAML text, under a clock of the test's; what it decides and
 * says is kept as short lines. With `restarts` everything is thrown away after each step and built
 * again from what was to be stored. Include after cmocka.h. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/core.h"
#include "core/event_fields.h"
#include "io/zones.h"
#include "load/load.h"

enum { RIG_PLUGINS = 5, RIG_WORDS = 2 };

struct rig_text {
    const char *people, *pipeline, *config, *plugins[RIG_PLUGINS], *words[RIG_WORDS];
};

struct rig_row {
    int kind; /* a state; -1 a fact, -2 a send, -3 one that failed */
    char *key, *value, *rep;
    struct fact_row fact;
    msec_t at;
};

struct rig {
    struct zones zones;
    const struct tz *zone; /* of the times in the test */
    struct problems problems;
    struct config *config;
    struct book *book;
    struct core *core;
    struct core_options options;
    struct step step;
    bool restarts, full; /* full: the transcript has states and whole messages */
    struct rig_row *rows;
    size_t count, cap;
    struct strbuf lines;
    char last_key[64]; /* of the newest message that came with buttons */
    int serial;
    msec_t now;
};

static inline struct book *rig_book(struct rig *rig, const struct rig_text *text)
{
    static const char *const names[RIG_PLUGINS] = {"a.yaml", "b.yaml", "c.yaml", "d.yaml",
                                                   "e.yaml"};
    struct load_file people = {"people.yaml", text->people,
                               text->people ? strlen(text->people) : 0};
    struct load_file pipeline = {"pipeline.yaml", text->pipeline,
                                 text->pipeline ? strlen(text->pipeline) : 0};
    struct load_file config = {"gritd.yaml", text->config, text->config ? strlen(text->config) : 0};
    struct load_file plugins[RIG_PLUGINS], words[RIG_WORDS];
    struct load_set set = {.people = text->people ? &people : NULL,
                           .pipeline = text->pipeline ? &pipeline : NULL,
                           .plugins = plugins,
                           .words = words,
                           .zone = zones_get,
                           .zone_user = &rig->zones};
    struct load_counts counts;
    struct book *book = NULL;
    struct strbuf out = {0};
    bool bad = text->config && load_config(&config, NULL, &rig->problems, &rig->config);
    set.config = rig->config;
    for (int i = 0; i < RIG_PLUGINS && text->plugins[i]; i++)
        plugins[set.plugin_count++] =
            (struct load_file){names[i], text->plugins[i], strlen(text->plugins[i])};
    for (int i = 0; i < RIG_WORDS && text->words[i]; i++)
        words[set.word_count++] =
            (struct load_file){"words.yaml", text->words[i], strlen(text->words[i])};
    bad |= load_book(&set, &rig->problems, &counts, &book, NULL) != 0;
    problems_print(&rig->problems, &out);
    if (bad)
        fail_msg("the test's own files:\n%s", strbuf_text(&out));
    strbuf_done(&out);
    return book;
}

/* "2026-03-03 16:55" or with seconds, as the clocks of the rig's zone show it. */
static inline msec_t rig_time(const struct rig *rig, const char *text)
{
    struct civil c = {0};
    if (sscanf(text, "%d-%d-%d %d:%d:%d", &c.year, &c.month, &c.day, &c.hour, &c.minute,
               &c.second) < 5)
        fail_msg("bad time in the test: %s", text);
    return tz_instant(rig->zone, &c, TZ_GAP_END);
}

static inline void rig_init(struct rig *rig, const struct rig_text *text, const char *start)
{
    problems_init(&rig->problems);
    rig->zone = zones_get(&rig->zones, "America/Denver");
    assert_non_null(rig->zone);
    rig->book = rig_book(rig, text);
    rig->options = (struct core_options){.seed = 7, .zone = zones_get, .zone_user = &rig->zones};
    memset(rig->options.secret, 5, sizeof(rig->options.secret));
    rig->core = core_new(rig->book, &rig->options);
    step_init(&rig->step);
    rig->now = rig_time(rig, start);
}

static inline void rig_done(struct rig *rig)
{
    for (size_t i = 0; i < rig->count; i++) {
        free(rig->rows[i].key);
        free(rig->rows[i].value);
        free(rig->rows[i].rep);
    }
    free(rig->rows);
    core_free(rig->core);
    step_done(&rig->step);
    book_free(rig->book);
    config_free(rig->config);
    problems_done(&rig->problems);
    zones_done(&rig->zones);
    strbuf_done(&rig->lines);
}

static inline struct rig_row *rig_row(struct rig *rig, int kind, const char *key)
{
    for (size_t i = 0; kind >= 0 && i < rig->count; i++) {
        if (rig->rows[i].kind == kind && str_eq(rig->rows[i].key, key))
            return &rig->rows[i];
    }
    ARRAY_GROW(rig->rows, rig->count, rig->cap);
    rig->rows[rig->count] = (struct rig_row){.kind = kind, .key = xstrdup(key)};
    return &rig->rows[rig->count++];
}

static inline const char *rig_gate(const struct decision *note)
{
    for (int i = 0; i < note->gate_count; i++) {
        if (!note->gates[i].ok)
            return note->gates[i].gate;
    }
    return "";
}

static inline void rig_stamp(struct rig *rig)
{
    struct civil c;
    tz_local(rig->zone, rig->step.now, &c);
    strbuf_printf(&rig->lines, "%02d-%02d %02d:%02d ", c.month, c.day, c.hour, c.minute);
}

static inline void rig_note(struct rig *rig, const struct decision *note)
{
    const char *gate = rig_gate(note);
    if (rig->full) {
        strbuf_puts(&rig->lines, "NOTE ");
        decision_encode(note, &rig->lines);
    } else {
        rig_stamp(rig);
        strbuf_printf(&rig->lines, "%s %s %s%s%s", note->rep, note->rule, note->outcome,
                      *gate ? " " : "", gate);
    }
    strbuf_putc(&rig->lines, '\n');
}

static inline void rig_said(struct rig *rig, const struct message *m)
{
    if (rig->full) {
        strbuf_puts(&rig->lines, "SEND ");
        message_encode(m, &rig->lines);
        strbuf_putc(&rig->lines, '\n');
    } else if (!m->rule) { /* the note has told of the others */
        rig_stamp(rig);
        strbuf_printf(&rig->lines, "%s %s: %s\n", m->op == MESSAGE_UPDATE ? "~" : ">", m->to,
                      m->text);
    }
    if (m->button_count && m->op == MESSAGE_POST)
        (void)snprintf(rig->last_key, sizeof(rig->last_key), "%s", m->key);
    if (!m->rule)
        return;
    struct rig_row *row = rig_row(rig, -2, m->rule);
    row->rep = xstrdup(m->rep);
    row->value = xstrdup(m->deal);
    row->at = m->at;
}

/* From here on it is played as a simulation is: nothing is stored. */
static inline void rig_store_nothing(struct rig *rig)
{
    rig->step.stateless = true;
    rig->restarts = false;
}

static inline void rig_state(struct rig *rig, int kind, const char *key, const char *value)
{
    if (rig->step.stateless)
        fail_msg("a row of kind %d is written for nobody", kind);
    struct rig_row *row = rig_row(rig, kind, key);
    xstr_replace(&row->value, value);
    if (rig->full)
        strbuf_printf(&rig->lines, "STATE %d %s %s\n", kind, key, value ? value : "-");
}
