#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_config.h"

static const char *const kind_words[] = {"cloudevents", "hubspot", "salesforce",
                                         "pipedrive",   "close",   "dataverse",
                                         "zoho",        "generic", NULL};
/* VERIFY_DEFAULT has no word */
static const char *const verify_words[] = {"standard-webhooks", "hmac-sha256", "bearer", NULL};

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

static void read_verify(struct reading *r, const struct node *node, void *into)
{
    struct config_intake *intake = into;
    int index;
    if (read_word(r, node, verify_words, &index))
        intake->verify = (enum intake_verify)(index + 1);
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
    {.name = "verify",
     .type = KEY_OTHER,
     .words = verify_words,
     .read = read_verify,
     .preset = "standard-webhooks",
     .example = "standard-webhooks",
     .help = "how cloudevents and generic senders sign"},
};

const struct block config_intake_block = BLOCK("intake", intake_keys, "name, kind, secret, verify");

static void read_intake(struct reading *r, const struct node *node, void *into)
{
    struct config *config = into;
    struct config_intake *intake = &config->intakes[config->intake_count];
    int errors = r->errors;
    intake->place = read_place(r, node);
    read_map(r, node, &config_intake_block, intake);
    bool own = intake->kind == INTAKE_CLOUDEVENTS || intake->kind == INTAKE_GENERIC;
    const struct node *verify = node_get(node, "verify");
    if (verify && !own && r->errors == errors)
        read_error_at(r, read_key_place(r, verify), "unknown-key",
                      "'verify' is for cloudevents and generic; %s has its own way",
                      kind_words[intake->kind]);
    if (own && intake->verify == VERIFY_DEFAULT && intake->secret.kind != SECRET_NONE)
        intake->verify = VERIFY_STANDARD_WEBHOOKS;
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
        if (intake->kind == INTAKE_HUBSPOT && intake->secret.kind != SECRET_NONE &&
            !config->public_url)
            problem_warning(r->problems, intake->place, "missing-key",
                            "hubspot signs the address it sends to; set 'public_url'");
    }
}
