/* Looking in: what pages, commands, the sender and tests may know of the core. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/introduce.h"
#include "core/overview.h"
#include "core/learn.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/suggest.h"

enum send_verdict core_may_send(const struct core *core, const struct message *message, msec_t now,
                                msec_t *ret_later, const char **ret_why)
{
    const struct person *to = receiver_find(core, message->to);
    const struct prompt *prompt = map_get(&core->prompts, message->key);
    if (now >= message->expires) {
        *ret_why = "its time is over";
        return SEND_EXPIRE;
    }
    if (!to || !person_is_here(core, to)) {
        *ret_why = "the person is no longer here";
        return SEND_CANCEL;
    }
    if (message->reply || message->op == MESSAGE_UPDATE)
        return SEND_GO;
    if (now < person_paused_until(to)) {
        *ret_why = "paused";
        return SEND_CANCEL;
    }
    if (prompt && prompt->deal && !prompt->talk &&
        !str_eq(prompt->stage, prompt->deal->texts[DEAL_STAGE]) &&
        prompt->kind == PROMPT_QUESTION) {
        *ret_why = "the deal has moved on meanwhile";
        return SEND_EXPIRE;
    }
    if (prompt && prompt->kind == PROMPT_REQUEST && prompt->state == PROMPT_CANCELLED) {
        *ret_why = "it was taken back meanwhile";
        return SEND_CANCEL;
    }
    const struct rule *rule = book_rule(core->book, message->rule);
    msec_t next = rule && rule->alert ? now : person_next_welcome(core, to, now);
    if (next == now)
        return SEND_GO;
    *ret_later = next;
    *ret_why = "outside working hours";
    return next >= message->expires ? SEND_EXPIRE : SEND_LATER;
}

static void unsend(struct person *person, const char *rule, msec_t at)
{
    for (size_t i = person->sent_count; i-- > 0;) {
        if (person->sents[i].at != at || !str_eq(person->sents[i].rule, rule))
            continue;
        memmove(person->sents + i, person->sents + i + 1,
                (person->sent_count - i - 1) * sizeof(*person->sents));
        person->sent_count--;
        return;
    }
}

/* Only messages really sent use up a limit. */
static void take_back(struct core *core, const struct message *message, const char *why,
                      struct step *step)
{
    const struct prompt *prompt = map_get(&core->prompts, message->key);
    const struct rule *rule = book_rule(core->book, message->rule);
    struct person *rep = receiver_find(core, message->rep), *to = receiver_find(core, message->to);
    if (!rule || !rep)
        return;
    unsend(rep, rule->id, message->at);
    person_use_drop(core, rep, rule->id);
    if (to && to != rep)
        unsend(to, rule->id, message->at);
    struct deal *deal = message->deal ? deal_find(core, message->deal) : NULL;
    for (int i = 0; deal && i < deal->use_count; i++)
        deal->uses[i].count -= str_eq(deal->uses[i].rule, rule->id) && deal->uses[i].count > 0;
    struct candidate c = {.rule = rule,
                          .rep = rep,
                          .deal = deal,
                          .occurrence = prompt ? prompt->occurrence : message->key};
    decide_note(step, &c, step->now >= message->expires ? "expired" : "cancelled", "send", why);
}

/* The message will never arrive: its conversation ends. */
void core_send_failed(struct core *core, const struct message *message, const char *why, msec_t now,
                      struct step *step)
{
    step_reset(step, now);
    struct prompt *prompt = map_get(&core->prompts, message->key);
    if (prompt && str_eq(prompt->latest, message->key))
        prompt_close(core, step, prompt, PROMPT_CANCELLED);
    take_back(core, message, why, step);
    if (prompt && prompt->kind == PROMPT_PEER && prompt->state == PROMPT_CANCELLED)
        suggest_no_answer(core, step, prompt);
    introduce(core, step);
    persist_flush(core, step);
}

const char *core_chat_id(const struct core *core, const char *id)
{
    const struct person *person = receiver_find(core, id);
    if (!person)
        return NULL;
    if (person->is_team)
        return person->group ? person->group->channel : NULL;
    if (person->chat)
        return person->chat;
    return person->def && person->def->chat && person->def->chat[0] != '@' ? person->def->chat
                                                                           : NULL;
}

const char *core_chat_next(const struct core *core, size_t *index)
{
    while (*index < 2 * core->person_count) {
        size_t at = (*index)++;
        const struct person *person = core->people[at % core->person_count];
        bool first = at < core->person_count;
        const char *chat = core_chat_id(core, person->id);
        if (chat && first == (prompt_latest_open(core, person) != NULL))
            return chat;
    }
    return NULL;
}

const char *core_person_id(const struct core *core, const char *any_key)
{
    const struct person *person = person_find(core, any_key);
    return person ? person->id : NULL;
}

const char *core_receiver(const struct core *core, const struct rule *rule, const char *rep)
{
    struct person *about = person_find(core, rep);
    const struct person *to = about ? person_receiver(core, rule, about) : NULL;
    return to ? to->id : NULL;
}

const char *core_date(const struct core *core, const char *id, msec_t t, struct arena *arena)
{
    const struct person *person = person_find(core, id);
    return arena_printf(arena, "%s %s", render_date(person, t, arena),
                        render_time(person, t, arena));
}

bool core_knows(const struct core *core, const char *key)
{
    return person_find(core, key) != NULL;
}

size_t core_deal_count(const struct core *core)
{
    return deals_count(core->deals);
}

static struct deal_view view_of(const struct deal *deal)
{
    return (struct deal_view){
        .id = deal->id,
        .name = deal_label(deal),
        .account = deal->texts[DEAL_ACCOUNT],
        .contact = deal->texts[DEAL_CONTACT],
        .owner = deal->texts[DEAL_OWNER],
        .currency = deal->texts[DEAL_CURRENCY],
        .stage = deal->texts[DEAL_STAGE],
        .rep = deal->rep ? deal->rep->id : NULL,
        .amount = deal->amount,
        .deleted = deal->deleted,
        .gate_count = deal->gate_count,
    };
}

struct deal_view core_deal_at(const struct core *core, size_t index)
{
    return view_of(deals_sorted(core->deals).list[index]);
}

bool core_deal_get(const struct core *core, const char *id, struct deal_view *ret)
{
    const struct deal *deal = deal_find(core, id);
    if (deal)
        *ret = view_of(deal);
    return deal;
}

const char *core_deal_gate(const struct core *core, size_t deal, int gate, bool *ret_done)
{
    const struct gate_mark *mark = &deals_sorted(core->deals).list[deal]->gates[gate];
    *ret_done = mark->done;
    return mark->gate;
}

size_t core_person_count(const struct core *core)
{
    return core->person_count;
}

struct person_view core_person_at(const struct core *core, size_t index)
{
    const struct person *person = core->people[index];
    return (struct person_view){
        .id = person->id,
        .name = person_name(person),
        .team = person_team(person),
        .zone = tz_name(person->tz),
        .manager = person->manager,
        .paused_until = person_paused_until(person),
        .tz = person->tz,
    };
}

const struct tz *core_zone_of(const struct core *core, const char *id)
{
    const struct person *person = receiver_find(core, id);
    return person ? person->tz : tz_utc();
}

struct core_counts core_counts(const struct core *core)
{
    struct core_counts counts = {
        .people = core->person_count, .deals = deals_count(core->deals), .facts = core->fact_total};
    for (size_t i = 0; i < core->person_count; i++)
        counts.open_prompts += (size_t)core->people[i]->prompt_count;
    for (size_t i = 0; i < core->timers.count; i++)
        counts.pending += core->timers.heap[i].timer->kind == TIMER_PENDING;
    counts.paused_rules = core_paused_rules(core, NULL);
    return counts;
}

const struct book *core_book(const struct core *core)
{
    return core->book;
}

/* Whose scope the texts are filled in from: what goes to a team is about no rep, and what a manager
 * gets at fixed times is about the manager's teams. */
static struct person *preview_rep(const struct core *core, const struct rule *rule,
                                  struct person *rep)
{
    if (rule->to == TO_TEAM)
        return person_receiver(core, rule, rep);
    if (rule->to == TO_MANAGER && rule->sched && !rep->manager)
        return person_manager(core, rep);
    return rep;
}

int core_preview(const struct core *core, const char *rule_id, const char *rep_id,
                 const char *deal_id, msec_t now, struct step *step, struct message *ret,
                 struct err *err)
{
    const struct rule *rule = book_rule(core->book, rule_id);
    struct person *rep = receiver_find(core, rep_id);
    struct deal *deal = deal_id ? deal_find(core, deal_id) : NULL;
    step_reset(step, now);
    if (!rule)
        return err_set(err, ENOENT, "no rule is called '%s'", rule_id);
    if (!rep)
        return err_set(err, ENOENT, "no person is called '%s'", rep_id);
    if (deal_id && !deal)
        return err_set(err, ENOENT, "no deal is called '%s'", deal_id);
    rep = preview_rep(core, rule, rep);
    if (!rep)
        return err_set(err, ENOENT, "'%s' has no %s that could get it", rep_id,
                       rule->to == TO_TEAM ? "team" : "manager");
    if (peer_redirects(rule))
        deal = NULL;
    struct scope scope = {.core = core,
                          .rep = rep,
                          .deal = deal,
                          .rule = rule,
                          .now = now,
                          .arena = &step->arena,
                          .masked = true};
    struct draft draft = {.variant = -1, .arena = &step->arena};
    scope.reader = person_receiver(core, rule, rep);
    const char *empty = rule->action->compose(core, rule, &scope, &draft);
    if (empty)
        return err_set(err, ENODATA, "nothing to say: %s", empty);
    prompt_preview(core, step, rep, deal, rule, &draft, ret);
    return 0;
}

const char *core_message_question(const struct core *core, const char *key)
{
    const struct prompt *prompt = map_get(&core->prompts, key);
    return prompt ? prompt->question_id : NULL;
}

static void dump_people(const struct core *core, struct strbuf *out)
{
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *p = core->people[i];
        strbuf_printf(out, "person %s zone=%s left=%d gone=%d aways=%d facts=%zu unanswered=%d\n",
                      p->id, tz_name(p->tz), p->left, p->gone, p->away_count, p->fact_count,
                      p->unanswered);
        for (size_t k = 0; k < p->fact_count; k++)
            strbuf_printf(out, "  fact %lld %d %d %d %d %s\n", (long long)p->facts[k].time,
                          p->facts[k].type, p->facts[k].kind, p->facts[k].direction,
                          p->facts[k].outcome, p->facts[k].deal ? p->facts[k].deal->id : "-");
    }
}

static void dump_deals(const struct core *core, struct strbuf *out)
{
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *d = deals.list[i];
        strbuf_printf(out, "deal %s rep=%s amount=%lld deleted=%d created=%lld", d->id,
                      d->rep ? d->rep->id : "-", (long long)d->amount, d->deleted,
                      (long long)d->created);
        for (int k = 0; k < DEAL_TEXTS; k++)
            strbuf_printf(out, " %s", d->texts[k] ? d->texts[k] : "-");
        for (int k = 0; k < d->gate_count; k++)
            strbuf_printf(out, " %s=%d", d->gates[k].gate, d->gates[k].done);
        strbuf_putc(out, '\n');
    }
}

void core_dump(const struct core *core, struct strbuf *out)
{
    dump_people(core, out);
    dump_deals(core, out);
}

int64_t core_signal(const struct core *core, const char *signal, const char *rep, const char *deal,
                    msec_t now)
{
    struct arena arena;
    arena_init(&arena);
    struct scope scope = {.core = core,
                          .rep = person_find(core, rep),
                          .deal = deal ? deal_find(core, deal) : NULL,
                          .now = now,
                          .arena = &arena};
    int64_t value = NUMBER_NONE;
    for (int i = 0; i < core->book->signal_count; i++) {
        if (str_eq(core->book->signals[i]->name, signal))
            value = signal_value(&scope, core->book->signals[i]);
    }
    arena_done(&arena);
    return value;
}
