#include "limits.h"

#include "fake.h"
#include "util.h"

static int64_t wait_s(int64_t ms)
{
    int64_t s = (ms + 999) / 1000;
    return s > 0 ? s : 1;
}

/* At most `max` in a window that starts with its first call; 0 or the wait. */
static int64_t window_wait(int64_t window_ms, int64_t max, int64_t now, int64_t *start, int64_t *n)
{
    if (*n == 0 || now - *start >= window_ms) {
        *start = now;
        *n = 0;
    }
    return *n < max ? 0 : wait_s(*start + window_ms - now);
}

static int64_t message_wait(struct fake *f, struct channel *ch, int64_t now)
{
    const struct knobs *k = &f->knobs;
    int64_t wait = 0;
    double step = k->channel_per_s > 0 ? 1000 / k->channel_per_s : 0;

    if (k->workspace_per_min > 0)
        wait = window_wait(k->window_ms, k->workspace_per_min, now, &f->workspace_window_ms,
                           &f->workspace_posts);
    if (wait)
        return wait;
    /* Generic cell rate: next_free is when the channel would be idle again. */
    if (ch && step > 0) {
        double slack = step * (double)(k->channel_burst - 1);
        if (ch->next_free_ms - slack > (double)now)
            return wait_s((int64_t)(ch->next_free_ms - slack) - now);
        double base = ch->next_free_ms > (double)now ? ch->next_free_ms : (double)now;
        ch->next_free_ms = base + step;
    }
    f->workspace_posts += k->workspace_per_min > 0;
    return 0;
}

int64_t limits_check(struct fake *f, size_t method, const char *channel)
{
    const struct api_method *m = &api_methods[method];
    struct api_calls *calls = &f->method_calls[method];
    const json_t *max = json_object_get(f->knobs.method_per_min, m->name);
    int64_t now = util_mono_ms(), wait = 0;

    if (json_is_integer(max))
        wait = window_wait(f->knobs.window_ms, json_integer_value(max), now, &calls->window_ms,
                           &calls->in_window);
    if (!wait && (m->flags & API_POSTS))
        wait = message_wait(f, channel ? store_channel(f, channel, true) : NULL, now);
    if (!wait)
        calls->in_window++;
    return wait;
}
