#include "fake.h"

#include "util.h"

static void fill(struct fake *f)
{
    knobs_init(&f->knobs);
    f->faults.n = 0;
    store_init(f);
    f->stats = (struct stats){0};
    f->dialogs = json_array();
    f->commands = json_object();
    f->triggers = json_object();
    f->tokens_ms = 0;
}

static void empty(struct fake *f)
{
    api_drop_held(f);
    stats_done(&f->stats);
    store_done(&f->store);
    log_done(&f->log);
    json_decref(f->dialogs);
    json_decref(f->commands);
    json_decref(f->triggers);
}

void fake_init(struct fake *f)
{
    f->log.start_ms = util_mono_ms();
    fill(f);
}

void fake_reset(struct fake *f)
{
    empty(f);
    fill(f);
    sock_unmute_all(f);
    f->stats.sockets_opened = sock_count(f);
}

void fake_done(struct fake *f)
{
    empty(f);
    sock_done(f);
}
