/* chat_rig.h: a chat on the fake of a platform, with everything that happened written down.
 * One rig for each test: its own fake, loop and chat. Include after cmocka.h. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

#include "base/hash.h"
#include "io/chat.h"

enum { RIG_MAX = 4096, RIG_WAIT_MS = 120000 /* of a slow and busy machine */ };

struct rig_event {
    enum event_type type;
    char id[128], chat[32], text[128], message[64], button[32], email[64];
};

struct rig_result {
    char key[64], channel[32], platform_id[32], error[64];
    enum chat_outcome outcome;
    msec_t retry_after_ms;
};

struct rig {
    uv_loop_t loop;
    uv_timer_t beat; /* so that conditions are looked at every few milliseconds */
    struct ws *ws;
    struct httpc *httpc, *control;
    struct chat *chat;
    struct chat_platform platform; /* with shorter times */
    pid_t fake;
    int port;
    char base[64], api[80];
    const char *values[8];
    bool hold_acks;
    struct chat_ack *held[RIG_MAX];
    size_t held_count;
    struct rig_event events[RIG_MAX];
    size_t event_count;
    struct rig_result results[RIG_MAX];
    size_t result_count;
    struct chat_memo memo; /* as it was told last */
    msec_t ahead;          /* the wall clock is, of the true one */
    size_t place_count;    /* U1 to Un write to us; 0: nobody is asked for */
    enum chat_state state;
    char status[256];
    size_t ups, fatals;
    uint64_t random;
};

extern struct rig rig;

/* What the platforms differ in; each test program has its own. */
struct rig_kind {
    const struct chat_platform *platform;
    const char *env, *program; /* where the fake is */
    const char *api;           /* what follows its address */
    const char *key_at[3];     /* where a stored message has its key */
    const char *first_user;    /* whom place_count begins with; the others are "U2" and so on */
    void (*values)(void);      /* fills rig.values */
};
extern const struct rig_kind rig_kind;

int rig_setup(void **state);        /* the fake runs, the chat is made but not started */
int rig_setup_pinged(void **state); /* a connection is held for dead after three seconds */
int rig_teardown(void **state);     /* stops all; checks that nothing is left on the loop */

void rig_start(void); /* and waits until it is up */

/* Turns the loop until the condition holds; fails the test after RIG_WAIT_MS. */
#define RIG_WAIT(condition)                                                                        \
    do {                                                                                           \
        uint64_t until_ = uv_hrtime() + (uint64_t)RIG_WAIT_MS * 1000000;                           \
        while (!(condition)) {                                                                     \
            if (uv_hrtime() > until_)                                                              \
                fail_msg("waited in vain for %s (%s)", #condition, rig.status);                    \
            (void)uv_run(&rig.loop, UV_RUN_ONCE);                                                  \
        }                                                                                          \
    } while (0)

/* Asks the fake's control door and waits for the answer, which must be 2xx. The caller frees it. */
json_t *rig_control(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void rig_tell(const char *path, const char *format, ...) /* the same, answer thrown away */
    __attribute__((format(printf, 2, 3)));
/* The same without waiting. */
void rig_tell_later(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
json_int_t rig_stat(const char *name);

size_t rig_count(enum event_type type, const char *text); /* text NULL: any */
const struct rig_event *rig_last(enum event_type type);
const struct rig_result *rig_result(const char *key); /* the last one of that key, or NULL */

void rig_post(const char *key, const char *user, const char *text);
void rig_post_question(const char *key, const char *user);
void rig_lookup(const char *key, const char *user, const char *channel);
/* How many messages with that key the fake shows. */
size_t rig_visible(const char *key);
/* How many requests of that method the fake saw whose body contains the text. */
size_t rig_requests(const char *method, const char *text);
