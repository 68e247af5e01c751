/* mattermost_in.h: frames of Mattermost's websocket, and the session that numbers them.
 * Layer: wire (pure). Source: Mattermost WebSocket API; its server's "reliable websockets". */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/msec.h"

enum { MM_FRAME_BYTES = 1 << 20, MM_SEND_BYTES = 8192 /* a longer frame of ours ends it all */ };

/* EVENT(enumerator, name) */
#define MM_EVENT_LIST(EVENT)                                                                       \
    EVENT(HELLO, "hello")                                                                          \
    EVENT(POSTED, "posted")                                                                        \
    EVENT(EDITED, "post_edited")                                                                   \
    EVENT(DELETED, "post_deleted")                                                                 \
    EVENT(EPHEMERAL, "ephemeral_message")                                                          \
    EVENT(USER_UPDATED, "user_updated")                                                            \
    EVENT(NEW_USER, "new_user")                                                                    \
    EVENT(STATUS, "status_change")                                                                 \
    EVENT(DIRECT_ADDED, "direct_added")                                                            \
    EVENT(USER_ADDED, "user_added")                                                                \
    EVENT(USER_REMOVED, "user_removed")                                                            \
    EVENT(CHANNEL_DELETED, "channel_deleted")                                                      \
    EVENT(CHANNEL_RESTORED, "channel_restored")                                                    \
    EVENT(REACTION_ADDED, "reaction_added")                                                        \
    EVENT(REACTION_REMOVED, "reaction_removed")

enum mm_event {
#define EVENT(name, text) MM_EVENT_##name,
    MM_EVENT_LIST(EVENT)
#undef EVENT
        MM_EVENT_OTHER, /* counted, of no use to us */
};

struct mm_post {
    const char *id, *channel, *user, *root; /* root "": not in a thread */
    const char *message;
    const char *key;     /* ours, of its props; or NULL */
    const char *pending; /* "" on posts that are read again */
    msec_t time, updated;
    bool deleted, system, robot; /* robot: of a bot or a webhook */
};

/* Texts are the tree's. Errors: -EINVAL no post: no id, channel or user. */
int mm_post_read(const json_t *tree, struct mm_post *ret);

enum mm_frame_kind { MM_FRAME_EVENT, MM_FRAME_REPLY };

struct mm_frame {
    enum mm_frame_kind kind;
    enum mm_event event;
    int64_t seq;              /* EVENT: its number; REPLY: of the request it answers */
    bool ok;                  /* REPLY */
    const char *error;        /* REPLY, the server's id; or NULL */
    const char *connection;   /* HELLO */
    const char *version;      /* HELLO, or NULL */
    char channel_type;        /* POSTED: D G O P, else 0 */
    struct mm_post post;      /* POSTED EDITED DELETED EPHEMERAL */
    const json_t *user;       /* USER_UPDATED */
    const char *user_id;      /* NEW_USER STATUS USER_ADDED DIRECT_ADDED, or NULL */
    const char *channel_id;   /* CHANNEL_*, USER_*, or NULL */
    const char *status;       /* STATUS */
    json_t *tree, *post_tree; /* what the texts above live in; mm_frame_done() */
};

/* Owns:   the frame's trees, until mm_frame_done(), also where it failed.
 * Errors: -EINVAL not a frame at all: then it has no number either. An event whose data cannot be
 * read is OTHER, so that its number still counts. */
int mm_frame_read(const char *data, size_t len, struct mm_frame *ret);
void mm_frame_done(struct mm_frame *frame);

/* --- the session --- */

enum { MM_CONNECTION_BYTES = 27, MM_PING_MS = 8000, MM_SILENCE_MS = 20000 };

struct mm_session {
    char connection[MM_CONNECTION_BYTES]; /* "": none to resume */
    int64_t next;                         /* number of the next event */
    int64_t request;                      /* number of our last request */
    int64_t gap_at;                       /* where the last gap was, -1: none */
    bool up;                              /* this connection is signed in */
    msec_t heard, pinged;                 /* last frame; last ping, MSEC_NONE: answered */
};

enum mm_step {
    MM_TAKE,    /* an event in its place, or a reply */
    MM_NEW,     /* signed in with a new number: what was missed has to be fetched */
    MM_RESUMED, /* as TAKE, and signed in where it ended; fetching is cheap and still advised. A NEW
                   may follow where the reply to a ping overtook the hello */
    MM_REPEATED, /* had before: pass over */
    MM_GAP,      /* something is missing: close, connect again, fetch */
};

void mm_session_init(struct mm_session *session);
/* The address to connect to; base: "https://host/api/v4/". Owns: the arena. */
const char *mm_session_url(const struct mm_session *session, const char *base, struct arena *arena);
/* The connection is open. Its first frame goes out at once: only the reply to it tells that a
 * session was resumed, as the server itself says nothing then. */
const char *mm_session_open(struct mm_session *session, msec_t now, struct arena *arena);
enum mm_step mm_session_frame(struct mm_session *session, const struct mm_frame *frame, msec_t now);
/* What is due. Returns a frame to send, or NULL; *ret_dead: nothing was heard for too long. */
const char *mm_session_tick(struct mm_session *session, msec_t now, struct arena *arena,
                            bool *ret_dead);
/* When to call that next; MSEC_NEVER before the first connection. */
msec_t mm_session_wake(const struct mm_session *session);
