/* How long a client may take for its part of a request, however little it sends at a time; and
 * whether it is in the middle of one. */
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "io/httpd_private.h"

enum { FRESH_MS = 1000 }; /* who has just connected is about to ask */

struct httpd_conn {
    struct httpd_conn *previous, *next;
    int fd;
    bool fresh, rests; /* nothing was asked yet; nothing is asked now */
    uint64_t deadline; /* on the clock of uv_now; UINT64_MAX: none */
};

static void deadlines_cb(uv_timer_t *timer);

/* The timer is never late; where a deadline was put off it comes early, and looks again. */
static void arm(struct httpd *httpd, uint64_t deadline)
{
    uint64_t now = uv_now(httpd->loop);
    if (deadline == UINT64_MAX || deadline >= httpd->next_deadline)
        return;
    httpd->next_deadline = deadline;
    (void)uv_timer_start(&httpd->deadlines, deadlines_cb, deadline > now ? deadline - now : 0, 0);
}

static void deadlines_cb(uv_timer_t *timer)
{
    struct httpd *httpd = timer->data;
    uint64_t now = uv_now(httpd->loop), next = UINT64_MAX;
    for (struct httpd_conn *conn = httpd->conns; conn; conn = conn->next) {
        if (conn->deadline <= now) {
            conn->deadline = UINT64_MAX;
            (void)shutdown(conn->fd, SHUT_RDWR); /* libmicrohttpd sees an end and lets go of it */
        }
        next = conn->deadline < next ? conn->deadline : next;
    }
    httpd->next_deadline = UINT64_MAX;
    arm(httpd, next);
}

void httpd_allow(struct httpd *httpd, struct MHD_Connection *connection, unsigned seconds)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct httpd_conn *conn = info ? info->socket_context : NULL;
    if (!conn)
        return;
    conn->fresh = conn->rests = false;
    conn->deadline = seconds ? uv_now(httpd->loop) + seconds * UINT64_C(1000) : UINT64_MAX;
    arm(httpd, conn->deadline);
}

void httpd_rests(struct httpd *httpd, struct MHD_Connection *connection)
{
    httpd_allow(httpd, connection, httpd->opts.idle_s + httpd->opts.header_s);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct httpd_conn *conn = info ? info->socket_context : NULL;
    if (conn)
        conn->rests = true;
}

static bool has_unread(const struct httpd_conn *conn)
{
    int bytes = 0;
    return conn->fd >= 0 && !ioctl(conn->fd, FIONREAD, &bytes) && bytes > 0;
}

bool httpd_busy(const struct httpd *httpd)
{
    bool young = !httpd->quiesced || uv_now(httpd->loop) < httpd->quiesced_ms + FRESH_MS;
    for (const struct httpd_conn *conn = httpd->conns; conn; conn = conn->next) {
        if ((!conn->rests && !conn->fresh) || (conn->fresh && young) || has_unread(conn))
            return true;
    }
    return httpd->pending_count > 0;
}

void httpd_on_connection(void *user, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode what)
{
    struct httpd *httpd = user;
    struct httpd_conn *conn = *slot;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        conn = *slot = NEW(struct httpd_conn);
        *conn = (struct httpd_conn){
            .next = httpd->conns, .fd = info ? info->connect_fd : -1, .fresh = true};
        if (conn->next)
            conn->next->previous = conn;
        httpd->conns = conn;
        conn->deadline = uv_now(httpd->loop) + httpd->opts.header_s * UINT64_C(1000);
        arm(httpd, conn->deadline);
    } else if (conn) {
        *slot = NULL;
        if (conn->next)
            conn->next->previous = conn->previous;
        if (conn->previous)
            conn->previous->next = conn->next;
        else
            httpd->conns = conn->next;
        free(conn);
        /* Where there was no room for one more, libmicrohttpd left the listener alone until a
         * connection ends; it takes it up at its next turn, which nothing else may bring about. */
        httpd_wake(httpd);
    }
}
