#include "gritctl/completes.h"

#include <string.h>

#include "base/alloc.h"

enum completes completes_value(const char *value, struct strbuf *words)
{
    bool small = value && value[0] >= 'a' && value[0] <= 'z';
    if (!value)
        return COMPLETES_NOTHING;
    if (strstr(value, "FILE") || strstr(value, "DIR") || strstr(value, "PATH"))
        return COMPLETES_FILES;
    if (!small || !strchr(value, '|'))
        return COMPLETES_NOTHING;
    for (; *value && *value != ']'; value++)
        strbuf_putc(words, *value == '|' ? ' ' : *value);
    return COMPLETES_WORDS;
}

/* "[PATH...] [--strict]", "--kind KIND FILE...": the first word that belongs to no option. */
enum completes completes_argument(const struct command *command, struct strbuf *words)
{
    bool of_option = false;
    for (const char *at = command->args; command->args_max && *at;) {
        size_t length = strcspn(at, " ");
        const char *word = at + (*at == '[');
        if (str_starts(word, "--")) {
            of_option = at[length - 1] != ']';
        } else if (of_option) {
            of_option = false;
        } else {
            CLEANUP_FREE char *first = xstrndup(word, length - (size_t)(word - at));
            return completes_value(first, words);
        }
        at += length + (at[length] == ' ');
    }
    return COMPLETES_NOTHING;
}

void completes_help(const char *help)
{
    for (; *help; help++) {
        if (!strchr("'`\"\\[]:", *help))
            (void)putchar(*help == '\n' ? ' ' : *help);
    }
}
