#include "core/speech.h"
#include "engine/explain.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "core/event_fields.h"
#include "core/near.h"
#include "core/phrases.h"
#include "core/remedy.h"
#include "core/retell.h"

enum {
    DECISIONS_DAYS = 3,
    DECISIONS_READ = 40, /* newest of that person */
    SHOWN = 3,           /* of each; more would not be read in a chat */
    NEAR_HOURS = 12,
    JOURNAL_READ = 20000, /* rows of everybody */
    ENOUGH = 1,
};

/* One line of the answer. */
struct line {
    msec_t at;
    const char *rule, *deal, *occurrence, *why, *remedy;
};

struct search {
    const struct core *core;
    const char *person;
    msec_t now;
    struct arena *arena;
    struct line decided[DECISIONS_READ]; /* newest first; those that spoke have no reason */
    size_t decided_count;
    struct line nearly[SHOWN]; /* the newest, oldest first */
    size_t nearly_count;
    int rows;
};

static const char *text_of(const struct search *search, const json_t *object, const char *key)
{
    return arena_strdup(search->arena, json_string_value(json_object_get(object, key)));
}

static bool is_own(const struct search *search, const char *rule)
{
    const struct rule *known = book_rule(core_book(search->core), rule);
    const char *receiver = known ? core_receiver(search->core, known, search->person) : NULL;
    return receiver && str_eq(receiver, search->person);
}

/* --- decisions --- */

static void take_gate(const struct search *search, const json_t *decision, struct line *line)
{
    const json_t *gates = json_object_get(decision, "gates");
    for (size_t i = 0; i < json_array_size(gates); i++) {
        const json_t *gate = json_array_get(gates, i);
        if (json_is_true(json_object_get(gate, "ok")))
            continue;
        line->why = text_of(search, gate, "why");
        line->remedy = remedy_of_gate(json_string_value(json_object_get(gate, "gate")));
        return;
    }
}

static int on_decision(void *user, const struct row *row)
{
    struct search *search = user;
    const struct row_decision *decision = &row->decision;
    if (!is_own(search, decision->rule))
        return 0;
    json_t *json = json_loads(decision->line, 0, NULL);
    struct line *line = &search->decided[search->decided_count++];
    *line = (struct line){.at = decision->at,
                          .rule = arena_strdup(search->arena, decision->rule),
                          .deal = text_of(search, json, "deal"),
                          .occurrence = text_of(search, json, "occurrence")};
    if (!str_eq(decision->outcome, "sent"))
        take_gate(search, json, line);
    json_decref(json);
    return search->decided_count == DECISIONS_READ ? ENOUGH : 0;
}

static bool is_decided(const struct search *search, const char *rule, const char *occurrence)
{
    for (size_t i = 0; i < search->decided_count; i++) {
        if (str_eq(search->decided[i].rule, rule) &&
            str_eq(search->decided[i].occurrence, occurrence))
            return true;
    }
    return false;
}

/* --- near triggers --- */

static void add_nearly(struct search *search, const struct line *line)
{
    if (search->nearly_count == SHOWN) {
        memmove(search->nearly, search->nearly + 1, (SHOWN - 1) * sizeof(*search->nearly));
        search->nearly_count--;
    }
    search->nearly[search->nearly_count++] = *line;
}

static void ask_rules(struct search *search, const struct event *event)
{
    const struct rule_list *list = &core_book(search->core)->by_event[event->type];
    for (int i = 0; i < list->count; i++) {
        const struct rule *rule = list->rules[i];
        if (!is_own(search, rule->id) || is_decided(search, rule->id, event->id))
            continue;
        struct near near = core_near(search->core, event, rule, NEAR_AFTERWARDS, search->arena);
        if (near.kind == NEAR_WHEN || near.kind == NEAR_IF)
            add_nearly(search, &(struct line){.at = event->at,
                                              .rule = rule->id,
                                              .deal = near.deal,
                                              .why = near.why,
                                              .remedy = near.remedy});
    }
}

static int on_journal(void *user, const struct row *row)
{
    struct search *search = user;
    const struct row_journal *journal = &row->journal;
    struct event event;
    if (++search->rows > JOURNAL_READ)
        return ENOUGH;
    if (journal->type >= EVENT_OTHER || !journal->body || !str_eq(journal->rep, search->person) ||
        event_decode(journal->body, search->arena, NULL, &event))
        return 0;
    event.type = (enum event_type)journal->type;
    event.at = journal->at;
    event.time = journal->time;
    ask_rules(search, &event);
    return 0;
}

/* --- words --- */

static void put_line(const struct search *search, const struct line *line, struct strbuf *out)
{
    const struct rule *rule = book_rule(core_book(search->core), line->rule);
    const char *about = rule && rule->about ? rule->about : line->rule;
    strbuf_printf(out, core_say(search->core, search->person, SAY_WHY_NOT_LINE),
                  core_date(search->core, search->person, line->at, search->arena), about,
                  line->why ? retell(search->core, search->person, line->why, search->arena) : "",
                  line->remedy ? retell(search->core, search->person, line->remedy, search->arena)
                               : "");
}

static const char *write_answer(const struct search *search)
{
    struct strbuf out = {0};
    size_t shown = 0;
    for (size_t i = 0; i < search->decided_count && shown < SHOWN; i++) {
        if (!search->decided[i].why)
            continue;
        if (!shown++)
            strbuf_puts(&out, core_say(search->core, search->person, SAY_WHY_NOT));
        put_line(search, &search->decided[i], &out);
    }
    if (search->nearly_count)
        strbuf_puts(&out, core_say(search->core, search->person, SAY_WHY_NOT_NEARLY));
    for (size_t i = search->nearly_count; i-- > 0;)
        put_line(search, &search->nearly[i], &out);
    if (!out.len)
        strbuf_puts(&out, core_say(search->core, search->person, SAY_WHY_NOT_NOTHING));
    const char *text = arena_strdup(search->arena, strbuf_text(&out));
    strbuf_done(&out);
    return text;
}

const char *explain_why_not(const struct core *core, struct store *store, const char *person,
                            msec_t now, struct arena *arena)
{
    struct err err = {0};
    struct search search = {.core = core, .person = person, .now = now, .arena = arena};
    int status = store->ops->load_decisions(store, person, now - DECISIONS_DAYS * MSEC_DAY, now + 1,
                                            SIZE_MAX, on_decision, &search, &err);
    if (status >= 0)
        status = store->ops->load_journal(store, now - NEAR_HOURS * MSEC_HOUR, true, on_journal,
                                          &search, &err);
    return status < 0 ? core_say(core, person, SAY_WHY_NOT_UNREADABLE) : write_answer(&search);
}
