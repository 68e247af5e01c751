/* What gritctl why collects. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/str.h"
#include "gritctl/why.h"

void findings_init(struct findings *findings)
{
    *findings = (struct findings){0};
    arena_init(&findings->arena);
}

void findings_done(struct findings *findings)
{
    for (size_t i = 0; i < findings->decision_count; i++) {
        free(findings->decisions[i].line);
        free(findings->decisions[i].rule);
        free(findings->decisions[i].occurrence);
    }
    free(findings->decisions);
    free(findings->nearly);
    free(findings->meant);
    arena_done(&findings->arena);
}

void findings_look(struct findings *findings, const struct asking *asking, const struct core *core)
{
    size_t count = core_person_count(core);
    findings->stranger = !core_knows(core, asking->rep);
    xstr_replace(&findings->meant, NULL);
    if (!findings->stranger || !count)
        return;
    const char **ids = NEW_ARRAY(const char *, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = core_person_at(core, i).id;
    xstr_replace(&findings->meant, nearest_word(asking->rep, ids, count));
    free((void *)ids); /* the array, not the ids */
}

bool asking_wants(const struct asking *asking, const char *rep, const char *rule, msec_t at)
{
    return at >= asking->from && at < asking->to && str_eq(rep, asking->rep) &&
           (!rule || !asking->rule || str_eq(rule, asking->rule));
}

void findings_add_decision(struct findings *findings, msec_t at, const char *rule,
                           const char *occurrence, const char *line)
{
    ARRAY_GROW(findings->decisions, findings->decision_count, findings->decision_cap);
    findings->decisions[findings->decision_count++] =
        (struct found){at, xstrdup(line), xstrdup(rule), xstrdup(occurrence)};
}

static bool is_decided(const struct findings *findings, const char *rule, const char *occurrence)
{
    for (size_t i = findings->decision_count; i-- > 0;) {
        const struct found *found = &findings->decisions[i];
        if (str_eq(found->rule, rule) && str_eq(found->occurrence, occurrence))
            return true;
    }
    return false;
}

/* The core's texts do not outlive it. */
static void keep(struct findings *findings, const struct near *near, struct nearly *ret)
{
    struct arena *arena = &findings->arena;
    ret->near = *near;
    const char **const texts[] = {&ret->near.rep,   &ret->near.deal,   &ret->near.field,
                                  &ret->near.found, &ret->near.wanted, &ret->near.why,
                                  &ret->near.remedy};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = arena_strdup(arena, *texts[i]);
}

static struct nearly *add(struct findings *findings, const struct rule *rule,
                          const struct near *near, msec_t at, const char *occurrence)
{
    struct arena *arena = &findings->arena;
    ARRAY_GROW(findings->nearly, findings->nearly_count, findings->nearly_cap);
    struct nearly *nearly = &findings->nearly[findings->nearly_count++];
    *nearly = (struct nearly){.at = at,
                              .rule = arena_strdup(arena, rule->id),
                              .occurrence = arena_strdup(arena, occurrence)};
    keep(findings, near, nearly);
    return nearly;
}

void findings_add_event(struct findings *findings, const struct asking *asking,
                        const struct core *core, const struct event *event, enum near_view view)
{
    const struct book *book = core_book(core);
    if (event->type >= EVENT_OTHER ||
        !asking_wants(asking, core_event_rep(core, event), NULL, event->at))
        return;
    const struct rule_list *list = &book->by_event[event->type];
    for (int i = 0; i < list->count; i++) {
        const struct rule *rule = list->rules[i];
        if ((asking->rule && !str_eq(rule->id, asking->rule)) ||
            is_decided(findings, rule->id, event->id))
            continue;
        struct near near = core_near(core, event, rule, view, &findings->arena);
        /* old events that an import brings fill in what is true; only who asks for the rule wants
         * to hear that they decide nothing */
        if (near.kind == NEAR_NOT || (near.kind == NEAR_HISTORY && !asking->rule))
            continue;
        struct nearly *nearly = add(findings, rule, &near, event->at, event->id);
        nearly->event = event_type_name(event->type);
    }
}

void findings_add_due(struct findings *findings, const struct asking *asking,
                      const struct core *core, msec_t from, msec_t to, enum near_view view)
{
    const struct rule_list *list = &core_book(core)->scheduled;
    for (int i = 0; i < list->count; i++) {
        const struct rule *rule = list->rules[i];
        const char *occurrence;
        msec_t due;
        if (!asking_wants(asking, asking->rep, rule->id, from))
            continue;
        struct near near = core_near_due(core, asking->rep, rule, from, to, view, &findings->arena,
                                         &due, &occurrence);
        if (near.kind == NEAR_NOT || is_decided(findings, rule->id, occurrence))
            continue;
        struct nearly *nearly = add(findings, rule, &near, due, occurrence);
        nearly->event = "schedule";
    }
}
