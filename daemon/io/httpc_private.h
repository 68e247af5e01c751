/* httpc_private.h: what the files of the httpc module share; nobody else includes it.
 * Layer: io. */
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "io/httpc.h"

enum { HTTPC_LISTS_KEPT = 16 };

enum httpc_method {
    HTTPC_GET,
    HTTPC_HEAD,
    HTTPC_BODY, /* POST, and with a CUSTOMREQUEST every other one that may carry a body */
};

/* Header lines are the same from request to request, so lists of them are shared. */
struct httpc_list {
    struct curl_slist *lines;
    char *key;     /* the lines joined */
    unsigned used; /* by requests and by easy handles that still point to it */
};

/* An easy handle, set up once and used again. */
struct httpc_easy {
    CURL *curl;
    struct httpc_easy *next; /* among the idle ones */
    struct httpc_list *list; /* what CURLOPT_HTTPHEADER is now */
    enum httpc_method method;
    bool custom;  /* CURLOPT_CUSTOMREQUEST is set */
    bool proxied; /* so is the proxy */
    unsigned connect_timeout_ms, total_timeout_ms;
    char error[CURL_ERROR_SIZE];
};

/* One request with all it needs; texts and body lie behind it in the same block. */
struct httpc_job {
    struct httpc_job *next, *previous; /* in the queue (next), or among those in flight */
    struct httpc *httpc;
    struct httpc_easy *easy; /* NULL: waiting */
    struct httpc_list *list;
    httpc_cb callback;
    void *user;
    const char *url, *method; /* method only when it is no GET, HEAD or POST */
    enum httpc_method kind;
    const char *body;
    size_t len;
    const char *const *keep;
    unsigned connect_timeout_ms, total_timeout_ms;
    bool proxied;
    unsigned begun; /* how often libcurl was about to send this request: at most once */
    char refused[INET6_ADDRSTRLEN]; /* the last address that may not be called */
    struct strbuf answer;
};

struct httpc_socket {
    uint8_t wanted, registered; /* EPOLLIN and EPOLLOUT fit */
    bool own;                   /* opened by us, so that we also hear of its end */
};

struct httpc {
    uv_loop_t *loop;
    struct httpc_opts opts;
    char *ca_file, *user_agent;
    CURLM *multi;
    CURLSH *share;
    int epoll;
    uv_poll_t poll;   /* of epoll */
    uv_timer_t timer; /* libcurl's */
    uv_timer_t pump;  /* starts waiting jobs in the next turn */
    unsigned handles;
    struct httpc_socket *sockets; /* by descriptor */
    size_t socket_count;
    struct httpc_job *first, *last, *active;
    size_t queued, in_flight;
    struct httpc_easy *idle;
    struct httpc_list *lists[HTTPC_LISTS_KEPT];
    unsigned list_next;
    struct strbuf scratch;
    bool closed;
};

/* httpc_socket.c: the descriptors of libcurl in an epoll of our own */
int httpc_sockets_start(struct httpc *httpc, void (*on_events)(uv_poll_t *, int, int));
int httpc_on_socket(CURL *curl, curl_socket_t fd, int what, void *user, void *per_socket);
curl_socket_t httpc_on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address);
int httpc_on_close(void *user, curl_socket_t fd);
void httpc_sockets_run(struct httpc *httpc);

/* httpc_job.c */
int httpc_job_new(struct httpc *httpc, const struct httpc_request *request, struct err *err,
                  struct httpc_job **ret_job);
void httpc_job_free(struct httpc_job *job);
CURLcode httpc_job_start(struct httpc_job *job);
struct httpc_easy *httpc_easy_new(struct httpc *httpc);
void httpc_easy_free(struct httpc_easy *easy);
void httpc_list_drop(struct httpc_list *list);

/* httpc_result.c */
void httpc_result_fill(struct httpc_job *job, CURLcode code, struct httpc_result *ret);
