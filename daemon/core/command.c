/* Finding out which command was said. */
#include "core/command.h"

#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/flow.h"
#include "core/phrases.h"

enum { TWO_SLIPS_LETTERS = 6 };

static const struct command *const commands[] = {
#define SPOKEN(name) &spoken_##name,
#include "core/command_list.h"
#undef SPOKEN
};

const struct command *command_at(int index)
{
    return index >= 0 && (size_t)index < ARRAY_LEN(commands) ? commands[index] : NULL;
}

void command_reply(const struct said *said, const char *text)
{
    say_reply(said->core, said->step, said->by, said->event, text);
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* What stands behind the `length` bytes of words that the text begins with; NULL: it does not. */
static const char *behind(const char *text, const char *words, size_t length)
{
    for (const char *end = words + length; words < end;) {
        size_t word = strcspn(words, " |");
        if (!str_istarts(text, words, word))
            return NULL;
        text += word;
        words += word;
        if (words < end) {
            if (skip_space(text) == text)
                return NULL;
            text = skip_space(text);
            words++;
        }
    }
    /* "Why?" is the command why; so is "why" at the end of the text */
    const char *rest = skip_space(text + strspn(text, "?!."));
    return !*rest ? rest : skip_space(text) > text ? skip_space(text) : NULL;
}

static const char *behind_any(const char *text, const struct command *command, size_t *ret_length)
{
    const char *const lists[] = {command->words, command->also};
    const char *found = NULL;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (const char *words = lists[i]; words && *words;) {
            size_t length = strcspn(words, "|");
            const char *rest = behind(text, words, length);
            if (rest && length > *ret_length) {
                *ret_length = length;
                found = rest;
            }
            words += length + (words[length] == '|');
        }
    }
    return found;
}

const struct command *command_find(const char *text, const char **ret_rest)
{
    const struct command *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const char *rest = behind_any(text, commands[i], &longest);
        if (!rest)
            continue;
        found = commands[i];
        *ret_rest = rest;
    }
    return found && !found->takes_rest && **ret_rest ? NULL : found;
}

const struct flow *command_flow(const struct core *core, const char *word)
{
    for (int i = 0; i < core->book->flow_count; i++) {
        if (core->book->flows[i]->command && str_ieq(core->book->flows[i]->command, word))
            return core->book->flows[i];
    }
    return NULL;
}

const char *command_nearest(const struct core *core, const struct person *by, const char *word,
                            struct arena *arena)
{
    const struct book *book = core->book;
    size_t count = 0, most = ARRAY_LEN(commands) + (size_t)book->flow_count;
    const char **words = arena_alloc(arena, most * sizeof(*words));
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (!commands[i]->managers || by->manager)
            words[count++] = commands[i]->words;
    }
    for (int i = 0; i < book->flow_count; i++) {
        if (book->flows[i]->command)
            words[count++] = book->flows[i]->command;
    }
    /* two slips in a short word make another word of it: "mine" is not "more" */
    const char *near = nearest_word(word, words, count);
    return near && strlen(word) < TWO_SLIPS_LETTERS && nearest_distance(word, near, 1) > 1 ? NULL
                                                                                           : near;
}

bool dialog_is_command(const char *word)
{
    const char *rest;
    return command_find(word, &rest) || str_ieq(word, "stop");
}
