/* files.h: whole files into memory, with limits; folders; paths.
 * Layer: io. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Reads a file of at most max_bytes; *ret is NUL-terminated (not counted in *ret_length).
 * Owns: the caller frees *ret. Errors: -errno with the path named; -EFBIG over the limit. */
int file_read(const char *path, size_t max_bytes, struct err *err, char **ret, size_t *ret_length);

/* The same for a file that holds a secret. Errors: -EACCES too where others than its owner and
 * group can read it, or others than its owner can write it. */
int file_read_secret(const char *path, size_t max_bytes, struct err *err, char **ret,
                     size_t *ret_length);

/* The same for a file of this folder. What was opened is looked at and not its name, which may be
 * made to lead elsewhere meanwhile. Errors: -EXDEV too: it lies outside, a link leads there. */
int file_read_below(const char *folder, const char *path, size_t max_bytes, struct err *err,
                    char **ret, size_t *ret_length);

/* "base's folder/path" where path is relative, a copy of path where it is absolute. base is a file.
 */
char *path_beside(const char *base, const char *path);

/* Names in a folder that end in `suffix`, sorted, as full paths. Owns: free each and the array. */
int folder_list(const char *path, const char *suffix, struct err *err, char ***ret,
                size_t *ret_count);

/* Whether what stands at `path`, in this folder, lies below it: a link may lead elsewhere. What is
 * not there is not judged, so true. */
bool file_stays_below(const char *folder, const char *path);

/* Makes a change of the names beside `path` (made, renamed, removed) durable. */
int folder_sync_of(const char *path, struct err *err);
