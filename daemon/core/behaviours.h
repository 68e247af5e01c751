/* behaviours.h: which behaviours a person wants to do consistently: said in free words, read back,
 * and kept as own targets after a yes. Private to core/. Layer: core (pure). */
#pragma once
#include "core/parts.h"
#include "core/practice.h"

enum {
    BEHAVIOURS_MAX = 8,       /* as many as there are */
    BEHAVIOUR_A_WEEK = 3,     /* where no number was said */
    BEHAVIOUR_MOST = 100,     /* a week */
    BEHAVIOUR_PARTS_MAX = 12, /* of an answer */
};

struct chosen {
    const struct behaviour *behaviour;
    int a_week;
    bool said; /* the number is the person's */
};

struct choice {
    struct chosen list[BEHAVIOURS_MAX];
    int count;
    const char *unknown;          /* the first part that is none of them, or NULL */
    const struct behaviour *near; /* what it comes nearest to, or NULL */
};

/* behaviours_read.c: "follow up 5 times, prepare and 6"; numbers are those of the list or, behind
 * or before words, so many a week. The texts live in the arena. */
struct choice behaviours_read(const char *words, struct arena *arena);

/* behaviours.c */
/* What was understood, with a yes and a change; nothing is kept before the yes. */
void behaviours_said(struct core *core, struct step *step, struct person *by, const char *words,
                     const struct event *event);
/* Words without "behaviours" before them, when its list has just been shown; false: of something
 * else. */
bool behaviours_chosen(struct core *core, struct step *step, struct person *by, const char *words,
                       const struct event *event);
void behaviours_yes(struct core *core, struct step *step, struct prompt *prompt,
                    const struct event *event);
void behaviours_edit(struct core *core, struct step *step, struct prompt *prompt,
                     const struct event *event);
void behaviours_no(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event);
void behaviours_dress(const struct prompt *prompt, struct message *message, struct arena *arena);
