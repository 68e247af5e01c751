/* The platform xmpp: what the session tells becomes what the runner does. The server is the test,
 * which offers PLAIN only, so that its side needs no sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat.h"
#include "wire/xmpp.h"

enum { CONN = 7 };
#define SM     "xmlns='urn:xmpp:sm:3'"
#define MAM    "xmlns='urn:xmpp:mam:2'"
#define RESULT "<iq xmlns='jabber:client' type='result' id='%s'>"

static void *state;
static struct wire_out out;
static msec_t now;

/* --- the platform --- */

static int make(const char *const *values, struct err *err)
{
    const struct chat_setup setup = {.values = values, .secret = {1, 2, 3}};
    return chat_xmpp.state_new(&setup, err, &state);
}

static int begin(void **unused)
{
    static const char *const values[] = {"wss://chat.example/ws", "Bot@Example.com", "secret",
                                         "gritd", "b.example, C.Example"};
    struct err err = {0};
    (void)unused;
    now = INT64_C(1795341600000);
    assert_int_equal(make(values, &err), 0);
    wire_out_init(&out);
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    chat_xmpp.state_free(state);
    wire_out_done(&out);
    state = NULL;
    return 0;
}

static const struct wire_item *item(enum wire_kind kind, size_t n)
{
    for (const struct wire_item *one = out.first; one; one = one->next) {
        if (one->kind == kind && n-- == 0)
            return one;
    }
    return NULL;
}

static size_t items(enum wire_kind kind)
{
    size_t count = 0;
    while (item(kind, count))
        count++;
    return count;
}

/* Of the frames, the first one with these words. */
static const char *said(const char *words)
{
    for (size_t i = 0; i < items(WIRE_FRAME); i++) {
        if (strstr(item(WIRE_FRAME, i)->text, words))
            return item(WIRE_FRAME, i)->text;
    }
    return NULL;
}

__attribute__((format(printf, 1, 2))) static void feed(const char *format, ...)
{
    static char text[32768];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    assert_true(length > 0 && (size_t)length < sizeof(text));
    wire_out_reset(&out);
    chat_xmpp.on_frame(state, CONN, text, (size_t)length, now, &out);
}

static void tick(msec_t ms)
{
    now += ms;
    wire_out_reset(&out);
    chat_xmpp.on_timer(state, now, &out);
}

static void lose(void)
{
    const struct chat_closed how = {1006, "", 0};
    wire_out_reset(&out);
    chat_xmpp.on_closed(state, CONN, &how, &out);
}

/* --- the server --- */

static void connect_and_open(void)
{
    wire_out_reset(&out);
    chat_xmpp.on_start(state, now, &out);
    assert_string_equal(item(WIRE_CONNECT, 0)->text, "wss://chat.example/ws");
    wire_out_reset(&out);
    chat_xmpp.on_open(state, CONN, NULL, &out);
    assert_int_equal(item(WIRE_TIMER, 0)->delay_ms, 0);
    tick(0);
    assert_non_null(said("<open "));
    feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>");
}

static void sign_in(void)
{
    connect_and_open();
    feed("<f:features xmlns:f='http://etherx.jabber.org/streams'><mechanisms "
         "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
         "</f:features>");
    assert_non_null(said("mechanism='PLAIN'"));
    feed("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>");
    feed("<f:features xmlns:f='http://etherx.jabber.org/streams'>"
         "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm " SM "/></f:features>");
}

static void answer_start(bool archive)
{
    char ids[4][16];
    static const char *const marks[] = {"to='bot@example.com'", "to='example.com'",
                                        "jabber:iq:roster", "<prefs"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        const char *text = said(marks[i]);
        assert_non_null(text);
        assert_int_equal(sscanf(strstr(text, "id='"), "id='%15[^']", ids[i]), 1);
    }
    feed(RESULT "<query xmlns='http://jabber.org/protocol/disco#info'>%s"
                "<feature var='urn:xmpp:sid:0'/></query></iq>",
         ids[0], archive ? "<feature var='urn:xmpp:mam:2'/>" : "");
    feed(RESULT "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>", ids[1]);
    feed(RESULT "<query xmlns='jabber:iq:roster'/></iq>", ids[2]);
    feed(RESULT "<prefs " MAM " default='always'/></iq>", ids[3]);
}

static void come_up(bool archive)
{
    sign_in();
    assert_non_null(said("<bind "));
    feed(RESULT "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@example.com/gritd</jid>"
                "</bind></iq>",
         "bind");
    feed("<enabled " SM " id='s1' max='600' resume='true'/>");
    answer_start(archive);
    assert_int_equal(item(WIRE_UP, 0)->conn, CONN);
    feed("<a " SM " h='5'/>"); /* four questions and the presence */
}

static void come_back(unsigned handled)
{
    sign_in();
    assert_non_null(said("<resume "));
    feed("<resumed " SM " previd='s1' h='%u'/>", handled);
    assert_int_equal(items(WIRE_UP), 1);
}

/* --- sends --- */

static void send_to(const char *jid, const struct message *message)
{
    const struct chat_place place = {.user = jid};
    wire_out_reset(&out);
    chat_xmpp.encode_send(state, message, &place, now, &out);
}

static void post(const char *key, const char *text)
{
    const struct message message = {.op = MESSAGE_POST, .key = key, .text = text};
    send_to("ana@example.com", &message);
}

static void expect(const char *key, enum chat_outcome outcome)
{
    assert_int_equal(items(WIRE_RESULT), 1);
    assert_string_equal(item(WIRE_RESULT, 0)->result.key, key);
    assert_int_equal(item(WIRE_RESULT, 0)->result.outcome, outcome);
}

static void send_ends_with_the_server_s_count(void **unused)
{
    (void)unused;
    come_up(true);
    post("k1", "What <b> & next?");
    assert_int_equal(items(WIRE_RESULT), 0);
    assert_non_null(said("<message xmlns='jabber:client' type='chat' id='k1' to='ana@example.com'>"
                         "<body>What &lt;b&gt; &amp; next?</body>"
                         "<origin-id xmlns='urn:xmpp:sid:0' id='k1'/>"));
    assert_non_null(said("<r "));
    feed("<a " SM " h='6'/>");
    expect("k1", CHAT_SENT);
    assert_string_equal(item(WIRE_RESULT, 0)->result.platform_id, "k1");
    assert_string_equal(item(WIRE_RESULT, 0)->result.channel, "ana@example.com");
}

static void change_is_a_correction(void **unused)
{
    const struct message update = {
        .op = MESSAGE_UPDATE, .key = "k2", .target = "k1", .text = "Skipped."};
    (void)unused;
    come_up(true);
    send_to("ana@example.com", &update);
    assert_non_null(said("<replace xmlns='urn:xmpp:message-correct:0' id='k1'/>"));
    feed("<a " SM " h='6'/>");
    expect("k2", CHAT_SENT);
}

static void buttons_become_numbers(void **unused)
{
    struct message message = {.op = MESSAGE_POST, .key = "k1", .text = "Well?"};
    (void)unused;
    message.buttons[0] = (struct button){"skip", "Skip", false};
    message.button_count = 1;
    come_up(true);
    send_to("ana@example.com", &message);
    assert_non_null(said("<body>Well?&#10;&#10;[1] Skip</body>"));
}

/* FM-G04: whatever a text holds, the frame is XML and not too long. */
static void any_text_is_well_formed_and_fits(void **unused)
{
    char text[20001];
    (void)unused;
    come_up(true);
    for (size_t i = 0; i < 255; i++)
        text[i] = i + 1 < 128 ? (char)(i + 1) : '&';
    memcpy(text + 255, "]]>\xef\xbf\xbf\xe2\x80\xa8", 10);
    post("k1", text);
    assert_non_null(said("]]&gt;\xef\xbf\xbd\xe2\x80\xa8"));
    assert_null(said("\x01"));
    memset(text, '\'', sizeof(text) - 1); /* six bytes each */
    text[sizeof(text) - 1] = '\0';
    post("k2", text);
    const char *frame = said("id='k2'");
    assert_non_null(frame);
    assert_true(strlen(frame) <= XMPP_STANZA_BYTES);
    assert_non_null(strstr(frame, "…</body>"));
    feed("<a " SM " h='7'/>");
    assert_int_equal(items(WIRE_RESULT), 2);
}

static void address_of_no_domain_of_ours_is_refused(void **unused)
{
    static const char *const refused[] = {"eve@elsewhere.example", "x@ample.com", "a@example.com b",
                                          "b.example@x",           "@",           ""};
    static const char *const fine[] = {"Ana@EXAMPLE.com", "ana@b.example", "ana@c.example/phone"};
    const struct message message = {.op = MESSAGE_POST, .key = "k", .text = "?"};
    (void)unused;
    come_up(true);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        send_to(refused[i], &message);
        expect("k", CHAT_REJECTED);
        assert_int_equal(items(WIRE_FRAME), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        char key[8];
        const struct message one = {.op = MESSAGE_POST, .key = key, .text = "?"};
        (void)snprintf(key, sizeof(key), "f%zu", i);
        send_to(fine[i], &one);
        assert_int_equal(items(WIRE_RESULT), 0);
        assert_non_null(said("<message "));
    }
    const char *members[] = {"ana@example.com"};
    const struct chat_place team = {
        .user = "room@example.com", .members = members, .member_count = 1};
    wire_out_reset(&out);
    chat_xmpp.encode_send(state, &message, &team, now, &out);
    expect("k", CHAT_REJECTED);
}

static void send_without_a_session_is_proof_that_nothing_left(void **unused)
{
    (void)unused;
    post("k1", "?");
    expect("k1", CHAT_RETRY);
    assert_true(item(WIRE_RESULT, 0)->result.retry_after_ms > 0);
}

static void bounce(const char *key, const char *type, const char *condition)
{
    feed("<message xmlns='jabber:client' type='error' id='%s' from='ana@example.com'>"
         "<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
         key, type, condition);
}

static void what_comes_back_was_not_delivered(void **unused)
{
    (void)unused;
    come_up(true);
    post("k1", "?");
    bounce("k1", "cancel", "service-unavailable");
    expect("k1", CHAT_REJECTED);
    assert_string_equal(item(WIRE_RESULT, 0)->result.error, "service-unavailable");
    post("k2", "?");
    bounce("k2", "wait", "resource-constraint");
    expect("k2", CHAT_RETRY);
    feed("<a " SM " h='7'/>");
    assert_int_equal(items(WIRE_RESULT), 0); /* one result each */
    post("k3", "?");
    feed("<a " SM " h='8'/>");
    expect("k3", CHAT_SENT);
    bounce("k3", "cancel", "service-unavailable");
    assert_int_equal(items(WIRE_RESULT), 0);
}

/* --- the line breaks --- */

/* FM-B01: what the server's count covers is sent, what it does not cover goes once more. */
static void resumed_session_settles_by_count(void **unused)
{
    (void)unused;
    come_up(true);
    post("k1", "one");
    post("k2", "two");
    lose();
    assert_int_equal(items(WIRE_RESULT), 0);
    come_back(6);
    expect("k1", CHAT_SENT);
    assert_null(said("id='k1'"));
    assert_non_null(said("id='k2'"));
    feed("<a " SM " h='7'/>");
    expect("k2", CHAT_SENT);
}

static void not_resumed_in_time_is_unknown(void **unused)
{
    (void)unused;
    come_up(true);
    post("k1", "one");
    lose();
    tick(XMPP_RESUME_MS - 1);
    assert_int_equal(items(WIRE_RESULT), 0);
    tick(2);
    expect("k1", CHAT_UNKNOWN);
}

static void refused_resumption_is_unknown_but_for_the_count(void **unused)
{
    (void)unused;
    come_up(true);
    post("k1", "one");
    post("k2", "two");
    lose();
    sign_in();
    feed("<failed " SM " h='6'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
         "</failed>");
    assert_int_equal(items(WIRE_RESULT), 2);
    assert_int_equal(item(WIRE_RESULT, 0)->result.outcome, CHAT_SENT);
    assert_int_equal(item(WIRE_RESULT, 1)->result.outcome, CHAT_UNKNOWN);
}

static void leaving_ends_everything(void **unused)
{
    const struct chat_place place = {.user = "ana@example.com"};
    (void)unused;
    come_up(true);
    post("k1", "one");
    chat_xmpp.encode_lookup(state, "k0", &place, now, &out);
    chat_xmpp.encode_catch_up(state, &place, now - 1000, &out);
    wire_out_reset(&out);
    chat_xmpp.on_leave(state, &out);
    assert_non_null(said("<close "));
    assert_int_equal(item(WIRE_DROP, 0)->conn, CONN);
    assert_int_equal(items(WIRE_RESULT), 2);
    assert_int_equal(item(WIRE_RESULT, 0)->result.outcome, CHAT_UNKNOWN);
    assert_int_equal(item(WIRE_RESULT, 1)->result.outcome, CHAT_UNREADABLE);
    assert_int_equal(items(WIRE_CAUGHT_UP), 1);
    assert_true(item(WIRE_CAUGHT_UP, 0)->delay_ms > 0);
}

/* --- what people write --- */

static void say(const char *from, const char *stamp, const char *text)
{
    feed("<message xmlns='jabber:client' type='chat' from='%s' id='m1'><body>%s</body>"
         "<stanza-id xmlns='urn:xmpp:sid:0' by='bot@example.com' id='%s'/></message>",
         from, text, stamp);
}

static void words_are_acknowledged_once_they_are_kept(void **unused)
{
    (void)unused;
    come_up(true);
    say("Ana@example.com/phone", "s77", "the answer");
    const struct wire_item *said_item = item(WIRE_EVENT, 0);
    const struct event *event = said_item->event;
    assert_int_equal(event->type, EVENT_SAID);
    assert_string_equal(event->chat, "ana@example.com");
    assert_string_equal(event->text, "the answer");
    assert_string_equal(event->id, "s77");
    assert_string_equal(event->source, "/chat/xmpp/bot@example.com");
    assert_true(event->plain && said_item->told);
    int64_t number = said_item->number;
    feed("<r " SM "/>");
    assert_non_null(said("<a " SM " h='4'/>")); /* the answers of the start only */
    wire_out_reset(&out);
    chat_xmpp.on_kept(state, CONN, number, true, now, &out);
    assert_non_null(said("<a " SM " h='5'/>"));
}

static void words_without_an_id_are_told_apart(void **unused)
{
    char ids[3][128];
    static const char *const texts[] = {"one", "two", "one"};
    (void)unused;
    come_up(true);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        feed("<message xmlns='jabber:client' type='chat' from='ana@example.com'><body>%s</body>"
             "<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/></message>",
             texts[i]);
        (void)snprintf(ids[i], sizeof(ids[i]), "%s", item(WIRE_EVENT, 0)->event->id);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_equal(ids[0], ids[2]); /* the same once more */
    feed("<message xmlns='jabber:client' type='chat' from='ana@example.com' id='m9'>"
         "<body>one</body></message>");
    assert_string_equal(item(WIRE_EVENT, 0)->event->id, "ana@example.com/m9");
}

static void words_that_cannot_be_kept_are_left_to_the_server(void **unused)
{
    (void)unused;
    come_up(true);
    say("ana@example.com", "s77", "the answer");
    int64_t number = item(WIRE_EVENT, 0)->number;
    wire_out_reset(&out);
    chat_xmpp.on_kept(state, CONN + 1, number, false, now, &out); /* of another connection */
    assert_null(out.first);
    chat_xmpp.on_kept(state, CONN, number, false, now, &out);
    assert_int_equal(item(WIRE_DROP, 0)->conn, CONN);
    assert_null(said("<a "));
    lose();
    sign_in();
    assert_non_null(said("<resume " SM " previd='s1' h='4'/>"));
}

static void words_of_strangers_are_passed_over(void **unused)
{
    const struct chat_counter *counters;
    (void)unused;
    come_up(true);
    say("eve@elsewhere.example", "s78", "buy now");
    assert_int_equal(items(WIRE_EVENT), 0);
    assert_true(chat_xmpp.counters(state, &counters) > 0);
    assert_int_equal(counters[0].value, 1);
    feed("<r " SM "/>");
    assert_non_null(said("<a " SM " h='5'/>")); /* they do not come again */
    feed("<presence xmlns='jabber:client' type='subscribe' from='eve@elsewhere.example'/>");
    assert_non_null(said("type='unsubscribed' to='eve@elsewhere.example'"));
    feed("<presence xmlns='jabber:client' type='subscribe' from='ana@b.example'/>");
    assert_non_null(said("type='subscribed' to='ana@b.example'"));
}

/* --- the archive --- */

static void look(const char *key)
{
    const struct chat_place place = {.user = "ana@example.com"};
    wire_out_reset(&out);
    chat_xmpp.encode_lookup(state, key, &place, now, &out);
}

static void finish_page(const char *query)
{
    char id[16];
    assert_int_equal(sscanf(strstr(query, "id='"), "id='%15[^']", id), 1);
    feed(RESULT "<fin " MAM " complete='true'><set xmlns='http://jabber.org/protocol/rsm'>"
                "<first>a0</first><last>a9</last></set></fin></iq>",
         id);
}

static void looked_up_in_the_archive(void **unused)
{
    char id[16];
    (void)unused;
    come_up(true);
    look("k1");
    assert_int_equal(item(WIRE_TIMER, 0)->delay_ms, 0);
    tick(0);
    const char *query = said("<query " MAM);
    assert_non_null(query);
    assert_non_null(strstr(query, "<value>ana@example.com</value>"));
    finish_page(query);
    expect("k1", CHAT_MISSING);
    look("k2");
    tick(0);
    query = said("<query " MAM);
    assert_int_equal(sscanf(strstr(query, "queryid='"), "queryid='%15[^']", id), 1);
    char kept[512];
    (void)snprintf(kept, sizeof(kept), "%s", query);
    feed("<message xmlns='jabber:client'><result " MAM " queryid='%s' id='a1'>"
         "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
         "from='bot@example.com/x' id='other'><body>?</body>"
         "<origin-id xmlns='urn:xmpp:sid:0' id='k2'/></message></forwarded></result></message>",
         id);
    finish_page(kept);
    expect("k2", CHAT_FOUND);
}

/* FM-B09: without an archive nothing is missing: it is unreadable. */
static void no_archive_is_unreadable(void **unused)
{
    const struct chat_place place = {.user = "ana@example.com"};
    (void)unused;
    look("k0");
    expect("k0", CHAT_UNREADABLE);
    come_up(false);
    look("k1");
    tick(0);
    expect("k1", CHAT_UNREADABLE);
    assert_non_null(strstr(item(WIRE_RESULT, 0)->result.error, "keeps no archive"));
    wire_out_reset(&out);
    chat_xmpp.encode_catch_up(state, &place, now - 1000, &out);
    tick(0);
    assert_int_equal(items(WIRE_CAUGHT_UP), 1);
    assert_int_equal(item(WIRE_CAUGHT_UP, 0)->delay_ms, 0); /* again would be no use */
}

static void many_look_ups_wait_for_their_turn(void **unused)
{
    enum { MANY = 40 };
    char key[8];
    size_t ended = 0;
    (void)unused;
    come_up(true);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(key, sizeof(key), "k%d", i);
        look(key);
    }
    tick(0);
    assert_int_equal(items(WIRE_FRAME), XMPP_LOOKUPS_MAX + 1); /* and one request for a count */
    lose();
    ended += items(WIRE_RESULT);
    tick(XMPP_STEP_MS + 1);
    ended += items(WIRE_RESULT);
    assert_int_equal(ended, MANY);
}

static void one_reading_catches_up_for_all(void **unused)
{
    const struct chat_place place = {.user = "ana@example.com"};
    char id[16], kept[512];
    (void)unused;
    come_up(true);
    wire_out_reset(&out);
    chat_xmpp.encode_catch_up(state, &place, now - 5000, &out);
    chat_xmpp.encode_catch_up(state, &place, now - 5000, &out);
    tick(0);
    (void)snprintf(kept, sizeof(kept), "%s", said("<query " MAM));
    assert_null(strstr(kept, "'with'"));
    assert_int_equal(sscanf(strstr(kept, "queryid='"), "queryid='%15[^']", id), 1);
    feed("<message xmlns='jabber:client'><result " MAM " queryid='%s' id='s77'>"
         "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
         "from='ana@example.com/x' id='m1' type='chat'><body>the answer</body></message>"
         "</forwarded></result></message>",
         id);
    assert_string_equal(item(WIRE_EVENT, 0)->event->id, "s77"); /* as it would have come live */
    finish_page(kept);
    assert_int_equal(items(WIRE_CAUGHT_UP), 2);
    wire_out_reset(&out);
    chat_xmpp.encode_catch_up(state, &place, now - 5000, &out);
    assert_int_equal(items(WIRE_CAUGHT_UP), 1); /* the next place: known already */
    assert_int_equal(items(WIRE_TIMER), 0);
}

static void resumed_session_has_nothing_to_catch_up(void **unused)
{
    const struct chat_place place = {.user = "ana@example.com"};
    (void)unused;
    come_up(true);
    lose();
    come_back(5);
    wire_out_reset(&out);
    chat_xmpp.encode_catch_up(state, &place, now - 5000, &out);
    assert_int_equal(items(WIRE_CAUGHT_UP), 1);
    assert_int_equal(item(WIRE_CAUGHT_UP, 0)->delay_ms, 0);
}

/* --- refusals --- */

static void refused_password_is_one_line_with_what_to_do(void **unused)
{
    (void)unused;
    connect_and_open();
    feed("<f:features xmlns:f='http://etherx.jabber.org/streams'><mechanisms "
         "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
         "</f:features>");
    feed("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
    const struct wire_item *fatal = item(WIRE_FATAL, 0);
    assert_int_equal(fatal->delay_ms, 0);
    assert_non_null(strstr(fatal->text, "XMPP: the server does not accept"));
    assert_non_null(strstr(fatal->todo, "check jid and password"));
    assert_int_equal(item(WIRE_DROP, 0)->conn, CONN);
}

static void address_without_a_websocket_is_named(void **unused)
{
    static const struct {
        unsigned status;
        bool fatal;
    } cases[] = {{404, true}, {200, true}, {403, true}, {429, false}, {503, false}, {0, false}};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct chat_closed how = {1006, "", cases[i].status};
        wire_out_reset(&out);
        chat_xmpp.on_closed(state, 99, &how, &out);
        assert_int_equal(items(WIRE_FATAL), cases[i].fatal);
        if (cases[i].fatal) /* it is tried again: the server may only be starting */
            assert_true(item(WIRE_FATAL, 0)->delay_ms > 0);
    }
}

static void another_server_is_followed_once(void **unused)
{
    (void)unused;
    come_up(true);
    feed("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='wss://two.example/'/>");
    assert_int_equal(item(WIRE_DROP, 0)->conn, CONN);
    lose();
    wire_out_reset(&out);
    chat_xmpp.on_start(state, now, &out);
    assert_string_equal(item(WIRE_CONNECT, 0)->text, "wss://two.example/");
    wire_out_reset(&out);
    chat_xmpp.on_start(state, now, &out);
    assert_string_equal(item(WIRE_CONNECT, 0)->text, "wss://chat.example/ws");
}

static void options_are_checked(void **unused)
{
    static const struct {
        const char *values[5];
        const char *words;
    } cases[] = {
        {{"https://x", "a@b", "p", NULL, NULL}, "wss://"},
        {{"ws://chat.example/", "a@b", "p", NULL, NULL}, "this machine only"},
        {{"ws://127.0.0.1.evil.example/", "a@b", "p", NULL, NULL}, "this machine only"},
        {{"ws://localhost.example/", "a@b", "p", NULL, NULL}, "this machine only"},
        {{"ws://127.0.0.1:5280/ws", "a", "p", NULL, NULL}, "user@domain"},
        {{"ws://localhost/", "a@b/c", "p", NULL, NULL}, "user@domain"},
        {{"ws://[::1]:1/", "a@b", "", NULL, NULL}, "password is empty"},
        {{"wss://x", "a@b", "p", NULL, "x.example, ana@y.example"}, "behind @"},
    };
    void *kept = state;
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        assert_true(make(cases[i].values, &err) < 0);
        assert_non_null(strstr(err.text, cases[i].words));
    }
    state = kept;
}

static void every_sign_in_has_another_nonce(void **unused)
{
    char first[512];
    (void)unused;
    for (int i = 0; i < 2; i++) {
        connect_and_open();
        feed("<f:features xmlns:f='http://etherx.jabber.org/streams'><mechanisms "
             "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism>"
             "</mechanisms></f:features>");
        const char *auth = said("SCRAM-SHA-256");
        assert_non_null(auth);
        if (i == 0)
            (void)snprintf(first, sizeof(first), "%s", auth);
        else
            assert_string_not_equal(auth, first);
        lose();
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(send_ends_with_the_server_s_count),
        TEST(change_is_a_correction),
        TEST(buttons_become_numbers),
        TEST(any_text_is_well_formed_and_fits),
        TEST(address_of_no_domain_of_ours_is_refused),
        TEST(send_without_a_session_is_proof_that_nothing_left),
        TEST(what_comes_back_was_not_delivered),
        TEST(resumed_session_settles_by_count),
        TEST(not_resumed_in_time_is_unknown),
        TEST(refused_resumption_is_unknown_but_for_the_count),
        TEST(leaving_ends_everything),
        TEST(words_are_acknowledged_once_they_are_kept),
        TEST(words_without_an_id_are_told_apart),
        TEST(words_that_cannot_be_kept_are_left_to_the_server),
        TEST(words_of_strangers_are_passed_over),
        TEST(looked_up_in_the_archive),
        TEST(no_archive_is_unreadable),
        TEST(many_look_ups_wait_for_their_turn),
        TEST(one_reading_catches_up_for_all),
        TEST(resumed_session_has_nothing_to_catch_up),
        TEST(refused_password_is_one_line_with_what_to_do),
        TEST(address_without_a_websocket_is_named),
        TEST(another_server_is_followed_once),
        TEST(options_are_checked),
        TEST(every_sign_in_has_another_nonce),
    };
    return cmocka_run_group_tests_name("wire_xmpp", tests, NULL, NULL);
}
