#include <string.h>

#include "base/jsonw.h"
#include "wire/decimal.h"
#include "wire/event_schema.h"

enum { THOUSANDTH_PLACES = 3 };

struct writer {
    struct jsonw json;
    const struct event *event;
};

static const char *text_at(const struct event *event, const struct member *row)
{
    const char *text;
    memcpy(&text, (const char *)event + row->offset, sizeof(text));
    return text;
}

static int64_t int_at(const struct event *event, const struct member *row)
{
    int64_t number;
    memcpy(&number, (const char *)event + row->offset, sizeof(number));
    return number;
}

static void write_decimal(struct writer *w, const char *name, int64_t value, int places)
{
    char text[DECIMAL_TEXT_BYTES];
    jsonw_raw(&w->json, name, decimal_format(value, places, text));
}

static void write_stage(struct writer *w, const char *name, const char *stage)
{
    const struct word_list *canonical = event_stage_table.rows[0].words;
    bool known = false;
    for (size_t i = 0; i < canonical->count; i++)
        known = known || str_eq(canonical->words[i], stage);
    jsonw_object(&w->json, name);
    jsonw_text(&w->json, "canonical", known ? stage : "unmapped");
    if (!known)
        jsonw_text(&w->json, "raw", stage);
    jsonw_object_end(&w->json);
}

static void write_money(struct writer *w, const char *name)
{
    jsonw_object(&w->json, name);
    jsonw_int(&w->json, "minor", w->event->amount);
    jsonw_text(&w->json, "currency", w->event->currency);
    jsonw_object_end(&w->json);
}

/* Money needs its currency; an amount without one stays a plain number. */
static void write_amount(struct writer *w, const struct member *row)
{
    const struct event *event = w->event;
    bool has = event->amount != NUMBER_NONE, money = has && event->currency;
    if (money && row->form != MEMBER_MAJOR)
        write_money(w, row->name);
    else if (has && !money && row->form != MEMBER_MONEY)
        write_decimal(w, row->name, event->amount, currency_places(NULL));
}

static void write_rows(struct writer *w, const struct member_table *table);

static void write_deal(struct writer *w, const char *name)
{
    if (!w->event->deal)
        return;
    jsonw_object(&w->json, name);
    write_rows(w, &event_deal_table);
    jsonw_object_end(&w->json);
}

static void write_origin(struct writer *w, const char *name)
{
    const struct event *event = w->event;
    if (!event->crm && !event->object && !event->object_id && event->attempt == NUMBER_NONE &&
        !event->bulk)
        return;
    jsonw_object(&w->json, name);
    write_rows(w, &event_origin_table);
    jsonw_object_end(&w->json);
}

/* A gate's own "stage" uses the place of deal.stage. */
static bool stage_is_taken(const struct event *event)
{
    return event->type == EVENT_GATE_COMPLETED || event->type == EVENT_GATE_REVERTED;
}

static void write_row(struct writer *w, const struct member *row)
{
    const struct event *event = w->event;
    switch (row->form) {
    case MEMBER_LINE:
    case MEMBER_PROSE:
    case MEMBER_WORD:
    case MEMBER_DATE:
    case MEMBER_GATE_NAME:
        jsonw_text_opt(&w->json, row->name, text_at(event, row));
        break;
    case MEMBER_CURRENCY:
        if (event->amount == NUMBER_NONE)
            jsonw_text_opt(&w->json, row->name, event->currency);
        break;
    case MEMBER_WHOLE:
        if (int_at(event, row) != NUMBER_NONE)
            jsonw_int(&w->json, row->name, int_at(event, row));
        break;
    case MEMBER_DECIMAL:
        if (int_at(event, row) != NUMBER_NONE)
            write_decimal(w, row->name, int_at(event, row), THOUSANDTH_PLACES);
        break;
    case MEMBER_TIME:
        if (int_at(event, row) != MSEC_NONE)
            jsonw_time(&w->json, row->name, int_at(event, row));
        break;
    case MEMBER_FLAG:
        if (*((const bool *)((const char *)event + row->offset)))
            jsonw_bool(&w->json, row->name, true);
        break;
    case MEMBER_STAGE:
        if (text_at(event, row) &&
            !(row->offset == (int)offsetof(struct event, stage) && stage_is_taken(event)))
            write_stage(w, row->name, text_at(event, row));
        break;
    case MEMBER_MONEY:
    case MEMBER_MAJOR:
    case MEMBER_AMOUNT_TO:
        write_amount(w, row);
        break;
    case MEMBER_DEAL:
        write_deal(w, row->name);
        break;
    case MEMBER_ORIGIN:
        write_origin(w, row->name);
        break;
    case MEMBER_ANY:
    case MEMBER_FORMS:
        break;
    }
}

static bool absent(const struct event *event, const struct member *row)
{
    return row->form == MEMBER_AMOUNT_TO ? event->amount == NUMBER_NONE : !text_at(event, row);
}

static void write_rows(struct writer *w, const struct member_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct member *row = &table->rows[i];
        if (row->offset == MEMBER_NOWHERE)
            continue;
        if (row->required && row->nullable && absent(w->event, row))
            jsonw_null(&w->json, row->name);
        else
            write_row(w, row);
    }
}

void event_data_write(const struct event *event, struct strbuf *out)
{
    struct writer w = {.event = event};
    jsonw_begin(&w.json, out);
    jsonw_object(&w.json, NULL);
    write_rows(&w, &event_schema(event->type)->data);
    jsonw_object_end(&w.json);
}
