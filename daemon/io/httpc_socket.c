/* The descriptors of libcurl in an epoll of our own, of which the loop sees one descriptor.
 *
 * libcurl lets go of a socket after each answer and asks for it again with the next request. With a
 * uv_poll_t each this costs five system calls per request; here a socket stays registered until it
 * is closed, or until it has something to say while nobody wants it. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string.h>

#include "base/alloc.h"
#include "io/httpc_private.h"
#include "io/url.h"

enum { EVENTS_PER_TURN = 64 };

static struct httpc_socket *socket_at(struct httpc *httpc, curl_socket_t fd)
{
    size_t need = (size_t)fd + 1;
    if (need > httpc->socket_count) {
        size_t count = need < 64 ? 64 : need * 2;
        httpc->sockets = xrealloc(httpc->sockets, count, sizeof(*httpc->sockets));
        memset(httpc->sockets + httpc->socket_count, 0,
               (count - httpc->socket_count) * sizeof(*httpc->sockets));
        httpc->socket_count = count;
    }
    return &httpc->sockets[fd];
}

static void socket_register(struct httpc *httpc, curl_socket_t fd, struct httpc_socket *socket,
                            uint8_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    int what = !events ? EPOLL_CTL_DEL : socket->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (socket->registered == events)
        return;
    /* The descriptor is open and ours; failing here means a lost one, which the timeouts end. */
    (void)epoll_ctl(httpc->epoll, what, fd, &event);
    socket->registered = events;
}

int httpc_on_socket(CURL *curl, curl_socket_t fd, int what, void *user, void *per_socket)
{
    struct httpc *httpc = user;
    struct httpc_socket *socket = socket_at(httpc, fd);
    (void)curl, (void)per_socket;
    socket->wanted = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        socket->wanted |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        socket->wanted |= EPOLLOUT;
    /* What libcurl opened for itself (its resolver's pair) is closed without telling us. */
    if (socket->wanted || !socket->own)
        socket_register(httpc, fd, socket, socket->wanted);
    return 0;
}

/* On the address itself, whatever name led to it. */
static bool address_allowed(struct httpc_job *job, const struct sockaddr *address)
{
    const struct httpc *httpc = job->httpc;
    struct url url;
    struct err err;
    if (job->proxied) /* it is the proxy's, which the operator has named */
        return true;
    if (url_parse(job->url, &err, &url) == 0 && reach_allows(httpc->opts.reach, url.host, address))
        return true;
    if (uv_ip_name(address, job->refused, sizeof(job->refused)))
        job->refused[0] = '\0';
    return false;
}

curl_socket_t httpc_on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct httpc_job *job = user;
    struct httpc *httpc = job->httpc;
    (void)purpose;
    if (!address_allowed(job, &address->addr))
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    *socket_at(httpc, fd) = (struct httpc_socket){.own = true};
    return fd;
}

int httpc_on_close(void *user, curl_socket_t fd)
{
    struct httpc *httpc = user;
    *socket_at(httpc, fd) = (struct httpc_socket){0}; /* the kernel takes it out of the epoll */
    return close(fd);
}

static void socket_ready(struct httpc *httpc, curl_socket_t fd, uint32_t events)
{
    struct httpc_socket *socket = socket_at(httpc, fd);
    int what = 0, running;
    if (!socket->registered)
        return; /* closed by what an earlier event of this turn did */
    if (!socket->wanted) {
        socket_register(httpc, fd, socket, 0); /* the server closed an idle one; libcurl will see */
        return;
    }
    if (events & EPOLLIN)
        what |= CURL_CSELECT_IN;
    if (events & EPOLLOUT)
        what |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP))
        what |= CURL_CSELECT_ERR | CURL_CSELECT_IN; /* IN: data before the end is still read */
    (void)curl_multi_socket_action(httpc->multi, fd, what, &running); /* results come as messages */
}

void httpc_sockets_run(struct httpc *httpc)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(httpc->epoll, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++)
        socket_ready(httpc, events[i].data.fd, events[i].events);
}

int httpc_sockets_start(struct httpc *httpc, void (*on_events)(uv_poll_t *, int, int))
{
    httpc->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (httpc->epoll < 0)
        return -errno;
    int r = uv_poll_init(httpc->loop, &httpc->poll, httpc->epoll);
    if (r < 0) {
        (void)close(httpc->epoll);
        return r;
    }
    httpc->poll.data = httpc;
    return uv_poll_start(&httpc->poll, UV_READABLE, on_events);
}
