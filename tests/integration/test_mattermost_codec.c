/* The Mattermost codec over real HTTP and web sockets against the fake: what is sent arrives once,
 * what is lost is told apart, what is missed is fetched. A runner of a few lines stands in for
 * io/chat, so that the codec is what is tested. */
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "io/httpc.h"
#include "io/ws.h"
#include "wire/mattermost_act.h"

#define REP "rrrrrrrrrrrrrrrrrrrrrrrrrr"
#define DM  "drrrrrrrrrrrrrrrrrrrrrrrrr"

enum { WAIT_MS = 120000, EVENTS_MAX = 64 };

static struct {
    uv_loop_t loop;
    uv_timer_t beat;
    struct ws *ws;
    struct ws_conn *conn;
    struct httpc *httpc;
    pid_t fake;
    char base[64];
    struct mattermost mm;
    struct mm_session session;
    bool auto_connect;
    int ready, fatals, news, resumes, gaps, closed, echoes;
    int results;
    enum chat_outcome outcome;
    msec_t retry_after_ms;
    unsigned timeout_ms; /* of a request */
    char channel[32], platform_id[32], error[128];
    int events, said, persons, caught_up;
    char words[EVENTS_MAX][64];
} rig;

static const char *const rig_auth[] = {"Authorization: Bearer mm-test", NULL};

#define WAIT(condition)                                                                            \
    do {                                                                                           \
        uint64_t until_ = uv_hrtime() + (uint64_t)WAIT_MS * 1000000;                               \
        while (!(condition)) {                                                                     \
            if (uv_hrtime() > until_)                                                              \
                fail_msg("waited in vain for %s (%s)", #condition, rig.error);                     \
            (void)uv_run(&rig.loop, UV_RUN_ONCE);                                                  \
        }                                                                                          \
    } while (0)

static msec_t now(void)
{
    uv_timeval64_t at;
    (void)uv_gettimeofday(&at); /* cannot fail here */
    return at.tv_sec * 1000 + at.tv_usec / 1000;
}

/* --- the runner --- */

static void run(struct wire_out *out);

struct flight {
    struct wire_tag tag;
};

static void dispatch(const struct wire_tag *tag, const struct wire_reply *reply,
                     struct wire_out *out)
{
    const char *error = NULL;
    bool more;
    switch ((enum mm_tag)tag->kind) {
    case MM_TAG_ME:
        rig.ready += mm_me_reply(&rig.mm, reply, out, &error);
        break;
    case MM_TAG_SEND_DIRECT:
    case MM_TAG_POST:
    case MM_TAG_PATCH:
        mm_send_reply(&rig.mm, tag, reply, out);
        break;
    case MM_TAG_FIND_DIRECT:
    case MM_TAG_FIND:
        mm_find_reply(&rig.mm, tag, reply, out);
        break;
    case MM_TAG_USERS:
    case MM_TAG_USER:
        (void)mm_people_reply(&rig.mm, tag, reply, out, &more); /* events tell */
        break;
    case MM_TAG_MISSED_DIRECT:
    case MM_TAG_MISSED:
        mm_missed_reply(&rig.mm, tag, reply, out);
        break;
    case MM_TAG_DIALOG:
        break;
    }
}

static void on_reply(void *user, const struct httpc_result *result)
{
    static const enum wire_outcome outcomes[] = {[HTTPC_ANSWERED] = WIRE_ANSWERED,
                                                 [HTTPC_NOT_SENT] = WIRE_NOT_SENT,
                                                 [HTTPC_UNKNOWN] = WIRE_LOST};
    struct flight *flight = user;
    const struct wire_reply reply = {.outcome = outcomes[result->outcome],
                                     .status = result->status,
                                     .retry_after_ms =
                                         wire_retry_after(result->retry_after, result->date),
                                     .date = result->date,
                                     .now = now(),
                                     .body = result->body,
                                     .len = result->len,
                                     .error = result->error};
    struct wire_out out;
    wire_out_init(&out);
    dispatch(&flight->tag, &reply, &out);
    run(&out);
    wire_out_done(&out);
    free((void *)(uintptr_t)flight->tag.key);
    free((void *)(uintptr_t)flight->tag.channel);
    free((void *)(uintptr_t)flight->tag.more);
    free(flight);
}

static void send_request(const struct wire_request *request)
{
    struct err err = {0};
    struct flight *flight = xcalloc(1, sizeof(*flight));
    const struct httpc_request http = {.url = request->url,
                                       .method = request->verb,
                                       .headers = rig_auth,
                                       .content_type = request->content_type,
                                       .body = request->body,
                                       .len = request->len,
                                       .total_timeout_ms = rig.timeout_ms};
    flight->tag = request->tag;
    flight->tag.key = xstrdup(request->tag.key);
    flight->tag.channel = xstrdup(request->tag.channel);
    flight->tag.more = xstrdup(request->tag.more);
    if (httpc_send(rig.httpc, &http, on_reply, flight, &err) != 0)
        fail_msg("%s: %s", request->url, err.text);
}

static void keep_event(const struct event *event)
{
    assert_true(rig.events < EVENTS_MAX);
    (void)snprintf(rig.words[rig.events++], sizeof(rig.words[0]), "%s",
                   event->text ? event->text : "");
    rig.said += event->type == EVENT_SAID;
    rig.persons += event->type == EVENT_PERSON;
}

static void keep_result(const struct chat_result *result)
{
    rig.results++;
    rig.outcome = result->outcome;
    rig.retry_after_ms = result->retry_after_ms;
    (void)snprintf(rig.channel, sizeof(rig.channel), "%s", result->channel ? result->channel : "");
    (void)snprintf(rig.platform_id, sizeof(rig.platform_id), "%s",
                   result->platform_id ? result->platform_id : "");
    (void)snprintf(rig.error, sizeof(rig.error), "%s", result->error ? result->error : "");
}

static void run(struct wire_out *out)
{
    for (const struct wire_item *item = out->first; item; item = item->next) {
        if (item->kind == WIRE_REQUEST)
            send_request(&item->request);
        else if (item->kind == WIRE_RESULT)
            keep_result(&item->result);
        else if (item->kind == WIRE_EVENT)
            keep_event(item->event);
        else if (item->kind == WIRE_FATAL)
            rig.fatals++;
        else if (item->kind == WIRE_CAUGHT_UP)
            rig.caught_up++;
    }
}

/* --- the websocket --- */

static void dial(void);

static void on_open(void *user, struct ws_conn *conn)
{
    struct arena arena;
    (void)user;
    arena_init(&arena);
    const char *ping = mm_session_open(&rig.session, now(), &arena);
    assert_int_equal(ws_send(conn, ping, strlen(ping)), 0);
    arena_done(&arena);
}

static void on_posted(const struct mm_frame *frame, struct wire_out *out)
{
    rig.echoes += str_eq(frame->post.user, rig.mm.id) && frame->post.key;
    if (frame->channel_type == 'D')
        (void)mm_said(&rig.mm, &frame->post, 1, out); /* our own are passed over */
}

static void on_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    struct mm_frame frame;
    struct wire_out out;
    (void)user, (void)text;
    wire_out_init(&out);
    assert_int_equal(mm_frame_read(data, len, &frame), 0);
    enum mm_step step = mm_session_frame(&rig.session, &frame, now());
    rig.news += step == MM_NEW;
    rig.resumes += step == MM_RESUMED;
    rig.gaps += step == MM_GAP;
    if (step == MM_GAP)
        ws_close(conn, 1000, "gap");
    else if (step != MM_REPEATED && frame.kind == MM_FRAME_EVENT && frame.event == MM_EVENT_POSTED)
        on_posted(&frame, &out);
    run(&out);
    mm_frame_done(&frame);
    wire_out_done(&out);
}

static void on_closed(void *user, struct ws_conn *conn, const struct ws_closed *why)
{
    (void)user, (void)conn, (void)why;
    rig.conn = NULL;
    rig.closed++;
    if (rig.auto_connect)
        dial();
}

static void dial(void)
{
    static const struct ws_handler handler = {on_open, on_message, on_closed};
    struct arena arena;
    struct err err = {0};
    arena_init(&arena);
    const struct ws_target target = {.url = mm_session_url(&rig.session, rig.mm.api, &arena),
                                     .headers = rig_auth};
    if (ws_connect(rig.ws, &target, &handler, NULL, &err, &rig.conn) != 0)
        fail_msg("%s", err.text);
    arena_done(&arena);
}

/* --- the fake --- */

static void start_fake(void)
{
    char line[128] = "";
    int fds[2], port = 0;
    const char *path = getenv("FAKE_MATTERMOST");
    assert_int_equal(pipe(fds), 0);
    rig.fake = fork();
    assert_true(rig.fake >= 0);
    if (rig.fake == 0) {
        (void)dup2(fds[1], 1); /* a failure shows as a missing first line */
        close(fds[0]);
        execl(path ? path : "fake_mattermost", "fake_mattermost", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    FILE *out = fdopen(fds[0], "r");
    if (!fgets(line, sizeof(line), out) ||
        sscanf(line, "listening: http://127.0.0.1:%d", &port) != 1)
        fail_msg("cannot run the fake (set FAKE_MATTERMOST)");
    (void)fclose(out); /* only read */
    (void)snprintf(rig.base, sizeof(rig.base), "http://127.0.0.1:%d", port);
}

struct told_result {
    bool done;
    long status;
    json_t *answer;
};

static void on_told(void *user, const struct httpc_result *result)
{
    struct told_result *told = user;
    told->status = result->status;
    told->answer = json_loadb(result->body, result->len, 0, NULL);
    told->done = true;
}

/* The caller frees the answer. */
static json_t *control(const char *path, const char *body)
{
    char url[256];
    struct told_result told = {0};
    struct err err = {0};
    (void)snprintf(url, sizeof(url), "%s/_ctl/%s", rig.base, path);
    const struct httpc_request request = {.url = url, .body = body, .len = body ? strlen(body) : 0};
    assert_int_equal(httpc_send(rig.httpc, &request, on_told, &told, &err), 0);
    WAIT(told.done);
    if (told.status != 200)
        fail_msg("%s %s: %ld", path, body, told.status);
    return told.answer;
}

static void tell(const char *path, const char *body)
{
    json_decref(control(path, body));
}

static json_int_t stat_of(const char *name)
{
    json_t *stats = control("stats", NULL);
    const json_t *value = json_object_get(stats, name);
    assert_true(json_is_integer(value));
    json_int_t number = json_integer_value(value);
    json_decref(stats);
    return number;
}

static void say(const char *text)
{
    char body[256];
    (void)snprintf(body, sizeof(body), "{\"type\":\"say\",\"user\":\"" REP "\",\"text\":\"%s\"}",
                   text);
    tell("user", body);
}

/* --- life --- */

static void on_beat(uv_timer_t *timer)
{
    (void)timer; /* the loop turns, that is all */
}

static int setup(void **unused)
{
    const struct ws_opts ws_opts = {.ping_s = 1, .hangup_s = 3};
    const struct httpc_opts http_opts = {0};
    struct err err = {0};
    struct wire_out out;
    (void)unused;
    memset(&rig, 0, sizeof(rig));
    rig.timeout_ms = WAIT_MS;
    start_fake();
    assert_int_equal(uv_loop_init(&rig.loop), 0);
    uv_timer_init(&rig.loop, &rig.beat);
    uv_timer_start(&rig.beat, on_beat, 5, 5);
    assert_int_equal(ws_new(&rig.loop, &ws_opts, &err, &rig.ws), 0);
    assert_int_equal(httpc_new(&rig.loop, &http_opts, &err, &rig.httpc), 0);
    assert_int_equal(mm_init(&rig.mm, rig.base, NULL, "secret", NULL, &err), 0);
    mm_session_init(&rig.session);
    wire_out_init(&out);
    mm_ask_me(&rig.mm, &out);
    run(&out);
    wire_out_done(&out);
    WAIT(rig.ready);
    dial();
    WAIT(rig.news == 1);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    rig.auto_connect = false;
    httpc_cancel_all(rig.httpc);
    httpc_free(rig.httpc);
    ws_stop(rig.ws);
    uv_close((uv_handle_t *)&rig.beat, NULL);
    (void)uv_run(&rig.loop, UV_RUN_DEFAULT); /* 0 or the close below fails */
    ws_free(rig.ws);
    assert_int_equal(uv_loop_close(&rig.loop), 0);
    kill(rig.fake, SIGTERM);
    waitpid(rig.fake, NULL, 0);
    mm_done(&rig.mm);
    return 0;
}

static void send_to(const struct chat_place *place, const char *key)
{
    struct message message = {.op = MESSAGE_POST, .key = key, .text = "Did you call?", .at = now()};
    struct wire_out out;
    int before = rig.results;
    message.input = (struct input){.present = true, .type = ANSWER_YES_NO};
    wire_out_init(&out);
    mm_send(&rig.mm, &message, place, &out);
    run(&out);
    wire_out_done(&out);
    WAIT(rig.results > before);
}

static void post(const char *key)
{
    send_to(&(struct chat_place){.user = REP}, key);
}

static enum chat_outcome look_up(const char *key)
{
    struct wire_out out;
    int before = rig.results;
    wire_out_init(&out);
    mm_lookup(&rig.mm, &key, 1, &(struct chat_place){.user = REP, .channel = DM}, now(), &out);
    run(&out);
    wire_out_done(&out);
    WAIT(rig.results > before);
    return rig.outcome;
}

static void fetch_missed(msec_t since)
{
    struct wire_out out;
    wire_out_init(&out);
    mm_catch_up(&rig.mm, &(struct chat_place){.user = REP}, since, &out);
    run(&out);
    wire_out_done(&out);
}

/* --- tests --- */

static void words_go_both_ways(void **unused)
{
    (void)unused;
    post("k1");
    assert_int_equal(rig.outcome, CHAT_SENT);
    assert_string_equal(rig.channel, DM);
    WAIT(rig.echoes == 1); /* the faster proof */
    say("1");
    say("not yet, on Monday");
    WAIT(rig.said == 2);
    assert_string_equal(rig.words[0], "1");
    assert_string_equal(rig.words[1], "not yet, on Monday");
    assert_int_equal(stat_of("posts_stored"), 1);
}

static void repeated_post_is_one_post(void **unused)
{
    char first[32];
    (void)unused;
    post("k1");
    (void)snprintf(first, sizeof(first), "%s", rig.platform_id);
    post("k1"); /* within the server's memory of pending ids */
    assert_int_equal(rig.outcome, CHAT_SENT);
    assert_string_equal(rig.platform_id, first);
    assert_int_equal(stat_of("posts_stored"), 1);
}

static void each_fault_is_told_for_what_it_is(void **unused)
{
    static const struct {
        const char *knob;
        enum chat_outcome outcome, look_up;
    } cases[] = {
#define BEFORE(more) "{\"fail_before_store\":{\"method\":\"posts.create\"," more "}}"
#define AFTER(more)  "{\"fail_after_store\":{\"method\":\"posts.create\"," more "}}"
        {BEFORE("\"status\":\"close\""), CHAT_UNKNOWN, CHAT_MISSING},
        {BEFORE("\"status\":\"reset\""), CHAT_UNKNOWN, CHAT_MISSING},
        {BEFORE("\"status\":500"), CHAT_UNKNOWN, CHAT_MISSING},
        {BEFORE("\"status\":\"html\",\"http\":502"), CHAT_UNKNOWN, CHAT_MISSING},
        {BEFORE("\"status\":\"api.context.permissions.app_error\",\"http\":403"), CHAT_RETRY,
         CHAT_MISSING},
        {BEFORE("\"status\":429,\"retry_after\":\"7\""), CHAT_RETRY, CHAT_MISSING},
        {BEFORE("\"status\":\"hang\""), CHAT_UNKNOWN, CHAT_MISSING},
        {AFTER("\"status\":\"close\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"reset\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":500"), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"html\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"truncated\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"cut\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"head\""), CHAT_UNKNOWN, CHAT_FOUND},
        {AFTER("\"status\":\"empty\""), CHAT_UNKNOWN, CHAT_FOUND},
    };
    (void)unused;
    post("first");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "key%zu", i);
        tell("set", cases[i].knob);
        rig.timeout_ms =
            strstr(cases[i].knob, "hang") ? 1500 : WAIT_MS; /* only that is waited for */
        post(key);
        rig.timeout_ms = WAIT_MS;
        if (rig.outcome != cases[i].outcome)
            fail_msg("%s: %d %s", cases[i].knob, (int)rig.outcome, rig.error);
        if (look_up(key) != cases[i].look_up)
            fail_msg("%s: looked up, it is %d", cases[i].knob, (int)rig.outcome);
    }
}

/* FM-B08: a post that is still being made when it is sent again: no proof of anything. */
static void pending_post_is_unknown(void **unused)
{
    (void)unused;
    post("first");
    tell("set",
         "{\"hold_ms\":{\"method\":\"posts.create\",\"ms\":6000,\"store\":\"after\",\"count\":1}}");
    rig.timeout_ms = 1000;
    post("k1"); /* our time is over first */
    assert_int_equal(rig.outcome, CHAT_UNKNOWN);
    rig.timeout_ms = WAIT_MS;
    post("k1");
    assert_int_equal(rig.outcome, CHAT_UNKNOWN);
    assert_string_equal(rig.error, "api.post.deduplicate_create_post.pending");
    assert_int_equal(look_up("k1"), CHAT_MISSING); /* so far */
    WAIT(stat_of("posts_stored") == 2);
    assert_int_equal(look_up("k1"), CHAT_FOUND);
}

static void late_post_is_found_later(void **unused)
{
    (void)unused;
    post("first");
    tell("set",
         "{\"fail_before_store\":{\"method\":\"posts.create\",\"status\":\"reset\",\"ms\":400}}");
    post("k1");
    assert_int_equal(rig.outcome, CHAT_UNKNOWN);
    WAIT(stat_of("posts_stored") == 2);
    assert_int_equal(look_up("k1"), CHAT_FOUND);
    tell("set", "{\"history_lose\":true}");
    assert_int_equal(look_up("k1"), CHAT_MISSING); /* assumption A2: history is complete */
}

static void refusals_are_final_or_for_the_operator(void **unused)
{
    (void)unused;
    post("first");
    tell("set", "{\"archive\":\"" DM "\"}");
    post("k1");
    assert_int_equal(rig.outcome, CHAT_REJECTED);
    assert_string_equal(rig.error, "api.post.create_post.can_not_post_to_deleted.error");
    tell("set", "{\"revoke\":true}");
    post("k2");
    assert_int_equal(rig.outcome, CHAT_RETRY);
    assert_int_equal(rig.fatals, 1);
    assert_int_equal(look_up("k2"), CHAT_UNREADABLE);
}

static void words_of_an_outage_are_replayed(void **unused)
{
    (void)unused;
    post("k1");
    tell("drop", "{\"code\":0}");
    WAIT(rig.closed == 1);
    say("while you were away");
    dial();
    WAIT(rig.resumes == 1);
    WAIT(rig.said == 1);
    assert_int_equal(rig.news, 1);
    say("and now");
    WAIT(rig.said == 2);
    assert_int_equal(rig.gaps, 0);
}

static void forgotten_session_begins_anew_and_fetches(void **unused)
{
    msec_t lost;
    (void)unused;
    post("k1");
    lost = now();
    tell("set", "{\"forget\":true}");
    tell("drop", "{\"code\":1001}");
    WAIT(rig.closed == 1);
    say("first");
    say("second");
    dial();
    WAIT(rig.news == 2);
    assert_int_equal(rig.said, 0);
    fetch_missed(lost);
    WAIT(rig.caught_up == 1);
    assert_int_equal(rig.said, 2);
    assert_string_equal(rig.words[0], "first");
    assert_string_equal(rig.words[1], "second");
}

static void gap_leads_to_a_new_session(void **unused)
{
    (void)unused;
    post("k1");
    rig.auto_connect = true;
    tell("set", "{\"gap\":2}");
    say("after the gap");
    WAIT(rig.gaps >= 1);
    WAIT(rig.news == 2);
    say("in order");
    WAIT(rig.said == 1);
    assert_string_equal(rig.words[0], "in order");
    fetch_missed(now());
    WAIT(rig.said == 3); /* both once more: their ids tell what was had before */
    assert_string_equal(rig.words[1], "after the gap");
}

static void events_sent_twice_are_taken_once(void **unused)
{
    (void)unused;
    tell("set", "{\"duplicate_event\":true}");
    post("k1");
    say("one");
    say("two");
    WAIT(rig.said == 2);
    tell("set", "{\"duplicate_event\":false}");
    say("three");
    WAIT(rig.said == 3);
    assert_string_equal(rig.words[2], "three");
}

static void people_are_listed(void **unused)
{
    struct wire_out out;
    (void)unused;
    wire_out_init(&out);
    mm_people_ask(&rig.mm, 0, &out);
    run(&out);
    wire_out_done(&out);
    WAIT(rig.persons == 2); /* and not the bot */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(words_go_both_ways),
        TEST(repeated_post_is_one_post),
        TEST(each_fault_is_told_for_what_it_is),
        TEST(pending_post_is_unknown),
        TEST(late_post_is_found_later),
        TEST(refusals_are_final_or_for_the_operator),
        TEST(words_of_an_outage_are_replayed),
        TEST(forgotten_session_begins_anew_and_fetches),
        TEST(gap_leads_to_a_new_session),
        TEST(events_sent_twice_are_taken_once),
        TEST(people_are_listed),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
