/* Completion for fish: one line for each word. */
#include "gritctl/completes.h"
#include "gritd/program.h"

static void put_action(enum completes what, const struct strbuf *words)
{
    if (what == COMPLETES_FILES)
        (void)fputs(" -r -F", stdout);
    else if (what == COMPLETES_WORDS)
        (void)printf(" -x -a '%s'", strbuf_text(words));
    else
        (void)fputs(" -x", stdout);
}

static void put_option(const char *program, const char *where, const char *name, const char *value,
                       const char *help)
{
    struct strbuf words = {0};
    (void)printf("complete -c %s", program);
    if (where)
        (void)printf(" -n '__fish_seen_subcommand_from %s'", where);
    (void)printf(" -l %s", name);
    if (value)
        put_action(completes_value(value, &words), &words);
    (void)fputs(" -d '", stdout);
    completes_help(help);
    (void)fputs("'\n", stdout);
    strbuf_done(&words);
}

static void put_command(const struct command *command)
{
    struct strbuf words = {0};
    (void)printf("complete -c gritctl -n __fish_use_subcommand -a %s -d '", command->name);
    completes_help(command->help);
    (void)fputs("'\n", stdout);
    for (size_t i = 0; i < command->option_count; i++)
        put_option("gritctl", command->name, command->options[i].name, command->options[i].value,
                   command->options[i].help);
    switch (completes_argument(command, &words)) {
    case COMPLETES_FILES:
        (void)printf("complete -c gritctl -n '__fish_seen_subcommand_from %s' -F\n", command->name);
        break;
    case COMPLETES_WORDS:
        (void)printf("complete -c gritctl -n '__fish_seen_subcommand_from %s' -a '%s'\n",
                     command->name, strbuf_text(&words));
        break;
    case COMPLETES_NOTHING:
        break;
    }
    strbuf_done(&words);
}

void completes_fish(void)
{
    size_t count, global_count;
    const struct command *const *commands = ctl_commands(&count);
    const struct option *globals = call_globals(&global_count);
    (void)fputs("# fish completion for gritctl and gritd; made by `gritctl completion fish`\n"
                "complete -c gritctl -f\ncomplete -c gritd -f\n",
                stdout);
    for (size_t i = 0; i < global_count; i++)
        put_option("gritctl", NULL, globals[i].name, globals[i].value, globals[i].help);
    for (size_t i = 0; i < count; i++)
        put_command(commands[i]);
    (void)fputs("complete -c gritctl -n __fish_use_subcommand -a help -d 'what a command does'\n",
                stdout);
#define ROW(letter, name, value, help) put_option("gritd", NULL, name, value, help);
    GRITD_OPTIONS(ROW)
#undef ROW
}
