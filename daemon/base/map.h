/* map.h: from text to pointer. Iteration is deliberately absent: results must not depend on hash
 * order. Layer: base. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct map_slot;

struct map {
    struct map_slot *slots;
    size_t count, used, cap; /* used counts removed slots too */
};

void map_done(struct map *map); /* accepts a zeroed map; does not free keys or values */

/* Sets key to value (NULL removes). Borrows key: it must live as long as the entry. */
void map_set(struct map *map, const char *key, void *value);
/* The same where the key, of this hash_quick(), is absent, NULL then; else nothing changes, and
 * what is there comes back. The value is not NULL. */
void *map_add(struct map *map, const char *key, uint64_t hash, void *value);

/* Takes out this value, whose key has this hash and is there; no key is read. */
void map_remove(struct map *map, uint64_t hash, const void *value);
void *map_get(const struct map *map, const char *key); /* NULL when absent */

/* Of a key with this hash_quick(): fetches its slot from memory for later, and what it most likely
 * leads to (NULL: nothing). No key is read, so this is for hints only. */
void map_expect(const struct map *map, uint64_t hash);
void *map_guess(const struct map *map, uint64_t hash);
