/* platforms.h: the chat platforms' options as the loader wants them.
 * Layer: io (it joins load and wire, which do not know each other). */
#pragma once
#include "load/load.h"
#include "wire/chat.h"

/* Borrowed; made at the first call, from the table of platforms. */
const struct load_platforms *platforms_for_load(void);
