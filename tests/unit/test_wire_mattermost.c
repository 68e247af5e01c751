/* Frames of Mattermost's websocket, its session, people, and what was missed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_mattermost_case.h"

#define CONN_1 "aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define CONN_2 "zzzzzzzzzzzzzzzzzzzzzzzzzz"
#define BROADCAST                                                                                  \
    "\"broadcast\":{\"omit_users\":null,\"user_id\":\"\",\"channel_id\":\"" DM                     \
    "\",\"team_id\":\"\"}"

/* --- frames --- */

static int read_frame(const char *text, struct mm_frame *ret)
{
    return mm_frame_read(text, strlen(text), ret);
}

/* The post is JSON in a text, as Mattermost sends it. */
static char *posted(const char *event, const char *post, int seq)
{
    static char text[4096];
    json_t *data = json_object();
    json_object_set_new(data, "channel_type", json_string("D"));
    json_object_set_new(data, "post", json_string(post));
    char *inner = json_dumps(data, 0);
    (void)snprintf(text, sizeof(text), "{\"event\":\"%s\",\"data\":%s," BROADCAST ",\"seq\":%d}",
                   event, inner, seq);
    free(inner);
    json_decref(data);
    return text;
}

#define A_POST                                                                                     \
    "{\"id\":\"" POST                                                                              \
    "\",\"create_at\":1712345678123,\"update_at\":1712345678124,\"delete_at\":0,"                  \
    "\"user_id\":\"" REP "\",\"channel_id\":\"" DM "\",\"root_id\":\"\",\"message\":\"called "     \
    "\\u00dcber \\\"Acme\\\"\",\"type\":\"\",\"props\":{\"disable_group_highlight\":true},"        \
    "\"pending_post_id\":\"x:1\"}"

static void posted_is_json_in_json(void **unused)
{
    struct mm_frame frame;
    (void)unused;
    assert_int_equal(read_frame(posted("posted", A_POST, 7), &frame), 0);
    assert_int_equal(frame.kind, MM_FRAME_EVENT);
    assert_int_equal(frame.event, MM_EVENT_POSTED);
    assert_int_equal(frame.seq, 7);
    assert_int_equal(frame.channel_type, 'D');
    assert_string_equal(frame.post.message, "called \xC3\x9C"
                                            "ber \"Acme\"");
    assert_string_equal(frame.post.user, REP);
    assert_string_equal(frame.post.pending, "x:1");
    assert_true(frame.post.time == 1712345678123);
    assert_null(frame.post.key);
    mm_frame_done(&frame);
    assert_int_equal(read_frame(posted("post_deleted", A_POST, 8), &frame), 0);
    assert_int_equal(frame.event, MM_EVENT_DELETED);
    mm_frame_done(&frame);
}

static void frames_are_told_apart(void **unused)
{
    static const struct {
        const char *text;
        enum mm_event event;
    } cases[] = {
        {"{\"event\":\"hello\",\"data\":{\"connection_id\":\"" CONN_1
         "\",\"server_version\":\"9.5.1\"},\"seq\":0}",
         MM_EVENT_HELLO},
        {"{\"event\":\"hello\",\"data\":{},\"seq\":0}", MM_EVENT_OTHER},
        {"{\"event\":\"posted\",\"data\":{\"post\":\"{broken\"},\"seq\":3}", MM_EVENT_OTHER},
        {"{\"event\":\"posted\",\"data\":{\"post\":\"{}\"},\"seq\":3}", MM_EVENT_OTHER},
        {"{\"event\":\"posted\",\"seq\":3}", MM_EVENT_OTHER},
        {"{\"event\":\"typing\",\"data\":{},\"seq\":3}", MM_EVENT_OTHER},
        {"{\"event\":\"user_updated\",\"data\":{\"user\":{\"id\":\"" REP "\"}},\"seq\":3}",
         MM_EVENT_USER_UPDATED},
        {"{\"event\":\"new_user\",\"data\":{\"user_id\":\"" REP "\"},\"seq\":3}",
         MM_EVENT_NEW_USER},
        {"{\"event\":\"status_change\",\"data\":{\"user_id\":\"" REP
         "\",\"status\":\"dnd\"},\"seq\":3}",
         MM_EVENT_STATUS},
        {"{\"event\":\"direct_added\",\"data\":{\"creator_id\":\"x\",\"teammate_id\":\"" REP
         "\"}," BROADCAST ",\"seq\":3}",
         MM_EVENT_DIRECT_ADDED},
        {"{\"event\":\"channel_deleted\",\"data\":{\"channel_id\":\"" DM "\"},\"seq\":3}",
         MM_EVENT_CHANNEL_DELETED},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mm_frame frame;
        if (read_frame(cases[i].text, &frame) != 0 || frame.event != cases[i].event)
            fail_msg("%s is %d", cases[i].text, (int)frame.event);
        mm_frame_done(&frame);
    }
}

static void replies_are_no_events(void **unused)
{
    struct mm_frame frame;
    (void)unused;
    assert_int_equal(
        read_frame("{\"status\":\"OK\",\"data\":{\"text\":\"pong\"},\"seq_reply\":4}", &frame), 0);
    assert_int_equal(frame.kind, MM_FRAME_REPLY);
    assert_true(frame.ok && frame.seq == 4);
    mm_frame_done(&frame);
    assert_int_equal(read_frame("{\"status\":\"FAIL\",\"seq_reply\":5,\"error\":{\"id\":\"api.x\","
                                "\"message\":\"m\"}}",
                                &frame),
                     0);
    assert_false(frame.ok);
    assert_string_equal(frame.error, "api.x");
    mm_frame_done(&frame);
}

static void broken_frames_are_refused(void **unused)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"event\":\"posted\",\"data\":{}}",
        "{\"event\":\"posted\",\"data\":{},\"seq\":\"3\"}",
        "{\"event\":\"posted\",\"data\":{},\"seq\":-1}",
        "{\"seq\":3}",
        "{\"event\":\"a\",\"event\":\"b\",\"seq\":1}",
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct mm_frame frame;
        if (read_frame(texts[i], &frame) != -EINVAL)
            fail_msg("taken: %s", texts[i]);
        mm_frame_done(&frame);
    }
}

/* --- the session --- */

static struct mm_session session;

static enum mm_step hello(const char *connection, int seq)
{
    const struct mm_frame frame = {.event = MM_EVENT_HELLO, .seq = seq, .connection = connection};
    return mm_session_frame(&session, &frame, NOW);
}

static enum mm_step event(int seq)
{
    const struct mm_frame frame = {.event = MM_EVENT_POSTED, .seq = seq};
    return mm_session_frame(&session, &frame, NOW);
}

static enum mm_step pong(void)
{
    const struct mm_frame frame = {.kind = MM_FRAME_REPLY, .ok = true, .seq = 1};
    return mm_session_frame(&session, &frame, NOW);
}

static const char *open_at(msec_t now)
{
    return mm_session_open(&session, now, &out.arena);
}

static const char *url(void)
{
    return mm_session_url(&session, "https://x.example/api/v4/", &out.arena);
}

static void session_begins_and_counts(void **unused)
{
    (void)unused;
    mm_session_init(&session);
    assert_string_equal(url(), "wss://x.example/api/v4/websocket?connection_id=&sequence_number=0");
    assert_string_equal(open_at(NOW), "{\"seq\":1,\"action\":\"ping\"}");
    assert_int_equal(hello(CONN_1, 0), MM_NEW);
    assert_int_equal(pong(), MM_TAKE);
    assert_int_equal(event(1), MM_TAKE);
    assert_int_equal(event(2), MM_TAKE);
    assert_int_equal(event(2), MM_REPEATED);
    assert_string_equal(url(), "wss://x.example/api/v4/websocket?connection_id=" CONN_1
                               "&sequence_number=3");
}

static void session_resumes_without_a_word(void **unused)
{
    (void)unused;
    mm_session_init(&session);
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_1, 0), MM_NEW);
    assert_int_equal(event(1), MM_TAKE);
    assert_string_equal(open_at(NOW), "{\"seq\":1,\"action\":\"ping\"}");
    assert_int_equal(pong(), MM_RESUMED); /* nothing was lost: only the ping is answered */
    assert_int_equal(event(2), MM_TAKE);
    (void)open_at(NOW);
    assert_int_equal(event(3), MM_RESUMED); /* a replayed event comes before the answer */
    assert_int_equal(pong(), MM_TAKE);
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_2, 0), MM_NEW); /* the server has forgotten us */
    assert_int_equal(event(1), MM_TAKE);
    assert_int_equal(session.next, 2);
}

static void session_gap_is_asked_for_once(void **unused)
{
    (void)unused;
    mm_session_init(&session);
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_1, 0), MM_NEW);
    assert_int_equal(event(2), MM_GAP);
    assert_non_null(strstr(url(), CONN_1 "&sequence_number=1"));
    (void)open_at(NOW);
    assert_int_equal(event(2), MM_GAP); /* the server cannot fill it: begin anew */
    assert_non_null(strstr(url(), "connection_id=&sequence_number=0"));
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_2, 0), MM_NEW);
    assert_int_equal(event(1), MM_TAKE);
}

static void session_filled_gap_goes_on(void **unused)
{
    (void)unused;
    mm_session_init(&session);
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_1, 0), MM_NEW);
    assert_int_equal(event(3), MM_GAP);
    (void)open_at(NOW);
    assert_int_equal(event(1), MM_RESUMED);
    assert_int_equal(event(2), MM_TAKE);
    assert_int_equal(event(3), MM_TAKE);
    assert_int_equal(event(5), MM_GAP); /* another place: asked for again */
    assert_non_null(strstr(url(), CONN_1 "&sequence_number=4"));
}

static void session_event_before_hello_is_a_gap(void **unused)
{
    (void)unused;
    mm_session_init(&session);
    (void)open_at(NOW);
    assert_int_equal(event(0), MM_GAP);
}

/* A half-open connection is found within 30 s, a living one is never given up. */
static void session_silence_is_noticed(void **unused)
{
    bool dead = true;
    (void)unused;
    mm_session_init(&session);
    assert_true(mm_session_wake(&session) == MSEC_NEVER);
    assert_null(mm_session_tick(&session, NOW, &out.arena, &dead));
    assert_false(dead);
    (void)open_at(NOW);
    assert_int_equal(hello(CONN_1, 0), MM_NEW);
    (void)pong();
    assert_null(mm_session_tick(&session, NOW + MM_PING_MS - 1, &out.arena, &dead));
    msec_t due = mm_session_wake(&session);
    assert_true(due == NOW + MM_PING_MS);
    assert_string_equal(mm_session_tick(&session, due, &out.arena, &dead),
                        "{\"seq\":2,\"action\":\"ping\"}");
    assert_false(dead);
    assert_null(mm_session_tick(&session, due + 1, &out.arena, &dead)); /* one at a time */
    due = mm_session_wake(&session);
    assert_true(due <= NOW + 30000);
    assert_null(mm_session_tick(&session, due, &out.arena, &dead));
    assert_true(dead);
    (void)pong();
    assert_null(mm_session_tick(&session, NOW + 1, &out.arena, &dead));
    assert_false(dead);
}

/* --- people --- */

static void people_come_with_their_zones(void **unused)
{
    static const char page[] =
        "[{\"id\":\"" REP "\",\"username\":\"ana\",\"first_name\":\"Ana\",\"last_name\":\"B\","
        "\"email\":\"ana@example.com\",\"delete_at\":0,\"timezone\":{\"useAutomaticTimezone\":"
        "\"true\",\"automaticTimezone\":\"Europe/Berlin\",\"manualTimezone\":\"\"}},"
        "{\"id\":\"" DM "\",\"username\":\"bo\",\"nickname\":\"\",\"email\":\"\",\"delete_at\":17,"
        "\"timezone\":{\"useAutomaticTimezone\":false,\"automaticTimezone\":\"Europe/Berlin\","
        "\"manualTimezone\":\"Asia/Tokyo\"}},"
        "{\"id\":\"" BOT "\",\"username\":\"gritd\"},"
        "{\"id\":\"" POST "\",\"username\":\"other\",\"is_bot\":true}]";
    const struct wire_reply reply = answer(200, page);
    const struct wire_tag tag = {.kind = MM_TAG_USERS};
    bool more = true;
    (void)unused;
    assert_true(mm_people_reply(&mm, &tag, &reply, &out, &more));
    assert_false(more);
    assert_string_equal(item(0)->event->name, "Ana B");
    assert_string_equal(item(0)->event->zone, "Europe/Berlin");
    assert_string_equal(item(0)->event->email, "ana@example.com");
    assert_false(item(0)->event->gone);
    assert_string_equal(item(1)->event->name, "bo");
    assert_string_equal(item(1)->event->zone, "Asia/Tokyo");
    assert_null(item(1)->event->email);
    assert_true(item(1)->event->gone);
    assert_null(item(1)->next);
}

static void people_pages_go_on_until_one_is_short(void **unused)
{
    struct strbuf page = {0};
    const struct wire_tag tag = {.kind = MM_TAG_USERS, .number = 2};
    bool more = false;
    (void)unused;
    strbuf_putc(&page, '[');
    for (int i = 0; i < MM_PAGE; i++)
        strbuf_printf(&page, "%s{\"id\":\"u%025d\",\"username\":\"u%d\"}", i ? "," : "", i, i);
    strbuf_putc(&page, ']');
    struct wire_reply reply = answer(200, strbuf_text(&page));
    assert_true(mm_people_reply(&mm, &tag, &reply, &out, &more));
    assert_true(more);
    const struct wire_item *last = item(MM_PAGE);
    assert_string_equal(last->request.url,
                        "https://chat.example.com/api/v4/users?page=3&per_page=200");
    strbuf_done(&page);
    wire_out_reset(&out);
    reply = answer(500, "");
    assert_false(mm_people_reply(&mm, &tag, &reply, &out, &more));
    assert_null(out.first);
}

/* --- what was missed --- */

static const struct wire_tag missed = {.kind = MM_TAG_MISSED, .channel = DM, .more = "500"};

static void missed_is_asked_for_place_by_place(void **unused)
{
    const struct chat_place known = {.user = REP, .channel = DM}, person = {.user = REP};
    const struct chat_place team = {
        .user = DM, .members = (const char *[]){REP}, .member_count = 1};
    (void)unused;
    mm_catch_up(&mm, &known, NOW, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        "https://chat.example.com/api/v4/channels/" DM
                        "/posts?since=1712345640000");
    wire_out_reset(&out);
    mm_catch_up(&mm, &person, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "/channels/direct"));
    struct wire_tag tag = keep_tag(&out.first->request.tag);
    const struct wire_reply reply = answer(201, "{\"id\":\"" DM "\"}");
    wire_out_reset(&out);
    mm_missed_reply(&mm, &tag, &reply, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, DM "/posts?since=1712345640000"));
    drop_tag(&tag);
    wire_out_reset(&out);
    mm_catch_up(&mm, &team, NOW, &out);
    assert_true(only(WIRE_CAUGHT_UP)->delay_ms == 0);
}

#define ID_1 "11111111111111111111111111"
#define ID_2 "22222222222222222222222222"
#define ID_3 "33333333333333333333333333"
#define ID_4 "44444444444444444444444444"
#define ID_5 "55555555555555555555555555"

/* more: further members, each with a comma before it. */
static void add_post(json_t *posts, const char *id, const char *user, const char *text, int time,
                     const char *more)
{
    char post[512];
    (void)snprintf(post, sizeof(post),
                   "{\"id\":\"%s\",\"user_id\":\"%s\",\"channel_id\":\"" DM
                   "\",\"message\":\"%s\",\"create_at\":%d%s}",
                   id, user, text, time, more);
    json_object_set_new(posts, id, json_loads(post, 0, NULL));
}

static char *five_posts(void)
{
    json_t *posts = json_object();
    add_post(posts, ID_1, BOT, "Called?", 1000, ",\"props\":{\"gritd_k\":\"" KEY "\"}");
    add_post(posts, ID_2, REP, "1", 1001, "");
    add_post(posts, ID_3, REP, "gone", 1002, ",\"delete_at\":1005");
    add_post(posts, ID_4, REP, "robot", 1003, ",\"props\":{\"from_bot\":\"true\"}");
    add_post(posts, ID_5, REP, "hello", 1004, "");
    json_t *list =
        json_pack("{s:[s,s,s,s,s],s:o}", "order", ID_5, ID_4, ID_3, ID_2, ID_1, "posts", posts);
    char *text = json_dumps(list, 0);
    json_decref(list);
    return text;
}

static void missed_words_come_oldest_first(void **unused)
{
    char *list = five_posts();
    const struct wire_reply reply = answer(200, list);
    (void)unused;
    mm_missed_reply(&mm, &missed, &reply, &out);
    assert_int_equal(item(0)->event->type, EVENT_SAID);
    assert_string_equal(item(0)->event->text, "1");
    assert_string_equal(item(0)->event->id, ID_2);
    assert_true(item(0)->event->plain); /* numbers stand for buttons */
    assert_string_equal(item(1)->event->text, "hello");
    assert_string_equal(item(1)->event->chat, REP);
    assert_true(item(1)->event->time == 1004);
    assert_int_equal(item(2)->kind, WIRE_CAUGHT_UP);
    assert_true(item(2)->delay_ms == 0);
    assert_null(item(2)->next);
    free(list);
}

/* A list by time holds the newest only; what is older is read page by page. */
static void missed_of_a_busy_channel_pages_back(void **unused)
{
    struct strbuf list = {0};
    (void)unused;
    strbuf_puts(&list, "{\"order\":[");
    for (int i = 0; i < MM_SINCE_MAX; i++)
        strbuf_printf(&list, "%s\"p%025d\"", i ? "," : "", i);
    strbuf_puts(&list, "],\"posts\":{");
    for (int i = 0; i < MM_SINCE_MAX; i++)
        strbuf_printf(&list,
                      "%s\"p%025d\":{\"id\":\"p%025d\",\"user_id\":\"" BOT "\",\"channel_id\":\"" DM
                      "\",\"create_at\":600}",
                      i ? "," : "", i, i);
    strbuf_puts(&list, "}}");
    const struct wire_reply reply = answer(200, strbuf_text(&list));
    mm_missed_reply(&mm, &missed, &reply, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "?page=0&per_page=200"));
    struct wire_tag next = keep_tag(&out.first->request.tag);
    const struct wire_reply rest = answer(200, "{\"order\":[],\"posts\":{}}");
    wire_out_reset(&out);
    mm_missed_reply(&mm, &next, &rest, &out);
    assert_int_equal(only(WIRE_CAUGHT_UP)->delay_ms, 0);
    drop_tag(&next);
    strbuf_done(&list);
}

static void missed_that_cannot_be_read_is_read_again(void **unused)
{
    static const struct {
        long status;
        const char *body;
        bool again;
    } cases[] = {
        {200, "[]", true},
        {502, "<html>", true},
        {200, "{\"order\":[\"x\"", true},
        {200, "{\"order\":[\"x\"],\"posts\":{}}", true},
        {404, "{\"id\":\"app.channel.get.existing.app_error\",\"status_code\":404}", false},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct wire_reply reply = answer(cases[i].status, cases[i].body);
        wire_out_reset(&out);
        mm_missed_reply(&mm, &missed, &reply, &out);
        if ((only(WIRE_CAUGHT_UP)->delay_ms > 0) != cases[i].again)
            fail_msg("%s", cases[i].body);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(posted_is_json_in_json),
        TEST(frames_are_told_apart),
        TEST(replies_are_no_events),
        TEST(broken_frames_are_refused),
        TEST(session_begins_and_counts),
        TEST(session_resumes_without_a_word),
        TEST(session_gap_is_asked_for_once),
        TEST(session_filled_gap_goes_on),
        TEST(session_event_before_hello_is_a_gap),
        TEST(session_silence_is_noticed),
        TEST(people_come_with_their_zones),
        TEST(people_pages_go_on_until_one_is_short),
        TEST(missed_is_asked_for_place_by_place),
        TEST(missed_words_come_oldest_first),
        TEST(missed_of_a_busy_channel_pages_back),
        TEST(missed_that_cannot_be_read_is_read_again),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
