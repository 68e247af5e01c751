/* The platform: it takes what it likes, shows it when it likes, and says what it likes, within what
 * the delivery design assumes of platforms (or outside of it, when the run is about that). */
#include <string.h>

#include "base/alloc.h"
#include "soak.h"

enum {
    /* FM-B07: it remembers a key so long */
    KNOWN_MS = 30 * MSEC_SECOND,
    DEADLINE_MS = 15 * MSEC_SECOND, /* when a request is given up */
    SHOWN_MS = 40 * MSEC_SECOND, /* at the latest, after the deadline: less than the quiet period */
    LATE_MS = 10 * 60 * MSEC_SECOND,
};

enum fate {
    FATE_SENT,
    FATE_ANSWER_LOST,
    FATE_LAGGING, /* answered, and the history shows it later */
    FATE_HIDDEN,  /* accepted, no answer in time, appears within the quiet period; FM-B03 */
    FATE_PENDING, /* "still being processed"; FM-B08 */
    FATE_NOT_TAKEN,
    FATE_RETRY,
    FATE_REFUSED,
    FATE_LATE, /* appears after the quiet period */
    FATES,
};

static const unsigned chances[FATES] = {
    [FATE_ANSWER_LOST] = 15, [FATE_LAGGING] = 20, [FATE_HIDDEN] = 12, [FATE_PENDING] = 5,
    [FATE_NOT_TAKEN] = 12,   [FATE_RETRY] = 20,   [FATE_REFUSED] = 2,
};

static enum fate fate_of(struct soak *soak)
{
    unsigned left = (unsigned)soak_random(soak, 1000);
    if (soak->calm)
        return FATE_SENT;
    if (soak->options.broken == SOAK_LATE && left < 4)
        return FATE_LATE;
    for (int i = 0; i < FATES; i++) {
        if (left < chances[i])
            return (enum fate)i;
        left -= chances[i];
    }
    return FATE_SENT;
}

static void answer_later(struct soak *soak, const struct soak_key *key, enum chat_outcome outcome,
                         msec_t wait, msec_t most)
{
    soak->in_flight++;
    soak_add(soak, &(struct soak_thing){.time = soak->now + 20 +
                                                (msec_t)soak_random(soak, (uint64_t)most),
                                        .kind = SOAK_RESULT,
                                        .life = soak->life,
                                        .at = (int)(key - soak->keys),
                                        .outcome = outcome,
                                        .wait = wait});
}

/* A copy that people see. */
static void take(struct soak *soak, struct soak_key *key, msec_t at, msec_t shown)
{
    if (key->copies && soak->now < key->known_until) {
        soak->counts.found_by_platform++;
        return;
    }
    if (!key->copies++) {
        key->taken_at = at;
        key->shown_at = shown;
    }
    key->known_until = soak->now + (soak_chance(soak, 500) ? KNOWN_MS : 0); /* or not at all */
    if (!soak->calm && soak_chance(soak, soak->options.broken == SOAK_HISTORY
                                             ? 200
                                             : 3)) { /* somebody removes it at once; FM-B10 */
        key->deleted = true;
        soak->counts.deleted++;
    }
}

static void post(struct soak *soak, struct soak_key *key)
{
    static const msec_t waits[] = {0, 1000, 30000, 3600000};
    msec_t now = soak->now, soon = now + (msec_t)soak_random(soak, 2000);
    msec_t hidden = now + (msec_t)soak_random(soak, SHOWN_MS);
    enum chat_outcome outcome = CHAT_UNKNOWN;
    msec_t wait = 0, most = DEADLINE_MS;
    switch (fate_of(soak)) {
    case FATE_ANSWER_LOST:
        take(soak, key, soon, soon);
        break;
    case FATE_LAGGING:
        take(soak, key, now, hidden);
        outcome = CHAT_SENT;
        break;
    case FATE_HIDDEN:
        take(soak, key, hidden, hidden);
        break;
    case FATE_PENDING:
        take(soak, key, now + 5000, now + 5000);
        most = 200;
        break;
    case FATE_NOT_TAKEN:
        break;
    case FATE_RETRY:
        outcome = CHAT_RETRY;
        wait = waits[soak_random(soak, ARRAY_LEN(waits))];
        soak->counts.retries++;
        break;
    case FATE_REFUSED:
        outcome = CHAT_REJECTED;
        soak->counts.refused++;
        break;
    case FATE_LATE:
        hidden = now + DEADLINE_MS + 2 * SOAK_QUIET_MS + (msec_t)soak_random(soak, LATE_MS);
        key->landed_late = true;
        soak->counts.late++;
        take(soak, key, hidden, hidden);
        break;
    case FATE_SENT:
    case FATES:
        take(soak, key, now, now);
        outcome = CHAT_SENT;
        most = 2000;
        break;
    }
    soak->counts.unsure += outcome == CHAT_UNKNOWN;
    answer_later(soak, key, outcome, wait, most);
}

static void port_send(void *self, const struct message *message, const struct chat_place *place)
{
    struct soak *soak = self;
    if (soak->dead)
        return;
    struct soak_key *key = soak_key(soak, message->key);
    soak_note(soak, "send", message->key, soak->now);
    if (!soak->pumping || key->state != OUTBOX_INTENT)
        soak_complain(soak, "%s leaves without a durable intent", message->key);
    key->sends++;
    if (message->op == MESSAGE_UPDATE) {
        key->update = true;
        soak->counts.changes++;
        if (!place->platform_id || !soak_key(soak, message->target)->copies)
            soak_complain(soak, "%s changes a message that is not there", message->key);
        key = soak_key(soak, message->key); /* the table may have moved */
        answer_later(soak, key, soak_chance(soak, 20) ? CHAT_UNKNOWN : CHAT_SENT, 0, 2000);
    } else {
        soak->counts.messages += key->sends == 1;
        post(soak, key);
        if (key->copies)
            soak_reacts(soak, (int)(key - soak->keys), message);
    }
    soak_burn(soak);
}

/* It may be unreadable for hours, and tell of what it has only later. FM-B09 */
static void port_lookup(void *self, const char *const *keys, size_t count,
                        const struct chat_place *place, msec_t sent_at)
{
    struct soak *soak = self;
    (void)place;
    if (soak->dead)
        return;
    bool blind = !soak->calm && (soak->now < soak->blind_until || soak_chance(soak, 100));
    msec_t wait = soak_chance(soak, 500) ? 0 : 5000;
    bool reads_deleted = soak->options.broken != SOAK_HISTORY;
    soak->counts.readings++;
    if (sent_at > soak->now)
        soak_complain(soak, "%s is looked for in the future", keys[0]);
    for (size_t i = 0; i < count; i++) {
        struct soak_key *key = soak_key(soak, keys[i]);
        bool there = key->copies && key->shown_at <= soak->now && key->shown_at >= sent_at &&
                     (!key->deleted || reads_deleted);
        soak->counts.lookups++;
        soak_note(soak, "lookup", keys[i], soak->now);
        answer_later(soak, key,
                     blind   ? CHAT_UNREADABLE
                     : there ? CHAT_FOUND
                             : CHAT_MISSING,
                     wait, 1000);
    }
}

static size_t port_room(void *self)
{
    const struct soak *soak = self;
    if (soak->now < soak->away_until || soak->in_flight >= SOAK_ROOM)
        return 0;
    return SOAK_ROOM - soak->in_flight;
}

struct chat_port soak_port(struct soak *soak)
{
    return (struct chat_port){soak, port_room, port_send, port_lookup};
}

void soak_answer(struct soak *soak, const struct soak_thing *thing)
{
    char id[MESSAGE_KEY_BYTES];
    if (thing->life != soak->life)
        return; /* nobody waits for it any more */
    memcpy(id, soak->keys[thing->at].key, sizeof(id));
    soak->in_flight--;
    soak_note(soak, "result", id, (int64_t)thing->outcome);
    engine_result(soak->engine,
                  &(struct chat_result){.key = id,
                                        .outcome = thing->outcome,
                                        .channel = "C1",
                                        .platform_id = id,
                                        .retry_after_ms = thing->wait},
                  soak->now);
}
