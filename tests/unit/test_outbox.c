/* A place whose history cannot be read is asked less and less often, and holds up no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/outbox.h"

enum { ASKED_MAX = 400, MOST = 75000 };

static const char people[] = "people:\n"
                             "  - {id: ana, name: Ana Ruiz, chat: UANA, zone: UTC}\n"
                             "  - {id: ben, name: Ben Osei, chat: UBEN, zone: UTC}\n";

/* An outbox whose every message gets no answer, and a history that is blind for Ana. */
struct office {
    struct rig rig;
    struct outbox *outbox;
    msec_t now, asked[2][ASKED_MAX]; /* readings for Ana, for Ben */
    int count[2];
    bool blind;
    msec_t wait; /* that the platform names */
    struct answer {
        char key[MESSAGE_KEY_BYTES];
        enum chat_outcome outcome;
    } answers[16];
    size_t answer_count;
};

static void commit(void *user, struct store_batch *batch, void *handle)
{
    struct office *o = user;
    store_batch_free(batch);
    outbox_committed(o->outbox, handle, o->now);
}

static void failed(void *user, const struct message *message, const char *why, msec_t now,
                   struct store_batch *batch)
{
    (void)user, (void)now, (void)batch;
    fail_msg("%s: %s", message->key, why);
}

static size_t room(void *self)
{
    (void)self;
    return 100;
}

static void answer(struct office *o, const char *key, enum chat_outcome outcome)
{
    struct answer *one = &o->answers[o->answer_count++];
    (void)snprintf(one->key, sizeof(one->key), "%s", key);
    one->outcome = outcome;
}

static void send(void *self, const struct message *message, const struct chat_place *place)
{
    (void)place;
    answer(self, message->key, CHAT_UNKNOWN);
}

static void lookup(void *self, const char *const *keys, size_t count,
                   const struct chat_place *place, msec_t sent_at)
{
    struct office *o = self;
    int who = str_eq(place->user, "UBEN");
    (void)sent_at;
    assert_true(o->count[who] < ASKED_MAX);
    o->asked[who][o->count[who]++] = o->now;
    for (size_t i = 0; i < count; i++)
        answer(o, keys[i], o->blind && !who ? CHAT_UNREADABLE : CHAT_FOUND);
}

static void answer_all(struct office *o)
{
    while (o->answer_count) {
        const struct answer one = o->answers[0];
        memmove(o->answers, o->answers + 1, --o->answer_count * sizeof(*o->answers));
        const struct chat_result result = {.key = one.key,
                                           .outcome = one.outcome,
                                           .channel = "D1",
                                           .platform_id = "1",
                                           .retry_after_ms =
                                               one.outcome == CHAT_UNREADABLE ? o->wait : 0};
        outbox_result(o->outbox, &result, o->now);
    }
}

static void run(struct office *o, msec_t length)
{
    msec_t until = o->now + length;
    for (;;) {
        outbox_run(o->outbox, o->now);
        answer_all(o);
        msec_t next = outbox_next_wake(o->outbox);
        if (next > until)
            break;
        o->now = next > o->now ? next : o->now;
    }
    o->now = until;
}

static void say(struct office *o, const char *key, const char *to)
{
    const struct message message = {.op = MESSAGE_POST,
                                    .key = key,
                                    .to = to,
                                    .rep = to,
                                    .text = "x",
                                    .at = o->now,
                                    .due = o->now,
                                    .expires = MSEC_NEVER,
                                    .reply = true};
    struct store_batch *batch = store_batch_new();
    void *handle = NULL;
    outbox_add(o->outbox, &message, o->now, batch, &handle);
    commit(o, batch, handle);
}

static struct office *begin(void)
{
    struct office *o = NEW(struct office);
    rig_init(&o->rig, &(struct rig_text){.people = people}, "2026-03-02 09:00");
    o->now = o->rig.now;
    o->blind = true;
    const struct outbox_options options = {
        .quiet_ms = 60 * MSEC_SECOND, .failed = failed, .commit = commit, .user = o};
    const struct chat_port port = {o, room, send, lookup};
    o->outbox = outbox_new(o->rig.core, &options);
    outbox_set_chat(o->outbox, &port);
    return o;
}

static void end(struct office *o)
{
    outbox_free(o->outbox);
    rig_done(&o->rig);
    free(o);
}

static size_t unknown(const struct office *o)
{
    size_t all, flight, count;
    outbox_sizes(o->outbox, &all, &flight, &count);
    return count;
}

/* FM-B09 */
static void outbox_asks_an_unreadable_place_less_and_less_often(void **state)
{
    struct office *o = begin();
    (void)state;
    say(o, "k1", "ana");
    say(o, "k2", "ben");
    run(o, MSEC_HOUR);
    assert_int_equal(o->count[1], 1); /* Ben's was found at once */
    assert_int_equal(unknown(o), 1);
    msec_t before = 0;
    for (int i = 1; i < o->count[0]; i++) {
        msec_t gap = o->asked[0][i] - o->asked[0][i - 1];
        msec_t least = 5000LL << (i < 5 ? i - 1 : 4);
        assert_in_range(gap, least < 60000 ? least : 60000, MOST);
        assert_true(gap > before || gap >= 60000);
        before = gap;
    }
    assert_in_range(o->count[0], 3600000 / MOST, 3600000 / 60000 + 5);
    end(o);
}

static void outbox_another_message_does_not_ask_it_sooner(void **state)
{
    struct office *o = begin();
    (void)state;
    say(o, "k1", "ana");
    run(o, MSEC_HOUR);
    int first = o->count[0];
    say(o, "k2", "ana");
    run(o, MSEC_HOUR);
    for (int i = first; i < o->count[0]; i++)
        assert_true(o->asked[0][i] - o->asked[0][i - 1] >= 60000);
    assert_int_equal(unknown(o), 2);
    o->blind = false; /* the permission is there: both are found, and from now on at once */
    run(o, 2 * MOST);
    assert_int_equal(unknown(o), 0);
    int settled = o->count[0];
    say(o, "k3", "ana");
    run(o, 0);
    assert_int_equal(o->count[0], settled + 1);
    assert_int_equal(unknown(o), 0);
    end(o);
}

static void outbox_asks_again_when_the_platform_says(void **state)
{
    struct office *o = begin();
    (void)state;
    o->wait = 3000;
    say(o, "k1", "ana");
    run(o, MSEC_MINUTE);
    assert_int_equal(o->count[0], 21);
    end(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outbox_asks_an_unreadable_place_less_and_less_often),
        cmocka_unit_test(outbox_another_message_does_not_ask_it_sooner),
        cmocka_unit_test(outbox_asks_again_when_the_platform_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
