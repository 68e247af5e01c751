/* io_test.h: what the tests of io share: the fault server, and a loop that runs until something
 * is true.
 * Layer: tests. Each test program includes it once, so all of it is static. */
#pragma once
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
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
#include <uv.h>

#include <cmocka.h>

#ifndef FAULT_SERVER
#define FAULT_SERVER "tests/integration/fault_server.py"
#endif

enum { IO_TEST_LIMIT_MS = 120000 /* of a slow and busy machine */ };

struct fault_server {
    pid_t pid;
    int input; /* it ends when this is closed */
    unsigned plain, tls, wrong, unknown, proxy;
    char ca[256];
    struct {
        char name[16]; /* what is wrong with its TLS */
        unsigned port;
    } bad[16];
    size_t bad_count;
};

__attribute__((unused)) static void fault_server_start(struct fault_server *server)
{
    int in[2], out[2];
    assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
    const char *script = getenv("FAULT_SERVER");
    server->pid = fork();
    if (server->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execlp("python3", "python3", script ? script : FAULT_SERVER, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    FILE *ready = fdopen(out[0], "r");
    char line[1024] = "";
    int n = 0, used;
    assert_non_null(fgets(line, sizeof(line), ready));
    int fields =
        sscanf(line, "plain=%u tls=%u wrong=%u unknown=%u proxy=%u ca=%255s%n", &server->plain,
               &server->tls, &server->wrong, &server->unknown, &server->proxy, server->ca, &n);
    assert_int_equal(fields, 6);
    server->bad_count = 0;
    for (const char *at = line + n;
         server->bad_count < 16 &&
         sscanf(at, " %15[^: \n]:%u%n", server->bad[server->bad_count].name,
                &server->bad[server->bad_count].port, &used) == 2;
         at += used)
        server->bad_count++;
    fclose(ready);
    server->input = in[1];
}

__attribute__((unused)) static void fault_server_stop(struct fault_server *server)
{
    close(server->input);
    waitpid(server->pid, NULL, 0);
}

static void io_test_too_late(uv_timer_t *timer)
{
    (void)timer;
    fprintf(stderr, "a condition did not come true within %d ms\n", IO_TEST_LIMIT_MS);
    abort();
}

/* Runs the loop until *value is at least `wanted`; aborts the program after IO_TEST_LIMIT_MS. */
static void run_until(uv_loop_t *loop, const int *value, int wanted)
{
    uv_timer_t guard;
    uv_timer_init(loop, &guard);
    uv_update_time(loop);
    uv_timer_start(&guard, io_test_too_late, IO_TEST_LIMIT_MS, 0);
    while (*value < wanted)
        uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&guard, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}
