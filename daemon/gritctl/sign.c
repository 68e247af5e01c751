#include "gritctl/sign.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "io/setup.h"
#include "wire/binary_text.h"

enum { SIGN_KEY_BYTES = 1024, SIGN_HASH_BYTES = 32, SIGN_TEXT_BYTES = 64 };

static void hmac(const void *key, size_t key_length, const char *data, size_t length,
                 unsigned char ret[SIGN_HASH_BYTES])
{
    unsigned size = SIGN_HASH_BYTES;
    (void)HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)data, length, ret,
               &size); /* ret itself */
}

static int sign_standard(const char *secret, const char *body, size_t length, msec_t now,
                         struct strbuf *headers, struct err *err)
{
    unsigned char key[SIGN_KEY_BYTES], hash[SIGN_HASH_BYTES];
    char text[SIGN_TEXT_BYTES];
    struct strbuf data = {0};
    size_t size;
    if (str_starts(secret, "whsec_"))
        secret += strlen("whsec_");
    if (base64_decode(secret, key, sizeof(key), &size))
        return err_set(err, EINVAL, "the secret of the intake is not base64");
    struct hash128 id = hash_bytes((uint64_t)now, body, length);
    strbuf_printf(&data, "gritctl-%016llx.%lld.", (unsigned long long)id.a,
                  (long long)(now / MSEC_SECOND));
    strbuf_add(&data, body, length);
    hmac(key, size, data.data, data.len, hash);
    strbuf_printf(headers,
                  "webhook-id: gritctl-%016llx\r\nwebhook-timestamp: %lld\r\n"
                  "webhook-signature: v1,%s\r\n",
                  (unsigned long long)id.a, (long long)(now / MSEC_SECOND),
                  base64_encode(hash, sizeof(hash), text));
    strbuf_done(&data);
    explicit_bzero(key, sizeof(key));
    return 0;
}

static int sign_hub(const char *secret, const char *body, size_t length, msec_t now,
                    struct strbuf *headers, struct err *err)
{
    unsigned char hash[SIGN_HASH_BYTES];
    (void)now, (void)err; /* this scheme has no time, and takes any secret */
    hmac(secret, strlen(secret), body, length, hash);
    strbuf_puts(headers, "x-hub-signature-256: sha256=");
    for (size_t i = 0; i < sizeof(hash); i++)
        strbuf_printf(headers, "%02x", hash[i]);
    strbuf_puts(headers, "\r\n");
    return 0;
}

static int sign_bearer(const char *secret, const char *body, size_t length, msec_t now,
                       struct strbuf *headers, struct err *err)
{
    (void)body, (void)length, (void)now;
    if (strpbrk(secret, "\r\n"))
        return err_set(err, EINVAL, "the secret of the intake has several lines");
    strbuf_printf(headers, "Authorization: Bearer %s\r\n", secret);
    return 0;
}

typedef int (*sign_fn)(const char *, const char *, size_t, msec_t, struct strbuf *, struct err *);

static const sign_fn signers[] = {
    [VERIFY_DEFAULT] = sign_standard,
    [VERIFY_STANDARD_WEBHOOKS] = sign_standard,
    [VERIFY_HMAC_SHA256] = sign_hub,
    [VERIFY_BEARER] = sign_bearer,
};

int sign_request(const struct config *config, const char *config_path, const char *body,
                 size_t length, msec_t now, struct strbuf *headers, struct err *err)
{
    const struct config_intake *intake = NULL;
    for (int i = 0; config && i < config->intake_count && !intake; i++) {
        if (config->intakes[i].kind == INTAKE_CLOUDEVENTS &&
            config->intakes[i].secret.kind != SECRET_NONE)
            intake = &config->intakes[i];
    }
    if (!intake)
        return 0;
    char *secret = NULL;
    struct setup place = {.path = (char *)(uintptr_t)config_path}; /* all that secrets need of it */
    int status = setup_secret(&place, &intake->secret, err, &secret);
    if (status)
        return status;
    status = signers[intake->verify](secret, body, length, now, headers, err);
    explicit_bzero(secret, strlen(secret));
    free(secret);
    return status;
}
