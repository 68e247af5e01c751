#include "io/chat_retry.h"

/* One a day is 1/1440 a minute, so this limit counts days as minutes. */
void retry_init(struct chat_retry *retry, msec_t full_at, msec_t wall, int64_t now_ms)
{
    struct rate *signins = &retry->signins;
    rate_init(signins, 1, CHAT_SIGNINS_BURST);
    signins->interval_us = MSEC_DAY * 1000 / CHAT_SIGNINS_PER_DAY;
    signins->slack_us = (CHAT_SIGNINS_BURST - 1) * signins->interval_us;
    /* A wall clock that was set back meanwhile does not shut us out for longer than a full use. */
    msec_t most = (signins->slack_us + signins->interval_us) / 1000;
    msec_t ahead = full_at - wall;
    if (full_at && ahead > 0)
        signins->full_us = (now_ms + (ahead < most ? ahead : most)) * 1000;
}

int64_t retry_jitter(struct chat_retry *retry, uint64_t ceiling_ms)
{
    return (int64_t)(retry->random(retry->user) % (ceiling_ms + 1));
}

uint64_t retry_ceiling(const struct chat_retry *retry)
{
    uint64_t ms = retry->first_ms;
    for (unsigned i = 0; i < retry->failures && ms < retry->most_ms; i++)
        ms *= 2;
    return ms < retry->most_ms ? ms : retry->most_ms;
}

int64_t retry_wait_ms(struct chat_retry *retry)
{
    return retry_jitter(retry, retry_ceiling(retry));
}

int64_t retry_budget_ms(const struct chat_retry *retry, int64_t now_ms)
{
    return rate_wait_ms(&retry->signins, now_ms);
}

void retry_signin(struct chat_retry *retry, int64_t now_ms)
{
    rate_take(&retry->signins, now_ms);
}

void retry_not_signed_in(struct chat_retry *retry)
{
    retry->signins.full_us -= retry->signins.interval_us;
}

void retry_ended(struct chat_retry *retry, int64_t lasted_ms)
{
    retry->failures = lasted_ms >= CHAT_STABLE_MS ? 0 : retry->failures + 1;
}

msec_t retry_full_at(const struct chat_retry *retry, msec_t wall, int64_t now_ms)
{
    int64_t ahead_us = retry->signins.full_us - now_ms * 1000;
    return ahead_us > 0 ? wall + (ahead_us + 999) / 1000 : wall;
}

unsigned retry_spent(const struct chat_retry *retry, int64_t now_ms)
{
    int64_t ahead_us = retry->signins.full_us - now_ms * 1000;
    int64_t each = retry->signins.interval_us;
    return ahead_us > 0 ? (unsigned)((ahead_us + each - 1) / each) : 0;
}
