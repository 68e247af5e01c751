/* Erasing a person, and what stands on the platform or is on its way there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forget_rows.h"

static int find_sent(const struct play *p, const char *text)
{
    for (int i = 0; i < p->sent_count; i++) {
        if (strstr(p->sent[i].text, text))
            return i;
    }
    fail_msg("never sent: %s", text);
    return -1;
}

/* FM-J05: the platform shows a message before it says that it took it, and people are quick. */
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

/* Ends the newest message as told. */
static void answer_last(struct play *p, enum chat_outcome outcome, msec_t retry_after_ms)
{
    struct sent_one *last = &p->sent[p->sent_count - 1];
    last->answered = true;
    struct chat_result result = {.key = last->key,
                                 .outcome = outcome,
                                 .retry_after_ms = retry_after_ms,
                                 .error = "as the test wants it"};
    engine_result(p->engine, &result, p->now);
}

static bool new_question(struct play *p)
{
    int before = p->sent_count;
    assert_int_equal(give(p, (struct event){.type = EVENT_DEAL_STAGE_CHANGED,
                                            .rep = "ana",
                                            .deal = "D7",
                                            .deal_name = "Zaunkoenig",
                                            .to = "propose"}),
                     ENGINE_TAKEN);
    assert_true(p->sent_count <= before + 1);
    return p->sent_count > before;
}

enum stuck { STUCK_PLANNED, STUCK_INTENT, STUCK_RETRY, STUCK_UNKNOWN, STUCKS };

static void stick(struct play *p, enum stuck how)
{
    p->room = how == STUCK_PLANNED ? 0 : 4;
    assert_int_equal(new_question(p), how != STUCK_PLANNED);
    if (how == STUCK_RETRY)
        answer_last(p, CHAT_RETRY, MSEC_HOUR);
    if (how == STUCK_UNKNOWN)
        answer_last(p, CHAT_UNKNOWN, 0);
}

/* FM-J05: queued, on its way, waiting for its next try, unsure: whatever state a message is in at
 * the wish, nothing of it comes back after the erasure. */
static void in_each_state_of_a_message_nothing_comes_back(void **state)
{
    (void)state;
    for (enum stuck how = 0; how < STUCKS; how++) {
        struct play p = {0};
        begin(&p, false);
        live(&p);
        stick(&p, how);
        assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}),
                         ENGINE_TAKEN);
        settle(&p);
        if (engine_forgets(p.engine, "ana")) {
            p.now += 13 * MSEC_MINUTE; /* nobody waits longer than that */
            settle(&p);
        }
        assert_string_equal(p.erased, "ana");
        expect_gone(p.store);
        int count = p.sent_count;
        p.room = 4;
        for (int hours = 0; hours < 30; hours++) {
            p.now += MSEC_HOUR;
            settle(&p);
        }
        for (int i = count; i < p.sent_count; i++)
            assert_null(strstr(p.sent[i].text, "Zaunkoenig"));
        CLEANUP_FREE char *rows = dump(p.store);
        char *save = NULL;
        for (char *row = strtok_r(rows, "\n", &save); row; row = strtok_r(NULL, "\n", &save))
            assert_false(str_starts(row, "O ") && strstr(row, "Zaunkoenig"));
        expect_gone(p.store);
        end(&p);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_on_its_way_at_the_wish_is_blanked_too),
        cmocka_unit_test(what_cannot_be_blanked_is_told),
        cmocka_unit_test(in_each_state_of_a_message_nothing_comes_back),
        cmocka_unit_test(a_platform_that_is_away_is_not_waited_for_for_ever),
    };
    return cmocka_run_group_tests_name("forget_platform", tests, NULL, NULL);
}
