/* fault_files.c: calls on files, those of the store and all others. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"

static void disk_waits(int fd)
{
    static long sync_ms = -1; /* a slow disk: each sync of the store takes as much longer */
    if (sync_ms < 0) {
        const char *slow = getenv("FAULT_SYNC_MS");
        sync_ms = slow ? strtol(slow, NULL, 10) : 0;
    }
    const struct timespec wait = {sync_ms / 1000, sync_ms % 1000 * 1000000};
    if (sync_ms && kind_of(fd) == STORE)
        (void)nanosleep(&wait, NULL); /* as a disk may, it takes less when it is disturbed */
}

/* libwebsockets 4.1 ends in a signal where it cannot open or read the random device. That it finds
 * no descriptor for it is looked after by gritd; for the rest the kernel has no such failure. */
static enum kind kind_at(const char *path, int flags)
{
    if (strcmp(path, "/dev/urandom") == 0)
        return NOTHING;
    return strstr(path, ".db") || (flags & O_DIRECTORY) == O_DIRECTORY ? STORE : FILES;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                    \
        va_end(list);                                                                              \
        NEXT(name);                                                                                \
        enum kind kind = kind_at(path, flags);                                                     \
        return making_fails(kind) ? -1 : note_fd(next(path, flags, mode), kind);                   \
    }
OPEN(open)
OPEN(open64)

/* What a checked open() without a mode becomes. */
#define OPEN_2(name)                                                                               \
    int name(const char *path, int flags);                                                         \
    int name(const char *path, int flags)                                                          \
    {                                                                                              \
        NEXT(name);                                                                                \
        enum kind kind = kind_at(path, flags);                                                     \
        return making_fails(kind) ? -1 : note_fd(next(path, flags), kind);                         \
    }
OPEN_2(__open_2)
OPEN_2(__open64_2)

int close(int fd)
{
    NEXT(close);
    (void)note_fd(fd, NOTHING);
    return next(fd);
}

#define FOPEN(name)                                                                                \
    FILE *name(const char *path, const char *mode)                                                 \
    {                                                                                              \
        NEXT(name);                                                                                \
        enum kind kind = kind_at(path, 0);                                                         \
        FILE *file = making_fails(kind) ? NULL : next(path, mode);                                 \
        if (file)                                                                                  \
            (void)note_fd(fileno(file), kind);                                                     \
        return file;                                                                               \
    }
FOPEN(fopen)
FOPEN(fopen64)

int fclose(FILE *file)
{
    NEXT(fclose);
    (void)note_fd(fileno(file), NOTHING);
    return next(file);
}

/* As after a read(2) that failed. */
static int stream_fails(FILE *file, size_t *size)
{
    if (!call_fails(kind_of(fileno(file)), size))
        return 0;
    file->_flags |= 0x20; /* what ferror() looks at in this C library */
    return 1;
}

size_t fread(void *data, size_t size, size_t count, FILE *file)
{
    NEXT(fread);
    return stream_fails(file, &count) ? 0 : next(data, size, count, file);
}

char *fgets(char *line, int size, FILE *file)
{
    NEXT(fgets);
    return stream_fails(file, NULL) ? NULL : next(line, size, file);
}

ssize_t getline(char **line, size_t *cap, FILE *file)
{
    NEXT(getline);
    return stream_fails(file, NULL) ? -1 : next(line, cap, file);
}

DIR *opendir(const char *path)
{
    NEXT(opendir);
    return making_fails(FILES) ? NULL : next(path);
}

#define READDIR(name, entry)                                                                       \
    entry *name(DIR *folder)                                                                       \
    {                                                                                              \
        NEXT(name);                                                                                \
        return call_fails(FILES, NULL) ? NULL : next(folder);                                      \
    }
READDIR(readdir, struct dirent)
READDIR(readdir64, struct dirent64)

char *realpath(const char *path, char *whole)
{
    NEXT(realpath);
    return call_fails(kind_at(path, 0), NULL) ? NULL : next(path, whole);
}

#define STAT(name, info_type)                                                                      \
    int name(const char *path, struct info_type *info)                                             \
    {                                                                                              \
        NEXT(name);                                                                                \
        return call_fails(kind_at(path, 0), NULL) ? -1 : next(path, info);                         \
    }
STAT(stat, stat)
STAT(stat64, stat64)
STAT(lstat, stat)
STAT(lstat64, stat64)

#define FSTAT(name, info_type)                                                                     \
    int name(int fd, struct info_type *info)                                                       \
    {                                                                                              \
        NEXT(name);                                                                                \
        return call_fails(kind_of(fd), NULL) ? -1 : next(fd, info);                                \
    }
FSTAT(fstat, stat)
FSTAT(fstat64, stat64)

int access(const char *path, int mode)
{
    NEXT(access);
    return call_fails(kind_at(path, 0), NULL) ? -1 : next(path, mode);
}

int chmod(const char *path, mode_t mode)
{
    NEXT(chmod);
    return call_fails(kind_at(path, 0), NULL) ? -1 : next(path, mode);
}

int flock(int fd, int operation)
{
    NEXT(flock);
    return call_fails(kind_of(fd), NULL) ? -1 : next(fd, operation);
}

ssize_t read(int fd, void *data, size_t size)
{
    NEXT(read);
    return call_fails(kind_of(fd), &size) ? -1 : next(fd, data, size);
}

#define PREAD(name, offset_type)                                                                   \
    ssize_t name(int fd, void *data, size_t size, offset_type at)                                  \
    {                                                                                              \
        NEXT(name);                                                                                \
        return call_fails(kind_of(fd), &size) ? -1 : next(fd, data, size, at);                     \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

ssize_t write(int fd, const void *data, size_t size)
{
    NEXT(write);
    if (call_fails(kind_of(fd), &size))
        return -1;
    WRITING(ssize_t, next(fd, data, size));
}

#define PWRITE(name, offset_type)                                                                  \
    ssize_t name(int fd, const void *data, size_t size, offset_type at)                            \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (call_fails(kind_of(fd), &size))                                                        \
            return -1;                                                                             \
        WRITING(ssize_t, next(fd, data, size, at));                                                \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define OF_FILE(name)                                                                              \
    int name(int fd)                                                                               \
    {                                                                                              \
        NEXT(name);                                                                                \
        disk_waits(fd);                                                                            \
        if (call_fails(kind_of(fd), NULL))                                                         \
            return -1;                                                                             \
        WRITING(int, next(fd));                                                                    \
    }
OF_FILE(fsync)
OF_FILE(fdatasync)

#define TRUNCATE(name, offset_type)                                                                \
    int name(int fd, offset_type size)                                                             \
    {                                                                                              \
        NEXT(name);                                                                                \
        if (call_fails(kind_of(fd), NULL))                                                         \
            return -1;                                                                             \
        WRITING(int, next(fd, size));                                                              \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path)
{
    NEXT(unlink);
    if (call_fails(kind_at(path, 0), NULL))
        return -1;
    WRITING(int, next(path));
}

#define MMAP(name, offset_type)                                                                    \
    void *name(void *where, size_t size, int protection, int flags, int fd, offset_type at)        \
    {                                                                                              \
        NEXT(name);                                                                                \
        return call_fails(kind_of(fd), NULL) ? MAP_FAILED                                          \
                                             : next(where, size, protection, flags, fd, at);       \
    }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)

int rename(const char *from, const char *to)
{
    NEXT(rename);
    if (call_fails(kind_at(to, 0), NULL))
        return -1;
    WRITING(int, next(from, to));
}
