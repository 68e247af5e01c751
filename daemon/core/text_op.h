/* text_op.h: a compiled message template, shared by compiling and rendering only.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "core/text.h"

enum text_op_kind { TEXT_OP_LITERAL, TEXT_OP_NAME, TEXT_OP_SECTION, TEXT_OP_INVERTED };

struct text_op {
    enum text_op_kind kind;
    bool raw;             /* NAME: written with three braces or & */
    const char *text;     /* LITERAL: the words, not terminated; else the name */
    size_t length;        /* LITERAL: bytes */
    const char *filter;   /* NAME, or NULL */
    const char *fallback; /* NAME, or NULL */
    long bound;
    size_t end;  /* SECTION, INVERTED: index of the first op after it */
    size_t open; /* SECTION, INVERTED: where it stands in the template, bytes */
};

struct text {
    const char *language; /* NULL: nothing is said of it */
    struct text *next;    /* the same in another language; owned */
    char *template;
    char *words; /* a second copy in which names, filters and fallbacks are cut out by NULs */
    struct text_op *ops;
    size_t count, cap;
};
