/* One request: copied, checked, and given to a libcurl handle that is used again and again. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "io/cert.h"
#include "io/httpc_private.h"
#include "io/url.h"

enum {
    DEFAULT_CONNECT_MS = 10000,
    DEFAULT_TOTAL_MS = 30000,
    DEFAULT_ANSWER_BYTES = 1 << 20,
    IDLE_CONNECTION_S = 50, /* below the 60 s after which common servers close idle ones */
    UPLOAD_BYTES = 16384,   /* libcurl's smallest upload buffer; the default is 64 KiB for each */
    METHOD_BYTES = 16,
};

/* ---- callbacks of libcurl ---- */

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct httpc_job *job = user;
    strbuf_add(&job->answer, data, size * count);
    return job->answer.overflow ? 0 : size * count; /* 0 ends it with CURLE_WRITE_ERROR */
}

/* A request is begun once. By itself libcurl repeats one when a reused connection dies without an
 * answer, which is harmless for GET and HEAD only. Source: RFC 9112, 9.3.1. */
static int on_begin(void *user, char *peer, char *local, int peer_port, int local_port)
{
    struct httpc_job *job = user;
    (void)peer, (void)local, (void)peer_port, (void)local_port;
    return job->begun++ && job->kind == HTTPC_BODY ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static CURLcode on_context(CURL *curl, void *context, void *user)
{
    (void)curl, (void)user;
    cert_want_names(context);
    return CURLE_OK;
}

/* ---- lists of header lines ---- */

void httpc_list_drop(struct httpc_list *list)
{
    if (!list || --list->used > 0)
        return;
    curl_slist_free_all(list->lines);
    explicit_bzero(list->key, strlen(list->key));
    free(list->key);
    free(list);
}

static struct httpc_list *list_new(const char *key)
{
    struct httpc_list *list = NEW(struct httpc_list);
    list->key = xstrdup(key);
    CLEANUP_FREE char *copy = xstrdup(key);
    char *rest = copy, *line;
    while ((line = strsep(&rest, "\n")) != NULL && *line) {
        struct curl_slist *more = curl_slist_append(list->lines, line);
        if (!more)
            alloc_none();
        list->lines = more;
    }
    explicit_bzero(copy, strlen(key));
    return list;
}

static struct httpc_list *list_find(struct httpc *httpc, const char *key)
{
    for (unsigned i = 0; i < HTTPC_LISTS_KEPT; i++)
        if (httpc->lists[i] && str_eq(httpc->lists[i]->key, key)) {
            httpc->lists[i]->used++;
            return httpc->lists[i];
        }
    struct httpc_list **place = &httpc->lists[httpc->list_next++ % HTTPC_LISTS_KEPT];
    httpc_list_drop(*place);
    *place = list_new(key);
    (*place)->used = 2; /* the place and the caller */
    return *place;
}

static struct httpc_list *list_of(struct httpc *httpc, const struct httpc_request *request)
{
    struct strbuf *key = &httpc->scratch;
    strbuf_clear(key);
    strbuf_puts(key, "Expect:\n"); /* suppressed: it would wait a second for some servers */
    if (request->content_type)
        strbuf_printf(key, "Content-Type: %s\n", request->content_type);
    else
        strbuf_puts(key, "Content-Type:\n"); /* else libcurl claims a form */
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        strbuf_printf(key, "%s\n", request->headers[i]);
    struct httpc_list *list = list_find(httpc, strbuf_text(key));
    explicit_bzero(key->data, key->len);
    return list;
}

/* ---- jobs ---- */

static bool line_safe(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

static bool headers_safe(const struct httpc_request *request)
{
    if (!line_safe(request->content_type))
        return false;
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (!line_safe(request->headers[i]) || !strchr(request->headers[i], ':'))
            return false;
    return true;
}

static int method_check(const struct httpc_request *request, struct err *err)
{
    const char *method = request->method;
    if (!method)
        return 0;
    size_t letters = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (letters == 0 || method[letters] || letters >= METHOD_BYTES || str_eq(method, "CONNECT"))
        return err_set(err, EINVAL, "'%.40s' is not an HTTP method", method);
    if (request->len && (str_eq(method, "GET") || str_eq(method, "HEAD")))
        return err_set(err, EINVAL, "%s takes no body", method);
    return 0;
}

static int request_check(const struct httpc *httpc, const struct httpc_request *request,
                         struct err *err, bool *ret_proxied)
{
    struct url url;
    int r = url_parse(request->url, err, &url);
    if (r < 0)
        return r;
    if (url.scheme[0] != 'h')
        return err_set(err, EINVAL, "'%.200s' is not an http or https URL", request->url);
    if (!url.tls && !url_host_is_loopback(url.host))
        return err_set(err, EPERM, "http://%s: only https:// may leave this host", url.host);
    if (!headers_safe(request))
        return err_set(err, EINVAL, "a header is broken or contains a line break");
    *ret_proxied = proxy_serves(httpc->opts.proxy, url.host);
    if (*ret_proxied && !reach_allows_name(httpc->opts.reach, url.host))
        return err_set(err, EPERM, "%s is an address that may not be called", url.host);
    return method_check(request, err);
}

static char *text_place(char **at, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *to = memcpy(*at, text, bytes);
    *at += bytes;
    return to;
}

int httpc_job_new(struct httpc *httpc, const struct httpc_request *request, struct err *err,
                  struct httpc_job **ret_job)
{
    bool proxied = false;
    int r = request_check(httpc, request, err, &proxied);
    if (r < 0)
        return r;
    const char *method = request->method ? request->method : request->body ? "POST" : "GET";
    size_t url_bytes = strlen(request->url) + 1, method_bytes = strlen(method) + 1;
    struct httpc_job *job =
        xrealloc(NULL, sizeof(*job) + url_bytes + method_bytes + request->len + 1, 1);
    char *at = (char *)(job + 1);
    *job = (struct httpc_job){
        .httpc = httpc,
        .list = list_of(httpc, request),
        .kind = str_eq(method, "GET")    ? HTTPC_GET
                : str_eq(method, "HEAD") ? HTTPC_HEAD
                                         : HTTPC_BODY,
        .len = request->len,
        .keep = request->keep,
        .proxied = proxied,
        .connect_timeout_ms =
            request->connect_timeout_ms ? request->connect_timeout_ms : DEFAULT_CONNECT_MS,
        .total_timeout_ms =
            request->total_timeout_ms ? request->total_timeout_ms : DEFAULT_TOTAL_MS,
    };
    job->url = text_place(&at, request->url);
    const char *name = text_place(&at, method);
    if (job->kind == HTTPC_BODY && !str_eq(name, "POST"))
        job->method = name;
    job->body = at;
    if (request->len)
        memcpy(at, request->body, request->len);
    strbuf_init(&job->answer,
                request->max_response_bytes ? request->max_response_bytes : DEFAULT_ANSWER_BYTES);
    *ret_job = job;
    return 0;
}

void httpc_job_free(struct httpc_job *job)
{
    httpc_list_drop(job->list);
    strbuf_done(&job->answer);
    free(job);
}

/* ---- easy handles ---- */

struct httpc_easy *httpc_easy_new(struct httpc *httpc)
{
    struct httpc_easy *easy = NEW(struct httpc_easy);
    CURL *curl = easy->curl = curl_easy_init();
    if (!curl)
        alloc_none();
    /* The results of setting constants are not looked at: each is known to this libcurl. */
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* else a time-out or an end during a */
                                                          /* look-up waits for the resolver */
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                           "http,https"); /* request_check is stricter */
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* else it asks the environment */
    (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_context);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, httpc->user_agent);
    (void)curl_easy_setopt(curl, CURLOPT_SHARE, httpc->share);
    (void)curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, (long)IDLE_CONNECTION_S);
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, easy->error);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_begin);
    (void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, httpc_on_open);
    (void)curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, httpc_on_close);
    (void)curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, httpc);
    if (httpc->ca_file) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, httpc->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* else the system's count as well */
    }
    easy->method = HTTPC_GET; /* libcurl's own first state */
    return easy;
}

void httpc_easy_free(struct httpc_easy *easy)
{
    curl_easy_cleanup(easy->curl);
    httpc_list_drop(easy->list);
    free(easy);
}

static void method_set(struct httpc_easy *easy, const struct httpc_job *job)
{
    if (easy->method != job->kind) {
        if (easy->method == HTTPC_HEAD)
            (void)curl_easy_setopt(easy->curl, CURLOPT_NOBODY, 0L);
        if (job->kind == HTTPC_GET)
            (void)curl_easy_setopt(easy->curl, CURLOPT_HTTPGET, 1L);
        else if (job->kind == HTTPC_HEAD)
            (void)curl_easy_setopt(easy->curl, CURLOPT_NOBODY, 1L);
        else
            (void)curl_easy_setopt(easy->curl, CURLOPT_POST, 1L);
        easy->method = job->kind;
    }
    if (job->method || easy->custom)
        (void)curl_easy_setopt(easy->curl, CURLOPT_CUSTOMREQUEST, job->method);
    easy->custom = job->method != NULL;
    if (job->kind != HTTPC_BODY)
        return;
    /* Not by a read function: libcurl would send headers and body in two pieces. */
    (void)curl_easy_setopt(easy->curl, CURLOPT_POSTFIELDS, job->body);
    (void)curl_easy_setopt(easy->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->len);
}

static void timeouts_set(struct httpc_easy *easy, const struct httpc_job *job)
{
    if (easy->connect_timeout_ms != job->connect_timeout_ms)
        (void)curl_easy_setopt(easy->curl, CURLOPT_CONNECTTIMEOUT_MS,
                               (long)job->connect_timeout_ms);
    if (easy->total_timeout_ms != job->total_timeout_ms)
        (void)curl_easy_setopt(easy->curl, CURLOPT_TIMEOUT_MS, (long)job->total_timeout_ms);
    easy->connect_timeout_ms = job->connect_timeout_ms;
    easy->total_timeout_ms = job->total_timeout_ms;
}

static void proxy_set(struct httpc_easy *easy, const struct httpc_job *job)
{
    const struct proxy *proxy = job->httpc->opts.proxy;
    if (easy->proxied == job->proxied)
        return;
    easy->proxied = job->proxied;
    (void)curl_easy_setopt(easy->curl, CURLOPT_PROXY, job->proxied ? proxy->url : "");
    size_t name = strcspn(proxy->login, ":");
    if (!job->proxied || !*proxy->login) {
        (void)curl_easy_setopt(easy->curl, CURLOPT_PROXYUSERNAME, NULL);
        (void)curl_easy_setopt(easy->curl, CURLOPT_PROXYPASSWORD, NULL);
        return;
    }
    char *user = xstrndup(proxy->login, name); /* libcurl makes copies */
    (void)curl_easy_setopt(easy->curl, CURLOPT_PROXYUSERNAME, user);
    (void)curl_easy_setopt(easy->curl, CURLOPT_PROXYPASSWORD,
                           proxy->login[name] ? proxy->login + name + 1 : "");
    free(user);
}

CURLcode httpc_job_start(struct httpc_job *job)
{
    struct httpc_easy *easy = job->easy;
    CURL *curl = easy->curl;
    easy->error[0] = '\0';
    if (easy->list != job->list) {
        (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, job->list->lines);
        httpc_list_drop(easy->list);
        easy->list = job->list;
        easy->list->used++;
    }
    method_set(easy, job);
    timeouts_set(easy, job);
    proxy_set(easy, job);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, job);
    (void)curl_easy_setopt(curl, CURLOPT_PREREQDATA, job);
    (void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, job);
    (void)curl_easy_setopt(curl, CURLOPT_PRIVATE, job);
    return curl_easy_setopt(curl, CURLOPT_URL, job->url);
}
