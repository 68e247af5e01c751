/* topics: what a person wants to be asked about. */
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/speech.h"

enum { TOPICS_MAX = 64, TOPICS_SHOWN = 20, ABOUT_BYTES = 70 };
enum topic_kind { TOPIC_AREA, TOPIC_KIND, TOPIC_PLUGIN };

struct topic {
    enum topic_kind kind;
    int bit;
    const char *name, *about;
};

struct topics {
    struct topic list[TOPICS_MAX];
    int count;
};

/* Two words of the rules are both called skill, so the area goes by another name here. */
static const struct topic areas[] = {
    {TOPIC_AREA, AREA_OPPORTUNITY, "deals", "the deals you are working on"},
    {TOPIC_AREA, AREA_SKILL, "growth", "how you work, whatever the deal"},
};

static const struct topic kinds[] = {
    {TOPIC_KIND, KIND_SKILL, "skill", "how to do something"},
    {TOPIC_KIND, KIND_ACTIVITY, "activity", "what to do next"},
    {TOPIC_KIND, KIND_BELIEF, "belief", "what you think is possible"},
    {TOPIC_KIND, KIND_DRIVE, "drive", "what keeps you going"},
    {TOPIC_KIND, KIND_PURPOSE, "purpose", "what it is good for"},
};

static void add(struct topics *topics, struct topic topic)
{
    if (topics->count < TOPICS_MAX)
        topics->list[topics->count++] = topic;
}

/* Whether the rule asks people like this one anything. */
static bool concerns(const struct said *said, const struct rule *rule)
{
    return rule->action->counts && !rule->alert && (rule->to == TO_MANAGER) == said->by->manager;
}

static bool has_kind(const struct rule *rule, int kind)
{
    for (int i = 0; i < rule->question_count; i++) {
        if ((int)rule->questions[i]->kind == kind)
            return true;
    }
    return false;
}

static bool is_about(const struct rule *rule, const struct topic *topic,
                     const struct plugin *plugin)
{
    if (topic->kind == TOPIC_PLUGIN)
        return rule->plugin == plugin;
    return topic->kind == TOPIC_AREA ? (int)rule->area == topic->bit : has_kind(rule, topic->bit);
}

static bool is_used(const struct said *said, const struct topic *topic, const struct plugin *plugin)
{
    const struct book *book = said->core->book;
    for (int i = 0; i < book->rule_count; i++) {
        if (concerns(said, book->rules[i]) && is_about(book->rules[i], topic, plugin))
            return true;
    }
    return false;
}

static void collect(const struct said *said, struct topics *ret)
{
    const struct book *book = said->core->book;
    ret->count = 0;
    for (size_t i = 0; i < ARRAY_LEN(areas); i++) {
        if (is_used(said, &areas[i], NULL))
            add(ret, areas[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (is_used(said, &kinds[i], NULL))
            add(ret, kinds[i]);
    }
    for (int i = 0; i < book->plugin_count; i++) {
        struct topic topic = {TOPIC_PLUGIN, 0, book->plugins[i]->id, book->plugins[i]->about};
        if (is_used(said, &topic, book->plugins[i]))
            add(ret, topic);
    }
}

static int mute_of(const struct person *person, const char *plugin)
{
    for (int i = 0; i < person->mute_count; i++) {
        if (str_eq(person->mutes[i], plugin))
            return i;
    }
    return -1;
}

static bool is_off(const struct person *person, const struct topic *topic)
{
    if (topic->kind == TOPIC_PLUGIN)
        return mute_of(person, topic->name) >= 0;
    return (topic->kind == TOPIC_AREA ? person->wishes.areas_off : person->wishes.kinds_off) >>
               topic->bit &
           1;
}

static void mute(struct person *person, const char *plugin, bool off)
{
    int at = mute_of(person, plugin);
    if (off && at < 0) {
        ARRAY_GROW(person->mutes, person->mute_count, person->mute_cap);
        person->mutes[person->mute_count++] = xstrdup(plugin);
    } else if (!off && at >= 0) {
        free(person->mutes[at]);
        memmove(person->mutes + at, person->mutes + at + 1,
                (size_t)(person->mute_count - at - 1) * sizeof(*person->mutes));
        person->mute_count--;
    }
}

static void set(struct person *person, const struct topic *topic, bool off)
{
    unsigned *bits =
        topic->kind == TOPIC_AREA ? &person->wishes.areas_off : &person->wishes.kinds_off;
    if (topic->kind == TOPIC_PLUGIN)
        mute(person, topic->name, off);
    else if (off)
        *bits |= 1U << topic->bit;
    else
        *bits &= ~(1U << topic->bit);
}

static void list(const struct said *said, const struct topics *topics)
{
    struct strbuf text = {0};
    strbuf_puts(&text, say_to(said->core, said->by, topics->count ? SAY_TOPICS : SAY_TOPICS_NONE));
    for (int i = 0; i < topics->count && i < TOPICS_SHOWN; i++) {
        const struct topic *topic = &topics->list[i];
        const char *about = topic->about ? arena_strndup(&said->step->arena, topic->about,
                                                         utf8_prefix(topic->about, ABOUT_BYTES))
                                         : NULL;
        strbuf_printf(&text, say_to(said->core, said->by, SAY_TOPICS_LINE), i + 1, topic->name,
                      about ? arena_printf(&said->step->arena, ": %s", about) : "",
                      is_off(said->by, topic) ? say_to(said->core, said->by, SAY_TOPICS_OFF) : "");
    }
    if (topics->count > TOPICS_SHOWN)
        strbuf_printf(&text, say_to(said->core, said->by, SAY_TOPICS_MORE),
                      topics->count - TOPICS_SHOWN);
    command_reply(said, strbuf_text(&text));
    strbuf_done(&text);
}

/* By its number in the list, or by its name. */
static const struct topic *find(const struct topics *topics, const char *word)
{
    int64_t number;
    if (!str_to_i64(word, &number))
        return number >= 1 && number <= topics->count ? &topics->list[number - 1] : NULL;
    for (int i = 0; i < topics->count; i++) {
        if (str_ieq(topics->list[i].name, word))
            return &topics->list[i];
    }
    return NULL;
}

static void unknown(const struct said *said, const struct topics *topics, const char *word)
{
    struct arena *arena = &said->step->arena;
    const char *names[TOPICS_MAX];
    for (int i = 0; i < topics->count; i++)
        names[i] = topics->list[i].name;
    const char *near = nearest_word(word, names, (size_t)topics->count);
    const char *shown = arena_strndup(arena, word, utf8_prefix(word, ABOUT_BYTES));
    command_reply(
        said,
        near ? arena_printf(arena, say_to(said->core, said->by, SAY_TOPIC_UNKNOWN), shown, near)
             : arena_printf(arena, say_to(said->core, said->by, SAY_TOPIC_HOW), shown));
}

/* "off 2", "on belief"; *ret_word is what stands behind. */
static bool take_switch(const char *rest, bool *ret_off, const char **ret_word)
{
    *ret_off = str_istarts(rest, "off ", 4);
    if (!*ret_off && !str_istarts(rest, "on ", 3))
        return false;
    rest += *ret_off ? 4 : 3;
    *ret_word = rest + strspn(rest, " ");
    return true;
}

static bool is_switch(const struct said *said)
{
    bool off;
    const char *word;
    return take_switch(said->rest, &off, &word) || str_ieq(said->rest, "all");
}

static void all_on(const struct said *said)
{
    said->by->wishes.areas_off = said->by->wishes.kinds_off = 0;
    while (said->by->mute_count)
        free(said->by->mutes[--said->by->mute_count]);
    person_touch(said->core, said->by);
    command_reply(said, SAY_TOPICS_ALL);
}

static void cmd_topics(const struct said *said)
{
    struct topics topics;
    struct arena *arena = &said->step->arena;
    const char *word = said->rest;
    bool off;
    collect(said, &topics);
    if (str_empty(said->rest)) {
        list(said, &topics);
        return;
    }
    if (str_ieq(said->rest, "all") || str_ieq(said->rest, "on all")) {
        all_on(said);
        return;
    }
    bool known = take_switch(said->rest, &off, &word);
    const struct topic *topic = known ? find(&topics, word) : NULL;
    if (!topic) {
        unknown(said, &topics, word);
        return;
    }
    set(said->by, topic, off);
    person_touch(said->core, said->by);
    command_reply(
        said, off ? arena_printf(arena, say_to(said->core, said->by, SAY_TOPIC_OFF), topic->name,
                                 topic->name)
                  : arena_printf(arena, say_to(said->core, said->by, SAY_TOPIC_ON), topic->name));
}

const struct command spoken_topics = {
    .words = "topics",
    .also = "topic",
    .takes_rest = true,
    .group = GROUP_LESS,
    .help = SAY_HELP_TOPICS,
    .means = is_switch,
    .run = cmd_topics,
};
