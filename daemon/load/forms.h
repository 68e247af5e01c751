/* forms.h: what can be written as the value of a key whose reader is its own: the words for it, and
 * the pattern that the JSON Schema knows it by.
 * Layer: load (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct key;
struct block;

enum key_form {
    FORM_NONE, /* words or a block say it */
    FORM_TEXT,
    FORM_NAME,
    FORM_WORD,
    FORM_NUMBER,
    FORM_MONEY,
    FORM_INSTANT,
    FORM_INT,
    FORM_BOOL,
    FORM_DATE,
    FORM_LENGTH,
    FORM_LENGTH_ANY, /* working time too */
    FORM_WORKING,
    FORM_TEXTS,
    FORM_EVENT,
    FORM_EVENTS,
    FORM_WHEN,
    FORM_HAPPENS, /* one entry of FORM_WHEN */
    FORM_OUTCOME,
    FORM_BEFORE,
    FORM_AFTER,
    FORM_LEAD,  /* a length that is not nothing, working time too */
    FORM_POINT, /* of the week or month */
    FORM_IF,
    FORM_STEP_IF,
    FORM_FILTER,
    FORM_SIGNAL_TO,
    FORM_EVERY,
    FORM_CRON,
    FORM_RRULE,
    FORM_ZONE,
    FORM_LANGUAGE,
    FORM_MISSED,
    FORM_QUESTION_IDS,
    FORM_FLOW_ID,
    FORM_SIGNAL_IDS,
    FORM_COMMAND,
    FORM_RULE_ID,
    FORM_RULE_IDS,
    FORM_IDEA,
    FORM_IDEAS,
    FORM_PRAISE,
    FORM_MESSAGE,
    FORM_MESSAGE_ONE,
    FORM_OFFER,
    FORM_MESSAGES,
    FORM_QUESTION_TEXTS,
    FORM_ANSWER,
    FORM_STAGE,
    FORM_STAGES,
    FORM_CLOCK,
    FORM_LIMITS,
    FORM_PER_DAY,
    FORM_VALUE, /* of an input, by its type */
    FORM_TEST_TIME,
    FORM_FROM,
    FORM_EXPECT_TEXT,
    FORM_PATH,
    FORM_PATHS,
    FORM_STORE,
    FORM_LISTEN,
    FORM_URL,
    FORM_SEED,
    FORM_INPUTS,
    FORM_CHAT,
    FORM_INTAKE_NAME,
    FORM_HEADER,
    FORM_CURRENCY,
    FORM_MAP_PATH,
    FORM_MAP_VALUE,
    FORM_SECRET,
    FORM_REMIND,
    FORM_HOURS,
    FORM_LEAVE,
    FORM_GATE_ID,
    FORM_ARMS,
    FORM_RAMP,
    FORM_COUNT,
};

/* One row a form. */
struct form {
    const char *name;    /* of its definition in a schema; NULL: never a definition of its own */
    const char *phrase;  /* "a length of time, such as 2d" without the example */
    const char *pattern; /* of a plain text (ECMA-262), or NULL where it is more than that */
    const char *number;  /* "number" or "integer" where one can stand there as well, or NULL */
    int least, most;     /* of that number, where they are not both 0 */
};

const struct form *form_get(enum key_form form);
enum key_form form_of_key(const struct key *key); /* also of keys that are not KEY_OTHER */

/* The short name of a block, "rule" of "a rule": for paths such as rule.limit and definitions. */
const char *block_word(const struct block *block);

/* The kinds of inputs and what each of them holds, by index. False past the end. */
bool load_input_type_at(size_t index, const char **ret_word, enum key_form *ret_form);
