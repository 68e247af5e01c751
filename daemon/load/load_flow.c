/* flows: talks of several steps. Each step is a question of its own, with the same checks. */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/lint.h"
#include "load/load_flow.h"

enum { EXPIRES_DAYS = 3, COMMAND_LETTERS = 20 };

/* A step while it is read. */
struct step_draft {
    struct flow_step step;
    int kinds; /* how many of ask, plan and request there are */
};

static void read_later(struct reading *r, const struct node *node, void *into)
{
    (void)r, (void)node, (void)into; /* read_words does, once the kind of answer is known */
}

#define AT(member) offsetof(struct question, member)

#define STEP_ID(word, example_id)                                                                  \
    {                                                                                              \
        .name = "id", .type = KEY_NAME, .required = true, .at = AT(id), .example = (example_id),   \
        .help = "the name of the " word "; later steps know it as answer.ID"                       \
    }
#define STEP_KIND                                                                                  \
    {                                                                                              \
        .name = "kind", .type = KEY_WORD, .at = AT(kind), .words = question_kind_words,            \
        .preset = "activity", .example = "purpose",                                                \
        .help = "what it is about: skill, activity, belief, drive or purpose"                      \
    }
#define STEP_READER                                                                                \
    {                                                                                              \
        .name = "reader", .type = KEY_WORD, .at = AT(reader), .words = question_reader_words,      \
        .preset = "rep", .example = "rep",                                                         \
        .help = "who may read the answer: rep, manager or team; the message says so"               \
    }
#define STEP_STORED                                                                                \
    {                                                                                              \
        .name = "stored", .type = KEY_WORD, .at = AT(stored), .words = question_stored_words,      \
        .example = "always", .help = STORED_HELP                                                   \
    }
#define STEP_TEXT(example_text)                                                                    \
    {                                                                                              \
        .name = "text", .type = KEY_OTHER, .required = true, .read = read_later,                   \
        .form = FORM_QUESTION_TEXTS, .example = (example_text),                                    \
        .help = "the words, one or several wordings; at most 280 characters and one question mark" \
    }

static const struct key ask_keys[] = {
    STEP_ID("step", "goal"),
    STEP_TEXT("\"What do you want to have moved by Friday?\""),
    {.name = "answer",
     .type = KEY_OTHER,
     .read = question_read_answer,
     .form = FORM_ANSWER,
     .preset = "text",
     .example = "\"choice [mine, given to me]\"",
     .help = "text, yes_no, scale A-B, choice [..] or date"},
    STEP_KIND,
    STEP_READER,
    STEP_STORED,
};

static const struct key plan_keys[] = {
    STEP_ID("plan", "when_then"),
    STEP_TEXT("\"When will you start, and with which first act?\""),
    STEP_KIND,
    STEP_READER,
};

static const struct key request_keys[] = {
    STEP_ID("request", "ask_for_help"),
    STEP_TEXT("\"What exactly will you ask for?\""),
    STEP_KIND,
};
#undef AT

const struct block step_ask_block = BLOCK("the question of a step", ask_keys, "id, text, answer");
const struct block step_plan_block = BLOCK("the plan of a step", plan_keys, "id, text");
const struct block step_request_block = BLOCK("the request of a step", request_keys, "id, text");

static void read_words(struct plugin_reading *p, const struct node *node, struct question *question)
{
    const struct node *text = node->kind == NODE_MAP ? node_get(node, "text") : NULL;
    int errors = p->f.r.errors;
    if (text)
        plugin_read_texts(p, text, TEXT_QUESTION, &question->texts, &question->text_count);
    if (text && p->f.r.errors == errors)
        lint_question(p->f.r.problems, question, read_place(&p->f.r, text));
}

static void read_question(struct reading *r, const struct node *node, const struct block *block,
                          struct step_draft *draft)
{
    struct plugin_reading *p = plugin_of(r);
    struct question *question = arena_alloc(r->arena, sizeof(*question));
    draft->kinds++;
    question->kind = KIND_ACTIVITY;
    question->plugin = p->part->plugin;
    question->place = read_place(r, node);
    int errors = r->errors;
    read_map(r, node, block, question);
    if (r->errors == errors && block == &step_ask_block) /* a plan is there to be kept */
        question_settle_stored(r, node, question);
    read_words(p, node, question);
    draft->step.question = question;
}

static void read_ask(struct reading *r, const struct node *node, void *into)
{
    read_question(r, node, &step_ask_block, into);
}

static void read_plan(struct reading *r, const struct node *node, void *into)
{
    struct step_draft *draft = into;
    read_question(r, node, &step_plan_block, draft);
    draft->step.plan = true;
}

static void read_request(struct reading *r, const struct node *node, void *into)
{
    struct step_draft *draft = into;
    read_question(r, node, &step_request_block, draft);
    draft->step.question->keep = KEEP_REQUEST;
}

static void read_if(struct reading *r, const struct node *node, void *into)
{
    ((struct step_draft *)into)->step.cond = cond_read(plugin_of(r), node, NULL);
}

static const struct key step_keys[] = {
    {.name = "if",
     .type = KEY_OTHER,
     .read = read_if,
     .form = FORM_STEP_IF,
     .example = "{rep.tenure: {over: 90d}}",
     .help = "Tests of answers of earlier steps, and of other fields; else the step is passed "
             "over"},
    {.name = "ask",
     .type = KEY_OTHER,
     .read = read_ask,
     .block = &step_ask_block,
     .one_of = "step",
     .example = "{id: goal, text: \"What do you want to have moved by Friday?\"}",
     .help = "A question"},
    {.name = "plan",
     .type = KEY_OTHER,
     .read = read_plan,
     .block = &step_plan_block,
     .one_of = "step",
     .example = "{id: when_then, text: \"When will you start, and with which first act?\"}",
     .help = "A plan in the person's own words: when this happens, I will do that"},
    {.name = "request",
     .type = KEY_OTHER,
     .read = read_request,
     .block = &step_request_block,
     .one_of = "step",
     .example = "{id: ask_for_help, text: \"What exactly will you ask for?\"}",
     .help = "Help to ask for: shown to the person as the message it becomes, with whom it goes to "
             "and by when, and passed on after a yes. To whom: a name in front of the words "
             "(\"Ben: ...\"), else the newest choice of the talk (my manager, help with the CRM, "
             "practice, company; see helpers of people.yaml), else it asks"},
};

const struct block step_block = BLOCK("a step", step_keys, "ask, plan or request, and if");

/* --- a flow --- */

/* As people type it, without the signs that end a sentence. */
static void read_command(struct reading *r, const struct node *node, void *into)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz", more[] = "0123456789-";
    const char *text = node->kind == NODE_SCALAR && !node_is_null(node) ? node->text : "";
    size_t length = strlen(text);
    bool ok = length && length <= COMMAND_LETTERS && strchr(letters, text[0]);
    for (const char *c = text; *c; c++)
        ok &= strchr(letters, *c) || strchr(more, *c);
    if (ok)
        ((struct flow *)into)->command = arena_strdup(r->arena, text);
    else
        read_wrong(r, node, "a word of small letters and digits", "gps");
}

#define AT(member) offsetof(struct flow, member)

static const struct key flow_keys[] = {
    {.name = "about",
     .type = KEY_TEXT,
     .at = AT(about),
     .example = "From a goal to a plan in a few questions",
     .help = "What it is for, in a sentence; the answer to help shows it"},
    {.name = "command",
     .type = KEY_OTHER,
     .read = read_command,
     .form = FORM_COMMAND,
     .example = "gps",
     .help = "A word by which anybody starts it in the chat, at any time"},
    {.name = "steps",
     .type = KEY_OTHER,
     .required = true,
     .read = read_later,
     .holds = HOLDS_LIST,
     .min = 1,
     .max = FLOW_STEPS_MAX,
     .block = &step_block,
     .example = "[{ask: {id: goal, text: \"What do you want to have moved by Friday?\"}}]",
     .help = "What is asked, at most 12 steps"},
    {.name = "closing",
     .type = KEY_OTHER,
     .read = read_later,
     .form = FORM_MESSAGE_ONE,
     .example = "\"That is your plan, {{rep.first_name}}. It is yours alone.\"",
     .help = "What is said at the end; default: the person's own words"},
    {.name = "leads_to",
     .type = KEY_NAME,
     .at = AT(leads_name),
     .example = "practice",
     .help = "Another flow of this plugin that begins when this one is done; the two are linked"},
    {.name = "leads_if",
     .type = KEY_OTHER,
     .read = read_later,
     .form = FORM_STEP_IF,
     .needs = "leads_to",
     .example = "{answer.goal: present}",
     .help = "Only where these tests of its answers hold"},
    {.name = "expires",
     .type = KEY_WORKING,
     .at = AT(expires),
     .preset = "3 working days",
     .example = "3 working days",
     .help =
         "When a talk that nobody goes on with closes; a rule that starts it can say otherwise"},
};
#undef AT

const struct block flow_block = BLOCK("a flow", flow_keys, "steps, about, command, ...");

static const struct node *id_node(const struct node *step)
{
    const struct node *ask = step->kind == NODE_MAP ? node_get(step, "ask") : NULL;
    if (step->kind == NODE_MAP && !ask)
        ask = node_get(step, "plan");
    if (step->kind == NODE_MAP && !ask)
        ask = node_get(step, "request");
    const struct node *id = ask && ask->kind == NODE_MAP ? node_get(ask, "id") : NULL;
    return id && id->kind == NODE_SCALAR ? id : NULL;
}

static void list_steps(const struct node *flow, struct name_list *names)
{
    const struct node *steps = flow->kind == NODE_MAP ? node_get(flow, "steps") : NULL;
    if (!steps || steps->kind != NODE_LIST)
        return;
    for (const struct node *n = steps->first; n; n = n->next) {
        const struct node *id = id_node(n);
        names_add(names, id ? id->text : "");
    }
}

void flow_list_steps(const struct node *flows, struct name_list *names)
{
    if (!flows || flows->kind != NODE_MAP)
        return;
    for (const struct node *flow = flows->first; flow; flow = flow->next)
        list_steps(flow, names);
}

/* answer.NAME must mean one thing in a flow, and in the rules of its plugin. */
static void check_id(struct plugin_reading *p, const struct node *node, const struct flow *flow)
{
    const struct node *id = id_node(node);
    for (int i = 0; id && i < flow->step_count; i++) {
        if (str_eq(flow->steps[i].question->id, id->text)) {
            read_error(&p->f.r, id, "duplicate-id",
                       "the step '%s' stands in this flow a second time; the first is at line %d",
                       id->text, flow->steps[i].question->place.line);
            return;
        }
    }
    if (id && names_have(&p->questions, id->text))
        read_error(&p->f.r, id, "duplicate-id",
                   "the plugin has a question '%s' too; answer.%s would mean either", id->text,
                   id->text);
}

static void read_step(struct plugin_reading *p, const struct node *node, struct flow *flow)
{
    struct reading *r = &p->f.r;
    struct step_draft draft = {.kinds = 0};
    int errors = r->errors;
    read_map(r, node, &step_block, &draft);
    if (node->kind != NODE_MAP)
        return;
    if (draft.kinds != 1)
        read_error(r, node, draft.kinds ? "two-actions" : "missing-key",
                   draft.kinds
                       ? "a step does one thing: make two steps of 'ask', 'plan' and 'request'"
                       : "a step needs 'ask', 'plan' or 'request'");
    check_id(p, node, flow);
    if (r->errors == errors)
        flow->steps[flow->step_count++] = draft.step;
}

static void read_steps(struct plugin_reading *p, const struct node *node, struct flow *flow)
{
    struct reading *r = &p->f.r;
    const struct node *steps = node_get(node, "steps");
    if (!steps)
        return; /* told */
    if (steps->kind != NODE_LIST || !steps->count) {
        read_wrong(r, steps, "a list with at least one step",
                   "- ask: {id: goal, text: \"What do you want to have moved by Friday?\"}");
        return;
    }
    if (steps->count > FLOW_STEPS_MAX)
        read_error(r, steps, "too-many-steps",
                   "the flow has %d steps; nobody answers more than %d in one talk", steps->count,
                   FLOW_STEPS_MAX);
    flow->steps = arena_alloc(r->arena, (size_t)steps->count * sizeof(*flow->steps));
    for (const struct node *n = steps->first; n; n = n->next) {
        read_step(p, n, flow);
        p->own_at++;
    }
}

static void read_closing(struct plugin_reading *p, const struct node *node, struct flow *flow)
{
    struct text **texts = NULL;
    int count = 0;
    const struct node *closing = node_get(node, "closing");
    if (!closing)
        return;
    if (closing->kind == NODE_LIST) {
        read_wrong(&p->f.r, closing, "one text", NULL);
        return;
    }
    plugin_read_texts(p, closing, TEXT_TELL, &texts, &count);
    if (count)
        flow->closing = texts[0];
}

static void check_command(struct plugin_reading *p, const struct node *node,
                          const struct flow *flow)
{
    const struct known_ids *ids = &p->f.load->commands;
    const struct node *command = node_get(node, "command");
    struct source_place place = command ? read_place(&p->f.r, command) : (struct source_place){0};
    if (!command || !flow->command)
        return;
    if (dialog_is_command(flow->command))
        read_error(&p->f.r, command, "duplicate-id",
                   "'%s' is a word that the chat knows already; choose another one", flow->command);
    for (int i = 0; i < ids->count; i++) {
        const struct source_place *first = &ids->list[i].place;
        if (!str_ieq(ids->list[i].id, flow->command))
            continue;
        if (!str_eq(first->file, place.file) || first->line != place.line ||
            first->col != place.col)
            read_error(&p->f.r, command, "duplicate-id",
                       "the command '%s' stands here a second time; the first is at %s:%d:%d",
                       flow->command, first->file, first->line, first->col);
        return;
    }
}

static void read_leads_if(struct plugin_reading *p, const struct node *node, struct flow *flow)
{
    const struct node *cond = node_get(node, "leads_if");
    if (cond)
        flow->leads_if = cond_read(p, cond, NULL);
}

/* Once all flows of the file are known. */
static void link_flow(struct plugin_reading *p, const struct node *flows, struct flow *flow)
{
    const struct plugin_part *part = p->part;
    for (int i = 0; i < part->flow_count; i++) {
        if (str_eq(part->flows[i]->id, flow->leads_name))
            flow->leads_to = part->flows[i];
    }
    const struct node *name = node_get(node_get(flows, flow->id), "leads_to");
    if (flow->leads_to == flow)
        read_error(&p->f.r, name, "wrong-value", "a flow cannot lead to itself");
    else if (!flow->leads_to && !names_have(&p->flows, flow->leads_name))
        read_unknown(&p->f.r, read_place(&p->f.r, name), "unknown-flow", "flow", flow->leads_name,
                     p->flows.names, (size_t)p->flows.count);
}

static void read_flow(struct plugin_reading *p, const struct node *node)
{
    struct reading *r = &p->f.r;
    struct flow *flow = arena_alloc(r->arena, sizeof(*flow));
    struct name_list own = {0};
    int errors = r->errors;
    flow->id = arena_strdup(r->arena, node->key);
    flow->plugin = p->part->plugin;
    flow->place = read_key_place(r, node);
    flow->expires = EXPIRES_DAYS * MSEC_DAY;
    read_map(r, node, &flow_block, flow);
    if (node->kind != NODE_MAP)
        return;
    list_steps(node, &own);
    p->flow = flow;
    p->own = &own;
    p->own_at = 0;
    read_steps(p, node, flow);
    read_closing(p, node, flow);
    read_leads_if(p, node, flow);
    p->flow = NULL;
    p->own = NULL;
    names_done(&own);
    check_command(p, node, flow);
    if (r->errors == errors)
        p->part->flows[p->part->flow_count++] = flow;
}

void plugin_read_flows(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    (void)part;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of flows", "{gps: {steps: [...]}}");
        return;
    }
    p->part->flows = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*p->part->flows));
    for (const struct node *n = node->first; n; n = n->next)
        read_flow(p, n);
    for (int i = 0; i < p->part->flow_count; i++) {
        if (p->part->flows[i]->leads_name)
            link_flow(p, node, p->part->flows[i]);
    }
}

void then_read_start(struct reading *r, const struct node *node, void *into)
{
    struct plugin_reading *p = plugin_of(r);
    struct rule_draft *draft = into;
    const char *name;
    draft->actions++;
    draft->rule.action = action_find("start");
    if (!read_name(r, node, &name))
        return;
    for (int i = 0; i < p->part->flow_count; i++) {
        if (str_eq(p->part->flows[i]->id, name))
            draft->rule.flow = p->part->flows[i];
    }
    if (!draft->rule.flow && !names_have(&p->flows, name)) /* else its own mistake is told */
        read_unknown(r, read_place(r, node), "unknown-flow", "flow", name, p->flows.names,
                     (size_t)p->flows.count);
}
