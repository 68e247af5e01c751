/* "Ben: could you look at my slides, by Friday": whom, what, by when. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/request.h"
#include "core/when.h"

enum { DATE_BYTES = 40, NAMES_SHOWN = 5, SPARE_WORDS = 6 };

/* --- whom --- */

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* The words without what may stand around a name: "from my colleague Ben?". */
static const char *bare(const char *words, struct arena *arena)
{
    static const char *const firsts[] = {
        "from ",          "to ",  "with ", "my ", "the ", "of ", "practise with ",
        "practice with ", "ask ", "<@",    "@"};
    const char *text = skip_space(words);
    for (int round = 0; round < SPARE_WORDS; round++) {
        for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
            size_t length = strlen(firsts[i]);
            if (str_istarts(text, firsts[i], length) && text[length])
                text = skip_space(text + length);
        }
    }
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n.?!>,", text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; *at; at++) {
        bool begins = at == text || !in_word(at[-1]);
        if (begins && str_istarts(at, word, length) && !in_word(at[length]))
            return true;
    }
    return false;
}

/* Names of the own team are close at hand; others are meant by their whole name. */
static bool is_near(const struct core *core, const struct person *by, const struct person *person)
{
    const char *team = person_team(by);
    return (team && str_eq(team, person_team(person))) || person == person_manager(core, by) ||
           person_manager(core, person) == by;
}

struct found {
    struct person *person;
    struct strbuf names;
    int count;
};

static void add(struct found *found, struct person *person)
{
    found->person = found->count ? found->person : person;
    if (found->count < NAMES_SHOWN)
        strbuf_printf(&found->names, "%s%s", found->count ? ", " : "", person_name(person));
    found->count++;
}

/* A whole name goes before first names. */
static void by_name(const struct core *core, const struct person *by, const char *name,
                    struct arena *arena, bool whole, struct found *found)
{
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *person = core->people[i];
        if (!person_is_here(core, person))
            continue;
        bool fits =
            whole ? str_ieq(person_name(person), name)
                  : is_near(core, by, person) && str_ieq(person_first_name(person, arena), name);
        if (fits)
            add(found, person);
    }
}

static const char *nearest_name(const struct core *core, const struct person *by, const char *name,
                                struct arena *arena)
{
    const char **names = arena_alloc(arena, (2 * core->person_count + 1) * sizeof(*names));
    size_t count = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *person = core->people[i];
        if (person == by || !is_near(core, by, person) || !person_is_here(core, person))
            continue;
        names[count++] = person_name(person);
        names[count++] = person_first_name(person, arena);
    }
    return nearest_word(name, names, count);
}

static enum request_whom role(const struct core *core, const struct person *by, const char *name,
                              struct person **ret)
{
    static const struct {
        const char *word;
        int helper; /* HELPER_ROLES: the manager; -1: a colleague without a name */
    } roles[] = {
        {"manager", HELPER_ROLES},
        {"boss", HELPER_ROLES},
        {"crm", HELPER_CRM},
        {"company", HELPER_COMPANY},
        {"practice", HELPER_PRACTICE},
        {"practise", HELPER_PRACTICE},
        {"colleague", -1},
        {"somebody", -1},
        {"someone", -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (!has_word(name, roles[i].word))
            continue;
        if (roles[i].helper < 0)
            return WHOM_COLLEAGUE;
        const char *id =
            roles[i].helper < HELPER_ROLES ? core->book->helpers[roles[i].helper].who : NULL;
        *ret = roles[i].helper == HELPER_ROLES ? person_manager(core, by)
               : id                            ? person_find(core, id)
                                               : NULL;
        return *ret ? WHOM_FOUND : WHOM_ABSENT;
    }
    return WHOM_UNKNOWN;
}

enum request_whom request_whom(const struct core *core, const struct person *by, const char *words,
                               struct arena *arena, struct person **ret, const char **ret_names)
{
    struct found found = {0};
    const char *name = bare(words, arena);
    struct person *known = *name ? person_find(core, name) : NULL;
    by_name(core, by, name, arena, true, &found);
    if (!found.count)
        by_name(core, by, name, arena, false, &found);
    *ret_names = arena_strdup(arena, strbuf_text(&found.names));
    strbuf_done(&found.names);
    if (found.count) {
        *ret = found.person;
        return found.count == 1 ? WHOM_FOUND : WHOM_SEVERAL;
    }
    *ret_names = NULL;
    if (known && known != core->nobody) { /* an id, an address, or who has left */
        *ret = known;
        return WHOM_FOUND;
    }
    enum request_whom whom = role(core, by, name, ret);
    *ret_names = whom == WHOM_UNKNOWN ? nearest_name(core, by, name, arena) : NULL;
    return whom;
}

/* --- what --- */

const char *request_split(const char *text, struct arena *arena, const char **ret_name)
{
    const char *colon = strchr(text, ':');
    if (!colon || colon == text || colon - text > REQUEST_NAME_BYTES)
        return NULL;
    if (colon[1] && strchr("/0123456789", colon[1])) /* an address, or a time of the day */
        return NULL;
    *ret_name = arena_strndup(arena, text, (size_t)(colon - text));
    return skip_space(colon + 1);
}

/* --- by when --- */

static const char *last_link(const char *text)
{
    static const char *const links[] = {" by ", " until ", " before "};
    const char *found = NULL;
    for (const char *at = text; *at; at++) {
        for (size_t i = 0; i < ARRAY_LEN(links); i++)
            found = str_istarts(at, links[i], strlen(links[i])) ? at : found;
    }
    return found;
}

int request_date(const struct person *by, const char *text, msec_t now, struct arena *arena,
                 const char **ret_words, int64_t *ret_day)
{
    const char *link = last_link(text);
    char date[DATE_BYTES];
    msec_t until;
    *ret_day = 0;
    if (!link || strlen(link) >= sizeof(date)) {
        *ret_words = text;
        return 0;
    }
    const char *said = skip_space(strchr(link + 1, ' '));
    size_t length = strlen(said);
    while (length && strchr(" .!?,", said[length - 1]))
        length--;
    memcpy(date, said, length);
    date[length] = '\0';
    int status = when_parse(date, by->tz, now, &until);
    if (status == -ERANGE)
        return -ERANGE;
    if (status) { /* "slide by slide" */
        *ret_words = text;
        return 0;
    }
    bool today = str_ieq(date, "today"); /* today ends when tomorrow begins */
    *ret_day = person_day(by, until) - today;
    size_t kept = (size_t)(link - text);
    while (kept && strchr(" ,;", text[kept - 1]))
        kept--;
    *ret_words = arena_strndup(arena, text, kept);
    return 0;
}
