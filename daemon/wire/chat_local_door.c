#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat_local.h"

/* Any web page may try to open a socket to loopback; only pages from loopback itself may succeed.
 * Source: RFC 6455, 10.2. */
static bool origin_is_local(const char *origin)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]",
                                        "https://127.0.0.1", "https://localhost"};
    if (!origin)
        return true; /* not a browser */
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        size_t len = strlen(hosts[i]);
        if (strncmp(origin, hosts[i], len) == 0 && (origin[len] == '\0' || origin[len] == ':') &&
            origin[len + (origin[len] == ':') +
                   strspn(origin + len + (origin[len] == ':'), "0123456789")] == '\0')
            return true;
    }
    return false;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Value of as=, percent-decoded. */
static int read_as(const char *query, char *ret, size_t size)
{
    size_t len = 0;
    const char *at = str_starts(query, "as=") ? query : strstr(query, "&as=");
    if (!at)
        return -EINVAL;
    for (at += *at == '&' ? 4 : 3; *at && *at != '&'; at++) {
        char c = *at;
        if (c == '%') {
            int high = hex_value(at[1]), low = high < 0 ? -1 : hex_value(at[2]);
            if (low < 0)
                return -EINVAL;
            c = (char)(high << 4 | low);
            at += 2;
        }
        if ((unsigned char)c <= ' ' || c == 0x7F || len + 1 >= size || len == LOCAL_ID_MAX)
            return -EINVAL;
        ret[len++] = c;
    }
    ret[len] = '\0';
    return len > 0 && utf8_length(ret, len) >= 0 ? 0 : -EINVAL;
}

int local_accept(const char *query, const char *origin, char *ret_person, size_t size)
{
    char person[LOCAL_ID_MAX + 1];
    if (!origin_is_local(origin))
        return -EACCES;
    int rc = read_as(query ? query : "", person, sizeof(person));
    if (rc == 0 && strlen(person) < size)
        strcpy(ret_person, person);
    return rc == 0 && strlen(person) >= size ? -EINVAL : rc;
}
