/* why.h: what gritctl why has found out about one person: decisions, and rules that nearly came to
 * one. Layer: commands. Lifetime: one call of the program. */
#pragma once
#include "core/core.h"
#include "core/near.h"
#include "gritctl/ctl.h"

enum { WHY_NEWEST = 20 };

/* The question. */
struct asking {
    struct call *call;
    const char *rep;
    const char *rule; /* NULL: any */
    msec_t from, to;  /* from <= t < to; to MSEC_NEVER: no end */
    bool minute;      /* asked for one minute */
};

/* One decision, as its line. */
struct found {
    msec_t at;
    char *line;
    char *rule, *occurrence;
};

/* One rule that did not come to its gates. Texts of `near` live in the findings' arena. */
struct nearly {
    msec_t at;
    const char *rule, *event, *occurrence;
    struct near near;
};

struct findings {
    struct arena arena;
    struct found *decisions; /* oldest first */
    size_t decision_count, decision_cap;
    struct nearly *nearly; /* oldest first */
    size_t nearly_count, nearly_cap;
    bool stranger; /* nobody has the id that was asked for */
    char *meant;   /* then the nearest id, or NULL */
};

/* Looks for the person that was asked for; fills stranger and meant. */
void findings_look(struct findings *findings, const struct asking *asking, const struct core *core);

void findings_init(struct findings *findings);
void findings_done(struct findings *findings);

/* Whether a decision or event of this rep, rule and time is asked for. rule NULL: whichever. */
bool asking_wants(const struct asking *asking, const char *rep, const char *rule, msec_t at);

void findings_add_decision(struct findings *findings, msec_t at, const char *rule,
                           const char *occurrence, const char *line);

/* Asks each rule that waits for such events and has no decision about this one. */
void findings_add_event(struct findings *findings, const struct asking *asking,
                        const struct core *core, const struct event *event, enum near_view view);

/* Asks each rule with a schedule that was due for the person within from <= t < to and has no
 * decision of that moment. */
void findings_add_due(struct findings *findings, const struct asking *asking,
                      const struct core *core, msec_t from, msec_t to, enum near_view view);

/* On the terminal or as JSON; the newest WHY_NEWEST of each. */
void findings_show(const struct findings *findings, bool json);

/* On a simulation: the options events, plugins, people, pipeline, answers. Errors: told, false. */
bool why_play(const struct asking *asking, struct findings *findings);

/* On the daemon's store. Near triggers are looked for where a minute or a rule was asked for, or
 * nothing was decided. Errors: told, false. */
bool why_store(const struct asking *asking, const struct config *config, struct findings *findings);
