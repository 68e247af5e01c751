/* What a conversation looks like: its words, its buttons, who will read the answer. */
#include <stdlib.h>
#include <string.h>

#include "core/behaviours.h"
#include "core/phrases.h"
#include "core/phrases_data.h"
#include "core/phrases_unkept.h"
#include "core/prompt.h"
#include "core/request.h"
#include "core/speech.h"
#include "core/suggest.h"
#include "core/talk.h"
#include "core/unkept.h"

const char *prompt_reader_line(const struct core *core, const struct prompt *prompt,
                               struct arena *arena)
{
    const struct person *manager = person_manager(core, prompt->about);
    const char *name = manager ? person_name(manager) : say_to(core, prompt->to, SAY_YOUR_MANAGER);
    if (!prompt->question)
        return NULL;
    if (!prompt->answer && unkept_class(core, prompt) != STORED_ALWAYS)
        return say_to(core, prompt->to,
                      unkept_class(core, prompt) == STORED_NEVER ? SAY_READER_NEVER
                                                                 : SAY_READER_WISH);
    switch (prompt->reader) {
    case READER_REP:
        return prompt->shared
                   ? arena_printf(arena, say_to(core, prompt->to, SAY_READER_SHARED), name)
                   : say_to(core, prompt->to, SAY_READER_REP);
    case READER_MANAGER:
        return arena_printf(arena, say_to(core, prompt->to, SAY_READER_MANAGER), name);
    case READER_TEAM:
        return say_to(core, prompt->to, SAY_READER_TEAM);
    case READER_GROUP:
        return say_to(core, prompt->to, SAY_READER_GROUP);
    }
    return NULL;
}

static void add_button(struct message *message, const char *id, const char *label)
{
    int index = message->button_count++;
    message->buttons[index] = (struct button){id, label, index == 0};
}

static void add_input(const struct question *question, struct message *message)
{
    message->input = (struct input){.present = true, .type = ANSWER_TEXT, .label = SAY_YOUR_ANSWER};
    if (!question)
        return;
    message->input.type = question->answer;
    message->input.min = question->scale_min;
    message->input.max = question->scale_max;
    message->input.choices = question->choices;
    message->input.choice_count = question->choice_count;
}

static void dress_question(const struct core *core, const struct prompt *prompt,
                           struct message *message, struct arena *arena)
{
    add_button(message, "answer", SAY_ANSWER);
    add_button(message, "later", SAY_LATER);
    add_button(message, "skip", SAY_SKIP);
    if (prompt->talk)
        add_button(message, "end", SAY_TALK_END);
    add_button(message, "why", SAY_WHY);
    message->reader = prompt_reader_line(core, prompt, arena);
    add_input(prompt->question, message);
}

/* Labels stand in the tables in English. */
static void translate(const struct core *core, const struct person *to, struct message *message)
{
    for (int i = 0; i < message->button_count; i++)
        message->buttons[i].label = say_to(core, to, message->buttons[i].label);
    if (message->input.label)
        message->input.label = say_to(core, to, message->input.label);
}

void prompt_dress_settled(const struct core *core, const struct prompt *prompt,
                          struct message *message, struct arena *arena)
{
    bool unkept = prompt->state == PROMPT_ANSWERED && !prompt->answer;
    if (prompt->talk) {
        add_button(message, "answer", prompt->answer || unkept ? SAY_TALK_CHANGE : SAY_ANSWER);
        message->buttons[0].primary = false; /* the step that is asked now comes first */
        add_input(prompt->question, message);
        message->input.value = prompt->answer ? arena_strdup(arena, prompt->answer) : NULL;
    }
    translate(core, prompt->to, message);
    if (unkept)
        unkept_dress(core, prompt, message);
}

static void dress_card(const struct prompt *prompt, struct message *message)
{
    add_button(message, "send", SAY_SEND);
    add_button(message, "edit", SAY_EDIT);
    add_button(message, "skip", SAY_SKIP);
    add_button(message, "not_true", SAY_NOT_TRUE);
    message->input = (struct input){
        .present = true, .type = ANSWER_TEXT, .label = SAY_EDIT, .value = prompt->text};
}

static void dress_meta(struct message *message)
{
    add_button(message, "stop", SAY_STOP);
    add_button(message, "less", SAY_LESS);
    add_button(message, "other_time", SAY_OTHER_TIME);
    add_button(message, "wrong_topic", SAY_WRONG_TOPIC);
}

void prompt_dress(const struct core *core, const struct prompt *prompt, struct message *message,
                  struct arena *arena)
{
    switch (prompt->kind) {
    case PROMPT_QUESTION:
        dress_question(core, prompt, message, arena);
        break;
    case PROMPT_CARD:
        dress_card(prompt, message);
        break;
    case PROMPT_META:
        dress_meta(message);
        break;
    case PROMPT_OFFER:
    case PROMPT_TALK:
    case PROMPT_PEER:
    case PROMPT_STRETCH:
        suggest_dress(message);
        break;
    case PROMPT_TARGETS:
        behaviours_dress(prompt, message, arena);
        break;
    case PROMPT_DRAFT:
    case PROMPT_REQUEST:
        request_dress(core, prompt, message, arena);
        break;
    }
    translate(core, prompt->to, message);
}

const char *prompt_card_text(const struct core *core, const struct candidate *c,
                             const struct draft *draft, struct arena *arena)
{
    const struct person *to = person_receiver(core, c->rule, c->rep);
    return arena_printf(arena, say_to(core, to, SAY_CARD), draft->card,
                        person_first_name(c->rep, arena), draft->words);
}

void prompt_preview(const struct core *core, struct step *step, struct person *rep,
                    struct deal *deal, const struct rule *rule, const struct draft *draft,
                    struct message *ret)
{
    struct person *to = person_receiver(core, rule, rep);
    struct prompt prompt = {
        .kind = draft->kind, .question = draft->question, .to = to, .about = rep, .rule = rule};
    if (draft->question)
        prompt.reader = draft->question->reader, prompt.stored = draft->question->stored;
    struct candidate c = {.rule = rule, .rep = rep, .deal = deal};
    struct talk talk = {.flow = rule->flow, .to = rep, .about = rep};
    const char *text =
        draft->kind == PROMPT_CARD ? prompt_card_text(core, &c, draft, &step->arena) : draft->words;
    prompt.talk = rule->flow ? &talk : NULL;
    prompt.text = arena_strdup(&step->arena, draft->words);
    *ret = (struct message){.op = MESSAGE_POST,
                            .key = "preview",
                            .to = to ? to->id : rep->id,
                            .rule = rule->id,
                            .rep = rep->id,
                            .deal = deal ? deal->id : NULL,
                            .text = text,
                            .at = step->now,
                            .due = step->now,
                            .expires = MSEC_NEVER};
    if (draft->prompt)
        prompt_dress(core, &prompt, ret, &step->arena);
}

int prompt_by_age(const void *a, const void *b)
{
    const struct prompt *x = *(struct prompt *const *)a, *y = *(struct prompt *const *)b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : strcmp(x->key, y->key);
}

size_t core_open_messages(const struct core *core, struct arena *arena, struct message **ret)
{
    struct prompt **open = arena_alloc(arena, (core->prompt_count + 1) * sizeof(struct prompt *));
    size_t count = 0;
    for (size_t i = 0; i < core->prompt_count; i++) {
        if (core->prompt_list[i]->state == PROMPT_OPEN)
            open[count++] = core->prompt_list[i];
    }
    if (count > 1)
        qsort(open, count, sizeof(struct prompt *), prompt_by_age);
    *ret = arena_alloc(arena, (count + 1) * sizeof(**ret));
    for (size_t i = 0; i < count; i++) {
        struct message *message = &(*ret)[i];
        *message = (struct message){.op = MESSAGE_POST,
                                    .key = open[i]->latest,
                                    .to = open[i]->to->id,
                                    .rep = open[i]->about->id,
                                    .text = open[i]->shown,
                                    .at = open[i]->at,
                                    .due = open[i]->at,
                                    .expires = open[i]->close_at};
        prompt_dress(core, open[i], message, arena);
    }
    return count;
}
