/* Erasing a person while the daemon runs: the wish is a row; what was said is blanked on the
 * platform; then the door closes for a moment, the store erases, and core and outbox are built anew
 * from what is left, exactly as a restart would. So no queue, cache or list has to be searched, and
 * a crash at any point begins again with the wish. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/voices.h"
#include "engine/engine_impl.h"
#include "engine/export.h"

/* The platform may be away: the person's data go all the same. */
enum { PATIENCE_MS = 10 * MSEC_MINUTE, FLIGHT_MS = 12 * MSEC_MINUTE };

#define GONE_KEY "gone"

void forgets_done(struct forgets *forgets)
{
    for (size_t i = 0; i < forgets->count; i++)
        free(forgets->list[i].id);
    free(forgets->list);
}

bool engine_forgets(const struct engine *engine, const char *id)
{
    for (size_t i = 0; i < engine->forgets.count; i++) {
        if (!id || str_eq(engine->forgets.list[i].id, id))
            return true;
    }
    return false;
}

static int64_t number_of(const char *json, const char *member)
{
    json_t *root = json_loads(json, 0, NULL);
    int64_t number = json_integer_value(json_object_get(root, member));
    json_decref(root);
    return number;
}

void forget_row(struct engine *engine, const struct row_state *row)
{
    struct forgets *forgets = &engine->forgets;
    if (row->kind != STATE_META || !row->value)
        return;
    if (str_eq(row->key, GONE_KEY))
        engine->gone = number_of(row->value, "count");
    if (!str_starts(row->key, FORGET_KEY))
        return;
    const char *id = row->key + strlen(FORGET_KEY);
    if (engine_forgets(engine, id))
        return;
    ARRAY_GROW(forgets->list, forgets->count, forgets->cap);
    forgets->list[forgets->count++] =
        (struct forget){xstrdup(id), number_of(row->value, "at"), MSEC_NONE};
}

/* --- on the platform --- */

struct blanking {
    struct engine *engine;
    const struct forget *forget;
    struct step *step;
};

static int blank_row(void *user, const struct row *row)
{
    const struct blanking *blanking = user;
    const struct row_outbox *sent = &row->outbox;
    struct core *core = blanking->engine->core;
    if (sent->state != OUTBOX_SENT || !sent->platform_id ||
        !str_eq(sent->rep, blanking->forget->id))
        return 0;
    if (sent->at >= blanking->forget->at && str_empty(sent->rule))
        return 0; /* what was said about the erasing itself */
    const char *to = core_message_receiver(core, sent->key);
    core_blank(core, to ? to : sent->rep, sent->rep, sent->key, blanking->forget->at,
               blanking->step);
    return 0;
}

/* What was blanked before has its key already, and is not sent again. */
static void blank(struct engine *engine, struct forget *forget)
{
    struct step step;
    struct err err;
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    struct blanking blanking = {engine, forget, &step};
    step_init(&step);
    step_reset(&step, engine->now);
    /* a store that cannot be read will say so when it is to erase */
    (void)engine->store->ops->load_outbox(engine->store, 0, blank_row, &blanking, &err);
    engine_add_intents(engine, &step, batch, &intents);
    step_done(&step);
    engine_submit(engine, batch, intents, NULL, NULL);
    outbox_run(engine->outbox, engine->now);
}

/* True: nothing that was said stands on the platform, as far as it can be changed in this time. A
 * message on its way at the wish is read only when its sending is durable, so the rows are read
 * until they hold nothing new. */
static bool all_blank(struct engine *engine)
{
    struct forget *forget = &engine->forgets.list[0];
    if (engine->now >= forget->since + PATIENCE_MS)
        return true;
    if (engine->uncommitted || outbox_owes(engine->outbox, forget->id))
        return false;
    blank(engine, forget);
    return !outbox_owes(engine->outbox, forget->id);
}

/* --- in the store and in memory --- */

static void on_erased(void *user, int status)
{
    struct engine *engine = user;
    engine->forgets.erased = status == 0; /* a failed store ends the process; the wish stays */
}

static const char *name_of(const struct core *core, const char *id)
{
    for (size_t i = 0; i < core_person_count(core); i++) {
        struct person_view view = core_person_at(core, i);
        if (str_eq(view.id, id))
            return str_eq(view.name, id) ? NULL : view.name;
    }
    return NULL;
}

void engine_personal(const struct core *core, const char *id, int64_t number, struct arena *arena,
                     struct personal *ret)
{
    *ret = (struct personal){.id = id, .name = name_of(core, id)};
    ret->key_count = core_person_keys(core, id, arena, &ret->keys);
    ret->pseudonym = arena_printf(arena, "gone-%lld", (long long)number);
}

/* The tokens of the anonymous door name nobody, so the store cannot find them. */
static void forget_voice(struct engine *engine, const char *id, struct store_batch *batch)
{
    struct step step;
    void *intents = NULL;
    step_init(&step);
    step_reset(&step, engine->now);
    core_voices_forget(engine->core, id, &step);
    engine_add_intents(engine, &step, batch, &intents); /* rows only: nothing is sent here */
    step_done(&step);
}

static void order(struct engine *engine, const struct forget *forget)
{
    struct store_batch *batch = store_batch_new();
    struct personal who;
    const char *count = arena_printf(&batch->arena, "{\"count\":%lld}", (long long)++engine->gone);
    engine_personal(engine->core, forget->id, engine->gone, &batch->arena, &who);
    store_batch_add(batch,
                    &(struct row){.type = ROW_STATE, .state = {STATE_META, GONE_KEY, count}});
    forget_voice(engine, forget->id, batch);
    store_batch_add(batch, &(struct row){.type = ROW_ERASE, .erase = who});
    engine->forgets.erasing = true;
    engine_submit(engine, batch, NULL, on_erased, engine);
}

/* False: the store cannot be read, and the process is to end. */
static bool finish(struct engine *engine)
{
    struct forgets *forgets = &engine->forgets;
    struct err err = {0};
    CLEANUP_FREE char *id = forgets->list[0].id;
    memmove(forgets->list, forgets->list + 1, --forgets->count * sizeof(*forgets->list));
    forgets->door = forgets->erasing = forgets->erased = false;
    int status = engine_rebuild(engine, &err);
    if (status && engine->options.hooks.failed)
        engine->options.hooks.failed(engine->options.hooks.user, status);
    if (status)
        return false;
    outbox_run(engine->outbox, engine->now);
    if (engine->options.hooks.erased)
        engine->options.hooks.erased(engine->options.hooks.user, id);
    if (engine->options.hooks.changed)
        engine->options.hooks.changed(engine->options.hooks.user);
    return true;
}

/* True: there is more to do at once. */
static bool go_on(struct engine *engine)
{
    struct forgets *forgets = &engine->forgets;
    size_t all, flight, unknown;
    if (forgets->erased)
        return !engine->uncommitted && finish(engine);
    if (forgets->erasing)
        return false;
    struct forget *first = &forgets->list[0];
    if (first->since == MSEC_NONE)
        first->since = engine->now;
    if (!forgets->door) {
        if (!all_blank(engine))
            return false;
        outbox_hold(engine->outbox, true);
        outbox_sizes(engine->outbox, &all, &flight, &unknown);
        if (flight && engine->now < first->since + FLIGHT_MS)
            return false; /* else as after a crash: the platform is asked what became of it */
        forgets->door = true;
    }
    if (engine->uncommitted)
        return false;
    order(engine, first);
    return true;
}

void forget_step(struct engine *engine)
{
    struct forgets *forgets = &engine->forgets;
    if (forgets->busy || engine->closing)
        return;
    forgets->busy = true;
    while (forgets->count && go_on(engine))
        ;
    forgets->busy = false;
}

msec_t forget_wake(const struct engine *engine)
{
    const struct forgets *forgets = &engine->forgets;
    if (!forgets->count || forgets->door)
        return MSEC_NEVER;
    const struct forget *first = &forgets->list[0];
    const msec_t moments[] = {first->since + PATIENCE_MS, first->since + FLIGHT_MS};
    if (first->since == MSEC_NONE)
        return engine->now;
    for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
        if (moments[i] > engine->now)
            return moments[i];
    }
    return MSEC_NEVER;
}
