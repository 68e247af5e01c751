#include "route.h"

#include <string.h>

#include "ctl.h"
#include "fake.h"
#include "hooks.h"

static bool under(const char *path, const char *prefix)
{
    return strncmp(path, prefix, strlen(prefix)) == 0;
}

void route_request(struct conn *c)
{
    const char *path = c->req.path;

    if (under(path, "/_ctl/")) { /* the test's own traffic is not part of the log */
        ctl_handle(c);
        return;
    }
    if (strcmp(path, "/link/") == 0 || strcmp(path, "/link") == 0) {
        sock_upgrade(c);
        return;
    }
    log_http(&c->f->log, &c->req);
    if (under(path, "/api/"))
        api_handle(c);
    else if (under(path, "/hooks/"))
        hooks_handle(c);
    else
        conn_reply_json(c, 404, "{\"ok\":false,\"error\":\"not_found\"}");
}
