/* form.h: what a browser says with a request: cookies, the fields of a form, where a page is from.
 * Layer: wire (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The value of the first cookie, or of the first field, of that name, as it stands there; "" where
 * there is none or it does not fit into size bytes. Text may be NULL.
 * Source: RFC 6265, 4.2.1; the URL standard, application/x-www-form-urlencoded. */
void form_cookie(const char *header, const char *name, char *ret, size_t size);
void form_field(const char *body, const char *name, char *ret, size_t size);

/* Whether "http://HOST:PORT", "HOST:PORT" or "[V6]:PORT" is this machine by one of its names for
 * itself. A page of another site may send requests to loopback from a browser here, under its own
 * Origin or, with a name that resolves to loopback, under its own Host. */
bool form_is_here(const char *address);
