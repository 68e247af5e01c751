#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"

static int read_all(int fd, const char *path, size_t max_bytes, struct err *err, char **ret,
                    size_t *ret_length)
{
    struct strbuf data = {0};
    char block[16384];
    ssize_t got;
    while ((got = read(fd, block, sizeof(block))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || data.len + (size_t)got > max_bytes) {
            int code = got < 0 ? errno : EFBIG;
            strbuf_done(&data);
            return code == EFBIG
                       ? err_set(err, EFBIG, "%s: larger than %zu KiB", path, max_bytes / 1024)
                       : err_set(err, code, "%s: %s", path, strerror(code));
        }
        strbuf_add(&data, block, (size_t)got);
    }
    *ret_length = data.len;
    *ret = strbuf_take(&data);
    *ret = xrealloc(*ret, *ret_length + 1, 1); /* many files are kept for a while */
    return 0;
}

/* A pipe that nobody writes to would be waited for, and a device has no end. What a shell hands
 * over as /dev/stdin or /dev/fd/N is meant to be read. */
static bool is_readable_kind(const char *path, mode_t mode)
{
    return S_ISREG(mode) || ((S_ISFIFO(mode) || S_ISSOCK(mode)) && str_starts(path, "/dev/"));
}

/* Opens without waiting for a writer. */
static int open_file(const char *path, struct err *err, int *ret)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, errno, "%s: %s", path, strerror(errno));
    int status = 0;
    if (fstat(fd, &info) < 0)
        status = err_set(err, errno, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        status = err_set(err, EISDIR, "%s: is a folder, not a file", path);
    else if (!is_readable_kind(path, info.st_mode))
        status = err_set(err, EINVAL, "%s: is a pipe or a device, not a file", path);
    else if (fcntl(fd, F_SETFL, O_RDONLY) < 0)
        status = err_set(err, errno, "%s: %s", path, strerror(errno));
    if (status)
        (void)close(fd); /* nothing was read */
    else
        *ret = fd;
    return status;
}

int file_read(const char *path, size_t max_bytes, struct err *err, char **ret, size_t *ret_length)
{
    int fd = -1;
    int status = open_file(path, err, &fd);
    if (status)
        return status;
    status = read_all(fd, path, max_bytes, err, ret, ret_length);
    (void)close(fd); /* it was only read */
    return status;
}

int file_read_secret(const char *path, size_t max_bytes, struct err *err, char **ret,
                     size_t *ret_length)
{
    struct stat info;
    int fd = -1;
    int status = open_file(path, err, &fd);
    if (status)
        return status;
    if (fstat(fd, &info) < 0)
        status = err_set(err, errno, "%s: %s", path, strerror(errno));
    else if (S_ISREG(info.st_mode) && (info.st_mode & (S_IRWXG | S_IRWXO)))
        status = err_set(err, EACCES,
                         "%s: others on this machine can read or change it (mode %04o); chmod 600 "
                         "it, and if it was so for long, get a new secret",
                         path, (unsigned)(info.st_mode & 07777));
    else
        status = read_all(fd, path, max_bytes, err, ret, ret_length);
    (void)close(fd); /* it was only read */
    return status;
}

char *path_beside(const char *base, const char *path)
{
    const char *slash = base ? strrchr(base, '/') : NULL;
    struct strbuf joined = {0};
    if (path[0] != '/' && slash)
        strbuf_add(&joined, base, (size_t)(slash - base) + 1);
    strbuf_puts(&joined, path);
    return strbuf_take(&joined);
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && str_eq(name + length - tail, suffix) && name[0] != '.';
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int folder_list(const char *path, const char *suffix, struct err *err, char ***ret,
                size_t *ret_count)
{
    DIR *folder = opendir(path);
    char **list = NULL;
    size_t count = 0, cap = 0;
    if (!folder)
        return err_set(err, errno, "%s: %s", path, strerror(errno));
    for (struct dirent *entry; errno = 0, (entry = readdir(folder));) {
        if (!ends_in(entry->d_name, suffix))
            continue;
        struct strbuf full = {0};
        strbuf_printf(&full, "%s/%s", path, entry->d_name);
        ARRAY_GROW(list, count, cap);
        list[count++] = strbuf_take(&full);
    }
    int code = errno;       /* its end has none */
    (void)closedir(folder); /* it was only read */
    if (code) {
        while (count)
            free(list[--count]);
        free(list);
        return err_set(err, code, "%s: %s", path, strerror(code));
    }
    if (count)
        qsort(list, count, sizeof(*list), compare);
    *ret = list;
    *ret_count = count;
    return 0;
}

/* Both without links. */
static bool is_below(const char *folder, const char *path)
{
    return str_starts(path, folder) && (path[strlen(folder)] == '/' || str_eq(folder, "/"));
}

bool file_stays_below(const char *folder, const char *path)
{
    CLEANUP_FREE char *whole = realpath(folder, NULL), *found = realpath(path, NULL);
    return !whole || !found || is_below(whole, found);
}

/* Of the name only where the system does not say what was opened. */
static bool is_open_below(const char *folder, const char *path, int fd)
{
    char self[32], found[PATH_MAX];
    CLEANUP_FREE char *whole = realpath(folder, NULL);
    (void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd); /* fits */
    ssize_t length = readlink(self, found, sizeof(found) - 1);
    if (length < 0)
        return file_stays_below(folder, path);
    found[length] = '\0';
    return whole && is_below(whole, found);
}

int file_read_below(const char *folder, const char *path, size_t max_bytes, struct err *err,
                    char **ret, size_t *ret_length)
{
    int fd = -1;
    int status = open_file(path, err, &fd);
    if (status)
        return status;
    if (!is_open_below(folder, path, fd))
        status = err_set(err, EXDEV, "%s: it lies outside of its folder", path);
    else
        status = read_all(fd, path, max_bytes, err, ret, ret_length);
    (void)close(fd); /* it was only read */
    return status;
}

int folder_sync_of(const char *path, struct err *err)
{
    CLEANUP_FREE char *copy = xstrdup(path);
    const char *folder = dirname(copy);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) < 0;
    int code = errno;
    if (fd >= 0)
        (void)close(fd); /* only synced */
    return failed ? err_set(err, code, "%s: cannot sync: %s", folder, strerror(code)) : 0;
}
