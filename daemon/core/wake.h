/* wake.h: which rules an event can wake, told from its words alone.
 * Layer: core (pure).
 *
 * Most rules of an event are of another kind, direction or outcome. Each of these fields has a
 * closed list of words, so an event is a few bits, and a rule the set of bits it can live with: one
 * AND passes over the others, and for most rules there is no condition left to look at. */
#pragma once
#include "core/cond.h"
#include "core/event.h"

/* Of a condition on the event. */
struct wake {
    uint64_t words; /* the bits with which it can hold; an event with any other makes it false */
    bool exact; /* it says nothing else: with these bits it holds, if the event has plain words */
};

/* One bit for each of the fields, of the word that the event has there. */
uint64_t wake_words(const struct event *event);
/* None of them is a word that no list has, which only the condition itself can judge. */
bool wake_is_plain(uint64_t words);

struct wake wake_of(const struct cond *cond); /* NULL holds with any */
