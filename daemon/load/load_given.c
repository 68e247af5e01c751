#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_tests.h"

enum { COUNT_MAX = 100000 };

/* One entry of `given:` while it is read: the tables fill the event. */
struct given_draft {
    struct test_given given; /* first */
    const struct test_draft *test;
    int kinds;
};

static struct event *event_of(void *into)
{
    return &((struct given_draft *)into)->given.event;
}

static void read_nothing(struct reading *r, const struct node *node, void *into)
{
    (void)r, (void)node, (void)into; /* read before the table: the other keys depend on it */
}

static bool read_word_of(struct reading *r, const struct node *node, enum field field,
                         const char **ret)
{
    const char *const *words = field_words(field);
    int index;
    if (!read_word(r, node, words, &index))
        return false;
    *ret = words[index];
    return true;
}

#define WORD_READER(name, member, field)                                                           \
    static void read_##name(struct reading *r, const struct node *node, void *into)                \
    {                                                                                              \
        (void)read_word_of(r, node, field, &event_of(into)->member); /* told */                    \
    }

WORD_READER(kind, kind, FIELD_KIND)
WORD_READER(direction, direction, FIELD_DIRECTION)
WORD_READER(outcome, outcome, FIELD_OUTCOME)
WORD_READER(side, side, FIELD_SIDE)
WORD_READER(reaction, reaction, FIELD_REACTION)
WORD_READER(period, period, FIELD_PERIOD)
WORD_READER(area, area, FIELD_AREA)
WORD_READER(to, to, FIELD_TO)
WORD_READER(event_stage, stage, FIELD_STAGE)

static bool read_when(struct reading *r, const struct node *node, void *into, msec_t *ret)
{
    const struct given_draft *draft = into;
    return test_read_time(r, node, draft->test, draft->given.rep, NULL, ret);
}

/* Of a change: a stage; of somebody going away: a time. */
static const char *const goal_owner_words[] = {"self", "assigned", NULL};

static void read_from(struct reading *r, const struct node *node, void *into)
{
    struct event *event = event_of(into);
    if (event->type == EVENT_REP_AWAY)
        (void)read_when(r, node, into, &event->away_from); /* told */
    else
        (void)read_word_of(r, node, FIELD_FROM, &event->from); /* told */
}

static void read_until(struct reading *r, const struct node *node, void *into)
{
    (void)read_when(r, node, into, &event_of(into)->away_until); /* told */
}

static void read_due(struct reading *r, const struct node *node, void *into)
{
    (void)read_when(r, node, into, &event_of(into)->due); /* told */
}

static void read_created(struct reading *r, const struct node *node, void *into)
{
    (void)read_when(r, node, into, &event_of(into)->created); /* told */
}

static void read_gate(struct reading *r, const struct node *node, void *into)
{
    if (read_text(r, node, &event_of(into)->gate))
        (void)field_check_name(r, FIELD_GATE, node); /* told */
}

static void read_duration(struct reading *r, const struct node *node, void *into)
{
    msec_t length;
    if (read_calendar_length(r, node, &length))
        event_of(into)->duration_s = length / MSEC_SECOND;
}

static void read_count(struct reading *r, const struct node *node, void *into)
{
    int count;
    if (read_int(r, node, 1, COUNT_MAX, &count))
        event_of(into)->count = count;
}

/* Whole units in the file, minor units in the event. */
static void read_amount(struct reading *r, const struct node *node, void *into)
{
    enum { THOUSANDTHS_PER_MINOR = 10 };
    int64_t thousandths;
    if (read_thousandths(r, node, &thousandths))
        event_of(into)->amount = thousandths / THOUSANDTHS_PER_MINOR;
}

static void read_target(struct reading *r, const struct node *node, void *into)
{
    (void)read_thousandths(r, node, &event_of(into)->target); /* told */
}

static void read_goal_owner(struct reading *r, const struct node *node, void *into)
{
    int owner;
    if (read_word(r, node, goal_owner_words, &owner))
        event_of(into)->goal_owner = goal_owner_words[owner];
}

static void read_actual(struct reading *r, const struct node *node, void *into)
{
    (void)read_thousandths(r, node, &event_of(into)->actual); /* told */
}

static void read_kind_of(struct reading *r, const struct node *node, void *into,
                         enum test_given_kind kind)
{
    struct given_draft *draft = into;
    draft->kinds++;
    draft->given.kind = kind;
    (void)read_text(r, node, &draft->given.text); /* told */
}

static void read_answer(struct reading *r, const struct node *node, void *into)
{
    read_kind_of(r, node, into, TEST_ANSWER);
}

static void read_click(struct reading *r, const struct node *node, void *into)
{
    read_kind_of(r, node, into, TEST_CLICK);
}

static void read_say(struct reading *r, const struct node *node, void *into)
{
    read_kind_of(r, node, into, TEST_SAY);
}

#define AT(member) offsetof(struct given_draft, given.event.member)
#define TEXT_KEY(key, member, text, sample)                                                        \
    {                                                                                              \
        .name = (key), .type = KEY_TEXT, .at = AT(member), .with = of_event, .help = (text),       \
        .example = (sample)                                                                        \
    }
#define OTHER_KEY(key, reader, shape, text, sample)                                                \
    {                                                                                              \
        .name = (key), .type = KEY_OTHER, .read = (reader), .form = (shape), .with = of_event,     \
        .help = (text), .example = (sample)                                                        \
    }
#define WORD_KEY(key, reader, list, text, sample)                                                  \
    {                                                                                              \
        .name = (key), .type = KEY_OTHER, .read = (reader), .words = (list), .with = of_event,     \
        .help = (text), .example = (sample)                                                        \
    }
#define SAID_KEY(key, reader, text, sample)                                                        \
    {                                                                                              \
        .name = (key), .type = KEY_OTHER, .read = (reader), .form = FORM_TEXT,                     \
        .one_of = "what happens", .needs = "rep", .help = (text), .example = (sample)              \
    }

static const char *const of_event[] = {"event", NULL};
static const char *const of_button[] = {"answer", "click", NULL};

static const struct key given_keys[] = {
    {.name = "at",
     .type = KEY_OTHER,
     .required = true,
     .read = read_nothing,
     .form = FORM_TEST_TIME,
     .example = "2026-03-02 10:00",
     .help = "when, in the rep's zone"},
    {.name = "rep",
     .type = KEY_OTHER,
     .read = read_nothing,
     .form = FORM_NAME,
     .example = "ana",
     .help = "Whose"},
    {.name = "event",
     .type = KEY_OTHER,
     .read = read_nothing,
     .form = FORM_EVENT,
     .one_of = "what happens",
     .example = "deal.lost",
     .help = "What happens"},
    SAID_KEY("answer", read_answer, "What the rep answers to the open question", "on Friday"),
    SAID_KEY("click", read_click, "The button that is pressed", "skip"),
    SAID_KEY("say", read_say, "Words in the chat", "why?"),
    {.name = "step",
     .type = KEY_NAME,
     .at = offsetof(struct given_draft, given.step),
     .with = of_button,
     .example = "goal",
     .help = "The question or step that is answered or clicked, such as one to correct; default: "
             "the newest"},
    TEXT_KEY("deal", deal, "The deal's id", "D1"),
    TEXT_KEY("deal.name", deal_name, "Its name", "Acme rollout"),
    TEXT_KEY("deal.account", account, "Its customer", "Acme"),
    TEXT_KEY("deal.contact", contact, "The customer's person", "Priya Nair"),
    TEXT_KEY("deal.owner", owner, "Its owner, as the CRM writes it", "ana@example.com"),
    TEXT_KEY("deal.currency", currency, "EUR, USD, ...", "EUR"),
    TEXT_KEY("deal.next_step", next_step, "The next step that was noted", "Walk through the plan"),
    {.name = "deal.close_date",
     .type = KEY_DATE,
     .at = AT(close_date),
     .with = of_event,
     .example = "2026-04-30",
     .help = "The planned end"},
    OTHER_KEY("deal.amount", read_amount, FORM_NUMBER, "In whole units of its currency", "20000"),
    WORD_KEY("deal.stage", read_event_stage, stage_words, "Where the deal stands", "discover"),
    OTHER_KEY("deal.created", read_created, FORM_TEST_TIME, "When it was created",
              "2026-02-02 09:00"),
    WORD_KEY("stage", read_event_stage, stage_words, "The stage the event is about", "discover"),
    OTHER_KEY("from", read_from, FORM_FROM, "The stage before; of rep.away: since when",
              "discover"),
    WORD_KEY("to", read_to, stage_words, "The stage after", "propose"),
    OTHER_KEY("until", read_until, FORM_TEST_TIME, "Of rep.away", "2026-03-09 09:00"),
    WORD_KEY("kind", read_kind, field_kind_words, "call, email, ...", "call"),
    WORD_KEY("direction", read_direction, field_direction_words, "outbound, inbound; forward, back",
             "outbound"),
    WORD_KEY("outcome", read_outcome, field_outcome_words, "connected, no_answer, ...",
             "connected"),
    TEXT_KEY("reason", reason, "Of a loss or an absence", "no budget"),
    OTHER_KEY("duration", read_duration, FORM_LENGTH, "Of an activity", "25m"),
    {.name = "count",
     .type = KEY_OTHER,
     .min = 1,
     .max = COUNT_MAX,
     .read = read_count,
     .form = FORM_INT,
     .with = of_event,
     .preset = "1",
     .example = "5",
     .help = "How many it stands for"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = AT(automated),
     .with = of_event,
     .preset = "false",
     .example = "true",
     .help = "Not done by hand"},
    OTHER_KEY("due", read_due, FORM_TEST_TIME, "When something planned is due", "2026-03-05 14:00"),
    TEXT_KEY("activity", activity, "Which activity, to move or call off what was planned", "M1"),
    OTHER_KEY("gate", read_gate, FORM_TEXT, "The half of a gate", "needs_review_sent"),
    WORD_KEY("side", read_side, field_side_words, "seller or customer", "seller"),
    TEXT_KEY("evidence", evidence, "What shows it", "their reply of Monday"),
    TEXT_KEY("goal", goal, "The goal's id", "G1"),
    TEXT_KEY("metric", metric, "What a goal counts", "calls"),
    WORD_KEY("period", read_period, field_period_words, "Of a goal", "week"),
    OTHER_KEY("target", read_target, FORM_NUMBER, "Of a goal", "25"),
    OTHER_KEY("actual", read_actual, FORM_NUMBER, "Of a goal", "12"),
    WORD_KEY("goal.owner", read_goal_owner, goal_owner_words, "Whose goal it is", "assigned"),
    TEXT_KEY("topic", topic, "Of a training, or of a manager's talk", "open questions"),
    TEXT_KEY("with", with, "With whom on our side a meeting or call was", "dana"),
    WORD_KEY("area", read_area, field_area_words, "Of a training", "skill"),
    TEXT_KEY("content", content, "What was shared", "case study"),
    TEXT_KEY("channel", channel, "How it was shared", "email"),
    WORD_KEY("reaction", read_reaction, field_reaction_words, "Of a customer", "replied"),
    TEXT_KEY("manager", manager, "Of somebody who joined", "dana"),
    TEXT_KEY("team", team, "Of somebody who joined", "west"),
    TEXT_KEY("zone", zone, "Of somebody who joined", "America/Denver"),
};

const struct block given_block = BLOCK("something given", given_keys, "at, event, rep, deal, ...");

/* The keys on which the reading of others depends. */
static void read_first(struct reading *r, const struct node *node, struct given_draft *draft)
{
    const struct node *rep = node_get(node, "rep");
    const struct node *event = node_get(node, "event");
    const struct node *at = node_get(node, "at");
    int type;
    if (rep)
        (void)test_read_person(r, rep, draft->test, &draft->given.rep); /* told */
    if (at)
        (void)test_read_time(r, at, draft->test, draft->given.rep, NULL,
                             &draft->given.at); /* told */
    if (event && read_event(r, event, &type)) {
        draft->given.event.type = (enum event_type)type;
        draft->given.event.type_name = event_words[type];
    }
    draft->kinds += event != NULL;
}

static void check_given(struct reading *r, const struct node *node, struct given_draft *draft)
{
    static const char *const alone[] = {"at", "rep", "answer", "click", "say", "step", NULL};
    if (draft->kinds != 1) {
        read_error(r, node, "wrong-value",
                   "one of event, answer, click and say is what happens here; found %d",
                   draft->kinds);
        return;
    }
    const struct node *step = node_get(node, "step");
    if (step && draft->given.kind != TEST_ANSWER && draft->given.kind != TEST_CLICK)
        read_error_at(r, read_key_place(r, step), "unused-key",
                      "'step' belongs to 'answer' or 'click'");
    if (draft->given.kind == TEST_EVENT)
        return;
    if (!node_get(node, "rep"))
        read_error(r, node, "missing-key", "'rep' is missing: who %s",
                   draft->given.kind == TEST_SAY ? "says it" : "answers or clicks");
    for (const struct node *n = node->first; n; n = n->next) {
        if (words_find(alone, n->key) < 0)
            read_error_at(r, read_key_place(r, n), "unused-key", "'%s' belongs to an event",
                          n->key);
    }
}

static bool read_entry(struct reading *r, const struct node *node, const struct test_draft *test,
                       struct test_given *ret)
{
    struct given_draft draft = {.test = test};
    int errors = r->errors;
    event_init(&draft.given.event, EVENT_OTHER, MSEC_NONE);
    draft.given.kind = TEST_EVENT;
    draft.given.at = MSEC_NONE;
    draft.given.place = read_place(r, node);
    read_first(r, node, &draft);
    read_map(r, node, &given_block, &draft);
    if (node->kind == NODE_MAP)
        check_given(r, node, &draft);
    if (r->errors != errors)
        return false;
    draft.given.event.at = draft.given.event.time = draft.given.at;
    draft.given.event.rep = draft.given.rep;
    *ret = draft.given;
    return true;
}

/* Stable: what happens at one time stays in the order of the file. */
static void sort_given(struct plugin_test *test)
{
    for (int i = 1; i < test->given_count; i++) {
        struct test_given given = test->given[i];
        int k = i;
        for (; k > 0 && test->given[k - 1].at > given.at; k--)
            test->given[k] = test->given[k - 1];
        test->given[k] = given;
    }
}

void test_read_given(struct reading *r, const struct node *node, struct test_draft *draft)
{
    struct plugin_test *test = &draft->test;
    struct arena *arena = r->arena;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of what happens",
                   "- {at: 2026-03-02 10:00, event: deal.lost, rep: ana, deal: D1}");
        return;
    }
    test->given = arena_alloc(arena, (size_t)(node->count + 1) * sizeof(*test->given));
    for (const struct node *n = node->first; n; n = n->next) {
        if (read_entry(r, n, draft, &test->given[test->given_count]))
            test->given_count++;
    }
    sort_given(test);
}
