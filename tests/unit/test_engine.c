/* The engine: nothing is said or acknowledged before it is durable, and whatever dies at whatever
 * point, every message is seen once. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"

static const char people[] = "people:\n"
                             "  - {id: ana, name: Ana Ruiz, chat: UANA, zone: America/Denver}\n"
                             "  - {id: ben, name: Ben Osei, chat: UBEN, zone: America/Denver}\n"
                             "  - {id: kim, name: Kim Lee, chat: UKIM, zone: America/Denver}\n"
                             "  - {id: new, name: New One, zone: America/Denver}\n";

static const char config[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                             "open_conversations: 50, back_off_after: 100}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"
    "rules:\n"
    "  - {rule: ask, about: s, when: deal.stage_changed, ask: q, reminders: false}\n"
    "  - {rule: tell, about: s, when: deal.won, tell: \"{{deal.name}} is won.\", unknown: drop}\n"
    "  - {rule: loud, about: s, when: deal.reopened, tell: \"{{deal.name}}.\", unknown: resend,"
    "     priority: 5}\n";

/* --- the loop --- */

static void world_failed(void *user, int status)
{
    ((struct world *)user)->failed_status = status;
}

static void world_open(struct world *w)
{
    struct engine_options options = {.core = w->rig.options,
                                     .quiet_ms = 60 * MSEC_SECOND,
                                     .hooks = {.failed = world_failed, .user = w}};
    const struct chat_port port = {w, world_room, world_send, world_lookup};
    struct err err = {0};
    if (engine_open(w->rig.book, &w->base, &options, w->now, &err, &w->engine))
        fail_msg("%s", err.text);
    engine_set_chat(w->engine, &port);
    engine_chat_ready(w->engine, w->now);
}

static void world_close(struct world *w)
{
    w->dead = true; /* whatever comes now does not count */
    engine_stop(w->engine);
    w->inner->ops->close(w->inner);
    w->inner = NULL;
    engine_close(w->engine);
    w->engine = NULL;
}

/* --- whole runs --- */

static void on_done(void *user, int status)
{
    bool *acked = user;
    *acked = status == 0;
}

static void add_event(struct world *w, const char *when, struct event e)
{
    int index = w->event_count++;
    (void)snprintf(w->ids[index], sizeof(w->ids[index]), "e%02d", index);
    msec_t at = rig_time(&w->rig, when);
    event_init(&w->events[index], e.type, at);
    struct event *event = &w->events[index];
    event->id = w->ids[index];
    event->source = "/test";
    event->key = event_key(event->source, event->id);
    event->rep = e.rep;
    event->deal = e.deal;
    event->to = e.to;
    event->chat = e.chat;
    event->message = e.message;
    event->button = e.button;
    event->text = e.text;
}

static void world_init(struct world *w)
{
    struct rig_text text = {.people = people, .config = config, .plugins = {plugin}};
    w->base.ops = &world_ops;
    w->room = 4;
    rig_init(&w->rig, &text, "2026-03-02 08:59");
    w->inner = store_memory_new(&(struct store_memory_options){.deferred = true});
    w->now = w->rig.now;
}

static void world_done(struct world *w)
{
    world_close(w);
    rig_done(&w->rig);
}

/* The newest thing that was asked gets its answer. */
static void answer_one(struct world *w)
{
    struct request request = w->requests[0];
    struct posted *posted = world_posted(w, request.key);
    memmove(w->requests, w->requests + 1, sizeof(w->requests) - sizeof(w->requests[0]));
    w->request_count--;
    struct chat_result result = {.key = request.key, .channel = "C1", .platform_id = posted->key};
    if (request.update)
        result.outcome = CHAT_SENT;
    else if (request.lookup)
        result.outcome = w->on_lookup(w, posted);
    else
        result.outcome = request.accepted ? CHAT_SENT : w->on_send(w, posted);
    if (result.outcome == CHAT_RETRY)
        result.retry_after_ms = w->retry_ms;
    engine_result(w->engine, &result, w->now);
}

static bool pump(struct world *w)
{
    w->pumping = true;
    bool any = store_memory_pump(w->inner) > 0;
    w->pumping = false;
    return any;
}

static int next_event(const struct world *w)
{
    for (int i = 0; i < w->event_count; i++) {
        if (!w->taken[i])
            return i;
    }
    return -1;
}

static void take(struct world *w, int index)
{
    bool acked_before = w->acked[index];
    w->taken[index] = true;
    assert_int_not_equal(
        engine_take(w->engine, &w->events[index], w->now, on_done, &w->acked[index]), ENGINE_FULL);
    assert_true(w->dead || w->acked[index] == acked_before); /* not before the commit */
}

/* Runs until `until` or the death. */
static void run(struct world *w, const char *until)
{
    msec_t end = rig_time(&w->rig, until);
    for (int rounds = 0; !w->dead; rounds++) {
        assert_true(rounds < 5000);
        if (pump(w))
            continue;
        if (w->request_count) {
            answer_one(w);
            continue;
        }
        int index = next_event(w);
        msec_t event = index < 0 ? MSEC_NEVER : w->events[index].time;
        msec_t wake = engine_next_wake(w->engine);
        msec_t next = event < wake ? event : wake;
        if (next > end)
            break;
        w->now = next > w->now ? next : w->now;
        if (event <= wake)
            take(w, index);
        else
            engine_tick(w->engine, w->now);
    }
    w->now = !w->dead && end > w->now ? end : w->now;
}

/* The chat is away until then, and back after. */
static void offline_until(struct world *w, const char *when)
{
    w->room = 0;
    int index = next_event(w);
    for (; index >= 0; index = next_event(w)) {
        w->now = w->events[index].time;
        take(w, index);
        (void)pump(w); /* there may be nothing to commit */
    }
    w->now = rig_time(&w->rig, when);
    engine_tick(w->engine, w->now);
    w->room = 4;
    engine_chat_ready(w->engine, w->now);
}

/* The process is gone, the disk and the platform are not; what was not acknowledged comes again. */
static void rise_again(struct world *w)
{
    struct store *disk = w->snapshot;
    world_close(w);
    w->snapshot = NULL;
    w->inner = store_memory_clone(disk, &(struct store_memory_options){.deferred = true});
    disk->ops->close(disk);
    w->request_count = 0;
    w->dead = false;
    w->crash_submit = w->crash_call = 0;
    for (int i = 0; i < w->event_count; i++)
        w->taken[i] = w->acked[i];
    w->now += MSEC_SECOND;
    world_open(w);
}

/* --- scripts of the platform --- */

static enum chat_outcome honest(struct world *w, struct posted *posted)
{
    (void)w;
    (void)posted;
    return CHAT_SENT;
}

static enum chat_outcome honest_history(struct world *w, struct posted *posted)
{
    (void)w;
    return posted->visible ? CHAT_FOUND : CHAT_MISSING;
}

static enum chat_outcome retry_twice(struct world *w, struct posted *posted)
{
    (void)w;
    return posted->sends <= 2 ? CHAT_RETRY : CHAT_SENT;
}

/* Only the first message of everybody has to wait. */
static enum chat_outcome first_ones_retry(struct world *w, struct posted *posted)
{
    return posted - w->posted < 3 && posted->sends <= 2 ? CHAT_RETRY : CHAT_SENT;
}

static enum chat_outcome lost_on_the_way(struct world *w, struct posted *posted)
{
    (void)w;
    return posted->sends == 1 ? CHAT_UNKNOWN : CHAT_SENT;
}

/* The first try arrives and nobody says so. */
static enum chat_outcome answer_lost(struct world *w, struct posted *posted)
{
    if (posted->sends == 1 && !posted->visible)
        world_accept(w, posted);
    return posted->sends == 1 ? CHAT_UNKNOWN : CHAT_SENT;
}

static enum chat_outcome unreadable_first(struct world *w, struct posted *posted)
{
    return posted->lookups <= 3 ? CHAT_UNREADABLE : honest_history(w, posted);
}

static enum chat_outcome mixed(struct world *w, struct posted *posted)
{
    switch (posted->key[0] % 4) {
    case 0:
        return retry_twice(w, posted);
    case 1:
        return lost_on_the_way(w, posted);
    case 2:
        return answer_lost(w, posted);
    default:
        return CHAT_SENT;
    }
}

static const struct script {
    const char *name;
    enum chat_outcome (*on_send)(struct world *, struct posted *);
    enum chat_outcome (*on_lookup)(struct world *, struct posted *);
} scripts[] = {
    {"honest", honest, honest_history},
    {"retry", retry_twice, honest_history},
    {"retry at first", first_ones_retry, honest_history},
    {"unknown and missing", lost_on_the_way, honest_history},
    {"unknown and found", answer_lost, honest_history},
    {"unknown and unreadable", answer_lost, unreadable_first},
    {"lost and unreadable", lost_on_the_way, unreadable_first},
    {"mixed", mixed, unreadable_first},
};

enum { RUN_EVENTS = 20 };

static void script_events(struct world *w)
{
    static const char *const reps[] = {"ana", "ben", "kim"};
    static const char *const deals[] = {"D0", "D1", "D2", "D3", "D4", "D5", "D6"};
    for (int i = 0; i < RUN_EVENTS; i++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-02 09:%02d:%02d", i / 5, i % 5 * 3);
        add_event(w, when,
                  (struct event){.type = EVENT_DEAL_STAGE_CHANGED,
                                 .rep = reps[i % 3],
                                 .deal = deals[i / 3],
                                 .to = "propose"});
    }
}

/* One life up to the crash (if any), a second one to the end. Returns the calls made in all. */
static void play(struct world *w, const struct script *script, int submit, int call, bool accepted)
{
    world_init(w);
    w->on_send = script->on_send;
    w->on_lookup = script->on_lookup;
    w->retry_ms = 20000; /* longer than between two events of one person */
    w->crash_submit = submit;
    w->crash_call = call;
    w->crash_accepted = accepted;
    script_events(w);
    world_open(w);
    run(w, "2026-03-02 12:00");
    if (w->dead) {
        rise_again(w);
        run(w, "2026-03-02 12:00");
    }
    assert_false(w->dead);
}

/* Every message was seen exactly once. */
static void assert_once(const struct world *w, const char *what, int where)
{
    int seen = 0;
    for (int i = 0; i < w->posted_count; i++) {
        if (w->posted[i].visible != 1)
            fail_msg("%s, crash at %d: %s was seen %d times", what, where, w->posted[i].key,
                     w->posted[i].visible);
        seen++;
    }
    if (seen != RUN_EVENTS)
        fail_msg("%s, crash at %d: %d messages instead of %d", what, where, seen, RUN_EVENTS);
}

/* FM-A01 FM-F09 */
static void crash_at_every_commit_loses_and_doubles_nothing(void **state)
{
    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(scripts); s++) {
        for (int at = 0, last = 0; at <= last; at++) {
            struct world *w = NEW(struct world);
            play(w, &scripts[s], at, 0, false);
            assert_once(w, scripts[s].name, at);
            last = at ? last : w->submits;
            assert_true(last >= 2 * RUN_EVENTS);
            world_done(w);
            free(w);
        }
    }
}

/* FM-A09 */
static void crash_at_every_request_loses_and_doubles_nothing(void **state)
{
    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(scripts); s++) {
        for (int at = 0, last = 0; at <= last; at++) {
            for (int accepted = 0; accepted < 2; accepted++) {
                struct world *w = NEW(struct world);
                play(w, &scripts[s], 0, at, accepted);
                assert_once(w, scripts[s].name, at);
                last = at ? last : w->calls;
                world_done(w);
                free(w);
            }
        }
    }
}

static void order_for_each_person_is_kept(void **state)
{
    (void)state;
    for (size_t s = 0; s < 3; s++) {
        struct world *w = NEW(struct world);
        play(w, &scripts[s], 0, 0, false);
        for (int i = 0; i < w->order_count; i++) {
            /* keys were first sent in the order of the events of each person */
            for (int k = i + 1; k < w->order_count; k++) {
                const struct posted *a = &w->posted[w->order[i]], *b = &w->posted[w->order[k]];
                if (str_eq(a->to, b->to))
                    assert_true(a < b);
            }
        }
        world_done(w);
        free(w);
    }
}

/* --- single things --- */

static struct world *calm(enum chat_outcome (*on_send)(struct world *, struct posted *))
{
    struct world *w = NEW(struct world);
    world_init(w);
    w->on_send = on_send;
    w->on_lookup = honest_history;
    world_open(w);
    return w;
}

static void end(struct world *w)
{
    world_done(w);
    free(w);
}

static void moved(struct world *w, const char *when, const char *rep, const char *deal)
{
    add_event(w, when,
              (struct event){
                  .type = EVENT_DEAL_STAGE_CHANGED, .rep = rep, .deal = deal, .to = "propose"});
}

/* What a rep logs in the chat is an event like any other: durable with the message that said it. */
static void log_in_the_chat_is_journalled_once_whenever_we_die(void **state)
{
    (void)state;
    for (int at = 0; at < 4; at++) {
        struct world *w = NEW(struct world);
        world_init(w);
        w->on_send = honest;
        w->on_lookup = honest_history;
        w->crash_submit = at;
        add_event(w, "2026-03-02 09:00",
                  (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "log call"});
        world_open(w);
        run(w, "2026-03-02 09:05");
        if (w->dead) {
            rise_again(w);
            run(w, "2026-03-02 09:05");
        }
        (void)engine_take(w->engine, &w->events[0], w->now, NULL, NULL); /* it comes once more */
        assert_int_equal(core_counts(engine_core(w->engine)).facts, 1);
        w->snapshot = store_memory_clone(w->inner, &(struct store_memory_options){0});
        rise_again(w); /* from what is stored alone */
        assert_int_equal(core_counts(engine_core(w->engine)).facts, 1);
        end(w);
    }
}

/* FM-F04 */
static void engine_repeated_event_is_acknowledged_and_changes_nothing(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 09:01");
    bool again = false;
    struct store_count before, after;
    (void)w->inner->ops->count(w->inner, &before, NULL); /* cannot fail */
    assert_int_equal(engine_take(w->engine, &w->events[0], w->now, on_done, &again),
                     ENGINE_REPEATED);
    assert_false(again);
    run(w, "2026-03-02 09:02");
    (void)w->inner->ops->count(w->inner, &after, NULL); /* cannot fail */
    assert_true(again);
    assert_int_equal(before.journal, after.journal);
    assert_int_equal(w->posted_count, 1);
    assert_int_equal(engine_stats(w->engine).repeated, 1);
    end(w);
}

/* FM-F08 */
static void engine_full_takes_nothing(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    bool done = false;
    struct event event;
    event_init(&event, EVENT_OTHER, w->now);
    event.source = "/test";
    int taken = 0;
    char id[16];
    for (;; taken++) {
        (void)snprintf(id, sizeof(id), "o%d", taken);
        event.id = id;
        event.key = event_key(event.source, id);
        if (engine_take(w->engine, &event, w->now, on_done, &done) == ENGINE_FULL)
            break;
        assert_true(taken < 200000);
    }
    assert_true(taken >= 100000);
    assert_false(done);
    assert_true(pump(w));
    assert_true(done);
    assert_int_equal(engine_take(w->engine, &event, w->now, on_done, &done), ENGINE_TAKEN);
    end(w);
}

static void engine_failed_commit_is_told_and_nothing_is_said(void **state)
{
    (void)state;
    struct world *w = NEW(struct world);
    world_init(w);
    w->inner->ops->close(w->inner);
    w->inner = store_memory_new(
        &(struct store_memory_options){.deferred = true, .fail_at = 2, .fail_status = -28});
    w->on_send = honest;
    w->on_lookup = honest_history;
    world_open(w);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 09:01");
    assert_int_equal(w->failed_status, -28);
    assert_false(w->acked[0]);
    assert_int_equal(w->posted_count, 0);
    end(w);
}

static void outbox_expires_what_could_not_leave_in_time(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    offline_until(w, "2026-03-09 09:00");
    run(w, "2026-03-09 09:01");
    assert_int_equal(w->posted_count, 0);
    assert_int_equal(engine_stats(w->engine).outbox, 0);
    end(w);
}

static void outbox_cancels_when_the_person_pauses_first(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    add_event(w, "2026-03-02 09:01",
              (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "pause 2d"});
    offline_until(w, "2026-03-02 09:02");
    run(w, "2026-03-02 09:03");
    assert_int_equal(w->order_count, 1); /* the reply, not the question */
    assert_int_equal(core_counts(engine_core(w->engine)).open_prompts, 0);
    end(w);
}

static void outbox_keeps_to_the_hours_when_it_was_delayed(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    moved(w, "2026-03-02 17:59", "ana", "D1");
    offline_until(w, "2026-03-02 18:30");
    run(w, "2026-03-03 08:29");
    assert_int_equal(w->order_count, 0);
    assert_true(engine_next_wake(w->engine) == rig_time(&w->rig, "2026-03-03 08:30"));
    run(w, "2026-03-03 08:31");
    assert_int_equal(w->order_count, 1);
    end(w);
}

static void outbox_holds_a_notice_of_the_night(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    char key[MESSAGE_KEY_BYTES];
    run(w, "2026-03-02 22:00");
    assert_true(engine_say(w->engine, &(struct engine_notice){"ana", "1", "A word."}, w->now, key,
                           NULL, NULL));
    run(w, "2026-03-03 08:29");
    assert_int_equal(w->order_count, 0);
    run(w, "2026-03-03 08:31");
    assert_int_equal(w->order_count, 1);
    end(w);
}

static void outbox_waits_for_a_person_the_platform_does_not_know_yet(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    moved(w, "2026-03-02 09:00", "new", "D1");
    run(w, "2026-03-02 09:10");
    assert_int_equal(w->order_count, 0);
    struct event person;
    event_init(&person, EVENT_PERSON, w->now);
    person.chat = "UNEW";
    person.name = "new";
    person.email = "new";
    assert_int_equal(engine_take(w->engine, &person, w->now, NULL, NULL), ENGINE_TAKEN);
    run(w, "2026-03-02 09:12");
    assert_int_equal(w->order_count, 1);
    end(w);
}

static void outbox_retry_comes_when_the_platform_said(void **state)
{
    (void)state;
    struct world *w = calm(retry_twice);
    w->retry_ms = 5000;
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 09:00");
    assert_int_equal(w->posted[0].sends, 1);
    assert_true(engine_next_wake(w->engine) == rig_time(&w->rig, "2026-03-02 09:00:05"));
    run(w, "2026-03-02 09:00:09");
    assert_int_equal(w->posted[0].sends, 2);
    run(w, "2026-03-02 09:00:10");
    assert_int_equal(w->posted[0].visible, 1);
    end(w);
}

static enum chat_outcome refused(struct world *w, struct posted *posted)
{
    (void)w;
    (void)posted;
    return CHAT_REJECTED;
}

static void outbox_rejected_is_dead_and_uses_up_nothing(void **state)
{
    (void)state;
    struct world *w = calm(refused);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 10:00");
    assert_int_equal(w->posted[0].sends, 1);
    assert_int_equal(world_row(w, w->posted[0].key), OUTBOX_DEAD);
    assert_int_equal(core_counts(engine_core(w->engine)).open_prompts, 0);
    assert_int_equal(engine_stats(w->engine).dead, 1);
    end(w);
}

/* P4 of the delivery design: two misses, a quiet period apart, before anything is said again.
 * FM-B09 */
static void outbox_sends_again_only_after_two_misses_a_quiet_period_apart(void **state)
{
    (void)state;
    struct world *w = calm(lost_on_the_way);
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 09:00:59");
    assert_int_equal(w->posted[0].lookups, 1);
    assert_int_equal(w->posted[0].sends, 1);
    run(w, "2026-03-02 09:01:01");
    assert_int_equal(w->posted[0].lookups, 2);
    assert_int_equal(w->posted[0].sends, 2);
    assert_int_equal(w->posted[0].visible, 1);
    end(w);
}

static enum chat_outcome blind(struct world *w, struct posted *posted)
{
    (void)w;
    (void)posted;
    return CHAT_UNREADABLE;
}

/* FM-A09: what a crash left unsure in one place is settled by one reading, not one each. */
static void outbox_reads_a_place_once_for_all_that_is_unsure_there(void **state)
{
    static const char *const deals[] = {"D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9"};
    (void)state;
    struct world *w = calm(answer_lost);
    for (size_t i = 0; i < ARRAY_LEN(deals); i++)
        moved(w, "2026-03-02 09:00", i % 2 ? "ana" : "ben", deals[i]);
    w->on_lookup = blind;
    run(w, "2026-03-02 09:00:04"); /* all are unsure now */
    assert_int_equal(engine_stats(w->engine).unknown, ARRAY_LEN(deals));
    w->on_lookup = honest_history;
    w->readings = 0;
    world_die(w);
    rise_again(w);
    run(w, "2026-03-02 09:00:05");
    assert_int_equal(w->readings, 2);
    assert_int_equal(engine_stats(w->engine).unknown, 0);
    for (int i = 0; i < w->posted_count; i++) {
        assert_int_equal(w->posted[i].visible, 1);
        assert_int_equal(world_row(w, w->posted[i].key), OUTBOX_SENT);
    }
    end(w);
}

static void assert_order(struct world *w, const char *const *names, int count)
{
    assert_int_equal(w->order_count, count);
    for (int i = 0; i < count; i++)
        assert_string_equal(w->posted[w->order[i]].to, names[i]);
}

/* FM-B12: what waited is said with the highest priority first, and of equals what was due first;
 * but what somebody asked for comes before all that nobody did. A restart changes nothing of it. */
static void outbox_oldest_due_and_highest_priority_come_first(void **state)
{
    static const char *const wanted[] = {"kim", "kim", "ben", "ana"};
    (void)state;
    for (int restart = 0; restart < 2; restart++) {
        struct world *w = calm(honest);
        w->room = 0;
        moved(w, "2026-03-02 09:00:00", "ben", "D1");
        moved(w, "2026-03-02 09:00:01", "ana", "D2");
        add_event(w, "2026-03-02 09:00:02",
                  (struct event){.type = EVENT_DEAL_REOPENED, .rep = "kim", .deal = "D3"});
        add_event(w, "2026-03-02 09:00:03",
                  (struct event){.type = EVENT_SAID, .chat = "UKIM", .text = "help"});
        run(w, "2026-03-02 09:00:04");
        assert_int_equal(w->order_count, 0);
        if (restart) {
            world_die(w);
            rise_again(w);
        }
        w->room = 1;
        engine_chat_ready(w->engine, w->now);
        run(w, "2026-03-02 09:00:20");
        assert_order(w, wanted, ARRAY_LEN(wanted));
        end(w);
    }
}

static enum chat_outcome never_sure(struct world *w, struct posted *posted)
{
    (void)w;
    (void)posted;
    return CHAT_UNKNOWN;
}

/* An unknown message with an unreadable history: what becomes of it is the rule's policy. */
static void unknown_policy(enum event_type type, int sends_least, int state)
{
    struct world *w = calm(never_sure);
    w->on_lookup = blind;
    add_event(w, "2026-03-02 09:00",
              (struct event){.type = type, .rep = "ana", .deal = "D1", .to = "propose"});
    run(w, "2026-03-02 11:00");
    if (sends_least == 1)
        assert_int_equal(w->posted[0].sends, 1);
    else
        assert_true(w->posted[0].sends >= sends_least);
    assert_int_equal(world_row(w, w->posted[0].key), state);
    end(w);
}

static void outbox_unknown_is_held_dropped_or_said_again(void **state)
{
    (void)state;
    unknown_policy(EVENT_DEAL_STAGE_CHANGED, 1, OUTBOX_UNKNOWN);
    unknown_policy(EVENT_DEAL_WON, 1, OUTBOX_DEAD);
    unknown_policy(EVENT_DEAL_REOPENED, 2, OUTBOX_UNKNOWN);
}

static void outbox_update_comes_after_its_message(void **state)
{
    (void)state;
    struct world *w = calm(answer_lost);
    w->on_lookup = unreadable_first;
    moved(w, "2026-03-02 09:00", "ana", "D1");
    run(w, "2026-03-02 09:00");
    assert_int_equal(w->posted[0].visible, 1); /* she sees it, and we do not know yet */
    struct event click;
    event_init(&click, EVENT_CLICKED, w->now);
    click.id = "click";
    click.source = "/test";
    click.key = event_key(click.source, click.id);
    click.chat = "UANA";
    click.message = w->posted[0].key;
    click.button = "skip";
    assert_int_equal(engine_take(w->engine, &click, w->now, NULL, NULL), ENGINE_TAKEN);
    run(w, "2026-03-02 09:05");
    assert_int_equal(w->posted_count, 2);
    assert_int_equal(w->posted[0].visible, 1);
    assert_int_equal(w->posted[1].updates, 1);
    assert_string_equal(w->update_id, w->posted[0].key);
    end(w);
}

static void engine_state_that_cannot_be_read_is_refused_at_start(void **state)
{
    (void)state;
    struct world *w = calm(honest);
    struct store_batch *batch = store_batch_new();
    store_batch_add(batch, &(struct row){.type = ROW_STATE, .state = {STATE_DEAL, "D1", "{"}});
    w->inner->ops->submit(w->inner, batch);
    struct engine_options options = {.core = w->rig.options};
    struct engine *second = NULL;
    struct err err = {0};
    assert_int_equal(engine_open(w->rig.book, w->inner, &options, w->now, &err, &second), -EINVAL);
    assert_non_null(strstr(err.text, "'D1' is not readable"));
    end(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crash_at_every_commit_loses_and_doubles_nothing),
        cmocka_unit_test(crash_at_every_request_loses_and_doubles_nothing),
        cmocka_unit_test(order_for_each_person_is_kept),
        cmocka_unit_test(log_in_the_chat_is_journalled_once_whenever_we_die),
        cmocka_unit_test(engine_repeated_event_is_acknowledged_and_changes_nothing),
        cmocka_unit_test(engine_full_takes_nothing),
        cmocka_unit_test(engine_failed_commit_is_told_and_nothing_is_said),
        cmocka_unit_test(engine_state_that_cannot_be_read_is_refused_at_start),
        cmocka_unit_test(outbox_expires_what_could_not_leave_in_time),
        cmocka_unit_test(outbox_cancels_when_the_person_pauses_first),
        cmocka_unit_test(outbox_keeps_to_the_hours_when_it_was_delayed),
        cmocka_unit_test(outbox_holds_a_notice_of_the_night),
        cmocka_unit_test(outbox_waits_for_a_person_the_platform_does_not_know_yet),
        cmocka_unit_test(outbox_retry_comes_when_the_platform_said),
        cmocka_unit_test(outbox_rejected_is_dead_and_uses_up_nothing),
        cmocka_unit_test(outbox_sends_again_only_after_two_misses_a_quiet_period_apart),
        cmocka_unit_test(outbox_reads_a_place_once_for_all_that_is_unsure_there),
        cmocka_unit_test(outbox_oldest_due_and_highest_priority_come_first),
        cmocka_unit_test(outbox_unknown_is_held_dropped_or_said_again),
        cmocka_unit_test(outbox_update_comes_after_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
