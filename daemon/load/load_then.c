#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/load_alert.h"
#include "load/load_flow.h"

enum { LIMIT_MAX = 1000 };

const char *const then_to_words[] = {"rep", "manager", "team", "peer", NULL};
const char *const then_pick_words[] = {"rotate", "weighted", "adaptive", NULL};
static const char *const per_words[] = {"deal", "day", "week", "month", NULL};

static void begin(struct rule_draft *draft, const char *action)
{
    draft->actions++;
    draft->rule.action = action_find(action);
}

void then_read_ask(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    struct plugin_reading *p = plugin_of(r);
    const char **names;
    int count;
    begin(draft, "ask");
    if (node->kind == NODE_MAP) {
        read_wrong(r, node, "the id of a question, or a list of ids", NULL);
        return;
    }
    if (!read_texts(r, node, &names, &count))
        return;
    draft->rule.questions = arena_alloc(r->arena, (size_t)count * sizeof(*draft->rule.questions));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < count; i++, item = item->next) {
        struct question *question = plugin_question(p, item, names[i]);
        if (question)
            draft->rule.questions[draft->rule.question_count++] = question;
    }
}

void then_read_praise(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    begin(draft, "praise");
    plugin_read_texts(plugin_of(r), node, TEXT_PRAISE, &draft->rule.texts, &draft->rule.text_count);
}

void then_read_tell(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    begin(draft, "tell");
    plugin_read_texts(plugin_of(r), node, TEXT_TELL, &draft->rule.texts, &draft->rule.text_count);
}

void then_read_card(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    struct text **texts = NULL;
    int count = 0;
    if (node->kind == NODE_LIST) {
        read_wrong(r, node, "one text", NULL);
        return;
    }
    plugin_read_texts(plugin_of(r), node, TEXT_CARD, &texts, &count);
    if (count)
        draft->rule.card = texts[0];
}

/* Coaching is between two people: nobody else may read along. */
void then_read_to(struct reading *r, const struct node *node, void *into)
{
    static const char *const channels[] = {"channel", "everyone", "everybody", "all",
                                           "public",  "here",     "group",     NULL};
    struct rule_draft *draft = into;
    bool scalar = node->kind == NODE_SCALAR;
    if (scalar && (strpbrk(node->text, "#@") || words_find(channels, node->text) >= 0)) {
        read_error(
            r, node, "channel-target",
            "'%s' is a channel; what is about one person goes to the rep or the manager only "
            "('to: team' is for what is about nobody)",
            node->text);
    } else {
        (void)read_word(r, node, then_to_words, &draft->to); /* the problem is told */
    }
}

void then_read_pick(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    (void)read_word(r, node, then_pick_words, &draft->pick); /* the problem is told */
}

/* "1 per deal" */
static void read_one_limit(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    struct rule *rule = &draft->rule;
    int64_t count;
    const char *per = node->kind == NODE_SCALAR ? strstr(node->text, " per ") : NULL;
    const char *number = per ? arena_strndup(r->arena, node->text, (size_t)(per - node->text)) : "";
    if (!per || str_to_i64(number, &count) || count < 1 || count > LIMIT_MAX) {
        read_wrong(r, node, "a number and what it is counted for", "1 per deal or 2 per week");
        return;
    }
    int word = words_find(per_words, per + 5);
    if (word < 0) {
        read_unknown(r, read_place(r, node), "unknown-word", "word for a limit:", per + 5,
                     per_words, words_count(per_words));
        return;
    }
    for (int i = 0; i < rule->limit_count; i++) {
        if ((int)rule->limits[i].per == word) {
            read_error(r, node, "wrong-value", "there is a limit per %s already", per_words[word]);
            return;
        }
    }
    if (rule->limit_count < RULE_LIMITS_MAX)
        rule->limits[rule->limit_count++] = (struct limit){(int)count, (enum limit_per)word};
}

void then_read_limit(struct reading *r, const struct node *node, void *into)
{
    if (node->kind == NODE_MAP)
        read_wrong(r, node, "a limit or a list of limits", "1 per deal");
    else
        read_each(r, node, read_one_limit, into);
}

/* A key that means nothing for this action would be passed over without a word. */
static void only_for(struct reading *r, const struct rule_draft *draft, const char *key,
                     const char *action)
{
    const struct node *node = node_get(draft->node, key);
    if (node && draft->rule.action != action_find(action))
        read_error_at(r, read_key_place(r, node), "unused-key", "'%s' is only for '%s'", key,
                      action);
}

static void check_variants(struct reading *r, const struct rule_draft *draft)
{
    const struct node *pick = node_get(draft->node, "pick");
    const struct node *ask = node_get(draft->node, "ask");
    int wordings = 0;
    for (int i = 0; i < draft->rule.question_count; i++)
        wordings += draft->rule.questions[i]->text_count;
    if (pick && ask && draft->pick >= 0 && wordings == 1 && draft->rule.question_count == 1)
        read_warning(r, pick, "unused-key", "'pick' has nothing to choose from: one question only");
}

void then_check(struct reading *r, struct rule_draft *draft)
{
    struct rule *rule = &draft->rule;
    if (draft->actions == 0)
        read_error(
            r, draft->node, "no-action",
            "the rule does nothing; give it one of ask, praise, start, tell, digest, suggest, "
            "stretch");
    if (draft->actions > 1)
        read_error(r, draft->node, "two-actions",
                   "a rule does exactly one thing (ask, praise, start, tell, digest, suggest, "
                   "stretch); this one has %d: make two rules",
                   draft->actions);
    if (draft->actions != 1)
        return;
    only_for(r, draft, "pick", "ask");
    only_for(r, draft, "via", "praise");
    only_for(r, draft, "card", "praise");
    only_for(r, draft, "class", "tell");
    check_variants(r, draft);
    if (rule->card && draft->via == 1)
        read_error(r, node_get(draft->node, "card"), "unused-key",
                   "'card' is what the manager sees; with 'via: bot' there is none");
    rule->via_bot = draft->via == 1;
    rule->alert = draft->class_word == 1;
    rule->to = draft->to < 0 ? TO_REP : (enum rule_to)draft->to;
    rule->pick = draft->pick < 0 ? PICK_ROTATE : (enum pick)draft->pick;
    if (!node_get(draft->node, "unknown"))
        rule->unknown = rule->action == action_find("praise") || rule->to == TO_TEAM
                            ? UNKNOWN_DROP /* a channel's history is not ours to read */
                            : UNKNOWN_HOLD;
    alert_check_receiver(r, draft);
    receiver_check(r, draft);
    answer_check_reader(r, draft);
}
