/* chat_rate.h: how soon the next message may go.
 * Layer: io, but pure: the time is given. Lifetime: the owner's.
 * Source: the generic cell rate algorithm, ITU-T I.371, as virtual scheduling. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* One limit. Times are monotonic milliseconds; inside microseconds, so that 7,000 a second are
 * still counted one by one. */
struct rate {
    int64_t interval_us,
        slack_us;       /* one per interval; slack: what a burst may be ahead. 0: no limit */
    int64_t full_us;    /* when it is as if never used */
    int64_t blocked_ms; /* told to stop until then */
};

void rate_init(struct rate *rate, int64_t per_minute, int64_t burst); /* 0 a minute: no limit */
int64_t rate_wait_ms(const struct rate *rate, int64_t now_ms);        /* 0: now */
void rate_take(struct rate *rate, int64_t now_ms);
void rate_block(struct rate *rate, int64_t until_ms); /* never shortens a block */
size_t rate_room(const struct rate *rate, int64_t now_ms, size_t most);

/* The same limit for each of many channels, told apart by name. Only those used in the last
 * moments take memory. */
struct rate_map {
    struct rate_slot *slots;
    size_t capacity, used; /* capacity: a power of two, or 0 */
    int64_t per_minute, burst;
};

void rate_map_init(struct rate_map *map, int64_t per_minute, int64_t burst);
void rate_map_done(struct rate_map *map);
int64_t rate_map_wait_ms(const struct rate_map *map, const char *name, int64_t now_ms);
void rate_map_take(struct rate_map *map, const char *name, int64_t now_ms);
