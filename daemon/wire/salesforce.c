#include "wire/salesforce.h"

#include <string.h>

#include "base/alloc.h"

enum { ID_SHORT = 15, ID_LONG = 18, PREFIX = 3 };

const struct crm_word salesforce_stages[] = {{"Prospecting", "prospect"},
                                             {"Qualification", "qualify"},
                                             {"Needs Analysis", "discover"},
                                             {"Value Proposition", "discover"},
                                             {"Id. Decision Makers", "discover"},
                                             {"Perception Analysis", "propose"},
                                             {"Proposal/Price Quote", "propose"},
                                             {"Proposal", "propose"},
                                             {"Negotiation/Review", "negotiate"},
                                             {"Negotiation", "negotiate"},
                                             {"Closed Won", "won"},
                                             {"Closed Lost", "lost"},
                                             {NULL, NULL}};

const char *const salesforce_names[] = {[SALESFORCE_OTHER] = "",
                                        [SALESFORCE_DEAL] = "Opportunity",
                                        [SALESFORCE_TASK] = "Task",
                                        [SALESFORCE_EVENT] = "Event"};

enum salesforce_object salesforce_object(const char *id)
{
    static const char *const prefixes[] = {
        [SALESFORCE_DEAL] = "006", [SALESFORCE_TASK] = "00T", [SALESFORCE_EVENT] = "00U"};
    for (size_t i = SALESFORCE_DEAL; i < ARRAY_LEN(prefixes); i++) {
        if (id && strncmp(id, prefixes[i], PREFIX) == 0)
            return (enum salesforce_object)i;
    }
    return SALESFORCE_OTHER;
}

/* --- values --- */

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

const char *salesforce_id(struct arena *arena, const struct jtree *record, const char *name)
{
    const char *id = crm_text(arena, record, name);
    size_t length = id ? strlen(id) : 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_plain(id[i]))
            return NULL;
    }
    return length == ID_SHORT || length == ID_LONG ? id : NULL;
}

/* "2027-02-21T10:05:04.000+0000" is RFC 3339 but for the colon in the offset. */
msec_t salesforce_time(const struct jtree *record, const char *name)
{
    char text[MSEC_TEXT_BYTES + 2];
    msec_t t;
    const struct jtree *node = jtree_find(record, name);
    if (!node || node->type != JTREE_TEXT || node->length < 6 || node->length > MSEC_TEXT_BYTES)
        return MSEC_NONE;
    memcpy(text, node->text, node->length + 1);
    char *sign = text + node->length - 5;
    if (*sign == '+' || *sign == '-') {
        memmove(sign + 4, sign + 3, 3);
        sign[3] = ':';
    }
    return msec_parse(text, &t) ? MSEC_NONE : t;
}

bool salesforce_true(const struct jtree *record, const char *name)
{
    const struct jtree *node = jtree_find(record, name);
    return node &&
           (node->type == JTREE_TRUE || (node->type == JTREE_TEXT && str_eq(node->text, "true")));
}

/* --- effort --- */

static const struct crm_word kinds[] = {{"Call", "call"},       {"Email", "email"},
                                        {"ListEmail", "email"}, {"Task", "task"},
                                        {"Cadence", "task"},    {NULL, NULL}};
static const struct crm_word directions[] = {
    {"Inbound", "inbound"}, {"Outbound", "outbound"}, {"Internal", "none"}, {NULL, NULL}};
static const struct crm_word outcomes[] = {{"Connected", "connected"},
                                           {"Answered", "connected"},
                                           {"Meaningful Connect", "connected"},
                                           {"No Answer", "no_answer"},
                                           {"Voicemail", "voicemail"},
                                           {"Left Voicemail", "voicemail"},
                                           {"Busy", "busy"},
                                           {"Wrong Number", "wrong_number"},
                                           {NULL, NULL}};

/* Done counts once for each id, planned once for each day that it is planned for. */
static struct event *add(struct crm_events *events, const struct jtree *record, const char *id,
                         bool done, msec_t at, msec_t due, struct err *err)
{
    struct arena *arena = events->out->arena;
    const char *what = salesforce_id(arena, record, "WhatId");
    const char *name = done ? arena_printf(arena, "%s:done", id)
                            : arena_printf(arena, "%s:planned:%lld", id, (long long)due);
    struct event *event =
        crm_add(events, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED, at, name, err);
    if (!event)
        return NULL;
    event->activity = id;
    event->rep = crm_line(arena, record, "OwnerId");
    event->deal = salesforce_object(what) == SALESFORCE_DEAL ? what : NULL;
    event->due = done ? MSEC_NONE : due;
    crm_origin(event, events, salesforce_names[salesforce_object(id)], id);
    return event;
}

/* A day as an instant: its noon, as nobody says whose day it is. */
static msec_t noon(struct arena *arena, const struct jtree *record, const char *name)
{
    const char *date = crm_date(arena, record, name);
    msec_t t;
    return date && !msec_parse(arena_printf(arena, "%sT12:00:00Z", date), &t) ? t : MSEC_NONE;
}

int salesforce_task(struct crm_events *events, const struct jtree *record, const char *id,
                    msec_t changed, struct err *err)
{
    struct arena *arena = events->out->arena;
    const char *subtype = crm_text(arena, record, "TaskSubtype");
    const char *call = crm_text(arena, record, "CallType");
    msec_t at = salesforce_time(record, "CompletedDateTime"),
           due = noon(arena, record, "ActivityDate");
    bool done = salesforce_true(record, "IsClosed") ||
                str_eq(crm_text(arena, record, "Status"), "Completed");
    if (!done && due == MSEC_NONE)
        return 0;
    if (at == MSEC_NONE) /* reps catch up on Friday: the day of the task tells more */
        at = due != MSEC_NONE && due < changed ? due : changed;
    struct event *event = add(events, record, id, done, done ? at : changed, due, err);
    if (!event)
        return -err->code;
    event->kind = crm_word(kinds, subtype);
    if (!event->kind)
        event->kind = call ? "call" : "task";
    event->direction = crm_word(directions, call);
    if (!event->direction && str_eq(event->kind, "email"))
        event->direction = "outbound";
    event->outcome = crm_word(outcomes, crm_text(arena, record, "CallDisposition"));
    int64_t seconds = crm_int(record, "CallDurationInSeconds", 0);
    event->duration_s = seconds > 0 ? seconds : NUMBER_NONE;
    event->automated = str_eq(subtype, "ListEmail");
    return 0;
}

int salesforce_meeting(struct crm_events *events, const struct jtree *record, const char *id,
                       msec_t changed, struct err *err)
{
    msec_t start = salesforce_time(record, "StartDateTime");
    msec_t end = salesforce_time(record, "EndDateTime");
    if (start == MSEC_NONE)
        return 0;
    if (end == MSEC_NONE)
        end = start + crm_int(record, "DurationInMinutes", 0) * MSEC_MINUTE;
    bool done = end <= events->request->now;
    struct event *event = add(events, record, id, done, done ? start : changed, start, err);
    if (!event)
        return -err->code;
    event->kind = "meeting";
    event->duration_s = done && end > start ? (end - start) / MSEC_SECOND : NUMBER_NONE;
    return 0;
}
