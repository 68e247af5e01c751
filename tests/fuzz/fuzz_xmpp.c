/* Any bytes as an XMPP server: what is one XML document reads back after being written, and a
 * session that gets the input frame by frame (a line each) never breaks, never says a frame that is
 * no XML, and ends every message and look-up exactly once. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/xml.h"
#include "wire/xmpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- a document --- */

static void write_tree(const struct xml *node, struct strbuf *out)
{
    xml_printf(out, "<%s xmlns='%s'", node->name, node->ns);
    for (size_t i = 0; i < node->attribute_count; i++) {
        strbuf_printf(out, " %s=", node->attributes[i].name);
        xml_printf(out, "'%s'", node->attributes[i].value);
    }
    xml_printf(out, ">%s", node->text);
    for (const struct xml *child = node->first; child; child = child->next)
        write_tree(child, out);
    strbuf_printf(out, "</%s>", node->name);
}

static void check_document(const char *bytes, size_t size)
{
    struct arena arena;
    struct strbuf first = {0}, second = {0};
    struct err err = {0};
    const struct xml *root = NULL;
    arena_init(&arena);
    int result = xml_parse(bytes, size, &arena, &err, &root);
    if (result && (!err.text[0] || result != -err.code || root))
        abort();
    if (!result) {
        write_tree(root, &first);
        if (xml_parse(strbuf_text(&first), first.len, &arena, &err, &root))
            abort();
        write_tree(root, &second);
        if (strcmp(strbuf_text(&first), strbuf_text(&second)) != 0)
            abort();
    }
    strbuf_done(&first);
    strbuf_done(&second);
    arena_done(&arena);
}

/* --- a session --- */

struct world {
    struct xmpp *xmpp;
    struct xmpp_out out;
    msec_t now;
    int sent, sent_ends, asked, asked_ends;
};

static void check_frame(const struct xmpp_item *item)
{
    struct arena arena;
    struct err err;
    const struct xml *root;
    arena_init(&arena);
    if (strlen(item->text) != item->len || item->len > 2 * XMPP_STANZA_BYTES ||
        xml_parse(item->text, item->len, &arena, &err, &root))
        abort();
    arena_done(&arena);
}

static void take(struct world *world)
{
    for (const struct xmpp_item *item = world->out.first; item; item = item->next) {
        world->sent_ends += item->kind == XMPP_SENT || item->kind == XMPP_UNSURE ||
                            (item->kind == XMPP_BOUNCED && !item->late);
        world->asked_ends +=
            item->kind == XMPP_FOUND || item->kind == XMPP_MISSING || item->kind == XMPP_UNREADABLE;
        if (item->kind == XMPP_FRAME)
            check_frame(item);
        if (item->kind == XMPP_END && !item->what)
            abort();
    }
    if (world->sent_ends > world->sent || world->asked_ends > world->asked)
        abort();
}

/* A number that came with a message, given back in the same call or never. */
static void handle(struct world *world)
{
    uint64_t numbers[4];
    size_t count = 0;
    for (const struct xmpp_item *item = world->out.first; item; item = item->next) {
        if (item->kind == XMPP_MESSAGE && count < ARRAY_LEN(numbers))
            numbers[count++] = item->number;
    }
    for (size_t i = 0; i < count; i++) {
        if (world->now % 3)
            xmpp_handled(world->xmpp, numbers[i], world->now, &world->out);
    }
}

/* The other calls, each by the first letter of a line that is no element. */
static void call(struct world *world, char letter)
{
    struct err err;
    struct xmpp *xmpp = world->xmpp;
    char key[16];
    switch (letter) {
    case 'o':
        xmpp_open(xmpp, "rOprNGfwEbeRWgbNEkqO", world->now, &world->out);
        break;
    case 'l':
        xmpp_lost(xmpp, world->now, &world->out);
        break;
    case 't':
        world->now += 16 * MSEC_SECOND;
        xmpp_tick(xmpp, world->now, &world->out);
        break;
    case 's':
        (void)snprintf(key, sizeof(key), "k%d", world->sent);
        world->sent += !xmpp_send(xmpp, key, "rep@x", "a<b", world->now, &err, &world->out);
        break;
    case 'm':
        (void)snprintf(key, sizeof(key), "m%d", world->asked);
        world->asked += !xmpp_look_up(xmpp, key, "rep@x", 0, world->now, &err, &world->out);
        break;
    case 'p':
        (void)xmpp_subscribe(xmpp, "rep@x", world->now, &err, &world->out);
        break;
    case 'c':
        xmpp_close(xmpp, world->now, &world->out);
        break;
    default:
        break;
    }
}

static void check_session(const char *bytes, size_t size)
{
    static const struct xmpp_config config = {
        .jid = "user@example.com", .password = "pencil", .resource = "g", .plain = true};
    struct world world = {.now = 1000000};
    struct err err;
    if (xmpp_new(&config, &err, &world.xmpp))
        abort();
    xmpp_out_init(&world.out);
    for (const char *line = bytes, *end = bytes + size; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop ? stop : end) - line);
        world.now++;
        xmpp_out_reset(&world.out);
        if (length == 1)
            call(&world, *line);
        else
            xmpp_frame(world.xmpp, line, length, world.now, &world.out);
        handle(&world);
        take(&world);
        line += length + 1;
    }
    xmpp_out_reset(&world.out);
    xmpp_close(world.xmpp, world.now, &world.out);
    take(&world);
    if (world.sent != world.sent_ends || world.asked != world.asked_ends)
        abort();
    xmpp_free(world.xmpp);
    xmpp_out_done(&world.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = xmemdup(data, size ? size : 1);
    check_document(bytes, size);
    check_session(bytes, size);
    free(bytes);
    return 0;
}
