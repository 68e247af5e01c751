/* What the daemon itself has to tell the people who run it: information, not coaching. */
#include "core/introduce.h"

static bool can_hear(const struct core *core, const struct person *person)
{
    return person && person != core->nobody && person_is_here(core, person);
}

bool core_hears(const struct core *core, const char *person)
{
    return can_hear(core, person_find(core, person));
}

/* Held over the night and over a holiday by the outbox, as all that is no reply. */
static void tell(struct core *core, struct step *step, struct person *to, const char *occurrence,
                 const char *text)
{
    struct message *message = say_message(core, step, to, "", occurrence, "notice", text);
    message->unknown = UNKNOWN_DROP;
}

void core_notice(struct core *core, const char *to, const char *occurrence, const char *text,
                 struct step *step)
{
    struct person *owner = to ? person_find(core, to) : NULL;
    bool heard = can_hear(core, owner);
    if (heard)
        tell(core, step, owner, occurrence, text);
    for (size_t i = 0; !heard && i < core->person_count; i++) {
        if (core->people[i]->manager && can_hear(core, core->people[i]))
            tell(core, step, core->people[i], occurrence, text);
    }
    introduce(core, step);
    persist_flush(core, step);
}
