/* Requests in: framing, limits, answers now and later, clients that leave. */
#include "io_test.h"

#include <sys/resource.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/httpd.h"

enum { WAITING_MAX = 16 };

struct bench {
    uv_loop_t loop;
    struct httpd *httpd;
    bool later; /* the handler keeps the request instead of answering */
    int handled;
    struct httpd_request *waiting[WAITING_MAX];
    char seen[256];
};

/* A client that writes what it is told and gathers what comes back. */
struct client {
    uv_tcp_t tcp;
    struct strbuf in;
    int answers; /* status lines so far */
    int closed;
};

static void on_request(void *user, struct httpd_request *request)
{
    struct bench *b = user;
    const char *x = httpd_query(request, "x"), *token = httpd_header(request, "X-Token");
    snprintf(b->seen, sizeof(b->seen), "%s %s x=%s token=%s len=%zu '%.40s'%s", request->method,
             request->path, x ? x : "none", token ? token : "none", request->body_len,
             request->body, request->peer_loopback ? "" : " remote");
    assert_int_equal(request->body[request->body_len], '\0');
    if (b->later)
        b->waiting[b->handled] = request;
    else
        httpd_reply(request, 200, "text/plain", b->seen, strlen(b->seen), NULL, 0);
    b->handled++;
}

static void bench_start(struct bench *b, const struct httpd_opts *opts)
{
    struct err err;
    struct httpd_opts all = opts ? *opts : (struct httpd_opts){0};
    memset(b, 0, sizeof(*b));
    all.address = "127.0.0.1:0";
    assert_int_equal(uv_loop_init(&b->loop), 0);
    assert_int_equal(httpd_new(&b->loop, &all, on_request, b, &err, &b->httpd), 0);
    assert_true(httpd_port(b->httpd) > 0);
}

static void bench_end(struct bench *b)
{
    httpd_free(b->httpd);
    assert_int_equal(uv_run(&b->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&b->loop), 0);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    static char space[65536];
    (void)handle, (void)size;
    *buf = uv_buf_init(space, sizeof(space));
}

static void on_client_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    client->closed++;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct client *client = stream->data;
    if (count < 0) {
        if (!uv_is_closing((uv_handle_t *)stream))
            uv_close((uv_handle_t *)stream, on_client_closed);
        return;
    }
    strbuf_add(&client->in, buf->base, (size_t)count);
    client->answers = 0;
    for (const char *at = strbuf_text(&client->in); (at = strstr(at, "HTTP/1.1 ")) != NULL; at++)
        client->answers += at[9] >= '2' && at[9] <= '5'; /* not 100, and not in a text */
}

static void on_connected(uv_connect_t *request, int status)
{
    assert_int_equal(status, 0);
    assert_int_equal(uv_read_start(request->handle, on_alloc, on_read), 0);
    *(int *)request->data = 1;
}

/* from: an address of this machine; NULL: whichever */
static void client_open_from(struct bench *b, struct client *client, const char *from)
{
    struct sockaddr_in address;
    uv_connect_t request;
    int connected = 0;
    memset(client, 0, sizeof(*client));
    uv_ip4_addr("127.0.0.1", httpd_port(b->httpd), &address);
    uv_tcp_init(&b->loop, &client->tcp);
    client->tcp.data = client;
    if (from) {
        struct sockaddr_in own;
        uv_ip4_addr(from, 0, &own);
        assert_int_equal(uv_tcp_bind(&client->tcp, (struct sockaddr *)&own, 0), 0);
    }
    request.data = &connected;
    assert_int_equal(
        uv_tcp_connect(&request, &client->tcp, (struct sockaddr *)&address, on_connected), 0);
    run_until(&b->loop, &connected, 1);
}

static void client_open(struct bench *b, struct client *client)
{
    client_open_from(b, client, NULL);
}

struct writing {
    uv_write_t request;
    char data[];
};

static void on_written(uv_write_t *request, int status)
{
    (void)status; /* a server that refuses need not read all */
    free(request->data);
}

static void client_write(struct client *client, const char *data, size_t len)
{
    struct writing *writing = malloc(sizeof(*writing) + len);
    uv_buf_t buf = uv_buf_init(memcpy(writing->data, data, len), (unsigned)len);
    writing->request.data = writing;
    if (client->closed || uv_is_closing((uv_handle_t *)&client->tcp) ||
        uv_write(&writing->request, (uv_stream_t *)&client->tcp, &buf, 1, on_written) < 0)
        free(writing);
}

static void client_puts(struct client *client, const char *text)
{
    client_write(client, text, strlen(text));
}

static void client_end(struct bench *b, struct client *client)
{
    if (!client->closed && !uv_is_closing((uv_handle_t *)&client->tcp))
        uv_close((uv_handle_t *)&client->tcp, on_client_closed);
    run_until(&b->loop, &client->closed, 1);
    strbuf_done(&client->in);
}

static void assert_in(const struct client *client, const char *text)
{
    if (!strstr(strbuf_text(&client->in), text))
        fail_msg("'%s' is not in:\n%s", text, strbuf_text(&client->in));
}

static void httpd_request_has_its_parts(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    bench_start(&b, NULL);
    client_open(&b, &c);
    client_puts(&c, "POST /v1/a%20b?x=1%262&flag HTTP/1.1\r\nHost: h\r\nx-TOKEN: t\r\n"
                    "Content-Length: 5\r\n\r\nhello");
    run_until(&b.loop, &c.answers, 1);
    assert_string_equal(b.seen, "POST /v1/a b x=1&2 token=t len=5 'hello'");
    assert_in(&c, "HTTP/1.1 200");
    assert_in(&c, "Content-Type: text/plain\r\n");
    client_puts(&c, "GET /?flag HTTP/1.1\r\nHost: h\r\n\r\n"); /* the same connection */
    run_until(&b.loop, &c.answers, 2);
    assert_string_equal(b.seen, "GET / x=none token=none len=0 ''");
    client_end(&b, &c);
    bench_end(&b);
}

static void httpd_framing_is_understood(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    bench_start(&b, NULL);
    client_open(&b, &c);
    client_puts(&c, "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n");
    run_until(&b.loop, &c.answers, 1);
    assert_string_equal(b.seen, "POST /c x=none token=none len=9 'wikipedia'");
    client_puts(&c, "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"
                    "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nb"
                    "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nc");
    run_until(&b.loop, &c.answers, 4);
    assert_int_equal(b.handled, 4);
    assert_string_equal(b.seen, "POST /3 x=none token=none len=1 'c'");
    client_puts(&c, "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                    "Content-Length: 2\r\n\r\n");
    while (!strstr(strbuf_text(&c.in), "HTTP/1.1 100"))
        uv_run(&b.loop, UV_RUN_ONCE);
    client_puts(&c, "ok");
    run_until(&b.loop, &c.answers, 5);
    for (const char *at = "POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"; *at;
         at++) {
        client_write(&c, at, 1); /* byte by byte */
        uv_run(&b.loop, UV_RUN_NOWAIT);
    }
    run_until(&b.loop, &c.answers, 6);
    assert_string_equal(b.seen, "POST /s x=none token=none len=3 'abc'");
    client_end(&b, &c);
    bench_end(&b);
}

/* FM-F07 */
static void httpd_ambiguous_framing_is_refused(void **state)
{
    (void)state;
    static const char *const REQUESTS[] = {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\n\r\n", /* no Host */
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "PATCH / HTTP/1.1\r\nHost: h\r\nContent-Length : 40\r\n\r\n"
        "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
        "PATCH / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n"
        "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(REQUESTS); i++) {
        struct bench b;
        struct client c;
        bench_start(&b, NULL);
        client_open(&b, &c);
        client_puts(&c, REQUESTS[i]);
        run_until(&b.loop, &c.closed, 1);
        print_message("  %.20s\n", strbuf_text(&c.in));
        assert_int_equal(b.handled, 0);
        assert_true(c.answers <= 2); /* libmicrohttpd repeats the head of some refusals */
        assert_in(&c, i == 6 ? "HTTP/1.1 413" : i == 7 ? "HTTP/1.1 501" : "HTTP/1.1 400");
        client_end(&b, &c);
        bench_end(&b);
    }
}

/* FM-F07 */
static void httpd_nul_does_not_end_a_path(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    bench_start(&b, NULL);
    client_open(&b, &c);
    client_puts(&c, "GET /a%00b?x=1%002 HTTP/1.1\r\nHost: h\r\n\r\n");
    run_until(&b.loop, &c.answers, 1);
    assert_in(&c, "GET /a\x01"
                  "b x=1\x01"
                  "2 ");
    client_end(&b, &c);
    bench_end(&b);
}

static void httpd_long_bodies_are_refused(void **state)
{
    (void)state;
    enum { LONG = 2 << 20 };
    struct bench b;
    struct client c;
    char *body = memset(malloc(LONG), 'x', LONG);
    bench_start(&b, NULL);
    client_open(&b, &c); /* announced and waited for: refused before the body */
    client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                    "Content-Length: 2097152\r\n\r\n");
    run_until(&b.loop, &c.answers, 1);
    assert_in(&c, "HTTP/1.1 413");
    client_end(&b, &c);
    client_open(&b, &c); /* sent at once: read to its end, so that the answer is not lost */
    client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2097152\r\n\r\n");
    client_write(&c, body, LONG);
    run_until(&b.loop, &c.answers, 1);
    assert_in(&c, "HTTP/1.1 413");
    assert_in(&c, "Content-Type: application/problem+json\r\n");
    assert_in(&c, "\"status\":413,\"detail\":\"the limit is 1048576 bytes\"");
    client_end(&b, &c);
    client_open(&b, &c); /* chunked: as it arrives */
    client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n");
    client_write(&c, body, LONG);
    client_puts(&c, "\r\n0\r\n\r\n");
    run_until(&b.loop, &c.answers, 1);
    assert_in(&c, "HTTP/1.1 413");
    client_end(&b, &c);
    client_open(&b, &c); /* the largest allowed one, on the dot */
    client_puts(&c, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n");
    client_write(&c, body, 1 << 20);
    run_until(&b.loop, &c.answers, 1);
    assert_in(&c, "HTTP/1.1 200");
    assert_int_equal(b.handled, 1);
    client_end(&b, &c);
    bench_end(&b);
    free(body);
}

static void httpd_endless_chunks_are_cut(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    char chunk[4096 + 8] = "1000\r\n";
    memset(chunk + 6, 'y', 4096);
    memcpy(chunk + 6 + 4096, "\r\n", 2);
    bench_start(&b, &(struct httpd_opts){.max_body_bytes = 4096});
    client_open(&b, &c);
    client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (!c.closed) {
        if (!uv_is_closing((uv_handle_t *)&c.tcp))
            (void)uv_try_write((uv_stream_t *)&c.tcp,
                               &(uv_buf_t){.base = chunk, .len = sizeof(chunk)}, 1);
        uv_run(&b.loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(b.handled, 0);
    client_end(&b, &c);
    bench_end(&b);
}

static void httpd_answers_may_come_later(void **state)
{
    (void)state;
    struct bench b;
    struct client c[3];
    char text[2000];
    const struct httpd_header headers[] = {{"Retry-After", "5"}, {"X-Other", "yes"}};
    bench_start(&b, NULL);
    b.later = true;
    for (int i = 0; i < 3; i++) {
        client_open(&b, &c[i]);
        client_puts(&c[i], "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n0");
        run_until(&b.loop, &b.handled, i + 1);
    }
    assert_int_equal(httpd_pending(b.httpd), 3);
    httpd_reply(b.waiting[2], 202, "application/json", "{}", 2, NULL, 0);
    run_until(&b.loop, &c[2].answers, 1); /* in any order */
    assert_int_equal(c[0].answers + c[1].answers, 0);
    httpd_reply(b.waiting[0], 204, NULL, NULL, 0, NULL, 0);
    memset(text, 'l', sizeof(text));
    httpd_reply(b.waiting[1], 503, "text/plain", text, sizeof(text), headers, 2);
    run_until(&b.loop, &c[0].answers, 1);
    while (c[1].in.len < sizeof(text))
        uv_run(&b.loop, UV_RUN_ONCE);
    assert_in(&c[2], "HTTP/1.1 202");
    assert_in(&c[0], "HTTP/1.1 204");
    assert_in(&c[1], "HTTP/1.1 503");
    assert_in(&c[1], "Retry-After: 5\r\n");
    assert_in(&c[1], "X-Other: yes\r\n");
    assert_int_equal(httpd_pending(b.httpd), 0);
    client_puts(&c[0], "GET /again HTTP/1.1\r\nHost: h\r\n\r\n"); /* still usable */
    run_until(&b.loop, &b.handled, 4);
    httpd_reply_static(b.waiting[3], 200, "text/html", "<p>", 3, headers, 1);
    run_until(&b.loop, &c[0].answers, 2);
    for (int i = 0; i < 3; i++)
        client_end(&b, &c[i]);
    bench_end(&b);
}

static void httpd_client_gone_before_the_answer_is_harmless(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    bench_start(&b, NULL);
    b.later = true;
    for (int i = 0; i < 4; i++) {
        client_open(&b, &c);
        client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n0");
        run_until(&b.loop, &b.handled, i + 1);
        if (i % 2)
            uv_tcp_close_reset(&c.tcp, on_client_closed);
        client_end(&b, &c);
        assert_string_equal(b.waiting[i]->body, "0"); /* still readable */
        httpd_reply(b.waiting[i], 202, "application/json", "{}", 2, NULL, 0);
        uv_run(&b.loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(httpd_pending(b.httpd), 0);
    b.later = false; /* and it still serves */
    client_open(&b, &c);
    client_puts(&c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    run_until(&b.loop, &c.answers, 1);
    client_end(&b, &c);
    client_open(&b, &c); /* gone in the middle of a body */
    client_puts(&c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n0");
    uv_run(&b.loop, UV_RUN_NOWAIT);
    client_end(&b, &c);
    bench_end(&b);
}

static void httpd_ends_with_requests_waiting(void **state)
{
    (void)state;
    struct bench b;
    struct client c[2];
    bench_start(&b, NULL);
    b.later = true;
    for (int i = 0; i < 2; i++) {
        client_open(&b, &c[i]);
        client_puts(&c[i], "POST /w?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n0");
        run_until(&b.loop, &b.handled, i + 1);
    }
    httpd_quiesce(b.httpd);
    httpd_quiesce(b.httpd);
    httpd_reply(b.waiting[0], 202, "application/json", "{}", 2, NULL, 0);
    run_until(&b.loop, &c[0].answers, 1); /* those there are still served */
    httpd_free(b.httpd);
    run_until(&b.loop, &c[1].closed, 1);
    assert_string_equal(b.waiting[1]->path, "/w");
    assert_null(httpd_query(b.waiting[1], "x"));
    httpd_reply(b.waiting[1], 202, "application/json", "{}", 2, NULL, 0);
    client_end(&b, &c[0]);
    client_end(&b, &c[1]);
    assert_int_equal(uv_run(&b.loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&b.loop), 0);
}

static void httpd_address_errors_are_named(void **state)
{
    (void)state;
    struct bench b;
    struct err err;
    struct httpd *other;
    char taken[64];
    static const char *const BAD[] = {
        "localhost:80", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", "[::1:80", ""};
    bench_start(&b, NULL);
    snprintf(taken, sizeof(taken), "127.0.0.1:%u", httpd_port(b.httpd));
    struct httpd_opts opts = {.address = taken};
    assert_int_equal(httpd_new(&b.loop, &opts, on_request, &b, &err, &other), -EADDRINUSE);
    assert_non_null(strstr(err.text, taken));
    print_message("  %s\n", err.text);
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        opts.address = BAD[i];
        assert_int_equal(httpd_new(&b.loop, &opts, on_request, &b, &err, &other), -EINVAL);
    }
    bench_end(&b);
}

/* FM-F01 */
static void httpd_idle_connection_is_closed(void **state)
{
    (void)state;
    struct bench b;
    struct client c;
    bench_start(&b, &(struct httpd_opts){.idle_s = 1});
    client_open(&b, &c);
    client_puts(&c, "GET / HT"); /* and nothing more */
    run_until(&b.loop, &c.closed, 1);
    assert_int_equal(b.handled, 0);
    client_end(&b, &c);
    bench_end(&b);
}

struct dripping {
    struct client *client;
    const char *rest;
};

static void drip(uv_timer_t *timer)
{
    struct dripping *dripping = timer->data;
    uv_buf_t byte = uv_buf_init((char *)(uintptr_t)dripping->rest, 1);
    if (*dripping->rest && !uv_is_closing((uv_handle_t *)&dripping->client->tcp) &&
        uv_try_write((uv_stream_t *)&dripping->client->tcp, &byte, 1) == 1)
        dripping->rest++;
}

/* FM-F01: bytes keep coming, well within idle_s; what counts is the whole. */
static void httpd_slow_senders_have_a_deadline_for_the_whole(void **state)
{
    (void)state;
    static const struct {
        const char *at_once, *slowly;
        int handled; /* before it is cut */
    } CASES[] = {
        {"", "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0},
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
         "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct bench b;
        struct client c, other;
        uv_timer_t timer;
        bench_start(&b, &(struct httpd_opts){.idle_s = 1, .header_s = 1, .body_s = 1});
        client_open(&b, &c);
        struct dripping dripping = {&c, CASES[i].slowly};
        if (*CASES[i].at_once)
            client_puts(&c, CASES[i].at_once);
        uv_timer_init(&b.loop, &timer);
        timer.data = &dripping;
        uv_timer_start(&timer, drip, 50, 50);
        run_until(&b.loop, &c.closed, 1);
        assert_true(*dripping.rest != '\0'); /* it was not allowed to finish */
        assert_int_equal(b.handled, CASES[i].handled);
        uv_close((uv_handle_t *)&timer, NULL);
        client_open(&b, &other); /* and others are served */
        client_puts(&other, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        run_until(&b.loop, &other.answers, 1);
        client_end(&b, &other);
        client_end(&b, &c);
        bench_end(&b);
    }
}

/* FM-F01: a request that waits for its answer, or an idle connection, is no slow sender. */
static void httpd_deadlines_end_with_the_request(void **state)
{
    (void)state;
    struct bench b;
    struct client c, clock;
    bench_start(&b, &(struct httpd_opts){.idle_s = 600, .header_s = 1, .body_s = 1});
    b.later = true;
    client_open(&b, &c);
    client_puts(&c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    run_until(&b.loop, &b.handled, 1);
    client_open(&b, &clock); /* silent: its end tells that a second has passed */
    run_until(&b.loop, &clock.closed, 1);
    assert_int_equal(c.closed, 0);
    httpd_reply(b.waiting[0], 200, "text/plain", "ok", 2, NULL, 0);
    run_until(&b.loop, &c.answers, 1);
    client_end(&b, &clock);
    client_open(&b, &clock);
    run_until(&b.loop, &clock.closed, 1);
    b.later = false;
    client_puts(&c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); /* on the same connection */
    run_until(&b.loop, &c.answers, 2);
    client_end(&b, &clock);
    client_end(&b, &c);
    bench_end(&b);
}

enum { CROWD = 500, SHARE = 384 /* of one address: three quarters of 512 */ };

struct crowd {
    struct client *clients;
    int gone;
};

static void crowd_look(uv_timer_t *timer)
{
    struct crowd *crowd = timer->data;
    crowd->gone = 0;
    for (int i = 0; i < CROWD; i++) {
        uv_buf_t byte = uv_buf_init((char *)(uintptr_t) "G", 1);
        crowd->gone += crowd->clients[i].closed;
        if (!crowd->clients[i].closed && !uv_is_closing((uv_handle_t *)&crowd->clients[i].tcp))
            (void)uv_try_write((uv_stream_t *)&crowd->clients[i].tcp, &byte, 1);
    }
}

static void crowd_play(unsigned header_s, int wanted)
{
    struct bench b;
    struct client other;
    struct crowd crowd = {.clients = calloc(CROWD, sizeof(struct client))};
    uv_timer_t timer;
    bench_start(&b, &(struct httpd_opts){.header_s = header_s});
    for (int i = 0; i < CROWD; i++)
        client_open(&b, &crowd.clients[i]);
    uv_timer_init(&b.loop, &timer);
    timer.data = &crowd;
    uv_timer_start(&timer, crowd_look, 50, 50);
    run_until(&b.loop, &crowd.gone, wanted);
    client_open_from(&b, &other, "127.0.0.2"); /* somebody else */
    client_puts(&other, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    run_until(&b.loop, &other.answers, 1);
    assert_int_equal(crowd.gone, wanted);
    assert_int_equal(b.handled, 1);
    uv_close((uv_handle_t *)&timer, NULL);
    client_end(&b, &other);
    for (int i = 0; i < CROWD; i++)
        client_end(&b, &crowd.clients[i]);
    free(crowd.clients);
    bench_end(&b);
}

/* FM-F01: five hundred who send a byte now and then have their share of the places, and an end. */
static void httpd_five_hundred_slow_senders_leave_room_and_end(void **state)
{
    (void)state;
    crowd_play(600, CROWD - SHARE);
    crowd_play(1, CROWD);
}

/* FM-A05: out of descriptors with a connection open, it takes others once that ends. */
static void httpd_out_of_descriptors_it_listens_again(void **state)
{
    (void)state;
    struct bench b;
    struct client first, second;
    struct sockaddr_in address;
    struct rlimit limit, none_left;
    uv_connect_t request;
    int connected = 0, next;
    bench_start(&b, NULL);
    client_open(&b, &first);
    memset(&second, 0, sizeof(second));
    request.data = &connected;
    assert_int_equal(uv_tcp_init_ex(&b.loop, &second.tcp, AF_INET), 0);
    second.tcp.data = &second;
    uv_ip4_addr("127.0.0.1", httpd_port(b.httpd), &address);

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    next = dup(STDIN_FILENO);
    close(next);
    none_left = (struct rlimit){(rlim_t)next, limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    assert_int_equal(
        uv_tcp_connect(&request, &second.tcp, (struct sockaddr *)&address, on_connected), 0);
    run_until(&b.loop, &connected, 1);
    client_puts(&second, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    client_puts(&first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    run_until(&b.loop, &first.answers, 1); /* the same turn saw that somebody knocks */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(second.answers, 0);

    client_end(&b, &first);
    run_until(&b.loop, &second.answers, 1);
    client_end(&b, &second);
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(httpd_request_has_its_parts),
        cmocka_unit_test(httpd_framing_is_understood),
        cmocka_unit_test(httpd_ambiguous_framing_is_refused),
        cmocka_unit_test(httpd_nul_does_not_end_a_path),
        cmocka_unit_test(httpd_long_bodies_are_refused),
        cmocka_unit_test(httpd_endless_chunks_are_cut),
        cmocka_unit_test(httpd_answers_may_come_later),
        cmocka_unit_test(httpd_client_gone_before_the_answer_is_harmless),
        cmocka_unit_test(httpd_ends_with_requests_waiting),
        cmocka_unit_test(httpd_address_errors_are_named),
        cmocka_unit_test(httpd_idle_connection_is_closed),
        cmocka_unit_test(httpd_slow_senders_have_a_deadline_for_the_whole),
        cmocka_unit_test(httpd_deadlines_end_with_the_request),
        cmocka_unit_test(httpd_five_hundred_slow_senders_leave_room_and_end),
        cmocka_unit_test(httpd_out_of_descriptors_it_listens_again),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
