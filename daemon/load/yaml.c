#include "load/yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "base/alloc.h"
#include "load/yaml_words.h"

/* A mapping or list that is still open. */
struct frame {
    struct node *node;
    struct node **tail;
    const char *key; /* mapping: read, its value is next */
    int key_line, key_col;
    bool key_refused; /* doubled or a merge: its value is read and forgotten */
    bool apart;       /* its entries are handed out and not kept */
};

const struct yaml_limits yaml_usual = {YAML_BYTES_MAX, YAML_NODES_MAX, YAML_NODES_MAX};
const struct yaml_limits yaml_lists = {(size_t)84 * YAML_BYTES_MAX, 84 * YAML_NODES_MAX,
                                       5 * YAML_NODES_MAX};

struct builder {
    struct yaml_bytes file;
    const struct yaml_limits *limits;
    const struct yaml_entries *entries; /* or NULL */
    struct arena *arena;
    struct arena entry; /* of the one being read */
    struct problems *problems;
    struct node *root;
    struct frame stack[YAML_DEPTH_MAX];
    int depth, nodes, documents;
    int kept, entry_nodes; /* of the nodes: in the tree, in the entry being read */
    bool failed;           /* go on, to find more */
    bool stop;             /* the tree makes no sense from here on */
};

static struct source_place place_of(const struct builder *b, const yaml_mark_t *mark)
{
    return (struct source_place){b->file.path, (int)mark->line + 1, (int)mark->column + 1};
}

static __attribute__((format(printf, 4, 5))) void
refuse(struct builder *b, struct source_place place, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_add(b->problems, place, false, code, format, args);
    va_end(args);
    b->failed = true;
}

enum { APART_DEPTH = 2 }; /* the top mapping and the list are open */

static bool is_apart(const struct builder *b)
{
    return b->depth >= APART_DEPTH && b->stack[APART_DEPTH - 1].apart;
}

/* Where what is read now has to live. */
static struct arena *arena_of(struct builder *b)
{
    return is_apart(b) ? &b->entry : b->arena;
}

/* Memory goes with the trees, so each has its limit beside that of the file. */
static void check_nodes(struct builder *b, const yaml_mark_t *mark)
{
    bool apart = is_apart(b);
    int in_tree = apart ? ++b->entry_nodes : ++b->kept;
    if (++b->nodes <= b->limits->nodes && in_tree <= b->limits->tree)
        return;
    if (b->nodes > b->limits->nodes || !b->entries)
        refuse(b, place_of(b, mark), "yaml-limit",
               "more than %d values in one file; split the file", b->limits->nodes);
    else
        refuse(b, place_of(b, mark), "yaml-limit", "more than %d values %s '%s'", b->limits->tree,
               apart ? "in one entry of" : "beside the list", b->entries->key);
    b->stop = true;
}

static struct node *node_new(struct builder *b, enum node_kind kind, const yaml_mark_t *mark)
{
    struct node *node = arena_alloc(arena_of(b), sizeof(*node));
    node->kind = kind;
    node->line = (int)mark->line + 1;
    node->col = (int)mark->column + 1;
    check_nodes(b, mark);
    return node;
}

static void attach(struct builder *b, struct node *node)
{
    if (!b->depth) {
        b->root = node;
        return;
    }
    struct frame *top = &b->stack[b->depth - 1];
    bool refused = top->key_refused;
    node->key = top->key;
    node->key_line = top->key_line;
    node->key_col = top->key_col;
    top->key = NULL;
    top->key_refused = false;
    if (refused)
        return;
    top->node->count++;
    if (top->apart)
        return;
    *top->tail = node;
    top->tail = &node->next;
}

/* An entry has been read, and the list goes on. */
static void hand_out(struct builder *b, const struct node *entry)
{
    if (b->depth != APART_DEPTH || !is_apart(b))
        return;
    if (!b->failed)
        b->entries->read(b->entries->user, entry);
    arena_reset(&b->entry);
    b->entry_nodes = 0;
}

static bool wants_key(const struct builder *b)
{
    return b->depth && b->stack[b->depth - 1].node->kind == NODE_MAP && !b->stack[b->depth - 1].key;
}

/* Anchors and tags, which any node may carry. */
static void check_marks(struct builder *b, const yaml_mark_t *mark, const yaml_char_t *anchor,
                        const yaml_char_t *tag)
{
    if (anchor)
        refuse(
            b, place_of(b, mark), "yaml-anchor",
            "anchors (&%s) are not used here; write the text out, or in quotes if it starts with &",
            (const char *)anchor);
    if (tag)
        refuse(b, place_of(b, mark), "yaml-tag",
               "tags (%s) are not used here; a text that starts with ! needs quotes",
               (const char *)tag);
}

static void check_double(struct builder *b, struct frame *top)
{
    const struct node *map = top->node;
    for (const struct node *n = map->first; n; n = n->next) {
        if (strcmp(n->key, top->key) != 0)
            continue;
        refuse(b, (struct source_place){b->file.path, top->key_line, top->key_col}, "duplicate-key",
               "the key '%s' stands here a second time; the first is at %d:%d", top->key,
               n->key_line, n->key_col);
        top->key_refused = true;
        return;
    }
    if (map->count >= YAML_KEYS_MAX) {
        refuse(b, (struct source_place){b->file.path, top->key_line, top->key_col}, "yaml-limit",
               "more than %d keys in one mapping", YAML_KEYS_MAX);
        b->stop = true;
    }
}

/* Text that can be a C string: the escape \0 would end it early. */
static const char *take_text(struct builder *b, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(value, '\0', length))
        refuse(b, place_of(b, &event->start_mark), "yaml-nul",
               "the text holds a NUL character (\\0)");
    return arena_strndup(arena_of(b), value, length);
}

static void on_key(struct builder *b, const yaml_event_t *event)
{
    struct frame *top = &b->stack[b->depth - 1];
    top->key = take_text(b, event);
    top->key_line = (int)event->start_mark.line + 1;
    top->key_col = (int)event->start_mark.column + 1;
    check_marks(b, &event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && strcmp(top->key, "<<") == 0) {
        refuse(b, place_of(b, &event->start_mark), "yaml-merge",
               "merge keys (<<) are not used here; write the keys out");
        top->key_refused = true;
    } else if (!*top->key) {
        refuse(b, place_of(b, &event->start_mark), "yaml-key", "a key is missing before the ':'");
        top->key_refused = true;
    } else {
        check_double(b, top);
    }
}

static void on_scalar(struct builder *b, const yaml_event_t *event)
{
    if (wants_key(b)) {
        on_key(b, event);
        return;
    }
    check_marks(b, &event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
    struct node *node = node_new(b, NODE_SCALAR, &event->start_mark);
    node->text = take_text(b, event);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    attach(b, node);
    hand_out(b, node);
}

static void on_bad_key(struct builder *b, const yaml_mark_t *mark)
{
    const struct node *map = b->stack[b->depth - 1].node;
    struct source_place place = {b->file.path, map->line, map->col};
    if (yaml_words_braces_at(&b->file, map->line, map->col))
        refuse(b, place, "yaml-braces",
               "a text that starts with {{ must stand in quotes: \"{{deal.name}}: ...\"");
    else
        refuse(b, place_of(b, mark), "yaml-key", "a key must be a word, not a list or a mapping");
    b->stop = true;
}

static void on_open(struct builder *b, enum node_kind kind, const yaml_event_t *event)
{
    if (wants_key(b)) {
        on_bad_key(b, &event->start_mark);
        return;
    }
    if (b->depth == YAML_DEPTH_MAX) {
        refuse(b, place_of(b, &event->start_mark), "yaml-limit", "nested deeper than %d levels",
               YAML_DEPTH_MAX);
        b->stop = true;
        return;
    }
    if (kind == NODE_MAP)
        check_marks(b, &event->start_mark, event->data.mapping_start.anchor,
                    event->data.mapping_start.tag);
    else
        check_marks(b, &event->start_mark, event->data.sequence_start.anchor,
                    event->data.sequence_start.tag);
    struct node *node = node_new(b, kind, &event->start_mark);
    bool kept = !b->depth || !b->stack[b->depth - 1].key_refused;
    attach(b, node);
    bool apart = b->entries && kept && kind == NODE_LIST && b->depth == APART_DEPTH - 1 &&
                 node->key && strcmp(node->key, b->entries->key) == 0;
    b->stack[b->depth++] = (struct frame){.node = node, .tail = &node->first, .apart = apart};
}

static void on_alias(struct builder *b, const yaml_event_t *event)
{
    refuse(b, place_of(b, &event->start_mark), "yaml-alias",
           "aliases (*%s) are not used here; write the text out, or in quotes if it starts with *",
           (const char *)event->data.alias.anchor);
    if (wants_key(b)) {
        b->stop = true;
        return;
    }
    struct node *node = node_new(b, NODE_SCALAR, &event->start_mark);
    node->text = "";
    attach(b, node);
}

static void on_document(struct builder *b, const yaml_event_t *event)
{
    if (event->data.document_start.tag_directives.start !=
        event->data.document_start.tag_directives.end)
        refuse(b, place_of(b, &event->start_mark), "yaml-tag", "%%TAG is not used here");
    if (++b->documents > 1) {
        refuse(b, place_of(b, &event->start_mark), "yaml-document",
               "a second document starts here; one file holds one");
        b->stop = true;
    }
}

static void on_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        on_document(b, event);
        break;
    case YAML_ALIAS_EVENT:
        on_alias(b, event);
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(b, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_open(b, NODE_LIST, event);
        break;
    case YAML_MAPPING_START_EVENT:
        on_open(b, NODE_MAP, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        hand_out(b, b->stack[b->depth].node);
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* The bytes on their way to libyaml, which reads until it has a whole value. */
struct input {
    const struct yaml_bytes *file;
    size_t at, since; /* since: handed out for the value being read */
    bool too_long;
};

static int give(void *data, unsigned char *buffer, size_t size, size_t *ret_read)
{
    struct input *in = data;
    size_t left = in->file->length - in->at;
    in->too_long = in->since > YAML_VALUE_MAX;
    *ret_read = left < size ? left : size;
    memcpy(buffer, in->file->bytes + in->at, *ret_read);
    in->at += *ret_read;
    in->since += *ret_read;
    return !in->too_long;
}

static void refuse_input(struct builder *b, const struct input *in, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) /* not the file's fault: it must not be left out */
        alloc_none();
    if (in->too_long)
        refuse(b, place_of(b, &parser->mark), "yaml-limit",
               "more than %d KiB without the end of a key or value", YAML_VALUE_MAX / 1024);
    else
        yaml_words_add(&b->file, parser, b->problems);
    b->failed = true;
}

static void build(struct builder *b)
{
    yaml_parser_t parser;
    struct input in = {.file = &b->file};
    if (!yaml_parser_initialize(&parser))
        alloc_none();
    yaml_parser_set_input(&parser, give, &in);
    for (bool end = false; !end && !b->stop;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            refuse_input(b, &in, &parser);
            break;
        }
        in.since = 0;
        end = event.type == YAML_STREAM_END_EVENT;
        on_event(b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

/* What is wrong with the bytes before YAML is asked. */
static void check_bytes(struct builder *b)
{
    const struct yaml_bytes *file = &b->file;
    struct source_place place = {file->path, 1, 1};
    const char *nul = file->length ? memchr(file->bytes, '\0', file->length) : NULL;
    if (file->length > b->limits->bytes) {
        refuse(b, place, "yaml-limit", "the file is larger than %zu KiB; split it",
               b->limits->bytes / 1024);
    } else if (file->length >= 2 && (memcmp(file->bytes, "\xFF\xFE", 2) == 0 ||
                                     memcmp(file->bytes, "\xFE\xFF", 2) == 0)) {
        refuse(b, place, "yaml-encoding", "the file is UTF-16; save it with the encoding UTF-8");
    } else if (nul) {
        for (const char *p = file->bytes; p < nul; p++) {
            place.line += *p == '\n';
            place.col = *p == '\n' ? 1 : place.col + 1;
        }
        refuse(b, place, "yaml-nul", "a NUL byte stands here; is this a text file?");
    }
}

int yaml_read_entries(const char *path, const char *bytes, size_t length,
                      const struct yaml_limits *limits, const struct yaml_entries *entries,
                      struct arena *arena, struct problems *problems, struct node **ret)
{
    bool bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    struct builder b = {.limits = limits ? limits : &yaml_usual,
                        .entries = entries,
                        .arena = arena,
                        .problems = problems};
    b.file = (struct yaml_bytes){path, bom ? bytes + 3 : bytes, bom ? length - 3 : length};
    check_bytes(&b);
    arena_init(&b.entry);
    if (!b.failed)
        build(&b);
    arena_done(&b.entry);
    if (!b.failed && !b.root)
        refuse(&b, (struct source_place){path, 1, 1}, "empty-file", "the file is empty");
    if (b.failed)
        return -EINVAL;
    *ret = b.root;
    return 0;
}

int yaml_read(const char *path, const char *bytes, size_t length, const struct yaml_limits *limits,
              struct arena *arena, struct problems *problems, struct node **ret)
{
    return yaml_read_entries(path, bytes, length, limits, NULL, arena, problems, ret);
}

struct node *node_get(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (struct node *n = map->first; n; n = n->next) {
        if (strcmp(n->key, key) == 0)
            return n;
    }
    return NULL;
}

bool node_is_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && !node->quoted &&
           (!*node->text || strcmp(node->text, "null") == 0 || strcmp(node->text, "~") == 0);
}
