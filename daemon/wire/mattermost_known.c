/* What was heard on the way and saves a question: channels with people, posts of our own. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/mattermost.h"

const char *mm_channel_of(const struct mattermost *mm, const char *user)
{
    const struct mm_direct *direct = map_get(&mm->directs, user);
    return direct ? direct->channel : NULL;
}

void mm_channel_keep(struct mattermost *mm, const char *user, const char *channel)
{
    if (str_empty(user) || str_empty(channel) || strlen(user) >= MM_ID_BYTES ||
        strlen(channel) >= MM_ID_BYTES || map_get(&mm->directs, user) ||
        mm->direct_count == MM_DIRECTS_MAX)
        return;
    struct mm_direct *direct = NEW(struct mm_direct);
    strcpy(direct->user, user); /* both fit, see above */
    strcpy(direct->channel, channel);
    ARRAY_GROW(mm->direct_list, mm->direct_count, mm->direct_cap);
    mm->direct_list[mm->direct_count++] = direct;
    map_set(&mm->directs, direct->user, direct);
}

const char *mm_channel_read(struct mattermost *mm, const struct wire_tag *tag, const json_t *tree)
{
    const char *channel = mm_member(tree, "id");
    if (str_empty(channel))
        return NULL;
    mm_channel_keep(mm, tag->channel, channel);
    return channel;
}

void mm_echo_keep(struct mattermost *mm, const struct mm_post *post)
{
    struct mm_echo *echo = &mm->echoes[mm->echo_count % MM_ECHOES];
    if (!post->key || strlen(post->key) >= MESSAGE_KEY_BYTES || !str_eq(post->user, mm->id))
        return;
    strcpy(echo->key, post->key); /* the ids have the length of ids, mm_post_read saw to it */
    strcpy(echo->channel, post->channel);
    strcpy(echo->id, post->id);
    mm->echo_count++;
}

const struct mm_echo *mm_echo_find(const struct mattermost *mm, const char *key)
{
    for (size_t i = 0; i < MM_ECHOES; i++) {
        if (mm->echoes[i].key[0] && str_eq(mm->echoes[i].key, key))
            return &mm->echoes[i];
    }
    return NULL;
}

void mm_known_done(struct mattermost *mm)
{
    map_done(&mm->directs);
    for (size_t i = 0; i < mm->direct_count; i++)
        free(mm->direct_list[i]);
    free(mm->direct_list);
}
