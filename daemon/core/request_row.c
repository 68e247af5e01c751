/* Requests for help in memory and in the store. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/request.h"

static struct requests *requests_of(struct person *person)
{
    if (!person->requests)
        person->requests = NEW(struct requests);
    return person->requests;
}

int request_next_number(const struct person *person)
{
    const struct requests *all = person->requests;
    int last = 0;
    for (int i = 0; all && i < all->own_count; i++)
        last = all->own[i]->number > last ? all->own[i]->number : last;
    for (int i = 0; all && i < all->asked_count; i++)
        last = all->asked[i]->to_number > last ? all->asked[i]->to_number : last;
    return last + 1;
}

struct request *request_new(struct person *by, int number)
{
    struct requests *all = requests_of(by);
    struct request *request = NEW(struct request);
    struct strbuf key = {0};
    strbuf_printf(&key, "%s|%d", by->id, number);
    request->key = strbuf_take(&key);
    request->by = by;
    request->number = number;
    request->due = MSEC_NEVER;
    request->timer.kind = TIMER_REQUEST;
    request->timer.key = request->key;
    int place = all->own_count;
    while (place > 0 && all->own[place - 1]->number > number)
        place--;
    ARRAY_GROW(all->own, all->own_count, all->own_cap);
    memmove(all->own + place + 1, all->own + place,
            (size_t)(all->own_count - place) * sizeof(struct request *));
    all->own[place] = request;
    all->own_count++;
    return request;
}

void request_give(struct request *request, struct person *to, int to_number)
{
    struct requests *all = requests_of(to);
    request->to = to;
    request->to_number = to_number;
    int place = all->asked_count;
    while (place > 0 && all->asked[place - 1]->to_number > to_number)
        place--;
    ARRAY_GROW(all->asked, all->asked_count, all->asked_cap);
    memmove(all->asked + place + 1, all->asked + place,
            (size_t)(all->asked_count - place) * sizeof(struct request *));
    all->asked[place] = request;
    all->asked_count++;
}

static void take_out(struct request **list, int *count, const struct request *request)
{
    for (int i = 0; i < *count; i++) {
        if (list[i] != request)
            continue;
        memmove(list + i, list + i + 1, (size_t)(*count - i - 1) * sizeof(struct request *));
        (*count)--;
        return;
    }
}

static void done(struct request *request)
{
    free(request->key);
    free(request->words);
    free(request->text);
    free(request);
}

void request_free(struct core *core, struct request *request)
{
    timer_clear(&core->timers, &request->timer);
    take_out(request->by->requests->own, &request->by->requests->own_count, request);
    if (request->to_number)
        take_out(request->to->requests->asked, &request->to->requests->asked_count, request);
    done(request);
}

void requests_free(struct person *person)
{
    struct requests *all = person->requests;
    for (int i = 0; all && i < all->own_count; i++)
        done(all->own[i]);
    if (all) {
        free(all->own);
        free(all->asked);
    }
    free(all);
    person->requests = NULL;
}

/* --- the row --- */

/* The helper stands under "with": what the asker wrote stays the asker's when the helper's data are
 * erased, without the helper's name. */
void request_persist(struct step *step, const struct request *request)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rep", request->by->id);
    jsonw_text_opt(&json, "with", request->to ? request->to->id : NULL);
    jsonw_int(&json, "number", request->number);
    jsonw_int(&json, "to_number", request->to_number);
    jsonw_int(&json, "state", request->state);
    jsonw_text(&json, "words", request->words);
    jsonw_text_opt(&json, "text", request->text);
    jsonw_int(&json, "made", request->made);
    jsonw_int(&json, "sent", request->sent);
    jsonw_int(&json, "ended", request->ended);
    if (request->due != MSEC_NEVER)
        jsonw_int(&json, "due", request->due);
    jsonw_int(&json, "said_day", request->said_day);
    jsonw_bool(&json, "reminded", request->reminded);
    jsonw_text(&json, "draft", request->draft);
    jsonw_text(&json, "card", request->card);
    jsonw_int(&json, "next", request->timer.place ? request->timer.due : MSEC_NEVER);
    jsonw_object_end(&json);
    persist_put(step, STATE_REQUEST, request->key, &out);
}

static int64_t int_of(const json_t *root, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(root, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static const char *text_of(const json_t *root, const char *key)
{
    return json_string_value(json_object_get(root, key));
}

static void load_key(const json_t *root, const char *key, char *place)
{
    const char *text = text_of(root, key);
    if (text && strlen(text) < MESSAGE_KEY_BYTES)
        memcpy(place, text, strlen(text) + 1);
}

int request_load(struct core *core, const char *key, const json_t *root)
{
    const char *rep = text_of(root, "rep"), *with = text_of(root, "with");
    (void)key; /* made of its members */
    struct request *request =
        request_new(person_get(core, rep ? rep : ""), (int)int_of(root, "number", 0));
    int to_number = (int)int_of(root, "to_number", 0);
    if (with && to_number)
        request_give(request, person_get(core, with), to_number);
    else if (with)
        request->to = person_get(core, with);
    request->state = (enum request_state)int_of(root, "state", REQUEST_DRAFT);
    request->words = xstrdup(text_of(root, "words"));
    request->text = xstrdup(text_of(root, "text"));
    request->made = int_of(root, "made", 0);
    request->sent = int_of(root, "sent", 0);
    request->ended = int_of(root, "ended", 0);
    request->due = int_of(root, "due", MSEC_NEVER);
    request->said_day = int_of(root, "said_day", 0);
    request->reminded = json_is_true(json_object_get(root, "reminded"));
    load_key(root, "draft", request->draft);
    load_key(root, "card", request->card);
    timer_set(&core->timers, &request->timer, int_of(root, "next", MSEC_NEVER));
    return 0;
}
