/* What was written about a rule as one number, so that a reload can tell which rules were edited.
 */
#include <string.h>

#include "load/load_plugin.h"

/* Places stay out of it: a rule that only moved in its file is the same rule. */
static void write_tree(const struct node *node, struct strbuf *out)
{
    static const char kinds[] = {[NODE_SCALAR] = 's', [NODE_MAP] = 'm', [NODE_LIST] = 'l'};
    strbuf_putc(out, kinds[node->kind]);
    strbuf_puts(out, node->key);
    strbuf_putc(out, '\n');
    strbuf_puts(out, node->text);
    strbuf_putc(out, '\n');
    for (const struct node *child = node->first; child; child = child->next)
        write_tree(child, out);
    strbuf_putc(out, 'e');
}

static void write_part(const struct node *root, const char *part, const char *name,
                       struct strbuf *out)
{
    const struct node *node = node_get(root, part);
    if (node && name)
        node = node_get(node, name);
    if (node)
        write_tree(node, out);
}

/* Its own lines, and those of the same file that it stands on. */
static void print_rule(struct rule *rule, const struct node *root, const struct node *node,
                       struct strbuf *out)
{
    strbuf_clear(out);
    write_tree(node, out);
    write_part(root, "area", NULL, out);
    for (int i = 0; i < rule->question_count; i++)
        write_part(root, "questions", rule->questions[i]->id, out);
    if (rule->flow)
        write_part(root, "flows", rule->flow->id, out);
    if (strstr(strbuf_text(out), "signal."))
        write_part(root, "signals", NULL, out);
    rule->print = hash_bytes(0, strbuf_text(out), out->len);
}

void plugin_print(const struct plugin_part *part, const struct node *root)
{
    struct strbuf text = {0};
    const struct node *list = part->rule_count ? node_get(root, "rules") : NULL;
    const struct node *node = list ? list->first : NULL;
    for (int i = 0; i < part->rule_count && node; i++, node = node->next)
        print_rule(part->rules[i], root, node, &text); /* a good file has a rule for each node */
    strbuf_done(&text);
}
