#include "gritctl/coverage_print.h"

#include <stdio.h>

#include "base/jsonw.h"
#include "load/coverage.h"
#include "load/load_flow.h"

static void put_stage(const struct coverage_stage *stage)
{
    (void)printf("%-10s %13d %10d %8d  %-16s %s\n", stage->def->id,
                 stage->questions[USE_CASE_NEW_BUSINESS], stage->questions[USE_CASE_EXPANSION],
                 stage->questions[USE_CASE_RENEWAL], stage->gain ? "yes" : "no",
                 stage->praise ? "yes" : "no");
}

static void put_words(const struct coverage *coverage, bool strict)
{
    (void)printf("Questions for each stage and kind of deal; %d are wanted of each:\n",
                 COVERAGE_WANTED);
    (void)printf("%-10s %13s %10s %8s  %-16s %s\n", "stage", "new business", "expansion", "renewal",
                 "customer's gain", "praise");
    for (int i = 0; i < coverage->stage_count; i++)
        put_stage(&coverage->stages[i]);
    (void)fputs("Kinds: ", stdout);
    for (int i = 0; i < COVERAGE_KINDS; i++)
        (void)printf("%s%s %d", i ? ", " : "", question_kind_words[i], coverage->kinds[i]);
    (void)printf(". Rules that ask: %d about an opportunity, %d about a skill.\n",
                 coverage->areas[AREA_OPPORTUNITY], coverage->areas[AREA_SKILL]);
    for (const struct coverage_hole *hole = coverage->holes; hole; hole = hole->next)
        (void)printf("%s: %s [%s]\n", strict ? "error" : "hole", hole->text, hole->code);
}

static void put_line(struct strbuf *line)
{
    (void)puts(strbuf_text(line));
    strbuf_clear(line);
}

static void put_json_stage(struct strbuf *line, const struct coverage_stage *stage)
{
    struct jsonw json;
    jsonw_begin(&json, line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "stage", stage->def->id);
    for (int use = USE_CASE_ANY + 1; use < USE_CASES; use++)
        jsonw_int(&json, use_case_words[use], stage->questions[use]);
    jsonw_bool(&json, "customer_gain", stage->gain);
    jsonw_bool(&json, "praise", stage->praise);
    jsonw_object_end(&json);
    put_line(line);
}

static void put_json(const struct coverage *coverage, bool strict)
{
    struct strbuf line = {0};
    struct jsonw json;
    for (int i = 0; i < coverage->stage_count; i++)
        put_json_stage(&line, &coverage->stages[i]);
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_object(&json, "kinds");
    for (int i = 0; i < COVERAGE_KINDS; i++)
        jsonw_int(&json, question_kind_words[i], coverage->kinds[i]);
    jsonw_object_end(&json);
    jsonw_object(&json, "areas");
    jsonw_int(&json, "opportunity", coverage->areas[AREA_OPPORTUNITY]);
    jsonw_int(&json, "skill", coverage->areas[AREA_SKILL]);
    jsonw_object_end(&json);
    jsonw_object_end(&json);
    put_line(&line);
    for (const struct coverage_hole *hole = coverage->holes; hole; hole = hole->next) {
        jsonw_begin(&json, &line);
        jsonw_object(&json, NULL);
        jsonw_text(&json, "severity", strict ? "error" : "hole");
        jsonw_text(&json, "code", hole->code);
        jsonw_text(&json, "text", hole->text);
        jsonw_object_end(&json);
        put_line(&line);
    }
    strbuf_done(&line);
}

int coverage_print(const struct book *book, bool json, bool strict)
{
    struct coverage coverage;
    struct arena arena;
    arena_init(&arena);
    coverage_of(book, &arena, &coverage);
    if (json)
        put_json(&coverage, strict);
    else
        put_words(&coverage, strict);
    int holes = coverage.hole_count;
    arena_done(&arena);
    return holes;
}
