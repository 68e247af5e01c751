/* binary_text.h: bytes written as hexadecimal or base64 text.
 * Layer: wire (pure). */
#pragma once
#include <stddef.h>

enum { BASE64_MAX_BYTES = 1024 };

/* Errors: -EINVAL no hexadecimal or an odd length, -ENOSPC more than `size` bytes. */
int hex_decode(const char *text, void *ret, size_t size, size_t *ret_length);

/* Strict: no blanks, padding needed, no bits left over.
 * Errors: as hex_decode(). Source: RFC 4648, 4. */
int base64_decode(const char *text, void *ret, size_t size, size_t *ret_length);

/* text holds 2 * length + 1. Returns text. */
char *hex_encode(const void *data, size_t length, char *text);

/* text holds 4 * ((length + 2) / 3) + 1. Returns text. */
char *base64_encode(const void *data, size_t length, char *text);
