#include "power.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { SECTOR = 512 };
enum op_type { OP_WRITE, OP_TRUNCATE, OP_SYNC };

struct op {
    enum op_type type;
    enum power_file file;
    size_t at, length; /* TRUNCATE: at is the new size */
    unsigned char *data;
};

struct file {
    sqlite3_file base; /* first: SQLite gets a pointer to it */
    int which;         /* enum power_file, or -1: of no interest */
    sqlite3_file real[];
};

static struct {
    pthread_mutex_t mutex;
    bool on;
    char path[256];
    struct power_image start;
    struct op *ops;
    size_t count, cap;
} power = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static sqlite3_vfs *system_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

/* --- noting --- */

static void note(sqlite3_file *file, enum op_type type, const void *data, size_t at, size_t length)
{
    int which = ((struct file *)file)->which;
    pthread_mutex_lock(&power.mutex);
    if (power.on && which >= 0) {
        ARRAY_GROW(power.ops, power.count, power.cap);
        power.ops[power.count++] = (struct op){type, (enum power_file)which, at, length,
                                               data ? xmemdup(data, length) : NULL};
    }
    pthread_mutex_unlock(&power.mutex);
}

static int power_write(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 at)
{
    note(file, OP_WRITE, data, (size_t)at, (size_t)bytes);
    return real_of(file)->pMethods->xWrite(real_of(file), data, bytes, at);
}

static int power_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    note(file, OP_TRUNCATE, NULL, (size_t)size, 0);
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int power_sync(sqlite3_file *file, int flags)
{
    int rc = real_of(file)->pMethods->xSync(real_of(file), flags);
    note(file, OP_SYNC, NULL, 0, 0); /* only now is it sure */
    return rc;
}

/* --- the rest is the system's --- */

static int power_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int power_read(sqlite3_file *file, void *data, int bytes, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), data, bytes, at);
}

static int power_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret);
}

static int power_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int power_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int power_is_reserved(sqlite3_file *file, int *ret)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}

static int power_control(sqlite3_file *file, int what, void *data)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, data);
}

static int power_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int power_device(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int power_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret);
}

static int power_shm_lock(sqlite3_file *file, int from, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), from, count, flags);
}

static void power_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int power_shm_unmap(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = power_close,
    .xRead = power_read,
    .xWrite = power_write,
    .xTruncate = power_truncate,
    .xSync = power_sync,
    .xFileSize = power_size,
    .xLock = power_lock,
    .xUnlock = power_unlock,
    .xCheckReservedLock = power_is_reserved,
    .xFileControl = power_control,
    .xSectorSize = power_sector,
    .xDeviceCharacteristics = power_device,
    .xShmMap = power_shm_map,
    .xShmLock = power_shm_lock,
    .xShmBarrier = power_shm_barrier,
    .xShmUnmap = power_shm_unmap,
};

static int power_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                      int *ret_flags)
{
    struct file *mine = (struct file *)file;
    (void)vfs; /* may be another one on top of ours */
    mine->base.pMethods = NULL;
    mine->which = -1;
    if (flags & SQLITE_OPEN_MAIN_DB)
        mine->which = POWER_DB;
    else if (flags & SQLITE_OPEN_WAL)
        mine->which = POWER_WAL;
    int rc = system_vfs->xOpen(system_vfs, name, mine->real, flags, ret_flags);
    if (rc == SQLITE_OK)
        mine->base.pMethods = &methods;
    return rc;
}

void power_install(void)
{
    static sqlite3_vfs vfs; /* SQLite keeps the pointer */
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = "power";
    vfs.szOsFile += (int)sizeof(struct file);
    vfs.xOpen = power_open;
    (void)sqlite3_vfs_register(&vfs, 1); /* fails for nothing that could happen here */
}

/* --- the story --- */

static void read_file(const char *path, const char *suffix, struct strbuf *ret)
{
    char name[300], buffer[65536];
    (void)snprintf(name, sizeof(name), "%s%s", path, suffix); /* fits */
    FILE *file = fopen(name, "rb");
    for (size_t got; file && (got = fread(buffer, 1, sizeof(buffer), file)) > 0;)
        strbuf_add(ret, buffer, got);
    if (file)
        (void)fclose(file); /* only read */
}

void power_begin(const char *path)
{
    (void)snprintf(power.path, sizeof(power.path), "%s", path); /* fits */
    read_file(path, "", &power.start.files[POWER_DB]);
    read_file(path, "-wal", &power.start.files[POWER_WAL]);
    pthread_mutex_lock(&power.mutex);
    power.on = true;
    pthread_mutex_unlock(&power.mutex);
}

size_t power_moment(void)
{
    pthread_mutex_lock(&power.mutex);
    size_t count = power.count;
    pthread_mutex_unlock(&power.mutex);
    return count;
}

void power_end(void)
{
    pthread_mutex_lock(&power.mutex);
    power.on = false;
    pthread_mutex_unlock(&power.mutex);
}

/* --- the cut --- */

static void make_size(struct strbuf *file, size_t size)
{
    while (file->len < size) {
        static const char zeros[4096];
        size_t part = size - file->len;
        strbuf_add(file, zeros, part < sizeof(zeros) ? part : sizeof(zeros));
    }
    file->len = size;
}

/* Each sector by itself: disks reorder, and tear. */
static void write_some(struct strbuf *file, const struct op *op, unsigned *dice, bool whole)
{
    if (file->len < op->at + op->length)
        make_size(file, op->at + op->length);
    for (size_t done = 0; done < op->length;) {
        size_t part = SECTOR - (op->at + done) % SECTOR;
        if (part > op->length - done)
            part = op->length - done;
        if (whole || rand_r(dice) % 2)
            memcpy(file->data + op->at + done, op->data + done, part);
        done += part;
    }
}

static bool is_durable(size_t index, size_t moment)
{
    for (size_t i = index + 1; i < moment; i++) {
        if (power.ops[i].type == OP_SYNC && power.ops[i].file == power.ops[index].file)
            return true;
    }
    return false;
}

void power_cut(size_t moment, unsigned seed, struct power_image *ret)
{
    unsigned dice = seed * 7919 + (unsigned)moment;
    *ret = (struct power_image){0};
    for (int i = 0; i < POWER_FILES; i++)
        strbuf_add(&ret->files[i], power.start.files[i].data, power.start.files[i].len);
    for (size_t i = 0; i < moment; i++) {
        const struct op *op = &power.ops[i];
        struct strbuf *file = &ret->files[op->file];
        bool sure = op->type != OP_SYNC && (seed == 1 || is_durable(i, moment));
        if (op->type == OP_SYNC || (!sure && (seed == 0 || rand_r(&dice) % 3 == 0)))
            continue;
        if (op->type == OP_TRUNCATE)
            make_size(file, op->at);
        else
            write_some(file, op, &dice, sure || rand_r(&dice) % 2);
    }
}

void power_image_done(struct power_image *image)
{
    for (int i = 0; i < POWER_FILES; i++)
        strbuf_done(&image->files[i]);
}

void power_free(void)
{
    for (size_t i = 0; i < power.count; i++)
        free(power.ops[i].data);
    free(power.ops);
    power_image_done(&power.start);
    power.ops = NULL;
    power.count = power.cap = 0;
}
