/* Any bytes as what a browser says: a Cookie header, the body of a form, an Origin. What comes out
 * is a part of what went in, and only this machine is this machine. Also as an address that a
 * person wrote into the configuration. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/url.h"
#include "wire/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOKEN_BYTES = 65 };

static void check_value(const char *text, const char *value, const char *ends)
{
    if (strlen(value) >= TOKEN_BYTES || strpbrk(value, ends) || !strstr(text, value))
        abort();
}

static void check_url(const char *text)
{
    struct url url;
    struct err err = {0};
    if (url_parse(text, &err, &url)) {
        if (!err.text[0])
            abort();
        return;
    }
    if (!url.port || !*url.host || strpbrk(url.host, "@/?# ") || url.path < text ||
        url.path > text + strlen(text))
        abort();
    if (url_host_is_loopback(url.host) && strncmp(url.host, "127.", 4) != 0 &&
        strcasecmp(url.host, "localhost") != 0 && !strchr(url.host, ':'))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    char value[TOKEN_BYTES];
    form_cookie(text, "__Host-gritd-session", value, sizeof(value));
    check_value(text, value, "; ");
    form_cookie(text, "gritd-form", value, sizeof(value));
    check_value(text, value, "; ");
    form_field(text, "token", value, sizeof(value));
    check_value(text, value, "&");
    if (form_is_here(text) && !strcasestr(text, "localhost") && !strstr(text, "127.0.0.1") &&
        !strstr(text, "::1"))
        abort();
    check_url(text);
    return 0;
}
