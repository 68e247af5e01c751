#include "core/door.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/phrases_door.h"

enum {
    WORDS_POINTS = 400,
    WORDS_MAX = 200,     /* of one group, until they are opened */
    UNOPENED_DAYS = 91,  /* then they go unread */
    LEVELS_MAX = 5,      /* of managers above a team */
    NAME_LEAST = 4,      /* bytes; shorter names are words like any other */
    EPOCH_TO_MONDAY = 4, /* 1970-01-05 */
};

#define OPEN_KEY  "open|"
#define SHOWN_KEY "shown|"
#define NEXT_KEY  "next" /* the Monday it waits for */

/* Texts in an order that has nothing to do with how they came. */
struct heap {
    char **list;
    int count, cap;
};

struct group {
    char *team;
    msec_t since; /* the Monday before the first words */
    struct heap who, words;
};

struct edition {
    char *key; /* of its row */
    msec_t at;
    int people;
    struct heap teams, words;
};

struct door {
    struct timer timer;
    struct group **groups; /* sorted by team */
    int group_count, group_cap;
    struct edition **editions; /* sorted by key, which is by time */
    int edition_count, edition_cap;
};

/* --- small things --- */

static msec_t monday_before(msec_t t)
{
    msec_t first = EPOCH_TO_MONDAY * MSEC_DAY, into = (t - first) % MSEC_WEEK;
    return t - (into < 0 ? into + MSEC_WEEK : into);
}

static bool heap_has(const struct heap *heap, const char *text)
{
    for (int i = 0; i < heap->count; i++) {
        if (str_eq(heap->list[i], text))
            return true;
    }
    return false;
}

static void heap_put(struct heap *heap, int place, const char *text)
{
    ARRAY_GROW(heap->list, heap->count, heap->cap);
    memmove(heap->list + place + 1, heap->list + place,
            (size_t)(heap->count - place) * sizeof(*heap->list));
    heap->list[place] = xstrdup(text);
    heap->count++;
}

static void heap_done(struct heap *heap)
{
    for (int i = 0; i < heap->count; i++)
        free(heap->list[i]);
    free(heap->list);
    *heap = (struct heap){0};
}

static void make_key(struct core *core, const char *id, const char *what, const char *part,
                     char ret[MESSAGE_KEY_BYTES])
{
    if (!core->keys)
        core->keys = key_maker_new(core->options.secret);
    key_make(core->keys, "door", id, what, part, ret);
}

/* Each person once: the same token wherever that person speaks until it is erased. */
static void make_token(struct core *core, const char *id, char ret[MESSAGE_KEY_BYTES])
{
    make_key(core, id, "who", "", ret);
}

static int compare_words(struct core *core, const char *a, const char *b)
{
    char first[MESSAGE_KEY_BYTES], second[MESSAGE_KEY_BYTES];
    make_key(core, "", "order", a, first);
    make_key(core, "", "order", b, second);
    return strcmp(first, second);
}

static void shuffle_in(struct core *core, struct heap *words, const char *text)
{
    int place = 0;
    while (place < words->count && compare_words(core, words->list[place], text) < 0)
        place++;
    heap_put(words, place, text);
}

static struct door *door_get(struct core *core)
{
    if (!core->door) {
        core->door = NEW(struct door);
        core->door->timer.kind = TIMER_DOOR;
        core->door->timer.key = "";
    }
    return core->door;
}

static struct group *group_get(struct door *door, const char *team)
{
    int place = 0;
    while (place < door->group_count && strcmp(door->groups[place]->team, team) < 0)
        place++;
    if (place < door->group_count && str_eq(door->groups[place]->team, team))
        return door->groups[place];
    ARRAY_GROW(door->groups, door->group_count, door->group_cap);
    memmove(door->groups + place + 1, door->groups + place,
            (size_t)(door->group_count - place) * sizeof(*door->groups));
    door->group_count++;
    struct group *group = door->groups[place] = NEW(struct group);
    group->team = xstrdup(team);
    return group;
}

static void group_free(struct group *group)
{
    free(group->team);
    heap_done(&group->who);
    heap_done(&group->words);
    free(group);
}

static void edition_free(struct edition *edition)
{
    free(edition->key);
    heap_done(&edition->teams);
    heap_done(&edition->words);
    free(edition);
}

void door_free(struct core *core)
{
    struct door *door = core->door;
    if (!door)
        return;
    for (int i = 0; i < door->group_count; i++)
        group_free(door->groups[i]);
    for (int i = 0; i < door->edition_count; i++)
        edition_free(door->editions[i]);
    free(door->groups);
    free(door->editions);
    free(door);
    core->door = NULL;
}

/* --- rows --- */

static void write_list(struct jsonw *json, const char *name, const struct heap *heap)
{
    jsonw_array(json, name);
    for (int i = 0; i < heap->count; i++)
        jsonw_text(json, NULL, heap->list[i]);
    jsonw_array_end(json);
}

static void read_list(const json_t *array, struct heap *ret)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text = json_string_value(json_array_get(array, i));
        if (text)
            heap_put(ret, ret->count, text);
    }
}

static const char *group_key(const struct group *group, struct arena *arena)
{
    return arena_printf(arena, OPEN_KEY "%s", group->team);
}

static void persist_group(struct step *step, const struct group *group)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    if (!group->words.count) {
        persist_delete(step, STATE_DOOR, group_key(group, &step->arena));
        return;
    }
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "since", group->since);
    write_list(&json, "who", &group->who);
    write_list(&json, "words", &group->words);
    jsonw_object_end(&json);
    persist_put(step, STATE_DOOR, group_key(group, &step->arena), &out);
}

static void persist_edition(struct step *step, const struct edition *edition)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "at", edition->at);
    jsonw_int(&json, "people", edition->people);
    write_list(&json, "teams", &edition->teams);
    write_list(&json, "words", &edition->words);
    jsonw_object_end(&json);
    persist_put(step, STATE_DOOR, edition->key, &out);
}

static void persist_next(struct step *step, const struct door *door)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    if (!door->timer.place) {
        persist_delete(step, STATE_DOOR, NEXT_KEY);
        return;
    }
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "at", door->timer.due);
    jsonw_object_end(&json);
    persist_put(step, STATE_DOOR, NEXT_KEY, &out);
}

static struct edition *edition_add(struct door *door, const char *key)
{
    int place = door->edition_count;
    while (place > 0 && strcmp(door->editions[place - 1]->key, key) > 0)
        place--;
    ARRAY_GROW(door->editions, door->edition_count, door->edition_cap);
    memmove(door->editions + place + 1, door->editions + place,
            (size_t)(door->edition_count - place) * sizeof(*door->editions));
    door->edition_count++;
    struct edition *edition = door->editions[place] = NEW(struct edition);
    edition->key = xstrdup(key);
    return edition;
}

int door_load(struct core *core, const char *key, const json_t *root)
{
    struct door *door = door_get(core);
    if (str_starts(key, OPEN_KEY)) {
        struct group *group = group_get(door, key + strlen(OPEN_KEY));
        group->since = json_integer_value(json_object_get(root, "since"));
        read_list(json_object_get(root, "who"), &group->who);
        read_list(json_object_get(root, "words"), &group->words);
    } else if (str_starts(key, SHOWN_KEY)) {
        struct edition *edition = edition_add(door, key);
        edition->at = json_integer_value(json_object_get(root, "at"));
        edition->people = (int)json_integer_value(json_object_get(root, "people"));
        read_list(json_object_get(root, "teams"), &edition->teams);
        read_list(json_object_get(root, "words"), &edition->words);
    } else if (str_eq(key, NEXT_KEY)) {
        timer_set(&core->timers, &door->timer, json_integer_value(json_object_get(root, "at")));
    }
    return 0;
}

/* --- taking words --- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool contains(const char *text, const char *word)
{
    size_t length = word ? strlen(word) : 0;
    if (length < NAME_LEAST)
        return false;
    for (; *text; text++) {
        if (small(*text) == small(*word) && str_istarts(text, word, length))
            return true;
    }
    return false;
}

/* Words that say whose they are, or about whom: a full name, or a deal of the speaker's. */
static bool names_somebody(const struct core *core, const struct person *by, const char *words)
{
    for (size_t i = 0; i < core->person_count; i++) {
        const char *name = person_name(core->people[i]);
        if (core->people[i] == by ? contains(words, name)
                                  : strchr(name, ' ') && contains(words, name))
            return true;
    }
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        if (deal->rep == by &&
            (contains(words, deal->texts[DEAL_NAME]) || contains(words, deal->texts[DEAL_ACCOUNT])))
            return true;
    }
    return false;
}

/* How somebody breaks lines tells who it is. */
static const char *one_line(const char *words, struct arena *arena)
{
    char *line = arena_strdup(arena, words), *to = line;
    for (const char *from = line; *from; from++) {
        bool space = strchr(" \t\r\n", *from) != NULL;
        if (!space || (to > line && to[-1] != ' '))
            *to++ = space ? ' ' : *from;
    }
    *to = '\0';
    return line;
}

static void arm(struct core *core, struct step *step)
{
    struct door *door = core->door;
    bool any = door->group_count || door->edition_count;
    timer_set(&core->timers, &door->timer, any ? monday_before(step->now) + MSEC_WEEK : MSEC_NEVER);
    persist_next(step, door);
}

const char *door_take(struct core *core, struct step *step, const struct person *by,
                      const char *words)
{
    char token[MESSAGE_KEY_BYTES];
    const char *line = one_line(words, &step->arena), *team = person_team(by);
    if (utf8_length(line, strlen(line)) > WORDS_POINTS)
        return SAY_DOOR_LONG;
    if (names_somebody(core, by, line))
        return SAY_DOOR_NAMES;
    /* a manager reads the team's words, and is none of the five */
    struct group *group = group_get(door_get(core), by->manager || !team ? "" : team);
    if (group->words.count >= WORDS_MAX)
        return SAY_DOOR_FULL;
    make_token(core, by->id, token);
    if (!group->words.count)
        group->since = monday_before(step->now);
    if (!heap_has(&group->who, token)) {
        int place = 0;
        while (place < group->who.count && strcmp(group->who.list[place], token) < 0)
            place++;
        heap_put(&group->who, place, token);
    }
    shuffle_in(core, &group->words, line);
    persist_group(step, group);
    if (!core->door->timer.place)
        arm(core, step);
    return NULL;
}

/* --- Monday --- */

/* Who leads a team; above that, who leads that manager. NULL: nobody. */
static const struct person *leader_of(const struct core *core, const char *team, int level)
{
    const struct person *leader = NULL;
    for (int i = 0; *team && i < core->book->team_count && !leader; i++) {
        if (str_eq(core->book->teams[i].id, team))
            leader = person_find(core, core->book->teams[i].manager);
    }
    for (size_t i = 0; *team && i < core->person_count && !leader; i++) {
        if (!core->people[i]->manager && str_eq(person_team(core->people[i]), team))
            leader = person_manager(core, core->people[i]);
    }
    while (leader && level--)
        leader = person_manager(core, leader);
    return leader;
}

static void drop_group(struct core *core, struct step *step, int place)
{
    struct door *door = core->door;
    struct group *group = door->groups[place];
    heap_done(&group->words);
    persist_group(step, group);
    group_free(group);
    memmove(door->groups + place, door->groups + place + 1,
            (size_t)(--door->group_count - place) * sizeof(struct group *));
}

/* The groups that are marked can be read from now on; who spoke is forgotten. */
static void publish(struct core *core, struct step *step, const bool *marked, int people)
{
    struct door *door = core->door;
    msec_t monday = monday_before(step->now);
    int serial = 0;
    for (int i = 0; i < door->edition_count; i++)
        serial += door->editions[i]->at == monday;
    struct edition *edition = edition_add(
        door, arena_printf(&step->arena, SHOWN_KEY "%015lld|%06d", (long long)monday, serial));
    edition->at = monday;
    edition->people = people;
    for (int i = door->group_count; i-- > 0;) {
        const struct group *group = door->groups[i];
        if (!marked[i])
            continue;
        heap_put(&edition->teams, 0, group->team);
        for (int k = 0; k < group->words.count; k++)
            shuffle_in(core, &edition->words, group->words.list[k]);
        drop_group(core, step, i);
    }
    persist_edition(step, edition);
}

/* Different people in the groups that are marked. */
static int count_people(const struct door *door, const bool *marked)
{
    struct heap seen = {0};
    for (int i = 0; i < door->group_count; i++) {
        for (int k = 0; marked[i] && k < door->groups[i]->who.count; k++) {
            if (!heap_has(&seen, door->groups[i]->who.list[k]))
                heap_put(&seen, seen.count, door->groups[i]->who.list[k]);
        }
    }
    int people = seen.count;
    heap_done(&seen);
    return people;
}

/* Marks the group and those under the same leader of that level; without one, itself alone. */
static void mark(const struct core *core, int first, int level, bool *marked)
{
    const struct door *door = core->door;
    const struct person *leader = leader_of(core, door->groups[first]->team, level);
    memset(marked, 0, (size_t)door->group_count * sizeof(*marked));
    marked[first] = true;
    for (int i = 0; leader && level && i < door->group_count; i++)
        marked[i] |= leader_of(core, door->groups[i]->team, level) == leader;
}

/* Teams on their own first; what is too small then goes with its neighbours, as far up as needed.
 */
static void publish_all(struct core *core, struct step *step)
{
    const struct door *door = core->door;
    bool *marked = NEW_ARRAY(bool, (size_t)door->group_count + 1);
    for (int level = 0; level <= LEVELS_MAX; level++) {
        for (int i = 0; i < door->group_count;) {
            mark(core, i, level, marked);
            int people = count_people(door, marked);
            if (people >= VOICES_LEAST) {
                publish(core, step, marked, people);
                i = 0; /* the places are others now */
            } else {
                i++;
            }
        }
    }
    free(marked);
}

static void drop_old(struct core *core, struct step *step)
{
    struct door *door = core->door;
    msec_t keep = core->book->limits.keep_answers * MSEC_DAY;
    for (int i = door->group_count; i-- > 0;) {
        if (step->now - door->groups[i]->since >= UNOPENED_DAYS * MSEC_DAY)
            drop_group(core, step, i);
    }
    while (door->edition_count && step->now - door->editions[0]->at >= keep) {
        persist_delete(step, STATE_DOOR, door->editions[0]->key);
        edition_free(door->editions[0]);
        memmove(door->editions, door->editions + 1,
                (size_t)--door->edition_count * sizeof(struct edition *));
    }
}

void door_due(struct core *core, struct step *step)
{
    publish_all(core, step);
    drop_old(core, step);
    arm(core, step);
}

/* Erased: as if this person had never spoken. The words stay, for nobody knows whose they are. */
void core_voices_forget(struct core *core, const char *id, struct step *step)
{
    char token[MESSAGE_KEY_BYTES];
    struct door *door = core->door;
    if (!door)
        return;
    make_token(core, id, token);
    for (int i = 0; i < door->group_count; i++) {
        struct heap *who = &door->groups[i]->who;
        for (int k = who->count; k-- > 0;) {
            if (!str_eq(who->list[k], token))
                continue;
            free(who->list[k]);
            memmove(who->list + k, who->list + k + 1, (size_t)(--who->count - k) * sizeof(char *));
            persist_group(step, door->groups[i]);
        }
    }
}

/* --- looking in --- */

size_t core_voices_count(const struct core *core)
{
    return core->door ? (size_t)core->door->edition_count : 0;
}

struct voices_view core_voices_at(const struct core *core, size_t index)
{
    const struct edition *edition = core->door->editions[index];
    return (struct voices_view){.at = edition->at,
                                .teams = (const char *const *)edition->teams.list,
                                .team_count = edition->teams.count,
                                .people = edition->people,
                                .words = (const char *const *)edition->words.list,
                                .word_count = edition->words.count};
}

static bool leads(const struct core *core, const struct person *person, const char *team)
{
    for (int level = 0; level <= LEVELS_MAX; level++) {
        const struct person *leader = leader_of(core, team, level);
        if (!leader || leader == person)
            return leader != NULL;
    }
    return false;
}

bool core_voices_for(const struct core *core, size_t index, const char *id)
{
    const struct heap *teams = &core->door->editions[index]->teams;
    const struct person *person = person_find(core, id);
    bool all = person && person->manager && teams->count;
    for (int i = 0; all && i < teams->count; i++)
        all = leads(core, person, teams->list[i]);
    return all;
}
