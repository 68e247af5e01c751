#include "core/intent.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"

void step_init(struct step *step)
{
    *step = (struct step){0};
    arena_init(&step->arena);
}

void step_done(struct step *step)
{
    arena_done(&step->arena);
    free(step->intents);
    *step = (struct step){0};
}

void step_reset(struct step *step, msec_t now)
{
    arena_reset(&step->arena);
    step->count = 0;
    step->now = now;
    step->rep = step->export = NULL;
    step->happened = NULL;
    step->happened_rep = NULL;
}

static struct intent *next_intent(struct step *step)
{
    ARRAY_GROW(step->intents, step->count, step->cap);
    return &step->intents[step->count++];
}

struct intent *step_add(struct step *step, enum intent_type type)
{
    struct intent *intent = next_intent(step);
    *intent = (struct intent){.type = type};
    return intent;
}

void step_note(struct step *step, const struct decision *decision)
{
    struct intent *intent = next_intent(step);
    intent->type = INTENT_NOTE;
    memcpy(&intent->note, decision,
           offsetof(struct decision, gates) +
               (size_t)decision->gate_count * sizeof(decision->gates[0]));
}

struct message *step_sent(struct step *step)
{
    size_t at = step->count - 1;
    while (step->intents[at].type != INTENT_SEND)
        at--;
    return &step->intents[at].send;
}

const char *decision_blocker(const struct decision *decision)
{
    for (int i = 0; i < decision->gate_count; i++) {
        if (!decision->gates[i].ok)
            return decision->gates[i].why ? decision->gates[i].why : decision->gates[i].gate;
    }
    return NULL;
}

/* 1, 0.8, 0.25, 0.333 */
static void write_p(struct jsonw *json, int p)
{
    char text[] = "0.000";
    size_t last = sizeof(text) - 2;
    if (p <= 0 || p >= 1000) {
        jsonw_int(json, "p", 1);
        return;
    }
    for (size_t i = last; i > 1; i--, p /= 10)
        text[i] = (char)('0' + p % 10);
    while (text[last] == '0')
        text[last--] = '\0';
    jsonw_raw(json, "p", text);
}

void decision_encode(const struct decision *decision, struct strbuf *out)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "at", decision->at);
    jsonw_text(&json, "rep", decision->rep);
    jsonw_text(&json, "rule", decision->rule);
    jsonw_text(&json, "occurrence", decision->occurrence);
    jsonw_text(&json, "outcome", decision->outcome);
    jsonw_array(&json, "gates");
    for (int i = 0; i < decision->gate_count; i++) {
        jsonw_object(&json, NULL);
        jsonw_text(&json, "gate", decision->gates[i].gate);
        jsonw_bool(&json, "ok", decision->gates[i].ok);
        jsonw_text_opt(&json, "why", decision->gates[i].why);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    jsonw_text(&json, "deal", decision->deal);
    if (decision->variant >= 0)
        jsonw_int(&json, "variant", decision->variant);
    else
        jsonw_null(&json, "variant");
    jsonw_text_opt(&json, "arm", decision->arm);
    write_p(&json, decision->p);
    jsonw_text(&json, "text", decision->text);
    if (decision->send_at == MSEC_NONE)
        jsonw_null(&json, "send_at");
    else
        jsonw_time(&json, "send_at", decision->send_at);
    jsonw_object_end(&json);
}
