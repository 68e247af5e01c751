#include "io/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

static const struct scheme {
    const char *name;
    uint16_t port;
    bool tls;
} SCHEMES[] = {
    {"https", 443, true},
    {"http", 80, false},
    {"wss", 443, true},
    {"ws", 80, false},
};

static const struct scheme *scheme_find(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(SCHEMES) / sizeof(*SCHEMES); i++) {
        const char *name = SCHEMES[i].name;
        if (strlen(name) == length && strncasecmp(name, text, length) == 0)
            return &SCHEMES[i];
    }
    return NULL;
}

static bool all_printable(const char *text)
{
    size_t n = 0;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || ++n >= URL_TEXT_BYTES)
            return false;
    return true;
}

static bool host_set(struct url *url, const char *host, size_t length, bool literal)
{
    if (length == 0 || length >= sizeof(url->host))
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = host[i];
        bool good = literal ? isxdigit((unsigned char)c) || c == ':' || c == '.'
                            : isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_';
        if (!good)
            return false;
        url->host[i] = (char)tolower((unsigned char)c);
    }
    url->host[length] = '\0';
    struct in6_addr address;
    return !literal || inet_pton(AF_INET6, url->host, &address) == 1;
}

/* text starts after the colon; ends at `end`. */
static bool port_set(struct url *url, const char *text, const char *end)
{
    unsigned port = 0;
    if (text == end || end - text > 5)
        return false;
    for (; text < end; text++) {
        if (!isdigit((unsigned char)*text))
            return false;
        port = port * 10 + (unsigned)(*text - '0');
    }
    if (port == 0 || port > 65535)
        return false;
    url->default_port = port == url->port;
    url->port = (uint16_t)port;
    return true;
}

static bool authority_set(struct url *url, const char *text, const char *end)
{
    const char *host = text, *host_end;
    bool literal = *text == '[';
    if (literal) {
        host++;
        host_end = memchr(host, ']', (size_t)(end - host));
        if (!host_end)
            return false;
        text = host_end + 1;
    } else {
        host_end = memchr(host, ':', (size_t)(end - host));
        if (!host_end)
            host_end = end;
        text = host_end;
    }
    if (!host_set(url, host, (size_t)(host_end - host), literal))
        return false;
    return text == end || (*text == ':' && port_set(url, text + 1, end));
}

int url_parse(const char *text, struct err *err, struct url *ret)
{
    struct url url = {.default_port = true};
    const char *colon = text ? strstr(text, "://") : NULL;
    const struct scheme *scheme = colon ? scheme_find(text, (size_t)(colon - text)) : NULL;
    if (!scheme || !all_printable(text) || strchr(text, '#'))
        return err_set(err, EINVAL, "'%.200s' is not an http, https, ws or wss URL",
                       text ? text : "");
    (void)strcpy(url.scheme, scheme->name); /* the longest name is shorter than the field */
    url.port = scheme->port;
    url.tls = scheme->tls;
    const char *authority = colon + 3;
    url.path = authority + strcspn(authority, "/?");
    if (!authority_set(&url, authority, url.path))
        return err_set(err, EINVAL, "'%.200s': host or port is not valid", text);
    *ret = url;
    return 0;
}

bool url_host_is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(host, "localhost") == 0;
}
