#include "engine/outbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "engine/seen.h"

enum {
    TARGET_AGAIN_MS = 1000,
    ROOM_AGAIN_MS = 250,   /* a rate limit gives room by mere passing of time */
    ASKED_FIRST = 1 << 20, /* more than any rule's priority */
    LOOKUPS_MAX = 16, /* at one time: many that wait for a rate limit must not keep messages back */
    LOOKUP_KEYS_MAX = 200,
    LOOKUP_SPAN_MS = 10 * MSEC_MINUTE, /* a much older one would have more history read for all */
    LOOKUP_AGAIN_MS = 250,             /* when its place is being read already */
    LOOKUP_MOST_MS = 60000, /* between two readings of a place that tell nothing, and a quarter */
    PLACE_KEEP_DAYS = 14,
    KEY_KEEP_DAYS = 400, /* as long as the rows */
};

/* Messages to one person leave one after the other: while one is on its way or waits for its next
 * try, the later ones stay behind it. */
struct lane {
    bool busy;
    size_t looking;            /* messages that are looked for */
    int blind;                 /* readings in a row that told nothing */
    msec_t look_after;         /* the place is not read again before */
    const struct entry *front; /* waits for its next try, or NULL */
    struct entry **waiting;
    size_t count, cap;
};

struct entry {
    struct timer timer;   /* not before */
    struct timer ready;   /* could leave now; first by priority, then by `order` */
    struct timers *queue; /* where `ready` stands: that of messages or that of look-ups */
    char order[40];       /* when it was due, and of those of one moment in order of arrival */
    struct message *message;
    struct lane *lane;
    struct delivery delivery;
    bool in_flight;               /* a send or look-up runs, or its intent is being committed */
    bool blocked;                 /* waits in its lane */
    struct entry *before, *after; /* all entries, for the end */
};

/* Where a sent message stands, for changing it later. */
struct place {
    char *key, *channel, *platform_id;
    msec_t at;
};

struct outbox {
    struct core *core;
    struct outbox_options options;
    struct chat_port chat;
    bool has_chat, held;
    struct map entries; /* key -> entry */
    struct map lanes;   /* person -> lane */
    struct map places;  /* key -> place */
    struct place **place_list;
    size_t place_first, place_count, place_cap;
    struct lane **lane_list;
    size_t lane_count, lane_cap;
    struct arena names;
    struct seen keys; /* of all messages there ever were, as far as rows are kept */
    struct entry *all;
    struct timers timers, ready, unsure;
    msec_t doubt_since, doubt_until; /* see outbox_set_doubt() */
    msec_t again; /* when to look for room again; MSEC_NEVER when nothing waits for it */
    size_t count, in_flight, committing, lookups, unknown;
    uint64_t serial;
    struct outbox_counts counts;
};

/* Intents of one batch. */
struct handle {
    struct entry **entries;
    size_t count, cap;
};

struct outbox *outbox_new(struct core *core, const struct outbox_options *options)
{
    struct outbox *outbox = NEW(struct outbox);
    outbox->core = core;
    outbox->options = *options;
    outbox->again = MSEC_NEVER;
    arena_init(&outbox->names);
    seen_init(&outbox->keys, KEY_KEEP_DAYS * MSEC_DAY);
    return outbox;
}

static void place_free(struct place *place)
{
    free(place->key);
    free(place->channel);
    free(place->platform_id);
    free(place);
}

static void entry_free(struct outbox *outbox, struct entry *entry)
{
    timer_clear(&outbox->timers, &entry->timer);
    if (entry->queue)
        timer_clear(entry->queue, &entry->ready);
    if (entry->before)
        entry->before->after = entry->after;
    else
        outbox->all = entry->after;
    if (entry->after)
        entry->after->before = entry->before;
    free(entry->message);
    free(entry);
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    while (outbox->all)
        entry_free(outbox, outbox->all);
    for (size_t i = 0; i < outbox->lane_count; i++) {
        free(outbox->lane_list[i]->waiting);
        free(outbox->lane_list[i]);
    }
    for (size_t i = outbox->place_first; i < outbox->place_count; i++)
        place_free(outbox->place_list[i]);
    free(outbox->place_list);
    free(outbox->lane_list);
    seen_done(&outbox->keys);
    map_done(&outbox->entries);
    map_done(&outbox->lanes);
    map_done(&outbox->places);
    timers_done(&outbox->timers);
    timers_done(&outbox->ready);
    timers_done(&outbox->unsure);
    arena_done(&outbox->names);
    free(outbox);
}

void outbox_set_quiet(struct outbox *outbox, msec_t quiet_ms)
{
    outbox->options.quiet_ms = quiet_ms;
}

void outbox_set_doubt(struct outbox *outbox, msec_t since, msec_t until)
{
    outbox->doubt_since = since;
    outbox->doubt_until = until;
}

void outbox_hold(struct outbox *outbox, bool hold)
{
    outbox->held = hold;
}

bool outbox_owes(const struct outbox *outbox, const char *person)
{
    bool owes = false;
    for (const struct entry *entry = outbox->all; entry && !owes; entry = entry->after)
        owes = str_eq(entry->message->rep, person) &&
               (entry->message->reply || entry->message->op == MESSAGE_UPDATE || entry->in_flight ||
                entry->delivery.state == OUTBOX_UNKNOWN);
    return owes;
}

void outbox_set_counts(struct outbox *outbox, const struct outbox_counts *counts)
{
    outbox->counts = *counts;
}

void outbox_set_chat(struct outbox *outbox, const struct chat_port *chat)
{
    outbox->chat = *chat;
    outbox->has_chat = true;
}

/* --- places --- */

static void place_add(struct outbox *outbox, const char *key, const char *channel, const char *id,
                      msec_t at)
{
    while (outbox->place_first < outbox->place_count &&
           outbox->place_list[outbox->place_first]->at < at - PLACE_KEEP_DAYS * MSEC_DAY) {
        struct place *old = outbox->place_list[outbox->place_first++];
        map_set(&outbox->places, old->key, NULL);
        place_free(old);
    }
    if (outbox->place_first > 1024 && outbox->place_first * 2 > outbox->place_count) {
        outbox->place_count -= outbox->place_first;
        memmove(outbox->place_list, outbox->place_list + outbox->place_first,
                outbox->place_count * sizeof(*outbox->place_list));
        outbox->place_first = 0;
    }
    if (!id || map_get(&outbox->places, key))
        return;
    struct place *place = NEW(struct place);
    *place = (struct place){xstrdup(key), xstrdup(channel), xstrdup(id), at};
    ARRAY_GROW(outbox->place_list, outbox->place_count, outbox->place_cap);
    outbox->place_list[outbox->place_count++] = place;
    map_set(&outbox->places, place->key, place);
}

/* --- lanes and queues --- */

static struct lane *lane_of(struct outbox *outbox, const char *person)
{
    struct lane *lane = map_get(&outbox->lanes, person);
    if (!lane) {
        lane = NEW(struct lane);
        ARRAY_GROW(outbox->lane_list, outbox->lane_count, outbox->lane_cap);
        outbox->lane_list[outbox->lane_count++] = lane;
        map_set(&outbox->lanes, arena_strdup(&outbox->names, person), lane);
    }
    return lane;
}

static struct delivery_terms terms_of(const struct outbox *outbox, const struct entry *entry)
{
    const struct message *message = entry->message;
    return (struct delivery_terms){.key = message->key,
                                   .harmless = message->op == MESSAGE_UPDATE,
                                   .policy = message->unknown,
                                   .expires = message->expires,
                                   .quiet_ms = outbox->options.quiet_ms};
}

static bool is_unsure(const struct outbox *outbox, const struct entry *entry)
{
    const struct delivery_terms terms = terms_of(outbox, entry);
    return delivery_is_unsure(&entry->delivery, &terms);
}

static bool is_unknown(const struct entry *entry)
{
    return entry->delivery.state == OUTBOX_UNKNOWN;
}

/* Somebody waits for what they asked for, and for what they pressed to change. */
static int rank(const struct message *message)
{
    bool asked = message->reply || message->op == MESSAGE_UPDATE;
    return message->priority + (asked ? ASKED_FIRST : 0);
}

static void make_ready(struct outbox *outbox, struct entry *entry)
{
    timer_clear(&outbox->timers, &entry->timer);
    entry->queue = is_unsure(outbox, entry) ? &outbox->unsure : &outbox->ready;
    timer_set(entry->queue, &entry->ready, -(msec_t)rank(entry->message));
}

static void schedule(struct outbox *outbox, struct entry *entry, msec_t at, msec_t now)
{
    if (at <= now)
        make_ready(outbox, entry);
    else
        timer_set(&outbox->timers, &entry->timer, at);
}

static struct entry *entry_new(struct outbox *outbox, const struct message *message)
{
    struct entry *entry = NEW(struct entry);
    entry->message = message_dup(message);
    entry->lane = lane_of(outbox, message->to);
    (void)snprintf(entry->order, sizeof(entry->order), "%018llu%020llu",
                   (unsigned long long)(message->due > 0 ? message->due : 0),
                   (unsigned long long)outbox->serial++); /* fits */
    entry->timer.key = entry->ready.key = entry->order;
    map_set(&outbox->entries, entry->message->key, entry);
    entry->after = outbox->all;
    if (entry->after)
        entry->after->before = entry;
    outbox->all = entry;
    outbox->count++;
    return entry;
}

/* The lane is free again: whoever waited in it may try. */
static void lane_release(struct outbox *outbox, struct lane *lane)
{
    lane->busy = false;
    lane->front = NULL;
    for (size_t i = 0; i < lane->count; i++) {
        lane->waiting[i]->blocked = false;
        make_ready(outbox, lane->waiting[i]);
    }
    lane->count = 0;
}

static void lane_wait(struct entry *entry)
{
    struct lane *lane = entry->lane;
    entry->blocked = true;
    ARRAY_GROW(lane->waiting, lane->count, lane->cap);
    lane->waiting[lane->count++] = entry;
}

/* --- rows --- */

/* The time of a retry or of the second look-up outlives the process. */
static void row_update(struct store_batch *batch, const struct entry *entry,
                       const struct chat_result *result)
{
    store_batch_add(
        batch, &(struct row){.type = ROW_OUTBOX,
                             .outbox = {.update = true,
                                        .key = entry->message->key,
                                        .state = entry->delivery.state,
                                        .attempt = entry->delivery.attempt,
                                        .at = MSEC_NONE,
                                        .due = entry->timer.place ? entry->timer.due : MSEC_NONE,
                                        .deadline = entry->delivery.intent_at,
                                        .channel = result ? result->channel : NULL,
                                        .platform_id = result ? result->platform_id : NULL}});
}

static void row_insert(struct store_batch *batch, const struct entry *entry)
{
    const struct message *m = entry->message;
    struct strbuf json = {0};
    message_encode(m, &json);
    store_batch_add(batch, &(struct row){.type = ROW_OUTBOX,
                                         .outbox = {.key = m->key,
                                                    .state = entry->delivery.state,
                                                    .attempt = entry->delivery.attempt,
                                                    .at = m->at,
                                                    .due = m->due,
                                                    .deadline = entry->delivery.intent_at,
                                                    .rule = m->rule,
                                                    .rep = m->rep,
                                                    .deal = m->deal,
                                                    .message = strbuf_text(&json)}});
    strbuf_done(&json);
}

static void commit(struct outbox *outbox, struct store_batch *batch, struct handle *handle)
{
    outbox->options.commit(outbox->options.user, batch, handle);
}

/* The message has reached its end: out of memory, the row says how. */
static void finish(struct outbox *outbox, struct entry *entry, const struct chat_result *result,
                   const char *why, msec_t now, struct store_batch *batch)
{
    row_update(batch, entry, result);
    if (entry->delivery.state == OUTBOX_SENT) {
        outbox->counts.sent++;
        place_add(outbox, entry->message->key, result->channel, result->platform_id, now);
    } else {
        outbox->counts.dead++;
        outbox->options.failed(outbox->options.user, entry->message, why, now, batch);
    }
    map_set(&outbox->entries, entry->message->key, NULL);
    outbox->count--;
    entry_free(outbox, entry);
}

/* The facts speak against it. */
static void give_up(struct outbox *outbox, struct entry *entry, enum outbox_state state,
                    const char *why, msec_t now, struct store_batch *batch)
{
    outbox->unknown -= is_unknown(entry);
    delivery_stop(&entry->delivery, state);
    finish(outbox, entry, NULL, why, now, batch);
}

/* --- leaving --- */

static size_t room(const struct outbox *outbox)
{
    if (!outbox->has_chat || outbox->held)
        return 0;
    size_t free_places = outbox->chat.room(outbox->chat.self);
    return free_places > outbox->committing ? free_places - outbox->committing : 0;
}

static struct chat_place place_open(const struct outbox *outbox, const struct message *message)
{
    const struct place *target = message->target ? map_get(&outbox->places, message->target) : NULL;
    struct chat_place place = {
        .user = core_chat_id(outbox->core, message->to),
        .channel = target ? target->channel : NULL,
        .platform_id = target ? target->platform_id : NULL,
    };
    place.member_count = core_team_members(outbox->core, message->to, &place.members);
    return place;
}

static void place_close(const struct chat_place *place)
{
    free((void *)place->members); /* the list; the texts are the core's */
}

static struct handle *take_off(struct outbox *outbox, struct entry *entry, struct handle *handle,
                               msec_t now)
{
    if (!handle)
        handle = NEW(struct handle);
    ARRAY_GROW(handle->entries, handle->count, handle->cap);
    handle->entries[handle->count++] = entry;
    outbox->unknown -= is_unknown(entry);
    delivery_leave(&entry->delivery, now);
    entry->in_flight = true;
    entry->lane->busy = true;
    outbox->committing++;
    outbox->in_flight++;
    return handle;
}

/* What the facts say about a message that could leave; true: it goes. Else it was dealt with. */
static bool may_leave(struct outbox *outbox, struct entry *entry, msec_t now,
                      struct store_batch *batch)
{
    msec_t later = 0;
    const char *why = NULL;
    const struct message *message = entry->message;
    switch (core_may_send(outbox->core, message, now, &later, &why)) {
    case SEND_GO:
        break;
    case SEND_LATER:
        timer_set(&outbox->timers, &entry->timer, later);
        return false;
    case SEND_CANCEL:
        give_up(outbox, entry, OUTBOX_CANCELLED, why, now, batch);
        return false;
    case SEND_EXPIRE:
        give_up(outbox, entry, OUTBOX_EXPIRED, why, now, batch);
        return false;
    }
    if (!core_chat_id(outbox->core, message->to)) {
        /* nobody on the platform yet; the directory may still bring the person */
        timer_set(&outbox->timers, &entry->timer, now + MSEC_MINUTE);
        return false;
    }
    if (message->op == MESSAGE_UPDATE && !map_get(&outbox->places, message->target)) {
        if (map_get(&outbox->entries, message->target)) { /* nobody knows yet where it stands */
            timer_set(&outbox->timers, &entry->timer, now + TARGET_AGAIN_MS);
            return false;
        }
        give_up(outbox, entry, OUTBOX_CANCELLED, "the message to change is not there", now, batch);
        return false;
    }
    return true;
}

static struct hash128 key_hash(const char *key)
{
    return hash_bytes(0, key, strlen(key));
}

/* As if it had been sent at `since`, without an answer. That was long ago: one miss is proof. */
static void doubt(struct outbox *outbox, struct entry *entry, msec_t since, msec_t now)
{
    if (now >= outbox->doubt_until || entry->message->op != MESSAGE_POST ||
        (entry->delivery.state != OUTBOX_PLANNED && entry->delivery.state != OUTBOX_RETRY))
        return;
    entry->delivery.state = OUTBOX_UNKNOWN;
    entry->delivery.intent_at = since;
    entry->delivery.missed = true;
    entry->delivery.second_at = now;
    outbox->unknown++;
}

void outbox_add(struct outbox *outbox, const struct message *message, msec_t now,
                struct store_batch *batch, void **handle)
{
    msec_t later;
    const char *why;
    if (!seen_add(&outbox->keys, key_hash(message->key), now))
        return; /* one message a key, for ever */
    struct entry *entry = entry_new(outbox, message);
    entry->delivery.state = OUTBOX_PLANNED;
    doubt(outbox, entry, outbox->doubt_since, now);
    bool at_once = !is_unknown(entry) && message->op == MESSAGE_POST && message->due <= now &&
                   !entry->lane->busy && !entry->lane->count && !outbox->ready.count &&
                   room(outbox) > 0 && core_chat_id(outbox->core, message->to) &&
                   core_may_send(outbox->core, message, now, &later, &why) == SEND_GO;
    if (at_once) {
        *handle = take_off(outbox, entry, *handle, now);
    } else {
        schedule(outbox, entry, message->due, now);
    }
    row_insert(batch, entry);
}

static bool sent_near(const struct entry *a, const struct entry *b)
{
    msec_t apart = a->delivery.intent_at - b->delivery.intent_at;
    return apart <= LOOKUP_SPAN_MS && apart >= -LOOKUP_SPAN_MS;
}

/* Platforms allow few readings: one is for all that stand in the same place. A look-up disturbs
 * nobody, so the person's lane stays free. */
static void look_up(struct outbox *outbox, struct entry *first)
{
    const char *keys[LOOKUP_KEYS_MAX] = {first->message->key};
    struct lane *lane = first->lane;
    size_t count = 1;
    msec_t since = first->delivery.intent_at;
    first->in_flight = true;
    for (struct entry *e = outbox->all; e && count < LOOKUP_KEYS_MAX; e = e->after) {
        if (e->queue != &outbox->unsure || e->lane != lane || !sent_near(e, first))
            continue;
        timer_clear(&outbox->unsure, &e->ready);
        e->queue = NULL;
        e->in_flight = true;
        keys[count++] = e->message->key;
        since = e->delivery.intent_at < since ? e->delivery.intent_at : since;
    }
    lane->looking = count;
    outbox->in_flight += count;
    outbox->lookups++;
    struct chat_place place = place_open(outbox, first->message);
    outbox->chat.lookup(outbox->chat.self, keys, count, &place, since);
    place_close(&place);
}

static void look_up_next(struct outbox *outbox, struct entry *entry, msec_t now)
{
    if (entry->lane->looking) /* what is read now may be from before this one's turn */
        timer_set(&outbox->timers, &entry->timer, now + LOOKUP_AGAIN_MS);
    else if (entry->lane->look_after > now)
        timer_set(&outbox->timers, &entry->timer, entry->lane->look_after);
    else
        look_up(outbox, entry);
}

static struct entry *next_of(struct timers *queue)
{
    struct timer *first = timers_first(queue);
    timer_clear(queue, first);
    struct entry *entry = (struct entry *)(void *)((char *)first - offsetof(struct entry, ready));
    entry->queue = NULL;
    return entry;
}

void outbox_run(struct outbox *outbox, msec_t now)
{
    for (struct timer *t; (t = timers_first(&outbox->timers)) && t->due <= now;)
        make_ready(outbox, (struct entry *)(void *)t);
    struct store_batch *batch = NULL;
    struct handle *handle = NULL;
    while (outbox->unsure.count && outbox->lookups < LOOKUPS_MAX && room(outbox) > 0)
        look_up_next(outbox, next_of(&outbox->unsure), now);
    while (outbox->ready.count && room(outbox) > 0) {
        struct entry *entry = next_of(&outbox->ready);
        struct lane *lane = entry->lane;
        bool in_front = lane->front == entry;
        if (lane->busy && !in_front) {
            lane_wait(entry);
            continue;
        }
        if (!batch)
            batch = store_batch_new();
        if (!may_leave(outbox, entry, now, batch)) {
            if (in_front)
                lane_release(outbox, lane);
            continue;
        }
        handle = take_off(outbox, entry, handle, now);
        row_update(batch, entry, NULL);
    }
    bool waits = outbox->ready.count || outbox->unsure.count;
    outbox->again = waits ? now + ROOM_AGAIN_MS : MSEC_NEVER;
    if (batch)
        commit(outbox, batch, handle);
}

void outbox_committed(struct outbox *outbox, void *handle, msec_t now)
{
    struct handle *intents = handle;
    (void)now;
    for (size_t i = 0; intents && i < intents->count; i++) {
        struct entry *entry = intents->entries[i];
        struct chat_place place = place_open(outbox, entry->message);
        outbox->committing--;
        outbox->chat.send(outbox->chat.self, entry->message, &place);
        place_close(&place);
    }
    outbox_handle_free(handle);
}

void outbox_handle_free(void *handle)
{
    struct handle *intents = handle;
    if (intents)
        free(intents->entries);
    free(intents);
}

/* --- answers --- */

/* A place was read. One that tells nothing, as for want of a permission, is read less and less
 * often whatever is looked for there; others are not held up by it. */
static void looked(struct entry *entry, const struct chat_result *result, msec_t now)
{
    struct lane *lane = entry->lane;
    bool told = result->outcome == CHAT_SENT || result->outcome == CHAT_FOUND ||
                result->outcome == CHAT_MISSING;
    msec_t wait = result->retry_after_ms;
    if (!told && wait <= 0) {
        const char *place = entry->message->to;
        wait = DELIVERY_LOOKUP_AGAIN_MS;
        for (int i = 0; i < lane->blind && wait < LOOKUP_MOST_MS; i++)
            wait *= 2;
        wait = wait < LOOKUP_MOST_MS ? wait : LOOKUP_MOST_MS;
        /* pure: the jitter comes from the place, so that a replay agrees */
        uint64_t spread = hash_bytes((uint64_t)lane->blind++, place, strlen(place)).a;
        wait += (msec_t)(spread % (uint64_t)(wait / 4 + 1));
    }
    lane->look_after = told ? 0 : now + wait;
    lane->blind = told ? 0 : lane->blind;
}

/* True: it waits for its next try, and nothing else for its person goes before it. */
static bool settle(struct outbox *outbox, struct entry *entry, const struct chat_result *result,
                   msec_t now, struct store_batch *batch)
{
    const struct delivery_terms terms = terms_of(outbox, entry);
    bool was_unknown = is_unknown(entry);
    struct delivery_next next = delivery_answer(&entry->delivery, &terms, result, now);
    bool retry = entry->delivery.state == OUTBOX_RETRY;
    outbox->unknown += (size_t)is_unknown(entry) - (size_t)was_unknown;
    outbox->counts.unknown_seen += is_unknown(entry) && !was_unknown;
    outbox->counts.retries += retry;
    if (next.step == DELIVERY_END) {
        finish(outbox, entry, result, next.why ? next.why : result->error, now, batch);
        return false;
    }
    if (next.step == DELIVERY_WAIT)
        timer_set(&outbox->timers, &entry->timer, next.at);
    else
        make_ready(outbox, entry);
    if (next.stored)
        row_update(batch, entry, NULL);
    return retry;
}

void outbox_result(struct outbox *outbox, const struct chat_result *result, msec_t now)
{
    struct entry *entry = map_get(&outbox->entries, result->key);
    if (!entry || !entry->in_flight)
        return; /* an answer to nothing we asked */
    struct lane *lane = entry->lane;
    struct store_batch *batch = store_batch_new();
    bool looked_up = is_unsure(outbox, entry);
    entry->in_flight = false;
    outbox->in_flight--;
    if (looked_up && --lane->looking == 0) {
        outbox->lookups--;
        looked(entry, result, now);
    }
    bool tries_again = settle(outbox, entry, result, now, batch);
    if (tries_again)
        lane->front = entry;
    else if (!looked_up)
        lane_release(outbox, lane);
    commit(outbox, batch, NULL);
    outbox_run(outbox, now);
}

int outbox_load(struct outbox *outbox, const struct row_outbox *row, msec_t now, struct err *err)
{
    struct message message;
    struct arena arena;
    (void)seen_add(&outbox->keys, key_hash(row->key), row->at); /* rows have each key once */
    if (outbox_is_final((enum outbox_state)row->state)) {
        if (row->state == OUTBOX_SENT)
            place_add(outbox, row->key, row->channel, row->platform_id, row->at);
        return 0;
    }
    arena_init(&arena);
    int status = message_decode(row->message ? row->message : "", &arena, err, &message);
    if (!status) {
        struct entry *entry = entry_new(outbox, &message);
        entry->delivery = (struct delivery){.state = (enum outbox_state)row->state,
                                            .attempt = row->attempt,
                                            .intent_at = row->deadline};
        msec_t due = delivery_restart(&entry->delivery, row->due, now);
        outbox->unknown += is_unknown(entry);
        outbox->counts.unknown_seen += is_unknown(entry);
        doubt(outbox, entry, row->at, now);
        schedule(outbox, entry, due, now);
    }
    arena_done(&arena);
    return status;
}

msec_t outbox_next_wake(const struct outbox *outbox)
{
    const struct timer *first = timers_first(&outbox->timers);
    msec_t due = first ? first->due : MSEC_NEVER;
    return due < outbox->again ? due : outbox->again;
}

bool outbox_idle(const struct outbox *outbox, msec_t now)
{
    return !outbox->in_flight && !outbox->ready.count && !outbox->unsure.count &&
           outbox_next_wake(outbox) > now;
}

bool outbox_is_late(const struct outbox *outbox)
{
    if (outbox->in_flight || outbox->ready.count || outbox->unsure.count)
        return true;
    const struct entry *entry = outbox->all;
    while (entry && entry->delivery.state != OUTBOX_RETRY)
        entry = entry->after;
    return entry != NULL;
}

void outbox_sizes(const struct outbox *outbox, size_t *ret_all, size_t *ret_flight,
                  size_t *ret_unknown)
{
    *ret_all = outbox->count;
    *ret_flight = outbox->in_flight;
    *ret_unknown = outbox->unknown;
}

struct outbox_counts outbox_counts(const struct outbox *outbox)
{
    return outbox->counts;
}

const struct message *outbox_message(const struct outbox *outbox, const char *key)
{
    const struct entry *entry = map_get(&outbox->entries, key);
    return entry ? entry->message : NULL;
}
