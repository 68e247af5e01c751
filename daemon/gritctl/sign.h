/* sign.h: proving to the daemon that events come from its operator.
 * Layer: commands. */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include "load/config.h"

/* Adds the headers, each ended by CR LF, that the first intake of kind cloudevents with a secret
 * asks for; none where there is no such intake or config is NULL. config_path is what a `file:`
 * secret is relative to.
 *
 * Errors: the secret cannot be read or has the wrong form.
 * Source: Standard Webhooks 1.0.0; RFC 6750, 2.1. */
int sign_request(const struct config *config, const char *config_path, const char *body,
                 size_t length, msec_t now, struct strbuf *headers, struct err *err);
