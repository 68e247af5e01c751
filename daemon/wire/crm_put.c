#include "wire/crm_put.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/rule.h"
#include "wire/cloudevents.h"
#include "wire/decimal.h"

enum { LINE_CHARS = 300, SOURCE_CHARS = 100, DATE_CHARS = 10, ID_CHARS = 2 * CRM_ID_CHARS };

#define TIME_END INT64_C(253402300800000) /* the year 10000, which RFC 3339 cannot write */

/* --- events --- */

/* What an id may be where events are read again; longer ones are told apart by their hash. */
static const char *fit_id(struct arena *arena, const char *id)
{
    if (utf8_length(id, strlen(id)) <= CLOUDEVENTS_ID_CHARS)
        return id;
    struct hash128 hash = event_key("", id);
    return arena_printf(arena, "%.*s#%016llx%016llx", (int)utf8_prefix(id, SOURCE_CHARS), id,
                        (unsigned long long)hash.a, (unsigned long long)hash.b);
}

struct event *crm_add(struct crm_events *events, enum event_type type, msec_t time, const char *id,
                      struct err *err)
{
    if (events->count == CRM_EVENTS_MAX) {
        (void)err_set(err, E2BIG, "more than %d changes in one request", CRM_EVENTS_MAX);
        return NULL;
    }
    if (time < 0 || time >= TIME_END) {
        (void)err_set(err, EINVAL, "a time is missing, or outside of the years 1970 to 9999");
        return NULL;
    }
    if (events->count == events->cap) {
        size_t cap = events->cap ? 2 * events->cap : 8;
        struct event *list = arena_alloc(events->out->arena, cap * sizeof(*list));
        if (events->count)
            memcpy(list, events->list, events->count * sizeof(*list));
        events->list = list;
        events->cap = cap;
    }
    struct event *event = &events->list[events->count++];
    event_init(event, type, time);
    event->id = fit_id(events->out->arena, id);
    event->source = events->source;
    event->key = event_key(event->source, event->id);
    event->crm = events->crm;
    return event;
}

/* Few, and nearly in order: insertion keeps those of one moment as they came. */
void crm_sort(struct event *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct event event = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].time > event.time; k--)
            list[k] = list[k - 1];
        list[k] = event;
    }
}

int crm_flush(struct crm_events *events)
{
    crm_sort(events->list, events->count);
    for (size_t i = 0; i < events->count; i++) {
        struct event *event = &events->list[i];
        if (!event->rep)
            event->rep = event->owner;
        int status = events->out->event(events->out->user, event);
        if (status)
            return status;
    }
    return 0;
}

const char *crm_source(struct arena *arena, const char *crm, const char *account)
{
    static const bool fit[256] = {['-'] = true,         ['.'] = true,         ['_'] = true,
                                  ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true};
    char *source = arena_printf(arena, "/crm/%s/%.*s", crm, SOURCE_CHARS, account ? account : "-");
    for (char *p = source + strlen("/crm//") + strlen(crm); *p; p++)
        *p = fit[(unsigned char)*p] ? *p : '-';
    return source;
}

void crm_origin(struct event *event, const struct crm_events *events, const char *object,
                const char *id)
{
    event->crm = events->crm;
    event->object = object;
    event->object_id = id;
}

/* --- values --- */

static const struct jtree *member(const struct jtree *object, const char *name)
{
    return object && object->type == JTREE_OBJECT ? jtree_find(object, name) : NULL;
}

static const char *text_of(struct arena *arena, const struct jtree *node)
{
    if (!node || (node->type != JTREE_TEXT && node->type != JTREE_NUMBER) || !node->length)
        return NULL;
    return node->type == JTREE_TEXT ? node->text : arena_strndup(arena, node->text, node->length);
}

const char *crm_text(struct arena *arena, const struct jtree *object, const char *name)
{
    return text_of(arena, member(object, name));
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F;
}

const char *crm_line(struct arena *arena, const struct jtree *object, const char *name)
{
    const char *text = crm_text(arena, object, name);
    if (!text)
        return NULL;
    char *line = arena_strndup(arena, text, utf8_prefix(text, LINE_CHARS));
    for (char *p = line; *p; p++)
        *p = is_control(*p) ? ' ' : *p;
    return line;
}

const char *crm_id_of(struct arena *arena, const struct jtree *value)
{
    const char *text = text_of(arena, value);
    if (!text || utf8_length(text, strlen(text)) > CRM_ID_CHARS)
        return NULL;
    for (const char *p = text; *p; p++) {
        if (is_control(*p))
            return NULL;
    }
    return text;
}

const char *crm_id(struct arena *arena, const struct jtree *object, const char *name)
{
    return crm_id_of(arena, member(object, name));
}

bool crm_true(const struct jtree *object, const char *name)
{
    const struct jtree *node = member(object, name);
    return node && node->type == JTREE_TRUE;
}

int64_t crm_int(const struct jtree *object, const char *name, int64_t absent)
{
    const struct jtree *node = member(object, name);
    int64_t value;
    if (!node || (node->type != JTREE_NUMBER && node->type != JTREE_TEXT) ||
        decimal_parse(node->text, node->length, 0, &value, NULL))
        return absent;
    return value;
}

msec_t crm_time(const struct jtree *object, const char *name)
{
    const struct jtree *node = member(object, name);
    msec_t time;
    if (!node || node->type != JTREE_TEXT || msec_parse(node->text, &time) || time < 0 ||
        time >= TIME_END)
        return MSEC_NONE;
    return time;
}

const char *crm_date(struct arena *arena, const struct jtree *object, const char *name)
{
    const char *text = crm_text(arena, object, name);
    char whole[32];
    msec_t time;
    if (!text || strlen(text) < DATE_CHARS)
        return NULL;
    (void)snprintf(whole, sizeof(whole), "%.10sT00:00:00Z", text); /* 20 bytes */
    return msec_parse(whole, &time) || time < 0 ? NULL : arena_strndup(arena, text, DATE_CHARS);
}

const char *crm_currency(struct arena *arena, const struct jtree *object, const char *name)
{
    const char *text = crm_text(arena, object, name);
    return text && strlen(text) == 3 && currency_valid(text) ? text : NULL;
}

int64_t crm_amount(const struct jtree *object, const char *name, const char *currency)
{
    const struct jtree *node = member(object, name);
    int64_t value;
    if (!node || (node->type != JTREE_NUMBER && node->type != JTREE_TEXT) ||
        decimal_parse(node->text, node->length, currency_places(currency), &value, NULL))
        return NUMBER_NONE;
    return value;
}

/* --- stages --- */

const char *crm_word(const struct crm_word *words, const char *theirs)
{
    for (; words && theirs && words->theirs; words++) {
        if (str_ieq(words->theirs, theirs))
            return words->ours;
    }
    return NULL;
}

static const char *fit_stage(struct arena *arena, const char *word)
{
    return word ? arena_strndup(arena, word, utf8_prefix(word, LINE_CHARS)) : NULL;
}

const char *crm_stage(const struct crm_request *request, struct arena *arena,
                      const struct crm_stage *stage)
{
    if (stage->pipeline && stage->id) {
        const char *both = arena_printf(arena, "%s/%s", stage->pipeline, stage->id);
        if (book_stage(request->book, both))
            return both;
    }
    if (book_stage(request->book, stage->id))
        return stage->id;
    if (book_stage(request->book, stage->name))
        return stage->name;
    const char *usual = crm_word(stage->defaults, stage->id);
    if (!usual)
        usual = crm_word(stage->defaults, stage->name);
    if (usual)
        return usual;
    return fit_stage(arena, stage->name ? stage->name : stage->id);
}

const struct stage_def *crm_stage_known(const struct crm_request *request, const char *word)
{
    return book_stage(request->book, word);
}

const char *crm_direction(const struct crm_request *request, const char *from, const char *to)
{
    const struct stage_def *before = book_stage(request->book, from);
    const struct stage_def *after = book_stage(request->book, to);
    if (!before || !after)
        return NULL;
    return after->order > before->order   ? "forward"
           : after->order < before->order ? "back"
                                          : "sideways";
}

enum event_type crm_stage_event(const struct crm_request *request, const char *word)
{
    const struct stage_def *stage = book_stage(request->book, word);
    return stage && str_eq(stage->id, "won")    ? EVENT_DEAL_WON
           : stage && str_eq(stage->id, "lost") ? EVENT_DEAL_LOST
                                                : EVENT_DEAL_STAGE_CHANGED;
}
