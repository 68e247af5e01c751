/* lookup.h: several messages that are looked for by one reading of their place. The tag of such a
 * request has all their keys, with a space between: it outlives the platform's state.
 * Layer: wire (pure). */
#pragma once
#include "wire/out.h"

/* Owns: the arena. */
const char *lookup_keys(struct arena *arena, const char *const *keys, size_t count);
/* The next key of such a list, which moves on behind it; NULL at its end. Owns: the arena. */
const char *lookup_next(struct arena *arena, const char **keys);
/* The same result for each of the keys. */
void lookup_tell(struct wire_out *out, const char *keys, const struct chat_result *what);

/* The platform's id of the message with this key, or NULL. */
typedef const char *(*lookup_find)(const void *user, const char *key);
/* Tells which are there. Returns the list of those that are not, "" when all were.
 * Owns: the arena. */
const char *lookup_tell_found(struct wire_out *out, const char *keys, const char *channel,
                              lookup_find find, const void *user);
