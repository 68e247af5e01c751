/* Headers and a body as a stranger sends them, for each way of proving whose they are: refused with
 * words that do not show the secret, or accepted and then, where the body is signed, not with one
 * byte more. The headers come first, one a line, then an empty line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/percent.h"
#include "wire/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS_MOST = 12 };
#define NOW (INT64_C(1803204305) * MSEC_SECOND)

static const struct {
    const char *scheme, *secret;
    bool signs_body;
} known[] = {
    {"hubspot-v3", "5b1c9f0e-3a77-4d26-9c41-0e8a7d2f6b93", true},
    {"hubspot-v2", "5b1c9f0e-3a77-4d26-9c41-0e8a7d2f6b93", true},
    {"hubspot-v1", "5b1c9f0e-3a77-4d26-9c41-0e8a7d2f6b93", true},
    {"standard-webhooks", "whsec_iG1+QPMnPqV2OX0WK4fv2QAUBI3rDcjVBTdByqF+UN4=", true},
    {"hmac-sha256", "orchard-ladder-ninety", true},
    {"close", "b9a066e27d2bca4c04407b61376a8214e7570f4569d862ece52c6b62c939989b", true},
    {"bearer", "gtk_9aJ3vXq71LmE0pTz", false},
    {"basic", "pipedrive:fjord-Kettle-88", false},
};

static bool accepts(size_t index, struct verify_request *request)
{
    const struct verify_scheme *scheme = verify_find(known[index].scheme);
    const char *const secrets[] = {"an-old-secret-that-is-long-enough", known[index].secret};
    struct err err = {0};
    if (!scheme)
        abort();
    int result = verify_request(scheme, request, secrets, 2, &err);
    if (result && (!err.text[0] || strstr(err.text, known[index].secret)))
        abort();
    return result == 0;
}

static void check(struct verify_request *request)
{
    CLEANUP_FREE char *longer = xcalloc(1, request->length + 2);
    struct verify_request other = *request;
    memcpy(longer, request->body, request->length);
    longer[request->length] = ' ';
    other.body = longer;
    other.length = request->length + 1;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (accepts(i, request) && known[i].signs_body && accepts(i, &other))
            abort();
    }
}

static void decode_headers(const struct wire_headers *headers)
{
    struct arena arena;
    char *text;
    arena_init(&arena);
    for (size_t i = 0; i < headers->count; i++) {
        if (percent_decode_header(headers->list[i].value, &arena, &text) == 0 &&
            utf8_length(text, strlen(text)) < 0)
            abort();
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *text = xcalloc(1, size + 1);
    struct wire_header list[HEADERS_MOST];
    size_t count = 0;
    memcpy(text, data, size);
    char *at = text, *end = text + size, *stop;
    while (at < end && (stop = memchr(at, '\n', (size_t)(end - at)))) {
        char *colon = memchr(at, ':', (size_t)(stop - at));
        *stop = '\0';
        if (colon && count < HEADERS_MOST) {
            *colon = '\0';
            list[count++] = (struct wire_header){at, colon + 1 + (colon[1] == ' ')};
        }
        bool empty = at == stop;
        at = stop + 1;
        if (empty)
            break;
    }
    struct verify_request request = {.method = "POST",
                                     .uri = "https://grit.example.com/v1/intake/crm",
                                     .headers = {list, count},
                                     .body = at,
                                     .length = (size_t)(end - at),
                                     .now = NOW};
    check(&request);
    decode_headers(&request.headers);
    return 0;
}
