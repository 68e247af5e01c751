#include "gritctl/dose_print.h"

#include <stdio.h>

#include "base/jsonw.h"
#include "base/str.h"
#include "core/dose.h"

static const char *const json_names[DOSE_KINDS] = {
    [DOSE_PROMPTS] = "questions", [DOSE_REMINDERS] = "reminders", [DOSE_HELP] = "after_silence",
    [DOSE_PRAISE] = "praise",     [DOSE_CARDS] = "cards",         [DOSE_ALERTS] = "alerts",
    [DOSE_DIGESTS] = "digests",
};

static void put_endless(const struct dose *dose, const char *who)
{
    (void)printf("%s can get any number of messages: the alert %s has no limit per day, week or "
                 "month and no cooldown.\n",
                 who, dose->endless->id);
}

/* "At most 3 a day and 11 a week for one rep: 1 and 3 questions, 1 and 6 reminders." */
static void put_words(const struct dose *dose, const char *who)
{
    const char *before = ": ";
    if (dose->all.day == 0)
        return;
    if (dose->all.day == DOSE_ENDLESS || dose->all.week == DOSE_ENDLESS) {
        put_endless(dose, who);
        return;
    }
    (void)printf("%s gets at most %d message%s a day and %d a week", who, dose->all.day,
                 dose->all.day == 1 ? "" : "s", dose->all.week);
    for (int i = 0; i < DOSE_KINDS; i++) {
        const struct dose_part *part = &dose->parts[i];
        if (!part->week)
            continue;
        (void)printf("%s%s %d and %d", before, dose_name((enum dose_kind)i), part->day, part->week);
        before = ", ";
    }
    (void)puts(".");
}

static void put_number(struct jsonw *json, const char *name, int number)
{
    if (number == DOSE_ENDLESS)
        jsonw_null(json, name);
    else
        jsonw_int(json, name, number);
}

static void put_json(const struct dose *dose, const char *who)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "at_most", who);
    put_number(&json, "day", dose->all.day);
    put_number(&json, "week", dose->all.week);
    jsonw_object(&json, "parts");
    for (int i = 0; i < DOSE_KINDS; i++) {
        jsonw_object(&json, json_names[i]);
        put_number(&json, "day", dose->parts[i].day);
        put_number(&json, "week", dose->parts[i].week);
        jsonw_object_end(&json);
    }
    jsonw_object_end(&json);
    jsonw_text_opt(&json, "endless", dose->endless ? dose->endless->id : NULL);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

void dose_print(const struct book *book, bool json)
{
    static const struct {
        bool manager;
        const char *id, *words;
    } whom[] = {{false, "rep", "A rep"}, {true, "manager", "A manager"}};
    if (!book || !book->rule_count)
        return;
    for (int i = 0; i < 2; i++) {
        struct dose dose = dose_of(book, whom[i].manager);
        if (json)
            put_json(&dose, whom[i].id);
        else
            put_words(&dose, whom[i].words);
    }
}
