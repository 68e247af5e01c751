/* request.h: help that a person asks of somebody, passed on after a yes. Private to core/.
 * Layer: core (pure). Lifetime: process.
 *
 * The asker sees the message and who gets it before it goes. The helper says yes, done, or not this
 * time; without any of these by the date the helper is reminded once, and the asker never. It is no
 * coaching: it uses up no caps, and has limits of its own. */
#pragma once
#include "core/parts.h"

enum {
    REQUESTS_OPEN_MAX = 5,   /* of one asker */
    REQUESTS_ASKED_MAX = 10, /* open with one helper */
    REQUESTS_A_DAY = 5,      /* passed on for one asker, taken back or not */
    REQUEST_POINTS = 500,
    REQUEST_NAME_BYTES = 80,
};

/* The numbers are stored. */
enum request_state {
    REQUEST_DRAFT = 0,    /* read back, not yet confirmed */
    REQUEST_SENT = 1,     /* with the helper, who has said nothing */
    REQUEST_ACCEPTED = 2, /* the helper has said yes */
    REQUEST_DONE = 3,
    REQUEST_DECLINED = 4,
    REQUEST_WITHDRAWN = 5, /* by the asker */
    REQUEST_LAPSED = 6,    /* long past its date */
};

struct request {
    struct timer timer; /* first */
    char *key;          /* of its row: "asker|number" */
    struct person *by;
    struct person *to; /* NULL: a draft for nobody yet */
    int number;    /* of the asker's requests and those asked of the same person; see to_number */
    int to_number; /* the same for the helper; 0: a draft */
    enum request_state state;
    char *words; /* the asker's */
    char *text;  /* the message as the asker saw it; NULL: nobody is named */
    msec_t made, sent, ended;
    msec_t due;       /* the end of its day, in the helper's zone; MSEC_NEVER: nobody is named */
    int64_t said_day; /* of the date that was said, local; 0: none was */
    bool reminded;
    char draft[MESSAGE_KEY_BYTES]; /* the conversation with the asker */
    char card[MESSAGE_KEY_BYTES];  /* the one with the helper */
};

/* Of one person: what is asked by and of. Sorted by number. */
struct requests {
    struct request **own, **asked;
    int own_count, own_cap, asked_count, asked_cap;
};

/* What somebody would like: whom, what, by when. */
struct request_wish {
    struct person *to; /* NULL: a colleague, not named */
    const char *words;
    int64_t day; /* 0: none was said */
};

/* --- request_read.c: what was said --- */

enum request_whom {
    WHOM_FOUND,
    WHOM_COLLEAGUE, /* a colleague, without a name */
    WHOM_ABSENT,    /* nobody is named for that: no manager, no such helper */
    WHOM_SEVERAL,
    WHOM_UNKNOWN,
};

/* Who is meant by these words. *ret_names: who it can be (SEVERAL), the nearest or NULL (UNKNOWN).
 */
enum request_whom request_whom(const struct core *core, const struct person *by, const char *words,
                               struct arena *arena, struct person **ret, const char **ret_names);
/* Takes "…, by Friday" off the end; *ret_day the local day, 0 without a date; *ret_words what is
 * left. Errors: -ERANGE past, or more than a year ahead; then *ret_words is untouched. */
int request_date(const struct person *by, const char *text, msec_t now, struct arena *arena,
                 const char **ret_words, int64_t *ret_day);
/* "Ben: what, by Friday" behind the name; NULL when no name stands in front. */
const char *request_split(const char *text, struct arena *arena, const char **ret_name);

/* --- request.c: its life --- */

bool request_is_open(const struct request *request); /* with the helper, and not over */
struct request *request_draft(const struct person *by);
struct request *request_numbered(const struct person *person, int64_t number); /* or NULL */
/* Why this person cannot be asked, or NULL. */
const char *request_obstacle(const struct core *core, const struct person *by,
                             const struct person *to, msec_t now, struct arena *arena);
/* Shows what would be passed on. A draft before it gives way. */
void request_offer(struct core *core, struct step *step, struct person *by,
                   const struct request_wish *wish, const struct event *event);
/* What a person does with one of hers; the reply too. `word`: yes no edit withdraw accept done
 * cannot. False: that is nothing that can be done with it now. */
bool request_act(struct core *core, struct step *step, struct request *request,
                 struct person *person, const char *word, const struct event *event);
void request_click(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event);
void request_due(struct core *core, struct step *step, struct timer *timer);
void request_dress(const struct core *core, const struct prompt *prompt, struct message *message,
                   struct arena *arena);

/* --- command_request.c --- */

/* "Ben: what, by Friday", said or written into the form of a draft. `asked`: whom it is for where
 * no name stands in the words, "" for nobody yet; NULL: they must have one. */
void request_said(struct core *core, struct step *step, struct person *by, const char *words,
                  const char *asked, const struct event *event);

/* --- request_row.c --- */

struct request *request_new(struct person *by, int number);
void request_give(struct request *request, struct person *to, int to_number); /* to the helper */
int request_next_number(const struct person *person);
void request_free(struct core *core, struct request *request); /* out of the lists too */
void requests_free(struct person *person);
void request_persist(struct step *step, const struct request *request);
struct json_t;
int request_load(struct core *core, const char *key, const struct json_t *root);
