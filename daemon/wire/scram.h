/* scram.h: signing in without sending the password, and knowing that the server knew it too.
 * Layer: wire (pure: the nonce is handed in). Lifetime: one sign-in.
 * Source: RFC 5802 (SHA-1), RFC 7677 (SHA-256), the same with SHA-512. There is no channel
 * binding: a websocket's TLS often ends in a proxy before the server. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    SCRAM_DIGEST_MAX = 64,
    SCRAM_TEXT_MAX = 1024, /* of what the server sends */
    SCRAM_NONCE_MAX = 512, /* of both sides together */
    SCRAM_SALT_MAX = 256,
    SCRAM_ROUNDS_MIN = 4096,    /* RFC 5802, 5.1 */
    SCRAM_ROUNDS_MAX = 1000000, /* half a second of this machine's time */
    SCRAM_PASSWORD_MAX = 1024,
};

struct scram_mechanism; /* a row of the table */

/* The password, salted: a second sign-in with the same salt need not work it out again. */
struct scram_salted {
    const struct scram_mechanism *mechanism; /* NULL: none yet */
    unsigned char salt[SCRAM_SALT_MAX], key[SCRAM_DIGEST_MAX];
    size_t salt_bytes;
    unsigned rounds;
};

struct scram {
    const struct scram_mechanism *mechanism;
    struct strbuf bare; /* the client's first message without its head */
    char nonce[SCRAM_NONCE_MAX + 1];
    unsigned char server_signature[SCRAM_DIGEST_MAX];
    bool proved; /* the client's last message was made */
};

/* The row of a name such as "SCRAM-SHA-256"; NULL where there is none. Rows come strongest first:
 * scram_at(0) is the one to take where it is offered. */
const struct scram_mechanism *scram_find(const char *name);
const struct scram_mechanism *scram_at(size_t index); /* NULL past the end */
const char *scram_name(const struct scram_mechanism *mechanism);

/* Errors: -EINVAL empty, too long, or with characters beyond printable ASCII (those would need
 * SASLprep, RFC 4013). The text never shows the password. */
int scram_check_password(const char *password, struct err *err);

/* The first message. nonce: from a random source, printable without a comma.
 * Owns: scram is ended with scram_done. */
void scram_start(struct scram *scram, const struct scram_mechanism *mechanism, const char *user,
                 const char *nonce, struct strbuf *ret_message);

/* The second message, after the server's first.
 * Owns:   salted is read and written; keep it between sign-ins of the same password.
 * Errors: -EPROTO the server's message is not what the RFC says, or asks for too few or too many
 *         rounds, or does not continue our nonce. */
int scram_prove(struct scram *scram, const char *challenge, const char *password,
                struct scram_salted *salted, struct err *err, struct strbuf *ret_message);

/* Whether the server proved that it knows the password too.
 * Errors: -EACCES it did not (leave, and say nothing more); -EPROTO. */
int scram_verify(const struct scram *scram, const char *final, struct err *err);

void scram_done(struct scram *scram); /* accepts a zeroed one */
void scram_forget(struct scram_salted *salted);
