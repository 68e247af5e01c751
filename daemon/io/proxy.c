#include "io/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"

enum { ENTRY_BYTES = 256 };

/* --- reading --- */

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Undoes %XX. False: broken, too long, or a byte that no header may have. */
static bool decode(const char *text, size_t length, char *ret, size_t room)
{
    size_t out = 0;
    for (size_t i = 0; i < length; i++) {
        int c = (unsigned char)text[i];
        if (c == '%') {
            int high = length - i > 2 ? hex_value(text[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(text[i + 2]);
            if (low < 0)
                return false;
            c = high * 16 + low;
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || out + 1 >= room)
            return false;
        ret[out++] = (char)c;
    }
    ret[out] = '\0';
    return true;
}

static int wrong(struct err *err)
{
    return err_set(err, EINVAL,
                   "https_proxy: not a proxy such as http://proxy.example.com:3128 or "
                   "http://USER:PASSWORD@proxy.example.com:3128");
}

/* The text without its login, which goes to `proxy`. Owns: the caller frees *ret. */
static int take_login(struct proxy *proxy, const char *url, struct err *err, char **ret)
{
    struct strbuf rest = {0};
    const char *start = strstr(url, "://");
    start = start ? start + 3 : url;
    const char *end = start + strcspn(start, "/?#");
    const char *at = NULL;
    for (const char *c = start; c < end; c++)
        at = *c == '@' ? c : at;
    if (at && !decode(start, (size_t)(at - start), proxy->login, sizeof(proxy->login)))
        return wrong(err);
    strbuf_puts(&rest, start == url ? "http://" : "");
    strbuf_add(&rest, url, (size_t)(start - url));
    strbuf_puts(&rest, at ? at + 1 : start);
    *ret = strbuf_take(&rest);
    return 0;
}

int proxy_read(struct proxy *proxy, const char *url, const char *no_proxy, struct err *err)
{
    struct url parts;
    char *bare = NULL;
    struct err why;
    *proxy = (struct proxy){.set = false};
    if (str_empty(url))
        return 0;
    int status = take_login(proxy, url, err, &bare);
    if (status)
        return status;
    if (url_parse(bare, &why, &parts) || !str_eq(parts.scheme, "http") ||
        (*parts.path && !str_eq(parts.path, "/")))
        status = wrong(err);
    free(bare);
    if (status)
        return status;
    memcpy(proxy->host, parts.host, sizeof(proxy->host));
    proxy->port = parts.port;
    proxy->set = true;
    struct strbuf address = {0};
    strbuf_printf(&address, strchr(proxy->host, ':') ? "http://[%s]:%u" : "http://%s:%u",
                  proxy->host, proxy->port);
    proxy->url = strbuf_take(&address);
    proxy->except = xstrdup(no_proxy ? no_proxy : "");
    return 0;
}

static const char *either(const char *one, const char *two)
{
    const char *value = getenv(one);
    return str_empty(value) ? getenv(two) : value;
}

int proxy_from_environment(struct proxy *proxy, struct err *err)
{
    return proxy_read(proxy, either("https_proxy", "HTTPS_PROXY"), either("no_proxy", "NO_PROXY"),
                      err);
}

void proxy_done(struct proxy *proxy)
{
    free(proxy->url);
    free(proxy->except);
    explicit_bzero(proxy, sizeof(*proxy));
}

/* --- deciding --- */

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
    size_t whole = (size_t)bits / 8;
    unsigned rest = (unsigned)bits % 8;
    return memcmp(a, b, whole) == 0 &&
           (!rest || ((unsigned)(a[whole] ^ b[whole]) & (0xff00U >> rest) & 0xffU) == 0);
}

/* "10.0.0.0/8", "fd00::/8", or one address. */
static bool network_has(char *entry, const char *host)
{
    unsigned char network[16], address[16];
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;
    int64_t bits = family == AF_INET6 ? 128 : 32, most = bits;
    char *slash = strchr(entry, '/');
    if (slash)
        *slash = '\0';
    if (slash && (str_to_i64(slash + 1, &bits) || bits < 0 || bits > most))
        return false;
    return inet_pton(family, host, address) == 1 && inet_pton(family, entry, network) == 1 &&
           same_bits(network, address, (int)bits);
}

static bool entry_has(char *entry, const char *host)
{
    size_t length, host_length = strlen(host);
    if (entry[0] == '[') { /* [::1] */
        entry++;
        entry[strcspn(entry, "]")] = '\0';
    }
    if (str_eq(entry, "*") || network_has(entry, host))
        return true;
    entry += *entry == '.';
    length = strlen(entry);
    if (!length || length > host_length)
        return false;
    const char *tail = host + host_length - length;
    return strcasecmp(tail, entry) == 0 && (tail == host || tail[-1] == '.');
}

bool proxy_serves(const struct proxy *proxy, const char *host)
{
    if (!proxy || !proxy->set || url_host_is_loopback(host))
        return false;
    for (const char *at = proxy->except; *at;) {
        char entry[ENTRY_BYTES];
        at += strspn(at, ", \t");
        size_t length = strcspn(at, ", \t");
        if (length && length < sizeof(entry)) {
            memcpy(entry, at, length);
            entry[length] = '\0';
            if (entry_has(entry, host))
                return false;
        }
        at += length;
    }
    return true;
}
