/* asker.h: who somebody at this machine is, for the notes of who looked at what.
 * Layer: io. */
#pragma once
#include <sys/types.h>

enum { ASKER_BYTES = 128 };

/* "ana (user 1000)", or "user 1000" where the machine's own list does not have the number. */
void asker_tell(uid_t user, char ret[ASKER_BYTES]);
