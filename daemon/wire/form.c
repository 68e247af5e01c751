#include "wire/form.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

enum { HERE_BYTES = 64 };

/* The pairs NAME=VALUE of a text, between any of `ends`. */
static void read_pair(const char *text, const char *ends, const char *name, char *ret, size_t size)
{
    size_t length = strlen(name);
    ret[0] = '\0';
    for (const char *at = text; at && *at; at = strpbrk(at, ends)) {
        at += strspn(at, ends);
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        const char *value = at + length + 1;
        size_t bytes = strcspn(value, ends);
        if (bytes < size) {
            memcpy(ret, value, bytes);
            ret[bytes] = '\0';
        }
        return;
    }
}

void form_cookie(const char *header, const char *name, char *ret, size_t size)
{
    read_pair(header, "; ", name, ret, size);
}

void form_field(const char *body, const char *name, char *ret, size_t size)
{
    read_pair(body, "&", name, ret, size);
}

bool form_is_here(const char *address)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "::1"};
    const char *scheme = strstr(address, "://");
    const char *start = scheme ? scheme + 3 : address;
    bool brackets = *start == '[';
    char host[HERE_BYTES];
    start += brackets;
    size_t length = strcspn(start, brackets ? "]" : ":/");
    if (length >= sizeof(host))
        return false;
    memcpy(host, start, length);
    host[length] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_ieq(host, names[i]))
            return true;
    }
    return false;
}
