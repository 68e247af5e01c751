/* corpus.h: reads tests/lint/corpus.tsv and judges the lint by it. Include after cmocka.h.
 *
 * A line has five columns: part, kind (question, praise, tell, card), answer (text, yes_no, scale,
 * choice, date; advise for 'style: advise'; - for what is no question), label, text. The label is
 * "ok" or the findings, "lint-trait-praise" as "trait", with commas between. A mild rule only
 * speaks when nothing else does, so it is never one of several. enum corpus_part tells the parts
 * apart; only "tune" and "held" are drawn, by a hash of the text. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "load/lint.h"
#include "load/lint_index.h"

enum { LINE_BYTES = 4096, COLUMNS = 5, TUNE_PERCENT = 55 };
enum corpus_part { TUNE, SEEN, OTHER, HELD, NEW, BLIND, PARTS };

/* Mistakes are shown up to OTHER only: one does not tune to what comes after it. */
static const struct {
    const char *name, *about;
} parts[] = {
    [TUNE] = {"tune", "by the author of the table, tuned to"},
    [SEEN] = {"seen", "by those who wrote the table, as new lines, then tuned to"},
    [OTHER] = {"other", "by two authors who did not know the lint, then tuned to"},
    [HELD] = {"held", "by the first author, drawn by a hash; watched, not tuned to"},
    [NEW] = {"fresh", "by the first author, after the first table; watched, not tuned to"},
    [BLIND] = {"blind", "by somebody who never saw the lint, measured once"},
};

struct score {
    int lines, good_lines;
    int right, wrong, missed;                /* codes */
    int line_right, line_wrong, line_missed; /* lines with any finding */
};

/* One line: part, kind, answer, label, text. */
struct sample {
    char *column[COLUMNS];
};

static inline bool sample_split(char *line, struct sample *ret)
{
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < COLUMNS; i++) {
        ret->column[i] = line;
        line += strcspn(line, i + 1 < COLUMNS ? "\t" : "");
        if (i + 1 < COLUMNS && !*line)
            return false;
        if (i + 1 < COLUMNS)
            *line++ = '\0';
    }
    return *ret->column[COLUMNS - 1] != '\0';
}

static inline enum lint_use use_of(const struct sample *sample)
{
    static const struct {
        const char *kind, *answer;
        enum lint_use use;
    } uses[] = {
        {"question", "text", LINT_QUESTION},
        {"question", "advise", LINT_ADVICE},
        {"question", "yes_no", LINT_CHOICE},
        {"question", "scale", LINT_CHOICE},
        {"question", "choice", LINT_CHOICE},
        {"question", "date", LINT_CHOICE},
        {"praise", "-", LINT_PRAISE},
        {"tell", "-", LINT_TELL},
        {"card", "-", LINT_CARD},
    };
    for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
        if (str_eq(sample->column[1], uses[i].kind) && str_eq(sample->column[2], uses[i].answer))
            return uses[i].use;
    }
    fail_msg("unknown kind '%s %s'", sample->column[1], sample->column[2]);
    return LINT_QUESTION;
}

/* "lint-trait-praise" is labelled "trait". */
static inline bool is_labelled(const char *labels, const char *code)
{
    const char *name = code + strlen("lint-");
    size_t length = strcspn(name, "-");
    for (const char *p = labels; *p; p += *p == ',') {
        size_t have = strcspn(p, ",");
        if (have == length && strncmp(p, name, length) == 0)
            return true;
        p += have;
    }
    return false;
}

static inline int count_labels(const char *labels)
{
    int count = !str_eq(labels, "ok");
    for (; *labels; labels++)
        count += *labels == ',';
    return count;
}

/* Seeded, so that nobody chose which line is held. FNV-1a with the last mixing of MurmurHash3;
 * both are public domain. */
static inline bool belongs_to_tune(const char *text)
{
    uint32_t hash = 0x811C9DC5;
    for (const char *p = "grit1"; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 0x01000193;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x01000193;
    hash = (hash ^ hash >> 16) * 0x85EBCA6B;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35;
    return (hash ^ hash >> 16) % 100 < TUNE_PERCENT;
}

/* One for all tests, as one load has one. */
static inline const struct lint_index *corpus_index(void)
{
    static struct arena arena;
    static const struct lint_index *index;
    if (!index)
        index = lint_index_new(&arena);
    return index;
}

static inline void score_sample(const struct sample *sample, struct score *score, bool show)
{
    struct lint_finding found[LINT_FINDINGS_MAX];
    const char *labels = sample->column[3];
    int count = lint_find(corpus_index(), sample->column[4], use_of(sample), found);
    int right = 0, wanted = count_labels(labels);
    for (int i = 0; i < count; i++)
        right += is_labelled(labels, found[i].rule->code);
    score->lines++;
    score->good_lines += !wanted;
    score->right += right;
    score->wrong += count - right;
    score->missed += wanted - right;
    score->line_right += count && wanted;
    score->line_wrong += count && !wanted;
    score->line_missed += !count && wanted;
    if (!show || (count == right && wanted == right))
        return;
    printf("%s %s [%s] %s\n", sample->column[1], sample->column[2], labels, sample->column[4]);
    for (int i = 0; i < count; i++)
        printf("      found %s: '%s'\n", found[i].rule->code, found[i].words);
}

static inline int part_of(const struct sample *sample)
{
    for (int i = 0; i < PARTS; i++) {
        if (str_eq(sample->column[0], parts[i].name))
            return i;
    }
    fail_msg("unknown part '%s'", sample->column[0]);
    return 0;
}

static inline void score_file(const char *path, struct score scores[PARTS], bool show)
{
    char line[LINE_BYTES];
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    while (fgets(line, sizeof(line), file)) {
        struct sample sample;
        if (line[0] == '#')
            continue;
        if (!sample_split(line, &sample))
            fail_msg("not five columns: %s", line);
        int part = part_of(&sample);
        if ((part == TUNE || part == HELD) && (part == TUNE) != belongs_to_tune(sample.column[4]))
            fail_msg("in the wrong part: %s", sample.column[4]);
        score_sample(&sample, &scores[part], show && part < HELD);
    }
    assert_int_equal(fclose(file), 0);
}

static inline double share(int part, int rest)
{
    return part + rest ? (double)part / (part + rest) : 1;
}

static inline void print_score(const char *name, const struct score *s)
{
    printf("%-5s %4d lines (%d good): codes precision %.3f recall %.3f, "
           "any finding precision %.3f recall %.3f\n",
           name, s->lines, s->good_lines, share(s->right, s->wrong), share(s->right, s->missed),
           share(s->line_right, s->line_wrong), share(s->line_right, s->line_missed));
}

#define CORPUS_FILE GRITD_SOURCE_DIR "/tests/lint/corpus.tsv"
