#include "base/nearest.h"

#include <string.h>

enum { NEAREST_MAX = 64 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

int nearest_distance(const char *a, const char *b, int limit)
{
    size_t la = strlen(a), lb = strlen(b);
    size_t gap = la > lb ? la - lb : lb - la;
    if (la > NEAREST_MAX || lb > NEAREST_MAX || gap > (size_t)limit)
        return limit + 1;
    int rows[3][NEAREST_MAX + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= lb; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= la; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= lb; j++) {
            int cost = a[i - 1] != b[j - 1];
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        int *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[lb] > limit ? limit + 1 : last[lb];
}

const char *nearest_word(const char *word, const char *const *known, size_t count)
{
    int best = strlen(word) <= 3 ? 1 : 2;
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        int distance = nearest_distance(word, known[i], best);
        if (distance < best || (distance == best && !found)) {
            best = distance;
            found = known[i];
        }
    }
    return found;
}
