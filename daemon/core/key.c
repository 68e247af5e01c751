#include "core/key.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

void key_make(const unsigned char secret[KEY_SECRET_BYTES], const char *rule, const char *rep,
              const char *occurrence, const char *part, char ret[MESSAGE_KEY_BYTES])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    const char *const parts[] = {rule, rep, occurrence, part};
    struct strbuf joined = {0};
    for (size_t i = 0; i < 4; i++)
        strbuf_add(&joined, parts[i], strlen(parts[i]) + 1);
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned length = 0;
    (void)HMAC(EVP_sha256(), secret, KEY_SECRET_BYTES, (const unsigned char *)joined.data,
               joined.len, digest, &length); /* cannot fail with these arguments */
    strbuf_done(&joined);
    for (int i = 0; i < MESSAGE_KEY_BYTES - 1; i++) {
        int bit = i * 5;
        unsigned pair = (unsigned)digest[bit / 8] << 8 | digest[bit / 8 + 1];
        ret[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    ret[MESSAGE_KEY_BYTES - 1] = '\0';
}
