/* Which events a signal counts: an event, "event/direction", or a mapping. */
#include <stddef.h>
#include <string.h>

#include "load/load_plugin.h"

/* What facts keep: the words of activities, not those of goals and of changes of stage. */
const char *const filter_kind_words[] = {"call",    "email", "meeting", "demo",  "proposal",
                                         "message", "task",  "note",    "other", NULL};
const char *const filter_direction_words[] = {"outbound", "inbound", "none", NULL};

static const char behaviour_prefix[] = "behaviour.";

void filter_read_word(struct reading *r, const struct node *node, enum field field,
                      const char **ret)
{
    const char *const *words = field == FIELD_KIND        ? filter_kind_words
                               : field == FIELD_DIRECTION ? filter_direction_words
                                                          : field_words(field);
    int index;
    if (node->kind == NODE_LIST) {
        read_wrong(r, node, "one word", words[0]);
        return;
    }
    if (read_word(r, node, words, &index))
        *ret = words[index];
}

static void filter_kind(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_KIND, &((struct fact_filter *)into)->kind);
}

static void filter_direction(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_DIRECTION, &((struct fact_filter *)into)->direction);
}

static void filter_outcome(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_OUTCOME, &((struct fact_filter *)into)->outcome);
}

static const struct key filter_keys[] = {
    {.name = "event",
     .type = KEY_EVENTS,
     .required = true,
     .at = offsetof(struct fact_filter, types),
     .example = "activity.logged",
     .help = "what happens"},
    {.name = "kind",
     .type = KEY_OTHER,
     .words = filter_kind_words,
     .read = filter_kind,
     .example = "call",
     .help = "Only of this kind"},
    {.name = "direction",
     .type = KEY_OTHER,
     .words = filter_direction_words,
     .read = filter_direction,
     .example = "outbound",
     .help = "outbound or inbound"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .words = field_outcome_words,
     .read = filter_outcome,
     .example = "connected",
     .help = "Only with this outcome"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = offsetof(struct fact_filter, automated),
     .preset = "false",
     .example = "true",
     .help = "Count automated ones too"},
};

const struct block filter_block =
    BLOCK("an event with its tests", filter_keys, "event, kind, direction, outcome");

/* "activity.logged/inbound" */
static bool read_short(struct reading *r, const struct node *node, struct fact_filter *ret)
{
    const char *slash = strchr(node->text, '/');
    struct node event = *node, direction = *node;
    event.text = arena_strndup(r->arena, node->text, (size_t)(slash - node->text));
    direction.text = slash + 1;
    direction.col += (int)(slash + 1 - node->text);
    if (!read_events(r, &event, &ret->types))
        return false;
    filter_read_word(r, &direction, FIELD_DIRECTION, &ret->direction);
    return true;
}

/* "behaviour.follow-up": what shows it. */
static void read_behaviour(struct reading *r, const struct node *node, struct fact_filter *ret)
{
    const char *name = node->text + strlen(behaviour_prefix);
    int index = words_find(behaviour_words + 1, name);
    if (index >= 0)
        *ret = behaviour_at(index + 1)->shown_by;
    else
        read_unknown(r, read_place(r, node), "unknown-behaviour", "behaviour", name,
                     behaviour_words + 1, words_count(behaviour_words + 1));
}

void filter_read(struct reading *r, const struct node *node, struct fact_filter *ret)
{
    if (node->kind == NODE_MAP)
        read_map(r, node, &filter_block, ret);
    else if (node->kind == NODE_SCALAR && str_starts(node->text, behaviour_prefix))
        read_behaviour(r, node, ret);
    else if (node->kind == NODE_SCALAR && strchr(node->text, '/'))
        (void)read_short(r, node, ret); /* the problem is told */
    else
        (void)read_events(r, node, &ret->types); /* the problem is told */
}
