#include "engine/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/expect.h"
#include "engine/seen.h"

/* An answer that the simulated person will give. */
struct due_answer {
    msec_t at;
    char key[MESSAGE_KEY_BYTES];
    char *chat;
    char *words; /* NULL: skips it */
};

struct play {
    const struct simulate_options *options;
    struct core *core;
    struct step step;
    struct due_answer *answers; /* in order of time: every answer takes equally long */
    size_t first, count, cap;
    uint64_t serial;
    struct expected expected[EXPECT_STEPS]; /* what the next events are about; a ring */
};

static int by_time(const void *a, const void *b)
{
    const struct event_packed *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    struct event one, other;
    event_unpack(x, &one);
    event_unpack(y, &other);
    int order = str_cmp(one.id, other.id);
    return order ? order : str_cmp(one.source, other.source);
}

static void sort(struct event_packed *events, size_t count)
{
    size_t i = 1;
    while (i < count && by_time(&events[i - 1], &events[i]) <= 0)
        i++;
    if (i < count) /* files mostly come in order */
        qsort(events, count, sizeof(*events), by_time);
}

/* As the daemon does it: what has the source and id of an event of the last 72 hours is that event
 * once more, whatever else it says. */
static size_t drop_repeated(struct event_packed *events, size_t count)
{
    struct seen seen;
    size_t kept = 0;
    seen_init(&seen, SEEN_WINDOW);
    for (size_t i = 0; i < count; i++) {
        if (seen_add(&seen, events[i].key, events[i].time))
            events[kept++] = events[i];
    }
    seen_done(&seen);
    return kept;
}

/* Steps of a talk follow from the answers, so they get some: every kind of answer in its turn. */
static char *words_new(const struct play *play, const struct message *message)
{
    const struct input *input = &message->input;
    struct strbuf words = {0};
    char stamp[MSEC_TEXT_BYTES];
    bool step = false;
    for (int i = 0; i < message->button_count; i++)
        step |= str_eq(message->buttons[i].id, "end");
    if (!step)
        return NULL;
    switch (input->type) {
    case ANSWER_TEXT:
        strbuf_puts(&words, "(an answer)");
        break;
    case ANSWER_YES_NO:
        strbuf_puts(&words, play->count % 2 ? "no" : "yes");
        break;
    case ANSWER_SCALE:
        strbuf_int(&words, input->min + (int)(play->count % (size_t)(input->max - input->min + 1)));
        break;
    case ANSWER_CHOICE:
        strbuf_puts(&words, input->choices[play->count % (size_t)input->choice_count]);
        break;
    case ANSWER_DATE:
        strbuf_add(&words, msec_format(play->step.now, stamp), strlen("2026-03-02"));
        break;
    }
    return strbuf_take(&words);
}

static void plan_answer(struct play *play, const struct message *message)
{
    if (!play->options->answer_after || message->op != MESSAGE_POST || !message->button_count ||
        !str_eq(message->buttons[0].id, "answer"))
        return;
    ARRAY_GROW(play->answers, play->count, play->cap);
    struct due_answer *answer = &play->answers[play->count++];
    answer->at = play->step.now + play->options->answer_after;
    answer->chat = xstrdup(message->to);
    answer->words = words_new(play, message);
    memcpy(answer->key, message->key, MESSAGE_KEY_BYTES);
}

static void report(struct play *play)
{
    for (size_t i = 0; i < play->step.count; i++) {
        const struct intent *intent = &play->step.intents[i];
        if (intent->type == INTENT_NOTE && play->options->decided)
            play->options->decided(play->options->user, &intent->note);
        if (intent->type != INTENT_SEND)
            continue;
        if (play->options->said)
            play->options->said(play->options->user, &intent->send, play->step.now);
        plan_answer(play, &intent->send);
    }
}

static void step(struct play *play, const struct event *event)
{
    core_step(play->core, event, &play->step);
    report(play);
    if (play->options->stepped)
        play->options->stepped(play->options->user, play->core, event);
}

/* Any words will do: they are read by nobody. "later" questions of other kinds take the skip. */
static void give_answer(struct play *play)
{
    struct due_answer answer = play->answers[play->first++]; /* the step can move the array */
    struct event event;
    struct strbuf id = {0};
    event_init(&event, EVENT_CLICKED, answer.at);
    strbuf_printf(&id, "answer-%llu", (unsigned long long)play->serial++);
    event.id = strbuf_text(&id);
    event.source = "/gritd/simulate";
    event.chat = answer.chat;
    event.message = answer.key;
    event.button = answer.words ? "answer" : "skip";
    event.text = answer.words;
    step(play, &event);
    strbuf_done(&id);
    free(answer.words);
    free(answer.chat);
}

/* Everything that falls due before `until`, in order. */
static void run_until(struct play *play, msec_t until)
{
    for (;;) {
        msec_t wake = core_next_wake(play->core);
        msec_t answer = play->first < play->count ? play->answers[play->first].at : MSEC_NEVER;
        if (wake >= until && answer >= until)
            return;
        if (answer <= wake) {
            give_answer(play);
            continue;
        }
        struct event tick;
        event_init(&tick, EVENT_TICK, wake < play->step.now ? play->step.now : wake);
        step(play, &tick);
    }
}

/* The next events, each a step further towards what it needs. */
static void look_ahead(struct play *play, const struct event_packed *events, size_t count, size_t i)
{
    if (i + EXPECT_STEPS + 1 < count)
        __builtin_prefetch(events[i + EXPECT_STEPS + 1].bytes);
    if (i + EXPECT_STEPS < count) {
        struct event event;
        event_unpack(&events[i + EXPECT_STEPS], &event);
        play->expected[(i + EXPECT_STEPS) % EXPECT_STEPS] = core_expected(&event);
    }
    for (size_t ahead = 1; ahead <= EXPECT_STEPS && i + ahead < count; ahead++)
        core_expect(play->core, &play->expected[(i + ahead) % EXPECT_STEPS],
                    (enum expect_step)(EXPECT_STEPS - ahead));
}

void simulate_run(const struct simulate_options *options, struct event_packed *events, size_t count,
                  struct simulate_result *ret)
{
    struct play play = {.options = options};
    sort(events, count);
    size_t kept = drop_repeated(events, count);
    msec_t from = options->from != MSEC_NONE ? options->from : kept ? events[0].time : 0;
    msec_t to = options->to != MSEC_NONE ? options->to
                : kept                   ? events[kept - 1].time + MSEC_DAY
                                         : from;
    *ret = (struct simulate_result){.repeated = count - kept, .from = from, .to = to};
    play.core = core_new(options->book, &options->core);
    step_init(&play.step);
    play.step.stateless = true;
    play.step.wordless = options->counts;
    core_ready(play.core, kept && events[0].time < from ? events[0].time : from, &play.step);
    for (size_t i = 0; i < kept && events[i].time < to; i++) {
        struct event event;
        look_ahead(&play, events, kept, i);
        event_unpack(&events[i], &event);
        run_until(&play, event.time + 1);
        event.at = event.time;
        if (event.at < play.step.now)
            event.at = play.step.now;
        ret->events++;
        ret->unknown_types += event.type == EVENT_OTHER;
        step(&play, &event);
    }
    run_until(&play, to);
    for (size_t i = play.first; i < play.count; i++) {
        free(play.answers[i].words);
        free(play.answers[i].chat);
    }
    free(play.answers);
    step_done(&play.step);
    core_free(play.core);
}
