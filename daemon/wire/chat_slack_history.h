/* chat_slack_history.h: reading back what stands in a conversation on Slack.
 * Layer: wire (pure). Source: docs.slack.dev, conversations.history and conversations.open. */
#pragma once
#include "wire/chat_slack.h"

void slack_encode_lookup(void *state, const char *key, const struct chat_place *place,
                         msec_t sent_at, struct wire_out *out);
void slack_encode_lookups(void *state, const char *const *keys, size_t count,
                          const struct chat_place *place, msec_t sent_at, struct wire_out *out);
void slack_encode_catch_up(void *state, const struct chat_place *place, msec_t since,
                           struct wire_out *out);
void slack_missed_reply(struct slack *slack, const struct wire_tag *tag,
                        const struct wire_reply *reply, struct wire_out *out);
/* Asks for a page of a channel's history, the newest first. cursor: NULL for the first. */
struct wire_request *slack_ask_history(struct slack *slack, enum slack_method method,
                                       const struct wire_tag *tag, const char *cursor,
                                       struct wire_out *out);
/* Asks for the channel with one person. */
struct wire_request *slack_ask_dm(struct slack *slack, const char *user, const struct wire_tag *tag,
                                  struct wire_out *out);
/* As Slack writes it. Owns: the arena. */
const char *slack_ts(struct arena *arena, msec_t time);
void slack_find_reply(struct slack *slack, const struct wire_tag *tag,
                      const struct wire_reply *reply, struct wire_out *out);

/* Ours, or of another bot. */
bool slack_is_own(const struct slack *slack, const json_t *message);
/* What a person wrote, as an event without a source; false: nothing for us. Owns: the arena. */
bool slack_said(const struct slack *slack, const json_t *message, const char *channel, msec_t now,
                struct arena *arena, struct event *ret);
