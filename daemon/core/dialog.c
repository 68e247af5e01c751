/* What people write to us: a few plain words, else an answer to the open question. */
#include "core/dialog.h"

#include <string.h>

#include "base/alloc.h"
#include "core/behaviours.h"
#include "core/choosing.h"
#include "core/door.h"
#include "core/flow.h"
#include "core/introduce.h"
#include "core/phrases.h"
#include "core/phrases_unkept.h"
#include "core/prompt.h"
#include "core/speech.h"
#include "core/suggest.h"
#include "core/talk.h"

enum {
    BRIEF_POINTS = 120,
    QUOTE_POINTS = 1500, /* with the words around it, it fits into a message */
    MISSED_DAYS = 3,     /* so long after it closed, words can still be meant for a question */
};

/* "stop" is a command only while there is a talk to end; else it is a word like any other. */
static bool stop_talk(const struct said *said, const char *word)
{
    return str_ieq(word, "stop") &&
           talk_stop(said->core, said->step, talk_open_with(said->by), said->event);
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_ieq(word, list[i]))
            return true;
    }
    return false;
}

static bool is_date(const char *word)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    if (strlen(word) != 10)
        return false;
    memcpy(stamp, word, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    return msec_parse(stamp, &t) == 0;
}

static const char *choices_line(const struct core *core, const struct person *to,
                                const struct question *question, struct arena *arena)
{
    struct strbuf line = {0};
    for (int i = 0; i < question->choice_count; i++)
        strbuf_printf(&line, "%s%s", i ? ", " : "", question->choices[i]);
    const char *text = arena_printf(arena, say_to(core, to, SAY_NEED_CHOICE), strbuf_text(&line));
    strbuf_done(&line);
    return text;
}

const char *dialog_unfit(const struct core *core, const struct person *to,
                         const struct question *question, const char *words, struct arena *arena)
{
    static const char *const yes_no[] = {"yes", "no", "y", "n"};
    int64_t number;
    if (str_empty(words))
        return SAY_EMPTY;
    switch (question ? question->answer : ANSWER_TEXT) {
    case ANSWER_TEXT:
        return NULL;
    case ANSWER_YES_NO:
        return is_one_of(words, yes_no, ARRAY_LEN(yes_no)) ? NULL : SAY_NEED_YES_NO;
    case ANSWER_SCALE:
        return !str_to_i64(words, &number) && number >= question->scale_min &&
                       number <= question->scale_max
                   ? NULL
                   : arena_printf(arena, say_to(core, to, SAY_NEED_NUMBER), question->scale_min,
                                  question->scale_max);
    case ANSWER_CHOICE:
        return is_one_of(words, question->choices, (size_t)question->choice_count)
                   ? NULL
                   : choices_line(core, to, question, arena);
    case ANSWER_DATE:
        return is_date(words) ? NULL : SAY_NEED_DATE;
    }
    return NULL;
}

/* What was said, without the space around it and the slash of a command: "/grit less", "/less". */
static const char *tidy(const char *text, struct arena *arena, bool *ret_slash)
{
    text += strspn(text, " \t\r\n");
    *ret_slash = *text == '/';
    if (*ret_slash) {
        size_t word = strcspn(++text, " \t\r\n");
        bool name = (word == 4 && str_istarts(text, "grit", 4)) ||
                    (word == 5 && str_istarts(text, "gritd", 5));
        text += name ? word : 0;
        text += strspn(text, " \t\r\n");
    }
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return *ret_slash && !length ? "help" : arena_strndup(arena, text, length);
}

/* The words as they are said back: never more than a line or two. */
static const char *brief(const char *text, struct arena *arena)
{
    size_t length = utf8_prefix(text, BRIEF_POINTS);
    return text[length] ? arena_printf(arena, "%s…", arena_strndup(arena, text, length)) : text;
}

/* The question that closed in silence not long ago: what is said now can still be its answer. */
static struct prompt *just_missed(const struct said *said, const char *text)
{
    const struct person *by = said->by;
    struct prompt *found = NULL;
    for (int i = 0; i < by->asked_count; i++) {
        struct prompt *prompt = by->asked[i];
        if (prompt->kind == PROMPT_QUESTION && !prompt->talk && (!found || prompt->at > found->at))
            found = prompt;
    }
    bool missed = found && found->state == PROMPT_UNANSWERED && *said->rest &&
                  said->step->now < found->close_at + MISSED_DAYS * MSEC_DAY;
    return missed && !dialog_unfit(said->core, said->by, found->question, text, &said->step->arena)
               ? found
               : NULL;
}

/* To the open question, to an offer, or to nothing that we know of. */
static void answer_or_nothing(const struct said *said, const char *word, const char *text)
{
    struct prompt *open = prompt_latest_open(said->core, said->by);
    const char *near = open || *said->rest ? NULL
                       : str_ieq(word, "stop")
                           ? "pause" /* what else can be meant when nothing is open */
                           : command_nearest(said->core, said->by, word, &said->step->arena);
    if (open)
        prompt_answer(said->core, said->step, open, text, said->event);
    else if (suggest_said(said->core, said->step, said->by, text, said->event))
        return;
    else if (near)
        command_reply(said, arena_printf(&said->step->arena,
                                         say_to(said->core, said->by, SAY_UNSURE), word, near));
    else if ((open = just_missed(said, text)))
        prompt_answer(said->core, said->step, open, text, said->event);
    else
        command_reply(said, SAY_NOTHING_OPEN);
}

/* "more" is an answer where more can be chosen. */
static bool is_choice(const struct said *said, const struct prompt *open, const char *text)
{
    return open->question && open->question->answer != ANSWER_TEXT &&
           !dialog_unfit(said->core, said->by, open->question, text, &said->step->arena);
}

/* With a question open, what can as well be an answer is one. */
static bool is_meant(const struct command *command, const struct said *said, const char *text)
{
    const struct prompt *open = prompt_latest_open(said->core, said->by);
    if (!open)
        return true;
    if (is_choice(said, open, text))
        return false;
    if (command->managers && !said->by->manager)
        return false;
    return !*said->rest || !command->means || command->means(said);
}

static void run(const struct command *command, const struct said *said)
{
    if (command->managers && !said->by->manager)
        command_reply(said,
                      arena_printf(&said->step->arena,
                                   say_to(said->core, said->by, SAY_FOR_MANAGERS), command->words));
    else
        command->run(said);
}

/* A slash says that a command is meant: what follows is never kept as an answer. */
static void unknown_command(const struct said *said, const char *word, const char *text)
{
    struct arena *arena = &said->step->arena;
    const char *near = command_nearest(said->core, said->by, word, arena);
    command_reply(said, near ? arena_printf(arena, say_to(said->core, said->by, SAY_UNSURE),
                                            brief(word, arena), near)
                             : arena_printf(arena, say_to(said->core, said->by, SAY_SLASH_UNKNOWN),
                                            brief(text, arena)));
}

static void no_command(struct said *said, const char *text, bool slash)
{
    struct arena *arena = &said->step->arena;
    size_t word_length = strcspn(text, " \t\r\n");
    char *word = arena_strndup(arena, text, word_length);
    said->rest = text + word_length + strspn(text + word_length, " \t\r\n");
    size_t bare = strcspn(word, "?!.");
    if (!*said->rest && bare)
        word[bare] = '\0';
    const struct flow *flow = *said->rest ? NULL : command_flow(said->core, word);
    if (flow)
        talk_say(said->core, said->step, said->by, flow, said->event);
    else if (door_meant(said, text))
        return;
    else if (!*said->rest && stop_talk(said, word))
        return;
    else if (slash)
        unknown_command(said, word, text);
    else
        answer_or_nothing(said, word, text);
}

/* The open conversation that was begun last, of whatever kind. */
static struct prompt *newest_open(const struct person *by)
{
    struct prompt *newest = NULL;
    for (int i = 0; i < by->prompt_count; i++) {
        if (!newest || prompt_by_age(&by->prompts[i], &newest) > 0)
            newest = by->prompts[i];
    }
    return newest;
}

/* "2" where there are no buttons; behind a number the words of an edit may stand. */
static bool number_said(const struct said *said, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits + strspn(text + digits, " \t\r\n.):");
    struct prompt *prompt = newest_open(said->by);
    struct arena *arena = &said->step->arena;
    const struct message_number *numbers;
    struct message message = {0};
    int64_t number;
    if (!said->event->plain || !prompt || digits == 0 || digits > 4 ||
        (*rest && rest == text + digits) || str_to_i64(arena_strndup(arena, text, digits), &number))
        return false;
    prompt_dress(said->core, prompt, &message, arena);
    int count = message_numbers(&message, arena, &numbers);
    for (int i = 0; i < count; i++) {
        struct event click = *said->event;
        if (numbers[i].number != number || (*rest && !str_eq(numbers[i].button, "edit")))
            continue;
        if (!*rest && str_eq(numbers[i].button, "edit")) {
            command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_CARD_WORDS),
                                             numbers[i].number));
            return true;
        }
        click.button = numbers[i].button;
        click.text = numbers[i].value ? numbers[i].value : rest;
        prompt_click(said->core, said->step, said->by, prompt, &click);
        return true;
    }
    return false;
}

void dialog_said(struct core *core, struct step *step, const struct event *event)
{
    bool slash;
    struct person *by = person_find(core, event->chat);
    if (!by || !event->text)
        return; /* nobody we coach, or words that only a journal would know */
    struct said said = {core, step, by, event, ""};
    const char *text = tidy(event->text, &step->arena, &slash);
    const struct command *command = command_find(text, &said.rest);
    if (!*text)
        command_reply(&said, SAY_WORDLESS);
    else if (utf8_length(text, strlen(text)) > MESSAGE_SAID_MAX)
        command_reply(&said,
                      arena_printf(&step->arena, say_to(core, by, SAY_TOO_LONG), MESSAGE_SAID_MAX));
    else if (forget_confirmed(&said, text))
        return;
    else if (command && (slash || is_meant(command, &said, text)))
        run(command, &said);
    else if (choosing_said(&said, text) || number_said(&said, text) ||
             behaviours_chosen(core, step, by, text, event))
        return;
    else
        no_command(&said, text, slash);
}

/* "why not", "Why not?", "/grit why not" */
bool core_asks_why_not(const struct core *core, const struct event *event)
{
    static const char words[] = "why not", around[] = " \t\r\n?!.";
    char said[sizeof(words)] = "";
    if (event->type != EVENT_SAID || !event->text || !person_find(core, event->chat))
        return false;
    const char *text = event->text + strspn(event->text, " \t\r\n?!./");
    if (str_istarts(text, "grit ", 5))
        text += 5 + strspn(text + 5, around);
    memcpy(said, text, strnlen(text, sizeof(words) - 1));
    const char *rest = text + strlen(said);
    return str_ieq(said, words) && !rest[strspn(rest, around)];
}

void core_answer(struct core *core, const struct event *said, const char *text, struct step *step)
{
    struct person *by = person_find(core, said->chat);
    step_reset(step, said->at);
    if (by)
        say_reply(core, step, by, said, text);
    introduce(core, step);
    persist_flush(core, step);
}

void dialog_too_late(struct core *core, struct step *step, struct person *by,
                     const struct event *event, const char *words)
{
    say_reply(
        core, step, by, event,
        str_empty(words) ? SAY_GONE
        : core->book->unstored
            ? SAY_GONE_UNKEPT /* the store has no words of an answer */
            : arena_printf(&step->arena, say_to(core, by, SAY_GONE_WORDS),
                           arena_strndup(&step->arena, words, utf8_prefix(words, QUOTE_POINTS))));
}

void dialog_clicked(struct core *core, struct step *step, const struct event *event)
{
    struct person *by = person_find(core, event->chat);
    struct prompt *prompt = map_get(&core->prompts, event->message);
    if (!by || forget_clicked(core, step, by, event))
        return;
    forget_withdraw(core, by);
    if (prompt)
        prompt_click(core, step, by, prompt, event);
    else
        dialog_too_late(core, step, by, event, event->text);
}
