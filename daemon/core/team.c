/* A team as one receiver: somebody with a channel instead of an account, who is never coached. */
#include <string.h>

#include "base/alloc.h"
#include "core/parts.h"
#include "core/peer.h"

#define TEAM_PREFIX "team:" /* no id of a person has a colon in it */

enum { GROUP_LEAST = 5 }; /* figures of a smaller group would be figures of people */

static size_t team_place(const struct core *core, const char *id)
{
    size_t low = 0, high = core->team_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(core->teams[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct person *team_find(const struct core *core, const char *id)
{
    size_t place = team_place(core, id);
    return place < core->team_count && str_eq(core->teams[place]->id, id) ? core->teams[place]
                                                                          : NULL;
}

static struct person *team_get(struct core *core, const char *id)
{
    struct person *team = team_find(core, id);
    if (team)
        return team;
    size_t place = team_place(core, id);
    ARRAY_GROW(core->teams, core->team_count, core->team_cap);
    memmove(core->teams + place + 1, core->teams + place,
            (core->team_count - place) * sizeof(*core->teams));
    core->team_count++;
    team = NEW(struct person);
    team->id = xstrdup(id);
    team->is_team = true;
    team->paused_until = MSEC_NONE;
    team->stopped_until = MSEC_NONE;
    team->team_paused_until = MSEC_NONE;
    team->last_loss = MSEC_NONE;
    team->tz = tz_utc();
    core->teams[place] = team;
    return team;
}

struct person *receiver_find(const struct core *core, const char *id)
{
    return id && str_starts(id, TEAM_PREFIX) ? team_find(core, id) : person_find(core, id);
}

struct person *receiver_get(struct core *core, const char *id)
{
    return str_starts(id, TEAM_PREFIX) ? team_get(core, id) : person_get(core, id);
}

struct person *team_of(const struct core *core, const struct person *rep)
{
    char id[256];
    const char *team = person_team(rep);
    if (!team || strlen(team) + sizeof(TEAM_PREFIX) > sizeof(id))
        return NULL;
    memcpy(id, TEAM_PREFIX, sizeof(TEAM_PREFIX));
    strcat(id, team);
    struct person *found = team_find(core, id);
    return found && found->group ? found : NULL;
}

void teams_adopt(struct core *core)
{
    for (size_t i = 0; i < core->team_count; i++)
        core->teams[i]->group = NULL;
    for (int i = 0; i < core->book->team_count; i++) {
        struct strbuf id = {0};
        strbuf_printf(&id, TEAM_PREFIX "%s", core->book->teams[i].id);
        team_get(core, strbuf_text(&id))->group = &core->book->teams[i];
        strbuf_done(&id);
    }
    teams_zones(core);
}

/* A team that has no zone lives in its manager's. */
void teams_zones(struct core *core)
{
    for (size_t i = 0; i < core->team_count; i++) {
        struct person *team = core->teams[i];
        const struct person *manager =
            team->group && !team->group->zone ? person_find(core, team->group->manager) : NULL;
        if (manager)
            team->tz = manager->tz;
        else
            person_resolve_zone(core, team);
        person_forget_calendar(team);
    }
}

bool team_has(const struct core *core, const struct person *team, const struct person *rep)
{
    return team && rep && person_is_rep(core, rep) && str_eq(person_team(rep), person_team(team));
}

int64_t team_reps(const struct core *core, const struct person *of)
{
    int64_t count = 0;
    for (size_t i = 0; i < core->person_count; i++)
        count += team_has(core, of, core->people[i]);
    return person_team(of) ? count : NUMBER_NONE;
}

static bool is_group(const struct core *core, const struct person *of)
{
    return person_team(of) && team_reps(core, of) >= GROUP_LEAST;
}

int64_t team_open_deals(const struct core *core, const struct person *of)
{
    int64_t count = 0;
    if (!is_group(core, of))
        return NUMBER_NONE;
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++)
        count += deal_is_open(deals.list[i]) && team_has(core, of, deals.list[i]->rep);
    return count;
}

int64_t team_total(const struct scope *scope, const struct signal *signal)
{
    int64_t total = 0;
    if (!scope->rep || !is_group(scope->core, scope->rep))
        return NUMBER_NONE;
    for (size_t i = 0; i < scope->core->person_count; i++) {
        struct scope one = *scope;
        one.rep = scope->core->people[i];
        one.deal = NULL;
        int64_t value =
            team_has(scope->core, scope->rep, one.rep) ? signal_value(&one, signal) : NUMBER_NONE;
        total += value == NUMBER_NONE ? 0 : value;
    }
    return total;
}

size_t core_team_members(const struct core *core, const char *to, const char ***ret_chats)
{
    const struct person *team = to && str_starts(to, TEAM_PREFIX) ? team_find(core, to) : NULL;
    size_t count = 0;
    *ret_chats = NULL;
    if (!team)
        return 0;
    *ret_chats = xcalloc(core->person_count + 1, sizeof(**ret_chats));
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *person = core->people[i];
        bool manages = person == person_manager(core, team) && person_is_here(core, person);
        const char *chat =
            manages || team_has(core, team, person) ? core_chat_id(core, person->id) : NULL;
        if (chat)
            (*ret_chats)[count++] = chat;
    }
    return count;
}
