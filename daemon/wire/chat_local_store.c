#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "wire/chat_local.h"

static void entry_done(struct local_entry *entry)
{
    free(entry->id);
    free(entry->text);
    free(entry->reader);
    free(entry->buttons);
    free(entry->input);
}

void local_people_done(struct local_people *people)
{
    for (size_t i = 0; i < people->count; i++) {
        struct local_person *person = &people->list[i];
        for (int j = 0; j < person->entry_count; j++)
            entry_done(&person->entries[j]);
        free(person->entries);
        free(person->id);
    }
    free(people->list);
    *people = (struct local_people){0};
}

void local_person_clear(struct local_person *person)
{
    while (person->entry_count)
        entry_done(&person->entries[--person->entry_count]);
}

/* First place whose id is not before `id`. */
static size_t place_of(const struct local_people *people, const char *id)
{
    size_t low = 0, high = people->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(people->list[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct local_person *local_people_find(const struct local_people *people, const char *id)
{
    size_t at = id ? place_of(people, id) : people->count;
    return at < people->count && str_eq(people->list[at].id, id) ? &people->list[at] : NULL;
}

struct local_person *local_people_get(struct local_people *people, const char *id)
{
    struct local_person *known = local_people_find(people, id);
    if (known)
        return known;
    if (str_empty(id) || strlen(id) > LOCAL_ID_MAX || people->count == LOCAL_PEOPLE_MAX)
        return NULL;
    size_t at = place_of(people, id);
    ARRAY_GROW(people->list, people->count, people->cap);
    memmove(people->list + at + 1, people->list + at, (people->count - at) * sizeof(*people->list));
    people->list[at] = (struct local_person){.id = xstrdup(id)};
    people->count++;
    return &people->list[at];
}

bool local_entry_is_open(const struct local_entry *entry)
{
    return entry->buttons || entry->input;
}

struct local_entry *local_entry_find(const struct local_person *person, const char *id)
{
    for (int i = person->entry_count - 1; i >= 0; i--) {
        if (str_eq(person->entries[i].id, id))
            return &person->entries[i];
    }
    return NULL;
}

/* The oldest that is closed; when all are open, the oldest. */
static void make_room(struct local_person *person)
{
    int gone = 0;
    while (gone < person->entry_count && local_entry_is_open(&person->entries[gone]))
        gone++;
    if (gone == person->entry_count)
        gone = 0;
    entry_done(&person->entries[gone]);
    person->entry_count--;
    memmove(person->entries + gone, person->entries + gone + 1,
            (size_t)(person->entry_count - gone) * sizeof(*person->entries));
}

struct local_entry *local_entry_put(struct local_person *person, const char *id)
{
    struct local_entry *known = local_entry_find(person, id);
    if (known)
        return known;
    if (person->entry_count == LOCAL_ENTRIES_MAX)
        make_room(person);
    ARRAY_GROW(person->entries, person->entry_count, person->entry_cap);
    struct local_entry *entry = &person->entries[person->entry_count++];
    *entry = (struct local_entry){.id = xstrdup(id)};
    return entry;
}

static char *buttons_json(const struct message *message)
{
    struct strbuf text = {0};
    struct jsonw json;
    if (message->button_count == 0)
        return NULL;
    jsonw_begin(&json, &text);
    jsonw_array(&json, NULL);
    for (int i = 0; i < message->button_count; i++) {
        jsonw_object(&json, NULL);
        jsonw_text(&json, "id", message->buttons[i].id);
        jsonw_text(&json, "label", message->buttons[i].label);
        if (message->buttons[i].primary)
            jsonw_bool(&json, "primary", true);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    return strbuf_take(&text);
}

static void options_json(struct jsonw *json, const struct input *input)
{
    struct arena arena;
    const struct input_choice *choices = NULL;
    arena_init(&arena);
    int count = input_choices(input, &arena, &choices);
    jsonw_array(json, "options");
    for (int i = 0; i < count; i++) {
        if (str_eq(choices[i].value, choices[i].label)) {
            jsonw_text(json, NULL, choices[i].value);
            continue;
        }
        jsonw_object(json, NULL);
        jsonw_text(json, "id", choices[i].value);
        jsonw_text(json, "label", choices[i].label);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    arena_done(&arena);
}

static char *input_json(const struct input *input)
{
    struct strbuf text = {0};
    struct jsonw json;
    if (!input->present)
        return NULL;
    jsonw_begin(&json, &text);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "kind", chat_input_kind(input->type));
    jsonw_text_opt(&json, "label", input->label);
    options_json(&json, input);
    if (input->type == ANSWER_SCALE) {
        jsonw_int(&json, "min", input->min);
        jsonw_int(&json, "max", input->max);
    }
    jsonw_text_opt(&json, "value", input->value);
    jsonw_object_end(&json);
    return strbuf_take(&text);
}

void local_entry_fill(struct local_entry *entry, const struct message *message)
{
    xstr_replace(&entry->text, message->text ? message->text : "");
    xstr_replace(&entry->reader, message->reader);
    free(entry->buttons);
    free(entry->input);
    entry->buttons = buttons_json(message);
    entry->input = input_json(&message->input);
}

void local_entry_write(const struct local_entry *entry, const char *type, struct strbuf *out)
{
    struct jsonw json;
    strbuf_clear(out);
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "type", type);
    jsonw_text(&json, "id", entry->id);
    jsonw_time(&json, "at", entry->at);
    jsonw_text(&json, "text", entry->text);
    if (!entry->said) {
        jsonw_text(&json, "reader", entry->reader);
        jsonw_raw(&json, "buttons", entry->buttons ? entry->buttons : "[]");
        jsonw_raw(&json, "input", entry->input ? entry->input : "null");
    }
    jsonw_object_end(&json);
}
