/* later.h: one-shot timers on the loop that free themselves. */
#pragma once
#include <stdint.h>
#include <uv.h>

struct later;

/* Calls fn(arg) once after ms. The pointer is dead as soon as fn is entered: owners clear theirs
 * first thing in fn, and use later_cancel before that only. */
struct later *later_start(uv_loop_t *loop, int64_t ms, void (*fn)(void *), void *arg);
/* Takes NULL. */
void later_cancel(struct later *l);
