#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "chat_rig.h"

struct rig rig;

/* --- the fake --- */

static const char *fake_path(void)
{
    const char *path = getenv(rig_kind.env);
    return path ? path : rig_kind.program;
}

static void start_fake(void)
{
    char line[128] = "";
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    rig.fake = fork();
    assert_true(rig.fake >= 0);
    if (rig.fake == 0) {
        (void)dup2(fds[1], 1); /* a failure shows as a missing first line */
        close(fds[0]);
        execl(fake_path(), rig_kind.program, "--port", "0", "--users", "6", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    FILE *out = fdopen(fds[0], "r");
    if (!fgets(line, sizeof(line), out) ||
        sscanf(line, "listening: http://127.0.0.1:%d", &rig.port) != 1)
        fail_msg("cannot run %s (set %s)", fake_path(), rig_kind.env);
    (void)fclose(out); /* only read */
    (void)snprintf(rig.base, sizeof(rig.base), "http://127.0.0.1:%d", rig.port);
    (void)snprintf(rig.api, sizeof(rig.api), "%s%s", rig.base, rig_kind.api);
}

/* --- control door --- */

struct asked {
    bool done, wanted;
    json_t *answer;
    long status;
    char error[512];
};

static void on_answer(void *user, const struct httpc_result *result)
{
    struct asked *asked = user;
    asked->status = result->outcome == HTTPC_ANSWERED ? result->status : -1;
    (void)snprintf(asked->error, sizeof(asked->error), "%.200s %.200s", result->error,
                   result->body);
    if (asked->wanted)
        asked->answer = json_loadb(result->body, result->len, JSON_DECODE_ANY, NULL);
    asked->done = true;
    if (!asked->wanted)
        free(asked);
}

static void ask(struct asked *asked, const char *path, const char *body)
{
    char url[512];
    struct err err = {0};
    (void)snprintf(url, sizeof(url), "%s/_ctl/%s", rig.base, path);
    const struct httpc_request request = {.url = url,
                                          .body = body[0] ? body : NULL,
                                          .len = strlen(body),
                                          .content_type = "application/json"};
    if (httpc_send(rig.control, &request, on_answer, asked, &err) < 0)
        fail_msg("%s: %s", url, err.text);
}

json_t *rig_control(const char *path, const char *format, ...)
{
    char body[8192];
    struct asked asked = {.wanted = true};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(body, sizeof(body), format, args);
    va_end(args);
    ask(&asked, path, body);
    RIG_WAIT(asked.done);
    if (asked.status < 200 || asked.status > 299)
        fail_msg("%s %s: %ld %s", path, body, asked.status, asked.error);
    return asked.answer;
}

void rig_tell(const char *path, const char *format, ...)
{
    char body[8192];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(body, sizeof(body), format, args);
    va_end(args);
    json_decref(rig_control(path, "%s", body));
}

void rig_tell_later(const char *path, const char *format, ...)
{
    char body[8192];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(body, sizeof(body), format, args);
    va_end(args);
    struct asked *asked = calloc(1, sizeof(*asked));
    ask(asked, path, body);
}

json_int_t rig_stat(const char *name)
{
    json_t *stats = rig_control("stats", "%s", "");
    const json_t *value = json_object_get(stats, name);
    if (!json_is_integer(value))
        fail_msg("no counter %s", name);
    json_int_t number = json_integer_value(value);
    json_decref(stats);
    return number;
}

size_t rig_visible(const char *key)
{
    size_t i, count = 0;
    json_t *message, *answer = rig_control("messages", "%s", "");
    json_t *list = json_is_array(answer) ? answer : json_object_get(answer, "messages");
    json_array_foreach(list, i, message)
    {
        const json_t *at = message;
        for (size_t k = 0; k < ARRAY_LEN(rig_kind.key_at) && rig_kind.key_at[k]; k++)
            at = json_object_get(at, rig_kind.key_at[k]);
        count += str_eq(json_string_value(at), key);
    }
    json_decref(answer);
    return count;
}

size_t rig_requests(const char *method, const char *text)
{
    size_t i, count = 0;
    json_t *entry, *answer = rig_control("log", "%s", "");
    json_array_foreach(answer, i, entry)
    {
        const char *path = json_string_value(json_object_get(entry, "path"));
        const json_t *body = json_object_get(entry, "body");
        char *dump = json_dumps(body, JSON_ENCODE_ANY);
        count += path && strstr(path, method) && dump && strstr(dump, text);
        free(dump);
    }
    json_decref(answer);
    return count;
}

/* --- hooks --- */

static void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text ? text : "");
}

static void on_event(void *user, const struct event *event, struct chat_ack *ack)
{
    (void)user;
    assert_true(rig.event_count < RIG_MAX);
    struct rig_event *kept = &rig.events[rig.event_count++];
    kept->type = event->type;
    copy(kept->id, sizeof(kept->id), event->id);
    copy(kept->chat, sizeof(kept->chat), event->chat);
    copy(kept->text, sizeof(kept->text), event->text);
    copy(kept->message, sizeof(kept->message), event->message);
    copy(kept->button, sizeof(kept->button), event->button);
    copy(kept->email, sizeof(kept->email), event->email);
    if (ack && rig.hold_acks)
        rig.held[rig.held_count++] = ack;
    else
        chat_ack_done(ack);
}

static void on_result(void *user, const struct chat_result *result)
{
    (void)user;
    assert_true(rig.result_count < RIG_MAX);
    struct rig_result *kept = &rig.results[rig.result_count++];
    copy(kept->key, sizeof(kept->key), result->key);
    copy(kept->channel, sizeof(kept->channel), result->channel);
    copy(kept->platform_id, sizeof(kept->platform_id), result->platform_id);
    copy(kept->error, sizeof(kept->error), result->error);
    kept->outcome = result->outcome;
    kept->retry_after_ms = result->retry_after_ms;
}

static void on_status(void *user, enum chat_state state, const char *text)
{
    (void)user;
    rig.state = state;
    rig.ups += state == CHAT_UP;
    rig.fatals += state == CHAT_FATAL;
    copy(rig.status, sizeof(rig.status), text);
}

static msec_t wall_clock(void *user)
{
    uv_timeval64_t now;
    (void)user;
    (void)uv_gettimeofday(&now); /* cannot fail here */
    return now.tv_sec * 1000 + now.tv_usec / 1000 + rig.ahead;
}

static void on_remember(void *user, const struct chat_memo *memo)
{
    (void)user;
    rig.memo = *memo;
    chat_remembered(rig.chat);
}

static uint64_t next_random(void *user)
{
    (void)user;
    rig.random = rig.random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return rig.random >> 33;
}

static bool on_place(void *user, size_t *index, struct chat_place *ret_place)
{
    static char name[24];
    (void)user;
    if (*index >= rig.place_count)
        return false;
    (void)snprintf(name, sizeof(name), "U%zu", ++*index);
    *ret_place = (struct chat_place){
        .user = *index == 1 && rig_kind.first_user ? rig_kind.first_user : name};
    return true;
}

/* --- life --- */

static void on_beat(uv_timer_t *timer)
{
    (void)timer; /* the loop turns, that is all */
}

/* A busy machine's pauses are no sign of a dead connection: only where that is tested, it is found
 * soon. */
static int setup(const struct ws_opts *ws_opts)
{
    struct err err = {0};
    memset(&rig, 0, sizeof(rig));
    rig.random = 42;
    start_fake();
    assert_int_equal(uv_loop_init(&rig.loop), 0);
    uv_timer_init(&rig.loop, &rig.beat);
    uv_timer_start(&rig.beat, on_beat, 5, 5);
    const struct httpc_opts http_opts = {0};
    assert_int_equal(ws_new(&rig.loop, ws_opts, &err, &rig.ws), 0);
    assert_int_equal(httpc_new(&rig.loop, &http_opts, &err, &rig.httpc), 0);
    assert_int_equal(httpc_new(&rig.loop, &http_opts, &err, &rig.control), 0);
    rig.platform = *rig_kind.platform;
    rig.platform.limits.linger_ms = 3500;
    if (rig.platform.limits.catch_up_after_ms)
        rig.platform.limits.catch_up_after_ms = 1;
    rig_kind.values();
    const struct chat_opts opts = {.platform = &rig.platform,
                                   .values = rig.values,
                                   .backoff_ms = 50,
                                   .backoff_max_ms = 400,
                                   .clock = wall_clock,
                                   .remember = on_remember,
                                   .random = next_random};
    const struct chat_hooks hooks = {NULL, on_event, on_result, on_status, on_place};
    if (chat_new(&rig.loop, rig.ws, rig.httpc, &opts, &hooks, &err, &rig.chat) < 0)
        fail_msg("%s", err.text);
    return 0;
}

int rig_setup(void **state)
{
    (void)state;
    return setup(&(struct ws_opts){0});
}

int rig_setup_pinged(void **state)
{
    (void)state;
    return setup(&(struct ws_opts){.ping_s = 1, .hangup_s = 3});
}

int rig_teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < rig.held_count; i++)
        chat_ack_drop(rig.held[i]);
    chat_stop(rig.chat);
    httpc_cancel_all(rig.httpc);
    httpc_cancel_all(rig.control);
    RIG_WAIT(chat_is_idle(rig.chat));
    chat_free(rig.chat);
    httpc_free(rig.httpc);
    httpc_free(rig.control);
    ws_stop(rig.ws);
    uv_close((uv_handle_t *)&rig.beat, NULL);
    (void)uv_run(&rig.loop, UV_RUN_DEFAULT);
    ws_free(rig.ws);
    assert_int_equal(uv_loop_close(&rig.loop), 0);
    kill(rig.fake, SIGTERM);
    waitpid(rig.fake, NULL, 0);
    return 0;
}

void rig_start(void)
{
    struct err err = {0};
    assert_int_equal(chat_start(rig.chat, &err), 0);
    RIG_WAIT(rig.state == CHAT_UP);
}

/* --- what was said --- */

size_t rig_count(enum event_type type, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < rig.event_count; i++)
        count += rig.events[i].type == type && (!text || str_eq(rig.events[i].text, text));
    return count;
}

const struct rig_event *rig_last(enum event_type type)
{
    for (size_t i = rig.event_count; i-- > 0;) {
        if (rig.events[i].type == type)
            return &rig.events[i];
    }
    fail_msg("no event of type %d", type);
    return NULL;
}

const struct rig_result *rig_result(const char *key)
{
    for (size_t i = rig.result_count; i-- > 0;) {
        if (str_eq(rig.results[i].key, key))
            return &rig.results[i];
    }
    return NULL;
}

static void send_message(const struct message *message, const char *user)
{
    const struct chat_port *port = chat_port(rig.chat);
    size_t before = rig.result_count;
    port->send(port->self, message, &(struct chat_place){.user = user});
    assert_int_equal(rig.result_count, before); /* never from inside the call */
}

void rig_post(const char *key, const char *user, const char *text)
{
    const struct message message = {.op = MESSAGE_POST, .key = key, .text = text, .at = 1};
    send_message(&message, user);
}

void rig_post_question(const char *key, const char *user)
{
    struct message message = {.op = MESSAGE_POST,
                              .key = key,
                              .text = "What is next on <!channel> & Co?",
                              .reader = "Only you read your answer.",
                              .input = {.present = true, .type = ANSWER_TEXT},
                              .button_count = 2};
    message.buttons[0] = (struct button){"answer", "Answer", true};
    message.buttons[1] = (struct button){"later", "Later", false};
    send_message(&message, user);
}

void rig_lookup(const char *key, const char *user, const char *channel)
{
    const struct chat_port *port = chat_port(rig.chat);
    port->lookup(port->self, &key, 1, &(struct chat_place){.user = user, .channel = channel},
                 wall_clock(NULL));
}
