#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "xmpp_rig.h"

struct rig rig;

enum { LIMIT_MS = 120000, TICK_MS = 20, SKIPPED = 77 };

static const char *const names[] = {"gritbot", "rep1", "rep2", "blocked"};

/* --- time --- */

static msec_t clock_ms(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now); /* cannot fail for these */
    return now.tv_sec * MSEC_SECOND + now.tv_nsec / 1000000;
}

msec_t rig_now(void)
{
    return clock_ms(CLOCK_REALTIME) + rig.skew;
}

msec_t rig_deadline(void)
{
    return clock_ms(CLOCK_MONOTONIC) + LIMIT_MS;
}

bool rig_is_past(msec_t limit)
{
    return clock_ms(CLOCK_MONOTONIC) > limit;
}

void rig_turn(void)
{
    (void)uv_run(&rig.loop, UV_RUN_ONCE); /* the timer ends it at the latest */
}

/* --- the server --- */

static void read_words(char *line)
{
    struct server *server = &rig.server;
    const struct {
        const char *key;
        char *text;
        size_t size;
    } rows[] = {
        {"ws", server->ws, sizeof(server->ws)},
        {"wss", server->wss, sizeof(server->wss)},
        {"ca", server->ca, sizeof(server->ca)},
        {"domain", server->domain, sizeof(server->domain)},
        {names[0], server->passwords[0], sizeof(server->passwords[0])},
        {names[1], server->passwords[1], sizeof(server->passwords[1])},
        {names[2], server->passwords[2], sizeof(server->passwords[2])},
        {names[3], server->passwords[3], sizeof(server->passwords[3])},
    };
    char *state = NULL;
    for (char *word = strtok_r(line, " \n", &state); word; word = strtok_r(NULL, " \n", &state)) {
        size_t key = strcspn(word, "=");
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            if (strlen(rows[i].key) == key && strncmp(rows[i].key, word, key) == 0)
                (void)snprintf(rows[i].text, rows[i].size, "%s", word + key + 1);
        }
    }
}

static bool start_server(const char *name, const char *options)
{
    int in[2], out[2];
    char line[2048] = "", words[256];
    assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
    rig.server.pid = fork();
    assert_true(rig.server.pid >= 0);
    if (rig.server.pid == 0) {
        char *args[16] = {(char *)(uintptr_t) "python3", (char *)(uintptr_t)XMPP_SERVERS,
                          (char *)(uintptr_t)name};
        size_t count = 3;
        char *state = NULL;
        (void)snprintf(words, sizeof(words), "%s", options);
        for (char *word = strtok_r(words, " ", &state); word && count < 15;
             word = strtok_r(NULL, " ", &state))
            args[count++] = word;
        (void)dup2(in[0], 0);
        (void)dup2(out[1], 1);
        execvp(args[0], args);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    rig.server.in = fdopen(in[1], "w");
    rig.server.out = fdopen(out[0], "r");
    if (!fgets(line, sizeof(line), rig.server.out)) {
        int status = 0;
        (void)waitpid(rig.server.pid, &status, 0);
        (void)fclose(rig.server.in);
        (void)fclose(rig.server.out);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != SKIPPED)
            fail_msg("%s %s does not start", name, options);
        return false;
    }
    read_words(line);
    return true;
}

void rig_tell(const char *format, ...)
{
    char answer[2048] = "";
    va_list args;
    va_start(args, format);
    (void)vfprintf(rig.server.in, format, args);
    va_end(args);
    (void)fputc('\n', rig.server.in);
    (void)fflush(rig.server.in);
    if (!fgets(answer, sizeof(answer), rig.server.out) || strcmp(answer, "ok\n") != 0)
        fail_msg("%s: %s", format, answer);
}

const char *rig_password(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(names[i], name))
            return rig.server.passwords[i];
    }
    fail_msg("there is no %s", name);
    return NULL;
}

/* --- what the session says --- */

static void keep(struct client *client, const struct xmpp_item *item)
{
    if (client->count == RIG_GOT_MAX)
        fail_msg("too many items");
    struct got *got = &client->got[client->count++];
    *got = (struct got){.kind = item->kind,
                        .number = item->number,
                        .resumed = item->resumed,
                        .fatal = item->fatal,
                        .temporary = item->temporary,
                        .late = item->late,
                        .stranger = item->stranger,
                        .show = item->show};
    const struct {
        const char *from;
        char *to;
        size_t size;
    } texts[] = {
        {item->key, got->key, sizeof(got->key)},
        {item->jid, got->jid, sizeof(got->jid)},
        {item->body, got->body, sizeof(got->body)},
        {item->id, got->id, sizeof(got->id)},
        {item->archive_id, got->archive_id, sizeof(got->archive_id)},
        {item->what, got->what, sizeof(got->what)},
        {item->todo, got->todo, sizeof(got->todo)},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        (void)snprintf(texts[i].to, texts[i].size, "%s", texts[i].from ? texts[i].from : "");
}

static void run_out(struct client *client, struct xmpp_out *out)
{
    for (const struct xmpp_item *item = out->first; item; item = item->next) {
        if (getenv("XMPP_TRACE"))
            print_message("%s %d %s%s%s\n", client->name, (int)item->kind,
                          item->text ? item->text : "", item->what ? item->what : "",
                          item->body ? item->body : "");
        if (item->kind == XMPP_FRAME) {
            client->frames_out++;
            (void)sscanf(item->text, "<auth xmlns='%*[^']' mechanism='%31[^']", client->mechanism);
            if (client->conn)
                (void)ws_send(client->conn, item->text, item->len); /* a lost one is seen later */
            continue;
        }
        keep(client, item);
        if (item->kind == XMPP_END && client->conn)
            ws_close(client->conn, 1000, "");
    }
    xmpp_out_done(out);
}

static void on_open(void *user, struct ws_conn *conn)
{
    struct client *client = user;
    struct xmpp_out out;
    unsigned char bytes[12];
    char nonce[2 * sizeof(bytes) + 1];
    (void)conn;
    assert_int_equal(getrandom(bytes, sizeof(bytes), 0), sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)sprintf(nonce + 2 * i, "%02x", bytes[i]);
    xmpp_out_init(&out);
    xmpp_open(client->xmpp, nonce, rig_now(), &out);
    run_out(client, &out);
}

static void on_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    struct client *client = user;
    struct xmpp_out out;
    (void)conn;
    assert_true(text);
    if (getenv("XMPP_TRACE"))
        print_message("%s <- %s\n", client->name, data);
    xmpp_out_init(&out);
    xmpp_frame(client->xmpp, data, len, rig_now(), &out);
    run_out(client, &out);
}

static void on_closed(void *user, struct ws_conn *conn, const struct ws_closed *why)
{
    struct client *client = user;
    struct xmpp_out out;
    (void)conn;
    client->conn = NULL;
    (void)snprintf(client->last_error, sizeof(client->last_error), "%s", why->error);
    xmpp_out_init(&out);
    xmpp_lost(client->xmpp, rig_now(), &out);
    run_out(client, &out);
}

static const struct ws_handler handler = {on_open, on_message, on_closed};

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
    for (size_t i = 0; i < RIG_CLIENTS_MAX; i++) {
        struct client *client = rig.clients[i];
        if (!client || rig_now() < xmpp_due(client->xmpp))
            continue;
        struct xmpp_out out;
        xmpp_out_init(&out);
        xmpp_tick(client->xmpp, rig_now(), &out);
        run_out(client, &out);
    }
}

/* --- clients --- */

struct client *client_new(const char *name, const char *url, const struct xmpp_config *config)
{
    struct client *client = NEW(struct client);
    struct xmpp_config whole = config ? *config : (struct xmpp_config){0};
    struct err err;
    (void)snprintf(client->name, sizeof(client->name), "%s", name);
    (void)snprintf(client->url, sizeof(client->url), "%s", url ? url : rig.server.ws);
    (void)snprintf(client->jid, sizeof(client->jid), "%s@%s", name, rig.server.domain);
    if (!whole.jid)
        whole.jid = client->jid;
    if (!whole.password)
        whole.password = rig_password(name);
    whole.secure = str_starts(client->url, "wss:");
    if (xmpp_new(&whole, &err, &client->xmpp))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < RIG_CLIENTS_MAX; i++) {
        if (!rig.clients[i]) {
            rig.clients[i] = client;
            return client;
        }
    }
    fail_msg("too many clients");
    return NULL;
}

void client_connect(struct client *client)
{
    const struct ws_target target = {.url = client->url,
                                     .subprotocol = XMPP_SUBPROTOCOL,
                                     .max_message_bytes = XMPP_STANZA_BYTES * 100};
    struct err err;
    if (ws_connect(rig.ws, &target, &handler, client, &err, &client->conn))
        fail_msg("%s: %s", client->url, err.text);
}

struct client *client_up(const char *name)
{
    struct client *client = client_new(name, NULL, NULL);
    client_connect(client);
    RIG_WAIT(client_got(client, XMPP_UP, NULL) || client_got(client, XMPP_END, NULL));
    const struct got *end = client_got(client, XMPP_END, NULL);
    if (end)
        fail_msg("%s: %s", name, end->what);
    /* Nothing is asked any more: so the server has read the presence, and routes messages here. */
    RIG_WAIT(xmpp_due(client->xmpp) <= rig_now() + XMPP_IDLE_MS);
    return client;
}

void client_reconnect(struct client *client)
{
    RIG_WAIT(!client->conn);
    size_t ups = client_count(client, XMPP_UP, NULL);
    client_connect(client);
    RIG_WAIT(client_count(client, XMPP_UP, NULL) > ups);
}

void client_send(struct client *client, const char *key, const char *to, const char *body)
{
    char jid[128];
    struct err err;
    struct xmpp_out out;
    (void)snprintf(jid, sizeof(jid), "%s@%s", to, rig.server.domain);
    xmpp_out_init(&out);
    if (xmpp_send(client->xmpp, key, jid, body, rig_now(), &err, &out))
        fail_msg("%s: %s", key, err.text);
    run_out(client, &out);
}

void client_look_up(struct client *client, const char *key, const char *with, msec_t since)
{
    char jid[128];
    struct err err;
    struct xmpp_out out;
    (void)snprintf(jid, sizeof(jid), "%s@%s", with, rig.server.domain);
    xmpp_out_init(&out);
    if (xmpp_look_up(client->xmpp, key, jid, since, rig_now(), &err, &out))
        fail_msg("%s: %s", key, err.text);
    run_out(client, &out);
}

void client_run(struct client *client, struct xmpp_out *out)
{
    run_out(client, out);
}

void client_handle_all(struct client *client)
{
    struct xmpp_out out;
    xmpp_out_init(&out);
    for (size_t i = 0; i < client->count; i++) {
        if (client->got[i].kind == XMPP_MESSAGE)
            xmpp_handled(client->xmpp, client->got[i].number, rig_now(), &out);
    }
    run_out(client, &out);
}

void client_close(struct client *client)
{
    struct xmpp_out out;
    xmpp_out_init(&out);
    xmpp_close(client->xmpp, rig_now(), &out);
    run_out(client, &out);
    RIG_WAIT(!client->conn);
}

void client_free(struct client *client)
{
    if (client->conn)
        client_close(client);
    for (size_t i = 0; i < RIG_CLIENTS_MAX; i++) {
        if (rig.clients[i] == client)
            rig.clients[i] = NULL;
    }
    xmpp_free(client->xmpp);
    free(client);
}

static bool fits(const struct got *got, enum xmpp_kind kind, const char *key)
{
    const char *text = kind == XMPP_MESSAGE ? got->body : got->key;
    return got->kind == kind && (!key || str_eq(text, key));
}

size_t client_count(const struct client *client, enum xmpp_kind kind, const char *key)
{
    size_t count = 0;
    for (size_t i = 0; i < client->count; i++)
        count += fits(&client->got[i], kind, key);
    return count;
}

const struct got *client_got(const struct client *client, enum xmpp_kind kind, const char *key)
{
    for (size_t i = client->count; i-- > 0;) {
        if (fits(&client->got[i], kind, key))
            return &client->got[i];
    }
    return NULL;
}

/* --- all of it --- */

void rig_clear(void)
{
    if (!rig.running)
        return;
    rig_tell("flow"); /* a session that is not ended properly would wait for its client */
    for (size_t i = 0; i < RIG_CLIENTS_MAX; i++) {
        if (rig.clients[i])
            client_free(rig.clients[i]);
    }
    rig.skew = 0;
}

void rig_stop(void)
{
    if (!rig.running)
        return;
    rig_clear();
    uv_close((uv_handle_t *)&rig.timer, NULL);
    ws_stop(rig.ws);
    (void)uv_run(&rig.loop, UV_RUN_DEFAULT);
    ws_free(rig.ws);
    assert_int_equal(uv_loop_close(&rig.loop), 0);
    (void)fclose(rig.server.in);
    (void)waitpid(rig.server.pid, NULL, 0);
    (void)fclose(rig.server.out);
    rig.running = false;
}

bool rig_start(const char *server, const char *options)
{
    struct err err;
    if (rig.running && str_eq(rig.name, server) && str_eq(rig.options, options))
        return true;
    rig_stop();
    memset(&rig, 0, sizeof(rig));
    if (!start_server(server, options))
        return false;
    rig.name = server;
    rig.options = options;
    rig.running = true;
    assert_int_equal(uv_loop_init(&rig.loop), 0);
    const struct ws_opts opts = {.ca_file = rig.server.ca, .close_ms = 5000};
    assert_int_equal(ws_new(&rig.loop, &opts, &err, &rig.ws), 0);
    assert_int_equal(uv_timer_init(&rig.loop, &rig.timer), 0);
    assert_int_equal(uv_timer_start(&rig.timer, on_tick, TICK_MS, TICK_MS), 0);
    return true;
}
