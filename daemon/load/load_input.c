#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"

enum input_type {
    INPUT_DURATION,
    INPUT_NUMBER,
    INPUT_TEXT,
    INPUT_TIME,
    INPUT_DATE,
    INPUT_BOOLEAN,
    INPUT_STAGE,
};

static const char *const type_words[] = {"duration", "number",  "text",  "time",
                                         "date",     "boolean", "stage", NULL};
static const char *const type_examples[] = {
    "2d or 3 working days", "20", "\"next Friday\"", "\"09:30\"", "2026-03-02", "true", "propose"};

bool load_input_type_at(size_t index, const char **ret_word, enum key_form *ret_form)
{
    static const enum key_form forms[] = {FORM_LENGTH_ANY, FORM_NUMBER, FORM_TEXT, FORM_CLOCK,
                                          FORM_DATE,       FORM_BOOL,   FORM_STAGE};
    if (index >= ARRAY_LEN(forms))
        return false;
    *ret_word = type_words[index];
    *ret_form = forms[index];
    return true;
}

static bool time_ok(const char *text)
{
    return strlen(text) == 5 && text[2] == ':' && text[0] >= '0' && text[0] <= '2' &&
           text[1] >= '0' && text[1] <= '9' && (text[0] < '2' || text[1] <= '3') &&
           text[3] >= '0' && text[3] <= '5' && text[4] >= '0' && text[4] <= '9';
}

static bool input_fits(int type, const char *text)
{
    bool working;
    msec_t length;
    int64_t number;
    switch ((enum input_type)type) {
    case INPUT_DURATION:
        return length_parse(text, &working, &length);
    case INPUT_NUMBER:
        return thousandths_parse(text, &number);
    case INPUT_TEXT:
        return *text;
    case INPUT_TIME:
        return time_ok(text);
    case INPUT_DATE:
        return date_ok(text);
    case INPUT_BOOLEAN:
        return str_eq(text, "true") || str_eq(text, "false");
    case INPUT_STAGE:
        return words_find(stage_words, text) >= 0;
    }
    return false;
}

static void read_default(struct reading *r, const struct node *node, void *into)
{
    struct input_def *input = into;
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "one value", NULL);
        return;
    }
    input->value = node->text;
    input->quoted = node->quoted;
}

static void read_about(struct reading *r, const struct node *node, void *into)
{
    const char *about;
    (void)into; /* for people only */
    (void)read_text(r, node, &about);
}

static const struct key input_keys[] = {
    {.name = "type",
     .type = KEY_WORD,
     .required = true,
     .at = offsetof(struct input_def, type),
     .words = type_words,
     .example = "duration",
     .help = "duration, number, text, time, date, boolean or stage"},
    {.name = "default",
     .type = KEY_OTHER,
     .read = read_default,
     .form = FORM_VALUE,
     .example = "2d",
     .help = "The value when gritd.yaml gives none"},
    {.name = "about",
     .type = KEY_OTHER,
     .read = read_about,
     .form = FORM_TEXT,
     .example = "How long our half may stand alone",
     .help = "What it is for"},
};

const struct block input_block = BLOCK("an input", input_keys, "type, default, about");

static bool input_name_ok(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return name[0] >= 'a' && name[0] <= 'z' && !name[length];
}

static void read_input(struct plugin_reading *p, const struct node *node)
{
    struct reading *r = &p->f.r;
    struct input_def *input = &p->inputs[p->input_count++];
    int errors = r->errors;
    input->name = node->key;
    input->place = read_place(r, node);
    if (!input_name_ok(node->key))
        read_error_at(r, read_key_place(r, node), "bad-name",
                      "'%s' cannot be an input: small letters, digits, '-' and '_'", node->key);
    read_map(r, node, &input_block, input);
    if (r->errors == errors && input->value && !input_fits(input->type, input->value))
        read_wrong(r, node_get(node, "default"),
                   arena_printf(r->arena, "a %s", type_words[input->type]),
                   type_examples[input->type]);
}

static struct input_def *input_find(struct plugin_reading *p, const char *name, size_t length)
{
    for (int i = 0; i < p->input_count; i++) {
        if (strlen(p->inputs[i].name) == length && memcmp(p->inputs[i].name, name, length) == 0)
            return &p->inputs[i];
    }
    return NULL;
}

static const char **input_names(struct plugin_reading *p)
{
    const char **names =
        arena_alloc(&p->f.load->scratch, (size_t)(p->input_count + 1) * sizeof(*names));
    for (int i = 0; i < p->input_count; i++)
        names[i] = p->inputs[i].name;
    return names;
}

/* gritd.yaml's values; their mistakes are its own and leave the default in force. */
static void override(struct plugin_reading *p, const struct config *config)
{
    struct reading other = {
        .arena = &p->f.load->scratch, .problems = p->f.r.problems, .file = config->file};
    for (int i = 0; i < config->input_count; i++) {
        const struct config_input *given = &config->inputs[i];
        if (!str_eq(given->plugin, p->part->plugin->id))
            continue;
        struct input_def *input = input_find(p, given->name, strlen(given->name));
        if (!input) {
            read_unknown(&other, given->name_place, "unknown-input",
                         arena_printf(other.arena, "input of %s", given->plugin), given->name,
                         input_names(p), (size_t)p->input_count);
        } else if (!input_fits(input->type, given->value)) {
            read_error_at(&other, given->place, "wrong-value",
                          "'%s' must be a %s, such as %s; found '%s'", given->name,
                          type_words[input->type], type_examples[input->type], given->value);
        } else {
            input->value = given->value;
            input->quoted = given->quoted;
        }
    }
    p->f.load->errors += other.errors;
}

void plugin_read_inputs(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    (void)part;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of inputs", "{patience: {type: duration, default: 2d}}");
        return;
    }
    p->inputs = arena_alloc(&p->f.load->scratch, (size_t)(node->count + 1) * sizeof(*p->inputs));
    for (const struct node *n = node->first; n; n = n->next)
        read_input(p, n);
}

/* Length of the input's name behind a '$', or 0. */
static size_t reference_length(const char *text)
{
    if (text[0] < 'a' || text[0] > 'z')
        return 0;
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    while (text[length - 1] == '-')
        length--; /* "$patience-" ends a word */
    return length;
}

static const struct input_def *reference(struct plugin_reading *p, const struct node *node,
                                         const char *name, size_t length)
{
    const struct input_def *input = input_find(p, name, length);
    if (!input)
        read_unknown(&p->f.r, read_place(&p->f.r, node), "unknown-input", "input",
                     arena_printf(&p->f.load->scratch, "$%.*s", (int)length, name), input_names(p),
                     (size_t)p->input_count);
    return input;
}

/* A scalar may be one input, or hold some; `$$` is a dollar sign. */
static void apply_to_scalar(struct plugin_reading *p, struct node *node)
{
    struct strbuf out = {0};
    size_t changes = 0;
    if (!strchr(node->text, '$'))
        return;
    for (const char *c = node->text; *c; c++) {
        size_t length = *c == '$' ? reference_length(c + 1) : 0;
        if (*c == '$' && c[1] == '$') {
            strbuf_putc(&out, *c++);
            changes++;
        } else if (!length) {
            strbuf_putc(&out, *c);
        } else {
            const struct input_def *input = reference(p, node, c + 1, length);
            node->told |= !input || !input->value;
            if (input && input->value)
                strbuf_puts(&out, input->value);
            if (input && length + 1 == strlen(node->text))
                node->quoted = input->quoted;
            c += length;
            changes++;
        }
    }
    if (changes)
        node->text = arena_strdup(&p->f.load->scratch, strbuf_text(&out));
    strbuf_done(&out);
}

static void apply(struct plugin_reading *p, struct node *node)
{
    if (node->kind == NODE_SCALAR)
        apply_to_scalar(p, node);
    for (struct node *n = node->first; n; n = n->next)
        apply(p, n);
}

void plugin_apply_inputs(struct plugin_reading *p, struct node *root)
{
    static const char *const parts[] = {"questions", "flows", "signals", "rules"};
    const struct config *config = p->f.load->set->config;
    if (config)
        override(p, config);
    for (int i = 0; i < p->input_count; i++) {
        if (!p->inputs[i].value)
            read_error_at(&p->f.r, p->inputs[i].place, "missing-input",
                          "the input '%s' has no default; give one, or set it in gritd.yaml: "
                          "inputs: {%s: {%s: ...}}",
                          p->inputs[i].name, p->part->plugin->id, p->inputs[i].name);
    }
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct node *part = node_get(root, parts[i]);
        if (part)
            apply(p, part);
    }
}
