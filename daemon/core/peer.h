/* peer.h: receivers that are no single rep: a team, and one colleague in turn. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* team.c: a team as a receiver; everything about it that takes a person takes it too. */
struct person *receiver_find(const struct core *core, const char *id);     /* person or "team:ID" */
struct person *receiver_get(struct core *core, const char *id);            /* made when absent */
struct person *team_of(const struct core *core, const struct person *rep); /* or NULL */
bool team_has(const struct core *core, const struct person *team, const struct person *rep);
void teams_adopt(struct core *core); /* the teams of the book */
void teams_zones(struct core *core);
/* Of the team that `of` is, or is in; NUMBER_NONE where there is none or, but for the number of
 * reps, where it is too small to hide its people. */
int64_t team_reps(const struct core *core, const struct person *of);
int64_t team_open_deals(const struct core *core, const struct person *of);
int64_t team_total(const struct scope *scope, const struct signal *signal); /* thousandths */

/* peer.c: one colleague, in turn */
struct peer_search {
    const struct rule *rule;
    const struct person *of; /* a rep, who is not meant, or a team */
    struct person *const *without;
    size_t without_count;
};
enum peer_found {
    PEER_NOW,
    PEER_LATER, /* outside of the working hours of all who could be asked; *ret_later is the end */
    PEER_BUSY,  /* there are some, but they cannot be asked today */
    PEER_NONE,
};
enum peer_found peer_find(struct core *core, struct step *step, const struct peer_search *search,
                          struct person **ret_peer, msec_t *ret_later);
bool peer_exists(const struct core *core, const struct peer_search *search, msec_t now,
                 struct arena *arena);
bool peer_redirects(const struct rule *rule); /* it is about nobody: to a team or a peer */
/* Who gets it instead of the candidate's rep; NULL: nobody, and noted. */
struct person *peer_receiver(struct core *core, struct step *step, const struct candidate *c);
const char *peer_reason(const struct rule *rule); /* in words, for why */
