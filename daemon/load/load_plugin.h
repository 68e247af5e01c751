/* load_plugin.h: one plugin file while it is being read; shared by the readers of its parts.
 * Layer: load (pure). Lifetime: of one file. */
#pragma once
#include "load/load_book.h"

/* A heap object that belongs to the book once the whole file turned out to be good. */
struct made {
    void (*free)(void *what);
    void *what;
    struct made *next;
};

struct input_def {
    const char *name;
    int type;
    const char *value; /* the default, or what gritd.yaml says; NULL: neither */
    bool quoted;
    struct source_place place;
};

/* What a good plugin file gives to the book. */
struct plugin_part {
    struct plugin *plugin;
    struct question **questions;
    int question_count;
    struct flow **flows;
    int flow_count;
    struct signal **signals;
    int signal_count;
    struct rule **rules;
    int rule_count;
    struct inhibit *inhibits;
    struct plugin_test *tests;
    int test_count;
    struct plugin_part *next;
};

struct plugin_reading {
    struct file_reading f; /* first: the tables hand it around */
    struct plugin_part *part;
    bool has_area;
    int area; /* of the plugin */
    struct input_def *inputs;
    int input_count;
    struct name_list unstored;           /* answers that are looked at and never there: told */
    struct name_list questions, signals; /* ids of all, also of those with mistakes */
    struct name_list flows, steps;       /* the same; steps of all flows */
    const struct flow *flow;             /* the one being read, as far as it is read, or NULL */
    const struct name_list *own;         /* its steps, in order; "" for those without a name */
    int own_at;                          /* the step being read */
    int signal_base;                     /* index in the book of this file's first signal */
    struct made *made;
};

/* Rules that `inhibit:` of one rule names; they become indices once every rule has one. */
struct inhibit {
    struct rule *rule;
    const char **names;
    int count;
    struct inhibit *next;
};

/* A rule while it is read: the tables fill it. */
struct rule_draft {
    struct rule rule;                    /* first, so that offsets in it are offsets here */
    int area, to, via, class_word, pick; /* -1: not given */
    const char **inhibits;
    int inhibit_count;
    int actions, points; /* how many actions and decision points there are */
    struct experiment experiment;
    const struct node *arms;
    const struct node *node;
};

/* load_then.c: what a rule does. */
void then_read_ask(struct reading *r, const struct node *node, void *draft);
void then_read_praise(struct reading *r, const struct node *node, void *draft);
void then_read_tell(struct reading *r, const struct node *node, void *draft);
void then_read_card(struct reading *r, const struct node *node, void *draft);
void then_read_to(struct reading *r, const struct node *node, void *draft);
void then_read_limit(struct reading *r, const struct node *node, void *draft);
void then_read_pick(struct reading *r, const struct node *node, void *draft);
void then_check(struct reading *r, struct rule_draft *draft);
extern const char *const then_to_words[];
extern const char *const then_pick_words[];

/* load_digest.c: sections, and what is suggested. */
void then_read_digest(struct reading *r, const struct node *node, void *draft);
void then_read_suggest(struct reading *r, const struct node *node, void *draft);
extern const struct block section_block, offer_block;

/* load_receiver.c: who may hear what; the rule is complete but for its place in the book. */
void receiver_check(struct reading *r, struct rule_draft *draft);

/* load_filter.c: which events a signal counts. */
extern const struct block filter_block; /* of struct fact_filter */
extern const char *const filter_kind_words[];
extern const char *const filter_direction_words[];
void filter_read(struct reading *r, const struct node *node, struct fact_filter *ret);
/* A word of the closed list of that field. */
void filter_read_word(struct reading *r, const struct node *node, enum field field,
                      const char **ret);

/* load_when.c: when a rule decides. */
void when_read_when(struct reading *r, const struct node *node, void *draft);
void when_read_every(struct reading *r, const struct node *node, void *draft);
void when_read_cron(struct reading *r, const struct node *node, void *draft);
void when_read_rrule(struct reading *r, const struct node *node, void *draft);
void when_read_rule_zone(struct reading *r, const struct node *node, void *draft);
void when_read_missed(struct reading *r, const struct node *node, void *draft);
void when_read_if(struct reading *r, const struct node *node, void *draft);
void when_read_for(struct reading *r, const struct node *node, void *draft);
void when_read_unless(struct reading *r, const struct node *node, void *draft);
void when_read_outcome(struct reading *r, const struct node *node, void *draft);

/* load_ahead.c: `before`, `after`, `missing`. */
void ahead_read_before(struct reading *r, const struct node *node, void *draft);
void ahead_read_after(struct reading *r, const struct node *node, void *draft);
void ahead_check(struct reading *r, struct rule_draft *draft); /* what goes together */
extern const struct block missing_block;

/* load_experiment.c: chance, and how fast a new rule reaches a team. */
extern const struct block experiment_block;
void experiment_check(struct reading *r, struct rule_draft *draft);
void experiment_read_ramp(struct reading *r, const struct node *node, void *draft);

static inline struct plugin_reading *plugin_of(struct reading *r)
{
    return (struct plugin_reading *)r;
}

/* Remembers something to be freed when the file is left out. */
void plugin_made(struct plugin_reading *p, void (*free_it)(void *what), void *what);

/* inputs: and $name in every scalar of questions, signals and rules. */
void plugin_read_inputs(struct reading *r, const struct node *node, void *part);
void plugin_apply_inputs(struct plugin_reading *p, struct node *root);
extern const struct block input_block;

void plugin_read_questions(struct reading *r, const struct node *node, void *part);
void plugin_read_signals(struct reading *r, const struct node *node, void *part);
void plugin_read_rules(struct reading *r, const struct node *node, void *part);
void plugin_read_tests(struct reading *r, const struct node *node, void *part);
extern const struct block question_block, signal_block, rule_block, test_block;
extern const struct block signal_measure_block;  /* inside ratio and trend */
extern const struct block signal_baseline_block; /* `to` of a ratio */

/* A question, signal of this file, or NULL (told, with the nearest word, when `told`). */
struct question *plugin_question(struct plugin_reading *p, const struct node *node,
                                 const char *name);

/* Whether any file has a rule of this name (told, with the nearest one). */
bool rule_check_name(struct reading *r, const struct node *node);

/* --- load_field.c --- */

/* The field of a name as rules write it, "event.kind", "signal.x", "answer.y". err gets the
 * sentence. */
int field_resolve(struct plugin_reading *p, const char *name, struct err *err,
                  struct field_ref *ret);
/* One value that is compared with a field. Errors: false, told. */
bool field_read_value(struct plugin_reading *p, const struct field_ref *ref,
                      const struct node *node, struct value *ret);
/* The closed lists of the event schema. */
extern const char *const field_kind_words[];
extern const char *const field_direction_words[];
extern const char *const field_outcome_words[];
extern const char *const field_side_words[];
extern const char *const field_reaction_words[];
extern const char *const field_period_words[];
extern const char *const field_area_words[];
extern const char *const field_role_words[];
/* The words a text field may hold, or NULL. */
const char *const *field_words(enum field field);
/* The type of what stands behind a field: signals and answers have their own. */
enum value_type field_ref_type(struct plugin_reading *p, const struct field_ref *ref);
/* Names of gates, teams, people: told where the pipeline or people.yaml has no such one. */
bool field_check_name(struct reading *r, enum field field, const struct node *node);

/* --- load_cond.c --- */

/* All tests of a mapping; keys in `skip` (NULL-terminated, may be NULL) are somebody else's. NULL
 * when there are none, or when one is wrong (told). */
struct cond *cond_read(struct plugin_reading *p, const struct node *map, const char *const *skip);
/* Events with their tests: `deal.lost`, a list, or {event: deal.lost, FIELD: test}. */
void when_read(struct plugin_reading *p, const struct node *node, const char *const *skip,
               uint64_t *ret_bits, struct cond **ret_cond);

/* --- load_text.c --- */

enum text_use { TEXT_QUESTION, TEXT_ADVICE, TEXT_PRAISE, TEXT_TELL, TEXT_CARD, TEXT_OFFER };
/* One text or several, compiled, bound to fields and checked for their use. ret_count 0 on errors.
 */
void plugin_read_texts(struct plugin_reading *p, const struct node *node, enum text_use use,
                       struct text ***ret, int *ret_count);

/* The words of a template as somebody may read them: names stand as "X", and of each pair of
 * sections only one is kept: that for present values, or with `inverted` the other. Owns: the
 * caller frees. */
char *text_plain_new(const char *template, bool inverted);
