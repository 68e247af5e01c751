/* log.h: the daemon's log: journal fields, JSON lines or text lines on stderr.
 * Layer: io. Never a secret, never a person's words. A blocked or closed stderr loses lines, never
 * stops the daemon. */
#pragma once
#include "load/config.h"

/* format LOG_AUTO looks where stderr goes. */
void log_open(enum log_level level, enum log_format format);

void log_at(enum log_level level, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(what, ...)   log_at(LEVEL_ERROR, what, __VA_ARGS__)
#define log_warning(what, ...) log_at(LEVEL_WARNING, what, __VA_ARGS__)
#define log_info(what, ...)    log_at(LEVEL_INFO, what, __VA_ARGS__)
#define log_debug(what, ...)   log_at(LEVEL_DEBUG, what, __VA_ARGS__)
