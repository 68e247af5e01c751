#include <string.h>

#include "core/text.h"
#include "core/text_op.h"

/* What an open section stands for; the list of frames is the Mustache context stack. */
struct frame {
    struct text_node node;
    const struct frame *up;
};

struct renderer {
    const struct text *text;
    const struct text_source *source;
    struct strbuf *out;
    int depth; /* open sections, inverted ones too */
    int missing;
    int steps;
};

static void render_range(struct renderer *r, const struct frame *frame, size_t from, size_t to);

static struct text_node find(const struct renderer *r, const struct frame *frame,
                             const struct text_op *op)
{
    const struct text_source *source = r->source;
    if (frame && strcmp(op->text, ".") == 0)
        return frame->node;
    for (; frame; frame = frame->up) {
        if (frame->node.kind != TEXT_OBJECT)
            continue;
        struct text_node node = source->lookup(source->user, frame->node.data, op->text, op->bound);
        if (node.kind != TEXT_MISSING)
            return node;
    }
    return source->lookup(source->user, NULL, op->text, op->bound);
}

static bool step(struct renderer *r)
{
    if (r->steps++ >= TEXT_STEPS_MAX)
        r->out->overflow = true;
    return !r->out->overflow;
}

static void render_name(struct renderer *r, const struct frame *frame, const struct text_op *op)
{
    const struct text_source *source = r->source;
    struct text_node node = find(r, frame, op);
    const char *value = node.kind == TEXT_VALUE ? node.value : NULL;
    if (!str_empty(value) && op->filter)
        value = source->filter ? source->filter(source->user, op->filter, node) : NULL;
    if (str_empty(value)) {
        strbuf_puts(r->out, op->fallback);
        r->missing += !op->fallback && !r->depth;
    } else if (source->write) {
        source->write(source->user, r->out, value, op->raw);
    } else {
        strbuf_puts(r->out, value);
    }
}

/* Whether a section over the node is shown; *ret_first is the first item of a list. */
static bool truthy(const struct renderer *r, const struct text_node *node,
                   struct text_node *ret_first)
{
    switch (node->kind) {
    case TEXT_MISSING:
    case TEXT_FALSE:
        return false;
    case TEXT_VALUE:
        return !str_empty(node->value);
    case TEXT_LIST:
        *ret_first = r->source->item(r->source->user, node->data, 0);
        return ret_first->kind != TEXT_MISSING;
    case TEXT_OBJECT:
        return true;
    }
    return false;
}

static void render_list(struct renderer *r, struct frame *inner, size_t at,
                        const struct text_node *list)
{
    for (size_t i = 1; inner->node.kind != TEXT_MISSING && step(r); i++) {
        render_range(r, inner, at + 1, r->text->ops[at].end);
        inner->node = r->source->item(r->source->user, list->data, i);
    }
}

static void render_section(struct renderer *r, const struct frame *frame, size_t at)
{
    const struct text_op *op = &r->text->ops[at];
    struct text_node node = find(r, frame, op);
    struct frame inner = {.node = node, .up = frame};
    bool shown = truthy(r, &node, &inner.node);
    if (shown != (op->kind == TEXT_OP_SECTION))
        return;
    r->depth++;
    if (op->kind == TEXT_OP_INVERTED)
        render_range(r, frame, at + 1, op->end);
    else if (node.kind == TEXT_LIST)
        render_list(r, &inner, at, &node);
    else
        render_range(r, &inner, at + 1, op->end);
    r->depth--;
}

static void render_range(struct renderer *r, const struct frame *frame, size_t from, size_t to)
{
    for (size_t i = from; i < to && step(r);) {
        const struct text_op *op = &r->text->ops[i];
        switch (op->kind) {
        case TEXT_OP_LITERAL:
            strbuf_add(r->out, op->text, op->length);
            i++;
            break;
        case TEXT_OP_NAME:
            render_name(r, frame, op);
            i++;
            break;
        case TEXT_OP_SECTION:
        case TEXT_OP_INVERTED:
            render_section(r, frame, i);
            i = op->end;
            break;
        }
    }
}

void text_render(const struct text *text, const struct text_source *source, struct strbuf *out,
                 int *ret_missing)
{
    struct renderer r = {.text = text, .source = source, .out = out};
    render_range(&r, NULL, 0, text->count);
    if (ret_missing)
        *ret_missing = r.missing;
}

void text_each_name(const struct text *text,
                    void (*visit)(void *user, const char *name, long bound), void *user)
{
    for (; text; text = text->next) {
        for (size_t i = 0; i < text->count; i++) {
            const struct text_op *op = &text->ops[i];
            if (op->kind != TEXT_OP_LITERAL && strcmp(op->text, ".") != 0)
                visit(user, op->text, op->bound);
        }
    }
}
