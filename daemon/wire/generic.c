#include "wire/generic.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/rule.h"
#include "wire/cloudevents.h"
#include "wire/crm_put.h"
#include "wire/event_shape.h"
#include "wire/form_tree.h"
#include "wire/remap.h"

struct generic {
    const struct crm_request *request;
    struct crm_out *out;
    const char *source;
    struct event *events; /* all of them are read before the first is handed out */
    size_t count, cap;
};

static const char *text_of(const struct jtree *object, const char *name)
{
    const struct jtree *node = jtree_find(object, name);
    return node && node->type == JTREE_TEXT ? node->text : NULL;
}

static struct jtree *member(const struct jtree *object, const char *name)
{
    return (struct jtree *)(uintptr_t)jtree_find(object, name); /* the tree is ours to change */
}

/* --- identity --- */

static bool seen(const struct crm_request *request, const char *source, const char *id)
{
    return request->seen && request->seen(request->seen_user, source, id);
}

/* The hash of the body and the minute in which it came first: one of the last ten, where the same
 * was seen then, so that a second copy has the id of the first one. */
static const char *body_id(const struct generic *g)
{
    const struct crm_request *request = g->request;
    struct hash128 hash = hash_bytes(0, request->body, request->length);
    msec_t minute = request->now / MSEC_MINUTE;
    const char *id = NULL;
    for (msec_t m = minute; m > minute - GENERIC_REPEAT_MINUTES; m--) {
        id = arena_printf(g->out->arena, "body:%016llx%016llx:%zu:%lld", (unsigned long long)hash.a,
                          (unsigned long long)hash.b, g->count, (long long)m);
        if (seen(request, g->source, id))
            return id;
    }
    return arena_printf(g->out->arena, "body:%016llx%016llx:%zu:%lld", (unsigned long long)hash.a,
                        (unsigned long long)hash.b, g->count, (long long)minute);
}

/* Its own id, else the header's; further events of one request have a number behind that. */
static const char *id_of(const struct generic *g, const struct jtree *flat)
{
    struct arena *arena = g->out->arena;
    const char *own = crm_text(arena, flat, "id");
    const char *header = wire_header_find(g->request->headers, "webhook-id", NULL);
    if (!str_empty(own))
        return own;
    if (str_empty(header))
        return body_id(g);
    return g->count ? arena_printf(arena, "%s:%zu", header, g->count) : header;
}

/* --- the flat form --- */

static bool is_about(const char *name)
{
    static const char *const names[] = {"type",  "id",      "time", "timestamp",
                                        "repid", "subject", "rep",  "data"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(names[i], name))
            return true;
    }
    return false;
}

/* `data` as it stands there, else all that is not about the event itself. */
static struct jtree *data_of(struct arena *arena, const struct jtree *flat)
{
    const struct jtree *own = jtree_find(flat, "data");
    if (own && own->type == JTREE_OBJECT)
        return member(flat, "data");
    struct jtree *data = jtree_object_new(arena);
    for (const struct jtree *node = flat->first; node; node = node->next) {
        if (is_about(node->key))
            continue;
        struct jtree *copy = arena_alloc(arena, sizeof(*copy));
        *copy = *node;
        copy->next = NULL;
        jtree_add(data, node->key, copy);
    }
    struct jtree *deal = member(data, "deal");
    if (deal && (deal->type == JTREE_TEXT || deal->type == JTREE_NUMBER)) { /* only its id */
        struct jtree *id = arena_alloc(arena, sizeof(*id));
        *id = *deal;
        id->next = NULL;
        *deal = (struct jtree){
            .type = JTREE_OBJECT, .key = deal->key, .key_hash = deal->key_hash, .next = deal->next};
        jtree_add(deal, "id", id);
    }
    return data;
}

/* What the event is about: said outright, else by its type its own id, its deal or its rep. */
static const char *subject_of(struct arena *arena, const struct jtree *flat, enum event_type type,
                              const struct jtree *data, const char *rep, const char *id)
{
    const char *said = text_of(flat, "subject"), *kind = event_schema(type)->subject;
    const struct jtree *deal = jtree_find(data, "deal");
    const char *goal = text_of(data, "goal");
    if (said)
        return said;
    if (str_eq(kind, "activity") || str_eq(kind, "training"))
        return arena_printf(arena, "%s/%s", kind, id);
    if (str_eq(kind, "goal") && goal)
        return arena_printf(arena, "goal/%s", goal);
    const char *deal_id = deal && deal->type == JTREE_OBJECT ? text_of(deal, "id") : NULL;
    if (deal_id)
        return arena_printf(arena, "deal/%s", deal_id);
    return rep ? arena_printf(arena, "rep/%s", rep) : NULL;
}

static void put_text(struct arena *arena, struct jtree *object, const char *name, const char *text)
{
    if (!str_empty(text))
        jtree_add(object, name, jtree_text_new(arena, text));
}

/* time: a text with an offset, or seconds or milliseconds; absent or empty: now. */
static void put_time(const struct generic *g, const struct jtree *flat, struct jtree *object)
{
    static const char *const names[] = {"time", "timestamp"};
    char now[MSEC_TEXT_BYTES];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct jtree *said = jtree_find(flat, names[i]);
        if (!said || said->type == JTREE_NULL || (said->type == JTREE_TEXT && !said->length))
            continue;
        struct jtree *time = arena_alloc(g->out->arena, sizeof(*time));
        *time = *said;
        time->next = NULL;
        event_shape_time(g->out->arena, time);
        jtree_add(object, "time", time);
        return;
    }
    jtree_add(object, "time",
              jtree_text_new(g->out->arena,
                             arena_strdup(g->out->arena, msec_format(g->request->now, now))));
}

/* A stage that is an end is the closing; and which way a move goes, where nobody says. */
static void settle_stage(const struct generic *g, struct event *event)
{
    if (event->type != EVENT_DEAL_STAGE_CHANGED || !g->request->book)
        return;
    event->type = crm_stage_event(g->request, event->to);
    if (event->type != EVENT_DEAL_STAGE_CHANGED) {
        event->to = NULL;
        event->type_name = NULL;
    } else if (!event->direction && event->from) {
        event->direction = crm_direction(g->request, event->from, event->to);
    }
}

static int keep(struct generic *g, const struct event *event, struct err *err)
{
    if (g->count == GENERIC_EVENTS_MAX)
        return err_set(err, E2BIG, "more than %d events in one body", GENERIC_EVENTS_MAX);
    if (g->count == g->cap) {
        size_t cap = g->cap ? 2 * g->cap : 4;
        struct event *list = arena_alloc(g->out->arena, cap * sizeof(*list));
        if (g->count)
            memcpy(list, g->events, g->count * sizeof(*list));
        g->events = list;
        g->cap = cap;
    }
    g->events[g->count++] = *event;
    return 0;
}

static int read_flat(void *user, struct jtree *flat, struct err *err)
{
    struct generic *g = user;
    struct arena *arena = g->out->arena;
    struct event event;
    if (flat->type != JTREE_OBJECT)
        return err_set(err, EINVAL, "not an object");
    if (jtree_find(flat, "specversion")) {
        int status = cloudevents_read(flat, err, &event);
        return status ? status : keep(g, &event, err);
    }
    const char *name = text_of(flat, "type");
    if (str_empty(name))
        return err_set(err, EINVAL, "type: missing; it is a word such as \"deal.won\"");
    const char *bare = str_starts(name, "gritd.") ? name + strlen("gritd.") : name;
    enum event_type type = event_type_sent(bare);
    if (type == EVENT_OTHER) {
        g->out->ignored++;
        return 0;
    }
    const char *rep = crm_text(arena, flat, "rep"), *id = id_of(g, flat);
    if (!rep)
        rep = crm_text(arena, flat, "repid");
    struct jtree *whole = jtree_object_new(arena), *data = data_of(arena, flat);
    event_shape(arena, type, data);
    if (event_schema(type)->subject_fixed && str_eq(event_schema(type)->subject, "deal") &&
        !jtree_find(data, "deal"))
        return err_set(err, EINVAL, "deal: missing; it is an object with an id");
    put_text(arena, whole, "specversion", "1.0");
    put_text(arena, whole, "id", id);
    put_text(arena, whole, "source", g->source);
    put_text(arena, whole, "type", arena_printf(arena, "gritd.%s", bare));
    put_time(g, flat, whole);
    put_text(arena, whole, "repid", rep);
    put_text(arena, whole, "subject", subject_of(arena, flat, type, data, rep, id));
    struct jtree *copy = arena_alloc(arena, sizeof(*copy));
    *copy = *data;
    copy->next = NULL;
    jtree_add(whole, "data", copy);
    int status = cloudevents_read(whole, err, &event);
    if (status)
        return status;
    settle_stage(g, &event);
    return keep(g, &event, err);
}

static int read_list(struct generic *g, const struct jtree *list, struct err *err)
{
    int number = 0, status = 0;
    for (struct jtree *one = list->first; one && !status; one = one->next) {
        number++;
        status = read_flat(g, one, err);
    }
    return status ? err_prefix(err, "event %d: ", number) : 0;
}

static int parse_body(const struct crm_request *request, struct arena *arena, struct err *err,
                      struct jtree **ret)
{
    if (form_is(wire_header_find(request->headers, "content-type", NULL)))
        return form_parse(request->body, request->length, arena, err, ret);
    return jtree_parse(request->body, request->length, arena, err, ret);
}

int generic_read(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct generic g = {.request = request, .out = out};
    struct jtree *root;
    int status = parse_body(request, out->arena, err, &root);
    if (status)
        return status;
    g.source = arena_printf(out->arena, "/intake/%s", request->intake);
    if (request->map) {
        status = remap_run(request->map, root, out->arena, read_flat, &g, err);
        out->ignored += !status && !g.count;
    } else {
        status = root->type == JTREE_ARRAY ? read_list(&g, root, err) : read_flat(&g, root, err);
    }
    crm_sort(g.events, g.count);
    for (size_t i = 0; i < g.count && !status; i++)
        status = out->event(out->user, &g.events[i]);
    return status;
}
