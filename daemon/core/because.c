/* What led to a message: the event, the time, the turn. */
#include "core/because.h"

#include "core/ahead.h"
#include "core/peer.h"
#include "core/phrases.h"
#include "core/speech.h"

const char *because(const struct scope *scope, const struct candidate *c)
{
    struct arena *arena = scope->arena;
    const struct event *e = scope->event;
    const struct core *core = scope->core;
    const struct person *to = scope_reader(scope);
    if (c->rule->point != POINT_AT)
        return ahead_because(scope, c);
    const char *deal = scope->deal ? deal_label(scope->deal) : "it";
    if (peer_redirects(scope->rule)) /* never what happened to whom */
        return peer_reason(scope->rule);
    if (!e)
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_SCHEDULE),
                            render_date(scope->rep, scope->now, arena),
                            render_time(scope->rep, scope->now, arena));
    const char *when =
        arena_printf(arena, say_to(core, to, SAY_AT), render_date(scope->rep, e->time, arena),
                     render_time(scope->rep, e->time, arena));
    const struct stage_def *stage = book_stage(scope->core->book, e->to);
    switch ((int)e->type) {
    case EVENT_DEAL_STAGE_CHANGED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_STAGE), deal,
                            stage   ? stage->name
                            : e->to ? e->to
                                    : say_to(core, to, SAY_ANOTHER_STAGE),
                            when);
    case EVENT_DEAL_LOST:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_LOST), deal, when);
    case EVENT_DEAL_WON:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_WON), deal, when);
    case EVENT_ACTIVITY_LOGGED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_ACTIVITY),
                            e->kind ? e->kind : "step", when);
    case EVENT_GATE_COMPLETED:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_GATE), deal, when);
    default:
        return arena_printf(arena, say_to(core, to, SAY_BECAUSE_EVENT), event_type_name(e->type),
                            deal, when);
    }
}
