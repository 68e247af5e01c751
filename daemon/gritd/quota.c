#include "gritd/quota.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "io/chat_rate.h"

enum { WAYS = 4 };

struct place {
    uint64_t who; /* 0: free */
    struct rate rate;
};

struct quota {
    struct rate fresh;
    uint64_t key;
    size_t sets;
    struct place *places; /* sets of WAYS */
};

struct quota *quota_new(int64_t per_minute, int64_t burst, size_t places, uint64_t key)
{
    struct quota *quota = NEW(struct quota);
    rate_init(&quota->fresh, per_minute, burst);
    quota->key = key;
    quota->sets = places / WAYS + 1;
    quota->places = NEW_ARRAY(struct place, quota->sets * WAYS);
    return quota;
}

void quota_free(struct quota *quota)
{
    if (!quota)
        return;
    free(quota->places);
    free(quota);
}

bool quota_take(struct quota *quota, const void *who, size_t length, int64_t now_ms)
{
    struct hash128 hash = hash_bytes(quota->key, who, length);
    struct place *set = &quota->places[hash.b % quota->sets * WAYS], *place = NULL;
    uint64_t id = hash.a ? hash.a : 1; /* 0 stands for a free place */
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].who == id) {
            place = &set[i];
            break;
        }
        if (!place || set[i].rate.full_us < place->rate.full_us)
            place = &set[i];
    }
    if (place->who != id)
        *place = (struct place){id, quota->fresh};
    if (rate_wait_ms(&place->rate, now_ms) > 0)
        return false;
    rate_take(&place->rate, now_ms);
    return true;
}
