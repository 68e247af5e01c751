#include "fake.h"

#include "hooks.h"
#include "util.h"

static void fill(struct fake *f)
{
    knobs_init(&f->knobs);
    f->faults.n = 0;
    dir_fill(f, f->users_at_start);
    store_init(f);
    memset(f->method_calls, 0, sizeof f->method_calls);
    f->workspace_window_ms = f->workspace_posts = 0;
}

static void empty(struct fake *f)
{
    api_drop_held(f);
    envelope_drop_all(f);
    hooks_done(f);
    views_done(&f->views);
    store_done(&f->store);
    dir_done(&f->dir);
    log_done(&f->log);
    stats_done(&f->stats);
    knobs_done(&f->knobs);
}

void fake_init(struct fake *f)
{
    f->log.start_ms = util_mono_ms();
    stats_init(&f->stats);
    fill(f);
}

void fake_reset(struct fake *f)
{
    empty(f);
    stats_init(&f->stats);
    fill(f);
    sock_unmute_all(f);
    f->stats.sockets_opened = sock_count(f);
    sock_recount(f);
}

void fake_done(struct fake *f)
{
    empty(f);
    sock_done(f);
}
