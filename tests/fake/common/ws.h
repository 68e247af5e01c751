/* ws.h: WebSocket handshake key and frames (RFC 6455, server side); no I/O. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { WS_CONT = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
enum { WS_HEAD_MAX = 10, WS_PAYLOAD_MAX = 4 * 1024 * 1024 };

struct ws_frame {
    int op;
    bool fin;
    char *payload; /* unmasked in place, no NUL behind it */
    size_t len;
};

/* Value of Sec-WebSocket-Accept; false when key is not 16 bytes in base64. Source: 4.2.2. */
bool ws_accept(const char *key, char ret_accept[32]);
/* Writes the head of an unmasked frame, returns its length. Source: 5.2. */
size_t ws_head(char dst[WS_HEAD_MAX], int op, size_t len);
/* 1: one frame, *ret_used bytes; 0: more bytes wanted; <0: minus the close code to answer. */
int ws_parse(char *data, size_t len, struct ws_frame *ret_frame, size_t *ret_used);
