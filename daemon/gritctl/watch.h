/* watch.h: a look that is taken again every second.
 * Layer: commands. */
#pragma once
#include "base/str.h"
#include "gritctl/ctl.h"

/* On a terminal the same place is drawn anew without flicker, cut to the window, until q, ctrl-c or
 * ctrl-d; else each look is printed with an empty line between (with --json none) until it is
 * stopped. While gritd does not answer the picture says so and goes on.
 * look: appends lines; returns the exit code. */
int watch_run(struct call *call, int (*look)(struct call *call, struct strbuf *out));
