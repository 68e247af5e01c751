#include "wire/chat_local.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"

/* COUNT(enumerator, name) */
#define LOCAL_COUNT_LIST(COUNT)                                                                    \
    COUNT(BAD_FRAME, "bad_frame")                                                                  \
    COUNT(TOO_LONG, "too_long")                                                                    \
    COUNT(CROWDED, "crowded") /* no place for one more connection or person */

enum local_count {
#define COUNT(name, text) LOCAL_COUNT_##name,
    LOCAL_COUNT_LIST(COUNT)
#undef COUNT
        LOCAL_COUNTS
};

enum { LOCAL_FRAME_BYTES = 64 * 1024 };

struct conn {
    uint32_t id;
    char *person;
};

struct local {
    struct local_people people;
    struct conn conns[LOCAL_CONNS_MAX];
    size_t conn_count;
    uint64_t seed, serial; /* together they make ids that no other run of the daemon makes */
    struct strbuf scratch;
    struct chat_counter counters[LOCAL_COUNTS];
};

static int local_new(const struct chat_setup *setup, struct err *err, void **ret_state)
{
    static const char *const names[LOCAL_COUNTS] = {
#define COUNT(name, text) [LOCAL_COUNT_##name] = text,
        LOCAL_COUNT_LIST(COUNT)
#undef COUNT
    };
    struct local *local = NEW(struct local);
    (void)err; /* there is nothing that could be wrong */
    local->seed = setup->seed;
    for (size_t i = 0; i < LOCAL_COUNTS; i++)
        local->counters[i].name = names[i];
    *ret_state = local;
    return 0;
}

static void local_free(void *state)
{
    struct local *local = state;
    if (!local)
        return;
    for (size_t i = 0; i < local->conn_count; i++)
        free(local->conns[i].person);
    local_people_done(&local->people);
    strbuf_done(&local->scratch);
    free(local);
}

/* --- to the pages --- */

/* What is in scratch, to every connection of a person; NULL: of everybody. */
static void tell(struct local *local, const char *person, struct wire_out *out)
{
    for (size_t i = 0; i < local->conn_count; i++) {
        if (!person || str_eq(local->conns[i].person, person))
            wire_frame(out, local->conns[i].id, strbuf_text(&local->scratch), local->scratch.len);
    }
}

static void begin(struct local *local, struct jsonw *json, const char *type)
{
    strbuf_clear(&local->scratch);
    jsonw_begin(json, &local->scratch);
    jsonw_object(json, NULL);
    jsonw_text(json, "type", type);
}

void chat_local_clock(void *state, msec_t at, struct wire_out *out)
{
    struct jsonw json;
    begin(state, &json, "clock");
    jsonw_time(&json, "at", at);
    jsonw_object_end(&json);
    tell(state, NULL, out);
}

void chat_local_changed(void *state, struct wire_out *out)
{
    struct jsonw json;
    begin(state, &json, "changed");
    jsonw_object_end(&json);
    tell(state, NULL, out);
}

static void send_entry(struct local *local, uint32_t conn, const struct local_entry *entry,
                       struct wire_out *out)
{
    local_entry_write(entry, entry->said ? "said" : "message", &local->scratch);
    wire_frame(out, conn, strbuf_text(&local->scratch), local->scratch.len);
}

static void local_on_open(void *state, uint32_t conn, const char *id, struct wire_out *out)
{
    struct local *local = state;
    const struct local_person *person = local_people_get(&local->people, id);
    if (!person || local->conn_count == LOCAL_CONNS_MAX) {
        local->counters[LOCAL_COUNT_CROWDED].value++;
        wire_drop(out, conn, 0, "no place for one more");
        return;
    }
    local->conns[local->conn_count++] = (struct conn){conn, xstrdup(id)};
    wire_add(out, WIRE_UP)->conn = conn;
    for (int pass = 0; pass < 2; pass++) { /* what is open comes first */
        for (int i = 0; i < person->entry_count; i++) {
            if (local_entry_is_open(&person->entries[i]) == (pass == 0))
                send_entry(local, conn, &person->entries[i], out);
        }
    }
}

static void local_on_closed(void *state, uint32_t conn, const struct chat_closed *how,
                            struct wire_out *out)
{
    (void)how; /* a page is gone, however it went */
    struct local *local = state;
    (void)out; /* nobody else needs to know */
    for (size_t i = 0; i < local->conn_count; i++) {
        if (local->conns[i].id == conn) {
            free(local->conns[i].person);
            local->conns[i] = local->conns[--local->conn_count];
            return;
        }
    }
}

/* --- from the pages --- */

static const char *next_id(struct local *local, struct wire_out *out)
{
    return arena_printf(&out->arena, "%016llx-%llu", (unsigned long long)local->seed,
                        (unsigned long long)++local->serial);
}

static struct event *add_event(struct local *local, enum event_type type, const char *person,
                               msec_t now, struct wire_out *out)
{
    struct event *event = wire_event(out, 0, type, now, NULL);
    event->source = "/chat/local";
    event->id = next_id(local, out);
    event->chat = arena_strdup(&out->arena, person);
    return event;
}

static void problem(struct local *local, uint32_t conn, const char *text, struct wire_out *out)
{
    struct jsonw json;
    begin(local, &json, "problem");
    jsonw_text(&json, "text", text);
    jsonw_object_end(&json);
    wire_frame(out, conn, strbuf_text(&local->scratch), local->scratch.len);
}

static bool too_long(struct local *local, uint32_t conn, const char *text, struct wire_out *out)
{
    if (!text || utf8_prefix(text, LOCAL_TEXT_POINTS) == strlen(text))
        return false;
    local->counters[LOCAL_COUNT_TOO_LONG].value++;
    problem(local, conn, "That was too long: 4,000 characters at most.", out);
    return true;
}

struct frame {
    uint32_t conn;
    const char *person;
    const json_t *json;
    msec_t now;
};

static bool on_say(struct local *local, const struct frame *frame, struct wire_out *out)
{
    const char *text = json_string_value(json_object_get(frame->json, "text"));
    if (str_empty(text))
        return false;
    if (too_long(local, frame->conn, text, out))
        return true;
    struct event *said = add_event(local, EVENT_SAID, frame->person, frame->now, out);
    said->text = arena_strdup(&out->arena, text);
    chat_local_put_said(local, frame->person, said->id, frame->now, text);
    const struct local_person *person = local_people_find(&local->people, frame->person);
    const struct local_entry *entry = person ? local_entry_find(person, said->id) : NULL;
    if (entry) {
        local_entry_write(entry, "said", &local->scratch);
        tell(local, frame->person, out);
    }
    return true;
}

/* A field of a page: text, or the number of a scale. */
static const char *value_text(const json_t *value, struct wire_out *out)
{
    if (json_is_integer(value))
        return arena_printf(&out->arena, "%lld", (long long)json_integer_value(value));
    return json_string_value(value);
}

static bool is_id(const char *text)
{
    return !str_empty(text) && strlen(text) <= LOCAL_ID_MAX;
}

static bool on_click(struct local *local, const struct frame *frame, struct wire_out *out)
{
    const char *message = json_string_value(json_object_get(frame->json, "message"));
    const char *button = json_string_value(json_object_get(frame->json, "button"));
    const char *value = value_text(json_object_get(frame->json, "value"), out);
    if (!is_id(message) || !is_id(button))
        return false;
    if (too_long(local, frame->conn, value, out))
        return true;
    struct event *click = add_event(local, EVENT_CLICKED, frame->person, frame->now, out);
    click->message = arena_strdup(&out->arena, message);
    click->button = arena_strdup(&out->arena, button);
    click->text = str_empty(value) ? NULL : arena_strdup(&out->arena, value);
    return true;
}

static const char *person_of(const struct local *local, uint32_t conn)
{
    for (size_t i = 0; i < local->conn_count; i++) {
        if (local->conns[i].id == conn)
            return local->conns[i].person;
    }
    return NULL;
}

static void local_on_frame(void *state, uint32_t conn, const char *data, size_t len, msec_t now,
                           struct wire_out *out)
{
    struct local *local = state;
    json_t *json = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(json, "type"));
    const struct frame frame = {conn, person_of(local, conn), json, now};
    bool good = false;
    if (frame.person && str_eq(type, "say"))
        good = on_say(local, &frame, out);
    else if (frame.person && str_eq(type, "click"))
        good = on_click(local, &frame, out);
    if (!good)
        local->counters[LOCAL_COUNT_BAD_FRAME].value++;
    json_decref(json);
}

/* --- sending --- */

static struct local_entry *remember(struct local *local, const char *id,
                                    const struct message *message)
{
    struct local_person *person = local_people_get(&local->people, id);
    if (!person)
        return NULL;
    bool update = message->op == MESSAGE_UPDATE;
    struct local_entry *entry =
        update ? local_entry_find(person, message->target) : local_entry_put(person, message->key);
    if (!entry)
        return NULL;
    if (!update)
        entry->at = message->at;
    local_entry_fill(entry, message);
    return entry;
}

void chat_local_put(void *state, const char *person, const struct message *message)
{
    (void)remember(state, person, message); /* what finds no place is only not shown again */
}

void chat_local_drop(void *state, const char *id)
{
    struct local *local = state;
    struct local_person *person = local_people_find(&local->people, id);
    if (person)
        local_person_clear(person);
}

void chat_local_put_said(void *state, const char *id, const char *said_id, msec_t at,
                         const char *text)
{
    struct local *local = state;
    struct local_person *person = local_people_get(&local->people, id);
    if (!person)
        return;
    struct local_entry *entry = local_entry_put(person, said_id);
    entry->said = true;
    entry->at = at;
    xstr_replace(&entry->text, text);
}

/* There are no channels here: a word to a team stands in the chat of each of its people. */
static bool send_to_team(struct local *local, const struct message *message,
                         const struct chat_place *place, struct wire_out *out)
{
    struct message marked = *message;
    bool any = false;
    marked.reader = "To the team";
    for (size_t i = 0; i < place->member_count; i++) {
        const struct local_entry *entry = remember(local, place->members[i], &marked);
        if (!entry)
            continue;
        any = true;
        local_entry_write(entry, "message", &local->scratch);
        tell(local, place->members[i], out);
    }
    return any;
}

static void local_encode_send(void *state, const struct message *message,
                              const struct chat_place *place, msec_t now, struct wire_out *out)
{
    struct local *local = state;
    const struct local_entry *entry = place->members ? NULL : remember(local, place->user, message);
    bool shown = entry || (place->members && send_to_team(local, message, place, out));
    (void)now; /* a message bears the time at which it was decided */
    if (entry) {
        local_entry_write(entry, message->op == MESSAGE_UPDATE ? "update" : "message",
                          &local->scratch);
        tell(local, place->user, out);
    }
    struct chat_result result = {.key = message->key, .outcome = CHAT_SENT};
    result.channel = place->user;
    result.platform_id = message->op == MESSAGE_UPDATE ? message->target : message->key;
    if (!shown) {
        result = (struct chat_result){.key = message->key, .outcome = CHAT_REJECTED};
        result.error = message->op == MESSAGE_UPDATE ? "(message to change is not kept any more)"
                                                     : "(no such person, or no place for one more)";
    }
    wire_result(out, &result);
}

static void local_encode_lookup(void *state, const char *key, const struct chat_place *place,
                                msec_t sent_at, struct wire_out *out)
{
    const struct local *local = state;
    const char *const *chats = place->members ? place->members : &place->user;
    size_t count = place->members ? place->member_count : 1;
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        const struct local_person *person = local_people_find(&local->people, chats[i]);
        found = person && local_entry_find(person, key);
    }
    (void)sent_at; /* the memory is small enough to look at all of it */
    wire_result(out, &(struct chat_result){.key = key,
                                           .outcome = found ? CHAT_FOUND : CHAT_MISSING,
                                           .channel = place->user,
                                           .platform_id = found ? key : NULL});
}

static void local_on_reply(void *state, const struct wire_tag *tag, const struct wire_reply *reply,
                           struct wire_out *out)
{
    (void)state, (void)tag, (void)reply, (void)out; /* no requests are made */
}

static size_t local_counters(const void *state, const struct chat_counter **ret_counters)
{
    *ret_counters = ((const struct local *)state)->counters;
    return LOCAL_COUNTS;
}

static const struct chat_server server = {"/try/socket", local_accept};

const struct chat_platform chat_local = {
    .name = "local",
    .help = "the chat page that the daemon itself serves on loopback, to try things out",
    .transport = CHAT_SERVER,
    .limits = {.text_points = LOCAL_TEXT_POINTS,
               .buttons = MESSAGE_BUTTONS_MAX,
               .frame_bytes = LOCAL_FRAME_BYTES,
               .ping_s = 30,
               .hangup_s = 60},
    .server = &server,
    .subprotocol = "gritd-local",
    .state_new = local_new,
    .state_free = local_free,
    .on_open = local_on_open,
    .on_frame = local_on_frame,
    .on_closed = local_on_closed,
    .on_reply = local_on_reply,
    .encode_send = local_encode_send,
    .encode_lookup = local_encode_lookup,
    .counters = local_counters,
};
