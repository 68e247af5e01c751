/* What gritd needs of the machine: secrets in files, zone data, a folder and a disk for the store.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/doctor.h"
#include "io/files.h"
#include "io/service.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum {
    DISK_LEAST_BYTES = 32 * 1024 * 1024,
    DISK_FEW_BYTES = 512 * 1024 * 1024,
    ZONE_FILE_BYTES = 1024 * 1024,
};

/* --- secrets --- */

static void look_at_secret(struct doctor *doctor, const struct secret *secret, const char *what)
{
    struct stat info;
    struct err err;
    char *value = NULL;
    if (secret->kind == SECRET_NONE)
        return;
    if (secret->kind == SECRET_CREDENTIAL && !getenv("CREDENTIALS_DIRECTORY") && doctor->status)
        return; /* the daemon has it, we have not */
    if (secret->kind == SECRET_FILE) {
        CLEANUP_FREE char *path = path_beside(doctor->setup->path, secret->name);
        if (!stat(path, &info) && info.st_mode & (S_IRWXG | S_IRWXO)) {
            doctor_found(doctor, FAULT_SECRET_OPEN, "%s: %s has mode %03o: others can read it",
                         what, path, (unsigned)info.st_mode & 0777);
            return;
        }
    }
    if (setup_secret(doctor->setup, secret, &err, &value)) {
        doctor_found(doctor, FAULT_SECRET_MISSING, "%s: %s", what, err.text);
        return;
    }
    explicit_bzero(value, strlen(value));
    free(value);
}

/* What the service manager hands over, and where it takes that from: see the unit. */
static void look_for_credentials(const char *config)
{
    CLEANUP_FREE char *handed = service_credentials(config);
    CLEANUP_FREE char *stored = path_beside(config, "credentials");
    const char *const folders[] = {handed, stored};
    for (size_t i = 0; handed && i < ARRAY_LEN(folders); i++) {
        if (!access(folders[i], R_OK | X_OK))
            (void)setenv("CREDENTIALS_DIRECTORY", folders[i], 0); /* else they are missing */
    }
}

static void look_at_intake(struct doctor *doctor, const struct config_intake *intake,
                           const struct secret *secret, const char *which)
{
    struct strbuf what = {0};
    strbuf_printf(&what, "intake '%s'%s", intake->name, which);
    look_at_secret(doctor, secret, strbuf_text(&what));
    strbuf_done(&what);
}

static void look_at_secrets(struct doctor *doctor)
{
    const struct config *config = doctor->config;
    look_for_credentials(doctor->setup->path);
    for (int i = 0; i < config->option_count; i++) {
        struct strbuf what = {0};
        strbuf_printf(&what, "%s.%s", config->platform, config->options[i].key);
        look_at_secret(doctor, &config->options[i].secret, strbuf_text(&what));
        strbuf_done(&what);
    }
    for (int i = 0; i < config->intake_count; i++) {
        const struct config_intake *intake = &config->intakes[i];
        look_at_intake(doctor, intake, &intake->secret, "");
        look_at_intake(doctor, intake, &intake->poll.secret, ", poll");
        look_at_intake(doctor, intake, &intake->read_back.secret, ", read_back");
        look_at_intake(doctor, intake, &intake->read_back.refresh, ", read_back, refresh_token");
    }
}

/* --- zone data --- */

/* "# version 2026a" in tzdata.zi, or the bare word in +VERSION. The year; 0: not known. */
static int zones_year(const char *folder)
{
    static const char *const names[] = {"tzdata.zi", "+VERSION"};
    int year = 0;
    for (size_t i = 0; i < ARRAY_LEN(names) && !year; i++) {
        struct strbuf path = {0};
        struct err err;
        char *bytes = NULL;
        size_t length;
        strbuf_printf(&path, "%s/%s", folder, names[i]);
        if (!file_read(strbuf_text(&path), ZONE_FILE_BYTES, &err, &bytes, &length) &&
            sscanf(bytes, "# version %4d", &year) != 1 && sscanf(bytes, "%4d", &year) != 1)
            year = 0;
        free(bytes);
        strbuf_done(&path);
    }
    return year;
}

/* The rules of zones change several times a year. */
static void look_at_zones(struct doctor *doctor)
{
    const char *folder = getenv("TZDIR");
    struct civil today;
    if (str_empty(folder))
        folder = ZONE_FOLDER;
    civil_from_msec(doctor->call->now, &today);
    if (!zones_get(&doctor->call->zones, "America/Denver")) {
        doctor_found(doctor, FAULT_ZONES_MISSING,
                     "%s holds no zone data, so nobody's working hours are known", folder);
        return;
    }
    int year = zones_year(folder);
    if (year && year < today.year - 1)
        doctor_found(doctor, FAULT_ZONES_OLD,
                     "the zone data in %s is of %d: clocks may have been changed since by law",
                     folder, year);
}

/* --- the store's place --- */

static void look_at_disk(struct doctor *doctor, const char *folder)
{
    struct statvfs disk;
    if (statvfs(folder, &disk))
        return; /* told as a missing folder */
    uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (left < DISK_LEAST_BYTES)
        doctor_found(doctor, FAULT_DISK_FULL, "%s: the disk is full: %llu KiB left", folder,
                     (unsigned long long)left / 1024);
    else if (left < DISK_FEW_BYTES)
        doctor_found(doctor, FAULT_DISK_LOW, "%s: little room is left on the disk: %llu MiB",
                     folder, (unsigned long long)left / 1024 / 1024);
}

static void look_at_store_folder(struct doctor *doctor)
{
    CLEANUP_FREE char *path = setup_store_path(doctor->setup);
    CLEANUP_FREE char *folder = path_beside(path, ".");
    struct stat info;
    if (stat(folder, &info)) {
        doctor_found(doctor, FAULT_STORE_FOLDER, "%s: %s", folder, strerror(errno));
        return;
    }
    if (!(info.st_mode & S_IWUSR) || (access(folder, W_OK) && errno == EROFS))
        doctor_found(doctor, FAULT_STORE_READ_ONLY, "%s: nothing can be written into the folder",
                     folder);
    look_at_disk(doctor, folder);
    if (!stat(path, &info) && info.st_mode & (S_IRWXG | S_IRWXO))
        doctor_found(doctor, FAULT_STORE_OPEN, "%s has mode %03o: others can read it", path,
                     (unsigned)info.st_mode & 0777);
}

void doctor_files(struct doctor *doctor)
{
    look_at_zones(doctor);
    if (!doctor->configured)
        return;
    look_at_secrets(doctor);
    if (doctor->config->store_kind == STORE_SQLITE)
        look_at_store_folder(doctor);
}
