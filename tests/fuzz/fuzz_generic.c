/* Any bytes as a webhook of a sender that knows no CloudEvents: refused with words, or an event
 * that is written and read back as the same one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "unit/event_equal.h"
#include "wire/cloudevents.h"
#include "wire/generic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *id, const char *body, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct event event, again;
    struct strbuf text = {0};
    arena_init(&arena);
    int result = generic_parse("crm", id, body, size, &arena, &err, &event);
    if (result && (!err.text[0] || result != -err.code))
        abort();
    if (!result) {
        cloudevents_encode(&event, &text);
        if (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again) ||
            event_difference(&event, &again))
            abort();
    }
    strbuf_done(&text);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *body = xmemdup(data, size ? size : 1);
    CLEANUP_FREE char *id = xstrndup((const char *)data, size < 30 ? size : 30);
    check("msg_1", body, size);
    check(NULL, body, size);
    check(id, body, size); /* a header may hold anything too */
    free(body);
    return 0;
}
