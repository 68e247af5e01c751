/* quotas.h: the limits of the listener: of each address, of each source, and of wrong proofs.
 * Layer: gritd. What each is stands in docs/security.md. */
#pragma once
#include "gritd/quota.h"
#include "io/httpd.h"

struct daemon;
struct quotas;

struct quotas *quotas_new(uint64_t key);
void quotas_free(struct quotas *quotas); /* accepts NULL */

/* A request has come in. Callers of this machine are not counted: a web server in front of gritd is
 * one of them, and stands for everybody. False: it was answered 429. */
bool quotas_admit(struct daemon *daemon, struct httpd_request *request);

/* It has proved to be of this source. False: it was answered 429. */
bool quotas_admit_source(struct daemon *daemon, const char *name, struct httpd_request *request);

/* It could not prove whose it is. False: that address tries too often, it was answered 429, and the
 * log need not hear of it. Who can prove it is never refused for this. */
bool quotas_admit_failure(struct daemon *daemon, struct httpd_request *request);
