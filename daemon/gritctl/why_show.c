/* What gritctl why says. */
#include <jansson.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "core/remedy.h"
#include "gritctl/why.h"

enum { GATE_COLUMN = 12 };

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void show_gates(const json_t *gates)
{
    const json_t *blocker = NULL;
    for (size_t i = 0; i < json_array_size(gates); i++) {
        const json_t *gate = json_array_get(gates, i);
        bool ok = json_is_true(json_object_get(gate, "ok"));
        const char *note = text_of(gate, "why");
        (void)printf("  %s %-*s%s%s\n", ok ? "ok" : "NO", *note ? GATE_COLUMN : 0,
                     text_of(gate, "gate"), *note ? " " : "", note);
        if (!ok && !blocker)
            blocker = gate;
    }
    if (!blocker)
        return;
    const char *why = text_of(blocker, "why");
    (void)printf("  first blocker: %s%s%s\n  %s\n", text_of(blocker, "gate"), *why ? ": " : "", why,
                 remedy_of_gate(text_of(blocker, "gate")));
}

static void show_decision(const json_t *line)
{
    const char *deal = text_of(line, "deal"), *text = text_of(line, "text");
    const char *send_at = text_of(line, "send_at");
    bool held = str_eq(text_of(line, "outcome"), "held");
    (void)printf("%s  %s  %s%s%s%s%s\n", text_of(line, "at"), text_of(line, "rule"),
                 text_of(line, "outcome"), held ? " until " : "", held ? send_at : "",
                 *deal ? "  deal " : "", deal);
    show_gates(json_object_get(line, "gates"));
    if (*text)
        (void)printf("  said: %s\n", text);
}

/* Where the rule stopped, as a gate of its own. */
static const char *near_gate(enum near_kind kind)
{
    static const char *const gates[] = {
        [NEAR_NOT] = "event",       [NEAR_HISTORY] = "late",  [NEAR_NO_REP] = "rep",
        [NEAR_WHEN] = "when",       [NEAR_IF] = "if",         [NEAR_WAITS] = "for",
        [NEAR_HOLDS] = "gates",     [NEAR_BEFORE] = "before", [NEAR_AFTER] = "after",
        [NEAR_MISSING] = "missing",
    };
    return gates[kind];
}

static void show_nearly(const struct nearly *nearly)
{
    char at[MSEC_TEXT_BYTES];
    const struct near *near = &nearly->near;
    (void)printf("%s  %s  near  %s%s%s\n  NO %-*s %s\n  first blocker: %s: %s\n  %s\n",
                 msec_format(nearly->at, at), nearly->rule, nearly->event,
                 near->deal ? "  deal " : "", near->deal ? near->deal : "", GATE_COLUMN,
                 near_gate(near->kind), near->why, near_gate(near->kind), near->why, near->remedy);
    if (near->unsure)
        (void)puts("  (judged by what is known now: of that minute only the event itself is kept, "
                   "not the deal,\n  the gates or the signals)");
}

static void show_nearly_json(const struct nearly *nearly)
{
    const struct near *near = &nearly->near;
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "at", nearly->at);
    jsonw_text(&json, "rep", near->rep);
    jsonw_text(&json, "rule", nearly->rule);
    jsonw_text(&json, "occurrence", nearly->occurrence);
    jsonw_text(&json, "outcome", "near");
    jsonw_array(&json, "gates");
    jsonw_object(&json, NULL);
    jsonw_text(&json, "gate", near_gate(near->kind));
    jsonw_bool(&json, "ok", false);
    jsonw_text(&json, "why", near->why);
    jsonw_object_end(&json);
    jsonw_array_end(&json);
    jsonw_text(&json, "deal", near->deal);
    jsonw_text(&json, "event", nearly->event);
    jsonw_text_opt(&json, "field", near->field);
    jsonw_text_opt(&json, "found", near->found);
    jsonw_text_opt(&json, "wanted", near->wanted);
    jsonw_text(&json, "remedy", near->remedy);
    jsonw_bool(&json, "unsure", near->unsure);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static void show_found(const struct found *found, bool json)
{
    json_t *line = json ? NULL : json_loads(found->line, 0, NULL);
    if (json)
        (void)puts(found->line);
    else if (line)
        show_decision(line);
    json_decref(line);
}

/* The newest event first, its rules in order. */
static void show_all_nearly(const struct findings *findings, bool json)
{
    const struct nearly *list = findings->nearly;
    size_t least = findings->nearly_count > WHY_NEWEST ? findings->nearly_count - WHY_NEWEST : 0;
    for (size_t end = findings->nearly_count, begin = end; end > least; end = begin) {
        while (begin > least && str_eq(list[begin - 1].occurrence, list[end - 1].occurrence))
            begin--;
        for (size_t i = begin; i < end; i++) {
            if (json)
                show_nearly_json(&list[i]);
            else
                show_nearly(&list[i]);
        }
    }
}

void findings_show(const struct findings *findings, bool json)
{
    size_t first =
        findings->decision_count > WHY_NEWEST ? findings->decision_count - WHY_NEWEST : 0;
    for (size_t i = findings->decision_count; i-- > first;)
        show_found(&findings->decisions[i], json);
    show_all_nearly(findings, json);
}
