/* command_ledger.h: a manager's own coaching, put down by hand: what `ledger` and `log` share.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/command.h"

/* A manager names an act of coaching ("a call review with Ana 30m"). */
bool ledger_is_named(const struct said *said);
void ledger_put_down(const struct said *said);
