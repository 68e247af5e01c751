/* store_print.h: what backup, restore and verify say of the file of a store.
 * Layer: commands. */
#pragma once
#include "gritctl/ctl.h"
#include "io/store_file.h"

/* Looks the file through and prints each finding as a line on stderr (--json: on stdout). Errors:
 * of store_file_check, not told. */
int store_print_check(struct call *call, const char *path, struct store_file *ret, struct err *err,
                      int *ret_findings);

/* "FILE: 12 events, 3 messages ..." */
void store_print_counts(const struct call *call, const char *path, const struct store_file *file);
