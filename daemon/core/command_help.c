/* help: what this person can say, in a few lines; help WORD: what one of them does. */
#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/flow.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/talk.h"

static const char *const groups[GROUP_COUNT] = {
    [GROUP_ANSWER] = SAY_HELP_ANSWER, [GROUP_OWN] = SAY_HELP_OWN,   [GROUP_LESS] = SAY_HELP_LESS,
    [GROUP_DATA] = SAY_HELP_DATA,     [GROUP_TEAM] = SAY_HELP_TEAM,
};

/* One line of help: "WORDS: what they do". */
struct help_line {
    enum command_group group;
    const char *text;
    const struct command *command; /* NULL: of a talk */
};

struct help {
    struct help_line *lines;
    int count;
};

static void add(struct help *help, enum command_group group, const char *text,
                const struct command *command)
{
    help->lines[help->count++] = (struct help_line){group, text, command};
}

/* All that this person can say. Owns: the arena. */
static struct help help_of(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    const struct book *book = said->core->book;
    const struct command *command;
    size_t most = (size_t)book->flow_count + 1;
    while (command_at((int)most - book->flow_count - 1))
        most++;
    struct help help = {arena_alloc(arena, most * sizeof(*help.lines)), 0};
    for (int i = 0; (command = command_at(i)); i++) {
        if (command->help && (!command->managers || said->by->manager))
            add(&help, command->group, say_to(said->core, said->by, command->help), command);
    }
    if (talk_open_with(said->by))
        add(&help, GROUP_ANSWER, say_to(said->core, said->by, SAY_HELP_STOP), NULL);
    for (int i = 0; i < book->flow_count; i++) {
        const struct flow *flow = book->flows[i];
        if (flow->command)
            add(&help, GROUP_OWN,
                arena_printf(arena, say_to(said->core, said->by, SAY_HELP_FLOW), flow->command,
                             flow->about ? flow->about
                                         : say_to(said->core, said->by, SAY_HELP_FLOW_ANY)),
                NULL);
    }
    return help;
}

/* What stands before the colon; "17:00" has none of that kind. */
static size_t label(const char *text)
{
    const char *colon = strstr(text, ": ");
    return colon ? (size_t)(colon - text) : strlen(text);
}

static void overview(const struct said *said, const struct help *help)
{
    struct strbuf text = {0};
    strbuf_puts(&text, say_to(said->core, said->by, SAY_HELP));
    for (int group = 0; group < GROUP_COUNT; group++) {
        const char *before = NULL;
        for (int i = 0; i < help->count; i++) {
            const struct help_line *line = &help->lines[i];
            if ((int)line->group != group)
                continue;
            if (!before)
                strbuf_printf(&text, "\n%s: ", say_to(said->core, said->by, groups[group]));
            strbuf_puts(&text, before ? before : "");
            strbuf_add(&text, line->text, label(line->text));
            before = "; ";
        }
    }
    strbuf_printf(&text, "\n%s", say_to(said->core, said->by, SAY_HELP_MORE));
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

/* Whether `word` is one of those before the colon. */
static bool names(const struct help_line *line, const char *word)
{
    size_t length = strlen(word);
    const char *end = line->text + label(line->text);
    for (const char *at = line->text; at < end; at += strspn(at, " ,")) {
        size_t part = strcspn(at, " ,");
        part = part < (size_t)(end - at) ? part : (size_t)(end - at);
        if (part == length && str_istarts(at, word, length))
            return true;
        at += part;
    }
    return false;
}

/* The lines about one thing to say, below each other; "" when there is none. */
static const char *about(const struct said *said, const struct help *help)
{
    const char *rest, *lines = "";
    const struct command *command = command_find(said->rest, &rest);
    for (int i = 0; i < help->count; i++) {
        const struct help_line *line = &help->lines[i];
        if ((command && line->command == command) || names(line, said->rest))
            lines =
                arena_printf(&said->step->arena, "%s%s%s", lines, *lines ? "\n" : "", line->text);
    }
    return lines;
}

/* "help me with the price" is an answer like any other. */
static bool help_means(const struct said *said)
{
    struct help help = help_of(said);
    return *about(said, &help) != '\0';
}

static void cmd_help(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    struct help help = help_of(said);
    const char *lines = *said->rest ? about(said, &help) : "";
    const char *near =
        *said->rest && !*lines ? command_nearest(said->core, said->by, said->rest, arena) : NULL;
    if (*lines)
        command_reply(said, lines);
    else if (near)
        command_reply(
            said, arena_printf(arena, say_to(said->core, said->by, SAY_UNSURE), said->rest, near));
    else
        overview(said, &help);
}

const struct command spoken_help = {
    .words = "help",
    .also = "commands",
    .takes_rest = true,
    .group = GROUP_ANSWER,
    .means = help_means,
    .run = cmd_help,
};
