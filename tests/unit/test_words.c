/* Words: texts of plugins by language, and the daemon's own sentences in a team's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/speech.h"
#include "core_play.h"
#include "load_check.h"

#define PEOPLE                                                                                     \
    "teams:\n  - {id: west, manager: dana, zone: America/Denver}\n"                                \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west, language: de-AT}\n"                                 \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"

#define PLUGIN                                                                                     \
    HEAD "questions:\n"                                                                            \
         "  gain:\n"                                                                               \
         "    kind: activity\n"                                                                    \
         "    reader: rep\n"                                                                       \
         "    text:\n"                                                                             \
         "      en: \"{{deal.name}}: what will they be able to do then?\"\n"                       \
         "      de: \"{{deal.name}}: Was kann der Kunde dann, was er heute nicht kann?\"\n"        \
         "rules:\n"                                                                                \
         "  - {rule: ask, about: a question, when: deal.stage_changed, ask: gain}\n"               \
         "  - rule: thanks\n"                                                                      \
         "    about: steady calls\n"                                                               \
         "    when: activity.logged\n"                                                             \
         "    praise: {en: \"You called for {{deal.name}}.\", de: \"Du hast für {{deal.name}} "   \
         "angerufen.\"}\n"                                                                         \
         "    card: {en: \"{{rep.name}} called.\", de: \"{{rep.name}} hat angerufen.\"}\n"

#define GERMAN                                                                                     \
    "language: de\nwords:\n"                                                                       \
    "  answer: Antworten\n"                                                                        \
    "  later: Später\n"                                                                           \
    "  reader_rep: Nur du kannst deine Antwort lesen.\n"                                           \
    "  because_stage: \"%s ist jetzt bei %s (%s)\"\n"                                              \
    "  why_rule: \"Das kam, weil %1$s. Die Regel heißt „%2$s“: %3$s\"\n"                      \
    "  weekdays: So Mo Di Mi Do Fr Sa\n"                                                           \
    "  weekday_names: Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag\n"               \
    "  do_practise: übt eine Fähigkeit außerhalb der Geschäfte\n"                              \
    "  months: Jan. Feb. März Apr. Mai Juni Juli Aug. Sep. Okt. Nov. Dez.\n"                      \
    "  date: \"%s %d. %s\"\n"                                                                      \
    "  at: \"%s um %s\"\n"                                                                         \
    "  resumed: Schön, dass du wieder da bist.\n"

static void happens(struct rig *rig, const char *when, enum event_type what, const char *rep)
{
    GIVE(rig, when, .type = what, .rep = rep, .deal = rep, .to = "propose", .kind = "call",
         .direction = "outbound");
}

static void assert_said(const struct rig *rig, const char *text)
{
    if (!strstr(strbuf_text(&rig->lines), text))
        fail_msg("wanted: %s\nfound:\n%s", text, strbuf_text(&rig->lines));
}

static void begin(struct rig *rig, const char *first, const char *second)
{
    struct rig_text text = {.people = PEOPLE, .plugins = {PLUGIN}, .words = {first, second}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    rig->full = true;
    strbuf_clear(&rig->lines);
}

static void each_reads_the_own_language(void **state)
{
    struct rig rig = {.restarts = true};
    (void)state;
    begin(&rig, GERMAN, NULL);
    happens(&rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED, "ana");
    assert_said(&rig, "ana: Was kann der Kunde dann, was er heute nicht kann?");
    assert_said(&rig, "\"label\":\"Antworten\"");
    assert_said(&rig, "\"label\":\"Später\"");
    assert_said(&rig, "\"label\":\"Skip\""); /* not in the file */
    assert_said(&rig, "Nur du kannst deine Antwort lesen.");
    strbuf_clear(&rig.lines);
    rig_click(&rig, "2026-03-03 10:01", "ana", "why", NULL);
    assert_said(&rig, "Das kam, weil ana ist jetzt bei Propose (Di 3. März um 10:00). Die Regel "
                      "heißt „ask“: a question");
    strbuf_clear(&rig.lines);
    happens(&rig, "2026-03-03 10:05", EVENT_DEAL_STAGE_CHANGED, "ben");
    assert_said(&rig, "ben: what will they be able to do then?");
    assert_said(&rig, "\"label\":\"Answer\"");
    assert_said(&rig, "Only you can read your answer.");
    rig_done(&rig);
}

static void days_and_behaviours_have_words_too(void **state)
{
    struct rig rig = {0};
    (void)state;
    begin(&rig, GERMAN, NULL);
    rig_say(&rig, "2026-03-03 10:00", "ana", "behaviours");
    assert_said(&rig, "practise: übt eine Fähigkeit außerhalb der Geschäfte");
    rig_say(&rig, "2026-03-03 10:05", "ana", "plan every friday at 15:00: call Acme");
    assert_said(&rig, "Freitag");
    rig_say(&rig, "2026-03-03 10:06", "ben", "plan every friday at 15:00: call Acme");
    assert_said(&rig, "Friday");
    rig_done(&rig);
}

/* The card is in the manager's language; the words in it are those the rep will read. */
static void a_card_has_two_readers(void **state)
{
    struct rig rig = {.restarts = true};
    (void)state;
    begin(&rig, GERMAN, NULL);
    happens(&rig, "2026-03-03 10:00", EVENT_ACTIVITY_LOGGED, "ana");
    assert_said(&rig, "Ana Ruiz called.");
    assert_said(&rig, "Du hast für ana angerufen.");
    assert_said(&rig, "\"label\":\"Not true\"");
    rig_done(&rig);
}

static void one_file_may_be_for_everybody(void **state)
{
    struct rig rig = {0};
    (void)state;
    begin(&rig, GERMAN, "words: {later: Not now, resumed: Good to see you.}\n");
    happens(&rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED, "ben");
    assert_said(&rig, "\"label\":\"Not now\"");
    happens(&rig, "2026-03-03 10:05", EVENT_DEAL_STAGE_CHANGED, "ana");
    assert_said(&rig, "\"label\":\"Später\"");
    rig_say(&rig, "2026-03-03 10:06", "ana", "resume");
    rig_say(&rig, "2026-03-03 10:07", "ben", "resume");
    assert_said(&rig, "Schön, dass du wieder da bist.");
    assert_said(&rig, "Good to see you.");
    rig_done(&rig);
}

static void texts_by_language_are_checked(void **state)
{
    static const struct load_case cases[] = {
        {HEAD "questions:\n  q: {kind: skill, reader: rep, text: {en: [What now?, What next?], "
              "de: Was nun?}}\n",
         "a.yaml:6:73: error: 1 wording in 'de', 2 in the first language; each needs its "
         "counterpart [translation-count]"},
        {HEAD "questions:\n  q: {kind: skill, reader: rep, text: {english: What now?}}\n",
         "a.yaml:6:40: error: 'english' is no language; texts by language look like {en: ..., "
         "de: ...} [unknown-language]"},
        {HEAD "rules:\n  - {rule: r, about: x, when: activity.logged, praise: {en: \"A call for "
              "{{deal.name}}.\", de: \"Gut gemacht.\"}}\n",
         "error: praise needs evidence"},
        {HEAD "questions:\n  q: {kind: skill, reader: rep, text: {en: What now?, de: \"Was "
              "{{deal.nam}}?\"}}\n",
         "unknown"},
        {HEAD "questions:\n  q: {kind: skill, reader: rep, text: [{en: What now?}]}\n",
         "a.yaml:6:40: error: this must be text; found a mapping"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct loaded l = load_given(&(struct load_given){.plugins = {cases[i].yaml}});
        assert_line(&l, cases[i].line);
        assert_int_equal(l.book->question_count + l.book->rule_count, 0);
        load_done(&l);
    }
}

/* Our lint is English: it reads no German, and the English beside it all the same. */
static void only_english_is_linted(void **state)
{
    (void)state;
    struct loaded l = load_given(&(struct load_given){
        .plugins = {HEAD "questions:\n  q: {kind: skill, reader: rep, text: {de: Wirst du dein "
                         "Ziel erreichen? Oder nicht?}}\n"}});
    assert_int_equal(l.problems.errors, 0);
    load_done(&l);
    l = load_given(&(struct load_given){
        .plugins = {HEAD "questions:\n  q: {kind: skill, reader: rep, text: {de: Was nun?, en: "
                         "Will you make your number?}}\n"}});
    assert_true(l.problems.warnings > 0);
    load_done(&l);
}

/* What only the rep may read cannot reach the manager through another language either. */
static void privacy_holds_in_every_language(void **state)
{
    (void)state;
    struct loaded l = load_given(&(struct load_given){
        .people = PEOPLE,
        .plugins = {HEAD "questions:\n  q: {kind: skill, reader: rep, text: What now?}\n"
                         "rules:\n  - {rule: a, about: x, when: deal.won, ask: q}\n"
                         "  - {rule: r, about: x, when: deal.lost, to: manager, tell: {en: "
                         "\"{{deal.name}} is lost.\", de: \"Sie sagt: {{answer.q}}\"}}\n"}});
    assert_line(&l, "[private-answer]");
    load_done(&l);
}

static void files_of_words_are_checked(void **state)
{
    static const struct load_case cases[] = {
        {"words: {anser: Antwort}\n", "did you mean 'answer'?"},
        {"words: {paused: \"Pause bis %s.\"}\n",
         "words.yaml:1:17: error: 'paused': value 2 of the English sentence, %s, is missing"},
        {"words: {need_number: \"%s bis %d\"}\n", "'%s' stands where the English sentence has %d"},
        {"words: {answer: \"%s\"}\n", "'%s' stands where the English sentence has no value"},
        {"words: {paused: \"%2$s, %1$s\"}\n", ""},
        {"words: {paused: \"%2$s, %s\"}\n", "either all values have a number"},
        {"words: {paused: \"%1$s, %1$s\"}\n", "value 2 of the English sentence"},
        {"words: {answer: \"100 %% %n\"}\n", "'%n' stands where"},
        {"language: German\nwords: {answer: Antwort}\n", "must be a language"},
        {"language: de\n", "needs 'words'"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct loaded l = load_given(&(struct load_given){.words = cases[i].yaml});
        if (*cases[i].line)
            assert_line(&l, cases[i].line);
        else
            assert_clean(&l);
        assert_int_equal(l.book->speech_count, *cases[i].line ? 0 : 1);
        load_done(&l);
    }
}

/* A sentence is found by its English words, so no two may be the same; and each fits itself. */
static void sentences_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < phrase_count(); i++) {
        const struct phrase *phrase = phrase_at(i);
        struct err err = {0};
        if (speech_check(phrase->english, phrase->english, &err))
            fail_msg("%s: %s", phrase->name, err.text);
        for (size_t k = 0; k < i; k++) {
            if (!strcmp(phrase_at(k)->english, phrase->english))
                fail_msg("%s and %s are the same words", phrase_at(k)->name, phrase->name);
        }
    }
}

static void languages_match_by_their_first_part(void **state)
{
    (void)state;
    assert_true(language_ok("de") && language_ok("pt-BR") && language_ok("zh-Hant-TW"));
    assert_false(language_ok("") || language_ok("d") || language_ok("DE") || language_ok("de-") ||
                 language_ok("german") || language_ok("de_AT") || language_ok("de-ABCDEFGHI"));
    assert_int_equal(language_match("de", "de"), 2);
    assert_int_equal(language_match("pt-BR", "pt-br"), 2);
    assert_int_equal(language_match("de", "de-AT"), 1);
    assert_int_equal(language_match("pt-PT", "pt-BR"), 1);
    assert_int_equal(language_match("de", "den"), 0);
    assert_int_equal(language_match(NULL, "de"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reads_the_own_language),
        cmocka_unit_test(days_and_behaviours_have_words_too),
        cmocka_unit_test(a_card_has_two_readers),
        cmocka_unit_test(one_file_may_be_for_everybody),
        cmocka_unit_test(texts_by_language_are_checked),
        cmocka_unit_test(only_english_is_linted),
        cmocka_unit_test(privacy_holds_in_every_language),
        cmocka_unit_test(files_of_words_are_checked),
        cmocka_unit_test(sentences_are_told_apart),
        cmocka_unit_test(languages_match_by_their_first_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
