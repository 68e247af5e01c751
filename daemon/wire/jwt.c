#include "wire/jwt.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/alloc.h"

enum {
    MIN_BITS = 2048, /* Source: RFC 7518, 3.3 */
    MAX_BITS = 16384,
    MAX_SIGNATURE = MAX_BITS / 8,
};

/* Appends base64url without padding. Source: RFC 7515, 2. */
static void add_base64url(struct strbuf *out, const void *data, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i < 3 ? length - i : 3;
        unsigned group = (unsigned)bytes[i] << 16;
        group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        for (size_t k = 0; k <= left; k++)
            strbuf_putc(out, digits[group >> (18 - 6 * k) & 63]);
    }
}

/* A key that asks for a password would wait at a terminal: it is told no. */
static int no_password(char *buffer, int size, int writing, void *user)
{
    (void)buffer, (void)size, (void)writing, (void)user;
    return -1;
}

static int read_key(const char *pem, struct err *err, EVP_PKEY **ret)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    BIO_free(bio);
    if (!key)
        return err_set(err, EINVAL,
                       "this is no private key in PEM without a password (it begins with "
                       "-----BEGIN PRIVATE KEY-----)");
    int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= MIN_BITS && bits <= MAX_BITS) {
        *ret = key;
        return 0;
    }
    EVP_PKEY_free(key);
    return err_set(err, EINVAL, "the key must be an RSA key of %d to %d bits", MIN_BITS, MAX_BITS);
}

int jwt_check_key(const char *pem, struct err *err)
{
    EVP_PKEY *key;
    int status = read_key(pem, err, &key);
    if (!status)
        EVP_PKEY_free(key);
    return status;
}

int jwt_sign(const char *pem, const char *claims, struct strbuf *out, struct err *err)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    unsigned char signature[MAX_SIGNATURE];
    size_t from = out->len, length = sizeof(signature);
    EVP_PKEY *key;
    int status = read_key(pem, err, &key);
    if (status)
        return status;
    add_base64url(out, header, strlen(header));
    strbuf_putc(out, '.');
    add_base64url(out, claims, strlen(claims));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine =
        context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, signature, &length, (const unsigned char *)strbuf_text(out) + from,
                       out->len - from) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    if (!fine)
        return err_set(err, EINVAL, "the key would not sign");
    strbuf_putc(out, '.');
    add_base64url(out, signature, length);
    return 0;
}
