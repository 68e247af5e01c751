/* libcurl's multi interface on the loop: queue, start, results, end. */
#include "io/httpc.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/httpc_private.h"
#include "io/memory.h"

enum { DEFAULT_IN_FLIGHT = 64, DEFAULT_QUEUED = 65536 };

static void pump_run(struct httpc *httpc);

/* ---- jobs in and out ---- */

static void active_add(struct httpc_job *job)
{
    struct httpc *httpc = job->httpc;
    job->previous = NULL;
    job->next = httpc->active;
    if (job->next)
        job->next->previous = job;
    httpc->active = job;
    httpc->in_flight++;
}

static void active_remove(struct httpc_job *job)
{
    struct httpc *httpc = job->httpc;
    if (job->previous)
        job->previous->next = job->next;
    else
        httpc->active = job->next;
    if (job->next)
        job->next->previous = job->previous;
    httpc->in_flight--;
}

static struct httpc_job *queue_pop(struct httpc *httpc)
{
    struct httpc_job *job = httpc->first;
    httpc->first = job->next;
    if (!httpc->first)
        httpc->last = NULL;
    httpc->queued--;
    return job;
}

/* The job is out of libcurl before its owner hears of it, so a callback may do what it likes. */
static void job_report(struct httpc_job *job, CURLcode code)
{
    struct httpc *httpc = job->httpc;
    struct httpc_easy *easy = job->easy;
    struct httpc_result result;
    httpc_result_fill(job, code, &result);
    active_remove(job);
    (void)curl_multi_remove_handle(httpc->multi, easy->curl); /* fails only for a foreign one */
    easy->next = httpc->idle;
    httpc->idle = easy;
    job->callback(job->user, &result);
    httpc_job_free(job);
}

static void messages_read(struct httpc *httpc)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(httpc->multi, &left)) != NULL) {
        struct httpc_job *job = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
        job_report(job, code);
    }
}

static void job_start(struct httpc *httpc, struct httpc_job *job)
{
    struct httpc_easy *easy = httpc->idle;
    if (easy)
        httpc->idle = easy->next;
    else
        easy = httpc_easy_new(httpc);
    job->easy = easy;
    active_add(job);
    CURLcode code = httpc_job_start(job);
    if (code == CURLE_OK && curl_multi_add_handle(httpc->multi, easy->curl) != CURLM_OK)
        code = CURLE_FAILED_INIT;
    if (code != CURLE_OK)
        job_report(job, code);
}

static void pump_cb(uv_timer_t *timer)
{
    pump_run(timer->data);
}

static void pump_wake(struct httpc *httpc)
{
    if (httpc->first && httpc->in_flight < httpc->opts.max_in_flight && !httpc->closed &&
        !uv_is_active((uv_handle_t *)&httpc->pump))
        (void)uv_timer_start(&httpc->pump, pump_cb, 0, 0);
}

/* Starts what may start and lets libcurl begin with all of it at once. */
static void pump_run(struct httpc *httpc)
{
    int running;
    bool any = false;
    while (httpc->first && httpc->in_flight < httpc->opts.max_in_flight) {
        job_start(httpc, queue_pop(httpc));
        any = true;
    }
    if (any)
        (void)curl_multi_socket_action(httpc->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    messages_read(httpc);
    pump_wake(httpc);
}

/* ---- the loop ---- */

static void poll_cb(uv_poll_t *poll, int status, int events)
{
    struct httpc *httpc = poll->data;
    (void)status, (void)events; /* the epoll behind it knows */
    httpc_sockets_run(httpc);
    messages_read(httpc);
    pump_wake(httpc);
}

static void timer_cb(uv_timer_t *timer)
{
    struct httpc *httpc = timer->data;
    int running;
    (void)curl_multi_socket_action(httpc->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    messages_read(httpc);
    pump_wake(httpc);
}

/* Only starts a timer: libcurl must not be entered from here. 0 would keep the loop from its
 * descriptors when libcurl asks for it again and again. */
static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct httpc *httpc = user;
    (void)multi;
    if (timeout_ms < 0)
        (void)uv_timer_stop(&httpc->timer);
    else
        (void)uv_timer_start(&httpc->timer, timer_cb, timeout_ms ? (uint64_t)timeout_ms : 1, 0);
    return 0;
}

/* ---- life ---- */

static int curl_start(struct httpc *httpc)
{
    static bool initialised; /* libcurl is global and never let go: other users may share it */
    if (!initialised && curl_global_init_mem(CURL_GLOBAL_DEFAULT, xmalloc, free, memory_realloc,
                                             xstrdup, xcalloc) != CURLE_OK)
        return -ENOMEM;
    initialised = true;
    httpc->multi = curl_multi_init();
    httpc->share = curl_share_init();
    if (!httpc->multi || !httpc->share)
        return -ENOMEM;
    CURLM *multi = httpc->multi;
    (void)curl_share_setopt(httpc->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, httpc_on_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, httpc);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, httpc);
    (void)curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)httpc->opts.max_in_flight);
    (void)curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)httpc->opts.max_per_host);
    return 0;
}

static void httpc_release(struct httpc *httpc)
{
    while (httpc->idle) {
        struct httpc_easy *easy = httpc->idle;
        httpc->idle = easy->next;
        httpc_easy_free(easy);
    }
    if (httpc->multi)
        (void)curl_multi_cleanup(httpc->multi);
    if (httpc->share)
        (void)curl_share_cleanup(httpc->share);
    for (unsigned i = 0; i < HTTPC_LISTS_KEPT; i++)
        httpc_list_drop(httpc->lists[i]);
    strbuf_done(&httpc->scratch);
    free(httpc->sockets);
    free(httpc->ca_file);
    free(httpc->user_agent);
}

int httpc_new(uv_loop_t *loop, const struct httpc_opts *given, struct err *err,
              struct httpc **ret_httpc)
{
    struct httpc *httpc = NEW(struct httpc);
    httpc->loop = loop;
    httpc->opts = given ? *given : (struct httpc_opts){0};
    if (!httpc->opts.max_in_flight)
        httpc->opts.max_in_flight = DEFAULT_IN_FLIGHT;
    if (!httpc->opts.max_per_host)
        httpc->opts.max_per_host = httpc->opts.max_in_flight;
    if (!httpc->opts.max_queued)
        httpc->opts.max_queued = DEFAULT_QUEUED;
    httpc->ca_file = xstrdup(httpc->opts.ca_file);
    httpc->user_agent = xstrdup(httpc->opts.user_agent ? httpc->opts.user_agent : "gritd");
    int r = curl_start(httpc);
    if (r == 0)
        r = httpc_sockets_start(httpc, poll_cb);
    if (r < 0) {
        httpc_release(httpc);
        free(httpc);
        return err_set(err, -r, "libcurl does not start: %s", strerror(-r));
    }
    (void)uv_timer_init(loop, &httpc->timer); /* never fails */
    (void)uv_timer_init(loop, &httpc->pump);
    httpc->timer.data = httpc->pump.data = httpc;
    httpc->handles = 3;
    *ret_httpc = httpc;
    return 0;
}

int httpc_send(struct httpc *httpc, const struct httpc_request *request, httpc_cb callback,
               void *user, struct err *err)
{
    struct httpc_job *job;
    if (httpc->closed)
        return err_set(err, ESHUTDOWN, "HTTP requests are being stopped");
    if (httpc->queued >= httpc->opts.max_queued)
        return err_set(err, ENOBUFS, "%zu HTTP requests are waiting already", httpc->queued);
    int r = httpc_job_new(httpc, request, err, &job);
    if (r < 0)
        return r;
    job->callback = callback;
    job->user = user;
    if (httpc->last)
        httpc->last->next = job;
    else
        httpc->first = job;
    httpc->last = job;
    httpc->queued++;
    pump_wake(httpc);
    return 0;
}

size_t httpc_in_flight(const struct httpc *httpc)
{
    return httpc->in_flight;
}

size_t httpc_queued(const struct httpc *httpc)
{
    return httpc->queued;
}

void httpc_cancel_all(struct httpc *httpc)
{
    httpc->closed = true;
    messages_read(httpc); /* what is answered already counts as answered */
    while (httpc->active)
        job_report(httpc->active, CURLE_ABORTED_BY_CALLBACK);
    while (httpc->first) {
        struct httpc_job *job = queue_pop(httpc);
        struct httpc_result result;
        httpc_result_fill(job, CURLE_FAILED_INIT, &result);
        job->callback(job->user, &result);
        httpc_job_free(job);
    }
}

static void handle_closed(uv_handle_t *handle)
{
    struct httpc *httpc = handle->data;
    if (--httpc->handles > 0)
        return;
    (void)close(httpc->epoll);
    free(httpc);
}

void httpc_free(struct httpc *httpc)
{
    if (!httpc)
        return;
    httpc_cancel_all(httpc);
    httpc_release(httpc);
    uv_close((uv_handle_t *)&httpc->timer, handle_closed);
    uv_close((uv_handle_t *)&httpc->pump, handle_closed);
    uv_close((uv_handle_t *)&httpc->poll, handle_closed);
}
