/* util.h: memory, clocks, random ids, time stamps, UTF-8. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Out of memory ends the program: a fake has nothing better to do. */
void *util_alloc(size_t n);
void *util_realloc(void *p, size_t n);
char *util_dup(const char *s);
/* Copies with cut; dst always ends in NUL. */
void util_copy(char *dst, size_t size, const char *src);

int64_t util_mono_ms(void);
int64_t util_wall_us(void);

/* Repeatable pseudo random numbers, for delivery and fault choices. */
void util_seed(uint64_t seed);
uint64_t util_random(void);
/* Unpredictable names for tickets, envelopes, triggers. */
void util_hex(char *dst, size_t digits);
void util_uuid(char dst[37]);

/* Slack time stamps: seconds, dot, six digits; kept as microseconds. */
void util_ts_text(int64_t ts, char dst[24]);
/* Also takes whole seconds and fewer digits, as `oldest` and `latest` do. False: not a number. */
bool util_ts_parse(const char *s, int64_t *ret_ts);

/* Length of the valid sequence at s, 0 if there is none. */
size_t util_utf8_len(const char *s, size_t n);
/* Code points in s, -1 if it is not UTF-8. */
long util_utf8_count(const char *s);
