/* export_all.h: the whole store as JSON lines.
 * Layer: commands. */
#pragma once
#include "gritctl/ctl.h"

/* To `target`: "-" for stdout, a folder for one file a table, else one file. The exit code. */
int export_all(struct call *call, const char *store, const char *target);
