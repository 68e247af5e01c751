#include "core/event_fields.h"

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"

enum slot_type { SLOT_TEXT, SLOT_INT, SLOT_BOOL };

/* TEXT(member), INT(member) and BOOL(member) of struct event; the order is the order in the JSON.
 */
#define SLOTS(TEXT, INT, BOOL)                                                                     \
    INT(time)                                                                                      \
    TEXT(type_name)                                                                                \
    TEXT(id)                                                                                       \
    TEXT(source)                                                                                   \
    TEXT(rep)                                                                                      \
    TEXT(deal)                                                                                     \
    TEXT(deal_name)                                                                                \
    TEXT(account)                                                                                  \
    TEXT(owner)                                                                                    \
    TEXT(contact)                                                                                  \
    TEXT(currency)                                                                                 \
    TEXT(next_step)                                                                                \
    TEXT(stage)                                                                                    \
    TEXT(close_date)                                                                               \
    INT(amount)                                                                                    \
    INT(created)                                                                                   \
    TEXT(from)                                                                                     \
    TEXT(to)                                                                                       \
    TEXT(kind)                                                                                     \
    TEXT(direction)                                                                                \
    TEXT(outcome)                                                                                  \
    TEXT(reason)                                                                                   \
    INT(duration_s)                                                                                \
    INT(count)                                                                                     \
    BOOL(automated)                                                                                \
    INT(due)                                                                                       \
    TEXT(gate)                                                                                     \
    TEXT(side)                                                                                     \
    TEXT(evidence)                                                                                 \
    TEXT(goal)                                                                                     \
    TEXT(metric)                                                                                   \
    TEXT(period)                                                                                   \
    INT(target)                                                                                    \
    INT(actual)                                                                                    \
    TEXT(topic)                                                                                    \
    TEXT(area)                                                                                     \
    TEXT(content)                                                                                  \
    TEXT(channel)                                                                                  \
    TEXT(reaction)                                                                                 \
    TEXT(manager)                                                                                  \
    TEXT(team)                                                                                     \
    TEXT(zone)                                                                                     \
    INT(away_from)                                                                                 \
    INT(away_until)                                                                                \
    TEXT(text)                                                                                     \
    TEXT(message)                                                                                  \
    TEXT(button)                                                                                   \
    TEXT(chat)                                                                                     \
    TEXT(name)                                                                                     \
    TEXT(email)                                                                                    \
    BOOL(gone)                                                                                     \
    TEXT(with)                                                                                     \
    TEXT(activity)                                                                                 \
    TEXT(rule)                                                                                     \
    TEXT(goal_owner)                                                                               \
    BOOL(plain)                                                                                    \
    TEXT(raw_kind)                                                                                 \
    TEXT(crm)                                                                                      \
    TEXT(object)                                                                                   \
    TEXT(object_id)                                                                                \
    INT(attempt)                                                                                   \
    BOOL(bulk)

static const struct slot {
    const char *name;
    enum slot_type type;
    size_t offset;
} slots[] = {
#define TEXT(m) {#m, SLOT_TEXT, offsetof(struct event, m)},
#define INT(m)  {#m, SLOT_INT, offsetof(struct event, m)},
#define BOOL(m) {#m, SLOT_BOOL, offsetof(struct event, m)},
    SLOTS(TEXT, INT, BOOL)
#undef TEXT
#undef INT
#undef BOOL
};

static const char *slot_text(const struct event *event, const struct slot *slot)
{
    const char *text;
    memcpy(&text, (const char *)event + slot->offset, sizeof(text));
    return text;
}

static int64_t slot_int(const struct event *event, const struct slot *slot)
{
    int64_t number;
    memcpy(&number, (const char *)event + slot->offset, sizeof(number));
    return number;
}

static bool slot_bool(const struct event *event, const struct slot *slot)
{
    return *((const bool *)((const char *)event + slot->offset));
}

struct event *event_dup(const struct event *event)
{
    size_t bytes = sizeof(*event);
    for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
        if (slots[i].type == SLOT_TEXT && slot_text(event, &slots[i]))
            bytes += strlen(slot_text(event, &slots[i])) + 1;
    }
    struct event *copy = xcalloc(1, bytes);
    *copy = *event;
    char *place = (char *)(copy + 1);
    for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
        if (slots[i].type != SLOT_TEXT || !slot_text(event, &slots[i]))
            continue;
        size_t size = strlen(slot_text(event, &slots[i])) + 1;
        memcpy(place, slot_text(event, &slots[i]), size);
        memcpy((char *)copy + slots[i].offset, &place, sizeof(place));
        place += size;
    }
    return copy;
}

/* Packed: the type, then for each slot that says something its number and its value; the end. */
enum { PACK_END = 0xFF };

/* Bytes of the slot's value; 0: it says nothing. */
static size_t packed_bytes(const struct event *event, const struct slot *slot)
{
    const char *text;
    switch (slot->type) {
    case SLOT_TEXT:
        text = slot_text(event, slot);
        return text ? strlen(text) + 1 : 0;
    case SLOT_INT:
        return slot_int(event, slot) != NUMBER_NONE ? sizeof(int64_t) : 0;
    case SLOT_BOOL:
        return slot_bool(event, slot);
    }
    return 0;
}

/* What the type and the moment say already: they are packed otherwise. */
static bool is_said(const struct event *event, const struct slot *slot)
{
    return slot->offset == offsetof(struct event, time) ||
           (slot->offset == offsetof(struct event, type_name) &&
            event->type_name == event_type_name(event->type)); /* the names of types are ours */
}

struct event_packed event_pack(const struct event *event, struct arena *arena)
{
    size_t sizes[ARRAY_LEN(slots)], bytes = 2;
    unsigned char set[ARRAY_LEN(slots)];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
        if (slots[i].type == SLOT_TEXT && !slot_text(event, &slots[i]))
            continue; /* most of them */
        size_t size = packed_bytes(event, &slots[i]);
        if (!size || is_said(event, &slots[i]))
            continue;
        set[count] = (unsigned char)i;
        sizes[count++] = size;
        bytes += 1 + size;
    }
    char *start = arena_take_bytes(arena, bytes), *place = start;
    *place++ = (char)event->type;
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &slots[set[i]];
        *place++ = (char)set[i];
        memcpy(place,
               slot->type == SLOT_TEXT ? slot_text(event, slot)
                                       : (const char *)event + slot->offset,
               sizes[i]);
        place += sizes[i];
    }
    *place = (char)PACK_END;
    return (struct event_packed){event->time, event->key, start};
}

void event_unpack(const struct event_packed *packed, struct event *ret)
{
    const char *place = packed->bytes;
    event_init(ret, (enum event_type)(unsigned char)*place++, packed->time);
    ret->key = packed->key;
    while ((unsigned char)*place != PACK_END) {
        const struct slot *slot = &slots[(unsigned char)*place++];
        char *into = (char *)ret + slot->offset;
        if (slot->type == SLOT_TEXT) {
            memcpy(into, &place, sizeof(place));
            place += strlen(place) + 1;
        } else {
            size_t size = slot->type == SLOT_INT ? sizeof(int64_t) : 1;
            memcpy(into, place, size);
            place += size;
        }
    }
}

void event_encode(const struct event *event, struct strbuf *out)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "type", event_type_name(event->type));
    for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
        const struct slot *slot = &slots[i];
        if (slot->type == SLOT_TEXT)
            jsonw_text_opt(&json, slot->name, slot_text(event, slot));
        else if (slot->type == SLOT_INT && slot_int(event, slot) != NUMBER_NONE)
            jsonw_int(&json, slot->name, slot_int(event, slot));
        else if (slot->type == SLOT_BOOL && slot_bool(event, slot))
            jsonw_bool(&json, slot->name, true);
    }
    jsonw_object_end(&json);
}

static enum event_type any_type(const char *name)
{
    for (int i = 0; i < EVENT_TYPES; i++) {
        if (str_eq(event_type_name((enum event_type)i), name))
            return (enum event_type)i;
    }
    return EVENT_OTHER;
}

static void slot_read(const struct slot *slot, const json_t *value, struct arena *arena,
                      struct event *event)
{
    char *place = (char *)event + slot->offset;
    if (slot->type == SLOT_TEXT && json_is_string(value)) {
        const char *text = arena_strdup(arena, json_string_value(value));
        memcpy(place, &text, sizeof(text));
    } else if (slot->type == SLOT_INT && json_is_integer(value)) {
        int64_t number = json_integer_value(value);
        memcpy(place, &number, sizeof(number));
    } else if (slot->type == SLOT_BOOL) {
        *((bool *)place) = json_is_true(value);
    }
}

int event_decode(const char *text, struct arena *arena, struct err *err, struct event *ret)
{
    json_error_t why;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, EINVAL, "stored event is not readable: %s", why.text);
    }
    struct event event;
    event_init(&event, any_type(json_string_value(json_object_get(root, "type"))), 0);
    for (size_t i = 0; i < ARRAY_LEN(slots); i++)
        slot_read(&slots[i], json_object_get(root, slots[i].name), arena, &event);
    if (event.id && event.source)
        event.key = event_key(event.source, event.id);
    json_decref(root);
    *ret = event;
    return 0;
}
