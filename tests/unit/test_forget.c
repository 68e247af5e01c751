/* Erasing, exporting and retention while the engine runs, over the store in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/command.h"
#include "core/phrases_data.h"
#include "core_rig.h"
#include "engine/engine.h"
#include "engine/export.h"
#include "engine/outbox.h"
#include "engine/store_memory.h"

#define CANARY "kanarienvogel"

static const char people[] =
    "teams:\n  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, chat: UANA, crm: [17]}\n"
    "  - {id: ben, name: Ben Osei, team: west, chat: UBEN}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, chat: UDANA, zone: America/Denver}\n";

static const char config[] = "purpose: coaching\ncontroller: Example Ltd\n"
                             "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                             "open_conversations: 50, cards_per_day: 50}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "signals:\n  calls: {count: activity.logged, kind: call, window: 4w}\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"
    "rules:\n"
    "  - {rule: ask, about: s, when: deal.stage_changed, ask: q, reminders: false}\n"
    "  - rule: thanks\n    about: effort\n    when: activity.logged\n"
    "    praise: \"Thank you for the {{event.kind}}.\"\n"
    "    card: \"{{rep.name}} made a {{event.kind}}.\"\n";

enum { SENT_MOST = 64 };

struct sent_one {
    char key[MESSAGE_KEY_BYTES], to[16], target[MESSAGE_KEY_BYTES];
    char text[2100];
    bool answered, lookup;
};

struct play {
    struct rig rig; /* of which only book and zones are used */
    struct store *store;
    struct engine *engine;
    msec_t now;
    struct sent_one sent[SENT_MOST];
    int sent_count, serial;
    size_t room;
    bool deferred;
    int refusals; /* of so many changes to a blank, from now on */
    char erased[64];
    size_t left;
};

static size_t port_room(void *self)
{
    return ((const struct play *)self)->room;
}

static void port_send(void *self, const struct message *message, const struct chat_place *place)
{
    struct play *p = self;
    (void)place;
    assert_true(p->sent_count < SENT_MOST);
    struct sent_one *sent = &p->sent[p->sent_count++];
    *sent = (struct sent_one){0};
    (void)snprintf(sent->key, sizeof(sent->key), "%s", message->key);
    (void)snprintf(sent->to, sizeof(sent->to), "%s", message->to);
    (void)snprintf(sent->target, sizeof(sent->target), "%s",
                   message->target ? message->target : "");
    (void)snprintf(sent->text, sizeof(sent->text), "%s", message->text);
}

static void port_lookup(void *self, const char *const *keys, size_t count,
                        const struct chat_place *place, msec_t at)
{
    struct play *p = self;
    (void)count, (void)place, (void)at; /* it is there, wherever that was */
    assert_true(p->sent_count < SENT_MOST);
    p->sent[p->sent_count] = (struct sent_one){.lookup = true};
    (void)snprintf(p->sent[p->sent_count++].key, MESSAGE_KEY_BYTES, "%s", keys[0]);
}

static void on_erased(void *user, const char *id, size_t left)
{
    struct play *p = user;
    p->left = left;
    (void)snprintf(p->erased, sizeof(p->erased), "%s", id);
}

static void open_engine(struct play *p)
{
    const struct chat_port port = {p, port_room, port_send, port_lookup};
    struct engine_options options = {.core = p->rig.options,
                                     .hooks = {.erased = on_erased, .user = p}};
    struct err err = {0};
    if (engine_open(p->rig.book, p->store, &options, p->now, &err, &p->engine))
        fail_msg("%s", err.text);
    engine_set_chat(p->engine, &port);
}

static struct store_memory_options store_options(const struct play *p)
{
    return (struct store_memory_options){.finished = outbox_final_mask(), .deferred = p->deferred};
}

static void begin(struct play *p, bool deferred)
{
    struct rig_text text = {.people = people, .config = config, .plugins = {plugin}};
    rig_init(&p->rig, &text, "2026-03-02 09:00");
    p->now = p->rig.now;
    p->room = 4;
    p->deferred = deferred;
    struct store_memory_options options = store_options(p);
    p->store = store_memory_new(&options);
    open_engine(p);
}

static void end(struct play *p)
{
    engine_stop(p->engine);
    p->store->ops->close(p->store);
    engine_close(p->engine);
    rig_done(&p->rig);
}

/* Everything that can happen now: commits and the platform's answers. */
static void settle(struct play *p)
{
    bool more = true;
    while (more) {
        more = p->deferred && store_memory_pump(p->store) > 0;
        for (int i = 0; i < p->sent_count; i++) {
            if (p->sent[i].answered)
                continue;
            p->sent[i].answered = more = true;
            struct chat_result result = {.key = p->sent[i].key,
                                         .channel = "C1",
                                         .platform_id = p->sent[i].target[0] ? p->sent[i].target
                                                                             : p->sent[i].key,
                                         .outcome = p->sent[i].lookup ? CHAT_FOUND : CHAT_SENT};
            if (str_eq(p->sent[i].text, SAY_FORGOTTEN) && p->refusals > 0) {
                p->refusals--;
                result = (struct chat_result){
                    .key = p->sent[i].key, .outcome = CHAT_REJECTED, .error = "edit_window_closed"};
            }
            engine_result(p->engine, &result, p->now);
        }
        engine_tick(p->engine, p->now);
    }
}

static enum engine_taken give(struct play *p, struct event e)
{
    struct event event;
    char id[16];
    p->now += MSEC_MINUTE;
    event_init(&event, e.type, p->now);
    (void)snprintf(id, sizeof(id), "e%04d", ++p->serial); /* fits */
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, event.id);
    event.rep = e.rep;
    event.deal = e.deal;
    event.deal_name = e.deal_name;
    event.to = e.to;
    event.kind = e.kind;
    event.chat = e.chat;
    event.text = e.text;
    event.name = e.name;
    event.reason = e.reason;
    event.owner = e.owner;
    return engine_take(p->engine, &event, p->now, NULL, NULL);
}

#define GIVE(p, ...)                                                                               \
    do {                                                                                           \
        assert_int_equal(give((p), (struct event){__VA_ARGS__}), ENGINE_TAKEN);                    \
        settle(p);                                                                                 \
    } while (0)
#define SAY(p, who, words) GIVE(p, .type = EVENT_SAID, .chat = (who), .text = (words))

static void live(struct play *p)
{
    GIVE(p, .type = EVENT_DEAL_STAGE_CHANGED, .rep = "17", .deal = "D1", .deal_name = "Acme",
         .owner = "17", .to = "propose");
    SAY(p, "UANA", CANARY " is what I said");
    GIVE(p, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1", .kind = "call",
         .reason = CANARY);
    GIVE(p, .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ben", .deal = "D2", .deal_name = "Bolt",
         .to = "propose");
    SAY(p, "UBEN", "ben has a secret");
    GIVE(p, .type = EVENT_ACCESS, .rep = "ana", .name = "carl", .reason = "why");
}

static int dump_row(void *user, const struct row *row)
{
    struct strbuf *out = user;
    const struct row_outbox *o = &row->outbox;
    switch (row->type) {
    case ROW_STATE:
        strbuf_printf(out, "S%d %s %s\n", row->state.kind, row->state.key, row->state.value);
        break;
    case ROW_JOURNAL:
        strbuf_printf(out, "J %s %s %s\n", row->journal.rep, row->journal.deal, row->journal.body);
        break;
    case ROW_OUTBOX:
        strbuf_printf(out, "O %s %d %s %s %s %s\n", o->key, o->state, o->rep, o->rule, o->message,
                      o->platform_id);
        break;
    case ROW_DECISION:
        strbuf_printf(out, "D %s %s\n", row->decision.rep, row->decision.line);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        fail_msg("an order is no row that is kept");
        break;
    }
    return 0;
}

static char *dump(struct store *store)
{
    struct strbuf text = {0};
    assert_int_equal(store->ops->load_all(store, dump_row, &text, NULL), 0);
    return strbuf_take(&text);
}

/* Nothing of what is hers is in the store; people.yaml's own row may be there again. */
static void expect_gone(struct store *store)
{
    static const char *const words[] = {CANARY, "\"ana\"", "UANA", " ana ",
                                        "ana|", "\"17\"",  "Ana"};
    CLEANUP_FREE char *text = dump(store);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strstr(text, words[i]))
            fail_msg("%s is left: %.300s", words[i], strstr(text, words[i]));
    }
    assert_non_null(strstr(text, "ben has a secret"));
    assert_non_null(strstr(text, "\"owner\":\"gone-1\"")); /* the deal is the team's */
}

static size_t open_of(const struct play *p, const char *rep)
{
    size_t count = 0;
    for (size_t i = 0; i < core_question_count(engine_core(p->engine)); i++)
        count += str_eq(core_question_at(engine_core(p->engine), i).rep, rep);
    return count;
}

static void forget_me_leaves_nothing(struct play *p, bool deferred)
{
    begin(p, deferred);
    live(p);
    assert_int_equal(open_of(p, "ana"), 2); /* the question, and the card about her */
    CLEANUP_FREE char *before = dump(p->store);
    assert_non_null(strstr(before, CANARY));
    SAY(p, "UANA", "forget me");
    int asked = p->sent_count;
    SAY(p, "UANA", "yes");
    settle(p);
    assert_string_equal(p->erased, "ana");
    assert_false(engine_forgets(p->engine, NULL));
    expect_gone(p->store);
    struct strbuf core = {0};
    core_dump(engine_core(p->engine), &core);
    assert_null(strstr(strbuf_text(&core), CANARY));
    strbuf_done(&core);
    assert_int_equal(open_of(p, "ana"), 0);
    assert_int_equal(open_of(p, "ben"), 1);
    /* told, and every message to her or about her blanked: question, its change, replies, card */
    int blanked = 0, told = 0, to_dana = 0;
    for (int i = asked; i < p->sent_count; i++) {
        bool blank = str_eq(p->sent[i].text, SAY_FORGOTTEN);
        blanked += blank && str_eq(p->sent[i].to, "ana");
        to_dana += blank && str_eq(p->sent[i].to, "dana");
        told += str_eq(p->sent[i].text, SAY_FORGET_BEGUN);
    }
    assert_int_equal(told, 1);
    assert_true(blanked >= 3);
    assert_int_equal(to_dana, 1);
    GIVE(p, .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D3", .deal_name = "New",
         .to = "propose"); /* still in people.yaml: begins anew */
    assert_int_equal(open_of(p, "ana"), 1);
    end(p);
}

/* FM-J04 */
static void forget_me_leaves_nothing_anywhere(void **state)
{
    struct play now = {0}, later = {0};
    (void)state;
    forget_me_leaves_nothing(&now, false);
    forget_me_leaves_nothing(&later, true);
}

static int find_sent(const struct play *p, const char *text)
{
    for (int i = 0; i < p->sent_count; i++) {
        if (strstr(p->sent[i].text, text))
            return i;
    }
    fail_msg("never sent: %s", text);
    return -1;
}

/* The platform shows a message before it says that it took it, and people are quick. */
static void what_is_on_its_way_at_the_wish_is_blanked_too(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, true);
    live(&p);
    give(&p, (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "forget me"});
    while (store_memory_pump(p.store) > 0)
        engine_tick(p.engine, p.now);
    int asked = find_sent(&p, SAY_FORGET_ASK);
    give(&p, (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "yes"});
    while (store_memory_pump(p.store) > 0)
        engine_tick(p.engine, p.now);
    assert_false(p.sent[asked].answered);
    settle(&p);
    assert_string_equal(p.erased, "ana");
    int blanked = 0, told = 0;
    for (int i = asked; i < p.sent_count; i++) {
        bool blank = str_eq(p.sent[i].text, SAY_FORGOTTEN);
        blanked += blank && str_eq(p.sent[i].target, p.sent[asked].key);
        told += blank && str_eq(p.sent[i].target, p.sent[find_sent(&p, SAY_FORGET_BEGUN)].key);
    }
    assert_int_equal(blanked, 1);
    assert_int_equal(told, 0); /* that it was begun is to be read */
    end(&p);
}

static int count_sent(const struct play *p, int from, const char *text)
{
    int count = 0;
    for (int i = from; i < p->sent_count; i++)
        count += strstr(p->sent[i].text, text) != NULL;
    return count;
}

#define UNBLANKED "could not be blanked"

/* She hears of it before her rows go, and so does whoever asks gritd. */
static void forget_me_tells_what_the_platform_refused(struct play *p, bool deferred, int refusals,
                                                      const char *told)
{
    begin(p, deferred);
    live(p);
    SAY(p, "UANA", "forget me");
    int asked = p->sent_count;
    p->refusals = refusals;
    SAY(p, "UANA", "yes");
    settle(p);
    assert_string_equal(p->erased, "ana");
    assert_int_equal(count_sent(p, asked, UNBLANKED), told ? 1 : 0);
    assert_int_equal(p->left, engine_forget_left(p->engine, "ana"));
    assert_int_equal(engine_forget_left(p->engine, "ben"), 0);
    if (told) {
        int at = find_sent(p, told);
        assert_string_equal(p->sent[at].to, "ana");
        for (int i = at + 1; i < p->sent_count; i++) /* it stays to be read */
            assert_string_not_equal(p->sent[i].target, p->sent[at].key);
    }
    expect_gone(p->store);
    end(p);
}

static void what_cannot_be_blanked_is_told(void **state)
{
    struct play none = {0}, one = {0}, two = {0}, all = {0};
    (void)state;
    forget_me_tells_what_the_platform_refused(&none, false, 0, NULL);
    assert_int_equal(none.left, 0);
    /* the question was changed when it was answered, and one of two changes of it is let through */
    forget_me_tells_what_the_platform_refused(&one, false, 1, NULL);
    assert_int_equal(one.left, 0);
    forget_me_tells_what_the_platform_refused(&two, true, 3, "about you, 2 could not be blanked");
    assert_int_equal(two.left, 2);
    forget_me_tells_what_the_platform_refused(&all, false, 1000, "could not be blanked");
    assert_true(all.left > 2);
}

/* Any batch can be the last one before a crash. FM-J05 */
static void a_crash_begins_again_with_the_wish(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, true);
    live(&p);
    SAY(&p, "UANA", "forget me");
    assert_int_equal(give(&p, (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "yes"}),
                     ENGINE_TAKEN);
    for (int crashes = 0; crashes < 6; crashes++) {
        struct play q = p;
        struct store_memory_options options = store_options(&p);
        q.sent_count = 0;
        q.erased[0] = '\0';
        q.store = store_memory_clone(p.store, &options);
        open_engine(&q);
        engine_tick(q.engine, q.now);
        settle(&q);
        q.now += 11 * MSEC_MINUTE; /* the reply whose fate nobody knows is not waited for */
        engine_tick(q.engine, q.now);
        settle(&q);
        expect_gone(q.store);
        engine_stop(q.engine);
        q.store->ops->close(q.store);
        engine_close(q.engine);
        (void)store_memory_pump(p.store); /* one step further */
        engine_tick(p.engine, p.now);
    }
    end(&p);
}

/* FM-J05 */
static void a_platform_that_is_away_is_not_waited_for_for_ever(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p);
    SAY(&p, "UANA", "forget me");
    p.room = 0;
    SAY(&p, "UANA", "yes");
    assert_true(engine_forgets(p.engine, "ana"));
    msec_t wake = engine_next_wake(p.engine);
    assert_true(wake <= p.now + 10 * MSEC_MINUTE);
    p.now += 10 * MSEC_MINUTE;
    engine_tick(p.engine, p.now);
    assert_false(engine_forgets(p.engine, NULL));
    expect_gone(p.store);
    end(&p);
}

/* While the rows go, nothing is taken that could bring one back. */
static void the_door_is_closed_only_while_the_rows_go(void **state)
{
    struct play p = {0};
    struct event ben = {
        .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ben", .deal = "D2", .to = "negotiate"};
    (void)state;
    begin(&p, true);
    live(&p);
    GIVE(&p, .type = EVENT_DEAL_WON, .rep = "ben", .deal = "D9");
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    int refused = 0, taken = 0;
    for (int i = 0; i < 200 && engine_forgets(p.engine, NULL); i++) {
        if (give(&p, ben) == ENGINE_FULL)
            refused++;
        else
            taken++;
        struct err err = {0};
        if (i % 3 == 0)
            assert_int_equal(engine_set_book(p.engine, p.rig.book, p.now, NULL, &err), 0);
        for (int k = 0; k < p.sent_count; k++) {
            if (p.sent[k].answered)
                continue;
            p.sent[k].answered = true;
            struct chat_result result = {.key = p.sent[k].key,
                                         .channel = "C1",
                                         .platform_id = p.sent[k].key,
                                         .outcome = CHAT_SENT};
            engine_result(p.engine, &result, p.now);
        }
        (void)store_memory_pump(p.store); /* perhaps nothing waits */
        engine_tick(p.engine, p.now);
    }
    assert_false(engine_forgets(p.engine, NULL));
    assert_true(refused > 0 && refused < 50 && taken > 0);
    settle(&p);
    expect_gone(p.store);
    assert_int_equal(give(&p, ben), ENGINE_TAKEN);
    end(&p);
}

static void two_wishes_are_heard_one_after_the_other(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, true);
    live(&p);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ben"}), ENGINE_TAKEN);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    settle(&p);
    assert_false(engine_forgets(p.engine, NULL));
    CLEANUP_FREE char *text = dump(p.store);
    assert_null(strstr(text, CANARY));
    assert_null(strstr(text, "secret is"));
    assert_null(strstr(text, "ben has a secret"));
    assert_non_null(strstr(text, "{\"count\":2}"));
    end(&p);
}

/* --- what others can get at --- */

static void expect_unseen(struct play *p, int from, const char *words)
{
    for (int i = from; i < p->sent_count; i++) {
        if (!str_eq(p->sent[i].to, "ana") && strstr(p->sent[i].text, "is what I said"))
            fail_msg("“%s” shows a private answer to %s: %s", words, p->sent[i].to,
                     p->sent[i].text);
    }
    p->sent_count = 0; /* there are many */
}

static void say_all(struct play *p, const char *chat)
{
    static const char *const rests[] = {"", " ana", " Ana", " 1"};
    const struct command *command;
    for (int i = 0; (command = command_at(i)); i++) {
        for (size_t k = 0; k < ARRAY_LEN(rests); k++) {
            char words[80];
            (void)snprintf(words, sizeof(words), "%s%s", command->words, rests[k]); /* fits */
            SAY(p, chat, words);
            expect_unseen(p, 0, words);
        }
    }
}

static bool in_export(struct play *p, const char *who, const char *words)
{
    struct strbuf json = {0}, text = {0};
    struct personal person;
    struct arena arena;
    struct err err = {0};
    int entries;
    arena_init(&arena);
    engine_personal(engine_core(p->engine), who, 0, &arena, &person);
    assert_int_equal(export_person(engine_core(p->engine), p->store, &person, p->now, &json, &text,
                                   &entries, &err),
                     0);
    bool found = strstr(strbuf_text(&json), words) || strstr(strbuf_text(&text), words);
    strbuf_done(&json);
    strbuf_done(&text);
    arena_done(&arena);
    return found;
}

/* B57: B66: every word that can be said, by the manager and by a colleague, and both their exports
 FM-J03 */
static void a_private_answer_is_unreadable_to_everybody_else(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p);
    p.sent_count = 0;
    say_all(&p, "UDANA");
    say_all(&p, "UBEN");
    assert_true(in_export(&p, "ana", "is what I said"));
    assert_false(in_export(&p, "dana", "is what I said"));
    assert_false(in_export(&p, "ben", "is what I said"));
    end(&p);
}

/* B65: what was asked for goes with the asker, on the helper's side too; when the helper goes, the
 * asker keeps the words, without a name */
static void a_request_for_help_is_the_askers(void **state)
{
    static const char words[] = CANARY " and my slides";
    static const char *const who[] = {"UANA", "UBEN"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(who); i++) {
        struct play p = {0};
        begin(&p, false);
        live(&p);
        SAY(&p, "UANA", "request Ben Osei: " CANARY " and my slides");
        SAY(&p, "UANA", "request yes");
        assert_true(in_export(&p, "ana", words));
        assert_true(in_export(&p, "ben", words)); /* it was said to him */
        assert_false(in_export(&p, "dana", words));
        SAY(&p, who[i], "forget me");
        SAY(&p, who[i], "yes");
        settle(&p);
        CLEANUP_FREE char *left = dump(p.store);
        if (i == 0)
            expect_gone(p.store);
        else
            assert_non_null(strstr(left, words));
        assert_null(strstr(left, i == 0 ? words : "Ben Osei"));
        assert_null(strstr(left, i == 0 ? "\"ana\"" : "\"with\":\"ben\""));
        end(&p);
    }
}

/* B58: the words stand in the box and nowhere else: not in the journal, the outbox, a decision, an
 * export; and who is erased leaves no token */
static void anonymous_words_are_in_no_row_of_a_person(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p); /* has the canary too: another word for this */
    SAY(&p, "UANA", "anonymous zaunkoenig is afraid of the phone");
    CLEANUP_FREE char *before = dump(p.store);
    int rows = 0;
    for (const char *at = before; (at = strstr(at, "zaunkoenig")); at++) {
        const char *line = at;
        while (line > before && line[-1] != '\n')
            line--;
        rows++;
        if (strncmp(line, "S17 open|west ", 14))
            fail_msg("%.300s", line);
    }
    assert_int_equal(rows, 1);
    assert_null(strstr(before, "\"who\":[]"));
    assert_false(in_export(&p, "ana", "zaunkoenig"));
    assert_false(in_export(&p, "dana", "zaunkoenig"));
    SAY(&p, "UANA", "forget me");
    SAY(&p, "UANA", "yes");
    settle(&p);
    assert_string_equal(p.erased, "ana");
    CLEANUP_FREE char *after = dump(p.store);
    assert_non_null(strstr(after, "\"who\":[],\"words\":[\"zaunkoenig"));
    end(&p);
}

/* --- export --- */

static void export_holds_everything_and_nobody_else(void **state)
{
    struct play p = {0};
    struct strbuf json = {0}, text = {0};
    struct personal who;
    struct arena arena;
    struct err err = {0};
    int entries = 0;
    (void)state;
    begin(&p, false);
    live(&p);
    arena_init(&arena);
    engine_personal(engine_core(p.engine), "ana", 0, &arena, &who);
    assert_int_equal(who.key_count, 2);
    assert_int_equal(
        export_person(engine_core(p.engine), p.store, &who, p.now, &json, &text, &entries, &err),
        0);
    static const char *const wanted[] = {
        "\"person\":\"ana\"",
        "\"name\":\"Ana Ruiz\"",
        "\"known_as\":[\"UANA\",\"17\"]",
        "\"purpose\":\"coaching\"",
        "\"signals\":{\"calls\":1000}",
        "kanarienvogel is what I said",
        "\"by\":\"carl\"",
        "\"table\":\"decision\"",
        "\"table\":\"journal\"",
        "\"table\":\"outbox\"",
        "\"what\":\"deals\"",
        "Ana Ruiz made a call.",
        "\"reason\":\"" CANARY "\"",
        "\"platform_id\":\"",
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        if (!strstr(strbuf_text(&json), wanted[i]))
            fail_msg("%s is not in %.2000s", wanted[i], strbuf_text(&json));
    }
    assert_null(strstr(strbuf_text(&json), "ben has a secret"));
    assert_null(strstr(strbuf_text(&text), "ben has a secret"));
    assert_non_null(strstr(strbuf_text(&text), "answer: kanarienvogel is what I said"));
    assert_non_null(strstr(strbuf_text(&text), "who has looked"));
    assert_true(entries > 10);
    strbuf_done(&json);
    strbuf_done(&text);
    arena_done(&arena);
    end(&p);
}

static void export_in_the_chat_comes_in_parts_that_fit(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p);
    int before = p.sent_count;
    SAY(&p, "UANA", "export");
    int parts = p.sent_count - before;
    assert_true(parts >= 2 && parts <= 5);
    bool answer = false, rest = false;
    for (int i = before; i < p.sent_count; i++) {
        assert_string_equal(p.sent[i].to, "ana");
        assert_true(strlen(p.sent[i].text) < 2000);
        assert_null(strstr(p.sent[i].text, "ben has"));
        answer |= strstr(p.sent[i].text, "kanarienvogel is what I said") != NULL;
        rest |= strstr(p.sent[i].text, "gritctl export --rep ana") != NULL;
    }
    assert_true(answer);
    assert_true(rest || parts < 5);
    end(&p);
}

/* --- retention --- */

/* E7: with a clock of the test's own */
static void old_rows_go_by_themselves(void **state)
{
    struct play p = {0};
    struct store_count count;
    (void)state;
    begin(&p, false);
    live(&p);
    p.now += 31 * MSEC_DAY;
    settle(&p);
    CLEANUP_FREE char *month = dump(p.store);
    assert_null(strstr(month, "\"op\":")); /* words of messages */
    assert_non_null(strstr(month, "kanarienvogel is what I said"));
    p.now += 61 * MSEC_DAY;
    settle(&p);
    CLEANUP_FREE char *quarter = dump(p.store);
    assert_null(strstr(quarter, "kanarienvogel is what I said"));
    assert_null(strstr(quarter, "\nD "));
    assert_non_null(strstr(quarter, "\nJ "));
    p.now += 310 * MSEC_DAY;
    settle(&p);
    assert_int_equal(p.store->ops->count(p.store, &count, NULL), 0);
    assert_int_equal(count.journal, 0);
    assert_int_equal(count.outbox, 0);
    CLEANUP_FREE char *year = dump(p.store);
    assert_null(strstr(year, "carl"));
    end(&p);
}

/* E10: so long after leaving, and in no file any more. */
static void a_leaver_is_erased_after_a_while(void **state)
{
    static const char without[] =
        "teams:\n  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
        "people:\n"
        "  - {id: ben, name: Ben Osei, team: west, chat: UBEN}\n"
        "  - {id: dana, name: Dana Okafor, role: manager, chat: UDANA, zone: America/Denver}\n";
    struct rig_text text = {.people = without, .config = config, .plugins = {plugin}};
    struct rig later = {0};
    struct play p = {0};
    struct err err = {0};
    (void)state;
    begin(&p, false);
    rig_init(&later, &text, "2026-03-02 09:00");
    live(&p);
    GIVE(&p, .type = EVENT_REP_LEFT, .rep = "ana");
    p.now += 31 * MSEC_DAY;
    settle(&p);
    assert_string_equal(p.erased, ""); /* still in people.yaml */
    assert_int_equal(engine_set_book(p.engine, later.book, p.now, NULL, &err), 0);
    struct book *old = p.rig.book;
    p.rig.book = later.book;
    p.now += MSEC_HOUR;
    settle(&p);
    assert_string_equal(p.erased, "ana");
    CLEANUP_FREE char *after = dump(p.store);
    assert_null(strstr(after, CANARY));
    assert_null(strstr(after, "\"ana\""));
    p.rig.book = old;
    end(&p);
    rig_done(&later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forget_me_leaves_nothing_anywhere),
        cmocka_unit_test(what_is_on_its_way_at_the_wish_is_blanked_too),
        cmocka_unit_test(what_cannot_be_blanked_is_told),
        cmocka_unit_test(a_crash_begins_again_with_the_wish),
        cmocka_unit_test(a_platform_that_is_away_is_not_waited_for_for_ever),
        cmocka_unit_test(the_door_is_closed_only_while_the_rows_go),
        cmocka_unit_test(two_wishes_are_heard_one_after_the_other),
        cmocka_unit_test(a_private_answer_is_unreadable_to_everybody_else),
        cmocka_unit_test(a_request_for_help_is_the_askers),
        cmocka_unit_test(anonymous_words_are_in_no_row_of_a_person),
        cmocka_unit_test(export_holds_everything_and_nobody_else),
        cmocka_unit_test(export_in_the_chat_comes_in_parts_that_fit),
        cmocka_unit_test(old_rows_go_by_themselves),
        cmocka_unit_test(a_leaver_is_erased_after_a_while),
    };
    return cmocka_run_group_tests_name("forget", tests, NULL, NULL);
}
