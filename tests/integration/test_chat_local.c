#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <uv.h>

#include "base/str.h"
#include "io/chat.h"

enum { WAIT_MS = 120000, FRAMES_MAX = 64 };

static uv_loop_t loop;
static uv_timer_t beat;
static struct ws *server, *client;
static struct httpc *httpc;
static struct chat *chat;
static char frames[FRAMES_MAX][1024];
static size_t frame_count, opened, closed, refused;
static struct ws_conn *page;
static char said[128], clicked[128];
static enum chat_outcome outcome;
static size_t results;

#define WAIT(condition)                                                                            \
    do {                                                                                           \
        uint64_t until_ = uv_hrtime() + (uint64_t)WAIT_MS * 1000000;                               \
        while (!(condition)) {                                                                     \
            if (uv_hrtime() > until_)                                                              \
                fail_msg("waited in vain for %s", #condition);                                     \
            (void)uv_run(&loop, UV_RUN_ONCE);                                                      \
        }                                                                                          \
    } while (0)

/* --- the page --- */

static void page_open(void *user, struct ws_conn *conn)
{
    (void)user;
    page = conn;
    opened++;
}

static void page_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    (void)user, (void)conn, (void)len, (void)text;
    assert_true(frame_count < FRAMES_MAX);
    (void)snprintf(frames[frame_count++], sizeof(frames[0]), "%s", data);
}

static void page_closed(void *user, struct ws_conn *conn, const struct ws_closed *why)
{
    (void)user, (void)conn;
    if (why->was_open)
        closed++;
    else
        refused++;
}

static void visit(const char *query)
{
    static const struct ws_handler handler = {page_open, page_message, page_closed};
    char url[128];
    struct err err = {0};
    (void)snprintf(url, sizeof(url), "ws://127.0.0.1:%u/try/socket?%s", chat_local_port(chat),
                   query);
    const struct ws_target target = {.url = url, .subprotocol = "gritd-local"};
    assert_int_equal(ws_connect(client, &target, &handler, NULL, &err, NULL), 0);
}

static bool got(const char *part)
{
    for (size_t i = 0; i < frame_count; i++) {
        if (strstr(frames[i], part))
            return true;
    }
    return false;
}

/* --- the daemon --- */

static void on_event(void *user, const struct event *event, struct chat_ack *ack)
{
    (void)user;
    assert_null(ack);
    if (event->type == EVENT_SAID)
        (void)snprintf(said, sizeof(said), "%s: %s", event->chat, event->text);
    else
        (void)snprintf(clicked, sizeof(clicked), "%s: %s %s %s", event->chat, event->message,
                       event->button, event->text ? event->text : "-");
}

static void on_result(void *user, const struct chat_result *result)
{
    (void)user;
    outcome = result->outcome;
    results++;
}

static void on_status(void *user, enum chat_state state, const char *text)
{
    (void)user, (void)text;
    assert_int_equal(state, CHAT_UP);
}

static msec_t movable_clock(void *user)
{
    (void)user;
    return INT64_C(1795341600000);
}

static uint64_t no_random(void *user)
{
    (void)user;
    return 7;
}

static void on_beat(uv_timer_t *timer)
{
    (void)timer; /* the loop turns, that is all */
}

static int setup(void **unused)
{
    const struct ws_opts ws_opts = {0};
    const struct httpc_opts http_opts = {0};
    const struct chat_opts opts = {
        .platform = &chat_local, .clock = movable_clock, .random = no_random};
    const struct chat_hooks hooks = {NULL, on_event, on_result, on_status, NULL};
    struct err err = {0};
    (void)unused;
    frame_count = opened = closed = refused = results = 0;
    assert_int_equal(uv_loop_init(&loop), 0);
    uv_timer_init(&loop, &beat);
    uv_timer_start(&beat, on_beat, 5, 5);
    assert_int_equal(ws_new(&loop, &ws_opts, &err, &server), 0);
    assert_int_equal(ws_new(&loop, &ws_opts, &err, &client), 0);
    assert_int_equal(httpc_new(&loop, &http_opts, &err, &httpc), 0);
    assert_int_equal(chat_new(&loop, server, httpc, &opts, &hooks, &err, &chat), 0);
    if (chat_start(chat, &err) < 0)
        fail_msg("%s", err.text);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    chat_stop(chat);
    ws_stop(server);
    ws_stop(client);
    WAIT(chat_is_idle(chat));
    chat_free(chat);
    httpc_free(httpc);
    uv_close((uv_handle_t *)&beat, NULL);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    ws_free(server);
    ws_free(client);
    assert_int_equal(uv_loop_close(&loop), 0);
    return 0;
}

static void page_talks_with_the_daemon(void **unused)
{
    const struct chat_port *port = chat_port(chat);
    struct message message = {
        .op = MESSAGE_POST, .key = "k1", .text = "What next?", .at = 1, .button_count = 1};
    (void)unused;
    message.buttons[0] = (struct button){"later", "Later", false};
    assert_int_equal(port->room(port->self), 32);
    port->send(port->self, &message, &(struct chat_place){.user = "ana"});
    assert_int_equal(results, 0); /* never from inside the call */
    WAIT(results == 1);
    assert_int_equal(outcome, CHAT_SENT);
    visit("as=ana");
    WAIT(got("\"id\":\"k1\""));
    static const char say[] = "{\"type\":\"say\",\"text\":\"hello\"}";
    static const char click[] = "{\"type\":\"click\",\"message\":\"k1\",\"button\":\"later\"}";
    assert_int_equal(ws_send(page, say, strlen(say)), 0);
    assert_int_equal(ws_send(page, click, strlen(click)), 0);
    WAIT(clicked[0] && got("\"said\""));
    assert_string_equal(said, "ana: hello");
    assert_string_equal(clicked, "ana: k1 later -");
    chat_local_tell_clock(chat, movable_clock(NULL));
    chat_local_tell_changed(chat);
    WAIT(got("\"clock\"") && got("\"changed\""));
    const char *key = "k1";
    port->lookup(port->self, &key, 1, &(struct chat_place){.user = "ana"}, 0);
    WAIT(results == 2);
    assert_int_equal(outcome, CHAT_FOUND);
}

static void nobody_without_name_comes_in(void **unused)
{
    (void)unused;
    visit("");
    WAIT(refused == 1);
    assert_int_equal(opened, 0);
}

static void stop_closes_the_pages(void **unused)
{
    struct chat_status status;
    (void)unused;
    visit("as=ana");
    visit("as=bo");
    WAIT(opened == 2);
    chat_status(chat, &status);
    assert_int_equal(status.connections, 2);
    chat_stop(chat);
    WAIT(closed == 2 && chat_is_idle(chat));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(page_talks_with_the_daemon),
        TEST(nobody_without_name_comes_in),
        TEST(stop_closes_the_pages),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
