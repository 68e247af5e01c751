/* man.h: pages of the manual, from the tables that the programs themselves go by.
 * Layer: commands. Source: man(7) for the macros. */
#pragma once
#include "load/read.h"

/* Each prints one page. */
void man_gritctl(void);
void man_gritd(void);
void man_config(void); /* gritd.yaml, people.yaml, pipeline.yaml */
void man_rules(void);  /* plugins */

/* --- man_write.c: what pages are made of --- */

void man_begin(const char *name, int section, const char *about);
void man_section(const char *title);
void man_part(const char *title);
/* A paragraph. Line breaks of the text are spaces, an empty line begins another one; **bold** words
 * are bold. */
void man_text(const char *text);
/* Lines as they are. */
void man_lines(const char *text);
/* `term` in bold, then `value` as it stands, then what it means. value: NULL or text. */
void man_item(const char *term, const char *value, const char *text);
void man_see_also(const char *list);

/* The keys of a block and of all blocks inside, each block once. */
void man_blocks(const struct block *const *roots, size_t count);
