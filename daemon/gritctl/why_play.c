/* Why, on a simulation: the events are played, and one person's decisions kept. */
#include "base/str.h"
#include "engine/simulate.h"
#include "gritctl/events.h"
#include "gritctl/rule_set.h"
#include "gritctl/why.h"

struct playing {
    const struct asking *asking;
    struct findings *findings;
    size_t people; /* when the person was looked for last */
};

static void on_decided(void *user, const struct decision *decision)
{
    const struct playing *playing = user;
    struct strbuf line = {0};
    if (!asking_wants(playing->asking, decision->rep, decision->rule, decision->at))
        return;
    decision_encode(decision, &line);
    findings_add_decision(playing->findings, decision->at, decision->rule, decision->occurrence,
                          strbuf_text(&line));
    strbuf_done(&line);
}

static void on_said(void *user, const struct message *message, msec_t at)
{
    (void)user, (void)message, (void)at; /* the decision has the words */
}

static void on_stepped(void *user, struct core *core, const struct event *event)
{
    struct playing *playing = user;
    if (playing->people != core_person_count(core)) { /* people come with their first event */
        playing->people = core_person_count(core);
        findings_look(playing->findings, playing->asking, core);
    }
    if (event->type == EVENT_TICK)
        findings_add_due(playing->findings, playing->asking, core, event->at, event->at + 1,
                         NEAR_THEN);
    else
        findings_add_event(playing->findings, playing->asking, core, event, NEAR_THEN);
}

bool why_play(const struct asking *asking, struct findings *findings)
{
    struct call *call = asking->call;
    struct rule_set rules = {0};
    struct event_pile pile = {0};
    struct simulate_result result;
    struct playing playing = {.asking = asking, .findings = findings};
    bool good = events_read(call, call_text(call, "events"), &pile) &&
                rule_set_load(call, call_list(call, "plugins"), &rules);
    if (good) {
        const struct config *config = rules.setup->config;
        const struct simulate_options options = {
            .book = &rules.book,
            .core = rule_set_core(call, &rules, config->has_seed ? config->seed : 0),
            .from = MSEC_NONE,
            .to = asking->to == MSEC_NEVER ? MSEC_NONE : asking->to,
            .answer_after = str_eq(call_text(call, "answers"), "none") ? 0 : MSEC_HOUR,
            .decided = on_decided,
            .said = on_said,
            .stepped = on_stepped,
            .user = &playing,
        };
        simulate_run(&options, pile.events, pile.count, &result);
    }
    rule_set_done(&rules);
    events_done(&pile);
    return good;
}
