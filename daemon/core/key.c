#include "core/key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/alloc.h"

struct key_maker {
    EVP_MAC_CTX *mac;
};

struct key_maker *key_maker_new(const unsigned char secret[KEY_SECRET_BYTES])
{
    struct key_maker *maker = NEW(struct key_maker);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                           OSSL_PARAM_construct_end()};
    maker->mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    if (!maker->mac || !EVP_MAC_init(maker->mac, secret, KEY_SECRET_BYTES, params))
        alloc_none(); /* or a libcrypto without SHA-256 */
    EVP_MAC_free(hmac);
    return maker;
}

void key_maker_free(struct key_maker *maker)
{
    if (!maker)
        return;
    EVP_MAC_CTX_free(maker->mac);
    free(maker);
}

void key_make(struct key_maker *maker, const char *rule, const char *rep, const char *occurrence,
              const char *part, char ret[MESSAGE_KEY_BYTES])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    const char *const parts[] = {rule, rep, occurrence, part};
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    size_t length = 0;
    int good = EVP_MAC_init(maker->mac, NULL, 0, NULL); /* with the same secret again */
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        good &= EVP_MAC_update(maker->mac, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    good &= EVP_MAC_final(maker->mac, digest, &length, sizeof(digest));
    if (!good)
        alloc_none(); /* fails for nothing else */
    for (int i = 0; i < MESSAGE_KEY_BYTES - 1; i++) {
        int bit = i * 5;
        unsigned pair = (unsigned)digest[bit / 8] << 8 | digest[bit / 8 + 1];
        ret[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    ret[MESSAGE_KEY_BYTES - 1] = '\0';
}
