#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_config.h"

enum { CONFIG_PORT_MAX = 65535 };

static const char *const store_words[] = {"sqlite", "postgres", NULL};
static const char *const level_words[] = {"error", "warning", "info", "debug", NULL};
static const char *const answers_words[] = {"stored", "not-stored", NULL};
static const char *const format_words[] = {"auto", "journal", "json", "text", NULL};

bool config_host_is_loopback(const char *host)
{
    return str_ieq(host, "localhost") || str_eq(host, "::1") || str_starts(host, "127.");
}

static void read_path(struct reading *r, const struct node *node, struct config_path *ret)
{
    if (read_text(r, node, &ret->path))
        ret->place = read_place(r, node);
}

static void read_people(struct reading *r, const struct node *node, void *into)
{
    read_path(r, node, &((struct config *)into)->people);
}

static void read_pipeline(struct reading *r, const struct node *node, void *into)
{
    read_path(r, node, &((struct config *)into)->pipeline);
}

static void read_paths(struct reading *r, const struct node *node, struct config_path **ret,
                       int *ret_count)
{
    const char **texts;
    int count;
    if (node->kind == NODE_LIST && !node->count)
        return;
    if (!read_texts(r, node, &texts, &count))
        return;
    *ret = arena_alloc(r->arena, (size_t)count * sizeof(**ret));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < count; i++, item = item->next)
        (*ret)[i] = (struct config_path){texts[i], read_place(r, item)};
    *ret_count = count;
}

static void read_plugins(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    read_paths(r, node, &config->plugins, &config->plugin_count);
}

static void read_holidays(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    read_paths(r, node, &config->holidays, &config->holiday_count);
}

static void read_words_paths(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    read_paths(r, node, &config->words, &config->word_count);
}

/* The connection text of a database may not carry a password: it ends in logs and backups. */
static bool has_password(const char *conninfo)
{
    const char *scheme = strstr(conninfo, "//");
    const char *at = scheme ? strchr(scheme, '@') : NULL;
    const char *colon = scheme ? strchr(scheme, ':') : NULL;
    return strstr(conninfo, "password=") || strstr(conninfo, "password =") ||
           (at && colon && colon < at);
}

static void read_store(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    const char *text;
    if (!read_text(r, node, &text))
        return;
    const char *colon = strchr(text, ':');
    if (!colon || !colon[1]) {
        read_error(r, node, "bad-store",
                   "'store' must be sqlite:FILE or postgres:CONNINFO, such as sqlite:gritd.db");
        return;
    }
    const char *scheme = arena_strndup(r->arena, text, (size_t)(colon - text));
    int kind = words_find(store_words, str_eq(scheme, "postgresql") ? "postgres" : scheme);
    if (kind < 0) {
        read_unknown(r, read_place(r, node), "bad-store", "kind of store", scheme, store_words,
                     words_count(store_words));
        return;
    }
    if (kind == STORE_POSTGRES && has_password(colon + 1)) {
        read_error(
            r, node, "literal-secret",
            "the connection text holds a password; use passfile=PATH (or PGPASSFILE) instead");
        return;
    }
    config->store_kind = (enum store_kind)kind;
    config->store = kind == STORE_POSTGRES && str_starts(colon + 1, "//") ? text : colon + 1;
}

static bool host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(".-_:*%", c));
}

/* "HOST:PORT" or "[V6]:PORT". */
static bool listen_parse(struct reading *r, const char *text, const char **ret_host, int *ret_port)
{
    int64_t port;
    bool brackets = text[0] == '[';
    const char *end = brackets ? strchr(text, ']') : strrchr(text, ':');
    const char *colon = end && brackets ? end + 1 : end;
    if (!colon || *colon != ':' || str_to_i64(colon + 1, &port) || port < 0 ||
        port > CONFIG_PORT_MAX || colon[1] == '+')
        return false;
    const char *start = text + brackets;
    if (end == start || (!brackets && memchr(start, ':', (size_t)(end - start))))
        return false;
    for (const char *p = start; p < end; p++) {
        if (!host_char(*p))
            return false;
    }
    *ret_host = arena_strndup(r->arena, start, (size_t)(end - start));
    *ret_port = (int)port;
    return true;
}

static void read_listen(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    if (node->kind != NODE_SCALAR ||
        !listen_parse(r, node->text, &config->listen_host, &config->listen_port)) {
        read_wrong(r, node, "an address and a port", "127.0.0.1:8467 or [::1]:8467");
        return;
    }
    config->listen_loopback = config_host_is_loopback(config->listen_host);
}

static void read_public_url(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    const char *text;
    if (!read_text(r, node, &text))
        return;
    if ((!str_starts(text, "https://") && !str_starts(text, "http://")) || strchr(text, ' ')) {
        read_wrong(r, node, "a web address", "https://grit.example.com");
        return;
    }
    size_t length = strlen(text);
    while (length && text[length - 1] == '/')
        length--;
    config->public_url = arena_strndup(r->arena, text, length);
}

static void read_seed(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    int64_t seed;
    if (node->kind != NODE_SCALAR || str_to_i64(node->text, &seed) || seed < 0) {
        read_wrong(r, node, "a whole number from 0", "42");
        return;
    }
    config->seed = (uint64_t)seed;
    config->has_seed = true;
}

static void read_inputs_of(struct reading *r, const struct node *plugin, struct config *config)
{
    if (plugin->kind != NODE_MAP) {
        read_wrong(r, plugin, "a mapping of the plugin's inputs", "{patience: 3d}");
        return;
    }
    for (const struct node *value = plugin->first; value; value = value->next) {
        if (value->kind != NODE_SCALAR) {
            read_wrong(r, value, "one value", NULL);
            continue;
        }
        config->inputs[config->input_count++] = (struct config_input){
            .plugin = plugin->key,
            .name = value->key,
            .value = value->text,
            .quoted = value->quoted,
            .plugin_place = read_key_place(r, plugin),
            .name_place = read_key_place(r, value),
            .place = read_place(r, value),
        };
    }
}

static void read_inputs(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    int count = 0;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of plugins", "{customer-gates: {patience: 3d}}");
        return;
    }
    for (const struct node *plugin = node->first; plugin; plugin = plugin->next)
        count += plugin->count;
    config->inputs = arena_alloc(r->arena, (size_t)(count + 1) * sizeof(*config->inputs));
    for (const struct node *plugin = node->first; plugin; plugin = plugin->next)
        read_inputs_of(r, plugin, config);
}

#define AT(member) offsetof(struct config, member)

static const struct key log_keys[] = {
    {.name = "level",
     .type = KEY_WORD,
     .at = AT(log_level),
     .words = level_words,
     .preset = "info",
     .example = "info",
     .help = "How much is written: error, warning, info, debug"},
    {.name = "format",
     .type = KEY_WORD,
     .at = AT(log_format),
     .words = format_words,
     .preset = "auto",
     .example = "auto",
     .help = "auto picks by where the output goes"},
};

static const struct key organisation_keys[] = {
    {.name = "purpose",
     .type = KEY_TEXT,
     .at = AT(organisation.purpose),
     .example = "patients wait less",
     .help = "Why it exists, in words that fit into a sentence: {{purpose.org}} in texts"},
    {.name = "values",
     .type = KEY_TEXTS,
     .at = AT(organisation.values),
     .count_at = AT(organisation.value_count),
     .example = "[candour, customers first]",
     .help = "What it holds dear; questions are tagged with these, and `gritctl check --coverage` "
             "names those without any"},
};

static const struct block organisation_block =
    BLOCK("an organisation", organisation_keys, "purpose and values");

static const struct block log_block = BLOCK("log", log_keys, "level and format");

static const struct key config_keys[] = {
    {.name = "chat",
     .type = KEY_OTHER,
     .read = config_read_chat,
     .form = FORM_CHAT,
     .block = &config_chat_block,
     .example = "{platform: local}",
     .help = "The chat platform and its options"},
    {.name = "people",
     .type = KEY_OTHER,
     .read = read_people,
     .form = FORM_PATH,
     .example = "people.yaml",
     .help = "The file that says who"},
    {.name = "pipeline",
     .type = KEY_OTHER,
     .read = read_pipeline,
     .form = FORM_PATH,
     .example = "pipeline.yaml",
     .help = "The file with the stages and their gates"},
    {.name = "plugins",
     .type = KEY_OTHER,
     .read = read_plugins,
     .form = FORM_PATHS,
     .example = "[/usr/share/gritd/plugins, plugins]",
     .help = "Folders of rule plugins"},
    {.name = "store",
     .type = KEY_OTHER,
     .read = read_store,
     .form = FORM_STORE,
     .preset = "sqlite:gritd.db",
     .example = "sqlite:gritd.db",
     .help = "sqlite:FILE or postgres:CONNINFO"},
    {.name = "listen",
     .type = KEY_OTHER,
     .read = read_listen,
     .form = FORM_LISTEN,
     .preset = "127.0.0.1:8467",
     .example = "127.0.0.1:8467",
     .help = "Address for events, metrics, health and pages"},
    {.name = "intake",
     .type = KEY_OTHER,
     .read = config_read_intakes,
     .holds = HOLDS_LIST,
     .block = &config_intake_block,
     .help = "Each source of events and how it proves itself"},
    {.name = "public_url",
     .type = KEY_OTHER,
     .read = read_public_url,
     .form = FORM_URL,
     .example = "https://grit.example.com",
     .help = "The address that senders see, and that links to the page begin with"},
    {.name = "limits",
     .type = KEY_MAP,
     .block = &config_limits_block,
     .help = "The defaults of the product, each can be changed"},
    {.name = "keep",
     .type = KEY_MAP,
     .block = &config_keep_block,
     .help = "How long what is kept is kept; older rows go by themselves"},
    {.name = "mix",
     .type = KEY_OTHER,
     .read = config_read_mix,
     .holds = HOLDS_ONE,
     .block = &config_mix_block,
     .example = "{area: {skill: 40}, kind: {mental: 20}, contested: 50}",
     .help = "Which share of a rep's prompts is to be of which kind; without it they come as they "
             "come"},
    {.name = "holidays",
     .type = KEY_OTHER,
     .read = read_holidays,
     .form = FORM_PATHS,
     .example = "[holidays-us.ics]",
     .help = "iCalendar files with days on which nobody works"},
    {.name = "words",
     .type = KEY_OTHER,
     .read = read_words_paths,
     .form = FORM_PATHS,
     .example = "[words.de.yaml]",
     .help = "Files with gritd's own sentences in other words or languages"},
    {.name = "log", .type = KEY_MAP, .block = &log_block, .help = "Level and format of the log"},
    {.name = "purpose",
     .type = KEY_TEXT,
     .at = AT(purpose),
     .example = "coaching of our sales teams",
     .help =
         "What the data is for; shown to each rep in the first message. gritd does not start with "
         "rules and without it"},
    {.name = "organisation",
     .type = KEY_MAP,
     .block = &organisation_block,
     .help = "What texts may say of the organisation, and what questions can be tagged with"},
    {.name = "answers",
     .type = KEY_WORD,
     .at = AT(answers),
     .words = answers_words,
     .preset = "stored",
     .example = "not-stored",
     .help = "Whether words of answers are stored at all; with not-stored each counts as answered "
             "and its words go nowhere"},
    {.name = "controller",
     .type = KEY_TEXT,
     .at = AT(controller),
     .example = "Example Ltd",
     .help = "Who is responsible for the data; shown by privacy and in the works-council page"},
    {.name = "introduction",
     .type = KEY_BOOL,
     .at = AT(introduction),
     .preset = "true",
     .example = "true",
     .help = "Before its first message gritd tells each person that it is a bot, what it does and "
             "how to "
             "end it (true); false only where they have been told by other means"},
    {.name = "seed",
     .type = KEY_OTHER,
     .read = read_seed,
     .form = FORM_SEED,
     .example = "42",
     .help = "Makes the choice of wordings repeatable"},
    {.name = "inputs",
     .type = KEY_OTHER,
     .read = read_inputs,
     .form = FORM_INPUTS,
     .example = "{customer-gates: {patience: 3d}}",
     .help = "Values for the inputs of plugins"},
};

const struct block load_config_block =
    BLOCK("gritd.yaml", config_keys, "the configuration of the daemon");

static struct config *config_new(const struct load_file *file)
{
    struct config *config = NEW(struct config);
    arena_init(&config->arena);
    limits_default(&config->limits);
    config->file = arena_strdup(&config->arena, file->path);
    config->platform = "local";
    config->store = "gritd.db";
    config->listen_host = "127.0.0.1";
    config->listen_port = 8467;
    config->listen_loopback = true;
    config->log_level = LEVEL_INFO;
    config->introduction = true;
    return config;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    arena_done(&config->arena);
    free(config);
}

int load_config(const struct load_file *file, const struct load_platforms *platforms,
                struct problems *problems, struct config **ret)
{
    struct node *root;
    struct config *config = config_new(file);
    *ret = NULL;
    int result =
        yaml_read(config->file, file->bytes, file->length, NULL, &config->arena, problems, &root);
    if (result) {
        config_free(config);
        return result;
    }
    struct config_reading c = {
        .r = {.arena = &config->arena, .problems = problems, .file = config->file},
        .platforms = platforms,
    };
    read_map(&c.r, root, &load_config_block, config);
    config_check_intakes(&c.r, config);
    if (root->kind != NODE_MAP) {
        config_free(config);
        return -EINVAL;
    }
    *ret = config;
    return c.r.errors ? -EINVAL : 0;
}

const struct config_option *config_option(const struct config *config, const char *key)
{
    for (int i = 0; i < config->option_count; i++) {
        if (str_eq(config->options[i].key, key))
            return &config->options[i];
    }
    return NULL;
}
