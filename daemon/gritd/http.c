/* The HTTP listener: which path does what. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/page.h"
#include "gritd/quotas.h"
#include "io/handed.h"
#include "wire/form.h"

static const struct route {
    const char *method, *path;
    bool prefix;     /* the path begins so */
    bool local_only; /* only with the embedded chat, and only from this machine */
    void (*run)(struct daemon *, struct httpd_request *);
} routes[] = {
    {"OPTIONS", "/v1/events", false, false, http_handshake},
    {"POST", "/v1/events", false, false, http_events},
    {"POST", "/v1/intake/", true, false, http_intake},
    {"POST", "/chat/", true, false, http_chat},
    {"GET", "/metrics", false, false, http_metrics},
    {"GET", "/healthz", false, false, http_healthz},
    {"GET", "/readyz", false, false, http_readyz},
    {"GET", "/try/where", false, true, http_try_where},
    {"GET", "/try/state", false, true, http_try_state},
    {"POST", "/try/clock", false, true, http_try_clock},
    {"GET", "/try", false, true, http_try},
    {"GET", "/try/", true, true, http_try},
    {"GET", "/sign-in", false, false, http_sign_in_ask},
    {"POST", "/sign-in", false, false, http_sign_in},
    {"POST", "/sign-out", false, false, http_sign_out},
    {"GET", "/page/data", false, false, http_page_data},
    {"GET", "/page/csv", false, false, http_page_csv},
    {"GET", "/page/", true, false, http_page_asset},
    {"GET", "/", false, false, http_page},
};

void http_json(struct httpd_request *request, unsigned status, const char *json)
{
    static const struct httpd_header headers[] = {{"Cache-Control", "no-store"},
                                                  {"X-Content-Type-Options", "nosniff"}};
    httpd_reply(request, status, "application/json", json, strlen(json), headers,
                ARRAY_LEN(headers));
}

void http_problem(struct httpd_request *request, unsigned status, const char *title,
                  const char *format, ...)
{
    static const struct httpd_header headers[] = {
        {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}, {"Retry-After", "1"}};
    char detail[ERR_TEXT_BYTES + 256];
    struct strbuf body = {0};
    struct jsonw json;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof(detail), format, args); /* cut at the end is fine */
    va_end(args);
    jsonw_begin(&json, &body);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "type", "about:blank");
    jsonw_text(&json, "title", title);
    jsonw_int(&json, "status", status);
    jsonw_text(&json, "detail", detail);
    jsonw_object_end(&json);
    httpd_reply(request, status, "application/problem+json", body.data, body.len, headers,
                ARRAY_LEN(headers) - (status == 429 || status == 503 ? 0 : 1));
    strbuf_done(&body);
}

static bool path_fits(const struct route *route, const char *path)
{
    return route->prefix ? str_starts(path, route->path) : str_eq(route->path, path);
}

static bool from_own_page(struct httpd_request *request)
{
    const char *origin = httpd_header(request, "origin"), *host = httpd_header(request, "host");
    return (!origin || form_is_here(origin)) && (!host || form_is_here(host));
}

static bool allowed(const struct daemon *daemon, const struct route *route,
                    struct httpd_request *request)
{
    return !route->local_only ||
           (daemon_is_local(daemon) && request->peer_loopback && from_own_page(request));
}

static void on_request(void *user, struct httpd_request *request)
{
    struct daemon *daemon = user;
    const struct route *other = NULL;
    if (!quotas_admit(daemon, request))
        return;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (!path_fits(&routes[i], request->path) || !allowed(daemon, &routes[i], request))
            continue;
        if (str_eq(routes[i].method, request->method)) {
            routes[i].run(daemon, request);
            return;
        }
        other = &routes[i];
    }
    if (other)
        http_problem(request, 405, "Method not allowed", "%s takes %s", request->path,
                     other->method);
    else
        http_problem(request, 404, "Not found", "there is nothing at %s", request->path);
}

int daemon_http_open(struct daemon *daemon, struct err *err)
{
    const struct config *config = daemon->setup->config;
    struct strbuf address = {0};
    bool v6 = strchr(config->listen_host, ':') != NULL;
    strbuf_printf(&address, v6 ? "[%s]:%d" : "%s:%d",
                  str_eq(config->listen_host, "localhost") ? "127.0.0.1" : config->listen_host,
                  config->listen_port);
    struct httpd_opts opts = {.address = strbuf_text(&address)};
    int handed = -1;
    int status = handed_take(opts.address, err, &handed);
    opts.listener = handed > 0 ? handed : 0;
    if (!status)
        status = httpd_new(&daemon->loop, &opts, on_request, daemon, err, &daemon->httpd);
    if (status)
        (void)err_prefix(err, "listen: "); /* err is set */
    else if (handed < 0 && config->listen_port)
        handed_leave(httpd_listener(daemon->httpd));
    strbuf_done(&address);
    return status;
}
