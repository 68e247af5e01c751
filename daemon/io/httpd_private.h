/* httpd_private.h: what the files of the httpd module share; nobody else includes it.
 * Layer: io. */
#pragma once
#include <microhttpd.h>

#include "io/httpd.h"

enum { HTTPD_METHOD_BYTES = 16, HTTPD_RESPONSES_KEPT = 8, HTTPD_RESPONSE_KEPT_BYTES = 512 };

enum httpd_stage {
    HTTPD_BODY,     /* the body is still arriving */
    HTTPD_TOO_LONG, /* so is this one, thrown away and answered 413 at its end */
    HTTPD_HANDLER,  /* the handler is running */
    HTTPD_WAITING,  /* suspended until httpd_reply */
    HTTPD_ANSWERED, /* its response is queued */
};

struct httpd_call {
    struct httpd_request public; /* first, so that the pointers are the same */
    struct httpd *httpd;         /* NULL after httpd_free */
    struct MHD_Connection *connection;
    enum httpd_stage stage;
    struct httpd_call *previous, *next; /* in the list of pending ones, or of free ones (next) */
    bool queued;                        /* libmicrohttpd took the response */
    size_t received_bytes, body_cap, path_cap;
    char *body, *path;
    char method[HTTPD_METHOD_BYTES];
};

/* Short answers repeat, so the last few response objects are kept and shared by connections. */
struct httpd_kept {
    struct MHD_Response *response;
    char *content_type; /* NULL: none */
    size_t len;
    char body[HTTPD_RESPONSE_KEPT_BYTES];
};

struct httpd {
    uv_loop_t *loop;
    struct httpd_opts opts;
    httpd_cb handler;
    void *user;
    struct MHD_Daemon *daemon;
    int socket; /* ours until quiesced or stopped */
    uint16_t port;
    uv_poll_t poll;
    uv_timer_t timer;
    uv_timer_t deadlines;
    uint64_t next_deadline;   /* when that one is due; UINT64_MAX: it is not running */
    struct httpd_conn *conns; /* all connections */
    unsigned handles;
    bool run_soon, quiesced;
    uint64_t quiesced_ms;
    struct httpd_call *pending, *spare;
    size_t pending_count, spare_count;
    struct httpd_kept kept[HTTPD_RESPONSES_KEPT];
    unsigned kept_next;
};

/* httpd.c */
void httpd_wake(struct httpd *httpd); /* MHD_run in the next turn of the loop, once for all */
void httpd_call_free(struct httpd_call *call);

/* httpd_deadline.c */
void httpd_allow(
    struct httpd *httpd, struct MHD_Connection *connection,
    unsigned seconds); /* from now until the client's next part is whole; 0: for ever */
void httpd_rests(struct httpd *httpd,
                 struct MHD_Connection *connection); /* until its next request begins */
void httpd_on_connection(void *user, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode what);

/* httpd_answer.c */
void httpd_kept_done(struct httpd *httpd);
enum MHD_Result httpd_refuse(struct MHD_Connection *connection, unsigned status, const char *title,
                             const char *detail);
