#include "core/every_words.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/sched_form.h"

static const struct word {
    const char *text;
    enum every_kind kind;
    int value;
} words[] = {
    {"sunday", EVERY_DAYS, 1},
    {"monday", EVERY_DAYS, 2},
    {"tuesday", EVERY_DAYS, 4},
    {"wednesday", EVERY_DAYS, 8},
    {"thursday", EVERY_DAYS, 16},
    {"friday", EVERY_DAYS, 32},
    {"saturday", EVERY_DAYS, 64},
    {"sun", EVERY_DAYS, 1},
    {"mon", EVERY_DAYS, 2},
    {"tue", EVERY_DAYS, 4},
    {"wed", EVERY_DAYS, 8},
    {"thu", EVERY_DAYS, 16},
    {"fri", EVERY_DAYS, 32},
    {"sat", EVERY_DAYS, 64},
    {"weekday", EVERY_DAYS, SCHED_MON_TO_FRI},
    {"workday", EVERY_DAYS, SCHED_MON_TO_FRI},
    {"weekend", EVERY_DAYS, 65},
    {"day", EVERY_DAY, 0},
    {"minute", EVERY_UNIT, 1},
    {"hour", EVERY_UNIT, 60},
    {"week", EVERY_WEEK, 0},
    {"other", EVERY_OTHER, 2},
    {"first", EVERY_ORDINAL, 1},
    {"second", EVERY_ORDINAL, 2},
    {"third", EVERY_ORDINAL, 3},
    {"fourth", EVERY_ORDINAL, 4},
    {"fifth", EVERY_ORDINAL, 5},
    {"last", EVERY_ORDINAL, -1},
    {"month", EVERY_PERIOD, 1},
    {"quarter", EVERY_PERIOD, 3},
    {"year", EVERY_PERIOD, 12},
    {"january", EVERY_MONTH, 1},
    {"february", EVERY_MONTH, 2},
    {"march", EVERY_MONTH, 3},
    {"april", EVERY_MONTH, 4},
    {"may", EVERY_MONTH, 5},
    {"june", EVERY_MONTH, 6},
    {"july", EVERY_MONTH, 7},
    {"august", EVERY_MONTH, 8},
    {"september", EVERY_MONTH, 9},
    {"october", EVERY_MONTH, 10},
    {"november", EVERY_MONTH, 11},
    {"december", EVERY_MONTH, 12},
    {"at", EVERY_AT, 0},
    {"on", EVERY_ON, 0},
    {"of", EVERY_OF, 0},
    {"in", EVERY_OF, 0},
    {"between", EVERY_BETWEEN, 0},
    {"from", EVERY_BETWEEN, 0},
    {"to", EVERY_TO, 0},
    {"and", EVERY_COMMA, 0},
    {"every", EVERY_FILLER, 0},
    {"each", EVERY_FILLER, 0},
    {"the", EVERY_FILLER, 0},
    {"noon", EVERY_TIME, 12 * 60},
    {"midnight", EVERY_TIME, 0},
};

static int unknown_word(struct err *err, const char *text)
{
    const char *known[ARRAY_LEN(words)];
    char hint[SCHED_HINT_BYTES];
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        known[i] = words[i].text;
    return err_set(err, EINVAL,
                   "word '%s' is not known%s (wants something like 'weekday at 09:00')", text,
                   sched_hint(text, known, ARRAY_LEN(known), hint));
}

static bool known_word(struct every_token *token)
{
    char plural[EVERY_WORD_BYTES + 2];
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t length = strlen(words[i].text);
        memcpy(plural, words[i].text, length);
        memcpy(plural + length, "s", 2);
        bool takes_plural = words[i].kind >= EVERY_DAYS && words[i].kind <= EVERY_WEEK;
        if (str_ieq(token->text, words[i].text) || (takes_plural && str_ieq(token->text, plural))) {
            token->kind = words[i].kind;
            token->value = words[i].value;
            return true;
        }
    }
    return false;
}

/* "15", "15th", "09:00", "9am". */
static bool numeric_word(struct every_token *token)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    const char *p = token->text;
    int value = 0;
    for (; *p >= '0' && *p <= '9' && value <= EVERY_COUNT_MAX; p++)
        value = value * 10 + (*p - '0');
    if (p == token->text)
        return false;
    token->kind = EVERY_NUMBER;
    token->value = value;
    if (!*p)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        if (str_ieq(p, endings[i])) {
            token->kind = EVERY_ORDINAL;
            return true;
        }
    }
    token->kind = EVERY_TIME;
    return clock_parse(token->text, strlen(token->text), &token->value) == 0;
}

int every_tokenize(const char *text, struct err *err, struct every_token *tokens)
{
    static const char *const space = " \t\r\n";
    int count = 0;
    for (text += strspn(text, space); *text; text += strspn(text, space)) {
        struct every_token *token = &tokens[count];
        size_t length = *text == ',' ? 1 : strcspn(text, " \t\r\n,");
        if (count == EVERY_TOKENS_MAX)
            return err_set(err, EINVAL, "has more than %d words", EVERY_TOKENS_MAX);
        if (length >= sizeof(token->text))
            return err_set(err, EINVAL, "word '%.*s' is not known", (int)length, text);
        memcpy(token->text, text, length);
        token->text[length] = '\0';
        text += length;
        if (token->text[0] == ',')
            token->kind = EVERY_COMMA;
        else if (token->text[0] >= '0' && token->text[0] <= '9') {
            if (!numeric_word(token))
                return err_set(err, EINVAL, "'%s' is not a time (wants 09:00 or 9am)", token->text);
        } else if (!known_word(token))
            return unknown_word(err, token->text);
        if (token->kind == EVERY_FILLER)
            *token = (struct every_token){EVERY_END, 0, ""};
        else
            count++;
    }
    return 0;
}
