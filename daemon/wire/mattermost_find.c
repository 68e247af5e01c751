/* Reading what stands in a channel: is a message of ours there, and what did people say. */
#include <stdio.h>
#include <string.h>

#include "wire/lookup.h"
#include "wire/mattermost.h"

/* --- one list of posts --- */

void mm_list_ask(struct mattermost *mm, const struct wire_tag *tag, struct wire_out *out)
{
    const char *path =
        tag->number == 0
            ? arena_printf(&out->arena, "channels/%s/posts?since=%s", tag->channel, tag->more)
            : arena_printf(&out->arena, "channels/%s/posts?page=%lld&per_page=%d", tag->channel,
                           (long long)(tag->number - 1), MM_PAGE);
    enum mm_method method = tag->kind == MM_TAG_MISSED ? MM_MISSED : MM_HISTORY;
    struct wire_request *request = mm_request(mm, method, "GET", path, out);
    mm_request_tag(request, tag, out);
}

/* Newest first. NULL: none of that number, or not a post. */
static const json_t *post_at(const json_t *tree, size_t index, struct mm_post *ret)
{
    const char *id = json_string_value(json_array_get(json_object_get(tree, "order"), index));
    const json_t *post = id ? json_object_get(json_object_get(tree, "posts"), id) : NULL;
    return post && mm_post_read(post, ret) == 0 ? post : NULL;
}

/* Every post has to be readable: one that is not could be the one that is looked for. */
struct mm_list mm_list_read(const json_t *tree, const struct wire_tag *tag)
{
    struct mm_list list = {.count = json_array_size(json_object_get(tree, "order"))};
    msec_t oldest = mm_number(tag->more), last = 0;
    list.valid = json_is_array(json_object_get(tree, "order"));
    for (size_t i = 0; i < list.count && list.valid; i++) {
        struct mm_post post;
        list.valid = post_at(tree, i, &post) != NULL;
        last = list.valid ? post.time : 0;
    }
    if (tag->number == 0)
        list.ends = list.count < MM_SINCE_MAX;
    else
        list.ends = list.count < MM_PAGE || last < oldest;
    return list;
}

/* --- look-up --- */

static void unreadable(struct wire_out *out, const struct wire_tag *tag, const char *why,
                       msec_t wait_ms)
{
    lookup_tell(out, tag->key,
                &(struct chat_result){.outcome = CHAT_UNREADABLE,
                                      .channel = tag->kind == MM_TAG_FIND ? tag->channel : NULL,
                                      .error = why,
                                      .retry_after_ms = wait_ms});
}

void mm_lookup(struct mattermost *mm, const char *const *keys, size_t count,
               const struct chat_place *place, msec_t sent_at, struct wire_out *out)
{
    const char *channel = place->members ? place->user : place->channel;
    if (str_empty(channel))
        channel = mm_channel_of(mm, place->user);
    char oldest[32];
    (void)snprintf(oldest, sizeof(oldest), "%lld",
                   (long long)(sent_at + mm->skew - MM_FIND_BEFORE_MS)); /* fits */
    struct wire_tag tag = {.kind = MM_TAG_FIND,
                           .key = lookup_keys(&out->arena, keys, count),
                           .channel = channel,
                           .more = oldest};
    if (!mm->id[0]) {
        unreadable(out, &tag, "(not signed in yet)", 0);
    } else if (!str_empty(channel)) {
        mm_list_ask(mm, &tag, out);
    } else if (!str_empty(place->user)) {
        tag.kind = MM_TAG_FIND_DIRECT;
        tag.channel = place->user;
        mm_request_tag(mm_direct(mm, place->user, out), &tag, out);
    } else {
        unreadable(out, &tag, "(no Mattermost id of the person)", 0);
    }
}

static const char *find(const void *user, const char *key)
{
    return map_get(user, key);
}

/* Keys of our own posts in a list -> their ids. The texts are the tree's. */
static void own_posts(const struct mattermost *mm, const json_t *tree, size_t count,
                      struct map *ret)
{
    for (size_t i = 0; i < count; i++) {
        struct mm_post post;
        if (post_at(tree, i, &post) && post.key && str_eq(post.user, mm->id))
            map_set(ret, post.key, (void *)(uintptr_t)post.id);
    }
}

static void search(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree,
                   struct wire_out *out)
{
    struct mm_list list = mm_list_read(tree, tag);
    struct wire_tag next = *tag;
    struct map own = {0};
    own_posts(mm, tree, list.count, &own);
    next.key = lookup_tell_found(out, tag->key, tag->channel, find, &own);
    next.number++;
    map_done(&own);
    if (str_empty(next.key))
        return;
    if (!list.valid)
        unreadable(out, &next, "(no posts in the answer)", 0);
    else if (list.ends)
        lookup_tell(out, next.key,
                    &(struct chat_result){.outcome = CHAT_MISSING, .channel = tag->channel});
    else if (next.number <= MM_PAGES_MAX)
        mm_list_ask(mm, &next, out);
    else /* a miss would not be proven */
        unreadable(out, &next, "(more history than is read)", 0);
}

static void found_direct(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree,
                         struct wire_out *out)
{
    struct wire_tag next = *tag;
    next.kind = MM_TAG_FIND;
    next.channel = mm_channel_read(mm, tag, tree);
    if (next.channel)
        mm_list_ask(mm, &next, out);
    else
        unreadable(out, tag, "(no channel in the answer)", 0);
}

void mm_find_reply(struct mattermost *mm, const struct wire_tag *tag,
                   const struct wire_reply *reply, struct wire_out *out)
{
    bool list = tag->kind == MM_TAG_FIND;
    struct mm_answer answer;
    mm_answer_read(mm, reply, list ? MM_HISTORY : MM_DIRECT, out, &answer);
    if (!answer.ok)
        unreadable(out, tag, answer.error, answer.wait_ms);
    else if (list)
        search(mm, tag, answer.tree, out);
    else
        found_direct(mm, tag, answer.tree, out);
    mm_answer_done(&answer);
}
