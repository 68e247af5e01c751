#include "wire/cloudevents.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/event_schema.h"
#include "wire/jtree.h"
#include "wire/percent.h"

enum { LINE_CHARS = 300, SUBJECT_CHARS = 320, EXTENSION_CHARS = 20 };

/* The attributes around `data`. */
struct envelope {
    const char *specversion, *id, *source, *type, *subject, *datacontenttype, *dataschema, *repid;
    int64_t time;
    const struct jtree *data;
    const char *kind, *kind_id; /* of a subject KIND/ID, else NULL */
};

#define AT(member) ((int)offsetof(struct envelope, member))

static const char *const versions[] = {"1.0"};
static const struct word_list version_list = {"a version known here", versions, 1};

static const struct member envelope_rows[] = {
    {MEMBER_NAMED("specversion"), MEMBER_WORD, AT(specversion), true, .words = &version_list},
    {MEMBER_NAMED("id"), MEMBER_LINE, AT(id), true, .min = 1, .max = CLOUDEVENTS_ID_CHARS},
    {MEMBER_NAMED("source"), MEMBER_LINE, AT(source), true, .min = 1, .max = LINE_CHARS},
    {MEMBER_NAMED("type"), MEMBER_LINE, AT(type), true, .min = 1, .max = LINE_CHARS},
    {MEMBER_NAMED("time"), MEMBER_TIME, AT(time), true, .min = 0},
    {MEMBER_NAMED("subject"), MEMBER_LINE, AT(subject), .min = 1, .max = SUBJECT_CHARS},
    {MEMBER_NAMED("datacontenttype"), MEMBER_LINE, AT(datacontenttype), .max = LINE_CHARS},
    {MEMBER_NAMED("dataschema"), MEMBER_LINE, AT(dataschema), .max = LINE_CHARS},
    {MEMBER_NAMED("recordedtime"), MEMBER_TIME, MEMBER_NOWHERE, .min = 0},
    {MEMBER_NAMED("partitionkey"), MEMBER_LINE, MEMBER_NOWHERE, .max = SUBJECT_CHARS},
    {MEMBER_NAMED("repid"), MEMBER_LINE, AT(repid), .min = 1, .max = LINE_CHARS},
    {MEMBER_NAMED("derived"), MEMBER_FLAG, MEMBER_NOWHERE, .min = 0},
    {MEMBER_NAMED("data"), MEMBER_ANY, AT(data), .min = 0},
};
static const struct member_table envelope_table = {envelope_rows, ARRAY_LEN(envelope_rows), 5,
                                                   false};

/* ASCII only: the locale has no say in headers. */
static bool prefix_is(const char *text, const char *prefix)
{
    for (; *prefix; text++, prefix++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
        if (c != *prefix)
            return false;
    }
    return true;
}

enum cloudevents_mode cloudevents_mode(const char *content_type)
{
    if (!content_type)
        return CLOUDEVENTS_BINARY;
    content_type += strspn(content_type, " \t");
    /* the longer name first, or a batch would be read as one event */
    if (prefix_is(content_type, "application/cloudevents-batch"))
        return CLOUDEVENTS_BATCH;
    if (prefix_is(content_type, "application/cloudevents"))
        return CLOUDEVENTS_STRUCTURED;
    return CLOUDEVENTS_BINARY;
}

/* Source: CloudEvents 1.0.2, "Attribute naming convention"; the schema's patternProperties. */
static int check_names(const struct jtree *root, bool known, struct err *err)
{
    static const bool fit[256] = {['0' ... '9'] = true, ['a' ... 'z'] = true};
    for (const struct jtree *m = root->first; m; m = m->next) {
        size_t length = 0;
        while (fit[(unsigned char)m->key[length]])
            length++;
        if (length && length <= EXTENSION_CHARS && !m->key[length])
            continue;
        if (!known && strcmp(m->key, "data_base64") == 0)
            continue;
        if (strcmp(m->key, "data_base64") == 0)
            return member_fail(err, NULL, "data_base64: data must be a JSON object in `data`");
        return member_fail(err, NULL,
                           "'%.*s' is no attribute's name (1 to %d of a-z and 0-9; what belongs to "
                           "the event goes into `data`)",
                           (int)utf8_prefix(m->key, 40), m->key, EXTENSION_CHARS);
    }
    return 0;
}

/* Source: RFC 3986, 4.1; only the characters are looked at. */
static int check_source(const char *source, struct err *err)
{
    static const bool fit[256] = {['!'] = true,         ['#' ... ';'] = true, ['='] = true,
                                  ['?' ... '['] = true, [']'] = true,         ['_'] = true,
                                  ['a' ... 'z'] = true, ['~'] = true};
    const char *p = source;
    while (fit[(unsigned char)*p])
        p++;
    return !*p ? 0
               : member_fail(err, NULL, "source: '%.*s' is not a URI reference",
                             (int)utf8_prefix(source, 40), source);
}

static void split_subject(struct envelope *e)
{
    const struct word_list *kinds = event_subjects();
    const char *slash = e->subject ? strchr(e->subject, '/') : NULL;
    if (!slash || !slash[1])
        return;
    size_t length = (size_t)(slash - e->subject);
    for (size_t i = 0; i < kinds->count; i++) {
        const char *kind = kinds->words[i];
        if (strncmp(kind, e->subject, length) == 0 && !kind[length]) {
            e->kind = kind;
            e->kind_id = slash + 1;
            return;
        }
    }
}

/* An id has to fit where it is written back to. */
static int check_subject_length(const char *subject, struct err *err)
{
    const char *slash = subject ? strchr(subject, '/') : NULL;
    size_t bytes = slash ? strlen(slash + 1) : 0;
    if (bytes <= LINE_CHARS || utf8_length(slash + 1, bytes) <= LINE_CHARS)
        return 0;
    return member_fail(err, NULL, "subject: an ID of more than %d characters", LINE_CHARS);
}

static int check_subject(const struct envelope *e, const struct event_schema *schema,
                         struct err *err)
{
    if (!e->subject)
        return member_fail(err, NULL, "subject: is missing");
    if (schema->subject_fixed && !str_eq(e->kind, schema->subject))
        return member_fail(err, NULL, "subject: '%.*s' is not %s/ID, as %s needs it",
                           (int)utf8_prefix(e->subject, 40), e->subject, schema->subject, e->type);
    if (e->kind)
        return 0;
    return member_fail(err, NULL,
                       "subject: '%.*s' is not KIND/ID with one of deal, rep, team, activity, "
                       "goal, prompt, content, training",
                       (int)utf8_prefix(e->subject, 40), e->subject);
}

static int check_envelope(const struct envelope *e, const struct event_schema *schema,
                          struct err *err)
{
    static const char json[] = "application/json";
    const char *media = e->datacontenttype;
    if (media && (!prefix_is(media, json) ||
                  (media[sizeof(json) - 1] && !strchr("; \t", media[sizeof(json) - 1]))))
        return member_fail(err, NULL, "datacontenttype: must be application/json");
    if (e->dataschema && strcmp(e->dataschema, "urn:gritd:event:1") != 0)
        return member_fail(err, NULL, "dataschema: must be urn:gritd:event:1");
    if (schema->repid && !e->repid)
        return member_fail(err, NULL, "repid: is missing, %s needs it", e->type);
    return check_subject(e, schema, err);
}

/* What the subject and the owner tell when nothing nearer does. */
static void fill_gaps(const struct envelope *e, struct event *event)
{
    if (!event->deal && str_eq(e->kind, "deal"))
        event->deal = e->kind_id;
    event->rep = e->repid;
    if (event->type != EVENT_OTHER && str_eq(e->kind, "activity") && !str_eq(e->kind_id, event->id))
        event->activity = e->kind_id; /* of a type nobody knows it would not be written again */
    if (!event->rep && str_eq(e->kind, "rep"))
        event->rep = e->kind_id;
    if (!event->rep && !str_empty(event->owner))
        event->rep = event->owner;
}

int cloudevents_read(const struct jtree *root, struct err *err, struct event *ret)
{
    struct envelope e = {0};
    struct event event;
    bool others; /* the names in the table are good ones */
    if (root->type != JTREE_OBJECT)
        return member_fail(err, NULL, "an event must be an object, not %s", jtree_type_name(root));
    int result = event_table_read(root, &envelope_table, NULL, err, &e, &others);
    if (!result)
        result = check_source(e.source, err);
    if (!result)
        result = check_subject_length(e.subject, err);
    if (result)
        return result;
    event_init(&event, event_type_sent(e.type), e.time);
    bool known = event.type != EVENT_OTHER;
    split_subject(&e);
    result = others ? check_names(root, known, err) : 0;
    if (!result && known)
        result = check_envelope(&e, event_schema(event.type), err);
    if (!result && known)
        result = e.data ? event_data_read(e.data, err, &event)
                        : member_fail(err, NULL, "data: is missing");
    if (result)
        return result;
    if (!known)
        event.type_name = e.type;
    event.id = e.id;
    event.source = e.source;
    event.key = event_key(e.source, e.id);
    fill_gaps(&e, &event);
    *ret = event;
    return 0;
}

int cloudevents_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
                      struct event *ret)
{
    struct jtree *root;
    int result = jtree_parse(bytes, length, arena, err, &root);
    return result ? result : cloudevents_read(root, err, ret);
}

int cloudevents_parse_batch(const char *bytes, size_t length, struct arena *arena, struct err *err,
                            int (*emit)(void *user, const struct event *event), void *user)
{
    struct jtree *root;
    int result = jtree_parse(bytes, length, arena, err, &root);
    if (result)
        return result;
    if (root->type != JTREE_ARRAY)
        return member_fail(err, NULL, "a batch must be a list of events, not %s",
                           jtree_type_name(root));
    if (root->count > CLOUDEVENTS_BATCH_MAX)
        return err_set(err, E2BIG, "a batch of more than %d events", CLOUDEVENTS_BATCH_MAX);
    struct event *events = arena_alloc(arena, (root->count + 1) * sizeof(*events));
    size_t count = 0;
    for (const struct jtree *item = root->first; item; item = item->next, count++) {
        if (cloudevents_read(item, err, &events[count]))
            return err_prefix(err, "event %zu: ", count + 1);
    }
    for (size_t i = 0; i < count; i++) {
        result = emit(user, &events[i]);
        if (result)
            return result;
    }
    return 0;
}

static int add_header(struct jtree *root, const struct wire_header *header, struct arena *arena,
                      struct err *err)
{
    char *key = arena_strdup(arena, header->name + 3), *value;
    for (char *p = key; *p; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    if (strcmp(key, "data") == 0 || strcmp(key, "datacontenttype") == 0)
        return member_fail(err, NULL, "%s: there is no such header", header->name);
    if (jtree_find(root, key))
        return member_fail(err, NULL, "%s: is given twice", header->name);
    if (percent_decode_header(header->value, arena, &value))
        return member_fail(err, NULL, "%s: is not percent-encoded UTF-8", header->name);
    struct jtree *node = jtree_text_new(arena, value);
    /* the one attribute that is not text has no other form in a header */
    if (strcmp(key, "derived") == 0 && (str_eq(value, "true") || str_eq(value, "false")))
        node->type = value[0] == 't' ? JTREE_TRUE : JTREE_FALSE;
    jtree_add(root, key, node);
    return 0;
}

int cloudevents_parse_binary(struct wire_headers headers, const char *body, size_t length,
                             struct arena *arena, struct err *err, struct event *ret)
{
    struct jtree *root = jtree_object_new(arena), *data;
    for (size_t i = 0; i < headers.count; i++) {
        const char *name = headers.list[i].name;
        if (root->count >= CLOUDEVENTS_HEADERS_MAX)
            return err_set(err, E2BIG, "more than %d ce- headers", CLOUDEVENTS_HEADERS_MAX);
        if (str_ieq(name, "content-type") && !jtree_find(root, "datacontenttype"))
            jtree_add(root, "datacontenttype",
                      jtree_text_new(arena, arena_strdup(arena, headers.list[i].value)));
        if (prefix_is(name, "ce-") && add_header(root, &headers.list[i], arena, err))
            return -EINVAL;
    }
    if (length) {
        if (jtree_parse(body, length, arena, err, &data))
            return err_prefix(err, "data: ");
        jtree_add(root, "data", data);
    }
    return cloudevents_read(root, err, ret);
}

/* KIND/ID; a deal that only the subject named goes back there. */
static void encode_subject(const struct event *event, struct jsonw *json, struct strbuf *scratch)
{
    const struct event_schema *schema = event_schema(event->type);
    const char *kind = schema->subject, *id = event->id;
    bool in_data = false;
    for (size_t i = 0; i < schema->data.count; i++)
        in_data = in_data || schema->data.rows[i].form == MEMBER_DEAL;
    if (str_eq(kind, "rep")) {
        id = event->rep;
    } else if (event->deal && (!in_data || str_eq(kind, "deal"))) {
        kind = "deal";
        id = event->deal;
    } else if (str_eq(kind, "activity") && event->activity) {
        id = event->activity;
    } else if (str_eq(kind, "goal") && event->goal) {
        id = event->goal;
    } else if (str_eq(kind, "training") && event->topic) {
        id = event->topic;
    }
    if (!kind || !id)
        return;
    strbuf_puts(scratch, kind);
    strbuf_putc(scratch, '/');
    strbuf_puts(scratch, id);
    jsonw_text(json, "subject", strbuf_text(scratch));
}

void cloudevents_encode(const struct event *event, struct strbuf *out)
{
    struct strbuf scratch = {0};
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "specversion", "1.0");
    jsonw_text(&json, "id", event->id);
    jsonw_text(&json, "source", event->source);
    if (event->type != EVENT_OTHER) {
        strbuf_puts(&scratch, "gritd.");
        strbuf_puts(&scratch, event_type_name(event->type));
    }
    jsonw_text(&json, "type",
               event->type == EVENT_OTHER ? event->type_name : strbuf_text(&scratch));
    jsonw_time(&json, "time", event->time);
    strbuf_clear(&scratch);
    encode_subject(event, &json, &scratch);
    /* an owner that nobody has matched to a person yet is no repid */
    if (event_schema(event->type)->repid || !str_eq(event->rep, event->owner))
        jsonw_text_opt(&json, "repid", event->rep);
    strbuf_clear(&scratch);
    if (event->type < EVENT_OTHER) {
        event_data_write(event, &scratch);
        jsonw_raw(&json, "data", strbuf_text(&scratch));
    }
    jsonw_object_end(&json);
    strbuf_done(&scratch);
}
