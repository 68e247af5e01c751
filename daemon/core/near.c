/* Near triggers: the event was of the right type, but something did not fit. */
#include "core/near.h"

#include <string.h>

#include "base/alloc.h"
#include "core/ahead.h"
#include "core/coaching.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases_reasons.h"
#include "core/phrases_remedies.h"
#include "core/speech.h"
#include "core/words.h"

enum { NEAR_WORDS_BYTES = 300 };

static const struct person *rep_of(const struct core *core, const struct event *event,
                                   const struct deal *deal)
{
    const char *owner = event->rep ? event->rep : event->owner;
    const struct person *rep = owner ? person_find(core, owner) : NULL;
    return rep || owner ? rep : deal ? deal->rep : NULL;
}

static const struct deal *deal_of(const struct core *core, const struct event *event)
{
    return str_empty(event->deal) ? NULL : deal_find(core, event->deal);
}

const char *core_event_rep(const struct core *core, const struct event *event)
{
    const struct person *rep = rep_of(core, event, deal_of(core, event));
    return rep ? rep->id : NULL;
}

/* --- words --- */

static const char *name_of(const struct scope *scope, const struct field_ref *ref)
{
    if (ref->field == FIELD_SIGNAL)
        return arena_printf(scope->arena, "signal.%s",
                            scope->core->book->signals[ref->signal]->name);
    if (ref->field == FIELD_TEAM_TOTAL)
        return arena_printf(scope->arena, "team.total.%s",
                            scope->core->book->signals[ref->signal]->name);
    if (ref->field == FIELD_ANSWER)
        return arena_printf(scope->arena, "answer.%s", ref->name);
    return field_name(ref->field);
}

static const char *words_of(const struct scope *scope, const struct value *value)
{
    char stamp[MSEC_TEXT_BYTES];
    const char *words;
    if (value->type == VALUE_MISSING)
        return "missing";
    if (value->type == VALUE_BOOL)
        return value->number ? "yes" : "no";
    if (value->type == VALUE_DATE)
        return value->text;
    if (value->type == VALUE_TIME)
        words = arena_strdup(scope->arena, msec_format(value->number, stamp));
    else if (value->type == VALUE_LENGTH && value->number >= 0)
        words = arena_strdup(scope->arena, msec_format_length(value->number, stamp));
    else
        words = render_value(scope, value, scope->arena);
    return words ? words : "nothing";
}

/* What somebody answered is not for whoever asks why. */
static const char *found_words(const struct scope *scope, const struct cond *cond)
{
    struct value value = value_get(scope, &cond->field);
    return field_is_private(cond->field.field) && value.type != VALUE_MISSING
               ? "an answer that stays private"
               : words_of(scope, &value);
}

/* "propose", "propose or negotiate". */
static void list_values(const struct scope *scope, const struct cond *cond, struct strbuf *out)
{
    for (int i = 0; i < cond->value_count; i++)
        strbuf_printf(out, "%s%s",
                      i == 0                       ? ""
                      : i + 1 == cond->value_count ? " or "
                                                   : ", ",
                      words_of(scope, &cond->values[i]));
}

static const char *operator_words(enum cond_op op)
{
    static const char *const words[] = {
        [COND_IS] = "",
        [COND_IS_NOT] = "anything but ",
        [COND_MISSING] = "missing",
        [COND_PRESENT] = "present",
        [COND_AT_LEAST] = "at least ",
        [COND_AT_MOST] = "at most ",
        [COND_OVER] = "over ",
        [COND_UNDER] = "under ",
        [COND_BETWEEN] = "between ",
        [COND_CONTAINS] = "a text that contains ",
        [COND_MATCHES] = "a text that matches ",
        [COND_WITHIN] = "within ",
        [COND_BEFORE] = "before ",
        [COND_AFTER] = "after ",
    };
    return (size_t)op < ARRAY_LEN(words) && words[op] ? words[op] : "";
}

static void add_wanted(const struct scope *scope, const struct cond *cond, struct strbuf *out)
{
    strbuf_puts(out, operator_words(cond->op));
    if (cond->op == COND_BETWEEN && cond->value_count == 2)
        strbuf_printf(out, "%s and %s", words_of(scope, &cond->values[0]),
                      words_of(scope, &cond->values[1]));
    else if (cond->op != COND_MISSING && cond->op != COND_PRESENT)
        list_values(scope, cond, out);
}

static bool is_group(const struct cond *cond)
{
    return cond->op == COND_ALL || cond->op == COND_ANY || cond->op == COND_NOT;
}

/* "side is seller (it is customer)", groups joined. */
static void add_cond(const struct scope *scope, const struct cond *cond, struct strbuf *out)
{
    for (int i = 0; is_group(cond) && i < cond->child_count; i++) {
        strbuf_puts(out, i == 0 ? "" : cond->op == COND_ANY ? " or " : " and ");
        strbuf_puts(out, cond->children[i].op == COND_NOT ? "not: " : "");
        add_cond(scope, &cond->children[i], out);
    }
    if (is_group(cond))
        return;
    strbuf_printf(out, "%s is ", name_of(scope, &cond->field));
    add_wanted(scope, cond, out);
    strbuf_printf(out, " (it is %s)", found_words(scope, cond));
}

static const char *to_arena(struct strbuf *words, struct arena *arena)
{
    const char *kept = arena_strdup(arena, strbuf_text(words));
    strbuf_done(words);
    return kept;
}

static void tell_leaf(const struct scope *scope, const struct cond *cond, struct near *ret)
{
    struct arena *arena = scope->arena;
    struct strbuf wanted;
    strbuf_init(&wanted, NEAR_WORDS_BYTES);
    add_wanted(scope, cond, &wanted);
    ret->field = name_of(scope, &cond->field);
    ret->found = found_words(scope, cond);
    ret->wanted = to_arena(&wanted, arena);
    ret->why = arena_printf(arena, in_english(SAY_REASON_NEAR_IS), ret->field, ret->found,
                            cond->op == COND_MISSING || cond->op == COND_PRESENT
                                ? arena_printf(arena, "it %s", ret->wanted)
                                : ret->wanted);
    ret->remedy = arena_printf(arena, in_english(SAY_REMEDY_NEAR_IS), ret->field, ret->wanted);
}

/* `any` and `not` have no single field that is to blame. */
static void tell_group(const struct scope *scope, const struct cond *cond, struct near *ret)
{
    bool any = cond->op == COND_ANY;
    struct strbuf words;
    strbuf_init(&words, NEAR_WORDS_BYTES);
    add_cond(scope, cond, &words);
    ret->wanted = arena_printf(scope->arena, "%s: %s", any ? "one of" : "not",
                               to_arena(&words, scope->arena));
    ret->why = arena_printf(scope->arena, in_english(SAY_REASON_NEAR_WANTS), ret->wanted);
    ret->remedy = any ? SAY_REMEDY_NEAR_ANY : SAY_REMEDY_NEAR_NOT;
}

/* --- which condition --- */

static bool is_of_event(const struct cond *cond)
{
    if (!is_group(cond))
        return field_is_of_event(cond->field.field);
    for (int i = 0; i < cond->child_count; i++) {
        if (!is_of_event(&cond->children[i]))
            return false;
    }
    return true;
}

/* The first that does not hold, `all` looked into; with own_only of those that rest on nothing but
 * the event. NULL: none. */
static const struct cond *first_failed(const struct cond *cond, const struct scope *scope,
                                       bool own_only)
{
    if (cond && cond->op == COND_ALL) {
        for (int i = 0; i < cond->child_count; i++) {
            const struct cond *failed = first_failed(&cond->children[i], scope, own_only);
            if (failed)
                return failed;
        }
        return NULL;
    }
    if (!cond || (own_only && !is_of_event(cond)) || cond_holds(cond, scope))
        return NULL;
    return cond;
}

static bool blames(const struct cond *cond, const struct scope *scope, enum near_view view,
                   struct near *ret)
{
    const struct cond *failed = NULL;
    if (view == NEAR_AFTERWARDS)
        failed = first_failed(cond, scope, true);
    if (!failed)
        failed = first_failed(cond, scope, false);
    if (!failed)
        return false;
    if (is_group(failed))
        tell_group(scope, failed, ret);
    else
        tell_leaf(scope, failed, ret);
    ret->unsure = view == NEAR_AFTERWARDS && !is_of_event(failed);
    return true;
}

static void tell_waiting(const struct rule *rule, struct near *ret, struct arena *arena)
{
    char length[MSEC_TEXT_BYTES];
    ret->kind = NEAR_WAITS;
    ret->field = "for";
    ret->why = arena_printf(arena, "it began to wait: the conditions must hold for %s%s",
                            rule->wait_working ? "working time of " : "",
                            msec_format_length(rule->wait, length));
    ret->remedy = "It would have gone on at once without its `for`.";
}

/* Everything that keeps any rule from the event. */
static bool event_decides(const struct core *core, const struct rule *rule,
                          const struct event *event, const struct person *rep, struct near *ret)
{
    if (event->at != MSEC_NONE && event->at - event->time > HISTORY_DAYS * MSEC_DAY) {
        ret->kind = NEAR_HISTORY;
        ret->why = "it was heard of more than 7 days after it happened";
        ret->remedy = "It would have gone on if the event had come within 7 days.";
        return false;
    }
    if (!coaching_looks_at(core, rule, rep)) {
        ret->kind = NEAR_NO_REP;
        ret->why = "the event is about somebody who is not asked as a rep";
        ret->remedy = "It would have gone on if the person were a rep of a team.";
        return false;
    }
    return true;
}

/* What stands behind the decision point. */
static void judge(const struct rule *rule, const struct scope *scope, enum near_view view,
                  struct near *ret)
{
    bool afterwards = view == NEAR_AFTERWARDS;
    if (blames(rule->cond, scope, view, ret)) {
        ret->kind = NEAR_IF;
    } else if (rule->wait) {
        tell_waiting(rule, ret, scope->arena);
        ret->unsure = afterwards && rule->cond && !is_of_event(rule->cond);
    } else {
        ret->kind = NEAR_HOLDS;
        ret->unsure = afterwards;
        ret->why = afterwards ? "with what is known now all its conditions hold"
                              : "all its conditions held";
        ret->remedy = "What was different then is not kept; see the decisions around that minute.";
    }
}

/* The moments of `before` and `after` are still to come, or there is none. */
static bool tell_ahead(const struct rule *rule, const struct scope *scope, struct near *ret)
{
    struct arena *arena = scope->arena;
    const struct event *event = scope->event;
    bool before = rule->point == POINT_BEFORE;
    if (rule->point != POINT_BEFORE && rule->point != POINT_AFTER)
        return false;
    ret->kind = before ? NEAR_BEFORE : NEAR_AFTER;
    ret->field = before ? "due" : "time";
    ret->remedy = "What becomes of it then is a decision of its own.";
    if (before && event->due == MSEC_NONE) {
        ret->why = "it does not say when it begins";
        ret->remedy = "It would have gone on if the event had said when it is due.";
    } else if (before && event->due <= scope->now) {
        ret->why = arena_printf(arena, "it began at %s %s, and that had passed",
                                render_date(scope->rep, event->due, arena),
                                render_time(scope->rep, event->due, arena));
        ret->remedy = "It would have gone on if the event had come before that.";
    } else {
        msec_t at = ahead_moment(scope->core, rule, scope->rep, event, &rule->moments[0]);
        const char *length = moment_words(&rule->moments[0], arena);
        bool known = at != MSEC_NONE && at != MSEC_NEVER;
        ret->why =
            arena_printf(arena, "it is decided %s %s %s%s%s%s%s%s", length,
                         before ? "before" : "after", before ? "it begins" : "it",
                         known ? ", on " : "", known ? render_date(scope->rep, at, arena) : "",
                         known ? " at " : "", known ? render_time(scope->rep, at, arena) : "",
                         rule->moment_count > 1 ? ", and again later" : "");
    }
    return true;
}

struct near core_near(const struct core *core, const struct event *event, const struct rule *rule,
                      enum near_view view, struct arena *arena)
{
    struct event own = *event; /* an act of coaching is looked at by its own name */
    const struct deal *deal = deal_of(core, event);
    const struct coaching coaching = coaching_of(core, &own);
    const struct person *rep =
        coaching.manager ? coaching_about(&coaching, rule, NULL) : rep_of(core, event, deal);
    struct near ret = {.kind = NEAR_NOT};
    event = &own;
    if (!rep || (int)event->type >= EVENT_OTHER || !(rule->when & EVENT_BIT(event->type)))
        return ret;
    msec_t now = event->at == MSEC_NONE ? event->time : event->at;
    struct scope scope = {.core = core,
                          .event = event,
                          .rep = rep,
                          .deal = deal,
                          .rule = rule,
                          .now = now,
                          .arena = arena};
    ret.rep = rep->id;
    ret.deal = deal ? deal->id : event->deal;
    if (!event_decides(core, rule, event, rep, &ret))
        return ret;
    if (blames(rule->when_cond, &scope, view, &ret))
        ret.kind = NEAR_WHEN;
    else if (!tell_ahead(rule, &scope, &ret))
        judge(rule, &scope, view, &ret);
    return ret;
}

static const struct fact *newest(const struct scope *scope, const struct deal *deal, msec_t since)
{
    const struct fact *found = NULL;
    for (size_t i = 0; i < scope->core->person_count; i++) {
        const struct fact *fact =
            missing_fact(scope->rule, scope->core->people[i], deal, since, scope->now);
        if (fact && (!found || fact->time > found->time))
            found = fact;
    }
    return found;
}

/* What would have been missing for `per: deal`: about the first deal with no such event. */
static const struct fact *newest_of_deals(const struct scope *scope, msec_t since, bool *ret_any)
{
    const struct fact *last = NULL;
    const struct deal_list deals = deals_sorted(scope->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        if (deal->rep != scope->rep || !deal_is_open(deal))
            continue;
        *ret_any = true;
        last = newest(scope, deal, since);
        if (!last)
            return NULL;
    }
    return last;
}

/* True: nothing was missing, or it was not fair to ask. */
static bool tell_missing(const struct rule *rule, const struct scope *scope, enum near_view view,
                         struct near *ret)
{
    struct arena *arena = scope->arena;
    bool deals = false;
    if (rule->point != POINT_MISSING)
        return false;
    msec_t since = missing_since(rule, scope->rep, scope->now);
    const struct fact *fact = since == MSEC_NONE ? NULL
                              : rule->absent_per_deal
                                  ? newest_of_deals(scope, since, &deals)
                                  : missing_fact(rule, scope->rep, NULL, since, scope->now);
    if (!fact && (!rule->absent_per_deal || deals))
        return false;
    ret->kind = NEAR_MISSING;
    ret->field = "missing";
    ret->unsure = view == NEAR_AFTERWARDS;
    ret->remedy =
        arena_printf(arena, "It would have gone on if there had been none since %s %s.",
                     render_date(scope->rep, since, arena), render_time(scope->rep, since, arena));
    if (!fact) {
        ret->why = "no deal of theirs is open";
        ret->remedy = "It would have gone on with an open deal.";
        return true;
    }
    const char *what = word_kind_text(fact->kind);
    ret->found = arena_printf(
        arena, "%s on %s at %s", what ? what : event_type_name((enum event_type)fact->type),
        render_date(scope->rep, fact->time, arena), render_time(scope->rep, fact->time, arena));
    ret->wanted = "none";
    ret->why = arena_printf(arena, "there was %s %s%s, so nothing was missing",
                            strchr("aeiou", ret->found[0]) ? "an" : "a", ret->found,
                            rule->absent_per_deal ? " and one about each other open deal" : "");
    return true;
}

struct near core_near_due(const struct core *core, const char *rep_id, const struct rule *rule,
                          msec_t from, msec_t to, enum near_view view, struct arena *arena,
                          msec_t *ret_due, const char **ret_occurrence)
{
    const struct person *rep = receiver_find(core, rep_id);
    struct near ret = {.kind = NEAR_NOT};
    char occurrence[SCHED_SLOT_BYTES];
    msec_t due;
    if (!rep || !rule->sched || !slot_receives(core, rule, rep))
        return ret;
    const struct tz *zone = rule->zone ? rule->zone : rep->tz;
    if (sched_next(rule->sched, zone, from - 1, &due) || due >= to)
        return ret;
    struct scope scope = {.core = core, .rep = rep, .rule = rule, .now = due, .arena = arena};
    ret.rep = rep->id;
    if (!tell_missing(rule, &scope, view, &ret))
        judge(rule, &scope, view, &ret);
    *ret_due = due;
    *ret_occurrence = arena_strdup(arena, sched_slot(rule->sched, zone, due, occurrence));
    return ret;
}
