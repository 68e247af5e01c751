#include "io/probe.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "io/url.h"

enum { WAIT_MS = 10000 };

static const struct {
    CURLcode code;
    enum probe_cause cause;
} causes[] = {
    {CURLE_OK, PROBE_ANSWERED},
    {CURLE_URL_MALFORMAT, PROBE_BAD_URL},
    {CURLE_UNSUPPORTED_PROTOCOL, PROBE_BAD_URL},
    {CURLE_COULDNT_RESOLVE_HOST, PROBE_NO_HOST},
    {CURLE_COULDNT_RESOLVE_PROXY, PROBE_PROXY},
    {CURLE_PROXY, PROBE_PROXY},
    {CURLE_COULDNT_CONNECT, PROBE_REFUSED},
    {CURLE_OPERATION_TIMEDOUT, PROBE_SILENT},
    {CURLE_SSL_CACERT_BADFILE, PROBE_CA_FILE},
    {CURLE_SSL_CONNECT_ERROR, PROBE_TLS},
    {CURLE_SSL_CIPHER, PROBE_TLS},
};

/* What OpenSSL found wrong with a certificate. Source: openssl-verification-options(1). */
static enum probe_cause cause_of_certificate(long verdict)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return PROBE_EXPIRED;
    case X509_V_OK: /* the chain is fine, so it is the name, which libcurl looks at first: */
    case X509_V_ERR_UNSPECIFIED: /* it has not looked at the chain yet */
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return PROBE_WRONG_HOST;
    default:
        return PROBE_CA;
    }
}

static const char *environment(const char *small, const char *large)
{
    const char *value = getenv(small);
    return str_empty(value) && large ? getenv(large) : value;
}

/* A connection that failed may have been one to the proxy: libcurl's text names where it went. */
static bool is_of_proxy(const char *error)
{
    const char *const names[] = {environment("https_proxy", "HTTPS_PROXY"),
                                 environment("all_proxy", "ALL_PROXY")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct err err;
        struct url url;
        char port[16];
        if (str_empty(names[i]) || url_parse(names[i], &err, &url))
            continue;
        (void)snprintf(port, sizeof(port), "port %u", (unsigned)url.port); /* fits */
        if (strstr(error, url.host) && strstr(error, port))
            return true;
    }
    return strstr(error, "CONNECT tunnel") != NULL || strstr(error, "from proxy") != NULL;
}

static enum probe_cause cause_of(CURL *curl, CURLcode code, const char *error)
{
    long verdict = 0;
    enum probe_cause cause = PROBE_BROKEN;
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        (void)curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &verdict); /* else 0 */
        return cause_of_certificate(verdict);
    }
    for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
        if (causes[i].code == code)
            cause = causes[i].cause;
    }
    bool proxy = (cause == PROBE_REFUSED || cause == PROBE_BROKEN) && is_of_proxy(error);
    return proxy ? PROBE_PROXY : cause;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    strbuf_add(user, data, size * count); /* what is too much is of no use */
    return size * count;
}

static struct curl_slist *headers_of(const struct probe_request *request)
{
    struct strbuf line = {0};
    struct curl_slist *list = NULL;
    if (!request->bearer)
        return NULL;
    strbuf_printf(&line, "Authorization: Bearer %s", request->bearer);
    list = curl_slist_append(list, strbuf_text(&line));
    explicit_bzero(line.data, line.len);
    strbuf_done(&line);
    if (!list)
        alloc_none();
    return list;
}

/* As https, for a connection only. */
static char *address_new(const char *url, bool *ret_only_connect)
{
    struct strbuf out = {0};
    *ret_only_connect = str_starts(url, "ws");
    strbuf_printf(&out, "%s%s", *ret_only_connect ? "http" : "",
                  *ret_only_connect ? url + strlen("ws") : url);
    return strbuf_take(&out);
}

static void set_up(CURL *curl, const struct probe_request *request, const struct url *url,
                   struct probe_result *ret)
{
    const char *roots = getenv("SSL_CERT_FILE");
    /* The results of setting constants are not looked at: each is known to this libcurl. */
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "gritctl/" GRITD_VERSION);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                           request->wait_ms ? (long)request->wait_ms : (long)WAIT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &ret->body);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, ret->error);
    if (!url->tls)
        (void)curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* loopback */
    if (!str_empty(roots)) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, roots);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* else the system's count as well */
    }
    if (str_eq(request->method, "POST"))
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
}

static void read_headers(CURL *curl, const struct probe_request *request, struct probe_result *ret)
{
    struct curl_header *header;
    if (curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
        time_t date = curl_getdate(header->value, NULL);
        ret->date = date < 0 ? MSEC_NONE : (msec_t)date * MSEC_SECOND;
    }
    if (request->keep &&
        curl_easy_header(curl, request->keep, 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        (void)snprintf(ret->kept, sizeof(ret->kept), "%s", header->value); /* cut is fine */
}

void probe_run(const struct probe_request *request, struct probe_result *ret)
{
    struct err err;
    struct url url;
    bool only_connect;
    *ret = (struct probe_result){.cause = PROBE_BAD_URL, .date = MSEC_NONE};
    strbuf_init(&ret->body, PROBE_BODY_BYTES);
    if (url_parse(request->url, &err, &url)) {
        (void)snprintf(ret->error, sizeof(ret->error), "%s", err.text); /* cut is fine */
        return;
    }
    if (!url.tls && !url_host_is_loopback(url.host)) {
        (void)snprintf(ret->error, sizeof(ret->error), "%s without TLS to another machine",
                       url.scheme);
        return;
    }
    CURL *curl = curl_easy_init();
    if (!curl)
        alloc_none();
    CLEANUP_FREE char *address = address_new(request->url, &only_connect);
    struct curl_slist *headers = headers_of(request);
    set_up(curl, request, &url, ret);
    (void)curl_easy_setopt(curl, CURLOPT_URL, address); /* it fails below */
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, only_connect ? 1L : 0L);
    CURLcode code = curl_easy_perform(curl);
    ret->cause = cause_of(curl, code, ret->error);
    if (code == CURLE_OK) {
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status); /* else 0 */
        read_headers(curl, request, ret);
    } else if (!*ret->error) {
        (void)snprintf(ret->error, sizeof(ret->error), "%s", curl_easy_strerror(code));
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

void probe_done(struct probe_result *result)
{
    strbuf_done(&result->body);
}
