/* The XMPP session, its server played by the test: signing in, what is acknowledged, resuming. */
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

/* --- signing in --- */

static void xmpp_comes_up(void **state)
{
    (void)state;
    world_start(NULL);
    assert_false(xmpp_is_up(w.xmpp));
    come_up(true);
    assert_true(xmpp_is_up(w.xmpp));
    assert_string_equal(xmpp_jid(w.xmpp), "user@example.com/x");
    assert_int_equal(xmpp_contact(w.xmpp, "rep@Example.com/phone"), XMPP_SEES_THEM | XMPP_SEEN_BY);
    assert_int_equal(xmpp_contact(w.xmpp, "a@x"), XMPP_ASKED);
    assert_int_equal(xmpp_contact(w.xmpp, "c@x"), 0);
}

static void xmpp_server_without_proof_is_left(void **state)
{
    (void)state;
    world_start(NULL);
    open_stream();
    feed(FEATURES "<mechanisms " SASL "><mechanism>SCRAM-SHA-256</mechanism></mechanisms>"
                  "</stream:features>");
    feed("<challenge " SASL ">cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRr"
         "MCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=</challenge>");
    feed("<success " SASL ">dj1BQUFBVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ=="
         "</success>");
    assert_int_equal(items(XMPP_FRAME), 0);
    assert_true(item(XMPP_END, 0)->fatal);
    assert_non_null(strstr(item(XMPP_END, 0)->what, "could not prove"));
    feed(OPENED);
    assert_null(w.out.first); /* the rest of that socket is not read */
}

static void offer(bool plain, const char *mechanisms)
{
    world_start(&(struct xmpp_config){.plain = plain});
    open_stream();
    feed(FEATURES "%s</stream:features>", mechanisms);
}

static void xmpp_password_is_sent_only_where_allowed(void **state)
{
    static const char plain[] = "<mechanisms " SASL "><mechanism>PLAIN</mechanism></mechanisms>";
    (void)state;
    offer(false, plain);
    assert_int_equal(items(XMPP_FRAME), 0);
    assert_string_equal(item(XMPP_END, 0)->what, "the server offers no SCRAM");
    (void)world_stop(NULL);
    offer(true, plain);
    assert_string_equal(frame(0), "<auth " SASL " mechanism='PLAIN'>AHVzZXIAcGVuY2ls</auth>");
    feed("<success " SASL "/>");
    assert_non_null(said("<open "));
    (void)world_stop(NULL);
    offer(true, "");
    assert_true(item(XMPP_END, 0)->fatal);
    assert_non_null(strstr(item(XMPP_END, 0)->todo, "wss://"));
}

static void xmpp_failures_say_what_to_do(void **state)
{
    static const struct {
        const char *condition, *words;
        bool fatal;
    } cases[] = {
        {"not-authorized", "does not accept the account's name or password (not-authorized: Sorry)",
         true},
        {"account-disabled", "the account is disabled", true},
        {"credentials-expired", "the password has expired", true},
        {"temporary-auth-failure", "cannot check passwords at the moment", false},
        {"aborted", "aborted (Sorry)", false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        offer(false, "<mechanisms " SASL "><mechanism>SCRAM-SHA-1</mechanism></mechanisms>");
        feed("<failure " SASL "><text>Sorry</text><%s/></failure>", cases[i].condition);
        const struct xmpp_item *end = item(XMPP_END, 0);
        assert_non_null(strstr(end->what, cases[i].words));
        assert_int_equal(end->fatal, cases[i].fatal);
        assert_int_equal(end->todo != NULL, cases[i].fatal);
        if (i + 1 < ARRAY_LEN(cases))
            (void)world_stop(NULL);
    }
}

static void xmpp_stream_errors_say_what_to_do(void **state)
{
    static const struct {
        const char *condition, *words;
        bool fatal;
        msec_t delay_ms;
    } cases[] = {
        {"<host-unknown", "does not serve the domain", true, 0},
        {"<not-authorized", "does not allow this session", true, 0},
        {"<conflict", "another program signed in", false, 5000},
        {"<policy-violation", "rules were broken", false, 60000},
        {"<system-shutdown", "shutting down", false, 5000},
        {"<see-other-host", "sends its clients elsewhere", false, 60000},
        {"<something-new", "something-new", false, 0},
    };
    (void)state;
    world_start(NULL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        open_stream();
        feed("<stream:error xmlns:stream='http://etherx.jabber.org/streams'>%s "
             "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
             cases[i].condition);
        const struct xmpp_item *end = item(XMPP_END, 0);
        assert_non_null(strstr(end->what, cases[i].words));
        assert_int_equal(end->fatal, cases[i].fatal);
        assert_int_equal(end->delay_ms, cases[i].delay_ms);
    }
}

static void xmpp_taken_resource_is_given_up(void **state)
{
    (void)state;
    world_start(&(struct xmpp_config){.resource = "gr<itd"});
    sign_in(BIND_FEATURE);
    assert_non_null(said("<resource>gr&lt;itd</resource>"));
    feed("<iq xmlns='jabber:client' type='error' id='bind'><error type='modify'>"
         "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    bind_resource(); /* without a wish */
}

static void xmpp_redirects_are_followed_to_safe_places_only(void **state)
{
    static const struct {
        const char *url;
        bool secure, follows;
    } cases[] = {
        {"wss://b.example/ws", true, true},   {"ws://b.example/ws", true, false},
        {"ws://127.0.0.1:1/ws", false, true}, {"wss://b.example/ws", false, true},
        {"https://b.example/", false, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        world_start(&(struct xmpp_config){.secure = cases[i].secure});
        for (int hop = 0; hop <= XMPP_HOPS_MAX; hop++) {
            open_stream();
            feed("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='%s'/>",
                 cases[i].url);
            const char *url = item(XMPP_END, 0)->url;
            if (cases[i].follows && hop < XMPP_HOPS_MAX)
                assert_string_equal(url, cases[i].url);
            else
                assert_null(url);
        }
        if (i + 1 < ARRAY_LEN(cases))
            (void)world_stop(NULL);
    }
}

static void xmpp_step_that_takes_too_long_ends(void **state)
{
    (void)state;
    world_start(NULL);
    assert_true(xmpp_due(w.xmpp) == MSEC_NEVER);
    open_stream();
    assert_true(xmpp_due(w.xmpp) == w.now + XMPP_STEP_MS);
    tick_after(XMPP_STEP_MS - 1);
    assert_null(w.out.first);
    tick_after(1);
    assert_non_null(item(XMPP_END, 0));
    assert_true(xmpp_due(w.xmpp) == MSEC_NEVER);
}

static void xmpp_nonsense_ends_the_connection(void **state)
{
    static const char *const frames[] = {
        "<a>",
        "hello",
        " ",
        "<success " SASL "/>",
        "<enabled " SM " id='x'/>",
        "<message xmlns='jabber:client'/>",
        "<challenge " SASL ">!</challenge>", /* at this moment */
    };
    (void)state;
    world_start(NULL);
    for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
        open_stream();
        feed("%s", frames[i]);
        assert_non_null(item(XMPP_END, 0));
        assert_false(item(XMPP_END, 0)->fatal);
    }
    open_stream();
    feed("<surprise xmlns='urn:of:an:extension'/>");
    assert_null(w.out.first);
}

/* --- what is acknowledged --- */

static void xmpp_sent_means_acknowledged(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "a & b"), 0);
    assert_string_equal(
        frame(0), "<message xmlns='jabber:client' type='chat' id='k1' to='rep@example.com'><body>a "
                  "&amp; b</body><origin-id xmlns='urn:xmpp:sid:0' id='k1'/><store "
                  "xmlns='urn:xmpp:hints'/><unstyled xmlns='urn:xmpp:styling:0'/></message>");
    assert_string_equal(frame(1), "<r " SM "/>");
    assert_int_equal(send_text("k1", "rep@example.com", "again"), -EALREADY);
    assert_int_equal(send_text("k2", "rep@example.com", "two"), 0);
    assert_int_equal(items(XMPP_FRAME), 1); /* one question at a time */
    feed("<a " SM " h='6'/>");
    assert_string_equal(item(XMPP_SENT, 0)->key, "k1");
    assert_int_equal(items(XMPP_SENT), 1);
    assert_string_equal(frame(0), "<r " SM "/>");
    feed("<a " SM " h='7'/>");
    assert_string_equal(item(XMPP_SENT, 0)->key, "k2");
    assert_int_equal(items(XMPP_FRAME), 0);
    assert_int_equal(send_text("k1", "rep@example.com", "the same key later"), 0);
}

static void xmpp_wrong_count_ends_the_session(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "one"), 0);
    feed("<a " SM " h='99'/>");
    assert_string_equal(item(XMPP_END, 0)->what, "the server acknowledges what was never sent");
    assert_string_equal(item(XMPP_UNSURE, 0)->key, "k1");
    sign_in(BIND_FEATURE SM_FEATURE);
    assert_non_null(said("id='bind'")); /* and not <resume/> */
}

static void xmpp_what_cannot_be_sent_is_refused(void **state)
{
    char *body = xcalloc(XMPP_STANZA_BYTES + 1, 1);
    (void)state;
    memset(body, 'x', XMPP_STANZA_BYTES);
    world_start(NULL);
    assert_int_equal(send_text("k", "rep@example.com", "early"), -ENOTCONN);
    come_up(true);
    assert_int_equal(send_text("k", "rep@example.com", "a\x01"), -EILSEQ);
    assert_int_equal(send_text("k", "rep@example.com", body), -E2BIG);
    assert_int_equal(send_text("k", "rep@", "x"), -EINVAL);
    assert_int_equal(send_text("", "rep@example.com", "x"), -EINVAL);
    assert_null(w.out.first);
    free(body);
    int count = 0, result;
    char key[16];
    do
        (void)snprintf(key, sizeof(key), "k%d", count++);
    while ((result = send_text(key, "rep@example.com", "x")) == 0);
    assert_int_equal(result, -EAGAIN);
    assert_true(count > XMPP_QUEUE_MAX / 2);
    lose();
    assert_int_equal(send_text("k", "rep@example.com", "late"), -ENOTCONN);
}

static void xmpp_ping_proves_without_stream_management(void **state)
{
    char id[16];
    (void)state;
    world_start(NULL);
    come_up(false); /* the fifth question is the ping that was sent behind the four */
    assert_int_equal(send_text("k1", "rep@example.com", "x"), 0);
    assert_int_equal(items(XMPP_FRAME), 1); /* one question at a time */
    feed("<iq xmlns='jabber:client' type='result' id='g5' from='stranger@x'/>");
    assert_null(w.out.first);
    feed("<iq xmlns='jabber:client' type='result' id='g5' from='example.com'/>");
    assert_int_equal(items(XMPP_SENT), 0); /* that ping stood before the message */
    assert_non_null(said("urn:xmpp:ping"));
    assert_int_equal(sscanf(strstr(frame(0), "id='"), "id='%15[^']", id), 1);
    feed("<iq xmlns='jabber:client' type='error' id='%s' from='example.com'/>", id);
    assert_string_equal(item(XMPP_SENT, 0)->key, "k1");
    assert_int_equal(items(XMPP_FRAME), 0); /* no ping for a ping */
    assert_int_equal(send_text("k2", "rep@example.com", "x"), 0);
    lose();
    assert_string_equal(item(XMPP_UNSURE, 0)->key, "k2");
}

static void xmpp_silence_is_noticed(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_true(xmpp_due(w.xmpp) == w.now + XMPP_IDLE_MS);
    tick_after(XMPP_IDLE_MS);
    assert_string_equal(frame(0), "<r " SM "/>");
    feed("<a " SM " h='5'/>");
    tick_after(XMPP_IDLE_MS);
    assert_int_equal(items(XMPP_FRAME), 1);
    tick_after(XMPP_ACK_MS - 1);
    assert_null(w.out.first);
    tick_after(1);
    assert_string_equal(item(XMPP_END, 0)->what, "the server is silent");
}

/* --- resuming --- */

static void xmpp_resumes_and_repeats_the_rest(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "one"), 0);
    assert_int_equal(send_text("k2", "rep@example.com", "two"), 0);
    lose();
    assert_null(w.out.first); /* nobody knows yet */
    w.now += XMPP_RESUME_MS / 2;
    sign_in(BIND_FEATURE SM_FEATURE);
    /* four answers came before */
    assert_string_equal(frame(0), "<resume " SM " previd='s1' h='4'/>");
    feed("<resumed " SM " previd='s1' h='6'/>");
    assert_string_equal(item(XMPP_SENT, 0)->key, "k1");
    assert_true(item(XMPP_UP, 0)->resumed);
    assert_int_equal(items(XMPP_FRAME), 2);
    assert_non_null(strstr(frame(0), "id='k2'"));
    assert_string_equal(frame(1), "<r " SM "/>");
    feed("<a " SM " h='7'/>");
    assert_string_equal(item(XMPP_SENT, 0)->key, "k2");
}

static void xmpp_failed_resumption_says_what_it_knows(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "one"), 0);
    assert_int_equal(send_text("k2", "rep@example.com", "two"), 0);
    assert_int_equal(look_up("k0", 0), 0);
    lose();
    sign_in(BIND_FEATURE SM_FEATURE);
    feed("<failed " SM " h='6'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
         "</failed>");
    assert_string_equal(item(XMPP_SENT, 0)->key, "k1");
    assert_string_equal(item(XMPP_UNSURE, 0)->key, "k2");
    assert_int_equal(items(XMPP_SENT) + items(XMPP_UNSURE), 2);
    assert_string_equal(item(XMPP_UNREADABLE, 0)->key, "k0");
    assert_null(said("<message"));
    bind_resource();
    feed("<enabled " SM " id='s2' resume='true'/>");
    answer_start("always");
    assert_int_equal(items(XMPP_UP), 1);
    assert_false(item(XMPP_UP, 0)->resumed);
}

static void xmpp_start_goes_on_after_a_cut(void **state)
{
    (void)state;
    world_start(NULL);
    sign_in(BIND_FEATURE SM_FEATURE);
    bind_resource();
    feed("<enabled " SM " id='s1' max='600' resume='true'/>");
    lose();
    assert_null(w.out.first);
    sign_in(BIND_FEATURE SM_FEATURE);
    assert_string_equal(frame(0), "<resume " SM " previd='s1' h='0'/>");
    feed("<resumed " SM " previd='s1' h='0'/>");
    assert_int_equal(items(XMPP_UP), 0);
    answer_start("always"); /* the questions were repeated */
    assert_int_equal(items(XMPP_UP), 1);
    assert_non_null(said("<presence xmlns='jabber:client'/>"));
}

static void xmpp_unresumed_becomes_unsure_in_time(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "one"), 0);
    lose();
    assert_true(xmpp_due(w.xmpp) == w.now + XMPP_RESUME_MS);
    tick_after(XMPP_RESUME_MS - 1000);
    open_stream(); /* a try that leads nowhere makes it no longer */
    lose();
    assert_null(w.out.first);
    tick_after(1000);
    assert_string_equal(item(XMPP_UNSURE, 0)->key, "k1");
    sign_in(BIND_FEATURE SM_FEATURE);
    assert_non_null(said("id='bind'"));
}

static void xmpp_good_bye_leaves_nothing_open(void **state)
{
    (void)state;
    world_start(NULL);
    come_up(true);
    assert_int_equal(send_text("k1", "rep@example.com", "one"), 0);
    fresh();
    xmpp_close(w.xmpp, w.now, &w.out);
    assert_string_equal(frame(0), "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    assert_string_equal(item(XMPP_UNSURE, 0)->key, "k1");
    assert_non_null(item(XMPP_END, 0));
    assert_true(xmpp_due(w.xmpp) == MSEC_NEVER);
}

/* --- addresses and names --- */

static void xmpp_addresses(void **state)
{
    static const char *const good[] = {"a@b", "a@b/c", "b", "b/c d", "a.b-c@[::1]", "ü@ö.de"};
    static const char *const bad[] = {"",        "@b",      "a@",     "a@b/", "a b@c",
                                      "a@b@c",   "a:b@c",   "a&@b",   "<@b>", "a\n@b",
                                      "a@b\x7f", "a\xff@b", "\"a\"@b"};
    struct err err;
    struct arena arena;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_int_equal(xmpp_jid_check(good[i], &err), 0);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(xmpp_jid_check(bad[i], &err), -EINVAL);
    char *long_one = xcalloc(1, 4096);
    memset(long_one, 'a', 1024);
    strcpy(long_one + 1024, "@b");
    assert_int_equal(xmpp_jid_check(long_one, &err), -EINVAL);
    assert_int_equal(xmpp_jid_check(long_one + 1, &err), 0);
    free(long_one);
    arena_init(&arena);
    assert_string_equal(xmpp_jid_bare(&arena, "Ab@C.de/Phone"), "ab@c.de");
    arena_done(&arena);
    assert_true(xmpp_jid_same("A@b/c", "a@B"));
    assert_false(xmpp_jid_same("a@b", "a@bc"));
    assert_false(xmpp_jid_same("a@b", NULL));
}

static void xmpp_bad_accounts_are_refused(void **state)
{
    static const struct xmpp_config bad[] = {
        {.jid = "example.com", .password = "p"},
        {.jid = "a@b/c", .password = "p"},
        {.jid = "a@b", .password = ""},
        {.jid = "a@b", .password = "pässword"},
    };
    struct xmpp *xmpp = NULL;
    struct err err;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(xmpp_new(&bad[i], &err, &xmpp), -EINVAL);
        assert_null(strstr(err.text, "pässword"));
        assert_null(xmpp);
    }
    xmpp_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, world_stop)
    const struct CMUnitTest tests[] = {
        TEST(xmpp_comes_up),
        TEST(xmpp_server_without_proof_is_left),
        TEST(xmpp_password_is_sent_only_where_allowed),
        TEST(xmpp_failures_say_what_to_do),
        TEST(xmpp_stream_errors_say_what_to_do),
        TEST(xmpp_taken_resource_is_given_up),
        TEST(xmpp_redirects_are_followed_to_safe_places_only),
        TEST(xmpp_step_that_takes_too_long_ends),
        TEST(xmpp_nonsense_ends_the_connection),
        TEST(xmpp_sent_means_acknowledged),
        TEST(xmpp_wrong_count_ends_the_session),
        TEST(xmpp_what_cannot_be_sent_is_refused),
        TEST(xmpp_ping_proves_without_stream_management),
        TEST(xmpp_silence_is_noticed),
        TEST(xmpp_resumes_and_repeats_the_rest),
        TEST(xmpp_failed_resumption_says_what_it_knows),
        TEST(xmpp_start_goes_on_after_a_cut),
        TEST(xmpp_unresumed_becomes_unsure_in_time),
        TEST(xmpp_good_bye_leaves_nothing_open),
        cmocka_unit_test(xmpp_addresses),
        cmocka_unit_test(xmpp_bad_accounts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
