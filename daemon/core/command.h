/* command.h: what people can say to us. Private to core/.
 * Layer: core (pure).
 *
 * One more: a row in command_list.h, and `const struct command spoken_NAME` in a command_*.c. */
#pragma once
#include "core/parts.h"

struct said {
    struct core *core;
    struct step *step;
    struct person *by;
    const struct event *event;
    const char *rest; /* after the command's words, trimmed; "": nothing */
};

/* The paragraphs of help. */
enum command_group { GROUP_ANSWER, GROUP_OWN, GROUP_LESS, GROUP_DATA, GROUP_TEAM, GROUP_COUNT };

struct command {
    const char *words; /* "pause", "forget me": single spaces, small letters */
    const char *also;  /* other words for it, with '|' between; or NULL */
    bool takes_rest;   /* else, with anything behind it, it is no command */
    enum command_group group;
    bool managers;    /* others get a friendly line, and their help does not name it */
    const char *help; /* its line in help (phrases.h), or NULL: another row's line names it */
    /* While a question is open, words with a rest are a command only where this says so, so that
     * "pause the roll-out until May" stays an answer. NULL: any rest that may stand here. */
    bool (*means)(const struct said *said);
    void (*run)(const struct said *said);
};

/* command.c */
/* The command these words begin with, or NULL; *ret_rest is what stands behind them. */
const struct command *command_find(const char *text, const char **ret_rest);
const struct command *command_at(int index); /* in the order of the list; NULL behind the last */
/* The nearest thing this person can say, or NULL. */
const char *command_nearest(const struct core *core, const struct person *by, const char *word,
                            struct arena *arena);
const struct flow *command_flow(const struct core *core, const char *word); /* or NULL */
void command_reply(const struct said *said, const char *text);

/* command_forget.c: whether these words are the yes to "forget me"; any others withdraw it. */
bool forget_confirmed(const struct said *said, const char *text);
/* The same by a button; false: it is none of its buttons. */
bool forget_clicked(struct core *core, struct step *step, struct person *by,
                    const struct event *event);
void forget_withdraw(struct core *core, struct person *person);

#define SPOKEN(name) extern const struct command spoken_##name;
#include "core/command_list.h"
#undef SPOKEN
