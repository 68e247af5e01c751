#include <stddef.h>

#include "base/alloc.h"
#include "load/load_config.h"

enum { MANY = 1000 };

static void read_remind(struct reading *r, const struct node *node, void *into)
{
    struct limits *limits = &((struct config *)into)->limits;
    msec_t times[2] = {0, 0};
    int errors = r->errors, count = 0;
    if (node->kind != NODE_LIST || node->count > (int)ARRAY_LEN(times)) {
        read_wrong(r, node, "a list of at most two times", "[1 working day, 3 working days]");
        return;
    }
    for (const struct node *item = node->first; item; item = item->next, count++)
        (void)read_working_length(r, item, &times[count]); /* counted in r->errors */
    if (r->errors != errors)
        return;
    if (count == 2 && times[1] <= times[0]) {
        read_error(r, node, "wrong-value", "the second reminder must come later than the first");
        return;
    }
    limits->remind_first = times[0];
    limits->remind_second = times[1];
}

static void read_hours(struct reading *r, const struct node *node, void *into)
{
    struct limits *limits = &((struct config *)into)->limits;
    struct err err = {0};
    const char *text;
    if (read_text(r, node, &text) && hours_parse(text, &err, &limits->hours))
        read_error(r, node, "bad-hours", "%s", err.text);
}

static void read_ramp(struct reading *r, const struct node *node, void *into)
{
    (void)ramp_read(r, node, &((struct config *)into)->limits.ramp); /* the problem is told */
}

#define AT(member) offsetof(struct config, limits.member)

static const struct key limits_keys[] = {
    {.name = "prompts_per_day",
     .type = KEY_INT,
     .at = AT(prompts_per_day),
     .max = MANY,
     .preset = "1",
     .example = "1",
     .help = "Coaching prompts for one rep and working day (1)"},
    {.name = "prompts_per_family_per_week",
     .type = KEY_INT,
     .at = AT(prompts_per_family_week),
     .max = MANY,
     .preset = "3",
     .example = "3",
     .help = "Prompts of one plugin for one rep and week (3)"},
    {.name = "open_conversations",
     .type = KEY_INT,
     .at = AT(open_conversations),
     .min = 1,
     .max = MANY,
     .preset = "1",
     .example = "1",
     .help = "Questions that may wait for an answer at one time (1)"},
    {.name = "cards_per_day",
     .type = KEY_INT,
     .at = AT(cards_per_day),
     .max = MANY,
     .preset = "5",
     .example = "5",
     .help = "Evidence cards for one manager and day (5)"},
    {.name = "digests_per_day",
     .type = KEY_INT,
     .at = AT(digests_per_day),
     .max = MANY,
     .preset = "2",
     .example = "2",
     .help = "Digests for one manager and day (2); those for reps count as prompts"},
    {.name = "praise_per_day",
     .type = KEY_INT,
     .at = AT(praise_per_day),
     .max = MANY,
     .preset = "1",
     .example = "1",
     .help = "Praise by the bot itself for one rep and day (1)"},
    {.name = "back_off_after",
     .type = KEY_INT,
     .at = AT(backoff_after),
     .min = 1,
     .max = MANY,
     .preset = "2",
     .example = "2",
     .help = "Unanswered in a row, then it stops and asks once (2)"},
    {.name = "habits_at_once",
     .type = KEY_INT,
     .at = AT(habits_at_once),
     .min = 1,
     .max = MANY,
     .preset = "2",
     .example = "2",
     .help = "What one person practises at a time; more waits in a row (2)"},
    {.name = "remind",
     .type = KEY_OTHER,
     .read = read_remind,
     .form = FORM_REMIND,
     .preset = "[1 working day, 3 working days]",
     .example = "[1 working day, 3 working days]",
     .help = "Reminders to an unanswered prompt; [] for none"},
    {.name = "hold_at_most",
     .type = KEY_WORKING,
     .at = AT(hold_at_most),
     .preset = "1 working day",
     .example = "1 working day",
     .help = "How long a message may wait for the end of quiet time"},
    {.name = "late_at_most",
     .type = KEY_LENGTH,
     .at = AT(late_at_most),
     .preset = "24h",
     .example = "24h",
     .help = "An event that arrives later than this decides nothing"},
    {.name = "quiet_period",
     .type = KEY_LENGTH,
     .at = AT(quiet_period),
     .preset = "60s",
     .example = "60s",
     .help = "After so long an accepted request cannot appear any more"},
    {.name = "cool_off",
     .type = KEY_BOOL,
     .at = AT(cool_off),
     .preset = "true",
     .example = "true",
     .help = "After a lost deal nothing before the next working morning (true)"},
    {.name = "hours",
     .type = KEY_OTHER,
     .read = read_hours,
     .form = FORM_HOURS,
     .preset = "08:30-18:00",
     .example = "Mon-Fri 08:30-18:00",
     .help = "Working hours of people who have none of their own"},
    {.name = "ramp",
     .type = KEY_OTHER,
     .read = read_ramp,
     .form = FORM_RAMP,
     .preset = "10%",
     .example = "10%",
     .help = "How many more of a team's reps a new rule reaches each working day; teams of fewer "
             "than 10 get it at once"},
    {.name = "easy_first",
     .type = KEY_BOOL,
     .at = AT(easy_first),
     .preset = "false",
     .example = "true",
     .help = "Practices that came to a team together reach it one after another, five working days "
             "apart, in the order of 'gritctl catalogue' (false)"},
};

static const struct key keep_keys[] = {
    {.name = "answers",
     .type = KEY_INT,
     .at = AT(keep_answers),
     .min = 1,
     .max = 365,
     .preset = "90",
     .example = "90",
     .help = "Days that a question and its answer are kept after their end (90)"},
    {.name = "decisions",
     .type = KEY_INT,
     .at = AT(keep_decisions),
     .min = 1,
     .max = 365,
     .preset = "90",
     .example = "90",
     .help = "Days that it is kept why somebody did or did not get a message (90)"},
    {.name = "journal",
     .type = KEY_INT,
     .at = AT(keep_journal),
     .min = 1,
     .max = 400,
     .preset = "400",
     .example = "400",
     .help = "Days that events are kept (400); never less than the signals of the rules look back"},
    {.name = "messages",
     .type = KEY_INT,
     .at = AT(keep_messages),
     .min = 1,
     .max = 365,
     .preset = "30",
     .example = "30",
     .help = "Days that the words of a message are kept after it was sent (30)"},
    {.name = "leavers",
     .type = KEY_INT,
     .at = AT(keep_leavers),
     .min = 1,
     .max = 365,
     .preset = "30",
     .example = "30",
     .help =
         "Days after which all about somebody who has left is erased (30), once they are not in "
         "people.yaml any more"},
};

const struct block config_keep_block =
    BLOCK("keep", keep_keys, "how many days what is kept is kept");

const struct block config_limits_block =
    BLOCK("limits", limits_keys, "the defaults of the product");
