/* forget_play.h: an engine over the store in memory, with people who talk to it and a platform that
 * answers. Include after cmocka.h. */
#pragma once
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

static inline size_t port_room(void *self)
{
    return ((const struct play *)self)->room;
}

static inline void port_send(void *self, const struct message *message,
                             const struct chat_place *place)
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

static inline void port_lookup(void *self, const char *const *keys, size_t count,
                               const struct chat_place *place, msec_t at)
{
    struct play *p = self;
    (void)count, (void)place, (void)at; /* it is there, wherever that was */
    assert_true(p->sent_count < SENT_MOST);
    p->sent[p->sent_count] = (struct sent_one){.lookup = true};
    (void)snprintf(p->sent[p->sent_count++].key, MESSAGE_KEY_BYTES, "%s", keys[0]);
}

static inline void on_erased(void *user, const char *id, size_t left)
{
    struct play *p = user;
    p->left = left;
    (void)snprintf(p->erased, sizeof(p->erased), "%s", id);
}

static inline void open_engine(struct play *p)
{
    const struct chat_port port = {p, port_room, port_send, port_lookup};
    struct engine_options options = {.core = p->rig.options,
                                     .hooks = {.erased = on_erased, .user = p}};
    struct err err = {0};
    if (engine_open(p->rig.book, p->store, &options, p->now, &err, &p->engine))
        fail_msg("%s", err.text);
    engine_set_chat(p->engine, &port);
}

static inline struct store_memory_options store_options(const struct play *p)
{
    return (struct store_memory_options){.finished = outbox_final_mask(), .deferred = p->deferred};
}

static inline void begin(struct play *p, bool deferred)
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

static inline void end(struct play *p)
{
    engine_stop(p->engine);
    p->store->ops->close(p->store);
    engine_close(p->engine);
    rig_done(&p->rig);
}

/* Everything that can happen now: commits and the platform's answers. */
static inline void settle(struct play *p)
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

static inline enum engine_taken give(struct play *p, struct event e)
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

static inline void live(struct play *p)
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
