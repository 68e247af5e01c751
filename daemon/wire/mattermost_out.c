/* Requests to the REST API, and what becomes of a post. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/mattermost.h"

enum { MM_SEND_WAIT_MS = 2500, MM_REQUEST_MS = 15000, MM_BODY_BYTES = 512 * 1024 };

int mm_init(struct mattermost *mm, const char *url, const struct wire_field *headers,
            const char *secret, const char *actions, struct err *err)
{
    size_t len = strlen(url);
    if (!str_starts(url, "http://") && !str_starts(url, "https://"))
        return err_set(err, EINVAL, "the address of the server begins with https:// or http://");
    *mm = (struct mattermost){.headers = headers, .secret = secret, .actions = actions};
    while (len > 0 && url[len - 1] == '/')
        len--;
    strbuf_init(&mm->scratch, MM_BODY_BYTES);
    strbuf_init(&mm->part, MM_BODY_BYTES);
    strbuf_add(&mm->part, url, len);
    strbuf_puts(&mm->part, "/api/v4/");
    mm->api = strbuf_take(&mm->part);
    return 0;
}

void mm_done(struct mattermost *mm)
{
    mm_known_done(mm);
    told_done(&mm->told);
    free(mm->api);
    strbuf_done(&mm->scratch);
    strbuf_done(&mm->part);
    *mm = (struct mattermost){0};
}

struct wire_request *mm_request(struct mattermost *mm, enum mm_method method, const char *verb,
                                const char *path, struct wire_out *out)
{
    struct wire_request *request = &wire_add(out, WIRE_REQUEST)->request;
    request->url = arena_printf(&out->arena, "%s%s", mm->api, path);
    request->verb = verb;
    request->headers = mm->headers;
    request->method = (int)method;
    request->timeout_ms = MM_REQUEST_MS;
    request->max_wait_ms = WIRE_WAIT_FOREVER;
    return request;
}

void mm_request_body(struct mattermost *mm, struct wire_request *request, struct wire_out *out)
{
    request->content_type = "application/json";
    request->len = mm->scratch.len;
    request->body = arena_strndup(&out->arena, strbuf_text(&mm->scratch), request->len);
}

void mm_request_tag(struct wire_request *request, const struct wire_tag *tag, struct wire_out *out)
{
    request->tag = *tag;
    request->tag.key = arena_strdup(&out->arena, tag->key);
    request->tag.channel = arena_strdup(&out->arena, tag->channel);
    request->tag.more = arena_strdup(&out->arena, tag->more);
}

/* --- who we are --- */

void mm_ask_me(struct mattermost *mm, struct wire_out *out)
{
    mm_request(mm, MM_ME, "GET", "users/me", out)->tag.kind = MM_TAG_ME;
}

bool mm_me_reply(struct mattermost *mm, const struct wire_reply *reply, struct wire_out *out,
                 const char **ret_error)
{
    struct mm_answer answer;
    mm_answer_read(mm, reply, MM_ME, out, &answer);
    const char *id = mm_member(answer.tree, "id");
    bool good = id && *id && strlen(id) < MM_ID_BYTES;
    if (good) {
        strcpy(mm->id, id);                                                            /* fits */
        (void)snprintf(mm->source, sizeof(mm->source), "/chat/mattermost/%s", mm->id); /* fits */
    }
    *ret_error = good ? NULL : answer.error ? answer.error : "(no id in the answer)";
    mm_answer_done(&answer);
    return good;
}

/* --- sending --- */

static void reject(struct wire_out *out, const struct message *message, const char *why)
{
    wire_result(out,
                &(struct chat_result){.key = message->key, .outcome = CHAT_REJECTED, .error = why});
}

static const char *impossible(const struct mattermost *mm, const struct message *message,
                              const struct chat_place *place)
{
    bool update = message->op == MESSAGE_UPDATE;
    if (!mm->id[0])
        return "(not signed in yet)";
    if (str_empty(message->text))
        return "(no text)";
    if (update && (str_empty(place->channel) || str_empty(place->platform_id)))
        return "(message to change was never posted)";
    if (str_empty(place->channel) && str_empty(place->user))
        return "(no Mattermost id of the person)";
    return NULL;
}

/* Members but the channel as mm_post_members left them, put behind the channel. */
static void post_request(struct mattermost *mm, const char *key, const char *channel,
                         const char *members, struct wire_out *out)
{
    struct wire_request *request = mm_request(mm, MM_POST, "POST", "posts", out);
    strbuf_clear(&mm->scratch);
    strbuf_puts(&mm->scratch, "{\"channel_id\":");
    jsonw_quote(&mm->scratch, channel);
    strbuf_puts(&mm->scratch, members);
    strbuf_putc(&mm->scratch, '}');
    mm_request_body(mm, request, out);
    request->channel = arena_strdup(&out->arena, channel);
    request->max_wait_ms = MM_SEND_WAIT_MS;
    mm_request_tag(request, &(struct wire_tag){.kind = MM_TAG_POST, .key = key}, out);
}

static void patch_request(struct mattermost *mm, const struct message *message,
                          const struct chat_place *place, const char *members, struct wire_out *out)
{
    const char *path = arena_printf(&out->arena, "posts/%s/patch", place->platform_id);
    struct wire_request *request = mm_request(mm, MM_PATCH, "PUT", path, out);
    strbuf_clear(&mm->scratch);
    strbuf_putc(&mm->scratch, '{');
    strbuf_puts(&mm->scratch, members + 1); /* without their comma */
    strbuf_putc(&mm->scratch, '}');
    mm_request_body(mm, request, out);
    request->max_wait_ms = MM_SEND_WAIT_MS;
    mm_request_tag(request,
                   &(struct wire_tag){.kind = MM_TAG_PATCH,
                                      .key = message->key,
                                      .channel = place->channel,
                                      .more = place->platform_id},
                   out);
}

/* The same channel comes back each time. */
struct wire_request *mm_direct(struct mattermost *mm, const char *user, struct wire_out *out)
{
    struct wire_request *request = mm_request(mm, MM_DIRECT, "POST", "channels/direct", out);
    strbuf_clear(&mm->scratch);
    strbuf_putc(&mm->scratch, '[');
    jsonw_quote(&mm->scratch, mm->id);
    strbuf_putc(&mm->scratch, ',');
    jsonw_quote(&mm->scratch, user);
    strbuf_putc(&mm->scratch, ']');
    mm_request_body(mm, request, out);
    return request;
}

void mm_send(struct mattermost *mm, const struct message *message, const struct chat_place *place,
             struct wire_out *out)
{
    bool update = message->op == MESSAGE_UPDATE;
    const char *why = impossible(mm, message, place);
    if (why) {
        reject(out, message, why);
        return;
    }
    /* a team's channel has its id where a person's would be */
    const char *channel = place->members ? place->user : place->channel;
    if (str_empty(channel))
        channel = mm_channel_of(mm, place->user);
    mm_post_members(mm, message, update ? message->target : message->key,
                    place->members ? NULL : place->user, out);
    if (mm->scratch.overflow || mm->part.overflow) {
        reject(out, message, "(message too large)");
        return;
    }
    const char *members = arena_strdup(&out->arena, strbuf_text(&mm->scratch));
    if (update) {
        patch_request(mm, message, place, members, out);
    } else if (!str_empty(channel)) {
        post_request(mm, message->key, channel, members, out);
    } else {
        struct wire_request *request = mm_direct(mm, place->user, out);
        request->max_wait_ms = MM_SEND_WAIT_MS;
        mm_request_tag(request,
                       &(struct wire_tag){.kind = MM_TAG_SEND_DIRECT,
                                          .key = message->key,
                                          .channel = place->user,
                                          .more = members},
                       out);
    }
}

static enum chat_outcome outcome_of(enum mm_class class, bool harmless)
{
    switch (class) {
    case MM_STOP:
    case MM_LATER:
    case MM_LIMITED:
        return CHAT_RETRY;
    case MM_REFUSED:
        return CHAT_REJECTED;
    case MM_UNSURE:
    case MM_PENDING:
        break;
    }
    return harmless ? CHAT_RETRY : CHAT_UNKNOWN;
}

static void direct_reply(struct mattermost *mm, const struct wire_tag *tag,
                         const struct mm_answer *answer, struct wire_out *out)
{
    const char *channel = mm_channel_read(mm, tag, answer->tree);
    if (channel) {
        post_request(mm, tag->key, channel, tag->more, out);
        return;
    }
    /* nothing was posted yet, whatever became of the channel */
    wire_result(out, &(struct chat_result){.key = tag->key,
                                           .outcome = outcome_of(answer->class, true),
                                           .error = answer->error ? answer->error
                                                                  : "(no channel in the answer)",
                                           .retry_after_ms = answer->wait_ms});
}

/* The event of the post came, the answer did not: that is proof enough. */
static void by_echo(const struct mattermost *mm, struct chat_result *result)
{
    const struct mm_echo *echo = mm_echo_find(mm, result->key);
    if (!echo)
        return;
    *result = (struct chat_result){.key = result->key,
                                   .outcome = CHAT_SENT,
                                   .channel = echo->channel,
                                   .platform_id = echo->id};
}

static void post_reply(const struct mattermost *mm, const struct wire_tag *tag,
                       const struct mm_answer *answer, struct wire_out *out)
{
    struct mm_post post = {0};
    bool patch = tag->kind == MM_TAG_PATCH;
    struct chat_result result = {.key = tag->key, .error = answer->error};
    if (answer->ok && patch) {
        result.outcome = CHAT_SENT;
        result.channel = tag->channel;
        result.platform_id = tag->more;
    } else if (answer->ok && mm_post_read(answer->tree, &post) == 0) {
        result.outcome = CHAT_SENT;
        result.channel = post.channel;
        result.platform_id = post.id;
    } else if (answer->ok) {
        result.outcome = CHAT_UNKNOWN; /* a success that names no post proves nothing */
        result.error = "(success, but no post)";
    } else {
        /* Changing a post twice to the same words does no harm, and no look-up could tell. */
        result.outcome = outcome_of(answer->class, patch);
        result.retry_after_ms = result.outcome == CHAT_RETRY ? answer->wait_ms : 0;
    }
    if (result.outcome == CHAT_UNKNOWN)
        by_echo(mm, &result);
    wire_result(out, &result);
}

void mm_send_reply(struct mattermost *mm, const struct wire_tag *tag,
                   const struct wire_reply *reply, struct wire_out *out)
{
    static const enum mm_method methods[] = {
        [MM_TAG_SEND_DIRECT] = MM_DIRECT, [MM_TAG_POST] = MM_POST, [MM_TAG_PATCH] = MM_PATCH};
    struct mm_answer answer;
    mm_answer_read(mm, reply, methods[tag->kind], out, &answer);
    if (tag->kind == MM_TAG_SEND_DIRECT)
        direct_reply(mm, tag, &answer, out);
    else
        post_reply(mm, tag, &answer, out);
    mm_answer_done(&answer);
}
