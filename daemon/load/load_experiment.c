/* experiment: of a rule, and how fast a new rule reaches a team. */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/load_plugin.h"

enum { P_MIN = 10, P_MAX = 990 };

static void read_arms(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    if (node->kind == NODE_MAP)
        draft->arms = node; /* read when the questions are known, wherever `ask` stands */
    else
        read_wrong(r, node, "a mapping of arms to probabilities", "{this: 0.8, nothing: 0.2}");
}

static void read_seed(struct reading *r, const struct node *node, void *into)
{
    struct experiment *experiment = &((struct rule_draft *)into)->experiment;
    int64_t seed;
    if (node->kind != NODE_SCALAR || str_to_i64(node->text, &seed) || seed < 0) {
        read_wrong(r, node, "a whole number from 0", "42");
        return;
    }
    experiment->seed = (uint64_t)seed;
    experiment->has_seed = true;
}

#define AT(member) offsetof(struct rule_draft, experiment.member)

static const struct key experiment_keys[] = {
    {.name = "arms",
     .type = KEY_OTHER,
     .required = true,
     .read = read_arms,
     .form = FORM_ARMS,
     .example = "{this: 0.8, nothing: 0.2}",
     .help = "what the coin can fall on (this, nothing, or questions under 'ask'), and how likely"},
    {.name = "name",
     .type = KEY_NAME,
     .at = AT(name),
     .example = "gates-in-spring",
     .help = "Rules whose experiments have one name share the coin; default: the rule's name"},
    {.name = "seed",
     .type = KEY_OTHER,
     .read = read_seed,
     .form = FORM_SEED,
     .example = "42",
     .help = "Another number is another series of tosses; default: that of gritd.yaml"},
};

const struct block experiment_block = BLOCK("an experiment", experiment_keys, "arms, name, seed");

static int question_of(const struct rule *rule, const char *name)
{
    for (int i = 0; i < rule->question_count; i++) {
        if (str_eq(rule->questions[i]->id, name))
            return i;
    }
    return -1;
}

static void unknown_arm(struct reading *r, const struct node *node, const struct rule *rule)
{
    const char **names = arena_alloc(r->arena, ((size_t)rule->question_count + 2) * sizeof(*names));
    size_t count = 0;
    names[count++] = "this";
    names[count++] = "nothing";
    for (int i = 0; i < rule->question_count; i++)
        names[count++] = rule->questions[i]->id;
    read_unknown(r, read_key_place(r, node), "unknown-arm", "arm", node->key, names, count);
}

static bool read_arm(struct reading *r, const struct node *node, const struct rule *rule,
                     struct arm *arm)
{
    int64_t p;
    bool this = str_eq(node->key, "this"), nothing = str_eq(node->key, "nothing");
    *arm = (struct arm){.name = arena_strdup(r->arena, node->key),
                        .kind = this      ? ARM_THIS
                                : nothing ? ARM_NOTHING
                                          : ARM_QUESTION,
                        .question = this || nothing ? -1 : question_of(rule, node->key)};
    if (arm->kind == ARM_QUESTION && arm->question < 0) {
        unknown_arm(r, node, rule);
        return false;
    }
    if (node->kind != NODE_SCALAR || !thousandths_parse(node->text, &p) || p < P_MIN || p > P_MAX) {
        read_wrong(r, node, "a probability from 0.01 to 0.99, with at most three decimals", "0.2");
        return false;
    }
    arm->p = (int)p;
    return true;
}

static void check_sum(struct reading *r, const struct node *arms,
                      const struct experiment *experiment)
{
    int sum = 0;
    for (int i = 0; i < experiment->arm_count; i++)
        sum += experiment->arms[i].p;
    if (sum != EXPERIMENT_P_ONE)
        read_error(r, arms, "wrong-sum",
                   "the probabilities of the arms must be 1 together; these are %d.%03d",
                   sum / EXPERIMENT_P_ONE, sum % EXPERIMENT_P_ONE);
}

/* The whole rule against one of its own questions would compare a thing with itself. */
static void check_mix(struct reading *r, const struct node *arms,
                      const struct experiment *experiment)
{
    bool this = false, question = false;
    for (int i = 0; i < experiment->arm_count; i++) {
        this |= experiment->arms[i].kind == ARM_THIS;
        question |= experiment->arms[i].kind == ARM_QUESTION;
    }
    if (this && question)
        read_error(
            r, arms, "mixed-arms",
            "'this' is all that the rule asks; name its questions, or only this and nothing");
}

static bool read_all_arms(struct reading *r, const struct node *arms, const struct rule *rule,
                          struct experiment *experiment)
{
    int errors = r->errors;
    if (arms->count < 2 || arms->count > EXPERIMENT_ARMS_MAX) {
        read_error(r, arms, "wrong-value", "an experiment has 2 to %d arms; this one has %d",
                   EXPERIMENT_ARMS_MAX, arms->count);
        return false;
    }
    for (const struct node *node = arms->first; node; node = node->next) {
        if (read_arm(r, node, rule, &experiment->arms[experiment->arm_count]))
            experiment->arm_count++;
    }
    if (r->errors != errors)
        return false;
    check_sum(r, arms, experiment);
    check_mix(r, arms, experiment);
    return r->errors == errors;
}

void experiment_check(struct reading *r, struct rule_draft *draft)
{
    const struct node *node = node_get(draft->node, "experiment");
    struct experiment *experiment = &draft->experiment;
    struct rule *rule = &draft->rule;
    int asked = node_get(draft->node, "ask") ? node_get(draft->node, "ask")->count : 0;
    if (!node)
        return;
    if (!node_get(draft->node, "outcome"))
        read_error(r, node, "missing-key",
                   "an experiment needs 'outcome': what it compares its arms by, such as outcome: "
                   "{event: gate.completed, within: 3d}");
    if (rule->pick == PICK_ADAPTIVE)
        read_error(r, node_get(draft->node, "pick"), "unused-key",
                   "an experiment compares what stays the same; 'pick: adaptive' changes it on the "
                   "way");
    if (rule->to == TO_TEAM || rule->to == TO_PEER)
        read_error(r, node, "wrong-receiver",
                   "an experiment compares what one rep does after the words and without them; it "
                   "is for 'to: rep' or 'to: manager'");
    if (asked > rule->question_count || !draft->arms || draft->actions != 1)
        return; /* told already, and an arm may be meant by that name */
    if (!read_all_arms(r, draft->arms, rule, experiment))
        return;
    experiment->nothing = -1;
    for (int i = 0; i < experiment->arm_count; i++) {
        if (experiment->arms[i].kind == ARM_NOTHING)
            experiment->nothing = i;
    }
    if (!experiment->name)
        experiment->name = rule->id;
    struct experiment *kept = arena_alloc(r->arena, sizeof(*kept));
    *kept = *experiment;
    rule->experiment = kept;
}

/* "10%", "off" */
bool ramp_read(struct reading *r, const struct node *node, int *ret)
{
    int64_t percent = 0;
    size_t length = node->kind == NODE_SCALAR ? strlen(node->text) : 0;
    if (length && str_eq(node->text, "off")) {
        *ret = 0;
        return true;
    }
    if (length < 2 || node->text[length - 1] != '%' ||
        str_to_i64(arena_strndup(r->arena, node->text, length - 1), &percent) || percent < 1 ||
        percent > 100) {
        read_wrong(r, node, "a share of the team's reps a day, from 1% to 100%, or off", "10%");
        return false;
    }
    *ret = (int)percent;
    return true;
}

void experiment_read_ramp(struct reading *r, const struct node *node, void *into)
{
    (void)ramp_read(r, node, &((struct rule_draft *)into)->rule.ramp); /* the problem is told */
}
