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

enum {
#define NUMBER(m) SLOT_##m,
    SLOTS(NUMBER, NUMBER, NUMBER) SLOT_COUNT
#undef NUMBER
};

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

/* The same by type, for what is done with every event: most of them say nothing. */
struct place {
    unsigned char slot;
    unsigned short offset;
};

#define PLACE(m) {SLOT_##m, offsetof(struct event, m)},
#define NONE(m)
static const struct place text_places[] = {SLOTS(PLACE, NONE, NONE)};
static const struct place int_places[] = {SLOTS(NONE, PLACE, NONE)};
static const struct place bool_places[] = {SLOTS(NONE, NONE, PLACE)};
#undef PLACE
#undef NONE

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

static const char *text_at(const struct event *event, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)event + offset, sizeof(text));
    return text;
}

struct event *event_dup(const struct event *event)
{
    size_t sizes[ARRAY_LEN(text_places)], bytes = sizeof(*event);
    for (size_t i = 0; i < ARRAY_LEN(text_places); i++) {
        const char *text = text_at(event, text_places[i].offset);
        sizes[i] = text ? strlen(text) + 1 : 0;
        bytes += sizes[i];
    }
    struct event *copy = xmalloc(bytes);
    *copy = *event;
    char *place = (char *)(copy + 1);
    for (size_t i = 0; i < ARRAY_LEN(text_places); i++) {
        size_t offset = text_places[i].offset;
        if (!sizes[i])
            continue;
        memcpy(place, text_at(event, offset), sizes[i]);
        memcpy((char *)copy + offset, &place, sizeof(place));
        place += sizes[i];
    }
    return copy;
}

/* Packed: the type, then for each slot that says something its number and its value; the end. */
enum { PACK_END = 0xFF };

/* A value that goes into the pack. */
struct packing {
    unsigned char slot;
    const void *value;
    size_t bytes;
};

/* What the type and the moment say already is packed otherwise. Returns how many there are. */
static size_t find_said(const struct event *event, struct packing *list)
{
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(text_places); i++) {
        const char *text = text_at(event, text_places[i].offset);
        if (text && text != event_type_name(event->type)) /* the names of types are ours */
            list[count++] = (struct packing){text_places[i].slot, text, strlen(text) + 1};
    }
    for (size_t i = 0; i < ARRAY_LEN(int_places); i++) {
        const char *value = (const char *)event + int_places[i].offset;
        int64_t number;
        memcpy(&number, value, sizeof(number));
        if (number != NUMBER_NONE && int_places[i].slot != SLOT_time)
            list[count++] = (struct packing){int_places[i].slot, value, sizeof(number)};
    }
    for (size_t i = 0; i < ARRAY_LEN(bool_places); i++) {
        const char *value = (const char *)event + bool_places[i].offset;
        if (*value)
            list[count++] = (struct packing){bool_places[i].slot, value, 1};
    }
    return count;
}

struct event_packed event_pack(const struct event *event, struct arena *arena)
{
    struct packing said[SLOT_COUNT];
    size_t count = find_said(event, said), bytes = 2 + count;
    for (size_t i = 0; i < count; i++)
        bytes += said[i].bytes;
    char *start = arena_take_bytes(arena, bytes), *place = start;
    *place++ = (char)event->type;
    for (size_t i = 0; i < count; i++) {
        *place++ = (char)said[i].slot;
        memcpy(place, said[i].value, said[i].bytes);
        place += said[i].bytes;
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
        } else if (slot->type == SLOT_INT) {
            memcpy(into, place, sizeof(int64_t));
            place += sizeof(int64_t);
        } else {
            *into = *place++;
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
