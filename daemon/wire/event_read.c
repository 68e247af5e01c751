#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/nearest.h"
#include "wire/decimal.h"
#include "wire/event_form.h"
#include "wire/event_schema.h"

static int read_rows(struct member_reader *r, const struct jtree *object,
                     const struct member_table *table, const struct member_path *path,
                     void *target);

static int read_stage(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target)
{
    struct event_stage stage = {0};
    int result = read_rows(r, node, &event_stage_table, path, &stage);
    if (result)
        return result;
    bool unmapped = str_eq(stage.canonical, "unmapped");
    member_put_text(row, target, unmapped && !str_empty(stage.raw) ? stage.raw : stage.canonical);
    return 0;
}

/* The amount needs the currency, which may stand behind it: read_deal() comes back to these. */
static int read_money(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target)
{
    (void)row, (void)target; /* kept as a node */
    r->deal_value = node;
    return member_want(r, node, JTREE_OBJECT, path);
}

static int read_major(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target)
{
    (void)row, (void)target; /* kept as a node */
    r->deal_major = node;
    return member_want(r, node, JTREE_NUMBER, path);
}

static int read_amount_to(struct member_reader *r, const struct jtree *node,
                          const struct member *row, const struct member_path *path, void *target)
{
    (void)row, (void)target; /* kept as a node */
    r->to_amount = node;
    if (node->type == JTREE_OBJECT || node->type == JTREE_NUMBER)
        return 0;
    return member_fail(r->err, path, "must be a number, or an object of minor and currency, not %s",
                       jtree_type_name(node));
}

/* Puts one amount in either form into the event. */
static int settle_amount(struct member_reader *r, const struct jtree *node,
                         const struct member_path *path)
{
    static const struct member any = {.min = LONG_MIN};
    struct event *event = r->event;
    if (node->type == JTREE_NUMBER)
        return member_read_number(r, node, &any, currency_places(event->currency), path,
                                  &event->amount);
    struct event_money money;
    int result = read_rows(r, node, &event_money_table, path, &money);
    if (result)
        return result;
    event->amount = money.minor;
    event->currency = money.currency;
    return 0;
}

static int read_deal(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target)
{
    (void)row; /* a deal fills the event itself */
    int result = read_rows(r, node, &event_deal_table, path, target);
    if (!result && r->deal_major)
        result = settle_amount(r, r->deal_major, &(struct member_path){path, "amount"});
    if (!result && r->deal_value) /* exact, so it wins */
        result = settle_amount(r, r->deal_value, &(struct member_path){path, "value"});
    return result;
}

static int read_origin(struct member_reader *r, const struct jtree *node, const struct member *row,
                       const struct member_path *path, void *target)
{
    (void)row; /* an origin fills the event itself */
    return read_rows(r, node, &event_origin_table, path, target);
}

static const member_read forms[MEMBER_FORMS] = {
    [MEMBER_ANY] = member_read_any,      [MEMBER_LINE] = member_read_line,
    [MEMBER_PROSE] = member_read_prose,  [MEMBER_WORD] = member_read_word,
    [MEMBER_WHOLE] = member_read_whole,  [MEMBER_DECIMAL] = member_read_decimal,
    [MEMBER_TIME] = member_read_time,    [MEMBER_DATE] = member_read_date,
    [MEMBER_FLAG] = member_read_flag,    [MEMBER_GATE_NAME] = member_read_gate_name,
    [MEMBER_STAGE] = read_stage,         [MEMBER_MONEY] = read_money,
    [MEMBER_MAJOR] = read_major,         [MEMBER_CURRENCY] = member_read_currency,
    [MEMBER_AMOUNT_TO] = read_amount_to, [MEMBER_DEAL] = read_deal,
    [MEMBER_ORIGIN] = read_origin,
};

static int unknown_member(struct member_reader *r, const char *name,
                          const struct member_table *table, const struct member_path *path)
{
    const char *known[32];
    for (size_t i = 0; i < table->count; i++)
        known[i] = table->rows[i].name;
    const char *near = nearest_word(name, known, table->count);
    return member_fail(r->err, path, "unknown member '%.*s'%s%s%s", MEMBER_QUOTED(name),
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool row_is(const struct member *row, const struct jtree *node)
{
    return row->hash == node->key_hash && strcmp(row->name, node->key) == 0;
}

/* Senders mostly write members in the order of the table: the search goes on at `from`. */
static size_t find_row(const struct member_table *table, const struct jtree *node, size_t from)
{
    for (size_t i = from; i < table->count; i++) {
        if (row_is(&table->rows[i], node))
            return i;
    }
    for (size_t i = 0; i < from; i++) {
        if (row_is(&table->rows[i], node))
            return i;
    }
    return table->count;
}

static int missing_member(struct member_reader *r, const struct member_table *table, uint32_t seen,
                          const struct member_path *path)
{
    size_t i = 0;
    while (!table->rows[i].required || seen & UINT32_C(1) << i)
        i++;
    const struct member_path missing = {path, table->rows[i].name};
    return member_fail(r->err, &missing, "is missing");
}

static int read_rows(struct member_reader *r, const struct jtree *object,
                     const struct member_table *table, const struct member_path *path, void *target)
{
    uint32_t seen = 0;
    size_t next = 0, required = 0;
    if (member_want(r, object, JTREE_OBJECT, path))
        return -EINVAL;
    for (const struct jtree *node = object->first; node; node = node->next) {
        size_t i = find_row(table, node, next);
        if (i == table->count && table->closed)
            return unknown_member(r, node->key, table, path);
        if (i == table->count) {
            r->others = true;
            continue;
        }
        next = i + 1;
        const struct member *row = &table->rows[i];
        const struct member_path here = {path, row->name};
        required += row->required && !(seen & UINT32_C(1) << i);
        seen |= UINT32_C(1) << i;
        if (row->nullable && node->type == JTREE_NULL)
            continue;
        int result = forms[row->form](r, node, row, &here, target);
        if (result)
            return result;
    }
    return required == table->required ? 0 : missing_member(r, table, seen, path);
}

int event_table_read(const struct jtree *object, const struct member_table *table,
                     const struct member_path *path, struct err *err, void *target,
                     bool *ret_others)
{
    struct member_reader r = {.err = err};
    int result = read_rows(&r, object, table, path, target);
    if (!result)
        *ret_others = r.others;
    return result;
}

int event_data_read(const struct jtree *data, struct err *err, struct event *event)
{
    struct member_reader r = {.err = err, .event = event};
    const struct member_path path = {NULL, "data"}, to = {&path, "to"};
    int result = read_rows(&r, data, &event_schema(event->type)->data, &path, event);
    if (result)
        return result;
    if (event->type == EVENT_GATE_COMPLETED || event->type == EVENT_GATE_REVERTED)
        event->stage = jtree_find(data, "stage")->text; /* not deal.stage, whichever came last */
    /* what a change arrives at is also how the deal is now, unless the deal says itself */
    if (r.to_amount && event->amount == NUMBER_NONE)
        return settle_amount(&r, r.to_amount, &to);
    if (event->type == EVENT_DEAL_OWNER_CHANGED && !event->owner)
        event->owner = event->to;
    if (event->type == EVENT_DEAL_CLOSE_DATE_CHANGED && !event->close_date)
        event->close_date = event->to;
    return 0;
}
