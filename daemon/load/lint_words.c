#include "load/lint_words.h"

#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "load/lint_index.h"

enum {
    GAP_WORDS = 3,
    WIDE_GAP_WORDS = 40,
    ADDRESS_WORDS = 2,
    WORDS_MAX = 400 /* further ones are not looked at: a message of the largest size has fewer */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool is_mark(const struct lint_word *word)
{
    return !word->text[1] && strchr(".!?,;:()-", word->text[0]);
}

static bool is_end(const struct lint_word *word)
{
    return !word->text[1] && strchr(".!?", word->text[0]);
}

/* Whether the word that holds text[at - 1] goes on with text[at]. */
static bool goes_on(const char *text, int at)
{
    char before = text[at - 1], c = text[at], after = c ? text[at + 1] : '\0';
    if (is_letter(c) || c == '{' || c == '}')
        return true;
    if (c == '\'' || c == '-')
        return (is_letter(before) || before == '}') && is_letter(after);
    return (c == '.' || c == ',' || c == ':') && is_digit(before) && is_digit(after);
}

uint32_t lint_hash(const char *text, int max, int *ret_length)
{
    uint32_t hash = 0;
    int length = 0;
    for (; length < max && text[length] && text[length] != '|' && text[length] != ' '; length++)
        hash = hash * 31 + (unsigned char)text[length];
    *ret_length = length;
    return (hash ^ hash >> 13) & 8191;
}

static void add_word(struct lint_words *words, char **store, const char *text, int length,
                     struct lint_span bytes)
{
    words->list[words->count++] =
        (struct lint_word){.text = *store, .from = bytes.from, .to = bytes.to};
    memcpy(*store, text, (size_t)length);
    (*store)[length] = '\0';
    uint32_t hash = lint_hash(*store, length, &(int){0});
    words->hashes[hash >> 6] |= UINT64_C(1) << (hash & 63);
    *store += length + 1;
    words->seen[text[0] & 31] |= 1u << ((length > 1 ? text[1] : 0) & 31);
}

/* "don't" counts as two words; so do "it's" and "let's", but not "the customer's". */
static bool add_short(struct lint_words *words, char **store, const char *text, int length,
                      struct lint_span bytes)
{
    static const struct {
        const char *suffix, *word;
    } endings[] = {{"n't", "not"}, {"'re", "are"},  {"'ve", "have"}, {"'ll", "will"},
                   {"'m", "am"},   {"'d", "would"}, {"'s", "is"}};
    static const char *const odd[][2] = {{"ca", "can"}, {"wo", "will"}, {"sha", "shall"}};
    static const char verbal[] = " what who how where when why it that there here he she this ";
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        int stem = length - (int)strlen(endings[i].suffix);
        char key[12];
        if (stem < 1 || stem > 9 ||
            strncmp(text + stem, endings[i].suffix, (size_t)(length - stem)) != 0)
            continue;
        key[0] = ' ';
        memcpy(key + 1, text, (size_t)stem);
        memcpy(key + 1 + stem, " ", 2);
        if (text[stem + 1] == 's' && !strstr(verbal, key))
            return false;
        key[1 + stem] = '\0';
        const char *base = key + 1;
        for (size_t w = 0; text[stem] == 'n' && w < ARRAY_LEN(odd); w++)
            base = strcmp(base, odd[w][0]) == 0 ? odd[w][1] : base;
        add_word(words, store, base, (int)strlen(base), bytes);
        add_word(words, store, endings[i].word, (int)strlen(endings[i].word), bytes);
        return true;
    }
    return false;
}

/* Adds what begins at `from` and returns where it ends. */
static int add_next(struct lint_words *words, char **store, int from)
{
    const char *text = words->folded;
    int to = from + 1;
    bool word = is_letter(text[from]) || text[from] == '{';
    if (!word && strchr("@#<", text[from])) { /* "@channel", "#wins", "<!here>" */
        to += text[from] == '<' && (text[to] == '!' || text[to] == '@');
        word = is_letter(text[to]);
    }
    while (word && goes_on(text, to))
        to++;
    struct lint_span bytes = {.from = from, .to = to};
    if (word && add_short(words, store, text + from, to - from, bytes))
        return to;
    if (!word && text[from] == '.' && text[to] == '.') {
        while (text[to] == '.')
            to++;
        add_word(words, store, ",", 1, bytes); /* "..." is a pause, no end */
    } else if (word || strchr(".!?,;:()-", text[from])) {
        add_word(words, store, text + from, to - from, bytes);
    }
    return to;
}

/* Draft: "Well done!" is meant to be sent, so it is the author's own word. */
static bool is_draft(const struct lint_words *words, int at)
{
    static const char *const drafts[] = {"draft",   "wording",   "template", "suggestion",
                                         "message", "suggested", "text",     "line"};
    if (at < 2 || words->list[at - 1].text[0] != ':')
        return false;
    for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++) {
        if (strcmp(words->list[at - 2].text, drafts[i]) == 0)
            return true;
    }
    return false;
}

/* Marks the words between pairs of double quotes, unless these are all there are. */
static void mark_quoted(struct lint_words *words, const int *quotes, int quote_count)
{
    int marked = 0;
    for (int q = 0; q + 1 < quote_count; q += 2) {
        if (is_draft(words, quotes[q]))
            continue;
        for (int i = quotes[q]; i < quotes[q + 1]; i++, marked++)
            words->list[i].quoted = true;
    }
    for (int i = 0; i < words->count && marked == words->count; i++)
        words->list[i].quoted = false;
}

/* strcspn() for one character: most are a few bytes away, and it is asked a thousand times. */
static int span_to(const char *text, char stop, int max)
{
    int length = 0;
    while (length < max && text[length] && text[length] != stop)
        length++;
    return length;
}

static bool same_word(const char *alt, int length, const char *text)
{
    if (alt[0] == '*') {
        int have = (int)strlen(text);
        return have > length && strncmp(text + have - length + 1, alt + 1, (size_t)length - 1) == 0;
    }
    if (alt[length - 1] == '*')
        return strncmp(text, alt, (size_t)length - 1) == 0;
    return strncmp(text, alt, (size_t)length) == 0 && !text[length];
}

static void mark_class(struct lint_words *words, const struct lint_index *index, int class)
{
    const struct lint_class_word *end = index->words + index->classes[class + 1];
    for (const struct lint_class_word *w = index->words + index->classes[class]; w < end; w++) {
        bool may = lint_code_holds(words, w->code);
        for (int i = 0; i < words->count && may; i++) {
            if (same_word(w->text, w->length, words->list[i].text)) {
                words->list[i].classes |= UINT64_C(1) << class;
                words->classes |= UINT64_C(1) << class;
            }
        }
    }
}

/* --- places --- */

static bool is_one_of(const struct lint_word *word, const char *list)
{
    size_t length = strlen(word->text);
    for (const char *p = list; (p = strstr(p, word->text)); p++) {
        if ((p == list || p[-1] == ' ') && (p[length] == ' ' || !p[length]))
            return true;
    }
    return false;
}

static bool sentence_starts(const struct lint_words *words, int at)
{
    static const char lead_ins[] = "so and but then now well ok okay also hey hi hello";
    while (at > 0) {
        const struct lint_word *before = &words->list[at - 1];
        if (is_mark(before) && before->text[0] != ',')
            return before->text[0] != '(' && before->text[0] != ')';
        if (before->text[0] == ',') { /* "Ana, " and "Hi Ana, " only speak to somebody */
            int i = at - 1;
            while (i > 0 && !is_mark(&words->list[i - 1]))
                i--;
            if (at - 1 - i > ADDRESS_WORDS || (i > 0 && words->list[i - 1].text[0] == ','))
                return false;
            at = i;
            continue;
        }
        if (!is_one_of(before, lead_ins))
            return false;
        at--;
    }
    return true;
}

static bool clause_starts(const struct lint_words *words, int at)
{
    return at == 0 || is_mark(&words->list[at - 1]) ||
           is_one_of(&words->list[at - 1], "and but so because") || sentence_starts(words, at);
}

/* "After the call, did they ...": a comma ends what only leads to the main clause. */
static bool main_starts(const struct lint_words *words, int at)
{
    static const char openers[] =
        "if when whenever where after before while since once as in on at with without given now "
        "until till for from during by because although though despite looking thinking suppose "
        "unless today tomorrow yesterday this last next compared between over based according "
        "apart besides to about regarding seeing knowing say";
    static const char asking[] =
        "what who whom whose which how why do does did is are was were has "
        "have had can could will would shall should may might";
    if (sentence_starts(words, at))
        return true;
    if (words->list[at - 1].text[0] != ',')
        return false;
    int first = at - 1;
    while (first > 0 && !sentence_starts(words, first))
        first--;
    return first + 1 < at && is_one_of(&words->list[first], openers) &&
           !is_one_of(&words->list[first + 1], asking);
}

/* --- names --- */

uint64_t lint_class_bit(const char *name, int length)
{
    for (int i = 0; i < lint_class_count; i++) {
        const char *have = lint_classes[i].name;
        if (have[0] == name[0] && have[1] == name[1] && strncmp(have, name, (size_t)length) == 0 &&
            !have[length])
            return UINT64_C(1) << i;
    }
    return 0;
}

/* "Ben", but not "Monday" and not the first word of a sentence. */
static void mark_names(struct lint_words *words, const char *cased)
{
    const uint64_t name = lint_class_bit("name", 4), period = lint_class_bit("period", 6);
    for (int i = 0; i < words->count; i++) {
        struct lint_word *word = &words->list[i];
        char first = cased[word->from];
        if (first < 'A' || first > 'Z' || !word->text[1] || word->classes & period ||
            (word->to - word->from > 1 && cased[word->from + 1] < 'a') || sentence_starts(words, i))
            continue;
        word->classes |= name;
        words->classes |= name;
    }
}

void lint_words_init(struct lint_words *words, const struct lint_index *index, const char *folded,
                     const char *cased)
{
    enum { QUOTES_MAX = 64 };
    int quotes[QUOTES_MAX], quote_count = 0;
    *words = (struct lint_words){.folded = folded};
    const size_t length = strlen(folded);
    words->store = xcalloc(3 * length + 16, 1); /* a mark takes two bytes, "i'm" five */
    words->list = NEW_ARRAY(struct lint_word, length + 2);
    char *store = words->store;
    for (int at = 0; folded[at] && words->count < WORDS_MAX;) {
        if (folded[at] == '"' && quote_count < QUOTES_MAX)
            quotes[quote_count++] = words->count;
        at = folded[at] == ' ' ? at + 1 : add_next(words, &store, at);
    }
    mark_quoted(words, quotes, quote_count);
    for (int i = 0; i < lint_class_count; i++)
        mark_class(words, index, i);
    mark_names(words, cased);
}

void lint_words_done(struct lint_words *words)
{
    free(words->store);
    free(words->list);
}

/* --- matching --- */

static bool is_number(const struct lint_word *word)
{
    static const char numbers[] =
        "zero one two three four five six seven eight nine ten eleven "
        "twelve fifteen twenty thirty forty fifty sixty eighty ninety hundred "
        "dozen {n}";
    return is_digit(word->text[0]) || is_one_of(word, numbers);
}

static bool alternative_fits(const char *alt, int length, const struct lint_word *word)
{
    if (alt[0] == '&')
        return (word->classes & lint_class_bit(alt + 1, length - 1)) != 0;
    if (length == 1 && (alt[0] == '_' || alt[0] == '#'))
        return alt[0] == '_' ? !is_mark(word) : is_number(word);
    return same_word(alt, length, word->text);
}

static bool is_special(char first)
{
    return first == '&' || first == '#' || first == '_' || first == '*'; /* no plain word */
}

static bool element_fits(const char *element, int length, const struct lint_word *word)
{
    if (word->quoted)
        return false;
    for (int at = 0, end; at < length; at = end + 1) {
        char first = element[at];
        end = at + span_to(element + at, '|', length - at);
        if ((first == word->text[0] || is_special(first)) &&
            alternative_fits(element + at, end - at, word))
            return true;
    }
    return false;
}

struct matching {
    const struct lint_words *words;
    const char *pattern;
    int quotes[2], quote_count; /* where = stood */
};

static int match(struct matching *m, const char *pattern, int at);

static int match_gap(struct matching *m, const char *rest, int at, bool wide)
{
    for (int taken = 0; taken <= (wide ? WIDE_GAP_WORDS : GAP_WORDS); taken++, at++) {
        int quote_count = m->quote_count, end = match(m, rest, at);
        if (end >= 0 || at >= m->words->count)
            return end;
        m->quote_count = quote_count; /* those of a try that led nowhere */
        const struct lint_word *word = &m->words->list[at];
        if (wide ? is_end(word) : is_mark(word))
            break;
    }
    return -1;
}

/* Elements that take no word: 1 when it holds, 0 when not, -1 when it is none of these. */
static int place_holds(struct matching *m, const char *element, int length, int at)
{
    const struct lint_words *words = m->words;
    if (element[0] == '!' && length > 1) {
        int which = element == m->pattern ? at - 1 : at;
        return which < 0 || which >= words->count ||
               !element_fits(element + 1, length - 1, &words->list[which]);
    }
    if (element[0] == '^')
        return length == 2 ? main_starts(words, at) : sentence_starts(words, at);
    if (length == 1 && element[0] == '<')
        return clause_starts(words, at);
    if (length == 1 && element[0] == '$')
        return at >= words->count || is_end(&words->list[at]);
    if (length != 1 || element[0] != '=')
        return -1;
    m->quotes[m->quote_count++ & 1] = at;
    return 1;
}

/* Where the words end that fit the pattern from `at` on, or -1. */
static int match(struct matching *m, const char *pattern, int at)
{
    for (;;) {
        pattern += *pattern == ' ';
        int length = span_to(pattern, ' ', INT_MAX);
        if (!length)
            return at;
        const char *rest = pattern + length;
        int holds = place_holds(m, pattern, length, at);
        if (holds == 0)
            return -1;
        if (pattern[0] == '~')
            return match_gap(m, rest, at, length == 2);
        if (holds < 0) {
            bool optional = length > 1 && pattern[length - 1] == '?';
            bool fits = at < m->words->count &&
                        element_fits(pattern, length - optional, &m->words->list[at]);
            if (!fits && !optional)
                return -1;
            if (optional && fits) {
                int quote_count = m->quote_count, end = match(m, rest, at + 1);
                if (end >= 0)
                    return end;
                m->quote_count = quote_count;
            } else {
                at += fits;
            }
        }
        pattern = rest;
    }
}

bool lint_words_find(const struct lint_words *words, const char *pattern, int start,
                     struct lint_span *ret)
{
    for (int at = start; at < words->count; at++) {
        struct matching m = {.words = words, .pattern = pattern};
        int end = match(&m, pattern, at);
        if (end >= 0 && end > at) {
            *ret = (struct lint_span){at, end, m.quote_count ? m.quotes[0] : at,
                                      m.quote_count > 1 ? m.quotes[1] : end};
            return true;
        }
    }
    return false;
}
