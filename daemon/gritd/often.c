#include "gritd/often.h"

#include <stdio.h>
#include <string.h>

enum { AT_ONCE = 3, EVERY_S = 600 };

static void begin(struct often_cause *cause, const char *text)
{
    (void)snprintf(cause->text, sizeof(cause->text), "%s", text); /* cut is fine */
    rate_init(&cause->lines, 1, AT_ONCE);
    cause->lines.interval_us = EVERY_S * INT64_C(1000000); /* longer than any a minute gives */
    cause->lines.slack_us = (AT_ONCE - 1) * cause->lines.interval_us;
}

static bool is_idle(const struct often_cause *cause, int64_t now_ms)
{
    return !*cause->text || (!cause->held && cause->lines.full_us <= now_ms * 1000);
}

/* The last place is for all that find no other. */
static struct often_cause *place_of(struct often *often, const char *text, int64_t now_ms)
{
    struct often_cause *last = &often->causes[OFTEN_CAUSES - 1], *idle = NULL;
    for (struct often_cause *cause = often->causes; cause < last; cause++) {
        if (*cause->text && !strncmp(cause->text, text, OFTEN_TEXT_BYTES - 1))
            return cause;
        if (!idle && is_idle(cause, now_ms))
            idle = cause;
    }
    if (idle)
        begin(idle, text);
    else if (!*last->text)
        begin(last, "for other reasons");
    return idle ? idle : last;
}

bool often_tell(struct often *often, const char *text, int64_t now_ms)
{
    struct often_cause *cause = place_of(often, text, now_ms);
    if (cause->held || rate_wait_ms(&cause->lines, now_ms) > 0) {
        cause->held++;
        return false;
    }
    rate_take(&cause->lines, now_ms);
    return true;
}

void often_look(struct often *often, int64_t now_ms,
                void (*told)(void *user, const char *cause, uint64_t times), void *user)
{
    for (struct often_cause *cause = often->causes; cause < often->causes + OFTEN_CAUSES; cause++) {
        if (!cause->held || rate_wait_ms(&cause->lines, now_ms) > 0)
            continue;
        told(user, cause->text, cause->held);
        rate_take(&cause->lines, now_ms);
        cause->held = 0;
    }
}
