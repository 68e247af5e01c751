/* What a digest is made of, and what a rule suggests. */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/lint.h"
#include "load/load_plugin.h"

enum { LINES_MAX = 50, LINES_PRESET = 10, TITLE_POINTS_MAX = 80, OFFER_POINTS_MAX = 280 };

static const char *const each_words[] = {"rep", "deal", NULL};
static const char *const eaches[] = {"each", NULL};
static const char *const peers[] = {"peer", NULL};

static void begin(struct rule_draft *draft, const char *action)
{
    draft->actions++;
    draft->rule.action = action_find(action);
}

/* One text that is not filled in: a title, a topic, the name of a resource. */
static bool read_plain(struct reading *r, const struct node *node, int most, const char **ret)
{
    if (!read_text(r, node, ret))
        return false;
    long points = utf8_length(*ret, strlen(*ret));
    if (strstr(*ret, "{{"))
        read_error(r, node, "wrong-value", "'%s' is no text with {{names}}: write plain words",
                   node->key);
    else if (points > most)
        read_error(r, node, "text-length", "the text has %ld characters; at most %d", points, most);
    else if (strchr(*ret, '\n'))
        read_error(r, node, "wrong-value", "'%s' must be a single line", node->key);
    else
        return true;
    return false;
}

/* --- sections --- */

struct section_draft {
    struct section section; /* first */
    int each;
};

static void read_title(struct reading *r, const struct node *node, void *into)
{
    const char *title;
    if (!read_plain(r, node, TITLE_POINTS_MAX, &title))
        return;
    ((struct section_draft *)into)->section.title = title;
    lint_text(r->problems, title, LINT_TELL, read_place(r, node));
}

static void read_section_if(struct reading *r, const struct node *node, void *into)
{
    ((struct section_draft *)into)->section.cond = cond_read(plugin_of(r), node, NULL);
}

static void read_section_text(struct reading *r, const struct node *node, void *into)
{
    struct text **texts = NULL;
    int count = 0;
    if (node->kind == NODE_LIST) {
        read_wrong(r, node, "one text", NULL);
        return;
    }
    plugin_read_texts(plugin_of(r), node, TEXT_TELL, &texts, &count);
    if (count)
        ((struct section_draft *)into)->section.text = texts[0];
}

#define AT(member) offsetof(struct section_draft, member)

static const struct key section_keys[] = {
    {.name = "title",
     .type = KEY_OTHER,
     .read = read_title,
     .form = FORM_TEXT,
     .example = "Worth a word",
     .help = "A line above the others"},
    {.name = "each",
     .type = KEY_WORD,
     .at = AT(each),
     .words = each_words,
     .example = "rep",
     .help =
         "A line for each rep of the manager's teams, or for each open deal; without it: one line"},
    {.name = "if",
     .type = KEY_OTHER,
     .read = read_section_if,
     .form = FORM_IF,
     .example = "{rep.open_deals: {at_least: 3}}",
     .help = "Tests of fields; only where all hold there is a line"},
    {.name = "text",
     .type = KEY_OTHER,
     .required = true,
     .read = read_section_text,
     .form = FORM_MESSAGE_ONE,
     .example = "\"{{rep.first_name}}: {{rep.open_deals}} open deals\"",
     .help = "the line; there is none where one of its names has no value"},
    {.name = "at_most",
     .type = KEY_INT,
     .at = AT(section.at_most),
     .min = 1,
     .max = LINES_MAX,
     .with = eaches,
     .preset = "10",
     .example = "5",
     .help = "So many lines in the order of names; the rest as 'and 3 more'"},
};
#undef AT

const struct block section_block =
    BLOCK("a section", section_keys, "title, each, if, text, at_most");

static void read_section(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    struct section_draft section = {.each = -1, .section.at_most = LINES_PRESET};
    int errors = r->errors;
    read_map(r, node, &section_block, &section);
    section.section.each = section.each < 0    ? EACH_NOTHING
                           : section.each == 0 ? EACH_REP
                                               : EACH_DEAL;
    if (node->kind == NODE_MAP && !node_get(node, "each") && node_get(node, "at_most"))
        read_error_at(r, read_key_place(r, node_get(node, "at_most")), "unused-key",
                      "'at_most' is only for sections with 'each'");
    if (r->errors == errors && node->kind == NODE_MAP)
        draft->rule.sections[draft->rule.section_count++] = section.section;
}

void then_read_digest(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    begin(draft, "digest");
    if (node->kind != NODE_LIST || !node->count) {
        read_wrong(r, node, "a list of sections",
                   "- {title: Standing still, each: deal, text: ...}");
        return;
    }
    draft->rule.sections =
        arena_alloc(r->arena, (size_t)node->count * sizeof(*draft->rule.sections));
    read_each(r, node, read_section, draft);
}

/* --- what is suggested --- */

struct offer_draft {
    struct offer offer; /* first */
    struct text **texts;
    int text_count;
    bool peer;
};

static void read_offer_text(struct reading *r, const struct node *node, void *into)
{
    struct offer_draft *draft = into;
    plugin_read_texts(plugin_of(r), node, TEXT_OFFER, &draft->texts, &draft->text_count);
}

static void read_resource(struct reading *r, const struct node *node, void *into)
{
    struct offer_draft *draft = into;
    if (!read_plain(r, node, OFFER_POINTS_MAX, &draft->offer.resource))
        return;
    if (str_starts(draft->offer.resource, "http://"))
        read_error(r, node, "insecure-url",
                   "a link must begin with https://; anybody on the way could change the page");
}

static void read_topic(struct reading *r, const struct node *node, void *into)
{
    /* told */
    (void)read_plain(r, node, TITLE_POINTS_MAX, &((struct offer_draft *)into)->offer.topic);
}

#define AT(member) offsetof(struct offer_draft, member)

static const struct key offer_keys[] = {
    {.name = "text",
     .type = KEY_OTHER,
     .required = true,
     .read = read_offer_text,
     .form = FORM_MESSAGES,
     .example = "\"Objections came up this week. Would a page on them help?\"",
     .help = "the offer, or several wordings; it can be declined or passed over"},
    {.name = "resource",
     .type = KEY_OTHER,
     .read = read_resource,
     .form = FORM_OFFER,
     .one_of = "thing to suggest",
     .example = "\"Playbook: objections, page 3\"",
     .help = "What a yes brings: the name of a page or a book, or an https link"},
    {.name = "peer",
     .type = KEY_BOOL,
     .at = AT(peer),
     .one_of = "thing to suggest",
     .needs = "topic",
     .example = "true",
     .help = "A talk with a colleague; no names before both have agreed"},
    {.name = "topic",
     .type = KEY_OTHER,
     .read = read_topic,
     .form = FORM_OFFER,
     .with = peers,
     .example = "how to bring up the price",
     .help = "What the talk is about, in words that fit behind 'about'"},
};
#undef AT

const struct block offer_block = BLOCK("an offer", offer_keys, "text, and resource or peer");

static void check_offer(struct reading *r, const struct node *node, const struct offer_draft *draft)
{
    const struct node *peer = node_get(node, "peer"), *topic = node_get(node, "topic");
    const struct node *resource = node_get(node, "resource");
    if (!peer && !resource)
        read_error(r, node, "missing-key",
                   "there is nothing to say yes to; give the offer a 'resource' or 'peer: true'");
    else if (peer && resource)
        read_error_at(r, read_key_place(r, peer), "wrong-value",
                      "one step at a time: either 'resource' or 'peer'");
    else if (peer && !draft->peer)
        read_error(r, peer, "wrong-value", "'peer' can only be true; leave it out otherwise");
    else if (peer && !topic)
        read_error_at(r, read_key_place(r, peer), "missing-key",
                      "'topic' is missing: what the colleague is asked to talk about");
    if (topic && !peer)
        read_error_at(r, read_key_place(r, topic), "unused-key",
                      "'topic' is only for 'peer: true'");
}

void then_read_suggest(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    struct offer_draft offer = {0};
    begin(draft, "suggest");
    read_map(r, node, &offer_block, &offer);
    if (node->kind == NODE_MAP)
        check_offer(r, node, &offer);
    draft->rule.texts = offer.texts;
    draft->rule.text_count = offer.text_count;
    draft->rule.offer = offer.offer;
}
