#include "core/introduce.h"

#include <string.h>

#include "base/alloc.h"
#include "core/peer.h"
#include "core/phrases.h"
#include "core/speech.h"

static const char *words(const struct core *core, const struct person *to, struct arena *arena)
{
    const char *name = person_first_name(to, arena), *purpose = core->book->purpose;
    const char *why =
        str_empty(purpose) ? "" : arena_printf(arena, say_to(core, to, SAY_HELLO_PURPOSE), purpose);
    return to->manager ? arena_printf(arena, say_to(core, to, SAY_HELLO_MANAGER), name, why)
                       : arena_printf(arena, say_to(core, to, SAY_HELLO), name, why);
}

/* It leaves when the message leaves that it stands before. */
static void put_before(struct core *core, struct step *step, size_t at, struct person *to)
{
    const char *text = words(core, to, &step->arena);
    struct message *hello = say_message(core, step, to, "", "", "introduction", text);
    const struct message *first = &step->intents[at].send; /* the array may have moved */
    const struct rule *rule = book_rule(core->book, first->rule);
    hello->due = first->due;
    hello->priority = first->priority;
    hello->reply = first->reply || (rule && rule->alert);
    hello->unknown = UNKNOWN_DROP;
    struct intent last = step->intents[step->count - 1];
    memmove(step->intents + at + 1, step->intents + at,
            (step->count - 1 - at) * sizeof(*step->intents));
    step->intents[at] = last;
}

void introduce(struct core *core, struct step *step)
{
    bool wanted = core->options.introduces && !core->book->unintroduced;
    for (size_t i = 0; wanted && i < step->count; i++) {
        const struct intent *intent = &step->intents[i];
        if (intent->type != INTENT_SEND || intent->send.op != MESSAGE_POST)
            continue;
        struct person *to = receiver_find(core, intent->send.to);
        if (!to || to->is_team || to->introduced)
            continue;
        to->introduced = true;
        person_touch(core, to);
        put_before(core, step, i, to);
    }
}
