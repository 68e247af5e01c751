#include "stats.h"

#include "fake.h"
#include "util.h"

static const char *const key_names[2] = {"k", "key"};

void stats_init(struct stats *s)
{
    *s = (struct stats){.ticket_min_gap_ms = -1, .gap_since_ms = -1, .deaf_since_ms = -1};
}

void stats_done(struct stats *s)
{
    for (int i = 0; i < 2; i++)
        map_done(&s->keys[i], NULL);
}

static int64_t longest(int64_t max, int64_t since)
{
    int64_t now = since < 0 ? 0 : util_mono_ms() - since;
    return now > max ? now : max;
}

static void watch(int count, bool ever, int64_t *since, int64_t *max)
{
    if (count > 0) {
        *max = longest(*max, *since);
        *since = -1;
    } else if (ever && *since < 0) {
        *since = util_mono_ms();
    }
}

void stats_sockets(struct stats *s, int open, int live)
{
    watch(open, s->sockets_opened > 0, &s->gap_since_ms, &s->max_gap_ms);
    watch(live, s->sockets_opened > 0, &s->deaf_since_ms, &s->max_deaf_ms);
}

void stats_key(struct stats *s, const json_t *metadata)
{
    const json_t *payload = json_object_get(metadata, "event_payload");

    for (int i = 0; i < 2; i++) {
        const char *v = json_string_value(json_object_get(payload, key_names[i]));
        if (v) /* the count itself is kept where the pointer would be */
            (void)map_put(&s->keys[i], v, (char *)map_get(&s->keys[i], v) + 1);
    }
}

static void write_duplicates(const struct stats *s, struct buf *out)
{
    const char *comma = "";

    buf_str(out, ",\n\"duplicates\":[");
    for (int i = 0; i < 2; i++) {
        size_t pos = 0;
        for (struct map_slot *slot; (slot = map_next(&s->keys[i], &pos));) {
            if ((intptr_t)slot->value < 2)
                continue;
            buf_fmt(out, "%s{\"field\":\"%s\",\"value\":", comma, key_names[i]);
            buf_json(out, slot->key);
            buf_fmt(out, ",\"count\":%lld}", (long long)(intptr_t)slot->value);
            comma = ",";
        }
    }
    buf_fmt(out, "],\n\"distinct_keys\":{\"k\":%zu,\"key\":%zu}", s->keys[0].live, s->keys[1].live);
}

static void write_methods(struct fake *f, struct buf *out)
{
    const char *comma = "";

    buf_str(out, ",\n\"methods\":{");
    for (size_t i = 0; i < api_method_count; i++) {
        if (f->method_calls[i].calls == 0)
            continue;
        buf_fmt(out, "%s\"%s\":%lld", comma, api_methods[i].name,
                (long long)f->method_calls[i].calls);
        comma = ",";
    }
    buf_str(out, "},\n\"limited_methods\":{");
    comma = "";
    for (size_t i = 0; i < api_method_count; i++) {
        if (f->method_calls[i].limited == 0)
            continue;
        buf_fmt(out, "%s\"%s\":%lld", comma, api_methods[i].name,
                (long long)f->method_calls[i].limited);
        comma = ",";
    }
    buf_str(out, "}");
}

void stats_write(struct fake *f, struct buf *out)
{
    const struct stats *s = &f->stats;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        {"requests", s->requests},
        {"posts_stored", s->posts_stored},
        {"limited", s->limited},
        {"faults", s->faults},
        {"held", s->held},
        {"tickets", s->tickets},
        {"tickets_refused", s->tickets_refused},
        {"ticket_min_gap_ms", s->ticket_min_gap_ms},
        {"sockets_open", sock_count(f)},
        {"sockets_opened", s->sockets_opened},
        {"sockets_refused", s->sockets_refused},
        {"max_no_socket_ms", longest(s->max_gap_ms, s->gap_since_ms)},
        {"max_deaf_ms", longest(s->max_deaf_ms, s->deaf_since_ms)},
        {"bad_frames", s->bad_frames},
        {"fragmented_messages", s->fragmented},
        {"envelopes_pushed", s->pushed},
        {"envelope_frames", s->sent},
        {"envelopes_acked", s->acked},
        {"envelopes_waiting", (int64_t)f->envelopes.waiting},
        {"envelopes_redelivered", s->redelivered},
        {"dispatch_failed", s->dispatch_failed},
        {"max_ack_ms", s->max_ack_ms},
        {"acks_late", s->acks_late},
        {"acks_double", s->acks_double},
        {"acks_unknown", s->acks_unknown},
        {"acks_too_big", s->acks_too_big},
        {"log_entries", (int64_t)f->log.n},
        {"log_dropped", (int64_t)f->log.dropped},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_fmt(out, "%s\"%s\":%lld", i ? ",\n" : "{", rows[i].name, (long long)rows[i].value);
    write_methods(f, out);
    write_duplicates(s, out);
    buf_str(out, "}\n");
}
