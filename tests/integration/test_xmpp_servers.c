/* The XMPP session against Prosody and ejabberd: they are the judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "xmpp_rig.h"

static const char *server;
static bool any_is_installed;

static void with(const char *options)
{
    if (!rig_start(server, options))
        skip();
    any_is_installed = true;
}

static int clear(void **state)
{
    (void)state;
    rig_clear();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    rig_stop();
    return 0;
}

/* Ends in a look-up's answer. */
static enum xmpp_kind looked_up(struct client *client, const char *key, const char *to,
                                msec_t since)
{
    static const enum xmpp_kind kinds[] = {XMPP_FOUND, XMPP_MISSING, XMPP_UNREADABLE};
    size_t before[ARRAY_LEN(kinds)];
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        before[i] = client_count(client, kinds[i], key);
    client_look_up(client, key, to, since);
    for (;;) {
        for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
            if (client_count(client, kinds[i], key) > before[i])
                return kinds[i];
        }
        rig_turn();
    }
}

/* Another session of the account asks until the archive has it: then the server has it, whatever
 * the first session knows. */
static void wait_for_archive(const char *key, const char *to, msec_t since)
{
    struct client *other = client_up("gritbot");
    msec_t limit = rig_deadline();
    while (looked_up(other, key, to, since) != XMPP_FOUND && !rig_is_past(limit))
        rig_turn();
    assert_true(client_count(other, XMPP_FOUND, key) == 1);
    client_free(other);
}

/* How often the server has a message to rep1: by its archive, so that it does not matter which
 * sessions of theirs there are. */
static size_t archived(const char *body, msec_t since)
{
    size_t count = 0;
    struct client *rep = client_up("rep1");
    struct xmpp_out out;
    struct err err;
    xmpp_out_init(&out);
    assert_int_equal(xmpp_catch_up(rep->xmpp, NULL, since, rig_now(), &err, &out), 0);
    client_run(rep, &out);
    RIG_WAIT(client_got(rep, XMPP_CAUGHT_UP, NULL));
    for (size_t i = 0; i < rep->count; i++) {
        bool known = rep->got[i].kind != XMPP_MESSAGE || !str_eq(rep->got[i].body, body);
        for (size_t k = 0; k < i && !known; k++)
            known = str_eq(rep->got[k].archive_id, rep->got[i].archive_id);
        count += !known;
    }
    client_free(rep);
    return count;
}

/* The server may have taken a message a moment before its archive shows it. */
static void is_there_once(const char *body, msec_t since)
{
    msec_t limit = rig_deadline();
    size_t count;
    while (!(count = archived(body, since)) && !rig_is_past(limit))
        rig_turn();
    assert_int_equal(count, 1);
}

/* --- ordinary life --- */

static void signs_in_sends_and_receives(void **state)
{
    static const char body[] = "Which step & why?\n<b> \"quoted\" 'so' ]]> \t ü€😀";
    (void)state;
    with("");
    struct client *bot = client_up("gritbot"), *rep = client_up("rep1");
    assert_false(client_got(bot, XMPP_UP, NULL)->resumed);
    client_send(bot, "ak1", "rep1", body);
    RIG_WAIT(client_got(bot, XMPP_SENT, "ak1") && client_got(rep, XMPP_MESSAGE, body));
    assert_string_equal(client_got(rep, XMPP_MESSAGE, body)->id, "ak1");
    assert_string_equal(client_got(rep, XMPP_MESSAGE, body)->jid, bot->jid);
    client_send(rep, "ar1", "gritbot", "1");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "1"));
    const struct got *answer = client_got(bot, XMPP_MESSAGE, "1");
    assert_true(answer->archive_id[0]);
    assert_true(answer->number);
    assert_true(answer->stranger);
    client_handle_all(bot);
    assert_int_equal(client_count(rep, XMPP_MESSAGE, NULL), 1);
    assert_int_equal(client_count(bot, XMPP_MESSAGE, NULL), 1);
    assert_int_equal(client_count(bot, XMPP_END, NULL), 0);
}

static void signs_in_over_tls(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_new("gritbot", rig.server.wss, NULL);
    client_connect(bot);
    RIG_WAIT(client_got(bot, XMPP_UP, NULL));
    assert_true(str_starts(xmpp_jid(bot->xmpp), bot->jid));
}

static void asks_to_be_no_stranger(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot"), *rep = client_up("rep1");
    struct xmpp_out out;
    struct err err;
    xmpp_out_init(&out);
    assert_int_equal(xmpp_subscribe(bot->xmpp, rep->jid, rig_now(), &err, &out), 0);
    assert_int_equal(xmpp_subscribe(bot->xmpp, rep->jid, rig_now(), &err, &out), 0);
    client_run(bot, &out);
    RIG_WAIT(client_got(rep, XMPP_ASKS, NULL));
    assert_string_equal(client_got(rep, XMPP_ASKS, NULL)->jid, bot->jid);
    xmpp_out_init(&out);
    assert_int_equal(xmpp_admit(rep->xmpp, bot->jid, true, rig_now(), &err, &out), 0);
    client_run(rep, &out);
    RIG_WAIT(client_got(bot, XMPP_PRESENCE, NULL) &&
             xmpp_contact(bot->xmpp, rep->jid) == XMPP_SEES_THEM);
    assert_int_equal(client_got(bot, XMPP_PRESENCE, NULL)->show, XMPP_ONLINE);
    assert_int_equal(client_count(rep, XMPP_ASKS, NULL), 1);
    client_send(rep, "cr1", "gritbot", "no stranger");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "no stranger"));
    assert_false(client_got(bot, XMPP_MESSAGE, "no stranger")->stranger);
    client_close(rep);
    RIG_WAIT(client_got(bot, XMPP_PRESENCE, NULL)->show == XMPP_OFFLINE);
}

static void message_to_nobody_comes_back(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    client_send(bot, "dk1", "nobody", "Hello?");
    RIG_WAIT(client_got(bot, XMPP_BOUNCED, "dk1"));
    const struct got *bounced = client_got(bot, XMPP_BOUNCED, "dk1");
    print_message("    %s\n", bounced->what);
    assert_false(bounced->temporary);
    bool late = bounced->late; /* the server may say first that it has the message */
    client_send(bot, "dk2", "rep1", "Hello.");
    RIG_WAIT(client_got(bot, XMPP_SENT, "dk2"));
    assert_int_equal(client_count(bot, XMPP_SENT, "dk1"), late);
}

/* --- cut lines --- */

static void resumes_and_sends_what_never_arrived(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - MSEC_MINUTE;
    client_send(bot, "ek0", "rep1", "before");
    RIG_WAIT(client_got(bot, XMPP_SENT, "ek0"));
    rig_tell("hold out");
    client_send(bot, "ek1", "rep1", "lost on the way");
    RIG_WAIT(ws_queued_bytes(bot->conn) == 0);
    assert_int_equal(archived("lost on the way", since), 0);
    rig_tell("cut");
    client_reconnect(bot);
    assert_true(client_got(bot, XMPP_UP, NULL)->resumed);
    RIG_WAIT(client_got(bot, XMPP_SENT, "ek1"));
    is_there_once("lost on the way", since);
    assert_int_equal(client_count(bot, XMPP_UNSURE, NULL), 0);
}

static void resumes_and_repeats_nothing_that_arrived(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - MSEC_MINUTE;
    rig_tell("hold back");
    client_send(bot, "fk1", "rep1", "only the answer was lost");
    wait_for_archive("fk1", "rep1", since);
    assert_int_equal(client_count(bot, XMPP_SENT, "fk1"), 0);
    rig_tell("cut");
    client_reconnect(bot);
    assert_true(client_got(bot, XMPP_UP, NULL)->resumed);
    RIG_WAIT(client_got(bot, XMPP_SENT, "fk1"));
    is_there_once("only the answer was lost", since);
}

static void what_is_not_stored_comes_again(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot"), *rep = client_up("rep1");
    client_send(rep, "gr1", "gritbot", "keep this");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "keep this"));
    struct got first = *client_got(bot, XMPP_MESSAGE, "keep this");
    rig_tell("cut");
    client_reconnect(bot);
    assert_true(client_got(bot, XMPP_UP, NULL)->resumed);
    RIG_WAIT(client_count(bot, XMPP_MESSAGE, "keep this") == 2);
    /* the engine knows it by this */
    assert_string_equal(client_got(bot, XMPP_MESSAGE, "keep this")->archive_id, first.archive_id);
    client_handle_all(bot);
    client_send(bot, "gk1", "rep1", "so that the server has read our acknowledgement");
    RIG_WAIT(client_got(bot, XMPP_SENT, "gk1"));
    rig_tell("cut");
    client_reconnect(bot);
    assert_true(client_got(bot, XMPP_UP, NULL)->resumed);
    client_reconnect(rep);
    client_send(rep, "gr2", "gritbot", "the next");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "the next"));
    assert_int_equal(client_count(bot, XMPP_MESSAGE, "keep this"), 2);
}

/* FM-C01: each way is held by itself; shorter in the session's clock than in the matrix. */
static void silent_line_is_found(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    client_send(bot, "hk0", "rep1", "so that nothing else is asked");
    RIG_WAIT(client_got(bot, XMPP_SENT, "hk0"));
    rig_tell("hold out");
    client_send(bot, "hk1", "rep1", "into the void");
    rig.skew += XMPP_ACK_MS + MSEC_SECOND;
    RIG_WAIT(client_got(bot, XMPP_END, NULL));
    assert_string_equal(client_got(bot, XMPP_END, NULL)->what, "the server is silent");
    assert_false(client_got(bot, XMPP_END, NULL)->fatal);
    rig_tell("cut");
    client_reconnect(bot);
    RIG_WAIT(client_got(bot, XMPP_SENT, "hk1"));
}

/* An idle line is asked for a sign of life, and asked again once it gave one. */
static void expect_idle_questions(struct client *client)
{
    for (int i = 0; i < 2; i++) {
        int before = client->frames_out;
        RIG_WAIT(xmpp_due(client->xmpp) <= rig_now() + XMPP_IDLE_MS);
        rig.skew += XMPP_IDLE_MS + MSEC_SECOND;
        RIG_WAIT(client->frames_out > before);
    }
    assert_int_equal(client_count(client, XMPP_END, NULL), 0);
}

static void idle_line_is_asked(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    client_send(bot, "ik1", "rep1", "so that nothing is under way");
    RIG_WAIT(client_got(bot, XMPP_SENT, "ik1"));
    expect_idle_questions(bot);
}

/* --- the archive --- */

static void archive_knows_what_was_sent(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    client_send(bot, "jk1", "rep1", "one");
    client_send(bot, "jk2", "rep2", "two");
    RIG_WAIT(client_got(bot, XMPP_SENT, "jk1") && client_got(bot, XMPP_SENT, "jk2"));
    assert_int_equal(looked_up(bot, "jk1", "rep1", since), XMPP_FOUND);
    assert_true(client_got(bot, XMPP_FOUND, "jk1")->archive_id[0]);
    assert_int_equal(looked_up(bot, "jk2", "rep1", since), XMPP_MISSING);
    assert_int_equal(looked_up(bot, "jk2", "rep2", since), XMPP_FOUND);
    assert_int_equal(looked_up(bot, "j-never-sent", "rep1", since), XMPP_MISSING);
    /* what somebody else sent under our key is not ours */
    struct client *rep = client_up("rep1");
    client_send(rep, "forged", "gritbot", "not yours");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "not yours"));
    assert_int_equal(looked_up(bot, "forged", "rep1", since), XMPP_MISSING);
}

static void archive_is_read_page_by_page(void **state)
{
    enum { MANY = 120 };
    char key[32];
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(key, sizeof(key), "kk%d", i);
        client_send(bot, key, "rep1", "again and again");
        RIG_WAIT(client_got(bot, XMPP_SENT, key));
    }
    assert_int_equal(looked_up(bot, "kk0", "rep1", since), XMPP_FOUND);
    int before = bot->frames_out;
    assert_int_equal(looked_up(bot, key, "rep1", since), XMPP_FOUND);
    assert_true(bot->frames_out >= before + 3);
    assert_int_equal(looked_up(bot, "k-never-sent", "rep1", since), XMPP_MISSING);
}

/* ejabberd's own archive looks empty now and then to whoever reads it while it is written into. In
 * XMPP_LOOK_UPS=2000 there are some; the ordinary run has few and may see none. */
static void archive_is_believed_while_it_is_written_into(void **state)
{
    const char *wish = getenv("XMPP_LOOK_UPS");
    int64_t wanted = 30;
    int wrong = 0;
    (void)state;
    with("");
    assert_true(!wish || str_to_i64(wish, &wanted) == 0);
    struct client *writer = client_up("gritbot"), *reader = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    client_send(writer, "wk-first", "rep1", "looked for");
    RIG_WAIT(client_got(writer, XMPP_SENT, "wk-first"));
    for (int64_t i = 0; i < wanted; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "wk%d", (int)i);
        client_send(writer, key, "rep2", "written meanwhile");
        wrong += looked_up(reader, "wk-first", "rep1", since) != XMPP_FOUND;
        RIG_WAIT(client_got(writer, XMPP_SENT, key));
        writer->count = reader->count = 0;
    }
    assert_int_equal(wrong, 0);
}

static void restarted_server_leaves_unsure_and_the_archive_tells(void **state)
{
    (void)state;
    with("");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    rig_tell("hold back");
    client_send(bot, "lk1", "rep1", "this one arrives");
    wait_for_archive("lk1", "rep1", since);
    rig_tell("hold out");
    client_send(bot, "lk2", "rep1", "this one does not");
    RIG_WAIT(ws_queued_bytes(bot->conn) == 0);
    rig_tell("cut");
    rig_tell("restart");
    client_reconnect(bot);
    assert_false(client_got(bot, XMPP_UP, NULL)->resumed);
    assert_int_equal(client_count(bot, XMPP_UNSURE, "lk1") + client_count(bot, XMPP_SENT, "lk1"),
                     1);
    assert_int_equal(client_count(bot, XMPP_UNSURE, "lk2"), 1);
    assert_int_equal(looked_up(bot, "lk1", "rep1", since), XMPP_FOUND);
    assert_int_equal(looked_up(bot, "lk2", "rep1", since), XMPP_MISSING);
}

static void missed_messages_are_caught_up(void **state)
{
    (void)state;
    with("");
    struct client *rep = client_up("rep1"), *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    client_send(rep, "mr1", "gritbot", "first");
    RIG_WAIT(client_got(bot, XMPP_MESSAGE, "first"));
    struct got first = *client_got(bot, XMPP_MESSAGE, "first");
    client_handle_all(bot);
    client_close(bot);
    client_send(rep, "mr2", "gritbot", "second");
    client_send(rep, "mr3", "gritbot", "third");
    RIG_WAIT(client_got(rep, XMPP_SENT, "mr3"));
    client_reconnect(bot);
    struct xmpp_out out;
    struct err err;
    xmpp_out_init(&out);
    assert_int_equal(xmpp_catch_up(bot->xmpp, NULL, since, rig_now(), &err, &out), 0);
    client_run(bot, &out);
    RIG_WAIT(client_got(bot, XMPP_CAUGHT_UP, NULL));
    assert_string_equal(client_got(bot, XMPP_CAUGHT_UP, NULL)->what, "");
    assert_int_equal(client_count(bot, XMPP_MESSAGE, "first"), 2);
    assert_string_equal(client_got(bot, XMPP_MESSAGE, "first")->archive_id, first.archive_id);
    assert_string_equal(client_got(bot, XMPP_MESSAGE, "third")->jid, rep->jid);
    /* and from there on nothing */
    char after[128];
    size_t messages = client_count(bot, XMPP_MESSAGE, NULL);
    (void)snprintf(after, sizeof(after), "%s", client_got(bot, XMPP_CAUGHT_UP, NULL)->archive_id);
    xmpp_out_init(&out);
    assert_int_equal(xmpp_catch_up(bot->xmpp, after, 0, rig_now(), &err, &out), 0);
    client_run(bot, &out);
    RIG_WAIT(client_count(bot, XMPP_CAUGHT_UP, NULL) == 2);
    assert_int_equal(client_count(bot, XMPP_MESSAGE, NULL), messages);
}

/* --- awkward settings --- */

static void without_archive_nothing_is_readable(void **state)
{
    (void)state;
    with("mam=off");
    struct client *bot = client_up("gritbot");
    client_send(bot, "nk1", "rep1", "sent all the same");
    RIG_WAIT(client_got(bot, XMPP_SENT, "nk1"));
    assert_int_equal(looked_up(bot, "nk1", "rep1", 0), XMPP_UNREADABLE);
    assert_string_equal(client_got(bot, XMPP_UNREADABLE, "nk1")->what,
                        "the server keeps no archive for the account");
}

static void archive_that_keeps_nothing_is_switched_on(void **state)
{
    (void)state;
    with("mam=never");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    client_send(bot, "ok1", "rep1", "kept");
    RIG_WAIT(client_got(bot, XMPP_SENT, "ok1"));
    assert_int_equal(looked_up(bot, "ok1", "rep1", since), XMPP_FOUND);
}

static void without_stream_management_a_ping_proves(void **state)
{
    (void)state;
    with("sm=off hash=sha-256");
    struct client *bot = client_up("gritbot");
    msec_t since = rig_now() - 120 * MSEC_SECOND;
    client_send(bot, "pk1", "rep1", "one");
    RIG_WAIT(client_got(bot, XMPP_SENT, "pk1"));
    rig_tell("hold back");
    client_send(bot, "pk2", "rep1", "two");
    wait_for_archive("pk2", "rep1", since);
    rig_tell("cut");
    RIG_WAIT(client_got(bot, XMPP_UNSURE, "pk2"));
    client_reconnect(bot);
    assert_false(client_got(bot, XMPP_UP, NULL)->resumed);
    assert_int_equal(looked_up(bot, "pk2", "rep1", since), XMPP_FOUND);
    expect_idle_questions(bot);
}

static void expect_end(struct client *client, bool fatal, const char *words)
{
    client_connect(client);
    RIG_WAIT(client_got(client, XMPP_END, NULL));
    const struct got *end = client_got(client, XMPP_END, NULL);
    print_message("    %s; %s\n", end->what, end->todo);
    assert_int_equal(end->fatal, fatal);
    assert_non_null(strstr(end->what, words));
    assert_true(end->todo[0]);
    RIG_WAIT(!client->conn);
}

static void refusals_say_what_to_do(void **state)
{
    (void)state;
    with("");
    expect_end(client_new("rep2", NULL, &(struct xmpp_config){.password = "wrong"}), true,
               "does not accept the account's name or password");
    expect_end(client_new("rep1", NULL, &(struct xmpp_config){.jid = "rep1@elsewhere.test"}), true,
               "does not serve the domain");
    rig_tell("disable blocked");
    expect_end(client_new("blocked", NULL, NULL), true,
               "does not accept the account's name or password");
}

static void same_resource_is_not_fought_for(void **state)
{
    (void)state;
    with("");
    const struct xmpp_config config = {.resource = "gritd"};
    struct client *one = client_new("gritbot", NULL, &config);
    client_connect(one);
    RIG_WAIT(client_got(one, XMPP_UP, NULL));
    struct client *two = client_new("gritbot", NULL, &config);
    client_connect(two);
    RIG_WAIT(client_got(two, XMPP_UP, NULL));
    RIG_WAIT(client_got(one, XMPP_END, NULL)); /* both servers let the newcomer have it */
    assert_false(client_got(one, XMPP_END, NULL)->fatal);
    print_message("    %s\n", client_got(one, XMPP_END, NULL)->what);
    client_reconnect(one);
    assert_string_not_equal(xmpp_jid(one->xmpp), xmpp_jid(two->xmpp));
    client_send(two, "rk1", "rep1", "both live");
    RIG_WAIT(client_got(two, XMPP_SENT, "rk1"));
    assert_true(xmpp_is_up(one->xmpp));
}

static void strongest_scram_is_taken(void **state)
{
    (void)state;
    with("plain=on hash=sha-256");
    struct client *bot = client_new("gritbot", NULL, &(struct xmpp_config){.plain = true});
    client_connect(bot);
    RIG_WAIT(client_got(bot, XMPP_UP, NULL));
    print_message("    %s\n", bot->mechanism);
    assert_string_equal(bot->mechanism, "SCRAM-SHA-256");
}

static void strange_certificate_is_refused(void **state)
{
    (void)state;
    with("certificate=wrong");
    struct client *bot = client_new("gritbot", rig.server.wss, NULL);
    client_connect(bot);
    RIG_WAIT(!bot->conn);
    print_message("    %s\n", bot->last_error);
    assert_int_equal(client_count(bot, XMPP_UP, NULL), 0);
    assert_int_equal(bot->frames_out, 0);
    assert_non_null(strstr(bot->last_error, "certificate"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear)
    const struct CMUnitTest tests[] = {
        TEST(signs_in_sends_and_receives),
        TEST(signs_in_over_tls),
        TEST(asks_to_be_no_stranger),
        TEST(message_to_nobody_comes_back),
        TEST(resumes_and_sends_what_never_arrived),
        TEST(resumes_and_repeats_nothing_that_arrived),
        TEST(what_is_not_stored_comes_again),
        TEST(silent_line_is_found),
        TEST(idle_line_is_asked),
        TEST(archive_knows_what_was_sent),
        TEST(archive_is_read_page_by_page),
        TEST(archive_is_believed_while_it_is_written_into),
        TEST(restarted_server_leaves_unsure_and_the_archive_tells),
        TEST(missed_messages_are_caught_up),
        TEST(without_archive_nothing_is_readable),
        TEST(archive_that_keeps_nothing_is_switched_on),
        TEST(without_stream_management_a_ping_proves),
        TEST(refusals_say_what_to_do),
        TEST(same_resource_is_not_fought_for),
        TEST(strongest_scram_is_taken),
        TEST(strange_certificate_is_refused),
    };
    static const char *const servers[] = {"prosody", "ejabberd"};
    const char *only = getenv("XMPP_ONLY"), *filter = getenv("XMPP_TEST");
    if (filter)
        cmocka_set_test_filter(filter);
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
        server = servers[i];
        if (!only || str_eq(only, server))
            failed += cmocka_run_group_tests_name(server, tests, NULL, stop);
    }
    return any_is_installed || failed ? failed : 77;
}
