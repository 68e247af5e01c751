/* crm_put.h: what the parsers of the CRMs share: from the CRM's values to members of an event.
 * Private to wire/crm_*.c.
 * Layer: wire (pure). A value that does not fit where an event keeps it is made to fit or left out:
 * one odd name must not refuse what the request is about. */
#pragma once
#include "core/people.h"
#include "wire/crm.h"
#include "wire/jtree.h"

enum { CRM_EVENTS_MAX = 1000, CRM_ID_CHARS = 120 };

/* Events of one request until all of it is read. */
struct crm_events {
    struct event *list;
    size_t count, cap;
    struct crm_out *out;
    const struct crm_request *request;
    const char *crm;    /* name of the row */
    const char *source; /* "/crm/hubspot/7714402" */
};

/* Adds an event of which type, time, id and key are set; id as crm_id_printf() made it. NULL: there
 * are too many, err says so. */
struct event *crm_add(struct crm_events *events, enum event_type type, msec_t time, const char *id,
                      struct err *err);

/* By time, those of one moment as they were. */
void crm_sort(struct event *list, size_t count);

/* Hands them out by time, those of one moment as they were added. */
int crm_flush(struct crm_events *events);

/* "/crm/KIND/ACCOUNT"; characters that an address cannot have become '-'. */
const char *crm_source(struct arena *arena, const char *crm, const char *account);

/* Which object of the CRM it is about. */
void crm_origin(struct event *event, const struct crm_events *events, const char *object,
                const char *id);

/* A member as text: text as it is, a number as it is written (so that ids beyond 2^53 survive).
 * NULL where it is absent, null, empty or of another type. */
const char *crm_text(struct arena *arena, const struct jtree *object, const char *name);
/* The same on one line of at most `most` characters: control characters become blanks. */
const char *crm_line(struct arena *arena, const struct jtree *object, const char *name);
/* An id: as crm_text(), at most CRM_ID_CHARS characters and none that an id cannot have. */
const char *crm_id(struct arena *arena, const struct jtree *object, const char *name);
const char *crm_id_of(struct arena *arena, const struct jtree *value); /* the same, of a value */
bool crm_true(const struct jtree *object, const char *name);
int64_t crm_int(const struct jtree *object, const char *name, int64_t absent);
msec_t crm_time(const struct jtree *object, const char *name); /* RFC 3339; else MSEC_NONE */
const char *crm_date(struct arena *arena, const struct jtree *object,
                     const char *name); /* or NULL */
/* A number times 10^places of the event's currency; else NUMBER_NONE. */
int64_t crm_amount(const struct jtree *object, const char *name, const char *currency);
const char *crm_currency(struct arena *arena, const struct jtree *object, const char *name);

/* One of a CRM's words in ours: rows of {theirs, ours} up to {NULL}; case is not looked at. */
struct crm_word {
    const char *theirs, *ours;
};
const char *crm_word(const struct crm_word *words, const char *theirs); /* or NULL */

/* A stage as a CRM writes it; every member may be NULL. */
struct crm_stage {
    const char *pipeline, *id, *name;
    const struct crm_word *defaults; /* ids or names that the CRM is delivered with */
};

/* The word for it that an event carries: "PIPELINE/ID", id or name, whichever the pipeline file
 * has; else the stage that the CRM's own default is; else the name where there is one, else the id.
 * NULL: nothing is said. */
const char *crm_stage(const struct crm_request *request, struct arena *arena,
                      const struct crm_stage *stage);
/* The stage that this word means: an open one, won or lost. NULL: unmapped. */
const struct stage_def *crm_stage_known(const struct crm_request *request, const char *word);
/* "forward" "back" "sideways"; NULL where one of them is not known. */
const char *crm_direction(const struct crm_request *request, const char *from, const char *to);
/* The event that a deal's coming to this stage is: won, lost or a change of stage. */
enum event_type crm_stage_event(const struct crm_request *request, const char *word);
