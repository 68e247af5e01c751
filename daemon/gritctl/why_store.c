/* Why, by the daemon's own store: what was decided is kept; near triggers are judged anew. */
#include <errno.h>
#include <jansson.h>

#include "core/event_fields.h"
#include "gritctl/ctl.h"
#include "io/state.h"
#include "gritctl/why.h"

enum { ENOUGH = 1, NEARLY_MOST = 100000 };

struct reading {
    const struct asking *asking;
    struct findings *findings;
    const struct core *core;
    struct arena arena; /* of one event */
    struct err *err;
};

/* The newest come first; for near triggers all of them are needed. */
static int on_decision(void *user, const struct row *row)
{
    const struct reading *reading = user;
    const struct row_decision *decision = &row->decision;
    struct findings *findings = reading->findings;
    if (!asking_wants(reading->asking, decision->rep, decision->rule, decision->at))
        return 0;
    json_t *line = json_loads(decision->line, 0, NULL);
    findings_add_decision(findings, decision->at, decision->rule,
                          json_string_value(json_object_get(line, "occurrence")), decision->line);
    json_decref(line);
    bool all = reading->asking->minute || reading->asking->rule;
    return !all && findings->decision_count == WHY_NEWEST ? ENOUGH : 0;
}

static int on_journal(void *user, const struct row *row)
{
    struct reading *reading = user;
    const struct row_journal *journal = &row->journal;
    struct event event;
    struct err unread;
    if (journal->at >= reading->asking->to)
        return ENOUGH;
    if (journal->at < reading->asking->from || !journal->body || journal->type >= EVENT_OTHER)
        return 0;
    arena_reset(&reading->arena);
    if (event_decode(journal->body, &reading->arena, &unread, &event))
        return 0; /* retention has emptied it */
    event.at = journal->at;
    event.time = journal->time;
    event.type = (enum event_type)journal->type;
    findings_add_event(reading->findings, reading->asking, reading->core, &event, NEAR_AFTERWARDS);
    return reading->findings->nearly_count >= NEARLY_MOST ? ENOUGH : 0;
}

/* A core that knows what is true now. Owns: core_free(). */
static struct core *core_of_now(struct call *call, const struct setup *setup, struct store *store,
                                struct err *err)
{
    const struct core_options options = {
        .seed = setup->config->seed, .zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(setup->book, &options);
    struct step step;
    if (state_load(store, core, call->now, err)) {
        core_free(core);
        return NULL;
    }
    step_init(&step);
    core_ready(core, call->now, &step);
    step_done(&step);
    return core;
}

static int find_nearly(struct reading *reading, struct store *store)
{
    struct call *call = reading->asking->call;
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    struct core *core = core_of_now(call, setup, store, reading->err);
    int status = -EIO;
    if (core) {
        reading->core = core;
        findings_look(reading->findings, reading->asking, core);
        arena_init(&reading->arena);
        status = store->ops->load_journal(store, reading->asking->from, true, on_journal, reading,
                                          reading->err);
        arena_done(&reading->arena);
        if (status >= 0 && reading->asking->minute)
            findings_add_due(reading->findings, reading->asking, core, reading->asking->from,
                             reading->asking->to, NEAR_AFTERWARDS);
    }
    core_free(core);
    setup_free(setup);
    return status;
}

/* From the newest first to the oldest first. */
static void turn(struct findings *findings)
{
    for (size_t i = 0, k = findings->decision_count; i + 1 < k; i++) {
        struct found kept = findings->decisions[i];
        findings->decisions[i] = findings->decisions[--k];
        findings->decisions[k] = kept;
    }
}

bool why_store(const struct asking *asking, const struct config *config, struct findings *findings)
{
    struct err err = {0};
    struct store *store;
    struct reading reading = {.asking = asking, .findings = findings, .err = &err};
    int status = state_open(config, ctl_config_path(asking->call), &err, &store);
    if (!status) {
        status = store->ops->load_decisions(store, asking->rep, asking->from, asking->to, SIZE_MAX,
                                            on_decision, &reading, &err);
        if (status >= 0 && (asking->minute || asking->rule || !findings->decision_count))
            status = find_nearly(&reading, store);
        store->ops->close(store);
    }
    turn(findings);
    if (status < 0)
        call_error(asking->call, "%s", err.text);
    return status >= 0;
}
