#include "gritctl/erased_since.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "core/intent.h"
#include "io/store_file.h"

/* What one of the two stores tells. */
struct side {
    struct arena arena;
    struct map people, seen; /* with a profile; in any row */
    const char **list;       /* of people */
    size_t count, cap;
    const char *secret; /* tells whether both are of one history */
    long long gone;     /* people who were erased so far */
    msec_t last;
};

static void note_person(struct side *side, const char *id)
{
    if (map_get(&side->people, id))
        return;
    const char *kept = arena_strdup(&side->arena, id);
    map_set(&side->people, kept, (void *)(uintptr_t)kept);
    ARRAY_GROW(side->list, side->count, side->cap);
    side->list[side->count++] = kept;
}

static void note_seen(struct side *side, const char *id)
{
    if (str_empty(id) || map_get(&side->seen, id))
        return;
    const char *kept = arena_strdup(&side->arena, id);
    map_set(&side->seen, kept, (void *)(uintptr_t)kept);
}

static void note_state(struct side *side, const struct row_state *row)
{
    if (row->kind == STATE_PERSON)
        note_person(side, row->key);
    if (row->kind == STATE_META && str_eq(row->key, "secret"))
        side->secret = arena_strdup(&side->arena, row->value);
    if (row->kind == STATE_META && str_eq(row->key, "gone"))
        (void)sscanf(row->value, "{\"count\":%lld", &side->gone); /* else it stays 0 */
}

static void note_moment(struct side *side, const char *rep, msec_t at)
{
    note_seen(side, rep);
    if (at > side->last)
        side->last = at;
}

static int on_row(void *user, const struct row *row)
{
    struct side *side = user;
    switch (row->type) {
    case ROW_STATE:
        note_state(side, &row->state);
        break;
    case ROW_JOURNAL:
        note_moment(side, row->journal.rep, row->journal.at);
        break;
    case ROW_OUTBOX:
        note_moment(side, row->outbox.rep, row->outbox.at);
        break;
    case ROW_DECISION:
        note_moment(side, row->decision.rep, row->decision.at);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        break; /* orders, and nothing that is kept */
    }
    return 0;
}

static int read_side(const char *path, struct side *side, struct err *err)
{
    struct store_file file;
    *side = (struct side){.last = 0};
    arena_init(&side->arena);
    return store_file_visit(path, on_row, side, &file, err);
}

static void side_done(struct side *side)
{
    map_done(&side->people);
    map_done(&side->seen);
    free(side->list);
    arena_done(&side->arena);
}

static void compare(const struct side *old, const struct side *backup, struct erased_since *ret)
{
    long long erased = old->gone - backup->gone;
    for (size_t i = 0; erased > 0 && i < backup->count; i++) {
        if (map_get(&old->people, backup->list[i]) || map_get(&old->seen, backup->list[i]))
            continue;
        ARRAY_GROW(ret->ids, ret->count, ret->cap);
        ret->ids[ret->count++] = xstrdup(backup->list[i]);
    }
    ret->sure = erased > 0 && (long long)ret->count <= erased;
    ret->left = erased <= 0 ? 0 : ret->sure ? erased - (long long)ret->count : erased;
}

int erased_since_find(const char *store, const char *backup, struct erased_since *ret,
                      struct err *err)
{
    struct side from, old;
    struct err why;
    *ret = (struct erased_since){.made = 0};
    int status = read_side(backup, &from, err);
    if (!status) {
        ret->made = from.last;
        bool known = !read_side(store, &old, &why) && str_eq(old.secret, from.secret);
        if (known)
            compare(&old, &from, ret);
        ret->unknown = !known;
        side_done(&old);
    }
    side_done(&from);
    return status;
}

void erased_since_done(struct erased_since *erased)
{
    for (size_t i = 0; i < erased->count; i++)
        free(erased->ids[i]);
    free(erased->ids);
    erased->ids = NULL;
    erased->count = 0;
}

void erased_since_print(const struct erased_since *erased)
{
    char made[MSEC_TEXT_BYTES];
    msec_format(erased->made, made);
    for (size_t i = 0; i < erased->count; i++)
        (void)printf("%s: %s\n", erased->ids[i],
                     erased->sure ? "was erased since the backup was made, and is erased again"
                                  : "is in the backup and in no row of the store of before");
    if (erased->unknown)
        (void)printf("Who was erased since the backup was made (%s) cannot be told: there is no "
                     "store of\nbefore that can be read. Erase them again: gritctl erase --rep ID "
                     "--yes\n",
                     made);
    else if (erased->left)
        (void)printf("%lld of the people erased since the backup was made (%s) cannot be told from "
                     "the files.\nErase them again: gritctl erase --rep ID --yes\n",
                     erased->left, made);
}
