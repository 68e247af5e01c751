#include "wire/event_schema.h"

#include <limits.h>

#include "base/alloc.h"

enum { NAME_MAX_CHARS = 300, PROSE_MAX_CHARS = 4000, GATE_MAX_CHARS = 60 };

/* Of a goal, in thousandths: a million millions. */
#define GOAL_MAX 1000000000000000L

#define OFF(member) ((int)offsetof(struct event, member))
/* Rows, and how many of them are required. */
#define CLOSED(rows, required)                                                                     \
    {                                                                                              \
        rows, ARRAY_LEN(rows), required, true                                                      \
    }
#define OPEN(rows, required)                                                                       \
    {                                                                                              \
        rows, ARRAY_LEN(rows), required, false                                                     \
    }

/* Rows: LINE and its sisters are optional, NEED_x required. */
#define ROW(member, kind, at, ...)                                                                 \
    {                                                                                              \
        MEMBER_NAMED(member), .form = kind, .offset = at, __VA_ARGS__                              \
    }

#define LINE(name, at) ROW(name, MEMBER_LINE, at, .max = NAME_MAX_CHARS)
#define NEED_LINE(name, at)                                                                        \
    ROW(name, MEMBER_LINE, at, .required = true, .min = 1, .max = NAME_MAX_CHARS)
#define PROSE(name, at)           ROW(name, MEMBER_PROSE, at, .max = PROSE_MAX_CHARS)
#define WORD(name, at, list)      ROW(name, MEMBER_WORD, at, .words = &(list))
#define NEED_WORD(name, at, list) ROW(name, MEMBER_WORD, at, .required = true, .words = &(list))
#define WHOLE(name, at, least)    ROW(name, MEMBER_WHOLE, at, .min = (least))
#define FORM(name, form, at)      ROW(name, form, at, .required = false)
#define NEED_FORM(name, form, at) ROW(name, form, at, .required = true)
#define DEAL                      FORM("deal", MEMBER_DEAL, 0)
#define NEED_DEAL                 NEED_FORM("deal", MEMBER_DEAL, 0)
#define ORIGIN                    FORM("origin", MEMBER_ORIGIN, 0)

#define LIST(id, noun, ...)                                                                        \
    static const char *const id##_words[] = {__VA_ARGS__};                                         \
    static const struct word_list id = {noun, id##_words, ARRAY_LEN(id##_words)};

LIST(stages, "a stage", "prospect", "qualify", "discover", "propose", "negotiate", "won", "lost",
     "unmapped")
LIST(open_stages, "a stage that has gates", "prospect", "qualify", "discover", "propose",
     "negotiate")
LIST(directions, "a direction", "outbound", "inbound", "none")
LIST(moves, "a direction", "forward", "back", "sideways", "unknown")
LIST(kinds, "a kind of activity", "call", "email", "meeting", "demo", "proposal", "message", "task",
     "note", "other")
LIST(outcomes, "an outcome", "connected", "no_answer", "voicemail", "busy", "wrong_number",
     "completed", "no_show", "cancelled", "rescheduled", "sent", "unknown")
LIST(sides, "a side", "seller", "customer")
LIST(absences, "a reason to be away", "pto", "sick", "holiday", "dnd", "other")
LIST(periods, "a period", "day", "week", "month", "quarter", "year", "once")
LIST(goal_kinds, "a kind of goal", "effort", "result")
LIST(goal_owners, "an owner of a goal", "self", "assigned")
LIST(areas, "an area", "opportunity", "skill")
LIST(reactions, "a reaction", "opened", "replied", "forwarded", "booked", "declined", "objected",
     "none")
LIST(crms, "a CRM", "hubspot", "salesforce", "pipedrive", "close", "dataverse", "zoho", "generic",
     "chat", "gritd")
LIST(subjects, "a kind of subject", "deal", "rep", "team", "activity", "goal", "prompt", "content",
     "training")

static const struct member stage_rows[] = {
    NEED_WORD("canonical", offsetof(struct event_stage, canonical), stages),
    LINE("raw", offsetof(struct event_stage, raw)),
    LINE("label", MEMBER_NOWHERE),
    LINE("pipeline", MEMBER_NOWHERE),
    ROW("probability", MEMBER_DECIMAL, MEMBER_NOWHERE, .min = 0, .max = 100000),
};

static const struct member money_rows[] = {
    ROW("minor", MEMBER_WHOLE, offsetof(struct event_money, minor), .required = true,
        .min = LONG_MIN),
    NEED_FORM("currency", MEMBER_CURRENCY, offsetof(struct event_money, currency)),
};

static const struct member deal_rows[] = {
    NEED_LINE("id", OFF(deal)),
    LINE("name", OFF(deal_name)),
    LINE("account", OFF(account)),
    LINE("owner", OFF(owner)),
    LINE("contact", OFF(contact)),
    FORM("value", MEMBER_MONEY, OFF(amount)),
    FORM("amount", MEMBER_MAJOR, OFF(amount)),
    FORM("currency", MEMBER_CURRENCY, OFF(currency)),
    FORM("stage", MEMBER_STAGE, OFF(stage)),
    FORM("created", MEMBER_TIME, OFF(created)),
    FORM("expected_close", MEMBER_DATE, OFF(close_date)),
    PROSE("next_step", OFF(next_step)),
};

static const struct member origin_rows[] = {
    WORD("crm", OFF(crm), crms),           LINE("object", OFF(object)),
    LINE("object_id", OFF(object_id)),     WHOLE("attempt", OFF(attempt), 0),
    LINE("change_source", MEMBER_NOWHERE), FORM("bulk", MEMBER_FLAG, OFF(bulk)),
    LINE("actor", MEMBER_NOWHERE),
};

static const struct member deal_only[] = {NEED_DEAL, ORIGIN};

static const struct member stage_changed[] = {
    NEED_DEAL,
    ROW("from", MEMBER_STAGE, OFF(from), .nullable = true),
    NEED_FORM("to", MEMBER_STAGE, OFF(to)),
    WORD("direction", OFF(direction), moves),
    WHOLE("seconds_in_from", MEMBER_NOWHERE, 0),
    ORIGIN,
};

static const struct member deal_closed[] = {
    NEED_DEAL,
    ROW("from", MEMBER_STAGE, OFF(from), .nullable = true),
    PROSE("reason", OFF(reason)),
    ORIGIN,
};

static const struct member amount_changed[] = {
    NEED_DEAL,
    ROW("to", MEMBER_AMOUNT_TO, OFF(amount), .required = true, .nullable = true),
    ORIGIN,
};

static const struct member close_date_changed[] = {
    NEED_DEAL,
    ROW("from", MEMBER_DATE, OFF(from), .nullable = true),
    ROW("to", MEMBER_DATE, OFF(to), .required = true, .nullable = true),
    ORIGIN,
};

static const struct member owner_changed[] = {
    NEED_DEAL,
    ROW("from", MEMBER_LINE, OFF(from), .nullable = true, .min = 1, .max = NAME_MAX_CHARS),
    ROW("to", MEMBER_LINE, OFF(to), .required = true, .nullable = true, .min = 1,
        .max = NAME_MAX_CHARS),
    ORIGIN,
};

static const struct member activity[] = {
    NEED_WORD("kind", OFF(kind), kinds),
    WORD("direction", OFF(direction), directions),
    WORD("outcome", OFF(outcome), outcomes),
    WHOLE("duration_s", OFF(duration_s), 0),
    WHOLE("count", OFF(count), 1),
    FORM("automated", MEMBER_FLAG, OFF(automated)),
    DEAL,
    FORM("due", MEMBER_TIME, OFF(due)),
    LINE("raw_kind", OFF(raw_kind)),
    LINE("topic", OFF(topic)),
    LINE("with", OFF(with)),
    ORIGIN,
};

static const struct member gate[] = {
    ROW("gate", MEMBER_GATE_NAME, OFF(gate), .required = true, .max = GATE_MAX_CHARS),
    NEED_WORD("side", OFF(side), sides),
    NEED_WORD("stage", OFF(stage), open_stages),
    PROSE("evidence", OFF(evidence)),
    NEED_DEAL,
    ORIGIN,
};

static const struct member rep[] = {
    LINE("manager", OFF(manager)),
    LINE("team", OFF(team)),
    LINE("tz", OFF(zone)),
    FORM("from", MEMBER_TIME, OFF(away_from)),
    FORM("until", MEMBER_TIME, OFF(away_until)),
    WORD("reason", OFF(reason), absences),
};

/* "why" is the person's own reason; struct event has one place for reasons. */
static const struct member goal[] = {
    NEED_LINE("goal", OFF(goal)),
    NEED_LINE("metric", OFF(metric)),
    ROW("target", MEMBER_DECIMAL, OFF(target), .required = true, .min = 1, .max = GOAL_MAX),
    ROW("actual", MEMBER_DECIMAL, OFF(actual), .min = 0, .max = GOAL_MAX),
    NEED_WORD("period", OFF(period), periods),
    WORD("kind", OFF(kind), goal_kinds),
    WORD("owner", OFF(goal_owner), goal_owners),
    PROSE("why", OFF(reason)),
};

/* The score is what was reached: it is kept as `actual`. */
static const struct member training[] = {
    NEED_LINE("topic", OFF(topic)),
    WORD("area", OFF(area), areas),
    ROW("score", MEMBER_DECIMAL, OFF(actual), .min = LONG_MIN, .max = LONG_MAX),
};

static const struct member content[] = {
    NEED_DEAL,
    LINE("content", OFF(content)),
    LINE("channel", OFF(channel)),
    WORD("reaction", OFF(reaction), reactions),
};

const struct member_table event_deal_table = CLOSED(deal_rows, 1);
const struct member_table event_origin_table = OPEN(origin_rows, 0);
const struct member_table event_stage_table = CLOSED(stage_rows, 1);
const struct member_table event_money_table = CLOSED(money_rows, 2);

static const struct event_schema schemas[EVENT_OTHER] = {
    [EVENT_DEAL_CREATED] = {"deal", true, false, OPEN(deal_only, 1)},
    [EVENT_DEAL_STAGE_CHANGED] = {"deal", true, false, OPEN(stage_changed, 2)},
    [EVENT_DEAL_AMOUNT_CHANGED] = {"deal", false, false, OPEN(amount_changed, 2)},
    [EVENT_DEAL_CLOSE_DATE_CHANGED] = {"deal", false, false, OPEN(close_date_changed, 2)},
    [EVENT_DEAL_OWNER_CHANGED] = {"deal", false, false, OPEN(owner_changed, 2)},
    [EVENT_DEAL_WON] = {"deal", true, false, OPEN(deal_closed, 1)},
    [EVENT_DEAL_LOST] = {"deal", true, false, OPEN(deal_closed, 1)},
    [EVENT_DEAL_REOPENED] = {"deal", true, false, OPEN(deal_only, 1)},
    [EVENT_DEAL_DELETED] = {"deal", true, false, OPEN(deal_only, 1)},
    [EVENT_ACTIVITY_LOGGED] = {"activity", false, false, OPEN(activity, 1)},
    [EVENT_ACTIVITY_PLANNED] = {"activity", false, false, OPEN(activity, 1)},
    [EVENT_GATE_COMPLETED] = {"deal", false, false, OPEN(gate, 4)},
    [EVENT_GATE_REVERTED] = {"deal", false, false, OPEN(gate, 4)},
    [EVENT_REP_JOINED] = {"rep", true, true, OPEN(rep, 0)},
    [EVENT_REP_LEFT] = {"rep", true, true, OPEN(rep, 0)},
    [EVENT_REP_AWAY] = {"rep", true, true, OPEN(rep, 0)},
    [EVENT_REP_BACK] = {"rep", true, true, OPEN(rep, 0)},
    [EVENT_GOAL_SET] = {"goal", false, false, OPEN(goal, 4)},
    [EVENT_GOAL_PROGRESS] = {"goal", false, false, OPEN(goal, 4)},
    [EVENT_TRAINING_COMPLETED] = {"training", false, true, OPEN(training, 1)},
    [EVENT_CONTENT_SHARED] = {"deal", false, false, OPEN(content, 1)},
    [EVENT_CUSTOMER_REACTION] = {"deal", false, false, OPEN(content, 1)},
};

const struct event_schema *event_schema(enum event_type type)
{
    static const struct event_schema none = {0};
    return type < EVENT_OTHER ? &schemas[type] : &none;
}

const struct word_list *event_subjects(void)
{
    return &subjects;
}
