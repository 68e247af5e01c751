/* reach.h: which addresses gritd may call, looked at on the socket about to be opened.
 * Layer: io (pure). Depends on: url.
 *
 * A host that the configuration names may be anywhere but in what clouds keep for themselves (the
 * instance's own data, link-local); every other one, such as the address a platform hands out for
 * its events, only outside of this machine and the networks behind it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct reach {
    char **hosts; /* as url_parse gives them */
    size_t count, cap;
};

/* Notes the host of an http, https, ws or wss URL; any other text is none. */
void reach_add(struct reach *reach, const char *url);
void reach_done(struct reach *reach); /* empty again */

enum reach_kind {
    REACH_PUBLIC,
    REACH_INNER, /* this machine, private and shared networks */
    REACH_NEVER, /* link-local, the data of a cloud's instance, no single host */
};

/* Addresses written as IPv6 count as the IPv4 address in them (::ffff:, 64:ff9b::, 2002:).
 * Source: RFC 6890, RFC 6052, RFC 3056. */
enum reach_kind reach_kind_of(const struct sockaddr *address);

/* reach NULL: no addresses are refused. */
bool reach_allows(const struct reach *reach, const char *host, const struct sockaddr *address);

/* The same where a proxy opens the connection, and only the name is to be seen here: addresses and
 * names of this machine are held to the rule, other names are for the proxy to judge. */
bool reach_allows_name(const struct reach *reach, const char *host);
