#include "ws.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool ws_accept(const char *key, char ret_accept[32])
{
    unsigned char digest[SHA_DIGEST_LENGTH];
    char text[80];

    if (strlen(key) != 24)
        return false;
    int n = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    (void)SHA1((const unsigned char *)text, (size_t)n, digest);                /* returns digest */
    (void)EVP_EncodeBlock((unsigned char *)ret_accept, digest, sizeof digest); /* 28 bytes + NUL */
    return true;
}

size_t ws_head(char dst[WS_HEAD_MAX], int op, size_t len)
{
    unsigned char *u = (unsigned char *)dst;

    u[0] = (unsigned char)(0x80 | op);
    if (len < 126) {
        u[1] = (unsigned char)len;
        return 2;
    }
    size_t bytes = len <= 0xffff ? 2 : 8;
    u[1] = bytes == 2 ? 126 : 127;
    for (size_t i = 0; i < bytes; i++)
        u[2 + i] = (unsigned char)((uint64_t)len >> (8 * (bytes - 1 - i)));
    return 2 + bytes;
}

static bool known_op(int op)
{
    return op <= WS_BINARY || (op >= WS_CLOSE && op <= WS_PONG);
}

int ws_parse(char *data, size_t len, struct ws_frame *ret_frame, size_t *ret_used)
{
    unsigned char *u = (unsigned char *)data;
    size_t at = 2;

    if (len < 2)
        return 0;
    int op = u[0] & 0x0f;
    bool fin = u[0] & 0x80, control = op >= WS_CLOSE;
    uint64_t n = u[1] & 0x7fu;
    /* No extension is ever agreed, so reserved bits are an error; clients must mask (5.1). */
    if ((u[0] & 0x70) || !(u[1] & 0x80) || !known_op(op) || (control && (!fin || n > 125)))
        return -1002;
    size_t bytes = n == 126 ? 2 : n == 127 ? 8 : 0;
    if (len < at + bytes + 4)
        return 0;
    if (bytes) {
        n = 0;
        for (size_t i = 0; i < bytes; i++)
            n = n << 8 | u[at + i];
        at += bytes;
    }
    if (n > WS_PAYLOAD_MAX)
        return -1009;
    unsigned char mask[4];
    memcpy(mask, u + at, 4);
    at += 4;
    if (len - at < n)
        return 0;
    for (size_t i = 0; i < n; i++)
        u[at + i] ^= mask[i % 4];
    *ret_frame = (struct ws_frame){op, fin, data + at, (size_t)n};
    *ret_used = at + (size_t)n;
    return 1;
}
