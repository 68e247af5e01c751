#include "load/load_alert.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Texts that coach, sorted by their words. */
struct coached {
    const char *words, *file;
};

struct coached_list {
    struct coached *list;
    size_t count, cap;
};

static void add_texts(struct coached_list *all, struct text *const *texts, int count,
                      const char *file)
{
    for (int i = 0; i < count; i++) {
        ARRAY_GROW(all->list, all->count, all->cap);
        all->list[all->count++] = (struct coached){text_template(texts[i]), file};
    }
}

static void add_question(struct coached_list *all, const struct question *question)
{
    add_texts(all, question->texts, question->text_count, question->place.file);
    add_texts(all, question->advice, question->advice_count, question->place.file);
}

static void add_flow(struct coached_list *all, const struct flow *flow)
{
    for (int i = 0; i < flow->step_count; i++)
        add_question(all, flow->steps[i].question);
}

static void add_rule(struct coached_list *all, const struct rule *rule)
{
    if (!rule->alert)
        add_texts(all, rule->texts, rule->text_count, rule->place.file);
}

static int by_words(const void *a, const void *b)
{
    return strcmp(((const struct coached *)a)->words, ((const struct coached *)b)->words);
}

/* The file in which a text of the alert coaches, or NULL. */
static const char *coaches_in(const struct coached_list *all, const struct rule *alert)
{
    for (int i = 0; alert->alert && i < alert->text_count && all->count; i++) {
        const struct coached key = {text_template(alert->texts[i]), NULL};
        const struct coached *found = bsearch(&key, all->list, all->count, sizeof(key), by_words);
        if (found)
            return found->file;
    }
    return NULL;
}

static void sort(struct coached_list *all)
{
    if (all->count > 1)
        qsort(all->list, all->count, sizeof(*all->list), by_words);
}

static bool has_alert(struct rule *const *rules, int count)
{
    for (int i = 0; i < count; i++) {
        if (rules[i]->alert)
            return true;
    }
    return false;
}

void alert_check_part(struct reading *r, const struct plugin_part *part)
{
    struct coached_list all = {.count = 0};
    if (!has_alert(part->rules, part->rule_count))
        return;
    for (int i = 0; i < part->question_count; i++)
        add_question(&all, part->questions[i]);
    for (int i = 0; i < part->flow_count; i++)
        add_flow(&all, part->flows[i]);
    for (int i = 0; i < part->rule_count; i++)
        add_rule(&all, part->rules[i]);
    sort(&all);
    for (int i = 0; i < part->rule_count; i++) {
        if (coaches_in(&all, part->rules[i]))
            read_error_at(r, part->rules[i]->place, "alert-text",
                          "the alert '%s' says what is coaching elsewhere in this plugin; an alert "
                          "is a fact, in words of its own",
                          part->rules[i]->id);
    }
    free(all.list);
}

int alert_check_book(struct problems *problems, const struct book *book)
{
    struct coached_list all = {.count = 0};
    int errors = 0;
    if (!has_alert(book->rules, book->rule_count))
        return 0;
    for (int i = 0; i < book->question_count; i++)
        add_question(&all, book->questions[i]);
    for (int i = 0; i < book->flow_count; i++)
        add_flow(&all, book->flows[i]);
    for (int i = 0; i < book->rule_count; i++)
        add_rule(&all, book->rules[i]);
    sort(&all);
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *alert = book->rules[i];
        const char *file = coaches_in(&all, alert);
        if (!file)
            continue;
        problem_error(problems, alert->place, "alert-text",
                      "the alert '%s' says what is coaching in %s; an alert is a fact, in words of "
                      "its own",
                      alert->id, file);
        errors++;
    }
    free(all.list);
    return errors;
}

void alert_check_receiver(struct reading *r, const struct rule_draft *draft)
{
    const struct rule *rule = &draft->rule;
    if (rule->alert && (rule->to == TO_TEAM || rule->to == TO_PEER))
        read_error(
            r, node_get(draft->node, "to"), "alert-channel",
            "an alert goes to the rep or the manager; to a %s speak only words for all, which "
            "are never urgent",
            rule->to == TO_TEAM ? "team" : "peer");
}
