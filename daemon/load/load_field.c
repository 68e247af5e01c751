#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "load/load_flow.h"

/* The closed lists of the event schema (protocols, grit-event.schema.json). */
const char *const field_kind_words[] = {"call", "email", "meeting", "demo",   "proposal", "message",
                                        "task", "note",  "other",   "effort", "result",   NULL};
const char *const field_direction_words[] = {"outbound", "inbound",  "none",    "forward",
                                             "back",     "sideways", "unknown", NULL};
const char *const field_outcome_words[] = {"connected",    "no_answer", "voicemail", "busy",
                                           "wrong_number", "completed", "no_show",   "cancelled",
                                           "rescheduled",  "sent",      "unknown",   NULL};
const char *const field_side_words[] = {"seller", "customer", NULL};
const char *const field_reaction_words[] = {"opened",   "replied",  "forwarded", "booked",
                                            "declined", "objected", "none",      NULL};
const char *const field_period_words[] = {"day", "week", "month", "quarter", "year", "once", NULL};
const char *const field_area_words[] = {"opportunity", "skill", NULL};
static const char *const lead_words[] = {"reps", "managers", NULL};
const char *const field_role_words[] = {"rep", "manager", NULL};

static const struct {
    enum field field;
    const char *const *words;
} closed[] = {
    {FIELD_TYPE, event_words},
    {FIELD_KIND, field_kind_words},
    {FIELD_DIRECTION, field_direction_words},
    {FIELD_OUTCOME, field_outcome_words},
    {FIELD_SIDE, field_side_words},
    {FIELD_REACTION, field_reaction_words},
    {FIELD_PERIOD, field_period_words},
    {FIELD_AREA, field_area_words},
    {FIELD_REP_ROLE, field_role_words},
    {FIELD_REP_LEADS, lead_words},
    {FIELD_FROM, stage_words},
    {FIELD_TO, stage_words},
    {FIELD_STAGE, stage_words},
    {FIELD_DEAL_STAGE, stage_words},
};

const char *const *field_words(enum field field)
{
    for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
        if (closed[i].field == field)
            return closed[i].words;
    }
    return NULL;
}

static int unknown(struct err *err, const char *what, const char *name, const char *prefix,
                   const char *const *known, size_t count)
{
    const char *near = nearest_word(name, known, count);
    struct strbuf list = {0};
    if (near)
        return err_set(err, ENOENT, "unknown %s '%s%s'; did you mean '%s%s'?", what, prefix, name,
                       prefix, near);
    for (size_t i = 0; i < count; i++)
        strbuf_printf(&list, "%s%s%s", i ? ", " : "", prefix, known[i]);
    int result = err_set(err, ENOENT, "unknown %s '%s%s'; %s%s", what, prefix, name,
                         count ? "known are: " : "this plugin has none", strbuf_text(&list));
    strbuf_done(&list);
    return result;
}

static int resolve_signal(struct plugin_reading *p, const char *name, struct err *err,
                          struct field_ref *ret)
{
    for (int i = 0; i < p->part->signal_count; i++) {
        if (!str_eq(p->part->signals[i]->name, name))
            continue;
        *ret = (struct field_ref){.field = FIELD_SIGNAL, .signal = p->signal_base + i};
        return 0;
    }
    /* one with a mistake of its own: the file fails anyway, and not twice for one reason; not as
     * another one either, whose kind may take other tests */
    if (names_have(&p->signals, name)) {
        *ret = (struct field_ref){.field = FIELD_SIGNAL,
                                  .signal = p->signal_base + p->part->signal_count};
        return 0;
    }
    return unknown(err, "signal", name, "signal.", p->signals.names, (size_t)p->signals.count);
}

/* Only counts add up over people. */
static int resolve_total(struct plugin_reading *p, const char *name, struct err *err,
                         struct field_ref *ret)
{
    int status = resolve_signal(p, name, err, ret);
    if (status)
        return status;
    int local = ret->signal - p->signal_base;
    ret->field = FIELD_TEAM_TOTAL;
    if (local >= p->part->signal_count)
        return 0;
    const struct signal *signal = p->part->signals[local];
    bool counts = signal->kind == SIGNAL_COUNT || signal->kind == SIGNAL_SUM ||
                  signal->kind == SIGNAL_DISTINCT;
    if (counts && !signal->per_deal)
        return 0;
    return err_set(err, EINVAL,
                   "'team.total.%s' has no meaning: only signals that count for each "
                   "rep (count, sum, distinct, not per deal) add up",
                   name);
}

static int unknown_answer(struct plugin_reading *p, const char *name, struct err *err)
{
    struct name_list all = {0};
    for (int i = 0; i < p->questions.count; i++)
        names_add(&all, p->questions.names[i]);
    for (int i = 0; i < p->steps.count; i++) {
        if (*p->steps.names[i])
            names_add(&all, p->steps.names[i]);
    }
    int result =
        unknown(err, p->own ? "step" : "question", name, "answer.", all.names, (size_t)all.count);
    names_done(&all);
    return result;
}

/* What looks at an answer stops working where none is stored; that is said once for each name. */
static void tell_unstored(struct plugin_reading *p, const char *name)
{
    const struct question *question = answer_question(p, name);
    bool never = question && question->stored == STORED_NEVER;
    if (!question || (!never && !p->f.load->book->unstored) || names_have(&p->unstored, name))
        return;
    names_add(&p->unstored, name);
    problem_warning(
        p->f.r.problems, question->place, "answer-not-stored",
        "'answer.%s' stands in a text or a test, but its words are not stored (%s): it is "
        "missing there",
        name, never ? "stored: never" : "gritd.yaml: answers: not-stored");
}

static int resolve_answer(struct plugin_reading *p, const char *name, struct err *err,
                          struct field_ref *ret)
{
    for (int i = 0; p->own && i < p->own->count; i++) {
        if (str_eq(p->own->names[i], name) && i >= p->own_at)
            return err_set(err, EINVAL, "'answer.%s' is used before its step", name);
    }
    if (!names_have(&p->questions, name) && !names_have(&p->steps, name))
        return unknown_answer(p, name, err);
    tell_unstored(p, name);
    *ret = (struct field_ref){.field = FIELD_ANSWER, .name = arena_strdup(p->f.r.arena, name)};
    return 0;
}

/* Every name a field can have here, for the nearest one. */
static int resolve_nothing(struct plugin_reading *p, const char *name, struct err *err)
{
    struct name_list all = {0};
    struct arena *scratch = &p->f.load->scratch;
    bool of_event = str_starts(name, "event.");
    for (int i = 0; i < FIELD_SIGNAL; i++) {
        const char *field = field_name((enum field)i);
        if (of_event && !field_is_of_event((enum field)i))
            continue;
        names_add(&all, of_event ? arena_printf(scratch, "event.%s", field) : field);
    }
    for (int i = 0; i < p->signals.count; i++)
        names_add(&all, arena_printf(scratch, "signal.%s", p->signals.names[i]));
    int result = unknown(err, "field", name, "", all.names, (size_t)all.count);
    names_done(&all);
    return result;
}

int field_resolve(struct plugin_reading *p, const char *name, struct err *err,
                  struct field_ref *ret)
{
    enum field field;
    if (str_starts(name, "signal."))
        return resolve_signal(p, name + strlen("signal."), err, ret);
    if (str_starts(name, "team.total."))
        return resolve_total(p, name + strlen("team.total."), err, ret);
    if (str_starts(name, "answer."))
        return resolve_answer(p, name + strlen("answer."), err, ret);
    if (field_find(name, &field))
        return resolve_nothing(p, name, err);
    if (p->own && field_is_of_event(field))
        return err_set(
            err, EINVAL,
            "a talk has no event, so '%s' is never there; use answer.*, rep.*, deal.* or "
            "signal.*",
            name);
    *ret = (struct field_ref){.field = field};
    return 0;
}

static enum value_type answer_type(struct plugin_reading *p, const char *name)
{
    const struct question *question = answer_question(p, name);
    return !question                          ? VALUE_TEXT
           : question->answer == ANSWER_SCALE ? VALUE_NUMBER
           : question->answer == ANSWER_DATE  ? VALUE_DATE
                                              : VALUE_TEXT;
}

static enum value_type signal_type(struct plugin_reading *p, int index)
{
    int local = index - p->signal_base;
    if (local >= p->part->signal_count)
        return VALUE_NUMBER;
    const struct signal *signal = p->part->signals[local];
    bool length =
        signal->kind == SIGNAL_GAP || (signal->kind == SIGNAL_TIME && !signal->own_baseline);
    return length ? VALUE_LENGTH : VALUE_NUMBER;
}

enum value_type field_ref_type(struct plugin_reading *p, const struct field_ref *ref)
{
    if (ref->field == FIELD_SIGNAL)
        return signal_type(p, ref->signal);
    if (ref->field == FIELD_ANSWER)
        return answer_type(p, ref->name);
    return field_type(ref->field);
}

static bool check_team(struct reading *r, const struct node *node)
{
    const struct book *book = loading_of(r)->book;
    struct name_list names = {0};
    for (int i = 0; i < book->team_count; i++)
        names_add(&names, book->teams[i].id);
    bool ok = !names.count || names_have(&names, node->text);
    if (!ok)
        read_unknown(r, read_place(r, node), "unknown-team", "team", node->text, names.names,
                     (size_t)names.count);
    names_done(&names);
    return ok;
}

bool field_check_name(struct reading *r, enum field field, const struct node *node)
{
    struct loading *load = loading_of(r);
    switch ((int)field) {
    case FIELD_GATE:
    case FIELD_GATE_SELLER:
    case FIELD_GATE_CUSTOMER:
        if (!load->has_pipeline || names_have(&load->gates, node->text))
            return true;
        read_unknown(r, read_place(r, node), "unknown-gate", "gate", node->text, load->gates.names,
                     (size_t)load->gates.count);
        return false;
    case FIELD_REP_TEAM:
    case FIELD_TEAM_ID:
        return check_team(r, node);
    default:
        return true;
    }
}

static bool read_text_value(struct plugin_reading *p, const struct field_ref *ref,
                            const struct node *node, struct value *ret)
{
    struct reading *r = &p->f.r;
    const char *const *words = field_words(ref->field);
    int index;
    if (words == stage_words)
        return read_stage(r, node, &ret->text);
    if (words == event_words) {
        if (!read_event(r, node, &index))
            return false;
        ret->text = event_words[index];
        return true;
    }
    if (words) {
        if (!read_word(r, node, words, &index))
            return false;
        ret->text = words[index];
        return true;
    }
    if (ref->field == FIELD_ANSWER)
        return read_text(r, node, &ret->text) && answer_read_word(p, ref->name, node);
    return read_text(r, node, &ret->text) && field_check_name(r, ref->field, node);
}

/* "10000" or "10000 EUR". */
static bool read_money(struct plugin_reading *p, const struct node *node, struct value *ret)
{
    const char *space = node->kind == NODE_SCALAR ? strchr(node->text, ' ') : NULL;
    if (!space)
        return read_thousandths(&p->f.r, node, &ret->number);
    const char *number =
        arena_strndup(&p->f.load->scratch, node->text, (size_t)(space - node->text));
    bool code = strlen(space + 1) == 3;
    for (const char *c = space + 1; *c; c++)
        code &= *c >= 'A' && *c <= 'Z';
    if (!code || !thousandths_parse(number, &ret->number)) {
        read_wrong(&p->f.r, node, "an amount in whole units", "10000 or 10000 EUR");
        return false;
    }
    ret->text = arena_strdup(p->f.r.arena, space + 1);
    return true;
}

/* A day, or an instant in UTC. A day begins at midnight UTC: rules have no zone of their own. */
/* A plain day stays one: it is compared by the rep's own calendar. */
static bool read_time(struct plugin_reading *p, const struct node *node, struct value *ret)
{
    if (node->kind == NODE_SCALAR && date_ok(node->text)) {
        *ret = (struct value){.type = VALUE_DATE, .text = arena_strdup(p->f.r.arena, node->text)};
        return true;
    }
    if (node->kind == NODE_SCALAR && !msec_parse(node->text, &ret->number))
        return true;
    read_wrong(&p->f.r, node, "a day or a time with its offset",
               "2026-03-02 or 2026-03-02T10:00:00Z");
    return false;
}

bool field_read_value(struct plugin_reading *p, const struct field_ref *ref,
                      const struct node *node, struct value *ret)
{
    struct value value = {.type = field_ref_type(p, ref)};
    struct reading *r = &p->f.r;
    bool ok = false, truth = false;
    switch (value.type) {
    case VALUE_MISSING:
        break;
    case VALUE_TEXT:
        ok = read_text_value(p, ref, node, &value);
        break;
    case VALUE_NUMBER:
        ok = read_thousandths(r, node, &value.number);
        break;
    case VALUE_MONEY:
        ok = read_money(p, node, &value);
        break;
    case VALUE_TIME:
        ok = read_time(p, node, &value);
        break;
    case VALUE_DATE:
        ok = read_date(r, node, &value.text);
        break;
    case VALUE_LENGTH:
        ok = read_calendar_length(r, node, &value.number);
        break;
    case VALUE_BOOL:
        ok = read_bool(r, node, &truth);
        value.number = truth;
        break;
    }
    if (ok && ref->field == FIELD_SIGNAL && value.type == VALUE_LENGTH) {
        /* signals that measure time are counted in hours */
        value.type = VALUE_NUMBER;
        value.number = value.number * 1000 / MSEC_HOUR;
    }
    if (ok)
        *ret = value;
    return ok;
}
