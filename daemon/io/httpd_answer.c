/* Look-ups in a request, and its answer. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/httpd_private.h"

/* The public part comes first, so both pointers are one. */
static struct httpd_call *call_of(struct httpd_request *request)
{
    return (struct httpd_call *)request;
}

static const char *lookup(const struct httpd_request *request, enum MHD_ValueKind kind,
                          const char *name)
{
    const struct httpd_call *call = (const struct httpd_call *)request;
    const char *value = NULL;
    if (!call->connection || MHD_lookup_connection_value_n(call->connection, kind, name,
                                                           strlen(name), &value, NULL) != MHD_YES)
        return NULL;
    return value ? value : "";
}

const char *httpd_query(const struct httpd_request *request, const char *name)
{
    return lookup(request, MHD_GET_ARGUMENT_KIND, name);
}

const char *httpd_header(const struct httpd_request *request, const char *name)
{
    return lookup(request, MHD_HEADER_KIND, name);
}

static void header_add(struct MHD_Response *response, const char *name, const char *value)
{
    /* Refused are line breaks and a second Content-Length: such a header is left out. */
    (void)MHD_add_response_header(response, name, value);
}

static struct MHD_Response *response_new(const char *content_type, const void *body, size_t len,
                                         enum MHD_ResponseMemoryMode mode)
{
    /* It asks for a writable buffer and only reads it in these two modes. */
    union {
        const void *in;
        void *out;
    } bytes = {.in = len ? body : ""};
    struct MHD_Response *response = MHD_create_response_from_buffer(len, bytes.out, mode);
    if (!response)
        alloc_none();
    if (content_type)
        header_add(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    return response;
}

static struct MHD_Response *response_kept(struct httpd *httpd, const char *content_type,
                                          const void *body, size_t len)
{
    for (unsigned i = 0; i < HTTPD_RESPONSES_KEPT; i++) {
        struct httpd_kept *kept = &httpd->kept[i];
        if (kept->response && kept->len == len && memcmp(kept->body, body, len) == 0 &&
            str_eq(kept->content_type, content_type))
            return kept->response;
    }
    struct httpd_kept *kept = &httpd->kept[httpd->kept_next++ % HTTPD_RESPONSES_KEPT];
    if (kept->response)
        MHD_destroy_response(kept->response); /* connections that send it have their own hold */
    xstr_replace(&kept->content_type, content_type);
    kept->len = len;
    memcpy(kept->body, body, len);
    kept->response = response_new(content_type, body, len, MHD_RESPMEM_MUST_COPY);
    return kept->response;
}

void httpd_kept_done(struct httpd *httpd)
{
    for (unsigned i = 0; i < HTTPD_RESPONSES_KEPT; i++) {
        if (httpd->kept[i].response)
            MHD_destroy_response(httpd->kept[i].response);
        free(httpd->kept[i].content_type);
    }
}

/* Closes the connection: what follows may be the rest of a body that nobody reads. */
enum MHD_Result httpd_refuse(struct MHD_Connection *connection, unsigned status, const char *title,
                             const char *detail)
{
    char body[256];
    int len = snprintf(body, sizeof(body),
                       "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
                       "\"detail\":\"%s\"}",
                       title, status, detail);
    struct MHD_Response *response =
        response_new("application/problem+json", body, (size_t)len, MHD_RESPMEM_MUST_COPY);
    header_add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void pending_remove(struct httpd *httpd, struct httpd_call *call)
{
    if (call->previous)
        call->previous->next = call->next;
    else
        httpd->pending = call->next;
    if (call->next)
        call->next->previous = call->previous;
    httpd->pending_count--;
}

static void answer(struct httpd_call *call, unsigned status, struct MHD_Response *response)
{
    bool waited = call->stage == HTTPD_WAITING;
    call->stage = HTTPD_ANSWERED;
    call->queued = MHD_queue_response(call->connection, status, response) == MHD_YES;
    if (!waited)
        return; /* still below the handler */
    MHD_resume_connection(call->connection);
    httpd_wake(call->httpd);
}

static void reply(struct httpd_request *request, unsigned status, const char *content_type,
                  const void *body, size_t len, const struct httpd_header *headers, size_t count,
                  enum MHD_ResponseMemoryMode mode)
{
    struct httpd_call *call = call_of(request);
    struct httpd *httpd = call->httpd;
    if (httpd)
        pending_remove(httpd, call);
    if (!httpd || !call->connection) { /* the client has gone */
        httpd_call_free(call);
        return;
    }
    if (count == 0 && len <= HTTPD_RESPONSE_KEPT_BYTES && !httpd->quiesced) {
        answer(call, status, response_kept(httpd, content_type, len ? body : "", len));
        return;
    }
    struct MHD_Response *response = response_new(content_type, body, len, mode);
    for (size_t i = 0; i < count; i++)
        header_add(response, headers[i].name, headers[i].value);
    if (httpd->quiesced) /* the next request goes to whoever comes after us */
        header_add(response, MHD_HTTP_HEADER_CONNECTION, "close");
    answer(call, status, response);
    MHD_destroy_response(response); /* the connection has its own hold */
}

void httpd_reply(struct httpd_request *request, unsigned status, const char *content_type,
                 const void *body, size_t len, const struct httpd_header *headers, size_t count)
{
    reply(request, status, content_type, body, len, headers, count, MHD_RESPMEM_MUST_COPY);
}

void httpd_reply_static(struct httpd_request *request, unsigned status, const char *content_type,
                        const void *body, size_t len, const struct httpd_header *headers,
                        size_t count)
{
    reply(request, status, content_type, body, len, headers, count, MHD_RESPMEM_PERSISTENT);
}
