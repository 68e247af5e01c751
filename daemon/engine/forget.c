/* Erasing a person while the daemon runs: the wish is a row; what was said is blanked on the
 * platform; then the door closes for a moment, the store erases, and core and outbox are built anew
 * from what is left, exactly as a restart would. So no queue, cache or list has to be searched, and
 * a crash at any point begins again with the wish. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/unblanked.h"
#include "core/voices.h"
#include "engine/engine_impl.h"
#include "engine/export.h"

/* The platform may be away: the person's data go all the same. */
enum { PATIENCE_MS = 10 * MSEC_MINUTE, FLIGHT_MS = 12 * MSEC_MINUTE };
enum { BLANK_DAYS = 14 }; /* as far back as it is known where messages stand, and as we promise */

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

size_t engine_forget_left(const struct engine *engine, const char *id)
{
    const struct forgets *forgets = &engine->forgets;
    struct hash128 who = hash_bytes(0, id, strlen(id));
    size_t first = forgets->end_count < FORGET_ENDS ? 0 : forgets->end_count - FORGET_ENDS;
    for (size_t i = forgets->end_count; i-- > first;) {
        if (hash128_eq(forgets->ends[i % FORGET_ENDS].who, who))
            return forgets->ends[i % FORGET_ENDS].left;
    }
    return 0;
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
    /* What the last two weeks need. A message that was changed meanwhile has several. */
    struct blank_one {
        const char *key; /* of the change; NULL: cannot be made */
        const char *place;
        bool done;
    } * list;
    size_t count, cap;
};

static void is_done(struct blanking *blanking, const char *key)
{
    for (size_t i = 0; i < blanking->count; i++)
        blanking->list[i].done |= str_eq(blanking->list[i].key, key);
}

/* Places where nothing was done. */
static size_t left_of(const struct blanking *blanking)
{
    size_t left = 0;
    for (size_t i = 0; i < blanking->count; i++) {
        bool known = blanking->list[i].done;
        for (size_t k = 0; k < blanking->count && !known; k++)
            known = (k < i || blanking->list[k].done) &&
                    str_eq(blanking->list[k].place, blanking->list[i].place);
        left += !known;
    }
    return left;
}

/* Rows come in the order in which they were made, so a change comes after what it changes. */
static int blank_row(void *user, const struct row *row)
{
    struct blanking *blanking = user;
    struct step *step = blanking->step;
    const struct forget *forget = blanking->forget;
    const struct row_outbox *sent = &row->outbox;
    struct core *core = blanking->engine->core;
    if (sent->state != OUTBOX_SENT || !str_eq(sent->rep, forget->id))
        return 0;
    if (sent->at >= forget->at && str_empty(sent->rule)) {
        is_done(blanking, sent->key); /* said about the erasing itself */
        return 0;
    }
    if (!sent->platform_id)
        return 0;
    const char *to = core_message_receiver(core, sent->key);
    size_t before = step->count;
    core_blank(core, to ? to : sent->rep, sent->rep, sent->key, forget->at, step);
    if (sent->at < forget->at - BLANK_DAYS * MSEC_DAY)
        return 0;
    ARRAY_GROW(blanking->list, blanking->count, blanking->cap);
    blanking->list[blanking->count++] = (struct blank_one){
        .key = step->count > before ? step->intents[before].send.key : NULL,
        .place = arena_printf(&step->arena, "%s %s", sent->channel ? sent->channel : "",
                              sent->platform_id),
    };
    return 0;
}

/* Fills the step with the changes that are needed. Returns how many messages of the last two weeks
 * stand as they were. */
static size_t survey(struct engine *engine, const struct forget *forget, struct step *step)
{
    struct err err;
    struct blanking blanking = {.engine = engine, .forget = forget, .step = step};
    /* a store that cannot be read will say so when it is to erase */
    (void)engine->store->ops->load_outbox(engine->store, 0, blank_row, &blanking, &err);
    size_t left = left_of(&blanking);
    free(blanking.list);
    return left;
}

/* What was blanked before has its key already, and is not sent again. Nor is the word about those
 * that cannot be. */
static void blank(struct engine *engine, struct forget *forget, bool tell)
{
    struct step step;
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    step_init(&step);
    step_reset(&step, engine->now);
    size_t left = survey(engine, forget, &step);
    if (tell && left)
        core_tell_unblanked(engine->core, forget->id, left, forget->at, &step);
    engine_add_intents(engine, &step, batch, &intents);
    step_done(&step);
    engine_submit(engine, batch, intents, NULL, NULL);
    outbox_run(engine->outbox, engine->now);
}

/* True: nothing that was said stands on the platform, as far as it can be changed in this time. A
 * message on its way at the wish is read only when its sending is durable, so the rows are read
 * until they hold nothing new; then what the platform refused is told. */
static bool all_blank(struct engine *engine)
{
    struct forget *forget = &engine->forgets.list[0];
    for (int tell = 0; tell <= 1; tell++) {
        if (engine->now >= forget->since + PATIENCE_MS)
            return true;
        if (engine->uncommitted || outbox_owes(engine->outbox, forget->id))
            return false;
        blank(engine, forget, tell);
    }
    return !engine->uncommitted && !outbox_owes(engine->outbox, forget->id);
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
    struct step unused;
    step_init(&unused);
    step_reset(&unused, engine->now);
    engine->forgets.left = survey(engine, forget, &unused);
    step_done(&unused);
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
    forgets->ends[forgets->end_count++ % FORGET_ENDS] =
        (struct forget_end){hash_bytes(0, id, strlen(id)), forgets->left};
    memmove(forgets->list, forgets->list + 1, --forgets->count * sizeof(*forgets->list));
    forgets->door = forgets->erasing = forgets->erased = false;
    int status = engine_rebuild(engine, &err);
    if (status && engine->options.hooks.failed)
        engine->options.hooks.failed(engine->options.hooks.user, status);
    if (status)
        return false;
    outbox_run(engine->outbox, engine->now);
    if (engine->options.hooks.erased)
        engine->options.hooks.erased(engine->options.hooks.user, id, forgets->left);
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
