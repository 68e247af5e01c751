#include "serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "later.h"

static void usage(FILE *to, const struct serve_program *p)
{
    (void)fprintf(to,
                  "usage: %s [--port N] [--users N] [--quiet-log]\n"
                  "  --port N      loopback port, 0 picks one (default 0)\n"
                  "  --users N     %s (default %d)\n"
                  "  --quiet-log   count requests but keep no log of them\n",
                  p->name, p->users, *p->users_at_start);
}

static bool number(const char *text, long max, int *ret)
{
    char *end;

    long v = text ? strtol(text, &end, 10) : -1;
    if (!text || end == text || *end || v < 0 || v > max)
        return false;
    *ret = (int)v;
    return true;
}

/* 0: go on; else exit with ret - 1. */
static int read_options(int argc, char **argv, const struct serve_program *p, int *ret_port)
{
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--help") == 0) {
            usage(stdout, p);
            return 1;
        }
        if (strcmp(argv[i], "--quiet-log") == 0) {
            p->log->quiet = true;
        } else if (strcmp(argv[i], "--port") == 0 && number(next, 65535, ret_port)) {
            i++;
        } else if (strcmp(argv[i], "--users") == 0 && number(next, 1000000, p->users_at_start)) {
            i++;
        } else {
            usage(stderr, p);
            return 3;
        }
    }
    return 0;
}

struct stop {
    uv_signal_t term, interrupt;
    struct host *host;
};

static void on_stop(uv_signal_t *s, int signum)
{
    struct stop *stop = s->data;

    (void)signum; /* both mean the same */
    uv_close((uv_handle_t *)&stop->term, NULL);
    uv_close((uv_handle_t *)&stop->interrupt, NULL);
    conn_close_all(stop->host);
    uv_stop(stop->host->loop);
}

static void close_leftover(uv_handle_t *h, void *arg)
{
    (void)arg;               /* none given */
    if (h->type == UV_TIMER) /* all timers belong to later.c */
        later_cancel(h->data);
}

int serve(int argc, char **argv, const struct serve_program *p)
{
    struct stop stop = {.host = p->host};
    uv_loop_t loop;
    int port = 0;

    int r = read_options(argc, argv, p, &port);
    if (r)
        return r - 1;
    (void)signal(SIGPIPE, SIG_IGN); /* writes report it */
    if ((r = uv_loop_init(&loop)) != 0) {
        (void)fprintf(stderr, "%s: %s\n", p->name, uv_strerror(r));
        return 1;
    }
    p->host->loop = &loop;
    p->host->f = p->f;
    p->init(p->f);
    if ((r = conn_listen(p->host, port)) != 0) {
        (void)fprintf(stderr, "%s: port %d: %s\n", p->name, port, uv_strerror(r));
        return 1;
    }
    (void)uv_signal_init(&loop, &stop.term); /* these fail only without memory */
    (void)uv_signal_init(&loop, &stop.interrupt);
    stop.term.data = stop.interrupt.data = &stop;
    (void)uv_signal_start(&stop.term, on_stop, SIGTERM);
    (void)uv_signal_start(&stop.interrupt, on_stop, SIGINT);
    (void)printf("listening: http://127.0.0.1:%d\n", p->host->port);
    (void)fflush(stdout);                /* a closed stdout is the caller's wish */
    (void)uv_run(&loop, UV_RUN_DEFAULT); /* ended by uv_stop */
    p->done(p->f);
    buf_done(&p->host->out);
    uv_walk(&loop, close_leftover, NULL);
    (void)uv_run(&loop, UV_RUN_DEFAULT); /* close callbacks */
    (void)uv_loop_close(&loop);          /* the process ends anyway */
    return 0;
}
