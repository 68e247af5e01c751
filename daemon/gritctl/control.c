#include "gritctl/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"
#include "io/service.h"

enum { CONTROL_WAIT_S = 10, ANSWER_BYTES = 4 * 1024 * 1024 };

static int open_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval wait = {.tv_sec = CONTROL_WAIT_S};
    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
                     sizeof(wait)); /* at worst it waits longer */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    if (!connect(fd, (const struct sockaddr *)&address, sizeof(address)))
        return fd;
    int code = errno;
    (void)close(fd);
    return -code;
}

/* Beside the store, as the configuration says; NULL, told, where that cannot be read. */
static char *beside_store(struct call *call)
{
    struct config *config = ctl_config(call);
    if (!config)
        return NULL;
    CLEANUP_FREE char *store = path_beside(ctl_config_path(call), config->store);
    config_free(config);
    return path_beside(store, "control.sock");
}

/* A service's socket is only for that service's configuration, so that what is meant for a trial
 * daemon, or for another instance, never reaches the real one. */
static int connect_default(struct call *call)
{
    CLEANUP_FREE char *service = service_socket(ctl_config_path(call));
    int fd = service ? open_socket(service) : -ENOENT;
    if (fd >= 0)
        return fd;
    CLEANUP_FREE char *beside = beside_store(call);
    if (!beside)
        return fd;
    int second = open_socket(beside);
    if (second < 0)
        call_error(call, "gritd is not reachable at %s: %s", service ? service : beside,
                   strerror(service ? -fd : -second));
    return second;
}

static int connect_daemon(struct call *call)
{
    const char *given = call_text(call, "socket");
    if (!given)
        given = getenv("GRITD_SOCKET");
    if (str_empty(given))
        return connect_default(call);
    int fd = open_socket(given);
    if (fd < 0)
        call_error(call, "gritd is not reachable at %s: %s", given, strerror(-fd));
    return fd;
}

char *control_place(struct call *call)
{
    const char *given = call_text(call, "socket");
    if (str_empty(given))
        given = getenv("GRITD_SOCKET");
    CLEANUP_FREE char *service = service_socket(ctl_config_path(call));
    if (str_empty(given) && service && !access(service, F_OK))
        given = service;
    return str_empty(given) ? beside_store(call) : xstrdup(given);
}

static bool talk(int fd, const char *line, struct strbuf *answer)
{
    char block[16384];
    struct strbuf out = {0};
    strbuf_printf(&out, "%s\n", line);
    bool good = true;
    for (size_t sent = 0; good && sent < out.len;) {
        ssize_t some = send(fd, out.data + sent, out.len - sent, MSG_NOSIGNAL);
        good = some > 0 || (some < 0 && errno == EINTR);
        sent += some > 0 ? (size_t)some : 0;
    }
    strbuf_done(&out);
    strbuf_init(answer, ANSWER_BYTES);
    while (good && !(answer->len && memchr(answer->data, '\n', answer->len))) {
        ssize_t got = recv(fd, block, sizeof(block), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        strbuf_add(answer, block, (size_t)got);
        good = !answer->overflow;
    }
    return good && answer->len;
}

static void print_problems(const json_t *answer)
{
    const json_t *problems = json_object_get(answer, "problems");
    for (size_t i = 0; i < json_array_size(problems); i++) {
        const char *text = json_string_value(json_array_get(problems, i));
        if (text)
            (void)fprintf(stderr, "%s\n", text);
    }
}

int control_try(struct call *call, const char *line, json_t **ret_answer)
{
    struct strbuf answer = {0};
    call->quiet = true;
    int fd = connect_daemon(call);
    call->quiet = false;
    if (fd < 0)
        return fd;
    bool good = talk(fd, line, &answer);
    (void)close(fd); /* the talk is over */
    *ret_answer = good ? json_loads(strbuf_text(&answer), 0, NULL) : NULL;
    strbuf_done(&answer);
    return *ret_answer ? 0 : -EIO;
}

int control_ask(struct call *call, const char *line, json_t **ret_answer, char **ret_text)
{
    struct strbuf answer = {0};
    int fd = connect_daemon(call);
    if (fd < 0)
        return CTL_UNREACHABLE;
    bool good = talk(fd, line, &answer);
    (void)close(fd); /* the talk is over */
    json_t *root = good ? json_loads(strbuf_text(&answer), 0, NULL) : NULL;
    int status = CTL_OK;
    if (!json_is_object(root)) {
        call_error(call, "gritd did not answer");
        status = CTL_UNREACHABLE;
    } else if (json_is_false(json_object_get(root, "ok"))) {
        const char *text = json_string_value(json_object_get(root, "error"));
        print_problems(root);
        call_error(call, "gritd refused: %s", text ? text : "see above");
        status = CTL_FOUND;
    }
    if (ret_text && !status) {
        *ret_text = strbuf_take(&answer);
        (*ret_text)[strcspn(*ret_text, "\n")] = '\0';
    }
    strbuf_done(&answer);
    if (status)
        json_decref(root);
    else
        *ret_answer = root;
    return status;
}
