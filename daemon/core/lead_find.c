#include "core/lead_find.h"

#include <string.h>

#include "core/lead.h"
#include "core/phrases.h"
#include "core/speech.h"

enum { NAMES_MAX = 20 };

/* Without `first`: the id or the whole name. */
static bool is_called(const struct person *person, const char *words, bool first,
                      struct arena *arena)
{
    return first ? str_ieq(person_first_name(person, arena), words)
                 : str_ieq(person->id, words) || str_ieq(person_name(person), words);
}

struct person *lead_find(const struct said *said, const char *words, size_t *ret_several)
{
    struct arena *arena = &said->step->arena;
    struct person **list, *found = NULL;
    size_t count = lead_reports(said->core, said->by, arena, &list), fitting = 0;
    for (int first = 0; first < 2 && !fitting; first++) {
        for (size_t i = 0; i < count; i++) {
            if (!is_called(list[i], words, first, arena))
                continue;
            found = list[i];
            fitting++;
        }
    }
    *ret_several = fitting > 1 ? fitting : 0;
    return fitting == 1 ? found : NULL;
}

/* "Ana Ruiz, Ben Osei": all reports, or those who are called so. */
static const char *names(const struct said *said, const char *like)
{
    struct arena *arena = &said->step->arena;
    struct person **list;
    struct strbuf out = {0};
    size_t count = lead_reports(said->core, said->by, arena, &list);
    for (size_t i = 0, shown = 0; i < count && shown < NAMES_MAX; i++) {
        if (like && !is_called(list[i], like, false, arena) &&
            !is_called(list[i], like, true, arena))
            continue;
        strbuf_printf(&out, "%s%s", shown++ ? ", " : "", person_name(list[i]));
    }
    const char *text = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return text;
}

struct person *lead_find_or_reply(const struct said *said, const char *words, const char *how)
{
    struct arena *arena = &said->step->arena;
    size_t several;
    struct person *found = lead_find(said, words, &several);
    const char *all = names(said, NULL);
    if (found)
        return found;
    if (!*all)
        command_reply(said, SAY_LEADS_NOBODY);
    else if (!*words)
        command_reply(said, how);
    else if (several)
        command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_WHICH_OF_THEM),
                                         names(said, words)));
    else
        command_reply(
            said, arena_printf(arena, say_to(said->core, said->by, SAY_NOT_IN_TEAM), words, all));
    return NULL;
}
