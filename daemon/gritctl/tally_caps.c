/* The promised caps. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "gritctl/tally.h"

struct cap {
    const char *what;
    bool (*counts)(const struct rule *rule);
    bool week; /* of one family; else per day, of all */
    int limit;
};

static bool is_digest(const struct rule *rule)
{
    return rule->action == &action_digest && rule->to == TO_MANAGER;
}

static bool is_to_team(const struct rule *rule)
{
    return rule->to == TO_TEAM;
}

static bool is_prompt(const struct rule *rule)
{
    return rule->action->counts && !rule->alert && !is_digest(rule) && !is_to_team(rule);
}

static bool is_card(const struct rule *rule)
{
    return rule->action == &action_praise && !rule->via_bot;
}

static bool is_bot_praise(const struct rule *rule)
{
    return rule->action == &action_praise && rule->via_bot;
}

static int by_person(const void *a, const void *b)
{
    const struct tally_message *x = a, *y = b;
    int order = strcmp(x->to, y->to);
    if (!order)
        order = (x->day > y->day) - (x->day < y->day);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int64_t week_of(int64_t day)
{
    enum { THURSDAY = 3 }; /* day 0 was one; weeks begin on Monday */
    return (day + THURSDAY - ((day + THURSDAY) % 7 + 7) % 7) / 7;
}

static bool together(const struct cap *cap, const struct tally_message *a,
                     const struct tally_message *b)
{
    if (!cap->counts(b->rule))
        return false;
    if (!cap->week)
        return a->day == b->day;
    return week_of(a->day) == week_of(b->day) && a->rule->plugin == b->rule->plugin;
}

/* How many there were up to this one on its day, or in its week. */
static int so_far(const struct tally_message *messages, const struct cap *cap, size_t i)
{
    const struct tally_message *last = &messages[i];
    int count = 1;
    for (size_t k = i;
         k-- > 0 && str_eq(messages[k].to, last->to) && last->day - messages[k].day < 7;)
        count += together(cap, last, &messages[k]);
    return count;
}

static bool check(const struct tally_message *messages, size_t total, const struct cap *cap,
                  bool all, FILE *out)
{
    char day[MSEC_TEXT_BYTES];
    int most = 0;
    for (size_t i = 0; i < total; i++) {
        const struct tally_message *message = &messages[i];
        if (!cap->counts(message->rule))
            continue;
        int count = so_far(messages, cap, i);
        most = count > most ? count : most;
        if (count > cap->limit)
            (void)fprintf(out, "ABOVE THE CAP: %s  %s  %d %s, cap %d\n",
                          tally_day(message->day, day), message->to, count, cap->what, cap->limit);
    }
    if (all && most <= cap->limit)
        (void)fprintf(out, "nobody above %d %s (most: %d)\n", cap->limit, cap->what, most);
    return most <= cap->limit;
}

bool tally_check_caps(const struct tally *tally, bool all, FILE *out)
{
    const struct limits *limits = &tally->book->limits;
    const struct cap caps[] = {
        {"coaching messages a day", is_prompt, false, limits->prompts_per_day},
        {"of one family a week", is_prompt, true, limits->prompts_per_family_week},
        {"cards a day", is_card, false, limits->cards_per_day},
        {"words of praise by the bot a day", is_bot_praise, false, limits->praise_per_day},
        {"digests for one manager a day", is_digest, false, limits->digests_per_day},
        {"words to one team a day", is_to_team, false, TEAM_MESSAGES_PER_DAY},
    };
    bool kept = true;
    size_t count = tally->message_count;
    struct tally_message *messages = NEW_ARRAY(struct tally_message, count + 1);
    if (count) {
        memcpy(messages, tally->messages, count * sizeof(*messages));
        qsort(messages, count, sizeof(*messages), by_person);
    }
    for (size_t i = 0; i < ARRAY_LEN(caps); i++)
        kept = check(messages, count, &caps[i], all, out) && kept;
    free(messages);
    return kept;
}
