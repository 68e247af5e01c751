#include "core/remedy.h"

#include "base/alloc.h"
#include "base/str.h"
#include "core/phrases_remedies.h"

static const struct {
    const char *gate, *words;
} remedies[] = {
    {"consent", SAY_REMEDY_CONSENT},
    {"late", SAY_REMEDY_LATE},
    {"leave", SAY_REMEDY_LEAVE},
    {"stage", SAY_REMEDY_STAGE},
    {"hours", SAY_REMEDY_HOURS},
    {"cool_off", SAY_REMEDY_COOL_OFF},
    {"conversation", SAY_REMEDY_CONVERSATION},
    {"back_off", SAY_REMEDY_BACK_OFF},
    {"caps", SAY_REMEDY_CAPS},
    {"limit", SAY_REMEDY_LIMIT},
    {"cooldown", SAY_REMEDY_COOLDOWN},
    {"inhibit", SAY_REMEDY_INHIBIT},
    {"priority", SAY_REMEDY_PRIORITY},
    {"evidence", SAY_REMEDY_EVIDENCE},
    {"if", SAY_REMEDY_IF},
    {"receiver", SAY_REMEDY_RECEIVER},
    {"peer", SAY_REMEDY_PEER},
    {"missed", SAY_REMEDY_MISSED},
    {"unless", SAY_REMEDY_UNLESS},
    {"plan", SAY_REMEDY_PLAN},
    {"missing", SAY_REMEDY_MISSING},
    {"feed", SAY_REMEDY_FEED},
    {"rule", SAY_REMEDY_RULE},
    {"ramp", SAY_REMEDY_RAMP},
    {"coin", SAY_REMEDY_COIN},
    {"paused_rule", SAY_REMEDY_PAUSED_RULE},
    {"flow", SAY_REMEDY_FLOW},
    {"send", SAY_REMEDY_SEND},
};

const char *remedy_of_gate(const char *gate)
{
    for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
        if (str_eq(remedies[i].gate, gate))
            return remedies[i].words;
    }
    return SAY_REMEDY_OTHER;
}
