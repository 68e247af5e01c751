/* Calls of a platform's server, and acks that are requests: what the local and the Slack platform
 * have no use for. The platform here does what the call's body says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/chat.h"

static uv_loop_t loop;
static struct ws *ws;
static struct httpc *httpc;
static struct chat *chat;
static struct chat_ack *held;
static unsigned answered, status, events, replies, told, leaves, results;
static bool told_kept;
static int seeds;
static unsigned char secrets[2][CHAT_SECRET_BYTES];
static char text[64];

static int one_new(const struct chat_setup *setup, struct err *err, void **ret_state)
{
    (void)err;
    memcpy(secrets[seeds++ % 2], setup->secret, CHAT_SECRET_BYTES);
    *ret_state = &loop;
    return 0;
}

static void none_free(void *state)
{
    (void)state;
}

static void on_call(void *state, uint32_t conn, const struct chat_call *call, msec_t now,
                    struct wire_out *out)
{
    (void)state;
    if (str_eq(call->body, "frame")) {
        wire_frame(out, conn, "{\"a\":1}", 7);
    } else if (str_eq(call->body, "drop")) {
        wire_drop(out, conn, 0, "no");
        out->first->number = 403;
    } else if (str_starts(call->body, "event")) {
        wire_event(out, conn, EVENT_SAID, now, "{\"kept\":true}");
    } else if (str_eq(call->body, "told")) {
        (void)wire_event(out, 0, EVENT_SAID, now, NULL);
        out->first->told = true;
        out->first->number = INT64_C(1) << 40;
    } else if (str_eq(call->body, "request")) {
        (void)wire_event(out, 0, EVENT_SAID, now, NULL);
        out->first->request = (struct wire_request){.url = "http://127.0.0.1:1/ack",
                                                    .max_wait_ms = WIRE_WAIT_FOREVER,
                                                    .tag = {.key = call->path}};
    }
}

static void on_kept(void *state, uint32_t conn, int64_t number, bool kept, msec_t now,
                    struct wire_out *out)
{
    (void)state, (void)now, (void)out;
    assert_int_equal(conn, 0);
    assert_int_equal(number, INT64_C(1) << 40);
    told++;
    told_kept = kept;
}

static void on_leave(void *state, struct wire_out *out)
{
    (void)state;
    leaves++;
    wire_result(out, &(struct chat_result){.key = "k", .outcome = CHAT_UNKNOWN});
}

static void on_reply(void *state, const struct wire_tag *tag, const struct wire_reply *reply,
                     struct wire_out *out)
{
    (void)state, (void)out;
    assert_int_equal(reply->outcome, WIRE_NOT_SENT);
    assert_string_equal(tag->key, "/button");
    replies++;
}

static void on_start(void *state, msec_t now, struct wire_out *out)
{
    (void)state, (void)now;
    wire_drop(out, 0, 0, "nowhere to go");
}

static const struct chat_method methods[] = {{"ack", 0, 0, false}};
static const struct chat_option options[] = {{"name", false, false, NULL, "any"}};
static const struct chat_platform platform = {
    .name = "called",
    .options = options,
    .option_count = 1,
    .transport = CHAT_CLIENT,
    .methods = methods,
    .method_count = 1,
    .state_new = one_new,
    .state_free = none_free,
    .on_start = on_start,
    .on_reply = on_reply,
    .on_call = on_call,
    .on_kept = on_kept,
    .on_leave = on_leave,
};

static void on_event(void *user, const struct event *event, struct chat_ack *ack)
{
    (void)user;
    assert_int_equal(event->type, EVENT_SAID);
    assert_null(held);
    held = ack;
    events++;
}

static void on_result(void *user, const struct chat_result *result)
{
    (void)user;
    assert_string_equal(result->key, "k");
    results++;
}

static void on_status(void *user, enum chat_state state, const char *words)
{
    (void)user, (void)state, (void)words;
}

static msec_t a_clock(void *user)
{
    (void)user;
    return INT64_C(1795341600000);
}

static uint64_t no_random(void *user)
{
    (void)user;
    return 0;
}

static void on_answer(void *user, unsigned code, const char *body, size_t len)
{
    assert_ptr_equal(user, &answered);
    answered++;
    status = code;
    assert_true(len < sizeof(text));
    memcpy(text, body, len);
    text[len] = '\0';
}

static int setup(void **unused)
{
    const struct ws_opts ws_opts = {0};
    const struct httpc_opts http_opts = {0};
    static const char *const one[] = {"one"};
    const struct chat_opts opts = {
        .platform = &platform, .values = one, .clock = a_clock, .random = no_random};
    const struct chat_hooks hooks = {NULL, on_event, on_result, on_status, NULL};
    struct err err = {0};
    (void)unused;
    answered = status = events = replies = told = leaves = results = 0;
    held = NULL;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(ws_new(&loop, &ws_opts, &err, &ws), 0);
    assert_int_equal(httpc_new(&loop, &http_opts, &err, &httpc), 0);
    assert_int_equal(chat_new(&loop, ws, httpc, &opts, &hooks, &err, &chat), 0);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    if (chat)
        chat_free(chat);
    chat_ack_drop(held);
    httpc_free(httpc);
    ws_stop(ws);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    ws_free(ws);
    assert_int_equal(uv_loop_close(&loop), 0);
    return 0;
}

static void call(const char *body)
{
    const struct chat_call made = {"/button", "", "application/json", body, strlen(body)};
    chat_call(chat, &made, on_answer, &answered);
}

static void calls_are_answered_at_once(void **unused)
{
    static const struct {
        const char *body, *text;
        unsigned status;
    } cases[] = {{"frame", "{\"a\":1}", 200}, {"drop", "", 403}, {"nothing", "", 200}};
    (void)unused;
    for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
        call(cases[i].body);
        assert_int_equal(answered, i + 1);
        assert_int_equal(status, cases[i].status);
        assert_string_equal(text, cases[i].text);
    }
}

static void call_with_an_event_waits_until_it_is_kept(void **unused)
{
    (void)unused;
    call("event");
    assert_int_equal(events, 1);
    assert_int_equal(answered, 0);
    chat_ack_done(held);
    held = NULL;
    assert_int_equal(answered, 1);
    assert_int_equal(status, 200);
    assert_string_equal(text, "{\"kept\":true}");
    call("event");
    chat_ack_drop(held);
    held = NULL;
    assert_int_equal(answered, 2);
    assert_int_equal(status, 503); /* the platform may ask again */
}

static void calls_of_one_that_goes_are_not_left_hanging(void **unused)
{
    (void)unused;
    call("event");
    chat_free(chat);
    chat = NULL;
    assert_int_equal(answered, 1);
    assert_int_equal(status, 503);
}

static void calls_are_refused_when_stopping(void **unused)
{
    (void)unused;
    chat_stop(chat);
    call("frame");
    assert_int_equal(status, 503);
}

static void ack_by_request_leaves_when_it_is_kept(void **unused)
{
    (void)unused;
    call("request");
    assert_int_equal(answered, 1); /* the request is the answer */
    assert_int_equal(events, 1);
    for (int i = 0; i < 3; i++)
        (void)uv_run(&loop, UV_RUN_NOWAIT);
    assert_int_equal(replies, 0);
    chat_ack_done(held);
    held = NULL;
    while (replies == 0)
        (void)uv_run(&loop, UV_RUN_ONCE);
    call("request");
    chat_ack_drop(held);
    held = NULL;
    for (int i = 0; i < 3; i++)
        (void)uv_run(&loop, UV_RUN_NOWAIT);
    assert_int_equal(replies, 1);
}

static void platform_is_told_what_became_of_an_event(void **unused)
{
    (void)unused;
    call("told");
    assert_int_equal(told, 0);
    chat_ack_done(held);
    held = NULL;
    assert_int_equal(told, 1);
    assert_true(told_kept);
    call("told");
    chat_ack_drop(held);
    held = NULL;
    assert_int_equal(told, 2);
    assert_false(told_kept);
    call("told"); /* teardown: nobody is there to be told */
}

static void state_that_goes_ends_what_waits(void **unused)
{
    static const char *const other[] = {"another"};
    struct err err;
    (void)unused;
    assert_int_equal(chat_start(chat, &err), 0);
    assert_int_equal(chat_set_values(chat, other, &err), 0);
    assert_int_equal(leaves, 1);
    assert_int_equal(results, 1);
    assert_memory_not_equal(secrets[0], secrets[1], CHAT_SECRET_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calls_are_answered_at_once),
        TEST(call_with_an_event_waits_until_it_is_kept),
        TEST(calls_of_one_that_goes_are_not_left_hanging),
        TEST(calls_are_refused_when_stopping),
        TEST(ack_by_request_leaves_when_it_is_kept),
        TEST(platform_is_told_what_became_of_an_event),
        TEST(state_that_goes_ends_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
