/* The platform mattermost as the runner sees it: options, connecting, frames, calls, answers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/chat.h"
#include "wire_mattermost_case.h"

#define ACTIONS "https://grit.example.com/chat/mattermost"
#define CONN_ID "cccccccccccccccccccccccccc"
#define ME      "{\"id\":\"" BOT "\",\"username\":\"gritd\"}"
#define ERROR(id, status)                                                                          \
    "{\"id\":\"" id "\",\"message\":\"m\",\"status_code\":" #status ",\"request_id\":\"r\"}"
#define POSTED(seq, id, user, text)                                                                \
    "{\"event\":\"posted\",\"data\":{\"channel_type\":\"D\",\"post\":\"{\\\"id\\\":\\\"" id        \
    "\\\",\\\"create_at\\\":1712345678123,\\\"user_id\\\":\\\"" user                               \
    "\\\",\\\"channel_id\\\":\\\"" DM "\\\",\\\"message\\\":\\\"" text                             \
    "\\\",\\\"type\\\":\\\"\\\",\\\"props\\\":{}}\"},\"broadcast\":{},\"seq\":" #seq "}"
#define HELLO                                                                                      \
    "{\"event\":\"hello\",\"data\":{\"connection_id\":\"" CONN_ID "\"},\"broadcast\":{},\"seq\":"  \
    "0}"
#define PONG "{\"status\":\"OK\",\"data\":{\"text\":\"pong\"},\"seq_reply\":1}"

static void *chat;

static const char *command_token = "cmd-token";

static int make(const char *url, const char *token, const char *actions, struct err *err)
{
    const char *const values[] = {url, token, actions, command_token, NULL};
    const struct chat_setup setup = {.values = values, .seed = 1};
    return chat_mattermost.state_new(&setup, err, &chat);
}

static void reply_to(enum mm_tag kind, struct wire_reply reply)
{
    const struct wire_tag tag = {.kind = kind};
    wire_out_reset(&out);
    chat_mattermost.on_reply(chat, &tag, &reply, &out);
}

static void frame(uint32_t conn, const char *text, msec_t now)
{
    wire_out_reset(&out);
    chat_mattermost.on_frame(chat, conn, text, strlen(text), now, &out);
}

static const struct wire_item *first_of(enum wire_kind kind)
{
    const struct wire_item *one = out.first;
    while (one && one->kind != kind)
        one = one->next;
    return one;
}

static void sign_in(void)
{
    wire_out_reset(&out);
    chat_mattermost.on_start(chat, NOW, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        "https://chat.example.com/api/v4/users/me");
    reply_to(MM_TAG_ME, answer(200, ME));
    assert_string_equal(only(WIRE_CONNECT)->text,
                        "wss://chat.example.com/api/v4/websocket?connection_id=&sequence_number=0");
    assert_string_equal(out.first->headers[0].name, "Authorization");
    wire_out_reset(&out);
}

static void open_as(uint32_t conn)
{
    chat_mattermost.on_open(chat, conn, NULL, &out);
    assert_string_equal(first_of(WIRE_FRAME)->text, "{\"seq\":1,\"action\":\"ping\"}");
    assert_non_null(first_of(WIRE_TIMER));
}

static int begin(void **state)
{
    struct err err = {0};
    (void)state;
    wire_out_init(&out);
    assert_int_equal(make("https://chat.example.com", "secret-token", ACTIONS, &err), 0);
    return 0;
}

static int begin_up(void **state)
{
    int rc = begin(state);
    sign_in();
    open_as(1);
    frame(1, HELLO, NOW);
    assert_int_equal(first_of(WIRE_UP)->conn, 1);
    wire_out_reset(&out);
    return rc;
}

static int end(void **state)
{
    (void)state;
    chat_mattermost.state_free(chat);
    wire_out_done(&out);
    return 0;
}

/* --- options --- */

static void senseless_values_are_refused(void **unused)
{
    static const struct {
        const char *url, *token, *actions, *said;
    } cases[] = {
        {"chat.example.com", "t", NULL, "url must be"},
        {"https://chat.example.com/?x=1", "t", NULL, "url must be"},
        {"https://me@chat.example.com", "t", NULL, "url must be"},
        {"https://chat.example.com", "", NULL, "token is empty"},
        {"https://chat.example.com", "two words", NULL, "token is empty"},
        {"https://chat.example.com", "t\n", NULL, "token is empty"},
        {"https://chat.example.com", "t", "https://grit.example.com", "/chat/mattermost"},
        {"https://chat.example.com", "t", "/chat/mattermost", "/chat/mattermost"},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        void *kept = chat;
        assert_int_equal(make(cases[i].url, cases[i].token, cases[i].actions, &err), -EINVAL);
        if (!strstr(err.text, cases[i].said))
            fail_msg("%s", err.text);
        assert_ptr_equal(chat, kept);
    }
    struct err err = {0};
    command_token = "two words";
    assert_int_equal(make("https://chat.example.com", "t", NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "command_token is empty"));
    command_token = "cmd-token";
}

/* --- connecting --- */

/* One line each that says what to do. */
static void refusals_say_what_to_do(void **unused)
{
    static const struct {
        long status;
        const char *body, *what, *todo;
    } cases[] = {
        {401, ERROR("api.context.session_expired.app_error", 401), "session_expired",
         "not revoked"},
        {404, "<html>nothing here</html>", "no Mattermost server answers", "chat.mattermost.url"},
        {200, "<html>our home page</html>", "no Mattermost server answers", "chat.mattermost.url"},
        {200, "{}", "no Mattermost server answers", "chat.mattermost.url"},
        {301, "", "no Mattermost server answers", "chat.mattermost.url"},
        {400, "Client sent an HTTP request to an HTTPS server.", "no Mattermost server answers",
         "chat.mattermost.url"},
        {404, ERROR("api.context.404.app_error", 404), "no Mattermost server answers", "/api"},
        {501, ERROR("api.x.disabled.app_error", 501), "disabled", "administrator"},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        reply_to(MM_TAG_ME, answer(cases[i].status, cases[i].body));
        const struct wire_item *fatal = first_of(WIRE_FATAL);
        if (!fatal || !strstr(fatal->text, cases[i].what) || !strstr(fatal->todo, cases[i].todo))
            fail_msg("%s: %s; %s", cases[i].body, fatal ? fatal->text : "not told",
                     fatal ? fatal->todo : "");
        assert_true(fatal->delay_ms > 0); /* what is switched on again is found */
        assert_null(first_of(WIRE_CONNECT));
        assert_null(strstr(fatal->text, "secret-token"));
    }
}

static void what_passes_by_itself_is_tried_again(void **unused)
{
    struct wire_reply lost = {.outcome = WIRE_NOT_SENT, .date = MSEC_NONE, .now = NOW};
    (void)unused;
    reply_to(MM_TAG_ME, answer(502, "<html>down for a moment</html>"));
    assert_int_equal(only(WIRE_DROP)->conn, 0);
    lost.error = "Could not resolve host: chat.example.com";
    reply_to(MM_TAG_ME, lost);
    assert_non_null(strstr(only(WIRE_DROP)->text, "Could not resolve host"));
    lost.error = "SSL: no alternative certificate subject name matches target host name";
    reply_to(MM_TAG_ME, lost);
    assert_non_null(strstr(only(WIRE_DROP)->text, "trusts the certificate"));
    assert_non_null(strstr(out.first->text, "chat.mattermost.url"));
}

static void session_goes_on_where_it_ended(void **unused)
{
    const struct chat_closed how = {1006, "", 0};
    (void)unused;
    frame(1, POSTED(1, POST, REP, "hello"), NOW);
    assert_int_equal(only(WIRE_EVENT)->event->type, EVENT_SAID);
    assert_string_equal(out.first->event->id, POST);
    assert_string_equal(out.first->event->chat, REP);
    wire_out_reset(&out);
    chat_mattermost.on_closed(chat, 1, &how, &out);
    chat_mattermost.on_start(chat, NOW, &out);
    assert_string_equal(only(WIRE_CONNECT)->text,
                        "wss://chat.example.com/api/v4/websocket?connection_id=" CONN_ID
                        "&sequence_number=2");
    wire_out_reset(&out);
    open_as(2);
    frame(2, PONG, NOW);
    assert_int_equal(first_of(WIRE_UP)->conn, 2);
    frame(2, POSTED(1, POST, REP, "hello"), NOW); /* had before */
    assert_null(out.first);
    frame(2, POSTED(3, POST, REP, "a gap"), NOW);
    assert_int_equal(only(WIRE_DROP)->conn, 2);
}

/* What never said a word is not resumed; what was refused is asked about first. */
static void resume_that_fails_begins_anew(void **unused)
{
    const struct chat_closed how = {1006, "", 0}, refused = {1006, "", 401};
    (void)unused;
    chat_mattermost.on_closed(chat, 1, &how, &out);
    wire_out_reset(&out);
    open_as(2);
    chat_mattermost.on_closed(chat, 2, &how, &out);
    wire_out_reset(&out);
    chat_mattermost.on_start(chat, NOW, &out);
    assert_non_null(strstr(only(WIRE_CONNECT)->text, "connection_id=&sequence_number=0"));
    chat_mattermost.on_closed(chat, 3, &refused, &out);
    wire_out_reset(&out);
    chat_mattermost.on_start(chat, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "users/me"));
}

/* FM-C01: a connection on which nothing comes is found within 30 s. */
static void silence_ends_a_connection(void **unused)
{
    msec_t now = NOW;
    (void)unused;
    chat_mattermost.on_timer(chat, now, &out); /* people are asked for */
    for (int i = 0; i < 3; i++) {
        wire_out_reset(&out);
        now += 8000;
        chat_mattermost.on_timer(chat, now, &out);
    }
    assert_int_equal(first_of(WIRE_DROP)->conn, 1);
    assert_true(now - NOW <= 30000);
}

static void token_revoked_in_the_middle_ends_the_connection(void **unused)
{
    (void)unused;
    reply_to(MM_TAG_POST, answer(401, ERROR("api.context.session_expired.app_error", 401)));
    assert_non_null(first_of(WIRE_FATAL));
    assert_int_equal(first_of(WIRE_DROP)->conn, 1);
    wire_out_reset(&out);
    chat_mattermost.on_start(chat, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "users/me"));
}

static void frames_from_before_new_settings(void **unused)
{
    struct err err = {0};
    (void)unused;
    chat_mattermost.state_free(chat);
    assert_int_equal(make("https://chat.example.com", "other", NULL, &err), 0);
    frame(1, POSTED(7, POST, REP, "in between"), NOW);
    assert_int_equal(only(WIRE_DROP)->conn, 1); /* the history has it */
    sign_in();
    frame(1, POSTED(8, POST, REP, "in between"), NOW);
    assert_string_equal(only(WIRE_EVENT)->event->text, "in between");
    frame(1, "]][[", NOW);
    assert_null(out.first);
}

static void people_come_and_go(void **unused)
{
    (void)unused;
    chat_mattermost.on_timer(chat, NOW, &out);
    assert_non_null(strstr(first_of(WIRE_REQUEST)->request.url, "users?page=0"));
    frame(1,
          "{\"event\":\"user_updated\",\"data\":{\"user\":{\"id\":\"" REP "\",\"username\":\"ana\","
          "\"delete_at\":5,\"timezone\":{\"useAutomaticTimezone\":\"false\","
          "\"manualTimezone\":\"Asia/Tokyo\"}}},\"broadcast\":{},\"seq\":1}",
          NOW);
    const struct event *event = only(WIRE_EVENT)->event;
    assert_int_equal(event->type, EVENT_PERSON);
    assert_string_equal(event->zone, "Asia/Tokyo");
    assert_true(event->gone);
    frame(1,
          "{\"event\":\"new_user\",\"data\":{\"user_id\":\"" REP "\"},\"broadcast\":{},\"seq\":2}",
          NOW);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "users/ids"));
    assert_string_equal(out.first->request.body, "[\"" REP "\"]");
    reply_to(MM_TAG_USERS, answer(500, ""));
    assert_true(first_of(WIRE_TIMER)->delay_ms <= 30000);
}

/* FM-J01: a listing that was asked for before an event says what was true before it. */
static void what_is_told_counts_more_than_an_older_listing(void **unused)
{
    static const char *const page = "[{\"id\":\"" REP "\",\"username\":\"ana\",\"delete_at\":0}]";
    char mark[32];
    (void)unused;
    chat_mattermost.on_timer(chat, NOW, &out);
    struct wire_tag tag = first_of(WIRE_REQUEST)->request.tag;
    (void)snprintf(mark, sizeof(mark), "%s", tag.more); /* the frame below gives its memory back */
    tag.more = mark;
    frame(1,
          "{\"event\":\"user_updated\",\"data\":{\"user\":{\"id\":\"" REP "\",\"username\":\"ana\","
          "\"delete_at\":5}},\"broadcast\":{},\"seq\":1}",
          NOW);
    assert_true(only(WIRE_EVENT)->event->gone);
    wire_out_reset(&out);
    struct wire_reply reply = answer(200, page);
    chat_mattermost.on_reply(chat, &tag, &reply, &out);
    assert_null(out.first);
    /* the next one is newer */
    chat_mattermost.on_timer(chat, NOW + 2 * MSEC_DAY, &out);
    tag = first_of(WIRE_REQUEST)->request.tag;
    (void)snprintf(mark, sizeof(mark), "%s", tag.more);
    tag.more = mark;
    wire_out_reset(&out);
    chat_mattermost.on_reply(chat, &tag, &reply, &out);
    assert_false(only(WIRE_EVENT)->event->gone);
}

/* FM-G06: the bot's own posts, bots, system messages and other channels are no words. */
static void own_and_foreign_posts_are_passed_over(void **unused)
{
    (void)unused;
    frame(1, POSTED(1, POST, BOT, "own"), NOW);
    assert_null(out.first);
    frame(1,
          "{\"event\":\"posted\",\"data\":{\"channel_type\":\"O\",\"post\":\"{\\\"id\\\":\\\"" POST
          "\\\",\\\"user_id\\\":\\\"" REP "\\\",\\\"channel_id\\\":\\\"" DM
          "\\\",\\\"message\\\":\\\"to all\\\"}\"},\"broadcast\":{},\"seq\":2}",
          NOW);
    assert_null(out.first);
}

/* --- sending --- */

static const struct chat_place rep = {.user = REP};

static void channel_is_asked_for_once(void **unused)
{
    const struct message message = question();
    (void)unused;
    chat_mattermost.encode_send(chat, &message, &rep, NOW, &out);
    struct wire_tag tag = keep_tag(&only(WIRE_REQUEST)->request.tag);
    assert_non_null(strstr(out.first->request.url, "channels/direct"));
    wire_out_reset(&out);
    const struct wire_reply made = answer(201, "{\"id\":\"" DM "\"}");
    chat_mattermost.on_reply(chat, &tag, &made, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "/posts"));
    drop_tag(&tag);
    wire_out_reset(&out);
    chat_mattermost.encode_send(chat, &message, &rep, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "/posts"));
    json_t *body = body_of(out.first);
    assert_string_equal(text_at(body, "channel_id"), DM);
    assert_string_equal(text_at(body, "pending_post_id"), BOT ":" KEY);
    assert_string_equal(text_at(body, "props.gritd_k"), KEY);
    assert_string_equal(text_at(body, "props.attachments.0.actions.0.integration.url"), ACTIONS);
    json_decref(body);
    wire_out_reset(&out);
    chat_mattermost.encode_catch_up(chat, &rep, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "channels/" DM "/posts?since="));
    wire_out_reset(&out);
    chat_mattermost.encode_lookup(chat, KEY, &rep, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "channels/" DM "/posts?since="));
}

/* FM-A02: the event of our own post proves it where the answer was lost. */
static void echo_proves_a_post(void **unused)
{
    const struct wire_reply lost = {
        .outcome = WIRE_LOST, .date = MSEC_NONE, .now = NOW, .error = "reset"};
    const struct wire_tag tag = {.kind = MM_TAG_POST, .key = KEY};
    (void)unused;
    chat_mattermost.on_reply(chat, &tag, &lost, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNKNOWN);
    frame(1,
          "{\"event\":\"posted\",\"data\":{\"channel_type\":\"D\",\"post\":\"{\\\"id\\\":\\\"" POST
          "\\\",\\\"user_id\\\":\\\"" BOT "\\\",\\\"channel_id\\\":\\\"" DM
          "\\\",\\\"message\\\":\\\"?\\\",\\\"props\\\":{\\\"gritd_k\\\":\\\"" KEY
          "\\\"}}\"},\"broadcast\":{},\"seq\":1}",
          NOW);
    chat_mattermost.on_reply(chat, &tag, &lost, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_SENT);
    assert_string_equal(out.first->result.platform_id, POST);
    assert_string_equal(out.first->result.channel, DM);
}

/* --- calls --- */

static void call(const char *path, const char *body)
{
    const struct chat_call in = {path, "", "application/json", body, strlen(body)};
    wire_out_reset(&out);
    chat_mattermost.on_call(chat, 9, &in, NOW, &out);
}

/* The body of a click on the first button of a question, by somebody, with a change. */
static char *click(const char *user, const char *trigger, const char *change)
{
    const struct message message = question();
    wire_out_reset(&out);
    chat_mattermost.encode_send(chat, &message, &(struct chat_place){.user = REP, .channel = DM},
                                NOW, &out);
    json_t *post = body_of(out.first);
    json_t *context = json_deep_copy(at(post, "props.attachments.0.actions.1.integration.context"));
    if (change)
        (void)json_object_set_new(context, change, json_string("changed"));
    json_t *body = json_pack("{s:s,s:s,s:s,s:o}", "user_id", user, "trigger_id", trigger, "post_id",
                             POST, "context", context);
    char *text = json_dumps(body, 0);
    json_decref(body);
    json_decref(post);
    return text;
}

static void click_is_answered_once_it_is_durable(void **unused)
{
    char *body = click(REP, "T1", NULL), id[64];
    (void)unused;
    call("", body);
    const struct wire_item *one = only(WIRE_EVENT);
    assert_int_equal(one->conn, 9);
    assert_string_equal(one->ack, "{}");
    assert_string_equal(one->event->button, "later");
    assert_string_equal(one->event->message, KEY);
    (void)snprintf(id, sizeof(id), "%s", one->event->id);
    call("", body); /* the server asks again when it had no answer */
    assert_string_equal(only(WIRE_EVENT)->event->id, id);
    free(body);
    body = click(REP, "T2", NULL);
    call("", body);
    assert_string_not_equal(only(WIRE_EVENT)->event->id, id);
    free(body);
}

/* FM-G05: somebody else's click and a made-up one change nothing, and are answered kindly. */
static void foreign_click_changes_nothing(void **unused)
{
    static const char *const changes[] = {"k", "b", "v", "u", "s"};
    char *body = click(BOT, "T1", NULL);
    (void)unused;
    call("", body);
    assert_non_null(strstr(only(WIRE_FRAME)->text, "somebody else"));
    free(body);
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        body = click(REP, "T1", changes[i]);
        call("", body);
        assert_non_null(strstr(only(WIRE_FRAME)->text, "write to me instead"));
        free(body);
    }
}

static void calls_that_are_none_are_refused(void **unused)
{
    struct err err = {0};
    char *body = click(REP, "T1", NULL);
    (void)unused;
    call("", "{}");
    assert_int_equal(only(WIRE_DROP)->number, 400);
    call("", "]][[");
    assert_int_equal(only(WIRE_DROP)->number, 400);
    call("/more", body);
    assert_int_equal(only(WIRE_DROP)->number, 404);
    chat_mattermost.state_free(chat);
    assert_int_equal(make("https://chat.example.com", "secret-token", ACTIONS, &err), 0);
    call("", body); /* who we are is not known yet */
    assert_int_equal(only(WIRE_DROP)->number, 503);
    chat_mattermost.state_free(chat);
    assert_int_equal(make("https://chat.example.com", "secret-token", NULL, &err), 0);
    call("", body);
    assert_int_equal(only(WIRE_DROP)->number, 404);
    free(body);
}

/* --- slash commands --- */

static void command(const char *body)
{
    const struct chat_call in = {"", "Token cmd-token", "application/x-www-form-urlencoded", body,
                                 strlen(body)};
    wire_out_reset(&out);
    chat_mattermost.on_call(chat, 9, &in, NOW, &out);
}

#define FORM(token, user, more)                                                                    \
    "channel_id=" DM "&channel_name=x&command=%2Fgrit&response_url=http%3A%2F%2Fx%2Fhooks"         \
    "&team_domain=sales&token=" token "&user_id=" user "&user_name=ana" more

static void command_is_said_with_a_slash(void **unused)
{
    static const struct {
        const char *more, *said;
    } cases[] = {
        {"&text=pause+2h&trigger_id=T1", "/pause 2h"},
        {"&text=goals+%26+plans%3A+%C3%BC&trigger_id=T1", "/goals & plans: \xC3\xBC"},
        {"&text=&trigger_id=T1", "/help"},
        {"&text=++&trigger_id=T1", "/help"},
        {"&trigger_id=T1", "/help"},
        {"", "/help"},
    };
    char id[64];
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP_FREE char *body = NULL;
        if (asprintf(&body, "%s%s", FORM("cmd-token", REP, ""), cases[i].more) < 0)
            fail();
        command(body);
        const struct wire_item *one = only(WIRE_EVENT);
        assert_int_equal(one->conn, 9);
        assert_non_null(strstr(one->ack, "\"ephemeral\""));
        assert_non_null(strstr(one->ack, CHAT_COMMAND_TAKEN));
        assert_int_equal(one->event->type, EVENT_SAID);
        assert_string_equal(one->event->chat, REP);
        assert_string_equal(one->event->text, cases[i].said);
        assert_true(one->event->time == NOW);
    }
    command(FORM("cmd-token", REP, "&text=help&trigger_id=T1"));
    (void)snprintf(id, sizeof(id), "%s", only(WIRE_EVENT)->event->id);
    command(FORM("cmd-token", REP, "&text=help&trigger_id=T1")); /* delivered once more */
    assert_string_equal(only(WIRE_EVENT)->event->id, id);
    command(FORM("cmd-token", REP, "&text=help&trigger_id=T2"));
    assert_string_not_equal(only(WIRE_EVENT)->event->id, id);
}

static void command_of_somebody_else_is_refused(void **unused)
{
    static const struct {
        const char *body;
        int status;
    } cases[] = {
        {FORM("cmd-tokem", REP, "&text=help"), 401},
        {FORM("cmd-toke", REP, "&text=help"), 401},
        {FORM("cmd-token2", REP, "&text=help"), 401},
        {FORM("", REP, "&text=help"), 400},
        {FORM("cmd-token", "", "&text=help"), 400},
        {FORM("cmd-token", REP REP, "&text=help"), 400},
        {FORM("cmd%token", REP, "&text=help"), 400},
        {FORM("cmd%00token", REP, "&text=help"), 400},
        {"xtoken=cmd-token&user_id=" REP, 400},
        {"token", 400},
        {"", 400},
        {"&&=&", 400},
    };
    struct err err = {0};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        command(cases[i].body);
        if (only(WIRE_DROP)->number != cases[i].status)
            fail_msg("%s", cases[i].body);
    }
    chat_mattermost.state_free(chat);
    command_token = NULL;
    assert_int_equal(make("https://chat.example.com", "secret-token", ACTIONS, &err), 0);
    command(FORM("cmd-token", REP, "&text=help"));
    assert_int_equal(only(WIRE_DROP)->number, 404);
    chat_mattermost.state_free(chat);
    command_token = "cmd-token";
    assert_int_equal(make("https://chat.example.com", "secret-token", NULL, &err), 0);
    command(FORM("cmd-token", REP, "&text=help")); /* who we are is not known yet */
    assert_int_equal(only(WIRE_DROP)->number, 503);
    sign_in();
    command(FORM("cmd-token", REP, "&text=help")); /* buttons or not: a row of its own */
    assert_true(only(WIRE_EVENT)->event->plain);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define NEW_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define TEST(name)     cmocka_unit_test_setup_teardown(name, begin_up, end)
        NEW_TEST(senseless_values_are_refused),
        NEW_TEST(refusals_say_what_to_do),
        NEW_TEST(what_passes_by_itself_is_tried_again),
        TEST(session_goes_on_where_it_ended),
        TEST(resume_that_fails_begins_anew),
        TEST(silence_ends_a_connection),
        TEST(token_revoked_in_the_middle_ends_the_connection),
        TEST(frames_from_before_new_settings),
        TEST(people_come_and_go),
        TEST(what_is_told_counts_more_than_an_older_listing),
        TEST(own_and_foreign_posts_are_passed_over),
        TEST(channel_is_asked_for_once),
        TEST(echo_proves_a_post),
        TEST(click_is_answered_once_it_is_durable),
        TEST(foreign_click_changes_nothing),
        TEST(calls_that_are_none_are_refused),
        TEST(command_is_said_with_a_slash),
        TEST(command_of_somebody_else_is_refused),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
