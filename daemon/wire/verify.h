/* verify.h: whether a request comes from whom it says: signature schemes as a table.
 * Layer: wire (pure: the moment is handed in). Source: docs of each sender as named at its row; the
 * schemes are held against shared vectors in tests/unit/test_verify.c.
 *
 * What never replays safely (hmac-sha256, hubspot-v1, hubspot-v2, and those that hand over the
 * secret itself) has `window` false: the caller stops replays by the event's id. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/msec.h"
#include "wire/header.h"

#define VERIFY_WINDOW_MS (300 * MSEC_SECOND) /* a timestamp this far from now still counts */

enum { VERIFY_SECRETS_MAX = 8, VERIFY_HEADER_BYTES = 4096, VERIFY_ENTRIES_MAX = 32 };

struct verify_request {
    const char *method; /* "POST" */
    const char *uri;    /* the whole public address that was called, with its query */
    struct wire_headers headers;
    const char *header; /* "header": the one that holds the secret */
    const char *body;   /* exactly the bytes that came; NULL when there are none */
    size_t length;
    msec_t now;
};

struct verify_scheme {
    const char *name; /* as the configuration writes it */
    const char *help; /* one line for the manual */
    bool window;      /* a timestamp is part of what is signed */
    bool legacy;      /* only when the configuration names it */
    /* Private to verify.c. */
    int (*check)(const struct verify_request *request, const char *secret, struct err *err);
    int (*check_secret)(const char *secret, struct err *err);
};

/* standard-webhooks, hmac-sha256 (also x-hub-signature-256), bearer, basic, header, close,
 * hubspot-v3, hubspot-v2, hubspot-v1, body-token. NULL where there is none. */
const struct verify_scheme *verify_find(const char *name);
const struct verify_scheme *verify_at(size_t index); /* NULL past the end */

/* Whether a secret has the form that the scheme needs, for when the configuration is read.
 * Errors: -EINVAL in words that do not show the secret. */
int verify_secret(const struct verify_scheme *scheme, const char *secret, struct err *err);

/* 0 when any of the secrets fits (rotation: the old and the new one).
 *
 * Errors: -EACCES with the reason; it never shows secret or signature. Comparing takes the same
 * time wherever the first difference lies. */
int verify_request(const struct verify_scheme *scheme, const struct verify_request *request,
                   const char *const *secrets, size_t count, struct err *err);
