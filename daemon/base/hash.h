/* hash.h: SipHash-2-4 (128-bit output) for ids and reproducible choices. Not for secrets.
 * Layer: base. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash128 {
    uint64_t a, b;
};

struct hash128 hash_bytes(uint64_t key, const void *data, size_t length);
uint64_t hash_text(const char *text); /* key 0; NULL hashes as "" */
uint64_t hash_join(uint64_t seed, const char *const *parts,
                   size_t count); /* order and cuts matter */

static inline bool hash128_eq(struct hash128 x, struct hash128 y)
{
    return x.a == y.a && x.b == y.b;
}
