#include "load/load_flow.h"
#include "load/load_programme.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "load/blocks.h"

enum { VERSION_MAX = 1000000, ESTIMATE_MAX = 5 };

static const char *const area_words[] = {"opportunity", "skill", NULL};

/* The top of a plugin; parts that need the inputs are read after them. */
struct plugin_draft {
    struct plugin *plugin;
    const char *id, *about, *pack, *owner;
    int version, area, impact, effort;
};

static void read_in_order(struct reading *r, const struct node *node, void *draft)
{
    (void)r, (void)node, (void)draft; /* read_parts does, each part after those it refers to */
}

#define AT(member) offsetof(struct plugin_draft, member)

/* Nobody of that name is no reason to stop a whole practice: people leave. */
static void read_owner(struct reading *r, const struct node *node, void *draft)
{
    const struct loading *load = loading_of(r);
    const char *owner;
    if (!read_name(r, node, &owner))
        return;
    ((struct plugin_draft *)draft)->owner = owner;
    if (!load->has_people || loading_person(load, owner))
        return;
    struct name_list known = {0};
    for (int i = 0; i < load->book->person_count; i++)
        names_add(&known, load->book->people[i].id);
    const char *near = nearest_word(owner, known.names, (size_t)known.count);
    read_warning(r, node, "unknown-person",
                 "people.yaml has nobody with the id '%s'%s%s%s; until then every manager is told",
                 owner, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    names_done(&known);
}

static const struct key plugin_keys[] = {
    {.name = "plugin",
     .type = KEY_NAME,
     .required = true,
     .at = AT(id),
     .example = "customer-gates",
     .help = "a name that no other plugin has"},
    {.name = "about",
     .type = KEY_TEXT,
     .at = AT(about),
     .example = "Asks what the customer did",
     .help = "The practice, in a sentence"},
    {.name = "pack",
     .type = KEY_TEXT,
     .at = AT(pack),
     .example = "gritd 1",
     .help = "The collection it is part of, with the version of that collection"},
    {.name = "version",
     .type = KEY_INT,
     .at = AT(version),
     .max = VERSION_MAX,
     .preset = "1",
     .example = "1",
     .help = "Counts up"},
    {.name = "area",
     .type = KEY_WORD,
     .at = AT(area),
     .words = area_words,
     .example = "opportunity",
     .help = "opportunity or skill, for rules that do not say"},
    {.name = "impact",
     .type = KEY_INT,
     .at = AT(impact),
     .min = 1,
     .max = ESTIMATE_MAX,
     .needs = "effort",
     .example = "4",
     .help = "How much the practice brings, from 1 to 5; 'gritctl catalogue' puts easy wins first, "
             "and so does 'easy_first' of limits"},
    {.name = "effort",
     .type = KEY_INT,
     .at = AT(effort),
     .min = 1,
     .max = ESTIMATE_MAX,
     .needs = "impact",
     .example = "2",
     .help = "How much it asks of people, from 1 to 5"},
    {.name = "owner",
     .type = KEY_OTHER,
     .read = read_owner,
     .form = FORM_NAME,
     .example = "dana",
     .help = "Who is told in chat when an edit of this file is broken: an id of people.yaml; "
             "without it every manager is"},
    {.name = "inputs",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_NAMED,
     .block = &input_block,
     .help = "Values a team can set in gritd.yaml"},
    {.name = "questions",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_NAMED,
     .block = &question_block,
     .help = "What is asked"},
    {.name = "flows",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_NAMED,
     .block = &flow_block,
     .help = "Talks of several steps"},
    {.name = "signals",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_NAMED,
     .block = &signal_block,
     .help = "What effort looks like"},
    {.name = "rules",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_LIST,
     .block = &rule_block,
     .help = "When to say what"},
    {.name = "programme",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_ONE,
     .block = &programme_block,
     .help = "Its rules for reps begin when a manager starts it, with a baseline and after a "
             "look at the manager's own view"},
    {.name = "tests",
     .type = KEY_OTHER,
     .read = read_in_order,
     .holds = HOLDS_LIST,
     .block = &test_block,
     .help = "The plugin's own tests"},
};

const struct block load_plugin_block =
    BLOCK("a plugin", plugin_keys, "plugin, questions, rules, tests");

static const struct key tests_keys[] = {
    {.name = "tests",
     .type = KEY_OTHER,
     .required = true,
     .read = read_in_order,
     .holds = HOLDS_LIST,
     .block = &test_block,
     .help = "tests of rules that stand in other files"},
};

const struct block load_tests_block = BLOCK("a test file", tests_keys, "the list 'tests'");

void plugin_made(struct plugin_reading *p, void (*free_it)(void *what), void *what)
{
    struct made *made = arena_alloc(&p->f.load->scratch, sizeof(*made));
    *made = (struct made){free_it, what, p->made};
    p->made = made;
}

static void free_made(struct plugin_reading *p)
{
    for (struct made *made = p->made; made; made = made->next)
        made->free(made->what);
}

static void list_keys(const struct node *map, struct name_list *names)
{
    if (map && map->kind == NODE_MAP) {
        for (const struct node *n = map->first; n; n = n->next)
            names_add(names, n->key);
    }
}

static void read_parts(struct plugin_reading *p, struct node *root)
{
    static const struct {
        const char *key;
        key_read read;
    } parts[] = {
        {"signals", plugin_read_signals},     {"questions", plugin_read_questions},
        {"flows", plugin_read_flows},         {"rules", plugin_read_rules},
        {"programme", plugin_read_programme}, {"tests", plugin_read_tests},
    };
    struct node *inputs = node_get(root, "inputs");
    if (inputs)
        plugin_read_inputs(&p->f.r, inputs, NULL);
    plugin_apply_inputs(p, root);
    list_keys(node_get(root, "questions"), &p->questions);
    list_keys(node_get(root, "signals"), &p->signals);
    list_keys(node_get(root, "flows"), &p->flows);
    flow_list_steps(node_get(root, "flows"), &p->steps);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct node *part = node_get(root, parts[i].key);
        if (part)
            parts[i].read(&p->f.r, part, NULL);
    }
}

static void check_plugin_id(struct plugin_reading *p, const struct node *root, const char *id)
{
    const struct known_ids *ids = &p->f.load->plugin_ids;
    const struct node *node = node_get(root, "plugin");
    int at = id ? known_place(ids, id) : ids->count;
    if (at == ids->count || !str_eq(ids->list[at].id, id))
        return;
    const struct source_place *first = &ids->list[at].place;
    if (!str_eq(first->file, p->f.r.file))
        read_error(&p->f.r, node, "duplicate-id",
                   "the plugin '%s' stands here a second time; the first is at %s:%d:%d", id,
                   first->file, first->line, first->col);
}

static void read_plugin(struct plugin_reading *p, struct node *root)
{
    struct reading *r = &p->f.r;
    struct plugin_draft draft = {.area = -1, .version = 1};
    draft.plugin = arena_alloc(r->arena, sizeof(*draft.plugin));
    read_map(r, root, &load_plugin_block, &draft);
    *draft.plugin = (struct plugin){.id = draft.id ? draft.id : "",
                                    .about = draft.about,
                                    .file = r->file,
                                    .pack = draft.pack,
                                    .owner = draft.owner,
                                    .version = draft.version,
                                    .impact = draft.impact,
                                    .effort = draft.effort};
    p->part->plugin = draft.plugin;
    p->has_area = node_get(root, "area") != NULL;
    p->area = draft.area >= 0 ? draft.area : 0;
    if (root->kind != NODE_MAP)
        return;
    check_plugin_id(p, root, draft.id);
    read_parts(p, root);
}

bool plugin_is_test_file(const char *path, const struct node *root)
{
    static const char ending[] = ".test.yaml";
    size_t length = strlen(path), size = sizeof(ending) - 1;
    return (length >= size && strcmp(path + length - size, ending) == 0) ||
           (root && root->kind == NODE_MAP && root->count == 1 && node_get(root, "tests"));
}

bool plugin_load(struct loading *load, const char *path, struct node *root)
{
    struct plugin_reading p = {.signal_base = load->signal_count};
    struct book *book = load->book;
    p.f = (struct file_reading){
        .r = {.arena = &book->arena, .problems = load->problems, .file = path}, .load = load};
    p.part = arena_alloc(&load->scratch, sizeof(*p.part));
    if (plugin_is_test_file(path, root)) {
        read_map(&p.f.r, root, &load_tests_block, NULL);
        if (root->kind == NODE_MAP && node_get(root, "tests"))
            plugin_read_tests(&p.f.r, node_get(root, "tests"), NULL);
    } else {
        read_plugin(&p, root);
    }
    names_done(&p.questions);
    names_done(&p.signals);
    names_done(&p.flows);
    names_done(&p.steps);
    names_done(&p.unstored);
    if (p.f.r.errors) {
        free_made(&p);
        p.part->test_count = 0;
    }
    if (!load->tests_wanted)
        plugin_forget_tests(load, p.part);
    if (p.f.r.errors)
        return false;
    plugin_print(p.part, root);
    load->signal_count += p.part->signal_count;
    *load->parts_tail = p.part;
    load->parts_tail = &p.part->next;
    return true;
}
