/* chat_slack.h: what the files of the Slack platform share; nobody else includes it.
 * Layer: wire (pure). Lifetime: process (state). Depends on: chat, jansson.
 * Source: docs.slack.dev: Socket Mode, Web API methods, Block Kit reference. */
#pragma once
#include <jansson.h>
#include <string.h>

#include "base/str.h"
#include "wire/chat.h"
#include "wire/chat_slack_errors.h"
#include "wire/told.h"

enum slack_option {
    SLACK_APP_TOKEN,
    SLACK_BOT_TOKEN,
    SLACK_API_URL,
    SLACK_RATE,
    SLACK_CONNECTIONS,
    SLACK_OPTIONS
};

enum slack_method {
    SLACK_TICKET,
    SLACK_AUTH,
    SLACK_POST,
    SLACK_UPDATE,
    SLACK_VIEW,
    SLACK_HISTORY,
    SLACK_OPEN_DM,
    SLACK_USERS,
    SLACK_MISSED, /* the history too, at its own pace: looking a message up must not wait for it */
    SLACK_METHODS
};

/* COUNT(enumerator, name) */
#define SLACK_COUNT_LIST(COUNT)                                                                    \
    COUNT(BAD_FRAME, "bad_frame")         /* not JSON, or not an envelope */                       \
    COUNT(REDELIVERED, "redelivered")     /* retry_attempt above 0; handled like any other */      \
    COUNT(IGNORED, "ignored")             /* acked, of no use to us */                             \
    COUNT(OWN, "own_or_bot")              /* messages of bots, ours too */                         \
    COUNT(RATE_LIMITED, "events_limited") /* app_rate_limited: Slack held events back */           \
    COUNT(FOREIGN_CLICK, "foreign_click") /* a button we did not make */                           \
    COUNT(MISSED, "read_later")           /* written while we were not connected */                \
    COUNT(FORM_ASKED, "form_asked")                                                                \
    COUNT(VIEW_FAILED, "form_failed")     /* a form could not be opened in time */                 \
    COUNT(PEOPLE_FAILED, "people_failed") /* a page of users.list */                               \
    COUNT(BROKEN_REPLY, "broken_reply")   /* HTTP success that was not Slack's JSON */             \
    COUNT(UNKNOWN_ERROR, "unknown_error") /* an error word that is in no table */

enum slack_count {
#define COUNT(name, text) SLACK_COUNT_##name,
    SLACK_COUNT_LIST(COUNT)
#undef COUNT
        SLACK_COUNTS
};

enum slack_tag {
    SLACK_TAG_TICKET,
    SLACK_TAG_AUTH,
    SLACK_TAG_PULSE,
    SLACK_TAG_USERS, /* number: pages so far */
    SLACK_TAG_VIEW,
    SLACK_TAG_POST,      /* key */
    SLACK_TAG_UPDATE,    /* key, channel, more: ts */
    SLACK_TAG_OPEN_DM,   /* key, more: oldest */
    SLACK_TAG_HISTORY,   /* key, channel, more: oldest, number: pages so far */
    SLACK_TAG_MISSED_DM, /* more: oldest */
    SLACK_TAG_MISSED,    /* channel, more: oldest, number: pages so far */
};

enum {
    SLACK_ID_BYTES = 64,                      /* ids are about 11 characters */
    SLACK_SECTION_POINTS = 2900,              /* of 3000 */
    SLACK_LABEL_POINTS = 75,                  /* button and option labels, option values */
    SLACK_VALUE_BYTES = 1900,                 /* button value, of 2000 characters */
    SLACK_ANSWER_POINTS = 2000,               /* plain_text_input.max_length, of 3000 */
    SLACK_TEXT_POINTS = MESSAGE_SAID_MAX + 1, /* one more than is kept shows that it is too long */
    SLACK_DIRECT_CHOICES = 5,                 /* up to so many become buttons, more a form */
};

struct slack {
    char *api;                 /* ends in '/' */
    char team[SLACK_ID_BYTES]; /* "" until auth.test answered */
    char user[SLACK_ID_BYTES]; /* own user id */
    char bot[SLACK_ID_BYTES];  /* own bot id; may stay "" */
    char source[SLACK_ID_BYTES + 16];
    msec_t skew;           /* Slack's clock minus ours, by the last Date header */
    bool people_asked;     /* a listing is under way or has its time */
    msec_t people_at;      /* the next listing */
    struct told told;      /* by events about people */
    struct strbuf scratch; /* a body in the making */
    struct strbuf part;    /* a text for it */
    struct chat_counter counters[SLACK_COUNTS];
};

/* --- chat_slack_text.c --- */

/* Appends text with & < > as entities, at most max_points code points of output, an ellipsis in
 * place of what was cut. Source: "Formatting text for app surfaces", escaping. */
void slack_escape(struct strbuf *out, const char *text, size_t max_points);

/* What a person meant: entities decoded, <https://x|label> and the like as their label.
 * Owns: the arena. Cut to SLACK_TEXT_POINTS. */
const char *slack_unescape(struct arena *arena, const char *text);

/* "1712345678.123456" to ms. Errors: -EINVAL. */
int slack_time(const char *ts, msec_t *ret);

/* --- chat_slack_in.c, chat_slack_click.c, chat_slack_people.c --- */

/* One envelope being read. */
struct slack_in {
    struct slack *slack;
    uint32_t conn;
    const char *envelope; /* id */
    bool accepts;         /* a payload in the ack */
    const json_t *payload;
    msec_t now;
    struct wire_out *out;
};
void slack_on_frame(void *state, uint32_t conn, const char *data, size_t len, msec_t now,
                    struct wire_out *out);
void slack_interactive(const struct slack_in *in);
/* Nothing to remember: acks at once and counts. */
void slack_ignore(const struct slack_in *in, enum slack_count count);
/* An event of a person, acked when durable. payload: of the ack, or NULL. */
struct event *slack_event(const struct slack_in *in, enum event_type type, msec_t time,
                          const char *payload);
/* Adds an event for a user object; id is the event's. Returns false for bots and the like. */
bool slack_person(const struct slack *slack, const json_t *user, const char *id, msec_t now,
                  uint32_t conn, const char *ack, struct wire_out *out);
void slack_people_ask(struct slack *slack, const char *cursor, int64_t pages, struct wire_out *out);
void slack_people_reply(struct slack *slack, const struct wire_tag *tag,
                        const struct wire_reply *reply, struct wire_out *out);

/* --- chat_slack_out.c, chat_slack_form.c --- */

void slack_encode_send(void *state, const struct message *message, const struct chat_place *place,
                       msec_t now, struct wire_out *out);
void slack_send_reply(struct slack *slack, const struct wire_tag *tag,
                      const struct wire_reply *reply, struct wire_out *out);

/* Value of a button: JSON with the message's key and what the click means. `choice` of a direct
 * one, `input` of one that opens a form, else both NULL. Owns: slack->part, until its next use. */
const char *slack_button_value(struct slack *slack, struct wire_out *out, const char *key,
                               const char *button, const char *choice, const struct input *input);
/* The form that a button with such a value asks for, or NULL when it asks for none.
 * question: text of the message, escaped as Slack sent it; may be NULL. */
const char *slack_form_body(struct slack *slack, const json_t *value, const char *trigger,
                            const char *question, struct wire_out *out);

/* --- chat_slack.c --- */

enum { SLACK_PULSE_MS = 40000 }; /* so often the token is looked at when nothing else does */

/* A request to fill in further: form-encoded, bot token, waits for the rate limit without end. */
struct wire_request *slack_request(struct slack *slack, enum slack_method method,
                                   struct wire_out *out);
/* Appends "&name=value" (without '&' at first), percent-encoded. */
void slack_form_add(struct strbuf *body, const char *name, const char *value);
/* What is in scratch becomes the body. */
void slack_request_body(struct slack *slack, struct wire_request *request, struct wire_out *out);
/* Copies the tag and its texts. */
void slack_request_tag(struct wire_request *request, const struct wire_tag *tag,
                       struct wire_out *out);

/* A reply reduced to what matters. */
struct slack_answer {
    enum slack_class class;
    bool ok;
    const char *error; /* Slack's word, or ours in brackets; arena; NULL when ok */
    msec_t wait_ms;    /* LIMITED, else 0 */
    char channel[SLACK_ID_BYTES], ts[SLACK_ID_BYTES];
};

/* Classifies any reply: proof of rejection or not. Adds LIMIT and FATAL items by itself.
 * Source: RFC 9110 for statuses; "part of the work may have been done" of internal_error. */
void slack_answer_read(struct slack *slack, const struct wire_reply *reply,
                       enum slack_method method, struct wire_out *out, struct slack_answer *ret);
/* The body as a tree, when slack_answer_read found it ok; NULL if jansson thinks otherwise. */
json_t *slack_answer_tree(struct slack *slack, const struct wire_reply *reply);

static inline void slack_counted(struct slack *slack, enum slack_count count)
{
    slack->counters[count].value++;
}

static inline const char *slack_member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* A text that can be an id: not empty, not longer than ids are. */
static inline const char *slack_id(const json_t *object, const char *key)
{
    const char *text = slack_member(object, key);
    return str_empty(text) || strlen(text) >= SLACK_ID_BYTES ? NULL : text;
}
