#include "wire/xml.h"

#include <errno.h>
#include <expat.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

/* Between a namespace and a name: it can stand in neither. */
#define SEPARATOR     '\x1f'
#define XML_NAMESPACE "http://www.w3.org/XML/1998/namespace"

struct level {
    struct xml *node;
    struct xml **last;         /* where its next child goes */
    struct strbuf text_buffer; /* kept from one element of this depth to the next */
};

struct reader {
    XML_Parser parser;
    struct arena *arena;
    struct err *err;
    int result;
    size_t nodes, depth;
    struct xml *root;
    struct level levels[XML_DEPTH_MAX];
};

static void stop(struct reader *reader, int code, const char *why)
{
    if (reader->result)
        return;
    reader->result = err_set(reader->err, code, "%lu:%lu: %s",
                             (unsigned long)XML_GetCurrentLineNumber(reader->parser),
                             (unsigned long)XML_GetCurrentColumnNumber(reader->parser) + 1, why);
    (void)XML_StopParser(reader->parser, XML_FALSE); /* fails only where it is stopped already */
}

static void split(struct arena *arena, const char *joined, const char **ret_ns,
                  const char **ret_name)
{
    const char *cut = strchr(joined, SEPARATOR);
    *ret_ns = cut ? arena_strndup(arena, joined, (size_t)(cut - joined)) : "";
    *ret_name = arena_strdup(arena, cut ? cut + 1 : joined);
}

static void take_attributes(struct reader *reader, struct xml *node, const char **pairs)
{
    size_t count = 0;
    while (pairs[2 * count])
        count++;
    if (count > XML_ATTRIBUTES_MAX) {
        stop(reader, E2BIG, "an element has too many attributes");
        return;
    }
    struct xml_attribute *list = arena_alloc(reader->arena, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        const char *ns, *name;
        split(reader->arena, pairs[2 * i], &ns, &name);
        bool language = str_eq(ns, XML_NAMESPACE) && str_eq(name, "lang");
        if (*ns && !language)
            continue;
        list[node->attribute_count++] = (struct xml_attribute){
            language ? "xml:lang" : name, arena_strdup(reader->arena, pairs[2 * i + 1])};
    }
    node->attributes = list;
}

static void on_start(void *user, const char *joined, const char **pairs)
{
    struct reader *reader = user;
    if (reader->result)
        return;
    if (reader->depth == XML_DEPTH_MAX || reader->nodes == XML_NODES_MAX) {
        stop(reader, E2BIG,
             reader->depth == XML_DEPTH_MAX ? "elements are nested too deeply"
                                            : "there are too many elements");
        return;
    }
    struct xml *node = arena_alloc(reader->arena, sizeof(*node));
    split(reader->arena, joined, &node->ns, &node->name);
    node->text = "";
    take_attributes(reader, node, pairs);
    reader->nodes++;
    if (reader->depth) {
        struct level *above = &reader->levels[reader->depth - 1];
        *above->last = node;
        above->last = &node->next;
    } else {
        reader->root = node;
    }
    struct level *level = &reader->levels[reader->depth++];
    level->node = node;
    level->last = &node->first;
    strbuf_clear(&level->text_buffer);
}

static void on_end(void *user, const char *joined)
{
    struct reader *reader = user;
    (void)joined;
    if (reader->result)
        return;
    struct level *level = &reader->levels[--reader->depth];
    if (level->text_buffer.len)
        level->node->text =
            arena_strndup(reader->arena, strbuf_text(&level->text_buffer), level->text_buffer.len);
}

static void on_text(void *user, const char *bytes, int length)
{
    struct reader *reader = user;
    if (!reader->result && reader->depth)
        strbuf_add(&reader->levels[reader->depth - 1].text_buffer, bytes, (size_t)length);
}

static void on_doctype(void *user, const char *name, const char *system, const char *public_id,
                       int internal)
{
    (void)name, (void)system, (void)public_id, (void)internal;
    stop(user, EBADMSG, "a document type is not allowed");
}

static void on_instruction(void *user, const char *target, const char *data)
{
    (void)target, (void)data;
    stop(user, EBADMSG, "a processing instruction is not allowed");
}

static void on_comment(void *user, const char *data)
{
    (void)data;
    stop(user, EBADMSG, "a comment is not allowed");
}

static XML_Parser parser_new(struct reader *reader)
{
    XML_Parser parser = XML_ParserCreateNS("UTF-8", SEPARATOR);
    if (!parser)
        abort(); /* out of memory, as everywhere */
    /* Else expat asks the system for random bytes. The limits keep what collisions can cost small.
     */
    (void)XML_SetHashSalt(parser, 0x67726974);
    XML_SetUserData(parser, reader);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    XML_SetProcessingInstructionHandler(parser, on_instruction);
    XML_SetCommentHandler(parser, on_comment);
    return parser;
}

int xml_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
              const struct xml **ret_root)
{
    if (length > XML_BYTES_MAX)
        return err_set(err, E2BIG, "the document has %zu bytes, at most %d are read", length,
                       XML_BYTES_MAX);
    struct reader reader = {.arena = arena, .err = err};
    reader.parser = parser_new(&reader);
    enum XML_Status status = XML_Parse(reader.parser, bytes, (int)length, 1);
    if (status != XML_STATUS_OK && !reader.result)
        stop(&reader, EBADMSG, XML_ErrorString(XML_GetErrorCode(reader.parser)));
    XML_ParserFree(reader.parser);
    for (size_t i = 0; i < XML_DEPTH_MAX; i++)
        strbuf_done(&reader.levels[i].text_buffer);
    if (!reader.result)
        *ret_root = reader.root;
    return reader.result;
}

bool xml_is(const struct xml *node, const char *ns, const char *name)
{
    return node && str_eq(node->name, name) && str_eq(node->ns, ns);
}

const struct xml *xml_child(const struct xml *node, const char *ns, const char *name)
{
    const struct xml *child = node ? node->first : NULL;
    while (child && !xml_is(child, ns, name))
        child = child->next;
    return child;
}

const struct xml *xml_child_of(const struct xml *node, const char *ns)
{
    const struct xml *child = node ? node->first : NULL;
    while (child && !str_eq(child->ns, ns))
        child = child->next;
    return child;
}

const char *xml_attribute(const struct xml *node, const char *name)
{
    for (size_t i = 0; node && i < node->attribute_count; i++) {
        if (str_eq(node->attributes[i].name, name))
            return node->attributes[i].value;
    }
    return NULL;
}

const char *xml_child_text(const struct xml *node, const char *ns, const char *name)
{
    const struct xml *child = xml_child(node, ns, name);
    return child ? child->text : NULL;
}

bool xml_fits(const char *text)
{
    size_t length = strlen(text);
    if (utf8_length(text, length) < 0)
        return false;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r')
            return false;
        if (p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE)
            return false;
    }
    return true;
}

void xml_escape(struct strbuf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            strbuf_puts(out, "&amp;");
            break;
        case '<':
            strbuf_puts(out, "&lt;");
            break;
        case '>':
            strbuf_puts(out, "&gt;");
            break;
        case '"':
            strbuf_puts(out, "&quot;");
            break;
        case '\'':
            strbuf_puts(out, "&apos;");
            break;
        case '\t': /* a value would have a blank in their place, and a text another line end */
        case '\n':
        case '\r':
            strbuf_printf(out, "&#%d;", *text);
            break;
        default:
            strbuf_putc(out, *text);
        }
    }
}

void xml_printf(struct strbuf *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            strbuf_putc(out, *p);
            continue;
        }
        if (*++p == 's')
            xml_escape(out, va_arg(args, const char *));
        else if (*p == 'u')
            strbuf_int(out, va_arg(args, unsigned));
        else
            strbuf_putc(out, '%');
    }
    va_end(args);
}
