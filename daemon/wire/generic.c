#include "wire/generic.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "wire/cloudevents.h"

struct parts {
    const json_t *root, *data;
    struct arena *arena;
    struct wire_header list[12];
    size_t count;
};

static void add(struct parts *parts, const char *name, const char *value)
{
    if (value)
        parts->list[parts->count++] = (struct wire_header){name, value};
}

static const char *member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const char *type_of(const struct parts *parts)
{
    const char *type = member(parts->root, "type");
    if (!type || str_starts(type, "gritd."))
        return type;
    return arena_printf(parts->arena, "gritd.%s", type);
}

/* What the event is about: said outright, else its deal, else its rep. */
static const char *subject_of(const struct parts *parts, const char *rep, const char *id)
{
    const char *said = member(parts->root, "subject");
    const char *deal = member(json_object_get(parts->data, "deal"), "id");
    const char *type = member(parts->root, "type");
    if (said)
        return said;
    if (type && strstr(type, "activity."))
        return arena_printf(parts->arena, "activity/%s", id);
    if (deal)
        return arena_printf(parts->arena, "deal/%s", deal);
    return rep ? arena_printf(parts->arena, "rep/%s", rep) : NULL;
}

static int check(const struct parts *parts, const char *id, struct err *err)
{
    if (!member(parts->root, "type"))
        return err_set(err, EINVAL, "type: missing; it is a word such as \"deal.won\"");
    if (!member(parts->root, "timestamp"))
        return err_set(err, EINVAL,
                       "timestamp: missing; it is a time such as \"2027-02-01T09:00:00Z\"");
    if (!json_is_object(parts->data))
        return err_set(err, EINVAL, "data: missing; it is an object");
    if (str_empty(id))
        return err_set(err, EINVAL, "id: missing, and there is no webhook-id header");
    return 0;
}

static int parse_parts(struct parts *parts, const char *intake, const char *id, struct err *err,
                       struct event *ret)
{
    int status = check(parts, id, err);
    if (status)
        return status;
    const char *rep = member(parts->root, "repid");
    add(parts, "ce-specversion", "1.0");
    add(parts, "ce-id", id);
    add(parts, "ce-source", arena_printf(parts->arena, "/intake/%s", intake));
    add(parts, "ce-type", type_of(parts));
    add(parts, "ce-time", member(parts->root, "timestamp"));
    add(parts, "ce-repid", rep);
    add(parts, "ce-subject", subject_of(parts, rep, id));
    add(parts, "content-type", "application/json");
    char *data = json_dumps(parts->data, JSON_COMPACT);
    status = cloudevents_parse_binary((struct wire_headers){parts->list, parts->count}, data,
                                      strlen(data), parts->arena, err, ret);
    free(data);
    return status;
}

int generic_parse(const char *intake, const char *id, const char *body, size_t length,
                  struct arena *arena, struct err *err, struct event *ret)
{
    json_error_t why;
    json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, &why);
    struct parts parts = {.root = root, .data = json_object_get(root, "data"), .arena = arena};
    int status;
    if (!json_is_object(root))
        status = err_set(err, EINVAL, "line %d column %d: %s", root ? 1 : why.line,
                         root ? 1 : why.column, root ? "not an object" : why.text);
    else if (json_object_get(root, "specversion"))
        status = cloudevents_parse(body, length, arena, err, ret);
    else
        status = parse_parts(&parts, intake, str_empty(id) ? member(root, "id") : id, err, ret);
    json_decref(root);
    return status;
}
