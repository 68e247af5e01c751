/* Close, after an outage or a subscription that was switched off: its event log, kept for 30 days.
 * An entry is what the webhook would have sent, with the same id.
 * Source: Close API, "Event log", "Retrieve a list of events". */
#include <errno.h>
#include <stdio.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/binary_text.h"
#include "wire/poll_put.h"

#define OVERLAP (10 * MSEC_MINUTE) /* updates are merged for a while before they are told */
#define SPAN    (6 * MSEC_HOUR)    /* read at one time: pages come newest first, and are turned */
#define LEAST   MSEC_MINUTE        /* of a span that was narrowed */
#define KEPT    (30 * MSEC_DAY)
#define HELD    ((size_t)8 << 20) /* bytes: an e-mail is an entry with its whole text */

enum { STEP_PAGE = 1, PAGES_MAX = 100, PAGE_EVENTS = 50, KEY_BYTES = 300, MARK_BYTES = 1000 };

/* One span of time: all its pages, then its events oldest first. With more than is held at once it
 * is read anew at half its length; the shortest ones are handed out in parts. */
struct round {
    msec_t from, to, length;
    const char *bodies[PAGES_MAX * PAGE_EVENTS];
    size_t count, pages, bytes;
};

static int check(const struct poll_setup *setup, struct err *err)
{
    return strlen(setup->secret) <= KEY_BYTES
               ? 0
               : err_set(err, EINVAL, "an API key of Close is not that long");
}

/* The span at the beginning of what is left to read. Of the one before nothing is needed any more.
 */
static struct round *span(struct poll *poll, msec_t length)
{
    arena_reset(&poll->arena);
    poll->more = NULL;
    struct round *round = poll->own = arena_alloc(&poll->arena, sizeof(*round));
    round->length = length > SPAN ? SPAN : length;
    round->from = poll->from < poll->now - KEPT ? poll->now - KEPT : poll->from;
    round->to = round->from + round->length < poll->now ? round->from + round->length : poll->now;
    return round;
}

static struct round *round_of(struct poll *poll)
{
    return poll->own ? poll->own : span(poll, SPAN);
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct round *round = round_of(poll);
    struct strbuf query = {0};
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES], key[KEY_BYTES + 2];
    char basic[4 * sizeof(key)], limit[12];
    (void)snprintf(limit, sizeof(limit), "%d", poll->at_once); /* fits */
    poll_field(&query, "_limit", limit);
    poll_field(&query, "date_updated__gte", msec_format(round->from, from));
    poll_field(&query, "date_updated__lte", msec_format(round->to, to));
    if (poll->more)
        poll_field(&query, "_cursor", poll->more);
    int status = poll_url(poll, "/api/v1/event/", &query, &ret->url, err);
    strbuf_done(&query);
    int length = snprintf(key, sizeof(key), "%s:", poll->setup.secret);
    ret->headers[0] = arena_printf(&poll->arena, "Authorization: Basic %s",
                                   base64_encode(key, (size_t)length, basic));
    return status;
}

/* Times of Close have no zone mark and are UTC. */
static msec_t time_of(struct poll *poll, const json_t *entry)
{
    const char *text = json_string_value(json_object_get(entry, "date_updated"));
    msec_t t;
    if (!text || strlen(text) >= MSEC_TEXT_BYTES)
        return MSEC_NONE;
    bool zone = strchr(text, 'Z') || strchr(text, '+');
    return msec_parse(zone ? text : arena_printf(&poll->page, "%sZ", text), &t) ? MSEC_NONE : t;
}

/* Notes the entries of a page. *ret_inside: none of it is older than the span. */
static int note(struct poll *poll, struct round *round, const json_t *data, bool *ret_inside,
                struct err *err)
{
    *ret_inside = true;
    if (json_array_size(data) > PAGE_EVENTS)
        return err_set(err, EINVAL, "its answer has more than the %d events that were asked for",
                       PAGE_EVENTS);
    for (size_t i = 0; i < json_array_size(data); i++) {
        const json_t *entry = json_array_get(data, i);
        msec_t at = time_of(poll, entry);
        *ret_inside &= at == MSEC_NONE || at >= round->from;
        if (at != MSEC_NONE && at < round->from)
            continue;
        char *text = json_dumps(entry, JSON_COMPACT);
        if (text) {
            round->bytes += strlen(text);
            round->bodies[round->count++] = arena_printf(&poll->arena, "{\"event\":%s}", text);
        }
        free(text);
    }
    return 0;
}

static int hand_out(struct poll *poll, struct round *round, struct err *err)
{
    while (round->count > 0) {
        const char *body = round->bodies[--round->count];
        int status = poll_parse(poll, &crm_close, body, strlen(body), err);
        if (poll_is_odd(status))
            poll->ignored++; /* one odd entry does not hold up those behind it */
        else if (status)
            return status;
    }
    return 0;
}

/* All of the span was handed out. Here a round that does not come to its end goes on. */
static void next_span(struct poll *poll, const struct round *round)
{
    if (round->to >= poll->now) {
        poll->step = POLL_IDLE;
        return;
    }
    poll->from = poll->cursor.until = round->to;
    bool few = round->pages <= PAGES_MAX / 4 && round->bytes <= HELD / 4;
    (void)span(poll, few ? 2 * round->length : round->length);
}

/* As much as is held at once, and there is more. */
static int overfull(struct poll *poll, struct round *round, struct err *err)
{
    msec_t length = round->to - round->from;
    if (length > LEAST) {
        (void)span(poll, length / 2 > LEAST ? length / 2 : LEAST);
        return 0;
    }
    int status = hand_out(poll, round, err);
    const struct round old = *round;
    const char *more = arena_strdup(&poll->page, poll->more);
    struct round *rest = span(poll, old.length);
    rest->from = old.from;
    rest->to = old.to;
    poll->more = arena_strdup(&poll->arena, more);
    return status;
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct round *round = round_of(poll);
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL);
    const json_t *data = json_object_get(root, "data");
    const char *more = json_string_value(json_object_get(root, "cursor_next"));
    int status = 0;
    if (!json_is_array(data))
        status = err_set(err, EINVAL, "its answer has no data");
    else if (more && strlen(more) >= MARK_BYTES)
        status = err_set(err, EINVAL, "its answer has a cursor_next that is too long");
    bool inside = true;
    if (!status)
        status = note(poll, round, data, &inside, err);
    poll->more = inside && more && json_array_size(data) ? arena_strdup(&poll->arena, more) : NULL;
    json_decref(root);
    if (status)
        return status;
    if (poll->more)
        return ++round->pages < PAGES_MAX && round->bytes < HELD ? 0 : overfull(poll, round, err);
    status = hand_out(poll, round, err);
    if (!status)
        next_span(poll, round);
    return status;
}

const struct poll_kind poll_close = {
    .name = "close",
    .overlap = OVERLAP,
    .first = STEP_PAGE,
    .at_once = PAGE_EVENTS,
    .check = check,
    .ask = ask,
    .read = read,
};
