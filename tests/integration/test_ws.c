/* The WebSocket module against a server that misbehaves. */
#include "ws_test.h"

#include <sys/resource.h>

static struct fault_server fault;

static void connect_url(struct bench *b, struct end *end, const char *url)
{
    struct err err;
    struct ws_target target = {.url = url, .max_message_bytes = 1 << 20};
    memset(end, 0, sizeof(*end));
    assert_int_equal(ws_connect(b->ws, &target, &CLIENT, end, &err, &end->conn), 0);
    assert_int_equal(end->closed, 0);
}

static void connect_plain(struct bench *b, struct end *end, const char *mode)
{
    char url[128];
    snprintf(url, sizeof(url), "ws://127.0.0.1:%u/%s", fault.plain, mode);
    connect_url(b, end, url);
}

static void go(const char *name)
{
    char command[128];
    snprintf(command, sizeof(command),
             "python3 -c 'import urllib.request as u; u.urlopen(\"http://127.0.0.1:%u/%s\")'",
             fault.plain, name);
    assert_int_equal(system(command), 0);
}

/* What the fault server says: the close frame it saw last; it may still be about to see it. */
static void assert_saw_close(const char *expected)
{
    char command[384];
    snprintf(command, sizeof(command),
             "python3 -c 'import time, urllib.request as u; end = time.monotonic() + 30\n"
             "while (b := u.urlopen(\"http://127.0.0.1:%u/close\").read().decode()) != \"%s\":\n"
             "    if time.monotonic() > end: exit(f\"it saw {b}\")\n"
             "    time.sleep(0.02)'",
             fault.plain, expected);
    assert_int_equal(system(command), 0);
}

static void assert_counted(const char *what, int expected)
{
    char command[256];
    snprintf(command, sizeof(command),
             "python3 -c 'import urllib.request as u; "
             "n=u.urlopen(\"http://127.0.0.1:%u/count/%s\").read(); exit(int(n)!=%d)'",
             fault.plain, what, expected);
    assert_int_equal(system(command), 0);
}

/* ---- against the fault server ---- */

/* FM-C09 FM-C10 FM-C12 */
static void ws_misbehaving_server_yields_one_close(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        bool opens;
        int messages;
        const char *last;
        unsigned code;
        const char *reason, *error;
        unsigned http_status;
    } CASES[] = {
        {"drop", false, 0, "", 1006, "", "read failed", 0},
        {"silent", false, 0, "", 1006, "", "not connected within 400 ms", 0},
        {"redirect", false, 0, "", 1006, "", "HTTP status 302", 302},
        {"unauthorized", false, 0, "", 1006, "", "HTTP status 401", 401},
        {"bytes", true, 1, "slowly", 4002, "end", "", 0},
        {"close4001", true, 0, "", 4001, "grüße", "", 0},
        {"doubleext", false, 0, "", 1006, "", "", 0},
        {"big", true, 0, "", 1009, "message too long", "longer than 1048576 bytes", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct bench b;
        struct end end;
        print_message("mode %s\n", CASES[i].mode);
        /* only the silent one is waited for */
        bool silent = strcmp(CASES[i].mode, "silent") == 0;
        /* and 20 MiB may take long to pass before the peer reads our close */
        bench_start(&b, &(struct ws_opts){.connect_ms = silent ? 400 : 60000, .close_ms = 60000});
        connect_plain(&b, &end, CASES[i].mode);
        run_until(&b.loop, &end.closed, 1);
        print_message("  %u '%s' '%s'\n", end.code, end.reason, end.error);
        bench_end(&b);
        assert_int_equal(end.closed, 1);
        assert_int_equal(end.opened, CASES[i].opens);
        assert_int_equal(end.was_open, CASES[i].opens);
        assert_int_equal(end.messages, CASES[i].messages);
        assert_string_equal(end.last, CASES[i].last);
        assert_int_equal(end.code, CASES[i].code);
        assert_string_equal(end.reason, CASES[i].reason);
        assert_non_null(strstr(end.error, CASES[i].error));
        assert_int_equal(end.http_status, CASES[i].http_status);
        if (strcmp(CASES[i].mode, "big") == 0)
            assert_saw_close("1009:message too long");
        if (strcmp(CASES[i].mode, "close4001") == 0)
            assert_saw_close("4001:grüße");
    }
}

/* FM-C09 */
static void ws_early_and_split_frames_arrive(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    connect_plain(&b, &end, "hello");
    run_until(&b.loop, &end.messages, 2);
    assert_string_equal(end.last, "again");
    ws_close(end.conn, 1000, "bye");
    run_until(&b.loop, &end.closed, 1);
    connect_plain(&b, &end, "pings");
    run_until(&b.loop, &end.messages, 2);
    assert_string_equal(end.last, "pong q");
    assert_int_equal(end.bytes, strlen("one two three") + strlen("pong q"));
    bench_end(&b);
    assert_int_equal(end.closed, 1);
    assert_int_equal(end.code, 1001);
}

/* FM-C09 */
static void ws_legal_edges_arrive_whole(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    connect_plain(&b, &end, "edges");
    run_until(&b.loop, &end.messages, 3);
    assert_string_equal(end.last, "end");
    assert_int_equal(end.bytes, strlen("5 \xe2\x82\xac") + strlen("end"));
    ws_close(end.conn, 1000, "bye");
    run_until(&b.loop, &end.closed, 1);
    bench_end(&b);
}

/* FM-C09: what comes before is heard, what comes after is not, and it ends once. */
static void ws_illegal_frames_end_the_connection(void **state)
{
    static const char *const modes[] = {"reserved",     "opcode", "controllong",
                                        "controlsplit", "orphan", "interrupted"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        struct bench b;
        struct end end;
        print_message("mode %s\n", modes[i]);
        bench_start(&b, NULL);
        connect_plain(&b, &end, modes[i]);
        run_until(&b.loop, &end.closed, 1);
        print_message("  %u '%s' '%s' %d '%s'\n", end.code, end.reason, end.error, end.messages,
                      end.last);
        bench_end(&b);
        assert_int_equal(end.opened, 1);
        assert_true(end.messages <= 1);
        assert_true(end.messages == 0 || strcmp(end.last, "good") == 0);
    }
}

/* FM-C09: libwebsockets hands on what is no UTF-8 or has a mask; whoever reads the JSON refuses it,
 * and the connection, with all that is behind it, goes on. */
static void ws_illegal_bytes_are_handed_on_whole(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    connect_plain(&b, &end, "passed");
    run_until(&b.loop, &end.messages, 5);
    assert_string_equal(end.last, "after");
    assert_int_equal(end.bytes, strlen("good") + 5 + 6 + 3 + strlen("after"));
    ws_close(end.conn, 1000, "bye");
    run_until(&b.loop, &end.closed, 1);
    bench_end(&b);
}

static void ws_own_close_reaches_the_peer(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    connect_plain(&b, &end, "echo");
    run_until(&b.loop, &end.opened, 1);
    assert_int_equal(ws_send(end.conn, "", 0), 0);
    assert_int_equal(ws_send(end.conn, "first", 5), 0);
    ws_close(end.conn, 4401, "unauthorized");
    ws_close(end.conn, 4402, "twice"); /* changes nothing */
    assert_int_equal(ws_send(end.conn, "late", 4), -ENOTCONN);
    run_until(&b.loop, &end.closed, 1);
    assert_int_equal(end.code, 4401);
    assert_string_equal(end.reason, "unauthorized");
    assert_string_equal(end.error, "");
    assert_saw_close("4401:unauthorized");
    bench_end(&b);
}

static void ws_reset_is_a_loss(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, NULL);
    connect_plain(&b, &end, "reset");
    run_until(&b.loop, &end.opened, 1);
    assert_int_equal(ws_send(end.conn, "go", 2), 0);
    run_until(&b.loop, &end.closed, 1);
    assert_int_equal(end.messages, 0);
    assert_int_equal(end.code, 1006);
    assert_string_equal(end.error, "connection lost without a close frame");
    bench_end(&b);
}

static void ws_close_unanswered_ends_in_time(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, &(struct ws_opts){.close_ms = 200});
    connect_plain(&b, &end, "noanswer");
    run_until(&b.loop, &end.opened, 1);
    ws_close(end.conn, 1000, NULL);
    run_until(&b.loop, &end.closed, 1);
    assert_int_equal(end.code, 1000);
    assert_non_null(strstr(end.error, "did not finish the close"));
    bench_end(&b);
}

/* FM-C01 */
static void ws_missing_pong_hangs_up(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    bench_start(&b, &(struct ws_opts){.ping_s = 1, .hangup_s = 2});
    connect_plain(&b, &end, "nopong");
    run_until(&b.loop, &end.closed, 1);
    assert_true(end.was_open);
    assert_int_equal(end.code, 1006);
    assert_string_equal(end.error, "no answer to the ping");
    bench_end(&b);
}

static void ws_long_queue_drains_to_a_paused_reader(void **state)
{
    (void)state;
    enum { PIECE = 100000, TOTAL = 13 << 20 };
    struct bench b;
    struct end end;
    char *piece = memset(malloc(PIECE), 'z', PIECE);
    bench_start(&b, &(struct ws_opts){.queue_max_bytes = 14 << 20});
    connect_plain(&b, &end, "paused");
    run_until(&b.loop, &end.opened, 1);
    for (size_t sent = 0; sent < TOTAL; sent += PIECE)
        assert_int_equal(ws_send(end.conn, piece, PIECE), 0);
    assert_int_equal(ws_send(end.conn, piece, 2 << 20), -ENOBUFS);
    for (int i = 0; i < 200; i++) /* as much as the kernel takes */
        uv_run(&b.loop, UV_RUN_NOWAIT);
    assert_true(ws_queued_bytes(end.conn) > TOTAL / 4);
    go("go/paused");
    run_until(&b.loop, &end.messages, 1);
    assert_int_equal(atoi(end.last), (TOTAL + PIECE - 1) / PIECE * PIECE);
    assert_int_equal(ws_queued_bytes(end.conn), 0);
    bench_end(&b);
    free(piece);
}

static void ws_request_carries_token_and_host(void **state)
{
    (void)state;
    struct bench b;
    struct end end = {0};
    struct err err;
    char url[128], host[64];
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* must not matter */
    bench_start(&b, NULL);
    snprintf(url, sizeof(url), "ws://localhost:%u/headers?a=1", fault.plain);
    snprintf(host, sizeof(host), "host: localhost:%u\n", fault.plain);
    const char *const headers[] = {"Authorization: Bearer xapp-secret", "Accept-Language: en",
                                   NULL};
    struct ws_target target = {.url = url, .headers = headers, .subprotocol = "gritd.v1"};
    assert_int_equal(ws_connect(b.ws, &target, &CLIENT, &end, &err, NULL), 0);
    run_until(&b.loop, &end.messages, 1);
    assert_non_null(strstr(end.last, "authorization: Bearer xapp-secret\n"));
    assert_non_null(strstr(end.last, "accept-language: en\n"));
    assert_non_null(strstr(end.last, host));
    bench_end(&b);
    unsetenv("http_proxy");
}

/* ---- TLS ---- */

static void tls_case(unsigned port, bool opens, const char *error)
{
    struct bench b;
    struct end end;
    char url[128];
    bench_start(&b, &(struct ws_opts){.ca_file = fault.ca, .connect_ms = 60000});
    snprintf(url, sizeof(url), "wss://localhost:%u/hello", port);
    connect_url(&b, &end, url);
    if (opens)
        run_until(&b.loop, &end.messages, 2);
    else
        run_until(&b.loop, &end.closed, 1);
    print_message("  '%s'\n", end.error);
    assert_int_equal(end.was_open || end.opened, opens);
    assert_non_null(strstr(end.error, error));
    bench_end(&b);
    assert_int_equal(end.closed, 1);
}

/* FM-H04 */
static void ws_certificates_are_checked(void **state)
{
    (void)state;
    tls_case(fault.tls, true, "");
    tls_case(fault.wrong, false, "certificate of localhost: hostname mismatch");
    tls_case(fault.unknown, false, "certificate of localhost: unable to get local issuer");
    tls_case(fault.wrong, false, "; look at the host name");
    assert_int_equal(fault.bad_count, 11);
    for (size_t i = 0; i < fault.bad_count; i++) {
        print_message("%s\n", fault.bad[i].name);
        tls_case(fault.bad[i].port, false, ":");
    }
}

static void proxy_case(struct proxy *proxy, const char *host, bool opens)
{
    struct bench b;
    struct end end;
    char url[128];
    bench_start(&b, &(struct ws_opts){.ca_file = fault.ca, .connect_ms = 60000, .proxy = proxy});
    snprintf(url, sizeof(url), "wss://%s:%u/hello", host, fault.tls);
    connect_url(&b, &end, url);
    run_until(&b.loop, opens ? &end.messages : &end.closed, opens ? 2 : 1);
    print_message("  %s '%s'\n", host, end.error);
    assert_int_equal(end.was_open || end.opened, opens);
    bench_end(&b);
    assert_int_equal(end.closed, 1);
}

/* As in httpc. */
static void ws_goes_through_the_proxy(void **state)
{
    (void)state;
    struct proxy proxy;
    struct reach reach = {0};
    struct bench b;
    struct end end = {0};
    struct err err;
    char url[128];
    snprintf(url, sizeof(url), "http://user:p%%40ss@localhost:%u", fault.proxy);
    assert_int_equal(proxy_read(&proxy, url, "around.gritd.test", &err), 0);
    proxy_case(&proxy, "chat.gritd.test", true);
    assert_counted("CONNECT%20chat.gritd.test", 1);
    assert_counted("login", 1);
    proxy_case(&proxy, "other.gritd.test", false);
    proxy_case(&proxy, "forbidden.gritd.test", false);
    proxy_case(&proxy, "around.gritd.test", false);
    assert_counted("CONNECT%20around.gritd.test", 0);
    proxy_case(&proxy, "localhost", true);
    assert_counted("CONNECT%20localhost", 0);
    bench_start(&b, &(struct ws_opts){.reach = &reach, .proxy = &proxy});
    struct ws_target target = {.url = "wss://169.254.169.254/hello"};
    assert_int_equal(ws_connect(b.ws, &target, &CLIENT, &end, &err, NULL), -EPERM);
    bench_end(&b);
    proxy_done(&proxy);
    assert_int_equal(proxy_read(&proxy, "http://127.0.0.1:1", NULL, &err), 0);
    proxy_case(&proxy, "chat.gritd.test", false);
    proxy_done(&proxy);
}

/* FM-A05: libwebsockets itself would end in a signal. */
static void ws_out_of_descriptors_it_is_told_and_begins_later(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    struct err err;
    char url[128];
    struct ws_target target = {.url = url};
    struct rlimit limit, few;
    bench_start(&b, NULL);
    snprintf(url, sizeof(url), "ws://127.0.0.1:%u/hello", fault.plain);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    int next = dup(STDIN_FILENO);
    close(next);
    for (int free = 0; free < 8; free++) {
        few = (struct rlimit){(rlim_t)(next + free), limit.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        assert_int_equal(ws_connect(b.ws, &target, &CLIENT, &end, &err, NULL), -EMFILE);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
        assert_non_null(strstr(err.text, "Too many open files"));
    }
    connect_plain(&b, &end, "hello");
    run_until(&b.loop, &end.messages, 2);
    bench_end(&b);
}

/* FM-H05 */
static void ws_without_authorities_nothing_is_believed(void **state)
{
    (void)state;
    static const char *const FILES[] = {"/dev/null", "/nonexistent/ca.pem"};
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        struct bench b;
        struct end end = {0};
        struct err err;
        char url[128];
        struct ws_target target = {.url = url};
        bench_start(&b, &(struct ws_opts){.ca_file = FILES[i], .connect_ms = 60000});
        snprintf(url, sizeof(url), "wss://localhost:%u/hello", fault.tls);
        if (ws_connect(b.ws, &target, &CLIENT, &end, &err, NULL) == 0) {
            run_until(&b.loop, &end.closed, 1);
            print_message("  '%s'\n", end.error);
        } else {
            print_message("  refused: '%s'\n", err.text);
        }
        assert_int_equal(end.opened, 0);
        bench_end(&b);
    }
}

/* FM-H02 FM-H03: as in httpc; lws is given the address that was looked at, and no name */
static void ws_inner_addresses_are_not_called(void **state)
{
    (void)state;
    static const char *const HOSTS[] = {"127.0.0.1", "localhost", "2130706433", "0177.0.0.1",
                                        "[::ffff:127.0.0.1]"};
    struct reach reach = {0};
    struct bench b;
    struct end end;
    char url[128];
    for (size_t i = 0; i <= ARRAY_LEN(HOSTS); i++) {
        bool named = i == ARRAY_LEN(HOSTS);
        if (named)
            reach_add(&reach, "https://localhost/api");
        bench_start(&b, &(struct ws_opts){.ca_file = fault.ca, .reach = &reach});
        snprintf(url, sizeof(url), "wss://%s:%u/hello", named ? "localhost" : HOSTS[i], fault.tls);
        connect_url(&b, &end, url);
        run_until(&b.loop, named ? &end.messages : &end.closed, 1);
        print_message("  %s '%s'\n", url, end.error);
        assert_true(named || strstr(end.error, "is an address that may not be called"));
        bench_end(&b);
    }
    reach_done(&reach);
}

/* FM-C12 */
static void ws_silent_after_tls_times_out(void **state)
{
    (void)state;
    struct bench b;
    struct end end;
    char url[128];
    bench_start(&b, &(struct ws_opts){.ca_file = fault.ca, .connect_ms = 600});
    snprintf(url, sizeof(url), "wss://localhost:%u/silent", fault.tls);
    connect_url(&b, &end, url);
    run_until(&b.loop, &end.closed, 1);
    assert_non_null(strstr(end.error, "not connected within"));
    snprintf(url, sizeof(url), "wss://localhost:%u/echo", fault.plain); /* no TLS there */
    connect_url(&b, &end, url);
    run_until(&b.loop, &end.closed, 1);
    assert_false(end.was_open);
    bench_end(&b);
}

/* ---- failures before anything is sent ---- */

static void ws_bad_targets_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        int code;
    } CASES[] = {
        {"ws://example.com/", -EPERM},
        {"ws://127.0.0.1.example.com/", -EPERM},
        {"http://127.0.0.1/", -EINVAL},
        {"wss://", -EINVAL},
        {"wss://a b/", -EINVAL},
        {"wss://user@host/", -EINVAL},
        {"wss://host:0/", -EINVAL},
        {"wss://host:65536/", -EINVAL},
        {"wss://host/#part", -EINVAL},
        {"wss://[::1/", -EINVAL},
        {"ws://[::2]/", -EPERM},
        {"wss://h\r\nX: y/", -EINVAL},
        {NULL, -EINVAL},
    };
    struct bench b;
    struct err err;
    bench_start(&b, NULL);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct ws_target target = {.url = CASES[i].url};
        assert_int_equal(ws_connect(b.ws, &target, &CLIENT, NULL, &err, NULL), CASES[i].code);
    }
    const char *const broken[] = {"Authorization: a\r\nb", NULL};
    struct ws_target target = {.url = "wss://host/", .headers = broken};
    assert_int_equal(ws_connect(b.ws, &target, &CLIENT, NULL, &err, NULL), -EINVAL);
    bench_end(&b);
    struct ws *none = NULL;
    uv_loop_t loop;
    uv_loop_init(&loop);
    assert_int_equal(ws_new(&loop, &(struct ws_opts){.ping_s = 9, .hangup_s = 9}, &err, &none),
                     -EINVAL);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void ws_refused_and_unknown_hosts_report(void **state)
{
    (void)state;
    struct bench b;
    struct end end, other;
    bench_start(&b, &(struct ws_opts){.connect_ms = 60000});
    for (int i = 0; i < 20; i++) { /* nothing may pile up */
        connect_url(&b, &end, "ws://127.0.0.1:1/");
        connect_url(&b, &other, "wss://host.invalid/");
        run_until(&b.loop, &end.closed, 1);
        run_until(&b.loop, &other.closed, 1);
    }
    assert_non_null(strstr(end.error, "127.0.0.1:1: "));
    assert_non_null(strstr(other.error, "host.invalid:443: "));
    bench_end(&b);
}

static void ws_stop_at_any_moment_is_clean(void **state)
{
    (void)state;
    static const char *const MODES[] = {"silent", "echo", "paused", "big", "noanswer"};
    for (int turns = 0; turns < 12; turns++) {
        struct bench b;
        struct end ends[ARRAY_LEN(MODES)];
        bench_start(&b, &(struct ws_opts){.close_ms = 100});
        for (size_t i = 0; i < ARRAY_LEN(MODES); i++)
            connect_plain(&b, &ends[i], MODES[i]);
        ws_close(ends[0].conn, 1000, "never mind");
        assert_int_equal(ends[0].closed, 0); /* later, never from inside */
        for (int i = 0; i < turns * turns; i++)
            uv_run(&b.loop, UV_RUN_NOWAIT);
        if (turns % 3 == 2) { /* without ws_stop */
            ws_free(b.ws);
            uv_run(&b.loop, UV_RUN_DEFAULT);
            assert_int_equal(uv_loop_close(&b.loop), 0);
        } else {
            bench_end(&b);
        }
        for (size_t i = 0; i < ARRAY_LEN(MODES); i++)
            assert_int_equal(ends[i].closed, 1);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(ws_misbehaving_server_yields_one_close),
        cmocka_unit_test(ws_early_and_split_frames_arrive),
        cmocka_unit_test(ws_legal_edges_arrive_whole),
        cmocka_unit_test(ws_illegal_frames_end_the_connection),
        cmocka_unit_test(ws_illegal_bytes_are_handed_on_whole),
        cmocka_unit_test(ws_own_close_reaches_the_peer),
        cmocka_unit_test(ws_reset_is_a_loss),
        cmocka_unit_test(ws_close_unanswered_ends_in_time),
        cmocka_unit_test(ws_missing_pong_hangs_up),
        cmocka_unit_test(ws_long_queue_drains_to_a_paused_reader),
        cmocka_unit_test(ws_request_carries_token_and_host),
        cmocka_unit_test(ws_certificates_are_checked),
        cmocka_unit_test(ws_goes_through_the_proxy),
        cmocka_unit_test(ws_out_of_descriptors_it_is_told_and_begins_later),
        cmocka_unit_test(ws_without_authorities_nothing_is_believed),
        cmocka_unit_test(ws_inner_addresses_are_not_called),
        cmocka_unit_test(ws_silent_after_tls_times_out),
        cmocka_unit_test(ws_bad_targets_are_refused),
        cmocka_unit_test(ws_refused_and_unknown_hosts_report),
        cmocka_unit_test(ws_stop_at_any_moment_is_clean),
    };
    signal(SIGPIPE, SIG_IGN);
    fault_server_start(&fault);
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    fault_server_stop(&fault);
    return failed;
}
