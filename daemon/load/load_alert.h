/* load_alert.h: what is said as an alert, past all caps, is never said as coaching too, nor where
 * coaching speaks to several. Layer: load (pure). */
#pragma once
#include "load/load_plugin.h"

/* Within one file. */
void alert_check_part(struct reading *r, const struct plugin_part *part);
/* Across all of them; how many there are. */
int alert_check_book(struct problems *problems, const struct book *book);
/* Of one rule: an alert goes to one person who can act on it. */
void alert_check_receiver(struct reading *r, const struct rule_draft *draft);
