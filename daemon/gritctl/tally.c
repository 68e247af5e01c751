#include "gritctl/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

const char *const tally_outcome_words[TALLY_OUTCOME_COUNT] = {
#define OUTCOME(name, word) [TALLY_##name] = word,
    TALLY_OUTCOMES(OUTCOME)
#undef OUTCOME
};

enum { ANSWER_AFTER_MS = 3600000 };

struct run {
    struct tally *tally;
    const struct tally_options *options;
};

static const char *intern(struct tally *tally, const char *text)
{
    char *known = map_get(&tally->names, text);
    if (known)
        return known;
    known = arena_strdup(&tally->arena, text);
    map_set(&tally->names, known, known);
    return known;
}

static int outcome_of(const char *word)
{
    for (int i = 0; i < TALLY_OUTCOME_COUNT; i++) {
        if (str_eq(tally_outcome_words[i], word))
            return i;
    }
    return -1;
}

static struct tally_gate *gate_get(struct tally *tally, const char *gate)
{
    for (size_t i = 0; i < tally->gate_count; i++) {
        if (str_eq(tally->gates[i].gate, gate))
            return &tally->gates[i];
    }
    ARRAY_GROW(tally->gates, tally->gate_count, tally->gate_cap);
    tally->gates[tally->gate_count] = (struct tally_gate){.gate = intern(tally, gate)};
    return &tally->gates[tally->gate_count++];
}

static void count_gate(struct tally *tally, const char *name, int outcome)
{
    struct tally_gate *gate = gate_get(tally, name);
    gate->count++;
    if (outcome >= 0)
        gate->counts[outcome]++;
}

static void on_decided(void *user, const struct decision *decision)
{
    const struct run *run = user;
    struct tally *tally = run->tally;
    const struct rule *rule = decision->known;
    int outcome = outcome_of(decision->outcome);
    if (!rule)
        rule = book_rule(tally->book, decision->rule);
    if (decision->at < tally->from)
        return;
    if (run->options->decided)
        run->options->decided(decision);
    if (rule && outcome >= 0)
        tally->rules[rule->index][outcome]++;
    for (int i = 0; i < decision->gate_count && outcome != TALLY_SENT; i++) {
        if (!decision->gates[i].ok) {
            count_gate(tally, decision->gates[i].gate, outcome);
            return;
        }
    }
}

static void on_said(void *user, const struct message *message, msec_t at)
{
    const struct run *run = user;
    struct tally *tally = run->tally;
    const struct rule *rule = book_rule(tally->book, message->rule);
    if (at < tally->from || message->op != MESSAGE_POST)
        return;
    if (!rule) {
        tally->reminders++;
        return;
    }
    ARRAY_GROW(tally->messages, tally->message_count, tally->message_cap);
    tally->messages[tally->message_count++] =
        (struct tally_message){.at = at, .to = intern(tally, message->to), .rule = rule};
}

/* Days are those of the receiver, whose zone only the core knows. */
static void on_stepped(void *user, struct core *core, const struct event *event)
{
    struct tally *tally = ((const struct run *)user)->tally;
    (void)event;
    for (; tally->dated < tally->message_count; tally->dated++) {
        struct tally_message *message = &tally->messages[tally->dated];
        struct civil c;
        tz_local(core_zone_of(core, message->to), message->at, &c);
        message->day = civil_to_days(c.year, c.month, c.day);
    }
    tally->people = core_person_count(core);
}

static int by_count(const void *a, const void *b)
{
    const struct tally_gate *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->gate, y->gate);
}

static int by_day(const void *a, const void *b)
{
    const struct tally_message *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    int order = strcmp(x->to, y->to);
    if (!order)
        order = (x->at > y->at) - (x->at < y->at);
    return order ? order : x->rule->index - y->rule->index;
}

bool tally_run(struct tally *tally, const struct book *book, const struct tally_options *options,
               const struct simulate_source *events)
{
    struct run run = {tally, options};
    *tally =
        (struct tally){.book = book, .from = options->from}; /* MSEC_NONE: no event is before */
    arena_init(&tally->arena);
    tally->rules = xcalloc((size_t)book->rule_count + 1, sizeof(*tally->rules));
    struct simulate_options simulate = {
        .book = book,
        .core = options->core,
        .from = options->from,
        .to = options->to,
        .answer_after = options->answers ? ANSWER_AFTER_MS : 0,
        .counts = !options->decided,
        .decided = on_decided,
        .said = on_said,
        .stepped = on_stepped,
        .user = &run,
    };
    bool in_order = simulate_stream(&simulate, events, &tally->result);
    if (tally->message_count)
        qsort(tally->messages, tally->message_count, sizeof(*tally->messages), by_day);
    if (tally->gate_count)
        qsort(tally->gates, tally->gate_count, sizeof(*tally->gates), by_count);
    return in_order;
}

void tally_done(struct tally *tally)
{
    free(tally->messages);
    free(tally->rules);
    free(tally->gates);
    map_done(&tally->names);
    arena_done(&tally->arena);
}
