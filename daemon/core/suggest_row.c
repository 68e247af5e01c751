/* What suggestions left behind with a person: in memory and as a row. */
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/suggest.h"

enum {
    DECLINED_DAYS = 90,       /* for so long a declined thing is not offered again */
    DECLINED_KEEP_DAYS = 400, /* and so long it is remembered, for rules with a longer cooldown */
};

struct pair *pair_get(struct person *person)
{
    if (!person->pair) {
        person->pair = NEW(struct pair);
        person->pair->person = person;
        person->pair->asked_at = MSEC_NONE;
        person->pair->timer.kind = TIMER_PAIR;
        person->pair->timer.key = person->id;
    }
    return person->pair;
}

static void free_round(struct pair *pair)
{
    char **const texts[] = {&pair->rule_id, &pair->topic, &pair->occurrence};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        free(*texts[i]);
        *texts[i] = NULL;
    }
    while (pair->asked_count)
        free(pair->asked[--pair->asked_count]);
    pair->prompt[0] = '\0';
    pair->seeking = false;
}

void pair_free(struct pair *pair)
{
    if (!pair)
        return;
    free_round(pair);
    for (int i = 0; i < PAIR_PARTNERS; i++)
        free(pair->partners[i]);
    for (int i = 0; i < pair->declined_count; i++)
        free(pair->declined[i].what);
    free(pair->declined);
    free(pair);
}

void pair_end_round(struct core *core, struct pair *pair)
{
    timer_clear(&core->timers, &pair->timer);
    free_round(pair);
}

msec_t pair_asked_at(const struct person *person)
{
    return person->pair ? person->pair->asked_at : MSEC_NONE;
}

void pair_asked(struct core *core, struct step *step, struct person *person)
{
    struct pair *pair = pair_get(person);
    (void)core; /* nothing else depends on it */
    pair->asked_at = step->now;
    pair_persist(step, pair);
}

bool pair_declined(const struct person *person, const struct rule *rule, msec_t now)
{
    const struct pair *pair = person->pair;
    const char *what = rule->offer.resource ? rule->offer.resource : rule->offer.topic;
    msec_t spared = rule->cooldown ? rule->cooldown : DECLINED_DAYS * MSEC_DAY;
    if (spared > DECLINED_KEEP_DAYS * MSEC_DAY)
        spared = DECLINED_KEEP_DAYS * MSEC_DAY;
    for (int i = 0; pair && i < pair->declined_count; i++) {
        if (str_eq(pair->declined[i].what, what) && now < pair->declined[i].at + spared)
            return true;
    }
    return false;
}

/* --- the row --- */

static void write_round(struct jsonw *json, const struct pair *pair)
{
    jsonw_object(json, "round");
    jsonw_text_opt(json, "rule", pair->rule_id);
    jsonw_text_opt(json, "topic", pair->topic);
    jsonw_text_opt(json, "occurrence", pair->occurrence);
    jsonw_array(json, "asked");
    for (int i = 0; i < pair->asked_count; i++)
        jsonw_text(json, NULL, pair->asked[i]);
    jsonw_array_end(json);
    jsonw_text(json, "prompt", pair->prompt);
    jsonw_int(json, "began", pair->began);
    jsonw_int(json, "due", pair->timer.place ? pair->timer.due : MSEC_NEVER);
    jsonw_object_end(json);
}

void pair_persist(struct step *step, const struct pair *pair)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    if (pair->asked_at != MSEC_NONE)
        jsonw_int(&json, "asked_at", pair->asked_at);
    jsonw_array(&json, "partners");
    for (int i = 0; i < PAIR_PARTNERS && pair->partners[i]; i++)
        jsonw_text(&json, NULL, pair->partners[i]);
    jsonw_array_end(&json);
    jsonw_array(&json, "declined");
    for (int i = 0; i < pair->declined_count; i++) {
        if (pair->declined[i].at < step->now - DECLINED_KEEP_DAYS * MSEC_DAY)
            continue;
        jsonw_array(&json, NULL);
        jsonw_text(&json, NULL, pair->declined[i].what);
        jsonw_int(&json, NULL, pair->declined[i].at);
        jsonw_array_end(&json);
    }
    jsonw_array_end(&json);
    if (pair->seeking)
        write_round(&json, pair);
    jsonw_object_end(&json);
    persist_put(step, STATE_PAIR, pair->person->id, &out);
}

static char *text_of(const json_t *object, const char *key)
{
    return xstrdup(json_string_value(json_object_get(object, key)));
}

static int64_t int_or(const json_t *object, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static void load_round(struct core *core, struct pair *pair, const json_t *round)
{
    const json_t *asked = json_object_get(round, "asked");
    const char *prompt = json_string_value(json_object_get(round, "prompt"));
    pair->seeking = true;
    pair->rule_id = text_of(round, "rule");
    pair->topic = text_of(round, "topic");
    pair->occurrence = text_of(round, "occurrence");
    for (size_t i = 0; i < json_array_size(asked) && i < PAIR_TRIES; i++)
        pair->asked[pair->asked_count++] = xstrdup(json_string_value(json_array_get(asked, i)));
    if (prompt && strlen(prompt) < MESSAGE_KEY_BYTES)
        memcpy(pair->prompt, prompt, strlen(prompt) + 1);
    pair->began = int_or(round, "began", 0);
    timer_set(&core->timers, &pair->timer, int_or(round, "due", MSEC_NEVER));
}

int pair_load(struct core *core, const char *key, const json_t *root)
{
    struct pair *pair = pair_get(person_get(core, key));
    const json_t *partners = json_object_get(root, "partners");
    const json_t *declined = json_object_get(root, "declined");
    const json_t *round = json_object_get(root, "round");
    pair->asked_at = int_or(root, "asked_at", MSEC_NONE);
    for (size_t i = 0; i < json_array_size(partners) && i < PAIR_PARTNERS; i++)
        pair->partners[i] = xstrdup(json_string_value(json_array_get(partners, i)));
    for (size_t i = 0; i < json_array_size(declined); i++) {
        const json_t *one = json_array_get(declined, i);
        ARRAY_GROW(pair->declined, pair->declined_count, pair->declined_cap);
        pair->declined[pair->declined_count++] =
            (struct declined){xstrdup(json_string_value(json_array_get(one, 0))),
                              json_integer_value(json_array_get(one, 1))};
    }
    if (json_is_object(round))
        load_round(core, pair, round);
    return 0;
}
