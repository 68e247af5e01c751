/* model.h: what the core knows, in memory. Private to core/.
 * Layer: core (pure). Everything here changes only through the functions of this folder. */
#pragma once
#include "base/map.h"
#include "core/action.h"
#include "core/core.h"
#include "core/deal.h"
#include "core/deals.h"
#include "core/moved.h"
#include "core/timer.h"
#include "core/waiting.h"
#include "core/wishes.h"

struct person;
struct pair;
struct ledger;
struct choosing;
struct course;
struct requests;
struct door;
struct trial;
struct rule_state;

/* One thing that happened, as far as signals care; 32 bytes. */
struct fact {
    msec_t time;
    uint64_t tie;
    struct deal *deal; /* or NULL */
    unsigned type : 5, kind : 4, direction : 2, outcome : 4, automated : 1;
    unsigned back : 16;    /* facts back to the one before about this deal; 0: none; see facts.c */
    unsigned times : 15;   /* how often: the event's count, at least 1 */
    unsigned seconds : 17; /* how long it took, a day at most; 0: not said */
};

/* One message that used up a limit. */
struct sent {
    msec_t at;
    const char *rule;         /* id, interned in the core */
    const struct rule *known; /* the same in today's book; NULL: it is gone */
    struct deal *deal;
    bool received; /* by this person; else it was about them and went to somebody else */
};

/* An occasion on which an experiment kept a rule silent: it uses up the rule's own limits. */
struct hush {
    msec_t at;
    const char *rule; /* id, interned in the core */
};

enum backoff { BACKOFF_NONE, BACKOFF_ASKED, BACKOFF_STOPPED };

/* What was last worked out about a person's calendar; all zero: nothing. */
struct calendar_cache {
    msec_t day_from, day_until, week_from, week_until; /* of the local day and week */
    msec_t work_from, work_until;                      /* a stretch of working time */
    msec_t cool_loss, cool_until;                      /* the end of the cool-off after that loss */
};

/* Who leads somebody, as it was found when the core's `links` had this number. */
struct leader {
    size_t links;
    struct person *manager;
};

struct person {
    char *id;
    const struct person_def *def; /* NULL: not in people.yaml */
    char *chat, *email;           /* what the platform says */
    char *zone_said;              /* zone by the platform or rep.joined */
    char *manager_said, *team_said;
    const struct tz *tz;
    struct calendar_cache cache;
    struct wall_clock clock;
    struct leader *leader; /* remembered for person_manager(), which asks for everybody anew */
    bool manager, gone, left, dirty;
    bool is_team; /* no person: a team as one receiver, "team:ID" */
    struct stamp left_stamp, zone_stamp, manager_stamp, team_stamp;
    struct hours_away *leave; /* of people.yaml, in the person's zone */
    int leave_count;
    struct hours_away *aways; /* of rep.away, sorted by (from, until) */
    int away_count, away_cap;
    msec_t *backs; /* of rep.back, sorted: each ends what it falls into */
    int back_count, back_cap;
    msec_t paused_until;      /* by the person; MSEC_NONE: not paused */
    msec_t stopped_until;     /* by the operator; the person's own word stands beside it */
    msec_t team_paused_until; /* by the manager, for the whole team */
    char **mutes;             /* plugins the person does not want */
    int mute_count, mute_cap;
    bool afternoons, introduced; /* asked for another time; has been told who we are */
    struct wishes wishes;
    msec_t own_talk; /* when the newest talk began that the person asked for; 0: none is kept */
    char *unkept;    /* unkept.c; words that are held in memory only; NULL: none */
    char unkept_of[MESSAGE_KEY_BYTES]; /* the conversation in which they were said */
    struct choosing *choosing; /* what waits to hear which deal it was about; NULL: nothing */
    int unanswered;            /* in a row */
    enum backoff backoff;
    msec_t last_loss;

    struct fact *facts; /* sorted by (time, tie) */
    size_t fact_count, fact_cap;
    int conversations;       /* open prompts that keep others away */
    uint32_t facts_gone;     /* forgotten ones: facts[i] has the position facts_gone + i + 1 */
    uint32_t *signal_states; /* book->signal_words of them, see signal.h; NULL: none yet */
    struct sent *sents;      /* in order of time */
    size_t sent_count, sent_cap;
    struct uses *uses;
    int use_count, use_cap;
    struct prompt **prompts; /* open ones */
    int prompt_count, prompt_cap;
    struct prompt **asked; /* all that are kept, in no order */
    int asked_count, asked_cap;
    struct pending **pending; /* waits and holds about no deal; sorted by key */
    int pending_count, pending_cap;
    struct pair *pair;            /* suggest.c; NULL: nothing was ever suggested */
    struct course *course;        /* course.c; NULL: no step was ever offered */
    const struct team_def *group; /* of a team; NULL: not in people.yaml any more */
    size_t busy;                  /* step mark: someone has spoken to this person in this step */
    size_t hushed;                /* step mark: an experiment keeps this moment silent */
    struct hush *hushes;          /* in order of time */
    int hush_count, hush_cap;
    struct trial **trials; /* open occasions of experiments */
    int trial_count, trial_cap;
    msec_t forget_asked, behaviours_asked; /* wait for a yes, a choice; MSEC_NONE: they do not */
    struct access_log *accesses;           /* access.c; NULL: nobody has looked */
    struct goals *goals;                   /* goal.h; NULL: none */
    struct plan **plans;                   /* plan.h; in the order of their numbers */
    int plan_count, plan_cap;
    struct meeting *meetings; /* plan_ahead.c; sorted by key */
    int meeting_count, meeting_cap;
    struct requests *requests; /* request.h; NULL: none */
};

/* How far a schedule has come. */
struct cursor {
    msec_t after;
    const char *source; /* the schedule as it was written then; NULL: by an older version */
};

struct core {
    const struct book *book;
    struct core_options options;
    struct key_maker *keys; /* made with the first message */
    struct person **people; /* sorted by id */
    size_t person_count, person_cap;
    size_t links; /* another number whenever somebody's team or manager can be another one */
    struct person **teams; /* receivers of their own; sorted by id */
    size_t team_count, team_cap;
    struct map person_keys; /* id, crm ids, e-mail, chat id in lower case -> person */
    struct person *nobody;  /* what a key that two people share leads to: better silence than the
                               wrong rep's deal */
    struct deals *deals;
    struct map deal_ids;
    struct map prompts; /* any message key -> prompt */
    struct prompt **prompt_list;
    size_t prompt_count, prompt_cap;
    struct map talk_keys; /* key -> talk */
    struct talk **talks;
    size_t talk_count, talk_cap;
    struct map pendings; /* key -> pending */
    size_t planned;      /* of these the things planned that `before` looks ahead to */
    struct slot **slots;
    size_t slot_count, slot_cap;
    struct map cursors; /* slot key -> struct cursor as stored, until core_ready */
    struct timers timers;
    struct map strings; /* interned rule ids and map keys */
    struct arena names;
    struct person **dirty_people;
    size_t dirty_person_count, dirty_person_cap;
    struct deal **dirty_deals;
    size_t dirty_deal_count, dirty_deal_cap;
    struct rule_state **rule_states; /* sorted by rule */
    size_t rule_state_count, rule_state_cap;
    struct map trials;     /* key -> trial */
    struct ledger *ledger; /* ledger.c; NULL: nothing yet */
    struct door *door;     /* door.c; NULL: nobody has used it */
    struct funnel_month *funnels;
    size_t funnel_count, funnel_cap;
    size_t steps, fact_total;
    struct cond_room *room; /* of the patterns */
    bool ready;
};

/* What a rule looks at while it decides. */
struct scope {
    const struct core *core;
    const struct event *event; /* NULL for schedules */
    const struct person *rep;
    const struct deal *deal; /* or NULL */
    const struct rule *rule;
    msec_t now;
    struct arena *arena;         /* for texts made on the way */
    const struct talk *talk;     /* whose step is looked at; NULL: the rule's own */
    bool masked;                 /* texts show no answers: somebody else will read them */
    const struct person *reader; /* of the text; NULL: `rep` */
};

static inline const struct person *scope_reader(const struct scope *scope)
{
    return scope->reader ? scope->reader : scope->rep;
}
