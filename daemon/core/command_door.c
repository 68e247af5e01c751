/* anonymous and voices: the two sides of the anonymous door. */
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/command.h"
#include "core/door.h"
#include "core/phrases_door.h"
#include "core/speech.h"

#define AROUND ":;,.!?-"

enum { SLIPS_MOST = 2, SHOWN_POINTS = 1700 /* of what a message may hold */ };

/* One reply, with words and without: the store keeps what was replied. */
static void cmd_anonymous(const struct said *said)
{
    const char *words = said->rest + strspn(said->rest, " " AROUND);
    const char *problem = *words ? door_take(said->core, said->step, said->by, words) : NULL;
    command_reply(said, problem ? problem : SAY_DOOR);
}

/* "anonymous: ..." is it too. What is nearly the word must not become an answer, which has a name
 * on it. */
bool door_meant(struct said *said, const char *text)
{
    char word[16] = "";
    size_t length = strcspn(text, " \t\r\n" AROUND);
    const char *none, *rest = text + length + strspn(text + length, " \t\r\n" AROUND);
    if (!*rest || length >= sizeof(word))
        return false;
    for (size_t i = 0; i < length; i++)
        word[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
    bool exact = command_find(word, &none) == &spoken_anonymous;
    if (!exact && nearest_distance(word, spoken_anonymous.words, SLIPS_MOST) > SLIPS_MOST)
        return false;
    said->rest = rest;
    if (exact)
        cmd_anonymous(said);
    else
        command_reply(said, SAY_DOOR_TYPO);
    return true;
}

static const char *team_names(const struct core *core, const struct voices_view *view,
                              struct arena *arena)
{
    const char *names = "";
    for (int i = 0; i < view->team_count; i++) {
        const char *name = view->teams[i];
        for (int k = 0; k < core->book->team_count; k++) {
            const struct team_def *team = &core->book->teams[k];
            name = str_eq(team->id, name) && team->name ? team->name : name;
        }
        names = arena_printf(arena, "%s%s%s", names, i ? ", " : "", name);
    }
    return names;
}

/* False: not all of it fits. */
static bool show(const struct said *said, const struct voices_view *view, struct strbuf *out)
{
    struct arena *arena = &said->step->arena;
    strbuf_printf(out, say_to(said->core, said->by, SAY_VOICES_PART),
                  team_names(said->core, view, arena), render_date(said->by, view->at, arena));
    for (int i = 0; i < view->word_count; i++) {
        const char *line =
            arena_printf(arena, say_to(said->core, said->by, SAY_VOICES_LINE), view->words[i]);
        if (utf8_length(strbuf_text(out), out->len) + utf8_length(line, strlen(line)) >
            SHOWN_POINTS)
            return false;
        strbuf_puts(out, line);
    }
    return true;
}

static void cmd_voices(const struct said *said)
{
    struct strbuf out = {0};
    bool all = true;
    for (size_t i = core_voices_count(said->core); i-- > 0 && all;) {
        struct voices_view view = core_voices_at(said->core, i);
        if (!core_voices_for(said->core, i, said->by->id))
            continue;
        if (!out.len)
            strbuf_puts(&out, say_to(said->core, said->by, SAY_VOICES));
        all = show(said, &view, &out);
    }
    if (!all)
        strbuf_puts(&out, say_to(said->core, said->by, SAY_VOICES_MORE));
    command_reply(said, out.len ? strbuf_text(&out) : SAY_VOICES_NONE);
    strbuf_done(&out);
}

const struct command spoken_anonymous = {
    .words = "anonymous",
    .also = "anonymously|anon",
    .takes_rest = true,
    .group = GROUP_DATA,
    .help = SAY_HELP_ANONYMOUS,
    .run = cmd_anonymous,
};
const struct command spoken_voices = {
    .words = "voices",
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_VOICES,
    .run = cmd_voices,
};
