#include "engine/store_memory.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "engine/personal.h"
#include "engine/store_memory_index.h"

struct store_memory {
    struct store base; /* first: the ops get a pointer to it */
    struct store_memory_options options;
    struct arena text; /* of journal and decisions, which are never changed */
    struct row_journal *journal;
    size_t journal_count, journal_cap;
    uint64_t journal_discarded;
    struct row_decision *decisions;
    size_t decision_count, decision_cap;
    struct row_state *states; /* heap text */
    size_t state_count, state_cap;
    struct store_index state_index;
    struct row_outbox *outbox; /* heap text, in the order of insertion */
    size_t outbox_count, outbox_cap;
    struct store_index outbox_index;
    struct store_batch *first, *last; /* waiting for done() */
    struct store_batch *first_failed;
    int failure, deliver_status;
    uint64_t submitted;
    size_t rows_waiting;
    bool delivering;
};

static struct store_memory *self(struct store *store)
{
    return (struct store_memory *)store;
}

static const struct store_memory *self_const(const struct store *store)
{
    return (const struct store_memory *)store;
}

/* --- rows --- */

static uint64_t state_hash(const struct row_state *row)
{
    return hash_bytes((uint64_t)row->kind, row->key, strlen(row->key)).a;
}

static bool state_match(const void *user, size_t place, const void *key)
{
    const struct row_state *wanted = key,
                           *row = &((const struct store_memory *)user)->states[place];
    return row->kind == wanted->kind && str_eq(row->key, wanted->key);
}

static bool outbox_match(const void *user, size_t place, const void *key)
{
    return str_eq(((const struct store_memory *)user)->outbox[place].key, key);
}

static void state_drop(struct row_state *row)
{
    char *key, *value;
    memcpy(&key, &row->key, sizeof(key)); /* ours, though the row calls them const */
    memcpy(&value, &row->value, sizeof(value));
    free(key);
    free(value);
}

static void text_replace(const char **slot, const char *text)
{
    char *old;
    memcpy(&old, slot, sizeof(old)); /* ours, though the row calls it const */
    *slot = xstrdup(text);
    free(old);
}

static void state_remove(struct store_memory *memory, struct store_index_slot *slot)
{
    size_t place = slot->place - 1, last = memory->state_count - 1;
    state_drop(&memory->states[place]);
    store_index_remove(&memory->state_index, slot);
    if (place != last) { /* the last row fills the hole */
        memory->states[place] = memory->states[last];
        store_index_move(&memory->state_index, state_hash(&memory->states[place]), last, place);
    }
    memory->state_count--;
}

static void apply_state(struct store_memory *memory, const struct row *row)
{
    const struct row_state *put = &row->state;
    uint64_t hash = state_hash(put);
    struct store_index_slot *slot =
        store_index_find(&memory->state_index, memory, hash, state_match, put);
    if (!put->value) {
        if (slot)
            state_remove(memory, slot);
    } else if (slot) {
        text_replace(&memory->states[slot->place - 1].value, put->value);
    } else {
        ARRAY_GROW(memory->states, memory->state_count, memory->state_cap);
        memory->states[memory->state_count] =
            (struct row_state){put->kind, xstrdup(put->key), xstrdup(put->value)};
        store_index_add(&memory->state_index, hash, memory->state_count++);
    }
}

static void apply_journal(struct store_memory *memory, const struct row *row)
{
    if (memory->options.discard_journal) {
        memory->journal_discarded++;
        return;
    }
    ARRAY_GROW(memory->journal, memory->journal_count, memory->journal_cap);
    struct row_journal *copy = &memory->journal[memory->journal_count++];
    *copy = row->journal;
    copy->rep = arena_strdup(&memory->text, copy->rep);
    copy->deal = arena_strdup(&memory->text, copy->deal);
    copy->body = arena_strdup(&memory->text, copy->body);
}

static void apply_decision(struct store_memory *memory, const struct row *row)
{
    ARRAY_GROW(memory->decisions, memory->decision_count, memory->decision_cap);
    struct row_decision *copy = &memory->decisions[memory->decision_count++];
    *copy = row->decision;
    copy->rep = arena_strdup(&memory->text, copy->rep);
    copy->rule = arena_strdup(&memory->text, copy->rule);
    copy->outcome = arena_strdup(&memory->text, copy->outcome);
    copy->line = arena_strdup(&memory->text, copy->line);
}

enum { OUTBOX_TEXTS = 7, OUTBOX_CONTENT = 4 /* from here on it is what was said, and where */ };

/* The text fields of an outbox row in a fixed order, so that insert, update and free are loops. */
static void outbox_texts(struct row_outbox *row, const char **ret_slots[OUTBOX_TEXTS])
{
    const char **slots[OUTBOX_TEXTS] = {&row->key,     &row->rule,    &row->rep,        &row->deal,
                                        &row->message, &row->channel, &row->platform_id};
    memcpy(ret_slots, slots, sizeof(slots));
}

static void outbox_insert(struct store_memory *memory, const struct row_outbox *row)
{
    ARRAY_GROW(memory->outbox, memory->outbox_count, memory->outbox_cap);
    struct row_outbox *copy = &memory->outbox[memory->outbox_count];
    *copy = *row;
    copy->update = false;
    const char **slots[OUTBOX_TEXTS];
    outbox_texts(copy, slots);
    for (size_t i = 0; i < OUTBOX_TEXTS; i++)
        *slots[i] = xstrdup(*slots[i]);
    store_index_add(&memory->outbox_index, hash_text(copy->key), memory->outbox_count++);
}

static void outbox_update(struct row_outbox *row, const struct row_outbox *change)
{
    if (change->state >= 0)
        row->state = change->state;
    if (change->attempt >= 0)
        row->attempt = change->attempt;
    if (change->at >= 0)
        row->at = change->at;
    if (change->due >= 0)
        row->due = change->due;
    if (change->deadline >= 0)
        row->deadline = change->deadline;
    struct row_outbox from = *change;
    const char **slots[OUTBOX_TEXTS], **changes[OUTBOX_TEXTS];
    outbox_texts(row, slots);
    outbox_texts(&from, changes);
    for (size_t i = 1; i < OUTBOX_TEXTS; i++) { /* 0 is the key */
        if (*changes[i])
            text_replace(slots[i], *changes[i]);
    }
}

static void apply_outbox(struct store_memory *memory, const struct row *row)
{
    const struct row_outbox *put = &row->outbox;
    struct store_index_slot *slot = store_index_find(&memory->outbox_index, memory,
                                                     hash_text(put->key), outbox_match, put->key);
    if (slot && put->update)
        outbox_update(&memory->outbox[slot->place - 1], put);
    else if (!slot && !put->update)
        outbox_insert(memory, put);
}

/* --- orders --- */

/* A copy of the row's texts where its table keeps them. */
static void journal_keep(struct store_memory *memory, struct row_journal *row)
{
    row->rep = arena_strdup(&memory->text, row->rep);
    row->deal = arena_strdup(&memory->text, row->deal);
    row->body = arena_strdup(&memory->text, row->body);
}

static void erase_journal(struct store_memory *memory, const struct personal *who,
                          struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < memory->journal_count; i++) {
        struct row made, row = {.type = ROW_JOURNAL, .journal = memory->journal[i]};
        enum personal_rest rest = personal_erase(who, &row, arena, &made);
        if (rest == REST_CHANGED) {
            journal_keep(memory, &made.journal);
            row = made;
        }
        if (rest != REST_GONE)
            memory->journal[kept++] = row.journal;
    }
    memory->journal_count = kept;
}

static void erase_decisions(struct store_memory *memory, const struct personal *who,
                            struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < memory->decision_count; i++) {
        struct row made, row = {.type = ROW_DECISION, .decision = memory->decisions[i]};
        enum personal_rest rest = personal_erase(who, &row, arena, &made);
        if (rest == REST_CHANGED) {
            row = made;
            row.decision.line = arena_strdup(&memory->text, made.decision.line);
        }
        if (rest != REST_GONE)
            memory->decisions[kept++] = row.decision;
    }
    memory->decision_count = kept;
}

static void erase_states(struct store_memory *memory, const struct personal *who,
                         struct arena *arena)
{
    struct row *changes = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < memory->state_count; i++) {
        struct row made, row = {.type = ROW_STATE, .state = memory->states[i]};
        enum personal_rest rest = personal_erase(who, &row, arena, &made);
        if (rest == REST_SAME)
            continue;
        ARRAY_GROW(changes, count, cap);
        changes[count] = row;
        changes[count].state.key = arena_strdup(arena, row.state.key);
        changes[count++].state.value = NULL;
        if (rest == REST_GONE)
            continue;
        ARRAY_GROW(changes, count, cap);
        changes[count] = made;
        changes[count].state.key = arena_strdup(arena, made.state.key);
        changes[count++].state.value = arena_strdup(arena, made.state.value);
    }
    for (size_t i = 0; i < count; i++)
        apply_state(memory, &changes[i]);
    free(changes);
}

/* The key stays, so the index does too. */
static void outbox_put(struct row_outbox *row, const struct row_outbox *made)
{
    const char **slots[OUTBOX_TEXTS], **texts[OUTBOX_TEXTS];
    struct row_outbox from = *made;
    outbox_texts(row, slots);
    outbox_texts(&from, texts);
    for (size_t i = 1; i < OUTBOX_TEXTS; i++) { /* 0 is the key */
        if (*slots[i] != *texts[i])
            text_replace(slots[i], *texts[i]);
    }
    row->state = made->state;
    row->deadline = made->deadline;
}

static void erase_outbox(struct store_memory *memory, const struct personal *who,
                         struct arena *arena)
{
    for (size_t i = 0; i < memory->outbox_count; i++) {
        struct row made, row = {.type = ROW_OUTBOX, .outbox = memory->outbox[i]};
        if (personal_erase(who, &row, arena, &made) == REST_CHANGED)
            outbox_put(&memory->outbox[i], &made.outbox);
    }
}

static void apply_erase(struct store_memory *memory, const struct row *row)
{
    struct arena arena;
    arena_init(&arena);
    erase_journal(memory, &row->erase, &arena);
    erase_decisions(memory, &row->erase, &arena);
    erase_states(memory, &row->erase, &arena);
    erase_outbox(memory, &row->erase, &arena);
    arena_done(&arena);
}

static bool is_finished(const struct store_memory *memory, int state)
{
    return state >= 0 && state < 32 && (memory->options.finished >> state & 1);
}

/* Rows come in the order of their time, so the old ones stand in front. */
static void sweep_journal(struct store_memory *memory, const struct row_sweep *sweep)
{
    size_t old = 0;
    while (old < memory->journal_count && old < (size_t)sweep->most &&
           memory->journal[old].at < sweep->journal)
        old++;
    memory->journal_count -= old;
    if (old)
        memmove(memory->journal, memory->journal + old,
                memory->journal_count * sizeof(*memory->journal));
}

static void sweep_decisions(struct store_memory *memory, const struct row_sweep *sweep)
{
    size_t old = 0;
    while (old < memory->decision_count && old < (size_t)sweep->most &&
           memory->decisions[old].at < sweep->decisions)
        old++;
    memory->decision_count -= old;
    if (old)
        memmove(memory->decisions, memory->decisions + old,
                memory->decision_count * sizeof(*memory->decisions));
}

static void sweep_outbox(struct store_memory *memory, const struct row_sweep *sweep)
{
    size_t kept = 0;
    for (size_t i = 0; i < memory->outbox_count; i++) {
        struct row_outbox row = memory->outbox[i];
        bool over = is_finished(memory, row.state);
        const char **slots[OUTBOX_TEXTS];
        outbox_texts(&row, slots);
        bool gone = over && row.at < sweep->outbox;
        for (size_t k = 0; k < OUTBOX_TEXTS; k++) {
            if (gone || (over && row.at < sweep->messages && k >= OUTBOX_CONTENT))
                text_replace(slots[k], NULL);
        }
        if (!gone)
            memory->outbox[kept++] = row;
    }
    if (kept == memory->outbox_count)
        return;
    memory->outbox_count = kept;
    store_index_done(&memory->outbox_index);
    for (size_t i = 0; i < kept; i++)
        store_index_add(&memory->outbox_index, hash_text(memory->outbox[i].key), i);
}

static void sweep_states(struct store_memory *memory, const struct row_sweep *sweep)
{
    char edge[SWEEP_KEY_BYTES];
    sweep_key(sweep->accesses, edge);
    for (size_t i = memory->state_count; i-- > 0;) {
        const struct row_state *row = &memory->states[i];
        if (row->kind != sweep->access_kind || strcmp(row->key, edge) >= 0)
            continue;
        CLEANUP_FREE char *key = xstrdup(row->key);
        apply_state(memory, &(struct row){.type = ROW_STATE, .state = {row->kind, key, NULL}});
    }
}

static void apply_sweep(struct store_memory *memory, const struct row *row)
{
    sweep_journal(memory, &row->sweep);
    sweep_decisions(memory, &row->sweep);
    sweep_outbox(memory, &row->sweep);
    sweep_states(memory, &row->sweep);
}

static void (*const apply[])(struct store_memory *memory, const struct row *row) = {
    [ROW_JOURNAL] = apply_journal,   [ROW_STATE] = apply_state, [ROW_OUTBOX] = apply_outbox,
    [ROW_DECISION] = apply_decision, [ROW_ERASE] = apply_erase, [ROW_SWEEP] = apply_sweep,
};

/* --- batches --- */

static void batch_done(struct store_memory *memory, struct store_batch *batch)
{
    if (batch == memory->first_failed)
        memory->deliver_status = memory->failure;
    memory->rows_waiting -= batch->count;
    batch->next = NULL;
    if (batch->done)
        batch->done(batch->user, batch, memory->deliver_status);
    else
        store_batch_free(batch);
}

/* Calls done() up to and including `end`. done() may submit, which only lengthens the queue. */
static size_t deliver(struct store_memory *memory, const struct store_batch *end)
{
    size_t count = 0;
    bool more = memory->first != NULL;
    memory->delivering = true;
    while (more) {
        struct store_batch *batch = memory->first;
        more = batch != end && batch->next;
        memory->first = batch->next;
        batch_done(memory, batch);
        count++;
    }
    memory->delivering = false;
    return count;
}

static void memory_submit(struct store *store, struct store_batch *batch)
{
    struct store_memory *memory = self(store);
    memory->submitted++;
    if (!memory->failure && memory->submitted == memory->options.fail_at) {
        memory->failure = memory->options.fail_status ? memory->options.fail_status : -EIO;
        memory->first_failed = batch;
    }
    if (!memory->failure) {
        for (size_t i = 0; i < batch->count; i++)
            apply[batch->rows[i].type](memory, &batch->rows[i]);
    }
    batch->next = NULL;
    if (memory->first)
        memory->last->next = batch;
    else
        memory->first = batch;
    memory->last = batch;
    memory->rows_waiting += batch->count;
    while (!memory->options.deferred && !memory->delivering && memory->first)
        (void)deliver(memory, NULL); /* only the pump's caller wants the number */
}

static size_t memory_queued(const struct store *store)
{
    return self_const(store)->rows_waiting;
}

size_t store_memory_pump(struct store *store)
{
    struct store_memory *memory = self(store);
    if (memory->delivering || !memory->first)
        return 0;
    return deliver(memory, memory->last);
}

/* --- loads --- */

static int compare_states(const void *a, const void *b)
{
    const struct row_state *x = *(const struct row_state *const *)a;
    const struct row_state *y = *(const struct row_state *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->key, y->key);
}

enum { EVERY_KIND = -1 };

static int visit_states(const struct store_memory *memory, int kind, store_visit visit, void *user)
{
    CLEANUP_FREE const struct row_state **order =
        NEW_ARRAY(const struct row_state *, memory->state_count);
    for (size_t i = 0; i < memory->state_count; i++)
        order[i] = &memory->states[i];
    qsort(order, memory->state_count, sizeof(*order), compare_states);
    int status = 0;
    for (size_t i = 0; !status && i < memory->state_count; i++) {
        if (kind == EVERY_KIND || order[i]->kind == kind)
            status = visit(user, &(struct row){.type = ROW_STATE, .state = *order[i]});
    }
    return status;
}

static int memory_load_states(struct store *store, store_visit visit, void *user, struct err *err)
{
    (void)err; /* memory does not fail */
    return visit_states(self(store), EVERY_KIND, visit, user);
}

static int memory_load_kind(struct store *store, int kind, store_visit visit, void *user,
                            struct err *err)
{
    (void)err; /* as above */
    return visit_states(self(store), kind, visit, user);
}

static int memory_load_journal(struct store *store, msec_t since_at, bool with_body,
                               store_visit visit, void *user, struct err *err)
{
    (void)err; /* memory does not fail */
    const struct store_memory *memory = self(store);
    int status = 0;
    for (size_t i = 0; !status && i < memory->journal_count; i++) {
        struct row row = {.type = ROW_JOURNAL, .journal = memory->journal[i]};
        if (row.journal.at < since_at)
            continue;
        if (!with_body)
            row.journal.body = NULL;
        status = visit(user, &row);
    }
    return status;
}

static int memory_load_outbox(struct store *store, msec_t since_at, store_visit visit, void *user,
                              struct err *err)
{
    (void)err; /* memory does not fail */
    const struct store_memory *memory = self(store);
    int status = 0;
    for (size_t i = 0; !status && i < memory->outbox_count; i++) {
        struct row row = {.type = ROW_OUTBOX, .outbox = memory->outbox[i]};
        bool finished = is_finished(memory, row.outbox.state);
        if (finished && row.outbox.at < since_at)
            continue;
        if (finished)
            row.outbox.message = NULL;
        status = visit(user, &row);
    }
    return status;
}

static int compare_decisions(const void *a, const void *b)
{
    const struct row_decision *x = *(const struct row_decision *const *)a;
    const struct row_decision *y = *(const struct row_decision *const *)b;
    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    return x > y ? -1 : x < y; /* the later row first */
}

static int memory_load_decisions(struct store *store, const char *rep, msec_t from, msec_t to,
                                 size_t limit, store_visit visit, void *user, struct err *err)
{
    (void)err; /* memory does not fail */
    const struct store_memory *memory = self(store);
    CLEANUP_FREE const struct row_decision **found =
        NEW_ARRAY(const struct row_decision *, memory->decision_count);
    size_t count = 0;
    for (size_t i = 0; i < memory->decision_count; i++) {
        const struct row_decision *row = &memory->decisions[i];
        if (row->at >= from && row->at < to && (!rep || str_eq(rep, row->rep)))
            found[count++] = row;
    }
    qsort(found, count, sizeof(*found), compare_decisions);
    int status = 0;
    for (size_t i = 0; !status && i < count && i < limit; i++)
        status = visit(user, &(struct row){.type = ROW_DECISION, .decision = *found[i]});
    return status;
}

static int memory_load_all(struct store *store, store_visit visit, void *user, struct err *err)
{
    const struct store_memory *memory = self(store);
    int status = memory_load_states(store, visit, user, err);
    if (!status)
        status = memory_load_journal(store, INT64_MIN, true, visit, user, err);
    for (size_t i = 0; !status && i < memory->outbox_count; i++)
        status = visit(user, &(struct row){.type = ROW_OUTBOX, .outbox = memory->outbox[i]});
    for (size_t i = 0; !status && i < memory->decision_count; i++)
        status = visit(user, &(struct row){.type = ROW_DECISION, .decision = memory->decisions[i]});
    return status;
}

static int memory_count(struct store *store, struct store_count *ret, struct err *err)
{
    (void)err; /* memory does not fail */
    const struct store_memory *memory = self(store);
    *ret = (struct store_count){.journal = memory->journal_count + memory->journal_discarded,
                                .decisions = memory->decision_count,
                                .outbox = memory->outbox_count,
                                .states = memory->state_count};
    return 0;
}

static void memory_close(struct store *store)
{
    struct store_memory *memory = self(store);
    while (memory->first)
        (void)deliver(memory, NULL); /* the number says nothing here */
    for (size_t i = 0; i < memory->state_count; i++)
        state_drop(&memory->states[i]);
    for (size_t i = 0; i < memory->outbox_count; i++) {
        const char **slots[OUTBOX_TEXTS];
        outbox_texts(&memory->outbox[i], slots);
        for (size_t k = 0; k < OUTBOX_TEXTS; k++)
            text_replace(slots[k], NULL);
    }
    free(memory->states);
    store_index_done(&memory->state_index);
    free(memory->outbox);
    store_index_done(&memory->outbox_index);
    free(memory->journal);
    free(memory->decisions);
    arena_done(&memory->text);
    free(memory);
}

static const struct store_ops memory_ops = {
    .name = "memory",
    .submit = memory_submit,
    .queued = memory_queued,
    .load_states = memory_load_states,
    .load_kind = memory_load_kind,
    .load_journal = memory_load_journal,
    .load_outbox = memory_load_outbox,
    .load_decisions = memory_load_decisions,
    .load_all = memory_load_all,
    .count = memory_count,
    .close = memory_close,
};

struct store *store_memory_new(const struct store_memory_options *options)
{
    struct store_memory *memory = NEW(struct store_memory);
    memory->base.ops = &memory_ops;
    if (options)
        memory->options = *options;
    arena_init(&memory->text);
    return &memory->base;
}

struct store *store_memory_clone(const struct store *store,
                                 const struct store_memory_options *options)
{
    const struct store_memory *from = self_const(store);
    struct store *clone = store_memory_new(options);
    struct store_memory *to = self(clone);
    for (size_t i = 0; i < from->journal_count; i++)
        apply_journal(to, &(struct row){.type = ROW_JOURNAL, .journal = from->journal[i]});
    for (size_t i = 0; i < from->state_count; i++)
        apply_state(to, &(struct row){.type = ROW_STATE, .state = from->states[i]});
    for (size_t i = 0; i < from->outbox_count; i++)
        outbox_insert(to, &from->outbox[i]);
    for (size_t i = 0; i < from->decision_count; i++)
        apply_decision(to, &(struct row){.type = ROW_DECISION, .decision = from->decisions[i]});
    to->journal_discarded += from->journal_discarded;
    return clone;
}
