#include "core/overview.h"

#include "core/ahead.h"
#include "core/parts.h"
#include "core/peer.h"

enum {
    LEADERS_MOST = 16,     /* of leaders of leaders; a circle in people.yaml ends there too */
    OCCURRENCES_MOST = 50, /* of one schedule: "every 5 minutes" need not be told in full */
};

struct member_view core_member_at(const struct core *core, size_t index)
{
    const struct person *person = core->people[index];
    const struct person *manager = person_manager(core, person);
    return (struct member_view){.id = person->id,
                                .name = person_name(person),
                                .team = person_team(person),
                                .manager = manager ? manager->id : NULL,
                                .rep = person_is_rep(core, person),
                                .leads = person->manager && person_is_here(core, person)};
}

bool core_is_manager(const struct core *core, const char *id)
{
    const struct person *person = person_find(core, id);
    return person && person->manager && person_is_here(core, person);
}

bool core_leads(const struct core *core, const char *manager, const char *person)
{
    const struct person *leader = person_find(core, manager);
    const struct person *one = person_find(core, person);
    for (int i = 0; leader && one && i < LEADERS_MOST; i++) {
        one = person_manager(core, one);
        if (one == leader)
            return true;
    }
    return false;
}

size_t core_contact_count(const struct core *core)
{
    return core->prompt_count;
}

static int64_t scale_of(const struct prompt *prompt)
{
    int64_t number;
    bool scale = prompt->question && prompt->question->answer == ANSWER_SCALE;
    return scale && prompt->state == PROMPT_ANSWERED && prompt->answer &&
                   !str_to_i64(prompt->answer, &number)
               ? number
               : NUMBER_NONE;
}

struct contact_view core_contact_at(const struct core *core, size_t index)
{
    const struct prompt *prompt = core->prompt_list[index];
    return (struct contact_view){.kind = prompt->kind == PROMPT_QUESTION ? CONTACT_QUESTION
                                         : prompt->kind == PROMPT_CARD   ? CONTACT_CARD
                                                                         : CONTACT_OTHER,
                                 .rule = prompt->rule_id,
                                 .rep = prompt->about->id,
                                 .at = prompt->at,
                                 .done = prompt->state == PROMPT_ANSWERED,
                                 .subject = prompt->question,
                                 .scale = scale_of(prompt)};
}

/* --- to come --- */

static void tell_pending(struct pending *const *list, int count, msec_t until, core_coming visit,
                         void *user)
{
    for (int i = 0; i < count; i++) {
        if (list[i]->timer.place && list[i]->timer.due <= until)
            visit(user, list[i]->rule, list[i]->rep->id, list[i]->timer.due);
    }
}

static bool slot_is_for(const struct slot *slot, const struct person *person)
{
    return slot->rule->zone || person->tz == slot->tz ||
           str_eq(tz_name(person->tz), tz_name(slot->tz));
}

static void tell_slot(const struct core *core, const struct slot *slot, msec_t until,
                      core_coming visit, void *user)
{
    msec_t due = slot->timer.due;
    if (!slot->timer.place)
        return;
    for (int n = 0; n < OCCURRENCES_MOST && due <= until; n++) {
        for (size_t i = 0; i < core->person_count; i++) {
            const struct person *person = core->people[i];
            if (slot_receives(core, slot->rule, person) && slot_is_for(slot, person))
                visit(user, slot->rule, person->id, due);
        }
        if (sched_next(slot->rule->sched, slot->tz, due, &due))
            return;
    }
}

void core_upcoming(const struct core *core, msec_t until, core_coming visit, void *user)
{
    for (size_t i = 0; i < core->person_count; i++)
        tell_pending(core->people[i]->pending, core->people[i]->pending_count, until, visit, user);
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++)
        tell_pending(deals.list[i]->pending, deals.list[i]->pending_count, until, visit, user);
    for (size_t i = 0; i < core->slot_count; i++) {
        if (!peer_redirects(core->slots[i]->rule)) /* whom it asks is drawn when it is due */
            tell_slot(core, core->slots[i], until, visit, user);
    }
}
