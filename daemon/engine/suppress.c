#include "engine/suppress.h"

static size_t smallest_shown(const int64_t *people, size_t count, const bool *hidden)
{
    size_t found = count;
    for (size_t i = 0; i < count; i++) {
        if (people[i] > 0 && !hidden[i] && (found == count || people[i] < people[found]))
            found = i;
    }
    return found;
}

bool suppress_groups(const int64_t *people, size_t count, bool sum_known, bool *ret_hidden)
{
    int64_t hidden = 0; /* people in hidden groups */
    for (size_t i = 0; i < count; i++) {
        ret_hidden[i] = suppress_one(people[i]);
        hidden += ret_hidden[i] ? people[i] : 0;
    }
    while (sum_known && suppress_one(hidden)) { /* so a single one is never left alone */
        size_t next = smallest_shown(people, count, ret_hidden);
        if (next == count)
            return true;
        ret_hidden[next] = true;
        hidden += people[next];
    }
    return false;
}
