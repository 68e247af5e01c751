/* cert.h: what a server's certificate must say beyond its chain.
 * Layer: io. Depends on: OpenSSL. */
#pragma once
#include <openssl/ssl.h>
#include <stdbool.h>

/* Whether the certificate looked at names hosts or addresses where they belong (subjectAltName).
 * One with a common name only is refused: that name is free text. libcurl still takes it for a
 * host. False: the error is set to a host that does not fit. Source: RFC 9525, 2 and 6.4. */
bool cert_names_hosts(X509_STORE_CTX *store);

/* Makes each handshake of the context ask that. */
void cert_want_names(SSL_CTX *context);
