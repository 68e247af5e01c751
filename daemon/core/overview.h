/* overview.h: looking in for figures: who belongs to whom, what became of conversations, what is to
 * come. No words of anybody.
 * Layer: core (pure). Everything is borrowed and valid until the next step. */
#pragma once
#include "core/core.h"

struct member_view {
    const char *id, *name;
    const char *team;    /* id, or NULL */
    const char *manager; /* id, or NULL */
    bool rep;            /* is coached: here, and no manager */
    bool leads;          /* is a manager, and here */
};
struct member_view core_member_at(const struct core *core, size_t index); /* core_person_count() */

/* False: nobody we know, or no manager, or not here any more. */
bool core_is_manager(const struct core *core, const char *id);

/* Whether `person` is somebody's whom `manager` leads, directly or through other managers. */
bool core_leads(const struct core *core, const char *manager, const char *person);

enum contact_kind { CONTACT_QUESTION, CONTACT_CARD, CONTACT_OTHER };

/* One conversation that is still kept. */
struct contact_view {
    enum contact_kind kind;
    const char *rule;               /* id as it was then, or NULL */
    const char *rep;                /* whom it is about */
    msec_t at;                      /* when it began */
    bool done;                      /* a question was answered, a card was sent on */
    const struct question *subject; /* of the book, or NULL */
    int64_t scale;                  /* the number answered on a scale; NUMBER_NONE: none */
};
size_t core_contact_count(const struct core *core);
struct contact_view core_contact_at(const struct core *core, size_t index); /* in no order */

/* Decisions that are due up to `until`: what waits, and the next times of schedules. Whether
 * anything is said then is decided then. In order of rules, not of time. */
typedef void (*core_coming)(void *user, const struct rule *rule, const char *rep, msec_t due);
void core_upcoming(const struct core *core, msec_t until, core_coming visit, void *user);

/* Whoever can be written to, from *index on, which is moved behind the one found; those with an
 * open conversation come first. NULL: no more. Borrowed. */
const char *core_chat_next(const struct core *core, size_t *index);
