/* poll_put.h: what the readers of the CRMs' answers share. Private to wire/poll*.c.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"
#include "wire/poll.h"

/* Text for the query of an address or for a form: all but letters, digits and -._~ escaped. */
void poll_escape(struct strbuf *out, const char *text);
/* The same, as "NAME=VALUE" with "&" in front where something stands there already. */
void poll_field(struct strbuf *out, const char *name, const char *value);

/* A header with the token behind `prefix`. */
const char *poll_token_header(struct poll *poll, const char *prefix);

/* "https://HOST" and path; more than POLL_URL_BYTES is -E2BIG. */
int poll_url(struct poll *poll, const char *path, const struct strbuf *query, const char **ret,
             struct err *err);

/* Parses the body; the tree lives in poll->page. */
int poll_tree(struct poll *poll, const struct poll_reply *reply, struct jtree **ret,
              struct err *err);

/* Where events of this poll are put together: from "/crm/KIND/ACCOUNT", or the intake's name. */
void poll_events(struct poll *poll, struct crm_out *out, struct crm_events *ret, const char *crm);
/* Hands them out in the order of their time; none is left. */
int poll_flush(struct crm_events *events);

/* The way events of a poll go out; for the parsers of the CRM's webhooks. */
void poll_out(struct poll *poll, struct crm_out *ret);
/* Hands a body to the parser of that CRM's webhooks, so that both ways make the same events. */
int poll_parse(struct poll *poll, const struct crm *crm, const char *body, size_t length,
               struct err *err);
/* Whether poll_parse() found fault with the body itself, so that it will be so each time. */
bool poll_is_odd(int status);

bool poll_known(struct poll *poll, const char *deal, struct poll_deal *ret);

extern const char poll_form[]; /* application/x-www-form-urlencoded */

#define POLL(name) extern const struct poll_kind poll_##name;
#include "wire/poll_list.h"
#undef POLL
