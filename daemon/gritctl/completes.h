/* completes.h: what a shell may put behind the words of gritctl, from the tables of the commands.
 * Layer: commands. */
#pragma once
#include "base/str.h"
#include "gritctl/ctl.h"

enum completes {
    COMPLETES_NOTHING, /* a value that no table knows */
    COMPLETES_FILES,
    COMPLETES_WORDS,
};

/* What an option's value is by its name in the help text, "FILE" or "all|none". words: those of
 * COMPLETES_WORDS, with spaces between. */
enum completes completes_value(const char *value, struct strbuf *words);

/* The same of the command's first argument. */
enum completes completes_argument(const struct command *command, struct strbuf *words);

/* The text of a help line inside of quotes of a shell: what would end them is left out. */
void completes_help(const char *help);

/* Each prints a whole completion file for gritctl and gritd. */
void completes_bash(void);
void completes_zsh(void);
void completes_fish(void);
