/* What comes in to the XMPP session: messages, forgeries, look-ups, presence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "xmpp_world.h"

#include "xmpp_sign_in.h"

static void handled(uint64_t number)
{
    fresh();
    xmpp_handled(w.xmpp, number, w.now, &w.out);
}

/* --- messages --- */

static void xmpp_message_is_read(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    feed("<message xmlns='jabber:client' type='chat' id='m1' from='Rep@example.com/phone' "
         "to='user@example.com'><body>It went &lt;well&gt;</body>"
         "<reply xmlns='urn:xmpp:reply:0' id='k1'/>"
         "<stanza-id xmlns='urn:xmpp:sid:0' by='rep@example.com' id='theirs'/>"
         "<stanza-id xmlns='urn:xmpp:sid:0' by='user@example.com' id='ours'/>"
         "<delay xmlns='urn:xmpp:delay' stamp='2023-11-14T22:00:00Z'/></message>");
    const struct xmpp_item *message = item(XMPP_MESSAGE, 0);
    assert_string_equal(message->jid, "rep@example.com");
    assert_string_equal(message->body, "It went <well>");
    assert_string_equal(message->id, "m1");
    assert_string_equal(message->reply_to, "k1");
    assert_string_equal(message->archive_id, "ours");
    assert_true(message->at == 1699999200000);
    assert_false(message->stranger);
    feed("<message xmlns='jabber:client' from='c@x'><body>hi</body>"
         "<delay xmlns='urn:xmpp:delay' stamp='2099-01-01T00:00:00Z'/></message>");
    message = item(XMPP_MESSAGE, 0);
    assert_true(message->stranger);
    assert_null(message->archive_id);
    assert_true(message->at == w.now); /* nothing was written tomorrow */
}

static void xmpp_what_is_no_message_is_passed_over(void **state)
{
    static const char *const frames[] = {
        "<message xmlns='jabber:client' from='c@x' type='chat'><composing "
        "xmlns='http://jabber.org/protocol/chatstates'/></message>",
        "<message xmlns='jabber:client' from='c@x' type='chat'><body/></message>",
        "<message xmlns='jabber:client' from='c@x' type='groupchat'><body>x</body></message>",
        "<message xmlns='jabber:client' from='c@x' type='headline'><body>x</body></message>",
        "<message xmlns='jabber:client' from='user@example.com/y'><body>x</body></message>",
        "<message xmlns='jabber:client'><body>x</body></message>",
        "<message xmlns='jabber:client' from='a b@x'><body>x</body></message>",
        /* forgeries: only our own account may forward to us */
        "<message xmlns='jabber:client' from='c@x'><received xmlns='urn:xmpp:carbons:2'><forwarded "
        "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='rep@example.com'><body>x"
        "</body></message></forwarded></received><body>x</body></message>",
        "<message xmlns='jabber:client' from='c@x'><result " MAM " queryid='q6' id='1'><forwarded "
        "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='rep@example.com'><body>x"
        "</body></message></forwarded></result></message>",
        /* what another session of the account wrote */
        "<message xmlns='jabber:client' from='user@example.com'><sent xmlns='urn:xmpp:carbons:2'>"
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
        "from='user@example.com/y' to='c@x'><body>x</body></message></forwarded></sent></message>",
    };
    (void)state;
    world_start(NULL);
    come_up(true);
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        feed("%s", frames[i]);
        assert_null(w.out.first);
    }
    feed("<r " SM "/>");
    assert_string_equal(frame(0), "<a " SM " h='14'/>"); /* all were counted */
    feed("<message xmlns='jabber:client' from='user@example.com'><received "
         "xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message "
         "xmlns='jabber:client' from='rep@example.com/z'><body>to the other one</body></message>"
         "</forwarded></received></message>");
    assert_string_equal(item(XMPP_MESSAGE, 0)->body, "to the other one");
}

static uint64_t receive(const char *body)
{
    feed("<message xmlns='jabber:client' from='rep@example.com'><body>%s</body></message>", body);
    return item(XMPP_MESSAGE, 0)->number;
}

static void xmpp_only_what_is_durable_is_acknowledged(void **state)
{
    uint64_t numbers[3];
    (void)state;
    world_start(NULL);
    come_up(true); /* four answers were counted */
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        numbers[i] = receive("x");
    feed("<r " SM "/>");
    assert_string_equal(frame(0), "<a " SM " h='4'/>");
    handled(numbers[1]);
    assert_null(w.out.first); /* the first is not stored yet */
    handled(numbers[0]);
    assert_string_equal(frame(0), "<a " SM " h='6'/>");
    lose();
    sign_in(BIND_FEATURE SM_FEATURE);
    assert_string_equal(frame(0), "<resume " SM " previd='s1' h='6'/>");
    feed("<resumed " SM " previd='s1' h='5'/>");
    handled(numbers[2]); /* of before: it comes again, under another number */
    assert_null(w.out.first);
    uint64_t again = receive("x");
    feed("<r " SM "/>");
    assert_string_equal(frame(0), "<a " SM " h='6'/>");
    handled(again);
    assert_string_equal(frame(0), "<a " SM " h='7'/>");
    handled(again);
    assert_null(w.out.first);
}

static void xmpp_flood_that_nobody_stores_ends(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    for (int i = 0; i < XMPP_UNDONE_MAX; i++)
        (void)receive("x");
    feed("<message xmlns='jabber:client' from='rep@example.com'><body>x</body></message>");
    assert_null(item(XMPP_MESSAGE, 0));
    assert_non_null(item(XMPP_END, 0));
    sign_in(BIND_FEATURE SM_FEATURE);
    assert_string_equal(frame(0), "<resume " SM " previd='s1' h='4'/>"); /* all of it again */
}

static void xmpp_bounces(void **state)
{
    static const char bounce[] =
        "<message xmlns='jabber:client' type='error' id='%s' from='%s'><error type='%s'>"
        "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No.</text></error></message>";
    char text[512];
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "x"), 0);
    (void)snprintf(text, sizeof(text), bounce, "k1", "stranger@x", "cancel", "gone");
    feed("%s", text);
    assert_null(w.out.first); /* it was not for them */
    (void)snprintf(text, sizeof(text), bounce, "k1", "rep@example.com", "cancel",
                   "service-unavailable");
    feed("%s", text);
    assert_string_equal(item(XMPP_BOUNCED, 0)->key, "k1");
    assert_string_equal(item(XMPP_BOUNCED, 0)->what, "service-unavailable (No.)");
    assert_false(item(XMPP_BOUNCED, 0)->temporary);
    assert_false(item(XMPP_BOUNCED, 0)->late);
    feed("<a " SM " h='6'/>");
    assert_null(w.out.first); /* its end was told */
    assert_int_equal(send_text("k2", "rep@example.com", "x"), 0);
    feed("<a " SM " h='7'/>");
    (void)snprintf(text, sizeof(text), bounce, "k2", "rep@example.com", "wait",
                   "resource-constraint");
    feed("%s", text);
    assert_true(item(XMPP_BOUNCED, 0)->temporary);
    assert_true(item(XMPP_BOUNCED, 0)->late);
}

/* --- questions to us --- */

static void xmpp_questions_are_answered(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    feed("<iq xmlns='jabber:client' type='get' id='a&amp;1' from='example.com'>"
         "<ping xmlns='urn:xmpp:ping'/></iq>");
    assert_string_equal(frame(0), "<iq xmlns='jabber:client' type='result' id='a&amp;1' "
                                  "to='example.com'></iq>");
    feed("<iq xmlns='jabber:client' type='get' id='a2' from='c@x/y'><q xmlns='urn:q'/></iq>");
    assert_non_null(said("service-unavailable"));
    assert_non_null(said("to='c@x/y'"));
    /* somebody else's roster push */
    feed("<iq xmlns='jabber:client' type='set' id='a3' from='c@x/y'><query "
         "xmlns='jabber:iq:roster'><item jid='c@x' subscription='both'/></query></iq>");
    assert_non_null(said("service-unavailable"));
    assert_int_equal(xmpp_contact(w.xmpp, "c@x"), 0);
    feed("<iq xmlns='jabber:client' type='set' id='a4'><query xmlns='jabber:iq:roster'>"
         "<item jid='c@x' subscription='both'/></query></iq>");
    assert_non_null(said("type='result' id='a4'"));
    assert_string_equal(item(XMPP_CONTACT, 0)->jid, "c@x");
    assert_int_equal(xmpp_contact(w.xmpp, "c@x"), XMPP_SEES_THEM | XMPP_SEEN_BY);
    feed("<iq xmlns='jabber:client' type='set' id='a5'><query xmlns='jabber:iq:roster'>"
         "<item jid='rep@example.com' subscription='remove'/></query></iq>");
    assert_int_equal(xmpp_contact(w.xmpp, "rep@example.com"), 0);
    assert_int_equal(xmpp_contact(w.xmpp, "b@x"), XMPP_SEES_THEM);
}

static void xmpp_strangers_cannot_fill_the_queue(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    size_t answers = 0;
    for (int i = 0; i < 3 * XMPP_QUEUE_MAX; i++) {
        feed("<iq xmlns='jabber:client' type='get' id='a%d' from='c@x/y'/>", i);
        answers += said("id='a") != NULL;
        assert_null(item(XMPP_END, 0));
    }
    assert_int_equal(answers, XMPP_QUEUE_MAX / 2);
    assert_int_equal(send_text("k1", "rep@example.com", "still"), 0);
}

/* --- the archive --- */

static void result(unsigned query, const char *from, const char *key, const char *id)
{
    feed("<message xmlns='jabber:client' to='user@example.com/x'><result " MAM
         " queryid='q%u' id='%s'><forwarded xmlns='urn:xmpp:forward:0'><delay "
         "xmlns='urn:xmpp:delay' stamp='2023-11-14T22:00:00Z'/><message xmlns='jabber:client' "
         "from='%s' id='other'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='%s'/></message>"
         "</forwarded></result></message>",
         query, id, from, key);
    assert_int_equal(items(XMPP_FOUND) + items(XMPP_MISSING), 0);
}

/* The numbers of the question that was said last: its id, and its query's. */
static void numbers(unsigned *ret_id, unsigned *ret_query)
{
    const char *text = said("type='set'");
    assert_non_null(text);
    assert_int_equal(sscanf(strstr(text, " id='g"), " id='g%u'", ret_id), 1);
    assert_int_equal(sscanf(strstr(text, "queryid='q"), "queryid='q%u'", ret_query), 1);
}

/* The end of a page. edge: the archive's id of the message there, on either side; "" when it has
 * none. */
static void fin(unsigned id, bool complete, const char *edge)
{
    char both[128] = "";
    if (*edge)
        (void)snprintf(both, sizeof(both), "<first>%s</first><last>%s</last>", edge, edge);
    feed("<iq xmlns='jabber:client' type='result' id='g%u'><fin " MAM " complete='%s'><set "
         "xmlns='http://jabber.org/protocol/rsm'>%s</set></fin></iq>",
         id, complete ? "true" : "false", both);
}

/* An empty page, as often as it takes to be believed. Returns how often it was asked for. */
static int nothing_there(void)
{
    unsigned id, query;
    int asked = 0;
    while (said("queryid")) {
        numbers(&id, &query);
        fin(id, true, "");
        asked++;
    }
    return asked;
}

static void xmpp_look_up_reads_all_pages(void **state)
{
    unsigned id, query;
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(look_up("k1", 1699999200000), 0);
    numbers(&id, &query);
    assert_non_null(said("<field var='with'><value>rep@example.com</value></field>"));
    assert_non_null(said("<before></before>")); /* the newest first */
    assert_null(said("var='start'"));
    result(query, "rep@example.com/x", "k1", "1");      /* a rep wrote under our key */
    result(query + 7, "user@example.com/x", "k1", "1"); /* of another query */
    result(query, "user@example.com/x", "k2", "2");
    fin(id, false, "2&gt;");
    assert_non_null(said("<before>2&gt;</before>"));
    unsigned again;
    numbers(&id, &again);
    assert_int_equal(again, query);
    result(query, "user@example.com/old", "k1", "3");
    fin(id, true, "3");
    assert_string_equal(item(XMPP_FOUND, 0)->key, "k1");
    assert_string_equal(item(XMPP_FOUND, 0)->archive_id, "3");
    assert_int_equal(look_up("k1", 0), 0);
    numbers(&id, &query);
    fin(id, true, "1");
    assert_string_equal(item(XMPP_MISSING, 0)->key, "k1");
}

/* Messages before the time in question are not paged through. */
static void xmpp_look_up_ends_where_the_time_begins(void **state)
{
    unsigned id, query;
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(look_up("k1", 1699999200000), 0);
    numbers(&id, &query);
    result(query, "user@example.com/x", "k3", "3"); /* at that moment itself */
    fin(id, false, "3");
    assert_non_null(said("<before>3</before>"));
    fin(id, true, "1");
    assert_int_equal(look_up("k1", 1699999200001), 0);
    numbers(&id, &query);
    result(query, "user@example.com/x", "k3", "3");
    fin(id, false, "3");
    assert_string_equal(item(XMPP_MISSING, 0)->key, "k1");
}

/* FM-A02: ejabberd's archive can look empty while it is written into, and says that this is all. */
static void xmpp_empty_archive_is_not_believed_at_once(void **state)
{
    unsigned id, query, first;
    struct err err;
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(look_up("k1", 0), 0);
    numbers(&id, &first);
    fin(id, true, "");
    assert_int_equal(items(XMPP_MISSING), 0);
    numbers(&id, &query);
    assert_int_equal(query, first);
    result(query, "user@example.com/x", "k1", "7");
    fin(id, true, "7");
    assert_string_equal(item(XMPP_FOUND, 0)->archive_id, "7");
    /* nothing where more was announced */
    assert_int_equal(look_up("k1", 0), 0);
    numbers(&id, &query);
    fin(id, false, "9");
    numbers(&id, &query);
    fin(id, true, "");
    numbers(&id, &query);
    assert_non_null(said("<before>9</before>"));
    result(query, "user@example.com/x", "k1", "7");
    fin(id, true, "7");
    assert_string_equal(item(XMPP_FOUND, 0)->archive_id, "7");
    /* nothing was ever said */
    assert_int_equal(look_up("k1", 0), 0);
    assert_int_equal(nothing_there(), 4);
    assert_string_equal(item(XMPP_MISSING, 0)->key, "k1");
    /* what people wrote is looked for in the same way */
    fresh();
    assert_int_equal(xmpp_catch_up(w.xmpp, NULL, 1699999200000, w.now, &err, &w.out), 0);
    assert_non_null(said("<field var='start'><value>2023-11-14T22:00:00Z</value></field>"));
    numbers(&id, &query);
    fin(id, true, "");
    assert_int_equal(items(XMPP_CAUGHT_UP), 0);
    numbers(&id, &query);
    result(query, "rep@example.com/x", "", "12");
    assert_string_equal(item(XMPP_MESSAGE, 0)->archive_id, "12");
    fin(id, true, "12");
    assert_int_equal(items(XMPP_CAUGHT_UP), 1);
    fresh();
    assert_int_equal(xmpp_catch_up(w.xmpp, "12", 0, w.now, &err, &w.out), 0);
    assert_int_equal(nothing_there(), 4);
    assert_int_equal(items(XMPP_CAUGHT_UP), 1);
    assert_string_equal(item(XMPP_CAUGHT_UP, 0)->archive_id, "12");
}

static void xmpp_look_ups_end_one_way_or_the_other(void **state)
{
    unsigned id, query;
    char key[16];
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(look_up("k1", 0), 0);
    numbers(&id, &query);
    feed("<iq xmlns='jabber:client' type='error' id='g%u'><error type='cancel'><forbidden "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
         id);
    assert_string_equal(item(XMPP_UNREADABLE, 0)->what, "forbidden");
    assert_int_equal(look_up("k2", 0), 0);
    numbers(&id, &query);
    fin(id, false, "same");
    numbers(&id, &query);
    fin(id, false, "same");
    assert_string_equal(item(XMPP_UNREADABLE, 0)->what, "the server gives the same page again");
    assert_int_equal(look_up("k3", 0), 0);
    numbers(&id, &query);
    feed("<a " SM " h='9'/>"); /* it lives, and says nothing of its archive */
    tick_after(XMPP_STEP_MS);
    assert_string_equal(item(XMPP_UNREADABLE, 0)->key, "k3");
    fin(id, true, ""); /* too late */
    assert_int_equal(items(XMPP_MISSING), 0);
    for (int i = 0; i < XMPP_LOOKUPS_MAX; i++) {
        (void)snprintf(key, sizeof(key), "m%d", i);
        assert_int_equal(look_up(key, 0), 0);
    }
    assert_int_equal(look_up("one-more", 0), -EAGAIN);
    feed("<a " SM " h='1000'/>"); /* ends the session */
    assert_int_equal(items(XMPP_UNREADABLE), XMPP_LOOKUPS_MAX);
}

static void xmpp_look_up_has_a_last_page(void **state)
{
    unsigned id, query;
    char last[16];
    int page = 0;
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(look_up("k1", 0), 0);
    while (!item(XMPP_UNREADABLE, 0)) {
        numbers(&id, &query);
        (void)snprintf(last, sizeof(last), "p%d", page++);
        fin(id, false, last);
    }
    assert_int_equal(page, XMPP_PAGES_MAX);
}

static void xmpp_archive_must_keep_all(void **state)
{
    unsigned id;
    (void)state;
    for (int i = 0; i < 3; i++) {
        world_start(NULL);
        sign_in(BIND_FEATURE);
        bind_resource();
        answer_start(i < 2 ? "roster" : ""); /* the last one has no such settings */
        if (i < 2) {
            const char *set = said("<prefs");
            assert_non_null(set);
            assert_non_null(strstr(set, "default='always'"));
            assert_int_equal(sscanf(strstr(set, " id='g"), " id='g%u'", &id), 1);
            feed("<iq xmlns='jabber:client' type='%s' id='g%u'><prefs " MAM
                 " default='always'><never>%s</never></prefs></iq>",
                 "result", id, i ? "<jid>rep@example.com</jid>" : "");
        }
        assert_true(xmpp_is_up(w.xmpp));
        assert_int_equal(look_up("k1", 0), 0);
        if (i == 0)
            assert_non_null(said("queryid"));
        else
            assert_string_equal(item(XMPP_UNREADABLE, 0)->what,
                                "the server's archive does not keep everything");
        if (i < 2)
            (void)world_stop(NULL);
    }
}

static void xmpp_catch_up_tells_what_was_missed(void **state)
{
    unsigned id, query;
    struct err err;
    (void)state;
    world_start(NULL);
    come_up(true);
    fresh();
    assert_int_equal(xmpp_catch_up(w.xmpp, "last<", 0, w.now, &err, &w.out), 0);
    assert_non_null(said("<after>last&lt;</after>"));
    assert_null(said("var='start'"));
    numbers(&id, &query);
    result(query, "user@example.com/x", "k1", "11"); /* ours */
    assert_int_equal(items(XMPP_MESSAGE), 0);
    result(query, "rep@example.com/x", "", "12");
    const struct xmpp_item *message = item(XMPP_MESSAGE, 0);
    assert_string_equal(message->archive_id, "12");
    assert_string_equal(message->jid, "rep@example.com");
    assert_true(message->at == 1699999200000);
    assert_true(message->number);
    fin(id, true, "12");
    assert_null(item(XMPP_CAUGHT_UP, 0)->what);
    assert_string_equal(item(XMPP_CAUGHT_UP, 0)->archive_id, "12");
}

static void xmpp_catch_up_waits_for_what_is_not_stored(void **state)
{
    unsigned id, query;
    struct err err;
    uint64_t taken[XMPP_UNDONE_MAX];
    size_t count = 0;
    char archive_id[16];
    (void)state;
    world_start(NULL);
    come_up(true);
    fresh();
    assert_int_equal(xmpp_catch_up(w.xmpp, NULL, 0, w.now, &err, &w.out), 0);
    do {
        numbers(&id, &query);
        for (int i = 0; i < 50; i++) {
            (void)snprintf(archive_id, sizeof(archive_id), "%zu", count);
            result(query, "rep@example.com/x", "", archive_id);
            taken[count++] = item(XMPP_MESSAGE, 0)->number;
        }
        fin(id, false, archive_id);
        assert_int_equal(items(XMPP_END), 0);
    } while (said("queryid"));
    assert_int_equal(count, 150);
    for (size_t i = 0; i < 21; i++) {
        handled(taken[i]);
        assert_null(said("queryid"));
    }
    handled(taken[21]);
    assert_non_null(said("<after>149</after>"));
    handled(taken[22]);
    assert_null(said("queryid")); /* asked once */
}

/* --- who is there --- */

static void xmpp_presence(void **state)
{
    static const struct {
        const char *inside;
        enum xmpp_show show;
    } cases[] = {
        {"/>", XMPP_ONLINE},
        {" type='unavailable'/>", XMPP_OFFLINE},
        {"><show>dnd</show></presence>", XMPP_DND},
        {"><show>away</show></presence>", XMPP_AWAY},
        {"><show>xa</show></presence>", XMPP_XA},
        {"><show>chat</show></presence>", XMPP_CHATTY},
    };
    (void)state;
    world_start(NULL);
    come_up(true);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        feed("<presence xmlns='jabber:client' from='Rep@example.com/x'%s", cases[i].inside);
        assert_string_equal(item(XMPP_PRESENCE, 0)->jid, "rep@example.com");
        assert_int_equal(item(XMPP_PRESENCE, 0)->show, cases[i].show);
    }
    feed("<presence xmlns='jabber:client' from='user@example.com/y'/>");
    assert_null(w.out.first);
    feed("<presence xmlns='jabber:client' from='c@x' type='subscribed'/>");
    assert_null(w.out.first);
    feed("<presence xmlns='jabber:client' from='c@x' type='subscribe'/>");
    assert_string_equal(item(XMPP_ASKS, 0)->jid, "c@x");
    struct err err;
    fresh();
    assert_int_equal(xmpp_admit(w.xmpp, "c@x", false, w.now, &err, &w.out), 0);
    assert_string_equal(frame(0), "<presence xmlns='jabber:client' type='unsubscribed' to='c@x'/>");
    fresh();
    assert_int_equal(xmpp_subscribe(w.xmpp, "Rep@example.com", w.now, &err, &w.out), 0);
    assert_int_equal(xmpp_subscribe(w.xmpp, "a@x", w.now, &err, &w.out), 0); /* asked before */
    assert_null(w.out.first);
    assert_int_equal(xmpp_subscribe(w.xmpp, "D@x/y", w.now, &err, &w.out), 0);
    assert_string_equal(frame(0), "<presence xmlns='jabber:client' type='subscribe' to='d@x'/>");
    assert_int_equal(xmpp_contact(w.xmpp, "d@x"), XMPP_ASKED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, world_stop)
    const struct CMUnitTest tests[] = {
        TEST(xmpp_message_is_read),
        TEST(xmpp_what_is_no_message_is_passed_over),
        TEST(xmpp_only_what_is_durable_is_acknowledged),
        TEST(xmpp_flood_that_nobody_stores_ends),
        TEST(xmpp_bounces),
        TEST(xmpp_questions_are_answered),
        TEST(xmpp_strangers_cannot_fill_the_queue),
        TEST(xmpp_look_up_reads_all_pages),
        TEST(xmpp_look_up_ends_where_the_time_begins),
        TEST(xmpp_empty_archive_is_not_believed_at_once),
        TEST(xmpp_look_ups_end_one_way_or_the_other),
        TEST(xmpp_look_up_has_a_last_page),
        TEST(xmpp_archive_must_keep_all),
        TEST(xmpp_catch_up_tells_what_was_missed),
        TEST(xmpp_catch_up_waits_for_what_is_not_stored),
        TEST(xmpp_presence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
