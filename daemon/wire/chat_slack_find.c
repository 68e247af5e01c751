#include <stdio.h>
#include <string.h>

#include "wire/chat_slack_history.h"
#include "wire/lookup.h"

enum {
    FIND_BEFORE_MS = 120000, /* how much earlier than the attempt the search begins */
    FIND_PAGE = 200, /* of 999; apps that are sold get 15, and what is left is another page */
    FIND_PAGES_MAX = 20,
};

static void tell(struct wire_out *out, const struct wire_tag *tag, struct chat_result what)
{
    what.channel = tag->channel;
    lookup_tell(out, tag->key, &what);
}

static void unreadable(struct wire_out *out, const struct wire_tag *tag, const char *why,
                       msec_t wait_ms)
{
    tell(out, tag,
         (struct chat_result){.outcome = CHAT_UNREADABLE, .error = why, .retry_after_ms = wait_ms});
}

const char *slack_ts(struct arena *arena, msec_t time)
{
    return arena_printf(arena, "%lld.%03lld000", (long long)(time / MSEC_SECOND),
                        (long long)(time % MSEC_SECOND));
}

struct wire_request *slack_ask_history(struct slack *slack, enum slack_method method,
                                       const struct wire_tag *tag, const char *cursor,
                                       struct wire_out *out)
{
    char limit[16];
    struct strbuf *body = &slack->scratch;
    struct wire_request *request = slack_request(slack, method, out);
    (void)snprintf(limit, sizeof(limit), "%d", FIND_PAGE); /* fits */
    strbuf_clear(body);
    slack_form_add(body, "channel", tag->channel);
    slack_form_add(body, "oldest", tag->more);
    slack_form_add(body, "inclusive", "true");
    slack_form_add(body, "include_all_metadata", "true");
    slack_form_add(body, "limit", limit);
    if (cursor)
        slack_form_add(body, "cursor", cursor);
    slack_request_body(slack, request, out);
    slack_request_tag(request, tag, out);
    return request;
}

struct wire_request *slack_ask_dm(struct slack *slack, const char *user, const struct wire_tag *tag,
                                  struct wire_out *out)
{
    struct wire_request *request = slack_request(slack, SLACK_OPEN_DM, out);
    strbuf_clear(&slack->scratch);
    slack_form_add(&slack->scratch, "users", user);
    slack_request_body(slack, request, out);
    slack_request_tag(request, tag, out);
    return request;
}

static void ask_history(struct slack *slack, const struct wire_tag *tag, const char *cursor,
                        struct wire_out *out)
{
    slack_ask_history(slack, SLACK_HISTORY, tag, cursor, out)->tag.kind = SLACK_TAG_HISTORY;
}

void slack_encode_lookup(void *state, const char *key, const struct chat_place *place,
                         msec_t sent_at, struct wire_out *out)
{
    slack_encode_lookups(state, &key, 1, place, sent_at, out);
}

void slack_encode_lookups(void *state, const char *const *keys, size_t count,
                          const struct chat_place *place, msec_t sent_at, struct wire_out *out)
{
    struct slack *slack = state;
    /* a team's channel is a conversation already; only that with a person has to be opened */
    const char *channel = place->members ? place->user : place->channel;
    const struct wire_tag tag = {.kind = SLACK_TAG_OPEN_DM,
                                 .key = lookup_keys(&out->arena, keys, count),
                                 .channel = channel,
                                 .more =
                                     slack_ts(&out->arena, sent_at + slack->skew - FIND_BEFORE_MS)};
    if (!str_empty(channel))
        ask_history(slack, &tag, NULL, out);
    else if (!str_empty(place->user))
        (void)slack_ask_dm(slack, place->user, &tag, out); /* nothing to add */
    else
        unreadable(out, &tag, "(no Slack id of the person)", 0);
}

static bool is_own(const struct slack *slack, const json_t *message)
{
    const char *bot = slack_member(message, "bot_id"), *user = slack_member(message, "user");
    return (slack->bot[0] && str_eq(bot, slack->bot)) || str_eq(user, slack->user);
}

struct page {
    const struct slack *slack;
    const json_t *messages;
};

/* ts of the message that carries the key, or NULL. */
static const char *find(const void *user, const char *key)
{
    const struct page *page = user;
    size_t i;
    const json_t *message;
    json_array_foreach(page->messages, i, message)
    {
        const json_t *metadata = json_object_get(message, "metadata");
        const char *k = slack_member(json_object_get(metadata, "event_payload"), "k");
        if (str_eq(k, key) && is_own(page->slack, message))
            return slack_id(message, "ts");
    }
    return NULL;
}

static void read_page(struct slack *slack, const struct wire_tag *tag, const json_t *tree,
                      struct wire_out *out)
{
    const json_t *messages = json_object_get(tree, "messages");
    const char *cursor = slack_member(json_object_get(tree, "response_metadata"), "next_cursor");
    struct wire_tag next = *tag;
    next.key = lookup_tell_found(out, tag->key, tag->channel, find,
                                 &(struct page){.slack = slack, .messages = messages});
    next.number++;
    if (str_empty(next.key))
        return;
    if (!json_is_array(messages))
        unreadable(out, &next, "(no messages in the answer)", 0);
    else if (!str_empty(cursor) && next.number < FIND_PAGES_MAX)
        ask_history(slack, &next, cursor, out);
    else if (!str_empty(cursor) || json_is_true(json_object_get(tree, "has_more")))
        unreadable(out, &next, "(more history than is read)", 0); /* a miss would not be proven */
    else
        tell(out, &next, (struct chat_result){.outcome = CHAT_MISSING});
}

static void read_channel(struct slack *slack, const struct wire_tag *tag, const json_t *tree,
                         struct wire_out *out)
{
    struct wire_tag next = *tag;
    next.channel = slack_id(json_object_get(tree, "channel"), "id");
    if (next.channel)
        ask_history(slack, &next, NULL, out);
    else
        unreadable(out, tag, "(no channel in the answer)", 0);
}

void slack_find_reply(struct slack *slack, const struct wire_tag *tag,
                      const struct wire_reply *reply, struct wire_out *out)
{
    bool history = tag->kind == SLACK_TAG_HISTORY;
    struct slack_answer answer;
    slack_answer_read(slack, reply, history ? SLACK_HISTORY : SLACK_OPEN_DM, out, &answer);
    json_t *tree = answer.ok ? slack_answer_tree(slack, reply) : NULL;
    if (!tree)
        unreadable(out, tag, answer.error ? answer.error : "(broken answer)", answer.wait_ms);
    else if (history)
        read_page(slack, tag, tree, out);
    else
        read_channel(slack, tag, tree, out);
    json_decref(tree);
}
