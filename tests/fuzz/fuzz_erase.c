/* Any row of the store when a person is erased: what is left of it is asked again, and says nothing
 * of that person any more. "KEY<newline>JSON", as a row of each kind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/core.h"
#include "engine/outbox.h"
#include "engine/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KINDS = 24 };

static void check(const struct personal *who, const struct row *row)
{
    struct arena arena;
    struct row rest;
    arena_init(&arena);
    enum personal_kind kind = personal_look(who, row);
    switch (personal_erase(who, row, &arena, &rest)) {
    case REST_SAME:
        if (kind == PERSONAL_MENTION)
            abort();
        break;
    case REST_GONE: /* what nobody could read goes whoever is erased: it may be about anybody */
        if (kind != PERSONAL_THEIRS && !(row->type == ROW_STATE && row->state.kind == STATE_INTAKE))
            abort();
        break;
    case REST_CHANGED:
        if (kind == PERSONAL_NOT || personal_look(who, &rest) == PERSONAL_MENTION)
            abort();
        break;
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *keys[] = {"U024BE7LH", "ana@example.com", "005A1"};
    static const struct personal who = {
        .id = "ana", .name = "Ana Ruiz", .keys = keys, .key_count = 3, .pseudonym = "gone-1"};
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    char *value = strchr(text, '\n');
    if (!value || utf8_length(text, strlen(text)) < 0)
        return 0;
    *value++ = '\0';
    for (int kind = 0; kind < KINDS; kind++)
        check(&who, &(struct row){.type = ROW_STATE,
                                  .state = {.kind = kind, .key = text, .value = value}});
    for (int type = 0; type < EVENT_TYPES; type++)
        check(&who, &(struct row){.type = ROW_JOURNAL,
                                  .journal = {.type = type, .deal = "D1", .body = value}});
    check(&who, &(struct row){.type = ROW_JOURNAL, .journal = {.rep = text, .body = value}});
    check(&who,
          &(struct row){.type = ROW_DECISION,
                        .decision = {.rep = text, .rule = "r", .outcome = "sent", .line = value}});
    for (int state = 0; state <= OUTBOX_CANCELLED; state++)
        check(&who, &(struct row){.type = ROW_OUTBOX,
                                  .outbox = {.key = text, .state = state, .message = value}});
    (void)personal_names(&who, value); /* only that it ends */
    return 0;
}
