/* Who has looked: one row each time, and the newest of them in memory for the person to read. */
#include "core/access.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/phrases_data.h"

static const struct {
    const char *what, *words;
} looks[] = {
    {"why", SAY_LOOKED_WHY},       {"preview", SAY_LOOKED_PREVIEW}, {"export", SAY_LOOKED_EXPORT},
    {"report", SAY_LOOKED_REPORT}, {"team", SAY_LOOKED_TEAM},       {"prepare", SAY_LOOKED_PREPARE},
    {"page", SAY_LOOKED_PAGE},
};

const char *access_words(const char *what)
{
    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        if (str_eq(looks[i].what, what))
            return looks[i].words;
    }
    return what;
}

static void remember(struct person *about, msec_t at, const char *by, const char *what)
{
    if (!about->accesses)
        about->accesses = NEW(struct access_log);
    struct access_log *log = about->accesses;
    if (log->count == ACCESS_KEPT) {
        free(log->entries[0].by);
        free(log->entries[0].what);
        memmove(log->entries, log->entries + 1, (ACCESS_KEPT - 1) * sizeof(*log->entries));
        log->count--;
        log->before++;
    }
    log->entries[log->count++] = (struct access_entry){at, xstrdup(by), xstrdup(what)};
}

void access_free(struct access_log *log)
{
    for (int i = 0; log && i < log->count; i++) {
        free(log->entries[i].by);
        free(log->entries[i].what);
    }
    free(log);
}

/* The time comes first in the key, so that rows are loaded, listed and swept in its order. */
void access_note(struct core *core, struct step *step, struct person *about, const char *by,
                 const char *what)
{
    struct strbuf out = {0};
    struct jsonw json;
    (void)core; /* nothing else depends on it */
    remember(about, step->now, by, what);
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "at", step->now);
    jsonw_text(&json, "rep", about->id);
    jsonw_text(&json, "by", by);
    jsonw_text(&json, "what", what);
    jsonw_object_end(&json);
    persist_put(
        step, STATE_ACCESS,
        arena_printf(&step->arena, "%015lld|%s|%s|%s", (long long)step->now, about->id, by, what),
        &out);
}

void access_event(struct core *core, struct step *step, const struct event *event)
{
    struct person *about = person_find(core, event->rep);
    if (!about || str_empty(event->name) || str_empty(event->reason))
        return; /* the door has refused these */
    step->rep = arena_strdup(&step->arena, about->id);
    access_note(core, step, about, event->name, event->reason);
}

int access_load(struct core *core, const char *key, const json_t *root)
{
    const char *rep = json_string_value(json_object_get(root, "rep"));
    const char *by = json_string_value(json_object_get(root, "by"));
    const char *what = json_string_value(json_object_get(root, "what"));
    (void)key; /* all of it is in the row */
    if (rep && by && what)
        remember(person_get(core, rep), json_integer_value(json_object_get(root, "at")), by, what);
    return 0;
}
