#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_book.h"

enum { STAGE_WON = 5, STAGE_COUNT = 7, GATES_PER_STAGE = 3, GATE_ID_MAX = 60 };

const char *const stage_words[] = {"prospect",  "qualify", "discover", "propose",
                                   "negotiate", "won",     "lost",     NULL};
static const char *const stage_names[] = {"Prospect",  "Qualify", "Discover", "Propose",
                                          "Negotiate", "Won",     "Lost"};

/* The stages as they are found, by their canonical order. */
struct stage_list {
    struct stage_def stages[STAGE_COUNT];
    struct source_place places[STAGE_COUNT];
    bool given[STAGE_COUNT];
    struct known_ids words; /* of the CRM */
    struct known_ids gates;
};

static void read_gate_id(struct reading *r, const struct node *node, const char **ret)
{
    const char *text;
    if (!read_text(r, node, &text))
        return;
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (text[length] || length > GATE_ID_MAX)
        read_wrong(r, node, "small letters, digits and '_', at most 60", "needs_confirmed");
    else
        *ret = text;
}

static void read_seller(struct reading *r, const struct node *node, void *into)
{
    read_gate_id(r, node, &((struct gate_def *)into)->seller);
}

static void read_customer(struct reading *r, const struct node *node, void *into)
{
    read_gate_id(r, node, &((struct gate_def *)into)->customer);
}

#define AT(member) offsetof(struct gate_def, member)

static const struct key gate_keys[] = {
    {.name = "seller",
     .type = KEY_OTHER,
     .required = true,
     .missing = "",
     .read = read_seller,
     .form = FORM_GATE_ID,
     .example = "needs_review_sent",
     .help = "What we do"},
    {.name = "customer",
     .type = KEY_OTHER,
     .required = true,
     .missing = "",
     .read = read_customer,
     .form = FORM_GATE_ID,
     .example = "needs_confirmed",
     .help = "What the customer does to confirm it"},
    {.name = "seller_name",
     .type = KEY_TEXT,
     .at = AT(seller_name),
     .example = "needs review sent",
     .help = "In words for people"},
    {.name = "customer_name",
     .type = KEY_TEXT,
     .at = AT(customer_name),
     .example = "needs confirmed",
     .help = "In words for people"},
};
#undef AT

static const struct block gate_block = BLOCK("a gate", gate_keys, "seller and customer");

static const char *spaced(struct reading *r, const char *id)
{
    char *words = arena_strdup(r->arena, id);
    for (char *p = words; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    return words;
}

static void read_gate(struct reading *r, const struct node *node, void *into)
{
    struct stage_def *stage = into;
    struct gate_def *gate = &stage->gates[stage->gate_count];
    int errors = r->errors;
    read_map(r, node, &gate_block, gate);
    bool seller = node_get(node, "seller"), customer = node_get(node, "customer");
    if (node->kind == NODE_MAP && seller != customer)
        read_error(r, node, "one-sided-gate", "a gate has two sides: '%s' is missing (%s)",
                   seller ? "customer" : "seller",
                   seller ? "what the customer does to confirm it" : "what we do for it");
    else if (node->kind == NODE_MAP && !seller)
        read_error(r, node, "missing-key", "a gate needs 'seller' and 'customer'");
    if (r->errors != errors) {
        *gate = (struct gate_def){0};
        return;
    }
    if (!gate->seller_name)
        gate->seller_name = spaced(r, gate->seller);
    if (!gate->customer_name)
        gate->customer_name = spaced(r, gate->customer);
    stage->gate_count++;
}

static void read_gates(struct reading *r, const struct node *node, void *into)
{
    struct stage_def *stage = into;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of gates",
                   "[{seller: needs_review_sent, customer: needs_confirmed}]");
        return;
    }
    stage->gates = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*stage->gates));
    read_each(r, node, read_gate, stage);
    if (node->count > GATES_PER_STAGE)
        read_warning(r, node, "too-many-gates",
                     "%d gates in one stage; more than %d are not kept in mind by anybody",
                     node->count, GATES_PER_STAGE);
}

static void read_stage_id(struct reading *r, const struct node *node, void *into)
{
    struct stage_def *stage = into;
    if (!read_word(r, node, stage_words, &stage->order))
        return;
    stage->id = stage_words[stage->order];
}

#define AT(member) offsetof(struct stage_def, member)

static const struct key stage_keys[] = {
    {.name = "id",
     .type = KEY_OTHER,
     .required = true,
     .words = stage_words,
     .read = read_stage_id,
     .example = "discover",
     .help = "prospect, qualify, discover, propose, negotiate, won or lost"},
    {.name = "name",
     .type = KEY_TEXT,
     .at = AT(name),
     .example = "Discovery",
     .help = "The name as the team says it"},
    {.name = "crm",
     .type = KEY_TEXTS,
     .at = AT(crm),
     .count_at = AT(crm_count),
     .example = "[\"Needs Analysis\", qualifiedtobuy]",
     .help = "Names or ids of the CRM's stages that are this one"},
    {.name = "customer_phase",
     .type = KEY_TEXT,
     .at = AT(customer_phase),
     .example = "understands the problem",
     .help = "What the customer does meanwhile"},
    {.name = "typical",
     .type = KEY_LENGTH,
     .at = AT(typical),
     .example = "14d",
     .help = "How long a deal usually stays"},
    {.name = "gates",
     .type = KEY_OTHER,
     .read = read_gates,
     .holds = HOLDS_LIST,
     .block = &gate_block,
     .help = "Pairs of what we do and what the customer does"},
};
#undef AT

static const struct block stage_block = BLOCK("a stage", stage_keys, "id, name, crm, gates, ...");

/* A word or gate may stand in one place only. */
static void claim(struct reading *r, const struct node *node, struct known_ids *ids,
                  const char *what, const char *id)
{
    struct source_place place = read_place(r, node);
    for (int i = 0; i < ids->count; i++) {
        if (!str_ieq(ids->list[i].id, id))
            continue;
        read_error(r, node, "duplicate-id", "%s '%s' belongs to the stage at %d:%d already", what,
                   id, ids->list[i].place.line, ids->list[i].place.col);
        return;
    }
    ARRAY_GROW(ids->list, ids->count, ids->cap);
    ids->list[ids->count++] = (struct known_id){.id = id, .place = place};
}

static void claim_all(struct reading *r, const struct node *node, struct stage_list *list,
                      const struct stage_def *stage)
{
    for (int i = 0; i < stage->crm_count; i++)
        claim(r, node, &list->words, "the CRM's stage", stage->crm[i]);
    for (int i = 0; i < stage->gate_count; i++) {
        claim(r, node, &list->gates, "the gate", stage->gates[i].seller);
        claim(r, node, &list->gates, "the gate", stage->gates[i].customer);
    }
}

static void read_stage_entry(struct reading *r, const struct node *node, void *into)
{
    struct stage_list *list = into;
    struct stage_def stage = {0};
    int errors = r->errors;
    read_map(r, node, &stage_block, &stage);
    if (!stage.id)
        return;
    if (list->given[stage.order]) {
        read_error(r, node, "duplicate-id",
                   "the stage '%s' stands here a second time; the first is "
                   "at %d:%d",
                   stage.id, list->places[stage.order].line, list->places[stage.order].col);
        return;
    }
    if (stage.order >= STAGE_WON && stage.gate_count)
        read_error(r, node, "wrong-value", "the stage '%s' is an end and has no gates", stage.id);
    claim_all(r, node, list, &stage);
    /* a stage with a mistake still counts as given, so that rules about it are not blamed too */
    (void)errors;
    list->given[stage.order] = true;
    list->places[stage.order] = read_place(r, node);
    list->stages[stage.order] = stage;
}

static void read_stages(struct reading *r, const struct node *node, void *into)
{
    struct stage_list *list = into;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of stages", "[{id: discover, name: Discovery}]");
        return;
    }
    read_each(r, node, read_stage_entry, list);
    for (int i = 0; i < STAGE_WON; i++) {
        if (!list->given[i])
            read_warning(r, node, "unmapped-stage",
                         "the stage '%s' is not here; deals in it will be taken for unmapped",
                         stage_words[i]);
    }
}

static const struct key pipeline_keys[] = {
    {.name = "stages",
     .type = KEY_OTHER,
     .required = true,
     .read = read_stages,
     .holds = HOLDS_LIST,
     .block = &stage_block,
     .help = "the stage map"},
};

const struct block load_pipeline_block = BLOCK("pipeline.yaml", pipeline_keys, "the list 'stages'");

static void keep_stages(struct loading *load, struct stage_list *list)
{
    struct book *book = load->book;
    book->stages = arena_alloc(&book->arena, STAGE_COUNT * sizeof(*book->stages));
    for (int i = 0; i < STAGE_COUNT; i++) {
        struct stage_def *stage = &list->stages[i];
        if (!list->given[i] && i < STAGE_WON)
            continue;
        stage->id = stage_words[i];
        stage->order = i;
        if (!stage->name)
            stage->name = stage_names[i];
        book->stages[book->stage_count++] = *stage;
    }
    for (int i = 0; i < list->gates.count; i++)
        names_add(&load->gates, list->gates.list[i].id);
}

void load_pipeline(struct loading *load, const struct load_file *file)
{
    struct stage_list list = {0};
    struct file_reading f;
    struct node *root;
    if (file && file_open(load, file, NULL, NULL, &f, &root)) {
        load->has_pipeline = true;
        read_map(&f.r, root, &load_pipeline_block, &list);
        load->errors += f.r.errors;
    }
    bool any = false;
    for (int i = 0; i < STAGE_WON; i++)
        any |= list.given[i];
    for (int i = 0; i < STAGE_WON && !any; i++)
        list.given[i] = true;
    keep_stages(load, &list);
    free(list.words.list);
    free(list.gates.list);
}
