#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat_local.h"

#define NOW INT64_C(1795341600000) /* 2026-11-22T10:00:00Z */

static void *state;
static struct wire_out out;
static json_t *kept; /* the last tree given out by sent() */

/* --- helpers --- */

static const struct wire_item *item(int index)
{
    const struct wire_item *at = out.first;
    while (at && index-- > 0)
        at = at->next;
    assert_non_null(at);
    return at;
}

static int item_count(void)
{
    int count = 0;
    for (const struct wire_item *at = out.first; at; at = at->next)
        count++;
    return count;
}

/* The frame at that place, read. */
static const json_t *sent(int index)
{
    assert_int_equal(item(index)->kind, WIRE_FRAME);
    json_decref(kept);
    kept = json_loadb(item(index)->text, item(index)->len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(kept);
    return kept;
}

static const char *text_of(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static void open_conn(uint32_t conn, const char *person)
{
    wire_out_reset(&out);
    chat_local.on_open(state, conn, person, &out);
}

static void frame(uint32_t conn, const char *text)
{
    wire_out_reset(&out);
    chat_local.on_frame(state, conn, text, strlen(text), NOW, &out);
}

static struct message question(const char *key)
{
    struct message message = {.op = MESSAGE_POST,
                              .key = key,
                              .text = "What is the \"next\" step on <b>Acme</b>?",
                              .reader = "Only you read your answer.",
                              .at = NOW};
    message.buttons[0] = (struct button){"answer", "Answer", true};
    message.buttons[1] = (struct button){"later", "Later", false};
    message.button_count = 2;
    message.input = (struct input){.present = true, .type = ANSWER_YES_NO, .value = "no"};
    return message;
}

static void post(const struct message *message, const char *person)
{
    const struct chat_place place = {.user = person};
    wire_out_reset(&out);
    chat_local.encode_send(state, message, &place, NOW, &out);
}

static int setup(void **unused)
{
    const struct chat_setup made = {.seed = 0xabc};
    struct err err = {0};
    (void)unused;
    assert_int_equal(chat_local.state_new(&made, &err, &state), 0);
    wire_out_init(&out);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    chat_local.state_free(state);
    wire_out_done(&out);
    json_decref(kept);
    kept = NULL;
    return 0;
}

/* --- the door --- */

static void accept_reads_the_person(void **unused)
{
    static const struct {
        const char *query, *person;
    } good[] = {{"as=ana", "ana"}, {"x=1&as=a%2Fb%c3%a9", "a/b\xc3\xa9"}, {"as=ana&x=2", "ana"}};
    static const char *const bad[] = {"",       "as=",      "bas=ana",   "as=%zz", "as=a%20b",
                                      "as=%00", "as=a%0ab", "as=%ff%fe", "as=%4"};
    char person[80], longest[100] = "as=";
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_int_equal(chat_local.server->accept(good[i].query, NULL, person, sizeof(person)), 0);
        assert_string_equal(person, good[i].person);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(chat_local.server->accept(bad[i], NULL, person, sizeof(person)), -EINVAL);
    memset(longest + 3, 'a', 65);
    assert_int_equal(chat_local.server->accept(longest, NULL, person, sizeof(person)), -EINVAL);
}

static void accept_only_local_pages(void **unused)
{
    static const struct {
        const char *origin;
        int rc;
    } cases[] = {
        {"http://127.0.0.1:8467", 0},
        {"http://localhost", 0},
        {"http://[::1]:9", 0},
        {"https://evil.example", -EACCES},
        {"http://127.0.0.1.evil.example", -EACCES},
        {"http://127.0.0.1:80.evil.example", -EACCES},
        {"null", -EACCES},
        {"", -EACCES},
    };
    char person[80];
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(
            chat_local.server->accept("as=ana", cases[i].origin, person, sizeof(person)),
            cases[i].rc);
}

/* --- from the page --- */

static void say_becomes_said_and_is_echoed(void **unused)
{
    (void)unused;
    open_conn(1, "ana");
    assert_int_equal(item(0)->kind, WIRE_UP);
    open_conn(2, "ana");
    open_conn(3, "bo");
    frame(1, "{\"type\":\"say\",\"text\":\"called them\"}");
    assert_int_equal(item_count(), 3);
    const struct event *event = item(0)->event;
    assert_int_equal(event->type, EVENT_SAID);
    assert_string_equal(event->chat, "ana");
    assert_string_equal(event->text, "called them");
    assert_string_equal(event->source, "/chat/local");
    assert_true(event->time == NOW);
    assert_null(item(0)->ack);
    assert_string_equal(text_of(sent(1), "type"), "said");
    assert_string_equal(text_of(sent(1), "at"), "2026-11-22T10:00:00Z");
    assert_string_equal(text_of(sent(2), "id"), event->id);
    assert_int_equal(item(1)->conn + item(2)->conn, 3);
}

static void click_becomes_clicked(void **unused)
{
    (void)unused;
    open_conn(1, "ana");
    frame(1, "{\"type\":\"click\",\"message\":\"k1\",\"button\":\"answer\",\"value\":\"yes\"}");
    assert_int_equal(item_count(), 1);
    assert_int_equal(item(0)->event->type, EVENT_CLICKED);
    assert_string_equal(item(0)->event->message, "k1");
    assert_string_equal(item(0)->event->button, "answer");
    assert_string_equal(item(0)->event->text, "yes");
    char first[64];
    strcpy(first, item(0)->event->id);
    frame(1, "{\"type\":\"click\",\"message\":\"k1\",\"button\":\"answer\",\"value\":7}");
    assert_string_equal(item(0)->event->text, "7");
    assert_string_not_equal(item(0)->event->id, first);
    frame(1, "{\"type\":\"click\",\"message\":\"k1\",\"button\":\"later\"}");
    assert_null(item(0)->event->text);
}

static void frame_bad_is_counted(void **unused)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{\"type\":\"say\"}",
        "{\"type\":\"say\",\"text\":\"\"}",
        "{\"type\":\"say\",\"text\":5}",
        "{\"type\":\"click\",\"message\":\"k1\"}",
        "{\"type\":\"click\",\"button\":\"x\",\"message\":\"\"}",
        "{\"type\":\"fly\"}",
        "{\"type\":\"say\",\"type\":\"say\",\"text\":\"x\"}",
    };
    const struct chat_counter *counters;
    (void)unused;
    open_conn(1, "ana");
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        frame(1, bad[i]);
        assert_int_equal(item_count(), 0);
    }
    frame(9, "{\"type\":\"say\",\"text\":\"nobody\"}");
    assert_int_equal(item_count(), 0);
    assert_int_equal(chat_local.counters(state, &counters), 3);
    assert_int_equal(counters[0].value, ARRAY_LEN(bad) + 1);
}

static void say_too_long_is_told(void **unused)
{
    char text[4100] = "{\"type\":\"say\",\"text\":\"";
    size_t len = strlen(text);
    (void)unused;
    memset(text + len, 'x', 4001);
    strcpy(text + len + 4001, "\"}");
    open_conn(1, "ana");
    frame(1, text);
    assert_int_equal(item_count(), 1);
    assert_string_equal(text_of(sent(0), "type"), "problem");
    strcpy(text + len + 4000, "\"}");
    frame(1, text);
    assert_int_equal(item(0)->kind, WIRE_EVENT);
}

/* --- to the page --- */

static void post_reaches_every_page_of_the_person(void **unused)
{
    struct message message = question("k1");
    (void)unused;
    open_conn(1, "ana");
    open_conn(2, "bo");
    open_conn(3, "ana");
    post(&message, "ana");
    assert_int_equal(item_count(), 3);
    const json_t *frame = sent(0);
    assert_string_equal(text_of(frame, "type"), "message");
    assert_string_equal(text_of(frame, "id"), "k1");
    assert_string_equal(text_of(frame, "text"), message.text);
    assert_string_equal(text_of(frame, "reader"), message.reader);
    const json_t *buttons = json_object_get(frame, "buttons");
    assert_int_equal(json_array_size(buttons), 2);
    assert_string_equal(text_of(json_array_get(buttons, 1), "id"), "later");
    const json_t *input = json_object_get(frame, "input");
    assert_string_equal(text_of(input, "kind"), "yes_no");
    assert_string_equal(text_of(input, "value"), "no");
    const json_t *options = json_object_get(input, "options");
    assert_string_equal(text_of(json_array_get(options, 0), "id"), "yes");
    assert_string_equal(text_of(json_array_get(options, 0), "label"), "Yes");
    const struct chat_result *result = &item(2)->result;
    assert_int_equal(result->outcome, CHAT_SENT);
    assert_string_equal(result->platform_id, "k1");
    assert_string_equal(result->key, "k1");
}

static void update_closes_the_message(void **unused)
{
    struct message message = question("k1"), update;
    (void)unused;
    open_conn(1, "ana");
    post(&message, "ana");
    update = (struct message){
        .op = MESSAGE_UPDATE, .key = "k2", .target = "k1", .text = "Noted.", .at = NOW + 5000};
    post(&update, "ana");
    const json_t *frame = sent(0);
    assert_string_equal(text_of(frame, "type"), "update");
    assert_string_equal(text_of(frame, "id"), "k1");
    assert_string_equal(text_of(frame, "at"), "2026-11-22T10:00:00Z");
    assert_int_equal(json_array_size(json_object_get(frame, "buttons")), 0);
    assert_true(json_is_null(json_object_get(frame, "input")));
    assert_int_equal(item(1)->result.outcome, CHAT_SENT);
    assert_string_equal(item(1)->result.key, "k2");
    assert_string_equal(item(1)->result.platform_id, "k1");
    update.target = "k9";
    post(&update, "ana");
    assert_int_equal(item(0)->result.outcome, CHAT_REJECTED);
}

static void connecting_shows_open_messages_first(void **unused)
{
    struct message open = question("open"), closed = question("closed");
    (void)unused;
    closed.button_count = 0;
    closed.input.present = false;
    post(&closed, "ana");
    assert_int_equal(item_count(), 1);
    post(&open, "ana");
    chat_local_put_said(state, "ana", "s1", NOW, "hello");
    open_conn(1, "ana");
    assert_int_equal(item_count(), 4);
    assert_string_equal(text_of(sent(1), "id"), "open");
    assert_string_equal(text_of(sent(2), "id"), "closed");
    assert_string_equal(text_of(sent(3), "type"), "said");
}

static void refill_is_silent(void **unused)
{
    struct message message = question("k1");
    (void)unused;
    open_conn(1, "ana");
    wire_out_reset(&out);
    chat_local_put(state, "ana", &message);
    chat_local_put(state, "ana", &message);
    assert_int_equal(item_count(), 0);
    open_conn(2, "ana");
    assert_int_equal(item_count(), 2);
}

static void conversation_keeps_200_and_the_open_ones(void **unused)
{
    struct message open = question("open");
    (void)unused;
    chat_local_put(state, "ana", &open);
    for (int i = 0; i < 500; i++) {
        char id[16];
        (void)snprintf(id, sizeof(id), "s%d", i);
        chat_local_put_said(state, "ana", id, NOW + i, "x");
    }
    open_conn(1, "ana");
    assert_int_equal(item_count(), 1 + LOCAL_ENTRIES_MAX);
    assert_string_equal(text_of(sent(1), "id"), "open");
    assert_string_equal(text_of(sent(200), "id"), "s499");
}

static void too_many_connections_are_dropped(void **unused)
{
    (void)unused;
    for (uint32_t i = 1; i <= LOCAL_CONNS_MAX; i++)
        open_conn(i, "ana");
    open_conn(999, "ana");
    assert_int_equal(item_count(), 1);
    assert_int_equal(item(0)->kind, WIRE_DROP);
    wire_out_reset(&out);
    chat_local.on_closed(state, 5, &(struct chat_closed){1000, "", 0}, &out);
    open_conn(999, "ana");
    assert_int_equal(item(0)->kind, WIRE_UP);
}

static void lookup_knows_what_was_sent(void **unused)
{
    struct message message = question("k1");
    const struct chat_place place = {.user = "ana"};
    (void)unused;
    post(&message, "ana");
    wire_out_reset(&out);
    chat_local.encode_lookup(state, "k1", &place, NOW, &out);
    assert_int_equal(item(0)->result.outcome, CHAT_FOUND);
    wire_out_reset(&out);
    chat_local.encode_lookup(state, "k2", &place, NOW, &out);
    assert_int_equal(item(0)->result.outcome, CHAT_MISSING);
}

/* No channels here: each member sees it, and that it is meant for all. */
static void team_message_stands_in_every_member_s_chat(void **unused)
{
    const char *members[] = {"ana", "bo"};
    const struct chat_place place = {.user = "C1", .members = members, .member_count = 2};
    const struct chat_place nobody = {.user = "C1", .members = members};
    struct message message = {.op = MESSAGE_POST, .key = "k1", .text = "Good morning.", .at = NOW};
    (void)unused;
    open_conn(1, "ana");
    open_conn(2, "bo");
    open_conn(3, "cy");
    wire_out_reset(&out);
    chat_local.encode_send(state, &message, &place, NOW, &out);
    assert_int_equal(item_count(), 3); /* two frames and the result */
    assert_int_equal(item(0)->conn, 1);
    assert_int_equal(item(1)->conn, 2);
    assert_non_null(strstr(item(0)->text, "\"reader\":\"To the team\""));
    assert_non_null(strstr(item(1)->text, "Good morning."));
    assert_int_equal(item(2)->result.outcome, CHAT_SENT);
    wire_out_reset(&out);
    chat_local.encode_lookup(state, "k1", &place, NOW, &out);
    assert_int_equal(item(0)->result.outcome, CHAT_FOUND);
    wire_out_reset(&out);
    message.key = "k2";
    chat_local.encode_send(state, &message, &nobody, NOW, &out);
    assert_int_equal(item(0)->result.outcome, CHAT_REJECTED);
}

static void broadcasts_reach_everybody(void **unused)
{
    (void)unused;
    open_conn(1, "ana");
    open_conn(2, "bo");
    wire_out_reset(&out);
    chat_local_clock(state, NOW, &out);
    assert_int_equal(item_count(), 2);
    assert_string_equal(item(0)->text, "{\"type\":\"clock\",\"at\":\"2026-11-22T10:00:00Z\"}");
    wire_out_reset(&out);
    chat_local_changed(state, &out);
    assert_string_equal(item(1)->text, "{\"type\":\"changed\"}");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(accept_reads_the_person),
        TEST(accept_only_local_pages),
        TEST(say_becomes_said_and_is_echoed),
        TEST(click_becomes_clicked),
        TEST(frame_bad_is_counted),
        TEST(say_too_long_is_told),
        TEST(post_reaches_every_page_of_the_person),
        TEST(update_closes_the_message),
        TEST(connecting_shows_open_messages_first),
        TEST(refill_is_silent),
        TEST(conversation_keeps_200_and_the_open_ones),
        TEST(too_many_connections_are_dropped),
        TEST(lookup_knows_what_was_sent),
        TEST(team_message_stands_in_every_member_s_chat),
        TEST(broadcasts_reach_everybody),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
