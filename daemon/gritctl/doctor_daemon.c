/* The running daemon, or why there is none. */
#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/doctor.h"
#include "io/probe.h"

enum { FILES_LEAST = 1024 }; /* senders, pages and connections each take one */

static const char *status_text(const struct doctor *doctor, const char *key)
{
    return json_string_value(json_object_get(doctor->status, key));
}

static void look_at_socket(struct doctor *doctor, const char *path)
{
    struct stat info;
    if (!stat(path, &info) && info.st_mode & S_IRWXO)
        doctor_found(doctor, FAULT_SOCKET_OPEN,
                     "%s has mode %03o: everybody on this machine may steer gritd", path,
                     (unsigned)info.st_mode & 0777);
}

/* The socket that listens on this port; 0: none. Source: proc(5), /proc/net/tcp. */
static unsigned long listener_inode(unsigned wanted)
{
    static const char *const files[] = {"/proc/net/tcp", "/proc/net/tcp6"};
    unsigned long found = 0;
    for (size_t i = 0; i < ARRAY_LEN(files) && !found; i++) {
        FILE *file = fopen(files[i], "re");
        char line[512];
        while (file && !found && fgets(line, sizeof(line), file)) {
            unsigned port, state;
            unsigned long inode;
            if (sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*s %x %*s %*s %*s %*d %*d %lu", &port, &state,
                       &inode) == 3 &&
                port == wanted && state == TCP_LISTEN)
                found = inode;
        }
        if (file)
            (void)fclose(file); /* it was only read */
    }
    return found;
}

/* While gritd is down, between two starts, the service manager keeps its listener: process 1. */
static bool is_kept_for_us(unsigned port)
{
    struct strbuf wanted = {0};
    char path[64], link[64];
    bool found = false;
    unsigned long inode = listener_inode(port);
    DIR *folder = inode ? opendir("/proc/1/fd") : NULL;
    strbuf_printf(&wanted, "socket:[%lu]", inode);
    for (const struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        (void)snprintf(path, sizeof(path), "/proc/1/fd/%.20s", entry->d_name); /* fits */
        ssize_t length = readlink(path, link, sizeof(link) - 1);
        link[length > 0 ? length : 0] = '\0';
        found = str_eq(link, strbuf_text(&wanted));
    }
    if (folder)
        (void)closedir(folder); /* it was only read */
    strbuf_done(&wanted);
    return found;
}

/* Somebody else has the port that the daemon would take. */
static void look_at_port(struct doctor *doctor)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    const struct config *config = doctor->config;
    struct addrinfo *list;
    char port[16];
    const int yes = 1;
    (void)snprintf(port, sizeof(port), "%d", config->listen_port); /* fits */
    if (!config->listen_port || getaddrinfo(config->listen_host, port, &hints, &list))
        return;
    int fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, list->ai_protocol);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)); /* as gritd does it */
        if (bind(fd, list->ai_addr, list->ai_addrlen) && errno == EADDRINUSE &&
            !is_kept_for_us((unsigned)config->listen_port))
            doctor_found(doctor, FAULT_LISTEN_TAKEN,
                         "another program listens on %s:%s, so gritd cannot start",
                         config->listen_host, port);
        (void)close(fd); /* nothing came in */
    }
    freeaddrinfo(list);
}

static void look_at_configuration(struct doctor *doctor)
{
    char stamp[SETUP_STAMP_BYTES];
    const char *refused = status_text(doctor, "refused");
    const char *running = status_text(doctor, "configuration");
    if (refused)
        doctor_found(
            doctor, FAULT_CONFIG_REFUSED,
            "the files were changed and refused, so gritd goes on with what was before: %s",
            refused);
    else if (running && !str_eq(running, setup_stamp(doctor->setup, stamp)))
        doctor_found(
            doctor, FAULT_CONFIG_OLDER,
            "the files have changed since gritd read them (%s); it works by what they were",
            status_text(doctor, "configured"));
}

/* What it says itself; what has a fault of its own is told there. */
static void look_at_health(struct doctor *doctor)
{
    const char *why = status_text(doctor, "why");
    json_int_t files = json_integer_value(json_object_get(doctor->status, "files_max"));
    if (files && files < FILES_LEAST)
        doctor_found(doctor, FAULT_FILES_FEW, "gritd may have only %lld files and sockets open",
                     (long long)files);
    if (why && !status_text(doctor, "refused"))
        doctor_found(doctor, FAULT_DAEMON_UNWELL, "gritd is not well: %s", why);
}

/* Only where there is somebody to answer. */
static void look_at_address(struct doctor *doctor)
{
    struct strbuf url = {0};
    struct probe_result result;
    if (!doctor->config->public_url)
        return;
    strbuf_printf(&url, "%s/healthz", doctor->config->public_url);
    probe_run(&(struct probe_request){.url = strbuf_text(&url),
                                      .method = "GET",
                                      .wait_ms = call_number(doctor->call, "wait", 0)},
              &result);
    if (result.cause != PROBE_BAD_URL && /* told already */
        (result.cause != PROBE_ANSWERED || !strstr(strbuf_text(&result.body), "\"alive\"")))
        doctor_found(doctor, FAULT_PUBLIC_URL_WRONG, "%s does not lead to gritd: %s",
                     strbuf_text(&url),
                     *result.error ? result.error : "something else answers there");
    probe_done(&result);
    strbuf_done(&url);
}

static void look_why_not(struct doctor *doctor, const char *path, int code)
{
    if (code == EACCES || code == EPERM) {
        doctor_found(doctor, FAULT_SOCKET_DENIED, "%s may not be opened by you", path);
        return;
    }
    doctor_found(doctor, FAULT_DAEMON_DOWN, "gritd does not answer at %s: %s", path,
                 strerror(code));
    look_at_port(doctor);
}

void doctor_daemon(struct doctor *doctor)
{
    if (!doctor->configured)
        return;
    doctor->call->quiet = true; /* what is wrong with the configuration was told */
    CLEANUP_FREE char *path = control_place(doctor->call);
    doctor->call->quiet = false;
    if (!path)
        return;
    int status = control_try(doctor->call, "{\"cmd\":\"status\"}", &doctor->status);
    look_at_socket(doctor, path);
    if (status) {
        look_why_not(doctor, path, -status);
        return;
    }
    look_at_configuration(doctor);
    look_at_health(doctor);
    look_at_address(doctor);
}
