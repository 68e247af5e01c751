/* What a person can read of what is kept about her, and what she shows to others. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/access.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/phrases_data.h"
#include "core/phrases_unkept.h"
#include "core/speech.h"
#include "core/prompt.h"

enum { HISTORY_MOST = 6, ACCESS_MOST = 6, QUESTION_POINTS = 90, ANSWER_POINTS = 120 };

/* --- her questions and answers --- */

static int by_age(const void *a, const void *b)
{
    return prompt_by_age(a, b);
}

/* The questions this person was asked, oldest first; in the step's arena. */
static int questions(const struct said *said, struct prompt ***ret)
{
    const struct person *by = said->by;
    struct prompt **list =
        arena_alloc(&said->step->arena, ((size_t)by->asked_count + 1) * sizeof(struct prompt *));
    int count = 0;
    for (int i = 0; i < by->asked_count; i++) {
        if (by->asked[i]->kind == PROMPT_QUESTION)
            list[count++] = by->asked[i];
    }
    if (count > 1)
        qsort(list, (size_t)count, sizeof(struct prompt *), by_age);
    *ret = list;
    return count;
}

/* A number once given stays: "share 3" must never mean another answer than the one that was shown.
 */
static void give_numbers(const struct said *said, struct prompt **list, int count)
{
    int last = 0;
    for (int i = 0; i < count; i++)
        last = list[i]->number > last ? list[i]->number : last;
    for (int i = 0; i < count; i++) {
        if (!list[i]->answer || list[i]->number)
            continue;
        list[i]->number = ++last;
        persist_prompt(said->step, list[i]);
    }
}

static const char *shortened(const struct said *said, const char *text, size_t points)
{
    size_t bytes = utf8_prefix(text, points);
    return text[bytes] ? arena_printf(&said->step->arena, "%.*s…", (int)bytes, text) : text;
}

static const char *state_line(const struct said *said, const struct prompt *prompt)
{
    struct arena *arena = &said->step->arena;
    if (prompt->answer) {
        const char *reader = prompt_reader_line(said->core, prompt, arena);
        return arena_printf(arena, say_to(said->core, said->by, SAY_HISTORY_WORDS), prompt->number,
                            shortened(said, prompt->answer, ANSWER_POINTS),
                            reader ? reader : say_to(said->core, said->by, SAY_READER_REP));
    }
    return say_to(said->core, said->by,
                  prompt_is_live(prompt)             ? SAY_HISTORY_OPEN
                  : prompt->state == PROMPT_ANSWERED ? SAY_HISTORY_UNKEPT
                                                     : SAY_HISTORY_LEFT);
}

static void cmd_history(const struct said *said)
{
    struct prompt **list;
    struct strbuf text = {0};
    int count = questions(said, &list);
    give_numbers(said, list, count);
    strbuf_puts(&text, say_to(said->core, said->by, count ? SAY_HISTORY : SAY_HISTORY_NONE));
    for (int i = count; i-- > 0 && i >= count - HISTORY_MOST;)
        strbuf_printf(&text, say_to(said->core, said->by, SAY_HISTORY_LINE),
                      render_date(said->by, list[i]->at, &said->step->arena),
                      shortened(said, list[i]->text, QUESTION_POINTS), state_line(said, list[i]));
    if (count > HISTORY_MOST)
        strbuf_printf(&text, say_to(said->core, said->by, SAY_HISTORY_MORE), count - HISTORY_MOST);
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

/* --- sharing one answer --- */

/* The one that is meant: by its number, else the one answered last. NULL: answered already here. */
static struct prompt *meant(const struct said *said, const char *word)
{
    struct prompt **list, *found = NULL;
    int64_t number = 0;
    int count = questions(said, &list), answered = 0;
    give_numbers(said, list, count);
    bool any = str_empty(said->rest);
    bool known = any || (!str_to_i64(said->rest, &number) && number > 0);
    for (int i = 0; i < count; i++) {
        answered += list[i]->answer != NULL;
        if (!list[i]->answer || !known || (!any && list[i]->number != number))
            continue;
        if (!found || list[i]->answered_at >= found->answered_at)
            found = list[i];
    }
    if (!answered)
        command_reply(said, SAY_SHARE_NOTHING);
    else if (!found)
        command_reply(said, arena_printf(&said->step->arena,
                                         say_to(said->core, said->by, SAY_SHARE_WHICH), word));
    return found;
}

static void cmd_share(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    const struct person *manager = person_manager(said->core, said->by);
    struct prompt *prompt = meant(said, "share");
    if (!prompt)
        return;
    if (!manager) {
        command_reply(said, SAY_SHARE_NOBODY);
        return;
    }
    const char *name = person_name(manager), *question = shortened(said, prompt->text, 280);
    if (prompt->shared || prompt->reader != READER_REP) {
        command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_SHARED_ALREADY),
                                         name, question, shortened(said, prompt->answer, 280)));
        return;
    }
    prompt->shared = true;
    persist_prompt(said->step, prompt);
    command_reply(said,
                  arena_printf(arena, say_to(said->core, said->by, SAY_SHARED), name, question,
                               shortened(said, prompt->answer, 280), prompt->number));
}

static void cmd_unshare(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    struct prompt *prompt = meant(said, "unshare");
    if (!prompt)
        return;
    if (prompt->reader != READER_REP) {
        command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_SHARED_BEFORE),
                                         prompt_reader_line(said->core, prompt, arena)));
        return;
    }
    if (!prompt->shared) {
        command_reply(said, SAY_UNSHARED_NOT);
        return;
    }
    prompt->shared = false;
    persist_prompt(said->step, prompt);
    command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_UNSHARED),
                                     shortened(said, prompt->text, 280),
                                     shortened(said, prompt->answer, 280)));
}

/* "share the slides with Rosa" is an answer. */
static bool is_number(const struct said *said)
{
    int64_t number;
    return !str_to_i64(said->rest, &number);
}

bool prompt_may_read(const struct core *core, const struct prompt *prompt,
                     const struct person *reader)
{
    if (reader == prompt->to)
        return true;
    if (prompt->shared || prompt->reader == READER_MANAGER)
        return reader && reader == person_manager(core, prompt->to);
    return prompt->reader == READER_TEAM && reader &&
           str_eq(person_team(reader), person_team(prompt->to)) && person_team(reader);
}

/* --- privacy --- */

static void add_accesses(const struct said *said, struct strbuf *text)
{
    const struct access_log *log = said->by->accesses;
    int count = log ? log->count : 0;
    strbuf_puts(text, say_to(said->core, said->by, count ? SAY_ACCESS_SOME : SAY_ACCESS_NONE));
    for (int i = count; i-- > 0 && i >= count - ACCESS_MOST;) {
        const struct access_entry *entry = &log->entries[i];
        struct arena *arena = &said->step->arena;
        strbuf_printf(text, say_to(said->core, said->by, SAY_ACCESS_LINE),
                      render_date(said->by, entry->at, arena),
                      render_time(said->by, entry->at, arena), entry->by,
                      say_to(said->core, said->by, access_words(entry->what)));
    }
    if (count > ACCESS_MOST)
        strbuf_printf(text, say_to(said->core, said->by, SAY_ACCESS_MORE),
                      count - ACCESS_MOST + log->before);
}

static void cmd_privacy(const struct said *said)
{
    const struct book *book = said->core->book;
    struct prompt **list;
    struct strbuf text = {0};
    int count = questions(said, &list), answered = 0, shared = 0;
    for (int i = 0; i < count; i++) {
        answered += list[i]->answer != NULL;
        shared += list[i]->shared;
    }
    strbuf_printf(&text, say_to(said->core, said->by, SAY_PURPOSE),
                  book->purpose ? book->purpose : say_to(said->core, said->by, SAY_PURPOSE_PLAIN));
    strbuf_puts(&text, say_to(said->core, said->by, SAY_PRIVACY));
    strbuf_printf(&text, say_to(said->core, said->by, SAY_PRIVACY_KEPT), count, answered, shared,
                  book->limits.keep_answers);
    if (book->unstored)
        strbuf_puts(&text, say_to(said->core, said->by, SAY_PRIVACY_UNSTORED));
    add_accesses(said, &text);
    strbuf_puts(&text, say_to(said->core, said->by, SAY_PRIVACY_WORDS));
    if (book->controller)
        strbuf_printf(&text, say_to(said->core, said->by, SAY_CONTROLLER), book->controller);
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

/* All of it is in the store, so the engine reads it and calls core_exported(). */
static void cmd_export(const struct said *said)
{
    said->step->export = arena_strdup(&said->step->arena, said->by->id);
}

void core_exported(struct core *core, const struct event *said, const char *const *parts, int count,
                   struct step *step)
{
    struct person *by = person_find(core, said->chat);
    for (int i = 0; by && i < count; i++) {
        struct message *message = say_message(core, step, by, "", said->id ? said->id : "",
                                              arena_printf(&step->arena, "export %d", i), parts[i]);
        message->expires = step->now + MSEC_DAY;
        message->reply = true;
        message->unknown = UNKNOWN_DROP;
    }
}

size_t core_person_keys(const struct core *core, const char *id, struct arena *arena,
                        const char ***ret)
{
    const struct person *person = person_find(core, id);
    const struct person_def *def = person ? person->def : NULL;
    size_t count = 0, most = 4 + (def ? (size_t)def->crm_count : 0);
    const char **keys = arena_alloc(arena, most * sizeof(*keys));
    const char *const candidates[] = {person ? person->chat : NULL, person ? person->email : NULL,
                                      def ? def->chat : NULL, def ? def->email : NULL};
    for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
        if (person && person_find(core, candidates[i]) == person && !str_ieq(candidates[i], id))
            keys[count++] = candidates[i];
    }
    for (int i = 0; def && i < def->crm_count; i++) {
        if (person_find(core, def->crm[i]) == person && !str_ieq(def->crm[i], id))
            keys[count++] = def->crm[i];
    }
    *ret = keys;
    return count;
}

const struct command spoken_privacy = {
    .words = "privacy",
    .group = GROUP_DATA,
    .help = SAY_HELP_PRIVACY,
    .run = cmd_privacy,
};
const struct command spoken_history = {
    .words = "history",
    .group = GROUP_DATA,
    .help = SAY_HELP_HISTORY,
    .run = cmd_history,
};
const struct command spoken_share = {
    .words = "share",
    .takes_rest = true,
    .group = GROUP_DATA,
    .help = SAY_HELP_SHARE,
    .means = is_number,
    .run = cmd_share,
};
const struct command spoken_unshare = {
    .words = "unshare",
    .takes_rest = true,
    .group = GROUP_DATA,
    .means = is_number,
    .run = cmd_unshare,
};
const struct command spoken_export = {
    .words = "export",
    .group = GROUP_DATA,
    .help = SAY_HELP_EXPORT,
    .run = cmd_export,
};
