/* http.h: reads one HTTP/1.1 request out of a byte buffer; no I/O. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { HTTP_HEAD_MAX = 16 * 1024, HTTP_BODY_MAX = 4 * 1024 * 1024 };

enum http_header {
    HTTP_AUTHORIZATION,
    HTTP_CONNECTION,
    HTTP_CONTENT_LENGTH,
    HTTP_CONTENT_TYPE,
    HTTP_EXPECT,
    HTTP_HOST,
    HTTP_TRANSFER_ENCODING,
    HTTP_UPGRADE,
    HTTP_WS_KEY,
    HTTP_WS_VERSION,
    HTTP_HEADERS
};

/* All pointers lead into the buffer given to http_parse. */
struct http_req {
    char *method, *path, *query; /* path and query still percent-encoded; query is "" without one */
    const char *headers[HTTP_HEADERS]; /* NULL: not sent */
    char *body;
    size_t body_len;
    bool keep_alive;
};

/* Parses in place once the whole request is there; before that the buffer stays as it is.
 *
 * Returns 1: complete, *ret_used bytes belong to it, the body ends in NUL;
 *         0: more bytes wanted; *ret_continue tells that the client waits for "100 Continue";
 *        <0: minus the HTTP status to refuse with.
 * Source: RFC 9112, 2-7 and 9.3. */
int http_parse(char *data, size_t len, struct http_req *ret_req, size_t *ret_used,
               bool *ret_continue);

/* Decodes %XX and + in place, returns the new length; NUL is put behind it. */
size_t http_url_decode(char *s, size_t n);
/* Value of `name` in an encoded query string, decoded into dst; false when it is not there. */
bool http_query(const char *query, const char *name, char *dst, size_t size);
const char *http_reason(int status);
