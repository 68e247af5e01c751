#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"
#include "shared.h"
#include "wire/binary_text.h"
#include "wire/verify.h"

enum { HEADERS_MAX = 16, FILE_MAX = 1 << 20 };

/* --- own vectors --- */

struct vector {
    const char *scheme, *secret;
    struct wire_header headers[3];
    const char *body;
    int64_t now_s;
};

#define HUBSPOT_BODY                                                                               \
    "[{\"objectId\":48211907,\"propertyName\":\"dealstage\",\"propertyValue\":\"contractsent\","   \
    "\"changeSource\":\"CRM_UI\",\"eventId\":2290417731,\"subscriptionId\":90112,\"portalId\":"    \
    "7714402,\"appId\":331877,\"occurredAt\":1803204304120,\"subscriptionType\":"                  \
    "\"deal.propertyChange\",\"attemptNumber\":0}]"
#define HUBSPOT_SECRET "5b1c9f0e-3a77-4d26-9c41-0e8a7d2f6b93"
#define WHSEC          "whsec_iG1+QPMnPqV2OX0WK4fv2QAUBI3rDcjVBTdByqF+UN4="

static const struct vector good[] = {
    {"hubspot-v3",
     HUBSPOT_SECRET,
     {{"X-HubSpot-Signature-v3", "LraOXDL9vSIqeJsIXFg80xLiyyshoGZbd854aarepK8="},
      {"x-hubspot-request-timestamp", "1803204305417"}},
     HUBSPOT_BODY,
     1803204307},
    {"hubspot-v2",
     HUBSPOT_SECRET,
     {{"X-HubSpot-Signature", "15ec220726b24d909c98bafe30c85986fad5d2a2651f6506da301ad2b6cfc2e9"},
      {"X-HubSpot-Signature-Version", "v2"}},
     HUBSPOT_BODY,
     0},
    {"hubspot-v1",
     HUBSPOT_SECRET,
     {{"X-HubSpot-Signature", "4073cfeeaeaf9a1112f0bd0d636355a21f11279db0e165848a77ee4e9222da39"},
      {"X-HubSpot-Signature-Version", "v1"}},
     HUBSPOT_BODY,
     0},
    {"standard-webhooks",
     WHSEC,
     {{"webhook-id", "msg_2vQmT7hN4kLp0RzW"},
      {"webhook-timestamp", "1803204305"},
      {"webhook-signature", "v1,tUmXzF/ZZzQMyAxpfhrurJn9sMEHd+pm7udlwoFxIWQ="}},
     "{\"type\":\"deal.won\",\"timestamp\":\"2027-02-21T15:18:25Z\",\"data\":{\"deal\":\"D-1042\","
     "\"rep\":\"amara\"}}",
     1803204305},
    {"hmac-sha256",
     "orchard-ladder-ninety",
     {{"X-Hub-Signature-256",
       "sha256=d7301a99891baf46067cb405e4828cb4076351e4ffd2c37047c09bb7c71cec77"}},
     "{\"action\":\"logged\",\"rep\":\"jonas\",\"calls\":12}",
     0},
    {"close",
     "b9a066e27d2bca4c04407b61376a8214e7570f4569d862ece52c6b62c939989b",
     {{"close-sig-hash", "9e42100848b101713ba6850e980380477d6bcf53284efe2251881467e9e4ddb9"},
      {"close-sig-timestamp", "1803204305"}},
     "{\"event\":{\"id\":\"ev_4d0Kc\",\"object_type\":\"opportunity\",\"action\":\"updated\"},"
     "\"subscription_id\":\"whsub_1\"}",
     1803204305},
    {"bearer", "gtk_9aJ3vXq71LmE0pTz", {{"authorization", "bearer  gtk_9aJ3vXq71LmE0pTz"}}, "", 0},
    {"basic",
     "pipedrive:fjord-Kettle-88",
     {{"Authorization", "Basic cGlwZWRyaXZlOmZqb3JkLUtldHRsZS04OA=="}},
     "",
     0},
    {"header", "quiet-Lantern-41", {{"X-Gritd-Secret", "quiet-Lantern-41"}}, "", 0},
    {"body-token", "zt-dev-41", {{NULL, NULL}}, "{\"token\":\"zt-dev-41\"}", 0},
    {"organisation",
     "00DQy00000AbC1dEAK",
     {{NULL, NULL}},
     "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><notifications "
     "xmlns=\"http://soap.sforce.com/2005/09/outbound\"><OrganizationId>00DQy00000AbC1dEAK"
     "</OrganizationId></notifications></e:Body></e:Envelope>",
     0},
};

static struct verify_request request_of(const struct vector *v)
{
    size_t count = 0;
    while (count < ARRAY_LEN(v->headers) && v->headers[count].name)
        count++;
    return (struct verify_request){.method = "POST",
                                   .uri = "https://hooks.example.com/in/hubspot",
                                   .headers = {v->headers, count},
                                   .header = "x-gritd-secret",
                                   .body = v->body,
                                   .length = strlen(v->body),
                                   .now = v->now_s * MSEC_SECOND};
}

static int run(const struct vector *v, const struct verify_request *request, struct err *err)
{
    const struct verify_scheme *scheme = verify_find(v->scheme);
    assert_non_null(scheme);
    return verify_request(scheme, request, &v->secret, 1, err);
}

static void verify_worked_values_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct err err = {0};
        struct verify_request request = request_of(&good[i]);
        if (run(&good[i], &request, &err))
            fail_msg("%s: %s", good[i].scheme, err.text);
        assert_int_equal(verify_secret(verify_find(good[i].scheme), good[i].secret, &err), 0);
    }
}

static void verify_every_changed_byte_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct err err = {0};
        struct verify_request request = request_of(&good[i]);
        char *body = xstrdup(good[i].body);
        request.body = body;
        for (size_t k = 0; k < request.length; k++) {
            body[k] ^= 1;
            assert_int_equal(run(&good[i], &request, &err), -EACCES);
            body[k] ^= 1;
        }
        free(body);
    }
}

/* FM-F03 */
static void verify_every_changed_header_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct vector v = good[i];
        struct err err = {0};
        for (size_t h = 0; h < ARRAY_LEN(v.headers) && v.headers[h].name; h++) {
            char *value = xstrdup(good[i].headers[h].value);
            size_t length = strlen(value);
            v.headers[h].value = value;
            struct verify_request request = request_of(&v);
            value[length - 2] ^= 1;
            assert_int_equal(run(&v, &request, &err), -EACCES);
            value[length - 2] ^= 1;
            value[length - 1] = '\0';
            assert_int_equal(run(&v, &request, &err), -EACCES);
            assert_int_equal(err.code, EACCES);
            free(value);
            v.headers[h] = good[i].headers[h];
        }
    }
}

/* FM-F03 */
static void verify_missing_or_doubled_header_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct err err = {0};
        struct verify_request request = request_of(&good[i]);
        size_t count = request.headers.count;
        struct wire_header twice[4] = {0};
        memcpy(twice, good[i].headers, count * sizeof(*twice));
        for (size_t h = 0; h < count; h++) {
            request.headers =
                (struct wire_headers){good[i].headers + (h ? 0 : 1), h == 0 ? count - 1 : h};
            assert_int_equal(run(&good[i], &request, &err), -EACCES);
            twice[count] = twice[h];
            request.headers = (struct wire_headers){twice, count + 1};
            assert_int_equal(run(&good[i], &request, &err), -EACCES);
        }
    }
}

/* FM-F02 */
static void verify_window_ends_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!verify_find(good[i].scheme)->window)
            continue;
        struct err err = {0};
        struct verify_request request = request_of(&good[i]);
        msec_t stamp = INT64_C(1803204305) * 1000 + (i == 0 ? 417 : 0);
        const msec_t offsets[] = {-300000, 300000, -300001, 300001, INT64_C(-1803204305000)};
        for (size_t k = 0; k < ARRAY_LEN(offsets); k++) {
            request.now = stamp + offsets[k];
            assert_int_equal(run(&good[i], &request, &err), k < 2 ? 0 : -EACCES);
        }
    }
}

static void verify_rotation_tries_each_secret(void **state)
{
    (void)state;
    struct err err = {0};
    const struct verify_scheme *scheme = verify_find("standard-webhooks");
    struct verify_request request = request_of(&good[3]);
    const char *secrets[] = {"", "not base64",
                             "whsec_OFC0At4cnAPKiQn2bFj0s9bKIgsS5cYArSS58baishk=", NULL, WHSEC};
    assert_int_equal(verify_request(scheme, &request, secrets, 5, &err), 0);
    assert_int_equal(verify_request(scheme, &request, secrets, 4, &err), -EACCES);
    assert_string_equal(err.text, "the signature does not match");
    assert_int_equal(verify_request(scheme, &request, secrets, 0, &err), -EACCES);
    assert_string_equal(err.text, "no secret is configured");
}

/* FM-F02 */
static void verify_reasons_name_what_is_wrong(void **state)
{
    (void)state;
    struct err err = {0};
    struct vector v = good[3];
    struct verify_request request = request_of(&v);
    request.headers.count = 2;
    assert_int_equal(run(&v, &request, &err), -EACCES);
    assert_string_equal(err.text, "header webhook-signature is missing");
    request = request_of(&v);
    v.headers[1].value = "+1803204305";
    assert_int_equal(run(&v, &request, &err), -EACCES);
    assert_string_equal(err.text, "header webhook-timestamp is not a timestamp");
    v.headers[1].value = "1803203000";
    assert_int_equal(run(&v, &request, &err), -EACCES);
    assert_string_equal(err.text, "the timestamp is more than 300 s old");
    v.headers[1].value = "999999999999999";
    assert_int_equal(run(&v, &request, &err), -EACCES);
    assert_string_equal(err.text, "the timestamp is more than 300 s in the future");
    struct strbuf big = {0};
    for (int i = 0; i < VERIFY_HEADER_BYTES; i++)
        strbuf_putc(&big, 'x');
    v.headers[0].value = strbuf_text(&big);
    assert_int_equal(run(&v, &request, &err), -EACCES);
    assert_string_equal(err.text, "header webhook-id is too long");
    strbuf_done(&big);
}

/* FM-F03 */
static void verify_secret_of_wrong_form_refused(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const bad[][2] = {
        {"standard-webhooks", "whsec_!"},
        {"standard-webhooks", "whsec_AAAA"},
        {"standard-webhooks", "orchard"},
        {"basic", "pipedrive"},
        {"close", "not hexadecimal"},
        {"close", "abcd"},
        {"bearer", ""},
        {"hubspot-v3", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(verify_secret(verify_find(bad[i][0]), bad[i][1], &err), -EINVAL);
        assert_true(str_empty(bad[i][1]) || !strstr(err.text, bad[i][1]));
    }
}

static void verify_table_is_whole(void **state)
{
    (void)state;
    size_t count = 0;
    for (; verify_at(count); count++)
        assert_ptr_equal(verify_find(verify_at(count)->name), verify_at(count));
    assert_int_equal(count, ARRAY_LEN(good));
    assert_null(verify_find("md5"));
    assert_ptr_equal(verify_find("x-hub-signature-256"), verify_find("hmac-sha256"));
}

static void verify_binary_text_round_trips(void **state)
{
    (void)state;
    unsigned char data[40], back[40];
    char text[90];
    size_t length;
    for (size_t n = 0; n <= sizeof(data); n++) {
        for (size_t i = 0; i < n; i++)
            data[i] = (unsigned char)(i * 41 + n);
        assert_int_equal(base64_decode(base64_encode(data, n, text), back, n, &length), 0);
        assert_int_equal(length, n);
        assert_memory_equal(data, back, n);
        assert_int_equal(hex_decode(hex_encode(data, n, text), back, n, &length), 0);
        assert_memory_equal(data, back, n);
    }
    assert_int_equal(base64_decode("QQ=", back, 40, &length), -EINVAL);
    assert_int_equal(base64_decode("QR==", back, 40, &length), -EINVAL);
    assert_int_equal(base64_decode("Q===", back, 40, &length), -EINVAL);
    assert_int_equal(base64_decode("QQ==QQ==", back, 40, &length), -EINVAL);
    assert_int_equal(base64_decode("QUJD", back, 2, &length), -ENOSPC);
    assert_int_equal(hex_decode("abc", back, 40, &length), -EINVAL);
    assert_int_equal(hex_decode("zz", back, 40, &length), -EINVAL);
}

/* --- the shared vectors --- */

static int run_shared(const json_t *v, struct err *err)
{
    struct wire_header list[HEADERS_MAX];
    const char *secrets[VERIFY_SECRETS_MAX], *name;
    const json_t *secret = json_object_get(v, "secret"), *value;
    json_t *headers = json_object_get(v, "headers");
    size_t count = 0, secret_count = 0;
    json_object_foreach(headers, name, value)
    {
        list[count++] = (struct wire_header){name, json_string_value(value)};
    }
    for (; secret_count < json_array_size(secret); secret_count++)
        secrets[secret_count] = json_string_value(json_array_get(secret, secret_count));
    if (json_is_string(secret))
        secrets[secret_count++] = json_string_value(secret);
    struct verify_request request = {
        .method = json_string_value(json_object_get(v, "method")),
        .uri = json_string_value(json_object_get(v, "uri")),
        .headers = {list, count},
        .body = json_string_value(json_object_get(v, "body")),
        .length = json_string_length(json_object_get(v, "body")),
        .now = json_integer_value(json_object_get(v, "now")) * MSEC_SECOND,
    };
    const char *scheme = json_string_value(json_object_get(v, "scheme"));
    assert_non_null(verify_find(scheme));
    return verify_request(verify_find(scheme), &request, secrets, secret_count, err);
}

static void run_all(char *bytes)
{
    json_t *root = json_loads(bytes, 0, NULL), *v;
    size_t i;
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "vectors"), i, v)
    {
        struct err err = {0};
        const char *expect = json_string_value(json_object_get(v, "expect"));
        int result = run_shared(v, &err);
        if (!str_eq(expect, "either") && (result == 0) != str_eq(expect, "accept"))
            fail_msg("%s: %s: %s", json_string_value(json_object_get(v, "id")), expect, err.text);
    }
    assert_int_equal(i, 59);
    json_decref(root);
    free(bytes);
}

/* Those that came with the project, and those that lie beside it. */
static void verify_vectors_as_expected(void **state)
{
    size_t length;
    struct err err = {0};
    char *bytes;
    (void)state;
    if (file_read(GRITD_SOURCE_DIR "/tests/cases/webhook-signatures.json", FILE_MAX, &err, &bytes,
                  &length))
        fail_msg("%s", err.text);
    run_all(bytes);
    bytes = shared_read_new("cases/webhook-signatures.json", NULL);
    if (bytes)
        run_all(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_worked_values_accepted),
        cmocka_unit_test(verify_every_changed_byte_refused),
        cmocka_unit_test(verify_every_changed_header_refused),
        cmocka_unit_test(verify_missing_or_doubled_header_refused),
        cmocka_unit_test(verify_window_ends_count),
        cmocka_unit_test(verify_rotation_tries_each_secret),
        cmocka_unit_test(verify_reasons_name_what_is_wrong),
        cmocka_unit_test(verify_secret_of_wrong_form_refused),
        cmocka_unit_test(verify_table_is_whole),
        cmocka_unit_test(verify_binary_text_round_trips),
        cmocka_unit_test(verify_vectors_as_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
