/* prepare: the card for a one-to-one, made of what the CRM says about open deals and of what the
 * rep chose to share. The rep sees the very same card. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/access.h"
#include "core/command.h"
#include "core/lead.h"
#include "core/lead_find.h"
#include "core/phrases.h"
#include "core/prompt.h"
#include "core/speech.h"

enum {
    DEALS_SHOWN = 5,
    ANSWERS_SHOWN = 4,
    ANSWER_DAYS = 30, /* what was said before is not asked about any more */
    QUESTION_POINTS = 120,
    ANSWER_POINTS = 160,
    QUESTIONS_ASKED = 3,
};

struct card {
    const struct said *said;
    struct person *rep;
    bool own; /* the rep looks at it */
    struct strbuf out;
};

static const char *cut(struct arena *arena, const char *text, size_t points)
{
    size_t bytes = utf8_prefix(text, points);
    char *copy = arena_printf(arena, "%.*s%s", (int)bytes, text, text[bytes] ? "…" : "");
    for (char *c = copy; *c; c++) {
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    }
    return copy;
}

static void add_last(struct card *card)
{
    struct arena *arena = &card->said->step->arena;
    msec_t last = ledger_last_one_to_one(card->said->core, card->rep);
    if (last == MSEC_NONE)
        strbuf_puts(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_FIRST));
    else
        strbuf_printf(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_LAST),
                      render_date(card->said->by, last, arena));
}

/* --- deals --- */

static int deal_order(const struct deal *a, const struct deal *b)
{
    int order = strcasecmp(deal_label(a), deal_label(b));
    return order ? order : strcmp(a->id, b->id);
}

static void add_deal(struct card *card, const struct deal *deal)
{
    const struct said *said = card->said;
    struct arena *arena = &said->step->arena;
    const struct stage_def *stage = book_stage(said->core->book, deal->texts[DEAL_STAGE]);
    msec_t since = deal->stamps[DEAL_STAGE].time;
    struct value in = {.type = VALUE_LENGTH, .number = said->step->now - since};
    const char *next = deal->texts[DEAL_NEXT_STEP];
    struct scope scope = {
        .core = said->core, .rep = card->rep, .now = said->step->now, .arena = arena};
    strbuf_printf(&card->out, "\n• %s: %s%s%s", cut(arena, deal_label(deal), QUESTION_POINTS),
                  stage                     ? stage->name
                  : deal->texts[DEAL_STAGE] ? deal->texts[DEAL_STAGE]
                                            : say_to(said->core, said->by, SAY_PREPARE_STAGE),
                  since ? arena_printf(arena, say_to(said->core, said->by, SAY_PREPARE_IN),
                                       render_value(&scope, &in, arena))
                        : "",
                  str_empty(next)
                      ? ""
                      : arena_printf(arena, say_to(said->core, said->by, SAY_PREPARE_NEXT),
                                     cut(arena, next, QUESTION_POINTS)));
}

/* By name: none of them is more of a worry than another. */
static void add_deals(struct card *card)
{
    const struct core *core = card->said->core;
    const struct deal *shown[DEALS_SHOWN];
    int count = 0, all = 0;
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        if (deal->rep != card->rep || !deal_is_open(deal))
            continue;
        all++;
        int place = count;
        while (place > 0 && deal_order(deal, shown[place - 1]) < 0)
            place--;
        if (place == DEALS_SHOWN)
            continue;
        count += count < DEALS_SHOWN;
        memmove(shown + place + 1, shown + place, (size_t)(count - 1 - place) * sizeof(*shown));
        shown[place] = deal;
    }
    strbuf_puts(&card->out, say_to(card->said->core, card->said->by,
                                   all ? SAY_PREPARE_DEALS : SAY_PREPARE_NO_DEALS));
    for (int i = 0; i < count; i++)
        add_deal(card, shown[i]);
    if (all > count)
        strbuf_printf(&card->out, say_to(card->said->core, card->said->by, SAY_AND_MORE),
                      all - count);
}

/* --- answers --- */

/* The manager may read it: the rep shared it, or the question said so before it was answered. */
static bool is_shared(const struct card *card, const struct prompt *prompt)
{
    const struct core *core = card->said->core;
    const struct person *manager = card->own ? person_manager(core, card->rep) : card->said->by;
    return prompt->state == PROMPT_ANSWERED && prompt->kind == PROMPT_QUESTION && prompt->answer &&
           manager && prompt_may_read(core, prompt, manager);
}

static bool is_newer(const struct prompt *a, const struct prompt *b)
{
    return a->answered_at != b->answered_at ? a->answered_at > b->answered_at
                                            : strcmp(a->key, b->key) < 0;
}

static void add_answers(struct card *card)
{
    struct arena *arena = &card->said->step->arena;
    const struct prompt *shown[ANSWERS_SHOWN];
    int count = 0;
    for (int i = 0; i < card->rep->asked_count; i++) {
        const struct prompt *prompt = card->rep->asked[i];
        if (!is_shared(card, prompt) || prompt->about != card->rep ||
            card->said->step->now - prompt->answered_at > ANSWER_DAYS * MSEC_DAY)
            continue;
        int place = count;
        while (place > 0 && is_newer(prompt, shown[place - 1]))
            place--;
        if (place == ANSWERS_SHOWN)
            continue;
        count += count < ANSWERS_SHOWN;
        memmove(shown + place + 1, shown + place, (size_t)(count - 1 - place) * sizeof(*shown));
        shown[place] = prompt;
    }
    const char *first = person_first_name(card->rep, arena);
    if (!count && card->own)
        strbuf_puts(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_NOTHING_OWN));
    else if (!count)
        strbuf_printf(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_NOTHING),
                      first, first);
    else if (card->own)
        strbuf_puts(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_SHARED_OWN));
    else
        strbuf_printf(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_SHARED),
                      first);
    for (int i = 0; i < count; i++)
        strbuf_printf(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_ANSWER),
                      cut(arena, shown[i]->text, QUESTION_POINTS),
                      cut(arena, shown[i]->answer, ANSWER_POINTS));
}

/* --- questions --- */

/* Other ones each week and for each person; the same when asked again. */
static void add_questions(struct card *card)
{
    static const char *const questions[] = {SAY_ASK_HANDS,    SAY_ASK_AGAIN,  SAY_ASK_BETTER,
                                            SAY_ASK_DECISION, SAY_ASK_HELP,   SAY_ASK_CURIOUS,
                                            SAY_ASK_NEW,      SAY_ASK_IN_WAY, SAY_ASK_TRIED};
    const struct said *said = card->said;
    const char *const parts[] = {card->rep->id,
                                 arena_printf(&said->step->arena, "%lld",
                                              (long long)person_week(card->rep, said->step->now))};
    size_t start = (size_t)(hash_join(said->core->options.seed, parts, 2) % ARRAY_LEN(questions));
    strbuf_puts(&card->out, say_to(card->said->core, card->said->by, SAY_PREPARE_ASK));
    for (size_t i = 0; i < QUESTIONS_ASKED; i++)
        strbuf_printf(
            &card->out, "\n• %s",
            say_to(said->core, said->by, questions[(start + i * 2) % ARRAY_LEN(questions)]));
}

/* --- whose --- */

static void show(const struct said *said, struct person *rep)
{
    struct card card = {.said = said, .rep = rep, .own = rep == said->by};
    const struct person *manager = person_manager(said->core, rep);
    strbuf_printf(&card.out, say_to(said->core, said->by, card.own ? SAY_PREPARE_OWN : SAY_PREPARE),
                  card.own ? person_name(manager) : person_name(rep));
    add_last(&card);
    add_deals(&card);
    add_answers(&card);
    if (!card.own)
        add_questions(&card);
    command_reply(said, strbuf_text(&card.out));
    strbuf_done(&card.out);
}

static void show_own(const struct said *said)
{
    if (person_manager(said->core, said->by))
        show(said, said->by);
    else
        command_reply(said, SAY_PREPARE_ALONE);
}

static bool is_about_somebody(const struct said *said)
{
    size_t several;
    return lead_find(said, said->rest, &several) || several;
}

/* Somebody else's card: the rep can see that it was looked at. */
static void show_noted(const struct said *said, struct person *rep)
{
    access_note(said->core, said->step, rep, person_name(said->by), "prepare");
    show(said, rep);
}

static void cmd_prepare(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    struct person **list, *rep;
    if (!said->by->manager) {
        if (*said->rest && !str_ieq(said->rest, said->by->id) &&
            !str_ieq(said->rest, person_name(said->by)) &&
            !str_ieq(said->rest, person_first_name(said->by, arena)))
            command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_FOR_MANAGERS),
                                             "prepare NAME"));
        else
            show_own(said);
        return;
    }
    size_t count = lead_reports(said->core, said->by, arena, &list);
    if (count == 1 && !*said->rest) { /* a team of one: who else */
        show_noted(said, list[0]);
        return;
    }
    const char *how = count ? arena_printf(arena, say_to(said->core, said->by, SAY_PREPARE_WHOM),
                                           person_first_name(list[0], arena))
                            : "";
    if ((rep = lead_find_or_reply(said, said->rest, how)))
        show_noted(said, rep);
}

const struct command spoken_prepare = {
    .words = "prepare",
    .takes_rest = true,
    .group = GROUP_TEAM,
    .help = SAY_HELP_PREPARE,
    .means = is_about_somebody,
    .run = cmd_prepare,
};
