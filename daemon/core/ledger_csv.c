/* The ledger as a table, for whoever wants to count coaching where it is paid. Nobody's name but
 * the manager's is in it, and no rating. */
#include "core/ledger_csv.h"

#include "core/ledger.h"

static void add_time(struct strbuf *out, msec_t t)
{
    char text[MSEC_TEXT_BYTES];
    strbuf_printf(out, ",%s", t == MSEC_NONE ? "" : msec_format(t, text));
}

static bool is_in(msec_t t, msec_t from, msec_t until)
{
    return t != MSEC_NONE && t >= from && t < until;
}

void core_ledger_csv(const struct core *core, msec_t from, msec_t until, struct strbuf *out)
{
    struct arena arena;
    const struct ledger_row **rows;
    arena_init(&arena);
    size_t count = ledger_list(core, NULL, &arena, &rows);
    strbuf_puts(out, "manager,act,planned,held,minutes,called_off\n");
    for (size_t i = 0; i < count; i++) {
        const struct ledger_row *row = rows[i];
        if (row->act == ACT_RATING ||
            !is_in(row->held == MSEC_NONE ? row->planned : row->held, from, until))
            continue;
        strbuf_printf(out, "%s,%s", row->manager->id, coaching_act_name(row->act));
        add_time(out, row->planned);
        add_time(out, row->held);
        strbuf_printf(out, ",%lld,%s\n", (long long)(row->seconds / 60),
                      row->called_off ? "yes" : "no");
    }
    arena_done(&arena);
}
