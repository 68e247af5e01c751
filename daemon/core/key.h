/* key.h: the idempotency key of a message.
 * Layer: core (pure). */
#pragma once
#include "core/message.h"

enum { KEY_SECRET_BYTES = 32 };

/* The secret made ready, which costs more than a key. Owns: key_maker_free() ends it. */
struct key_maker;
struct key_maker *key_maker_new(const unsigned char secret[KEY_SECRET_BYTES]);
void key_maker_free(struct key_maker *maker);

/* First 128 bits of HMAC-SHA256(secret, rule NUL rep NUL occurrence NUL part) in base 32, 26
 * letters. part tells the messages of one occurrence apart ("" the first, "remind1", ...). Source:
 * RFC 2104; RFC 4648, 6 (lower case, no padding). */
void key_make(struct key_maker *maker, const char *rule, const char *rep, const char *occurrence,
              const char *part, char ret[MESSAGE_KEY_BYTES]);
