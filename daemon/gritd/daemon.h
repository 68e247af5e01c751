/* daemon.h: the running daemon: everything it holds, and the functions its parts offer each other.
 * Layer: gritd. One thread, one loop; the store's writer thread is the store's own affair. */
#pragma once
#include <uv.h>

#include "engine/engine.h"
#include "gritd/health.h"
#include "gritd/held.h"
#include "gritd/metrics.h"
#include "gritd/often.h"
#include "gritd/program.h"
#include "gritd/zone_gap.h"
#include "io/chat.h"
#include "io/httpd.h"
#include "io/setup.h"

enum {
#define ROW(name, code, help) EXIT_##name = (code),
    GRITD_EXITS(ROW)
#undef ROW
};

enum { ACTIVITY_MAX = 100 };

/* Posts on their way at one time: enough that each group commit of intents fills them. */
enum { CHAT_SENDS = 64 };

/* One line of the activity panel. */
struct activity {
    char *line; /* JSON */
};

struct advance; /* try.c: a move of the clock under way */
struct page;

struct daemon {
    uv_loop_t loop;
    uv_signal_t sigterm, sigint, sighup;
    uv_timer_t wake, changed, watchdog, stop_limit, look, offer;
    uv_prepare_t rearm;
    uv_check_t idle_check;
    struct zones zones;
    struct setup *setup;
    struct book *book;
    bool restored;    /* the operator says that the store is a backup */
    struct kept kept; /* the last good version of each plugin file */
    struct {          /* who is told of them and when: see keep.c */
        msec_t since; /* of these so many reloads told somebody something */
        unsigned times;
        bool owed;     /* something was not told yet */
        char *refusal; /* of the configuration; NULL: the last one was taken */
    } telling;
    struct store *store;
    struct engine *engine;
    struct reach reach; /* hosts of the chat's configuration */
    struct proxy proxy; /* of the environment */
    struct ws *ws;
    struct httpc *httpc;
    struct httpd *httpd;
    struct chat *chat;
    struct zone_gaps zone_gaps;
    struct held held; /* what was said and could not be taken yet */
    const struct chat_platform *platform;
    struct control *control;
    unsigned control_serial; /* tells the operator's switches of one millisecond apart */
    struct intakes *intakes;
    struct polls *polls;           /* poll.h */
    struct read_backs *read_backs; /* read_back.h */
    struct watches *watches;       /* intake_watch.h */
    struct failed *failed;         /* intake_failed.h */
    struct quotas *quotas;         /* quotas.h */
    msec_t clock_offset;           /* of the local platform's movable clock */
    struct advance *advance;
    struct page *page;                  /* page.h */
    const struct chat_port *chat_inner; /* the chat's own port, and what the engine speaks to */
    struct chat_port chat_outer;
    struct activity activity[ACTIVITY_MAX]; /* a ring */
    size_t activity_next;
    msec_t started, configured; /* this process; the configuration in force */
    bool change_told, stopping, closed, settled;
    uint64_t ready_ms; /* by the loop's clock */
    char *refused;     /* why the configuration on disk is not in force, or NULL */
    struct health health;
    struct often unsent; /* why messages did not get through */
    struct metrics metrics;
    struct drill *drill; /* drill.c: the last one, or NULL */
    int exit_code;
    uint64_t random_state[2];
};

/* daemon.c */
/* SIG_BLOCK: the signals that are obeyed wait until daemon_run() can take them. */
void daemon_signals(int how);
int daemon_run(struct setup *setup, const struct chat_platform *platform, struct zones *zones,
               bool restored);
msec_t daemon_now(const struct daemon *daemon);
void daemon_stop(struct daemon *daemon, int exit_code);
bool daemon_is_local(const struct daemon *daemon);

/* chat.c */
int daemon_chat_open(struct daemon *daemon, struct err *err);
int daemon_chat_reload(struct daemon *daemon, struct err *err);
void daemon_chat_people(struct daemon *daemon);
void daemon_chat_refill(struct daemon *daemon);
void daemon_chat_look(struct daemon *daemon); /* now and then: what the log still owes */

/* http.c */
int daemon_http_open(struct daemon *daemon, struct err *err);
void http_problem(struct httpd_request *request, unsigned status, const char *title,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
void http_json(struct httpd_request *request, unsigned status, const char *json);

/* intake.c: events in */
int intakes_open(struct daemon *daemon, const struct setup *setup, struct err *err,
                 struct intakes **ret);
void intakes_free(struct intakes *intakes);
void http_events(struct daemon *daemon, struct httpd_request *request);
void http_intake(struct daemon *daemon, struct httpd_request *request);
void http_handshake(struct daemon *daemon, struct httpd_request *request);
void http_chat(struct daemon *daemon, struct httpd_request *request);

/* try.c: the embedded demo */
void http_try(struct daemon *daemon, struct httpd_request *request);
void http_try_where(struct daemon *daemon, struct httpd_request *request);
void http_try_state(struct daemon *daemon, struct httpd_request *request);
void http_try_clock(struct daemon *daemon, struct httpd_request *request);
msec_t try_clock_start(const struct daemon *daemon);
void try_advance_step(struct daemon *daemon); /* on every turn of the loop */
void try_advance_drop(struct daemon *daemon);

/* metrics.c */
void http_metrics(struct daemon *daemon, struct httpd_request *request);

/* status.c */
void http_healthz(struct daemon *daemon, struct httpd_request *request);
void http_readyz(struct daemon *daemon, struct httpd_request *request);
void status_json(struct daemon *daemon, struct strbuf *out);

/* drill.c */
void drill_left(struct daemon *daemon, const char *key);
void drill_ended(struct daemon *daemon, const struct chat_result *result);
void drill_free(struct drill *drill); /* accepts NULL */

/* control.c */
int control_open(struct daemon *daemon, struct err *err, struct control **ret);
void control_close(
    struct control *control); /* accepts NULL; handles gone after the loop's next turn */
