#include "core/words.h"

#include "base/alloc.h"
#include "base/str.h"

static const char *const kinds[] = {"call",    "email", "meeting", "demo", "proposal",
                                    "message", "task",  "note",    "other"};
static const char *const directions[] = {"outbound", "inbound", "none"};
static const char *const outcomes[] = {"connected",    "no_answer", "voicemail", "busy",
                                       "wrong_number", "completed", "no_show",   "cancelled",
                                       "rescheduled",  "sent",      "unknown"};

_Static_assert(ARRAY_LEN(kinds) < 16 && ARRAY_LEN(directions) < 4 && ARRAY_LEN(outcomes) < 16,
               "a fact has 4, 2 and 4 bits for them");

static int find(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; text && i < count; i++) {
        if (str_eq(list[i], text))
            return (int)i + 1;
    }
    return WORD_NONE;
}

int word_kind(const char *text)
{
    return find(kinds, ARRAY_LEN(kinds), text);
}

int word_direction(const char *text)
{
    return find(directions, ARRAY_LEN(directions), text);
}

int word_outcome(const char *text)
{
    return find(outcomes, ARRAY_LEN(outcomes), text);
}

static const char *text_at(const char *const *list, size_t count, int word)
{
    return word >= 1 && (size_t)word <= count ? list[word - 1] : NULL;
}

const char *word_kind_text(int kind)
{
    return text_at(kinds, ARRAY_LEN(kinds), kind);
}

const char *word_direction_text(int direction)
{
    return text_at(directions, ARRAY_LEN(directions), direction);
}

const char *word_outcome_text(int outcome)
{
    return text_at(outcomes, ARRAY_LEN(outcomes), outcome);
}
