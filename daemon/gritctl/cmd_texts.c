/* gritctl texts: every sentence that plugins can say, to be read aloud in one go. */
#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "core/action.h"
#include "gritctl/ctl.h"
#include "load/load_flow.h"

/* One text and all there is to say about it. */
struct spoken {
    const struct plugin *plugin;
    const char *rule;   /* or NULL: nothing says it by itself */
    const char *flow;   /* or NULL */
    const char *name;   /* of the question or step, or NULL */
    const char *what;   /* question, advice, praise, card, tell, offer, digest, step, closing */
    const char *reader; /* who reads the answer; NULL: there is none */
    const char *area;   /* opportunity or skill; NULL where no rule says it */
    const char *about;  /* the kind of a question: skill, activity, belief, ...; or NULL */
    const char *to;     /* who gets it */
    struct source_place place, head; /* of the text; of the rule or talk that says it */
    const struct text *text;
};

struct reading_aloud {
    const struct call *call;
    const struct ctl_paths *paths;
    const char *plugin, *head; /* what the last line was about */
    int count;
};

/* Line breaks of the file are none in the message. */
static char *flat_new(const char *template)
{
    struct strbuf out = {0};
    bool blank = false;
    for (const char *p = template; *p; p++) {
        if (*p == ' ' || *p == '\n') {
            blank = out.len > 0;
            continue;
        }
        if (blank)
            strbuf_putc(&out, ' ');
        blank = false;
        strbuf_putc(&out, *p);
    }
    return strbuf_take(&out);
}

static void put_json(const struct spoken *s, const char *words)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "plugin", s->plugin->id);
    jsonw_text_opt(&json, "rule", s->rule);
    jsonw_text_opt(&json, "flow", s->flow);
    jsonw_text_opt(&json, "name", s->name);
    jsonw_text(&json, "kind", s->what);
    jsonw_text(&json, "to", s->to);
    jsonw_text_opt(&json, "reader", s->reader);
    jsonw_text_opt(&json, "area", s->area);
    jsonw_text_opt(&json, "about", s->about);
    jsonw_text_opt(&json, "language", text_language(s->text));
    jsonw_text(&json, "file", s->place.file);
    jsonw_int(&json, "line", s->place.line);
    jsonw_text(&json, "text", words);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

/* A heading for each plugin, and one wherever the rule or talk changes. */
static void put_words(struct reading_aloud *aloud, const struct spoken *s, const char *words)
{
    const char *head = s->rule ? s->rule : s->flow ? s->flow : "";
    if (aloud->plugin != s->plugin->id)
        (void)printf("%s# %s%s%s\n", aloud->count ? "\n" : "", s->plugin->id,
                     s->plugin->about ? ": " : "", s->plugin->about ? s->plugin->about : "");
    if (aloud->plugin != s->plugin->id || !str_eq(aloud->head, head))
        (void)printf("\n%s %s (%s:%d)\n",
                     s->rule   ? "rule"
                     : s->flow ? "talk"
                               : "asked by no rule",
                     head, s->head.file, s->head.line);
    aloud->plugin = s->plugin->id;
    aloud->head = head;
    const char *language = text_language(s->text);
    (void)printf("  %s%s%s to the %s%s%s%s%s: %s\n", s->what, s->name ? " " : "",
                 s->name ? s->name : "", s->to, s->reader ? ", read by the " : "",
                 s->reader ? s->reader : "", language ? ", in " : "", language ? language : "",
                 words);
}

/* In each of its languages. */
static void put(struct reading_aloud *aloud, const struct spoken *s)
{
    const struct problem place = {.file = s->place.file};
    if (!s->text || !ctl_paths_concern(aloud->paths, &place))
        return;
    for (const struct text *text = s->text; text; text = text_next(text)) {
        CLEANUP_FREE char *words = flat_new(text_template(text));
        struct spoken spoken = *s;
        spoken.text = text;
        if (aloud->call->json)
            put_json(&spoken, words);
        else
            put_words(aloud, &spoken, words);
        aloud->count++;
    }
}

static void put_question(struct reading_aloud *aloud, struct spoken s,
                         const struct question *question)
{
    s.name = question->id;
    s.what = question->advise ? "advice" : s.flow ? "step" : "question";
    s.reader = question_reader_words[question->reader];
    s.about = question_kind_words[question->kind];
    s.place = question->place;
    for (int i = 0; i < question->text_count; i++) {
        s.text = question->texts[i];
        put(aloud, &s);
    }
}

static void put_talk(struct reading_aloud *aloud, struct spoken s, const struct flow *flow)
{
    s.flow = flow->id;
    for (int i = 0; i < flow->step_count; i++)
        put_question(aloud, s, flow->steps[i].question);
    s.what = "closing";
    s.text = flow->closing;
    put(aloud, &s);
}

static void put_rule(struct reading_aloud *aloud, const struct rule *rule)
{
    static const char *const receivers[] = {"rep", "manager", "team", "peer"};
    struct spoken s = {.plugin = rule->plugin,
                       .rule = rule->id,
                       .to = receivers[rule->to],
                       .area = rule->area == AREA_SKILL ? "skill" : "opportunity",
                       .place = rule->place,
                       .head = rule->place};
    const char *action = rule->action ? rule->action->name : "";
    for (int i = 0; i < rule->question_count; i++)
        put_question(aloud, s, rule->questions[i]);
    if (rule->flow)
        put_talk(aloud, s, rule->flow);
    s.what = str_eq(action, "suggest") ? "offer" : action;
    for (int i = 0; i < rule->text_count; i++) {
        s.text = rule->texts[i];
        put(aloud, &s);
    }
    for (int i = 0; i < rule->section_count; i++) {
        s.name = rule->sections[i].title;
        s.text = rule->sections[i].text;
        put(aloud, &s);
    }
    s.name = NULL;
    s.what = "card";
    s.to = "manager";
    s.text = rule->card;
    put(aloud, &s);
}

/* What nobody but the person's own word begins. */
static void put_flow(struct reading_aloud *aloud, const struct book *book, const struct flow *flow)
{
    for (int i = 0; i < book->rule_count; i++) {
        if (book->rules[i]->flow == flow)
            return;
    }
    put_talk(aloud,
             (struct spoken){
                 .plugin = flow->plugin, .to = "rep", .place = flow->place, .head = flow->place},
             flow);
}

static bool is_asked(const struct book *book, const struct question *question)
{
    for (int i = 0; i < book->rule_count; i++) {
        for (int k = 0; k < book->rules[i]->question_count; k++) {
            if (book->rules[i]->questions[k] == question)
                return true;
        }
    }
    return false;
}

static void put_plugin(struct reading_aloud *aloud, const struct book *book,
                       const struct plugin *plugin)
{
    for (int i = 0; i < book->rule_count; i++) {
        if (book->rules[i]->plugin == plugin)
            put_rule(aloud, book->rules[i]);
    }
    for (int i = 0; i < book->flow_count; i++) {
        if (book->flows[i]->plugin == plugin)
            put_flow(aloud, book, book->flows[i]);
    }
    for (int i = 0; i < book->question_count; i++) {
        if (book->questions[i]->plugin == plugin && !is_asked(book, book->questions[i]))
            put_question(
                aloud,
                (struct spoken){.plugin = plugin, .to = "rep", .head = book->questions[i]->place},
                book->questions[i]);
    }
}

static int run(struct call *call)
{
    struct ctl_paths paths = {0};
    ctl_paths_read(&paths, call->args, call->arg_count);
    struct setup *setup = ctl_paths_setup(call, &paths);
    struct reading_aloud aloud = {.call = call, .paths = &paths};
    print_errors(&setup->problems);
    for (int i = 0; i < setup->book->plugin_count; i++)
        put_plugin(&aloud, setup->book, setup->book->plugins[i]);
    if (!call->json)
        (void)printf("%s%d text%s in %d plugin%s\n", aloud.count ? "\n" : "", aloud.count,
                     aloud.count == 1 ? "" : "s", setup->book->plugin_count,
                     setup->book->plugin_count == 1 ? "" : "s");
    int status = setup->problems.errors ? CTL_FOUND : CTL_OK;
    setup_free(setup);
    ctl_paths_done(&paths);
    return status;
}

const struct command command_texts = {
    .name = "texts",
    .args = "[PATH...] [--json]",
    .help = "every text that plugins can say, to be read aloud in one go",
    .more =
        "Questions, praise, cards, offers, digests and the steps of talks, each with its rule,\n"
        "who gets it, who reads the answer, and where it stands. Without PATH: all plugins of\n"
        "the configuration; with files or folders: these.\n",
    .args_max = CTL_ARGS_ANY,
    .run = run,
};
