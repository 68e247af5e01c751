#include "gritctl/post.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_one(const struct addrinfo *address)
{
    const struct timeval wait = {.tv_sec = POST_WAIT_S};
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
                     sizeof(wait)); /* at worst it waits longer */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    if (!connect(fd, address->ai_addr, address->ai_addrlen))
        return fd;
    int code = errno;
    (void)close(fd);
    return -code;
}

/* Plain HTTP does not leave this machine: the address it would be sent from is the one it goes to.
 * Nothing is sent for this. */
static bool stays_here(const struct addrinfo *address)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof(own);
    int fd = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool known = fd >= 0 && !connect(fd, address->ai_addr, address->ai_addrlen) &&
                 !getsockname(fd, (struct sockaddr *)&own, &size);
    if (fd >= 0)
        (void)close(fd); /* nothing was sent */
    if (!known || own.ss_family != address->ai_family)
        return false;
    if (address->ai_family == AF_INET) {
        struct sockaddr_in from, to;
        memcpy(&from, &own, sizeof(from));
        memcpy(&to, address->ai_addr, sizeof(to));
        return from.sin_addr.s_addr == to.sin_addr.s_addr || ntohl(to.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 from, to;
    memcpy(&from, &own, sizeof(from));
    memcpy(&to, address->ai_addr, sizeof(to));
    return memcmp(&from.sin6_addr, &to.sin6_addr, sizeof(from.sin6_addr)) == 0;
}

static int connect_any(const struct post *post, struct err *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    char port[16];
    (void)snprintf(port, sizeof(port), "%d", post->port);
    int code = getaddrinfo(post->host, port, &hints, &list);
    if (code)
        return err_set(err, ENOENT, "%s: %s", post->host, gai_strerror(code));
    int fd = -ENOENT;
    for (const struct addrinfo *one = list; one && fd < 0; one = one->ai_next)
        fd = stays_here(one) ? connect_one(one) : fd == -ENOENT ? -EPERM : fd;
    freeaddrinfo(list);
    if (fd == -EPERM)
        return err_set(
            err, EPERM,
            "%s:%d is not on this machine, and events go to gritd here only, for nothing "
            "encrypts them",
            post->host, post->port);
    return fd >= 0 ? fd : err_set(err, -fd, "%s:%d: %s", post->host, post->port, strerror(-fd));
}

static bool send_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t some = send(fd, data, length, MSG_NOSIGNAL);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        data += some;
        length -= (size_t)some;
    }
    return true;
}

static void receive(int fd, struct strbuf *answer)
{
    char block[16384];
    strbuf_init(answer, POST_ANSWER_BYTES);
    while (!answer->overflow) {
        ssize_t got = recv(fd, block, sizeof(block), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return; /* the answer itself tells whether it is whole */
        strbuf_add(answer, block, (size_t)got);
    }
}

int post_send(const struct post *post, struct err *err, int *ret_status, struct strbuf *ret_body)
{
    struct strbuf head = {0}, answer = {0};
    bool literal = strchr(post->host, ':') != NULL;
    int fd = connect_any(post, err);
    if (fd < 0)
        return fd;
    strbuf_printf(&head,
                  "POST %s HTTP/1.1\r\nHost: %s%s%s:%d\r\nContent-Type: %s\r\n"
                  "Content-Length: %zu\r\nConnection: close\r\n%s\r\n",
                  post->path, literal ? "[" : "", post->host, literal ? "]" : "", post->port,
                  post->type, post->length, post->headers);
    /* a server may refuse a body early: its answer counts, not that the rest could not be sent */
    if (send_all(fd, head.data, head.len))
        (void)send_all(fd, post->body, post->length);
    receive(fd, &answer);
    (void)close(fd);
    strbuf_done(&head);
    const char *body = answer.len ? strstr(answer.data, "\r\n\r\n") : NULL;
    int status = 0;
    if (!body || sscanf(answer.data, "HTTP/1.%*1d %3d", ret_status) != 1)
        status = err_set(err, EPROTO, "%s:%d: no answer", post->host, post->port);
    else
        strbuf_puts(ret_body, body + 4);
    strbuf_done(&answer);
    return status;
}
