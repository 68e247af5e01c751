#include "io/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/url.h"

void reach_add(struct reach *reach, const char *text)
{
    struct url url;
    struct err err;
    if (!text || url_parse(text, &err, &url))
        return;
    ARRAY_GROW(reach->hosts, reach->count, reach->cap);
    reach->hosts[reach->count++] = xstrdup(url.host);
}

void reach_done(struct reach *reach)
{
    for (size_t i = 0; i < reach->count; i++)
        free(reach->hosts[i]);
    free(reach->hosts);
    *reach = (struct reach){0};
}

/* ---- kinds of addresses ---- */

struct range4 {
    uint32_t from;
    unsigned bits;
    enum reach_kind kind;
};

static const struct range4 RANGES4[] = {
    {0x00000000, 8, REACH_NEVER},  /* 0.0.0.0/8: "this host" */
    {0x0a000000, 8, REACH_INNER},  /* 10.0.0.0/8 */
    {0x646464c8, 32, REACH_NEVER}, /* 100.100.100.200: instance data (Alibaba Cloud) */
    {0x64400000, 10, REACH_INNER}, /* 100.64.0.0/10: shared */
    {0x7f000000, 8, REACH_INNER},  /* 127.0.0.0/8 */
    {0xa9fe0000, 16, REACH_NEVER}, /* 169.254.0.0/16: link-local, 169.254.169.254 is in it */
    {0xac100000, 12, REACH_INNER}, /* 172.16.0.0/12 */
    {0xc00000c0, 32, REACH_NEVER}, /* 192.0.0.192: instance data (Oracle Cloud) */
    {0xc0000000, 24, REACH_INNER}, /* 192.0.0.0/24 */
    {0xc0a80000, 16, REACH_INNER}, /* 192.168.0.0/16 */
    {0xc6120000, 15, REACH_INNER}, /* 198.18.0.0/15: benchmarks */
    {0xe0000000, 3, REACH_NEVER},  /* 224.0.0.0/3: multicast, reserved, broadcast */
};

struct range6 {
    unsigned char from[16];
    unsigned bits;
    enum reach_kind kind;
};

static const struct range6 RANGES6[] = {
    {{0}, 128, REACH_NEVER}, /* :: */
    {{[15] = 1}, 128, REACH_INNER},
    {{0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54}, 128, REACH_NEVER}, /* fd00:ec2::254 */
    {{0xfc}, 7, REACH_INNER},
    {{0xfe, 0x80}, 10, REACH_NEVER},
    {{0xfe, 0xc0}, 10, REACH_INNER}, /* site-local of old */
    {{0xff}, 8, REACH_NEVER},
};

/* Where an IPv4 address stands in one of IPv6. */
static const struct {
    unsigned char from[12];
    unsigned bits, place;
} CARRIERS[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12},     /* ::ffff:0:0/96 */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},       /* 64:ff9b::/96 */
    {{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48, 12}, /* 64:ff9b:1::/48, the /96 of it */
    {{0x20, 0x02}, 16, 2},                    /* 2002::/16 */
};

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned bytes = bits / 8, rest = bits % 8;
    if (memcmp(a, b, bytes) != 0)
        return false;
    return rest == 0 || ((a[bytes] ^ b[bytes]) & (0xff00U >> rest) & 0xffU) == 0;
}

static enum reach_kind kind_of4(uint32_t address)
{
    for (size_t i = 0; i < ARRAY_LEN(RANGES4); i++) {
        const struct range4 *range = &RANGES4[i];
        if ((address ^ range->from) >> (32 - range->bits) == 0)
            return range->kind;
    }
    return REACH_PUBLIC;
}

static enum reach_kind kind_of6(const unsigned char *bytes)
{
    for (size_t i = 0; i < ARRAY_LEN(CARRIERS); i++) {
        const unsigned char *at = bytes + CARRIERS[i].place;
        if (same_bits(bytes, CARRIERS[i].from, CARRIERS[i].bits))
            return kind_of4((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
                            at[3]);
    }
    for (size_t i = 0; i < ARRAY_LEN(RANGES6); i++)
        if (same_bits(bytes, RANGES6[i].from, RANGES6[i].bits))
            return RANGES6[i].kind;
    return REACH_PUBLIC;
}

enum reach_kind reach_kind_of(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return kind_of4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return REACH_NEVER;
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return kind_of6(v6.sin6_addr.s6_addr);
}

static bool allows_kind(const struct reach *reach, const char *host, enum reach_kind kind)
{
    if (kind != REACH_INNER)
        return kind == REACH_PUBLIC;
    for (size_t i = 0; i < reach->count; i++)
        if (str_eq(reach->hosts[i], host))
            return true;
    return false;
}

bool reach_allows(const struct reach *reach, const char *host, const struct sockaddr *address)
{
    return !reach || allows_kind(reach, host, reach_kind_of(address));
}

/* What a resolver would take for an address: inet_aton knows 0x7f.1 and its like. */
static enum reach_kind kind_of_name(const char *host)
{
    struct in_addr v4;
    unsigned char v6[16];
    size_t length = strlen(host);
    const char *dot = strrchr(host, '.');
    bool last_empty = dot && !dot[1]; /* "localhost." */
    if (inet_aton(host, &v4))
        return kind_of4(ntohl(v4.s_addr));
    if (inet_pton(AF_INET6, host, v6) == 1)
        return kind_of6(v6);
    length -= last_empty;
    static const char here[] = "localhost";
    bool local = length >= strlen(here) &&
                 strncmp(host + length - strlen(here), here, strlen(here)) == 0 &&
                 (length == strlen(here) || host[length - strlen(here) - 1] == '.');
    return local ? REACH_INNER : REACH_PUBLIC;
}

bool reach_allows_name(const struct reach *reach, const char *host)
{
    return !reach || allows_kind(reach, host, kind_of_name(host));
}
