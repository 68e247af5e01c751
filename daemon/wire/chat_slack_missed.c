/* What people wrote while nobody listened. Slack delivers again for five minutes, not longer. */
#include "wire/chat_slack_history.h"

enum { MISSED_PAGES_MAX = 20, MISSED_AGAIN_MS = 60000 };

static void done(struct wire_out *out, msec_t again_ms)
{
    wire_add(out, WIRE_CAUGHT_UP)->delay_ms = again_ms;
}

static void ask(struct slack *slack, const struct wire_tag *tag, const char *cursor,
                struct wire_out *out)
{
    slack_ask_history(slack, SLACK_MISSED, tag, cursor, out)->tag.kind = SLACK_TAG_MISSED;
}

void slack_encode_catch_up(void *state, const struct chat_place *place, msec_t since,
                           struct wire_out *out)
{
    struct slack *slack = state;
    const struct wire_tag tag = {.kind = SLACK_TAG_MISSED_DM,
                                 .channel = place->channel,
                                 .more = slack_ts(&out->arena, since + slack->skew)};
    if (place->members || (str_empty(place->user) && str_empty(place->channel)))
        done(out, 0); /* nobody is coached in a team's channel */
    else if (!str_empty(place->channel))
        ask(slack, &tag, NULL, out);
    else
        (void)slack_ask_dm(slack, place->user, &tag, out); /* nothing to add */
}

/* The newest comes first; what was said must happen in the order it was said in. */
static void read_page(struct slack *slack, const struct wire_tag *tag, const json_t *messages,
                      msec_t now, struct wire_out *out)
{
    struct event said;
    for (size_t i = json_array_size(messages); i > 0; i--) {
        if (!slack_said(slack, json_array_get(messages, i - 1), tag->channel, now, &out->arena,
                        &said))
            continue;
        said.source = slack->source;
        *wire_event(out, 0, EVENT_SAID, said.time, NULL) = said;
        slack_counted(slack, SLACK_COUNT_MISSED);
    }
}

void slack_missed_reply(struct slack *slack, const struct wire_tag *tag,
                        const struct wire_reply *reply, struct wire_out *out)
{
    bool page = tag->kind == SLACK_TAG_MISSED;
    struct slack_answer answer;
    slack_answer_read(slack, reply, page ? SLACK_MISSED : SLACK_OPEN_DM, out, &answer);
    json_t *tree = answer.ok ? slack_answer_tree(slack, reply) : NULL;
    const char *cursor = slack_member(json_object_get(tree, "response_metadata"), "next_cursor");
    struct wire_tag next = *tag;
    if (tree && page)
        read_page(slack, tag, json_object_get(tree, "messages"), reply->now, out);
    else
        next.channel = slack_id(json_object_get(tree, "channel"), "id");
    next.number += page;
    if (!tree)
        done(out, answer.class == SLACK_REFUSED || answer.class == SLACK_STOP ? 0
                  : answer.wait_ms                                            ? answer.wait_ms
                                                                              : MISSED_AGAIN_MS);
    else if (!next.channel || (page && str_empty(cursor)) || next.number >= MISSED_PAGES_MAX)
        done(out, 0);
    else
        ask(slack, &next, cursor, out);
    json_decref(tree);
}
