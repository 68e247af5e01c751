/* fault_net.c: calls on sockets. What the C library does for itself, as asking for an address, is
 * not seen. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "fault.h"

int socket(int domain, int type, int protocol)
{
    NEXT(socket);
    return making_fails(NET) ? -1 : note_fd(next(domain, type, protocol), NET);
}

int accept(int fd, struct sockaddr *from, socklen_t *length)
{
    NEXT(accept);
    return making_fails(NET) ? -1 : note_fd(next(fd, from, length), NET);
}

int accept4(int fd, struct sockaddr *from, socklen_t *length, int flags)
{
    NEXT(accept4);
    return making_fails(NET) ? -1 : note_fd(next(fd, from, length, flags), NET);
}

int bind(int fd, const struct sockaddr *at, socklen_t length)
{
    NEXT(bind);
    return call_fails(kind_of(fd), NULL) ? -1 : next(fd, at, length);
}

int listen(int fd, int backlog)
{
    NEXT(listen);
    return call_fails(kind_of(fd), NULL) ? -1 : next(fd, backlog);
}

int connect(int fd, const struct sockaddr *to, socklen_t length)
{
    NEXT(connect);
    return call_fails(kind_of(fd), NULL) ? -1 : next(fd, to, length);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    NEXT(recv);
    return call_fails(kind_of(fd), &size) ? -1 : next(fd, data, size, flags);
}

ssize_t recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from,
                 socklen_t *length)
{
    NEXT(recvfrom);
    return call_fails(kind_of(fd), &size) ? -1 : next(fd, data, size, flags, from, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    NEXT(send);
    if (call_fails(kind_of(fd), &size))
        return -1;
    WRITING(ssize_t, next(fd, data, size, flags));
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
               socklen_t length)
{
    NEXT(sendto);
    if (call_fails(kind_of(fd), &size))
        return -1;
    WRITING(ssize_t, next(fd, data, size, flags, to, length));
}

/* A short one takes half of the first part and none of the others. True: it fails. */
static int parts_fail(int fd, const struct iovec **parts, size_t *count, struct iovec *first)
{
    size_t size = *count ? (*parts)->iov_len : 0, whole = size;
    if (call_fails(kind_of(fd), &size))
        return 1;
    if (size != whole) {
        *first = (struct iovec){(*parts)->iov_base, size};
        *parts = first;
        *count = 1;
    }
    return 0;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    NEXT(writev);
    struct iovec first;
    size_t left = (size_t)count;
    if (parts_fail(fd, &parts, &left, &first))
        return -1;
    WRITING(ssize_t, next(fd, parts, (int)left));
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
    NEXT(readv);
    struct iovec first;
    size_t left = (size_t)count;
    return parts_fail(fd, &parts, &left, &first) ? -1 : next(fd, parts, (int)left);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    NEXT(sendmsg);
    struct msghdr cut = *message;
    struct iovec first;
    const struct iovec *parts = cut.msg_iov;
    if (parts_fail(fd, &parts, &cut.msg_iovlen, &first))
        return -1;
    cut.msg_iov = (struct iovec *)parts;
    WRITING(ssize_t, next(fd, &cut, flags));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    NEXT(recvmsg);
    struct iovec first, *parts = message->msg_iov;
    size_t count = message->msg_iovlen;
    const struct iovec *these = parts;
    if (parts_fail(fd, &these, &message->msg_iovlen, &first))
        return -1;
    message->msg_iov = (struct iovec *)these;
    ssize_t got = next(fd, message, flags);
    message->msg_iov = parts;
    message->msg_iovlen = count;
    return got;
}
