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

/* So many events are read before they are played: more than look_ahead() needs, as reading and
 * playing by turns drive each other's code out of the caches. */
enum { COMING = 32 };

struct play {
    const struct simulate_options *options;
    const struct simulate_source *source;
    struct core *core;
    struct step step;
    struct due_answer *answers; /* in order of time: every answer takes equally long */
    size_t first, count, cap;
    uint64_t serial;
    struct seen seen;
    struct coming {
        struct event event;
        struct arena arena; /* its texts */
        struct expected expected;
    } coming[COMING]; /* a ring */
    size_t read, played, repeated;
    bool source_ended;
    bool mixed_up; /* the source was not in order */
};

/* By time; of one instant by id. */
static int in_order(const struct event *x, const struct event *y)
{
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    int order = str_cmp(x->id, y->id);
    return order ? order : str_cmp(x->source, y->source);
}

static int by_time(const void *a, const void *b)
{
    const struct event_packed *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    struct event one, other;
    event_unpack(x, &one);
    event_unpack(y, &other);
    return in_order(&one, &other);
}

static void sort(struct event_packed *events, size_t count)
{
    size_t i = 1;
    while (i < count && by_time(&events[i - 1], &events[i]) <= 0)
        i++;
    if (i < count) /* files mostly come in order */
        qsort(events, count, sizeof(*events), by_time);
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

static struct coming *coming(struct play *play, size_t i)
{
    return &play->coming[i % COMING];
}

/* False: there is none, or it comes before the last one. */
static bool read_one(struct play *play)
{
    struct coming *next = coming(play, play->read);
    arena_reset(&next->arena);
    if (!play->source->next(play->source->user, &next->arena, &next->event))
        return false;
    play->mixed_up = play->read && in_order(&coming(play, play->read - 1)->event, &next->event) > 0;
    if (play->mixed_up)
        return false;
    next->expected = core_expected(&next->event);
    seen_expect(&play->seen, next->event.key);
    play->read++;
    return true;
}

/* Fills the ring once it holds no more than look_ahead() needs. */
static void read_ahead(struct play *play)
{
    if (play->read > play->played + EXPECT_STEPS)
        return;
    while (play->read < play->played + COMING && !play->source_ended)
        play->source_ended = !read_one(play);
}

/* The next events, each a step further towards what it needs. */
static void look_ahead(struct play *play)
{
    for (size_t i = play->played + 1; i < play->read && i <= play->played + EXPECT_STEPS; i++)
        core_expect(play->core, &coming(play, i)->expected,
                    (enum expect_step)(play->played + EXPECT_STEPS - i));
}

static void play_one(struct play *play, struct event *event, struct simulate_result *ret)
{
    look_ahead(play);
    run_until(play, event->time + 1);
    event->at = event->time < play->step.now ? play->step.now : event->time;
    ret->events++;
    ret->unknown_types += event->type == EVENT_OTHER;
    step(play, event);
}

/* As the daemon does it: what has the source and id of an event of the last 72 hours is that event,
 * whatever else it says. */
static bool is_new(struct play *play, const struct event *event)
{
    bool known = !seen_add(&play->seen, event->key, event->time);
    play->repeated += known;
    return !known;
}

static void play_all(struct play *play, struct simulate_result *ret)
{
    const struct simulate_options *options = play->options;
    msec_t first, last = MSEC_NONE;
    read_ahead(play);
    first = play->read ? coming(play, 0)->event.time : MSEC_NONE;
    ret->from = options->from != MSEC_NONE ? options->from : play->read ? first : 0;
    core_ready(play->core, play->read && first < ret->from ? first : ret->from, &play->step);
    for (; play->played < play->read; play->played++, read_ahead(play)) {
        struct event *event = &coming(play, play->played)->event;
        if (!is_new(play, event))
            continue;
        last = event->time;
        if (options->to == MSEC_NONE || last < options->to) /* the others are only counted */
            play_one(play, event, ret);
    }
    ret->to = options->to != MSEC_NONE ? options->to : play->read ? last + MSEC_DAY : ret->from;
    ret->repeated = play->repeated;
    if (!play->mixed_up)
        run_until(play, ret->to);
}

bool simulate_stream(const struct simulate_options *options, const struct simulate_source *source,
                     struct simulate_result *ret)
{
    struct play play = {.options = options, .source = source};
    *ret = (struct simulate_result){0};
    seen_init(&play.seen, SEEN_WINDOW);
    play.core = core_new(options->book, &options->core);
    step_init(&play.step);
    play.step.stateless = true;
    play.step.wordless = options->counts;
    play_all(&play, ret);
    for (size_t i = play.first; i < play.count; i++) {
        free(play.answers[i].words);
        free(play.answers[i].chat);
    }
    free(play.answers);
    for (size_t i = 0; i < COMING; i++)
        arena_done(&play.coming[i].arena);
    seen_done(&play.seen);
    step_done(&play.step);
    core_free(play.core);
    return !play.mixed_up;
}

static bool next_of_pile(void *user, struct arena *arena, struct event *ret)
{
    struct simulate_pile *pile = user;
    (void)arena; /* the texts are in the pile */
    if (pile->at == pile->count)
        return false;
    if (pile->at + 1 < pile->count)
        __builtin_prefetch(pile->events[pile->at + 1].bytes);
    event_unpack(&pile->events[pile->at++], ret);
    return true;
}

struct simulate_source simulate_sorted(struct simulate_pile *pile)
{
    sort(pile->events, pile->count);
    pile->at = 0;
    return (struct simulate_source){next_of_pile, pile};
}

void simulate_run(const struct simulate_options *options, struct event_packed *events, size_t count,
                  struct simulate_result *ret)
{
    struct simulate_pile pile = {.events = events, .count = count};
    const struct simulate_source source = simulate_sorted(&pile);
    (void)simulate_stream(options, &source, ret); /* it is in order */
}
