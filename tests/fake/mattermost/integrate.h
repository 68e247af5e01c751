/* integrate.h: buttons, dialogs and slash commands: what a person does there, and what the app
 * says.
 */
#pragma once
#include <jansson.h>

struct conn;
struct fake;
struct post;

/* Each answers the request in hand, later: {"ok","status","answer"}. Errors: an error word, then
 * nothing was called. */
const char *integrate_click(struct conn *c, struct post *p, const char *action, const char *user,
                            const char *selected);
/* Submits, or with values NULL cancels, the dialog opened last. */
const char *integrate_submit(struct conn *c, const char *user, const json_t *values);
const char *integrate_command(struct conn *c, const char *trigger, const char *text,
                              const char *user);
