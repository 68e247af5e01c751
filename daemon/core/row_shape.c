#include "core/row_shape.h"

#include <errno.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/intent.h"
#include "core/parts.h"
#include "core/talk.h"

enum { TEXT = -1 }; /* in place of the highest number: a text that must be there */

#define NUMBER_MOST (INT64_C(1) << 60) /* so that sums fit; "never" and "none" lie beyond */

static const struct shape {
    int kind;
    const char *member;
    int most; /* of a number that may be there, from 0 */
} shapes[] = {
    {STATE_PERSON, "backoff", BACKOFF_STOPPED},
    {STATE_PROMPT, "key", TEXT},
    {STATE_PROMPT, "to", TEXT},
    {STATE_PROMPT, "about", TEXT},
    {STATE_PROMPT, "state", PROMPT_STATES - 1},
    {STATE_PROMPT, "reader", READER_GROUP},
    {STATE_PROMPT, "stored", STORED_NEVER},
    {STATE_PENDING, "rep", TEXT},
    {STATE_PENDING, "kind", PENDING_PLAN},
    {STATE_FLOW, "to", TEXT},
    {STATE_FLOW, "about", TEXT},
    {STATE_FLOW, "state", TALK_STOPPED},
};

/* Lists of texts, or of lists that begin with one. */
static const struct list {
    int kind;
    const char *member;
    bool pairs;
} lists[] = {
    {STATE_PERSON, "mutes", false},
    {STATE_DEAL, "gates", true},
};

static int refuse(struct err *err, int kind, const char *key, const char *member, const char *what)
{
    return err_set(err, EINVAL, "stored state %d '%.80s' is not readable: '%.40s' %s", kind, key,
                   member, what);
}

static bool is_sane(const json_t *value)
{
    json_int_t number = json_integer_value(value);
    return !json_is_integer(value) || (number <= NUMBER_MOST && number >= -NUMBER_MOST) ||
           number == INT64_MAX || number == INT64_MIN;
}

static bool fits(const struct shape *shape, const json_t *value)
{
    if (shape->most == TEXT)
        return json_is_string(value);
    return !value || (json_is_integer(value) && json_integer_value(value) >= 0 &&
                      json_integer_value(value) <= shape->most);
}

static bool all_texts(const json_t *list, bool pairs)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (!json_is_string(pairs ? json_array_get(one, 0) : one))
            return false;
    }
    return true;
}

int row_shape_check(int kind, const char *key, const json_t *root, struct err *err)
{
    const char *member;
    json_t *value;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        if (shapes[i].kind == kind && !fits(&shapes[i], json_object_get(root, shapes[i].member)))
            return refuse(err, kind, key, shapes[i].member,
                          shapes[i].most == TEXT ? "is missing" : "is no number that it can be");
    }
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        if (lists[i].kind == kind &&
            !all_texts(json_object_get(root, lists[i].member), lists[i].pairs))
            return refuse(err, kind, key, lists[i].member, "holds something that is no text");
    }
    json_object_foreach((json_t *)(uintptr_t)root, member, value)
    {
        if (!is_sane(value))
            return refuse(err, kind, key, member, "is too large");
    }
    return 0;
}
