/* replay.c: the corpus of one target, without a fuzzer: each seed as it is, cut short, and with a
 * few bytes changed, always the same ones. `./run fuzz` is what searches.
 *
 *   fuzz_replay TARGET FOLDER|FILE */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"

typedef int (*fuzz_one)(const uint8_t *data, size_t size);

#define TARGET(name) int fuzz_one_##name(const uint8_t *data, size_t size);
#include "fuzz_rows.h"
#undef TARGET

static const struct {
    const char *name;
    fuzz_one run;
} targets[] = {
#define TARGET(name) {#name, fuzz_one_##name},
#include "fuzz_rows.h"
#undef TARGET
};

enum { CUTS = 6, CHANGES = 10, SEED_MOST_BYTES = 64 * 1024 };

/* A buffer of exactly that size, so that a sanitizer sees one byte too far. */
static void run(fuzz_one one, const char *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, bytes, size);
    (void)one(copy, size); /* always 0; what is wrong aborts */
    free(copy);
}

static uint32_t roll(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Bytes that mean something to most formats. */
static void change(char *bytes, size_t size, uint64_t *state)
{
    static const char telling[] = "\"'<>{}[]:,;&|=-+\\/\n\r\t \0\x7f\x80\xff@#0129aZ";
    unsigned times = 1 + roll(state) % 4;
    for (unsigned i = 0; i < times; i++)
        bytes[roll(state) % size] = telling[roll(state) % (sizeof(telling) - 1)];
}

static void replay_bytes(fuzz_one one, const char *bytes, size_t size)
{
    uint64_t state = size + 1;
    run(one, bytes, size);
    for (size_t i = 0; i < CUTS && size; i++)
        run(one, bytes, roll(&state) % size);
    for (size_t i = 0; i < CHANGES && size; i++) {
        CLEANUP_FREE char *other = xmemdup(bytes, size);
        change(other, size, &state);
        run(one, other, size);
    }
}

static int replay_file(fuzz_one one, const char *path)
{
    struct err err;
    char *bytes;
    size_t size;
    if (file_read(path, SEED_MOST_BYTES, &err, &bytes, &size)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    replay_bytes(one, bytes, size);
    free(bytes);
    return 0;
}

static int replay_folder(fuzz_one one, const char *folder)
{
    char **files;
    size_t count;
    struct err err;
    int failed = 0;
    if (folder_list(folder, "", &err, &files, &count)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        failed |= replay_file(one, files[i]);
        free(files[i]);
    }
    free(files);
    run(one, "", 0);
    (void)printf("%zu seeds, %d runs each\n", count, 1 + CUTS + CHANGES);
    return failed || !count; /* a target without a corpus is a mistake */
}

int main(int argc, char **argv)
{
    struct stat info;
    for (size_t i = 0; argc == 3 && i < ARRAY_LEN(targets); i++) {
        if (!str_eq(targets[i].name, argv[1]))
            continue;
        bool folder = !stat(argv[2], &info) && S_ISDIR(info.st_mode);
        return folder ? replay_folder(targets[i].run, argv[2])
                      : replay_file(targets[i].run, argv[2]);
    }
    (void)fprintf(stderr, "usage: fuzz_replay TARGET FOLDER|FILE, with one of:\n");
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        (void)fprintf(stderr, "  %s\n", targets[i].name);
    return 2;
}
