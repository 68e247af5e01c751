/* remedy.h: what would have let a message pass, for `gritctl why` and for "why not?" in chat.
 * Layer: core (pure). */
#pragma once

/* One sentence for the gate of a decision; never NULL. */
const char *remedy_of_gate(const char *gate);
