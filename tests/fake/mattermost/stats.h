/* stats.h: counters for GET /_ctl/stats. */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "buf.h"
#include "map.h"

struct stats {
    int64_t requests, unauthorized, limited, faults, held;
    int64_t posts_stored, posts_repeated, posts_pending, patches;
    int64_t sockets_opened, bad_frames, fragmented, resumed, hellos, replayed, pings;
    int64_t callouts, callouts_failed;
    struct map keys; /* props.gritd_k and props.gritd_key: value to count */
};

struct fake;

void stats_done(struct stats *s);
void stats_key(struct stats *s, const json_t *props);
void stats_write(struct fake *f, struct buf *out);
