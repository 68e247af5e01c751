#include "core/practice.h"

#include "base/alloc.h"
#include "core/event.h"
#include "core/phrases_request.h"

const char *const use_case_words[] = {"any", "new_business", "expansion", "renewal", NULL};

#define ACTIVITY EVENT_BIT(EVENT_ACTIVITY_LOGGED)

/* BEHAVIOUR(id, what it is, other words, what shows it) */
#define BEHAVIOUR_LIST(BEHAVIOUR)                                                                  \
    BEHAVIOUR("prepare", SAY_DO_PREPARE,                                                           \
              "prepare|preparing|preparation|get ready|research|homework", .types = ACTIVITY,      \
              .kind = "task")                                                                      \
    BEHAVIOUR("reach-out", SAY_DO_REACH_OUT,                                                       \
              "reach out|reaching out|outreach|prospecting|prospect|cold calls|call first",        \
              .types = ACTIVITY, .kind = "call", .direction = "outbound")                          \
    BEHAVIOUR("follow-up", SAY_DO_FOLLOW_UP,                                                       \
              "follow up|following up|followups|come back|write afterwards|recap",                 \
              .types = ACTIVITY, .kind = "email", .direction = "outbound")                         \
    BEHAVIOUR("ask-and-listen", SAY_DO_ASK_AND_LISTEN,                                             \
              "ask and listen|listen|listening|asking questions|ask questions|face to face",       \
              .types = ACTIVITY, .kind = "meeting")                                                \
    BEHAVIOUR("tailor-value", SAY_DO_TAILOR_VALUE,                                                 \
              "tailor the value|tailor value|tailoring|tailor|made for them|own examples",         \
              .types = EVENT_BIT(EVENT_CONTENT_SHARED))                                            \
    BEHAVIOUR("keep-the-path", SAY_DO_KEEP_THE_PATH,                                               \
              "keep the path|next steps|agreed steps|mutual plan|gates|stay on the path",          \
              .types = EVENT_BIT(EVENT_GATE_COMPLETED))                                            \
    BEHAVIOUR("sell-together", SAY_DO_SELL_TOGETHER,                                               \
              "sell together|selling together|bring colleagues|bring in colleagues|joint demos",   \
              .types = ACTIVITY, .kind = "demo")                                                   \
    BEHAVIOUR("practise", SAY_DO_PRACTISE,                                                         \
              "practise|practice|practising|practicing|train|training|role play|rehearse",         \
              .types = EVENT_BIT(EVENT_TRAINING_COMPLETED))

static const struct behaviour behaviours[] = {
#define BEHAVIOUR(name, text, said, ...) {name, text, said, {__VA_ARGS__}},
    BEHAVIOUR_LIST(BEHAVIOUR)
#undef BEHAVIOUR
};

const char *const behaviour_words[] = {"none",
#define BEHAVIOUR(name, ...) name,
                                       BEHAVIOUR_LIST(BEHAVIOUR)
#undef BEHAVIOUR
                                           NULL};

const struct behaviour *behaviour_at(int index)
{
    return index > BEHAVIOUR_NONE && index <= (int)ARRAY_LEN(behaviours) ? &behaviours[index - 1]
                                                                         : NULL;
}

const struct behaviour *behaviour_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(behaviours); i++) {
        if (str_eq(behaviours[i].id, id))
            return &behaviours[i];
    }
    return NULL;
}
