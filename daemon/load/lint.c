#include "load/lint.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/text.h"
#include "load/load_plugin.h"

enum { ACTIVITY_ONLY_FROM = 3 }; /* fewer questions are no set one could judge */

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Lower case, one blank between words, typographic apostrophes as ' : so that phrases compare. */
static char *folded_new(const char *plain)
{
    struct strbuf out = {0};
    for (const char *p = plain; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if (strncmp(p, "\xE2\x80\x99", 3) == 0) {
            c = '\'';
            p += 2;
        }
        if (c == '\n' || c == '\t' || c == '\r')
            c = ' ';
        if (c == ' ' && (!out.len || out.data[out.len - 1] == ' '))
            continue;
        strbuf_putc(&out, c);
    }
    return strbuf_take(&out);
}

/* Where a sentence begins: at the start, after . ! ? : or after a name that is spoken to ("Ana, ").
 */
static bool sentence_start(const char *text, const char *at)
{
    while (at > text && (at[-1] == ' ' || at[-1] == '"' || at[-1] == '\''))
        at--;
    if (at > text && at[-1] == ',') {
        for (at--; at > text && letter(at[-1]); at--)
            ;
        if (at > text && at[-1] == ' ')
            at--;
    }
    return at == text || strchr(".!?:", at[-1]);
}

static bool phrase_at(const char *text, const char *at, const char *phrase)
{
    size_t length = strlen(phrase);
    bool open = phrase[length - 1] == '*';
    length -= open;
    return strncmp(at, phrase, length) == 0 && (at == text || !letter(at[-1])) &&
           (open || !letter(at[length]));
}

static const char *find(const char *text, const struct lint_rule *rule)
{
    for (int i = 0; rule->phrases[i]; i++) {
        for (const char *p = text; *p; p++) {
            if (phrase_at(text, p, rule->phrases[i]) &&
                (!rule->at_start || sentence_start(text, p)))
                return rule->phrases[i];
        }
    }
    return NULL;
}

static void lint(struct problems *problems, const char *template, enum lint_use use,
                 bool open_answer, struct source_place place)
{
    CLEANUP_FREE char *positive = text_plain_new(template, false);
    CLEANUP_FREE char *negative = text_plain_new(template, true);
    CLEANUP_FREE char *first = folded_new(positive);
    CLEANUP_FREE char *second = folded_new(negative);
    for (int i = 0; i < lint_rule_count; i++) {
        const struct lint_rule *rule = &lint_rules[i];
        if (!(rule->uses >> use & 1) || (rule->open_answer && !open_answer))
            continue;
        const char *phrase = find(first, rule);
        if (!phrase)
            phrase = find(second, rule);
        if (phrase)
            problem_warning(problems, place, rule->code, "'%s' %s", phrase, rule->advice);
    }
}

void lint_text(struct problems *problems, const char *template, enum lint_use use,
               struct source_place place)
{
    lint(problems, template, use, false, place);
}

/* "What do they need, and who decides?" asks two things with one mark. */
static void lint_double(struct problems *problems, const char *template, struct source_place place)
{
    static const char *const joints[] = {", and what ", ", and how ",   ", and who ",
                                         ", and when ", ", and why ",   ", and where ",
                                         " and what ",  " and how do ", " and who "};
    CLEANUP_FREE char *plain = text_plain_new(template, false);
    CLEANUP_FREE char *text = folded_new(plain);
    const char *mark = strrchr(text, '?');
    static const char *const openers[] = {"what ", "how ", "who ", "when ", "why ", "where "};
    bool opens = false;
    for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
        const char *at = strstr(text, openers[i]);
        opens |= at && sentence_start(text, at);
    }
    for (size_t i = 0; opens && mark && i < ARRAY_LEN(joints); i++) {
        const char *at = strstr(text, joints[i]);
        if (at && at < mark) {
            problem_warning(problems, place, "lint-double",
                            "'%s' joins two questions; ask the more important one",
                            joints[i] + (joints[i][0] == ',' ? 2 : 1));
            return;
        }
    }
}

void lint_question(struct problems *problems, const struct question *question,
                   struct source_place place)
{
    for (int i = 0; i < question->text_count; i++) {
        const char *template = text_template(question->texts[i]);
        lint(problems, template, LINT_QUESTION,
             question->answer == ANSWER_TEXT && !question->advise, place);
        lint_double(problems, template, place);
    }
}

static bool is_for(const struct question *question, const char *stage)
{
    for (int i = 0; i < question->stage_count; i++) {
        if (str_eq(question->stages[i], stage))
            return true;
    }
    return false;
}

/* A stage that is asked about, but never for what the customer gets out of it. */
static void lint_gain(struct problems *problems, const struct book *book, const char *stage)
{
    const struct question *first = NULL;
    for (int i = 0; i < book->question_count; i++) {
        const struct question *question = book->questions[i];
        if (!is_for(question, stage))
            continue;
        if (str_eq(question->topic, "customer_gain"))
            return;
        if (!first)
            first = question;
    }
    if (first)
        problem_warning(problems, first->place, "lint-customer-gain",
                        "no question of the stage '%s' asks for the customer's gain; give one the "
                        "'topic: customer_gain'",
                        stage);
}

void lint_book(struct problems *problems, const struct book *book)
{
    int activity = 0;
    for (int i = 0; i < book->question_count; i++)
        activity += book->questions[i]->kind == KIND_ACTIVITY;
    if (activity == book->question_count && activity >= ACTIVITY_ONLY_FROM)
        problem_warning(problems, book->questions[0]->place, "lint-activity-only",
                        "all %d questions are about activity; ask about skill, belief, drive or "
                        "purpose too",
                        activity);
    for (int i = 0; i < book->stage_count; i++)
        lint_gain(problems, book, book->stages[i].id);
}
