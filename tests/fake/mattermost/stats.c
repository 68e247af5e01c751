#include "stats.h"

#include "fake.h"

static const char *const key_names[] = {"gritd_k", "gritd_key"};

void stats_done(struct stats *s)
{
    map_done(&s->keys, NULL);
}

void stats_key(struct stats *s, const json_t *props)
{
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++) {
        const char *v = json_string_value(json_object_get(props, key_names[i]));
        if (v) /* the count itself is kept where the pointer would be */
            (void)map_put(&s->keys, v, (char *)map_get(&s->keys, v) + 1);
    }
}

static void write_duplicates(const struct stats *s, struct buf *out)
{
    const char *comma = "";
    size_t pos = 0;

    buf_str(out, ",\n\"duplicates\":[");
    for (struct map_slot *slot; (slot = map_next(&s->keys, &pos));) {
        if ((intptr_t)slot->value < 2)
            continue;
        buf_fmt(out, "%s{\"value\":", comma);
        buf_json(out, slot->key);
        buf_fmt(out, ",\"count\":%lld}", (long long)(intptr_t)slot->value);
        comma = ",";
    }
    buf_fmt(out, "],\n\"distinct_keys\":%zu", s->keys.live);
}

void stats_write(struct fake *f, struct buf *out)
{
    const struct stats *s = &f->stats;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        {"requests", s->requests},
        {"unauthorized", s->unauthorized},
        {"limited", s->limited},
        {"faults", s->faults},
        {"held", s->held},
        {"posts_stored", s->posts_stored},
        {"posts_repeated", s->posts_repeated},
        {"posts_pending", s->posts_pending},
        {"patches", s->patches},
        {"sockets_open", sock_count(f)},
        {"sockets_opened", s->sockets_opened},
        {"bad_frames", s->bad_frames},
        {"fragmented_messages", s->fragmented},
        {"hellos", s->hellos},
        {"resumed", s->resumed},
        {"events_replayed", s->replayed},
        {"pings", s->pings},
        {"callouts", s->callouts},
        {"callouts_failed", s->callouts_failed},
        {"log_entries", (int64_t)f->log.n},
        {"log_dropped", (int64_t)f->log.dropped},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_fmt(out, "%s\"%s\":%lld", i ? ",\n" : "{", rows[i].name, (long long)rows[i].value);
    write_duplicates(s, out);
    buf_str(out, "}\n");
}
