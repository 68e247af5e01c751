#include "core/wake.h"

#include "base/alloc.h"
#include "base/str.h"
#include "core/words.h"

/* Of each family of bits the first is of no word, the last of one that is not in the list. */
enum {
    KIND_BITS = 16,
    DIRECTION_BITS = 8,
    OUTCOME_BITS = 16,
    KIND_AT = 0,
    DIRECTION_AT = KIND_AT + KIND_BITS,
    OUTCOME_AT = DIRECTION_AT + DIRECTION_BITS,
    AUTOMATED_AT = OUTCOME_AT + OUTCOME_BITS, /* no, yes */
    TOPIC_AT = AUTOMATED_AT + 2,              /* none, any */
};

#define BIT(n)  (UINT64_C(1) << (n))
#define ALL     (~UINT64_C(0))
#define UNKNOWN (BIT(DIRECTION_AT - 1) | BIT(OUTCOME_AT - 1) | BIT(AUTOMATED_AT - 1))

static const struct family {
    enum field field;
    int at, bits;
    const char *(*text)(int word);
} families[] = {
    {FIELD_KIND, KIND_AT, KIND_BITS, word_kind_text},
    {FIELD_DIRECTION, DIRECTION_AT, DIRECTION_BITS, word_direction_text},
    {FIELD_OUTCOME, OUTCOME_AT, OUTCOME_BITS, word_outcome_text},
};

static uint64_t bit_of(int at, int bits, int word, const char *text)
{
    return BIT(at + (word == WORD_NONE && !str_empty(text) ? bits - 1 : word));
}

uint64_t wake_words(const struct event *event)
{
    return bit_of(KIND_AT, KIND_BITS, word_kind(event->kind), event->kind) |
           bit_of(DIRECTION_AT, DIRECTION_BITS, word_direction(event->direction),
                  event->direction) |
           bit_of(OUTCOME_AT, OUTCOME_BITS, word_outcome(event->outcome), event->outcome) |
           BIT(AUTOMATED_AT + (event->automated ? 1 : 0)) |
           BIT(TOPIC_AT + (str_empty(event->topic) ? 0 : 1));
}

bool wake_is_plain(uint64_t words)
{
    return !(words & UNKNOWN);
}

/* The bits of the words of one family that the leaf names, whatever their case. */
static uint64_t named(const struct cond *leaf, const struct family *family)
{
    uint64_t bits = 0;
    for (int word = 1; family->text(word); word++) {
        for (int i = 0; i < leaf->value_count; i++) {
            if (str_ieq(leaf->values[i].text, family->text(word)))
                bits |= BIT(family->at + word);
        }
    }
    return bits;
}

static uint64_t named_flags(const struct cond *leaf)
{
    uint64_t bits = 0;
    for (int i = 0; i < leaf->value_count; i++)
        bits |= BIT(AUTOMATED_AT + (leaf->values[i].number ? 1 : 0));
    return bits;
}

static bool all_of(const struct cond *leaf, enum value_type type)
{
    for (int i = 0; i < leaf->value_count; i++) {
        if (leaf->values[i].type != type)
            return false;
    }
    return true;
}

/* One `field: word` that must hold. */
static struct wake wake_of_leaf(const struct cond *leaf)
{
    const enum field field = leaf->field.field;
    if (leaf->op != COND_IS)
        return (struct wake){ALL, false};
    if (field == FIELD_TOPIC) /* a word of anybody's */
        return (struct wake){~BIT(TOPIC_AT), false};
    if (field == FIELD_AUTOMATED && all_of(leaf, VALUE_BOOL))
        return (struct wake){~(BIT(AUTOMATED_AT) | BIT(AUTOMATED_AT + 1)) | named_flags(leaf),
                             true};
    for (size_t i = 0; i < ARRAY_LEN(families) && all_of(leaf, VALUE_TEXT); i++) {
        const struct family *family = &families[i];
        if (family->field == field)
            return (struct wake){~((BIT(family->bits - 1) - 1) << family->at) | named(leaf, family),
                                 true};
    }
    return (struct wake){ALL, false};
}

static struct wake wake_of_all(const struct cond *group)
{
    struct wake wake = {ALL, true};
    for (int i = 0; i < group->child_count; i++) {
        struct wake one = wake_of(&group->children[i]);
        wake.words &= one.words;
        wake.exact = wake.exact && one.exact;
    }
    return wake;
}

/* The bits of two may come from one each, so of several it says only what cannot be. */
static struct wake wake_of_any(const struct cond *group)
{
    struct wake wake = {0, group->child_count == 1};
    for (int i = 0; i < group->child_count; i++) {
        struct wake one = wake_of(&group->children[i]);
        wake.words |= one.words;
        wake.exact = wake.exact && one.exact;
    }
    return wake;
}

struct wake wake_of(const struct cond *cond)
{
    if (!cond)
        return (struct wake){ALL, true};
    if (cond->op == COND_ALL)
        return wake_of_all(cond);
    return cond->op == COND_ANY ? wake_of_any(cond) : wake_of_leaf(cond);
}
