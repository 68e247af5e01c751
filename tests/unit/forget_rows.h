/* forget_rows.h: what is left in the store of a play. Include after cmocka.h. */
#pragma once
#include "forget_play.h"

static inline int dump_row(void *user, const struct row *row)
{
    struct strbuf *out = user;
    const struct row_outbox *o = &row->outbox;
    switch (row->type) {
    case ROW_STATE:
        strbuf_printf(out, "S%d %s %s\n", row->state.kind, row->state.key, row->state.value);
        break;
    case ROW_JOURNAL:
        strbuf_printf(out, "J %s %s %s\n", row->journal.rep, row->journal.deal, row->journal.body);
        break;
    case ROW_OUTBOX:
        strbuf_printf(out, "O %s %d %s %s %s %s\n", o->key, o->state, o->rep, o->rule, o->message,
                      o->platform_id);
        break;
    case ROW_DECISION:
        strbuf_printf(out, "D %s %s\n", row->decision.rep, row->decision.line);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        fail_msg("an order is no row that is kept");
        break;
    }
    return 0;
}

static inline char *dump(struct store *store)
{
    struct strbuf text = {0};
    assert_int_equal(store->ops->load_all(store, dump_row, &text, NULL), 0);
    return strbuf_take(&text);
}

/* Nothing of what is hers is in the store; people.yaml's own row may be there again. */
static inline void expect_gone(struct store *store)
{
    static const char *const words[] = {CANARY, "\"ana\"", "UANA", " ana ",
                                        "ana|", "\"17\"",  "Ana"};
    CLEANUP_FREE char *text = dump(store);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strstr(text, words[i]))
            fail_msg("%s is left: %.300s", words[i], strstr(text, words[i]));
    }
    assert_non_null(strstr(text, "ben has a secret"));
    assert_non_null(strstr(text, "\"owner\":\"gone-1\"")); /* the deal is the team's */
}

static inline size_t open_of(const struct play *p, const char *rep)
{
    size_t count = 0;
    for (size_t i = 0; i < core_question_count(engine_core(p->engine)); i++)
        count += str_eq(core_question_at(engine_core(p->engine), i).rep, rep);
    return count;
}
