/* decimal.h: decimal text to whole units and back, without floating point; currencies' digits.
 * Layer: wire (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_TEXT_BYTES = 32, DECIMAL_PLACES_MAX = 6 };

/* Largest size a number may have: what every JSON reader keeps exactly. Source: RFC 8259, 6. */
#define DECIMAL_MAX INT64_C(9007199254740991)

/* "12.5" with 2 places is 1250. Halves are rounded away from zero; *ret_exact (may be NULL) tells
 * whether anything was cut. Takes the number syntax of JSON.
 *
 * Errors: -EINVAL no number, -ERANGE beyond DECIMAL_MAX; the outputs stay untouched. */
int decimal_parse(const char *text, size_t length, int places, int64_t *ret, bool *ret_exact);

/* The shortest text of value / 10^places: "12.5". text holds DECIMAL_TEXT_BYTES. Returns text. */
char *decimal_format(int64_t value, int places, char *text);

/* Digits behind the point in the minor unit: 2 for EUR, 0 for JPY; 2 where unknown or NULL.
 * Source: ISO 4217, list one. */
int currency_places(const char *currency);

bool currency_valid(const char *currency); /* three capital letters */
