/* Completion for zsh: _arguments with the help lines. */
#include "gritctl/completes.h"
#include "gritd/program.h"

static void put_action(enum completes what, const struct strbuf *words)
{
    if (what == COMPLETES_FILES)
        (void)fputs(":_files", stdout);
    else if (what == COMPLETES_WORDS)
        (void)printf(":(%s)", strbuf_text(words));
    else
        (void)fputs(": ", stdout);
}

static void put_option(const char *name, const char *value, bool many, const char *help)
{
    struct strbuf words = {0};
    (void)printf(" \\\n            '%s--%s[", many ? "*" : "", name);
    completes_help(help);
    (void)putchar(']');
    if (value) {
        enum completes what = completes_value(value, &words);
        (void)putchar(':');
        completes_help(value);
        put_action(what, &words);
    }
    (void)putchar('\'');
    strbuf_done(&words);
}

static void put_options(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_option(options[i].name, options[i].value, options[i].kind == OPTION_LIST,
                   options[i].help);
}

static void put_command(const struct command *command)
{
    struct strbuf words = {0};
    size_t count;
    const struct option *globals = call_globals(&count);
    (void)printf("        %s)\n            _arguments", command->name);
    put_options(command->options, command->option_count);
    put_options(globals, count);
    if (command->args_max) {
        enum completes what = completes_argument(command, &words);
        (void)fputs(" \\\n            '*:argument", stdout);
        put_action(what, &words);
        (void)putchar('\'');
    }
    (void)fputs(" ;;\n", stdout);
    strbuf_done(&words);
}

static void put_daemon(void)
{
    (void)fputs("_gritd() {\n    _arguments", stdout);
#define ROW(letter, name, value, help) put_option(name, value, false, help);
    GRITD_OPTIONS(ROW)
#undef ROW
    (void)fputs("\n}\n\n", stdout);
}

void completes_zsh(void)
{
    size_t count, global_count;
    const struct command *const *commands = ctl_commands(&count);
    const struct option *globals = call_globals(&global_count);
    (void)fputs("#compdef gritctl gritd\n# made by `gritctl completion zsh`\n\n", stdout);
    put_daemon();
    (void)fputs("_gritctl() {\n    local state line\n    local -a commands\n    commands=(\n",
                stdout);
    for (size_t i = 0; i < count; i++) {
        (void)printf("        '%s:", commands[i]->name);
        completes_help(commands[i]->help);
        (void)fputs("'\n", stdout);
    }
    (void)fputs("        'help:what a command does'\n    )\n    _arguments -C", stdout);
    put_options(globals, global_count);
    (void)fputs(" \\\n            '1:command:->command' '*::argument:->argument'\n"
                "    case $state in\n"
                "    command) _describe command commands ;;\n"
                "    argument)\n"
                "        case $words[1] in\n"
                "        help) _describe command commands ;;\n",
                stdout);
    for (size_t i = 0; i < count; i++)
        put_command(commands[i]);
    (void)fputs("        esac ;;\n    esac\n}\n\n_$service \"$@\"\n", stdout);
}
