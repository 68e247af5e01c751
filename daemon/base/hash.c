#include "base/hash.h"

#include <string.h>

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

__attribute__((always_inline)) static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_mix(struct sip *s, uint64_t m)
{
    s->v3 ^= m;
    sip_round(s);
    sip_round(s);
    s->v0 ^= m;
}

struct hash128 hash_bytes(uint64_t key, const void *data, size_t length)
{
    struct sip s = {0x736f6d6570736575ULL ^ key, 0x646f72616e646f6dULL ^ 0xee,
                    0x6c7967656e657261ULL ^ key, 0x7465646279746573ULL};
    const unsigned char *p = data;
    size_t left = length;
    for (; left >= 8; p += 8, left -= 8) {
        uint64_t m;
        memcpy(&m, p, 8);
        sip_mix(&s, m);
    }
    uint64_t last = (uint64_t)length << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)p[i] << (8 * i);
    sip_mix(&s, last);
    s.v2 ^= 0xee;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    struct hash128 out = {.a = s.v0 ^ s.v1 ^ s.v2 ^ s.v3};
    s.v1 ^= 0xdd;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    out.b = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return out;
}

uint64_t hash_text(const char *text)
{
    return hash_bytes(0, text ? text : "", text ? strlen(text) : 0).a;
}

uint64_t hash_quick(const char *text)
{
    struct sip s = {0x736f6d6570736575ULL, 0x646f72616e646f6dULL, 0x6c7967656e657261ULL,
                    0x7465646279746573ULL};
    size_t length = strlen(text), left = length;
    uint64_t last = (uint64_t)length << 56;
    for (; left >= 8; text += 8, left -= 8) {
        uint64_t m;
        memcpy(&m, text, 8);
        s.v3 ^= m;
        sip_round(&s);
        s.v0 ^= m;
    }
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)(unsigned char)text[i] << (8 * i);
    s.v3 ^= last;
    sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_join(uint64_t seed, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *part = parts[i] ? parts[i] : "";
        seed = hash_bytes(seed + i, part, strlen(part)).a;
    }
    return seed;
}
