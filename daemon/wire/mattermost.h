/* mattermost.h: what the files of the Mattermost codec share.
 * Layer: wire (pure). Lifetime: process (state). Depends on: out, result, jansson.
 * Source: Mattermost API reference, WebSocket API and REST API v4. */
#pragma once
#include <jansson.h>

#include "base/map.h"
#include "base/str.h"
#include "core/message.h"
#include "wire/mattermost_in.h"
#include "wire/out.h"
#include "wire/told.h"

/* Kinds of requests, for rate limits and names in errors. */
enum mm_method {
    MM_ME,
    MM_POST,
    MM_PATCH,
    MM_DIRECT,
    MM_HISTORY,
    MM_MISSED, /* the same call: catching up must not hold up a look-up */
    MM_USERS,
    MM_DIALOG,
    MM_METHODS
};
const char *mm_method_name(enum mm_method method);

enum mm_tag {
    MM_TAG_ME,
    MM_TAG_SEND_DIRECT, /* key, channel: the person's id, more: the post without its channel */
    MM_TAG_POST,        /* key */
    MM_TAG_PATCH,       /* key, channel, more: post id */
    MM_TAG_FIND_DIRECT, /* key, channel: the person's id, more: oldest */
    MM_TAG_FIND,        /* key, channel, more: oldest, number: 0 the list by time, else page + 1 */
    MM_TAG_USERS,       /* number: page */
    MM_TAG_USER,        /* one of them */
    MM_TAG_MISSED_DIRECT, /* channel: the person's id, more: oldest */
    MM_TAG_MISSED,        /* channel, more: oldest, number as FIND */
    MM_TAG_DIALOG,
};

enum {
    MM_ID_BYTES = 27,
    MM_TEXT_POINTS = 16000, /* of 16383; very old databases hold 4000 */
    MM_LABEL_POINTS = 40,   /* of a button */
    MM_DIRECT_CHOICES = 5,  /* up to so many become buttons, more a select */
    MM_FIND_BEFORE_MS = 120000,
    MM_PAGE = 200,
    MM_SINCE_MAX = 1000, /* posts in a list by time at most: as many prove nothing */
    MM_PAGES_MAX = 25,
    MM_DIRECTS_MAX = 100000, /* channels kept in memory */
    MM_ECHOES = 64,
    MM_HEAL_MS = 55000, /* what an administrator may switch on again is tried again */
};

/* A channel with one person. */
struct mm_direct {
    char user[MM_ID_BYTES], channel[MM_ID_BYTES];
};

/* A post of ours that came back as an event. */
struct mm_echo {
    char key[MESSAGE_KEY_BYTES], channel[MM_ID_BYTES], id[MM_ID_BYTES];
};

struct mattermost {
    char *api;                        /* "https://host/api/v4/" */
    const struct wire_field *headers; /* of each request: whose token it bears */
    char id[MM_ID_BYTES];             /* own; "" until users/me answered */
    char source[64];
    const char *secret;  /* signs what buttons carry */
    const char *actions; /* address at which the server can call us, NULL: replies by number */
    msec_t skew;         /* the server's clock minus ours */
    struct told told;    /* by events about people */
    struct map directs;  /* person's id -> struct mm_direct */
    struct mm_direct **direct_list;
    size_t direct_count, direct_cap;
    struct mm_echo echoes[MM_ECHOES]; /* the latest ones, in a ring */
    size_t echo_count;                /* ever */
    struct strbuf scratch, part;
};

/* url: "https://host" with or without a path and slash. The texts are borrowed.
 * Errors: -EINVAL not an http address. */
int mm_init(struct mattermost *mm, const char *url, const struct wire_field *headers,
            const char *secret, const char *actions, struct err *err);
void mm_done(struct mattermost *mm);

/* --- mattermost_text.c --- */

/* Appends text so that it is shown as it stands: no markup, no link, no mention.
 * Source: docs.mattermost.com, "Format messages"; CommonMark 0.30, backslash escapes. */
void mm_escape(struct strbuf *out, const char *text, size_t max_points);
/* What stands in a place that knows no backslash, such as a button: it only mentions nobody. */
void mm_disarm(struct strbuf *out, const char *text, size_t max_points);

/* --- mattermost_errors.c --- */

enum mm_class {
    MM_STOP,    /* the bot as a whole cannot work */
    MM_REFUSED, /* this request never will */
    MM_LATER,   /* nothing was done, try again */
    MM_LIMITED, /* the same, after the time said */
    MM_UNSURE,  /* it may have been done */
    MM_PENDING, /* the same: an earlier one with this pending id is still under way */
};

struct mm_answer {
    enum mm_class class;
    bool ok;
    const char *error; /* Mattermost's id, or ours in brackets; arena; NULL when ok */
    const char *todo;  /* of STOP */
    msec_t wait_ms;    /* LIMITED, LATER; else 0 */
    json_t *tree;      /* when ok: the answer; mm_answer_done() */
};

/* Classifies any reply: proof of rejection or not. Adds LIMIT and FATAL items by itself. */
void mm_answer_read(struct mattermost *mm, const struct wire_reply *reply, enum mm_method method,
                    struct wire_out *out, struct mm_answer *ret);
void mm_answer_done(struct mm_answer *answer);

/* --- mattermost_out.c, mattermost_post.c --- */

/* A request to fill in further; path is below the API's address. */
struct wire_request *mm_request(struct mattermost *mm, enum mm_method method, const char *verb,
                                const char *path, struct wire_out *out);
void mm_request_body(struct mattermost *mm, struct wire_request *request, struct wire_out *out);
/* Asks for the channel with one person, however often. */
struct wire_request *mm_direct(struct mattermost *mm, const char *user, struct wire_out *out);
void mm_request_tag(struct wire_request *request, const struct wire_tag *tag, struct wire_out *out);

void mm_ask_me(struct mattermost *mm, struct wire_out *out);
/* Keeps the own id. False: it was refused or is broken; error says why. */
bool mm_me_reply(struct mattermost *mm, const struct wire_reply *reply, struct wire_out *out,
                 const char **ret_error);

/* Leads, now or after replies, to exactly one RESULT with the message's key. */
void mm_send(struct mattermost *mm, const struct message *message, const struct chat_place *place,
             struct wire_out *out);
void mm_send_reply(struct mattermost *mm, const struct wire_tag *tag,
                   const struct wire_reply *reply, struct wire_out *out);
/* Members of a post but its channel, beginning with a comma, in mm->scratch: text, buttons or
 * numbers, keys. key: that clicks name. user: who may click, NULL for a team's channel. */
void mm_post_members(struct mattermost *mm, const struct message *message, const char *key,
                     const char *user, struct wire_out *out);

/* --- mattermost_known.c --- */

/* The channel with one person, once it was heard of; or NULL. It never changes. */
const char *mm_channel_of(const struct mattermost *mm, const char *user);
void mm_channel_keep(struct mattermost *mm, const char *user, const char *channel);
/* The channel in an answer to mm_direct(), kept for the person whose id the tag has; or NULL. */
const char *mm_channel_read(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree);
/* An event of one of our own posts: proof that it is there, whatever became of the request. */
void mm_echo_keep(struct mattermost *mm, const struct mm_post *post);
const struct mm_echo *mm_echo_find(const struct mattermost *mm, const char *key); /* or NULL */
void mm_known_done(struct mattermost *mm);

/* --- mattermost_find.c --- */

/* One list of a channel's posts. The first (tag->number 0) is the one by time: it alone shows what
 * was deleted since. It ends at a number of posts; then come pages (number - 1), newest first,
 * until they reach back to tag->more. */
struct mm_list {
    size_t count;
    bool valid;
    bool ends; /* nothing older is wanted, or there */
};
void mm_list_ask(struct mattermost *mm, const struct wire_tag *tag, struct wire_out *out);
struct mm_list mm_list_read(const json_t *tree, const struct wire_tag *tag);

void mm_lookup(struct mattermost *mm, const char *const *keys, size_t count,
               const struct chat_place *place, msec_t sent_at, struct wire_out *out);
void mm_find_reply(struct mattermost *mm, const struct wire_tag *tag,
                   const struct wire_reply *reply, struct wire_out *out);

/* --- mattermost_people.c --- */

void mm_people_ask(struct mattermost *mm, int64_t page, struct wire_out *out);
void mm_person_ask(struct mattermost *mm, const char *user, struct wire_out *out);
/* Returns false when a page was refused; *ret_more: another page was asked for. */
bool mm_people_reply(struct mattermost *mm, const struct wire_tag *tag,
                     const struct wire_reply *reply, struct wire_out *out, bool *ret_more);
/* Adds an event for a user object; id is the event's. Returns false for bots and the like. */
bool mm_person(const struct mattermost *mm, const json_t *user, const char *id, msec_t now,
               uint32_t conn, struct wire_out *out);

static inline const char *mm_member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* What we wrote into a tag ourselves; 0 for anything else. */
static inline int64_t mm_number(const char *text)
{
    int64_t number = 0;
    (void)str_to_i64(text, &number); /* else 0 */
    return number;
}
