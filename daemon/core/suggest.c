/* Suggestions: what becomes of a yes and a no, and the search for a colleague who has the time. */
#include "core/speech.h"
#include "core/suggest.h"
#include "core/peer.h"

#include <string.h>

#include "base/alloc.h"
#include "core/phrases.h"
#include "core/phrases_reasons.h"
#include "core/prompt.h"

enum { SEEK_DAYS = 5 }; /* working days after which the search ends */

const char *suggest_obstacle(const struct scope *scope)
{
    const struct person *rep = scope->rep;
    if (pair_declined(rep, scope->rule, scope->now))
        return SAY_REASON_DECLINED;
    if (scope->rule->offer.resource)
        return NULL;
    if (rep->pair && rep->pair->seeking)
        return SAY_REASON_ARRANGED;
    const struct peer_search search = {.rule = scope->rule, .of = rep};
    return peer_exists(scope->core, &search, scope->now, scope->arena) ? NULL
                                                                       : SAY_REASON_NO_COLLEAGUE;
}

void suggest_dress(struct message *message)
{
    static const struct button buttons[] = {
        {"yes", SAY_YES_PLEASE, true}, {"no", SAY_NO_THANKS, false}, {"why", SAY_WHY, false}};
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
        message->buttons[message->button_count++] = buttons[i];
}

/* --- the round --- */

/* Something to the rep that is no prompt and expects nothing. */
static void tell_rep(struct core *core, struct step *step, const struct pair *pair,
                     const char *part, const char *text)
{
    struct person *rep = pair->person;
    struct message *message =
        say_message(core, step, rep, pair->rule_id, pair->occurrence, part, text);
    message->unknown = UNKNOWN_DROP;
    message->expires = step->now + MSEC_WEEK;
    if (!prompt_welcome_now(core, rep, step->now))
        message->due = person_next_working(core, rep, step->now);
}

static void end_round(struct core *core, struct step *step, struct pair *pair)
{
    pair_end_round(core, pair);
    pair_persist(step, pair);
}

static void found_nobody(struct core *core, struct step *step, struct pair *pair)
{
    tell_rep(core, step, pair, "nobody",
             arena_printf(&step->arena, say_to(core, pair->person, SAY_TALK_NOBODY), pair->topic));
    end_round(core, step, pair);
}

/* The asking is a decision like any other: it is told of, and uses up the colleague's caps. */
static void note_asking(struct core *core, struct step *step, const struct pair *pair,
                        struct person *peer, const char *text)
{
    const struct rule *rule = book_rule(core->book, pair->rule_id);
    struct decision note = {
        .at = step->now,
        .rep = arena_strdup(&step->arena, peer->id),
        .rule = rule->id,
        .occurrence = arena_strdup(&step->arena, pair->occurrence),
        .outcome = "sent",
        .gates = {{"peer", true, "asked for a colleague's sake"}},
        .gate_count = 1,
        .variant = -1,
        .text = text,
        .send_at = step->now,
    };
    step_note(step, &note);
    person_use_add(core, peer, rule->id, step->now);
    person_sent_add(core, peer, rule->id, NULL, step->now, true);
    pair_asked(core, step, peer);
}

static void ask_peer(struct core *core, struct step *step, struct pair *pair,
                     const struct rule *rule, struct person *peer)
{
    struct arena *arena = &step->arena;
    char *text = arena_printf(arena, say_to(core, peer, SAY_PEER), pair->topic);
    char *why = arena_printf(arena, say_to(core, peer, SAY_PEER_WHY), pair->topic);
    const char *part = arena_printf(arena, "peer for %s", pair->person->id);
    struct prompt like = {.kind = PROMPT_PEER,
                          .to = peer,
                          .about = pair->person,
                          .rule = rule,
                          .occurrence = pair->occurrence,
                          .text = pair->topic,
                          .shown = text,
                          .why = why};
    pair->asked[pair->asked_count++] = xstrdup(peer->id);
    note_asking(core, step, pair, peer, text);
    const struct prompt *prompt = prompt_start(core, step, &like, part);
    memcpy(pair->prompt, prompt->key, MESSAGE_KEY_BYTES);
    pair_persist(step, pair);
}

/* When it is worth looking again: tomorrow the caps are fresh. */
static msec_t next_morning(const struct core *core, const struct person *rep, msec_t now)
{
    msec_t from =
        person_works_at(core, rep, now) ? person_working_end(core, rep, now) : now + MSEC_MINUTE;
    return person_next_working(core, rep, from);
}

static void look_again(struct core *core, struct step *step, struct pair *pair, msec_t when)
{
    if (when == MSEC_NEVER) {
        found_nobody(core, step, pair);
        return;
    }
    timer_set(&core->timers, &pair->timer, when);
    pair_persist(step, pair);
}

static void seek(struct core *core, struct step *step, struct pair *pair)
{
    struct person *rep = pair->person, *peer = NULL;
    struct person *without[PAIR_TRIES + PAIR_PARTNERS];
    const struct rule *rule = book_rule(core->book, pair->rule_id);
    struct peer_search search = {.rule = rule, .of = rep, .without = without};
    msec_t later = MSEC_NEVER;
    pair->prompt[0] = '\0';
    if (!person_is_here(core, rep)) {
        end_round(core, step, pair);
        return;
    }
    for (int i = 0; i < pair->asked_count; i++)
        without[search.without_count++] = person_find(core, pair->asked[i]);
    for (int i = 0; i < PAIR_PARTNERS && pair->partners[i]; i++)
        without[search.without_count++] = person_find(core, pair->partners[i]);
    if (!rule || pair->asked_count == PAIR_TRIES ||
        step->now >= person_add_working(core, rep, pair->began, SEEK_DAYS * MSEC_DAY)) {
        found_nobody(core, step, pair);
        return;
    }
    switch (peer_find(core, step, &search, &peer, &later)) {
    case PEER_NOW:
        ask_peer(core, step, pair, rule, peer);
        break;
    case PEER_LATER:
        look_again(core, step, pair, later);
        break;
    case PEER_BUSY:
        look_again(core, step, pair, next_morning(core, rep, step->now));
        break;
    case PEER_NONE:
        found_nobody(core, step, pair);
        break;
    }
}

void pair_due(struct core *core, struct step *step, struct timer *timer)
{
    struct pair *pair = (struct pair *)(void *)timer;
    timer_clear(&core->timers, timer);
    if (pair->seeking)
        seek(core, step, pair);
}

static struct pair *round_of(const struct prompt *prompt)
{
    struct pair *pair = prompt->about->pair;
    return pair && pair->seeking && str_eq(pair->prompt, prompt->key) ? pair : NULL;
}

void suggest_no_answer(struct core *core, struct step *step, struct prompt *prompt)
{
    struct pair *pair = round_of(prompt);
    if (pair)
        seek(core, step, pair);
}

/* --- yes and no --- */

static void keep_partner(struct step *step, struct person *person, const struct person *partner)
{
    struct pair *pair = pair_get(person);
    free(pair->partners[PAIR_PARTNERS - 1]);
    memmove(pair->partners + 1, pair->partners, (PAIR_PARTNERS - 1) * sizeof(pair->partners[0]));
    pair->partners[0] = xstrdup(partner->id);
    pair_persist(step, pair);
}

/* Both have agreed: from now on they know of each other. */
static void meet(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event)
{
    struct arena *arena = &step->arena;
    struct person *rep = prompt->about, *peer = prompt->to;
    struct pair *pair = round_of(prompt);
    if (!pair || !person_is_here(core, rep)) {
        say_reply(core, step, peer, event, SAY_PEER_LATE);
        return;
    }
    prompt_update(core, step, prompt, event,
                  arena_printf(arena, say_to(core, prompt->to, SAY_PEER_MET), prompt->shown,
                               person_name(rep)));
    tell_rep(core, step, pair, "met",
             arena_printf(arena, say_to(core, rep, SAY_TALK_MET), person_name(peer), pair->topic,
                          person_first_name(peer, arena)));
    keep_partner(step, peer, rep);
    pair_end_round(core, pair);
    keep_partner(step, rep, peer);
}

static void begin_round(struct core *core, struct step *step, const struct prompt *prompt)
{
    struct pair *pair = pair_get(prompt->to);
    pair->seeking = true;
    pair->rule_id = xstrdup(prompt->rule_id);
    pair->topic = xstrdup(prompt->text);
    pair->occurrence = xstrdup(prompt->occurrence);
    pair->began = step->now;
    seek(core, step, pair);
}

void suggest_yes(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event)
{
    struct arena *arena = &step->arena;
    bool talk = prompt->kind == PROMPT_TALK;
    prompt_heard_from(core, step, prompt->to);
    if (talk && prompt->state != PROMPT_ANSWERED && prompt->to->pair && prompt->to->pair->seeking) {
        say_reply(core, step, prompt->to, event, SAY_TALK_ALREADY);
        return;
    }
    /* a no is for good, and a yes is said once */
    if (prompt->state == PROMPT_SKIPPED || prompt->state == PROMPT_ANSWERED ||
        (talk && !prompt->rule) || !prompt_move(core, step, prompt, PROMPT_ANSWERED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    prompt->answered_at = step->now;
    persist_prompt(step, prompt);
    if (prompt->kind == PROMPT_PEER) {
        meet(core, step, prompt, event);
        return;
    }
    prompt_update(core, step, prompt, event,
                  talk
                      ? arena_printf(arena, say_to(core, prompt->to, SAY_TALK_BEGUN), prompt->shown)
                      : arena_printf(arena, say_to(core, prompt->to, SAY_OFFER_TAKEN),
                                     prompt->shown, prompt->text));
    if (talk)
        begin_round(core, step, prompt);
}

static void keep_declined(struct step *step, const struct prompt *prompt)
{
    struct pair *pair = pair_get(prompt->to);
    ARRAY_GROW(pair->declined, pair->declined_count, pair->declined_cap);
    pair->declined[pair->declined_count++] = (struct declined){xstrdup(prompt->text), step->now};
    pair_persist(step, pair);
}

void suggest_no(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event)
{
    bool peer = prompt->kind == PROMPT_PEER;
    prompt_heard_from(core, step, prompt->to);
    if (!prompt_move(core, step, prompt, PROMPT_SKIPPED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    prompt_update(core, step, prompt, event,
                  arena_printf(&step->arena,
                               peer ? say_to(core, prompt->to, SAY_PEER_DECLINED)
                                    : say_to(core, prompt->to, SAY_OFFER_DECLINED),
                               prompt->shown));
    if (peer)
        suggest_no_answer(core, step, prompt);
    else
        keep_declined(step, prompt);
}

/* Nothing of the rule: its words could tell what happened to the colleague. */
void suggest_why(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event)
{
    say_reply(core, step, prompt->to, event,
              arena_printf(&step->arena, say_to(core, prompt->to, SAY_WHY_META), prompt->why));
}

/* --- in words --- */

static bool is_one_of(const char *words, const char *const *list, size_t count)
{
    size_t length = strlen(words);
    while (length && strchr(" .!", words[length - 1]))
        length--;
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && strncasecmp(list[i], words, length) == 0)
            return true;
    }
    return false;
}

bool suggest_said(struct core *core, struct step *step, struct person *by, const char *words,
                  const struct event *event)
{
    static const char *const yes[] = {"yes", "y", "yes please", "yes, please"};
    static const char *const no[] = {"no", "n", "no thanks", "no, thanks", "no thank you"};
    struct prompt *latest = NULL;
    bool agrees = is_one_of(words, yes, ARRAY_LEN(yes));
    for (int i = 0; i < by->prompt_count; i++) {
        struct prompt *prompt = by->prompts[i];
        if (prompt->kind >= PROMPT_OFFER && prompt->kind <= PROMPT_DRAFT &&
            (!latest || prompt_by_age(&prompt, &latest) > 0))
            latest = prompt;
    }
    if (!latest || (!agrees && !is_one_of(words, no, ARRAY_LEN(no))))
        return false;
    struct event click = *event;
    click.button = agrees ? "yes" : "no";
    prompt_click(core, step, by, latest, &click);
    return true;
}
