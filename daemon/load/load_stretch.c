/* stretch: a ladder of steps, each a little harder than the one before. */
#include "load/load_stretch.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "core/stretch.h"

enum { SIZE_MAX_OF_STEP = 100, WINS_MAX = 100, WINS_PRESET = 3, REST_DAYS = 30, TRUST_DAYS = 30 };

static const char *const trusts[] = {"trust", NULL};

/* A rung while it is read; its texts join those of the rule in the end. */
struct rung_draft {
    struct rung rung; /* first */
    struct text **texts;
    const struct node *node;
};

struct stretch_draft {
    struct stretch stretch; /* first */
    struct rung_draft *rungs;
    int count;
};

static void read_rung_text(struct reading *r, const struct node *node, void *into)
{
    struct rung_draft *draft = into;
    plugin_read_texts(plugin_of(r), node, TEXT_OFFER, &draft->texts, &draft->rung.text_count);
}

static void read_tried(struct reading *r, const struct node *node, void *into)
{
    filter_read(r, node, &((struct rung_draft *)into)->rung.tried);
}

#define AT(member) offsetof(struct rung_draft, rung.member)

static const struct key rung_keys[] = {
    {.name = "rung",
     .type = KEY_NAME,
     .required = true,
     .at = AT(id),
     .example = "numbers",
     .help = "a name that no other step of the ladder has"},
    {.name = "size",
     .type = KEY_INT,
     .required = true,
     .at = AT(size),
     .min = 1,
     .max = SIZE_MAX_OF_STEP,
     .example = "1",
     .help = "how hard it is, beside the others; rises from step to step"},
    {.name = "text",
     .type = KEY_OTHER,
     .required = true,
     .read = read_rung_text,
     .form = FORM_MESSAGES,
     .example = "\"How about asking for one more person's view this week?\"",
     .help = "the offer, or several wordings; it can be declined or passed over"},
    {.name = "tried",
     .type = KEY_OTHER,
     .read = read_tried,
     .form = FORM_FILTER,
     .example = "{event: activity.logged, kind: meeting}",
     .help = "What shows that it was tried, won or not; the rep's own word always does"},
};
#undef AT

const struct block rung_block = BLOCK("a rung", rung_keys, "rung, size, text, tried");

static void read_rung(struct reading *r, const struct node *node, void *into)
{
    struct stretch_draft *draft = into;
    struct rung_draft rung = {.node = node};
    int errors = r->errors;
    read_map(r, node, &rung_block, &rung);
    for (int i = 0; i < draft->count && rung.rung.id; i++) {
        if (str_eq(draft->rungs[i].rung.id, rung.rung.id))
            read_error(r, node_get(node, "rung"), "duplicate-id",
                       "the step '%s' stands in this ladder a second time", rung.rung.id);
    }
    if (r->errors == errors && node->kind == NODE_MAP)
        draft->rungs[draft->count++] = rung;
}

static void read_rungs(struct reading *r, const struct node *node, void *into)
{
    struct stretch_draft *draft = into;
    if (node->kind != NODE_LIST || !node->count || node->count > STRETCH_RUNGS_MAX) {
        read_error(r, node, "wrong-value",
                   "'rungs' must be a list of 1 to %d steps, such as - {rung: numbers, "
                   "size: 1, text: ...}",
                   STRETCH_RUNGS_MAX);
        return;
    }
    draft->rungs = arena_alloc(r->arena, (size_t)node->count * sizeof(*draft->rungs));
    read_each(r, node, read_rung, draft);
}

static void read_wins(struct reading *r, const struct node *node, void *into)
{
    filter_read(r, node, &((struct stretch *)into)->wins);
}

static void read_trust(struct reading *r, const struct node *node, void *into)
{
    filter_read(r, node, &((struct stretch *)into)->trust);
}

#define AT(member) offsetof(struct stretch_draft, stretch.member)

static const struct key stretch_keys[] = {
    {.name = "rungs",
     .type = KEY_OTHER,
     .required = true,
     .read = read_rungs,
     .holds = HOLDS_LIST,
     .block = &rung_block,
     .min = 1,
     .example = "[{rung: numbers, size: 1, text: \"How about asking what it costs them?\"}]",
     .help = "the steps, from the smallest on; the next one comes once the last one was tried"},
    {.name = "wins",
     .type = KEY_OTHER,
     .required = true,
     .read = read_wins,
     .form = FORM_FILTER,
     .example = "{event: activity.logged, kind: meeting, outcome: completed}",
     .help = "what counts as a comfortable win of the rep"},
    {.name = "after",
     .type = KEY_INT,
     .at = AT(after),
     .min = 1,
     .max = WINS_MAX,
     .preset = "3",
     .example = "3",
     .help = "So many wins since the last step was settled, then the next one is offered"},
    {.name = "max_step",
     .type = KEY_INT,
     .at = AT(max_step),
     .min = 1,
     .max = SIZE_MAX_OF_STEP,
     .preset = "1",
     .example = "1",
     .help = "By how much the size may rise from one step to the next; more is an error"},
    {.name = "rest",
     .type = KEY_LENGTH,
     .at = AT(rest),
     .preset = "30d",
     .example = "30d",
     .help = "For so long a step that was declined, passed over or not tried is not offered again"},
    {.name = "trust",
     .type = KEY_OTHER,
     .read = read_trust,
     .form = FORM_FILTER,
     .example = "{event: activity.logged, kind: meeting, direction: none}",
     .help =
         "A one-to-one that must lie behind the rep; 'stretch', said in the chat, stands for it"},
    {.name = "trust_within",
     .type = KEY_LENGTH,
     .at = AT(trust_within),
     .with = trusts,
     .preset = "30d",
     .example = "14d",
     .help = "How long ago at most"},
};
#undef AT

const struct block stretch_block = BLOCK("a ladder", stretch_keys, "rungs, wins, after, trust");

/* Limits move bit by bit: a jump is left out of the ladder by whoever meets it. */
static void check_sizes(struct reading *r, const struct stretch_draft *draft)
{
    for (int i = 1; i < draft->count; i++) {
        const struct rung_draft *rung = &draft->rungs[i];
        const struct node *node = node_get(rung->node, "size");
        int rise = rung->rung.size - draft->rungs[i - 1].rung.size;
        if (rise < 1)
            read_error(r, node, "rung-jump",
                       "each step must be larger than the one before; '%s' is not", rung->rung.id);
        else if (rise > draft->stretch.max_step)
            read_error(r, node, "rung-jump",
                       "from '%s' to '%s' the size rises by %d, and 'max_step' is %d; put a step "
                       "between them",
                       draft->rungs[i - 1].rung.id, rung->rung.id, rise, draft->stretch.max_step);
    }
}

static void keep(struct reading *r, const struct stretch_draft *draft, struct rule *rule)
{
    struct stretch *stretch = arena_alloc(r->arena, sizeof(*stretch));
    int texts = 0;
    *stretch = draft->stretch;
    for (int i = 0; i < draft->count; i++)
        texts += draft->rungs[i].rung.text_count;
    stretch->rungs = arena_alloc(r->arena, (size_t)(draft->count + 1) * sizeof(*stretch->rungs));
    rule->texts = arena_alloc(r->arena, (size_t)(texts + 1) * sizeof(*rule->texts));
    for (int i = 0; i < draft->count; i++) {
        struct rung *rung = &stretch->rungs[stretch->rung_count++];
        *rung = draft->rungs[i].rung;
        rung->first = rule->text_count;
        for (int k = 0; k < rung->text_count; k++)
            rule->texts[rule->text_count++] = draft->rungs[i].texts[k];
    }
    rule->stretch = stretch;
}

void then_read_stretch(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *rule = into;
    struct stretch_draft draft = {.stretch = {.after = WINS_PRESET,
                                              .max_step = 1,
                                              .rest = REST_DAYS * MSEC_DAY,
                                              .trust_within = TRUST_DAYS * MSEC_DAY}};
    int errors = r->errors;
    rule->actions++;
    rule->rule.action = action_find("stretch");
    read_map(r, node, &stretch_block, &draft);
    check_sizes(r, &draft);
    if (r->errors == errors && node->kind == NODE_MAP)
        keep(r, &draft, &rule->rule);
}
