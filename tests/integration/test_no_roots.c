/* A machine whose /etc/ssl is empty: nobody is believed, by neither stack; with a root in it, those
 * that the root has signed are. Both look at what the system has, as the daemon does. */
#include "ws_test.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "io/httpc.h"

static struct fault_server fault;

/* An empty /etc/ssl, for this process alone. False where the kernel does not let us. */
static bool etc_ssl_empty(void)
{
    return (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", "/etc/ssl", "tmpfs", 0, NULL) == 0;
}

static void root_put(void)
{
    char command[400];
    assert_int_equal(mkdir("/etc/ssl/certs", 0755), 0);
    snprintf(command, sizeof(command),
             "cp %s /etc/ssl/certs/ca-certificates.crt && "
             "ln -s certs/ca-certificates.crt /etc/ssl/cert.pem && openssl rehash /etc/ssl/certs",
             fault.ca);
    assert_int_equal(system(command), 0);
}

struct answer {
    int done;
    enum httpc_outcome outcome;
    char error[256];
};

static void on_answer(void *user, const struct httpc_result *result)
{
    struct answer *answer = user;
    answer->outcome = result->outcome;
    snprintf(answer->error, sizeof(answer->error), "%s", result->error);
    answer->done++;
}

static void fetch(struct answer *answer)
{
    uv_loop_t loop;
    struct httpc *httpc;
    struct err err;
    char url[128];
    memset(answer, 0, sizeof(*answer));
    snprintf(url, sizeof(url), "https://localhost:%u/ok", fault.tls);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(httpc_new(&loop, &(struct httpc_opts){0}, &err, &httpc), 0);
    assert_int_equal(
        httpc_send(httpc, &(struct httpc_request){.url = url}, on_answer, answer, &err), 0);
    run_until(&loop, &answer->done, 1);
    httpc_free(httpc);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void open_line(struct end *end)
{
    struct bench b;
    struct err err;
    char url[128];
    struct ws_target target = {.url = url};
    memset(end, 0, sizeof(*end));
    snprintf(url, sizeof(url), "wss://localhost:%u/hello", fault.tls);
    bench_start(&b, &(struct ws_opts){.connect_ms = 5000});
    if (ws_connect(b.ws, &target, &CLIENT, end, &err, &end->conn) == 0) {
        while (!end->closed && !end->messages)
            uv_run(&b.loop, UV_RUN_ONCE);
    } else {
        snprintf(end->error, sizeof(end->error), "%.200s", err.text);
    }
    bench_end(&b);
}

/* FM-H05 */
static void an_empty_etc_ssl_believes_nobody(void **state)
{
    (void)state;
    struct answer answer;
    struct end end;
    fetch(&answer);
    print_message("  '%s'\n", answer.error);
    assert_int_equal(answer.outcome, HTTPC_NOT_SENT);
    assert_non_null(strstr(answer.error, "certificate"));
    open_line(&end);
    print_message("  '%s'\n", end.error);
    assert_int_equal(end.messages + end.was_open, 0);
    assert_non_null(strstr(end.error, "certificate"));
    root_put();
    fetch(&answer);
    assert_int_equal(answer.outcome, HTTPC_ANSWERED);
    open_line(&end);
    assert_int_equal(end.messages > 0, 1);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(an_empty_etc_ssl_believes_nobody),
    };
    signal(SIGPIPE, SIG_IGN);
    fault_server_start(&fault);
    int result = 77; /* skipped */
    if (etc_ssl_empty())
        result = cmocka_run_group_tests(TESTS, NULL, NULL);
    fault_server_stop(&fault);
    return result;
}
