/* event_schema.h: which members the data of each event type has, and where struct event keeps them.
 * Layer: wire (pure). Reading and writing walk the same tables, so that they cannot disagree.
 * Source: protocols, grit-event.schema.json. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "core/event.h"
#include "wire/jtree.h"

enum member_form {
    MEMBER_ANY,       /* not looked at; kept as its node */
    MEMBER_LINE,      /* text of one line, min to max characters */
    MEMBER_PROSE,     /* text that may have line breaks */
    MEMBER_WORD,      /* one of `words` */
    MEMBER_WHOLE,     /* whole number, at least min */
    MEMBER_DECIMAL,   /* number in thousandths, at least min */
    MEMBER_TIME,      /* RFC 3339 date-time */
    MEMBER_DATE,      /* YYYY-MM-DD */
    MEMBER_FLAG,      /* true or false */
    MEMBER_GATE_NAME, /* a-z 0-9 _ */
    MEMBER_STAGE,     /* an object: canonical, raw, ... */
    MEMBER_MONEY,     /* an object: minor, currency */
    MEMBER_MAJOR,     /* a number in whole units of deal.currency */
    MEMBER_CURRENCY,
    MEMBER_AMOUNT_TO, /* MONEY or MAJOR, of amount_changed */
    MEMBER_DEAL,
    MEMBER_ORIGIN,
    MEMBER_FORMS,
};

struct word_list {
    const char *noun; /* "a stage" */
    const char *const *words;
    size_t count;
};

enum { MEMBER_NOWHERE = -1 }; /* checked, not kept */

struct member {
    const char *name;
    uint32_t hash; /* of the name: MEMBER_NAMED() */
    enum member_form form;
    int offset; /* in the struct that is filled, or MEMBER_NOWHERE */
    bool required;
    bool nullable; /* null means absent */
    long min, max;
    const struct word_list *words;
};

/* The name of a row and its hash; `form` is next. */
#define MEMBER_NAMED(text) .name = text, .hash = JTREE_KEY_HASH(text)

struct member_table {
    const struct member *rows;
    size_t count;
    size_t required; /* how many rows are */
    bool closed;     /* additionalProperties: false */
};

/* Subjects are KIND/ID. */
struct event_schema {
    const char *subject; /* the kind that is written; NULL: none */
    bool subject_fixed;  /* no other kind is taken */
    bool repid;          /* required */
    struct member_table data;
};

const struct event_schema *event_schema(enum event_type type);
const struct word_list *event_subjects(void);

extern const struct member_table event_deal_table, event_origin_table, event_stage_table,
    event_money_table;

/* What event_stage_table and event_money_table fill. */
struct event_stage {
    const char *canonical, *raw;
};

struct event_money {
    int64_t minor;
    const char *currency;
};

/* Where an error lies: "data.deal.id" is three of these. */
struct member_path {
    const struct member_path *up;
    const char *name;
};

/* Reads `data` into event, whose type is set; text stays in the tree. Errors: -EINVAL naming path
 * and mistake. */
int event_data_read(const struct jtree *data, struct err *err, struct event *event);

/* One object by a table, into `target`; for the envelope around data. *ret_others: whether it has
 * members that the table does not name. */
int event_table_read(const struct jtree *object, const struct member_table *table,
                     const struct member_path *path, struct err *err, void *target,
                     bool *ret_others);

/* Writes "data" with its braces. */
void event_data_write(const struct event *event, struct strbuf *out);

/* "data.deal.id: <words>", -EINVAL. */
int member_fail(struct err *err, const struct member_path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
