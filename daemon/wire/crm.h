/* crm.h: a source of sales events: how its requests prove themselves and what they say.
 * Layer: wire (pure: the moment is handed in). Lifetime: what is read points into the caller's
 * arena or into the request.
 *
 * A new CRM is one file with a `const struct crm crm_NAME` and one row in crm_list.h. Receiving,
 * proving, storing, answering and keeping what could not be read are in gritd/intake.c, once for
 * all. Source: protocols, crm-events. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/msec.h"
#include "base/str.h"
#include "core/event.h"
#include "wire/header.h"

struct book;
struct remap;

/* One authentic request. Everything is borrowed for the call. */
struct crm_request {
    const char *intake;          /* its name in the configuration; NULL: /v1/events */
    const char *account;         /* whose data it must be, as the configuration says; NULL: any */
    struct wire_headers headers; /* those of crm->headers, and Content-Type */
    const char *body;
    size_t length;
    msec_t now;
    const struct book *book; /* the stages */
    const struct remap *map; /* what the configuration makes of any JSON; or NULL */
    /* Whether an event of this source and id was taken before; NULL: nobody knows. */
    bool (*seen)(void *user, const char *source, const char *id);
    void *seen_user;
    bool asked; /* what it tells is asked for as well, and that brings each change: see want() */
};

/* What has to be read back because the request does not hold it. */
struct crm_want {
    const char *object;        /* the CRM's own word: "deal", "0-48", "Opportunity" */
    const char *id;            /* of the record */
    const char *const *fields; /* up to a NULL; NULL: all that a record of that kind tells */
    msec_t time;               /* of the change that was told of */
    bool told;                 /* the change itself was told; what belongs to it lacks */
    bool automated, bulk;      /* as in an event: what it was told of as */
};

/* Where parse() puts what it finds. */
struct crm_out {
    struct arena *arena;
    /* 0, or a status that ends the parsing and is returned by it. */
    int (*event)(void *user, const struct event *event);
    /* Called while reading: where parse() fails, none of them counts. NULL: nobody reads back. */
    void (*want)(void *user, const struct crm_want *want);
    void *user;
    int ignored; /* what was told of and is of no interest */
};

struct crm {
    const char *name; /* as the configuration writes it */
    /* Of verify.h, up to a NULL; the first one where the configuration does not say. */
    const char *const *schemes;
    const char *const *headers; /* that parse() looks at, up to a NULL; NULL: none */
    const char *const
        *media;           /* without parameters, up to a NULL; others are answered 415; NULL: any */
    unsigned busy_status; /* with Retry-After: when the queue is full */

    /* Hands out the events of a request in the order of their time, all of them or, where
     * something cannot be read, none.
     * Errors: -EINVAL naming what is wrong, -E2BIG past a limit; what `event` returned. */
    int (*parse)(const struct crm_request *request, struct crm_out *out, struct err *err);

    /* The answer to a request that was taken, with its status and media type. NULL, and status 0:
     * 202 with numbers. */
    unsigned (*encode_reply)(const struct crm_request *request, struct strbuf *out,
                             const char **ret_media);
};

#define CRM(name) extern const struct crm crm_##name;
#include "wire/crm_list.h"
#undef CRM

const struct crm *crm_find(const char *name); /* or NULL */
const struct crm *crm_at(size_t index);       /* NULL past the end */

/* Whether a request's media type (NULL: none was given) is one that the row reads. */
bool crm_reads(const struct crm *crm, const char *content_type);
