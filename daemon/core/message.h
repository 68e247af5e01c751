/* message.h: one thing to say to one person, before a platform has dressed it.
 * Layer: core (pure). Text is plain: no markup, not escaped. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/msec.h"
#include "base/str.h"
#include "core/rule.h"

enum message_op {
    MESSAGE_POST,
    MESSAGE_UPDATE, /* changes the message `target` that was posted before; harmless to repeat */
};

enum { MESSAGE_BUTTONS_MAX = 6, MESSAGE_KEY_BYTES = 27, MESSAGE_TEXT_MAX = 2000 };
enum { MESSAGE_SAID_MAX = 8000 }; /* characters of what a person writes to us */

struct button {
    const char *id; /* answer later skip why | send edit skip not_true | ... */
    const char *label;
    bool primary;
};

struct input {
    bool present;
    enum answer_type type;
    const char *label; /* what a form is headed with */
    const char *value; /* what stands in it at first, or NULL */
    int min, max;      /* scale */
    const char **choices;
    int choice_count;
};

struct input_choice {
    const char *value, *label;
};

enum { INPUT_CHOICES_MAX = 100 };

struct message {
    enum message_op op;
    const char *key;    /* idempotency key, 26 base-32 characters; of the row in the outbox */
    const char *target; /* UPDATE: key of the posted message. Buttons of a message name this key */
    const char *to;     /* person id */
    const char *rule;   /* or NULL: a reply */
    const char *rep;    /* whom it is about */
    const char *deal;   /* or NULL */
    const char *text;
    const char *reader; /* who will read the answer, in words; or NULL */
    struct button buttons[MESSAGE_BUTTONS_MAX];
    int button_count;
    struct input input;
    msec_t at;      /* decided */
    msec_t due;     /* not before */
    msec_t expires; /* worthless after; MSEC_NEVER */
    int priority;
    enum rule_unknown unknown; /* what to do when it cannot be known whether it arrived */
    bool reply;                /* to what the person just did: at any hour */
    bool sign_in; /* MESSAGE_LINK_PLACE in the text stands for a link that is made as the
                     message leaves, and is never stored */
};
#define MESSAGE_LINK_PLACE "[link]"

/* What can be chosen: of yes_no, scale and choice; none for text and date.
 * Owns: the arena. Returns the number. */
int input_choices(const struct input *input, struct arena *arena,
                  const struct input_choice **ret_choices);

/* Whether a button leads to the input: "answer" asks for it; a card to "edit" is a text field with
 * a draft. */
bool message_wants_input(const struct message *message, const struct button *button);

/* Where a platform has no buttons, numbers stand for them. */
struct message_number {
    int number;
    const char *button; /* id */
    const char *value;  /* of the input; NULL: the button alone */
    const char *label;
};

/* The numbers of a message, rising: what can be chosen (the numbers of a scale are its own), then
 * the other buttons; "answer" has none, one just writes.
 * Owns: the arena. Returns how many. */
int message_numbers(const struct message *message, struct arena *arena,
                    const struct message_number **ret_numbers);

/* JSON of all fields, and back. Decoded text lives in the arena. */
void message_encode(const struct message *message, struct strbuf *out);
int message_decode(const char *json, struct arena *arena, struct err *err, struct message *ret);

/* A deep copy in one heap block; free() it. */
struct message *message_dup(const struct message *message);
