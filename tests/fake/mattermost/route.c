#include "route.h"

#include <string.h>

#include "ctl.h"
#include "fake.h"

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
    if (strcmp(path, "/api/v4/websocket") == 0) {
        sock_upgrade(c);
        return;
    }
    log_http(&c->f->log, &c->req);
    if (under(path, "/api/v4/"))
        api_handle(c);
    else
        api_refuse(c, 404);
}
