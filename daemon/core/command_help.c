/* help: what this person can say. */
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

static void add_flows(const struct said *said, struct strbuf *lines)
{
    const struct book *book = said->core->book;
    for (int i = 0; i < book->flow_count; i++) {
        const struct flow *flow = book->flows[i];
        if (flow->command)
            strbuf_printf(lines, say_to(said->core, said->by, SAY_HELP_FLOW), flow->command,
                          flow->about ? flow->about : "a talk of a few questions");
    }
}

static void add_group(const struct said *said, enum command_group group, struct strbuf *out)
{
    const struct command *command;
    struct strbuf lines = {0};
    for (int i = 0; (command = command_at(i)); i++) {
        if (command->group == group && command->help && (!command->managers || said->by->manager))
            strbuf_printf(&lines, "\n%s", say_to(said->core, said->by, command->help));
    }
    if (group == GROUP_ANSWER && talk_open_with(said->by))
        strbuf_puts(&lines, say_to(said->core, said->by, SAY_HELP_STOP));
    if (group == GROUP_OWN)
        add_flows(said, &lines);
    if (lines.len)
        strbuf_printf(out, "\n%s%s", say_to(said->core, said->by, groups[group]),
                      strbuf_text(&lines));
    strbuf_done(&lines);
}

static void cmd_help(const struct said *said)
{
    struct strbuf text = {0};
    strbuf_puts(&text, say_to(said->core, said->by, SAY_HELP));
    for (int group = 0; group < GROUP_COUNT; group++)
        add_group(said, (enum command_group)group, &text);
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

const struct command spoken_help = {
    .words = "help",
    .also = "commands",
    .group = GROUP_ANSWER,
    .run = cmd_help,
};
