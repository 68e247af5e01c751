/* url.h: the parts of an absolute URL, strictly read.
 * Layer: io (pure). Depends on: err. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { URL_HOST_BYTES = 112, URL_TEXT_BYTES = 4096 };

/* What to look at when a certificate does not fit. */
#define URL_CERTIFICATE_TODO                                                                       \
    "; look at the host name, this machine's CA certificates and clock, and for a proxy in "       \
    "between"

struct url {
    char scheme[8];            /* lower case: "https", "wss" */
    char host[URL_HOST_BYTES]; /* lower case, without the brackets of an IPv6 literal */
    uint16_t port;             /* the scheme's own when none is written */
    bool default_port;
    bool tls;         /* https and wss */
    const char *path; /* with the query, into the text parsed; "" means "/" */
};

/* Reads http, https, ws and wss URLs.
 *
 * Units:  text up to URL_TEXT_BYTES. A host is cut short by libwebsockets beyond 112 bytes, so
 *         longer ones are refused here.
 * Owns:   nothing; ret->path points into text.
 * Errors: -EINVAL also for user info, fragments, white space, control and non-ASCII bytes.
 * Source: RFC 3986, 3; RFC 6455, 3. */
int url_parse(const char *text, struct err *err, struct url *ret);

/* 127.0.0.0/8, ::1 and the name localhost. Source: RFC 6761, 6.3. */
bool url_host_is_loopback(const char *host);
