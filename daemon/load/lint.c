#include "load/lint.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/text.h"
#include "load/lint_index.h"
#include "load/load_plugin.h"

enum { ACTIVITY_ONLY_FROM = 3 }; /* fewer questions are no set one could judge */

#define USE(use)  (1u << (use))
#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
enum {
    QUESTIONS = USE(LINT_QUESTION) | USE(LINT_CHOICE),
    NOT_PRAISE = QUESTIONS | USE(LINT_ADVICE) | USE(LINT_TELL) | USE(LINT_CARD),
    ANY_USE = NOT_PRAISE | USE(LINT_PRAISE)
};

/* Of two rules that find the same words, the first one speaks: the order is part of the table. */
const struct lint_rule lint_rules[] = {
#define LINT_RULE(...) {__VA_ARGS__},
#include "load/lint_rows_trait.h"
#include "load/lint_rows_rank.h"
#include "load/lint_rows_rank_place.h"
#include "load/lint_rows_label.h"
#include "load/lint_rows_shame.h"
#include "load/lint_rows_shame_told.h"
#include "load/lint_rows_blame.h"
#include "load/lint_rows_blame_told.h"
#include "load/lint_rows_channel.h"
#include "load/lint_rows_praise.h"
#include "load/lint_rows_forecast.h"
#include "load/lint_rows_forecast_deal.h"
#include "load/lint_rows_criticism.h"
#include "load/lint_rows_form.h"
#include "load/lint_rows_imperative.h"
#include "load/lint_rows_obstacle.h"
#undef LINT_RULE
};
const int lint_rule_count = (int)ARRAY_LEN(lint_rules);

const struct lint_class lint_classes[] = {
#define LINT_CLASS(name, words) {name, words},
#include "load/lint_rows_class.h"
#undef LINT_CLASS
};
const int lint_class_count = (int)ARRAY_LEN(lint_classes);

/* --- folding: the same words always look the same --- */

static bool is_plain_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* Typographic signs of three bytes, E2 80 xx, and what they are read as. */
static const char *ascii_of(const char *p)
{
    if (strncmp(p, "\xE2\x80", 2) != 0)
        return NULL;
    switch ((unsigned char)p[2]) {
    case 0x93:
    case 0x94:
        return " - ";
    case 0x98:
    case 0x99:
        return "'";
    case 0x9C:
    case 0x9D:
    case 0x9E:
        return "\"";
    case 0xA6:
        return "...";
    default:
        return NULL;
    }
}

/* With ASCII punctuation, single blanks and {} for X; letters keep their case. */
static char *cased_new(const char *plain)
{
    struct strbuf out = {0};
    for (const char *p = plain; *p; p++) {
        const char *ascii = ascii_of(p);
        bool slot = *p == 'X' && (p == plain || !is_plain_letter(p[-1])) && !is_plain_letter(p[1]);
        if (ascii || slot) {
            strbuf_puts(&out, slot ? "{}" : ascii);
            p += ascii ? 2 : 0;
            continue;
        }
        char c = *p;
        if (c == '\n' || c == '\t' || c == '\r')
            c = ' ';
        if (c != ' ' || (out.len && out.data[out.len - 1] != ' '))
            strbuf_putc(&out, c);
    }
    return strbuf_take(&out);
}

static char *lower_new(const char *cased)
{
    char *lower = xstrdup(cased);
    for (char *p = lower; *p; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    return lower;
}

/* Values that tell more than X does: what is said about the rep is said about a person, and "only
 * 3 calls" shames where "only Ana" does not. */
static char *marked_new(const char *template)
{
    static const struct {
        const char *tag, *word;
    } marks[] = {{"{{rep.", "{rep}"}, {"{{signal.", "{n}"}, {"{{deal.amount", "{n}"}};
    struct strbuf out = {0};
    for (const char *p = template; *p; p++) {
        const char *word = NULL, *end = strncmp(p, "{{", 2) == 0 ? strstr(p, "}}") : NULL;
        for (size_t i = 0; end && i < ARRAY_LEN(marks); i++)
            word = str_starts(p, marks[i].tag) ? marks[i].word : word;
        if (word) {
            strbuf_puts(&out, word);
            p = end + 1;
        } else {
            strbuf_putc(&out, *p);
        }
    }
    return strbuf_take(&out);
}

/* --- rules --- */

/* What was found in one text, and where: a word is blamed only once. */
struct search {
    const struct lint_index *index;
    struct lint_words words;
    struct lint_finding *found;
    int count;
    struct lint_span spans[LINT_FINDINGS_MAX];
    int span_count;
};

static bool touches(struct lint_span a, struct lint_span b)
{
    return a.from < b.to && b.from < a.to;
}

static struct lint_span quoted(struct lint_span span)
{
    return (struct lint_span){.from = span.quote_from, .to = span.quote_to};
}

/* Whether the sentence around a word ends with a question mark. */
static bool asks(const struct lint_words *words, int at)
{
    while (at < words->count && !strchr(".!?", words->list[at].text[0]))
        at++;
    return at < words->count && words->list[at].text[0] == '?';
}

static bool is_harmless(const struct search *s, const struct lint_rule *rule, struct lint_span span)
{
    for (int i = 0; i < s->span_count; i++) {
        if (touches(s->spans[i], quoted(span)))
            return true;
    }
    if (rule->asking && !asks(&s->words, span.from))
        return true;
    for (int i = 0; rule->unless && rule->unless[i]; i++) {
        struct lint_span sense = {0};
        for (int at = 0; lint_words_find(&s->words, rule->unless[i], at, &sense);
             at = sense.from + 1) {
            if (touches(sense, span))
                return true;
        }
    }
    return false;
}

static bool has_any(const struct lint_words *words, const char *const *patterns)
{
    struct lint_span span;
    for (int i = 0; patterns[i]; i++) {
        if (lint_words_find(words, patterns[i], 0, &span))
            return true;
    }
    return false;
}

static bool is_spared(const struct search *s, const struct lint_rule *rule)
{
    for (int i = 0; i < LINT_SPARED_MAX && rule->spared[i]; i++) {
        if (!has_any(&s->words, rule->spared[i]))
            return false;
    }
    return rule->spared[0];
}

static bool find_rule(const struct search *s, const struct lint_rule *rule, struct lint_span *ret)
{
    for (int i = 0; rule->patterns[i]; i++) {
        struct lint_span span = {0};
        if (!lint_index_may_match(s->index, &s->words, (int)(rule - lint_rules), i))
            continue;
        for (int at = 0; lint_words_find(&s->words, rule->patterns[i], at, &span);
             at = span.from + 1) {
            if (is_harmless(s, rule, span))
                continue;
            *ret = span;
            return !is_spared(s, rule);
        }
    }
    return false;
}

static bool is_known(const struct search *s, const char *code)
{
    for (int i = 0; i < s->count; i++) {
        if (str_eq(s->found[i].rule->code, code))
            return true;
    }
    return false;
}

static void add_finding(struct search *s, const struct lint_rule *rule, struct lint_span span)
{
    struct lint_finding *finding = &s->found[s->count++];
    const char *from = s->words.folded + s->words.list[span.quote_from].from;
    const char *to = s->words.folded + s->words.list[span.quote_to - 1].to;
    size_t length = (size_t)(to - from);
    if (length > LINT_WORDS_BYTES - 2) {
        length = LINT_WORDS_BYTES - 2;
        while (length && ((unsigned char)from[length] & 0xC0) == 0x80)
            length--; /* never half a character */
    }
    finding->rule = rule;
    memcpy(finding->words, from, length);
    if (rule->continues)
        finding->words[length++] = ' ';
    finding->words[length] = '\0';
    if (s->span_count < LINT_FINDINGS_MAX)
        s->spans[s->span_count++] = quoted(span);
}

/* One judgement is told once: what compares people mostly shames them too. */
static bool is_judged(const struct search *s)
{
    bool judged = false;
    for (int i = 0; i < s->count; i++)
        judged |= s->found[i].rule->judges;
    return judged;
}

static bool may_speak(const struct search *s, const struct lint_rule *rule)
{
    return s->count < LINT_FINDINGS_MAX && !((rule->mild || rule->form) && s->count) &&
           !(rule->judges && is_judged(s)) && !is_known(s, rule->code);
}

static void search_text(struct search *s, const char *plain, enum lint_use use)
{
    CLEANUP_FREE char *cased = cased_new(plain);
    CLEANUP_FREE char *folded = lower_new(cased);
    lint_words_init(&s->words, s->index, folded, cased);
    s->span_count = 0;
    for (int mild = 0; mild < 2; mild++) {
        for (int i = 0; i < lint_rule_count; i++) {
            const struct lint_rule *rule = &lint_rules[i];
            struct lint_span span;
            if ((rule->uses >> use & 1) && rule->mild == mild && may_speak(s, rule) &&
                find_rule(s, rule, &span))
                add_finding(s, rule, span);
        }
    }
    lint_words_done(&s->words);
}

int lint_find(const struct lint_index *index, const char *template, enum lint_use use,
              struct lint_finding *found)
{
    struct search s = {.index = index, .found = found};
    CLEANUP_FREE char *marked = marked_new(template);
    CLEANUP_FREE char *positive = text_plain_new(marked, false);
    CLEANUP_FREE char *negative = text_plain_new(marked, true);
    search_text(&s, positive, use);
    if (!str_eq(positive, negative))
        search_text(&s, negative, use);
    return s.count;
}

void lint_text(struct problems *problems, const char *template, enum lint_use use,
               struct source_place place)
{
    struct lint_finding found[LINT_FINDINGS_MAX];
    if (problems->unlinted)
        return;
    if (!problems->lint)
        problems->lint = lint_index_new(&problems->arena);
    int count = lint_find(problems->lint, template, use, found);
    for (int i = 0; i < count; i++)
        problem_warning(problems, place, found[i].rule->code, "'%s' %s", found[i].words,
                        found[i].rule->advice);
}

void lint_question(struct problems *problems, const struct question *question,
                   struct source_place place)
{
    enum lint_use use = question->answer == ANSWER_TEXT ? LINT_QUESTION : LINT_CHOICE;
    for (int i = 0; i < question->text_count && text_is_english(question->texts[i]); i++)
        lint_text(problems, text_template(question->texts[i]), question->advise ? LINT_ADVICE : use,
                  place);
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

/* Steps of talks are questions too. */
static int count_questions(const struct book *book, int *ret_activity)
{
    int count = book->question_count;
    *ret_activity = 0;
    for (int i = 0; i < book->question_count; i++)
        *ret_activity += book->questions[i]->kind == KIND_ACTIVITY;
    for (int i = 0; i < book->flow_count; i++) {
        const struct flow *flow = book->flows[i];
        count += flow->step_count;
        for (int k = 0; k < flow->step_count; k++)
            *ret_activity += flow->steps[k].question->kind == KIND_ACTIVITY;
    }
    return count;
}

void lint_book(struct problems *problems, const struct book *book)
{
    int activity, count = count_questions(book, &activity);
    if (activity == count && activity >= ACTIVITY_ONLY_FROM)
        problem_warning(problems,
                        book->question_count ? book->questions[0]->place : book->flows[0]->place,
                        "lint-activity-only",
                        "all %d questions are about activity; ask about skill, belief, drive or "
                        "purpose too",
                        activity);
    for (int i = 0; i < book->stage_count; i++)
        lint_gain(problems, book, book->stages[i].id);
}
