#include "wire/mattermost_in.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

static const char *const event_names[] = {
#define EVENT(name, text) [MM_EVENT_##name] = text,
    MM_EVENT_LIST(EVENT)
#undef EVENT
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static bool is_id(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0' && strlen(text) == 26;
}

/* "true" as a text or as a value: both are seen. */
static bool is_set(const json_t *value)
{
    return json_is_true(value) || str_eq(json_string_value(value), "true");
}

int mm_post_read(const json_t *tree, struct mm_post *ret)
{
    const json_t *props = json_object_get(tree, "props");
    *ret = (struct mm_post){
        .id = text_of(tree, "id"),
        .channel = text_of(tree, "channel_id"),
        .user = text_of(tree, "user_id"),
        .root = text_of(tree, "root_id"),
        .message = text_of(tree, "message"),
        .key = or_null(text_of(props, "gritd_k")),
        .pending = text_of(tree, "pending_post_id"),
        .time = json_integer_value(json_object_get(tree, "create_at")),
        .updated = json_integer_value(json_object_get(tree, "update_at")),
        .deleted = json_integer_value(json_object_get(tree, "delete_at")) != 0,
        .system = str_starts(text_of(tree, "type"), "system_"),
        .robot = is_set(json_object_get(props, "from_bot")) ||
                 is_set(json_object_get(props, "from_webhook")),
    };
    return is_id(ret->id) && is_id(ret->channel) && is_id(ret->user) ? 0 : -EINVAL;
}

/* --- the data of each kind of event; false: not as it should be --- */

static bool read_hello(struct mm_frame *frame, const json_t *data)
{
    frame->connection = text_of(data, "connection_id");
    frame->version = or_null(text_of(data, "server_version"));
    return *frame->connection && strlen(frame->connection) < MM_CONNECTION_BYTES;
}

static bool read_post(struct mm_frame *frame, const json_t *data)
{
    const json_t *post = json_object_get(data, "post");
    if (json_is_string(post)) /* JSON within JSON */
        frame->post_tree = json_loadb(json_string_value(post), json_string_length(post),
                                      JSON_REJECT_DUPLICATES, NULL);
    frame->channel_type = *text_of(data, "channel_type");
    return mm_post_read(frame->post_tree ? frame->post_tree : post, &frame->post) == 0;
}

static bool read_user(struct mm_frame *frame, const json_t *data)
{
    frame->user = json_object_get(data, "user");
    return json_is_object(frame->user);
}

static bool read_ids(struct mm_frame *frame, const json_t *data)
{
    frame->user_id = or_null(text_of(data, "user_id"));
    if (!frame->user_id)
        frame->user_id = or_null(text_of(data, "teammate_id"));
    frame->channel_id = or_null(text_of(data, "channel_id"));
    if (!frame->channel_id) /* some events say it around the data only */
        frame->channel_id =
            or_null(text_of(json_object_get(frame->tree, "broadcast"), "channel_id"));
    frame->status = or_null(text_of(data, "status"));
    return frame->user_id || frame->channel_id;
}

static bool (*const readers[])(struct mm_frame *frame, const json_t *data) = {
    [MM_EVENT_HELLO] = read_hello,
    [MM_EVENT_POSTED] = read_post,
    [MM_EVENT_EDITED] = read_post,
    [MM_EVENT_DELETED] = read_post,
    [MM_EVENT_EPHEMERAL] = read_post,
    [MM_EVENT_USER_UPDATED] = read_user,
    [MM_EVENT_NEW_USER] = read_ids,
    [MM_EVENT_STATUS] = read_ids,
    [MM_EVENT_DIRECT_ADDED] = read_ids,
    [MM_EVENT_USER_ADDED] = read_ids,
    [MM_EVENT_USER_REMOVED] = read_ids,
    [MM_EVENT_CHANNEL_DELETED] = read_ids,
    [MM_EVENT_CHANNEL_RESTORED] = read_ids,
    [MM_EVENT_REACTION_ADDED] = NULL, /* nobody asks for them yet */
    [MM_EVENT_REACTION_REMOVED] = NULL,
};

static void read_event(struct mm_frame *frame, const char *name)
{
    frame->event = MM_EVENT_OTHER;
    for (size_t i = 0; i < ARRAY_LEN(event_names); i++) {
        if (str_eq(event_names[i], name) && readers[i] &&
            readers[i](frame, json_object_get(frame->tree, "data")))
            frame->event = (enum mm_event)i;
    }
}

int mm_frame_read(const char *data, size_t len, struct mm_frame *ret)
{
    *ret = (struct mm_frame){.seq = -1};
    if (len > MM_FRAME_BYTES)
        return -EINVAL;
    ret->tree = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *seq = json_object_get(ret->tree, "seq");
    const json_t *answered = json_object_get(ret->tree, "seq_reply");
    const char *event = text_of(ret->tree, "event"), *status = text_of(ret->tree, "status");
    if (*event && json_is_integer(seq) && json_integer_value(seq) >= 0) {
        ret->kind = MM_FRAME_EVENT;
        ret->seq = json_integer_value(seq);
        read_event(ret, event);
        return 0;
    }
    if (*event || !*status)
        return -EINVAL;
    ret->kind = MM_FRAME_REPLY;
    ret->seq = json_integer_value(answered); /* 0: the server could not read the request's */
    ret->ok = str_eq(status, "OK");
    ret->error = or_null(text_of(json_object_get(ret->tree, "error"), "id"));
    return 0;
}

void mm_frame_done(struct mm_frame *frame)
{
    json_decref(frame->post_tree);
    json_decref(frame->tree);
    frame->post_tree = frame->tree = NULL;
}
