/* The platform mattermost with its real connections against the fake, which lies, stalls and
 * forgets. */
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

#define REP "rrrrrrrrrrrrrrrrrrrrrrrrrr"
#define DM  "drrrrrrrrrrrrrrrrrrrrrrrrr"
#define BEN "user0000000000000000000002"

static void values(void)
{
    rig.values[0] = rig.api;
    rig.values[1] = "mm-test";
}

const struct rig_kind rig_kind = {.platform = &chat_mattermost,
                                  .env = "FAKE_MATTERMOST",
                                  .program = "fake_mattermost",
                                  .api = "",
                                  .key_at = {"props", "gritd_k"},
                                  .first_user = REP,
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

static uint64_t counter(const char *name)
{
    const struct chat_counter *list;
    size_t count = chat_counters(rig.chat, &list);
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i].name, name))
            return list[i].value;
    }
    fail_msg("no counter %s", name);
    return 0;
}

static void say(const char *user, const char *text)
{
    rig_tell("user", "{\"type\":\"say\",\"user\":\"%s\",\"text\":\"%s\"}", user, text);
}

static void start_refused(void)
{
    struct err err = {0};
    assert_int_equal(chat_start(rig.chat, &err), 0);
}

/* --- ordinary life --- */

static void connects_and_learns_the_people(void **unused)
{
    (void)unused;
    assert_int_equal(room(), 0);
    rig_start();
    assert_int_equal(room(), 32);
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) == 7); /* six and one who is gone, no bot */
    assert_string_equal(rig.events[0].email, "rep1@example.com");
    assert_int_equal(status_now().signins, 1);
    assert_int_equal(rig_stat("sockets_opened"), 1);
}

/* FM-J01: who is deactivated is known at once. */
static void people_change(void **unused)
{
    (void)unused;
    rig_start();
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) == 7);
    rig_tell("set", "{\"deactivate\":\"" BEN "\"}");
    RIG_WAIT(rig_count(EVENT_PERSON, NULL) == 8);
    assert_string_equal(rig_last(EVENT_PERSON)->chat, BEN);
}

static void posts_once_with_key(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k1", REP, "Hello @here & all");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    assert_string_equal(rig_result("k1")->channel, DM);
    assert_int_equal(rig_visible("k1"), 1);
    const struct message update = {
        .op = MESSAGE_UPDATE, .key = "k2", .target = "k1", .text = "Thank you."};
    const struct chat_place place = {
        .user = REP, .channel = DM, .platform_id = rig_result("k1")->platform_id};
    chat_port(rig.chat)->send(rig.chat, &update, &place);
    RIG_WAIT(rig_result("k2"));
    assert_int_equal(rig_result("k2")->outcome, CHAT_SENT);
    assert_int_equal(rig_visible("k1"), 1);
    assert_int_equal(rig_stat("patches"), 1);
    rig_post("k3", REP, "and one more");
    RIG_WAIT(rig_result("k3"));
    assert_int_equal(rig_requests("channels/direct", ""), 1); /* the channel is known by now */
}

/* FM-G06: neither its own posts nor those of other channels come back as words. */
static void talks_both_ways(void **unused)
{
    (void)unused;
    rig_start();
    rig_post_question("k1", REP);
    RIG_WAIT(rig_result("k1"));
    say(REP, "a < b & c");
    rig_tell("user", "{\"type\":\"say\",\"user\":\"" REP
                     "\",\"text\":\"to all\",\"channel\":\"cccccccccccccccccccccccccc\"}");
    say(REP, "done");
    RIG_WAIT(rig_count(EVENT_SAID, "done") == 1);
    assert_int_equal(rig_count(EVENT_SAID, NULL), 2);
    assert_string_equal(rig_last(EVENT_SAID)->chat, REP);
}

/* --- connections --- */

/* FM-C08: what was said while nobody listened comes, once, whichever way the server takes. */
static void words_of_an_outage_come_once(const char *before)
{
    rig.place_count = 1;
    rig_start();
    say(REP, "first");
    RIG_WAIT(rig_count(EVENT_SAID, "first") == 1);
    rig_tell("set", "%s", before);
    rig_tell("drop", "{\"code\":0}");
    say(REP, "in between");
    RIG_WAIT(status_now().signins == 2 && rig.state == CHAT_UP);
    RIG_WAIT(rig_count(EVENT_SAID, "in between") >= 1);
    say(REP, "last");
    RIG_WAIT(rig_count(EVENT_SAID, "last") >= 1);
    RIG_WAIT(status_now().in_flight == 0);
    /* read again, it has the same id: that is what makes it one */
    for (size_t i = 0; i < rig.event_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (rig.events[i].type == EVENT_SAID && str_eq(rig.events[i].text, rig.events[k].text))
                assert_string_equal(rig.events[i].id, rig.events[k].id);
        }
    }
}

static void resumed_session_replays(void **unused)
{
    (void)unused;
    words_of_an_outage_come_once("{\"forget\":false}");
    assert_int_equal(counter("resumed"), 1);
    assert_int_equal(rig_stat("resumed"), 1);
}

static void forgotten_session_is_fetched(void **unused)
{
    (void)unused;
    words_of_an_outage_come_once("{\"forget\":true,\"no_resume\":true}");
    assert_int_equal(counter("resumed"), 0);
    assert_int_equal(rig_stat("hellos"), 2);
}

/* The server offers a session again only once it has noticed that the old socket is gone. */
static void unnoticed_loss_is_fetched(void **unused)
{
    (void)unused;
    words_of_an_outage_come_once("{\"notice_ms\":100000}");
}

/* FM-C08: events are missing in the numbers: another connection, and what was missed is read. */
static void gap_is_found_and_filled(void **unused)
{
    (void)unused;
    rig.place_count = 1;
    rig_start();
    rig_tell("set", "{\"gap\":1,\"no_resume\":true}");
    say(REP, "lost on the way");
    say(REP, "after it");
    RIG_WAIT(rig_count(EVENT_SAID, "lost on the way") >= 1);
    RIG_WAIT(rig_count(EVENT_SAID, "after it") >= 1);
    assert_true(counter("gaps") >= 1);
    assert_true(status_now().signins >= 2);
}

static void events_twice_are_taken_once(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"duplicate_event\":true}");
    say(REP, "one");
    say(REP, "two");
    RIG_WAIT(rig_count(EVENT_SAID, "two") == 1);
    assert_int_equal(rig_count(EVENT_SAID, "one"), 1);
    assert_true(counter("repeated") >= 1);
}

/* FM-C01: a half-open connection is found and replaced; what was said meanwhile is read. */
static void half_open_is_noticed(void **unused)
{
    (void)unused;
    rig.place_count = 1;
    rig_start();
    rig_tell("set", "{\"mute\":\"current\"}");
    say(REP, "into the void");
    RIG_WAIT(status_now().signins == 2);
    RIG_WAIT(rig_count(EVENT_SAID, "into the void") >= 1);
}

static void hello_missing_is_given_up(void **unused)
{
    (void)unused;
    rig.platform.limits.hello_ms = 400;
    rig_tell("set", "{\"no_hello\":true,\"mute\":true}");
    start_refused();
    RIG_WAIT(status_now().failures == 2);
    assert_int_equal(rig.state, CHAT_DOWN);
    rig.platform.limits.hello_ms = rig_kind.platform->limits.hello_ms;
    rig_tell("set", "{\"no_hello\":false,\"mute\":false}");
    RIG_WAIT(rig.state == CHAT_UP);
}

static void start_that_fails_is_tried_again(void **unused)
{
    (void)unused;
    rig_tell("set", "{\"fail_before_store\":["
                    "{\"method\":\"users.get\",\"status\":500,\"count\":1},"
                    "{\"method\":\"users.get\",\"status\":\"html\",\"http\":502,\"count\":1},"
                    "{\"method\":\"users.get\",\"status\":503,\"count\":1}],"
                    "\"fail_upgrade\":{\"status\":503,\"count\":1}}");
    start_refused();
    RIG_WAIT(rig.state == CHAT_UP);
    assert_int_equal(status_now().failures, 4);
}

/* --- credentials --- */

static void token_refused_is_fatal_until_new_values(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_tell("set", "{\"token\":\"mm-new\"}");
    start_refused();
    RIG_WAIT(rig.state == CHAT_FATAL);
    assert_non_null(strstr(rig.status, "session_expired"));
    assert_non_null(strstr(rig.status, "Bot Accounts"));
    assert_null(strstr(rig.status, "mm-test"));
    rig.values[1] = "mm-new";
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
    rig_post("k1", REP, "hello");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
}

/* FM-B14 FM-K04 */
static void token_revoked_in_a_batch_loses_nothing(void **unused)
{
    struct err err = {0};
    (void)unused;
    rig_start();
    rig_tell("set", "{\"revoke\":true}");
    rig_post("k1", REP, "hello");
    RIG_WAIT(rig_result("k1") && rig.state == CHAT_FATAL);
    assert_int_equal(rig_result("k1")->outcome, CHAT_RETRY);
    assert_int_equal(room(), 0);
    RIG_WAIT(status_now().connections == 0);
    rig_tell("set", "{\"revoke\":false}");
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP && room() > 0);
    rig_post("k1", REP, "hello");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_SENT);
    assert_int_equal(rig_visible("k1"), 1);
}

static void address_of_something_else_is_told(void **unused)
{
    struct err err = {0};
    char elsewhere[96];
    (void)unused;
    (void)snprintf(elsewhere, sizeof(elsewhere), "%s/_ctl", rig.api);
    rig_start();
    rig.values[0] = elsewhere;
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_FATAL);
    assert_non_null(strstr(rig.status, "no Mattermost server answers at"));
    assert_non_null(strstr(rig.status, "chat.mattermost.url"));
    rig.values[0] = rig.api;
    assert_int_equal(chat_set_values(rig.chat, rig.values, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
}

/* --- unknown outcomes --- */

/* FM-B01 FM-B04 FM-B05: whatever becomes of the answer, the post is found by its key, once. */
static void unknown_is_found_by_key(void **unused)
{
    static const char *const faults[] = {"500",       "503",      "\"close\"",
                                         "\"reset\"", "\"html\"", "\"truncated\"",
                                         "\"empty\"", "\"cut\"",  "\"head\""};
    (void)unused;
    rig_tell("set", "{\"no_echo\":true}");
    rig_start();
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "k%zu", i);
        rig_tell("set", "{\"fail_after_store\":{\"method\":\"posts.create\",\"status\":%s}}",
                 faults[i]);
        rig_post(key, i % 2 ? REP : BEN, "did it arrive?");
        RIG_WAIT(rig_result(key));
        if (rig_result(key)->outcome != CHAT_UNKNOWN)
            fail_msg("%s: %d %s", faults[i], rig_result(key)->outcome, rig_result(key)->error);
        rig_lookup(key, i % 2 ? REP : BEN, i % 2 ? DM : NULL);
        RIG_WAIT(rig_result(key)->outcome != CHAT_UNKNOWN);
        assert_int_equal(rig_result(key)->outcome, CHAT_FOUND);
        assert_true(rig_result(key)->platform_id[0]);
        assert_int_equal(rig_visible(key), 1);
        assert_int_equal(rig_requests("/posts", key), 1);
    }
}

/* FM-B07: the server knows a pending id for 30 s, here not at all: what is sent is looked up. */
static void forgotten_pending_id_is_no_proof(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"no_echo\":true,\"pending_ttl_ms\":0,"
                    "\"fail_after_store\":{\"method\":\"posts.create\",\"status\":500}}");
    rig_post("k1", REP, "did it arrive?");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_UNKNOWN);
    rig_lookup("k1", REP, DM);
    RIG_WAIT(rig_result("k1")->outcome == CHAT_FOUND);
    assert_int_equal(rig_visible("k1"), 1);
    assert_int_equal(rig_requests("/posts", "k1"), 1);
}

/* FM-B10: somebody deleted it before it was looked up: it was delivered all the same. */
static void deleted_post_counts_as_delivered(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"no_echo\":true,"
                    "\"fail_after_store\":{\"method\":\"posts.create\",\"status\":\"cut\"}}");
    rig_post("k1", REP, "did it arrive?");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_UNKNOWN);
    rig_tell("user", "{\"type\":\"delete\",\"user\":\"" REP "\",\"post\":\"last\"}");
    rig_lookup("k1", REP, DM);
    RIG_WAIT(rig_result("k1")->outcome == CHAT_FOUND);
}

/* The event of the post comes before the answer that is lost. */
static void echo_makes_it_known(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k0", REP, "makes the channel");
    RIG_WAIT(rig_result("k0"));
    rig_tell("set", "{\"hold_ms\":{\"method\":\"posts.create\",\"ms\":300,\"store\":\"after\"},"
                    "\"fail_after_store\":{\"method\":\"posts.create\",\"status\":\"reset\"}}");
    rig_post("k1", REP, "did it arrive?");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    assert_true(rig_result("k1")->platform_id[0]);
    assert_int_equal(rig_visible("k1"), 1);
}

static void unknown_not_stored_is_missing(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"fail_before_store\":{\"method\":\"posts.create\",\"status\":502}}");
    rig_post("k1", REP, "did it arrive?");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_UNKNOWN);
    rig_lookup("k1", REP, DM);
    RIG_WAIT(rig_result("k1")->outcome == CHAT_MISSING);
}

static void lookup_pages_through_history(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k1", REP, "the one");
    RIG_WAIT(rig_result("k1"));
    for (int i = 0; i < 1010; i++) /* a list by time ends at 1000 */
        say(REP, "word");
    rig_lookup("k1", REP, DM);
    RIG_WAIT(rig_result("k1")->outcome == CHAT_FOUND);
}

static void limited_post_waits(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"fail_before_store\":{\"method\":\"posts.create\",\"status\":429,"
                    "\"retry_after\":\"1\"}}");
    rig_post("k1", REP, "one");
    RIG_WAIT(rig_result("k1"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_RETRY);
    assert_int_equal(rig_result("k1")->retry_after_ms, 1000);
    assert_int_equal(room(), 0);
    rig_lookup("k1", REP, DM); /* other methods go on */
    RIG_WAIT(rig_result("k1")->outcome == CHAT_MISSING);
    RIG_WAIT(room() > 0);
    rig_post("k1", REP, "one");
    RIG_WAIT(rig_result("k1")->outcome == CHAT_SENT);
}

static void rejected_is_told_with_reason(void **unused)
{
    (void)unused;
    rig_start();
    rig_post("k0", REP, "makes the channel");
    RIG_WAIT(rig_result("k0"));
    rig_tell("set", "{\"archive\":\"" DM "\"}");
    rig_post("k1", REP, "never");
    rig_post("k2", "nobody", "never");
    RIG_WAIT(rig_result("k1") && rig_result("k2"));
    assert_int_equal(rig_result("k1")->outcome, CHAT_REJECTED);
    assert_string_equal(rig_result("k1")->error,
                        "api.post.create_post.can_not_post_to_deleted.error");
    assert_int_equal(rig_result("k2")->outcome, CHAT_REJECTED);
}

static void stop_ends_all_politely(void **unused)
{
    (void)unused;
    rig_start();
    rig_tell("set", "{\"hold_ms\":{\"method\":\"posts.create\",\"ms\":300}}");
    rig_post("k1", REP, "on its way");
    RIG_WAIT(rig_requests("posts", "k1") == 1);
    chat_stop(rig.chat);
    assert_int_equal(room(), 0);
    rig_post("late", REP, "too late");
    RIG_WAIT(chat_is_idle(rig.chat));
    assert_int_equal(rig_result("k1")->outcome, CHAT_SENT);
    assert_int_equal(rig_result("late")->outcome, CHAT_RETRY);
    RIG_WAIT(rig_stat("sockets_open") == 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
        TEST(connects_and_learns_the_people),
        TEST(people_change),
        TEST(posts_once_with_key),
        TEST(talks_both_ways),
        TEST(resumed_session_replays),
        TEST(forgotten_session_is_fetched),
        TEST(unnoticed_loss_is_fetched),
        TEST(gap_is_found_and_filled),
        TEST(events_twice_are_taken_once),
        cmocka_unit_test_setup_teardown(half_open_is_noticed, rig_setup_pinged, rig_teardown),
        TEST(hello_missing_is_given_up),
        TEST(start_that_fails_is_tried_again),
        TEST(token_refused_is_fatal_until_new_values),
        TEST(token_revoked_in_a_batch_loses_nothing),
        TEST(address_of_something_else_is_told),
        TEST(unknown_is_found_by_key),
        TEST(forgotten_pending_id_is_no_proof),
        TEST(deleted_post_counts_as_delivered),
        TEST(echo_makes_it_known),
        TEST(unknown_not_stored_is_missing),
        TEST(lookup_pages_through_history),
        TEST(limited_post_waits),
        TEST(rejected_is_told_with_reason),
        TEST(stop_ends_all_politely),
#undef TEST
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
