#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_config.h"
#include "load/load_map.h"

static const char *const kind_words[] = {"cloudevents", "hubspot", "salesforce",
                                         "pipedrive",   "close",   "dataverse",
                                         "zoho",        "generic", NULL};
/* VERIFY_DEFAULT has no word */
static const char *const verify_words[] = {
    "standard-webhooks", "hmac-sha256", "bearer", "basic",      "header",       "hubspot-v3",
    "hubspot-v2",        "hubspot-v1",  "close",  "body-token", "organisation", NULL};

#define WAY(name) (1U << VERIFY_##name)

/* How each kind can prove itself; the first is what it does unless it is told. */
static const struct {
    enum intake_verify first;
    unsigned ways;
} ways[] = {
    [INTAKE_CLOUDEVENTS] = {VERIFY_STANDARD_WEBHOOKS,
                            WAY(STANDARD_WEBHOOKS) | WAY(HMAC_SHA256) | WAY(BEARER)},
    [INTAKE_HUBSPOT] = {VERIFY_HUBSPOT_V3, WAY(HUBSPOT_V3) | WAY(HUBSPOT_V2) | WAY(HUBSPOT_V1)},
    [INTAKE_SALESFORCE] = {VERIFY_ORGANISATION,
                           WAY(ORGANISATION) | WAY(BEARER) | WAY(BASIC) | WAY(HEADER)},
    [INTAKE_PIPEDRIVE] = {VERIFY_BASIC, WAY(BASIC)},
    [INTAKE_CLOSE] = {VERIFY_CLOSE, WAY(CLOSE)},
    [INTAKE_DATAVERSE] = {VERIFY_HEADER, WAY(HEADER) | WAY(BEARER) | WAY(BASIC)},
    [INTAKE_ZOHO] = {VERIFY_BODY_TOKEN, WAY(BODY_TOKEN)},
    [INTAKE_GENERIC] = {VERIFY_STANDARD_WEBHOOKS, WAY(STANDARD_WEBHOOKS) | WAY(HMAC_SHA256) |
                                                      WAY(BEARER) | WAY(BASIC) | WAY(HEADER)},
};

#define HEADER_DEFAULT "x-gritd-secret"

const char *config_intake_kind(enum intake_kind kind)
{
    return kind_words[kind];
}

const char *config_intake_verify(enum intake_verify verify)
{
    return verify == VERIFY_DEFAULT ? NULL : verify_words[verify - 1];
}

/* The name becomes part of a web address. */
static void read_intake_name(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    const char *name;
    if (!read_name(r, node, &name))
        return;
    if (strpbrk(name, "@+") || name[0] == '.')
        read_wrong(r, node, "letters, digits, '-' and '_' (it is part of the address)", "crm");
    else
        intake->name = name;
}

static void read_secret_key(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    (void)config_read_secret(r, node, &intake->secret); /* the problem is told */
}

static void read_before(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    (void)config_read_secret(r, node, &intake->before); /* the problem is told */
}

static void read_verify(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    int index;
    if (read_word(r, node, verify_words, &index))
        intake->verify = (enum intake_verify)(index + 1);
}

#define HEADER_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
enum { HEADER_CHARS = 60 };

static void read_header(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    const char *name;
    if (!read_text(r, node, &name))
        return;
    size_t length = strspn(name, HEADER_LETTERS "0123456789-_");
    if (!strchr(HEADER_LETTERS, *name) || name[length] || length > HEADER_CHARS)
        read_wrong(r, node, "the name of a header", HEADER_DEFAULT);
    else
        intake->header = name;
}

static void read_url(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    const char *url;
    if (!read_text(r, node, &url))
        return;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        read_wrong(r, node, "the whole address, as the sender has it",
                   "https://hooks.example.com/in/hubspot");
    else
        intake->url = url;
}

static void read_map_of(struct reading *r, const struct node *node, void *into)
{
    ((struct config_intake *)into)->map = map_read(r, node); /* NULL: the problem is told */
}

static void read_map_file(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    if (read_text(r, node, &intake->map_file.path))
        intake->map_file.place = read_place(r, node);
}

#define AT(member) offsetof(struct config_intake, member)

static const struct key intake_keys[] = {
    {.name = "name",
     .type = KEY_OTHER,
     .required = true,
     .read = read_intake_name,
     .form = FORM_INTAKE_NAME,
     .example = "crm",
     .help = "the last part of its address, /v1/intake/NAME"},
    {.name = "kind",
     .type = KEY_WORD,
     .required = true,
     .at = AT(kind),
     .words = kind_words,
     .example = "cloudevents",
     .help = "what the sender speaks"},
    {.name = "secret",
     .type = KEY_OTHER,
     .read = read_secret_key,
     .form = FORM_SECRET,
     .example = "credential:crm-secret",
     .help = "what the sender signs with; required unless the listener is loopback only"},
    {.name = "old_secret",
     .type = KEY_OTHER,
     .read = read_before,
     .form = FORM_SECRET,
     .example = "credential:crm-secret-old",
     .help = "while the secret is being changed: the one before, which is taken as well"},
    {.name = "verify",
     .type = KEY_OTHER,
     .words = verify_words,
     .read = read_verify,
     .preset = "what the kind does",
     .example = "standard-webhooks",
     .help = "how the sender proves itself, where its kind has several ways (docs/crm.md)"},
    {.name = "header",
     .type = KEY_OTHER,
     .read = read_header,
     .form = FORM_HEADER,
     .preset = HEADER_DEFAULT,
     .example = "x-gritd-secret",
     .help = "with 'verify: header', the header that holds the secret"},
    {.name = "url",
     .type = KEY_OTHER,
     .read = read_url,
     .form = FORM_URL,
     .example = "https://hooks.example.com/in/hubspot",
     .help = "what the sender calls, byte for byte, where a proxy makes another path of it"},
    {.name = "account",
     .type = KEY_TEXT,
     .at = AT(account),
     .example = "00D5g000008abcDEAQ",
     .help = "the sender's account, where that is part of its proof"},
    {.name = "poll",
     .type = KEY_OTHER,
     .read = config_read_poll,
     .block = &config_poll_block,
     .help = "what the CRM is asked for, beside what it tells by itself"},
    {.name = "read_back",
     .type = KEY_OTHER,
     .read = config_read_read_back,
     .block = &config_read_back_block,
     .help = "HubSpot, Dataverse, Zoho: how to read the record of which the CRM tells too little"},
    {.name = "map",
     .type = KEY_OTHER,
     .read = read_map_of,
     .block = &map_block,
     .holds = HOLDS_LIST,
     .min = 1,
     .help = "generic: what any JSON becomes"},
    {.name = "map_file",
     .type = KEY_OTHER,
     .read = read_map_file,
     .form = FORM_PATH,
     .example = "tickets.map.yaml",
     .help = "generic: the same in a file of its own, with 'map:' at its top"},
};

const struct block config_intake_block = BLOCK("intake", intake_keys, "name, kind, secret, verify");

/* All ways of a kind, for people. */
static const char *ways_of(struct reading *r, enum intake_kind kind)
{
    const char *text = NULL;
    for (int i = 1; i < VERIFY_WAYS; i++) {
        if (ways[kind].ways & 1U << i)
            text = text ? arena_printf(r->arena, "%s, %s", text, verify_words[i - 1])
                        : verify_words[i - 1];
    }
    return text;
}

static void check_verify(struct reading *r, const struct node *node, struct config_intake *intake)
{
    const struct node *verify = node_get(node, "verify"), *header = node_get(node, "header");
    if (intake->verify != VERIFY_DEFAULT && !(ways[intake->kind].ways & 1U << intake->verify))
        read_error_at(r, read_key_place(r, verify), "wrong-value",
                      "%s cannot prove itself by %s; it can by %s", kind_words[intake->kind],
                      verify_words[intake->verify - 1], ways_of(r, intake->kind));
    else if (intake->verify == VERIFY_DEFAULT && intake->secret.kind != SECRET_NONE)
        intake->verify = ways[intake->kind].first;
    if (header && intake->verify != VERIFY_HEADER)
        problem_warning(r->problems, read_key_place(r, header), "unused-key",
                        "'header' is only for 'verify: header'");
    if (!intake->header)
        intake->header = HEADER_DEFAULT;
}

static void check_map(struct reading *r, const struct node *node,
                      const struct config_intake *intake)
{
    const struct node *map = node_get(node, "map"), *file = node_get(node, "map_file");
    if ((map || file) && intake->kind != INTAKE_GENERIC)
        problem_warning(r->problems, read_key_place(r, map ? map : file), "unused-key",
                        "'map' is only for 'kind: generic'");
    else if (map && file)
        read_error_at(r, read_key_place(r, file), "wrong-value",
                      "'map' and 'map_file' do not go together");
}

static void read_intake(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    struct config_intake *intake = &config->intakes[config->intake_count];
    int errors = r->errors;
    intake->place = read_place(r, node);
    read_map(r, node, &config_intake_block, intake);
    if (r->errors == errors)
        check_verify(r, node, intake);
    if (r->errors == errors)
        config_check_poll(r, node, intake);
    if (r->errors == errors)
        check_map(r, node, intake);
    for (int i = 0; i < config->intake_count; i++) {
        if (intake->name && str_eq(config->intakes[i].name, intake->name))
            read_error(r, node, "duplicate-id",
                       "the intake '%s' stands here a second time; the "
                       "first is at %d:%d",
                       intake->name, config->intakes[i].place.line, config->intakes[i].place.col);
    }
    if (r->errors == errors)
        config->intake_count++;
    else
        *intake = (struct config_intake){0};
}

void config_read_intakes(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of sources", "[{name: crm, kind: cloudevents}]");
        return;
    }
    config->intakes = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*config->intakes));
    read_each(r, node, read_intake, config);
}

static bool signs_address(const struct config_intake *intake)
{
    return intake->secret.kind != SECRET_NONE &&
           (intake->verify == VERIFY_HUBSPOT_V3 || intake->verify == VERIFY_HUBSPOT_V2);
}

/* What depends on keys elsewhere in the file. */
void config_check_intakes(struct reading *r, struct config *config)
{
    for (int i = 0; i < config->intake_count; i++) {
        const struct config_intake *intake = &config->intakes[i];
        if (intake->secret.kind == SECRET_NONE && !config->listen_loopback)
            read_error_at(r, intake->place, "missing-key",
                          "the intake '%s' needs 'secret' because the listener (%s) can be reached "
                          "from other machines",
                          intake->name, config->listen_host);
        if (signs_address(intake) && !config->public_url && !intake->url)
            problem_warning(r->problems, intake->place, "missing-key",
                            "hubspot signs the address it sends to; set 'public_url'");
    }
}
