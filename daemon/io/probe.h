/* probe.h: one request that waits for its answer, and why there is none, told apart as a person
 * needs it. For commands; the daemon's own requests are httpc's. Layer: io. Depends on: url, proxy,
 * cert; OpenSSL. */
#pragma once
#include <stddef.h>

#include "base/msec.h"
#include "base/str.h"

enum probe_cause {
    PROBE_ANSWERED,   /* whatever the status */
    PROBE_BAD_URL,    /* or http to another machine */
    PROBE_NO_HOST,    /* the name leads nowhere */
    PROBE_REFUSED,    /* nobody listens there, or no way to it */
    PROBE_SILENT,     /* no answer in time */
    PROBE_PROXY,      /* the proxy of the environment cannot be reached, or refuses */
    PROBE_CA_FILE,    /* the file of root certificates cannot be read */
    PROBE_CA,         /* the certificate leads to no root that this machine trusts */
    PROBE_EXPIRED,    /* the certificate is over, or not valid yet */
    PROBE_WRONG_HOST, /* the certificate is of another name */
    PROBE_TLS,        /* no TLS with that server */
    PROBE_BROKEN,     /* anything else */
};

struct probe_request {
    const char *url;    /* http, https; ws and wss: only a connection is made */
    const char *method; /* "GET" or "POST" */
    const char *bearer; /* or NULL */
    const char *keep;   /* a header of the answer that is wanted, or NULL */
    msec_t wait_ms;     /* for the whole answer [10000] */
};

enum { PROBE_TEXT_BYTES = 1024, PROBE_BODY_BYTES = 64 * 1024 };

struct probe_result {
    enum probe_cause cause;
    long status;
    msec_t date;                 /* Date header, or MSEC_NONE */
    char kept[PROBE_TEXT_BYTES]; /* "" if absent */
    char error[PROBE_TEXT_BYTES];
    struct strbuf body;
};

/* As the daemon does it: TLS 1.2 and up, no redirects, no way around a certificate. SSL_CERT_FILE
 * and the proxy variables of the environment count. Owns: probe_done() ends *ret. */
void probe_run(const struct probe_request *request, struct probe_result *ret);
void probe_done(struct probe_result *result);
