#include "core/practice.h"

#include "base/alloc.h"
#include "core/event.h"

const char *const use_case_words[] = {"any", "new_business", "expansion", "renewal", NULL};

#define ACTIVITY EVENT_BIT(EVENT_ACTIVITY_LOGGED)

/* BEHAVIOUR(id, what it is, what shows it) */
#define BEHAVIOUR_LIST(BEHAVIOUR)                                                                  \
    BEHAVIOUR("prepare", "gets ready before a talk: looks things up, writes down what to ask",     \
              .types = ACTIVITY, .kind = "task")                                                   \
    BEHAVIOUR("reach-out", "opens the door: calls somebody first", .types = ACTIVITY,              \
              .kind = "call", .direction = "outbound")                                             \
    BEHAVIOUR("follow-up", "comes back after a talk, in writing", .types = ACTIVITY,               \
              .kind = "email", .direction = "outbound")                                            \
    BEHAVIOUR("ask-and-listen", "talks with the customer face to face", .types = ACTIVITY,         \
              .kind = "meeting")                                                                   \
    BEHAVIOUR("tailor-value", "shows the customer something made for them",                        \
              .types = EVENT_BIT(EVENT_CONTENT_SHARED))                                            \
    BEHAVIOUR("keep-the-path", "does the steps of the way that both sides agreed on",              \
              .types = EVENT_BIT(EVENT_GATE_COMPLETED))                                            \
    BEHAVIOUR("sell-together", "brings colleagues in: shows it to the customer together",          \
              .types = ACTIVITY, .kind = "demo")                                                   \
    BEHAVIOUR("practise", "trains a skill outside of deals",                                       \
              .types = EVENT_BIT(EVENT_TRAINING_COMPLETED))

static const struct behaviour behaviours[] = {
#define BEHAVIOUR(name, words, ...) {name, words, {__VA_ARGS__}},
    BEHAVIOUR_LIST(BEHAVIOUR)
#undef BEHAVIOUR
};

const char *const behaviour_words[] = {"none",
#define BEHAVIOUR(name, words, ...) name,
                                       BEHAVIOUR_LIST(BEHAVIOUR)
#undef BEHAVIOUR
                                           NULL};

const struct behaviour *behaviour_at(int index)
{
    return index > BEHAVIOUR_NONE && index <= (int)ARRAY_LEN(behaviours) ? &behaviours[index - 1]
                                                                         : NULL;
}
