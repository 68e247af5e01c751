/* What people write to us: a few plain words, else an answer to the open question. */
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/suggest.h"
#include "core/talk.h"

enum { COMMAND_WORDS_MAX = 3 };

struct said {
    struct core *core;
    struct step *step;
    struct person *by;
    const struct event *event;
    const char *rest; /* after the command's word */
};

static void reply(const struct said *said, const char *text)
{
    say_reply(said->core, said->step, said->by, said->event, text);
}

static void cmd_help(const struct said *said)
{
    const struct book *book = said->core->book;
    struct strbuf text = {0};
    strbuf_puts(&text, say_to(said->core, said->by, SAY_HELP));
    if (talk_open_with(said->by))
        strbuf_puts(&text, say_to(said->core, said->by, SAY_HELP_STOP));
    for (int i = 0; i < book->flow_count; i++) {
        const struct flow *flow = book->flows[i];
        if (flow->command)
            strbuf_printf(&text, say_to(said->core, said->by, SAY_HELP_FLOW), flow->command,
                          flow->about ? flow->about : "a talk of a few questions");
    }
    reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

static void cmd_privacy(const struct said *said)
{
    reply(said, SAY_PRIVACY);
}

/* The newest conversation of this person, open or not. */
static struct prompt *newest(const struct said *said)
{
    struct prompt *found = NULL;
    for (size_t i = 0; i < said->core->prompt_count; i++) {
        struct prompt *prompt = said->core->prompt_list[i];
        if (prompt->to == said->by &&
            (!found || prompt->at > found->at ||
             (prompt->at == found->at && strcmp(prompt->key, found->key) > 0)))
            found = prompt;
    }
    return found;
}

/* Presses a button of the conversation at hand. */
static void press(const struct said *said, struct prompt *prompt, const char *button)
{
    struct event click = *said->event;
    click.button = button;
    if (prompt)
        prompt_click(said->core, said->step, said->by, prompt, &click);
    else
        reply(said, str_eq(button, "why") ? SAY_WHY_NOTHING : SAY_NOTHING_OPEN);
}

static void cmd_why(const struct said *said)
{
    press(said, newest(said), "why");
}

static void cmd_later(const struct said *said)
{
    press(said, prompt_latest_open(said->core, said->by), "later");
}

static void cmd_skip(const struct said *said)
{
    press(said, prompt_latest_open(said->core, said->by), "skip");
}

static void cmd_pause(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    msec_t length;
    if (str_empty(said->rest)) {
        said->by->paused_until = MSEC_NEVER;
        reply(said, SAY_PAUSED_OPEN);
    } else if (msec_parse_length(said->rest, &length)) {
        reply(said, SAY_PAUSE_HOW);
        return;
    } else {
        msec_t until = said->step->now + length;
        said->by->paused_until = until;
        reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_PAUSED),
                                 render_date(said->by, until, arena),
                                 render_time(said->by, until, arena)));
    }
    person_touch(said->core, said->by);
}

static void cmd_resume(const struct said *said)
{
    said->by->paused_until = MSEC_NONE;
    said->by->backoff = BACKOFF_NONE;
    said->by->unanswered = 0;
    person_touch(said->core, said->by);
    reply(said, SAY_RESUMED);
}

static const struct command {
    const char *word;
    bool takes_rest;
    void (*run)(const struct said *);
} commands[] = {
    {"help", false, cmd_help},       {"why", false, cmd_why},    {"later", false, cmd_later},
    {"skip", false, cmd_skip},       {"pause", true, cmd_pause}, {"resume", false, cmd_resume},
    {"privacy", false, cmd_privacy},
};

/* "stop" is a command only while there is a talk to end; else it is a word like any other. */
static bool stop_talk(const struct said *said, const char *word)
{
    return str_ieq(word, "stop") &&
           talk_stop(said->core, said->step, talk_open_with(said->by), said->event);
}

bool dialog_is_command(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (str_ieq(commands[i].word, word))
            return true;
    }
    return str_ieq(word, "stop");
}

static const struct flow *flow_of(const struct core *core, const char *word)
{
    for (int i = 0; i < core->book->flow_count; i++) {
        if (core->book->flows[i]->command && str_ieq(core->book->flows[i]->command, word))
            return core->book->flows[i];
    }
    return NULL;
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

/* Trims, and takes trailing punctuation off a lone word: "Why?" is the command why. */
static char *tidy(const char *text, struct arena *arena)
{
    while (*text == ' ' || *text == '\t' || *text == '\n')
        text++;
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

static const struct command *command_of(const char *word, bool has_rest)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (str_ieq(commands[i].word, word) && (commands[i].takes_rest || !has_rest))
            return &commands[i];
    }
    return NULL;
}

static const char *nearest_command(const struct said *said, const char *word)
{
    const struct book *book = said->core->book;
    size_t count = 0, most = ARRAY_LEN(commands) + (size_t)book->flow_count;
    const char **words = arena_alloc(&said->step->arena, most * sizeof(*words));
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        words[count++] = commands[i].word;
    for (int i = 0; i < book->flow_count; i++) {
        if (book->flows[i]->command)
            words[count++] = book->flows[i]->command;
    }
    return nearest_word(word, words, count);
}

/* To the open question, to an offer, or to nothing that we know of. */
static void answer_or_nothing(const struct said *said, const char *word, const char *text)
{
    struct prompt *open = prompt_latest_open(said->core, said->by);
    const char *near = open || *said->rest ? NULL
                       : str_ieq(word, "stop")
                           ? "pause" /* what else can be meant when nothing is open */
                           : nearest_command(said, word);
    if (open)
        prompt_answer(said->core, said->step, open, text, said->event);
    else if (suggest_said(said->core, said->step, said->by, text, said->event))
        return;
    else if (near)
        reply(said, arena_printf(&said->step->arena, say_to(said->core, said->by, SAY_UNSURE), word,
                                 near));
    else
        reply(said, SAY_NOTHING_OPEN);
}

void dialog_said(struct core *core, struct step *step, const struct event *event)
{
    struct person *by = person_find(core, event->chat);
    if (!by || str_empty(event->text))
        return; /* nobody we coach */
    struct said said = {core, step, by, event, ""};
    char *text = tidy(event->text, &step->arena);
    size_t word_length = strcspn(text, " \t\n");
    char *word = arena_strndup(&step->arena, text, word_length);
    const char *rest = text + word_length + strspn(text + word_length, " \t\n");
    size_t bare = strcspn(word, "?!.");
    if (!*rest && bare)
        word[bare] = '\0';
    said.rest = rest;
    const struct command *command = command_of(word, *rest != '\0');
    const struct flow *flow = *rest ? NULL : flow_of(core, word);
    struct prompt *open = prompt_latest_open(core, by);
    msec_t length;
    bool sentence = command && *rest && open && msec_parse_length(rest, &length);
    if (command && !sentence) /* "pause the roll-out until May" is an answer */
        command->run(&said);
    else if (flow)
        talk_say(core, step, by, flow, event);
    else if (*rest || !stop_talk(&said, word))
        answer_or_nothing(&said, word, text);
}

/* "why not", "Why not?" */
bool core_asks_why_not(const struct core *core, const struct event *event)
{
    static const char words[] = "why not", around[] = " \t\r\n?!.";
    char said[sizeof(words)] = "";
    if (event->type != EVENT_SAID || !event->text || !person_find(core, event->chat))
        return false;
    const char *text = event->text + strspn(event->text, around);
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
}

void dialog_clicked(struct core *core, struct step *step, const struct event *event)
{
    struct person *by = person_find(core, event->chat);
    struct prompt *prompt = map_get(&core->prompts, event->message);
    if (!by)
        return;
    if (prompt)
        prompt_click(core, step, by, prompt, event);
    else
        say_reply(core, step, by, event, SAY_GONE);
}
