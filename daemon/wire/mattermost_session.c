/* Numbers of events, resume, liveness: pure decisions about one websocket after another. */
#include <string.h>

#include "base/str.h"
#include "wire/mattermost_in.h"

enum { URL_SCHEME = 4 /* "http" */ };

void mm_session_init(struct mm_session *session)
{
    *session = (struct mm_session){.gap_at = -1, .heard = MSEC_NONE, .pinged = MSEC_NONE};
}

const char *mm_session_url(const struct mm_session *session, const char *base, struct arena *arena)
{
    return arena_printf(arena, "ws%swebsocket?connection_id=%s&sequence_number=%lld",
                        base + URL_SCHEME, session->connection, (long long)session->next);
}

static const char *ping(struct mm_session *session, msec_t now, struct arena *arena)
{
    session->pinged = now;
    return arena_printf(arena, "{\"seq\":%lld,\"action\":\"ping\"}", (long long)++session->request);
}

const char *mm_session_open(struct mm_session *session, msec_t now, struct arena *arena)
{
    session->up = false;
    session->request = 0;
    session->heard = now;
    return ping(session, now, arena);
}

static enum mm_step on_hello(struct mm_session *session, const struct mm_frame *frame)
{
    bool same = str_eq(session->connection, frame->connection);
    /* A hello of a resumed session is its very first event, replayed. */
    if (same && frame->seq < session->next)
        return MM_REPEATED;
    strcpy(session->connection, frame->connection); /* its reader looked at the length */
    session->next = frame->seq + 1;
    session->gap_at = -1;
    session->up = true;
    return MM_NEW;
}

/* A gap the server cannot fill would come again and again: the second time at one place the old
 * number is given up. Source: the official client loops there without a pause. */
static enum mm_step on_gap(struct mm_session *session)
{
    if (session->gap_at == session->next) {
        session->connection[0] = '\0';
        session->next = 0;
        session->gap_at = -1;
    } else {
        session->gap_at = session->next;
    }
    return MM_GAP;
}

/* The first thing heard on a connection without a hello of its own tells that it was resumed. */
static enum mm_step in_place(struct mm_session *session)
{
    bool first = !session->up;
    session->up = true;
    return first ? MM_RESUMED : MM_TAKE;
}

enum mm_step mm_session_frame(struct mm_session *session, const struct mm_frame *frame, msec_t now)
{
    session->heard = now;
    if (frame->kind == MM_FRAME_REPLY) {
        session->pinged = MSEC_NONE;
        return session->connection[0] ? in_place(session) : MM_TAKE;
    }
    if (frame->event == MM_EVENT_HELLO)
        return on_hello(session, frame);
    if (!session->connection[0] || frame->seq > session->next)
        return on_gap(session);
    if (frame->seq < session->next)
        return MM_REPEATED;
    session->next = frame->seq + 1;
    return in_place(session);
}

const char *mm_session_tick(struct mm_session *session, msec_t now, struct arena *arena,
                            bool *ret_dead)
{
    bool waits = session->pinged != MSEC_NONE;
    *ret_dead = session->heard != MSEC_NONE && now - session->heard >= MM_SILENCE_MS;
    if (*ret_dead || waits || session->heard == MSEC_NONE || now - session->heard < MM_PING_MS)
        return NULL;
    return ping(session, now, arena);
}

msec_t mm_session_wake(const struct mm_session *session)
{
    if (session->heard == MSEC_NONE)
        return MSEC_NEVER;
    bool waits = session->pinged != MSEC_NONE;
    return session->heard + (waits ? MM_SILENCE_MS : MM_PING_MS);
}
