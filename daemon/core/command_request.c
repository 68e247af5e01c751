/* request: help that is asked of somebody, in words that are seen before they go. */
#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/phrases_request.h"
#include "core/request.h"
#include "core/speech.h"

enum { LINE_POINTS = 60, ENDED_SHOWN = 3 };

/* --- a new one --- */

/* Where no colon stands, all of it is what is asked for, or whom. */
static void offer(struct core *core, struct step *step, struct person *by, struct person *to,
                  const char *words, const struct event *event)
{
    struct arena *arena = &step->arena;
    struct request_wish wish = {.to = to};
    const char *name = to ? person_first_name(to, arena) : "Ben";
    if (request_date(by, words, step->now, arena, &wish.words, &wish.day)) {
        say_reply(core, step, by, event, SAY_REQUEST_PAST);
        return;
    }
    const char *obstacle = to ? request_obstacle(core, by, to, step->now, arena) : NULL;
    long points = utf8_length(wish.words, strlen(wish.words));
    if (obstacle)
        say_reply(core, step, by, event, obstacle);
    else if (str_empty(wish.words))
        say_reply(core, step, by, event,
                  arena_printf(arena, say_to(core, by, SAY_REQUEST_WORDLESS), name));
    else if (points > REQUEST_POINTS)
        say_reply(core, step, by, event,
                  arena_printf(arena, say_to(core, by, SAY_REQUEST_LONG), points, REQUEST_POINTS));
    else
        request_offer(core, step, by, &wish, event);
}

/* False: nobody in particular was found, and that has been said. */
static bool find(struct core *core, struct step *step, struct person *by, const char *name,
                 const struct event *event, struct person **ret)
{
    struct arena *arena = &step->arena;
    const char *names, *problem = NULL;
    *ret = NULL;
    switch (request_whom(core, by, name, arena, ret, &names)) {
    case WHOM_FOUND:
    case WHOM_COLLEAGUE:
        return true;
    case WHOM_ABSENT:
        problem = arena_printf(arena, say_to(core, by, SAY_REQUEST_ABSENT), name);
        break;
    case WHOM_SEVERAL:
        problem = arena_printf(arena, say_to(core, by, SAY_WHICH_OF_THEM), names);
        break;
    case WHOM_UNKNOWN:
        problem = names ? arena_printf(arena, say_to(core, by, SAY_REQUEST_NEAR), name, names)
                        : arena_printf(arena, say_to(core, by, SAY_REQUEST_UNKNOWN), name);
        break;
    }
    say_reply(core, step, by, event, problem);
    return false;
}

void request_said(struct core *core, struct step *step, struct person *by, const char *words,
                  const char *asked, const struct event *event)
{
    struct arena *arena = &step->arena;
    const char *name = NULL, *names = NULL, *what = request_split(words, arena, &name);
    struct person *to = NULL;
    if (!asked && what && find(core, step, by, name, event, &to))
        offer(core, step, by, to, what, event);
    else if (!asked && !what)
        say_reply(core, step, by, event, SAY_REQUEST_HOW);
    if (!asked)
        return;
    enum request_whom whom = what ? request_whom(core, by, name, arena, &to, &names) : WHOM_UNKNOWN;
    if (whom == WHOM_SEVERAL || (whom == WHOM_UNKNOWN && names)) {
        (void)find(core, step, by, name, event, &to); /* says what is unclear */
        return;
    }
    /* a colon that nobody stands before belongs to the words: "One thing: ..." */
    if (whom != WHOM_FOUND && request_whom(core, by, asked, arena, &to, &names) != WHOM_FOUND)
        to = NULL; /* the draft asks for a name, so that the words are not lost */
    offer(core, step, by, to, whom == WHOM_FOUND ? what : words, event);
}

/* --- the list --- */

static const char *state_words(const struct request *request)
{
    switch (request->state) {
    case REQUEST_DRAFT:
        return SAY_REQUEST_IS_DRAFT;
    case REQUEST_SENT:
        return SAY_REQUEST_IS_SENT;
    case REQUEST_ACCEPTED:
        return SAY_REQUEST_IS_YES;
    case REQUEST_DONE:
        return SAY_REQUEST_IS_DONE;
    case REQUEST_DECLINED:
        return SAY_REQUEST_IS_NO;
    case REQUEST_WITHDRAWN:
        return SAY_REQUEST_IS_BACK;
    case REQUEST_LAPSED:
        break;
    }
    return SAY_REQUEST_IS_PAST;
}

static void show(const struct said *said, const struct request *request, struct strbuf *out)
{
    struct arena *arena = &said->step->arena;
    bool own = request->by == said->by;
    const struct person *other = own ? request->to : request->by;
    size_t bytes = utf8_prefix(request->words, LINE_POINTS);
    const char *words = request->words[bytes]
                            ? arena_printf(arena, "%.*s…", (int)bytes, request->words)
                            : request->words;
    strbuf_printf(out, say_to(said->core, said->by, SAY_REQUEST_LINE),
                  own ? request->number : request->to_number,
                  other ? person_name(other) : say_to(said->core, said->by, SAY_REQUEST_NOBODY),
                  request->due == MSEC_NEVER ? say_to(said->core, said->by, SAY_REQUEST_NO_DATE)
                                             : render_date(said->by, request->due - 1, arena),
                  words, say_to(said->core, said->by, state_words(request)));
}

/* Those that are open, and of the own ones the last that are over. */
static int show_some(const struct said *said, struct request *const *list, int count, int ended,
                     const char *head, struct strbuf *out)
{
    int over = 0, shown = 0;
    for (int i = 0; i < count; i++)
        over += list[i]->state > REQUEST_ACCEPTED;
    for (int i = 0; i < count; i++) {
        if (list[i]->state > REQUEST_ACCEPTED && over-- > ended)
            continue;
        if (!shown++)
            strbuf_puts(out, say_to(said->core, said->by, head));
        show(said, list[i], out);
    }
    return shown;
}

static void show_all(const struct said *said)
{
    const struct requests *all = said->by->requests;
    struct strbuf out = {0};
    if (all && show_some(said, all->own, all->own_count, ENDED_SHOWN, SAY_REQUESTS_OWN, &out))
        strbuf_puts(&out, say_to(said->core, said->by, SAY_REQUESTS_OWN_FOOT));
    if (all && show_some(said, all->asked, all->asked_count, 0, SAY_REQUESTS_ASKED, &out))
        strbuf_puts(&out, say_to(said->core, said->by, SAY_REQUESTS_ASKED_FOOT));
    if (!out.len) {
        strbuf_puts(&out, say_to(said->core, said->by, SAY_REQUESTS_NONE));
        strbuf_puts(&out, say_to(said->core, said->by, SAY_REQUEST_HOW));
    }
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

/* --- one of them --- */

static const struct {
    const char *word;
    bool number; /* stands behind it; else it is about the draft */
} acts[] = {
    {"yes", false},   {"no", false},  {"drop", true},
    {"accept", true}, {"done", true}, {"cannot", true},
};

/* -1: these words are something else. */
static int act_of(const char *rest)
{
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        size_t length = strlen(acts[i].word);
        if (!str_istarts(rest, acts[i].word, length))
            continue;
        const char *behind = rest + length;
        bool digits = *behind == ' ' && behind[1] && strchr("#0123456789", behind[1]);
        if (!*behind || (acts[i].number ? digits : str_eq(behind, ".")))
            return (int)i;
    }
    return -1;
}

static void act(const struct said *said, int index)
{
    const char *word = acts[index].word, *behind = said->rest + strlen(word);
    struct arena *arena = &said->step->arena;
    int64_t number;
    behind += strspn(behind, " #");
    bool numbered = acts[index].number && !str_to_i64(behind, &number);
    struct request *request = !acts[index].number ? request_draft(said->by)
                              : numbered          ? request_numbered(said->by, number)
                                                  : NULL;
    if (!acts[index].number && !request)
        command_reply(said, SAY_REQUEST_NO_DRAFT);
    else if (!request)
        command_reply(said,
                      arena_printf(arena, say_to(said->core, said->by, SAY_REQUEST_WHICH), word));
    else if (!request_act(said->core, said->step, request, said->by, word, said->event))
        command_reply(said, SAY_GONE);
}

/* "request Ben" names the one whom the draft is for. */
static bool names_draft(const struct said *said)
{
    struct request *draft = request_draft(said->by);
    struct person *to;
    if (!draft || strlen(said->rest) > REQUEST_NAME_BYTES)
        return false;
    if (find(said->core, said->step, said->by, said->rest, said->event, &to)) {
        int64_t day = draft->said_day;
        const char *obstacle =
            to ? request_obstacle(said->core, said->by, to, said->step->now, &said->step->arena)
               : SAY_REQUEST_NAME;
        const struct request_wish wish = {to, draft->words, day};
        if (obstacle)
            command_reply(said, obstacle);
        else
            request_offer(said->core, said->step, said->by, &wish, said->event);
    }
    return true;
}

static void cmd_request(const struct said *said)
{
    const char *name;
    int index = act_of(said->rest);
    if (!*said->rest)
        show_all(said);
    else if (index >= 0)
        act(said, index);
    else if (request_split(said->rest, &said->step->arena, &name))
        request_said(said->core, said->step, said->by, said->rest, NULL, said->event);
    else if (!names_draft(said))
        command_reply(said, SAY_REQUEST_HOW);
}

/* "request a demo slot from them" is an answer. */
static bool is_request(const struct said *said)
{
    struct person *to;
    const char *name, *names;
    if (act_of(said->rest) >= 0)
        return true;
    return request_split(said->rest, &said->step->arena, &name) &&
           request_whom(said->core, said->by, name, &said->step->arena, &to, &names) !=
               WHOM_UNKNOWN;
}

const struct command spoken_request = {
    .words = "request",
    .also = "requests|my requests|ask for help|help from",
    .takes_rest = true,
    .group = GROUP_OWN,
    .help = SAY_HELP_REQUEST,
    .means = is_request,
    .run = cmd_request,
};
