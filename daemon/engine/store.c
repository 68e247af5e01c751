#include "engine/store.h"

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

static void keep(struct store_batch *batch, const char **text)
{
    *text = arena_strdup(&batch->arena, *text);
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
    }
}
