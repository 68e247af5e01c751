/* Any bytes as a request of each CRM: refused with words and nothing handed out, or events in the
 * order of their time that read back to equal ones. Without a pipeline file, and with one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/rule.h"
#include "unit/event_equal.h"
#include "wire/cloudevents.h"
#include "wire/crm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct taken {
    size_t count;
    msec_t last;
};

static int on_event(void *user, const struct event *event)
{
    struct taken *taken = user;
    struct arena arena;
    struct err err = {0};
    struct event again;
    struct strbuf text = {0};
    if (taken->count++ && event->time < taken->last)
        abort();
    taken->last = event->time;
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (event->type != EVENT_OTHER &&
        (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again) ||
         !str_eq(event->id, again.id) || !str_eq(event->deal, again.deal) ||
         event->type != again.type || event->time != again.time || event->amount != again.amount ||
         !hash128_eq(event->key, again.key)))
        abort();
    strbuf_done(&text);
    arena_done(&arena);
    return 0;
}

static void on_want(void *user, const struct crm_want *want)
{
    (void)user;
    if (!want->object || !want->id)
        abort();
}

static void give(const struct crm *crm, const struct book *book, const char *body, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct taken taken = {0};
    const struct wire_header headers[] = {{"content-type", "application/json"}};
    const struct crm_request request = {.intake = "fuzz",
                                        .headers = {headers, 1},
                                        .body = body,
                                        .length = size,
                                        .now = INT64_C(1803204304120),
                                        .book = book};
    arena_init(&arena);
    struct crm_out out = {.arena = &arena, .event = on_event, .want = on_want, .user = &taken};
    if (crm->parse(&request, &out, &err) && (!err.text[0] || taken.count))
        abort();
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *won[] = {"8", "closedwon"}, *seven[] = {"1/7"};
    static struct stage_def stages[] = {{.id = "qualify", .crm = seven, .crm_count = 1},
                                        {.id = "won", .order = 5, .crm = won, .crm_count = 2}};
    static const struct book books[] = {{.stages = NULL}, {.stages = stages, .stage_count = 2}};
    char *body = xcalloc(1, size + 1);
    if (size)
        memcpy(body, data, size);
    for (size_t i = 0; crm_at(i); i++) {
        give(crm_at(i), &books[0], body, size);
        give(crm_at(i), &books[1], body, size);
    }
    free(body);
    return 0;
}
