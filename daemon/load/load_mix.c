/* mix: which share of a rep's prompts is to be of which kind. */
#include <stddef.h>

#include "base/alloc.h"
#include "load/load_config.h"

enum { PERCENT_MAX = 100, WEEK_DAYS = 7, INHERITED = -1 };

static const char *const mode_words[] = {"steady", "transformation", NULL};
static const char *const per_words[] = {"week", "month", NULL};

#define AT(share) offsetof(struct mix_shares, percent[share])
#define SHARE(key, share, text)                                                                    \
    {                                                                                              \
        .name = (key), .type = KEY_INT, .at = AT(share), .max = PERCENT_MAX, .example = "30",      \
        .help = (text)                                                                             \
    }

static const struct key area_keys[] = {
    SHARE("skill", MIX_AREA_SKILL, "Percent of the prompts that are about a skill, at least"),
    SHARE("opportunity", MIX_AREA_OPPORTUNITY, "Percent that are about an opportunity, at least"),
};
static const struct block area_block = BLOCK("shares of areas", area_keys, "skill, opportunity");

static const struct key kind_keys[] = {
    SHARE("skill", MIX_KIND_SKILL, "Percent that ask for a skill, at least"),
    SHARE("activity", MIX_KIND_ACTIVITY, "Percent that ask for an activity, at least"),
    SHARE("mental", MIX_KIND_MENTAL, "Percent of the mental side (belief and drive), at least"),
    SHARE("purpose", MIX_KIND_PURPOSE, "Percent that ask for the purpose, at least"),
};
static const struct block kind_block =
    BLOCK("shares of kinds", kind_keys, "skill, activity, mental, purpose");

#define SHARE_KEYS                                                                                 \
    {.name = "area",                                                                               \
     .type = KEY_MAP,                                                                              \
     .block = &area_block,                                                                         \
     .example = "{skill: 40}",                                                                     \
     .help = "By what the rule is about"},                                                         \
        {.name = "kind",                                                                           \
         .type = KEY_MAP,                                                                          \
         .block = &kind_block,                                                                     \
         .example = "{mental: 20}",                                                                \
         .help = "By the kind of the question"},                                                   \
    {                                                                                              \
        .name = "contested", .type = KEY_INT, .at = AT(MIX_CONTESTED), .max = PERCENT_MAX,         \
        .example = "50",                                                                           \
        .help = "Percent of the prompts about a deal that go to deals which are neither likely "   \
                "won nor likely lost, at least"                                                    \
    }

static const struct key shares_keys[] = {SHARE_KEYS};
static const struct block shares_block =
    BLOCK("other shares", shares_keys, "area, kind, contested");

static void read_transformation(struct reading *r, const struct node *node, void *into)
{
    read_map(r, node, &shares_block, &((struct mix *)into)->shares[MIX_TRANSFORMATION]);
}

static void read_per(struct reading *r, const struct node *node, void *into)
{
    int word;
    if (read_word(r, node, per_words, &word))
        ((struct mix *)into)->window = (word ? MIX_WINDOW_DAYS : WEEK_DAYS) * MSEC_DAY;
}

/* The steady shares are the first member, so that the offsets are the same. */
static const struct key mix_keys[] = {
    SHARE_KEYS,
    {.name = "per",
     .type = KEY_OTHER,
     .words = per_words,
     .read = read_per,
     .preset = "month",
     .example = "month",
     .help = "Over how long they are kept: the last 7 days, or the last 28"},
    {.name = "mode",
     .type = KEY_WORD,
     .at = offsetof(struct mix, mode),
     .words = mode_words,
     .preset = "steady",
     .example = "steady",
     .help = "steady, or transformation: then the shares below hold"},
    {.name = "transformation",
     .type = KEY_OTHER,
     .read = read_transformation,
     .holds = HOLDS_ONE,
     .block = &shares_block,
     .example = "{area: {skill: 60}}",
     .help = "What holds while the team changes its way of selling; the others stay as they are"},
};

const struct block config_mix_block = BLOCK("a mix", mix_keys, "area, kind, contested, mode");

static int sum_of(const struct mix_shares *shares, enum mix_share first, enum mix_share last)
{
    int sum = 0;
    for (int i = (int)first; i <= (int)last; i++)
        sum += shares->percent[i];
    return sum;
}

static void check_sums(struct reading *r, const struct node *node, const struct mix *mix)
{
    static const struct {
        const char *name;
        enum mix_share first, last;
    } wholes[] = {{"areas", MIX_AREA_SKILL, MIX_AREA_OPPORTUNITY},
                  {"kinds", MIX_KIND_SKILL, MIX_KIND_PURPOSE}};
    for (int mode = 0; mode < MIX_MODES; mode++) {
        for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
            int sum = sum_of(&mix->shares[mode], wholes[i].first, wholes[i].last);
            if (sum > PERCENT_MAX)
                read_error(r, node, "wrong-sum",
                           "the shares of the %s are %d together in the mode '%s'; 100 is all "
                           "there is",
                           wholes[i].name, sum, mode_words[mode]);
        }
    }
}

void config_read_mix(struct reading *r, const struct node *node, void *into)
{
    struct mix *mix = &((struct config *)into)->limits.mix;
    for (int i = 0; i < MIX_SHARES; i++)
        mix->shares[MIX_TRANSFORMATION].percent[i] = INHERITED;
    mix->window = MIX_WINDOW_DAYS * MSEC_DAY;
    read_map(r, node, &config_mix_block, mix);
    for (int i = 0; i < MIX_SHARES; i++) {
        int *changed = &mix->shares[MIX_TRANSFORMATION].percent[i];
        *changed = *changed == INHERITED ? mix->shares[MIX_STEADY].percent[i] : *changed;
        mix->on |= mix->shares[mix->mode].percent[i] > 0;
    }
    check_sums(r, node, mix);
}
