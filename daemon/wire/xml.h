/* xml.h: one XML document as a tree, and XML text put together safely.
 * Layer: wire (pure). Lifetime: a tree lives in the arena it was read into.
 * Source: XML 1.0 (fifth edition), Namespaces in XML 1.0; RFC 6120, 11.1 for what XMPP forbids. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    XML_BYTES_MAX = 4 << 20, /* of a document: a roster of some ten thousand people */
    XML_DEPTH_MAX = 32,
    XML_NODES_MAX = 100000,
    XML_ATTRIBUTES_MAX = 32, /* of an element */
};

struct xml_attribute {
    const char *name, *value; /* attributes of namespaces are left out, but for "xml:lang" */
};

struct xml {
    const char *ns, *name; /* ns: "" for none */
    const char *text;      /* all character data directly below, "" if none */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    struct xml *first, *next; /* child, sibling */
};

/* Reads a whole document. Refused are: DTDs (and with them every entity but the five), processing
 * instructions, comments, more than one root, text that is no UTF-8.
 *
 * Owns:   *ret_root is in the arena.
 * Errors: -EBADMSG no XML, or forbidden; -E2BIG past a limit. The text names line and column. */
int xml_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
              const struct xml **ret_root);

bool xml_is(const struct xml *node, const char *ns, const char *name); /* NULL is nothing */
const struct xml *xml_child(const struct xml *node, const char *ns, const char *name); /* or NULL */
/* The first child of a namespace, whatever its name: how XMPP tells conditions. */
const struct xml *xml_child_of(const struct xml *node, const char *ns);
const char *xml_attribute(const struct xml *node, const char *name);                  /* or NULL */
const char *xml_child_text(const struct xml *node, const char *ns, const char *name); /* or NULL */

/* Whether XML 1.0 can hold a text at all: UTF-8 without control characters (tab and line ends are
 * fine), U+FFFE and U+FFFF. One of them would end a stream. */
bool xml_fits(const char *text);

/* Adds text with everything escaped that means something, for content and for values alike. The
 * text must fit. */
void xml_escape(struct strbuf *out, const char *text);

/* As strbuf_printf with %s (escaped), %u (unsigned) and %% only. The format is ours alone. */
void xml_printf(struct strbuf *out, const char *format, ...);
