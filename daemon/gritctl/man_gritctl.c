/* gritctl(1): the table of the commands. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "gritctl/ctl.h"
#include "gritctl/man.h"

static void put_options(const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct strbuf term = {0}, text = {0};
        strbuf_printf(&term, "--%s", options[i].name);
        strbuf_printf(&text, "%s%s", options[i].help, options[i].required ? " (needed)" : "");
        man_item(strbuf_text(&term), options[i].value, strbuf_text(&text));
        strbuf_done(&term);
        strbuf_done(&text);
    }
}

/* What a command prints from a table of its own. */
static void put_printed(const struct command *command)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return;
    command->more_print(out);
    if (!fclose(out))
        man_lines(text);
    free(text);
}

static void put_command(const struct command *command)
{
    struct strbuf title = {0}, help = {0};
    strbuf_printf(&title, "gritctl %s %s", command->name, command->args);
    strbuf_printf(&help, "%s.", command->help);
    help.data[0] = (char)(help.data[0] >= 'a' && help.data[0] <= 'z' ? help.data[0] - 'a' + 'A'
                                                                     : help.data[0]);
    man_part(strbuf_text(&title));
    man_text(strbuf_text(&help));
    if (command->more)
        man_lines(command->more);
    if (command->more_print)
        put_printed(command);
    put_options(command->options, command->option_count);
    strbuf_done(&title);
    strbuf_done(&help);
}

void man_gritctl(void)
{
    size_t count, global_count;
    const struct command *const *commands = ctl_commands(&count);
    const struct option *globals = call_globals(&global_count);
    struct strbuf exits = {0};
    man_begin("gritctl", 1, "rules, decisions and the running gritd from a shell");
    man_section("SYNOPSIS");
    man_text("**gritctl** [--config FILE] COMMAND ...\n\n**gritctl** help [COMMAND]");
    man_section("DESCRIPTION");
    man_text("gritctl checks and plays rules, says why somebody did or did not get a message, and "
             "talks to the running **gritd**(8). Commands that talk to it use its control socket, "
             "which root and the group gritd may open. Data goes to the standard output, "
             "everything else to the standard error.");
    man_section("OPTIONS OF EVERY COMMAND");
    put_options(globals, global_count);
    man_section("COMMANDS");
    for (size_t i = 0; i < count; i++)
        put_command(commands[i]);
    man_section("EXIT STATUS");
    strbuf_printf(&exits, "%s.", ctl_exits);
    man_text(strbuf_text(&exits));
    strbuf_done(&exits);
    man_section("ENVIRONMENT");
    man_item("GRITD_SOCKET", NULL, "The control socket, where --socket does not say another.");
    man_see_also("**gritd**(8), **gritd.yaml**(5), **gritd-plugins**(5)");
}
