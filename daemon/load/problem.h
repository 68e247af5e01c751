/* problem.h: everything found wrong in the files of one run, for the person who can repair it.
 * Layer: load (pure). Lifetime: the caller's; texts and file names are copied. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/rule.h"

enum { PROBLEMS_MAX = 1000 }; /* kept; further ones are only counted */

struct problem {
    const char *file;
    int line, col; /* from 1; 0 where a file as a whole is meant */
    bool warning;
    const char *text;
    const char *code; /* a word for machines: "unknown-key" */
    int order;        /* of finding; keeps equal places in that order */
};

struct lint_index;

struct problems {
    struct arena arena;
    struct problem *list;
    int count, cap;
    int errors, warnings;          /* all that were found, also those not kept */
    bool unlinted;                 /* the style of what is read now was told before */
    const struct lint_index *lint; /* made for the first text that is looked at */
};

void problems_init(struct problems *problems);
void problems_done(struct problems *problems);

void problem_error(struct problems *problems, struct source_place place, const char *code,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
void problem_warning(struct problems *problems, struct source_place place, const char *code,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
void problem_add(struct problems *problems, struct source_place place, bool warning,
                 const char *code, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));

/* By file, line, column; problems of one place stay in the order in which they were found. */
void problems_sort(struct problems *problems);

const char *problem_severity(const struct problem *problem); /* "error", "warning" */

/* "FILE:LINE:COL: error|warning: text [code]", without a line end. */
void problem_print(const struct problem *problem, struct strbuf *out);

/* Sorts, then one line a problem, and a last line when some were not kept. */
void problems_print(struct problems *problems, struct strbuf *out);
