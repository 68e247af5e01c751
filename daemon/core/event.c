#include "core/event.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

static const char *const names[EVENT_TYPES] = {
#define EVENT(name, text) [EVENT_##name] = text,
    EVENT_LIST(EVENT)
#undef EVENT
};

const char *event_type_name(enum event_type type)
{
    return names[type];
}

enum event_type event_type_find(const char *name)
{
    if (str_starts(name, "gritd."))
        name += strlen("gritd.");
    for (int i = 0; i < EVENT_OTHER; i++) {
        if (str_eq(names[i], name))
            return (enum event_type)i;
    }
    return EVENT_OTHER;
}

enum event_type event_type_sent(const char *name)
{
    enum event_type type = event_type_find(name);
    return (int)type < (int)EVENT_SENT_TYPES ? type : EVENT_OTHER;
}

void event_init(struct event *event, enum event_type type, msec_t time)
{
    *event = (struct event){
        .type = type,
        .type_name = names[type],
        .at = time,
        .time = time,
        .amount = NUMBER_NONE,
        .created = MSEC_NONE,
        .duration_s = NUMBER_NONE,
        .count = NUMBER_NONE,
        .due = MSEC_NONE,
        .attempt = NUMBER_NONE,
        .target = NUMBER_NONE,
        .actual = NUMBER_NONE,
        .away_from = MSEC_NONE,
        .away_until = MSEC_NONE,
    };
}

struct hash128 event_key(const char *source, const char *id)
{
    char small[512];
    size_t source_bytes = strlen(source), id_bytes = strlen(id);
    size_t total = source_bytes + 1 + id_bytes;
    char *joined = total <= sizeof(small) ? small : xcalloc(total, 1);
    memcpy(joined, source, source_bytes);
    joined[source_bytes] = '\0';
    memcpy(joined + source_bytes + 1, id, id_bytes);
    struct hash128 key = hash_bytes(0x67726974, joined, total);
    if (joined != small)
        free(joined);
    return key;
}
