/* xmpp_rig.h: the pure XMPP session on a real websocket, against a real server.
 * Layer: tests. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include "io/ws.h"
#include "wire/xmpp.h"

enum { RIG_GOT_MAX = 512, RIG_CLIENTS_MAX = 4 };

struct server {
    pid_t pid;
    FILE *in, *out;
    char ws[256], wss[256], ca[256], domain[64];
    char passwords[4][64]; /* of the names below */
};

/* What the session told, kept. */
struct got {
    enum xmpp_kind kind;
    char key[64], jid[128], body[512], id[64], archive_id[128], what[512], todo[256];
    uint64_t number;
    bool resumed, fatal, temporary, late, stranger;
    enum xmpp_show show;
};

struct client {
    struct xmpp *xmpp;
    struct ws_conn *conn;
    char name[32], jid[128], url[256];
    char last_error[256]; /* of the socket */
    char mechanism[32];   /* of the last sign-in */
    struct got got[RIG_GOT_MAX];
    size_t count;
    int frames_out;
};

struct rig {
    bool running;
    const char *name, *options; /* of the server */
    uv_loop_t loop;
    uv_timer_t timer;
    struct ws *ws;
    struct server server;
    struct client *clients[RIG_CLIENTS_MAX];
    msec_t skew; /* the clients' clock is ahead by so much */
};

extern struct rig rig;

/* options: "mam=off sm=off", see xmpp_servers.py. The server that runs is taken where it is the
 * one. False: it is not installed. */
bool rig_start(const char *server, const char *options);
void rig_clear(void); /* all connections and clients; the server stays */
void rig_stop(void);
void rig_tell(const char *format, ...) __attribute__((format(printf, 1, 2))); /* the server's rig */
const char *rig_password(const char *name);
msec_t rig_now(void);
void rig_turn(void); /* one turn of the loop */

/* config: what differs from the account `name` over ws; NULL: nothing. */
struct client *client_new(const char *name, const char *url, const struct xmpp_config *config);
void client_connect(struct client *client);
struct client *client_up(const char *name);   /* new, connected, signed in */
void client_reconnect(struct client *client); /* after its socket was lost; waits for XMPP_UP */
void client_send(struct client *client, const char *key, const char *to, const char *body);
void client_look_up(struct client *client, const char *key, const char *with, msec_t since);
void client_run(struct client *client, struct xmpp_out *out); /* does it, and ends out */
void client_handle_all(struct client *client);
void client_close(struct client *client); /* politely */
void client_free(struct client *client);

size_t client_count(const struct client *client, enum xmpp_kind kind, const char *key);
/* The last one that fits (key NULL: any), or NULL. body instead of key for XMPP_MESSAGE. */
const struct got *client_got(const struct client *client, enum xmpp_kind kind, const char *key);

#define RIG_WAIT(condition)                                                                        \
    do {                                                                                           \
        msec_t rig_limit = rig_deadline();                                                         \
        while (!(condition)) {                                                                     \
            if (rig_is_past(rig_limit))                                                            \
                fail_msg("waited in vain for %s", #condition);                                     \
            rig_turn();                                                                            \
        }                                                                                          \
    } while (0)
msec_t rig_deadline(void);
bool rig_is_past(msec_t limit);
