#include "engine/store.h"

#include <stdio.h>

#include "base/alloc.h"

struct store_batch *store_batch_new(void)
{
    struct store_batch *batch = NEW(struct store_batch);
    arena_init(&batch->arena);
    return batch;
}

void store_batch_free(struct store_batch *batch)
{
    if (!batch)
        return;
    arena_done(&batch->arena);
    free(batch->rows);
    free(batch);
}

void sweep_key(msec_t before, char ret[SWEEP_KEY_BYTES])
{
    (void)snprintf(ret, SWEEP_KEY_BYTES, "%015lld", (long long)before); /* fits */
}

static void keep(struct store_batch *batch, const char **text)
{
    *text = arena_strdup(&batch->arena, *text);
}

static void keep_personal(struct store_batch *batch, struct personal *who)
{
    const char **keys = arena_alloc(&batch->arena, (who->key_count + 1) * sizeof(*keys));
    for (size_t i = 0; i < who->key_count; i++)
        keys[i] = arena_strdup(&batch->arena, who->keys[i]);
    who->keys = keys;
    keep(batch, &who->id);
    keep(batch, &who->name);
    keep(batch, &who->pseudonym);
}

void store_batch_add(struct store_batch *batch, const struct row *row)
{
    ARRAY_GROW(batch->rows, batch->count, batch->cap);
    struct row *copy = &batch->rows[batch->count++];
    *copy = *row;
    switch (copy->type) {
    case ROW_JOURNAL:
        keep(batch, &copy->journal.rep);
        keep(batch, &copy->journal.deal);
        keep(batch, &copy->journal.body);
        break;
    case ROW_STATE:
        keep(batch, &copy->state.key);
        keep(batch, &copy->state.value);
        break;
    case ROW_OUTBOX:
        keep(batch, &copy->outbox.key);
        keep(batch, &copy->outbox.rule);
        keep(batch, &copy->outbox.rep);
        keep(batch, &copy->outbox.deal);
        keep(batch, &copy->outbox.message);
        keep(batch, &copy->outbox.channel);
        keep(batch, &copy->outbox.platform_id);
        break;
    case ROW_DECISION:
        keep(batch, &copy->decision.rep);
        keep(batch, &copy->decision.rule);
        keep(batch, &copy->decision.outcome);
        keep(batch, &copy->decision.line);
        break;
    case ROW_ERASE:
        keep_personal(batch, &copy->erase);
        break;
    case ROW_SWEEP:
        break; /* numbers */
    }
}
