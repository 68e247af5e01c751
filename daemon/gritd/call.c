/* Calls of the chat platform's own server: a button pressed, a form filled in. */
#include <string.h>

#include "base/alloc.h"
#include "gritd/daemon.h"

static void on_answer(void *user, unsigned status, const char *body, size_t len)
{
    static const struct httpd_header headers[] = {{"Cache-Control", "no-store"}};
    httpd_reply(user, status, "application/json", len ? body : "{}", len ? len : 2, headers,
                ARRAY_LEN(headers));
}

void http_chat(struct daemon *daemon, struct httpd_request *request)
{
    const char *name = request->path + strlen("/chat/"), *own = daemon->platform->name;
    const char *authorization = httpd_header(request, "authorization");
    const char *type = httpd_header(request, "content-type");
    size_t length = strlen(own);
    if (!str_starts(name, own) || (name[length] && name[length] != '/')) {
        http_problem(request, 404, "Not found", "the chat platform here is %s", own);
        return;
    }
    const struct chat_call call = {.path = name + length,
                                   .authorization = authorization ? authorization : "",
                                   .content_type = type ? type : "",
                                   .body = request->body,
                                   .len = request->body_len};
    chat_call(daemon->chat, &call, on_answer, request);
}
