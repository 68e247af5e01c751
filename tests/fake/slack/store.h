/* store.h: channels and messages.
 * Lifetime: until reset; messages are never freed before, so pointers stay good. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "map.h"

struct fake;

struct channel {
    char *id, *name;
    char *user;         /* partner of a DM, NULL for others */
    const char *type;   /* "im", "mpim", "channel" */
    struct message **v; /* by time */
    size_t n, cap;
    double next_free_ms; /* rate limit, see limits.c */
};

struct message {
    struct channel *channel;
    int64_t ts, thread_ts, edited_ts; /* 0: none */
    int64_t stored_ms;                /* monotonic */
    int edits;
    bool by_bot, deleted, ephemeral, broadcast;
    char *user, *text;
    char *blocks, *attachments, *metadata, *client_msg_id; /* JSON texts or NULL */
    json_t *reactions;                                     /* array of {name,users,count} or NULL */
};

struct store {
    struct map channels;
    struct message **v; /* all, in the order of storing */
    size_t n, cap;
    int64_t last_ts;
    int next_mpim;
};

void store_init(struct fake *f);
void store_done(struct store *s);
/* Accepts C, D and G ids, and opens a DM for a D id whose user exists. With open_users a U id
 * stands for its DM. NULL: channel_not_found. */
struct channel *store_channel(struct fake *f, const char *id, bool open_users);
/* The DM of a user known to the directory, or the group DM of several, made if needed. */
struct channel *store_dm(struct fake *f, const char *user_id);
struct channel *store_mpim(struct fake *f, const char *user_ids);
bool store_has_dm(struct fake *f, const char *user_id);
/* A new time stamp, never the same twice. */
int64_t store_now(struct fake *f);
/* text and the JSON texts are taken over. */
struct message *store_add(struct fake *f, struct channel *c, struct message m);
/* NULL: not there or deleted. */
struct message *store_find(const struct channel *c, const char *ts);
struct message *store_last_by_bot(const struct channel *c);

enum store_metadata { STORE_NO_METADATA, STORE_METADATA_TYPE, STORE_METADATA_ALL };
/* The message object as Slack shows it. */
void store_write(struct buf *out, const struct message *m, enum store_metadata how);
/* Everything, for GET /_ctl/messages; channel and user NULL: all. */
void store_write_all(const struct store *s, struct buf *out, const char *channel, const char *user);
