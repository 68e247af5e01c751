#include <stdio.h>
#include <string.h>

#include "wire/chat_slack.h"

enum {
    PEOPLE_PAGE = 200,      /* advised; below 1000 */
    PEOPLE_PAGES_MAX = 500, /* 100,000 people */
    PEOPLE_RETRY_MS = 30000,
    PEOPLE_AGAIN_MS = 24 * 3600 * 1000, /* in case a user_change was lost */
    PEOPLE_NAME_POINTS = 200,
    PEOPLE_ZONE_POINTS = 60,
    PEOPLE_EMAIL_POINTS = 254,
};

static const char *first_of(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_empty(texts[i]))
            return texts[i];
    }
    return NULL;
}

bool slack_person(const struct slack *slack, const json_t *user, const char *id, msec_t now,
                  uint32_t conn, const char *ack, struct wire_out *out)
{
    const char *chat = slack_id(user, "id");
    const json_t *profile = json_object_get(user, "profile");
    if (!chat || json_is_true(json_object_get(user, "is_bot")) || str_eq(chat, "USLACKBOT") ||
        str_eq(chat, slack->user))
        return false;
    const char *names[] = {slack_member(profile, "real_name"), slack_member(user, "real_name"),
                           slack_member(profile, "display_name"), slack_member(user, "name")};
    const char *email = slack_member(profile, "email"), *zone = slack_member(user, "tz");
    struct event *event = wire_event(out, conn, EVENT_PERSON, now, ack);
    event->id = arena_strdup(&out->arena, id);
    event->source = slack->source;
    event->chat = arena_strdup(&out->arena, chat);
    event->name =
        wire_cut(out, first_of(names, sizeof(names) / sizeof(names[0])), PEOPLE_NAME_POINTS);
    event->email = str_empty(email) ? NULL : wire_cut(out, email, PEOPLE_EMAIL_POINTS);
    event->zone = str_empty(zone) ? NULL : wire_cut(out, zone, PEOPLE_ZONE_POINTS);
    event->gone = json_is_true(json_object_get(user, "deleted"));
    return true;
}

void slack_people_ask(struct slack *slack, const char *cursor, int64_t pages, struct wire_out *out)
{
    char limit[16];
    struct strbuf *body = &slack->scratch;
    struct wire_request *request = slack_request(slack, SLACK_USERS, out);
    (void)snprintf(limit, sizeof(limit), "%d", PEOPLE_PAGE); /* fits */
    strbuf_clear(body);
    slack_form_add(body, "limit", limit);
    if (cursor)
        slack_form_add(body, "cursor", cursor);
    slack_request_body(slack, request, out);
    request->tag = (struct wire_tag){
        .kind = SLACK_TAG_USERS, .number = pages, .more = told_mark(&slack->told, &out->arena)};
}

static void list_after(struct slack *slack, msec_t now, msec_t delay, struct wire_out *out)
{
    slack->people_at = now + delay;
    wire_timer(out, delay < SLACK_PULSE_MS ? delay : SLACK_PULSE_MS);
}

/* A missing scope is not repaired within seconds. */
static msec_t next_try(const struct slack_answer *answer)
{
    if (answer->class == SLACK_STOP || answer->class == SLACK_REFUSED)
        return PEOPLE_AGAIN_MS;
    return answer->wait_ms > PEOPLE_RETRY_MS ? answer->wait_ms : PEOPLE_RETRY_MS;
}

void slack_people_reply(struct slack *slack, const struct wire_tag *tag,
                        const struct wire_reply *reply, struct wire_out *out)
{
    struct slack_answer answer;
    size_t i;
    const json_t *user;
    slack_answer_read(slack, reply, SLACK_USERS, out, &answer);
    json_t *tree = answer.ok ? slack_answer_tree(slack, reply) : NULL;
    const json_t *members = json_object_get(tree, "members");
    const char *cursor = slack_member(json_object_get(tree, "response_metadata"), "next_cursor");
    json_array_foreach(members, i, user)
    {
        /* Unlike other ids this one must differ from listing to listing: the same words may be
         * news to a daemon whose list of people has changed. */
        const char *chat = slack_id(user, "id");
        const char *id =
            arena_printf(&out->arena, "people:%lld:%s", (long long)reply->now, chat ? chat : "");
        if (chat && !told_since(&slack->told, chat, tag->more))
            (void)slack_person(slack, user, id, reply->now, 0, NULL, out); /* bots are left out */
    }
    if (!tree) {
        slack_counted(slack, SLACK_COUNT_PEOPLE_FAILED);
        list_after(slack, reply->now, next_try(&answer), out);
    } else if (!str_empty(cursor) && tag->number + 1 < PEOPLE_PAGES_MAX) {
        slack_people_ask(slack, cursor, tag->number + 1, out);
    } else {
        list_after(slack, reply->now, PEOPLE_AGAIN_MS, out);
    }
    json_decref(tree);
}
