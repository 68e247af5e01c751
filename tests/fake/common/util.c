#include "util.h"

#include <ctype.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *util_alloc(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p)
        abort();
    return p;
}

void *util_realloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q)
        abort();
    return q;
}

char *util_dup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(util_alloc(n), s, n);
}

void util_copy(char *dst, size_t size, const char *src)
{
    size_t n = strnlen(src, size - 1);
    memcpy(dst, src, n);
    dst[n] = '\0';
}

static int64_t clock_us(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t); /* cannot fail for these two clocks */
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t util_mono_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

int64_t util_wall_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

static uint64_t rng_state = 88172645463325252u;

void util_seed(uint64_t seed)
{
    rng_state = seed ? seed : 1; /* zero is the fixed point of the generator below */
}

uint64_t util_random(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

void util_hex(char *dst, size_t digits)
{
    unsigned char raw[64];

    if (digits > 2 * sizeof raw || RAND_bytes(raw, sizeof raw) != 1)
        abort();
    for (size_t i = 0; i < digits; i++)
        dst[i] = "0123456789abcdef"[(i % 2 ? raw[i / 2] >> 4 : raw[i / 2]) & 15];
    dst[digits] = '\0';
}

void util_uuid(char dst[37])
{
    char h[33];

    util_hex(h, 32);
    (void)snprintf(dst, 37, "%.8s-%.4s-4%.3s-a%.3s-%.12s", h, h + 8, h + 13, h + 17, h + 20);
}

void util_ts_text(int64_t ts, char dst[24])
{
    (void)snprintf(dst, 24, "%lld.%06d", (long long)(ts / 1000000), (int)(ts % 1000000));
}

bool util_ts_parse(const char *s, int64_t *ret_ts)
{
    int64_t sec = 0, frac = 0, unit = 100000;
    size_t n = 0;

    for (; isdigit((unsigned char)*s) && n < 12; s++, n++)
        sec = sec * 10 + (*s - '0');
    if (n == 0)
        return false;
    if (*s == '.') {
        for (s++; isdigit((unsigned char)*s); s++, unit /= 10)
            frac += (*s - '0') * unit;
    }
    if (*s != '\0')
        return false;
    *ret_ts = sec * 1000000 + frac;
    return true;
}

size_t util_utf8_len(const char *s, size_t n)
{
    const unsigned char *u = (const unsigned char *)s;
    size_t len;
    uint32_t cp;

    if (n == 0)
        return 0;
    if (u[0] < 0x80)
        return 1;
    if ((u[0] & 0xe0) == 0xc0) {
        len = 2;
        cp = u[0] & 0x1fu;
    } else if ((u[0] & 0xf0) == 0xe0) {
        len = 3;
        cp = u[0] & 0x0fu;
    } else if ((u[0] & 0xf8) == 0xf0) {
        len = 4;
        cp = u[0] & 0x07u;
    } else {
        return 0;
    }
    if (n < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (u[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
    return cp < least[len] || cp > 0x10ffff || surrogate ? 0 : len;
}

long util_utf8_count(const char *s)
{
    long count = 0;

    for (size_t n = strlen(s); n > 0; count++) {
        size_t step = util_utf8_len(s, n);
        if (step == 0)
            return -1;
        s += step;
        n -= step;
    }
    return count;
}
