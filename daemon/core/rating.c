#include "core/rating.h"

#include <string.h>

#include "base/alloc.h"

#define RATING_KEY "rating|"

bool rating_is(const struct question *question)
{
    return question && question->reader == READER_GROUP && question->answer == ANSWER_SCALE &&
           str_eq(question->topic, coaching_act_name(ACT_ONE_TO_ONE));
}

/* The row names the manager and the conversation; who said what stands in the conversation only,
 * and goes with it. */
void rating_take(struct core *core, struct step *step, const struct prompt *prompt)
{
    char key[sizeof(RATING_KEY) + MESSAGE_KEY_BYTES] = RATING_KEY;
    const struct coaching coaching = {person_manager(core, prompt->to), NULL, ACT_RATING};
    if (!coaching.manager)
        return;
    strcat(key, prompt->key);
    ledger_add(core, step, key, &coaching, 0);
}

/* Everybody counts once, with the latest answer. */
struct vote {
    const struct person *by;
    msec_t at;
    int64_t answer;
};

static void add_vote(struct vote *votes, int *count, const struct vote *vote)
{
    for (int i = 0; i < *count; i++) {
        if (votes[i].by != vote->by)
            continue;
        if (vote->at > votes[i].at)
            votes[i] = *vote;
        return;
    }
    votes[(*count)++] = *vote;
}

static const struct prompt *prompt_of(const struct core *core, const struct ledger_row *row)
{
    return row->act == ACT_RATING ? map_get(&core->prompts, row->key + strlen(RATING_KEY)) : NULL;
}

bool rating_of(const struct core *core, const struct person *manager, msec_t from, msec_t until,
               struct rating *ret)
{
    size_t rows = core->ledger ? core->ledger->count : 0;
    struct vote *votes = NEW_ARRAY(struct vote, rows + 1);
    struct rating found = {0};
    int64_t sum = 0;
    for (size_t i = 0; i < rows; i++) {
        const struct ledger_row *row = core->ledger->rows[i];
        const struct prompt *prompt = prompt_of(core, row);
        struct vote vote = {.at = row->held};
        if (row->manager != manager || row->held < from || row->held >= until || !prompt ||
            !rating_is(prompt->question) || str_to_i64(prompt->answer, &vote.answer))
            continue;
        vote.by = prompt->to;
        found.min = prompt->question->scale_min;
        found.max = prompt->question->scale_max;
        add_vote(votes, &found.people, &vote);
    }
    for (int i = 0; i < found.people; i++)
        sum += votes[i].answer;
    free(votes);
    if (found.people < RATING_PEOPLE_MIN)
        return false;
    found.hundredths = (sum * 200 + found.people) / (2 * found.people);
    *ret = found;
    return true;
}
