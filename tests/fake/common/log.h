/* log.h: what the fake saw, as JSON for GET /_ctl/log. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum { LOG_MAX = 200000 };

struct log {
    char **items; /* one JSON object each */
    size_t n, cap, dropped;
    bool quiet;
    int64_t start_ms;
};

struct http_req;

void log_done(struct log *l);
void log_http(struct log *l, const struct http_req *r);
void log_open(struct log *l, int sock, const char *path);
void log_ws(struct log *l, int sock, const char *text, size_t n);
void log_closed(struct log *l, int sock, int code);
void log_write(const struct log *l, struct buf *out);
