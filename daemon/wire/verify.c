#include "wire/verify.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/binary_text.h"
#include "wire/salesforce.h"
#include "wire/jtree.h"

enum { DIGEST = 32, DIGEST_HEX = 65, DIGEST_BASE64 = 45, KEY_BYTES = 128, STAMP_DIGITS = 15 };

#define MIN_KEY_BYTES 24 /* Source: Standard Webhooks, "Signature scheme": 24 to 64 bytes */
#define MAX_KEY_BYTES 64

static int refuse(struct err *err, const char *why)
{
    return err_set(err, EACCES, "%s", why);
}

/* A header that must stand there once: two of them could be read in two ways. */
static int take_header(const struct verify_request *request, const char *name, struct err *err,
                       const char **ret)
{
    size_t times;
    const char *value = wire_header_find(request->headers, name, &times);
    if (!times)
        return err_set(err, EACCES, "header %s is missing", name);
    if (times > 1)
        return err_set(err, EACCES, "header %s is given %zu times", name, times);
    if (strnlen(value, VERIFY_HEADER_BYTES) >= VERIFY_HEADER_BYTES)
        return err_set(err, EACCES, "header %s is too long", name);
    *ret = value;
    return 0;
}

/* Takes a timestamp of `unit` milliseconds and holds it against now; the ends count. */
static int take_stamp(const struct verify_request *request, const char *name, msec_t unit,
                      struct err *err, const char **ret)
{
    int64_t number;
    const char *text;
    int result = take_header(request, name, err, &text);
    if (result)
        return result;
    size_t length = strlen(text);
    if (!length || length > STAMP_DIGITS || strspn(text, "0123456789") != length ||
        str_to_i64(text, &number))
        return err_set(err, EACCES, "header %s is not a timestamp", name);
    msec_t age = request->now - number * unit;
    if (age > VERIFY_WINDOW_MS)
        return refuse(err, "the timestamp is more than 300 s old");
    if (age < -VERIFY_WINDOW_MS)
        return refuse(err, "the timestamp is more than 300 s in the future");
    *ret = text;
    return 0;
}

static bool same(const void *a, const void *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

static bool same_text(const char *given, const char *expected)
{
    size_t length = strlen(expected);
    return strlen(given) == length && same(given, expected, length);
}

/* Compares texts whose length is a secret too. */
static bool same_secret(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    unsigned char digests[2][DIGEST];
    SHA256(a, a_bytes, digests[0]);
    SHA256(b, b_bytes, digests[1]);
    return same(digests[0], digests[1], DIGEST);
}

/* Hexadecimal in either case. */
static bool same_hex(const char *given, const unsigned char *digest)
{
    unsigned char bytes[DIGEST];
    size_t length;
    return hex_decode(given, bytes, sizeof(bytes), &length) == 0 && length == DIGEST &&
           same(bytes, digest, DIGEST);
}

static bool same_base64(const char *given, const unsigned char *digest)
{
    char expected[DIGEST_BASE64];
    return same_text(given, base64_encode(digest, DIGEST, expected));
}

static int hmac(const void *key, size_t key_bytes, const struct strbuf *text,
                unsigned char digest[DIGEST])
{
    const char *bytes = strbuf_text(text);
    unsigned size = DIGEST;
    return HMAC(EVP_sha256(), key, (int)key_bytes, (const unsigned char *)bytes, text->len, digest,
                &size)
               ? 0
               : -EACCES;
}

static int mismatch(bool matches, struct err *err)
{
    return matches ? 0 : refuse(err, "the signature does not match");
}

/* --- standard-webhooks. Source: Standard Webhooks 1.0, "Signature scheme" --- */

static int standard_key(const char *secret, unsigned char *key, size_t *ret_length)
{
    if (str_starts(secret, "whsec_"))
        secret += strlen("whsec_");
    int result = base64_decode(secret, key, KEY_BYTES, ret_length);
    if (result || *ret_length < MIN_KEY_BYTES || *ret_length > MAX_KEY_BYTES)
        return -EINVAL;
    return 0;
}

static int standard_secret(const char *secret, struct err *err)
{
    unsigned char key[KEY_BYTES];
    size_t length;
    int result = standard_key(secret, key, &length);
    OPENSSL_cleanse(key, sizeof(key));
    return result ? err_set(err, EINVAL,
                            "the secret must be base64 of 24 to 64 bytes, with or "
                            "without whsec_ in front")
                  : 0;
}

/* "v1,BASE64 v1a,... v1,BASE64": any v1 that fits; versions not known are skipped. */
static bool standard_match(const char *list, const unsigned char *digest)
{
    char entry[DIGEST_BASE64 + 3];
    bool found = false;
    int entries = 0;
    while (*list && entries++ < VERIFY_ENTRIES_MAX) {
        size_t length = strcspn(list, " ");
        if (length < sizeof(entry) && strncmp(list, "v1,", 3) == 0) {
            memcpy(entry, list, length);
            entry[length] = '\0';
            found |= same_base64(entry + 3, digest);
        }
        list += length;
        list += strspn(list, " ");
    }
    return found;
}

static int standard_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *id, *stamp, *list;
    unsigned char key[KEY_BYTES], digest[DIGEST];
    size_t key_bytes;
    struct strbuf text = {0};
    if (take_header(request, "webhook-id", err, &id) ||
        take_stamp(request, "webhook-timestamp", MSEC_SECOND, err, &stamp) ||
        take_header(request, "webhook-signature", err, &list))
        return -EACCES;
    if (standard_key(secret, key, &key_bytes))
        return refuse(err, "the configured secret is not base64");
    strbuf_puts(&text, id);
    strbuf_putc(&text, '.');
    strbuf_puts(&text, stamp);
    strbuf_putc(&text, '.');
    strbuf_add(&text, request->body, request->length);
    int result = hmac(key, key_bytes, &text, digest);
    OPENSSL_cleanse(key, sizeof(key));
    strbuf_done(&text);
    return mismatch(!result && standard_match(list, digest), err);
}

/* --- hmac-sha256. Source: GitHub Docs, "Validating webhook deliveries" --- */

static int hub_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *given;
    unsigned char digest[DIGEST];
    if (take_header(request, "X-Hub-Signature-256", err, &given))
        return -EACCES;
    if (!str_starts(given, "sha256="))
        return refuse(err, "the signature does not begin with sha256=");
    struct strbuf text = {0};
    strbuf_add(&text, request->body, request->length);
    int result = hmac(secret, strlen(secret), &text, digest);
    strbuf_done(&text);
    return mismatch(!result && same_hex(given + strlen("sha256="), digest), err);
}

/* --- bearer and basic. Source: RFC 6750, 2.1; RFC 7617, 2 --- */

static int take_credentials(const struct verify_request *request, const char *scheme,
                            struct err *err, const char **ret)
{
    const char *value;
    size_t length = strlen(scheme);
    char word[16] = "";
    if (take_header(request, "Authorization", err, &value))
        return -EACCES;
    if (strlen(value) > length)
        memcpy(word, value, length);
    if (!str_ieq(word, scheme) || value[length] != ' ')
        return err_set(err, EACCES, "header Authorization is not of the kind %s", scheme);
    *ret = value + length + strspn(value + length, " ");
    return 0;
}

static int bearer_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *token;
    if (take_credentials(request, "Bearer", err, &token))
        return -EACCES;
    return same_secret(token, strlen(token), secret, strlen(secret))
               ? 0
               : refuse(err, "the token does not match");
}

static int basic_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *token;
    unsigned char given[BASE64_MAX_BYTES];
    size_t length;
    if (take_credentials(request, "Basic", err, &token))
        return -EACCES;
    if (base64_decode(token, given, sizeof(given), &length))
        return refuse(err, "the credentials are not base64");
    bool matches = same_secret(given, length, secret, strlen(secret));
    OPENSSL_cleanse(given, sizeof(given));
    return matches ? 0 : refuse(err, "user or password do not match");
}

static int basic_secret(const char *secret, struct err *err)
{
    return strchr(secret, ':') ? 0 : err_set(err, EINVAL, "the secret must be user:password");
}

/* --- header and body-token: the secret itself, where the sender can write it only there --- */

static int header_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *given;
    if (take_header(request, request->header ? request->header : "", err, &given))
        return -EACCES;
    return same_secret(given, strlen(given), secret, strlen(secret))
               ? 0
               : refuse(err, "the secret in the header does not match");
}

/* Source: Zoho CRM API, "Notification APIs": `token` of the channel comes back in the body. */
static int body_token_check(const struct verify_request *request, const char *secret,
                            struct err *err)
{
    struct arena arena;
    struct jtree *root;
    int result = refuse(err, "the body holds no token");
    arena_init(&arena);
    if (!jtree_parse(request->body, request->length, &arena, NULL, &root)) {
        const struct jtree *token = root->type == JTREE_OBJECT ? jtree_find(root, "token") : NULL;
        if (token && token->type == JTREE_TEXT)
            result = same_secret(token->text, token->length, secret, strlen(secret))
                         ? 0
                         : refuse(err, "the token does not match");
    }
    arena_done(&arena);
    return result;
}

/* --- organisation. Source: Salesforce SOAP API Developer Guide, "Outbound Messaging" --- */

enum { ORGANISATION_SHORT = 15, ORGANISATION_LONG = 18 };

static int organisation_secret(const char *secret, struct err *err)
{
    size_t length = strlen(secret);
    return length == ORGANISATION_SHORT || length == ORGANISATION_LONG
               ? 0
               : err_set(err, EINVAL,
                         "the secret must be the organisation's id, of 15 or 18 characters");
}

/* The long form of an id is the short one with three letters that make up for lost case. */
static int organisation_check(const struct verify_request *request, const char *secret,
                              struct err *err)
{
    struct arena arena;
    arena_init(&arena);
    const char *given = salesforce_organisation(request->body, request->length, &arena);
    size_t length = strlen(secret), given_length = given ? strlen(given) : 0;
    if (length == ORGANISATION_SHORT && given_length == ORGANISATION_LONG)
        given_length = length;
    int result = !given ? refuse(err, "the body is no outbound message with an OrganizationId")
                 : same_secret(given, given_length, secret, length)
                     ? 0
                     : refuse(err, "the message is not from the configured organisation");
    arena_done(&arena);
    return result;
}

/* --- close. Source: Close API, "Webhook signatures" --- */

static int close_secret(const char *secret, struct err *err)
{
    unsigned char key[KEY_BYTES];
    size_t length = 0;
    int result = hex_decode(secret, key, sizeof(key), &length);
    OPENSSL_cleanse(key, sizeof(key));
    return result || length < 16
               ? err_set(err, EINVAL, "the secret must be hexadecimal, at least 32 digits")
               : 0;
}

static int close_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *stamp, *given;
    unsigned char key[KEY_BYTES], digest[DIGEST];
    size_t key_bytes;
    if (take_stamp(request, "close-sig-timestamp", MSEC_SECOND, err, &stamp) ||
        take_header(request, "close-sig-hash", err, &given))
        return -EACCES;
    if (hex_decode(secret, key, sizeof(key), &key_bytes))
        return refuse(err, "the configured secret is not hexadecimal");
    struct strbuf text = {0};
    strbuf_puts(&text, stamp);
    strbuf_add(&text, request->body, request->length);
    int result = hmac(key, key_bytes, &text, digest);
    OPENSSL_cleanse(key, sizeof(key));
    strbuf_done(&text);
    return mismatch(!result && same_hex(given, digest), err);
}

/* --- hubspot. Source: HubSpot developer docs, "Validating requests from HubSpot" --- */

/* Twelve escapes are undone before signing, in capitals only; all others stay. */
static void add_decoded_uri(struct strbuf *text, const char *uri)
{
    static const struct {
        char escape[4];
        char meant;
    } escapes[] = {{"%3A", ':'}, {"%2F", '/'}, {"%3F", '?'},  {"%40", '@'},
                   {"%21", '!'}, {"%24", '$'}, {"%27", '\''}, {"%28", '('},
                   {"%29", ')'}, {"%2A", '*'}, {"%2C", ','},  {"%3B", ';'}};
    while (*uri) {
        char c = *uri;
        size_t step = 1;
        for (size_t i = 0; c == '%' && step == 1 && i < ARRAY_LEN(escapes); i++) {
            if (strncmp(uri, escapes[i].escape, 3) == 0) {
                c = escapes[i].meant;
                step = 3;
            }
        }
        strbuf_putc(text, c);
        uri += step;
    }
}

static int hubspot3_check(const struct verify_request *request, const char *secret, struct err *err)
{
    const char *stamp, *given;
    unsigned char digest[DIGEST];
    if (take_stamp(request, "X-HubSpot-Request-Timestamp", 1, err, &stamp) ||
        take_header(request, "X-HubSpot-Signature-v3", err, &given))
        return -EACCES;
    struct strbuf text = {0};
    strbuf_puts(&text, request->method);
    add_decoded_uri(&text, request->uri);
    strbuf_add(&text, request->body, request->length);
    strbuf_puts(&text, stamp);
    int result = hmac(secret, strlen(secret), &text, digest);
    strbuf_done(&text);
    return mismatch(!result && same_base64(given, digest), err);
}

/* Versions 1 and 2 hash the secret in front of the text instead of keying with it. */
static int hubspot_hash(const struct verify_request *request, const char *secret,
                        const char *version, bool address, struct err *err)
{
    const char *given, *named;
    unsigned char digest[DIGEST];
    if (take_header(request, "X-HubSpot-Signature", err, &given) ||
        take_header(request, "X-HubSpot-Signature-Version", err, &named))
        return -EACCES;
    if (!str_ieq(named, version))
        return err_set(err, EACCES, "header X-HubSpot-Signature-Version is not %s", version);
    struct strbuf text = {0};
    strbuf_puts(&text, secret);
    if (address) {
        strbuf_puts(&text, request->method);
        strbuf_puts(&text, request->uri);
    }
    strbuf_add(&text, request->body, request->length);
    SHA256((const unsigned char *)strbuf_text(&text), text.len, digest);
    OPENSSL_cleanse(text.data, text.len);
    strbuf_done(&text);
    return mismatch(same_hex(given, digest), err);
}

static int hubspot2_check(const struct verify_request *request, const char *secret, struct err *err)
{
    return hubspot_hash(request, secret, "v2", true, err);
}

static int hubspot1_check(const struct verify_request *request, const char *secret, struct err *err)
{
    return hubspot_hash(request, secret, "v1", false, err);
}

/* --- the table --- */

static const struct verify_scheme schemes[] = {
    {"standard-webhooks", "webhook-id, -timestamp and -signature; a base64 secret (whsec_...)",
     true, false, standard_check, standard_secret},
    {"hmac-sha256", "X-Hub-Signature-256: sha256= and the HMAC of the body", false, false,
     hub_check, NULL},
    {"bearer", "Authorization: Bearer and the secret; never in the query", false, false,
     bearer_check, NULL},
    {"basic", "Authorization: Basic; the secret is user:password", false, false, basic_check,
     basic_secret},
    {"header", "a header of the receiver's choice that holds the secret", false, false,
     header_check, NULL},
    {"body-token", "the member \"token\" of the JSON body", false, false, body_token_check, NULL},
    {"organisation", "the OrganizationId of a Salesforce outbound message", false, false,
     organisation_check, organisation_secret},
    {"close", "close-sig-hash and close-sig-timestamp; a hexadecimal secret", true, false,
     close_check, close_secret},
    {"hubspot-v3", "X-HubSpot-Signature-v3; the app's client secret", true, false, hubspot3_check,
     NULL},
    {"hubspot-v2", "X-HubSpot-Signature of version v2 (workflow actions, cards)", false, true,
     hubspot2_check, NULL},
    {"hubspot-v1", "X-HubSpot-Signature of version v1 (old webhooks)", false, true, hubspot1_check,
     NULL},
};

const struct verify_scheme *verify_at(size_t index)
{
    return index < ARRAY_LEN(schemes) ? &schemes[index] : NULL;
}

const struct verify_scheme *verify_find(const char *name)
{
    if (str_eq(name, "x-hub-signature-256"))
        name = "hmac-sha256";
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        if (str_eq(schemes[i].name, name))
            return &schemes[i];
    }
    return NULL;
}

int verify_secret(const struct verify_scheme *scheme, const char *secret, struct err *err)
{
    if (str_empty(secret))
        return err_set(err, EINVAL, "the secret is empty");
    return scheme->check_secret ? scheme->check_secret(secret, err) : 0;
}

int verify_request(const struct verify_scheme *scheme, const struct verify_request *request,
                   const char *const *secrets, size_t count, struct err *err)
{
    int result = refuse(err, "no secret is configured");
    for (size_t i = 0; i < count && i < VERIFY_SECRETS_MAX; i++) {
        if (str_empty(secrets[i])) /* would let anybody sign */
            continue;
        result = scheme->check(request, secrets[i], err);
        if (!result)
            return 0;
    }
    return result;
}
