/* unlock: what a rule waits for with each rep. */
#include "load/load_unlock.h"

#include <stddef.h>

#include "base/alloc.h"
#include "core/unlock.h"

enum { SKIPPED_DAYS = 14 };

static void read_answered(struct reading *r, const struct node *node, void *into)
{
    struct unlock *unlock = into;
    const char **names;
    int count;
    if (!read_texts(r, node, &names, &count))
        return;
    unlock->questions = arena_alloc(r->arena, (size_t)count * sizeof(*unlock->questions));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < count; i++, item = item->next) {
        const struct question *question = plugin_question(plugin_of(r), item, names[i]);
        if (question)
            unlock->questions[unlock->count++] = question->id;
    }
}

static const struct key unlock_keys[] = {
    {.name = "answered",
     .type = KEY_OTHER,
     .required = true,
     .read = read_answered,
     .form = FORM_QUESTION_IDS,
     .example = "needs-in-their-words",
     .help = "a question of this plugin, or several; an answer to one of them opens the rule"},
    {.name = "skipped",
     .type = KEY_LENGTH,
     .at = offsetof(struct unlock, skipped),
     .preset = "14d",
     .example = "14d",
     .help = "So long after one was skipped or passed over it opens too"},
};

const struct block unlock_block = BLOCK("an unlocking", unlock_keys, "answered, skipped");

void unlock_read(struct reading *r, const struct node *node, void *into)
{
    struct unlock *unlock = arena_alloc(r->arena, sizeof(*unlock));
    unlock->skipped = SKIPPED_DAYS * MSEC_DAY;
    read_map(r, node, &unlock_block, unlock);
    if (unlock->count)
        ((struct rule_draft *)into)->rule.unlock = unlock;
}
