/* event_form.h: the readers of single values behind event_schema.h; private to reading.
 * Layer: wire (pure). */
#pragma once
#include <string.h>

#include "wire/event_schema.h"

struct member_reader {
    struct err *err;
    struct event *event;
    const struct jtree *deal_value, *deal_major; /* the two ways to give the amount */
    const struct jtree *to_amount;
    bool others; /* there were members that no row is for */
};

/* Reads node into target as the row says. Errors: -EINVAL naming path and mistake. */
typedef int (*member_read)(struct member_reader *r, const struct jtree *node,
                           const struct member *row, const struct member_path *path, void *target);

int member_read_any(struct member_reader *r, const struct jtree *node, const struct member *row,
                    const struct member_path *path, void *target);
int member_read_prose(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target);
int member_read_line(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target);
int member_read_word(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target);
int member_read_whole(struct member_reader *r, const struct jtree *node, const struct member *row,
                      const struct member_path *path, void *target);
int member_read_decimal(struct member_reader *r, const struct jtree *node, const struct member *row,
                        const struct member_path *path, void *target);
int member_read_time(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target);
int member_read_date(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target);
int member_read_flag(struct member_reader *r, const struct jtree *node, const struct member *row,
                     const struct member_path *path, void *target);
int member_read_gate_name(struct member_reader *r, const struct jtree *node,
                          const struct member *row, const struct member_path *path, void *target);
int member_read_currency(struct member_reader *r, const struct jtree *node,
                         const struct member *row, const struct member_path *path, void *target);

/* A number times 10^places, held to the row's min and max. */
int member_read_number(struct member_reader *r, const struct jtree *node, const struct member *row,
                       int places, const struct member_path *path, int64_t *ret);

/* Says that node should have the type; -EINVAL. */
int member_unwanted(struct member_reader *r, const struct jtree *node, enum jtree_type type,
                    const struct member_path *path);

/* Whether node has the type. Inline, as each member is asked. */
static inline int member_want(struct member_reader *r, const struct jtree *node,
                              enum jtree_type type, const struct member_path *path)
{
    return node->type == type ? 0 : member_unwanted(r, node, type, path);
}

static inline void member_put_text(const struct member *row, void *target, const char *text)
{
    if (row->offset != MEMBER_NOWHERE)
        memcpy((char *)target + row->offset, &text, sizeof(text));
}

/* Cuts a value for an error text: `"'%.*s'", MEMBER_QUOTED(text)`. */
enum { MEMBER_QUOTE_CHARS = 40 };
#define MEMBER_QUOTED(text) (int)utf8_prefix((text), MEMBER_QUOTE_CHARS), (text)
