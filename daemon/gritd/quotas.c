#include "gritd/quotas.h"

#include <string.h>

#include "base/alloc.h"
#include "gritd/daemon.h"

enum { ADDRESSES = 4096, SOURCES = 256, MINUTE = 60 /* seconds */ };

struct quotas {
    struct quota *addresses, *sources, *failures;
};

struct quotas *quotas_new(uint64_t key)
{
    struct quotas *quotas = NEW(struct quotas);
    quotas->addresses = quota_new(1000 * MINUTE, 2000, ADDRESSES, key);
    quotas->sources = quota_new(5000 * MINUTE, 10000, SOURCES, key);
    quotas->failures = quota_new(60, 100, ADDRESSES, key);
    return quotas;
}

void quotas_free(struct quotas *quotas)
{
    if (!quotas)
        return;
    quota_free(quotas->addresses);
    quota_free(quotas->sources);
    quota_free(quotas->failures);
    free(quotas);
}

static bool answered(struct httpd_request *request, bool may, const char *why)
{
    if (!may)
        http_problem(request, 429, "Too many requests", "%s; send it again later", why);
    return may;
}

bool quotas_admit(struct daemon *daemon, struct httpd_request *request)
{
    bool may =
        request->peer_loopback || quota_take(daemon->quotas->addresses, request->peer,
                                             sizeof(request->peer), (int64_t)uv_now(&daemon->loop));
    return answered(request, may, "this address sends more than 1,000 requests a second");
}

bool quotas_admit_source(struct daemon *daemon, const char *name, struct httpd_request *request)
{
    bool may =
        quota_take(daemon->quotas->sources, name, strlen(name), (int64_t)uv_now(&daemon->loop));
    return answered(request, may, "this source sends more than 5,000 requests a second");
}

bool quotas_admit_failure(struct daemon *daemon, struct httpd_request *request)
{
    bool may = quota_take(daemon->quotas->failures, request->peer, sizeof(request->peer),
                          (int64_t)uv_now(&daemon->loop));
    return answered(request, may, "this address has sent too much that it could not prove");
}
