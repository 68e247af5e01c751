/* Completion for bash: one case for each command, and inside one for each option with a value. */
#include "gritctl/completes.h"
#include "gritd/program.h"

static void put_options(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)printf(" --%s", options[i].name);
}

static void put_offer(enum completes what, const struct strbuf *words)
{
    if (what == COMPLETES_FILES)
        (void)fputs(" files=yes", stdout);
    if (what == COMPLETES_WORDS)
        (void)printf(" words='%s'", strbuf_text(words));
    (void)fputs(" ;;\n", stdout);
}

static void put_values(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct strbuf words = {0};
        if (options[i].kind == OPTION_FLAG)
            continue;
        (void)printf("        --%s)", options[i].name);
        put_offer(completes_value(options[i].value, &words), &words);
        strbuf_done(&words);
    }
}

static void put_command(const struct command *command)
{
    struct strbuf words = {0};
    size_t count;
    const struct option *globals = call_globals(&count);
    (void)printf("    %s)\n        case $prev in\n", command->name);
    put_values(command->options, command->option_count);
    put_values(globals, count);
    (void)fputs("        *) words='", stdout);
    enum completes what = completes_argument(command, &words);
    (void)fputs(strbuf_text(&words), stdout);
    put_options(command->options, command->option_count);
    put_options(globals, count);
    (void)printf("'%s ;;\n        esac ;;\n", what == COMPLETES_FILES ? " files=yes" : "");
    strbuf_done(&words);
}

static void put_first(const struct command *const *commands, size_t count)
{
    size_t global_count;
    const struct option *globals = call_globals(&global_count);
    (void)fputs("    '')\n        case $prev in\n", stdout);
    put_values(globals, global_count);
    (void)fputs("        *) words='", stdout);
    for (size_t i = 0; i < count; i++)
        (void)printf("%s ", commands[i]->name);
    (void)fputs("help", stdout);
    put_options(globals, global_count);
    (void)fputs("' ;;\n        esac ;;\n", stdout);
}

static void put_daemon(void)
{
    (void)fputs("_gritd() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    COMPREPLY=()\n"
                "    case $prev in\n",
                stdout);
#define ROW(letter, name, value, help)                                                             \
    if (value)                                                                                     \
        (void)printf("    --%s) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n", \
                     name);
    GRITD_OPTIONS(ROW)
#undef ROW
    (void)fputs("    *) COMPREPLY=($(compgen -W '", stdout);
#define ROW(letter, name, value, help) (void)printf("--%s ", name);
    GRITD_OPTIONS(ROW)
#undef ROW
    (void)fputs("' -- \"$cur\")) ;;\n    esac\n}\n", stdout);
}

void completes_bash(void)
{
    size_t count;
    const struct command *const *commands = ctl_commands(&count);
    (void)fputs("# bash completion for gritctl and gritd; made by `gritctl completion bash`\n"
                "_gritctl() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local command= words= files= i\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case ${COMP_WORDS[i]} in\n"
                "        --config) ((i++)) ;;\n"
                "        -*) ;;\n"
                "        *) command=${COMP_WORDS[i]}; break ;;\n"
                "        esac\n"
                "    done\n"
                "    COMPREPLY=()\n"
                "    case $command in\n",
                stdout);
    put_first(commands, count);
    for (size_t i = 0; i < count; i++)
        put_command(commands[i]);
    (void)fputs("    help) words='", stdout);
    for (size_t i = 0; i < count; i++)
        (void)printf("%s ", commands[i]->name);
    (void)fputs("' ;;\n"
                "    esac\n"
                "    if [ -n \"$files\" ]; then\n"
                "        compopt -o filenames 2> /dev/null\n"
                "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
                "    fi\n"
                "    COMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n"
                "}\n",
                stdout);
    put_daemon();
    (void)fputs("complete -F _gritctl gritctl\ncomplete -F _gritd gritd\n", stdout);
}
