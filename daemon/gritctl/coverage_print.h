/* coverage_print.h: what a set of rules has words for, as a table or as JSON lines.
 * Layer: commands. */
#pragma once
#include <stdbool.h>

struct book;

/* Returns how many holes there are. With `strict` they are told as errors. */
int coverage_print(const struct book *book, bool json, bool strict);
