/* The row of a talk, and what a reload makes of it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/talk.h"

struct talk *talk_get(struct core *core, const char *key)
{
    struct talk *talk = map_get(&core->talk_keys, key);
    if (talk)
        return talk;
    talk = NEW(struct talk);
    talk->key = xstrdup(key);
    ARRAY_GROW(core->talks, core->talk_count, core->talk_cap);
    core->talks[core->talk_count++] = talk;
    map_set(&core->talk_keys, talk->key, talk);
    return talk;
}

void talk_started(struct talk *talk)
{
    if (str_empty(talk->rule_id) && talk->started > talk->to->own_talk)
        talk->to->own_talk = talk->started;
}

void talk_free(struct talk *talk)
{
    char *const texts[] = {talk->key,        talk->plugin_id, talk->flow_id, talk->rule_id,
                           talk->occurrence, talk->why,       talk->led_to,  talk->led_from};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
    free(talk->prompts);
    free(talk);
}

void talk_persist(struct step *step, const struct talk *talk)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "to", talk->to->id);
    jsonw_text(&json, "about", talk->about->id);
    jsonw_text(&json, "plugin", talk->plugin_id);
    jsonw_text(&json, "flow", talk->flow_id);
    jsonw_text_opt(&json, "rule", talk->rule_id);
    jsonw_text_opt(&json, "deal", talk->deal ? talk->deal->id : NULL);
    jsonw_text_opt(&json, "occurrence", talk->occurrence);
    jsonw_text_opt(&json, "why", talk->why);
    jsonw_text_opt(&json, "led_to", talk->led_to);
    jsonw_text_opt(&json, "led_from", talk->led_from);
    jsonw_int(&json, "started", talk->started);
    jsonw_int(&json, "touched", talk->touched);
    jsonw_int(&json, "number", talk->number);
    jsonw_int(&json, "posts", talk->posts);
    jsonw_int(&json, "state", talk->state);
    jsonw_object_end(&json);
    persist_put(step, STATE_FLOW, talk->key, &out);
}

static char *text_of(const json_t *object, const char *key)
{
    return xstrdup(json_string_value(json_object_get(object, key)));
}

static struct person *person_of(struct core *core, const json_t *root, const char *key)
{
    const char *id = json_string_value(json_object_get(root, key));
    return person_get(core, id ? id : "");
}

int talk_load(struct core *core, const char *key, const json_t *root)
{
    struct talk *talk = talk_get(core, key);
    const char *deal = json_string_value(json_object_get(root, "deal"));
    talk->to = person_of(core, root, "to");
    talk->about = person_of(core, root, "about");
    talk->plugin_id = text_of(root, "plugin");
    talk->flow_id = text_of(root, "flow");
    talk->rule_id = text_of(root, "rule");
    talk->deal = deal ? deal_get(core, deal) : NULL;
    talk->occurrence = text_of(root, "occurrence");
    talk->why = text_of(root, "why");
    talk->led_to = text_of(root, "led_to");
    talk->led_from = text_of(root, "led_from");
    talk->started = json_integer_value(json_object_get(root, "started"));
    talk->touched = json_integer_value(json_object_get(root, "touched"));
    talk->number = (int)json_integer_value(json_object_get(root, "number"));
    talk->posts = (int)json_integer_value(json_object_get(root, "posts"));
    talk->state = (enum talk_state)json_integer_value(json_object_get(root, "state"));
    talk_started(talk);
    talk_rebind(core, talk);
    for (int i = 0; i < talk->prompt_count; i++) /* the rows come in any order */
        prompt_rebind(core, talk->prompts[i]);
    return 0;
}

void talk_link(struct talk *talk, struct prompt *prompt)
{
    prompt->talk = talk;
    ARRAY_GROW(talk->prompts, talk->prompt_count, talk->prompt_cap);
    talk->prompts[talk->prompt_count++] = prompt;
}

static void forget(struct core *core, struct step *step, struct talk *talk)
{
    persist_delete(step, STATE_FLOW, talk->key);
    map_set(&core->talk_keys, talk->key, NULL);
    for (size_t i = 0; i < core->talk_count; i++) {
        if (core->talks[i] == talk) {
            core->talks[i] = core->talks[--core->talk_count];
            break;
        }
    }
    talk_free(talk);
}

void talk_unlink(struct core *core, struct step *step, struct prompt *prompt)
{
    struct talk *talk = prompt->talk;
    if (!talk)
        return;
    for (int i = 0; i < talk->prompt_count; i++) {
        if (talk->prompts[i] == prompt) {
            talk->prompts[i] = talk->prompts[--talk->prompt_count];
            break;
        }
    }
    prompt->talk = NULL;
    if (!talk->prompt_count)
        forget(core, step, talk);
}

/* --- reload --- */

void talk_rebind(const struct core *core, struct talk *talk)
{
    talk->flow = NULL;
    for (int i = 0; i < core->book->flow_count; i++) {
        const struct flow *flow = core->book->flows[i];
        if (str_eq(flow->id, talk->flow_id) && str_eq(flow->plugin->id, talk->plugin_id))
            talk->flow = flow;
    }
}

static void end_without_flow(struct core *core, struct step *step, struct talk *talk)
{
    struct prompt *live = talk_live(talk);
    if (talk->flow || !live)
        return;
    struct arena *arena = &step->arena;
    struct decision note = {
        .at = step->now,
        .rep = arena_strdup(arena, talk->about->id),
        .rule = arena_strdup(arena, str_empty(talk->rule_id) ? talk->flow_id : talk->rule_id),
        .occurrence = arena_strdup(arena, live->occurrence),
        .outcome = "cancelled",
        .deal = talk->deal ? arena_strdup(arena, talk->deal->id) : NULL,
        .variant = -1,
        .send_at = MSEC_NONE};
    note.gates[note.gate_count++] = (struct gate_note){"flow", false, "the flow is gone"};
    step_note(step, &note);
    prompt_close(core, step, live, PROMPT_CANCELLED);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct talk *const *)a)->key, (*(struct talk *const *)b)->key);
}

void talk_rebind_all(struct core *core, struct step *step)
{
    if (core->talk_count > 1) /* the order depends on what was forgotten */
        qsort(core->talks, core->talk_count, sizeof(struct talk *), by_key);
    for (size_t i = 0; i < core->talk_count; i++) {
        talk_rebind(core, core->talks[i]);
        end_without_flow(core, step, core->talks[i]);
    }
}
