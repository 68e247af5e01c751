/* dir.h: the users of the workspace.
 * Lifetime: until replaced or reset. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "buf.h"
#include "map.h"

struct fake;

struct user {
    char *id, *name, *email; /* email NULL: none */
    char *head, *tail;       /* JSON of the user object, split where the profile's email goes */
    char *presence;
    char *dnd; /* JSON object */
    bool deleted, bot;
};

struct dir {
    struct user **v;
    size_t n, cap;
    struct map by_id, by_email;
};

/* U1..Un; from five on also a deleted user and the bot. */
void dir_fill(struct fake *f, int n);
void dir_done(struct dir *d);
/* False when it is not an array of objects with id. */
bool dir_replace(struct fake *f, const json_t *users);
/* Adds a user or changes the named members of one. */
bool dir_upsert(struct fake *f, const json_t *user);
struct user *dir_user(const struct fake *f, const char *id);
struct user *dir_user_by_email(const struct fake *f, const char *email);
void dir_write(struct buf *out, const struct user *u, bool with_email);
