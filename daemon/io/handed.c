#include "io/handed.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/address.h"
#include "io/log.h"

#define HANDED_NAME "http"

/* Compares what people write: family, address and port. */
static bool is_at(int fd, const struct sockaddr_storage *wanted)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof(own);
    if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0 ||
        getsockname(fd, (struct sockaddr *)&own, &size) || own.ss_family != wanted->ss_family ||
        address_port(&own) != address_port(wanted))
        return false;
    struct sockaddr_in v4[2];
    struct sockaddr_in6 v6[2];
    memcpy(&v4[0], &own, sizeof(v4[0]));
    memcpy(&v4[1], wanted, sizeof(v4[1]));
    memcpy(&v6[0], &own, sizeof(v6[0]));
    memcpy(&v6[1], wanted, sizeof(v6[1]));
    return own.ss_family == AF_INET
               ? v4[0].sin_addr.s_addr == v4[1].sin_addr.s_addr
               : !memcmp(&v6[0].sin6_addr, &v6[1].sin6_addr, sizeof(v6[0].sin6_addr));
}

static void let_go(int fd, const char *name)
{
    struct strbuf line = {0};
    log_warning("listen", "the service manager handed over a listener for another address; "
                          "gritd.yaml decides");
    strbuf_printf(&line, "FDSTOREREMOVE=1\nFDNAME=%s", name);
    (void)sd_notify(0, strbuf_text(&line)); /* it ends with the service at the latest */
    strbuf_done(&line);
    (void)close(fd);
}

int handed_take(const char *text, struct err *err, int *ret_fd)
{
    struct sockaddr_storage address;
    socklen_t size;
    char **names = NULL;
    if (address_parse(text, &address, &size) < 0)
        return err_set(err, EINVAL, "'%s' is not an address such as 127.0.0.1:8467", text);
    int count = sd_listen_fds_with_names(1, &names); /* an error is as good as none */
    *ret_fd = -1;
    for (int i = 0; i < count; i++) {
        int fd = SD_LISTEN_FDS_START + i;
        if (*ret_fd < 0 && address_port(&address) && is_at(fd, &address))
            *ret_fd = fd;
        else
            let_go(fd, names ? names[i] : "unknown");
        free(names ? names[i] : NULL);
    }
    free(names);
    if (*ret_fd >= 0 && fcntl(*ret_fd, F_SETFL, fcntl(*ret_fd, F_GETFL) | O_NONBLOCK) < 0)
        return err_set(err, errno, "%s: the listener that was handed over: %s", text,
                       strerror(errno));
    return 0;
}

void handed_leave(int fd)
{
    /* without a service manager, or one that keeps none, a restart has a gap */
    (void)sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=" HANDED_NAME, &fd, 1);
}
