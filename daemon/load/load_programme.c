/* programme: a plugin that a manager starts. */
#include "load/load_programme.h"

#include <string.h>

#include "base/alloc.h"
#include "core/programme.h"

static void read_self_check(struct reading *r, const struct node *node, void *into)
{
    struct programme *programme = into;
    const struct plugin_part *part = plugin_of(r)->part;
    const char *name;
    if (!read_name(r, node, &name))
        return;
    programme->self_check = plugin_question(plugin_of(r), node, name);
    for (int i = 0; i < part->rule_count && programme->self_check; i++) {
        const struct rule *rule = part->rules[i];
        for (int k = 0; k < rule->question_count; k++) {
            if (rule->questions[k] == programme->self_check && rule->to == TO_MANAGER)
                programme->asks = rule;
        }
    }
    if (programme->self_check && !programme->asks)
        read_error(r, node, "missing-key",
                   "no rule asks '%s' of the manager; add one with 'to: manager' and 'ask: %s'",
                   name, name);
}

static void read_signal(struct reading *r, const struct node *node, void *into)
{
    struct programme *programme = into;
    struct plugin_reading *p = plugin_of(r);
    const char *name;
    if (!read_text(r, node, &name))
        return;
    if (programme->baseline_count == PROGRAMME_SIGNALS_MAX) {
        read_error(r, node, "wrong-value", "a baseline has at most %d signals",
                   PROGRAMME_SIGNALS_MAX);
        return;
    }
    for (int i = 0; i < p->part->signal_count; i++) {
        if (str_eq(p->part->signals[i]->name, name)) {
            programme->baseline[programme->baseline_count++] = p->part->signals[i];
            return;
        }
    }
    if (!names_have(&p->signals, name)) /* else its own mistake is told */
        read_unknown(r, read_place(r, node), "unknown-field", "signal", name, p->signals.names,
                     (size_t)p->signals.count);
}

static void read_baseline(struct reading *r, const struct node *node, void *into)
{
    if (node->kind == NODE_MAP || (node->kind == NODE_LIST && !node->count))
        read_wrong(r, node, "a signal of this plugin, or a list of signals", "calls_since_loss");
    else
        read_each(r, node, read_signal, into);
}

static const struct key programme_keys[] = {
    {.name = "baseline",
     .type = KEY_OTHER,
     .required = true,
     .read = read_baseline,
     .form = FORM_SIGNAL_IDS,
     .example = "[calls_since_loss]",
     .help = "signals of this plugin whose sums over the team are kept at the start, to compare "
             "with; without any there is no start"},
    {.name = "self_check",
     .type = KEY_OTHER,
     .read = read_self_check,
     .form = FORM_NAME,
     .example = "view",
     .help = "A question of this plugin that the manager answers first, or waives"},
};

const struct block programme_block = BLOCK("a programme", programme_keys, "baseline, self_check");

void plugin_read_programme(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    struct programme *programme = arena_alloc(r->arena, sizeof(*programme));
    (void)part;
    read_map(r, node, &programme_block, programme);
    p->part->plugin->programme = programme;
}
