/* Any bytes as what a CRM answers when its records are read back, at each step: refused with words,
 * or events in the order of their time that read back to equal ones. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/rule.h"
#include "wire/cloudevents.h"
#include "wire/read_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STEPS_MAX = 400 };

static int on_event(void *user, const struct event *event)
{
    struct arena arena;
    struct err err = {0};
    struct event again;
    struct strbuf text = {0};
    msec_t *last = user;
    if (event->time < *last || !event->key.a || !event->crm)
        abort();
    *last = event->time;
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again) ||
        !str_eq(event->id, again.id) || !str_eq(event->deal, again.deal) ||
        event->type != again.type || event->time != again.time || event->amount != again.amount)
        abort();
    strbuf_done(&text);
    arena_done(&arena);
    return 0;
}

static bool on_deal(void *user, const char *id, struct poll_deal *ret)
{
    (void)user;
    *ret = (struct poll_deal){.owner = "ana", .stage = "qualify", .amount = 100};
    return str_eq(id, "2");
}

/* A batch from its beginning to its end, each time with these bytes for an answer. */
static void give(const struct poll_kind *kind, const char *object, const char *body, size_t size)
{
    static const char guid[] = "3f0c1d52-77aa-4a3e-9d5b-000000000001",
                      sign[] = "{\"access_token\":"
                               "\"t\",\"api_domain\":\"https://a\"}";
    static const struct book book;
    const bool row = str_eq(kind->name, "dataverse");
    const struct crm_want wants[] = {
        {.object = object, .id = row ? guid : "1", .time = INT64_C(1803204304120)},
        {.object = object, .id = "2", .time = INT64_C(1803204304120), .told = true}};
    const struct poll_setup setup = {.intake = "fuzz",
                                     .url = "https://a",
                                     .sign_in = "https://a",
                                     .client = "c",
                                     .tenant = "t",
                                     .secret = "s",
                                     .refresh = "r"};
    struct poll poll;
    int most = kind->takes(&wants[0]), status = POLL_ON;
    if (!most)
        return;
    poll_init(&poll, kind, &setup);
    back_begin(&poll, wants, most < 2 ? 1 : 2, INT64_C(1803204309999));
    for (int i = 0; i < STEPS_MAX && status == POLL_ON; i++) {
        struct poll_request request;
        struct err err = {0};
        msec_t last = 0;
        const struct poll_world world = {
            .book = &book, .deal = on_deal, .event = on_event, .user = &last};
        if (poll_ask(&poll, &request, &err) || !request.url)
            abort();
        bool token = poll.step == POLL_TOKEN;
        const struct poll_reply reply = {200, token ? sign : body, token ? strlen(sign) : size,
                                         MSEC_NONE};
        status = poll_read(&poll, &reply, &world, &err);
        if (status < 0 && !err.text[0])
            abort();
    }
    if (status == POLL_ON) /* it never ends */
        abort();
    poll_done(&poll);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"hubspot", "zoho", "dataverse"};
    static const char *const objects[] = {"deal",        "call",       "meeting", "Deals",
                                          "Calls",       "Events",     "Tasks",   "email",
                                          "opportunity", "appointment"};
    char *body = xcalloc(1, size + 1);
    if (size)
        memcpy(body, data, size);
    for (size_t i = 0; i < ARRAY_LEN(kinds) * ARRAY_LEN(objects); i++)
        give(back_find(kinds[i / ARRAY_LEN(objects)]), objects[i % ARRAY_LEN(objects)], body, size);
    free(body);
    return 0;
}
