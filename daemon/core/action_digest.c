/* digest: what a period brought, in one message. Lines about people and deals stand in the order of
 * their names, whatever the texts say: nobody is ranked. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/compose.h"
#include "core/lead.h"
#include "core/phrases_reasons.h"

enum { MORE_POINTS = 40 }; /* kept free for "and N more" */

struct line {
    const char *name, *id; /* what it is about; the order */
    const char *text;
};

struct lines {
    struct line *list;
    size_t count, cap;
};

static int by_name(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);
    return order ? order : strcmp(x->id, y->id);
}

/* A text is one line, whatever the values in it hold. */
static const char *one_line(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);
    for (char *c = copy; *c; c++) {
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    }
    return copy;
}

/* The line of the section in this scope, where its conditions hold and nothing is missing. */
static void add_line(const struct section *section, const struct scope *scope, const char *name,
                     const char *id, struct lines *lines)
{
    int missing = 0;
    if (!cond_holds(section->cond, scope))
        return;
    const char *text = render_text(scope, section->text, &missing);
    if (!text || missing)
        return;
    ARRAY_GROW(lines->list, lines->count, lines->cap);
    lines->list[lines->count++] = (struct line){name, id, one_line(scope->arena, text)};
}

/* Whose facts the receiver may hear of: the own ones, or those of the own teams. */
struct circle {
    const struct person **reps; /* sorted by id, in the scope's arena */
    size_t count;
};

static struct circle circle_of(const struct scope *scope)
{
    const struct core *core = scope->core;
    struct circle circle = {
        .reps = arena_alloc(scope->arena, (core->person_count + 1) * sizeof(struct person *))};
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *rep = core->people[i];
        bool led = scope->rule->to == TO_MANAGER && lead_is_report(core, scope->rep, rep);
        if (led || (rep == scope->rep && person_is_rep(core, rep)))
            circle.reps[circle.count++] = rep;
    }
    return circle;
}

static bool is_in(const struct circle *circle, const struct person *rep)
{
    size_t low = 0, high = rep ? circle->count : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(circle->reps[middle]->id, rep->id);
        if (!order)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void add_reps(const struct section *section, const struct scope *scope,
                     const struct circle *circle, struct lines *lines)
{
    for (size_t i = 0; i < circle->count; i++) {
        struct scope one = *scope;
        one.rep = circle->reps[i];
        if (one.rep != scope->rep)
            add_line(section, &one, person_name(one.rep), one.rep->id, lines);
    }
}

static void add_deals(const struct section *section, const struct scope *scope,
                      const struct circle *circle, struct lines *lines)
{
    const struct deal_list deals = deals_sorted(scope->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        struct scope one = *scope;
        one.deal = deals.list[i];
        one.rep = one.deal->rep;
        if (deal_is_open(one.deal) && is_in(circle, one.rep))
            add_line(section, &one, deal_label(one.deal), one.deal->id, lines);
    }
}

static void collect(const struct section *section, const struct scope *scope,
                    const struct circle *circle, struct lines *lines)
{
    lines->count = 0;
    switch (section->each) {
    case EACH_NOTHING:
        add_line(section, scope, "", "", lines);
        break;
    case EACH_REP:
        add_reps(section, scope, circle, lines);
        break;
    case EACH_DEAL:
        add_deals(section, scope, circle, lines);
        break;
    }
    if (lines->count > 1)
        qsort(lines->list, lines->count, sizeof(*lines->list), by_name);
}

static long points(const struct strbuf *out)
{
    return out->len ? utf8_length(out->data, out->len) : 0;
}

static bool fits(const struct strbuf *out, const char *text)
{
    return points(out) + utf8_length(text, strlen(text)) + MORE_POINTS <= MESSAGE_TEXT_MAX;
}

static void add_more(struct strbuf *out, size_t more)
{
    if (more)
        strbuf_printf(out, "\nand %zu more", more);
}

/* Returns how many lines found no room in the message; those over at_most are told of here. */
static size_t write_section(const struct section *section, const struct lines *lines,
                            struct strbuf *out)
{
    size_t most = section->at_most && lines->count > (size_t)section->at_most
                      ? (size_t)section->at_most
                      : lines->count;
    size_t shown = 0;
    struct strbuf part = {0};
    for (; shown < most; shown++) {
        strbuf_clear(&part);
        if (!shown && out->len)
            strbuf_puts(&part, "\n\n");
        if (!shown && section->title)
            strbuf_puts(&part, section->title);
        if (shown || section->title)
            strbuf_puts(&part, "\n");
        if (section->each != EACH_NOTHING)
            strbuf_puts(&part, "• ");
        strbuf_puts(&part, lines->list[shown].text);
        if (!fits(out, strbuf_text(&part)))
            break;
        strbuf_puts(out, strbuf_text(&part));
    }
    strbuf_done(&part);
    if (shown < most)
        return lines->count - shown;
    add_more(out, lines->count - shown);
    return 0;
}

static const char *compose_digest(const struct core *core, const struct rule *rule,
                                  const struct scope *scope, struct draft *draft)
{
    const struct circle circle = circle_of(scope);
    struct lines lines = {0};
    struct strbuf out = {0};
    size_t left_out = 0;
    (void)core; /* it is in the scope */
    for (int i = 0; i < rule->section_count; i++) {
        collect(&rule->sections[i], scope, &circle, &lines);
        if (left_out)
            left_out += lines.count; /* whole sections fall behind the first that was cut */
        else
            left_out = write_section(&rule->sections[i], &lines, &out);
    }
    add_more(&out, left_out);
    draft->words = out.len ? arena_strndup(draft->arena, out.data, out.len) : NULL;
    draft->variant = 0;
    free(lines.list);
    strbuf_done(&out);
    return draft->words ? NULL : SAY_REASON_NOTHING_TO_TELL;
}

const struct action action_digest = {
    .name = "digest",
    .help = "collects what a period brought into one message",
    .counts = true,
    .compose = compose_digest,
};
