/* Any bytes as a webhook of a sender without a form of its own, as JSON and as the fields of a
 * form: refused with words and nothing handed out, or events that are written and read back as the
 * same ones. Any text as the header that identifies it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "unit/event_equal.h"
#include "wire/cloudevents.h"
#include "wire/generic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_event(void *user, const struct event *event)
{
    size_t *count = user;
    struct arena arena;
    struct err err = {0};
    struct event again;
    struct strbuf text = {0};
    ++*count;
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (event->type != EVENT_OTHER &&
        (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again) ||
         event_difference(event, &again)))
        abort();
    strbuf_done(&text);
    arena_done(&arena);
    return 0;
}

static void check(const char *media, const char *id, const char *body, size_t size)
{
    struct arena arena;
    struct err err = {0};
    size_t count = 0;
    const struct wire_header headers[] = {{"content-type", media}, {"webhook-id", id}};
    const struct crm_request request = {.intake = "fuzz",
                                        .headers = {headers, id ? 2 : 1},
                                        .body = body,
                                        .length = size,
                                        .now = INT64_C(1803204304120)};
    arena_init(&arena);
    struct crm_out out = {.arena = &arena, .event = on_event, .user = &count};
    int result = generic_read(&request, &out, &err);
    if (result && (!err.text[0] || result != -err.code || count))
        abort();
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char form[] = "application/x-www-form-urlencoded";
    char *body = xmemdup(data, size ? size : 1);
    CLEANUP_FREE char *id = xstrndup((const char *)data, size < 30 ? size : 30);
    check("application/json", "msg_1", body, size);
    check("application/json", NULL, body, size);
    check("application/json", id, body, size); /* a header may hold anything too */
    check(form, NULL, body, size);
    free(body);
    return 0;
}
