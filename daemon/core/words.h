/* words.h: the closed word lists of the event schema, as small numbers for facts and journal
 * columns. Layer: core (pure). Source: protocols, grit-event.schema.json. */
#pragma once

enum { WORD_NONE = 0 };

/* 0 for NULL and for words that are not in the list. */
int word_kind(const char *text);      /* call email meeting ... */
int word_direction(const char *text); /* outbound inbound none */
int word_outcome(const char *text);   /* connected no_answer ... */

const char *word_kind_text(int kind);
const char *word_direction_text(int direction);
const char *word_outcome_text(int outcome); /* NULL for 0 */
