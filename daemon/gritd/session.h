/* session.h: who is signed in on the page: one-time links, and what a browser holds after one.
 * Layer: gritd. Everything is in memory only, and of every token only its hash; a restart signs
 * everybody out. The clock and the random numbers are the caller's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/msec.h"

enum {
    SESSION_TOKEN_BYTES = 32,                         /* 256 random bits */
    SESSION_TEXT_BYTES = 2 * SESSION_TOKEN_BYTES + 1, /* in hexadecimal, with its NUL */
    SESSION_LINKS_MOST = 256,
    SESSION_LINKS_EACH = 3, /* of one person; the oldest gives way */
    SESSIONS_MOST = 256,
    SESSIONS_EACH = 8,
    SESSION_FAILURES_MOST = 30, /* wrong links in one minute; right ones are never refused */
};

#define SESSION_LINK_LASTS (10 * MSEC_MINUTE)
#define SESSION_LASTS      (12 * MSEC_HOUR)

struct sessions;

/* True when `data` was filled. */
typedef bool (*session_random)(void *data, size_t size);

struct session {
    const char *person; /* id */
    const char *form;   /* the token that a form of this session carries */
};

struct sessions *sessions_new(session_random random);
void sessions_free(struct sessions *sessions); /* accepts NULL */

/* A token for forms before anybody is signed in. Errors: false, no random bytes. */
bool session_token(const struct sessions *sessions, char ret[SESSION_TEXT_BYTES]);

/* A new link for this person. Errors: false, no random bytes. */
bool session_link(struct sessions *sessions, const char *person, msec_t now,
                  char ret_token[SESSION_TEXT_BYTES]);

/* Whether the link would still sign somebody in; it is not used up. */
bool session_link_holds(const struct sessions *sessions, const char *token, msec_t now);

/* Uses the link up. *ret_cookie is what the browser shall send from now on. */
enum session_result { SESSION_OPENED, SESSION_WRONG, SESSION_TOO_MANY, SESSION_NO_RANDOM };
enum session_result session_open(struct sessions *sessions, const char *token, msec_t now,
                                 char ret_cookie[SESSION_TEXT_BYTES]);

/* Whose cookie it is. False: nobody's, or its time is over. Borrowed until the next call that
 * changes sessions. */
bool session_find(const struct sessions *sessions, const char *cookie, msec_t now,
                  struct session *ret);
void session_close(struct sessions *sessions, const char *cookie);

/* Compares without telling by its time where they differ; NULL equals nothing. */
bool session_same(const char *a, const char *b);

/* Whether it has the form of a token, so that it may be shown again in a page. */
bool session_is_token(const char *text);
