#include "engine/engine_impl.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/event_fields.h"
#include "engine/explain.h"
#include "engine/export.h"

enum {
    UNCOMMITTED_MAX = 100000, /* rows; past that events are refused until the disk has caught up */
    SENDS_KEEP_DAYS = 400,
    SWEEP_EVERY_MS = MSEC_HOUR,
    SWEEP_ROWS = 5000,
};

/* So long after a backup was put back, what a sender sends again may lead to what was said. */
#define RESTORED_FOR MSEC_DAY

#define SECRET_KEY   "secret"
#define RESTORED_KEY "restored"

/* What a batch carries to its commit. */
struct parcel {
    struct engine *engine;
    engine_done done;
    void *user;
    void *intents;
};

static msec_t advance(struct engine *engine, msec_t now)
{
    if (now > engine->now)
        engine->now = now;
    return engine->now;
}

/* What ends in the outbox changes rows: not while somebody's rows are about to go. */
static void run_outbox(struct engine *engine)
{
    engine->inside++;
    if (!engine->forgets.door)
        outbox_run(engine->outbox, engine->now);
    engine->inside--;
}

static void on_commit(void *user, struct store_batch *batch, int status)
{
    struct parcel *parcel = user;
    struct engine *engine = parcel->engine;
    engine->uncommitted--;
    if (parcel->done)
        parcel->done(parcel->user, status);
    if (status || engine->closing) {
        outbox_handle_free(parcel->intents);
        if (status && engine->options.hooks.failed)
            engine->options.hooks.failed(engine->options.hooks.user, status);
    } else {
        outbox_committed(engine->outbox, parcel->intents, engine->now);
        run_outbox(engine);
    }
    store_batch_free(batch); /* the parcel lives in it */
    if (!status && !engine->inside)
        forget_step(engine);
}

void engine_submit(struct engine *engine, struct store_batch *batch, void *intents,
                   engine_done done, void *user)
{
    if (!batch->count && !intents && !done) { /* nothing happened, and nobody waits to hear so */
        store_batch_free(batch);
        return;
    }
    struct parcel *parcel = arena_alloc(&batch->arena, sizeof(*parcel));
    *parcel = (struct parcel){engine, done, user, intents};
    batch->done = on_commit;
    batch->user = parcel;
    engine->uncommitted++;
    engine->store->ops->submit(engine->store, batch);
}

static void on_outbox_commit(void *user, struct store_batch *batch, void *handle)
{
    engine_submit(user, batch, handle, NULL, NULL);
}

static void add_decision(struct engine *engine, const struct decision *decision,
                         struct store_batch *batch)
{
    struct strbuf line = {0};
    decision_encode(decision, &line);
    store_batch_add(batch, &(struct row){.type = ROW_DECISION,
                                         .decision = {decision->at, decision->rep, decision->rule,
                                                      decision->outcome, strbuf_text(&line)}});
    strbuf_done(&line);
    engine->stats.decisions++;
    if (engine->options.hooks.decided)
        engine->options.hooks.decided(engine->options.hooks.user, decision);
}

/* The step's intents as rows; what can leave at once is collected in *intents. */
void engine_add_intents(struct engine *engine, const struct step *step, struct store_batch *batch,
                        void **intents)
{
    for (size_t i = 0; i < step->count; i++) {
        const struct intent *intent = &step->intents[i];
        switch (intent->type) {
        case INTENT_SEND:
            outbox_add(engine->outbox, &intent->send, engine->now, batch, intents);
            break;
        case INTENT_STATE:
            forget_row(engine, &(struct row_state){intent->state.kind, intent->state.key,
                                                   intent->state.value});
            store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                                 .state = {intent->state.kind, intent->state.key,
                                                           intent->state.value}});
            break;
        case INTENT_NOTE:
            add_decision(engine, &intent->note, batch);
            break;
        }
    }
    if (step->count && engine->options.hooks.changed)
        engine->options.hooks.changed(engine->options.hooks.user);
}

/* A message that will never arrive: the core takes it back. */
static void on_outbox_failed(void *user, const struct message *message, const char *why, msec_t now,
                             struct store_batch *batch)
{
    struct engine *engine = user;
    struct step step;
    void *intents = NULL;
    step_init(&step);
    core_send_failed(engine->core, message, why, now, &step);
    engine_add_intents(engine, &step, batch,
                       &intents); /* notes and states only: nothing is sent here */
    step_done(&step);
}

/* --- loading --- */

struct loading {
    struct engine *engine;
    struct err *err;
    msec_t seen_from;
    msec_t now;
};

static bool read_secret(const char *value, unsigned char *ret)
{
    json_t *root = json_loads(value, 0, NULL);
    const char *hex = json_string_value(json_object_get(root, "hex"));
    bool good = hex && strlen(hex) == 2 * KEY_SECRET_BYTES;
    for (size_t i = 0; good && i < KEY_SECRET_BYTES; i++) {
        unsigned byte = 0;
        for (int k = 0; k < 2; k++) {
            const char *digits = "0123456789abcdef",
                       *place = strchr(digits, hex[2 * i + (size_t)k]);
            byte = byte * 16 + (place ? (unsigned)(place - digits) : 0);
        }
        ret[i] = (unsigned char)byte;
    }
    json_decref(root);
    return good;
}

/* Whoever put the backup in its place may have left word of it: {"asked":true}. */
static void read_restored(struct engine *engine, const char *value, msec_t now)
{
    json_t *root = json_loads(value, 0, NULL);
    if (json_is_true(json_object_get(root, "asked")))
        engine->options.restored = true;
    if (engine->options.restored)
        outbox_set_doubt(engine->outbox, 0, now + RESTORED_FOR);
    else
        outbox_set_doubt(engine->outbox, json_integer_value(json_object_get(root, "since")),
                         json_integer_value(json_object_get(root, "until")));
    json_decref(root);
}

/* From now on, over restarts too. Rows that were on their way in the backup are in doubt since
 * their own moment. */
static void begin_restored(struct engine *engine, msec_t now, struct store_batch *batch)
{
    struct strbuf value = {0};
    struct jsonw json;
    msec_t until = now + RESTORED_FOR;
    outbox_set_doubt(engine->outbox, engine->last_at, until);
    jsonw_begin(&json, &value);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "since", engine->last_at);
    jsonw_int(&json, "until", until);
    jsonw_object_end(&json);
    store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                         .state = {STATE_META, RESTORED_KEY, strbuf_text(&value)}});
    strbuf_done(&value);
    engine->options.restored = false; /* not each time that the engine is built anew */
    engine->was_restored = true;
}

static int load_state(void *user, const struct row *row)
{
    struct loading *loading = user;
    struct engine *engine = loading->engine;
    unsigned char secret[KEY_SECRET_BYTES];
    if (row->state.kind == STATE_META && str_eq(row->state.key, SECRET_KEY)) {
        if (!read_secret(row->state.value, secret))
            return err_set(loading->err, EINVAL, "the instance's secret is not readable");
        core_set_secret(engine->core, secret);
        engine->has_secret = true;
        return 0;
    }
    if (row->state.kind == STATE_META && str_eq(row->state.key, RESTORED_KEY))
        read_restored(engine, row->state.value, loading->now);
    forget_row(engine, &row->state);
    return core_load_state(engine->core, row->state.kind, row->state.key, row->state.value,
                           loading->err);
}

static int load_journal(void *user, const struct row *row)
{
    struct loading *loading = user;
    const struct row_journal *j = &row->journal;
    struct fact_row fact = {
        j->time, j->id, (enum event_type)j->type, j->kind, j->direction, j->flags, j->rep, j->deal};
    if (j->at >= loading->seen_from)
        (void)seen_add(&loading->engine->seen, j->id, j->at); /* a journal has each id once */
    core_load_fact(loading->engine->core, &fact);
    if (j->at > loading->engine->last_at)
        loading->engine->last_at = j->at;
    return 0;
}

static int load_outbox(void *user, const struct row *row)
{
    struct loading *loading = user;
    const struct row_outbox *o = &row->outbox;
    bool counts =
        o->state != OUTBOX_DEAD && o->state != OUTBOX_EXPIRED && o->state != OUTBOX_CANCELLED;
    if (o->rule && counts)
        core_load_send(loading->engine->core, o->rule, o->rep, o->deal, o->at);
    if (o->at > loading->engine->last_at)
        loading->engine->last_at = o->at;
    return outbox_load(loading->engine->outbox, o, loading->now, loading->err);
}

static int load_all(struct engine *engine, msec_t now, struct err *err)
{
    struct loading loading = {engine, err, now - SEEN_WINDOW, now};
    const struct store_ops *ops = engine->store->ops;
    msec_t horizon = core_book(engine->core)->fact_horizon;
    if (engine->options.restored)
        outbox_set_doubt(engine->outbox, 0, now + RESTORED_FOR);
    int status = ops->load_states(engine->store, load_state, &loading, err);
    if (!status)
        status =
            ops->load_journal(engine->store, now - horizon, false, load_journal, &loading, err);
    if (!status)
        status = ops->load_outbox(engine->store, now - SENDS_KEEP_DAYS * MSEC_DAY, load_outbox,
                                  &loading, err);
    return status;
}

static void store_secret(struct engine *engine, struct store_batch *batch)
{
    struct strbuf value = {0};
    strbuf_puts(&value, "{\"hex\":\"");
    for (size_t i = 0; i < KEY_SECRET_BYTES; i++)
        strbuf_printf(&value, "%02x", engine->options.core.secret[i]);
    strbuf_puts(&value, "\"}");
    store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                         .state = {STATE_META, SECRET_KEY, strbuf_text(&value)}});
    strbuf_done(&value);
}

static struct outbox *outbox_of(struct engine *engine)
{
    return outbox_new(engine->core, &(struct outbox_options){.quiet_ms = engine->options.quiet_ms,
                                                             .failed = on_outbox_failed,
                                                             .commit = on_outbox_commit,
                                                             .user = engine});
}

/* What a start finds becomes what is true; its rows are on their way. */
static int begin(struct engine *engine, msec_t now, struct err *err)
{
    struct store_batch *batch;
    void *intents = NULL;
    int status = load_all(engine, now, err);
    if (status)
        return status;
    batch = store_batch_new();
    engine->now = now > engine->last_at ? now : engine->last_at;
    if (!engine->has_secret)
        store_secret(engine, batch);
    if (engine->options.restored)
        begin_restored(engine, engine->now, batch);
    core_ready(engine->core, engine->now, &engine->step);
    engine_add_intents(engine, &engine->step, batch, &intents);
    engine_submit(engine, batch, intents, NULL, NULL);
    return 0;
}

int engine_rebuild(struct engine *engine, struct err *err)
{
    const struct book *book = core_book(engine->core);
    struct outbox_counts counts = outbox_counts(engine->outbox);
    outbox_free(engine->outbox);
    core_free(engine->core);
    engine->core = core_new(book, &engine->options.core);
    engine->outbox = outbox_of(engine);
    if (engine->options.quiet_ms)
        outbox_set_quiet(engine->outbox, book->limits.quiet_period);
    if (engine->has_chat)
        outbox_set_chat(engine->outbox, &engine->chat);
    int status = begin(engine, engine->now, err);
    outbox_set_counts(engine->outbox, &counts);
    return status;
}

int engine_open(const struct book *book, struct store *store, const struct engine_options *options,
                msec_t now, struct err *err, struct engine **ret)
{
    struct engine *engine = NEW(struct engine);
    engine->options = *options;
    engine->store = store;
    engine->core = core_new(book, &options->core);
    step_init(&engine->step);
    seen_init(&engine->seen, SEEN_WINDOW);
    engine->outbox = outbox_of(engine);
    int status = begin(engine, now, err);
    if (status) {
        engine_close(engine);
        return status;
    }
    *ret = engine;
    return 0;
}

void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    outbox_free(engine->outbox);
    core_free(engine->core);
    step_done(&engine->step);
    seen_done(&engine->seen);
    forgets_done(&engine->forgets);
    free(engine);
}

void engine_stop(struct engine *engine)
{
    engine->closing = true;
}

void engine_set_chat(struct engine *engine, const struct chat_port *chat)
{
    engine->chat = *chat;
    engine->has_chat = true;
    outbox_set_chat(engine->outbox, chat);
}

/* --- events --- */

/* The journal keeps what happened, not what people said: their words live with the conversation.
 * rep: whom the core took it to be about; the deal may have another owner by the next start. */
static void add_journal(const struct event *event, const char *rep, struct store_batch *batch)
{
    struct event kept = *event;
    struct strbuf body = {0};
    struct fact_row fact = core_fact_row(event);
    if (!rep) /* nobody we know yet */
        rep = event->rep ? event->rep : event->owner;
    if (kept.type == EVENT_SAID || kept.type == EVENT_CLICKED)
        kept.text = NULL;
    event_encode(&kept, &body);
    store_batch_add(batch, &(struct row){.type = ROW_JOURNAL,
                                         .journal = {.at = event->at,
                                                     .time = event->time,
                                                     .id = event->key,
                                                     .type = event->type,
                                                     .kind = fact.kind,
                                                     .direction = fact.direction,
                                                     .flags = fact.flags,
                                                     .rep = rep,
                                                     .deal = event->deal,
                                                     .body = strbuf_text(&body)}});
    strbuf_done(&body);
}

/* One an hour: erasing is a big thing to do. */
static void erase_leaver(struct engine *engine, struct store_batch *batch)
{
    const char *leaver = core_leaver(engine->core, engine->now);
    struct step step;
    void *intents = NULL;
    if (!leaver || engine_forgets(engine, leaver))
        return;
    step_init(&step);
    step_reset(&step, engine->now);
    core_forget(leaver, &step);
    engine_add_intents(engine, &step, batch, &intents); /* one row: nothing is sent here */
    step_done(&step);
}

/* Retention: a little each hour, so that no commit is a long one. */
static void sweep(struct engine *engine)
{
    const struct book *book = core_book(engine->core);
    const struct limits *limits = &book->limits;
    msec_t now = engine->now, journal = limits->keep_journal * MSEC_DAY;
    if (journal < book->fact_horizon) /* what signals look at is needed at the next start */
        journal = book->fact_horizon;
    if (now < engine->swept + SWEEP_EVERY_MS)
        return;
    engine->swept = now;
    struct store_batch *batch = store_batch_new();
    store_batch_add(batch,
                    &(struct row){.type = ROW_SWEEP,
                                  .sweep = {.journal = now - journal,
                                            .decisions = now - limits->keep_decisions * MSEC_DAY,
                                            .messages = now - limits->keep_messages * MSEC_DAY,
                                            .outbox = now - SENDS_KEEP_DAYS * MSEC_DAY,
                                            .accesses = now - SENDS_KEEP_DAYS * MSEC_DAY,
                                            .access_kind = STATE_ACCESS,
                                            .most = SWEEP_ROWS}});
    erase_leaver(engine, batch);
    engine_submit(engine, batch, NULL, NULL, NULL);
}

static void step_event(struct engine *engine, const struct event *event)
{
    if (!core_asks_why_not(engine->core, event)) {
        core_step(engine->core, event, &engine->step);
        return;
    }
    struct arena arena;
    arena_init(&arena);
    const char *person = core_person_id(engine->core, event->chat);
    core_answer(engine->core, event,
                explain_why_not(engine->core, engine->store, person, event->at, &arena),
                &engine->step);
    arena_done(&arena);
}

enum engine_taken engine_take(struct engine *engine, const struct event *event, msec_t now,
                              engine_done done, void *user)
{
    struct event stamped = *event;
    if (engine->store->ops->queued(engine->store) > UNCOMMITTED_MAX || engine->forgets.door)
        return ENGINE_FULL;
    stamped.at = advance(engine, now);
    if (stamped.time > stamped.at)
        stamped.time = stamped.at;
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    if (stamped.id && !seen_add(&engine->seen, stamped.key, stamped.at)) {
        /* the first copy may not be durable yet: an empty batch behind it tells when it is */
        engine->stats.repeated++;
        engine_submit(engine, batch, NULL, done, user);
        return ENGINE_REPEATED;
    }
    engine->stats.events++;
    engine->stats.last_event = stamped.at;
    step_event(engine, &stamped);
    if (engine->step.export)
        export_to_chat(engine->core, engine->store, &stamped, &engine->step);
    if (stamped.id)
        add_journal(&stamped, engine->step.rep, batch);
    const struct event *happened = engine->step.happened;
    if (happened && seen_add(&engine->seen, happened->key, stamped.at))
        add_journal(happened, engine->step.happened_rep, batch);
    engine_add_intents(engine, &engine->step, batch, &intents);
    engine_submit(engine, batch, intents, done, user);
    return ENGINE_TAKEN;
}

bool engine_has_seen(const struct engine *engine, struct hash128 key, msec_t now)
{
    return seen_has(&engine->seen, key, now);
}

void engine_tick(struct engine *engine, msec_t now)
{
    now = advance(engine, now);
    if (engine->forgets.door) {
        forget_step(engine);
        return;
    }
    if (core_next_wake(engine->core) <= now) {
        struct event tick;
        struct store_batch *batch = store_batch_new();
        void *intents = NULL;
        event_init(&tick, EVENT_TICK, now);
        core_step(engine->core, &tick, &engine->step);
        engine_add_intents(engine, &engine->step, batch, &intents);
        engine_submit(engine, batch, intents, NULL, NULL);
    }
    sweep(engine);
    run_outbox(engine);
    forget_step(engine);
}

msec_t engine_next_wake(const struct engine *engine)
{
    msec_t core = core_next_wake(engine->core), outbox = outbox_next_wake(engine->outbox);
    msec_t forget = forget_wake(engine), first = core < outbox ? core : outbox;
    if (engine->forgets.door) /* a commit will wake it */
        return forget;
    return first < forget ? first : forget;
}

void engine_result(struct engine *engine, const struct chat_result *result, msec_t now)
{
    if (engine->closing)
        return;
    engine->inside++;
    outbox_result(engine->outbox, result, advance(engine, now));
    engine->inside--;
    forget_step(engine);
}

void engine_chat_ready(struct engine *engine, msec_t now)
{
    (void)advance(engine, now); /* run_outbox() looks at it */
    if (engine->closing)
        return;
    run_outbox(engine);
    forget_step(engine);
}

bool engine_idle(const struct engine *engine)
{
    return !engine->uncommitted && !engine->forgets.count &&
           outbox_idle(engine->outbox, engine->now);
}

bool engine_is_late(const struct engine *engine)
{
    return outbox_is_late(engine->outbox);
}

/* What only the new book looks at: facts of before the old horizon, and of people whom the old book
 * did not know. The journal has them, and a restart would find them there. */
enum { FRESH_MAX = 16 };

struct catching_up {
    struct engine *engine;
    bool further;                 /* than the old book looked: every fact is offered again */
    const char *fresh[FRESH_MAX]; /* keys of people that lead somewhere only now */
    int fresh_count;              /* more than FRESH_MAX: they are not all listed */
};

static void note_fresh(struct catching_up *up, const char *key)
{
    if (!key || core_knows(up->engine->core, key))
        return;
    if (up->fresh_count < FRESH_MAX)
        up->fresh[up->fresh_count] = key;
    up->fresh_count++;
}

static bool is_fresh(const struct catching_up *up, const char *key)
{
    for (int i = 0; i < up->fresh_count && i < FRESH_MAX; i++) {
        if (str_ieq(up->fresh[i], key))
            return true;
    }
    return up->fresh_count > FRESH_MAX;
}

static void note_people(struct catching_up *up, const struct book *book)
{
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *def = &book->people[i];
        note_fresh(up, def->id);
        note_fresh(up, def->email);
        note_fresh(up, def->chat);
        for (int k = 0; k < def->crm_count; k++)
            note_fresh(up, def->crm[k]);
    }
}

static int catch_up_row(void *user, const struct row *row)
{
    const struct catching_up *up = user;
    const struct row_journal *j = &row->journal;
    struct fact_row fact = {
        j->time, j->id, (enum event_type)j->type, j->kind, j->direction, j->flags, j->rep, j->deal};
    if (j->rep && (up->further || is_fresh(up, j->rep)))
        core_load_fact(up->engine->core, &fact); /* what is there already is not taken twice */
    return 0;
}

static int catch_up(struct catching_up *up, msec_t old_horizon, struct err *err)
{
    struct engine *engine = up->engine;
    msec_t horizon = core_book(engine->core)->fact_horizon;
    up->further = horizon > old_horizon;
    if (!up->further && !up->fresh_count)
        return 0;
    return engine->store->ops->load_journal(engine->store, engine->now - horizon, false,
                                            catch_up_row, up, err);
}

/* While somebody's rows go, what the core wants to store comes too late: it is built anew from the
 * rows in a moment. What is said to others is said. */
static void only_sends(struct engine *engine)
{
    struct step *step = &engine->step;
    size_t kept = 0;
    for (size_t i = 0; i < step->count && engine->forgets.door; i++) {
        if (step->intents[i].type == INTENT_SEND &&
            !str_eq(step->intents[i].send.to, engine->forgets.list[0].id))
            step->intents[kept++] = step->intents[i];
    }
    if (engine->forgets.door)
        step->count = kept;
}

static void add_own(struct engine *engine, const struct engine_own *own, struct store_batch *batch)
{
    for (size_t i = 0; i < own->row_count; i++)
        store_batch_add(batch, &(struct row){.type = ROW_STATE, .state = own->rows[i]});
    for (size_t i = 0; i < own->notice_count; i++)
        core_notice(engine->core, own->notices[i].to, own->notices[i].occurrence,
                    own->notices[i].text, &engine->step);
}

int engine_set_book(struct engine *engine, const struct book *book, msec_t now,
                    const struct engine_own *own, struct err *err)
{
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    msec_t horizon = core_book(engine->core)->fact_horizon;
    struct catching_up up = {.engine = engine};
    note_people(&up, book);
    if (engine->options.quiet_ms) /* else nothing is ever late: the local platform */
        outbox_set_quiet(engine->outbox, book->limits.quiet_period);
    core_set_book(engine->core, book, advance(engine, now), &engine->step);
    if (own)
        add_own(engine, own, batch);
    only_sends(engine);
    engine_add_intents(engine, &engine->step, batch, &intents);
    engine_submit(engine, batch, intents, NULL, NULL);
    return catch_up(&up, horizon, err);
}

void engine_keep(struct engine *engine, const struct engine_own *own, msec_t now)
{
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    step_reset(&engine->step, advance(engine, now));
    add_own(engine, own, batch);
    only_sends(engine);
    engine_add_intents(engine, &engine->step, batch, &intents);
    engine_submit(engine, batch, intents, own->done, own->user);
}

bool engine_was_restored(const struct engine *engine)
{
    return engine->was_restored;
}

bool engine_say(struct engine *engine, const struct engine_notice *notice, msec_t now,
                char ret_key[MESSAGE_KEY_BYTES], engine_done done, void *user)
{
    const struct engine_own own = {.notices = notice, .notice_count = 1};
    if (!core_hears(engine->core, notice->to) || engine_forgets(engine, notice->to))
        return false;
    struct store_batch *batch = store_batch_new();
    void *intents = NULL;
    bool found = false;
    ret_key[0] = '\0';
    step_reset(&engine->step, advance(engine, now));
    add_own(engine, &own, batch);
    only_sends(engine);
    for (size_t i = 0; i < engine->step.count && !found; i++) {
        const struct message *message = &engine->step.intents[i].send;
        found = engine->step.intents[i].type == INTENT_SEND && str_eq(message->to, notice->to) &&
                str_eq(message->text, notice->text);
        if (found)
            memcpy(ret_key, message->key, MESSAGE_KEY_BYTES);
    }
    engine_add_intents(engine, &engine->step, batch, &intents);
    engine_submit(engine, batch, intents, done, user);
    return true;
}

const char *engine_held(const struct engine *engine, const char *key, msec_t now, msec_t *ret_until)
{
    const struct message *message = outbox_message(engine->outbox, key);
    const char *why = NULL;
    *ret_until = MSEC_NONE;
    if (message && core_may_send(engine->core, message, now, ret_until, &why) == SEND_GO)
        return NULL;
    return why;
}

struct core *engine_core(struct engine *engine)
{
    return engine->core;
}

msec_t engine_last_at(const struct engine *engine)
{
    return engine->last_at;
}

struct engine_stats engine_stats(const struct engine *engine)
{
    struct engine_stats stats = engine->stats;
    struct outbox_counts counts = outbox_counts(engine->outbox);
    outbox_sizes(engine->outbox, &stats.outbox, &stats.in_flight, &stats.unknown);
    stats.sent = counts.sent;
    stats.dead = counts.dead;
    stats.unknown_seen = counts.unknown_seen;
    stats.retries = counts.retries;
    stats.uncommitted = engine->uncommitted;
    return stats;
}
