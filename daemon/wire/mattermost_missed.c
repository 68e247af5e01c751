/* What was said while no websocket was there. Posts that were taken already come once more: the
 * id of the post is the id of the event, and an event is taken once. */
#include <stdio.h>
#include <string.h>

#include "wire/mattermost_act.h"

enum {
    MISSED_BEFORE_MS = 60000, /* the two clocks, and what was under way */
    MISSED_AGAIN_MS = 60000,
};

static void done(struct wire_out *out, msec_t again_ms)
{
    wire_add(out, WIRE_CAUGHT_UP)->delay_ms = again_ms;
}

void mm_catch_up(struct mattermost *mm, const struct chat_place *place, msec_t since,
                 struct wire_out *out)
{
    char oldest[32];
    (void)snprintf(oldest, sizeof(oldest), "%lld",
                   (long long)(since + mm->skew - MISSED_BEFORE_MS)); /* fits */
    const char *channel = place->channel;
    if (str_empty(channel))
        channel = mm_channel_of(mm, place->user);
    struct wire_tag tag = {.kind = MM_TAG_MISSED, .channel = channel, .more = oldest};
    if (place->members || (str_empty(place->user) && str_empty(channel))) {
        done(out, 0); /* nobody is coached in a team's channel */
    } else if (!str_empty(channel)) {
        mm_list_ask(mm, &tag, out);
    } else {
        tag.kind = MM_TAG_MISSED_DIRECT;
        tag.channel = place->user;
        mm_request_tag(mm_direct(mm, place->user, out), &tag, out);
    }
}

/* Oldest first, as they were said. The list also holds older posts that were edited or deleted. */
static void read_posts(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree,
                       struct wire_out *out)
{
    const json_t *order = json_object_get(tree, "order"), *posts = json_object_get(tree, "posts");
    msec_t oldest = mm_number(tag->more);
    for (size_t i = json_array_size(order); i-- > 0;) {
        const char *id = json_string_value(json_array_get(order, i));
        struct mm_post post;
        if (id && mm_post_read(json_object_get(posts, id), &post) == 0 && post.time >= oldest)
            (void)mm_said(mm, &post, 0, out); /* our own and the like are passed over */
    }
}

/* What is older than a full list comes after it; the times of the events keep the order. */
static void page(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree,
                 struct wire_out *out)
{
    struct mm_list list = mm_list_read(tree, tag);
    struct wire_tag next = *tag;
    next.number++;
    if (!list.valid) {
        done(out, MISSED_AGAIN_MS);
        return;
    }
    read_posts(mm, tag, tree, out);
    if (list.ends || next.number > MM_PAGES_MAX)
        done(out, 0);
    else
        mm_list_ask(mm, &next, out);
}

static void channel(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree,
                    struct wire_out *out)
{
    struct wire_tag next = *tag;
    next.kind = MM_TAG_MISSED;
    next.channel = mm_channel_read(mm, tag, tree);
    if (next.channel)
        mm_list_ask(mm, &next, out);
    else
        done(out, MISSED_AGAIN_MS);
}

void mm_missed_reply(struct mattermost *mm, const struct wire_tag *tag,
                     const struct wire_reply *reply, struct wire_out *out)
{
    bool direct = tag->kind == MM_TAG_MISSED_DIRECT;
    struct mm_answer answer;
    mm_answer_read(mm, reply, direct ? MM_DIRECT : MM_MISSED, out, &answer);
    if (answer.ok && direct)
        channel(mm, tag, answer.tree, out);
    else if (answer.ok)
        page(mm, tag, answer.tree, out);
    else if (answer.class == MM_REFUSED || answer.class == MM_STOP)
        done(out, 0);
    else
        done(out, answer.wait_ms ? answer.wait_ms : MISSED_AGAIN_MS);
    mm_answer_done(&answer);
}
