/* Any bytes as an event, a batch and the data of a binary event: refused with words, or written in
 * a form that reads back to an equal event and is written to the same bytes again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "unit/event_equal.h"
#include "wire/cloudevents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct event *event)
{
    struct arena arena;
    struct err err = {0};
    struct event again;
    struct strbuf first = {0}, second = {0};
    arena_init(&arena);
    cloudevents_encode(event, &first);
    if (cloudevents_parse(strbuf_text(&first), first.len, &arena, &err, &again) ||
        event_difference(event, &again))
        abort();
    cloudevents_encode(&again, &second);
    if (strcmp(strbuf_text(&first), strbuf_text(&second)) != 0)
        abort();
    strbuf_done(&first);
    strbuf_done(&second);
    arena_done(&arena);
}

static int emit(void *user, const struct event *event)
{
    (void)user;
    check_round_trip(event);
    return 0;
}

static void check_refused(int result, const struct err *err)
{
    if (result && (!err->text[0] || result != -err->code))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"gritd.deal.amount_changed", "gritd.gate.reverted",
                                        "gritd.goal.set", "gritd.activity.planned"};
    char *text = xmemdup(data, size ? size : 1);
    char *name = xstrndup(text, size < 40 ? size : 40);
    const struct wire_header headers[] = {
        {"ce-id", name},           {"ce-source", "/fuzz"},
        {"ce-specversion", "1.0"}, {"ce-time", "2027-02-21T10:05:04Z"},
        {"ce-subject", "deal/D1"}, {"ce-type", types[size % ARRAY_LEN(types)]}};
    struct arena arena;
    struct err err = {0};
    struct event event;
    arena_init(&arena);
    int result = cloudevents_parse(text, size, &arena, &err, &event);
    check_refused(result, &err);
    if (!result)
        check_round_trip(&event);
    check_refused(cloudevents_parse_batch(text, size, &arena, &err, emit, NULL), &err);
    result = cloudevents_parse_binary((struct wire_headers){headers, ARRAY_LEN(headers)}, text,
                                      size, &arena, &err, &event);
    check_refused(result, &err);
    if (!result)
        check_round_trip(&event);
    arena_done(&arena);
    free(name);
    free(text);
    return 0;
}
