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
/* For tables in memory, never stored: a third of the work.
 * Source: SipHash-1-3 (Aumasson, Bernstein), as Python and Rust use it for the same purpose. */
uint64_t hash_quick(const char *text);

uint64_t hash_join(uint64_t seed, const char *const *parts,
                   size_t count); /* order and cuts matter */

static inline bool hash128_eq(struct hash128 x, struct hash128 y)
{
    return x.a == y.a && x.b == y.b;
}
