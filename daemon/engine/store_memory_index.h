/* store_memory_index.h: places in an array, found by the hash of what stands there.
 * Layer: engine (pure). Lifetime: the owner's. Depends on: base. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store_index_slot {
    uint64_t hash;
    size_t place; /* + 1; 0 is a free slot */
};

/* Open addressing with linear probing; zero-initialised means empty. */
struct store_index {
    struct store_index_slot *slots;
    size_t count, size; /* size is a power of two or 0 */
};

/* Whether `key` stands at `place` of the array that `user` knows. */
typedef bool (*store_index_match)(const void *user, size_t place, const void *key);

void store_index_done(struct store_index *index);

/* Adds a key that is not there yet. */
void store_index_add(struct store_index *index, uint64_t hash, size_t place);

/* Owns: the result is borrowed until the next change. NULL when the key is not there. */
struct store_index_slot *store_index_find(const struct store_index *index, const void *user,
                                          uint64_t hash, store_index_match match, const void *key);

void store_index_remove(struct store_index *index, struct store_index_slot *slot);

/* The element with this hash moved in its array. It must be in the index. */
void store_index_move(struct store_index *index, uint64_t hash, size_t from, size_t to);
