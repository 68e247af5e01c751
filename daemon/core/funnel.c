#include "core/funnel.h"

#include "base/alloc.h"
#include "core/parts.h"

/* What the deals closed in one month add up to. */
struct funnel_month {
    const char *team, *currency; /* interned; currency NULL: no amount is known */
    int64_t month;               /* years times 12 and months */
    struct funnel sum;
};

static int64_t month_of(msec_t t)
{
    struct civil c;
    civil_from_msec(t, &c);
    return (int64_t)c.year * 12 + c.month;
}

bool funnel_reach(const struct core *core, struct deal *deal, const char *stage)
{
    const struct stage_def *known = book_stage(core->book, stage);
    if (!known || known->order >= FUNNEL_STAGES - 1 || known->order + 1 <= deal->furthest)
        return false;
    deal->furthest = known->order + 1;
    return true;
}

static size_t place_of(struct core *core, const char *team, const char *currency, int64_t month)
{
    for (size_t i = core->funnel_count; i-- > 0;) {
        const struct funnel_month *at = &core->funnels[i];
        if (at->month == month && at->team == team && at->currency == currency)
            return i;
    }
    ARRAY_GROW(core->funnels, core->funnel_count, core->funnel_cap);
    core->funnels[core->funnel_count] =
        (struct funnel_month){.team = team, .currency = currency, .month = month};
    return core->funnel_count++;
}

/* Adds the deal as it was counted, or takes it away. */
static void add(struct core *core, const struct deal *deal, int64_t sign)
{
    struct funnel *sum = &core->funnels[deal->counted.place - 1].sum;
    for (int i = 0; i < deal->counted.stages; i++)
        sum->reached[i] += sign;
    if (deal->counted.amount != NUMBER_NONE) {
        sum->amount += sign * deal->counted.amount;
        sum->amounts += sign;
    }
}

/* A deal of which nothing but its end is known says nothing about the way there. */
void funnel_count(struct core *core, struct deal *deal)
{
    bool won = str_eq(deal->texts[DEAL_STAGE], "won"),
         lost = str_eq(deal->texts[DEAL_STAGE], "lost");
    if (deal->counted.place)
        add(core, deal, -1);
    deal->counted.place = 0;
    if (deal->deleted || !(won || lost) || !deal->furthest || !deal->rep)
        return;
    bool priced = won && deal->amount != NUMBER_NONE && deal->texts[DEAL_CURRENCY];
    const char *team = person_team(deal->rep);
    deal->counted.stages = won ? FUNNEL_STAGES : deal->furthest;
    deal->counted.amount = priced ? deal->amount : NUMBER_NONE;
    deal->counted.place = place_of(core, core_intern(core, team ? team : ""),
                                   priced ? core_intern(core, deal->texts[DEAL_CURRENCY]) : NULL,
                                   month_of(deal->stamps[DEAL_STAGE].time)) +
                          1;
    add(core, deal, 1);
}

void funnel_rebuild(struct core *core)
{
    core->funnel_count = 0;
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        deals.list[i]->counted.place = 0;
        funnel_count(core, deals.list[i]);
    }
}

void funnel_done(struct core *core)
{
    free(core->funnels);
}

struct funnel funnel_of(const struct core *core, const char *team, const char *currency, msec_t now)
{
    struct funnel sum = {0};
    int64_t until = month_of(now), from = until - FUNNEL_MONTHS;
    for (size_t i = 0; i < core->funnel_count; i++) {
        const struct funnel_month *at = &core->funnels[i];
        if (!str_eq(at->team, team) || at->month < from || at->month > until)
            continue;
        for (int k = 0; k < FUNNEL_STAGES; k++)
            sum.reached[k] += at->sum.reached[k];
        if (currency && str_eq(at->currency, currency)) {
            sum.amount += at->sum.amount;
            sum.amounts += at->sum.amounts;
        }
    }
    return sum;
}
