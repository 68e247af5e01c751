/* deals.h: all deals. They come in any order, thousands a day where a year is played; who wants
 * them in order sorts those that are new since the last time. Layer: core (pure). */
#pragma once
#include <stddef.h>

struct deal;
struct deals;

struct deal_list {
    struct deal *const *list;
    size_t count;
};

struct deals *deals_new(void);
void deals_free(struct deals *deals); /* not the deals themselves; accepts NULL */

/* Its id is none that was added before. */
void deals_add(struct deals *deals, struct deal *deal);

size_t deals_count(const struct deals *deals);

/* All of them, in the order of their ids; valid until one is added. */
struct deal_list deals_sorted(struct deals *deals);
