/* The table of the commands. */
#include "base/alloc.h"
#include "base/nearest.h"
#include "base/str.h"
#include "gritctl/ctl.h"

#define COMMAND(name) extern const struct command command_##name;
#include "gritctl/command_list.h"
#undef COMMAND

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "gritctl/command_list.h"
#undef COMMAND
};

const struct command *const *ctl_commands(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(commands);
    return commands;
}

const struct command *ctl_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (str_eq(commands[i]->name, name))
            return commands[i];
    }
    return NULL;
}

const char *ctl_command_near(const char *word)
{
    const char *names[ARRAY_LEN(commands)];
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        names[i] = commands[i]->name;
    return nearest_word(word, names, ARRAY_LEN(names));
}
