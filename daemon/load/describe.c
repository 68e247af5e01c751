#include "load/describe.h"

#include "base/alloc.h"

static const struct description events[] = {
    {"deal.created", "A deal is in the pipeline for the first time", "stage"},
    {"deal.stage_changed", "A deal moved to another stage", "from to direction stage"},
    {"deal.amount_changed", "The amount of a deal changed", "stage"},
    {"deal.close_date_changed", "The planned end of a deal moved", "stage"},
    {"deal.owner_changed", "A deal has another owner", "stage"},
    {"deal.won", "A deal was won", "from reason stage"},
    {"deal.lost", "A deal was lost", "from reason stage"},
    {"deal.reopened", "A deal that was over is open again", "stage"},
    {"deal.deleted", "A deal is gone from the CRM", NULL},
    {"activity.logged", "Somebody called, wrote, met or the like",
     "kind direction outcome duration count automated topic"},
    {"activity.planned", "A call, meeting or task is planned",
     "kind direction due automated topic"},
    {"gate.completed", "One half of a gate was done", "gate side stage evidence"},
    {"gate.reverted", "One half of a gate does not hold any more", "gate side stage evidence"},
    {"rep.joined", "Somebody joined a team", NULL},
    {"rep.left", "Somebody left", "reason"},
    {"rep.away", "Somebody is away: leave, illness, do not disturb", "reason"},
    {"rep.back", "Somebody is back before the end of an absence", NULL},
    {"goal.set", "A goal was agreed", "goal metric period target kind"},
    {"goal.progress", "A goal has come nearer", "goal metric period target actual kind"},
    {"training.completed", "A training was completed", "topic area"},
    {"content.shared", "Something was shown or sent to a customer", "content channel"},
    {"customer.reaction", "A customer opened, replied, forwarded, ...", "content channel reaction"},
    {"plan.cue", "The moment of a rep's own if-then plan has come", NULL},
    {"plan.rehearsal", "The working morning after a plan was made", NULL},
    {"plan.practice", "It is time to ask again about something the rep practises", NULL},
    {"plan.missed", "What a plan was to start did not come within a day of its moment", NULL},
};

static const struct description fields[] = {
    {"type", "The event's type", "deal.lost"},
    {"time", "When it happened", "{within: 2d}"},
    {"from", "The stage before the change", "discover"},
    {"to", "The stage after the change", "propose"},
    {"kind", "What kind of activity or goal", "call"},
    {"direction", "Of an activity outbound or inbound; of a change of stage forward or back",
     "outbound"},
    {"outcome", "How an activity ended", "[connected, completed]"},
    {"reason", "Why: of a loss, an absence", "{contains: budget}"},
    {"duration", "How long an activity was", "{at_least: 10m}"},
    {"count", "How many activities one event stands for", "{at_least: 5}"},
    {"automated", "Whether a machine did it; that is no effort", "false"},
    {"due", "When something planned is due", "{within: 2d}"},
    {"gate", "The half of a gate, as the pipeline calls it", "needs_review_sent"},
    {"side", "Whose half of a gate: seller or customer", "seller"},
    {"stage", "The stage the event is about", "discover"},
    {"evidence", "What shows that a gate is done", "present"},
    {"goal", "The goal's id", "present"},
    {"metric", "What a goal counts", "calls"},
    {"period", "The time a goal is for", "week"},
    {"target", "How much a goal wants", "{at_least: 20}"},
    {"actual", "How much of it there is", "{under: 10}"},
    {"topic",
     "What a training was about; of an activity with `with`: one_to_one, call_review, joint_plan, "
     "career_talk or team_meeting",
     "{contains: questions}"},
    {"area", "Whether a training was about an opportunity or a skill", "skill"},
    {"content", "What was shared", "{contains: case study}"},
    {"channel", "How it was shared", "email"},
    {"reaction", "What the customer did with it", "[replied, booked]"},
    {"deal.id", "The deal's id in the CRM", "D1"},
    {"deal.name", "The deal's name", "{contains: renewal}"},
    {"deal.account", "The customer", "present"},
    {"deal.contact", "The customer's person", "missing"},
    {"deal.owner", "The owner, as the CRM writes it", "ana@example.com"},
    {"deal.amount", "The deal's value, in whole units of its currency", "{at_least: 10000}"},
    {"deal.currency", "The currency of the amount", "EUR"},
    {"deal.stage", "Where the deal stands now", "[discover, propose]"},
    {"deal.stage_name", "The same in the team's own words", "Discovery"},
    {"deal.next_step", "The next step that was noted", "missing"},
    {"deal.close_date", "The planned end", "{before: 2026-12-31}"},
    {"deal.created", "When the deal was created", "{within: 30d}"},
    {"deal.age", "How long ago that is", "{over: 60d}"},
    {"deal.in_stage", "How long the deal is in its stage", "{over: 14d}"},
    {"rep.id", "The rep's id in people.yaml", "ana"},
    {"rep.name", "The rep's name", "present"},
    {"rep.first_name", "The first word of it", "present"},
    {"rep.team", "The id of the rep's team", "west"},
    {"rep.role", "rep or manager", "rep"},
    {"rep.zone", "The rep's time zone", "America/Denver"},
    {"rep.joined", "The first day in the team", "{after: 2026-01-01}"},
    {"rep.tenure", "How long ago that is", "{under: 90d}"},
    {"rep.open_deals", "How many open deals the rep has", "{at_least: 3}"},
    {"team.id", "The same as rep.team", "west"},
    {"team.manager", "The id of the team's manager", "present"},
    {"team.name", "The team's name as people say it", "West"},
    {"team.reps", "How many reps are in the team", "{at_least: 5}"},
    {"team.open_deals", "Open deals of the team; only where it has 5 reps or more",
     "{at_least: 20}"},
    {"rep.leads", "Whom this person leads: reps, managers, or nobody (missing)", "managers"},
    {"rep.seen", "How long ago the own manager last passed on a word of praise", "{over: 21d}"},
    {"rep.one_to_one", "How long ago the last one-to-one with the own manager was", "{under: 30d}"},
    {"rep.next_one_to_one", "When the next one-to-one with the own manager is planned",
     "{within: 1d}"},
    {"coaching.acts",
     "Of a manager, this week: one-to-ones, call reviews, joint plans, career talks and team "
     "meetings that were held",
     "{under: 5}"},
    {"coaching.one_to_ones", "Of a manager, this week: one-to-ones held", "{at_least: 1}"},
    {"coaching.call_reviews", "Of a manager, this week: calls gone through together", "0"},
    {"coaching.joint_plans", "Of a manager, this week: plans made together", "{at_least: 1}"},
    {"coaching.career_talks", "Of a manager, this week: talks about somebody's way", "0"},
    {"coaching.team_meetings", "Of a manager, this week: meetings of the team", "{at_most: 1}"},
    {"coaching.praise", "Of a manager, this week: words of praise passed on", "{at_least: 1}"},
    {"coaching.minutes", "Of a manager, this week: minutes of all that was held", "{under: 120}"},
    {"coaching.planned", "Of a manager, this week: what was planned, is due and not called off",
     "{at_least: 1}"},
    {"coaching.kept", "Of a manager, this week: what of that was held", "{at_least: 1}"},
    {"gate.seller", "Our half of the gate the event is about: its id once it is done", "present"},
    {"gate.seller.date", "When our half was done", "{within: 7d}"},
    {"gate.customer", "The customer's half: its id once it is done", "missing"},
    {"gate.customer.date", "When the customer's half was done", "{within: 7d}"},
    {"gate.seller.name", "Our half in words", "present"},
    {"gate.customer.name", "The customer's half in words", "present"},
    {"purpose.org", "Why the organisation exists, from gritd.yaml", "present"},
    {"rep.why", "What the rep last said about why the work matters; only the rep sees it",
     "present"},
    {"goal.unit", "What the goal in hand counts each week", "calls"},
    {"goal.slice", "How many of them this week: whole, rounded up", "{at_least: 1}"},
    {"goal.done", "How many of these there are already", "{at_most: 0}"},
    {"goal.left", "How many are left of the week's slice", "{at_least: 1}"},
    {"goal.target", "The whole of the goal, for conditions; messages show the slice", "{over: 0}"},
    {"goal.period", "The time the whole goal is for", "[month, quarter]"},
    {"goal.owner", "Whose goal it is: self or assigned", "assigned"},
    {"goal.words", "The goal in the rep's own words; only the rep sees it", "missing"},
    {"goal.reached", "Whether all of it is done in this period", "true"},
    {"goal.wins", "Won deals a week that the goal asks for, where deals are too few for goal.slice",
     "present"},
    {"plan.words", "The plan the moment belongs to, in the rep's own words; only the rep sees it",
     "present"},
    {"plan.cue", "When: the first half of it", "present"},
    {"plan.act", "Then: the other half", "present"},
    {"plan.times", "How often it was done so far", "{under: 3}"},
    {"signal.NAME", "The value of a signal of this plugin", "{at_least: 3}"},
    {"answer.NAME",
     "The rep's latest answer to a question or step of this plugin; in a flow its own", "present"},
    {"team.total.NAME", "A counting signal summed over the team; only where it has 5 reps or more",
     "{at_least: 50}"},
};

static const struct description gates[] = {
    {"paused_rule", "The rule has not paused itself: an experiment has not shown that it does harm",
     NULL},
    {"consent", "The person is here, has not paused, and has not asked for other topics", NULL},
    {"late", "The event did not arrive too long after it happened (late_at_most)", NULL},
    {"leave", "The person is not away, and for a schedule has begun (joined)", NULL},
    {"stage", "The deal has not moved on while the message waited", NULL},
    {"hours", "It is working time for the person, else 'quiet' says what becomes of it", NULL},
    {"cool_off", "No deal was lost just now: after a loss nothing before the next working morning",
     NULL},
    {"conversation", "No other question or talk is open (open_conversations)", NULL},
    {"back_off", "The last questions were not left unanswered (back_off_after)", NULL},
    {"caps", "The person's limits over all rules are not used up (limits of gritd.yaml)", NULL},
    {"limit", "The rule's own limit is not used up; only what was really sent counts", NULL},
    {"cooldown", "The rule has been silent for its cooldown", NULL},
    {"start", "A manager has started the programme that the rule is of", NULL},
    {"unlock",
     "What the rule waits for was answered, or skipped some time ago (only with 'unlock')", NULL},
    {"trust",
     "A one-to-one lies behind the rep, or the rep has asked for harder steps (only of a ladder)",
     NULL},
    {"mix",
     "No share of the mix is behind that could use this moment or this day (only with 'mix')",
     NULL},
    {"inhibit", "No stronger rule speaks or waits about the same deal", NULL},
    {"ramp", "The rule is not new, or its turn has come to this rep (ramp)", NULL},
    {"priority", "No rule of higher priority spoke to the person at this moment", NULL},
    {"evidence",
     "There is something to say: a praise whose fields are all there, a digest with a line, a "
     "suggestion that was not declined lately, a step of a ladder whose turn it is",
     NULL},
    {"coin", "The coin of the rule's experiment has not fallen on nothing", NULL},
};

static const struct description notes[] = {
    {"if", "The conditions do not hold any more", NULL},
    {"unless", "An event under 'unless' ended the wait", NULL},
    {"receiver", "Nobody is there to receive it: no manager is named, or there is no team", NULL},
    {"peer", "No colleague of the team could be asked", NULL},
    {"missed",
     "The due time passed while gritd was down, or a change of zone leapt over it ('missed' "
     "says what then)",
     NULL},
    {"plan", "What was planned was called off, moved, or has no time", NULL},
    {"missing", "What was missing has happened while the question waited", NULL},
    {"feed", "Nothing of the kind was ever heard of before, so silence says nothing", NULL},
    {"rule", "The rule itself is gone, or decides otherwise now", NULL},
    {"send", "The message was ready, and then could not or should not be sent any more", NULL},
};

static const struct description outcomes[] = {
    {"sent", "The message went out", NULL},
    {"held", "It waits for the end of quiet time", NULL},
    {"expired", "It came too late, or waited too long", NULL},
    {"suppressed", "A gate said no", NULL},
    {"cancelled", "What it was about came to an end while it waited", NULL},
    {"missed", "Its time passed while gritd was down, or in a change of zone", NULL},
};

static const struct description filters[] = {
    {"date", "A day, as people write it: Tue 24 Nov", "{{event.time|date}}"},
    {"time", "The time of day: 16:05", "{{event.time|time}}"},
    {"money", "An amount with its currency", "{{deal.amount|money}}"},
    {"ago", "How long ago in words", "{{gate.seller.date|ago}}"},
    {"first_name", "The first word of a name", "{{deal.contact|first_name}}"},
};

#define AT(table) return index < ARRAY_LEN(table) ? &(table)[index] : NULL

const struct description *describe_event(size_t index)
{
    AT(events);
}

const struct description *describe_field(size_t index)
{
    AT(fields);
}

const struct description *describe_gate(size_t index)
{
    AT(gates);
}

const struct description *describe_note(size_t index)
{
    AT(notes);
}

const struct description *describe_outcome(size_t index)
{
    AT(outcomes);
}

const struct description *describe_filter(size_t index)
{
    AT(filters);
}
