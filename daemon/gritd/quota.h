/* quota.h: how often each of many may: a rate for each, in a table of fixed size.
 * Layer: gritd. Lifetime: process. Depends on: io/chat_rate. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quota;

/* For about `places` at a time; of more, those are forgotten first that are as if never used. key:
 * nobody outside may know it, or could choose to fall together with others.
 * Owns: quota_free(); accepts NULL. */
struct quota *quota_new(int64_t per_minute, int64_t burst, size_t places, uint64_t key);
void quota_free(struct quota *quota);

/* Whether this one may now; it counts if so. now_ms of any clock that never goes back. */
bool quota_take(struct quota *quota, const void *who, size_t length, int64_t now_ms);
