/* proxy.h: the proxy that requests to the outside go through, and what goes around it; one decision
 * for libcurl and libwebsockets. Layer: io. Lifetime: process. Depends on: url. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/url.h"

enum { PROXY_LOGIN_BYTES = 256 };

struct proxy {
    bool set; /* false: there is none */
    char host[URL_HOST_BYTES];
    uint16_t port;
    char login[PROXY_LOGIN_BYTES]; /* "user:password" in the clear, or "" */
    char *url;                     /* http://HOST:PORT, without the login */
    char *except;                  /* the list of no_proxy */
};

/* url: http://[USER:PASSWORD@]HOST:PORT, percent-encoded where need be; NULL or "": no proxy.
 * no_proxy: names (their subdomains too), addresses and networks such as 10.0.0.0/8 with commas,
 * or *; NULL: none.
 *
 * Owns:   proxy_done().
 * Errors: -EINVAL, without the password. Source: curl(1), "ENVIRONMENT"; RFC 9110, 9.3.6. */
int proxy_read(struct proxy *proxy, const char *url, const char *no_proxy, struct err *err);

/* From https_proxy or HTTPS_PROXY, and no_proxy or NO_PROXY. */
int proxy_from_environment(struct proxy *proxy, struct err *err);
void proxy_done(struct proxy *proxy);

/* Whether calls to this host go through it (host as url_parse gives it). This machine's never do;
 * proxy NULL: no. */
bool proxy_serves(const struct proxy *proxy, const char *host);
