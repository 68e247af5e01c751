/* post.h: one HTTP POST on a socket of its own, plain HTTP/1.1.
 * Layer: commands. The daemon's listener has no TLS; what is beyond loopback goes through a proxy.
 */
#pragma once
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { POST_WAIT_S = 30, POST_ANSWER_BYTES = 1024 * 1024 };

struct post {
    const char *host, *path, *type;
    int port;
    const char *headers; /* further ones, each ended by CR LF; or "" */
    const char *body;
    size_t length;
};

/* Sends and waits for the answer; *ret_body is its body.
 * Owns: the caller ends *ret_body. Errors: -errno: nobody answered there. */
int post_send(const struct post *post, struct err *err, int *ret_status, struct strbuf *ret_body);
