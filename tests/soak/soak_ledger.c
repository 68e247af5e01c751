/* The store that loses what was not durable, the ledger as its rows tell it, and the judge. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/map.h"
#include "soak.h"

struct soak_key *soak_key(struct soak *soak, const char *key)
{
    if (soak->key_count * 2 >= soak->slot_count) {
        size_t count = soak->slot_count ? soak->slot_count * 2 : 1024;
        free(soak->slots);
        soak->slots = NEW_ARRAY(int, count);
        soak->slot_count = count;
        for (size_t i = 0; i < soak->key_count; i++) {
            size_t at = hash_quick(soak->keys[i].key) % count;
            while (soak->slots[at])
                at = (at + 1) % count;
            soak->slots[at] = (int)i + 1;
        }
    }
    size_t at = hash_quick(key) % soak->slot_count;
    for (; soak->slots[at]; at = (at + 1) % soak->slot_count) {
        struct soak_key *known = &soak->keys[soak->slots[at] - 1];
        if (str_eq(known->key, key))
            return known;
    }
    ARRAY_GROW(soak->keys, soak->key_count, soak->key_cap);
    struct soak_key *fresh = &soak->keys[soak->key_count++];
    *fresh = (struct soak_key){0};
    (void)snprintf(fresh->key, sizeof(fresh->key), "%s", key); /* keys have one length */
    soak->slots[at] = (int)soak->key_count;
    return fresh;
}

struct soak_deal *soak_deal(struct soak *soak, const char *name)
{
    struct soak_deal *deal = map_get(&soak->deals, name);
    if (!deal) {
        deal = arena_alloc(&soak->names, sizeof(*deal));
        map_set(&soak->deals, arena_strdup(&soak->names, name), deal);
    }
    return deal;
}

/* --- what became durable --- */

/* Each key is made once, over all lives of the process. FM-B06 */
static void saw_outbox(struct soak *soak, const struct row_outbox *row)
{
    struct soak_key *key = soak_key(soak, row->key);
    if (row->update != (key->state != 0))
        soak_complain(soak, "%s has its row %s", row->key, row->update ? "never" : "twice");
    if (row->update && outbox_is_final((enum outbox_state)key->state))
        soak_complain(soak, "%s changes after its end", row->key);
    key->state = row->state;
    if (!row->update)
        key->may_repeat = str_eq(row->rule, "p/loud") || str_eq(row->rule, "loud");
    soak_note(soak, "row", row->key, row->state);
}

/* The text of a member of a decision line, or NULL. Owns: the arena. */
static const char *member(struct soak *soak, const char *line, const char *name)
{
    char head[32];
    (void)snprintf(head, sizeof(head), "\"%s\":\"", name); /* fits */
    const char *at = strstr(line, head);
    at = at ? at + strlen(head) : NULL;
    return at ? arena_strndup(&soak->names, at, strcspn(at, "\"")) : NULL;
}

static void saw_decision(struct soak *soak, const struct row_decision *row)
{
    const char *name = member(soak, row->line, "deal");
    bool sent = str_eq(row->outcome, "sent");
    soak_note(soak, row->outcome, row->rule, row->at);
    if (!str_empty(name)) {
        struct soak_deal *deal = soak_deal(soak, name);
        soak->deals_decided += !deal->decisions++;
        deal->sent += sent;
        if (deal->sent > 1)
            soak_complain(soak, "deal %s is spoken about twice", name);
        return;
    }
    const char *slot = member(soak, row->line, "occurrence");
    if (!slot || str_eq(row->outcome, "held"))
        return;
    const char *whole = arena_printf(&soak->names, "%s %s %s", row->rep, row->rule, slot);
    if (sent && map_get(&soak->occurrences, whole))
        soak_complain(soak, "%s is decided twice", whole);
    soak->slots_decided += !map_get(&soak->occurrences, whole);
    map_set(&soak->occurrences, whole, soak);
}

static void submit(struct store *store, struct store_batch *batch)
{
    struct soak *soak = (struct soak *)store;
    soak_burn(soak);
    if (soak->dead) { /* it never came to the disk */
        batch->next = soak->lost;
        soak->lost = batch;
        soak->counts.lost_batches++;
        return;
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].type == ROW_OUTBOX)
            saw_outbox(soak, &batch->rows[i].outbox);
        else if (batch->rows[i].type == ROW_DECISION)
            saw_decision(soak, &batch->rows[i].decision);
    }
    soak->inner->ops->submit(soak->inner, batch);
}

static size_t queued(const struct store *store)
{
    const struct soak *soak = (const struct soak *)store;
    return soak->inner->ops->queued(soak->inner);
}

static int load_states(struct store *store, store_visit visit, void *user, struct err *err)
{
    struct store *inner = ((struct soak *)store)->inner;
    return inner->ops->load_states(inner, visit, user, err);
}

static int load_journal(struct store *store, msec_t since, bool body, store_visit visit, void *user,
                        struct err *err)
{
    struct store *inner = ((struct soak *)store)->inner;
    return inner->ops->load_journal(inner, since, body, visit, user, err);
}

static int load_outbox(struct store *store, msec_t since, store_visit visit, void *user,
                       struct err *err)
{
    struct store *inner = ((struct soak *)store)->inner;
    return inner->ops->load_outbox(inner, since, visit, user, err);
}

const struct store_ops soak_store = {.name = "soak",
                                     .submit = submit,
                                     .queued = queued,
                                     .load_states = load_states,
                                     .load_journal = load_journal,
                                     .load_outbox = load_outbox};

/* --- the judge --- */

/* Whether a second copy is what the broken assumption, or the rule itself, leads to. */
static bool is_explained(struct soak *soak, const struct soak_key *key)
{
    if (key->may_repeat) {
        soak->counts.repeats_allowed++;
        return true;
    }
    bool late = soak->options.broken == SOAK_LATE && key->landed_late;
    bool gone = soak->options.broken == SOAK_HISTORY && key->deleted;
    return late || gone;
}

static void judge_key(struct soak *soak, const struct soak_key *key, int *broken)
{
    if (!key->state) {
        soak_complain(soak, "%s was said and nobody decided it", key->key);
    } else if (!outbox_is_final((enum outbox_state)key->state)) {
        soak_complain(soak, "%s has no end (state %d)", key->key, key->state);
    } else if (key->update) {
        return;
    } else if (key->state == OUTBOX_SENT && !key->copies) {
        soak_complain(soak, "%s ended as sent and nobody saw it", key->key);
    } else if (key->copies > 1 && !is_explained(soak, key)) {
        soak_complain(soak, "%s was seen %d times", key->key, key->copies);
    } else if (key->copies > 1 && !key->may_repeat) {
        ++*broken;
    } else if (key->state != OUTBOX_SENT && key->copies) {
        soak->counts.held++; /* given up as unsure: the rule said so */
    }
}

void soak_judge(struct soak *soak)
{
    int broken = 0;
    soak_settle(soak);
    for (size_t i = 0; i < soak->key_count; i++)
        judge_key(soak, &soak->keys[i], &broken);
    if (soak->deals_decided != soak->deals_taken)
        soak_complain(soak, "%llu deals were acknowledged, %llu decided",
                      (unsigned long long)soak->deals_taken,
                      (unsigned long long)soak->deals_decided);
    uint64_t days = soak_days(soak, soak->begin, soak->now);
    if (soak->slots_decided != days)
        soak_complain(soak, "the daily rule was due %llu times and decided %llu times",
                      (unsigned long long)days, (unsigned long long)soak->slots_decided);
    if (soak->waiting_count)
        soak_complain(soak, "%zu events were never acknowledged", soak->waiting_count);
    if (soak->options.broken && !broken)
        soak_complain(soak, "the assumption was broken and nothing shows it");
    if (broken)
        printf("  assumption %s broken: %d messages were seen twice for it\n",
               soak->options.broken == SOAK_LATE ? "A1" : "A2", broken);
}
