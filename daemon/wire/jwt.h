/* jwt.h: a signed JSON Web Token for signing in to an API.
 * Layer: wire (pure: the moments are in the claims).
 * Source: RFC 7515 (JWS, compact form), RFC 7523, 2.1; RS256: RFC 7518, 3.3. */
#pragma once
#include "base/err.h"
#include "base/str.h"

/* Whether the text is a private RSA key in PEM that is long enough for RS256, for when the
 * configuration is read.
 * Errors: -EINVAL in words that show nothing of it. */
int jwt_check_key(const char *pem, struct err *err);

/* Appends HEADER.CLAIMS.SIGNATURE; claims is a JSON object.
 * Errors: as jwt_check_key(); what was appended then is to be thrown away. */
int jwt_sign(const char *pem, const char *claims, struct strbuf *out, struct err *err);
