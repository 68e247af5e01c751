#include "engine/report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "core/event_fields.h"

/* One time a rule spoke, or its coin kept it silent. */
struct occasion {
    int rule;
    const char *rep, *deal; /* interned; deal NULL: about none */
    const char *arm;        /* interned; NULL: no coin was tossed */
    msec_t at;
    int p;
    bool sent, hit;
};

struct making {
    const struct core *core;
    const struct book *book;
    struct report *report;
    const struct report_of *of;
    struct map names;
    struct occasion *list; /* by (rule, rep, at) once all are read */
    size_t count, cap;
    struct arena arena; /* of one event */
};

static const char *intern(struct making *m, const char *text)
{
    char *known = text ? map_get(&m->names, text) : NULL;
    if (!text || known)
        return known;
    known = arena_strdup(&m->report->arena, text);
    map_set(&m->names, known, known);
    return known;
}

static const char *text_of(const json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

/* A number such as 0.35, in thousandths. */
static int thousandths_of(const json_t *number)
{
    return json_is_number(number) ? (int)(json_number_value(number) * 1000 + 0.5) : 1000;
}

static bool covers(const struct making *m, const char *rep)
{
    return !m->of || !m->of->covers || m->of->covers(m->of->user, rep);
}

static int on_decision(void *user, const struct row *row)
{
    struct making *m = user;
    const struct row_decision *decision = &row->decision;
    const struct rule *rule = book_rule(m->book, decision->rule);
    bool sent = str_eq(decision->outcome, "sent");
    if (!rule || (!sent && !(rule->experiment && str_eq(decision->outcome, "suppressed"))) ||
        !covers(m, decision->rep))
        return 0;
    json_t *line = json_loads(decision->line, 0, NULL);
    const char *arm = text_of(line, "arm");
    if (sent || arm) {
        ARRAY_GROW(m->list, m->count, m->cap);
        m->list[m->count++] = (struct occasion){.rule = rule->index,
                                                .rep = intern(m, decision->rep),
                                                .deal = intern(m, text_of(line, "deal")),
                                                .arm = intern(m, arm),
                                                .at = decision->at,
                                                .p = thousandths_of(json_object_get(line, "p")),
                                                .sent = sent};
    }
    json_decref(line);
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct occasion *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule - y->rule;
    int order = strcmp(x->rep, y->rep);
    if (!order)
        order = (x->at > y->at) - (x->at < y->at);
    return order ? order : str_cmp(x->deal, y->deal);
}

/* The first occasion of that rule and person. */
static size_t first_of(const struct making *m, int rule, const char *rep)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct occasion *o = &m->list[middle];
        if (o->rule < rule || (o->rule == rule && strcmp(o->rep, rep) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static msec_t over_at(const struct making *m, const struct occasion *o)
{
    return o->at + m->book->rules[o->rule]->outcome_within + m->book->limits.late_at_most;
}

static void mark(struct making *m, const struct rule *rule, const struct event *event,
                 const char *rep)
{
    int said = -1; /* whether the event is what the rule hopes for; asked when it matters */
    for (size_t i = first_of(m, rule->index, rep); i < m->count; i++) {
        struct occasion *o = &m->list[i];
        if (o->rule != rule->index || !str_eq(o->rep, rep) || o->at >= event->time)
            return;
        if (o->hit || event->time > o->at + rule->outcome_within || event->at >= over_at(m, o) ||
            (o->deal && !str_eq(o->deal, event->deal)))
            continue;
        if (said < 0)
            said = core_outcome(m->core, rule, event, rep, event->deal, &m->arena);
        o->hit = said;
    }
}

static int on_journal(void *user, const struct row *row)
{
    struct making *m = user;
    const struct row_journal *journal = &row->journal;
    struct event event;
    struct err unread;
    if (!journal->body || !journal->rep || journal->type >= EVENT_OTHER)
        return 0;
    bool hoped = false;
    for (int i = 0; i < m->book->rule_count; i++)
        hoped |= m->book->rules[i]->outcome_when >> journal->type & 1;
    arena_reset(&m->arena);
    if (!hoped || event_decode(journal->body, &m->arena, &unread, &event))
        return 0; /* or retention has emptied it */
    event.at = journal->at;
    event.time = journal->time;
    event.type = (enum event_type)journal->type;
    for (int i = 0; i < m->book->rule_count; i++) {
        if (m->book->rules[i]->outcome_when >> journal->type & 1)
            mark(m, m->book->rules[i], &event, journal->rep);
    }
    return 0;
}

/* --- adding up --- */

static void count_sent(const struct making *m, struct report_rule *rule, size_t first, size_t end)
{
    struct stats_cluster *list = NEW_ARRAY(struct stats_cluster, end - first + 1);
    const char *last = NULL;
    for (size_t i = first; i < end; i++) {
        const struct occasion *o = &m->list[i];
        bool over = over_at(m, o) <= m->report->now;
        if (!o->sent)
            continue;
        rule->sent++;
        rule->people += !str_eq(last, o->rep);
        last = o->rep;
        if (!rule->rule->outcome_when)
            continue;
        rule->over += over;
        rule->open += !over;
        rule->hits += over && o->hit;
        list[rule->people - 1].count[0] += over;
        list[rule->people - 1].hits[0] += over && o->hit;
    }
    stats_share(list, (size_t)rule->people, &rule->outcome);
    free(list);
}

static bool counts(const struct making *m, const struct report_rule *rule, const struct occasion *o)
{
    return o->arm && o->at >= rule->since && over_at(m, o) <= m->report->now;
}

/* Two arms, person by person; occasions of one person stand together. */
static size_t clusters_of(const struct making *m, const struct report_rule *rule, size_t first,
                          size_t end, const char *const arms[2], struct stats_cluster *list)
{
    const char *last = NULL;
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        const struct occasion *o = &m->list[i];
        int arm = str_eq(o->arm, arms[1]) ? 1 : str_eq(o->arm, arms[0]) ? 0 : -1;
        if (arm < 0 || !counts(m, rule, o))
            continue;
        if (!str_eq(last, o->rep))
            list[count++] = (struct stats_cluster){.count = {0, 0}};
        last = o->rep;
        struct stats_cluster *person = &list[count - 1];
        int64_t weight = stats_weight(o->p);
        person->count[arm]++;
        person->hits[arm] += o->hit;
        person->weight[arm] += weight;
        person->weighted[arm] += o->hit ? weight : 0;
    }
    return count;
}

static void compare(const struct making *m, struct report_rule *rule, size_t first, size_t end)
{
    const struct experiment *experiment = rule->rule->experiment;
    struct stats_cluster *list = NEW_ARRAY(struct stats_cluster, end - first + 1);
    rule->arms =
        arena_alloc(&m->report->arena, sizeof(*rule->arms) * (size_t)experiment->arm_count);
    rule->arm_count = experiment->arm_count;
    rule->base = experiment->nothing < 0 ? 0 : experiment->nothing;
    rule->arms_shown = true;
    for (int i = 0; i < rule->arm_count; i++) {
        struct report_arm *arm = &rule->arms[i];
        const char *const both[] = {experiment->arms[rule->base].name, experiment->arms[i].name};
        stats_compare(list, clusters_of(m, rule, first, end, both, list), 0, &arm->against);
        *arm = (struct report_arm){.name = both[1],
                                   .people = arm->against.people[1],
                                   .occasions = arm->against.count[1],
                                   .hits = arm->against.hits[1],
                                   .share = arm->against.share[1],
                                   .against = arm->against};
        rule->arms_shown &= arm->people >= REPORT_PEOPLE_MIN;
    }
    free(list);
}

/* A question that is still kept. */
struct asked {
    int rule;
    const char *rep;
    bool answered;
};

static int by_rule_and_rep(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;
    return x->rule != y->rule ? x->rule - y->rule : strcmp(x->rep, y->rep);
}

static size_t find_asked(const struct making *m, struct asked *list)
{
    const struct report *report = m->report;
    size_t count = 0;
    for (size_t i = 0; i < core_question_count(m->core); i++) {
        struct question_view question = core_question_at(m->core, i);
        const struct rule *rule = book_rule(m->book, question.rule);
        if (rule && question.at >= report->from && question.at < report->to &&
            covers(m, question.rep))
            list[count++] = (struct asked){rule->index, question.rep, question.answered};
    }
    if (count > 1)
        qsort(list, count, sizeof(*list), by_rule_and_rep);
    return count;
}

static void count_answers(const struct making *m)
{
    size_t most = core_question_count(m->core) + 1;
    struct asked *list = NEW_ARRAY(struct asked, most);
    struct stats_cluster *people = NEW_ARRAY(struct stats_cluster, most);
    size_t count = find_asked(m, list);
    for (size_t first = 0, end; first < count; first = end) {
        struct report_rule *rule = &m->report->rules[list[first].rule];
        size_t clusters = 0;
        for (end = first; end < count && list[end].rule == list[first].rule; end++) {
            if (end == first || !str_eq(list[end].rep, list[end - 1].rep))
                people[clusters++] = (struct stats_cluster){.count = {0, 0}};
            people[clusters - 1].count[0]++;
            people[clusters - 1].hits[0] += list[end].answered;
            rule->answered += list[end].answered;
        }
        stats_share(people, clusters, &rule->answer);
    }
    free(list);
    free(people);
}

static void add_up(struct making *m)
{
    struct report *report = m->report;
    size_t first = 0;
    report->count = m->book->rule_count;
    report->rules =
        arena_alloc(&report->arena, sizeof(*report->rules) * (size_t)(report->count + 1));
    for (int i = 0; i < report->count; i++) {
        struct report_rule *rule = &report->rules[i];
        struct rule_view view = {.since = MSEC_NONE, .paused_at = MSEC_NONE};
        size_t end = first;
        while (end < m->count && m->list[end].rule == i)
            end++;
        (void)core_rule_at(m->core, m->book->rules[i]->id, &view); /* absent is the default */
        *rule = (struct report_rule){.rule = m->book->rules[i],
                                     .since = view.since,
                                     .paused_at = view.paused_at,
                                     .paused_why = view.paused_why};
        count_sent(m, rule, first, end);
        if (rule->rule->experiment)
            compare(m, rule, first, end);
        first = end;
    }
    count_answers(m);
}

int report_make(const struct core *core, struct store *store, const struct report_of *of,
                msec_t from, msec_t to, msec_t now, struct err *err, struct report *ret)
{
    struct making m = {.core = core, .book = core_book(core), .report = ret, .of = of};
    *ret = (struct report){.from = from, .to = to, .now = now};
    arena_init(&ret->arena);
    arena_init(&m.arena);
    int status = store->ops->load_decisions(store, NULL, from, to, SIZE_MAX, on_decision, &m, err);
    if (m.count > 1)
        qsort(m.list, m.count, sizeof(*m.list), by_place);
    if (status >= 0 && m.count)
        status = store->ops->load_journal(store, from, true, on_journal, &m, err);
    if (status >= 0)
        add_up(&m);
    map_done(&m.names);
    arena_done(&m.arena);
    free(m.list);
    return status < 0 ? status : 0;
}

void report_done(struct report *report)
{
    arena_done(&report->arena);
}
