/* gritctl event: events for the running daemon. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/events.h"
#include "gritctl/post.h"
#include "gritctl/sign.h"

enum {
    BATCH_EVENTS = 500,
    BATCH_BYTES = 900 * 1024, /* the daemon takes 1 MiB */
    TRIES = 5,
    HOST_BYTES = 256,
};

struct delivery {
    struct call *call;
    struct config *config;
    char host[HOST_BYTES];
    int port;
    struct strbuf batch;
    size_t first, count; /* of the batch: number of its first event, and how many */
    int64_t accepted, repeated;
};

/* --- where to --- */

/* "HOST:PORT", "[HOST]:PORT", with or without "http://". */
static bool read_address(struct delivery *delivery, const char *text)
{
    int64_t port;
    if (str_starts(text, "http://"))
        text += strlen("http://");
    const char *colon = strrchr(text, ':');
    if (!colon || str_to_i64(colon + 1, &port) || port < 1 || port > 65535)
        return false;
    bool bracket = text[0] == '[' && colon > text && colon[-1] == ']';
    const char *host = text + bracket;
    size_t length = (size_t)(colon - text) - 2 * (size_t)bracket;
    if (!length || length >= sizeof(delivery->host))
        return false;
    memcpy(delivery->host, host, length);
    delivery->host[length] = '\0';
    delivery->port = (int)port;
    return true;
}

/* Where the system has picked the port only the daemon knows it. */
static int ask_address(struct delivery *delivery)
{
    json_t *answer;
    int status = control_ask(delivery->call, "{\"cmd\":\"status\"}", &answer, NULL);
    if (status)
        return status;
    const char *listen = json_string_value(json_object_get(answer, "listen"));
    if (!listen || !read_address(delivery, listen)) {
        call_error(delivery->call, "gritd does not say where it listens; use --address");
        status = CTL_UNREACHABLE;
    }
    json_decref(answer);
    return status;
}

static int find_address(struct delivery *delivery)
{
    static const struct {
        const char *any, *here;
    } wildcards[] = {{"0.0.0.0", "127.0.0.1"}, {"::", "::1"}};
    const char *given = call_text(delivery->call, "address");
    delivery->config = given && !delivery->call->config ? NULL : ctl_config(delivery->call);
    if (given)
        return read_address(delivery, given)
                   ? CTL_OK
                   : call_usage(delivery->call, "--address: '%s' is not HOST:PORT", given);
    if (!delivery->config)
        return CTL_FOUND;
    const char *host = delivery->config->listen_host;
    for (size_t i = 0; i < ARRAY_LEN(wildcards); i++)
        host = str_eq(host, wildcards[i].any) ? wildcards[i].here : host;
    (void)snprintf(delivery->host, sizeof(delivery->host), "%s", host); /* a host name is shorter */
    delivery->port = delivery->config->listen_port;
    return delivery->port ? CTL_OK : ask_address(delivery);
}

/* --- what --- */

/* End of the JSON object that begins at `at`; NULL where it does not end. The daemon judges what is
 * inside. */
static const char *object_end(const char *at, const char *end)
{
    int depth = 0;
    for (bool text = false; at < end; at++) {
        if (text) {
            text = *at != '"';
            at += *at == '\\';
        } else if (*at == '"') {
            text = true;
        } else if (strchr("{[", *at) && *at) {
            depth++;
        } else if (strchr("}]", *at) && *at && --depth == 0) {
            return at + 1;
        }
    }
    return NULL;
}

static void print_problem(const struct delivery *delivery, int status, const char *body)
{
    json_t *problem = json_loads(body, 0, NULL);
    const char *text = json_string_value(json_object_get(problem, "detail"));
    if (!text)
        text = json_string_value(json_object_get(problem, "title"));
    if (delivery->count > 1)
        call_error(delivery->call, "events %zu to %zu refused (%d): %s", delivery->first,
                   delivery->first + delivery->count - 1, status, text ? text : body);
    else
        call_error(delivery->call, "event %zu refused (%d): %s", delivery->first, status,
                   text ? text : body);
    json_decref(problem);
}

static void add_answer(struct delivery *delivery, const char *body)
{
    json_t *answer = json_loads(body, 0, NULL);
    delivery->accepted += json_integer_value(json_object_get(answer, "accepted"));
    delivery->repeated += json_integer_value(json_object_get(answer, "repeated"));
    json_decref(answer);
}

static int send_once(struct delivery *delivery, int *ret_status, struct strbuf *ret_body)
{
    struct strbuf headers = {0};
    struct err err;
    const struct post post = {
        .host = delivery->host,
        .port = delivery->port,
        .path = "/v1/events",
        .type = delivery->count > 1 ? "application/cloudevents-batch+json"
                                    : "application/cloudevents+json",
        .body = delivery->batch.data,
        .length = delivery->batch.len,
    };
    struct post signed_post = post;
    int status = CTL_OK;
    if (sign_request(delivery->config, ctl_config_path(delivery->call), post.body, post.length,
                     delivery->call->now, &headers, &err)) {
        call_error(delivery->call, "%s", err.text);
        status = CTL_FOUND;
    } else {
        signed_post.headers = strbuf_text(&headers);
        if (post_send(&signed_post, &err, ret_status, ret_body)) {
            call_error(delivery->call, "gritd is not reachable: %s", err.text);
            status = CTL_UNREACHABLE;
        }
    }
    strbuf_done(&headers);
    return status;
}

/* Sends what was collected. Over capacity is waited for: the daemon says that a second is enough.
 */
static int flush(struct delivery *delivery)
{
    int status = CTL_OK, answer = 429;
    if (!delivery->count)
        return CTL_OK;
    if (delivery->count > 1)
        strbuf_putc(&delivery->batch, ']');
    else
        delivery->batch.data[0] = ' '; /* the bracket: one event goes alone */
    for (int i = 0; i < TRIES && !status && answer == 429; i++) {
        struct strbuf body = {0};
        if (i)
            (void)sleep(1);
        status = send_once(delivery, &answer, &body);
        if (!status && answer != 202 && (answer != 429 || i == TRIES - 1)) {
            print_problem(delivery, answer, strbuf_text(&body));
            status = CTL_FOUND;
        } else if (!status && answer == 202) {
            add_answer(delivery, strbuf_text(&body));
        }
        strbuf_done(&body);
    }
    delivery->first += delivery->count;
    delivery->count = 0;
    strbuf_clear(&delivery->batch);
    return status;
}

static int add(struct delivery *delivery, const char *at, size_t length)
{
    if (delivery->count == BATCH_EVENTS ||
        (delivery->count && delivery->batch.len + length > BATCH_BYTES)) {
        int status = flush(delivery);
        if (status)
            return status;
    }
    strbuf_putc(&delivery->batch, delivery->count++ ? ',' : '[');
    strbuf_add(&delivery->batch, at, length);
    return CTL_OK;
}

/* One object, an array of them, or one after the other. */
static int deliver(struct delivery *delivery, const char *at, const char *end)
{
    int line = 1, status = CTL_OK;
    while (at < end && !status) {
        line += *at == '\n';
        if (strchr(" \t\r\n,[]", *at) && *at) {
            at++;
            continue;
        }
        const char *stop = *at == '{' ? object_end(at, end) : NULL;
        if (!stop) {
            call_error(delivery->call, "line %d: here no JSON object begins and ends", line);
            return CTL_FOUND;
        }
        status = add(delivery, at, (size_t)(stop - at));
        for (; at < stop; at++)
            line += *at == '\n';
    }
    return status ? status : flush(delivery);
}

static int run(struct call *call)
{
    struct delivery delivery = {.call = call, .first = 1};
    char *bytes = NULL;
    size_t length;
    int status = CTL_FOUND;
    if (!input_read(call, call->args[0], &bytes, &length))
        return CTL_FOUND;
    status = find_address(&delivery);
    if (!status)
        status = deliver(&delivery, bytes, bytes + length);
    if (!status)
        (void)printf(call->json ? "{\"accepted\":%lld,\"repeated\":%lld}\n"
                                : "%lld accepted, %lld repeated\n",
                     (long long)delivery.accepted, (long long)delivery.repeated);
    config_free(delivery.config);
    strbuf_done(&delivery.batch);
    free(bytes);
    return status;
}

static const struct option options[] = {
    {"address", OPTION_TEXT, "HOST:PORT", "instead of `listen` of the configuration", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_event = {
    .name = "event",
    .args = "FILE|- [--address HOST:PORT]",
    .help = "hand events to the running gritd",
    .more = "One CloudEvents object, an array of them, or one a line. Events that gritd knows "
            "already do no\n"
            "harm. Signed as the first intake of kind cloudevents asks for.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
