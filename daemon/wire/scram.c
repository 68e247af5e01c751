#include "wire/scram.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/binary_text.h"

/* "no channel binding", and the same in base64 with which the last message repeats it */
#define GS2_HEAD        "n,,"
#define GS2_HEAD_BASE64 "biws"

struct scram_mechanism {
    const char *name;
    const EVP_MD *(*digest)(void);
    size_t bytes;
};

static const struct scram_mechanism mechanisms[] = {
    {"SCRAM-SHA-512", EVP_sha512, 64},
    {"SCRAM-SHA-256", EVP_sha256, 32},
    {"SCRAM-SHA-1", EVP_sha1, 20},
};

const struct scram_mechanism *scram_at(size_t index)
{
    return index < ARRAY_LEN(mechanisms) ? &mechanisms[index] : NULL;
}

const struct scram_mechanism *scram_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++) {
        if (str_eq(mechanisms[i].name, name))
            return &mechanisms[i];
    }
    return NULL;
}

const char *scram_name(const struct scram_mechanism *mechanism)
{
    return mechanism->name;
}

int scram_check_password(const char *password, struct err *err)
{
    size_t length = strlen(password);
    if (!length)
        return err_set(err, EINVAL, "the password is empty");
    if (length > SCRAM_PASSWORD_MAX)
        return err_set(err, EINVAL, "the password is longer than %d bytes", SCRAM_PASSWORD_MAX);
    for (const char *p = password; *p; p++) {
        if (*p < 0x20 || *p > 0x7e)
            return err_set(err, EINVAL,
                           "the password has characters beyond printable ASCII (a line end in its "
                           "file, perhaps); give the account another one");
    }
    return 0;
}

/* Source: RFC 5802, 5.1: the two characters that mean something here. */
static void add_user(struct strbuf *out, const char *user)
{
    for (; *user; user++) {
        if (*user == '=')
            strbuf_puts(out, "=3D");
        else if (*user == ',')
            strbuf_puts(out, "=2C");
        else
            strbuf_putc(out, *user);
    }
}

void scram_start(struct scram *scram, const struct scram_mechanism *mechanism, const char *user,
                 const char *nonce, struct strbuf *ret_message)
{
    *scram = (struct scram){.mechanism = mechanism};
    strncpy(scram->nonce, nonce, SCRAM_NONCE_MAX);
    strbuf_puts(&scram->bare, "n=");
    add_user(&scram->bare, user);
    strbuf_printf(&scram->bare, ",r=%s", scram->nonce);
    strbuf_puts(ret_message, GS2_HEAD);
    strbuf_puts(ret_message, strbuf_text(&scram->bare));
}

/* --- the server's first message --- */

struct challenge {
    char nonce[SCRAM_NONCE_MAX + 1];
    unsigned char salt[SCRAM_SALT_MAX];
    size_t salt_bytes;
    unsigned rounds;
};

static int refuse(struct err *err, const char *why)
{
    return err_set(err, EPROTO, "SCRAM: %s", why);
}

/* Copies the value of the attribute that must stand next; *at goes on behind it. */
static bool take(const char **at, char name, char *ret, size_t size)
{
    const char *p = *at;
    if (p[0] != name || p[1] != '=')
        return false;
    p += 2;
    size_t length = strcspn(p, ",");
    if (length >= size)
        return false;
    memcpy(ret, p, length);
    ret[length] = '\0';
    *at = p + length + (p[length] == ',');
    return true;
}

static int read_challenge(const struct scram *scram, const char *text, struct err *err,
                          struct challenge *ret)
{
    char salt[2 * SCRAM_SALT_MAX], rounds[16];
    int64_t number;
    size_t own = strlen(scram->nonce);
    if (strnlen(text, SCRAM_TEXT_MAX) == SCRAM_TEXT_MAX)
        return refuse(err, "the challenge is too long");
    /* an extension that must be understood ("m=") stands first, and is refused with the rest */
    if (!take(&text, 'r', ret->nonce, sizeof(ret->nonce)) ||
        !take(&text, 's', salt, sizeof(salt)) || !take(&text, 'i', rounds, sizeof(rounds)))
        return refuse(err, "the challenge is not r=, s=, i=");
    if (strncmp(ret->nonce, scram->nonce, own) != 0 || strlen(ret->nonce) == own)
        return refuse(err, "the server does not continue our nonce");
    if (base64_decode(salt, ret->salt, sizeof(ret->salt), &ret->salt_bytes) || !ret->salt_bytes)
        return refuse(err, "the salt is not base64");
    if (str_to_i64(rounds, &number) || number < SCRAM_ROUNDS_MIN)
        return refuse(err, "the server asks for fewer than 4096 rounds, which protects nothing");
    if (number > SCRAM_ROUNDS_MAX)
        return refuse(err, "the server asks for more than 1000000 rounds");
    ret->rounds = (unsigned)number;
    return 0;
}

/* --- keys --- */

static void hmac(const struct scram_mechanism *mechanism, const unsigned char *key,
                 const void *data, size_t length, unsigned char *ret)
{
    unsigned bytes = 0;
    if (!HMAC(mechanism->digest(), key, (int)mechanism->bytes, data, length, ret, &bytes))
        abort(); /* only memory can be short */
}

static void salt_password(const struct scram_mechanism *mechanism, const char *password,
                          const struct challenge *challenge, struct scram_salted *salted)
{
    if (salted->mechanism == mechanism && salted->rounds == challenge->rounds &&
        salted->salt_bytes == challenge->salt_bytes &&
        memcmp(salted->salt, challenge->salt, challenge->salt_bytes) == 0)
        return;
    salted->mechanism = mechanism;
    salted->rounds = challenge->rounds;
    salted->salt_bytes = challenge->salt_bytes;
    memcpy(salted->salt, challenge->salt, challenge->salt_bytes);
    if (PKCS5_PBKDF2_HMAC(password, (int)strlen(password), challenge->salt,
                          (int)challenge->salt_bytes, (int)challenge->rounds, mechanism->digest(),
                          (int)mechanism->bytes, salted->key) != 1)
        abort();
}

/* The proof goes to ret_proof, the server's signature is kept for later. */
static void sign(struct scram *scram, const struct scram_salted *salted, const char *message,
                 unsigned char *ret_proof)
{
    const struct scram_mechanism *mechanism = scram->mechanism;
    unsigned char client[SCRAM_DIGEST_MAX], stored[SCRAM_DIGEST_MAX], server[SCRAM_DIGEST_MAX],
        signature[SCRAM_DIGEST_MAX];
    size_t length = strlen(message);
    hmac(mechanism, salted->key, "Client Key", 10, client);
    if (EVP_Digest(client, mechanism->bytes, stored, NULL, mechanism->digest(), NULL) != 1)
        abort();
    hmac(mechanism, stored, message, length, signature);
    for (size_t i = 0; i < mechanism->bytes; i++)
        ret_proof[i] = client[i] ^ signature[i];
    hmac(mechanism, salted->key, "Server Key", 10, server);
    hmac(mechanism, server, message, length, scram->server_signature);
    OPENSSL_cleanse(client, sizeof(client));
    OPENSSL_cleanse(stored, sizeof(stored));
    OPENSSL_cleanse(server, sizeof(server));
}

int scram_prove(struct scram *scram, const char *challenge, const char *password,
                struct scram_salted *salted, struct err *err, struct strbuf *ret_message)
{
    struct challenge read;
    unsigned char proof[SCRAM_DIGEST_MAX];
    char proof_text[4 * ((SCRAM_DIGEST_MAX + 2) / 3) + 1];
    int result = read_challenge(scram, challenge, err, &read);
    if (result)
        return result;
    salt_password(scram->mechanism, password, &read, salted);
    struct strbuf message = {0};
    strbuf_printf(&message, "%s,%s,c=" GS2_HEAD_BASE64 ",r=%s", strbuf_text(&scram->bare),
                  challenge, read.nonce);
    sign(scram, salted, strbuf_text(&message), proof);
    strbuf_done(&message);
    strbuf_printf(ret_message, "c=" GS2_HEAD_BASE64 ",r=%s,p=%s", read.nonce,
                  base64_encode(proof, scram->mechanism->bytes, proof_text));
    scram->proved = true;
    return 0;
}

int scram_verify(const struct scram *scram, const char *final, struct err *err)
{
    char text[4 * SCRAM_DIGEST_MAX];
    unsigned char signature[SCRAM_DIGEST_MAX];
    size_t length = 0;
    if (!scram->proved || strnlen(final, SCRAM_TEXT_MAX) == SCRAM_TEXT_MAX ||
        !take(&final, 'v', text, sizeof(text)))
        return refuse(err, "the server's last message is not v=");
    if (base64_decode(text, signature, sizeof(signature), &length) ||
        length != scram->mechanism->bytes ||
        CRYPTO_memcmp(signature, scram->server_signature, length) != 0)
        return err_set(err, EACCES,
                       "the server could not prove that it knows the password: this is not the "
                       "server of the account");
    return 0;
}

void scram_done(struct scram *scram)
{
    strbuf_done(&scram->bare);
    OPENSSL_cleanse(scram, sizeof(*scram));
}

void scram_forget(struct scram_salted *salted)
{
    OPENSSL_cleanse(salted, sizeof(*salted));
}
