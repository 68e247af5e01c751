#include "load/load_map.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

enum { NAME_CHARS = 200, INDEX_MAX = 9999 };

/* --- paths --- */

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || (unsigned char)c >= 0x80;
}

/* ".name", "[3]" or "['any name']"; NULL: none of them. */
static const char *read_step(struct reading *r, const char *p, struct remap_step *ret)
{
    size_t length;
    if (p[0] == '.') {
        for (length = 0; is_plain(p[1 + length]);)
            length++;
        *ret = (struct remap_step){arena_strndup(r->arena, p + 1, length), 0};
        return length && length <= NAME_CHARS ? p + 1 + length : NULL;
    }
    if (p[0] != '[')
        return NULL;
    if (p[1] == '\'' || p[1] == '"') {
        const char *end = strchr(p + 2, p[1]);
        if (!end || end == p + 2 || end[1] != ']' || end - p > NAME_CHARS)
            return NULL;
        *ret = (struct remap_step){arena_strndup(r->arena, p + 2, (size_t)(end - p - 2)), 0};
        return end + 2;
    }
    *ret = (struct remap_step){NULL, 0};
    for (length = 0; p[1 + length] >= '0' && p[1 + length] <= '9' && length < 4; length++)
        ret->index = ret->index * 10 + (p[1 + length] - '0');
    return length && p[1 + length] == ']' ? p + 2 + length : NULL;
}

static bool parse_path(struct reading *r, const char *text, struct remap_value *ret)
{
    struct remap_step steps[REMAP_STEPS_MAX];
    int count = 0;
    ret->whole = text[1] == '$';
    const char *p = text + 1 + ret->whole;
    while (p && *p) {
        if (count == REMAP_STEPS_MAX)
            return false;
        p = read_step(r, p, &steps[count++]);
    }
    if (!p)
        return false;
    ret->steps = arena_alloc(r->arena, (size_t)(count + 1) * sizeof(*ret->steps));
    memcpy(ret->steps, steps, (size_t)count * sizeof(*steps));
    ret->step_count = count;
    ret->is_path = true;
    return true;
}

/* What begins with '$' is a path, anything else is the value itself. */
static bool read_value(struct reading *r, const struct node *node, bool only_path,
                       struct remap_value *ret)
{
    struct remap_value value = {0};
    if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "a path, or the value itself", "$.deal.id");
        return false;
    }
    value.text = node->text;
    bool path = node->text[0] == '$';
    if (path ? !parse_path(r, node->text, &value) : only_path) {
        read_error(r, node, "bad-path",
                   "'%s' is no path; write $.name, $.list[0] or $['odd name'], with at most %d "
                   "parts",
                   node->text, REMAP_STEPS_MAX);
        return false;
    }
    *ret = value;
    return true;
}

/* --- when --- */

static void read_when_path(struct reading *r, const struct node *node, void *into)
{
    (void)read_value(r, node, true, &((struct remap_when *)into)->path); /* the problem is told */
}

#define WHEN(member) offsetof(struct remap_when, member)

static const struct key when_keys[] = {
    {.name = "path",
     .type = KEY_OTHER,
     .required = true,
     .read = read_when_path,
     .form = FORM_MAP_PATH,
     .example = "$.action",
     .help = "Where to look"},
    {.name = "is",
     .type = KEY_TEXTS,
     .at = WHEN(is),
     .count_at = WHEN(is_count),
     .example = "moved",
     .help = "What must stand there: a word, or one of a list. Without 'is' and 'is_not' "
             "something must stand there"},
    {.name = "is_not",
     .type = KEY_TEXTS,
     .at = WHEN(is_not),
     .count_at = WHEN(is_not_count),
     .example = "[draft, test]",
     .help = "What must not stand there"},
};

static const struct block when_block =
    BLOCK("a map's when", when_keys, "when an entry of a map holds");

static void read_one_when(struct reading *r, const struct node *node, void *into)
{
    struct remap_entry *entry = into;
    if (entry->when_count == REMAP_WHENS_MAX) {
        if (!node->told)
            read_error(r, node, "wrong-value", "more than %d conditions", REMAP_WHENS_MAX);
        return;
    }
    struct remap_when *when = &entry->whens[entry->when_count++];
    read_map(r, node, &when_block, when);
    if (when->is && when->is_not)
        read_error(r, node, "wrong-value", "'is' and 'is_not' do not go together");
}

static void read_whens(struct reading *r, const struct node *node, void *into)
{
    struct remap_entry *entry = into;
    entry->whens = arena_alloc(r->arena, REMAP_WHENS_MAX * sizeof(*entry->whens));
    read_each(r, node, read_one_when, into);
}

/* --- entries --- */

static void add_member(struct reading *r, const struct node *node, struct remap_entry *entry,
                       bool deal)
{
    struct remap_value value;
    if (!read_value(r, node, false, &value))
        return;
    if (entry->member_count == entry->member_cap) {
        int cap = entry->member_cap ? 2 * entry->member_cap : 8;
        struct remap_member *list = arena_alloc(r->arena, (size_t)cap * sizeof(*list));
        if (entry->member_count)
            memcpy(list, entry->members, (size_t)entry->member_count * sizeof(*list));
        entry->members = list;
        entry->member_cap = cap;
    }
    entry->members[entry->member_count++] =
        (struct remap_member){.name = node->key, .deal = deal, .value = value};
}

static void read_member(struct reading *r, const struct node *node, void *into)
{
    add_member(r, node, into, false);
}

static void read_deal_member(struct reading *r, const struct node *node, void *into)
{
    add_member(r, node, into, true);
}

static void read_type(struct reading *r, const struct node *node, void *into)
{
    struct remap_entry *entry = into;
    int type;
    if (!read_event(r, node, &type))
        return;
    if (type >= EVENT_SENT_TYPES)
        read_error(r, node, "wrong-value", "%s is gritd's own and cannot come from outside",
                   event_type_name((enum event_type)type));
    else
        entry->type = (enum event_type)type;
}

static void read_each_path(struct reading *r, const struct node *node, void *into)
{
    (void)read_value(r, node, true, &((struct remap_entry *)into)->each); /* told */
}

static void read_id(struct reading *r, const struct node *node, void *into)
{
    (void)read_value(r, node, true, &((struct remap_entry *)into)->id); /* told */
}

static void read_time(struct reading *r, const struct node *node, void *into)
{
    (void)read_value(r, node, true, &((struct remap_entry *)into)->time); /* told */
}

static void read_rep(struct reading *r, const struct node *node, void *into)
{
    (void)read_value(r, node, false, &((struct remap_entry *)into)->rep); /* told */
}

#define PATH(word, read_with, sample, words)                                                       \
    {                                                                                              \
        .name = word, .type = KEY_OTHER, .read = read_with, .form = FORM_MAP_PATH,                 \
        .example = sample, .help = words                                                           \
    }
#define MEMBER(word, read_with, sample, words)                                                     \
    {                                                                                              \
        .name = word, .type = KEY_OTHER, .read = read_with, .form = FORM_MAP_VALUE,                \
        .example = sample, .help = words                                                           \
    }
#define DEAL(word, sample, words) MEMBER(word, read_deal_member, sample, words)
#define DATA(word, sample, words) MEMBER(word, read_member, sample, words)

static const struct key deal_keys[] = {
    DEAL("id", "$.deal.id", "Which deal"),
    DEAL("name", "$.deal.title", "What people call it"),
    DEAL("account", "$.company.name", "The customer"),
    DEAL("owner", "$.owner.email", "Whose it is, as people.yaml knows that person"),
    DEAL("contact", "$.contact.name", "Whom one talks to there"),
    DEAL("amount", "$.value", "In whole units: 12500.50"),
    DEAL("currency", "EUR", "Of the amount"),
    DEAL("stage", "$.stage", "As the pipeline file knows it"),
    DEAL("created", "$.created_at", "When it was made"),
    DEAL("expected_close", "$.close_date", "A day"),
    DEAL("next_step", "$.next", "What is to be done next"),
};

static const struct block deal_block =
    BLOCK("a map's deal", deal_keys, "members of the deal, each a path or the value itself");

static void read_deal(struct reading *r, const struct node *node, void *into)
{
    read_map(r, node, &deal_block, into);
}

static const struct key map_keys[] = {
    {.name = "type",
     .type = KEY_OTHER,
     .required = true,
     .read = read_type,
     .form = FORM_EVENT,
     .example = "deal.won",
     .help = "Which event it becomes; coming to a stage that is won or lost becomes deal.won or "
             "deal.lost by itself"},
    {.name = "each",
     .type = KEY_OTHER,
     .read = read_each_path,
     .form = FORM_MAP_PATH,
     .example = "$.changes",
     .help = "A list: one event for each entry of it. Paths begin at the entry then, and with $$ "
             "at the top of the body"},
    {.name = "when",
     .type = KEY_OTHER,
     .read = read_whens,
     .block = &when_block,
     .holds = HOLDS_LIST,
     .example = "{path: $.action, is: moved}",
     .help = "Only then; of several all must hold"},
    PATH("id", read_id, "$.event_id",
         "What makes a repeated delivery the same event; without it the same bytes within ten "
         "minutes are the same"),
    PATH("time", read_time, "$.at",
         "When it happened: a time with an offset, or seconds or milliseconds; without it now"),
    MEMBER("rep", read_rep, "$.user.email", "Who did it, as people.yaml knows that person"),
    {.name = "deal",
     .type = KEY_OTHER,
     .read = read_deal,
     .block = &deal_block,
     .example = "{id: $.deal.id, name: $.deal.title, stage: $.stage}",
     .help = "About which deal"},
    DATA("to", "$.stage", "The new stage, owner, day or amount"),
    DATA("from", "$.old_stage", "The one before; of rep.away the first day"),
    DATA("direction", "outbound", "outbound, inbound or none; of a stage forward, back, sideways"),
    DATA("reason", "$.lost_reason", "Why"),
    DATA("kind", "call", "Of an activity: call, email, meeting and so on; of a goal its kind"),
    DATA("outcome", "$.result", "What came of an activity"),
    DATA("duration_s", "$.seconds", "How long it took, in seconds"),
    DATA("count", "$.calls", "How often, where one message stands for several"),
    DATA("automated", "$.bulk", "Sent by a machine: true or false"),
    DATA("due", "$.due", "When it is planned for"),
    DATA("with", "$.colleague", "Who of us was there too"),
    DATA("topic", "$.course", "Of an activity or a training"),
    DATA("gate", "budget_confirmed", "Which gate"),
    DATA("side", "customer", "Of a gate: seller or customer"),
    DATA("stage", "$.stage", "Of a gate: the stage it belongs to"),
    DATA("evidence", "$.note", "What shows it"),
    DATA("manager", "$.boss", "Of rep.joined"),
    DATA("team", "$.team", "Of rep.joined"),
    DATA("tz", "Europe/Paris", "Of rep.joined: the time zone"),
    DATA("until", "$.back", "Of rep.away: till when"),
    DATA("goal", "$.goal", "Which goal"),
    DATA("metric", "$.metric", "What a goal counts"),
    DATA("target", "$.target", "Of a goal"),
    DATA("actual", "$.actual", "How far a goal has come"),
    DATA("period", "week", "Of a goal: day, week, month, quarter, year, once"),
    DATA("owner", "self", "Of a goal: self or assigned"),
    DATA("why", "$.why", "Of a goal: the person's own reason"),
    DATA("area", "skill", "Of a training: skill or opportunity"),
    DATA("score", "$.score", "Of a training"),
    DATA("content", "$.document", "What was shared"),
    DATA("channel", "$.channel", "How it was shared"),
    DATA("reaction", "opened", "What the customer did"),
};

const struct block map_block = BLOCK("a map", map_keys, "what any JSON becomes");

static bool has_deal_id(const struct remap_entry *entry)
{
    for (int i = 0; i < entry->member_count; i++) {
        if (entry->members[i].deal && str_eq(entry->members[i].name, "id"))
            return true;
    }
    return false;
}

static bool has_member(const struct remap_entry *entry, const char *name)
{
    for (int i = 0; i < entry->member_count; i++) {
        if (!entry->members[i].deal && str_eq(entry->members[i].name, name))
            return true;
    }
    return false;
}

/* What the events of a type cannot be without: told now, not at the first message. */
static void check_entry(struct reading *r, const struct node *node, const struct remap_entry *entry)
{
    const char *name = event_type_name(entry->type);
    bool deal = str_starts(name, "deal.") || str_starts(name, "gate.") ||
                entry->type == EVENT_CONTENT_SHARED || entry->type == EVENT_CUSTOMER_REACTION;
    static const struct {
        const char *prefix, *needs;
    } rows[] = {
        {"activity.", "kind"},
        {"deal.stage_changed", "to"},
        {"deal.amount_changed", "to"},
        {"deal.close_date_changed", "to"},
        {"deal.owner_changed", "to"},
        {"gate.", "gate"},
        {"gate.", "side"},
        {"gate.", "stage"},
        {"goal.", "goal"},
        {"goal.", "metric"},
        {"goal.", "target"},
        {"goal.", "period"},
        {"training.", "topic"},
    };
    if (deal && !has_deal_id(entry))
        read_error(r, node, "missing-key", "an event %s needs 'deal: {id: ...}'", name);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (str_starts(name, rows[i].prefix) && !has_member(entry, rows[i].needs))
            read_error(r, node, "missing-key", "an event %s needs '%s'", name, rows[i].needs);
    }
    if ((str_starts(name, "rep.") || str_starts(name, "training.")) && !entry->rep.text)
        read_error(r, node, "missing-key", "an event %s needs 'rep'", name);
}

static void read_entry(struct reading *r, const struct node *node, void *into)
{
    struct remap *map = into;
    int errors = r->errors;
    if (map->count == REMAP_ENTRIES_MAX) {
        read_error(r, node, "wrong-value", "more than %d entries in one map", REMAP_ENTRIES_MAX);
        return;
    }
    struct remap_entry *entry = &map->entries[map->count++];
    read_map(r, node, &map_block, entry);
    if (r->errors == errors)
        check_entry(r, node, entry);
}

const struct remap *map_read(struct reading *r, const struct node *list)
{
    struct remap *map = arena_alloc(r->arena, sizeof(*map));
    int errors = r->errors;
    if (list->kind != NODE_LIST || !list->count) {
        read_wrong(r, list, "a list of entries", "[{type: deal.won, deal: {id: $.id}}]");
        return NULL;
    }
    map->entries = arena_alloc(r->arena, REMAP_ENTRIES_MAX * sizeof(*map->entries));
    read_each(r, list, read_entry, map);
    return r->errors == errors ? map : NULL;
}

static void read_top(struct reading *r, const struct node *node, void *into)
{
    const struct remap **ret = into;
    *ret = map_read(r, node);
}

int map_load(const struct load_file *file, struct arena *arena, struct problems *problems,
             const struct remap **ret)
{
    static const struct key keys[] = {{.name = "map",
                                       .type = KEY_OTHER,
                                       .required = true,
                                       .read = read_top,
                                       .block = &map_block,
                                       .holds = HOLDS_LIST,
                                       .min = 1,
                                       .help = "The entries"}};
    static const struct block block = BLOCK("a file of a map", keys, "a map of its own");
    struct node *root;
    struct reading r = {
        .arena = arena, .problems = problems, .file = arena_strdup(arena, file->path)};
    int status = yaml_read(r.file, file->bytes, file->length, NULL, arena, problems, &root);
    *ret = NULL;
    if (status)
        return status;
    read_map(&r, root, &block, ret);
    return r.errors ? -EINVAL : 0;
}
