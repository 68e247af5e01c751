/* A drill: one marked message to a person, over the way of every other: the store, the outbox with
 * its gates, the platform. What became of it is noted step by step, for `gritctl drill`. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/speech.h"
#include "core/phrases_data.h"
#include "gritd/control.h"
#include "io/log.h"

struct drill {
    struct daemon *daemon;
    struct drill *next; /* an older one whose rows are not durable yet */
    char *rep;
    char key[MESSAGE_KEY_BYTES];
    msec_t taken, durable, left, ended; /* MSEC_NONE: not yet */
    bool waits;                         /* for its rows to be durable */
    enum chat_outcome outcome;          /* the last one, once there is an `answer` */
    msec_t answer;
    char *error, *place;
};

static void free_one(struct drill *drill)
{
    free(drill->rep);
    free(drill->error);
    free(drill->place);
    free(drill);
}

void drill_free(struct drill *drill)
{
    while (drill) {
        struct drill *next = drill->next;
        free_one(drill);
        drill = next;
    }
}

static struct drill *find(const struct daemon *daemon, const char *key)
{
    struct drill *drill = daemon->drill;
    while (drill && !str_eq(drill->key, key))
        drill = drill->next;
    return drill;
}

/* The newest is kept, and those that somebody still points to. */
static void drop_old(struct daemon *daemon)
{
    for (struct drill **place = &daemon->drill; *place;) {
        struct drill *drill = *place;
        if (drill == daemon->drill || drill->waits) {
            place = &drill->next;
            continue;
        }
        *place = drill->next;
        free_one(drill);
    }
}

void drill_left(struct daemon *daemon, const char *key)
{
    struct drill *drill = daemon->drill ? find(daemon, key) : NULL;
    if (drill && drill->left == MSEC_NONE)
        drill->left = daemon_now(daemon);
}

void drill_ended(struct daemon *daemon, const struct chat_result *result)
{
    struct drill *drill = daemon->drill ? find(daemon, result->key) : NULL;
    if (!drill)
        return;
    drill->outcome = result->outcome;
    drill->answer = daemon_now(daemon);
    xstr_replace(&drill->error, result->error);
    xstr_replace(&drill->place, result->platform_id);
    if (result->outcome == CHAT_SENT || result->outcome == CHAT_FOUND ||
        result->outcome == CHAT_REJECTED)
        drill->ended = drill->answer;
}

static void on_durable(void *user, int status)
{
    struct drill *drill = user;
    drill->waits = false;
    if (!status)
        drill->durable = daemon_now(drill->daemon);
}

/* {"cmd":"drill","rep":ID} */
void control_drill(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out)
{
    const char *id = json_string_value(json_object_get(in, "rep"));
    struct core *core = engine_core(daemon->engine);
    const char *rep = id ? core_person_id(core, id) : NULL;
    char occurrence[48];
    msec_t now = daemon_now(daemon);
    if (!rep) {
        control_error(out, "nobody has that id");
        return;
    }
    (void)snprintf(occurrence, sizeof(occurrence), "drill-%lld-%u", (long long)now,
                   daemon->control_serial++); /* fits */
    struct drill *drill = NEW(struct drill);
    drill->daemon = daemon;
    drill->rep = xstrdup(rep);
    drill->taken = now;
    drill->durable = drill->left = drill->ended = drill->answer = MSEC_NONE;
    drill->waits = true;
    drill->next = daemon->drill;
    daemon->drill = drill;
    const struct engine_notice notice = {rep, occurrence, core_say(core, rep, SAY_DRILL)};
    if (!engine_say(daemon->engine, &notice, now, drill->key, on_durable, drill)) {
        daemon->drill = drill->next;
        free_one(drill);
        control_error(out, "that person gets no messages: left, on leave, or being erased");
        return;
    }
    drop_old(daemon);
    log_info("drill", "%s sends a test message", asker); /* without to whom */
    strbuf_printf(out, "{\"ok\":true,\"id\":\"%s\",\"platform\":\"%s\"}", drill->key,
                  daemon->platform->name);
}

static void write_time(struct jsonw *json, const char *key, msec_t at)
{
    if (at == MSEC_NONE)
        jsonw_null(json, key);
    else
        jsonw_time(json, key, at);
}

/* Why it has not left yet, in words; NULL: it should any moment. */
static const char *why_waiting(const struct daemon *daemon, const struct drill *drill,
                               msec_t *ret_until)
{
    struct chat_status chat;
    const char *why = engine_held(daemon->engine, drill->key, daemon_now(daemon), ret_until);
    chat_status(daemon->chat, &chat);
    if (why)
        return why;
    if (chat.state != CHAT_UP)
        return chat.state == CHAT_FATAL ? "the chat platform refuses us"
                                        : "not connected to the chat platform";
    if (!core_chat_id(engine_core(daemon->engine), drill->rep))
        return "the chat platform has not told who that is: look at 'chat' and 'email' in "
               "people.yaml";
    return NULL;
}

/* {"cmd":"drilled","id":KEY}: how far it has come. */
void control_drilled(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out)
{
    static const char *const words[] = {[CHAT_SENT] = "sent",
                                        [CHAT_RETRY] = "retry",
                                        [CHAT_REJECTED] = "rejected",
                                        [CHAT_UNKNOWN] = "unknown",
                                        [CHAT_FOUND] = "found",
                                        [CHAT_MISSING] = "missing",
                                        [CHAT_UNREADABLE] = "unreadable"};
    struct drill *drill = find(daemon, json_string_value(json_object_get(in, "id")));
    msec_t until = MSEC_NONE;
    struct jsonw json;
    (void)asker; /* it says nothing about anybody */
    if (!drill) {
        control_error(out, "a newer drill took its place");
        return;
    }
    bool waits = drill->ended == MSEC_NONE && drill->left == MSEC_NONE;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_bool(&json, "ok", true);
    jsonw_time(&json, "taken", drill->taken);
    write_time(&json, "durable", drill->durable);
    write_time(&json, "left", drill->left);
    write_time(&json, "answered", drill->answer);
    jsonw_bool(&json, "ended", drill->ended != MSEC_NONE);
    jsonw_text(&json, "outcome", drill->answer == MSEC_NONE ? NULL : words[drill->outcome]);
    jsonw_text(&json, "error", drill->error);
    jsonw_text(&json, "place", drill->place);
    jsonw_text(&json, "waits", waits ? why_waiting(daemon, drill, &until) : NULL);
    write_time(&json, "until", until);
    jsonw_object_end(&json);
}
