#include <string.h>

#include "base/jsonw.h"
#include "wire/chat_slack_history.h"

enum { SLACK_DISABLED_MS = 300000, SLACK_CROWDED_MS = 30000 };

static const char command_reply[] =
    "{\"response_type\":\"ephemeral\",\"text\":\"" CHAT_COMMAND_TAKEN "\"}";

static const char *ack_text(const struct slack_in *in, const char *payload)
{
    struct strbuf *scratch = &in->slack->scratch;
    struct jsonw json;
    strbuf_clear(scratch);
    jsonw_begin(&json, scratch);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "envelope_id", in->envelope);
    if (payload && in->accepts)
        jsonw_raw(&json, "payload", payload);
    jsonw_object_end(&json);
    return strbuf_text(scratch);
}

void slack_ignore(const struct slack_in *in, enum slack_count count)
{
    const char *ack = ack_text(in, NULL);
    wire_frame(in->out, in->conn, ack, strlen(ack));
    slack_counted(in->slack, count);
}

struct event *slack_event(const struct slack_in *in, enum event_type type, msec_t time,
                          const char *payload)
{
    struct event *event = wire_event(in->out, in->conn, type, time, ack_text(in, payload));
    event->source = in->slack->source;
    return event;
}

/* --- events_api --- */

/* One gesture can come as two events with different ids and times but one client_msg_id, so that
 * one names the message. Without it channel and time do: the history knows them too.
 * Source: typeclaw/typeclaw#49. */
static const char *message_id(const json_t *message, const char *channel, struct arena *arena)
{
    const char *id = slack_id(message, "client_msg_id"), *ts = slack_id(message, "ts");
    if (id)
        return arena_strdup(arena, id);
    return channel && ts ? arena_printf(arena, "%s:%s", channel, ts) : NULL;
}

static bool is_plain(const char *subtype)
{
    return !subtype || str_eq(subtype, "file_share") || str_eq(subtype, "thread_broadcast");
}

bool slack_is_own(const struct slack *slack, const json_t *message)
{
    return json_object_get(message, "bot_id") || str_eq(slack_id(message, "user"), slack->user);
}

bool slack_said(const struct slack *slack, const json_t *message, const char *channel, msec_t now,
                struct arena *arena, struct event *ret)
{
    const char *user = slack_id(message, "user"), *text = slack_member(message, "text");
    const char *id = message_id(message, channel, arena);
    /* who sends nothing but a picture is told that only words are read */
    bool nothing = str_empty(text) && !json_object_get(message, "files");
    if (slack_is_own(slack, message) || !user || !text || nothing || !id ||
        !is_plain(slack_member(message, "subtype")))
        return false;
    event_init(ret, EVENT_SAID, now);
    (void)slack_time(slack_member(message, "ts"), &ret->time); /* else now */
    ret->id = id;
    ret->chat = arena_strdup(arena, user);
    ret->text = slack_unescape(arena, text);
    return true;
}

static void on_message(const struct slack_in *in, const json_t *event)
{
    struct event said;
    bool direct = str_eq(slack_member(event, "channel_type"), "im");
    if (slack_is_own(in->slack, event)) {
        slack_ignore(in, SLACK_COUNT_OWN);
        return;
    }
    if (!direct || !slack_said(in->slack, event, slack_id(event, "channel"), in->now,
                               &in->out->arena, &said)) {
        slack_ignore(in, SLACK_COUNT_IGNORED);
        return;
    }
    said.source = in->slack->source;
    *slack_event(in, EVENT_SAID, said.time, NULL) = said;
}

static void on_user(const struct slack_in *in, const json_t *event)
{
    const char *id = slack_id(in->payload, "event_id");
    const json_t *user = json_object_get(event, "user");
    if (id && slack_person(in->slack, user, id, in->now, in->conn, ack_text(in, NULL), in->out))
        told_add(&in->slack->told, slack_id(user, "id"));
    else
        slack_ignore(in, SLACK_COUNT_IGNORED);
}

static void on_limited(const struct slack_in *in, const json_t *event)
{
    (void)event; /* says only which minute */
    slack_ignore(in, SLACK_COUNT_RATE_LIMITED);
}

static void on_removed(const struct slack_in *in, const json_t *event)
{
    const json_t *bots = json_object_get(json_object_get(event, "tokens"), "bot");
    bool ours = str_eq(slack_member(event, "type"), "app_uninstalled") || json_array_size(bots) > 0;
    slack_ignore(in, SLACK_COUNT_IGNORED);
    if (ours)
        wire_fatal(in->out, 0, "Slack: the app was removed from the workspace",
                   "install the app again and put the new bot token into its credential file");
}

static const struct {
    const char *type;
    void (*handle)(const struct slack_in *in, const json_t *event);
} event_handlers[] = {
    {"message", on_message},          {"user_change", on_user},
    {"team_join", on_user},           {"user_profile_changed", on_user},
    {"user_status_changed", on_user}, {"app_rate_limited", on_limited},
    {"tokens_revoked", on_removed},   {"app_uninstalled", on_removed},
};

static void on_event(const struct slack_in *in)
{
    /* app_rate_limited and a few others are shown without the wrapper in places. */
    const json_t *event = json_object_get(in->payload, "event");
    if (!json_is_object(event))
        event = in->payload;
    const char *type = slack_member(event, "type");
    for (size_t i = 0; i < sizeof(event_handlers) / sizeof(event_handlers[0]); i++) {
        if (str_eq(event_handlers[i].type, type)) {
            event_handlers[i].handle(in, event);
            return;
        }
    }
    slack_ignore(in, SLACK_COUNT_IGNORED);
}

/* --- slash_commands --- */

static void on_command(const struct slack_in *in)
{
    const char *user = slack_id(in->payload, "user_id"), *text = slack_member(in->payload, "text");
    const char *trigger = slack_member(in->payload, "trigger_id");
    if (!user) {
        slack_ignore(in, SLACK_COUNT_IGNORED);
        return;
    }
    struct event *said = slack_event(in, EVENT_SAID, in->now, command_reply);
    said->id = wire_cut(in->out, str_empty(trigger) ? in->envelope : trigger, SLACK_ID_BYTES);
    said->chat = arena_strdup(&in->out->arena, user);
    /* the slash tells the core that a command is meant, and no answer */
    text = arena_printf(&in->out->arena, "/%s", str_empty(text) ? "help" : text);
    said->text = wire_cut(in->out, text, SLACK_TEXT_POINTS);
}

/* --- frames --- */

static void on_hello(struct slack *slack, uint32_t conn, const json_t *frame, struct wire_out *out)
{
    struct wire_item *up = wire_add(out, WIRE_UP);
    up->conn = conn;
    up->number = json_integer_value(json_object_get(frame, "num_connections"));
    if (!slack->people_asked) {
        slack->people_asked = true;
        slack_people_ask(slack, NULL, 0, out);
    }
}

static void on_disconnect(uint32_t conn, const json_t *frame, struct wire_out *out)
{
    const char *reason = slack_member(frame, "reason");
    if (str_eq(reason, "link_disabled")) {
        wire_fatal(out, SLACK_DISABLED_MS, "Slack: Socket Mode is switched off for the app",
                   "switch Socket Mode on in the settings of the app");
        wire_drop(out, conn, SLACK_DISABLED_MS, reason);
    } else if (str_eq(reason, "too_many_websockets")) {
        wire_drop(out, conn, SLACK_CROWDED_MS,
                  "too_many_websockets: more than 10 connections of this app");
    } else {
        wire_add(out, WIRE_RENEW)->conn = conn; /* warning, refresh_requested, anything new */
    }
}

static void on_envelope(struct slack *slack, uint32_t conn, const json_t *frame, const char *type,
                        msec_t now, struct wire_out *out)
{
    static const struct {
        const char *type;
        void (*handle)(const struct slack_in *in);
    } handlers[] = {
        {"events_api", on_event},
        {"interactive", slack_interactive},
        {"slash_commands", on_command},
    };
    struct slack_in in = {slack,
                          conn,
                          slack_id(frame, "envelope_id"),
                          json_is_true(json_object_get(frame, "accepts_response_payload")),
                          json_object_get(frame, "payload"),
                          now,
                          out};
    /* Without a team (after new settings, until auth.test answered) an event would get the wrong
     * source. Not acked, it comes again. */
    if (!in.envelope || !slack->team[0]) {
        slack_counted(slack, SLACK_COUNT_BAD_FRAME);
        return;
    }
    if (json_integer_value(json_object_get(frame, "retry_attempt")) > 0)
        slack_counted(slack, SLACK_COUNT_REDELIVERED);
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (str_eq(handlers[i].type, type)) {
            handlers[i].handle(&in);
            return;
        }
    }
    slack_ignore(&in, SLACK_COUNT_IGNORED);
}

void slack_on_frame(void *state, uint32_t conn, const char *data, size_t len, msec_t now,
                    struct wire_out *out)
{
    struct slack *slack = state;
    json_t *frame = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
    const char *type = slack_member(frame, "type");
    if (!type)
        slack_counted(slack, SLACK_COUNT_BAD_FRAME);
    else if (str_eq(type, "hello"))
        on_hello(slack, conn, frame, out);
    else if (str_eq(type, "disconnect"))
        on_disconnect(conn, frame, out);
    else
        on_envelope(slack, conn, frame, type, now, out);
    json_decref(frame);
}
