/* log: what a rep has done, said in a line. It becomes an event like those of the CRM. */
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/choosing.h"
#include "core/command_ledger.h"
#include "core/happened.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/words.h"

enum {
    TIMES_MAX = 50,
    NAME_BYTES = 80,     /* of a deal's name as it is said back */
    NAMES_MAX = 200,     /* words of deals that a mistyped one is compared with */
    CHOOSE_MINUTES = 60, /* so long the question which deal stands */
};

/* What was done, as it was said. */
struct done {
    const char *kind, *direction, *outcome;
    int count;
    const char *about; /* the deal's name and what stands behind it; "": none */
};

static const struct {
    const char *word, *kind;
    bool sent; /* goes from the rep to the customer where nothing else is said */
} kinds[] = {
    {"call", "call", true},         {"calls", "call", true},         {"phone call", "call", true},
    {"email", "email", true},       {"emails", "email", true},       {"e-mail", "email", true},
    {"mail", "email", true},        {"meeting", "meeting", false},   {"meetings", "meeting", false},
    {"visit", "meeting", false},    {"demo", "demo", false},         {"demos", "demo", false},
    {"proposal", "proposal", true}, {"proposals", "proposal", true}, {"message", "message", true},
    {"messages", "message", true},  {"task", "task", false},         {"tasks", "task", false},
};

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* Takes the word at *p; it ends there or with a space or comma. */
static bool take_word(const char **p, const char *word)
{
    size_t length = strlen(word);
    if (!str_istarts(*p, word, length) || ((*p)[length] && !strchr(" \t\r\n,", (*p)[length])))
        return false;
    *p = skip_space(*p + length);
    return true;
}

static bool take_any(const char **p, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take_word(p, words[i]))
            return true;
    }
    return false;
}

/* "3 calls with Acme" */
static bool read_done(const char *text, struct done *ret)
{
    static const char *const articles[] = {"a", "an", "another", "one", "my", "the"};
    static const char *const links[] = {"with", "to", "at", "about", "for", "on", "and"};
    struct done done = {.count = 0, .about = ""};
    const char *p = skip_space(text);
    (void)take_any(&p, articles, ARRAY_LEN(articles)); /* it may stand there */
    for (; *p >= '0' && *p <= '9'; p++)
        done.count = done.count > TIMES_MAX ? done.count : done.count * 10 + *p - '0';
    p = skip_space(p);
    for (size_t i = 0; i < ARRAY_LEN(kinds) && !done.kind; i++) {
        if (take_word(&p, kinds[i].word)) {
            done.kind = kinds[i].kind;
            done.direction = kinds[i].sent ? "outbound" : NULL;
        }
    }
    if (!done.kind)
        return false;
    if (take_word(&p, "from"))
        done.direction = "inbound";
    else
        (void)take_any(&p, links, ARRAY_LEN(links)); /* so may these */
    done.about = p;
    *ret = done;
    return true;
}

/* --- which deal --- */

static bool is_between(char c)
{
    return strchr(" \t\r\n,.;:()/-", c) != NULL;
}

/* Whether each word of `said` begins a word of one of the names. */
static bool words_fit(const char *said, size_t length, const char *const *names, size_t count)
{
    bool any = false;
    for (size_t at = 0; at < length;) {
        while (at < length && is_between(said[at]))
            at++;
        size_t end = at;
        while (end < length && !is_between(said[end]))
            end++;
        if (end == at)
            break;
        bool found = false;
        for (size_t i = 0; i < count && !found; i++) {
            for (const char *p = names[i]; p && *p && !found; p++)
                found = (p == names[i] || is_between(p[-1])) && str_istarts(p, said + at, end - at);
        }
        if (!found)
            return false;
        any = true;
        at = end;
    }
    return any;
}

static bool is_whole(const struct deal *deal, const char *said, size_t length)
{
    const char *const names[] = {deal->texts[DEAL_NAME], deal->texts[DEAL_ACCOUNT], deal->id};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (names[i] && strlen(names[i]) == length && str_istarts(names[i], said, length))
            return true;
    }
    return false;
}

static bool is_own(const struct said *said, const struct deal *deal, bool open)
{
    return deal->rep == said->by && !deal->deleted && deal_is_open(deal) == open;
}

struct found {
    struct deal *deals[CHOOSING_MAX];
    int count; /* of all, those that did not fit in too */
};

static void search(const struct said *said, const char *name, size_t length, bool open, bool whole,
                   struct found *ret)
{
    ret->count = 0;
    const struct deal_list deals = deals_sorted(said->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        struct deal *deal = deals.list[i];
        const char *const names[] = {deal->texts[DEAL_NAME], deal->texts[DEAL_ACCOUNT]};
        if (!is_own(said, deal, open) ||
            !(whole ? is_whole(deal, name, length)
                    : words_fit(name, length, names, ARRAY_LEN(names))))
            continue;
        if (ret->count < CHOOSING_MAX)
            ret->deals[ret->count] = deal;
        ret->count++;
    }
}

/* First all that was said, then what stands before its last comma, and so on: a name may have
 * commas of its own, and a remark may follow it. *ret_length: of what was the name. */
static bool find(const struct said *said, const char *about, size_t *ret_length, struct found *ret)
{
    for (size_t length = strlen(about); length;) {
        for (int way = 0; way < 4; way++) { /* open before closed, whole names before words */
            search(said, about, length, way < 2, way % 2 == 0, ret);
            if (ret->count) {
                *ret_length = length;
                return true;
            }
        }
        do
            length--;
        while (length && about[length] != ',');
    }
    *ret_length = strcspn(about, ",");
    return false;
}

/* Names and their words, each with its deal. */
struct name_words {
    const char *words[NAMES_MAX];
    struct deal *of[NAMES_MAX];
    size_t count;
};

static void add_word(struct name_words *list, struct deal *deal, const char *word)
{
    if (list->count == NAMES_MAX)
        return;
    list->of[list->count] = deal;
    list->words[list->count++] = word;
}

static void add_words(struct name_words *list, struct deal *deal, const char *name,
                      struct arena *arena)
{
    if (!name)
        return;
    add_word(list, deal, name);
    for (const char *p = name; *p;) {
        size_t length = strcspn(p, " ,");
        add_word(list, deal, arena_strndup(arena, p, length));
        p += length + strspn(p + length, " ,");
    }
}

/* The own open deal with a word nearest to what was said, or NULL. */
static struct deal *nearest(const struct said *said, const char *name)
{
    struct arena *arena = &said->step->arena;
    struct name_words list = {.count = 0};
    const struct deal_list deals = deals_sorted(said->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        struct deal *deal = deals.list[i];
        if (!is_own(said, deal, true))
            continue;
        add_words(&list, deal, deal->texts[DEAL_NAME], arena);
        add_words(&list, deal, deal->texts[DEAL_ACCOUNT], arena);
    }
    const char *near = nearest_word(name, list.words, list.count);
    if (!near)
        near = nearest_word(arena_strndup(arena, name, strcspn(name, " ")), list.words, list.count);
    for (size_t i = 0; near && i < list.count; i++) {
        if (list.words[i] == near)
            return list.of[i];
    }
    return NULL;
}

/* --- what becomes of it --- */

static const char *what_words(const char *kind, int count, const char *outcome, struct arena *arena)
{
    const char *article = strchr("aeiou", kind[0]) ? "an" : "a";
    char *how = arena_strdup(arena, outcome ? outcome : "");
    for (char *p = how; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    const char *what = count > 1 ? arena_printf(arena, "%d %ss", count, kind)
                                 : arena_printf(arena, "%s %s", article, kind);
    return *how ? arena_printf(arena, "%s (%s)", what, how) : what;
}

static const char *name_of(const struct deal *deal, struct arena *arena)
{
    const char *name = deal_label(deal);
    return arena_strndup(arena, name, utf8_prefix(name, NAME_BYTES));
}

/* remark: words behind the name, which stay in the chat */
static void put_down(const struct said *said, const struct choosing *what, struct deal *deal,
                     bool remark)
{
    struct arena *arena = &said->step->arena;
    struct event *event = arena_alloc(arena, sizeof(*event));
    event_init(event, EVENT_ACTIVITY_LOGGED, what->time);
    event->type_name = event_type_name(event->type);
    event->at = said->step->now;
    event->source = "/gritd/chat";
    event->id = arena_strdup(arena, what->id);
    event->key = event_key(event->source, event->id);
    event->rep = arena_strdup(arena, said->by->id);
    event->deal = deal ? arena_strdup(arena, deal->id) : NULL;
    event->kind = arena_strdup(arena, what->kind);
    event->direction = arena_strdup(arena, what->direction);
    event->outcome = arena_strdup(arena, what->outcome);
    event->count = what->count > 1 ? what->count : NUMBER_NONE;
    const char *words = what_words(what->kind, what->count, what->outcome, arena);
    const char *done = deal ? arena_printf(arena, say_to(said->core, said->by, SAY_LOGGED), words,
                                           name_of(deal, arena))
                            : arena_printf(arena, say_to(said->core, said->by, SAY_LOGGED_ALONE),
                                           words, what->kind);
    command_reply(said,
                  arena_printf(arena, "%s%s", done,
                               remark ? say_to(said->core, said->by, SAY_LOGGED_REMARK) : ""));
    core_happened(said->core, said->step, event);
}

static void forget(const struct said *said)
{
    choosing_free(said->by->choosing);
    said->by->choosing = NULL;
    person_touch(said->core, said->by);
}

static void ask_which(const struct said *said, struct choosing *what, const struct found *found)
{
    struct strbuf text = {0};
    struct arena *arena = &said->step->arena;
    int shown = found->count < CHOOSING_MAX ? found->count : CHOOSING_MAX;
    strbuf_puts(&text, say_to(said->core, said->by, SAY_LOG_WHICH));
    for (int i = 0; i < shown; i++) {
        const struct deal *deal = found->deals[i];
        const struct stage_def *stage = book_stage(said->core->book, deal->texts[DEAL_STAGE]);
        strbuf_printf(&text, say_to(said->core, said->by, SAY_LOG_WHICH_LINE), i + 1,
                      name_of(deal, arena), stage ? arena_printf(arena, " (%s)", stage->name) : "");
        what->deals[what->deal_count++] = xstrdup(deal->id);
    }
    if (found->count > shown)
        strbuf_printf(&text, say_to(said->core, said->by, SAY_LOG_WHICH_MORE),
                      found->count - shown);
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

static void offer_near(const struct said *said, struct choosing *what, struct deal *near,
                       const char *name)
{
    struct arena *arena = &said->step->arena;
    what->deals[what->deal_count++] = xstrdup(near->id);
    command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_LOG_NEAR), name,
                                     name_of(near, arena)));
}

static void say_none(const struct said *said, const char *kind, const char *name)
{
    struct arena *arena = &said->step->arena;
    const char *list = "";
    int count = 0;
    const struct deal_list deals = deals_sorted(said->core->deals);
    for (size_t i = 0; i < deals.count && count < CHOOSING_MAX; i++) {
        if (!is_own(said, deals.list[i], true))
            continue;
        list =
            arena_printf(arena, "%s%s%s", list, count++ ? ", " : "", name_of(deals.list[i], arena));
    }
    command_reply(
        said,
        count ? arena_printf(arena, say_to(said->core, said->by, SAY_LOG_NONE), name, list, kind)
              : arena_printf(arena, say_to(said->core, said->by, SAY_LOG_NO_DEALS), name, kind));
}

static struct choosing *choosing_new(const struct said *said, const struct done *done)
{
    struct choosing *what = NEW(struct choosing);
    const struct event *event = said->event;
    what->kind = xstrdup(done->kind);
    what->direction = xstrdup(done->direction);
    what->outcome = xstrdup(done->outcome);
    what->count = done->count ? done->count : 1;
    what->time = event->time;
    what->at = said->step->now;
    what->id =
        xstrdup(arena_printf(&said->step->arena, "log-%s-%s", event->source ? event->source : "",
                             event->id ? event->id : ""));
    return what;
}

/* "no answer" behind the comma is an outcome; else NULL. */
static const char *outcome_of(const char *remark, struct arena *arena)
{
    char *word = arena_strdup(arena, skip_space(remark));
    for (char *p = word; *p; p++)
        *p = *p == ' ' ? '_' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    size_t length = strlen(word);
    if (length && word[length - 1] == '.')
        word[length - 1] = '\0';
    return word_outcome_text(word_outcome(word));
}

static void cmd_log(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    struct done done;
    struct found found = {.count = 0};
    size_t length = 0;
    if (ledger_is_named(said)) {
        ledger_put_down(said);
        return;
    }
    if (!read_done(said->rest, &done)) {
        command_reply(said, said->by->manager ? SAY_LOG_HOW_MANAGER : SAY_LOG_HOW);
        return;
    }
    if (done.count > TIMES_MAX) {
        command_reply(
            said, arena_printf(arena, say_to(said->core, said->by, SAY_LOG_TOO_MANY), TIMES_MAX));
        return;
    }
    bool known = find(said, done.about, &length, &found);
    const char *name = arena_strndup(arena, done.about, length < NAME_BYTES ? length : NAME_BYTES);
    name = arena_strndup(arena, name, utf8_prefix(name, NAME_BYTES));
    const char *remark = done.about + length + strspn(done.about + length, ", ");
    done.outcome = outcome_of(remark, arena);
    struct choosing *what = choosing_new(said, &done);
    bool words = *remark && !done.outcome;
    forget(said);
    if (!*name || (known && found.count == 1)) {
        put_down(said, what, known ? found.deals[0] : NULL, words);
        choosing_free(what);
        return;
    }
    struct deal *near = known ? NULL : nearest(said, name);
    said->by->choosing = what;
    if (known)
        ask_which(said, what, &found);
    else if (near)
        offer_near(said, what, near, name);
    else {
        say_none(said, done.kind, name);
        forget(said);
    }
}

/* --- the answer to "which one?" --- */

static int chosen_of(const struct said *said, const struct choosing *what, const char *text)
{
    int64_t number;
    if (!str_to_i64(text, &number))
        return number >= 1 && number <= what->deal_count ? (int)number - 1 : what->deal_count;
    if (what->deal_count == 1 && (str_ieq(text, "yes") || str_ieq(text, "y")))
        return 0;
    for (int i = 0; i < what->deal_count; i++) {
        const struct deal *deal = deal_find(said->core, what->deals[i]);
        if (deal && is_whole(deal, text, strlen(text)))
            return i;
    }
    return -1;
}

bool choosing_said(const struct said *said, const char *text)
{
    struct choosing *what = said->by->choosing;
    const struct prompt *open = prompt_latest_open(said->core, said->by);
    if (!what || said->step->now > what->at + CHOOSE_MINUTES * MSEC_MINUTE ||
        (open && open->at > what->at))
        return false; /* the newest question is the one that is answered */
    if (str_ieq(text, "no") || str_ieq(text, "none")) {
        forget(said);
        command_reply(said, SAY_LOG_DROPPED);
        return true;
    }
    int chosen = chosen_of(said, what, text);
    if (chosen < 0)
        return false;
    struct deal *deal =
        chosen < what->deal_count ? deal_find(said->core, what->deals[chosen]) : NULL;
    if (!deal) {
        command_reply(said,
                      arena_printf(&said->step->arena, say_to(said->core, said->by, SAY_LOG_NUMBER),
                                   what->deal_count));
        return true;
    }
    said->by->choosing = NULL;
    person_touch(said->core, said->by);
    put_down(said, what, deal, false);
    choosing_free(what);
    return true;
}

static bool is_done(const struct said *said)
{
    struct done done;
    return ledger_is_named(said) || read_done(said->rest, &done);
}

const struct command spoken_log = {
    .words = "log",
    .also = "logged",
    .takes_rest = true,
    .group = GROUP_OWN,
    .help = SAY_HELP_LOG,
    .means = is_done,
    .run = cmd_log,
};
