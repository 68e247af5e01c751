#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_config.h"

static const struct {
    const char *prefix;
    enum secret_kind kind;
} secret_forms[] = {
    {"credential:", SECRET_CREDENTIAL},
    {"file:", SECRET_FILE},
    {"env:", SECRET_ENV},
};

bool secret_parse(const char *text, struct secret *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(secret_forms); i++) {
        if (!str_starts(text, secret_forms[i].prefix))
            continue;
        const char *name = text + strlen(secret_forms[i].prefix);
        /* a name with a slash would leave the folder of credentials */
        if (!*name || (secret_forms[i].kind != SECRET_FILE && strpbrk(name, "/ =")))
            return false;
        *ret = (struct secret){secret_forms[i].kind, name};
        return true;
    }
    return false;
}

bool config_read_secret(struct reading *r, const struct node *node, struct secret *ret)
{
    if (node->kind == NODE_SCALAR && secret_parse(node->text, ret))
        return true;
    if (node->kind != NODE_SCALAR || node_is_null(node))
        read_wrong(r, node, "the place of a secret", "credential:NAME, file:PATH or env:NAME");
    else
        read_error(r, node, "literal-secret",
                   "'%s' is a secret and does not belong in this file; write credential:NAME, "
                   "file:PATH or env:NAME",
                   node->key ? node->key : "this");
    return false;
}

void config_check_url(struct reading *r, const struct node *node)
{
    static const char *const schemes[] = {"http://", "ws://"};
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        if (!str_starts(node->text, schemes[i]))
            continue;
        const char *host = node->text + strlen(schemes[i]);
        bool brackets = *host == '[';
        size_t length = strcspn(host + brackets, brackets ? "]" : ":/?#");
        if (!config_host_is_loopback(arena_strndup(r->arena, host + brackets, length)))
            read_error(r, node, "insecure-url", "'%s' must be encrypted: %s, not %s",
                       node->key ? node->key : "this address", i ? "wss://" : "https://",
                       schemes[i]);
    }
}

static const struct load_platform *platform_find(const struct config_reading *c, const char *name)
{
    for (size_t i = 0; i < c->platforms->count; i++) {
        if (str_eq(c->platforms->list[i].name, name))
            return &c->platforms->list[i];
    }
    return NULL;
}

static const struct load_option *option_find(const struct load_platform *platform, const char *key)
{
    for (size_t i = 0; i < platform->option_count; i++) {
        if (str_eq(platform->options[i].key, key))
            return &platform->options[i];
    }
    return NULL;
}

static void unknown_option(struct reading *r, const struct node *node,
                           const struct load_platform *platform)
{
    const char **known = arena_alloc(r->arena, (platform->option_count + 1) * sizeof(*known));
    for (size_t i = 0; i < platform->option_count; i++)
        known[i] = platform->options[i].key;
    read_unknown_key(r, node, platform->name, known, platform->option_count);
}

/* platform NULL: options are taken as written. keep NULL: only checked. */
static void read_option(struct reading *r, const struct node *node,
                        const struct load_platform *platform, struct config *keep)
{
    const struct load_option *known = platform ? option_find(platform, node->key) : NULL;
    struct secret secret = {0};
    if (platform && !known) {
        unknown_option(r, node, platform);
        return;
    }
    if (known && known->secret) {
        if (!config_read_secret(r, node, &secret))
            return;
    } else if (node->kind != NODE_SCALAR || node_is_null(node)) {
        read_wrong(r, node, "one value", NULL);
        return;
    } else {
        config_check_url(r, node);
    }
    if (!known)
        (void)secret_parse(node->text, &secret); /* without a table the form tells */
    if (keep)
        keep->options[keep->option_count++] = (struct config_option){
            .key = node->key, .value = node->text, .secret = secret, .place = read_place(r, node)};
}

static void read_options(struct config_reading *c, const struct node *block,
                         const struct load_platform *platform, struct config *keep)
{
    if (block->kind != NODE_MAP) {
        if (!node_is_null(block))
            read_wrong(&c->r, block, "a mapping of options", NULL);
        return;
    }
    if (keep)
        keep->options =
            arena_alloc(&keep->arena, (size_t)(block->count + 1) * sizeof(*keep->options));
    for (const struct node *n = block->first; n; n = n->next)
        read_option(&c->r, n, platform, keep);
}

static void check_required(struct config_reading *c, const struct node *at,
                           const struct node *block, const struct load_platform *platform)
{
    for (size_t i = 0; i < platform->option_count; i++) {
        const struct load_option *option = &platform->options[i];
        if (option->required && !node_get(block, option->key))
            read_error(&c->r, block ? block : at, "missing-key", "%s needs '%s'%s%s",
                       platform->name, option->key,
                       option->secret ? ", such as credential:NAME" : "",
                       !option->secret && option->help ? option->help : "");
    }
}

static const char **platform_names(struct config_reading *c)
{
    const char **names = arena_alloc(c->r.arena, (c->platforms->count + 1) * sizeof(*names));
    for (size_t i = 0; i < c->platforms->count; i++)
        names[i] = c->platforms->list[i].name;
    return names;
}

static void read_platform(struct config_reading *c, const struct node *node, struct config *config)
{
    const char *name;
    if (!read_name(&c->r, node, &name))
        return;
    config->platform_place = read_place(&c->r, node);
    if (c->platforms && !platform_find(c, name))
        read_unknown(&c->r, read_place(&c->r, node), "unknown-platform", "chat platform", name,
                     platform_names(c), c->platforms->count);
    else
        config->platform = name;
}

/* chat: is a mapping whose keys are `platform` and the names of platforms. */
void config_read_chat(struct reading *r, const struct node *node, void *into)
{
    struct config_reading *c = (struct config_reading *)r;
    struct config *config = into;
    const struct node *chosen = node_get(node, "platform");
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping", "{platform: local}");
        return;
    }
    if (chosen)
        read_platform(c, chosen, config);
    else
        read_error(r, node, "missing-key", "chat needs 'platform', such as local");
    for (const struct node *n = node->first; n; n = n->next) {
        const struct load_platform *platform = c->platforms ? platform_find(c, n->key) : NULL;
        if (n == chosen)
            continue;
        if (c->platforms && !platform)
            read_unknown(r, read_key_place(r, n), "unknown-key", "chat platform", n->key,
                         platform_names(c), c->platforms->count);
        else
            read_options(c, n, platform, str_eq(n->key, config->platform) ? config : NULL);
    }
    const struct load_platform *platform =
        c->platforms && chosen ? platform_find(c, config->platform) : NULL;
    if (platform)
        check_required(c, chosen, node_get(node, platform->name), platform);
}

static void read_nothing(struct reading *r, const struct node *node, void *into)
{
    (void)r, (void)node, (void)into; /* this table is for the manual; config_read_chat reads */
}

static const struct key chat_keys[] = {
    {.name = "platform",
     .type = KEY_OTHER,
     .required = true,
     .read = read_nothing,
     .form = FORM_NAME,
     .preset = "local",
     .example = "local",
     .help = "local, slack, mattermost, ...; its options stand in a block of that name"},
};

const struct block config_chat_block =
    BLOCK("chat", chat_keys, "platform, and a block of options named after it");
