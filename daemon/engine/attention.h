/* attention.h: an estimate of the attention that reading and reacting to a message takes.
 * Layer: engine (pure). */
#pragma once
#include "core/rule.h"

/* What attention_halves() says, in words. */
#define ATTENTION_WORDS "2 a question, 1 a card, half a tell or praise"

/* Half minutes of one message of the rule. */
long attention_halves(const struct rule *rule);
