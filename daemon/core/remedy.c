#include "core/remedy.h"

#include "base/alloc.h"
#include "base/str.h"

static const struct {
    const char *gate, *words;
} remedies[] = {
    {"consent", "It would have gone on without the pause, or with that topic left on."},
    {"late", "It would have gone on if the event had arrived sooner after it happened."},
    {"leave", "It would have gone on on a day at work."},
    {"stage", "It would have gone on if the deal had stayed in its stage until then."},
    {"hours", "It would have gone on within working hours."},
    {"cool_off", "It would have gone on if no deal had been lost since the last working morning."},
    {"conversation", "It would have gone on if the open question had been answered or skipped."},
    {"back_off", "It would have gone on after a reaction to one of the last questions."},
    {"caps", "It would have gone on on a day or in a week with fewer messages before it."},
    {"limit",
     "It would have gone on if the rule had spoken less often before, or had a higher limit."},
    {"cooldown", "It would have gone on once the rule's cooldown was over."},
    {"inhibit", "It would have gone on if the stronger rule had not spoken or waited."},
    {"priority", "It would have gone on with a higher priority than the rule that spoke."},
    {"evidence", "It would have gone on with something to say: a value for every name in its text, "
                 "a line in the digest, or an offer that was not declined lately."},
    {"if", "It would have gone on if the rule's conditions had still held at the end of the wait."},
    {"receiver", "It would have gone on if a manager were named for the team, or the rep were in "
                 "a team of people.yaml."},
    {"peer", "It would have gone on if a colleague of the team had been at work and not been asked "
             "anything that day."},
    {"missed", "It would have gone on if gritd had been running at that time."},
    {"unless", "It would have gone on if none of the events under `unless` had come."},
    {"plan", "It would have gone on if it had stayed as it was planned."},
    {"missing", "It would have gone on if that had not happened either."},
    {"feed", "It would have gone on if something of the kind had been heard of earlier."},
    {"rule", "It would have gone on if the rule were still there."},
    {"ramp", "It would have gone on later, once the new rule has come to everybody on the team."},
    {"coin", "It would have gone on if the experiment's coin had fallen the other way."},
    {"paused_rule", "It would have gone on if the rule had not paused itself for doing harm."},
    {"flow", "It would have gone on if the flow were still there."},
    {"send", "It was decided, but the platform did not take it."},
};

const char *remedy_of_gate(const char *gate)
{
    for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
        if (str_eq(remedies[i].gate, gate))
            return remedies[i].words;
    }
    return "It would have gone on if that gate had let it pass.";
}
