/* store.h: people, channels, posts and the short memory of pending ids.
 * Lifetime: until reset; nothing is freed before, so pointers stay good. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "map.h"

enum { STORE_ID = 26, STORE_MESSAGE_MAX = 16383, STORE_PROPS_MAX = 800000 };
#define STORE_BOT  "bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define STORE_TEAM "tttttttttttttttttttttttttt"
#define STORE_TOWN "cccccccccccccccccccccccccc" /* the one public channel */

struct fake;

struct user {
    json_t *json; /* as Mattermost shows it */
    char status[16];
};

struct channel {
    char id[STORE_ID + 1], name[2 * STORE_ID + 3], type; /* type: D O */
    char users[2][STORE_ID + 1];                         /* of a D */
    int64_t delete_at;
    struct post **v; /* by time */
    size_t n, cap;
};

struct post {
    struct channel *channel;
    char id[STORE_ID + 1], user[STORE_ID + 1], root[STORE_ID + 1];
    int64_t create_at, update_at, edit_at, delete_at;
    int64_t stored_ms; /* monotonic */
    int edits;
    bool ephemeral;
    char *message, *pending;
    json_t *props, *reactions, *priority;
};

struct store {
    struct user **users;
    size_t user_count, user_cap;
    struct map users_by_id, channels, posts, pending;
    struct channel **list;
    size_t n, cap;
    int64_t last_ms;
};

void store_init(struct fake *f);
void store_done(struct store *s);
/* A fresh id, as Mattermost makes them. */
void store_new_id(char dst[STORE_ID + 1]);
bool store_is_id(const char *text);
int64_t store_now(struct fake *f); /* never the same twice */

struct user *store_user(const struct fake *f, const char *id);
/* By a text member such as username or email. */
struct user *store_user_by(const struct fake *f, const char *member, const char *value);
const char *store_user_id(const struct user *u);
bool store_user_gone(const struct user *u);
/* Adds a user or changes the named members of one, and tells the sockets. */
bool store_upsert_user(struct fake *f, const json_t *patch);

struct channel *store_channel(struct fake *f, const char *id); /* or NULL */
struct channel *store_direct(struct fake *f, const char *a, const char *b);
bool store_may_read(const struct channel *ch, const char *user);
json_t *store_channel_json(const struct channel *ch);

/* p is copied; its texts and trees are taken over. */
struct post *store_add(struct fake *f, struct post p);
struct post *store_post(const struct fake *f, const char *id); /* also deleted ones; or NULL */
json_t *store_post_json(const struct post *p);
/* {"event": name} of a post to everybody in its channel. */
void store_tell(struct fake *f, const char *event, const struct post *p);
/* Everything, for GET /_ctl/messages; channel NULL: all. */
void store_write_all(const struct store *s, struct buf *out, const char *channel);

/* What is known about a pending id: nothing, a post under way, or one that was made. */
enum store_pending { STORE_FRESH, STORE_UNDER_WAY, STORE_MADE };
enum store_pending store_pending_look(struct fake *f, const char *pending, struct post **ret);
void store_pending_set(struct fake *f, const char *pending, const struct post *p); /* NULL: begun */
void store_pending_drop(struct fake *f, const char *pending);
