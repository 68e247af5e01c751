/* Requests out: what each ending is called, and that no request is ever sent twice. */
#include "io_test.h"

#include <dlfcn.h>
#include <netdb.h>
#include <semaphore.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/httpc.h"

static struct fault_server fault;

/* A resolver that does not answer for one name until it is told to, and one that gives a public
 * address first and this machine's from the second time on. */
static sem_t resolver_gate, resolver_done;
static int rebind_asked;

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (node && strcmp(node, "stuck.invalid") == 0) {
        sem_wait(&resolver_gate);
        sem_post(&resolver_done);
        return EAI_NONAME;
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node && strcmp(node, "rebind.invalid") == 0)
        node = rebind_asked++ ? "127.0.0.1" : "192.0.2.1";
    return real(node, service, hints, found);
}

struct bench {
    uv_loop_t loop;
    struct httpc *httpc;
};

static int answers_seen;

struct answer {
    int done, place;            /* place: the how manieth of all answers it was */
    struct httpc_result result; /* body points to `body` */
    char body[1024];
};

static void bench_start(struct bench *b, const struct httpc_opts *opts)
{
    struct err err;
    assert_int_equal(uv_loop_init(&b->loop), 0);
    assert_int_equal(httpc_new(&b->loop, opts, &err, &b->httpc), 0);
}

static void bench_end(struct bench *b)
{
    httpc_free(b->httpc);
    assert_int_equal(uv_run(&b->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&b->loop), 0);
}

static void on_answer(void *user, const struct httpc_result *result)
{
    struct answer *answer = user;
    answer->done++;
    answer->place = answers_seen++;
    answer->result = *result;
    assert_int_equal(result->body[result->len], '\0');
    snprintf(answer->body, sizeof(answer->body), "%s", result->body);
    answer->result.body = answer->body;
}

static void start(struct bench *b, const struct httpc_request *request, struct answer *answer)
{
    struct err err;
    memset(answer, 0, sizeof(*answer));
    assert_int_equal(httpc_send(b->httpc, request, on_answer, answer, &err), 0);
    assert_int_equal(answer->done, 0);
}

static void fetch(struct bench *b, const struct httpc_request *request, struct answer *answer)
{
    start(b, request, answer);
    run_until(&b->loop, &answer->done, 1);
}

static const char *url_of(char *text, const char *scheme, unsigned port, const char *path)
{
    snprintf(text, 128, "%s://localhost:%u/%s", scheme, port, path);
    return text;
}

static void fetch_plain(struct bench *b, const char *path, const char *body, struct answer *answer)
{
    char url[128];
    fetch(b,
          &(struct httpc_request){.url = url_of(url, "http", fault.plain, path),
                                  .body = body,
                                  .len = body ? strlen(body) : 0},
          answer);
}

static void httpc_answers_are_read(void **state)
{
    (void)state;
    struct bench b;
    struct answer a;
    char url[128];
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* must not matter */
    bench_start(&b, NULL);
    fetch_plain(&b, "ok", "data", &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
    assert_int_equal(a.result.status, 200);
    assert_string_equal(a.body, "POST data");
    assert_true(a.result.date == INT64_C(784111777000));
    assert_int_equal(a.result.retry_after_s, -1);
    assert_string_equal(a.result.error, "");
    static const char *const METHODS[] = {"PUT", "GET", "PATCH", "POST", "DELETE", "HEAD", "POST"};
    for (size_t i = 0; i < ARRAY_LEN(METHODS); i++) { /* all over the same handle */
        bool body = METHODS[i][0] == 'P';
        char expected[32];
        fetch(&b,
              &(struct httpc_request){.url = url_of(url, "http", fault.plain, "ok?x=1"),
                                      .method = METHODS[i],
                                      .body = body ? "b" : NULL,
                                      .len = body},
              &a);
        assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
        snprintf(expected, sizeof(expected), "%s %s", METHODS[i], body ? "b" : "");
        if (strcmp(METHODS[i], "HEAD") != 0)
            assert_string_equal(a.body, expected);
    }
    fetch_plain(&b, "limited", "x", &a);
    assert_int_equal(a.result.status, 429);
    assert_int_equal(a.result.retry_after_s, 30);
    assert_true(a.result.date == MSEC_NONE);
    fetch_plain(&b, "limited_date", "x", &a);
    assert_int_equal(a.result.retry_after_s, -1);
    assert_string_equal(a.result.retry_after, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_true(a.result.date == INT64_C(784111777000)); /* the obsolete form */
    bench_end(&b);
    unsetenv("http_proxy");
}

static void httpc_headers_are_as_asked(void **state)
{
    (void)state;
    struct bench b;
    struct answer a;
    char url[128];
    const char *const more[] = {"Authorization: Bearer xoxb-1", "X-Key: value", NULL};
    const char *const keep[] = {"x-fault", "content-type", NULL};
    bench_start(&b, &(struct httpc_opts){.user_agent = "gritd/test"});
    url_of(url, "http", fault.plain, "headers");
    struct httpc_request request = {.url = url,
                                    .content_type = "application/json",
                                    .body = "{}",
                                    .len = 2,
                                    .headers = more,
                                    .keep = keep};
    fetch(&b, &request, &a);
    assert_non_null(strstr(a.body, "authorization: Bearer xoxb-1\n"));
    assert_non_null(strstr(a.body, "content-type: application/json\n"));
    assert_non_null(strstr(a.body, "content-length: 2\n"));
    assert_non_null(strstr(a.body, "user-agent: gritd/test"));
    assert_non_null(strstr(a.body, "x-key: value"));
    assert_null(strstr(a.body, "expect"));
    for (int i = 0; i < 40; i++) { /* more tokens than lists are kept */
        char token[32], line[64];
        const char *const tokens[] = {token, NULL};
        snprintf(token, sizeof(token), "Authorization: Bearer t%d", i);
        snprintf(line, sizeof(line), "authorization: Bearer t%d\n", i);
        fetch(&b, &(struct httpc_request){.url = url, .headers = tokens, .method = "POST"}, &a);
        assert_non_null(strstr(a.body, line));
        assert_null(strstr(a.body, "content-type"));
    }
    bench_end(&b);
}

static int requests_seen(struct bench *b, const char *path)
{
    struct answer a;
    char counter[64];
    snprintf(counter, sizeof(counter), "count/%s", path);
    fetch_plain(b, counter, NULL, &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
    return atoi(a.body);
}

/* The heart of delivery: libcurl by itself would send the second request again. FM-B02 */
static void httpc_dying_keepalive_is_unknown_and_sent_once(void **state)
{
    (void)state;
    static const struct {
        const char *path, *method, *body;
    } CASES[] = {
        {"dies/post", "POST", "data"},   {"resets/post", "POST", "data"},
        {"dies/empty", "POST", NULL},    {"dies/put", "PUT", "data"},
        {"dies/delete", "DELETE", NULL}, {"dies/patch", "PATCH", "data"},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct bench b;
        struct answer a;
        char url[128];
        print_message("%s\n", CASES[i].path);
        bench_start(&b, &(struct httpc_opts){.max_in_flight = 1});
        struct httpc_request request = {
            .url = url_of(url, "http", fault.plain, CASES[i].path),
            .method = CASES[i].method,
            .body = CASES[i].body,
            .len = CASES[i].body ? strlen(CASES[i].body) : 0,
        };
        fetch(&b, &request, &a);
        assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
        assert_string_equal(a.body, "first");
        fetch(&b, &request, &a);
        print_message("  %s\n", a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_UNKNOWN);
        assert_int_equal(requests_seen(&b, CASES[i].path), 2); /* one per attempt */
        bench_end(&b);
    }
}

/* FM-B02 */
static void httpc_long_body_on_dying_keepalive_is_sent_once(void **state)
{
    (void)state;
    enum { LONG = 4 << 20 };
    struct bench b;
    struct answer a;
    char url[128];
    char *body = memset(malloc(LONG), 'l', LONG);
    bench_start(&b, &(struct httpc_opts){.max_in_flight = 1});
    struct httpc_request request = {
        .url = url_of(url, "http", fault.plain, "dies/long"), .body = body, .len = LONG};
    fetch(&b, &request, &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
    fetch(&b, &request, &a);
    assert_int_equal(a.result.outcome, HTTPC_UNKNOWN);
    assert_int_equal(requests_seen(&b, "dies/long"), 2);
    bench_end(&b);
    free(body);
}

/* FM-C12 */
static void httpc_endings_have_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum httpc_outcome outcome;
        long status;
        const char *error;
    } CASES[] = {
        {"half", HTTPC_UNKNOWN, 200, "bytes remaining"},
        {"silent", HTTPC_UNKNOWN, 0, "timed out"},
        {"redirect/me", HTTPC_ANSWERED, 307, ""},
        {"big", HTTPC_UNKNOWN, 200, "longer than 1048576 bytes"},
    };
    struct bench b;
    struct answer a;
    char url[128];
    bench_start(&b, NULL);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        fetch(&b,
              &(struct httpc_request){.url = url_of(url, "http", fault.plain, CASES[i].path),
                                      .body = "x",
                                      .len = 1,
                                      .total_timeout_ms =
                                          strcmp(CASES[i].path, "silent") == 0 ? 1000 : 0},
              &a);
        print_message("  %s: '%s'\n", CASES[i].path, a.result.error);
        assert_int_equal(a.result.outcome, CASES[i].outcome);
        assert_int_equal(a.result.status, CASES[i].status);
        assert_non_null(strstr(a.result.error, CASES[i].error));
    }
    assert_int_equal(requests_seen(&b, "redirect/me"), 1);
    bench_end(&b);
}

/* FM-H04 */
static void httpc_failures_before_the_request_are_not_sent(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *error;
    } FIXED[] = {
        {"http://127.0.0.1:1/", "connect"},
        {"https://host.invalid/", "resolve"},
    };
    struct bench b;
    struct answer a;
    char url[128];
    bench_start(&b, &(struct httpc_opts){.ca_file = fault.ca});
    for (size_t i = 0; i < ARRAY_LEN(FIXED); i++) {
        fetch(&b, &(struct httpc_request){.url = FIXED[i].url, .body = "x", .len = 1}, &a);
        print_message("  '%s'\n", a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
        assert_non_null(strstr(a.result.error, FIXED[i].error));
    }
    const unsigned ports[] = {fault.wrong, fault.unknown, fault.plain};
    for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
        fetch(&b,
              &(struct httpc_request){.url = url_of(url, "https", ports[i], "ok"),
                                      .body = "x",
                                      .len = 1,
                                      /* only the one without TLS is waited for */
                                      .connect_timeout_ms = ports[i] == fault.plain ? 1000 : 0},
              &a);
        print_message("  '%s'\n", a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
        assert_int_equal(strstr(a.result.error, "; look at the host name") != NULL,
                         ports[i] != fault.plain);
    }
    assert_int_equal(fault.bad_count, 11);
    for (size_t i = 0; i < fault.bad_count; i++) {
        fetch(&b,
              &(struct httpc_request){
                  .url = url_of(url, "https", fault.bad[i].port, "ok"), .body = "x", .len = 1},
              &a);
        print_message("  %s '%s'\n", fault.bad[i].name, a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
        assert_true(a.result.error[0] != '\0');
    }
    fetch(&b, &(struct httpc_request){.url = url_of(url, "https", fault.tls, "ok")}, &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
    assert_string_equal(a.body, "GET ");
    bench_end(&b);
}

/* FM-H05: no bundle, an empty one, one that is a folder: nothing is believed then */
static void httpc_without_authorities_nothing_is_believed(void **state)
{
    (void)state;
    static const char *const FILES[] = {"/dev/null", "/nonexistent/ca.pem", "/tmp"};
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        struct bench b;
        struct answer a;
        char url[128];
        bench_start(&b, &(struct httpc_opts){.ca_file = FILES[i]});
        fetch(&b, &(struct httpc_request){.url = url_of(url, "https", fault.tls, "ok")}, &a);
        print_message("  '%s'\n", a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
        assert_non_null(strstr(a.result.error, "certificate"));
        bench_end(&b);
    }
}

/* FM-H02 FM-H03: nothing leaves towards this machine under any of its spellings, unless the host is
 * one that the configuration names. */
static void httpc_inner_addresses_are_not_called(void **state)
{
    (void)state;
    static const char *const HOSTS[] = {"127.0.0.1",  "localhost", "2130706433",         "0x7f.1",
                                        "0177.0.0.1", "127.1",     "[::ffff:127.0.0.1]", "[::1]"};
    struct reach reach = {0};
    struct httpc_opts opts = {.ca_file = fault.ca, .reach = &reach};
    struct bench b;
    struct answer a;
    char url[128];
    for (size_t i = 0; i < ARRAY_LEN(HOSTS); i++) {
        bench_start(&b, &opts);
        snprintf(url, sizeof(url), "https://%s:%u/ok", HOSTS[i], fault.tls);
        fetch(&b, &(struct httpc_request){.url = url, .body = "x", .len = 1}, &a);
        print_message("  %s: '%s'\n", HOSTS[i], a.result.error);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
        assert_non_null(strstr(a.result.error, "1 is an address that may not be called"));
        bench_end(&b);
    }
    /* the resolver changes its mind: what counts is the socket about to be opened */
    bench_start(&b, &opts);
    struct httpc_request request = {.url = url, .connect_timeout_ms = 200};
    snprintf(url, sizeof(url), "https://rebind.invalid:%u/ok", fault.tls);
    for (int i = 0; i < 2; i++) {
        fetch(&b, &request, &a);
        assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    }
    bench_end(&b);
    bench_start(&b, &opts); /* libcurl keeps names for a minute */
    request.connect_timeout_ms = 0;
    fetch(&b, &request, &a);
    assert_true(rebind_asked >= 2);
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    assert_string_equal(a.result.error, "127.0.0.1 is an address that may not be called");
    reach_add(&reach, "https://localhost");
    fetch(&b, &(struct httpc_request){.url = url_of(url, "https", fault.tls, "ok")}, &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
    bench_end(&b);
    reach_done(&reach);
}

static int counted(struct bench *b, const char *what)
{
    struct answer a;
    char path[64];
    snprintf(path, sizeof(path), "count/%s", what);
    fetch_plain(b, path, NULL, &a);
    return atoi(a.body);
}

static void fetch_beyond(struct bench *b, const char *host, struct answer *answer)
{
    char url[128];
    snprintf(url, sizeof(url), "https://%s:%u/ok", host, fault.tls);
    fetch(b, &(struct httpc_request){.url = url, .body = "x", .len = 1}, answer);
    print_message("  %s '%s'\n", host, answer->result.error);
}

/* What leaves this machine goes through the proxy, with the same checks of its certificate. */
static void httpc_goes_through_the_proxy(void **state)
{
    (void)state;
    struct reach reach = {0};
    struct proxy proxy;
    struct bench b;
    struct answer a;
    struct err err;
    char url[128];
    reach_add(&reach, "https://localhost");
    snprintf(url, sizeof(url), "http://user:p%%40ss@127.0.0.1:%u", fault.proxy);
    assert_int_equal(proxy_read(&proxy, url, "around.gritd.test", &err), 0);
    bench_start(&b, &(struct httpc_opts){.ca_file = fault.ca, .proxy = &proxy, .reach = &reach});
    for (int i = 1; i <= 2; i++) {
        fetch_beyond(&b, "chat.gritd.test", &a);
        assert_int_equal(a.result.outcome, HTTPC_ANSWERED);
        assert_string_equal(a.body, "POST x");
    }
    assert_int_equal(counted(&b, "CONNECT%20chat.gritd.test"), 1); /* kept for the second */
    assert_int_equal(counted(&b, "login"), 1);
    fetch_beyond(&b, "other.gritd.test", &a); /* the certificate is another host's */
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    assert_non_null(strstr(a.result.error, "; look at the host name"));
    fetch_beyond(&b, "forbidden.gritd.test", &a);
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    fetch_beyond(&b, "around.gritd.test", &a); /* no_proxy: and no resolver knows it */
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    assert_int_equal(counted(&b, "CONNECT%20around.gritd.test"), 0);
    static const char *const INNER[] = {"10.0.0.1", "169.254.169.254", "2130706432", "a.localhost",
                                        "[fe80::1]"};
    for (size_t i = 0; i < ARRAY_LEN(INNER); i++) { /* a platform may not send us there */
        snprintf(url, sizeof(url), "https://%s/ok", INNER[i]);
        const struct httpc_request request = {.url = url};
        assert_int_equal(httpc_send(b.httpc, &request, on_answer, &a, &err), -EPERM);
    }
    fetch(&b, &(struct httpc_request){.url = url_of(url, "https", fault.tls, "ok")}, &a);
    assert_int_equal(a.result.outcome, HTTPC_ANSWERED); /* this machine is never behind it */
    assert_int_equal(counted(&b, "CONNECT%20localhost"), 0);
    bench_end(&b);
    proxy_done(&proxy);
    assert_int_equal(proxy_read(&proxy, "http://127.0.0.1:1", NULL, &err), 0);
    bench_start(&b, &(struct httpc_opts){.ca_file = fault.ca, .proxy = &proxy});
    fetch_beyond(&b, "chat.gritd.test", &a);
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    bench_end(&b);
    proxy_done(&proxy);
    reach_done(&reach);
}

static void httpc_bad_requests_are_refused(void **state)
{
    (void)state;
    const char *const broken[] = {"no colon", NULL};
    const struct {
        struct httpc_request request;
        int code;
    } CASES[] = {
        {{.url = "http://example.com/"}, -EPERM},
        {{.url = "ftp://127.0.0.1/"}, -EINVAL},
        {{.url = "ws://127.0.0.1/"}, -EINVAL},
        {{.url = "https://h/", .method = "GE T"}, -EINVAL},
        {{.url = "https://h/", .method = "get"}, -EINVAL},
        {{.url = "https://h/", .method = "GET", .body = "x", .len = 1}, -EINVAL},
        {{.url = "https://h/", .headers = broken}, -EINVAL},
        {{.url = "https://h/", .content_type = "a\nb"}, -EINVAL},
        {{.url = "https://h/", .headers = broken}, -EINVAL},
        {{.url = "https://u:p@h/"}, -EINVAL},
    };
    struct bench b;
    struct err err;
    bench_start(&b, NULL);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_int_equal(httpc_send(b.httpc, &CASES[i].request, on_answer, NULL, &err),
                         CASES[i].code);
    bench_end(&b);
}

static void queue_case(unsigned max_in_flight)
{
    enum { COUNT = 100 };
    struct bench b;
    struct err err;
    char url[128];
    static struct answer answers[COUNT];
    bench_start(&b, &(struct httpc_opts){.max_in_flight = max_in_flight, .max_queued = COUNT});
    url_of(url, "http", fault.plain, "ok");
    for (int i = 0; i < COUNT; i++)
        start(&b, &(struct httpc_request){.url = url}, &answers[i]);
    assert_int_equal(
        httpc_send(b.httpc, &(struct httpc_request){.url = url}, on_answer, NULL, &err), -ENOBUFS);
    assert_int_equal(httpc_queued(b.httpc), COUNT);
    for (int i = 0; i < COUNT; i++) {
        run_until(&b.loop, &answers[i].done, 1);
        assert_true(httpc_in_flight(b.httpc) <= max_in_flight);
        assert_int_equal(answers[i].result.outcome, HTTPC_ANSWERED);
        if (max_in_flight == 1)
            assert_int_equal(answers[i].place, answers[0].place + i);
    }
    bench_end(&b);
}

static void httpc_queue_is_bounded_and_in_order(void **state)
{
    (void)state;
    queue_case(1);
    queue_case(3);
}

static void httpc_cancel_tells_sent_from_unsent(void **state)
{
    (void)state;
    struct bench b;
    struct answer a[3], sentinel;
    struct err err;
    char url[128], ok[128];
    bench_start(&b, &(struct httpc_opts){.max_in_flight = 2});
    start(&b, &(struct httpc_request){.url = url_of(url, "http", fault.plain, "silent")}, &a[0]);
    /* By the time the other one is answered, the silent one has left. */
    start(&b, &(struct httpc_request){.url = url_of(ok, "http", fault.plain, "ok")}, &sentinel);
    run_until(&b.loop, &sentinel.done, 1);
    start(&b, &(struct httpc_request){.url = url}, &a[1]);
    start(&b, &(struct httpc_request){.url = url}, &a[2]);
    httpc_cancel_all(b.httpc);
    assert_int_equal(a[0].result.outcome, HTTPC_UNKNOWN);
    assert_int_equal(a[1].result.outcome, HTTPC_NOT_SENT);
    assert_int_equal(a[2].result.outcome, HTTPC_NOT_SENT);
    for (int i = 0; i < 3; i++)
        assert_int_equal(a[i].done, 1);
    assert_int_equal(
        httpc_send(b.httpc, &(struct httpc_request){.url = url}, on_answer, NULL, &err),
        -ESHUTDOWN);
    bench_end(&b);
    bench_start(&b, NULL); /* and once with a look-up and a connect under way */
    start(&b, &(struct httpc_request){.url = "https://host.invalid/"}, &a[0]);
    start(&b, &(struct httpc_request){.url = ok}, &a[1]);
    uv_run(&b.loop, UV_RUN_NOWAIT);
    bench_end(&b);
    assert_int_equal(a[0].done + a[1].done, 2);
}

static void httpc_stuck_resolver_holds_nothing_up(void **state)
{
    (void)state;
    struct bench b;
    struct answer a;
    struct httpc_request request = {
        .url = "https://stuck.invalid/", .body = "x", .len = 1, .connect_timeout_ms = 100};
    sem_init(&resolver_gate, 0, 0);
    sem_init(&resolver_done, 0, 0);
    bench_start(&b, NULL);
    fetch(&b, &request, &a); /* the time-out ends it, though the resolver hangs */
    assert_int_equal(a.result.outcome, HTTPC_NOT_SENT);
    assert_non_null(strstr(a.result.error, "timed out"));
    start(&b, &request, &a);
    for (int i = 0; i < 3; i++)
        uv_run(&b.loop, UV_RUN_NOWAIT);
    assert_int_equal(httpc_in_flight(b.httpc), 1);
    bench_end(&b);
    assert_int_equal(a.result.outcome, HTTPC_UNKNOWN);
    for (int i = 0; i < 2; i++) { /* only now may it go on */
        sem_post(&resolver_gate);
        sem_wait(&resolver_done);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(httpc_answers_are_read),
        cmocka_unit_test(httpc_headers_are_as_asked),
        cmocka_unit_test(httpc_dying_keepalive_is_unknown_and_sent_once),
        cmocka_unit_test(httpc_long_body_on_dying_keepalive_is_sent_once),
        cmocka_unit_test(httpc_endings_have_their_names),
        cmocka_unit_test(httpc_failures_before_the_request_are_not_sent),
        cmocka_unit_test(httpc_without_authorities_nothing_is_believed),
        cmocka_unit_test(httpc_inner_addresses_are_not_called),
        cmocka_unit_test(httpc_goes_through_the_proxy),
        cmocka_unit_test(httpc_bad_requests_are_refused),
        cmocka_unit_test(httpc_queue_is_bounded_and_in_order),
        cmocka_unit_test(httpc_cancel_tells_sent_from_unsent),
        cmocka_unit_test(httpc_stuck_resolver_holds_nothing_up),
    };
    signal(SIGPIPE, SIG_IGN);
    fault_server_start(&fault);
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    fault_server_stop(&fault);
    return failed;
}
