/* api.h: the REST API: one table of routes, common checks, good and bad answers. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "faults.h"

enum { API_ARGS = 3, API_ARG = 96, API_PER_PAGE = 60, API_PER_PAGE_MAX = 200 };
enum { API_OPEN = 1 /* no token needed */ };

struct channel;
struct conn;
struct fake;
struct later;
struct user;

/* One call from its arrival to its answer. */
struct call {
    struct fake *f;
    struct conn *c; /* reference held */
    const struct api_route *route;
    char args[API_ARGS][API_ARG]; /* what stands for each {} of the path */
    char query[512];
    char user[32]; /* who calls */
    json_t *in;    /* the body, NULL when there was none */
    struct buf out;
    int status;
    char header[160]; /* complete lines */
    bool spoiled, late, answered;
    struct fault bad;
    char *pending;       /* pending id that this call holds */
    struct later *timer; /* held back */
    struct call *next, *prev;
};

struct api_route {
    const char *verb, *path; /* below /api/v4/ */
    const char *name;        /* for rules of faults */
    unsigned flags;
    /* Writes the answer and returns its status; or api_fail(). */
    int (*run)(struct call *c);
};

/* Whose token it is: a user id, or NULL. Source: /api/v4/users/me. */
const char *api_user_of_token(struct fake *f, const char *token);
const char *api_token_user(struct fake *f, const char *authorization);

void api_handle(struct conn *c);
/* An error outside of any route, such as an upgrade that is refused. */
void api_refuse(struct conn *c, int status);
/* Forgets the calls held back and closes their connections. */
void api_drop_held(struct fake *f);

/* Writes Mattermost's error object, returns the status. */
int api_fail(struct call *c, int status, const char *id);
/* The tree is taken over. */
int api_ok(struct call *c, int status, json_t *tree);
const char *api_text(const struct call *c, const char *key); /* of the body; "" when not there */
int64_t api_number(const struct call *c, const char *name, int64_t otherwise); /* of the query */
/* Size and number of the page asked for. */
void api_page(const struct call *c, int64_t *ret_page, int64_t *ret_size);
/* The channel of that id, if the caller may read it. On NULL *ret_status is the answer's. */
struct channel *api_channel(struct call *c, const char *id, int *ret_status);

int api_login(struct call *c);
int api_user_get(struct call *c);
int api_users_list(struct call *c);
int api_users_ids(struct call *c);
int api_users_names(struct call *c);
int api_user_by_name(struct call *c);
int api_user_by_email(struct call *c);
int api_status_ids(struct call *c);
int api_status_get(struct call *c);
int api_channel_direct(struct call *c);
int api_channel_get(struct call *c);
int api_channels_mine(struct call *c);
int api_channel_posts(struct call *c);
int api_post_create(struct call *c);
int api_post_get(struct call *c);
int api_post_patch(struct call *c);
int api_post_update(struct call *c);
int api_post_delete(struct call *c);
int api_post_thread(struct call *c);
int api_post_ephemeral(struct call *c);
int api_post_action(struct call *c);
int api_dialog_open(struct call *c);
int api_reaction_add(struct call *c);
int api_reaction_remove(struct call *c);
int api_reactions_get(struct call *c);
int api_teams_mine(struct call *c);
int api_team_by_name(struct call *c);
int api_command_create(struct call *c);
int api_ping(struct call *c);
int api_config(struct call *c);
