/* value.h: what a field holds when a rule looks at it, and the table of all fields.
 * Layer: core (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/msec.h"

enum value_type {
    VALUE_MISSING,
    VALUE_TEXT,
    VALUE_NUMBER, /* thousandths, so that decisions stay integers */
    VALUE_MONEY,  /* number in thousandths of the currency's unit; text is the currency */
    VALUE_TIME,   /* an instant */
    VALUE_DATE,   /* text YYYY-MM-DD */
    VALUE_LENGTH, /* milliseconds in number */
    VALUE_BOOL,   /* number 0 or 1 */
};

struct value {
    enum value_type type;
    const char *text; /* borrowed */
    int64_t number;   /* thousandths; VALUE_TIME: msec_t; VALUE_LENGTH: ms */
};

/* FIELD(enumerator, name, type): what conditions and texts may name besides signal.NAME,
 * answer.NAME and, for the event's own fields, the same names with "event." in front. */
#define FIELD_LIST(FIELD)                                                                          \
    FIELD(TYPE, "type", TEXT)                                                                      \
    FIELD(TIME, "time", TIME)                                                                      \
    FIELD(FROM, "from", TEXT)                                                                      \
    FIELD(TO, "to", TEXT)                                                                          \
    FIELD(KIND, "kind", TEXT)                                                                      \
    FIELD(DIRECTION, "direction", TEXT)                                                            \
    FIELD(OUTCOME, "outcome", TEXT)                                                                \
    FIELD(REASON, "reason", TEXT)                                                                  \
    FIELD(DURATION, "duration", LENGTH)                                                            \
    FIELD(COUNT_OF, "count", NUMBER)                                                               \
    FIELD(AUTOMATED, "automated", BOOL)                                                            \
    FIELD(DUE, "due", TIME)                                                                        \
    FIELD(GATE, "gate", TEXT)                                                                      \
    FIELD(SIDE, "side", TEXT)                                                                      \
    FIELD(STAGE, "stage", TEXT)                                                                    \
    FIELD(EVIDENCE, "evidence", TEXT)                                                              \
    FIELD(GOAL, "goal", TEXT)                                                                      \
    FIELD(METRIC, "metric", TEXT)                                                                  \
    FIELD(PERIOD, "period", TEXT)                                                                  \
    FIELD(TARGET, "target", NUMBER)                                                                \
    FIELD(ACTUAL, "actual", NUMBER)                                                                \
    FIELD(TOPIC, "topic", TEXT)                                                                    \
    FIELD(AREA, "area", TEXT)                                                                      \
    FIELD(CONTENT, "content", TEXT)                                                                \
    FIELD(CHANNEL, "channel", TEXT)                                                                \
    FIELD(REACTION, "reaction", TEXT)                                                              \
    FIELD(DEAL_ID, "deal.id", TEXT)                                                                \
    FIELD(DEAL_NAME, "deal.name", TEXT)                                                            \
    FIELD(DEAL_ACCOUNT, "deal.account", TEXT)                                                      \
    FIELD(DEAL_CONTACT, "deal.contact", TEXT)                                                      \
    FIELD(DEAL_OWNER, "deal.owner", TEXT)                                                          \
    FIELD(DEAL_AMOUNT, "deal.amount", MONEY)                                                       \
    FIELD(DEAL_CURRENCY, "deal.currency", TEXT)                                                    \
    FIELD(DEAL_STAGE, "deal.stage", TEXT)                                                          \
    FIELD(DEAL_STAGE_NAME, "deal.stage_name", TEXT)                                                \
    FIELD(DEAL_NEXT_STEP, "deal.next_step", TEXT)                                                  \
    FIELD(DEAL_CLOSE_DATE, "deal.close_date", DATE)                                                \
    FIELD(DEAL_CREATED, "deal.created", TIME)                                                      \
    FIELD(DEAL_AGE, "deal.age", LENGTH)                                                            \
    FIELD(DEAL_IN_STAGE, "deal.in_stage", LENGTH)                                                  \
    FIELD(REP_ID, "rep.id", TEXT)                                                                  \
    FIELD(REP_NAME, "rep.name", TEXT)                                                              \
    FIELD(REP_FIRST_NAME, "rep.first_name", TEXT)                                                  \
    FIELD(REP_TEAM, "rep.team", TEXT)                                                              \
    FIELD(REP_ROLE, "rep.role", TEXT)                                                              \
    FIELD(REP_ZONE, "rep.zone", TEXT)                                                              \
    FIELD(REP_JOINED, "rep.joined", DATE)                                                          \
    FIELD(REP_TENURE, "rep.tenure", LENGTH)                                                        \
    FIELD(REP_OPEN_DEALS, "rep.open_deals", NUMBER)                                                \
    FIELD(TEAM_ID, "team.id", TEXT)                                                                \
    FIELD(TEAM_MANAGER, "team.manager", TEXT)                                                      \
    FIELD(TEAM_NAME, "team.name", TEXT)                                                            \
    FIELD(TEAM_REPS, "team.reps", NUMBER)                                                          \
    FIELD(TEAM_OPEN_DEALS, "team.open_deals", NUMBER)                                              \
    FIELD(REP_LEADS, "rep.leads", TEXT)                                                            \
    FIELD(REP_SEEN, "rep.seen", LENGTH)                                                            \
    FIELD(REP_ONE_TO_ONE, "rep.one_to_one", LENGTH)                                                \
    FIELD(REP_NEXT_ONE_TO_ONE, "rep.next_one_to_one", TIME)                                        \
    FIELD(COACHING_ACTS, "coaching.acts", NUMBER)                                                  \
    FIELD(COACHING_ONE_TO_ONES, "coaching.one_to_ones", NUMBER)                                    \
    FIELD(COACHING_CALL_REVIEWS, "coaching.call_reviews", NUMBER)                                  \
    FIELD(COACHING_JOINT_PLANS, "coaching.joint_plans", NUMBER)                                    \
    FIELD(COACHING_CAREER_TALKS, "coaching.career_talks", NUMBER)                                  \
    FIELD(COACHING_TEAM_MEETINGS, "coaching.team_meetings", NUMBER)                                \
    FIELD(COACHING_PRAISE, "coaching.praise", NUMBER)                                              \
    FIELD(COACHING_MINUTES, "coaching.minutes", NUMBER)                                            \
    FIELD(COACHING_PLANNED, "coaching.planned", NUMBER)                                            \
    FIELD(COACHING_KEPT, "coaching.kept", NUMBER)                                                  \
    FIELD(GATE_SELLER, "gate.seller", TEXT)                                                        \
    FIELD(GATE_SELLER_DATE, "gate.seller.date", TIME)                                              \
    FIELD(GATE_CUSTOMER, "gate.customer", TEXT)                                                    \
    FIELD(GATE_CUSTOMER_DATE, "gate.customer.date", TIME)                                          \
    FIELD(GATE_SELLER_NAME, "gate.seller.name", TEXT)                                              \
    FIELD(GATE_CUSTOMER_NAME, "gate.customer.name", TEXT)                                          \
    FIELD(PURPOSE_ORG, "purpose.org", TEXT)                                                        \
    FIELD(REP_REASON, "rep.why", TEXT)                                                             \
    FIELD(GOAL_UNIT, "goal.unit", TEXT)                                                            \
    FIELD(GOAL_SLICE, "goal.slice", NUMBER)                                                        \
    FIELD(GOAL_DONE, "goal.done", NUMBER)                                                          \
    FIELD(GOAL_LEFT, "goal.left", NUMBER)                                                          \
    FIELD(GOAL_TARGET, "goal.target", NUMBER)                                                      \
    FIELD(GOAL_PERIOD, "goal.period", TEXT)                                                        \
    FIELD(GOAL_OWNER, "goal.owner", TEXT)                                                          \
    FIELD(GOAL_WORDS, "goal.words", TEXT)                                                          \
    FIELD(GOAL_REACHED, "goal.reached", BOOL)                                                      \
    FIELD(GOAL_WINS, "goal.wins", NUMBER)                                                          \
    FIELD(PLAN_WORDS, "plan.words", TEXT)                                                          \
    FIELD(PLAN_CUE, "plan.cue", TEXT)                                                              \
    FIELD(PLAN_ACT, "plan.act", TEXT)                                                              \
    FIELD(PLAN_TIMES, "plan.times", NUMBER)                                                        \
    FIELD(SIGNAL, "signal.", NUMBER)         /* with the signal's index */                         \
    FIELD(ANSWER, "answer.", TEXT)           /* with the question's name */                        \
    FIELD(TEAM_TOTAL, "team.total.", NUMBER) /* a signal summed over the team, with its index */

enum field {
#define FIELD(name, text, type) FIELD_##name,
    FIELD_LIST(FIELD)
#undef FIELD
        FIELD_COUNT
};

/* A field as a rule names it. */
struct field_ref {
    enum field field;
    int signal;       /* FIELD_SIGNAL, FIELD_TEAM_TOTAL: index into book.signals */
    const char *name; /* FIELD_ANSWER: question id */
};

const char *field_name(enum field field);
enum value_type field_type(enum field field);

/* Finds a plain field; "event.X" finds X of the event. Errors: -ENOENT. signal. and answer. names
 * are the loader's to resolve. */
int field_find(const char *name, enum field *ret);
bool field_is_of_event(enum field field);  /* the event's own, as opposed to what is known now */
bool field_is_private(enum field field);   /* for the rep alone: answers, goals, plans, reasons */
bool field_is_own_words(enum field field); /* of these what the rep has written */

/* A field as one number, the way texts carry it: the field in the low 16 bits, the signal above. */
static inline long field_ref_pack(struct field_ref ref)
{
    return (long)ref.field | (long)ref.signal << 16;
}

static inline struct field_ref field_ref_unpack(long bound, const char *name)
{
    return (struct field_ref){(enum field)(bound & 0xFFFF), (int)(bound >> 16), name};
}

/* The `bound` of a name in a text of the book: its field, and for FIELD_SIGNAL the signal's index.
 * The name of FIELD_ANSWER is the text's own, behind "answer.". */
enum { FIELD_BOUND_BITS = 16 };

static inline long field_bound(enum field field, int signal)
{
    return (long)field | (long)signal << FIELD_BOUND_BITS;
}

static inline enum field field_of_bound(long bound)
{
    return (enum field)(bound & ((1L << FIELD_BOUND_BITS) - 1));
}

static inline int signal_of_bound(long bound)
{
    return (int)(bound >> FIELD_BOUND_BITS);
}
