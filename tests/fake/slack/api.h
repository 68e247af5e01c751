/* api.h: the Web API: one table of methods, common checks, good and bad answers. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "args.h"
#include "buf.h"
#include "faults.h"

enum { API_METHODS_MAX = 48 };
enum {
    API_APP_TOKEN = 1, /* xapp only, in the header only */
    API_POSTS = 2,     /* counts for the message rates */
    API_READS = 4,     /* JSON body ignored when the knob strict_json is set */
};

struct conn;
struct fake;
struct later;

/* One Web API call from its arrival to its answer. */
struct call {
    struct fake *f;
    struct conn *c; /* reference held */
    size_t method;  /* index in api_methods */
    struct args a;
    struct buf body;   /* handlers append `,"name":value` */
    char problem[256]; /* becomes response_metadata.messages */
    const char *warning;
    int status;
    int64_t retry_after_s;
    bool spoiled;
    struct fault bad;
    struct later *timer; /* held back */
    struct call *next, *prev;
};

struct api_method {
    const char *name, *scope; /* scope NULL: none needed */
    unsigned flags;
    const char *(*run)(struct call *c); /* returns NULL or the error name */
};

struct api_calls {
    int64_t calls, limited, window_ms, in_window;
};

extern const struct api_method api_methods[];
extern const size_t api_method_count;

void api_handle(struct conn *c);
/* Forgets the calls held back and closes their connections. */
void api_drop_held(struct fake *f);

/* Notes what is wrong with an argument and returns "invalid_arguments". */
const char *api_problem(struct call *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Argument that must be there; NULL: it is not, the problem is noted. */
const char *api_need(struct call *c, const char *key);
/* False when the token lacks the scope. */
bool api_has_scope(const struct fake *f, const char *scope);
/* Encodes and reads an opaque page cursor of one kind; they contain '=' on purpose. */
void api_cursor_write(struct buf *out, const char *kind, int64_t pos);
bool api_cursor_read(const char *cursor, const char *kind, int64_t *ret_pos);

const char *api_auth_test(struct call *c);
const char *api_connections_open(struct call *c);
const char *api_post_message(struct call *c);
const char *api_post_ephemeral(struct call *c);
const char *api_chat_update(struct call *c);
const char *api_chat_delete(struct call *c);
const char *api_conversations_open(struct call *c);
const char *api_conversations_info(struct call *c);
const char *api_conversations_history(struct call *c);
const char *api_conversations_replies(struct call *c);
const char *api_users_list(struct call *c);
const char *api_users_info(struct call *c);
const char *api_users_lookup(struct call *c);
const char *api_users_presence(struct call *c);
const char *api_dnd_info(struct call *c);
const char *api_dnd_team_info(struct call *c);
const char *api_reactions_add(struct call *c);
const char *api_reactions_remove(struct call *c);
const char *api_reactions_get(struct call *c);
const char *api_views_open(struct call *c);
const char *api_views_push(struct call *c);
const char *api_views_update(struct call *c);
const char *api_views_publish(struct call *c);
