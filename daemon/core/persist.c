/* State rows: what is true, as JSON, so that a person can read an export. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/access.h"
#include "core/choosing.h"
#include "core/course.h"
#include "core/door.h"
#include "core/event_fields.h"
#include "core/goal.h"
#include "core/learn.h"
#include "core/ledger.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/plan.h"
#include "core/request.h"
#include "core/row_shape.h"
#include "core/suggest.h"
#include "core/talk.h"

/* --- writing --- */

void persist_put(struct step *step, int kind, const char *key, struct strbuf *value)
{
    struct intent *intent = step_add(step, INTENT_STATE);
    intent->state.kind = kind;
    intent->state.key = arena_strdup(&step->arena, key);
    intent->state.value = arena_strndup(&step->arena, value->data, value->len);
    strbuf_done(value);
}

void persist_delete(struct step *step, int kind, const char *key)
{
    if (step->stateless)
        return;
    struct intent *intent = step_add(step, INTENT_STATE);
    intent->state.kind = kind;
    intent->state.key = arena_strdup(&step->arena, key);
    intent->state.value = NULL;
}

static void write_stamp(struct jsonw *json, const struct stamp *stamp)
{
    jsonw_array(json, NULL);
    jsonw_int(json, NULL, stamp->time);
    jsonw_int(json, NULL, (int64_t)stamp->tie);
    jsonw_array_end(json);
}

static void write_aways(struct jsonw *json, const struct person *person)
{
    jsonw_array(json, "aways");
    for (int i = 0; i < person->away_count; i++) {
        jsonw_array(json, NULL);
        jsonw_int(json, NULL, person->aways[i].from);
        jsonw_int(json, NULL, person->aways[i].until);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
    jsonw_array(json, "backs");
    for (int i = 0; i < person->back_count; i++)
        jsonw_int(json, NULL, person->backs[i]);
    jsonw_array_end(json);
}

static void write_uses(struct jsonw *json, const struct person *person)
{
    jsonw_array(json, "uses");
    for (int i = 0; i < person->use_count; i++) {
        jsonw_array(json, NULL);
        jsonw_text(json, NULL, person->uses[i].rule);
        jsonw_int(json, NULL, person->uses[i].count);
        jsonw_int(json, NULL, person->uses[i].last);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

/* Only where there are any: few people are part of an experiment. */
static void write_hushes(struct jsonw *json, const struct person *person)
{
    if (!person->hush_count)
        return;
    jsonw_array(json, "hushes");
    for (int i = 0; i < person->hush_count; i++) {
        jsonw_array(json, NULL);
        jsonw_text(json, NULL, person->hushes[i].rule);
        jsonw_int(json, NULL, person->hushes[i].at);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

static void write_deal_hushes(struct jsonw *json, const struct deal *deal)
{
    if (!deal->hush_count)
        return;
    jsonw_array(json, "hushes");
    for (int i = 0; i < deal->hush_count; i++) {
        jsonw_array(json, NULL);
        jsonw_text(json, NULL, deal->hushes[i].rule);
        jsonw_int(json, NULL, deal->hushes[i].count);
        jsonw_int(json, NULL, deal->hushes[i].last);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

static void write_clock(struct jsonw *json, const struct wall_clock *clock)
{
    if (!clock->zone)
        return;
    jsonw_text(json, "clock", clock->zone);
    if (clock->has_moved)
        jsonw_int(json, "clock_shown", clock->shown);
}

void persist_person(struct step *step, const struct person *person)
{
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text_opt(&json, "chat", person->chat);
    jsonw_text_opt(&json, "email", person->email);
    jsonw_text_opt(&json, "zone", person->zone_said);
    write_clock(&json, &person->clock);
    jsonw_text_opt(&json, "manager", person->manager_said);
    jsonw_text_opt(&json, "team", person->team_said);
    jsonw_bool(&json, "gone", person->gone);
    jsonw_bool(&json, "left", person->left);
    jsonw_array(&json, "stamps");
    write_stamp(&json, &person->left_stamp);
    write_stamp(&json, &person->zone_stamp);
    write_stamp(&json, &person->manager_stamp);
    write_stamp(&json, &person->team_stamp);
    jsonw_array_end(&json);
    write_aways(&json, person);
    write_uses(&json, person);
    write_hushes(&json, person);
    if (person->paused_until != MSEC_NONE)
        jsonw_int(&json, "paused_until", person->paused_until);
    if (person->stopped_until != MSEC_NONE)
        jsonw_int(&json, "stopped_until", person->stopped_until);
    if (person->team_paused_until != MSEC_NONE)
        jsonw_int(&json, "team_paused_until", person->team_paused_until);
    jsonw_array(&json, "mutes");
    for (int i = 0; i < person->mute_count; i++)
        jsonw_text(&json, NULL, person->mutes[i]);
    jsonw_array_end(&json);
    jsonw_bool(&json, "afternoons", person->afternoons);
    jsonw_bool(&json, "less", person->wishes.per_week == 1);
    wishes_write(&json, &person->wishes);
    if (person->introduced)
        jsonw_bool(&json, "introduced", true);
    if (person->choosing)
        choosing_write(&json, person->choosing);
    jsonw_int(&json, "unanswered", person->unanswered);
    jsonw_int(&json, "backoff", person->backoff);
    if (person->forget_asked != MSEC_NONE)
        jsonw_int(&json, "forget_asked", person->forget_asked);
    if (person->behaviours_asked != MSEC_NONE)
        jsonw_int(&json, "behaviours_asked", person->behaviours_asked);
    if (person->last_loss != MSEC_NONE)
        jsonw_int(&json, "last_loss", person->last_loss);
    jsonw_object_end(&json);
    persist_put(step, STATE_PERSON, person->id, &out);
}

static const char *const deal_texts[DEAL_TEXTS] = {
    [DEAL_NAME] = "name",       [DEAL_ACCOUNT] = "account",       [DEAL_OWNER] = "owner",
    [DEAL_CONTACT] = "contact", [DEAL_CURRENCY] = "currency",     [DEAL_NEXT_STEP] = "next_step",
    [DEAL_STAGE] = "stage",     [DEAL_CLOSE_DATE] = "close_date",
};

void persist_deal(struct step *step, const struct deal *deal)
{
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    for (int i = 0; i < DEAL_TEXTS; i++)
        jsonw_text_opt(&json, deal_texts[i], deal->texts[i]);
    if (deal->amount != NUMBER_NONE)
        jsonw_int(&json, "amount", deal->amount);
    jsonw_bool(&json, "deleted", deal->deleted);
    if (deal->created != MSEC_NONE)
        jsonw_int(&json, "created", deal->created);
    jsonw_array(&json, "stamps");
    for (int i = 0; i < DEAL_FIELDS; i++)
        write_stamp(&json, &deal->stamps[i]);
    jsonw_array_end(&json);
    jsonw_array(&json, "gates");
    for (int i = 0; i < deal->gate_count; i++) {
        jsonw_array(&json, NULL);
        jsonw_text(&json, NULL, deal->gates[i].gate);
        jsonw_bool(&json, NULL, deal->gates[i].done);
        write_stamp(&json, &deal->gates[i].stamp);
        jsonw_array_end(&json);
    }
    jsonw_array_end(&json);
    write_deal_hushes(&json, deal);
    if (deal->furthest)
        jsonw_int(&json, "furthest", deal->furthest);
    jsonw_object_end(&json);
    persist_put(step, STATE_DEAL, deal->id, &out);
}

void persist_prompt(struct step *step, const struct prompt *prompt)
{
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "key", prompt->key);
    jsonw_text(&json, "latest", prompt->latest);
    jsonw_array(&json, "older");
    for (int i = 0; i < prompt->older_count; i++)
        jsonw_text(&json, NULL, prompt->older[i]);
    jsonw_array_end(&json);
    jsonw_int(&json, "kind", prompt->kind);
    jsonw_int(&json, "state", prompt->state);
    jsonw_text(&json, "to", prompt->to->id);
    jsonw_text(&json, "about", prompt->about->id);
    jsonw_text_opt(&json, "rule", prompt->rule_id);
    jsonw_text_opt(&json, "question", prompt->question_id);
    jsonw_text_opt(&json, "talk", prompt->talk ? prompt->talk->key : NULL);
    jsonw_text_opt(&json, "occurrence", prompt->occurrence);
    jsonw_text_opt(&json, "family", prompt->family);
    jsonw_text_opt(&json, "deal", prompt->deal ? prompt->deal->id : NULL);
    jsonw_text_opt(&json, "stage", prompt->stage);
    jsonw_text_opt(&json, "text", prompt->text);
    jsonw_text_opt(&json, "shown", prompt->shown);
    jsonw_text_opt(&json, "why", prompt->why);
    jsonw_text_opt(&json, "answer", prompt->answer);
    jsonw_text_opt(&json, "wording", prompt->wording);
    jsonw_int(&json, "reader", prompt->reader);
    if (prompt->stored)
        jsonw_int(&json, "stored", prompt->stored);
    if (prompt->number)
        jsonw_int(&json, "number", prompt->number);
    jsonw_int(&json, "at", prompt->at);
    jsonw_int(&json, "answered_at", prompt->answered_at);
    jsonw_int(&json, "reminders", prompt->reminders);
    jsonw_int(&json, "rounds", prompt->rounds);
    jsonw_int(&json, "close_at", prompt->close_at);
    if (prompt->shared)
        jsonw_bool(&json, "shared", true);
    if (prompt->begins != MSEC_NEVER)
        jsonw_int(&json, "begins", prompt->begins);
    jsonw_int(&json, "due", prompt->timer.place ? prompt->timer.due : MSEC_NEVER);
    jsonw_object_end(&json);
    persist_put(step, STATE_PROMPT, prompt->key, &out);
}

void persist_pending(struct step *step, const struct pending *pending, bool gone)
{
    if (gone) {
        persist_delete(step, STATE_PENDING, pending->key);
        return;
    }
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "kind", pending->kind);
    jsonw_text(&json, "rule", pending->rule->id);
    jsonw_text(&json, "rep", pending->rep->id);
    jsonw_text_opt(&json, "deal", pending->deal ? pending->deal->id : NULL);
    jsonw_text(&json, "occurrence", pending->occurrence);
    jsonw_text_opt(&json, "stage", pending->stage);
    jsonw_int(&json, "since", pending->since);
    jsonw_int(&json, "due", pending->timer.due);
    if (pending->kind == PENDING_PLAN) {
        jsonw_text_opt(&json, "terms", pending->terms);
        jsonw_int(&json, "cursor", pending->cursor);
        jsonw_bool(&json, "done", pending->done);
    }
    if (pending->event) {
        struct strbuf event = {0};
        event_encode(pending->event, &event);
        jsonw_raw(&json, "event", strbuf_text(&event));
        strbuf_done(&event);
    }
    jsonw_object_end(&json);
    persist_put(step, STATE_PENDING, pending->key, &out);
}

void persist_cursor(struct step *step, const char *key, msec_t after, const char *source)
{
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "after", after);
    jsonw_text(&json, "of", source);
    jsonw_object_end(&json);
    persist_put(step, STATE_CURSOR, key, &out);
}

static int by_person(const void *a, const void *b)
{
    return strcmp((*(struct person *const *)a)->id, (*(struct person *const *)b)->id);
}

static int by_deal(const void *a, const void *b)
{
    return strcmp((*(struct deal *const *)a)->id, (*(struct deal *const *)b)->id);
}

void persist_flush(struct core *core, struct step *step)
{
    if (core->dirty_person_count > 1)
        qsort(core->dirty_people, core->dirty_person_count, sizeof(*core->dirty_people), by_person);
    for (size_t i = 0; i < core->dirty_person_count; i++) {
        core->dirty_people[i]->dirty = false;
        persist_person(step, core->dirty_people[i]);
    }
    core->dirty_person_count = 0;
    if (core->dirty_deal_count > 1)
        qsort(core->dirty_deals, core->dirty_deal_count, sizeof(*core->dirty_deals), by_deal);
    for (size_t i = 0; i < core->dirty_deal_count; i++) {
        core->dirty_deals[i]->dirty = false;
        persist_deal(step, core->dirty_deals[i]);
    }
    core->dirty_deal_count = 0;
}

/* --- reading --- */

static char *text_of(const json_t *object, const char *key)
{
    return xstrdup(json_string_value(json_object_get(object, key)));
}

static int64_t int_or(const json_t *object, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static bool flag_of(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static struct stamp stamp_of(const json_t *pair)
{
    return (struct stamp){json_integer_value(json_array_get(pair, 0)),
                          (uint64_t)json_integer_value(json_array_get(pair, 1))};
}

static void load_times(struct person *person, const json_t *root)
{
    const json_t *aways = json_object_get(root, "aways"), *backs = json_object_get(root, "backs");
    for (size_t i = 0; i < json_array_size(aways); i++) {
        const json_t *pair = json_array_get(aways, i);
        ARRAY_GROW(person->aways, person->away_count, person->away_cap);
        person->aways[person->away_count++] =
            (struct hours_away){json_integer_value(json_array_get(pair, 0)),
                                json_integer_value(json_array_get(pair, 1))};
    }
    for (size_t i = 0; i < json_array_size(backs); i++) {
        ARRAY_GROW(person->backs, person->back_count, person->back_cap);
        person->backs[person->back_count++] = json_integer_value(json_array_get(backs, i));
    }
}

static void load_uses(struct core *core, struct person *person, const json_t *uses)
{
    for (size_t i = 0; i < json_array_size(uses); i++) {
        const json_t *use = json_array_get(uses, i);
        const char *rule = json_string_value(json_array_get(use, 0));
        if (!rule)
            continue;
        ARRAY_GROW(person->uses, person->use_count, person->use_cap);
        person->uses[person->use_count++] =
            (struct uses){core_intern(core, rule), (int)json_integer_value(json_array_get(use, 1)),
                          json_integer_value(json_array_get(use, 2))};
    }
}

static void load_hushes(struct core *core, struct person *person, const json_t *hushes)
{
    for (size_t i = 0; i < json_array_size(hushes); i++) {
        const json_t *hush = json_array_get(hushes, i);
        const char *rule = json_string_value(json_array_get(hush, 0));
        if (!rule)
            continue;
        ARRAY_GROW(person->hushes, person->hush_count, person->hush_cap);
        person->hushes[person->hush_count++] =
            (struct hush){json_integer_value(json_array_get(hush, 1)), core_intern(core, rule)};
    }
}

static void load_deal_hushes(struct core *core, struct deal *deal, const json_t *hushes)
{
    for (size_t i = 0; i < json_array_size(hushes); i++) {
        const json_t *hush = json_array_get(hushes, i);
        const char *rule = json_string_value(json_array_get(hush, 0));
        if (!rule)
            continue;
        ARRAY_GROW(deal->hushes, deal->hush_count, deal->hush_cap);
        deal->hushes[deal->hush_count++] =
            (struct uses){core_intern(core, rule), (int)json_integer_value(json_array_get(hush, 1)),
                          json_integer_value(json_array_get(hush, 2))};
    }
}

static void load_clock(struct core *core, struct wall_clock *clock, const json_t *root)
{
    const char *zone = json_string_value(json_object_get(root, "clock"));
    clock->zone = zone ? core_intern(core, zone) : NULL; /* rows of an older version have none */
    clock->shown = int_or(root, "clock_shown", MSEC_NONE);
    clock->has_moved = clock->shown != MSEC_NONE;
}

static int load_person(struct core *core, const char *key, const json_t *root)
{
    struct person *person = receiver_get(core, key);
    person->chat = text_of(root, "chat");
    person->email = text_of(root, "email");
    person->zone_said = text_of(root, "zone");
    load_clock(core, &person->clock, root);
    person->manager_said = text_of(root, "manager");
    person->team_said = text_of(root, "team");
    person->gone = flag_of(root, "gone");
    person->left = flag_of(root, "left");
    const json_t *stamps = json_object_get(root, "stamps");
    person->left_stamp = stamp_of(json_array_get(stamps, 0));
    person->zone_stamp = stamp_of(json_array_get(stamps, 1));
    person->manager_stamp = stamp_of(json_array_get(stamps, 2));
    person->team_stamp = stamp_of(json_array_get(stamps, 3));
    load_times(person, root);
    load_uses(core, person, json_object_get(root, "uses"));
    load_hushes(core, person, json_object_get(root, "hushes"));
    person->paused_until = int_or(root, "paused_until", MSEC_NONE);
    person->stopped_until = int_or(root, "stopped_until", MSEC_NONE);
    person->team_paused_until = int_or(root, "team_paused_until", MSEC_NONE);
    const json_t *mutes = json_object_get(root, "mutes");
    for (size_t i = 0; i < json_array_size(mutes); i++) {
        ARRAY_GROW(person->mutes, person->mute_count, person->mute_cap);
        person->mutes[person->mute_count++] = xstrdup(json_string_value(json_array_get(mutes, i)));
    }
    person->afternoons = flag_of(root, "afternoons");
    wishes_load(&person->wishes, root);
    person->introduced = flag_of(root, "introduced");
    person->choosing = choosing_load(root);
    person->unanswered = (int)int_or(root, "unanswered", 0);
    person->backoff = (enum backoff)int_or(root, "backoff", 0);
    person->last_loss = int_or(root, "last_loss", MSEC_NONE);
    person->forget_asked = int_or(root, "forget_asked", MSEC_NONE);
    person->behaviours_asked = int_or(root, "behaviours_asked", MSEC_NONE);
    person_add_key(core, person->chat, person);
    person_resolve_zone(core, person);
    return 0;
}

static int load_deal(struct core *core, const char *key, const json_t *root)
{
    struct deal *deal = deal_read(core, key);
    for (int i = 0; i < DEAL_TEXTS; i++) {
        free(deal->texts[i]);
        deal->texts[i] = text_of(root, deal_texts[i]);
    }
    deal->amount = int_or(root, "amount", NUMBER_NONE);
    deal->deleted = flag_of(root, "deleted");
    deal->created = int_or(root, "created", MSEC_NONE);
    const json_t *stamps = json_object_get(root, "stamps");
    for (size_t i = 0; i < DEAL_FIELDS && i < json_array_size(stamps); i++)
        deal->stamps[i] = stamp_of(json_array_get(stamps, i));
    const json_t *gates = json_object_get(root, "gates");
    for (size_t i = 0; i < json_array_size(gates); i++) {
        const json_t *gate = json_array_get(gates, i);
        ARRAY_GROW(deal->gates, deal->gate_count, deal->gate_cap);
        deal->gates[deal->gate_count++] = (struct gate_mark){
            xstrdup(json_string_value(json_array_get(gate, 0))),
            json_is_true(json_array_get(gate, 1)), stamp_of(json_array_get(gate, 2))};
    }
    load_deal_hushes(core, deal, json_object_get(root, "hushes"));
    deal->furthest = (int)int_or(root, "furthest", 0);
    deal->rep = person_find(core, deal->texts[DEAL_OWNER]);
    return 0;
}

static void copy_key(char *place, const json_t *value)
{
    const char *key = json_string_value(value);
    if (key && strlen(key) < MESSAGE_KEY_BYTES)
        memcpy(place, key, strlen(key) + 1);
}

static int load_prompt(struct core *core, const char *key, const json_t *root)
{
    struct prompt *prompt = NEW(struct prompt);
    (void)key; /* it is in the row too */
    copy_key(prompt->key, json_object_get(root, "key"));
    copy_key(prompt->latest, json_object_get(root, "latest"));
    const json_t *older = json_object_get(root, "older");
    for (size_t i = 0; i < json_array_size(older); i++) {
        ARRAY_GROW(prompt->older, prompt->older_count, prompt->older_cap);
        copy_key(memset(prompt->older[prompt->older_count++], 0, MESSAGE_KEY_BYTES),
                 json_array_get(older, i));
    }
    prompt->kind = (enum prompt_kind)int_or(root, "kind", 0);
    prompt->state = (enum prompt_state)int_or(root, "state", 0);
    prompt->to = person_get(core, json_string_value(json_object_get(root, "to")));
    prompt->about = person_get(core, json_string_value(json_object_get(root, "about")));
    prompt->rule_id = text_of(root, "rule");
    prompt->question_id = text_of(root, "question");
    prompt->occurrence = text_of(root, "occurrence");
    prompt->family = text_of(root, "family");
    const char *deal = json_string_value(json_object_get(root, "deal"));
    prompt->deal = deal ? deal_get(core, deal) : NULL;
    prompt->stage = text_of(root, "stage");
    prompt->text = text_of(root, "text");
    prompt->shown = text_of(root, "shown");
    prompt->why = text_of(root, "why");
    prompt->answer = text_of(root, "answer");
    prompt->wording = text_of(root, "wording");
    prompt->at = int_or(root, "at", 0);
    prompt->answered_at = int_or(root, "answered_at", 0);
    prompt->reminders = (int)int_or(root, "reminders", 0);
    prompt->rounds = (int)int_or(root, "rounds", 0);
    prompt->close_at = int_or(root, "close_at", MSEC_NEVER);
    prompt->begins = int_or(root, "begins", MSEC_NEVER);
    const char *talk = json_string_value(json_object_get(root, "talk"));
    if (talk)
        talk_link(talk_get(core, talk), prompt);
    prompt_rebind(core, prompt);
    /* rows of an older version do not say it */
    prompt->reader = (enum reader)int_or(root, "reader",
                                         prompt->question ? prompt->question->reader : READER_REP);
    prompt->stored = (enum stored)int_or(root, "stored", STORED_ALWAYS);
    prompt->shared = flag_of(root, "shared");
    prompt->number = (int)int_or(root, "number", 0);
    prompt->timer.kind = TIMER_PROMPT;
    prompt->timer.key = prompt->key;
    prompt_restore(core, prompt, int_or(root, "due", MSEC_NEVER));
    return 0;
}

static int load_pending(struct core *core, const char *key, const json_t *root)
{
    const char *rule = json_string_value(json_object_get(root, "rule"));
    const char *deal = json_string_value(json_object_get(root, "deal"));
    struct pending *pending =
        pending_new(key, json_string_value(json_object_get(root, "occurrence")),
                    json_string_value(json_object_get(root, "stage")));
    pending->kind = (enum pending_kind)int_or(root, "kind", 0);
    pending->rule = book_rule(core->book, rule);
    pending->rep = receiver_get(core, json_string_value(json_object_get(root, "rep")));
    pending->deal = deal ? deal_get(core, deal) : NULL;
    pending->since = int_or(root, "since", 0);
    pending->terms = text_of(root, "terms");
    pending->cursor = int_or(root, "cursor", 0);
    pending->done = flag_of(root, "done");
    const json_t *event = json_object_get(root, "event");
    if (event) {
        struct arena arena;
        struct event decoded;
        arena_init(&arena);
        CLEANUP_FREE char *text = json_dumps(event, JSON_COMPACT);
        if (!event_decode(text, &arena, NULL, &decoded))
            pending->event = event_dup(&decoded);
        arena_done(&arena);
    }
    pending_restore(core, pending, int_or(root, "due", 0));
    return 0;
}

static int load_cursor(struct core *core, const char *key, const json_t *root)
{
    struct cursor *cursor = arena_alloc(&core->names, sizeof(*cursor));
    cursor->after = int_or(root, "after", 0);
    cursor->source = arena_strdup(&core->names, json_string_value(json_object_get(root, "of")));
    map_set(&core->cursors, core_intern(core, key), cursor);
    return 0;
}

int core_load_state(struct core *core, int kind, const char *key, const char *value,
                    struct err *err)
{
    static int (*const load[])(struct core *, const char *, const json_t *) = {
        [STATE_PERSON] = load_person, [STATE_DEAL] = load_deal,
        [STATE_PROMPT] = load_prompt, [STATE_PENDING] = load_pending,
        [STATE_CURSOR] = load_cursor, [STATE_FLOW] = talk_load,
        [STATE_TRIAL] = load_trial,   [STATE_RULE] = load_rule_state,
        [STATE_PAIR] = pair_load,     [STATE_LEDGER] = ledger_load,
        [STATE_ACCESS] = access_load, [STATE_GOAL] = goals_load,
        [STATE_PLAN] = plan_load,     [STATE_LADDER] = course_load,
        [STATE_DOOR] = door_load,     [STATE_REQUEST] = request_load,
    };
    if (kind < 0 || (size_t)kind >= ARRAY_LEN(load) || !load[kind])
        return 0; /* the engine's or the daemon's own */
    json_error_t why;
    json_t *root = json_loads(value, 0, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, EINVAL, "stored state %d '%s' is not readable: %s", kind, key,
                       why.text);
    }
    int status = row_shape_check(kind, key, root, err);
    if (!status)
        status = load[kind](core, key, root);
    json_decref(root);
    return status;
}
