/* pick: adaptive: more often what got answers, never quite never what did not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trial_rig.h"

/* One question; *ret_second whether it was in the second wording. False: it was not sent. */
static bool ask_one(struct rig *rig, int number, bool likes_second, bool *ret_second, double *ret_p)
{
    const char *who = number % 2 ? "ana" : "ben";
    char deal[16], key[64];
    msec_t at = rig->now + MSEC_HOUR;
    (void)snprintf(deal, sizeof(deal), "D%d", number);
    rig_until_msec(rig, at);
    strbuf_clear(&rig->lines);
    happen(rig, at,
           (struct event){
               .type = EVENT_DEAL_STAGE_CHANGED, .rep = who, .deal = deal, .to = "propose"});
    json_t *note = only_note(rig);
    bool sent = str_eq(text_of(note, "outcome"), "sent"); /* else it is night */
    *ret_second = json_integer_value(json_object_get(note, "variant")) == 1;
    *ret_p = p_of(note);
    json_decref(note);
    if (!sent)
        return false;
    bool likes = *ret_second == likes_second;
    memcpy(key, rig->last_key, sizeof(key));
    happen(rig, at,
           (struct event){.type = EVENT_CLICKED,
                          .chat = who,
                          .message = key,
                          .button = likes ? "answer" : "skip",
                          .text = likes ? "Gladly." : NULL});
    return true;
}

static void adaptive_prefers_what_is_answered_and_keeps_a_floor(struct rig *rig)
{
    enum { LEARNING = 60, MEASURED = 60 };
    int seconds = 0, asked = 0;
    bool second;
    double p;
    with(rig, HEAD "  - {rule: a, when: deal.stage_changed, ask: s, pick: adaptive, quiet: drop}\n",
         no_caps, NULL);
    rig->full = true;
    assert_true(ask_one(rig, 0, true, &second, &p) || rig->now < rig_time(rig, "2026-03-02 09:00"));
    for (int i = 1; asked < LEARNING; i++)
        asked += ask_one(rig, i, true, &second, &p);
    for (int i = 10000; asked < LEARNING + MEASURED; i++) {
        if (!ask_one(rig, i, true, &second, &p))
            continue;
        asked++;
        seconds += second;
        /* logged as it was drawn: the second nearly always, the first never below the floor */
        assert_true(second ? p > 0.8 && p <= 0.9 : p >= 0.1 && p < 0.2);
    }
    assert_in_range(seconds, MEASURED * 75 / 100, MEASURED);
}

static void adaptive_forgets_with_a_new_version(void **state)
{
    static const char rules[] =
        HEAD "  - {rule: a, when: deal.stage_changed, ask: s, pick: adaptive, quiet: drop}\n";
    struct rig rig = {0};
    struct strbuf newer = {0};
    bool second;
    double p = 0;
    (void)state;
    with(&rig, rules, no_caps, NULL);
    rig.full = true;
    for (int i = 0; i < 100; i++)
        (void)ask_one(&rig, i, true, &second, &p); /* some fall into the night */
    strbuf_puts(&newer, rules);
    memcpy(strstr(newer.data, "version: 1"), "version: 2", 10);
    struct book *book =
        rig_book(&rig, &(struct rig_text){.people = PEOPLE, .plugins = {strbuf_text(&newer)}});
    book->limits = rig.book->limits;
    core_set_book(rig.core, book, rig.now, &rig.step);
    rig_take(&rig);
    book_free(rig.book);
    rig.book = book;
    while (!ask_one(&rig, ++rig.serial, true, &second, &p))
        continue;
    assert_int_equal(p * 1000 + 0.5, 500);
    rig_done(&rig);
    strbuf_done(&newer);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(adaptive_prefers_what_is_answered_and_keeps_a_floor),
    };
    const struct CMUnitTest tests[] = {cmocka_unit_test(adaptive_forgets_with_a_new_version)};
    return play_run("adaptive", cases, ARRAY_LEN(cases)) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
