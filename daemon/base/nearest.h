/* nearest.h: the known word that a mistyped one most likely meant.
 * Layer: base. */
#pragma once
#include <stddef.h>

/* Edits between two words, a swap of neighbours being one; at most `limit` + 1 is told.
 * Source: Damerau-Levenshtein distance, optimal string alignment. */
int nearest_distance(const char *a, const char *b, int limit);

/* The nearest of `count` words at distance 2 or less (1 for words of up to 3 letters), or NULL. */
const char *nearest_word(const char *word, const char *const *known, size_t count);
