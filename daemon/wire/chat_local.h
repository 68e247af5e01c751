/* chat_local.h: the embedded platform: the daemon's own chat page.
 * Layer: wire (pure). Lifetime: process (state). Depends on: chat.
 * Beyond struct chat_platform: what only a platform that keeps the conversations itself can do.
 * Source: docs/interfaces, "The local platform". */
#pragma once
#include "wire/chat.h"

enum {
    LOCAL_ID_MAX = 64,        /* a person, a message, a button */
    LOCAL_TEXT_POINTS = 4000, /* of what a person writes */
    LOCAL_PEOPLE_MAX = 1000,
    LOCAL_CONNS_MAX = 200,
    LOCAL_ENTRIES_MAX = 200, /* kept of one conversation */
};

/* To every connection: the movable clock, and "something on the board changed". */
void chat_local_clock(void *state, msec_t at, struct wire_out *out);
void chat_local_changed(void *state, struct wire_out *out);

/* Puts back what was said before a restart, oldest first. Nothing is sent. */
void chat_local_put(void *state, const char *person, const struct message *message);
void chat_local_drop(void *state, const char *person); /* all of it */
void chat_local_put_said(void *state, const char *person, const char *id, msec_t at,
                         const char *text);

/* --- chat_local_door.c, for chat_local.c only --- */

/* As struct chat_server says. */
int local_accept(const char *query, const char *origin, char *ret_person, size_t size);

/* --- chat_local_store.c, for chat_local.c only --- */

struct local_entry {
    char *id;
    msec_t at;
    char *text, *reader;   /* reader NULL: said by the person, or nobody named */
    char *buttons, *input; /* JSON; NULL: none */
    bool said;
};

struct local_person {
    char *id;
    struct local_entry *entries; /* as they came */
    int entry_count, entry_cap;
};

struct local_people {
    struct local_person *list; /* sorted by id */
    size_t count, cap;
};

void local_people_done(struct local_people *people);
/* NULL when there are LOCAL_PEOPLE_MAX of them or the id is no id. */
struct local_person *local_people_get(struct local_people *people, const char *id);
void local_person_clear(struct local_person *person);
struct local_person *local_people_find(const struct local_people *people, const char *id);

bool local_entry_is_open(const struct local_entry *entry);
struct local_entry *local_entry_find(const struct local_person *person, const char *id);
/* The entry of that id, made if it is new; the oldest closed one makes room. */
struct local_entry *local_entry_put(struct local_person *person, const char *id);
/* Text, reader, buttons and input of the message into the entry. */
void local_entry_fill(struct local_entry *entry, const struct message *message);
/* {"type":type,...} of one entry. */
void local_entry_write(const struct local_entry *entry, const char *type, struct strbuf *out);
