/* engine_world.h: an engine, its store and a chat platform of the test's own, which can all die at
 * any point. Include after cmocka.h. */
#pragma once
#include "core_rig.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/store_memory.h"

enum { WORLD_MESSAGES = 64, WORLD_EVENTS = 32 };

/* What became of one key on the platform. */
struct posted {
    char key[MESSAGE_KEY_BYTES], to[16];
    int visible, sends, lookups, updates;
};

struct request {
    char key[MESSAGE_KEY_BYTES];
    bool lookup, update, accepted;
};

struct world {
    struct store base; /* first: the engine's store; hands everything on to `inner` */
    struct store *inner;
    struct engine *engine;
    struct rig rig; /* of which only book and zones are used */
    msec_t now;
    struct event events[WORLD_EVENTS];
    char ids[WORLD_EVENTS][16];
    bool taken[WORLD_EVENTS], acked[WORLD_EVENTS];
    int event_count;
    struct posted posted[WORLD_MESSAGES];
    int posted_count;
    struct request requests[WORLD_MESSAGES];
    int request_count;
    int order[WORLD_MESSAGES], order_count; /* indexes of posted, as they became visible */
    size_t room;
    bool pumping, dead;
    int readings;                 /* of a place's history */
    int submits, calls;           /* so far, over all lives */
    int crash_submit, crash_call; /* the life ends there; 0 never */
    bool crash_accepted;          /* crash_call: the platform has taken the request */
    struct store *snapshot;       /* what the disk had at the crash */
    int failed_status;
    char update_id[32]; /* what the last update changed */
    enum chat_outcome (*on_send)(struct world *world, struct posted *posted);
    enum chat_outcome (*on_lookup)(struct world *world, struct posted *posted);
    msec_t retry_ms;
};

static inline struct posted *world_posted(struct world *w, const char *key)
{
    for (int i = 0; i < w->posted_count; i++) {
        if (str_eq(w->posted[i].key, key))
            return &w->posted[i];
    }
    assert_true(w->posted_count < WORLD_MESSAGES);
    struct posted *posted = &w->posted[w->posted_count++];
    (void)snprintf(posted->key, sizeof(posted->key), "%s", key);
    return posted;
}

/* --- the store: every batch that was handed in is a place to die --- */

static inline void world_die(struct world *w)
{
    w->dead = true;
    w->snapshot = store_memory_clone(w->inner, NULL);
}

static inline void world_submit(struct store *store, struct store_batch *batch)
{
    struct world *w = (struct world *)store;
    if (w->inner)
        w->inner->ops->submit(w->inner, batch);
    if (!w->dead && ++w->submits == w->crash_submit)
        world_die(w);
}

static inline size_t world_queued(const struct store *store)
{
    const struct store *inner = ((const struct world *)store)->inner;
    return inner->ops->queued(inner);
}

static inline int world_states(struct store *store, store_visit visit, void *user, struct err *err)
{
    struct store *inner = ((struct world *)store)->inner;
    return inner->ops->load_states(inner, visit, user, err);
}

static inline int world_journal(struct store *store, msec_t since, bool body, store_visit visit,
                                void *user, struct err *err)
{
    struct store *inner = ((struct world *)store)->inner;
    return inner->ops->load_journal(inner, since, body, visit, user, err);
}

static inline int world_outbox(struct store *store, msec_t since, store_visit visit, void *user,
                               struct err *err)
{
    struct store *inner = ((struct world *)store)->inner;
    return inner->ops->load_outbox(inner, since, visit, user, err);
}

static const struct store_ops world_ops = {.name = "world",
                                           .submit = world_submit,
                                           .queued = world_queued,
                                           .load_states = world_states,
                                           .load_journal = world_journal,
                                           .load_outbox = world_outbox};

static inline int world_find_state(void *user, const struct row *row)
{
    struct row_outbox *wanted = user;
    if (str_eq(row->outbox.key, wanted->key))
        wanted->state = row->outbox.state;
    return 0;
}

/* The state of an outbox row, -1 when there is none. */
static inline int world_row(struct world *w, const char *key)
{
    struct row_outbox row = {.key = key, .state = -1};
    (void)w->inner->ops->load_outbox(w->inner, 0, world_find_state, &row, NULL); /* cannot fail */
    return row.state;
}

/* --- the platform --- */

static inline size_t world_room(void *self)
{
    const struct world *w = self;
    return w->room > (size_t)w->request_count ? w->room - (size_t)w->request_count : 0;
}

static inline void world_accept(struct world *w, struct posted *posted)
{
    posted->visible++;
    w->order[w->order_count++] = (int)(posted - w->posted);
}

static inline void world_send(void *self, const struct message *message,
                              const struct chat_place *place)
{
    struct world *w = self;
    if (w->dead)
        return;
    assert_true(w->pumping); /* only what is durable may leave */
    assert_int_equal(world_row(w, message->key), OUTBOX_INTENT);
    struct posted *posted = world_posted(w, message->key);
    (void)snprintf(posted->to, sizeof(posted->to), "%s", message->to);
    assert_non_null(place->user);
    w->calls++;
    if (w->calls == w->crash_call && !w->crash_accepted) {
        world_die(w);
        return;
    }
    for (int i = 0; i < w->request_count; i++)
        assert_string_not_equal(w->requests[i].key, message->key); /* one request a key */
    posted->sends++;
    struct request *request = &w->requests[w->request_count++];
    *request = (struct request){.update = message->op == MESSAGE_UPDATE};
    memcpy(request->key, posted->key, sizeof(request->key));
    if (request->update) {
        assert_non_null(place->platform_id);
        (void)snprintf(w->update_id, sizeof(w->update_id), "%s", place->platform_id);
        posted->updates++;
    } else if (w->on_send(w, posted) == CHAT_SENT) {
        request->accepted = true;
        world_accept(w, posted);
    }
    if (w->calls == w->crash_call)
        world_die(w);
}

static inline void world_lookup(void *self, const char *const *keys, size_t count,
                                const struct chat_place *place, msec_t sent_at)
{
    struct world *w = self;
    if (w->dead)
        return;
    assert_non_null(place->user);
    assert_true(sent_at > 0 && sent_at <= w->now);
    for (size_t i = 0; i < count; i++) {
        struct request *request = &w->requests[w->request_count++];
        *request = (struct request){.lookup = true};
        (void)snprintf(request->key, sizeof(request->key), "%s", keys[i]);
        world_posted(w, keys[i])->lookups++;
    }
    w->readings++;
    if (++w->calls == w->crash_call)
        world_die(w);
}
