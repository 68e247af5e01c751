#include "io/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/str.h"

enum { ADDRESS_BYTES = 80 };

int address_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_size)
{
    char host[ADDRESS_BYTES];
    const char *colon = strrchr(text, ':');
    int64_t port;
    if (!colon || (size_t)(colon - text) >= sizeof(host) || str_to_i64(colon + 1, &port) < 0 ||
        port < 0 || port > 65535)
        return -EINVAL;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    size_t length = strlen(host);
    memset(ret, 0, sizeof(*ret));
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(ret, &v4, sizeof(v4));
        *ret_size = sizeof(v4);
        return 0;
    }
    if (length < 2 || host[0] != '[' || host[length - 1] != ']')
        return -EINVAL;
    host[length - 1] = '\0';
    if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1)
        return -EINVAL;
    memcpy(ret, &v6, sizeof(v6));
    *ret_size = sizeof(v6);
    return 0;
}

uint16_t address_port(const struct sockaddr_storage *address)
{
    struct sockaddr_in6 v6; /* the port is at the same place in both families */
    memcpy(&v6, address, sizeof(v6));
    return ntohs(v6.sin6_port);
}
