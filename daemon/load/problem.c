#include "load/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { PROBLEM_TEXT_BYTES = 1024 };

void problems_init(struct problems *problems)
{
    *problems = (struct problems){0};
    arena_init(&problems->arena);
}

void problems_done(struct problems *problems)
{
    arena_done(&problems->arena);
    free(problems->list);
    *problems = (struct problems){0};
}

static const char *keep_file(struct problems *problems, const char *file)
{
    /* problems come file by file, so the last one nearly always has the same name */
    const struct problem *last = problems->count ? &problems->list[problems->count - 1] : NULL;
    if (last && str_eq(last->file, file))
        return last->file;
    return arena_strdup(&problems->arena, file ? file : "");
}

/* Texts quote what stands in the file: a problem must stay one line. */
static void one_line(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = ' ';
    }
}

void problem_add(struct problems *problems, struct source_place place, bool warning,
                 const char *code, const char *format, va_list args)
{
    char text[PROBLEM_TEXT_BYTES];
    int *total = warning ? &problems->warnings : &problems->errors;
    ++*total;
    if (problems->count == PROBLEMS_MAX)
        return;
    (void)vsnprintf(text, sizeof(text), format, args); /* cut at the end is fine */
    one_line(text);
    ARRAY_GROW(problems->list, problems->count, problems->cap);
    const char *file = keep_file(problems, place.file);
    problems->list[problems->count] = (struct problem){
        .file = file,
        .line = place.line,
        .col = place.col,
        .warning = warning,
        .text = arena_strdup(&problems->arena, text),
        .code = code,
        .order = problems->count,
    };
    problems->count++;
}

void problem_error(struct problems *problems, struct source_place place, const char *code,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_add(problems, place, false, code, format, args);
    va_end(args);
}

void problem_warning(struct problems *problems, struct source_place place, const char *code,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_add(problems, place, true, code, format, args);
    va_end(args);
}

static int compare(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;
    int order = str_cmp(a->file, b->file);
    if (!order)
        order = (a->line > b->line) - (a->line < b->line);
    if (!order)
        order = (a->col > b->col) - (a->col < b->col);
    if (!order)
        order = (a->order > b->order) - (a->order < b->order);
    return order;
}

void problems_sort(struct problems *problems)
{
    if (problems->count)
        qsort(problems->list, (size_t)problems->count, sizeof(*problems->list), compare);
}

const char *problem_severity(const struct problem *problem)
{
    return problem->warning ? "warning" : "error";
}

void problem_print(const struct problem *problem, struct strbuf *out)
{
    strbuf_printf(out, "%s:%d:%d: %s: %s [%s]", problem->file, problem->line, problem->col,
                  problem_severity(problem), problem->text, problem->code);
}

void problems_print(struct problems *problems, struct strbuf *out)
{
    problems_sort(problems);
    for (int i = 0; i < problems->count; i++) {
        problem_print(&problems->list[i], out);
        strbuf_putc(out, '\n');
    }
    int more = problems->errors + problems->warnings - problems->count;
    if (more > 0)
        strbuf_printf(out, "... and %d more\n", more);
}
