/* bench_load.c: sends events to gritd over HTTP, as fast as they are accepted or at a steady rate.
 *
 * Each connection has one request at a time on the way. Event i is a deal moving to another stage;
 * its owner is rep i modulo REPS, whose one deal it is; stage and amount, the same each time, pick
 * the rule that will match (or none, with -m). The last line on stdout is one JSON object: what was
 * accepted, and the time to the answers.
 *
 * Usage: bench_load -p PORT [-c CONNECTIONS] [-n EVENTS] [-b EVENTS_PER_POST] [-r EVENTS_PER_S]
 *                   [-u REPS] [-i ID_PREFIX] [-t FILE] [-m]
 * With -t the file gets one line an event: its number and when its request left, in us. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"

enum { STAGES = 5, BANDS = 10, EVENTS_MAX = 256, ANSWER_BYTES = 4096, GIVE_UP_S = 120 };

struct conn {
    int fd;
    bool busy;
    uint64_t post; /* its number */
    struct strbuf out;
    size_t sent, got;
    char in[ANSWER_BYTES];
};

struct load {
    int port, connections, per_post, reps, epoll, timer;
    uint64_t events, posts, rate;
    const char *prefix, *times;
    bool miss;
    struct conn *conns;
    uint64_t started, answered, accepted, refused; /* in posts */
    uint64_t begin_us;
    uint64_t *left_us, *took_us; /* by post */
};

static uint64_t clock_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail: the same clock as the fake's ts */
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* --- requests --- */

static void add_event(const struct load *load, uint64_t n, struct strbuf *out)
{
    static const char *const stages[STAGES] = {"prospect", "qualify", "discover", "propose",
                                               "negotiate"};
    uint64_t rep = n % (uint64_t)load->reps, mixed = rep * UINT64_C(0x9E3779B97F4A7C15) >> 32;
    const char *to = stages[mixed % STAGES], *from = stages[(mixed + STAGES - 1) % STAGES];
    /* below the lowest band no rule matches */
    uint64_t amount = load->miss ? 5 : 1000 * (mixed / STAGES % BANDS) + 1500;
    char time_text[32];
    time_t now = (time_t)(clock_us() / 1000000);
    struct tm tm;
    (void)strftime(time_text, sizeof(time_text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    strbuf_printf(out,
                  "{\"specversion\":\"1.0\",\"id\":\"%s%" PRIu64 "\",\"source\":"
                  "\"/crm/generic/bench\",\"type\":\"gritd.deal.stage_changed\",\"time\":\"%s\","
                  "\"subject\":\"deal/D%" PRIu64 "\",\"datacontenttype\":\"application/json\",",
                  load->prefix, n, time_text, rep);
    strbuf_printf(out,
                  "\"data\":{\"deal\":{\"id\":\"D%" PRIu64 "\",\"name\":\"no %" PRIu64
                  " of D%" PRIu64 "\",\"account\":\"Account %" PRIu64 "\",\"owner\":\"crm%" PRIu64
                  "\",\"amount\":%" PRIu64 ",\"currency\":\"EUR\",",
                  rep, n, rep, rep, rep, amount);
    strbuf_printf(out,
                  "\"stage\":{\"canonical\":\"%s\"}},\"from\":{\"canonical\":\"%s\"},"
                  "\"to\":{\"canonical\":\"%s\"},\"direction\":\"forward\"}}",
                  to, from, to);
}

static void make_post(const struct load *load, uint64_t post, struct strbuf *out)
{
    static struct strbuf body;
    uint64_t first = post * (uint64_t)load->per_post;
    strbuf_clear(&body);
    if (load->per_post > 1)
        strbuf_putc(&body, '[');
    for (uint64_t n = first; n < first + (uint64_t)load->per_post && n < load->events; n++) {
        if (n > first)
            strbuf_putc(&body, ',');
        add_event(load, n, &body);
    }
    if (load->per_post > 1)
        strbuf_putc(&body, ']');
    strbuf_clear(out);
    strbuf_printf(out,
                  "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: "
                  "application/cloudevents%s+json\r\nContent-Length: %zu\r\n\r\n",
                  load->port, load->per_post > 1 ? "-batch" : "", body.len);
    strbuf_add(out, body.data, body.len);
}

/* --- connections --- */

static void open_conn(struct load *load, struct conn *conn)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)load->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    int one = 1;
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conn->fd < 0 || connect(conn->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
        fail("connect");
    if (setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0)
        fail("setsockopt");
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, conn->fd, &event) < 0)
        fail("epoll_ctl");
}

/* The sockets block while sending: the requests are far smaller than a socket's buffer. */
static void begin(struct load *load, struct conn *conn, uint64_t due_us)
{
    conn->post = load->started++;
    conn->busy = true;
    conn->got = 0;
    make_post(load, conn->post, &conn->out);
    load->left_us[conn->post] = due_us ? due_us : clock_us();
    for (conn->sent = 0; conn->sent < conn->out.len;) {
        ssize_t done = write(conn->fd, conn->out.data + conn->sent, conn->out.len - conn->sent);
        if (done < 0)
            fail("write");
        conn->sent += (size_t)done;
    }
}

static bool is_whole(const struct conn *conn)
{
    const char *end = strstr(conn->in, "\r\n\r\n"),
               *length = strcasestr(conn->in, "content-length:");
    return end && length && length < end &&
           conn->got >= (size_t)(end + 4 - conn->in) + strtoul(length + 15, NULL, 10);
}

static void on_readable(struct load *load, struct conn *conn)
{
    ssize_t got = read(conn->fd, conn->in + conn->got, ANSWER_BYTES - 1 - conn->got);
    if (got <= 0)
        fail("the connection ended");
    conn->got += (size_t)got;
    conn->in[conn->got] = '\0';
    if (!is_whole(conn))
        return;
    conn->busy = false;
    load->took_us[conn->post] = clock_us() - load->left_us[conn->post];
    load->answered++;
    if (memcmp(conn->in, "HTTP/1.1 202", 12) == 0)
        load->accepted++;
    else if (load->refused++ == 0)
        (void)fprintf(stderr, "bench_load: %s\n", conn->in);
    if (!load->rate && load->started < load->posts)
        begin(load, conn, 0);
}

/* --- pace --- */

static struct conn *idle_conn(struct load *load)
{
    for (int i = 0; i < load->connections; i++) {
        if (!load->conns[i].busy)
            return &load->conns[i];
    }
    return NULL;
}

/* What is due leaves. A post that found no idle connection counts from when it was due. */
static void send_due(struct load *load)
{
    while (load->started < load->posts) {
        uint64_t due = load->begin_us + load->started * 1000000 / load->rate, now = clock_us();
        struct conn *conn = due <= now ? idle_conn(load) : NULL;
        if (!conn)
            return;
        begin(load, conn, now - due > 1000 ? due : 0);
    }
}

static void arm(struct load *load)
{
    uint64_t due = load->begin_us + load->started * 1000000 / load->rate, now = clock_us();
    uint64_t wait = due > now ? due - now : 200;
    struct itimerspec spec = {
        .it_value = {(time_t)(wait / 1000000), (long)(wait % 1000000) * 1000 + 1}};
    if (timerfd_settime(load->timer, 0, &spec, NULL) < 0)
        fail("timerfd");
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    load->begin_us = clock_us();
    for (int i = 0; !load->rate && i < load->connections && load->started < load->posts; i++)
        begin(load, &load->conns[i], 0);
    while (load->answered < load->posts) {
        if (load->rate) {
            send_due(load);
            arm(load);
        }
        int count = epoll_wait(load->epoll, events, EVENTS_MAX, GIVE_UP_S * 1000);
        if (count == 0)
            fail("no answer any more");
        for (int i = 0; i < count; i++) {
            uint64_t ticks;
            if (events[i].data.ptr)
                on_readable(load, events[i].data.ptr);
            else
                (void)!read(load->timer, &ticks, sizeof(ticks)); /* only to make it quiet */
        }
    }
}

/* --- report --- */

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void write_times(const struct load *load)
{
    FILE *file = fopen(load->times, "w");
    if (!file)
        fail(load->times);
    for (uint64_t n = 0; n < load->events; n++)
        (void)fprintf(file, "%" PRIu64 " %" PRIu64 "\n", n,
                      load->left_us[n / (uint64_t)load->per_post]);
    if (fclose(file))
        fail(load->times);
}

static void report(struct load *load)
{
    double wall = (double)(clock_us() - load->begin_us) / 1e6;
    if (load->times)
        write_times(load);
    qsort(load->took_us, load->posts, sizeof(*load->took_us), compare);
    (void)printf("{\"events\":%" PRIu64 ",\"posts\":%" PRIu64 ",\"accepted\":%" PRIu64
                 ",\"refused\":%" PRIu64 ",\"begin_us\":%" PRIu64 ",\"wall_s\":%.3f,"
                 "\"p50_us\":%" PRIu64 ",\"p99_us\":%" PRIu64 "}\n",
                 load->events, load->posts, load->accepted, load->refused, load->begin_us, wall,
                 load->took_us[load->posts / 2], load->took_us[load->posts * 99 / 100]);
}

static int read_options(int argc, char **argv, struct load *load)
{
    for (int option; (option = getopt(argc, argv, "p:c:n:b:r:u:i:t:m")) != -1;) {
        switch (option) {
        case 'p':
            load->port = atoi(optarg);
            break;
        case 'c':
            load->connections = atoi(optarg);
            break;
        case 'n':
            load->events = strtoull(optarg, NULL, 10);
            break;
        case 'b':
            load->per_post = atoi(optarg);
            break;
        case 'r':
            load->rate = strtoull(optarg, NULL, 10);
            break;
        case 'u':
            load->reps = atoi(optarg);
            break;
        case 'i':
            load->prefix = optarg;
            break;
        case 't':
            load->times = optarg;
            break;
        case 'm':
            load->miss = true;
            break;
        default:
            return -1;
        }
    }
    return load->port > 0 && load->connections > 0 && load->events > 0 && load->per_post > 0 &&
                   load->reps > 0
               ? 0
               : -1;
}

int main(int argc, char **argv)
{
    struct load load = {
        .connections = 32, .events = 10000, .per_post = 1, .reps = 1000, .prefix = "e"};
    if (read_options(argc, argv, &load)) {
        (void)fputs("usage: see the head of tests/bench/bench_load.c\n", stderr);
        return 2;
    }
    load.posts = (load.events + (uint64_t)load.per_post - 1) / (uint64_t)load.per_post;
    load.conns = NEW_ARRAY(struct conn, (size_t)load.connections);
    load.left_us = NEW_ARRAY(uint64_t, load.posts);
    load.took_us = NEW_ARRAY(uint64_t, load.posts);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (load.epoll < 0 || load.timer < 0 ||
        epoll_ctl(load.epoll, EPOLL_CTL_ADD, load.timer, &event) < 0)
        fail("epoll");
    for (int i = 0; i < load.connections; i++)
        open_conn(&load, &load.conns[i]);
    run(&load);
    report(&load);
    for (int i = 0; i < load.connections; i++)
        strbuf_done(&load.conns[i].out);
    free(load.conns);
    free(load.left_us);
    free(load.took_us);
    return load.refused ? 1 : 0;
}
