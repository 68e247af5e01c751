#include "gritd/intake_watch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "gritd/intake.h"
#include "gritd/silence.h"
#include "gritd/poll.h"
#include "io/log.h"

#define WATCH_KEY "intake " /* and the source's name */

enum { STAGES_MAX = 64, STORE_EVERY_MS = 5 * 60 * 1000 };

struct watch {
    char *name;
    uint64_t counts[INTAKE_OUTCOMES];
    uint64_t skipped; /* records that nobody reads back */
    struct silence silence;
    bool dirty;
};

struct watches {
    struct watch *list;
    size_t count, cap;
    struct hash128 stages[STAGES_MAX]; /* that were told of */
    size_t stage_count;
    msec_t stored;
};

static const char *const words[] = {
    [INTAKE_TAKEN] = "taken",   [INTAKE_REPEATED] = "repeated", [INTAKE_EMPTY] = "empty",
    [INTAKE_UNREAD] = "unread", [INTAKE_REFUSED] = "refused",   [INTAKE_BUSY] = "busy"};

static struct watch *watch_of(struct watches *watches, const char *name)
{
    if (!name)
        name = INTAKE_EVENTS;
    for (size_t i = 0; i < watches->count; i++) {
        if (str_eq(watches->list[i].name, name))
            return &watches->list[i];
    }
    ARRAY_GROW(watches->list, watches->count, watches->cap);
    watches->list[watches->count] = (struct watch){.name = xstrdup(name)};
    return &watches->list[watches->count++];
}

static int on_row(void *user, const struct row *row)
{
    if (str_starts(row->state.key, WATCH_KEY)) {
        struct watch *watch = watch_of(user, row->state.key + strlen(WATCH_KEY));
        silence_decode(row->state.value, &watch->silence);
    }
    return 0;
}

int watches_open(struct daemon *daemon, struct err *err)
{
    daemon->watches = NEW(struct watches);
    int status =
        daemon->store->ops->load_kind(daemon->store, STATE_META, on_row, daemon->watches, err);
    for (size_t i = 0; i < daemon->watches->count; i++)
        daemon->watches->list[i].silence.since = daemon_now(daemon);
    return status;
}

void watches_close(struct daemon *daemon)
{
    struct watches *watches = daemon->watches;
    if (!watches)
        return;
    for (size_t i = 0; i < watches->count; i++)
        free(watches->list[i].name);
    free(watches->list);
    free(watches);
}

void watch_count(struct daemon *daemon, const char *name, enum intake_outcome outcome)
{
    struct watch *watch = watch_of(daemon->watches, name);
    watch->counts[outcome]++;
    if (outcome == INTAKE_REFUSED)
        return; /* anybody can send that */
    if (watch->silence.told)
        log_info("intake", "%s is heard again", watch->name);
    silence_heard(&watch->silence, daemon_now(daemon));
    watch->dirty = true;
}

void watch_skipped(struct daemon *daemon, const char *name)
{
    watch_of(daemon->watches, name)->skipped++;
}

void watch_unmapped(struct daemon *daemon, const char *name, const char *stage)
{
    struct watches *watches = daemon->watches;
    struct hash128 hash = event_key(name ? name : INTAKE_EVENTS, stage);
    for (size_t i = 0; i < watches->stage_count; i++) {
        if (hash128_eq(watches->stages[i], hash))
            return;
    }
    if (watches->stage_count == STAGES_MAX)
        return;
    watches->stages[watches->stage_count++] = hash;
    log_warning("intake", "%s: no stage of pipeline.yaml has '%.60s' among its 'crm' names",
                name ? name : INTAKE_EVENTS, stage);
}

/* Only what the configuration has can be silent. */
static bool is_source(const struct daemon *daemon, const char *name)
{
    return intake_find(daemon->intakes, name) != NULL;
}

static void store(struct daemon *daemon, msec_t now)
{
    struct arena arena;
    struct strbuf value = {0};
    struct watches *watches = daemon->watches;
    struct row_state *rows;
    size_t count = 0;
    arena_init(&arena);
    rows = arena_alloc(&arena, (watches->count + 1) * sizeof(*rows));
    for (size_t i = 0; i < watches->count; i++) {
        struct watch *watch = &watches->list[i];
        if (!watch->dirty)
            continue;
        watch->dirty = false;
        strbuf_clear(&value);
        silence_encode(&watch->silence, &value);
        rows[count++] =
            (struct row_state){STATE_META, arena_printf(&arena, WATCH_KEY "%s", watch->name),
                               arena_strdup(&arena, strbuf_text(&value))};
    }
    if (count)
        engine_keep(daemon->engine, &(struct engine_own){.rows = rows, .row_count = count}, now);
    strbuf_done(&value);
    arena_done(&arena);
}

void watches_look(struct daemon *daemon)
{
    struct watches *watches = daemon->watches;
    msec_t now = daemon_now(daemon);
    if (daemon->stopping)
        return;
    for (size_t i = 0; i < watches->count; i++) {
        struct watch *watch = &watches->list[i];
        char text[MSEC_TEXT_BYTES], usual[MSEC_TEXT_BYTES];
        if (watch->silence.told || !is_source(daemon, watch->name) ||
            !silence_is(&watch->silence, now))
            continue;
        watch->silence.told = true;
        watch->dirty = true;
        log_warning("intake",
                    "%s is silent: nothing since %s, and usually it is never quiet for more than "
                    "%s; look whether its webhook is still switched on",
                    watch->name, msec_format(watch->silence.last, text),
                    msec_format_length(silence_usual(&watch->silence), usual));
        polls_hurry(daemon->polls, watch->name);
    }
    if (now - watches->stored < STORE_EVERY_MS && now >= watches->stored)
        return;
    watches->stored = now;
    store(daemon, now);
}

void watches_status(const struct daemon *daemon, struct jsonw *json)
{
    const struct watches *watches = daemon->watches;
    msec_t now = daemon_now(daemon);
    jsonw_object(json, "intakes");
    for (size_t i = 0; i < watches->count; i++) {
        const struct watch *watch = &watches->list[i];
        msec_t usual = silence_usual(&watch->silence);
        char text[MSEC_TEXT_BYTES];
        jsonw_object(json, watch->name);
        for (int k = 0; k < INTAKE_OUTCOMES; k++) {
            if (watch->counts[k])
                jsonw_int(json, words[k], (int64_t)watch->counts[k]);
        }
        if (watch->skipped)
            jsonw_int(json, "not_read_back", (int64_t)watch->skipped);
        if (watch->silence.last)
            jsonw_time(json, "last", watch->silence.last);
        jsonw_text_opt(json, "usual_gap", usual ? msec_format_length(usual, text) : NULL);
        if (is_source(daemon, watch->name) && silence_is(&watch->silence, now))
            jsonw_bool(json, "silent", true);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

void watches_each(const struct daemon *daemon, enum watch_figure figure, metrics_put put,
                  void *user)
{
    const struct watches *watches = daemon->watches;
    for (size_t i = 0; i < watches->count; i++) {
        const struct watch *watch = &watches->list[i];
        for (int k = 0; figure == WATCH_REQUESTS && k < INTAKE_OUTCOMES; k++)
            put(user, watch->name, words[k], (double)watch->counts[k]);
        if (figure == WATCH_LAST && watch->silence.last)
            put(user, watch->name, NULL, (double)(watch->silence.last / MSEC_SECOND));
        if (figure == WATCH_SILENT && is_source(daemon, watch->name))
            put(user, watch->name, NULL, silence_is(&watch->silence, daemon_now(daemon)));
        if (figure == WATCH_SKIPPED)
            put(user, watch->name, NULL, (double)watch->skipped);
    }
}
