/* coaching.h: what managers do for their people, as events tell it. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* The names are stored (coaching_act_name), the numbers are not. */
enum coaching_act {
    ACT_ONE_TO_ONE,
    ACT_CALL_REVIEW,
    ACT_JOINT_PLAN,
    ACT_CAREER_TALK,
    ACT_TEAM_MEETING,
    ACT_MEETINGS,              /* the ones before are in the calendar */
    ACT_PRAISE = ACT_MEETINGS, /* a word passed on */
    ACT_RATING,                /* a rep said how useful a one-to-one was */
    ACT_COUNT
};

struct coaching {
    struct person *manager; /* NULL: the event is no act of coaching */
    struct person *rep;     /* NULL: the whole team */
    enum coaching_act act;
};

const char *coaching_act_name(enum coaching_act act); /* "one_to_one" */
/* "one to one", "One-to-one", "1:1"; ACT_COUNT: none of them. */
enum coaching_act coaching_act_find(const char *words);

/* A meeting, or anything with the topic of an act, between a manager and a direct report, in
 * whoever's calendar it stands. The event's topic becomes the act's own name. */
struct coaching coaching_of(const struct core *core, struct event *event);

/* Whether the rule is for what this person does. */
bool coaching_looks_at(const struct core *core, const struct rule *rule,
                       const struct person *person);

/* Whom a rule looks at when this event wakes it. Without an act: the rep. With one: the report, or
 * the manager where the rule is of managers; NULL unless the rule names `topic`, because a
 * one-to-one is no customer's meeting. */
struct person *coaching_about(const struct coaching *coaching, const struct rule *rule,
                              struct person *rep);
