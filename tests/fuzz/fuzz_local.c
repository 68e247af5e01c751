/* Any lines as the demo's chat page: the first is the query of its address, the others are frames.
 * Whose page it is must be an id, and each answer is JSON. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat_local.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1795341600000)

static void check_out(struct wire_out *out)
{
    for (const struct wire_item *item = out->first; item; item = item->next) {
        json_t *json = item->kind == WIRE_FRAME ? json_loadb(item->text, item->len, 0, NULL) : NULL;
        if (item->kind == WIRE_FRAME && !json)
            abort();
        json_decref(json);
        if (item->event && item->event->text &&
            utf8_length(item->event->text, strlen(item->event->text)) < 0)
            abort();
    }
    wire_out_reset(out);
}

static void check_query(const char *query)
{
    char person[LOCAL_ID_MAX + 1] = "";
    if (chat_local.server->accept(query, NULL, person, sizeof(person)) == 0 &&
        (!*person || utf8_length(person, strlen(person)) < 0))
        abort();
    /* as a page of somewhere else says where it is from */
    if (chat_local.server->accept("as=ana", query, person, sizeof(person)) == 0 &&
        !strstr(query, "localhost") && !strstr(query, "127.0.0.1") && !strstr(query, "[::1]"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct message question = {.op = MESSAGE_POST,
                                            .key = "k1",
                                            .text = "What is the next step?",
                                            .at = NOW,
                                            .buttons = {{"answer", "Answer", true}},
                                            .button_count = 1,
                                            .input = {.present = true, .type = ANSWER_YES_NO}};
    const struct chat_setup setup = {.values = (const char *const[8]){NULL}, .seed = 7};
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    struct wire_out out;
    struct err err = {0};
    void *state;
    char *rest = text, *line = strsep(&rest, "\n");
    check_query(line);
    if (chat_local.state_new(&setup, &err, &state))
        abort();
    wire_out_init(&out);
    chat_local.on_open(state, 1, "ana", &out);
    check_out(&out);
    chat_local_put(state, "ana", &question);
    while ((line = strsep(&rest, "\n"))) {
        chat_local.on_frame(state, 1, line, strlen(line), NOW, &out);
        check_out(&out);
    }
    chat_local.on_open(state, 2, "ana", &out);
    check_out(&out);
    wire_out_done(&out);
    chat_local.state_free(state);
    return 0;
}
