/* ledger: what a manager did for the team, for the manager's own eyes; and more of it by hand. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/command_ledger.h"
#include "core/lead.h"
#include "core/lead_find.h"
#include "core/phrases.h"
#include "core/rating.h"
#include "core/speech.h"

enum { ACT_WORDS_MAX = 3 };

#define SAID_KEY "said|%.60s|%.90s" /* person, event */

static const char *const act_words[][2] = {
    [ACT_ONE_TO_ONE] = {SAY_ACT_ONE_TO_ONE, SAY_ACT_ONE_TO_ONES},
    [ACT_CALL_REVIEW] = {SAY_ACT_CALL_REVIEW, SAY_ACT_CALL_REVIEWS},
    [ACT_JOINT_PLAN] = {SAY_ACT_JOINT_PLAN, SAY_ACT_JOINT_PLANS},
    [ACT_CAREER_TALK] = {SAY_ACT_CAREER_TALK, SAY_ACT_CAREER_TALKS},
    [ACT_TEAM_MEETING] = {SAY_ACT_TEAM_MEETING, SAY_ACT_TEAM_MEETINGS},
    [ACT_PRAISE] = {SAY_ACT_PRAISE, SAY_ACT_PRAISES},
};

/* "one-to-one", "call reviews" */
static const char *words_of(const struct said *said, enum coaching_act act, int count)
{
    return say_to(said->core, said->by, act_words[act][count != 1]);
}

/* --- looking --- */

/* "2 one-to-ones, 1 call review; 75 minutes" */
static void add_sums(const struct said *said, struct strbuf *out, const struct ledger_sums *sums)
{
    bool any = false;
    for (int act = 0; act <= ACT_PRAISE; act++) {
        if (!sums->held[act])
            continue;
        strbuf_printf(out, "%s%d %s", any ? ", " : "", sums->held[act],
                      words_of(said, (enum coaching_act)act, sums->held[act]));
        any = true;
    }
    if (sums->meetings)
        strbuf_printf(out, say_to(said->core, said->by, SAY_LEDGER_MINUTES),
                      (long long)sums->minutes);
    if (!any)
        strbuf_puts(out, say_to(said->core, said->by, SAY_LEDGER_NOTHING));
}

static const char *sums_line(const struct said *said, msec_t from, msec_t until)
{
    struct ledger_sums sums = ledger_sum(said->core, said->by, from, until, said->step->now);
    struct strbuf out = {0};
    add_sums(said, &out, &sums);
    const char *line = arena_strdup(&said->step->arena, strbuf_text(&out));
    strbuf_done(&out);
    return line;
}

/* Two figures that are never made one: whether it was kept up, and whether it helped. */
static void add_figures(const struct said *said, struct strbuf *out, msec_t month, msec_t end)
{
    const struct ledger_sums sums = ledger_sum(said->core, said->by, month, end, said->step->now);
    struct rating rating;
    msec_t from, until;
    if (sums.planned)
        strbuf_printf(out, say_to(said->core, said->by, SAY_LEDGER_KEPT), sums.kept, sums.planned);
    else
        strbuf_puts(out, say_to(said->core, said->by, SAY_LEDGER_KEPT_NONE));
    lead_month(said->by, said->step->now, -1, &from, &until);
    if (!rating_of(said->core, said->by, from, until, &rating)) {
        strbuf_puts(out, say_to(said->core, said->by, SAY_LEDGER_RATED_NOT));
        return;
    }
    char mean[32];
    (void)snprintf(mean, sizeof(mean), "%d.%02d", (int)(rating.hundredths / 100),
                   (int)(rating.hundredths % 100));
    strbuf_printf(out, say_to(said->core, said->by, SAY_LEDGER_RATED), mean, rating.min, rating.max,
                  rating.people);
}

static void show(const struct said *said)
{
    struct strbuf out = {0};
    msec_t from, until;
    strbuf_puts(&out, say_to(said->core, said->by, SAY_LEDGER));
    lead_week(said->by, said->step->now, &from, &until);
    strbuf_printf(&out, say_to(said->core, said->by, SAY_LEDGER_WEEK),
                  sums_line(said, from, until));
    lead_month(said->by, said->step->now, 0, &from, &until);
    strbuf_printf(&out, say_to(said->core, said->by, SAY_LEDGER_MONTH),
                  sums_line(said, from, until));
    add_figures(said, &out, from, until);
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

/* --- adding --- */

static bool is_undo(const char *words)
{
    return str_ieq(words, "undo");
}

/* Passes over a word that may stand there: "a", "with". */
static const char *skip_word(const char *words, const char *const *known, size_t count)
{
    words += strspn(words, " ");
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(known[i]);
        if (str_istarts(words, known[i], length) && words[length] == ' ')
            return words + length + strspn(words + length, " ");
    }
    return words;
}

/* The act that the words begin with; *ret_rest: what stands behind it. */
static enum coaching_act read_act(const char *words, struct arena *arena, const char **ret_rest)
{
    static const char *const articles[] = {"a", "an", "another", "the"};
    static const char *const links[] = {"with", "for", "of", "about"};
    enum coaching_act found = ACT_COUNT;
    size_t length = 0;
    words = skip_word(words, articles, ARRAY_LEN(articles));
    for (int i = 0; i < ACT_WORDS_MAX; i++) {
        length += strspn(words + length, " ");
        size_t word = strcspn(words + length, " ");
        if (!word)
            break;
        length += word;
        enum coaching_act act = coaching_act_find(arena_strndup(arena, words, length));
        if (act < ACT_MEETINGS) {
            found = act;
            *ret_rest = skip_word(words + length, links, ARRAY_LEN(links));
        }
    }
    return found;
}

/* Takes "30m" off the end of the words. 0: there is none. */
static msec_t take_length(char *words)
{
    char *space = strrchr(words, ' '), *last = space ? space + 1 : words;
    msec_t length;
    if (msec_parse_length(last, &length))
        return 0;
    while (last > words && last[-1] == ' ')
        last--;
    *last = '\0';
    return length;
}

/* "call review Acme": whose deal it is says with whom; NULL where that is not one of the team. */
static struct person *owner_of(const struct said *said, const char *name)
{
    struct person *owner = NULL;
    const struct deal_list deals = deals_sorted(said->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        bool named = str_ieq(deal_label(deal), name) ||
                     (deal->texts[DEAL_ACCOUNT] && str_ieq(deal->texts[DEAL_ACCOUNT], name));
        if (!named || deal->deleted || !deal->rep ||
            !lead_is_report(said->core, said->by, deal->rep))
            continue;
        if (owner && owner != deal->rep)
            return NULL; /* of several people: then a name is asked for */
        owner = deal->rep;
    }
    return owner;
}

/* NULL: the reply says why not. */
static struct person *with_whom(const struct said *said, const char *name)
{
    size_t several;
    struct person *rep = lead_find(said, name, &several);
    if (!rep && !several && *name)
        rep = owner_of(said, name);
    return rep ? rep : lead_find_or_reply(said, name, SAY_LEDGER_HOW);
}

static void add(const struct said *said, enum coaching_act act, const char *rest)
{
    struct arena *arena = &said->step->arena;
    char *name = arena_strdup(arena, rest);
    msec_t length = take_length(name);
    struct coaching coaching = {said->by, NULL, act};
    if (length > MSEC_DAY) {
        command_reply(said, SAY_LEDGER_TOO_LONG);
        return;
    }
    bool team = act == ACT_TEAM_MEETING && !*name;
    if (!team && !(coaching.rep = with_whom(said, name)))
        return;
    ledger_add(said->core, said->step,
               arena_printf(arena, SAID_KEY, said->by->id, said->event->id ? said->event->id : ""),
               &coaching, length / MSEC_SECOND);
    const char *minutes = length
                              ? arena_printf(arena, say_to(said->core, said->by, SAY_LEDGER_LENGTH),
                                             (long long)(length / MSEC_MINUTE))
                              : "";
    const char *what = words_of(said, act, 1);
    command_reply(said,
                  team ? arena_printf(arena, say_to(said->core, said->by, SAY_LEDGER_ADDED_TEAM),
                                      what, minutes)
                       : arena_printf(arena, say_to(said->core, said->by, SAY_LEDGER_ADDED), what,
                                      person_name(coaching.rep), minutes));
}

/* Only what was said by hand; the calendar corrects itself. */
static void take_back(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    const struct ledger_row *row =
        ledger_take_back(said->core, said->step, arena_printf(arena, SAID_KEY, said->by->id, ""));
    if (!row)
        command_reply(said, SAY_LEDGER_NOTHING_SAID);
    else
        command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_LEDGER_TAKEN_BACK),
                                         words_of(said, row->act, 1)));
}

bool ledger_is_named(const struct said *said)
{
    const char *rest;
    return said->by->manager && read_act(said->rest, &said->step->arena, &rest) != ACT_COUNT;
}

void ledger_put_down(const struct said *said)
{
    const char *rest = "";
    enum coaching_act act = read_act(said->rest, &said->step->arena, &rest);
    if (act == ACT_COUNT)
        command_reply(said, SAY_LEDGER_HOW);
    else
        add(said, act, rest);
}

static bool is_act(const struct said *said)
{
    return is_undo(said->rest) || ledger_is_named(said);
}

static void cmd_ledger(const struct said *said)
{
    if (!*said->rest || is_undo(said->rest))
        (*said->rest ? take_back : show)(said);
    else
        ledger_put_down(said);
}

const struct command spoken_ledger = {
    .words = "ledger",
    .takes_rest = true,
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_LEDGER,
    .means = is_act,
    .run = cmd_ledger,
};
