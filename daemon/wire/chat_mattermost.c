#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/chat.h"
#include "wire/mattermost_act.h"
#include "wire/mattermost_command.h"

enum {
    MM_TOKEN_MAX = 512,
    MM_URL_MAX = 512,
    MM_RATE_MAX = 1000000,
    MM_PEOPLE_RETRY_MS = 30000,
    MM_PEOPLE_DENIED_MS = 300000,
    MM_PEOPLE_AGAIN_MS = 24 * 3600 * 1000, /* in case a user_updated was lost */
};

enum mm_option { MM_URL, MM_TOKEN, MM_ACTIONS, MM_COMMAND, MM_RATE, MM_OPTIONS };

static const struct chat_option options[MM_OPTIONS] = {
    [MM_URL] = {"url", true, false, NULL,
                "address of the server, such as https://chat.example.com; http:// only towards "
                "loopback"},
    [MM_TOKEN] = {"token", true, true, NULL, "access token of the bot account"},
    [MM_ACTIONS] = {"actions_url", false, false, NULL,
                    "where the server reaches this daemon, ending in /chat/mattermost: messages "
                    "get buttons; without it people answer with numbers and words"},
    [MM_COMMAND] = {"command_token", false, true, NULL,
                    "token of the slash command, whose request URL ends in /chat/mattermost too; "
                    "without it people use words in the direct message"},
    [MM_RATE] = {"messages_per_minute", false, false, NULL,
                 "posts a minute on the whole server; 0: as fast as it takes them"},
};

static const struct wire_field auth[] = {{"Authorization", "Bearer ", MM_TOKEN}, {0}};

/* The server limits nobody unless told to, then all requests together to 10 a second.
 * Source: Mattermost, "Rate limiting settings". */
static const struct chat_method methods[MM_METHODS] = {
    [MM_ME] = {"users/me", 60, 2, false},
    [MM_POST] = {"posts", 240, 60, true},
    [MM_PATCH] = {"posts/patch", 240, 60, false},
    [MM_DIRECT] = {"channels/direct", 120, 30, false},
    [MM_HISTORY] = {"channels/posts", 120, 30, false},
    [MM_MISSED] = {"channels/posts", 120, 30, false},
    [MM_USERS] = {"users", 60, 10, false},
    [MM_DIALOG] = {"actions/dialogs/open", 120, 30, false},
};

/* COUNT(enumerator, name) */
#define MM_COUNT_LIST(COUNT)                                                                       \
    COUNT(BAD_FRAME, "bad_frame")         /* not JSON, or no frame of Mattermost */                \
    COUNT(REPEATED, "repeated")           /* events that were had before */                        \
    COUNT(GAP, "gaps")                    /* events are missing: another connection is made */     \
    COUNT(RESUMED, "resumed")             /* connections that went on where the old one ended */   \
    COUNT(IGNORED, "ignored")             /* of no use to us */                                    \
    COUNT(OWN, "own")                     /* posts of ours that came back */                       \
    COUNT(FOREIGN_CLICK, "foreign_click") /* not made by us, or meant for somebody else */         \
    COUNT(FOREIGN_COMMAND, "foreign_command") /* a slash command with another token */             \
    COUNT(FORM_ASKED, "form_asked")                                                                \
    COUNT(FORM_FAILED, "form_failed")     /* a form could not be opened in time */                 \
    COUNT(PEOPLE_FAILED, "people_failed") /* a page of people */

enum mm_count {
#define COUNT(name, text) MM_COUNT_##name,
    MM_COUNT_LIST(COUNT)
#undef COUNT
        MM_COUNTS
};

static const char *const count_names[MM_COUNTS] = {
#define COUNT(name, text) [MM_COUNT_##name] = text,
    MM_COUNT_LIST(COUNT)
#undef COUNT
};

struct mm_chat {
    struct mattermost mm;
    struct mm_session session;
    char *actions, *command_token;
    char secret[MM_SIGN_BYTES];
    uint32_t conn; /* the websocket whose events are numbered; 0: none */
    bool verified; /* the token was good last time */
    msec_t now, people_at;
    struct chat_counter counters[MM_COUNTS];
};

const char *mm_method_name(enum mm_method method)
{
    return methods[method].name;
}

/* --- life --- */

static bool is_clean(const char *text, size_t most)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    }
    return len > 0 && len <= most;
}

static bool is_address(const char *text)
{
    return is_clean(text, MM_URL_MAX) && !strpbrk(text, "?#@") &&
           (str_starts(text, "https://") || str_starts(text, "http://"));
}

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && str_eq(text + len - tail, end);
}

static int check(const char *const *values, struct err *err)
{
    int64_t rate = 0;
    const char *actions = values[MM_ACTIONS];
    if (str_empty(values[MM_TOKEN]) || !is_clean(values[MM_TOKEN], MM_TOKEN_MAX))
        return err_set(err, EINVAL, "token is empty, too long or holds spaces");
    if (!values[MM_URL] || !is_address(values[MM_URL]))
        return err_set(err, EINVAL, "url must be an address such as https://chat.example.com");
    if (actions && (!is_address(actions) || !ends_in(actions, "/chat/mattermost")))
        return err_set(err, EINVAL,
                       "actions_url must be an address that ends in /chat/mattermost, such as "
                       "https://grit.example.com/chat/mattermost");
    if (values[MM_COMMAND] && !is_clean(values[MM_COMMAND], MM_TOKEN_MAX))
        return err_set(err, EINVAL, "command_token is empty, too long or holds spaces");
    if (values[MM_RATE] &&
        (str_to_i64(values[MM_RATE], &rate) < 0 || rate < 0 || rate > MM_RATE_MAX))
        return err_set(err, EINVAL, "messages_per_minute must be a number from 0 to %d",
                       MM_RATE_MAX);
    return 0;
}

static void mattermost_free(void *state)
{
    struct mm_chat *chat = state;
    if (!chat)
        return;
    mm_done(&chat->mm);
    free(chat->actions);
    free(chat->command_token);
    free(chat);
}

/* What signs the buttons is made from the token: nothing more to keep, and whoever takes the token
 * away takes the buttons with it. */
static int mattermost_new(const struct chat_setup *setup, struct err *err, void **ret_state)
{
    const char *const *values = setup->values;
    int rc = check(values, err);
    if (rc < 0)
        return rc;
    struct mm_chat *chat = NEW(struct mm_chat);
    chat->actions = xstrdup(values[MM_ACTIONS]);
    chat->command_token = xstrdup(values[MM_COMMAND]);
    mm_sign(values[MM_TOKEN], "actions", NULL, NULL, NULL, chat->secret);
    rc = mm_init(&chat->mm, values[MM_URL], auth, chat->secret, chat->actions, err);
    if (rc < 0) {
        mattermost_free(chat);
        return rc;
    }
    mm_session_init(&chat->session);
    chat->people_at = MSEC_NEVER;
    for (size_t i = 0; i < MM_COUNTS; i++)
        chat->counters[i].name = count_names[i];
    *ret_state = chat;
    return 0;
}

static void counted(struct mm_chat *chat, enum mm_count count)
{
    chat->counters[count].value++;
}

/* There is one timer for all that is due. */
static void arm(const struct mm_chat *chat, struct wire_out *out)
{
    msec_t wake = chat->conn ? mm_session_wake(&chat->session) : MSEC_NEVER;
    if (chat->people_at < wake)
        wake = chat->people_at;
    if (wake != MSEC_NEVER)
        wire_timer(out, wake > chat->now ? wake - chat->now : 0);
}

/* --- connecting --- */

static void connect_now(struct mm_chat *chat, struct wire_out *out)
{
    wire_connect(out, mm_session_url(&chat->session, chat->mm.api, &out->arena), auth);
}

static void mattermost_on_start(void *state, msec_t now, struct wire_out *out)
{
    struct mm_chat *chat = state;
    chat->now = now;
    if (chat->verified)
        connect_now(chat, out);
    else
        mm_ask_me(&chat->mm, out);
}

/* An answer, but not the one of a Mattermost server, or of another place on it. */
static bool is_elsewhere(const struct wire_reply *reply, const char *error)
{
    bool foreign = *error == '(' || reply->status == 404;
    return reply->outcome == WIRE_ANSWERED && foreign && reply->status < 500 &&
           reply->status != 429 && reply->status != 408;
}

static void me_reply(struct mm_chat *chat, const struct wire_tag *tag,
                     const struct wire_reply *reply, struct wire_out *out)
{
    const char *error = NULL;
    (void)tag; /* nothing to tell apart */
    chat->verified = mm_me_reply(&chat->mm, reply, out, &error);
    if (chat->verified) {
        connect_now(chat, out);
    } else if (is_elsewhere(reply, error)) {
        wire_fatal(out, MM_HEAL_MS,
                   arena_printf(&out->arena, "no Mattermost server answers at %s: %s", chat->mm.api,
                                error),
                   "check chat.mattermost.url: the address that people open in their browser, "
                   "without /api");
    } else if (strstr(error, "SSL") || strstr(error, "certificate")) {
        wire_drop(out, 0, 0,
                  arena_printf(&out->arena,
                               "%s: %s; check chat.mattermost.url, and that this machine trusts "
                               "the certificate of the server",
                               chat->mm.api, error));
    } else {
        wire_drop(out, 0, reply->retry_after_ms, error);
    }
}

static void mattermost_on_open(void *state, uint32_t conn, const char *person, struct wire_out *out)
{
    struct mm_chat *chat = state;
    (void)person; /* we are the client */
    chat->conn = conn;
    const char *frame = mm_session_open(&chat->session, chat->now, &out->arena);
    wire_frame(out, conn, frame, strlen(frame));
    arm(chat, out);
}

/* What was refused or ended before a word was heard is not resumed: a new hello costs little. */
static void mattermost_on_closed(void *state, uint32_t conn, const struct chat_closed *how,
                                 struct wire_out *out)
{
    struct mm_chat *chat = state;
    bool ours = conn == chat->conn;
    (void)out; /* what is sent goes by requests */
    if (how->http_status)
        chat->verified = false;
    if (how->http_status || (ours && !chat->session.up))
        mm_session_init(&chat->session);
    if (ours)
        chat->conn = 0;
}

static void mattermost_on_timer(void *state, msec_t now, struct wire_out *out)
{
    struct mm_chat *chat = state;
    bool dead = false;
    chat->now = now;
    const char *ping = chat->conn ? mm_session_tick(&chat->session, now, &out->arena, &dead) : NULL;
    if (ping)
        wire_frame(out, chat->conn, ping, strlen(ping));
    if (dead) {
        wire_drop(out, chat->conn, 0, "nothing was heard for 20 s");
        chat->conn = 0; /* the session is kept: it may go on */
    }
    if (chat->people_at <= now) {
        chat->people_at = now + MM_PEOPLE_AGAIN_MS;
        mm_people_ask(&chat->mm, 0, out);
    }
    arm(chat, out);
}

/* --- events --- */

static void on_posted(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                      struct wire_out *out)
{
    bool own = str_eq(frame->post.user, chat->mm.id);
    if (own) {
        mm_echo_keep(&chat->mm, &frame->post);
        counted(chat, MM_COUNT_OWN);
        return;
    }
    if (frame->channel_type != 'D' || !mm_said(&chat->mm, &frame->post, conn, out)) {
        counted(chat, MM_COUNT_IGNORED);
        return;
    }
    mm_channel_keep(&chat->mm, frame->post.user, frame->post.channel);
}

static void on_user(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                    struct wire_out *out)
{
    const char *id =
        arena_printf(&out->arena, "user:%s:%lld", chat->session.connection, (long long)frame->seq);
    if (mm_person(&chat->mm, frame->user, id, chat->now, conn, out))
        told_add(&chat->mm.told, mm_member(frame->user, "id"));
    else
        counted(chat, MM_COUNT_IGNORED);
}

static void on_new_user(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                        struct wire_out *out)
{
    (void)conn; /* the answer to the question comes by itself */
    if (frame->user_id)
        mm_person_ask(&chat->mm, frame->user_id, out);
}

static void take(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                 struct wire_out *out)
{
    if (frame->kind == MM_FRAME_REPLY)
        return;
    if (frame->event == MM_EVENT_POSTED)
        on_posted(chat, frame, conn, out);
    else if (frame->event == MM_EVENT_USER_UPDATED)
        on_user(chat, frame, conn, out);
    else if (frame->event == MM_EVENT_NEW_USER)
        on_new_user(chat, frame, conn, out);
    else
        counted(chat, MM_COUNT_IGNORED);
}

static void up(struct mm_chat *chat, uint32_t conn, struct wire_out *out)
{
    wire_add(out, WIRE_UP)->conn = conn;
    if (chat->people_at == MSEC_NEVER)
        chat->people_at = chat->now;
    arm(chat, out);
}

static void numbered(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                     struct wire_out *out)
{
    switch (mm_session_frame(&chat->session, frame, chat->now)) {
    case MM_NEW:
        up(chat, conn, out);
        break;
    case MM_RESUMED:
        counted(chat, MM_COUNT_RESUMED);
        up(chat, conn, out);
        take(chat, frame, conn, out);
        break;
    case MM_TAKE:
        take(chat, frame, conn, out);
        break;
    case MM_REPEATED:
        counted(chat, MM_COUNT_REPEATED);
        break;
    case MM_GAP:
        counted(chat, MM_COUNT_GAP);
        wire_drop(out, conn, 0, "events are missing");
        break;
    }
}

/* On a connection from before new settings: what is said there comes by the new one too, or its
 * history, with the same id. Before we know who we are it cannot be read. */
static void stray(struct mm_chat *chat, const struct mm_frame *frame, uint32_t conn,
                  struct wire_out *out)
{
    if (!chat->mm.id[0])
        wire_drop(out, conn, 0, "new settings");
    else if (frame->kind == MM_FRAME_EVENT && frame->event == MM_EVENT_POSTED)
        on_posted(chat, frame, conn, out);
}

static void mattermost_on_frame(void *state, uint32_t conn, const char *data, size_t len,
                                msec_t now, struct wire_out *out)
{
    struct mm_chat *chat = state;
    struct mm_frame frame;
    chat->now = now;
    if (mm_frame_read(data, len, &frame) < 0)
        counted(chat, MM_COUNT_BAD_FRAME); /* if it had a number, the next one shows a gap */
    else if (conn == chat->conn)
        numbered(chat, &frame, conn, out);
    else
        stray(chat, &frame, conn, out);
    mm_frame_done(&frame);
}

/* --- calls of the server --- */

static void refuse(uint32_t conn, int status, struct wire_out *out)
{
    struct wire_item *drop = wire_add(out, WIRE_DROP);
    drop->conn = conn;
    drop->number = status;
}

/* A button or form that is not for the one who used it, or that a former token signed. */
static void refuse_kindly(const struct mm_act *act, int why, uint32_t conn, struct wire_out *out)
{
    const char *words = why == -EPERM
                            ? "This one is meant for somebody else, so nothing was changed."
                            : "I cannot read this button any more. Please write to me instead.";
    const char *text = arena_printf(&out->arena, "{\"%s\":\"%s\"}",
                                    act->submitted ? "error" : "ephemeral_text", words);
    wire_frame(out, conn, text, strlen(text));
}

static void on_act(struct mm_chat *chat, uint32_t conn, const struct chat_call *call, msec_t now,
                   struct wire_out *out)
{
    struct mm_act act;
    struct err err;
    int r = mm_act_read(&chat->mm, call->body, call->len, &out->arena, &err, &act);
    if (r == -EINVAL) {
        refuse(conn, 400, out);
    } else if (r < 0) {
        counted(chat, MM_COUNT_FOREIGN_CLICK);
        refuse_kindly(&act, r, conn, out);
    } else if (act.form) {
        counted(chat, MM_COUNT_FORM_ASKED);
        mm_form_open(&chat->mm, &act, out);
    } else {
        mm_act_event(&chat->mm, &act, conn, now, out);
    }
}

static void on_command(struct mm_chat *chat, uint32_t conn, const struct chat_call *call,
                       msec_t now, struct wire_out *out)
{
    struct mm_command command;
    int r = mm_command_read(chat->command_token, call->body, call->len, &out->arena, &command);
    if (r == 0) {
        mm_command_event(&chat->mm, &command, conn, now, out);
        return;
    }
    if (r == -EACCES)
        counted(chat, MM_COUNT_FOREIGN_COMMAND);
    refuse(conn, r == -EACCES ? 401 : 400, out);
}

/* Buttons and forms come as JSON, slash commands as a form; each needs its own row of the settings.
 */
static void mattermost_on_call(void *state, uint32_t conn, const struct chat_call *call, msec_t now,
                               struct wire_out *out)
{
    static const char form[] = "application/x-www-form-urlencoded";
    struct mm_chat *chat = state;
    bool command = str_istarts(call->content_type, form, strlen(form));
    if (*call->path || !(command ? chat->command_token : chat->actions))
        refuse(conn, 404, out);
    else if (!chat->mm.id[0]) /* it would have no source yet */
        refuse(conn, 503, out);
    else if (command)
        on_command(chat, conn, call, now, out);
    else
        on_act(chat, conn, call, now, out);
}

/* --- answers --- */

static void people_reply(struct mm_chat *chat, const struct wire_tag *tag,
                         const struct wire_reply *reply, struct wire_out *out)
{
    bool more, denied = reply->status >= 400 && reply->status < 500 && reply->status != 429;
    bool good = mm_people_reply(&chat->mm, tag, reply, out, &more);
    if (good)
        return;
    counted(chat, MM_COUNT_PEOPLE_FAILED);
    chat->people_at = reply->now + (denied ? MM_PEOPLE_DENIED_MS : MM_PEOPLE_RETRY_MS);
    arm(chat, out);
}

static void form_reply(struct mm_chat *chat, const struct wire_tag *tag,
                       const struct wire_reply *reply, struct wire_out *out)
{
    struct mm_answer answer;
    (void)tag; /* a trigger works once: nothing to repeat */
    mm_answer_read(&chat->mm, reply, MM_DIALOG, out, &answer);
    if (!answer.ok)
        counted(chat, MM_COUNT_FORM_FAILED);
    mm_answer_done(&answer);
}

static void send_reply(struct mm_chat *chat, const struct wire_tag *tag,
                       const struct wire_reply *reply, struct wire_out *out)
{
    mm_send_reply(&chat->mm, tag, reply, out);
}

static void find_reply(struct mm_chat *chat, const struct wire_tag *tag,
                       const struct wire_reply *reply, struct wire_out *out)
{
    mm_find_reply(&chat->mm, tag, reply, out);
}

static void missed_reply(struct mm_chat *chat, const struct wire_tag *tag,
                         const struct wire_reply *reply, struct wire_out *out)
{
    mm_missed_reply(&chat->mm, tag, reply, out);
}

/* A token that is refused in the middle of life: the connection ends too, and the next attempt
 * begins with the question who we are. */
static void after_fatal(struct mm_chat *chat, struct wire_out *out)
{
    bool fatal = false;
    for (const struct wire_item *item = out->first; item && !fatal; item = item->next)
        fatal = item->kind == WIRE_FATAL;
    if (!fatal)
        return;
    chat->verified = false;
    if (chat->conn)
        wire_drop(out, chat->conn, 0, "the token is refused");
}

static void mattermost_on_reply(void *state, const struct wire_tag *tag,
                                const struct wire_reply *reply, struct wire_out *out)
{
    static void (*const handlers[])(struct mm_chat *, const struct wire_tag *,
                                    const struct wire_reply *, struct wire_out *) = {
        [MM_TAG_ME] = me_reply,
        [MM_TAG_SEND_DIRECT] = send_reply,
        [MM_TAG_POST] = send_reply,
        [MM_TAG_PATCH] = send_reply,
        [MM_TAG_FIND_DIRECT] = find_reply,
        [MM_TAG_FIND] = find_reply,
        [MM_TAG_USERS] = people_reply,
        [MM_TAG_USER] = people_reply,
        [MM_TAG_MISSED_DIRECT] = missed_reply,
        [MM_TAG_MISSED] = missed_reply,
        [MM_TAG_DIALOG] = form_reply,
    };
    struct mm_chat *chat = state;
    chat->now = reply->now;
    handlers[tag->kind](chat, tag, reply, out);
    after_fatal(chat, out);
}

/* --- sending --- */

static void mattermost_send(void *state, const struct message *message,
                            const struct chat_place *place, msec_t now, struct wire_out *out)
{
    (void)now; /* the server stamps posts itself */
    mm_send(&((struct mm_chat *)state)->mm, message, place, out);
}

static void mattermost_lookup(void *state, const char *key, const struct chat_place *place,
                              msec_t sent_at, struct wire_out *out)
{
    mm_lookup(&((struct mm_chat *)state)->mm, &key, 1, place, sent_at, out);
}

static void mattermost_lookups(void *state, const char *const *keys, size_t count,
                               const struct chat_place *place, msec_t sent_at, struct wire_out *out)
{
    mm_lookup(&((struct mm_chat *)state)->mm, keys, count, place, sent_at, out);
}

static void mattermost_catch_up(void *state, const struct chat_place *place, msec_t since,
                                struct wire_out *out)
{
    mm_catch_up(&((struct mm_chat *)state)->mm, place, since, out);
}

static size_t mattermost_counters(const void *state, const struct chat_counter **ret_counters)
{
    *ret_counters = ((const struct mm_chat *)state)->counters;
    return MM_COUNTS;
}

const struct chat_platform chat_mattermost = {
    .name = "mattermost",
    .help = "Mattermost by its websocket and REST API: an outgoing connection; buttons need an "
            "address that its server can reach",
    .transport = CHAT_CLIENT,
    .limits = {.text_points = MM_TEXT_POINTS,
               .buttons = MESSAGE_BUTTONS_MAX,
               .frame_bytes = MM_FRAME_BYTES,
               .hello_ms = 10000,
               .catch_up_after_ms = 0, /* always: what a resumed session replays is not promised */
               .linger_ms = 5000,
               .ping_s = 10,
               .hangup_s = 30},
    .options = options,
    .option_count = MM_OPTIONS,
    .methods = methods,
    .method_count = MM_METHODS,
    .state_new = mattermost_new,
    .state_free = mattermost_free,
    .on_start = mattermost_on_start,
    .on_open = mattermost_on_open,
    .on_frame = mattermost_on_frame,
    .on_closed = mattermost_on_closed,
    .on_timer = mattermost_on_timer,
    .on_reply = mattermost_on_reply,
    .on_call = mattermost_on_call,
    .encode_send = mattermost_send,
    .encode_lookup = mattermost_lookup,
    .encode_lookups = mattermost_lookups,
    .encode_catch_up = mattermost_catch_up,
    .counters = mattermost_counters,
};
