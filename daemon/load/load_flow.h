/* load_flow.h: talks of several steps while a plugin is read, and the answers that conditions and
 * texts name.
 * Layer: load (pure). Lifetime: of one file. */
#pragma once
#include "load/load_plugin.h"

/* --- load_flow.c --- */
void plugin_read_flows(struct reading *r, const struct node *node, void *part);
void then_read_start(struct reading *r, const struct node *node, void *draft);
void flow_list_steps(const struct node *flows, struct name_list *names);
extern const struct block flow_block, step_block, step_ask_block, step_plan_block,
    step_request_block;

/* load_question.c: also for the steps of flows */
void question_read_answer(struct reading *r, const struct node *node, void *question);
extern const char *const question_kind_words[], *const question_reader_words[];
extern const char *const question_stored_words[];
void question_settle_stored(struct reading *r, const struct node *node, struct question *question);
#define STORED_HELP                                                                                \
    "Whether the words of the answer are stored: always, never, or on-wish (only where the rep "   \
    "says "                                                                                        \
    "keep this). Belief and drive with `reader: rep` and without `keep` are on-wish by "           \
    "themselves, "                                                                                 \
    "all else is always"

/* load_answer.c: the question or step behind answer.NAME, of those read so far, or NULL */
const struct question *answer_question(const struct plugin_reading *p, const char *name);
/* A word that the answer can be. Errors: false, told. */
bool answer_read_word(struct plugin_reading *p, const char *name, const struct node *node);
/* What only the rep may read never reaches the manager. */
void answer_check_reader(struct reading *r, const struct rule_draft *draft);
