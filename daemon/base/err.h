/* err.h: what went wrong, in words for the person who can repair it.
 * Layer: base. */
#pragma once

enum { ERR_TEXT_BYTES = 1024 };

struct err {
    int code; /* a positive errno */
    char text[ERR_TEXT_BYTES];
};

/* Fills err (NULL allowed) and returns -code, so that `return err_set(err, EINVAL, ...)` reads
 * well. */
int err_set(struct err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts what the caller knows in front ("plugins/q3.yaml:14:7: ") and returns -err->code
 * (-EINVAL where err is NULL). */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
