/* What is planned for a person, so that a plan can speak ahead of it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/plan.h"
#include "core/words.h"

enum { MEETINGS_MAX = 100, AHEAD_MS = MSEC_HOUR };

static int place_of(const struct person *person, const char *key)
{
    int place = 0;
    while (place < person->meeting_count && strcmp(person->meetings[place].key, key) < 0)
        place++;
    return place;
}

static bool is_at(const struct person *person, int place, const char *key)
{
    return place < person->meeting_count && str_eq(person->meetings[place].key, key);
}

static void take_out(struct person *person, int place)
{
    free(person->meetings[place].key);
    memmove(person->meetings + place, person->meetings + place + 1,
            (size_t)(person->meeting_count - place - 1) * sizeof(*person->meetings));
    person->meeting_count--;
}

void meeting_add(struct person *person, const struct meeting *meeting)
{
    int place = place_of(person, meeting->key);
    if (is_at(person, place, meeting->key))
        take_out(person, place);
    ARRAY_GROW(person->meetings, person->meeting_count, person->meeting_cap);
    memmove(person->meetings + place + 1, person->meetings + place,
            (size_t)(person->meeting_count - place) * sizeof(*person->meetings));
    person->meeting_count++;
    person->meetings[place] = *meeting;
}

static void persist(struct step *step, const struct person *person, const struct meeting *meeting)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rep", person->id);
    jsonw_text_opt(&json, "deal", meeting->deal ? meeting->deal->id : NULL);
    jsonw_int(&json, "due", meeting->due);
    jsonw_int(&json, "said", meeting->said);
    jsonw_int(&json, "kinds", meeting->kinds);
    jsonw_object_end(&json);
    persist_put(step, STATE_PLAN, meeting->key, &out);
}

/* Long past: nothing that comes late brings it back. */
static void forget_past(struct step *step, struct person *person)
{
    for (int i = person->meeting_count; i-- > 0;) {
        const struct meeting *meeting = &person->meetings[i];
        if (meeting->due + HISTORY_DAYS * MSEC_DAY > step->now)
            continue;
        persist_delete(step, STATE_PLAN, meeting->key);
        take_out(person, i);
    }
}

static bool is_off(const struct event *event)
{
    return event->type == EVENT_ACTIVITY_LOGGED || str_eq(event->outcome, "cancelled") ||
           str_eq(event->outcome, "no_show") || str_eq(event->outcome, "completed") ||
           (str_eq(event->outcome, "rescheduled") && event->due == MSEC_NONE);
}

bool meeting_event(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal)
{
    (void)core; /* meetings hang at their person */
    if ((event->type != EVENT_ACTIVITY_PLANNED && event->type != EVENT_ACTIVITY_LOGGED) ||
        (event->type == EVENT_ACTIVITY_LOGGED && !event->activity))
        return false;
    const char *key =
        arena_printf(&step->arena, "%s|meeting|%s %s", rep->id, event->source ? event->source : "",
                     event->activity ? event->activity : event->id);
    int place = place_of(rep, key);
    bool known = is_at(rep, place, key);
    if (known && rep->meetings[place].said > event->time)
        return false; /* an older version came late */
    bool plans = !is_off(event) && event->due != MSEC_NONE;
    if (!known && (!plans || event->due <= step->now))
        return false;
    if (!known)
        forget_past(step, rep);
    if (!known && rep->meeting_count >= MEETINGS_MAX)
        return false; /* a calendar is not ours to keep */
    struct meeting meeting = {.key = xstrdup(key),
                              .due = plans   ? event->due
                                     : known ? rep->meetings[place].due
                                             : 0,
                              .said = event->time,
                              .kinds = plans ? 1U << (unsigned)word_kind(event->kind) : 0,
                              .deal = deal};
    persist(step, rep, &meeting);
    meeting_add(rep, &meeting);
    return true;
}

static bool same_customer(const struct deal *a, const struct deal *b)
{
    return a == b || (a && b && a->texts[DEAL_ACCOUNT] &&
                      str_eq(a->texts[DEAL_ACCOUNT], b->texts[DEAL_ACCOUNT]));
}

msec_t meeting_next(const struct plan *plan, msec_t now, const struct meeting **ret)
{
    const struct person *by = plan->by;
    const struct meeting *next = NULL;
    for (int i = 0; i < by->meeting_count; i++) {
        const struct meeting *meeting = &by->meetings[i];
        if (!(meeting->kinds & plan->ahead) || meeting->due <= now ||
            meeting->due <= plan->ahead_of || (next && meeting->due >= next->due) ||
            (plan->near && !same_customer(plan->near, meeting->deal)))
            continue;
        next = meeting;
    }
    *ret = next;
    if (!next)
        return MSEC_NEVER;
    return next->due - AHEAD_MS < now ? now : next->due - AHEAD_MS;
}
