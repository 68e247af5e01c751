#include "load/load_alert.h"
#include "load/load_book.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "load/lint.h"
#include "load/load_plugin.h"

void names_add(struct name_list *list, const char *name)
{
    ARRAY_GROW(list->names, list->count, list->cap);
    list->names[list->count++] = name;
}

void names_done(struct name_list *list)
{
    free((void *)list->names); /* the array, not the names */
    *list = (struct name_list){0};
}

bool names_have(const struct name_list *list, const char *name)
{
    for (int i = 0; i < list->count; i++) {
        if (str_eq(list->names[i], name))
            return true;
    }
    return false;
}

bool file_open(struct loading *load, const struct load_file *file, const struct yaml_limits *limits,
               struct yaml_entries *entries, struct file_reading *ret, struct node **ret_root)
{
    *ret = (struct file_reading){
        .r = {.arena = &load->book->arena,
              .problems = load->problems,
              .file = arena_strdup(&load->book->arena, file->path)},
        .load = load,
    };
    if (entries)
        entries->user = ret;
    if (!yaml_read_entries(ret->r.file, file->bytes, file->length, limits, entries, &load->scratch,
                           load->problems, ret_root))
        return true;
    load->errors++;
    return false;
}

/* Zones that most teams live in, to find the one that was meant. */
static const char *const common_zones[] = {
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Toronto",
    "America/Vancouver",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Amsterdam",
    "Europe/Brussels",
    "Europe/Zurich",
    "Europe/Vienna",
    "Europe/Rome",
    "Europe/Prague",
    "Europe/Warsaw",
    "Europe/Stockholm",
    "Europe/Oslo",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Cairo",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
};

const struct tz *zone_find(const struct loading *load, const char *name)
{
    if (str_eq(name, "UTC"))
        return tz_utc();
    return load->set->zone && tz_name_ok(name) ? load->set->zone(load->set->zone_user, name) : NULL;
}

void zone_unknown(struct reading *r, struct source_place place, const char *name)
{
    const char *near = NULL;
    for (size_t i = 0; i < ARRAY_LEN(common_zones) && !near; i++) {
        const char *slash = strrchr(common_zones[i], '/');
        if (str_ieq(common_zones[i], name) || (slash && str_ieq(slash + 1, name)))
            near = common_zones[i];
    }
    if (near)
        read_error_at(r, place, "unknown-zone", "unknown time zone '%s'; did you mean '%s'?", name,
                      near);
    else
        read_unknown(r, place, "unknown-zone", "time zone", name, common_zones,
                     ARRAY_LEN(common_zones));
}

bool read_zone(struct reading *r, const struct node *node, const char **ret_name,
               const struct tz **ret_zone)
{
    const struct loading *load = loading_of(r);
    const char *name = NULL;
    const struct tz *zone = node->kind == NODE_SCALAR ? zone_find(load, node->text) : NULL;
    if (zone && str_eq(tz_name(zone), node->text))
        name = tz_name(zone); /* zones outlive the book, and thousands live in one */
    else if (!read_text(r, node, &name))
        return false;
    if (!zone) {
        zone_unknown(r, read_place(r, node), name);
        return false;
    }
    *ret_name = name;
    if (ret_zone)
        *ret_zone = zone;
    return true;
}

bool read_hours(struct reading *r, const struct node *node, struct hours *ret)
{
    struct err err = {0};
    const char *text;
    if (!read_text(r, node, &text))
        return false;
    if (!hours_parse(text, &err, ret))
        return true;
    read_error(r, node, "bad-hours", "%s", err.text);
    return false;
}

bool read_stage(struct reading *r, const struct node *node, const char **ret)
{
    const struct book *book = loading_of(r)->book;
    int index;
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "a stage", "propose");
        return false;
    }
    index = words_find(stage_words, node->text);
    if (index < 0) {
        read_unknown(r, read_place(r, node), "unknown-stage", "stage", node->text, stage_words,
                     words_count(stage_words));
        return false;
    }
    if (!book_stage(book, stage_words[index]))
        read_warning(r, node, "unmapped-stage",
                     "the pipeline has no stage '%s', so no deal is ever in it", node->text);
    *ret = stage_words[index];
    return true;
}

/* --- all plugin files --- */

struct plugin_file {
    const char *path;
    struct node *root; /* NULL: not readable */
};

static void note_id(struct known_ids *ids, struct arena *arena, const char *file,
                    const struct node *place, const struct node *id)
{
    if (!id || id->kind != NODE_SCALAR)
        return;
    ARRAY_GROW(ids->list, ids->count, ids->cap);
    ids->list[ids->count++] = (struct known_id){.id = arena_strdup(arena, id->text),
                                                .place = {file, place->line, place->col}};
}

static void note_commands(struct loading *load, const struct plugin_file *file)
{
    const struct node *flows = node_get(file->root, "flows");
    if (!flows || flows->kind != NODE_MAP)
        return;
    for (const struct node *flow = flows->first; flow; flow = flow->next) {
        const struct node *command = flow->kind == NODE_MAP ? node_get(flow, "command") : NULL;
        if (command)
            note_id(&load->commands, &load->scratch, file->path, command, command);
    }
}

/* The ids of all files come first: a rule may name one that stands in a later file. */
static void note_ids(struct loading *load, const struct plugin_file *file)
{
    const struct node *id = node_get(file->root, "plugin");
    const struct node *rules = node_get(file->root, "rules");
    if (id)
        note_id(&load->plugin_ids, &load->scratch, file->path, id, id);
    note_commands(load, file);
    if (!rules || rules->kind != NODE_LIST)
        return;
    for (const struct node *rule = rules->first; rule; rule = rule->next)
        note_id(&load->rules, &load->scratch, file->path, rule, node_get(rule, "rule"));
}

static int compare_ids(const void *a, const void *b)
{
    const struct known_id *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : x->order - y->order;
}

static void sort_ids(struct known_ids *ids)
{
    for (int i = 0; i < ids->count; i++)
        ids->list[i].order = i;
    if (ids->count)
        qsort(ids->list, (size_t)ids->count, sizeof(*ids->list), compare_ids);
}

int known_place(const struct known_ids *ids, const char *id)
{
    int low = 0, high = ids->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (strcmp(ids->list[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* inputs: of gritd.yaml that no plugin has. */
static void check_input_plugins(struct loading *load)
{
    const struct config *config = load->set->config;
    struct name_list names = {0};
    struct reading r = {.arena = &load->scratch, .problems = load->problems};
    for (int i = 0; i < load->plugin_ids.count; i++)
        names_add(&names, load->plugin_ids.list[i].id);
    for (int i = 0; config && i < config->input_count; i++) {
        const struct config_input *input = &config->inputs[i];
        bool again = i && str_eq(input->plugin, config->inputs[i - 1].plugin);
        if (!again && !names_have(&names, input->plugin))
            read_unknown(&r, input->plugin_place, "unknown-plugin", "plugin", input->plugin,
                         names.names, (size_t)names.count);
    }
    load->errors += r.errors;
    names_done(&names);
}

/* The tree of one file at a time: those of a thousand would take more than all that is kept of
 * them, and reading a file twice takes less time than clearing that memory. */
static void load_file(struct loading *load, const struct load_file *file, const char *path,
                      bool *good)
{
    struct arena tree;
    struct problems told; /* at the first reading */
    struct node *root;
    arena_init(&tree);
    problems_init(&told);
    *good = *good && !yaml_read(path, file->bytes, file->length, NULL, &tree, &told, &root) &&
            plugin_load(load, path, root);
    problems_done(&told);
    arena_done(&tree);
}

static void note_file(struct loading *load, const struct load_file *file, const char *path,
                      bool *good)
{
    struct plugin_file seen = {.path = path};
    struct arena tree;
    arena_init(&tree);
    *good = !yaml_read(path, file->bytes, file->length, NULL, &tree, load->problems, &seen.root);
    if (*good)
        note_ids(load, &seen);
    arena_done(&tree);
}

void load_plugins(struct loading *load, struct load_counts *counts)
{
    const struct load_set *set = load->set;
    size_t count = (size_t)set->plugin_count + 1;
    bool *good = arena_alloc(&load->scratch, count * sizeof(*good));
    const char **paths = arena_alloc(&load->scratch, count * sizeof(*paths));
    for (int i = 0; i < set->plugin_count; i++) {
        paths[i] = arena_strdup(&load->book->arena, set->plugins[i].path);
        note_file(load, &set->plugins[i], paths[i], &good[i]);
    }
    sort_ids(&load->rules);
    sort_ids(&load->plugin_ids);
    for (int i = 0; i < set->plugin_count; i++) {
        load->problems->unlinted = set->known && set->known[i];
        load_file(load, &set->plugins[i], paths[i], &good[i]);
        load->problems->unlinted = false;
        if (set->good)
            set->good[i] = good[i];
        counts->loaded += good[i];
        counts->failed += !good[i];
    }
    check_input_plugins(load);
}

/* --- putting the book together --- */

struct totals {
    int plugins, questions, flows, signals, rules, tests;
};

static struct totals count_parts(const struct loading *load)
{
    struct totals t = {0};
    for (const struct plugin_part *part = load->parts; part; part = part->next) {
        t.plugins += part->plugin != NULL;
        t.questions += part->question_count;
        t.flows += part->flow_count;
        t.signals += part->signal_count;
        t.rules += part->rule_count;
        t.tests += part->test_count;
    }
    return t;
}

static void *room(struct book *book, int count)
{
    return arena_alloc(&book->arena, (size_t)(count + 1) * sizeof(void *));
}

static void fill_book(struct loading *load)
{
    struct book *book = load->book;
    struct totals t = count_parts(load);
    book->plugins = room(book, t.plugins);
    book->questions = room(book, t.questions);
    book->flows = room(book, t.flows);
    book->signals = room(book, t.signals);
    book->rules = room(book, t.rules);
    for (const struct plugin_part *part = load->parts; part; part = part->next) {
        if (part->plugin)
            book->plugins[book->plugin_count++] = part->plugin;
        for (int i = 0; i < part->question_count; i++)
            book->questions[book->question_count++] = part->questions[i];
        for (int i = 0; i < part->flow_count; i++)
            book->flows[book->flow_count++] = part->flows[i];
        for (int i = 0; i < part->signal_count; i++)
            book->signals[book->signal_count++] = part->signals[i];
        for (int i = 0; i < part->rule_count; i++)
            book->rules[book->rule_count++] = part->rules[i];
    }
}

/* Names to indices, once the rules have theirs; rules of files that were left out are gone. */
static void link_inhibits(struct loading *load)
{
    struct book *book = load->book;
    for (const struct plugin_part *part = load->parts; part; part = part->next) {
        for (const struct inhibit *i = part->inhibits; i; i = i->next) {
            i->rule->inhibits =
                arena_alloc(&book->arena, (size_t)(i->count + 1) * sizeof(*i->rule->inhibits));
            for (int k = 0; k < i->count; k++) {
                const struct rule *other = book_rule(book, i->names[k]);
                if (other)
                    i->rule->inhibits[i->rule->inhibit_count++] = other->index;
            }
        }
    }
}

static void fill_tests(struct loading *load)
{
    struct plugin_tests *tests = load->tests;
    int total = count_parts(load).tests;
    tests->tests = arena_alloc(&tests->arena, (size_t)(total + 1) * sizeof(*tests->tests));
    for (const struct plugin_part *part = load->parts; part; part = part->next) {
        for (int i = 0; i < part->test_count; i++)
            tests->tests[tests->count++] = part->tests[i];
    }
}

static void loading_done(struct loading *load)
{
    names_done(&load->gates);
    free(load->people_by_id);
    free(load->broken.list);
    free(load->rules.list);
    free(load->plugin_ids.list);
    free(load->commands.list);
    arena_done(&load->scratch);
}

static struct organisation organisation_copy(struct arena *arena, const struct organisation *from)
{
    struct organisation to = {.purpose = arena_strdup(arena, from->purpose),
                              .value_count = from->value_count};
    to.values = arena_alloc(arena, (size_t)(from->value_count + 1) * sizeof(*to.values));
    for (int i = 0; i < from->value_count; i++)
        to.values[i] = arena_strdup(arena, from->values[i]);
    return to;
}

int load_book(const struct load_set *set, struct problems *problems, struct load_counts *ret_counts,
              struct book **ret_book, struct plugin_tests **ret_tests)
{
    struct loading load = {
        .set = set, .problems = problems, .book = book_new(), .tests_wanted = ret_tests != NULL};
    struct load_counts counts = {0};
    load.parts_tail = &load.parts;
    load.tests = NEW(struct plugin_tests);
    arena_init(&load.scratch);
    arena_init(&load.tests->arena);
    if (set->config) {
        load.book->limits = set->config->limits;
        load.book->purpose = arena_strdup(&load.book->arena, set->config->purpose);
        load.book->organisation = organisation_copy(&load.book->arena, &set->config->organisation);
        load.book->controller = arena_strdup(&load.book->arena, set->config->controller);
        load.book->unstored = set->config->answers == 1;
        load.book->unintroduced = !set->config->introduction;
    }
    load_people(&load, set->people);
    load_pipeline(&load, set->pipeline);
    load_holidays(&load, set->holidays, set->holiday_count);
    load_words(&load, set->words, set->word_count);
    load_plugins(&load, &counts);
    fill_book(&load);
    book_index(load.book);
    link_inhibits(&load);
    load.errors += alert_check_book(problems, load.book);
    lint_book(problems, load.book);
    fill_tests(&load);
    if (ret_tests)
        *ret_tests = load.tests;
    else
        plugin_tests_free(load.tests);
    *ret_book = load.book;
    *ret_counts = counts;
    loading_done(&load);
    return load.errors || counts.failed ? -EINVAL : 0;
}
