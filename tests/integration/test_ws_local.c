/* Own client against own server. */
#include "ws_test.h"

static void on_echo(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    on_message(user, conn, data, len, text);
    assert_int_equal(ws_send(conn, data, len), 0);
}

static const struct ws_handler SERVER = {on_open, on_echo, on_closed};

static bool on_accept(void *user, struct ws_conn *conn, const char *query, const char *origin)
{
    struct bench *b = user;
    snprintf(b->query, sizeof(b->query), "%s", query);
    snprintf(b->origin, sizeof(b->origin), "%s", origin ? origin : "none");
    memset(&b->server, 0, sizeof(b->server));
    ws_set_user(conn, &b->server);
    assert_ptr_equal(ws_user(conn), &b->server);
    return b->accept;
}

static void listen_start(struct bench *b)
{
    struct err err;
    struct ws_local local = {
        .path = "/chat", .subprotocol = "gritd.v1", .max_message_bytes = 16 << 20};
    assert_int_equal(ws_listen(b->ws, &local, on_accept, &SERVER, b, &err), 0);
    assert_true(ws_listen_port(b->ws) > 0);
    assert_int_equal(ws_listen(b->ws, &local, on_accept, &SERVER, b, &err), -EALREADY);
}

static void connect_own(struct bench *b, struct end *end, const char *path, const char *protocol)
{
    struct err err;
    char url[128];
    snprintf(url, sizeof(url), "ws://127.0.0.1:%u%s", ws_listen_port(b->ws), path);
    struct ws_target target = {.url = url, .subprotocol = protocol, .max_message_bytes = 16 << 20};
    memset(end, 0, sizeof(*end));
    assert_int_equal(ws_connect(b->ws, &target, &CLIENT, end, &err, NULL), 0);
}

static void ws_own_server_echoes_and_closes(void **state)
{
    (void)state;
    enum { BIG = 13 << 20 };
    struct bench b;
    struct end end;
    char *big = memset(malloc(BIG), 'b', BIG);
    bench_start(&b, NULL);
    listen_start(&b);
    connect_own(&b, &end, "/chat?ticket=abc&x=1", "gritd.v1");
    run_until(&b.loop, &end.opened, 1);
    assert_string_equal(b.query, "ticket=abc&x=1");
    assert_string_equal(b.origin, "http://127.0.0.1");
    assert_int_equal(ws_send(end.conn, "hello", 5), 0);
    run_until(&b.loop, &end.messages, 1);
    assert_string_equal(end.last, "hello");
    assert_int_equal(ws_send(end.conn, big, BIG), 0);
    run_until(&b.loop, &end.messages, 2);
    assert_int_equal(end.bytes, BIG + 5);
    ws_close(b.server.conn, 4002, "server's wish");
    run_until(&b.loop, &end.closed, 1);
    run_until(&b.loop, &b.server.closed, 1);
    assert_int_equal(end.code, 4002);
    assert_string_equal(end.reason, "server's wish");
    assert_int_equal(b.server.code, 4002);
    assert_string_equal(b.server.error, "");
    connect_own(&b, &end, "/chat", "gritd.v1");
    run_until(&b.loop, &end.opened, 1);
    assert_string_equal(b.query, "");
    ws_close(end.conn, 4003, "client's wish");
    run_until(&b.loop, &end.closed, 1);
    run_until(&b.loop, &b.server.closed, 1);
    assert_int_equal(b.server.code, 4003);
    assert_string_equal(b.server.reason, "client's wish");
    assert_int_equal(end.code, 4003);
    connect_own(&b, &end, "/chat", "gritd.v1");
    run_until(&b.loop, &end.opened, 1);
    bench_end(&b); /* both ends open */
    assert_int_equal(end.closed, 1);
    assert_int_equal(b.server.closed, 1);
    free(big);
}

static void ws_own_server_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *path, *protocol;
        bool accept;
        unsigned status;
    } CASES[] = {
        {"/chat", "gritd.v1", false, 403},
        {"/other", "gritd.v1", true, 404},
        {"/chat", NULL, true, 403},
        {"/chat", "gritd.v2", true, 0},
    };
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    listen_start(&b);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        b.accept = CASES[i].accept;
        connect_own(&b, &end, CASES[i].path, CASES[i].protocol);
        run_until(&b.loop, &end.closed, 1);
        print_message("  %u '%s'\n", end.http_status, end.error);
        assert_false(end.was_open);
        assert_int_equal(end.http_status, CASES[i].status);
        assert_int_equal(b.server.closed + b.server.opened, 0);
    }
    bench_end(&b);
}

static void ws_too_long_for_own_server_closes_1009(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    char *big = memset(malloc(17 << 20), 'b', 17 << 20);
    bench_start(&b, &(struct ws_opts){.queue_max_bytes = 64 << 20});
    listen_start(&b);
    connect_own(&b, &end, "/chat", "gritd.v1");
    run_until(&b.loop, &end.opened, 1);
    assert_int_equal(ws_send(end.conn, big, 17 << 20), 0);
    run_until(&b.loop, &end.closed, 1);
    run_until(&b.loop, &b.server.closed, 1);
    assert_int_equal(b.server.code, 1009);
    assert_int_equal(end.code, 1009);
    bench_end(&b);
    free(big);
}

static void ws_taken_port_is_reported(void **state)
{
    (void)state;
    struct bench a, b;
    struct err err;
    bench_start(&a, NULL);
    bench_start(&b, NULL);
    listen_start(&a);
    struct ws_local local = {.port = ws_listen_port(a.ws), .path = "/chat"};
    assert_int_equal(ws_listen(b.ws, &local, on_accept, &SERVER, &b, &err), -EADDRINUSE);
    print_message("  %s\n", err.text);
    bench_end(&a);
    bench_end(&b);
}

static void ws_own_server_serves_no_pages(void **state)
{
    (void)state;
    static const char *const REQUESTS[] = {
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
        "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "nonsense\r\n\r\n",
    };
    struct bench b;
    bench_start(&b, NULL);
    listen_start(&b);
    for (size_t i = 0; i < ARRAY_LEN(REQUESTS); i++) {
        struct sockaddr_in address;
        char in[4096];
        ssize_t n;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        uv_ip4_addr("127.0.0.1", ws_listen_port(b.ws), &address);
        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        assert_true(send(fd, REQUESTS[i], strlen(REQUESTS[i]), MSG_NOSIGNAL) > 0);
        do { /* until the server ends it */
            uv_run(&b.loop, UV_RUN_NOWAIT);
            n = recv(fd, in, sizeof(in), MSG_DONTWAIT);
        } while (n > 0 || (n < 0 && errno == EAGAIN));
        close(fd);
    }
    assert_int_equal(b.server.opened, 0);
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(ws_own_server_echoes_and_closes),
        cmocka_unit_test(ws_own_server_refuses),
        cmocka_unit_test(ws_own_server_serves_no_pages),
        cmocka_unit_test(ws_too_long_for_own_server_closes_1009),
        cmocka_unit_test(ws_taken_port_is_reported),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
