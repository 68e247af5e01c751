#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "load/lint.h"
#include "load/load_flow.h"

enum { CHOICES_MAX = 25, SCALE_MAX = 100 };

const char *const question_kind_words[] = {"skill", "activity", "belief", "drive", "purpose", NULL};
static const char *const keep_words[] = {"why",   "goal",       "plan", "practice",
                                         "tried", "behaviours", NULL};
static const char *const style_words[] = {"ask", "advise", "auto", NULL};
const char *const question_stored_words[] = {"always", "on-wish", "never", NULL};
const char *const question_reader_words[] = {"rep", "manager", "team", "group", NULL};
static const char *const answer_words[] = {"text", "yes_no", "scale", "choice", "date", NULL};

static void read_style(struct reading *r, const struct node *node, void *into)
{
    int style;
    if (read_word(r, node, style_words, &style))
        ((struct question *)into)->advise = style == 1;
}

static void read_keep(struct reading *r, const struct node *node, void *into)
{
    int keep;
    if (read_word(r, node, keep_words, &keep))
        ((struct question *)into)->keep = (enum keep)(keep + 1);
}

/* What becomes the rep's own is for the rep's eyes, and is said in words. */
static void check_keep(struct reading *r, const struct node *node, const struct question *question)
{
    const struct node *keep = node_get(node, "keep"), *hard = node_get(node, "hard");
    bool tried = question->keep == KEEP_TRIED;
    bool closed = question->answer == ANSWER_YES_NO || question->answer == ANSWER_CHOICE;
    if (keep && question->reader != READER_REP)
        read_error(r, keep, "private-answer", "what is kept for the rep needs 'reader: rep'");
    else if (keep && !tried && question->answer != ANSWER_TEXT)
        read_error(r, keep, "bad-answer", "'keep: %s' needs 'answer: text': own words are kept",
                   keep_words[question->keep - 1]);
    else if (keep && tried && !closed)
        read_error(r, keep, "bad-answer",
                   "'keep: tried' needs 'answer: yes_no' or a choice that begins with the best");
    if (hard && question->reader != READER_REP)
        read_error(r, hard, "private-answer", "the rep's own reason goes with 'reader: rep' only");
}

static void read_stages(struct reading *r, const struct node *node, void *into)
{
    struct question *question = into;
    size_t count = node->kind == NODE_LIST ? (size_t)node->count : 1;
    if (node->kind == NODE_MAP) {
        read_wrong(r, node, "a stage or a list of stages", "discover");
        return;
    }
    question->stages = arena_alloc(r->arena, (count + 1) * sizeof(*question->stages));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (; item; item = node->kind == NODE_LIST ? item->next : NULL) {
        if (read_stage(r, item, &question->stages[question->stage_count]))
            question->stage_count++;
    }
}

/* Plugins are shared between teams: a value that is none of this one's is worth a word, no more. */
static void read_values(struct reading *r, const struct node *node, void *into)
{
    struct question *question = into;
    const struct organisation *known = &loading_of(r)->book->organisation;
    if (!read_texts(r, node, &question->values, &question->value_count))
        return;
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < question->value_count; i++, item = item->next) {
        const char *near = nearest_word(item->text, known->values, (size_t)known->value_count);
        bool have = false;
        for (int k = 0; k < known->value_count; k++)
            have |= str_eq(known->values[k], item->text);
        if (known->value_count && !have)
            read_warning(r, item, "unknown-organisation-value",
                         "gritd.yaml has no value '%s'%s%s%s", item->text,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
}

/* "1-5" */
static bool scale_parse(struct reading *r, const char *text, int *ret_min, int *ret_max)
{
    int64_t min, max;
    const char *dash = strchr(text, '-');
    if (!dash || dash[1] == '+' || text[0] == '+' || str_to_i64(dash + 1, &max) ||
        str_to_i64(arena_strndup(r->arena, text, (size_t)(dash - text)), &min))
        return false;
    if (min < 0 || max <= min || max > SCALE_MAX)
        return false;
    *ret_min = (int)min;
    *ret_max = (int)max;
    return true;
}

static void set_scale(struct reading *r, const struct node *node, const char *text,
                      struct question *question)
{
    question->answer = ANSWER_SCALE;
    if (!scale_parse(r, text, &question->scale_min, &question->scale_max))
        read_error(r, node, "bad-answer",
                   "a scale needs its two ends, such as scale 1-5; found '%s'", text);
}

static void add_choice(struct question *question, const char *choice)
{
    if (question->choice_count < CHOICES_MAX)
        question->choices[question->choice_count] = choice;
    question->choice_count++;
}

static void begin_choices(struct reading *r, struct question *question)
{
    question->answer = ANSWER_CHOICE;
    question->choices = arena_alloc(r->arena, CHOICES_MAX * sizeof(*question->choices));
}

static void check_choices(struct reading *r, const struct node *node, struct question *question)
{
    int count = question->choice_count;
    if (count < 2 || count > CHOICES_MAX) {
        read_error(r, node, "bad-answer", "a choice has 2 to %d answers, this one has %d",
                   CHOICES_MAX, count);
        question->choice_count = count > CHOICES_MAX ? CHOICES_MAX : count;
    }
    for (int i = 0; i < question->choice_count; i++) {
        for (int k = 0; k < i; k++) {
            if (str_ieq(question->choices[i], question->choices[k]))
                read_error(r, node, "bad-answer", "the answer '%s' stands here twice",
                           question->choices[i]);
        }
    }
}

/* "[a, b c, d]" inside of a plain text. */
static void set_choice_text(struct reading *r, const struct node *node, const char *text,
                            struct question *question)
{
    size_t length = strlen(text);
    begin_choices(r, question);
    if (length < 2 || text[0] != '[' || text[length - 1] != ']') {
        read_error(r, node, "bad-answer", "write the answers in brackets: choice [this, that]");
        return;
    }
    const char *end = text + length - 1;
    for (const char *p = text + 1; p < end;) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        while (p < stop && *p == ' ')
            p++;
        size_t size = (size_t)(stop - p);
        while (size && p[size - 1] == ' ')
            size--;
        if (size)
            add_choice(question, arena_strndup(r->arena, p, size));
        p = stop + 1;
    }
    check_choices(r, node, question);
}

static void read_answer_text(struct reading *r, const struct node *node, struct question *question)
{
    size_t length = strcspn(node->text, " ");
    const char *word = arena_strndup(r->arena, node->text, length);
    const char *rest = node->text + length + strspn(node->text + length, " ");
    int answer = words_find(answer_words, word);
    if (answer < 0) {
        read_unknown(r, read_place(r, node), "bad-answer", "answer", word, answer_words,
                     words_count(answer_words));
    } else if (answer == ANSWER_SCALE) {
        set_scale(r, node, rest, question);
    } else if (answer == ANSWER_CHOICE) {
        set_choice_text(r, node, rest, question);
    } else if (*rest) {
        read_error(r, node, "bad-answer", "nothing can stand behind '%s'", word);
    } else {
        question->answer = (enum answer_type)answer;
    }
}

static void read_scale(struct reading *r, const struct node *node, struct question *question)
{
    int ends[2] = {0, 0};
    if (node->kind == NODE_SCALAR) {
        set_scale(r, node, node->text, question);
        return;
    }
    question->answer = ANSWER_SCALE;
    if (node->kind != NODE_LIST || node->count != 2) {
        read_wrong(r, node, "the two ends of a scale", "[1, 5] or 1-5");
        return;
    }
    if (!read_int(r, node->first, 0, SCALE_MAX, &ends[0]) ||
        !read_int(r, node->first->next, 1, SCALE_MAX, &ends[1]))
        return;
    question->scale_min = ends[0];
    question->scale_max = ends[1];
    if (ends[0] >= ends[1])
        read_error(r, node, "bad-answer", "a scale goes from the smaller number to the larger one");
}

static void read_choice(struct reading *r, const struct node *node, struct question *question)
{
    begin_choices(r, question);
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of answers", "[this, that]");
        return;
    }
    for (const struct node *item = node->first; item; item = item->next) {
        const char *choice;
        if (!read_text(r, item, &choice))
            return;
        add_choice(question, choice);
    }
    check_choices(r, node, question);
}

/* `text`, `scale 1-5`, `choice [a, b]`, or {scale: [1, 5]}, {choice: [a, b]}. */
void question_read_answer(struct reading *r, const struct node *node, void *into)
{
    struct question *question = into;
    const struct node *only = node->kind == NODE_MAP && node->count == 1 ? node->first : NULL;
    if (node->kind == NODE_SCALAR && !node_is_null(node))
        read_answer_text(r, node, question);
    else if (only && str_eq(only->key, "scale"))
        read_scale(r, only, question);
    else if (only && str_eq(only->key, "choice"))
        read_choice(r, only, question);
    else
        read_wrong(r, node, "a kind of answer", "text, yes_no, date, scale 1-5 or choice [a, b]");
}

/* Read after the other keys, because the style decides what a text must be. */
static void read_later(struct reading *r, const struct node *node, void *into)
{
    (void)r, (void)node, (void)into;
}

/* What goes on inside is the rep's alone, and is forgotten unless the rep wants it kept. */
void question_settle_stored(struct reading *r, const struct node *node, struct question *question)
{
    const struct node *stored = node_get(node, "stored");
    bool mental = question->kind == KIND_BELIEF || question->kind == KIND_DRIVE;
    if (!stored && mental && question->reader == READER_REP && question->keep == KEEP_NOTHING)
        question->stored = STORED_ON_WISH;
    if (question->stored != STORED_ALWAYS && question->reader != READER_REP) {
        read_warning(r, stored, "private-answer",
                     "'stored: %s' is for the rep alone, so 'reader: %s' is not followed",
                     question_stored_words[question->stored],
                     question_reader_words[question->reader]);
        question->reader = READER_REP;
    }
    bool never = question->stored == STORED_NEVER;
    if ((never || loading_of(r)->book->unstored) && question->keep != KEEP_NOTHING)
        read_warning(r, node_get(node, "keep"), "answer-not-stored",
                     "'keep: %s' does nothing, because the words are not stored (%s)",
                     keep_words[question->keep - 1],
                     never ? "stored: never" : "gritd.yaml: answers: not-stored");
}

#define AT(member) offsetof(struct question, member)

static const struct key question_keys[] = {
    {.name = "kind",
     .type = KEY_WORD,
     .required = true,
     .missing = "untagged-question",
     .at = AT(kind),
     .words = question_kind_words,
     .example = "activity",
     .help = "what it is about: skill, activity, belief, drive or purpose"},
    {.name = "style",
     .type = KEY_OTHER,
     .words = style_words,
     .read = read_style,
     .preset = "ask",
     .example = "ask",
     .help = "ask, advise (a hint), or auto: the hint under 'advice' for people in their first 90 "
             "days and for whoever said 'advice' in the last 14, else the question"},
    {.name = "text",
     .type = KEY_OTHER,
     .required = true,
     .read = read_later,
     .form = FORM_QUESTION_TEXTS,
     .example = "\"{{deal.name}}: what did the customer say, in their own words?\"",
     .help = "the words, one or several wordings; at most 280 characters and one question mark"},
    {.name = "advice",
     .type = KEY_OTHER,
     .read = read_later,
     .form = FORM_QUESTION_TEXTS,
     .example = "\"Ask what it costs them in a month, and let them do the sum.\"",
     .help =
         "The hint, or several, for people who are new or asked for one; it makes the style auto"},
    {.name = "answer",
     .type = KEY_OTHER,
     .read = question_read_answer,
     .form = FORM_ANSWER,
     .preset = "text",
     .example = "text",
     .help = "text, yes_no, scale A-B, choice [..] or date"},
    {.name = "reader",
     .type = KEY_WORD,
     .required = true,
     .missing = "missing-reader",
     .at = AT(reader),
     .words = question_reader_words,
     .example = "rep",
     .help = "who may read the answer: rep, manager or team, or group (it only counts in a figure "
             "of five people or more); the message says so"},
    {.name = "stored",
     .type = KEY_WORD,
     .at = AT(stored),
     .words = question_stored_words,
     .example = "on-wish",
     .help = STORED_HELP},
    {.name = "keep",
     .type = KEY_OTHER,
     .words = keep_words,
     .read = read_keep,
     .needs = "reader",
     .needs_word = "rep",
     .example = "why",
     .help = "What the answer becomes besides: why (a reason of the rep's own), goal (the goal in "
             "the rep's words), plan, practice, tried (how a practice went), or behaviours (own "
             "targets a "
             "week, once the rep has said yes to what was understood)"},
    {.name = "hard",
     .type = KEY_BOOL,
     .at = AT(hard),
     .needs = "reader",
     .needs_word = "rep",
     .preset = "false",
     .example = "true",
     .help = "Whether it asks for something hard; then the rep's own reason stands before it"},
    {.name = "topic",
     .type = KEY_NAME,
     .at = AT(topic),
     .example = "customer_gain",
     .help = "What the question asks for; customer_gain is what the customer gets out of it"},
    {.name = "stage",
     .type = KEY_OTHER,
     .read = read_stages,
     .form = FORM_STAGES,
     .example = "discover",
     .help = "The stage or stages it is for"},
    {.name = "use_case",
     .type = KEY_WORD,
     .at = AT(use_case),
     .words = use_case_words,
     .preset = "any",
     .example = "renewal",
     .help = "The kind of deal it is for; `gritctl check --coverage` counts by it"},
    {.name = "behaviour",
     .type = KEY_WORD,
     .at = AT(behaviour),
     .words = behaviour_words,
     .preset = "none",
     .example = "prepare",
     .help = "What it helps to practise"},
    {.name = "values",
     .type = KEY_OTHER,
     .read = read_values,
     .form = FORM_TEXTS,
     .example = "candour",
     .help = "Which values of the organisation it speaks of, from gritd.yaml"},
};
#undef AT

const struct block question_block = BLOCK("a question", question_keys, "kind, text, reader, ...");

static void read_advice(struct plugin_reading *p, const struct node *node,
                        struct question *question)
{
    const struct node *advice = node_get(node, "advice"), *style = node_get(node, "style");
    bool automatic = style && style->kind == NODE_SCALAR && str_eq(style->text, "auto");
    if (advice && style && !automatic) {
        read_warning(&p->f.r, advice, "unused-key",
                     "'advice' is only for 'style: auto'; with this style it is never said");
    } else if (advice) {
        plugin_read_texts(p, advice, TEXT_ADVICE, &question->advice, &question->advice_count);
    } else if (automatic && !advice) {
        read_warning(&p->f.r, style, "unused-key",
                     "'style: auto' has no 'advice' to choose from, so it always asks");
    }
}

static void read_question(struct plugin_reading *p, const struct node *node)
{
    struct reading *r = &p->f.r;
    struct question *question = arena_alloc(r->arena, sizeof(*question));
    int errors = r->errors;
    question->id = arena_strdup(r->arena, node->key);
    question->plugin = p->part->plugin;
    question->place = read_key_place(r, node);
    read_map(r, node, &question_block, question);
    if (r->errors == errors)
        check_keep(r, node, question);
    if (r->errors == errors)
        question_settle_stored(r, node, question);
    const struct node *text = node_get(node, "text");
    if (text)
        plugin_read_texts(p, text, question->advise ? TEXT_ADVICE : TEXT_QUESTION, &question->texts,
                          &question->text_count);
    read_advice(p, node, question);
    if (r->errors == errors) {
        p->part->questions[p->part->question_count++] = question;
        lint_question(r->problems, question, read_place(r, text));
    }
}

void plugin_read_questions(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    (void)part;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of questions", "{needs: {kind: activity, text: ...}}");
        return;
    }
    p->part->questions =
        arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*p->part->questions));
    for (const struct node *n = node->first; n; n = n->next)
        read_question(p, n);
}

struct question *plugin_question(struct plugin_reading *p, const struct node *node,
                                 const char *name)
{
    for (int i = 0; i < p->part->question_count; i++) {
        if (str_eq(p->part->questions[i]->id, name))
            return p->part->questions[i];
    }
    if (!names_have(&p->questions, name)) /* else it has a mistake of its own, which is told */
        read_unknown(&p->f.r, read_place(&p->f.r, node), "unknown-question", "question", name,
                     p->questions.names, (size_t)p->questions.count);
    return NULL;
}
