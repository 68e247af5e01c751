#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "chat_rig.h"
#include "wire/chat_slack.h"

static void values(void)
{
    rig.values[0] = "xapp-1-test";
    rig.values[1] = "xoxb-test";
    rig.values[2] = rig.api;
}

const struct rig_kind rig_kind = {.platform = &chat_slack,
                                  .env = "FAKE_SLACK",
                                  .program = "fake_slack",
                                  .api = "/api/",
                                  .key_at = {"metadata", "event_payload", "k"},
                                  .values = values};

static struct chat_status status_now(void)
{
    struct chat_status status;
    chat_status(rig.chat, &status);
    return status;
}

static size_t room(void)
{
    const struct chat_port *port = chat_port(rig.chat);
    return port->room(port->self);
}

/* --- ordinary life --- */

static void connects_and_learns_the_people(void **unused)
{
    (void)unused;
    assert_int_equal(room(), 0);
    rig_start();
    assert_int_equal(room(), 32);
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) == 7);
    assert_int_equal(rig_count(EVENT_PERSON, NULL), 7); /* six and one who is gone, no bot */
    assert_true(rig.events[0].email[0]);
    const struct chat_status status = status_now();
    assert_int_equal(status.state, CHAT_UP);
    assert_int_equal(status.connections, 1);
    assert_int_equal(status.connections_said, 1);
    assert_int_equal(status.signins, 1);
}

static void posts_once_with_key(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k1", "U1", "Hello <@U2> & all");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    assert_string_equal(rig_result("k1")->channel, "D1");
    assert_int_equal(rig_visible("k1"), 1);
    const struct message update = {
        .op = MESSAGE_UPDATE, .key = "k2", .target = "k1", .text = "Thank you."};
    const struct chat_place place = {
        .user = "U1", .channel = "D1", .platform_id = rig_result("k1")->platform_id};
    chat_port(rig.chat)->send(rig.chat, &update, &place);
    RIG_WAIT(rig_result("k2"));
    assert_int_equal(rig_result("k2")->outcome, CHAT_SENT);
    assert_int_equal(rig_visible("k1"), 1);
}

static void talks_both_ways(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"a < b & c\",\"wait\":true}");
    assert_int_equal(rig_count(EVENT_SAID, "a < b & c"), 1);
    rig_tell("user", "{\"type\":\"slash\",\"user\":\"U1\",\"command\":\"/grit\",\"text\":\"why\"}");
    assert_int_equal(rig_count(EVENT_SAID, "/why"), 1);
    rig_post_question("k1", "U1");
    RIG_WAIT(rig_result("k1"));
    rig_tell("user", "{\"type\":\"click\",\"user\":\"U1\",\"channel\":\"D1\",\"ts\":\"last\","
                     "\"action_id\":\"01-later\",\"wait\":true}");
    assert_string_equal(rig_last(EVENT_CLICKED)->button, "later");
    assert_string_equal(rig_last(EVENT_CLICKED)->message, "k1");
    assert_int_equal(rig_stat("acks_double") + rig_stat("acks_unknown") + rig_stat("acks_late"), 0);
}

static void form_opens_and_is_answered(void **unused)
{
    (void)unused;
    rig_start();
    rig_post_question("k1", "U1");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    rig_tell("user", "{\"type\":\"click\",\"user\":\"U1\",\"channel\":\"D1\",\"ts\":\"last\","
                     "\"action_id\":\"00-answer\",\"wait\":true}");
    RIG_WAIT(status_now().in_flight == 0);
    assert_int_equal(rig_requests("views.open", "modal"), 1);
    rig_tell("user", "{\"type\":\"submit\",\"user\":\"U1\",\"view_id\":\"last\",\"values\":"
                     "{\"answer\":{\"value\":\"five calls\"}}}");
    const struct rig_event *event = rig_last(EVENT_CLICKED);
    assert_string_equal(event->text, "five calls");
    assert_string_equal(event->button, "answer");
    assert_string_equal(event->message, "k1");
}

/* --- connections --- */

/* A person says a numbered word every 50 ms. */
struct talk {
    uv_timer_t timer;
    int said;
};

static void on_talk(uv_timer_t *timer)
{
    struct talk *talk = timer->data;
    rig_tell_later("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"word %d\"}", talk->said++);
}

static void heard_all_once(int said)
{
    for (int i = 0; i < said; i++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "word %d", i);
        RIG_WAIT(rig_count(EVENT_SAID, text) > 0);
        assert_int_equal(rig_count(EVENT_SAID, text), 1);
    }
}

static void rotates(const char *first, const char *second)
{
    struct talk talk = {.said = 0};
    uint64_t begun = uv_hrtime();
    rig_start();
    json_int_t deaf = rig_stat("max_deaf_ms"); /* the first hello may have come a moment late */
    rig_tell("set", "{\"disconnect_close_ms\":0,\"ack_deadline_ms\":%d}", RIG_WAIT_MS);
    uv_timer_init(&rig.loop, &talk.timer);
    talk.timer.data = &talk;
    uv_timer_start(&talk.timer, on_talk, 0, 50);
    for (uint64_t round = 2; round <= 4; round++) {
        rig_tell("push?to=newest", "{\"type\":\"disconnect\",\"reason\":\"%s\"}", first);
        if (second)
            rig_tell("push?to=oldest", "{\"type\":\"disconnect\",\"reason\":\"%s\"}", second);
        RIG_WAIT(status_now().signins == round);
        RIG_WAIT(rig_stat("envelopes_waiting") == 0); /* those that went to the old one */
        rig_tell("drop", "{\"code\":1000,\"which\":\"oldest\"}");
        RIG_WAIT(status_now().connections == 1);
    }
    assert_true(uv_hrtime() - begun >= UINT64_C(2900000000)); /* four tickets, a second between */
    RIG_WAIT(talk.said > 20);
    uv_timer_stop(&talk.timer);
    uv_close((uv_handle_t *)&talk.timer, NULL);
    heard_all_once(talk.said);
    assert_int_equal(rig_stat("max_no_socket_ms"), 0);
    assert_int_equal(rig_stat("max_deaf_ms"), deaf);
    assert_int_equal(rig_stat("envelopes_redelivered"), 0);
    assert_int_equal(rig.ups, 1);
}

/* FM-C04 */
static void rotation_leaves_no_gap(void **unused)
{
    (void)unused;
    rotates("refresh_requested", NULL);
}

static void rotation_warned_twice_renews_once(void **unused)
{
    (void)unused;
    rotates("warning", "refresh_requested");
}

static void wants_connections(const char *count)
{
    struct err err = {0};
    rig.values[SLACK_CONNECTIONS] = count;
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    rig_start();
    RIG_WAIT(status_now().connections == atoi(count));
}

/* FM-C04 */
static void rotation_of_several_leaves_no_gap(void **unused)
{
    struct talk talk = {.said = 0};
    (void)unused;
    wants_connections("3");
    assert_int_equal(status_now().signins, 3);
    rig_tell("set", "{\"disconnect_close_ms\":300}");
    uv_timer_init(&rig.loop, &talk.timer);
    talk.timer.data = &talk;
    uv_timer_start(&talk.timer, on_talk, 0, 50);
    for (uint64_t round = 4; round <= 6; round++) {
        rig_tell("push?to=oldest", "{\"type\":\"disconnect\",\"reason\":\"%s\"}",
                 round % 2 ? "warning" : "refresh_requested");
        RIG_WAIT(status_now().signins == round);
        RIG_WAIT(status_now().connections == 3);
    }
    rig_tell("drop", "{\"code\":0,\"which\":\"newest\"}"); /* one that nobody announced */
    RIG_WAIT(status_now().signins == 7 && status_now().connections == 3);
    uv_timer_stop(&talk.timer);
    uv_close((uv_handle_t *)&talk.timer, NULL);
    for (int i = 0; i < talk.said; i++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "word %d", i);
        RIG_WAIT(rig_count(EVENT_SAID, text) > 0);
    }
    assert_int_equal(rig_stat("max_no_socket_ms"), 0);
    assert_int_equal(rig.ups, 1);
}

/* FM-C05 */
static void too_many_sockets_keeps_those_there_are(void **unused)
{
    (void)unused;
    rig_tell("set", "{\"max_sockets\":2}");
    wants_connections("2");
    rig_tell("push?to=oldest", "{\"type\":\"disconnect\",\"reason\":\"warning\"}");
    RIG_WAIT(status_now().failures == 1);
    assert_non_null(strstr(status_now().error, "too_many_websockets"));
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"still here\",\"wait\":true}");
    assert_int_equal(rig_count(EVENT_SAID, "still here"), 1);
    assert_int_equal(rig.state, CHAT_UP);
    assert_int_equal(rig_stat("tickets"), 3); /* and not at once another one */
    assert_int_equal(rig.ups, 1);
}

/* FM-E01: a reload that changes nothing asks Slack for nothing. */
static void same_values_change_nothing(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_start();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    rig_post("k1", "U1", "hello");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_requests("auth.test", ""), 1);
    assert_int_equal(rig_stat("tickets"), 1);
    assert_int_equal(status_now().signins, 1);
    rig.values[SLACK_RATE] = "100";
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(status_now().signins == 2);
}

static void rotation_acks_go_to_the_old_connection(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"disconnect_close_ms\":0,\"ack_deadline_ms\":%d}", RIG_WAIT_MS);
    rig.hold_acks = true;
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"late\"}");
    RIG_WAIT(rig_count(EVENT_SAID, "late") == 1);
    rig_tell("push", "{\"type\":\"disconnect\",\"reason\":\"warning\"}");
    RIG_WAIT(status_now().connections == 2);
    while (rig.held_count > 0)
        chat_ack_done(rig.held[--rig.held_count]);
    rig.hold_acks = false;
    RIG_WAIT(rig_stat("envelopes_acked") >= 1);
    assert_int_equal(rig_stat("envelopes_redelivered") + rig_stat("acks_unknown"), 0);
    RIG_WAIT(status_now().connections == 1); /* the server does not close it, so we do */
}

static void ack_undecided_is_delivered_again(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"ack_deadline_ms\":200}");
    rig.hold_acks = true;
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"twice\"}");
    RIG_WAIT(rig_count(EVENT_SAID, "twice") >= 2);
    rig.hold_acks = false;
    RIG_WAIT(rig_count(EVENT_SAID, "twice") >= 3);
    for (size_t i = 1, n = 0; i < rig.event_count; i++) {
        if (rig.events[i].type == EVENT_SAID && n++ > 0)
            assert_string_equal(rig.events[i].id, rig.events[i - 1].id);
    }
}

/* FM-C07 */
static void gesture_doubled_has_one_id(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"duplicate\":\"gesture\",\"duplicate_after_ms\":10}");
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) == 7);
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"echo\"}");
    RIG_WAIT(rig_count(EVENT_SAID, "echo") == 2);
    assert_string_equal(rig.events[rig.event_count - 1].id, rig.events[rig.event_count - 2].id);
}

static void reset_reconnects(void **unused)
{
    (void)unused;
    rig_start();
    for (uint64_t round = 2; round <= 4; round++) {
        rig_tell("drop", "{\"code\":%d}", round == 3 ? 1001 : 0);
        RIG_WAIT(status_now().signins == round && rig.state == CHAT_UP);
    }
    assert_true(status_now().failures >= 3);
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"back\",\"wait\":true}");
    assert_int_equal(rig_count(EVENT_SAID, "back"), 1);
}

/* A message is lost with the connection, and Slack does not deliver it again: the history has it.
 */
static void words_of_an_outage_are_read_afterwards(void **unused)
{
    (void)unused;
    rig.place_count = 2;
    rig_start();
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) > 0);
    assert_int_equal(rig_requests("conversations.history", ""), 0); /* the first start: no past */
    rig_tell("set", "{\"ack_deadline_ms\":0,\"mute\":\"current\"}");
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U2\",\"text\":\"lost one\"}");
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U2\",\"text\":\"lost two\"}");
    assert_int_equal(rig_count(EVENT_SAID, NULL), 0);
    rig_tell("drop", "{\"code\":0}");
    RIG_WAIT(rig_count(EVENT_SAID, "lost two") == 1);
    assert_int_equal(rig_count(EVENT_SAID, "lost one"), 1);
    RIG_WAIT(rig_requests("conversations.history", "") == 2);
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"live\",\"wait\":true}");
    assert_int_equal(rig_count(EVENT_SAID, "live"), 1);
}

/* What was read so far does not move while nobody listens, however long that is. */
static void memo_stands_still_while_away(void **unused)
{
    (void)unused;
    rig_start();
    RIG_WAIT(rig.memo.read_until > 0);
    rig_tell("set", "{\"fail_upgrade\":{\"status\":503,\"count\":1000}}");
    rig_tell("drop", "{\"code\":0}");
    RIG_WAIT(status_now().failures >= 2);
    msec_t before = rig.memo.read_until;
    rig.ahead = 3600000;
    unsigned failures = (unsigned)status_now().failures;
    RIG_WAIT(status_now().failures >= failures + 2);
    assert_true(rig.memo.read_until == before);
    rig_tell("set", "{\"fail_upgrade\":false}");
    RIG_WAIT(rig.state == CHAT_UP);
    assert_true(rig.memo.read_until >= before + 3600000);
    assert_true(rig.memo.read_floor == 0);
    chat_forget_past(rig.chat);
    assert_true(rig.memo.read_floor >= before + 3600000);
}

static void hello_missing_is_given_up(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig.platform.limits.hello_ms = 400;
    rig_tell("set", "{\"no_hello\":true}");
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(status_now().failures == 2);
    assert_int_equal(rig.state, CHAT_DOWN);
    assert_non_null(strstr(status_now().error, "said nothing"));
    rig.platform.limits.hello_ms = rig_kind.platform->limits.hello_ms;
    rig_tell("set", "{\"no_hello\":false}");
    RIG_WAIT(rig.state == CHAT_UP);
}

/* FM-C02 */
static void disconnect_before_hello_takes_a_new_ticket(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"disconnect_before_hello\":{\"reason\":\"refresh_requested\",\"count\":2}}");
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
    assert_int_equal(rig_stat("tickets"), 3);
    assert_int_equal(status_now().failures, 2);
}

/* FM-C02 */
static void tickets_failing_are_asked_again(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"fail_before_store\":["
                    "{\"method\":\"auth.test\",\"status\":500,\"count\":1},"
                    "{\"method\":\"apps.connections.open\",\"status\":\"html\",\"count\":1},"
                    "{\"method\":\"apps.connections.open\",\"status\":\"internal_error\"},"
                    "{\"method\":\"apps.connections.open\",\"status\":\"reset\"}],"
                    "\"fail_upgrade\":{\"status\":503,\"count\":1}}");
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
    assert_int_equal(status_now().failures, 5);
}

static void ticket_limited_waits(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"limit_next\":\"apps.connections.open\",\"retry_after\":2}");
    uint64_t start = uv_hrtime();
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
    assert_true(uv_hrtime() - start >= UINT64_C(2000000000));
}

/* FM-C01 FM-K04 */
static void half_open_is_noticed(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"mute\":\"current\"}");
    RIG_WAIT(status_now().signins == 2);
    rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"awake\"}");
    RIG_WAIT(rig_count(EVENT_SAID, "awake") > 0);
}

static void link_disabled_is_fatal(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("push", "{\"type\":\"disconnect\",\"reason\":\"link_disabled\"}");
    RIG_WAIT(rig.state == CHAT_FATAL && status_now().connections == 0);
    assert_non_null(strstr(rig.status, "Socket Mode"));
    assert_int_equal(room(), 0);
}

/* FM-C05 */
static void too_many_sockets_keeps_away(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"disconnect_before_hello\":\"too_many_websockets\"}");
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(status_now().failures == 1);
    assert_non_null(strstr(status_now().error, "too_many_websockets"));
    assert_int_equal(rig_stat("tickets"), 1);
}

static void token_refused_is_fatal_until_new_values(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"revoke\":{\"bot\":\"token_expired\",\"app\":\"token_expired\"}}");
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(rig.state == CHAT_FATAL);
    assert_non_null(strstr(rig.status, "token_expired"));
    assert_null(strstr(rig.status, "xoxb"));
    rig_tell("set", "{\"revoke\":false,\"bot_token\":\"xoxb-new\",\"app_token\":\"xapp-1-new\"}");
    rig.values[0] = "xapp-1-new";
    rig.values[1] = "xoxb-new";
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
    rig_post("k1", "U1", "hello");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
}

/* FM-B14 */
static void token_expiring_in_a_batch_loses_nothing(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_start();
    rig_tell("set", "{\"revoke\":{\"bot\":\"token_expired\"}}");
    rig_post("k1", "U1", "hello");
    RIG_WAIT(rig_result("k1") && rig.state == CHAT_FATAL);
    assert_int_equal(rig_result("k1")->outcome, CHAT_RETRY);
    assert_int_equal(room(), 0);
    rig_tell("set", "{\"revoke\":false}");
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP && room() > 0);
    rig_post("k1", "U1", "hello");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_SENT);
    RIG_WAIT(status_now().signins == 2 && status_now().connections == 1);
    assert_int_equal(rig_visible("k1"), 1);
}

/* --- limits --- */

static void limited_method_waits(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"limit_next\":\"chat.postMessage\",\"retry_after\":1}");
    rig_post("k1", "U1", "one");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_RETRY);
    assert_int_equal(rig_result("k1")->retry_after_ms, 1000);
    assert_int_equal(room(), 0);
    rig_lookup("k1", "U1", NULL); /* other methods go on */
    RIG_WAIT(rig_result("k1")->outcome == CHAT_MISSING);
    assert_int_equal(room(), 0);
    RIG_WAIT(room() > 0);
    rig_post("k1", "U1", "one");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_SENT);
    assert_int_equal(status_now().limited, 1);
}

/* FM-B12 */
static void channel_is_paced(void **unused)
{
    char key[16];
    size_t sent = 0, later = 0;
    (void)unused;
    rig_start();
    rig_tell("set", "{\"limit_rate\":{\"channel_per_s\":1,\"channel_burst\":3}}");
    for (int i = 0; i < 10; i++) {
        (void)snprintf(key, sizeof(key), "k%d", i);
        rig_post(key, "U1", "one of many");
    }
    rig_post("other", "U2", "not held up");
    RIG_WAIT(rig_result("other"));
    assert_int_equal(rig_result("other")->outcome, CHAT_SENT);
    RIG_WAIT(rig.result_count == 11);
    for (size_t i = 0; i < rig.result_count; i++) {
        sent += rig.results[i].outcome == CHAT_SENT;
        later += rig.results[i].outcome == CHAT_RETRY && rig.results[i].retry_after_ms > 0;
    }
    assert_int_equal(sent + later, 11);
    assert_true(sent >= 5);
    assert_int_equal(status_now().limited, 0);
}

/* --- unknown outcomes --- */

static void unknown_is_found_by_key(void **unused)
{
    static const char *const faults[] = {"500",
                                         "503",
                                         "\"close\"",
                                         "\"reset\"",
                                         "\"html\"",
                                         "\"truncated\"",
                                         "\"empty\"",
                                         "\"cut\"",
                                         "\"head\"",
                                         "\"internal_error\"",
                                         "\"fatal_error\""};
    (void)unused;
    rig_start();
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "k%zu", i);
        rig_tell("set", "{\"fail_after_store\":{\"method\":\"chat.postMessage\",\"status\":%s}}",
                 faults[i]);
        rig_post(key, i % 2 ? "U1" : "U2", "did it arrive?");
        RIG_WAIT(rig_result(key));
        if (rig_result(key)->outcome != CHAT_UNKNOWN)
            fail_msg("%s: %d %s", faults[i], rig_result(key)->outcome, rig_result(key)->error);
        rig_lookup(key, i % 2 ? "U1" : "U2", i % 4 > 1 ? (i % 2 ? "D1" : "D2") : NULL);
        RIG_WAIT(rig_result(key)->outcome != CHAT_UNKNOWN);
        assert_int_equal(rig_result(key)->outcome, CHAT_FOUND);
        assert_true(rig_result(key)->platform_id[0]);
        assert_int_equal(rig_visible(key), 1);
        assert_int_equal(rig_requests("chat.postMessage", key), 1);
    }
}

static void unknown_not_stored_is_missing(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"fail_before_store\":{\"method\":\"chat.postMessage\",\"status\":502}}");
    rig_post("k1", "U1", "did it arrive?");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_UNKNOWN);
    rig_lookup("k1", "U1", "D1");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_MISSING);
}

static void lookup_pages_through_history(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"history_max\":15}"); /* of an app that is sold */
    rig_post("k1", "U1", "the one");
    RIG_WAIT(rig_result("k1"));
    for (int i = 0; i < 40; i++)
        rig_tell("user", "{\"type\":\"say\",\"user\":\"U1\",\"text\":\"word %d\"}", i);
    rig_lookup("k1", "U1", "D1");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_FOUND);
    assert_int_equal(rig_requests("conversations.history", ""), 3);
}

/* FM-B09 */
static void lookup_failing_is_unreadable(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k1", "U1", "the one");
    RIG_WAIT(rig_result("k1"));
    rig_tell("set", "{\"history_fail\":true}");
    rig_lookup("k1", "U1", "D1");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_UNREADABLE);
    rig_tell("set", "{\"history_fail\":\"missing_scope\"}");
    rig_lookup("k1", "U1", "D1");
    RIG_WAIT(rig.result_count == 3);
    assert_int_equal(rig_result("k1")->outcome, CHAT_UNREADABLE);
    assert_int_equal(rig.state, CHAT_UP); /* talking still works */
}

static void rejected_is_told_with_reason(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"channel_error\":{\"D3\":\"messages_tab_disabled\"}}");
    rig_post("k1", "U3", "never");
    rig_post("k2", "UNOBODY", "never");
    RIG_WAIT(rig_result("k1") && rig_result("k2"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_REJECTED);
    assert_string_equal(rig_result("k1")->error, "messages_tab_disabled");
    assert_int_equal(rig_result("k2")->outcome, CHAT_REJECTED);
}

/* --- the end --- */

static void stop_ends_all_politely(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"hold_ms\":{\"method\":\"chat.postMessage\",\"ms\":300}}");
    rig_post("k1", "U1", "on its way");
    rig_post("k2", "U1", "the second of three at once");
    rig_post("k3", "U1", "the third of three at once");
    rig_post("held", "U1", "waits for its turn");
    RIG_WAIT(status_now().waiting > 0);
    chat_stop(rig.chat);
    assert_int_equal(room(), 0);
    rig_post("late", "U1", "too late");
    RIG_WAIT(chat_is_idle(rig.chat));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    assert_int_equal(rig_result("held")->outcome, CHAT_RETRY);
    assert_int_equal(rig_result("late")->outcome, CHAT_RETRY);
    RIG_WAIT(rig_stat("sockets_open") == 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
        TEST(connects_and_learns_the_people),
        TEST(posts_once_with_key),
        TEST(talks_both_ways),
        TEST(form_opens_and_is_answered),
        TEST(rotation_leaves_no_gap),
        TEST(rotation_warned_twice_renews_once),
        TEST(rotation_of_several_leaves_no_gap),
        TEST(too_many_sockets_keeps_those_there_are),
        TEST(same_values_change_nothing),
        TEST(rotation_acks_go_to_the_old_connection),
        TEST(ack_undecided_is_delivered_again),
        TEST(gesture_doubled_has_one_id),
        TEST(reset_reconnects),
        TEST(words_of_an_outage_are_read_afterwards),
        TEST(memo_stands_still_while_away),
        TEST(hello_missing_is_given_up),
        TEST(disconnect_before_hello_takes_a_new_ticket),
        TEST(tickets_failing_are_asked_again),
        TEST(ticket_limited_waits),
        cmocka_unit_test_setup_teardown(half_open_is_noticed, rig_setup_pinged, rig_teardown),
        TEST(link_disabled_is_fatal),
        TEST(too_many_sockets_keeps_away),
        TEST(token_refused_is_fatal_until_new_values),
        TEST(token_expiring_in_a_batch_loses_nothing),
        TEST(limited_method_waits),
        TEST(channel_is_paced),
        TEST(unknown_is_found_by_key),
        TEST(unknown_not_stored_is_missing),
        TEST(lookup_pages_through_history),
        TEST(lookup_failing_is_unreadable),
        TEST(rejected_is_told_with_reason),
        TEST(stop_ends_all_politely),
#undef TEST
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
