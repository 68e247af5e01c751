/* soak.h: a team, a CRM and a chat platform that lies, in virtual time, around the engine and the
 * store that the daemon runs. Everything that happens comes from one seed. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "core/core.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/store_memory.h"
#include "io/zones.h"
#include "load/load.h"

enum {
    SOAK_ZONES = 30,
    SOAK_QUIET_MS = 60 * MSEC_SECOND,
    SOAK_ROOM = 64,
    SOAK_COMPLAINTS = 10, /* that are printed */
};

/* Assumptions of the delivery design that a run breaks on purpose. */
enum soak_broken {
    SOAK_SOUND,
    SOAK_LATE,    /* A1: an accepted message appears after the quiet period */
    SOAK_HISTORY, /* A2: people delete messages, and the history does not list what was deleted */
};

struct soak_options {
    int days, people;
    uint64_t seed;
    enum soak_broken broken;
    bool one_life; /* the process does not die, and what it holds is looked at */
};

/* One key: what the ledger and what the platform say of it. */
struct soak_key {
    char key[MESSAGE_KEY_BYTES];
    int state;  /* of its row, 0: none */
    int copies; /* that people saw */
    int sends;
    bool update, may_repeat; /* of a rule with `unknown: resend` */
    bool landed_late, deleted;
    msec_t taken_at, shown_at; /* of the first copy */
    msec_t known_until;        /* the platform itself finds repetitions */
};

enum soak_kind {
    SOAK_EVENT,  /* somebody or the CRM does something */
    SOAK_RESULT, /* the platform answers */
    SOAK_WORK,   /* a person's next deal */
    SOAK_CRASH,
    SOAK_AWAY, /* the platform cannot be reached */
    SOAK_BACK,
    SOAK_BLIND, /* nor its history be read */
};

struct soak_event {
    enum event_type type;
    int person;
    uint64_t number;
    int key; /* CLICKED: of the message */
    bool acked;
    struct soak *soak;
};

struct soak_thing {
    msec_t time;
    uint64_t serial;
    enum soak_kind kind;
    int life; /* RESULT: of the process that asked */
    int at;   /* RESULT: key; WORK: person */
    enum chat_outcome outcome;
    msec_t wait;
    bool more;
    struct soak_event *event;
};

struct soak_person {
    char id[16], chat[16];
};

struct soak_counts {
    uint64_t events, clicks, messages, changes, lookups, readings, unsure, refused, retries,
        crashes, lost_batches, outages, deleted, late, held, repeats_allowed, found_by_platform;
};

struct soak {
    struct store base; /* first: the engine's store */
    struct store *inner;
    struct soak_options options;
    struct zones zones;
    struct problems problems;
    struct config *config;
    struct book *book;
    struct engine *engine;
    struct soak_person *people;
    uint64_t random, digest, serial;
    msec_t now, begin, end;
    bool dead, pumping, calm; /* calm: no fault any more */
    int fuse, life;           /* fuse: commits and sends until the process dies; 0: it does not */
    size_t in_flight;
    msec_t away_until, blind_until;
    struct soak_thing *things; /* a heap */
    size_t thing_count, thing_cap;
    struct soak_key *keys;
    size_t key_count, key_cap;
    int *slots; /* hash table of places in keys, from 1 */
    size_t slot_count;
    struct soak_event **waiting; /* taken, not acknowledged */
    size_t waiting_count, waiting_cap;
    struct store_batch *lost;
    struct map deals;       /* deal -> struct soak_deal */
    struct map occurrences; /* of schedules -> NULL or not */
    struct arena names;
    uint64_t deals_taken, deals_decided, slots_decided;
    struct soak_counts counts;
    int complaints;
    size_t memory_before; /* all this began */
    int64_t lost_first;
};

/* What was decided about one deal. */
struct soak_deal {
    int decisions, sent;
    bool acked;
};

/* In bytes. */
struct soak_sample {
    int64_t life, start, lost; /* held now; and by a fresh start; and by nobody in the end */
    size_t rows;
};

uint64_t soak_random(struct soak *soak, uint64_t below);
bool soak_chance(struct soak *soak, unsigned per_mille);
void soak_note(struct soak *soak, const char *what, const char *key, int64_t number); /* digest */
void soak_add(struct soak *soak, const struct soak_thing *thing);
void soak_complain(struct soak *soak, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void soak_burn(struct soak *soak); /* the fuse, by one */

void soak_rise(struct soak *soak); /* the process, with what was durable */
void soak_fall(struct soak *soak);
void soak_done(struct soak *soak); /* behind the last fall */

/* soak_life.c */
size_t soak_memory(void); /* bytes in use */
msec_t soak_month(const struct soak_options *options);
void soak_look(struct soak *soak);

/* soak_people.c */
void soak_book(struct soak *soak);
void soak_book_free(struct soak *soak);
void soak_work(struct soak *soak, int person);
void soak_reacts(struct soak *soak, int key, const struct message *message);
uint64_t soak_days(struct soak *soak, msec_t from, msec_t to);
void soak_settle(struct soak *soak); /* forgets what was acknowledged */
void soak_take(struct soak *soak, struct soak_event *event);

/* soak_platform.c */
struct chat_port soak_port(struct soak *soak);
void soak_answer(struct soak *soak, const struct soak_thing *thing);

/* soak_ledger.c */
struct soak_key *soak_key(struct soak *soak, const char *key);
struct soak_deal *soak_deal(struct soak *soak, const char *deal);
extern const struct store_ops soak_store;
void soak_judge(struct soak *soak);
