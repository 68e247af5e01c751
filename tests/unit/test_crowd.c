/* Thousands of messages at once, and answers that take their time: the outbox under the limits that
 * gritd keeps to on Slack, in virtual time. */
#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/store_memory.h"
#include "io/chat_rate.h"
#include "wire/chat.h"

enum {
    CROWD = 1000,
    AT_ONCE = 64,        /* requests, as the daemon has them */
    ANSWER_MS = 150,     /* what Slack takes */
    TIME_OUT_MS = 15000, /* after which Slack's requests are given up */
    HELD_MS = 2500,      /* a post waits so long for its channel's limit */
    QUIET_MS = 60 * MSEC_SECOND,
    POSTS_A_MINUTE = 300, /* of the workspace */
    CHANNEL_A_MINUTE = 60,
};

static const char config[] =
    "limits: {prompts_per_day: 1000, prompts_per_family_per_week: 1000, open_conversations: 1000, "
    "back_off_after: 1000, ramp: off, cool_off: false, hours: Mon-Sun 00:00-24:00}\n"
    "introduction: false\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"
    "  day: {kind: activity, reader: rep, answer: text, text: \"What is your first step today?\"}\n"
    "rules:\n"
    "  - {rule: ask, about: s, when: deal.stage_changed, ask: q, reminders: false}\n"
    "  - {rule: loud, about: s, when: deal.reopened, tell: \"{{deal.name}}.\", priority: 5}\n"
    "  - {rule: brief, about: s, when: deal.lost, ask: q, reminders: false, priority: -5,"
    "     expires: 10 working minutes}\n"
    "  - {rule: daily, about: s, every: day at 09:00, ask: day, reminders: false}\n";

/* One message, as the platform has it. */
struct letter {
    struct timer timer; /* when its request goes on */
    char key[MESSAGE_KEY_BYTES], to[16], rule[16];
    enum { RESTING, HELD, FLYING, LOOKED_FOR } phase;
    enum chat_outcome answer; /* of the request that flies */
    bool last;                /* of those that one reading looks for */
    int sends, copies;
    msec_t shown_at;         /* the history has it from then on; MSEC_NEVER */
    msec_t left_at;          /* first post */
    msec_t decided_at;       /* first sent, or found by a look-up */
    int state_before, state; /* of its row: when the process began, and now */
};

struct crowd {
    struct rig rig; /* of which only book, zones and clock are used */
    struct store *store;
    struct engine *engine;
    msec_t now;
    struct map keys;
    struct letter **letters;
    size_t count, cap, open;
    struct timers answers;
    struct rate posts, readings;
    struct rate_map channels;
    struct {
        msec_t at;
        const char *to;
    } * log; /* of all posts */
    size_t log_count, log_cap;
    size_t expired; /* decisions that say so */
    bool away;
    int serial;
    msec_t stored_after, answered_after; /* what the platform makes of a post; from the request */
    msec_t time_out, quiet;
    int posts_burst;
};

static struct letter *letter_of(struct crowd *c, const char *key)
{
    struct letter *letter = map_get(&c->keys, key);
    if (letter)
        return letter;
    letter = NEW(struct letter);
    (void)snprintf(letter->key, sizeof(letter->key), "%s", key);
    letter->timer.key = letter->key;
    letter->shown_at = letter->left_at = letter->decided_at = MSEC_NEVER;
    map_set(&c->keys, letter->key, letter);
    ARRAY_GROW(c->letters, c->count, c->cap);
    c->letters[c->count++] = letter;
    return letter;
}

/* --- the platform, behind the limits that io/chat_op.c keeps --- */

static msec_t wait_of(const struct crowd *c, const struct letter *letter)
{
    int64_t all = rate_wait_ms(&c->posts, c->now);
    int64_t own = rate_map_wait_ms(&c->channels, letter->to, c->now);
    return own > all ? own : all;
}

static void answer_at(struct crowd *c, struct letter *letter, msec_t at, enum chat_outcome answer)
{
    letter->answer = answer;
    timer_set(&c->answers, &letter->timer, at);
}

static void fly(struct crowd *c, struct letter *letter)
{
    letter->phase = FLYING;
    letter->sends++;
    letter->copies++; /* whatever a request is worth, the platform takes it in the end */
    rate_take(&c->posts, c->now);
    rate_map_take(&c->channels, letter->to, c->now);
    ARRAY_GROW(c->log, c->log_count, c->log_cap);
    c->log[c->log_count].at = c->now;
    c->log[c->log_count++].to = letter->to;
    if (letter->left_at == MSEC_NEVER)
        letter->left_at = c->now;
    if (c->now + c->stored_after < letter->shown_at)
        letter->shown_at = c->now + c->stored_after;
    if (c->answered_after > c->time_out)
        answer_at(c, letter, c->now + c->time_out, CHAT_UNKNOWN);
    else
        answer_at(c, letter, c->now + c->answered_after, CHAT_SENT);
}

static void hold_or_fly(struct crowd *c, struct letter *letter)
{
    msec_t wait = wait_of(c, letter);
    if (!wait) {
        fly(c, letter);
        return;
    }
    letter->phase = HELD;
    answer_at(c, letter, c->now + (wait <= HELD_MS ? wait : 0), CHAT_RETRY);
}

static size_t port_room(void *self)
{
    const struct crowd *c = self;
    return c->away || c->open >= AT_ONCE ? 0 : rate_room(&c->posts, c->now, AT_ONCE - c->open);
}

static void port_send(void *self, const struct message *message, const struct chat_place *place)
{
    struct crowd *c = self;
    struct letter *letter = letter_of(c, message->key);
    assert_non_null(place->user);
    assert_int_equal(letter->phase, RESTING); /* one request a key */
    (void)snprintf(letter->to, sizeof(letter->to), "%s", message->to);
    (void)snprintf(letter->rule, sizeof(letter->rule), "%s", message->rule ? message->rule : "");
    if (letter->decided_at == MSEC_NEVER)
        letter->decided_at = c->now;
    c->open++;
    hold_or_fly(c, letter);
}

static void port_lookup(void *self, const char *const *keys, size_t count,
                        const struct chat_place *place, msec_t sent_at)
{
    struct crowd *c = self;
    msec_t wait = rate_wait_ms(&c->readings, c->now);
    assert_true(place->user && sent_at <= c->now);
    rate_take(&c->readings, c->now);
    c->open++;
    for (size_t i = 0; i < count; i++) {
        struct letter *letter = letter_of(c, keys[i]);
        assert_int_equal(letter->phase, RESTING);
        letter->phase = LOOKED_FOR;
        letter->last = i + 1 == count;
        answer_at(c, letter, c->now + wait + ANSWER_MS, CHAT_MISSING);
    }
}

static void answer(struct crowd *c, struct letter *letter)
{
    struct chat_result result = {.key = letter->key, .channel = "C", .platform_id = letter->key};
    msec_t wait = letter->phase == HELD ? wait_of(c, letter) : 0;
    if (letter->phase == HELD && wait <= HELD_MS) {
        hold_or_fly(c, letter);
        return;
    }
    result.outcome = letter->answer;
    result.retry_after_ms = wait;
    if (letter->phase == LOOKED_FOR && letter->shown_at <= c->now)
        result.outcome = CHAT_FOUND;
    if (result.outcome == CHAT_FOUND && letter->decided_at == MSEC_NEVER)
        letter->decided_at = c->now;
    c->open -= letter->phase != LOOKED_FOR || letter->last;
    letter->phase = RESTING;
    engine_result(c->engine, &result, c->now);
}

/* --- the process --- */

static void on_failed(void *user, int status)
{
    (void)user;
    fail_msg("the store failed: %d", status);
}

static void on_decided(void *user, const struct decision *decision)
{
    struct crowd *c = user;
    c->expired += str_eq(decision->outcome, "expired");
}

static void start(struct crowd *c)
{
    struct engine_options options = {
        .core = c->rig.options,
        .quiet_ms = c->quiet,
        .hooks = {.failed = on_failed, .decided = on_decided, .user = c}};
    const struct chat_port port = {c, port_room, port_send, port_lookup};
    struct err err = {0};
    if (engine_open(c->rig.book, c->store, &options, c->now, &err, &c->engine))
        fail_msg("%s", err.text);
    engine_set_chat(c->engine, &port);
    engine_chat_ready(c->engine, c->now);
}

static void pump(struct crowd *c)
{
    while (store_memory_pump(c->store))
        continue;
}

static void stop(struct crowd *c)
{
    engine_stop(c->engine);
    pump(c);
    engine_close(c->engine);
}

static void setup(struct crowd *c, int people)
{
    struct strbuf yaml = {0};
    strbuf_puts(&yaml, "people:\n");
    for (int i = 0; i < people; i++)
        strbuf_printf(&yaml, "  - {id: p%d, name: Person %d, chat: U%d, zone: America/Denver}\n", i,
                      i, i);
    *c = (struct crowd){.stored_after = ANSWER_MS,
                        .answered_after = ANSWER_MS,
                        .time_out = TIME_OUT_MS,
                        .quiet = QUIET_MS};
    struct rig_text text = {.people = strbuf_text(&yaml), .config = config, .plugins = {plugin}};
    rig_init(&c->rig, &text, "2026-03-02 08:50");
    strbuf_done(&yaml);
    c->now = c->rig.now;
    c->store = store_memory_new(
        &(struct store_memory_options){.finished = outbox_final_mask(), .deferred = true});
    const struct chat_limits *limits = &chat_slack.limits;
    rate_map_init(&c->channels, limits->channel_per_minute, limits->channel_burst);
    for (size_t i = 0; i < chat_slack.method_count; i++) {
        const struct chat_method *method = &chat_slack.methods[i];
        if (method->of_messages) {
            rate_init(&c->posts, method->per_minute, method->burst);
            c->posts_burst = method->burst;
        } else if (!c->readings.interval_us && str_eq(method->name, "conversations.history")) {
            rate_init(&c->readings, method->per_minute, method->burst);
        }
    }
    assert_true(c->posts.interval_us && c->readings.interval_us);
    start(c);
}

static void end(struct crowd *c)
{
    stop(c);
    c->store->ops->close(c->store);
    for (size_t i = 0; i < c->count; i++)
        free(c->letters[i]);
    free(c->letters);
    free(c->log);
    map_done(&c->keys);
    timers_done(&c->answers);
    rate_map_done(&c->channels);
    rig_done(&c->rig);
}

static void take(struct crowd *c, enum event_type type, int person, int deal)
{
    char id[16], rep[16], name[16];
    struct event event;
    (void)snprintf(id, sizeof(id), "e%d", c->serial++);
    (void)snprintf(rep, sizeof(rep), "p%d", person);
    (void)snprintf(name, sizeof(name), "D%d", deal);
    event_init(&event, type, c->now);
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, event.id);
    event.rep = rep;
    event.deal = name;
    event.to = "propose";
    assert_int_equal(engine_take(c->engine, &event, c->now, NULL, NULL), ENGINE_TAKEN);
    pump(c);
}

static void run(struct crowd *c, msec_t until)
{
    for (;;) {
        pump(c);
        struct timer *first = timers_first(&c->answers);
        msec_t wake = engine_next_wake(c->engine);
        bool answers = first && first->due <= wake;
        msec_t next = answers ? first->due : wake;
        if (next > until)
            break;
        c->now = next > c->now ? next : c->now;
        if (answers) {
            timer_clear(&c->answers, first);
            answer(c, (struct letter *)(void *)first);
        } else {
            engine_tick(c->engine, c->now);
        }
    }
    c->now = until > c->now ? until : c->now;
}

static msec_t at(const struct crowd *c, const char *when)
{
    return rig_time(&c->rig, when);
}

static int read_row(void *user, const struct row *row)
{
    letter_of(user, row->outbox.key)->state = row->outbox.state;
    return 0;
}

/* What the ledger says of all of them. */
static void read_rows(struct crowd *c)
{
    struct err err = {0};
    assert_int_equal(c->store->ops->load_outbox(c->store, 0, read_row, c, &err), 0);
}

static struct letter *first_letter(struct crowd *c)
{
    read_rows(c);
    return c->letters[0];
}

/* --- the cases --- */

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2(); /* all 0 where a sanitizer has its own */
    return info.uordblks + info.hblkhd;
}

/* However it is laid, no minute holds more than is allowed. */
static void assert_paced(const struct crowd *c)
{
    static size_t counts[CROWD];
    size_t from = 0;
    memset(counts, 0, sizeof(counts));
    for (size_t i = 0; i < c->log_count; i++) {
        for (; c->log[from].at <= c->log[i].at - MSEC_MINUTE; from++)
            counts[atoi(c->log[from].to + 1)]--;
        size_t own = ++counts[atoi(c->log[i].to + 1)];
        assert_in_range(i - from + 1, 1, POSTS_A_MINUTE);
        assert_in_range(own, 1, CHANNEL_A_MINUTE);
    }
}

enum { GREEDY = 300 };

/* One person with hundreds, and several kinds for each of the others; all due at 09:00. */
static void burst(struct crowd *c)
{
    int deal = 0;
    for (int i = 0; i < GREEDY; i++)
        take(c, EVENT_DEAL_STAGE_CHANGED, 0, deal++);
    for (int kind = 0; kind < 4; kind++) {
        for (int person = 1; person < CROWD; person++)
            take(c,
                 kind == 0   ? EVENT_DEAL_LOST
                 : kind == 1 ? EVENT_DEAL_REOPENED
                             : EVENT_DEAL_STAGE_CHANGED,
                 person, deal++);
    }
}

/* When the last one left of those that `person` got (NULL: anybody) by `rule` (NULL: any). */
static msec_t last_left(const struct crowd *c, const char *person, const char *rule)
{
    msec_t last = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct letter *l = c->letters[i];
        if (l->sends && l->left_at > last && (!person || str_eq(l->to, person)) &&
            (!rule || str_eq(l->rule, rule)))
            last = l->left_at;
    }
    return last;
}

/* Each has its end, and was seen once or never as the end says. Returns how many were sent. */
static size_t assert_ended(struct crowd *c)
{
    size_t sent = 0;
    read_rows(c);
    for (size_t i = 0; i < c->count; i++) {
        const struct letter *l = c->letters[i];
        assert_true(l->state == OUTBOX_SENT || l->state == OUTBOX_EXPIRED);
        assert_int_equal(l->copies, l->state == OUTBOX_SENT);
        sent += l->state == OUTBOX_SENT;
    }
    assert_int_equal(engine_stats(c->engine).outbox, 0);
    return sent;
}

/* FM-B12: paced under both limits and as fast as they allow, though one person has hundreds; what
 * is urgent first; what came too late has its end and its reason; and it takes little memory. */
static void five_thousand_due_at_nine_leave_in_order_under_the_limits(void **state)
{
    struct crowd c;
    (void)state;
    setup(&c, CROWD);
    c.away = true;
    run(&c, at(&c, "2026-03-02 08:59:59"));
    size_t before = in_use();
    burst(&c);
    msec_t nine = at(&c, "2026-03-02 09:00");
    run(&c, nine);
    size_t waiting = engine_stats(c.engine).outbox;
    assert_int_equal(waiting, GREEDY + 4 * (CROWD - 1) + CROWD);
    assert_in_range((in_use() - before) / waiting, 0, 8000); /* with its deal, question and rows */
    c.away = false;
    engine_chat_ready(c.engine, c.now);
    run(&c, nine + 8 * MSEC_HOUR);
    size_t sent = assert_ended(&c);
    assert_paced(&c);
    /* what has ten minutes and the lowest priority waits behind seventeen minutes of others */
    assert_int_equal(c.count - sent, CROWD - 1);
    assert_int_equal(c.expired, CROWD - 1);
    /* neither the limit of one channel nor those who wait behind it leave a gap for the others */
    msec_t least = (msec_t)(sent - (size_t)c.posts_burst) * c.posts.interval_us / 1000;
    assert_in_range(last_left(&c, NULL, NULL) - nine, least - MSEC_SECOND, least + MSEC_SECOND);
    least = (CROWD - 1 - c.posts_burst) * c.posts.interval_us / 1000;
    assert_in_range(last_left(&c, NULL, "loud") - nine, least - MSEC_SECOND, least + MSEC_SECOND);
    assert_true(last_left(&c, "p0", NULL) < last_left(&c, NULL, NULL));
    end(&c);
}

enum { EACH = 5000, KINDS = 4, PLACES = 200 };

/* As a crash could have left them: the same number in each state that is no end. */
static void leave_unfinished(struct crowd *c)
{
    static const int states[KINDS] = {OUTBOX_PLANNED, OUTBOX_INTENT, OUTBOX_UNKNOWN, OUTBOX_RETRY};
    struct store_batch *batch = store_batch_new();
    for (size_t i = 0; i < c->count; i++) {
        struct letter *l = c->letters[i];
        l->state_before = states[i % KINDS];
        bool unsure = l->state_before == OUTBOX_INTENT || l->state_before == OUTBOX_UNKNOWN;
        store_batch_add(batch,
                        &(struct row){.type = ROW_OUTBOX,
                                      .outbox = {.update = true,
                                                 .key = l->key,
                                                 .state = l->state_before,
                                                 .attempt = l->state_before != OUTBOX_PLANNED,
                                                 .at = MSEC_NONE,
                                                 .due = c->now - MSEC_SECOND,
                                                 .deadline = unsure ? c->now : MSEC_NONE}});
        if (unsure && i / KINDS % 2) {
            l->copies = 1;
            l->shown_at = c->now;
        }
    }
    c->store->ops->submit(c->store, batch);
    pump(c);
}

/* FM-A09: 5,000 rows in each state that is no end, and whoever owned them is dead: of each kind
 * something is decided within ten seconds, and all come to their end, once, under the limits. */
static void rows_of_every_state_are_taken_over_at_the_start(void **state)
{
    struct crowd c;
    (void)state;
    setup(&c, PLACES);
    c.away = true;
    for (int i = 0; i < KINDS * EACH; i++)
        take(&c, EVENT_DEAL_STAGE_CHANGED, i % PLACES, i);
    read_rows(&c);
    assert_int_equal(c.count, KINDS * EACH);
    leave_unfinished(&c);
    stop(&c);
    c.now += MSEC_MINUTE;
    msec_t begun = c.now;
    c.away = false;
    start(&c);
    assert_int_equal(engine_stats(c.engine).unknown, 2 * EACH);
    run(&c, begun + 10 * MSEC_SECOND);
    size_t decided[OUTBOX_CANCELLED + 1] = {0};
    for (size_t i = 0; i < c.count; i++)
        decided[c.letters[i]->state_before] += c.letters[i]->decided_at != MSEC_NEVER;
    assert_true(decided[OUTBOX_PLANNED] && decided[OUTBOX_INTENT] && decided[OUTBOX_UNKNOWN] &&
                decided[OUTBOX_RETRY]);
    run(&c, begun + 6 * MSEC_HOUR);
    assert_true(assert_ended(&c) >= KINDS * EACH); /* and what else came at nine */
    assert_paced(&c);
    end(&c);
}

/* FM-A10: a row is moved by an answer or by a start, never by its age. */
static void an_answer_after_ten_minutes_is_waited_for_while_all_else_goes_on(void **state)
{
    struct crowd c;
    (void)state;
    setup(&c, 2);
    c.time_out = MSEC_DAY;
    c.stored_after = c.answered_after = 10 * MSEC_MINUTE;
    take(&c, EVENT_DEAL_STAGE_CHANGED, 0, 1);
    msec_t begun = c.now;
    for (int second = 1; second < 10 * 60; second++) {
        run(&c, begun + second * MSEC_SECOND);
        engine_tick(c.engine, c.now);
        engine_chat_ready(c.engine, c.now);
        if (second % 60 == 0)
            assert_int_equal(engine_set_book(c.engine, c.rig.book, c.now, NULL, NULL), 0);
        const struct letter *letter = first_letter(&c);
        assert_int_equal(letter->sends, 1);
        assert_int_equal(letter->phase, FLYING);
        assert_int_equal(letter->state, OUTBOX_INTENT);
    }
    run(&c, begun + 11 * MSEC_MINUTE);
    assert_int_equal(first_letter(&c)->sends, 1);
    assert_int_equal(first_letter(&c)->state, OUTBOX_SENT);
    end(&c);
}

/* FM-B03: the answer comes after the request was given up, and the message was stored at once, or
 * only then. As long as it lands within the quiet period it is found, and nothing is sent again. */
static void an_answer_after_the_time_out_is_found_and_not_repeated(void **state)
{
    static const msec_t late[] = {TIME_OUT_MS + 1, TIME_OUT_MS * 3 / 2, TIME_OUT_MS * 10};
    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(late); i++) {
        struct crowd c;
        setup(&c, 1);
        stop(&c);
        c.answered_after = late[i / 2];
        c.stored_after = i % 2 ? late[i / 2] : ANSWER_MS;
        c.quiet = c.stored_after > QUIET_MS ? c.stored_after : QUIET_MS;
        start(&c);
        take(&c, EVENT_DEAL_STAGE_CHANGED, 0, 1);
        msec_t begun = c.now;
        run(&c, begun + TIME_OUT_MS - 1);
        assert_int_equal(first_letter(&c)->state, OUTBOX_INTENT);
        run(&c, begun + c.answered_after);
        engine_result(c.engine,
                      &(struct chat_result){.key = c.letters[0]->key, .outcome = CHAT_SENT},
                      c.now); /* nobody asked any more */
        run(&c, begun + MSEC_HOUR);
        assert_int_equal(first_letter(&c)->state, OUTBOX_SENT);
        assert_int_equal(first_letter(&c)->sends, 1);
        end(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_after_ten_minutes_is_waited_for_while_all_else_goes_on),
        cmocka_unit_test(an_answer_after_the_time_out_is_found_and_not_repeated),
        cmocka_unit_test(rows_of_every_state_are_taken_over_at_the_start),
        cmocka_unit_test(five_thousand_due_at_nine_leave_in_order_under_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
