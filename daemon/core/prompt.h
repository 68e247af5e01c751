/* prompt.h: what the files about conversations share. Private to core/prompt*.c.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* prompt.c: its life */
bool prompt_is_live(const struct prompt *prompt);
/* False where the table of moves forbids it: then nothing has changed. Stores the row. */
bool prompt_move(struct core *core, struct step *step, struct prompt *prompt, enum prompt_state to);
/* Changes the newest message: the words so far and what became of it; the buttons go. */
struct message *prompt_update(struct core *core, struct step *step, const struct prompt *prompt,
                              const struct event *event, const char *text);
/* Posts the prompt's message (again); its buttons name the new message from now on. */
struct message *prompt_post(struct core *core, struct step *step, struct prompt *prompt,
                            const char *part, const char *text);
/* A conversation beside the decisions, as `like` has it: kind, to, about, rule (or NULL), when it
 * closes (0: as its kind does) and the texts, which are copied. `part` tells its message from
 * others of the same rule and occurrence. */
struct prompt *prompt_start(struct core *core, struct step *step, const struct prompt *like,
                            const char *part);
/* The person did something: the count of silence begins anew. */
void prompt_heard_from(struct core *core, struct step *step, struct person *person);
/* Names the occasion; ids of events are unique within a source only. */
const char *prompt_occurrence(const struct candidate *c, struct arena *arena);
/* Asks a step of a talk, or asks it again; `lead` stands before the words. */
struct message *prompt_step(struct core *core, struct step *step, struct talk *talk,
                            const struct question *question, const char *words,
                            const char *occurrence, const char *lead);
bool prompt_welcome_now(const struct core *core, const struct person *person, msec_t now);
msec_t prompt_next_welcome(const struct core *core, const struct person *person, msec_t now);

/* command_data.c: may this person read the answer? Every path that shows an answer to anybody asks
 * this one. */
bool prompt_may_read(const struct core *core, const struct prompt *prompt,
                     const struct person *reader);

/* prompt_look.c: what it looks like */
/* What was settled can be changed as long as the talk is kept. */
void prompt_dress_settled(const struct core *core, const struct prompt *prompt,
                          struct message *message, struct arena *arena);
void prompt_dress(const struct core *core, const struct prompt *prompt, struct message *message,
                  struct arena *arena);
/* Who will read the answer; NULL where nothing is asked. */
const char *prompt_reader_line(const struct core *core, const struct prompt *prompt,
                               struct arena *arena);
const char *prompt_card_text(const struct core *core, const struct candidate *c,
                             const struct draft *draft, struct arena *arena);
int prompt_by_age(const void *a, const void *b); /* for qsort of struct prompt pointers */
