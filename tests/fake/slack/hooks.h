/* hooks.h: response_url addresses: five uses within 30 minutes. */
#pragma once
#include <jansson.h>

struct channel;
struct conn;
struct fake;
struct message;

enum { HOOKS_URL = 96 };

/* m NULL: made by a command. */
void hooks_new(struct fake *f, struct channel *ch, struct message *m, char ret_url[HOOKS_URL]);
/* POST to such an address; answers the request. */
void hooks_handle(struct conn *c);
/* Stores a message only one user sees, as an answer to a command does; msg has text and blocks. */
void hooks_store(struct fake *f, struct channel *ch, const json_t *msg);
void hooks_done(struct fake *f);
