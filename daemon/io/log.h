/* log.h: the daemon's log: journal fields, JSON lines or text lines on stderr.
 * Layer: io. Never a secret, never a person's words. A blocked or closed stderr loses lines, never
 * stops the daemon. `area` is the part of the daemon that speaks: one word, always the same. */
#pragma once
#include <stdint.h>

#include "load/config.h"

/* format LOG_AUTO looks where stderr goes. */
void log_open(enum log_level level, enum log_format format);

void log_at(enum log_level level, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Lines since the start: of this level, written or not; and those that found no room. */
uint64_t log_lines(enum log_level level);
uint64_t log_dropped(void);

#define log_error(area, ...)   log_at(LEVEL_ERROR, area, __VA_ARGS__)
#define log_warning(area, ...) log_at(LEVEL_WARNING, area, __VA_ARGS__)
#define log_info(area, ...)    log_at(LEVEL_INFO, area, __VA_ARGS__)
#define log_debug(area, ...)   log_at(LEVEL_DEBUG, area, __VA_ARGS__)
