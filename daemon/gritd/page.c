/* The manager's page: its HTML and the files that go with it. */
#include "gritd/page.h"

#include <string.h>

#include "base/alloc.h"
#include "gritd/session.h"
#include "web/assets.h"

static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/* What every answer carries that is somebody's own. */
static const struct httpd_header safe[] = {{"Content-Security-Policy", policy},
                                           {"X-Content-Type-Options", "nosniff"},
                                           {"X-Frame-Options", "DENY"},
                                           {"Referrer-Policy", "no-referrer"},
                                           {"Cross-Origin-Opener-Policy", "same-origin"},
                                           {"Cache-Control", "no-store"}};

void page_reply(struct httpd_request *request, unsigned status, const char *type, const char *body,
                const struct httpd_header *more)
{
    struct httpd_header headers[ARRAY_LEN(safe) + 1];
    memcpy(headers, safe, sizeof(safe));
    if (more)
        headers[ARRAY_LEN(safe)] = *more;
    httpd_reply(request, status, type, body, strlen(body), headers,
                ARRAY_LEN(safe) + (more ? 1 : 0));
}

/* --- HTML --- */

static void fill(const char *text, const struct page_value *values, size_t count,
                 struct strbuf *out)
{
    for (const char *at; (at = strchr(text, '@')); text = at) {
        strbuf_add(out, text, (size_t)(at - text));
        size_t length = strcspn(at + 1, "@");
        const struct page_value *found = NULL;
        for (size_t i = 0; i < count && !found; i++) {
            if (strlen(values[i].name) == length && !strncmp(values[i].name, at + 1, length))
                found = &values[i];
        }
        if (found)
            strbuf_puts(out, found->value);
        else
            strbuf_putc(out, '@');
        at += found ? length + 2 : 1;
    }
    strbuf_puts(out, text);
}

void page_html(struct httpd_request *request, unsigned status, const char *name,
               const struct page_value *values, size_t count, const char *cookie)
{
    const struct httpd_header set = {"Set-Cookie", cookie};
    struct strbuf out = {0};
    struct asset asset;
    if (!asset_find(name, &asset)) {
        http_problem(request, 404, "Not found", "there is nothing at %s", request->path);
        return;
    }
    fill((const char *)asset.data, values, count, &out);
    page_reply(request, status, asset.type, strbuf_text(&out), cookie ? &set : NULL);
    strbuf_done(&out);
}

void http_page(struct daemon *daemon, struct httpd_request *request)
{
    struct session session;
    if (page_signed_in(daemon, request, &session)) {
        const struct page_value values[] = {{"FORM", session.form}};
        page_html(request, 200, "page/page.html", values, ARRAY_LEN(values), NULL);
    } else {
        page_html(request, 200, daemon_is_local(daemon) ? "page/hello-try.html" : "page/hello.html",
                  NULL, 0, NULL);
    }
}

/* Style and modules say nothing about anybody: everybody may have them. */
void http_page_asset(struct daemon *daemon, struct httpd_request *request)
{
    struct asset asset;
    (void)daemon;
    if (!asset_find(request->path + 1, &asset) || strstr(asset.type, "html")) {
        http_problem(request, 404, "Not found", "there is nothing at %s", request->path);
        return;
    }
    const struct httpd_header headers[] = {
        {"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-cache"}, {"ETag", asset.etag}};
    if (str_eq(httpd_header(request, "if-none-match"), asset.etag))
        httpd_reply(request, 304, NULL, "", 0, headers, ARRAY_LEN(headers));
    else
        httpd_reply_static(request, 200, asset.type, asset.data, asset.length, headers,
                           ARRAY_LEN(headers));
}
