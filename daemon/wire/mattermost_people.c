/* Who there is, and in which zone they live. */
#include <string.h>

#include "base/jsonw.h"
#include "wire/mattermost.h"

enum { NAME_POINTS = 200, ZONE_POINTS = 60, EMAIL_POINTS = 254, PAGES_MAX = 500 };

/* The flag comes as a text or as a value. Source: user.timezone of the API reference. */
static const char *zone_of(const json_t *user)
{
    const json_t *zone = json_object_get(user, "timezone");
    const json_t *flag = json_object_get(zone, "useAutomaticTimezone");
    bool automatic = json_is_true(flag) || str_eq(json_string_value(flag), "true");
    return mm_member(zone, automatic ? "automaticTimezone" : "manualTimezone");
}

static const char *name_of(const json_t *user, struct arena *arena)
{
    const char *first = mm_member(user, "first_name"), *last = mm_member(user, "last_name");
    const char *nick = mm_member(user, "nickname");
    if (!str_empty(first) && !str_empty(last))
        return arena_printf(arena, "%s %s", first, last);
    if (!str_empty(first) || !str_empty(last))
        return str_empty(first) ? last : first;
    return str_empty(nick) ? mm_member(user, "username") : nick;
}

bool mm_person(const struct mattermost *mm, const json_t *user, const char *id, msec_t now,
               uint32_t conn, struct wire_out *out)
{
    const char *chat = mm_member(user, "id"), *email = mm_member(user, "email");
    const char *zone = zone_of(user);
    if (str_empty(chat) || strlen(chat) >= MM_ID_BYTES || str_eq(chat, mm->id) ||
        json_is_true(json_object_get(user, "is_bot")))
        return false;
    struct event *event = wire_event(out, conn, EVENT_PERSON, now, NULL);
    event->id = arena_strdup(&out->arena, id);
    event->source = mm->source;
    event->chat = arena_strdup(&out->arena, chat);
    event->name = wire_cut(out, name_of(user, &out->arena), NAME_POINTS);
    event->email = str_empty(email) ? NULL : wire_cut(out, email, EMAIL_POINTS);
    event->zone = str_empty(zone) ? NULL : wire_cut(out, zone, ZONE_POINTS);
    event->gone = json_integer_value(json_object_get(user, "delete_at")) != 0;
    return true;
}

void mm_people_ask(struct mattermost *mm, int64_t page, struct wire_out *out)
{
    const char *path =
        arena_printf(&out->arena, "users?page=%lld&per_page=%d", (long long)page, MM_PAGE);
    struct wire_request *request = mm_request(mm, MM_USERS, "GET", path, out);
    request->tag = (struct wire_tag){
        .kind = MM_TAG_USERS, .number = page, .more = told_mark(&mm->told, &out->arena)};
}

void mm_person_ask(struct mattermost *mm, const char *user, struct wire_out *out)
{
    struct wire_request *request = mm_request(mm, MM_USERS, "POST", "users/ids", out);
    strbuf_clear(&mm->scratch);
    strbuf_putc(&mm->scratch, '[');
    jsonw_quote(&mm->scratch, user);
    strbuf_putc(&mm->scratch, ']');
    mm_request_body(mm, request, out);
    request->tag =
        (struct wire_tag){.kind = MM_TAG_USER, .more = told_mark(&mm->told, &out->arena)};
}

bool mm_people_reply(struct mattermost *mm, const struct wire_tag *tag,
                     const struct wire_reply *reply, struct wire_out *out, bool *ret_more)
{
    struct mm_answer answer;
    mm_answer_read(mm, reply, MM_USERS, out, &answer);
    size_t count = json_array_size(answer.tree);
    bool good = answer.ok && json_is_array(answer.tree);
    for (size_t i = 0; i < count; i++) {
        const json_t *user = json_array_get(answer.tree, i);
        const char *chat = mm_member(user, "id");
        /* differs from listing to listing: the same words may be news to a changed list of people
         */
        const char *id =
            arena_printf(&out->arena, "people:%lld:%s", (long long)reply->now, chat ? chat : "");
        if (chat && !told_since(&mm->told, chat, tag->more))
            (void)mm_person(mm, user, id, reply->now, 0, out); /* bots are left out */
    }
    *ret_more =
        tag->kind == MM_TAG_USERS && good && count == MM_PAGE && tag->number + 1 < PAGES_MAX;
    if (*ret_more)
        mm_people_ask(mm, tag->number + 1, out);
    mm_answer_done(&answer);
    return good;
}
