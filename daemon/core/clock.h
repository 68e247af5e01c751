/* clock.h: times of day as people write them.
 * Layer: core (pure). */
#pragma once
#include <stddef.h>

enum { CLOCK_DAY_MIN = 24 * 60, CLOCK_TEXT_BYTES = 8 };

/* "09:00", "9:00", "24:00", "9am", "9:30 pm", "noon", "midnight", case not looked at.
 *
 * Units:  minutes since midnight, 0 to 1440.
 * Errors: -EINVAL; *ret_min untouched. */
int clock_parse(const char *text, size_t length, int *ret_min);

/* "09:00". text holds CLOCK_TEXT_BYTES. Returns text. */
char *clock_format(int minutes, char *text);
