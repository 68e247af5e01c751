#include "wire/event_shape.h"

#include <string.h>

#include "base/alloc.h"
#include "wire/decimal.h"

enum { DATE_CHARS = 10 };

/* Numbers from here on are milliseconds: as seconds it would be the year 5138. */
#define SECONDS_END INT64_C(100000000000)

static void set_text(struct jtree *node, const char *text)
{
    node->type = JTREE_TEXT;
    node->text = text;
    node->length = strlen(text);
    node->plain = false;
}

static void to_text(struct arena *arena, struct jtree *node)
{
    if (node->type == JTREE_NUMBER)
        set_text(node, arena_strndup(arena, node->text, node->length));
}

static void to_number(struct jtree *node)
{
    int64_t value;
    if (node->type == JTREE_TEXT &&
        !decimal_parse(node->text, node->length, DECIMAL_PLACES_MAX, &value, NULL))
        node->type = JTREE_NUMBER;
}

static void to_flag(struct jtree *node)
{
    static const struct {
        const char *text;
        bool flag;
    } words[] = {{"true", true},   {"yes", true}, {"1", true},
                 {"false", false}, {"no", false}, {"0", false}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if ((node->type == JTREE_TEXT || node->type == JTREE_NUMBER) &&
            node->length == strlen(words[i].text) &&
            str_istarts(node->text, words[i].text, node->length))
            node->type = words[i].flag ? JTREE_TRUE : JTREE_FALSE;
    }
}

void event_shape_time(struct arena *arena, struct jtree *node)
{
    char text[MSEC_TEXT_BYTES];
    int64_t value;
    if ((node->type != JTREE_NUMBER && node->type != JTREE_TEXT) || !node->length ||
        decimal_parse(node->text, node->length, 0, &value, NULL) || value < 0)
        return;
    msec_t t = value < SECONDS_END ? value * MSEC_SECOND : value;
    set_text(node, arena_strdup(arena, msec_format(t, text)));
}

/* "2027-03-31T00:00:00Z" where a day is wanted. */
static void to_date(struct arena *arena, struct jtree *node)
{
    event_shape_time(arena, node);
    if (node->type == JTREE_TEXT && node->length > DATE_CHARS && node->text[DATE_CHARS] == 'T')
        set_text(node, arena_strndup(arena, node->text, DATE_CHARS));
}

static void to_word(struct jtree *node, const struct word_list *list)
{
    for (size_t i = 0; i < list->count && node->type == JTREE_TEXT; i++) {
        if (str_ieq(list->words[i], node->text)) {
            set_text(node, list->words[i]);
            return;
        }
    }
}

/* A stage by one word: ours, or the sender's own. */
static void to_stage(struct arena *arena, struct jtree *node)
{
    const struct word_list *stages = event_stage_table.rows[0].words;
    to_text(arena, node);
    if (node->type != JTREE_TEXT)
        return;
    to_word(node, stages);
    const char *word = node->text;
    bool ours = false;
    for (size_t i = 0; i < stages->count; i++)
        ours |= str_eq(stages->words[i], word);
    node->type = JTREE_OBJECT;
    jtree_add(node, "canonical", jtree_text_new(arena, ours ? word : "unmapped"));
    if (!ours)
        jtree_add(node, "raw", jtree_text_new(arena, word));
}

static void shape_rows(struct arena *arena, struct jtree *object, const struct member_table *table);

static void shape(struct arena *arena, struct jtree *node, const struct member *row)
{
    switch (row->form) {
    case MEMBER_WORD:
        to_text(arena, node);
        to_word(node, row->words);
        return;
    case MEMBER_LINE:
    case MEMBER_PROSE:
    case MEMBER_GATE_NAME:
    case MEMBER_CURRENCY:
        to_text(arena, node);
        return;
    case MEMBER_WHOLE:
    case MEMBER_DECIMAL:
    case MEMBER_MAJOR:
    case MEMBER_AMOUNT_TO:
        to_number(node);
        return;
    case MEMBER_TIME:
        event_shape_time(arena, node);
        return;
    case MEMBER_DATE:
        to_date(arena, node);
        return;
    case MEMBER_FLAG:
        to_flag(node);
        return;
    case MEMBER_STAGE:
        to_stage(arena, node);
        return;
    case MEMBER_DEAL:
        shape_rows(arena, node, &event_deal_table);
        return;
    case MEMBER_ANY:
    case MEMBER_MONEY:
    case MEMBER_ORIGIN:
    case MEMBER_FORMS:
        return;
    }
}

static bool is_nothing(const struct jtree *node)
{
    return node->type == JTREE_NULL || (node->type == JTREE_TEXT && !node->length);
}

/* Forms and tools send what is empty as "". */
static void drop_nothing(struct jtree *object)
{
    struct jtree *kept = NULL;
    object->count = 0;
    for (struct jtree *node = object->first, *next; node; node = next) {
        next = node->next;
        if (is_nothing(node))
            continue;
        if (kept)
            kept->next = node;
        else
            object->first = node;
        kept = node;
        object->count++;
    }
    if (kept)
        kept->next = NULL;
    else
        object->first = NULL;
    object->last = kept;
}

static void shape_rows(struct arena *arena, struct jtree *object, const struct member_table *table)
{
    if (object->type != JTREE_OBJECT)
        return;
    drop_nothing(object);
    for (struct jtree *node = object->first; node; node = node->next) {
        for (size_t i = 0; i < table->count; i++) {
            if (str_eq(table->rows[i].name, node->key))
                shape(arena, node, &table->rows[i]);
        }
    }
}

void event_shape(struct arena *arena, enum event_type type, struct jtree *data)
{
    shape_rows(arena, data, &event_schema(type)->data);
}
