/* What an intake asks for by itself: `poll:` and `read_back:`. */
#include <stddef.h>
#include <string.h>

#include "load/load_config.h"

enum { CURRENCY_CHARS = 3 };

#define EVERY_LEAST MSEC_SECOND
#define EVERY_MOST  MSEC_DAY
#define SINCE_MOST  (365 * MSEC_DAY)

/* What each kind needs and what holds unless it is told; by enum intake_kind. */
static const struct row {
    const char *url; /* NULL: it has to be said */
    msec_t every;    /* 0: this kind cannot be asked */
    bool signs_in;   /* client_id is needed */
    bool user;
} rows[] = {
    [INTAKE_CLOUDEVENTS] = {NULL, 0, false, false},
    [INTAKE_HUBSPOT] = {"https://api.hubapi.com", MSEC_MINUTE, true, false},
    [INTAKE_SALESFORCE] = {"https://login.salesforce.com", 2 * MSEC_MINUTE, true, true},
    [INTAKE_PIPEDRIVE] = {NULL, MSEC_HOUR, false, false},
    [INTAKE_CLOSE] = {"https://api.close.com", MSEC_HOUR, false, false},
    [INTAKE_DATAVERSE] = {NULL, 0, false, false},
    [INTAKE_ZOHO] = {NULL, 0, false, false},
    [INTAKE_GENERIC] = {NULL, 0, false, false},
};

static const char *read_address(struct reading *r, const struct node *node)
{
    const char *text;
    if (!read_text(r, node, &text))
        return NULL;
    if ((!str_starts(text, "https://") && !str_starts(text, "http://")) ||
        strpbrk(text, " ?#@\\")) {
        read_wrong(r, node, "a web address without user, query or mark",
                   "https://example.pipedrive.com");
        return NULL;
    }
    config_check_url(r, node);
    size_t length = strlen(text);
    while (length && text[length - 1] == '/')
        length--;
    return arena_strndup(r->arena, text, length);
}

static void read_poll_url(struct reading *r, const struct node *node, void *into)
{
    ((struct config_poll *)into)->url = read_address(r, node);
}

static void read_poll_secret(struct reading *r, const struct node *node, void *into)
{
    (void)config_read_secret(r, node, &((struct config_poll *)into)->secret); /* told */
}

static void read_currency(struct reading *r, const struct node *node, void *into)
{
    const char *text;
    if (!read_text(r, node, &text))
        return;
    if (strlen(text) != CURRENCY_CHARS || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        read_wrong(r, node, "three capital letters", "EUR");
    else
        ((struct config_poll *)into)->currency = text;
}

#define AT(member) offsetof(struct config_poll, member)

static const struct key poll_keys[] = {
    {.name = "secret",
     .type = KEY_OTHER,
     .required = true,
     .read = read_poll_secret,
     .form = FORM_SECRET,
     .example = "credential:crm-key",
     .help = "Salesforce: the private key (PEM) of the connected app; HubSpot: the client secret; "
             "Pipedrive: an API token; Close: an API key"},
    {.name = "url",
     .type = KEY_OTHER,
     .read = read_poll_url,
     .form = FORM_URL,
     .preset = "the CRM's own",
     .example = "https://example.my.salesforce.com",
     .help = "Where to sign in or to ask; needed for Pipedrive, whose address has the company in "
             "it"},
    {.name = "client_id",
     .type = KEY_TEXT,
     .at = AT(client),
     .example = "3MVG9example",
     .help = "Salesforce: the consumer key; HubSpot: the client id; the others have none"},
    {.name = "user",
     .type = KEY_TEXT,
     .at = AT(user),
     .example = "gritd@example.com",
     .help = "Salesforce: the user whose rights hold"},
    {.name = "every",
     .type = KEY_LENGTH,
     .at = AT(every),
     .preset = "2m Salesforce, 1m HubSpot, 1h the others",
     .example = "5m",
     .help = "How often it is asked"},
    {.name = "since",
     .type = KEY_LENGTH,
     .at = AT(since),
     .preset = "30d",
     .example = "7d",
     .help = "How far back the first time looks; rules speak of the last day only"},
    {.name = "currency",
     .type = KEY_OTHER,
     .read = read_currency,
     .form = FORM_CURRENCY,
     .example = "EUR",
     .help = "Of amounts that come without one, as in Salesforce"},
};

const struct block config_poll_block =
    BLOCK("a poll", poll_keys, "what the CRM is asked for, beside what it tells by itself");

static void check_given(struct reading *r, const struct node *node, const struct config_intake *in,
                        const char *key, bool wanted)
{
    const struct node *there = node_get(node, key);
    const char *kind = config_intake_kind(in->kind);
    if (wanted && !there)
        read_error(r, node, "missing-key", "to ask %s needs '%s'", kind, key);
    else if (!wanted && there)
        problem_warning(r->problems, read_key_place(r, there), "unused-key",
                        "%s has no '%s'; it means nothing here", kind, key);
}

static void check_range(struct reading *r, const struct node *node, const char *key, msec_t value,
                        msec_t least, msec_t most)
{
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES];
    const struct node *there = node_get(node, key);
    if (there && (value < least || value > most))
        read_error(r, there, "wrong-value", "'%s' must be from %s to %s", key,
                   msec_format_length(least, from), msec_format_length(most, to));
}

/* --- reading back --- */

/* What each kind needs, by enum intake_kind; the others cannot be read back. */
static const struct back_row {
    bool reads;
    const char *url;     /* NULL: it has to be said, or signing in tells it */
    const char *sign_in; /* NULL: there is nowhere to sign in */
    bool tells_url;      /* where it signs in */
    bool tenant, refresh;
} back_rows[] = {
    [INTAKE_HUBSPOT] = {.reads = true, .url = "https://api.hubapi.com"},
    [INTAKE_DATAVERSE] = {.reads = true,
                          .sign_in = "https://login.microsoftonline.com",
                          .tenant = true},
    [INTAKE_ZOHO] = {.reads = true,
                     .sign_in = "https://accounts.zoho.com",
                     .tells_url = true,
                     .refresh = true},
    [INTAKE_GENERIC] = {.reads = false}, /* the last one */
};

static void read_back_url(struct reading *r, const struct node *node, void *into)
{
    ((struct config_read_back *)into)->url = read_address(r, node);
}

static void read_back_sign_in(struct reading *r, const struct node *node, void *into)
{
    ((struct config_read_back *)into)->sign_in = read_address(r, node);
}

static void read_back_secret(struct reading *r, const struct node *node, void *into)
{
    (void)config_read_secret(r, node, &((struct config_read_back *)into)->secret); /* told */
}

static void read_back_refresh(struct reading *r, const struct node *node, void *into)
{
    (void)config_read_secret(r, node, &((struct config_read_back *)into)->refresh); /* told */
}

#undef AT
#define AT(member) offsetof(struct config_read_back, member)

static const struct key read_back_keys[] = {
    {.name = "secret",
     .type = KEY_OTHER,
     .required = true,
     .read = read_back_secret,
     .form = FORM_SECRET,
     .example = "credential:hubspot-token",
     .help = "HubSpot: the access token of a private app; Zoho, Dataverse: the client secret"},
    {.name = "client_id",
     .type = KEY_TEXT,
     .at = AT(client),
     .example = "1000.EXAMPLE",
     .help = "Zoho, Dataverse: the client id; HubSpot has none"},
    {.name = "tenant",
     .type = KEY_TEXT,
     .at = AT(tenant),
     .example = "example.onmicrosoft.com",
     .help = "Dataverse: the directory that the application belongs to, by name or id"},
    {.name = "refresh_token",
     .type = KEY_OTHER,
     .read = read_back_refresh,
     .form = FORM_SECRET,
     .example = "credential:zoho-refresh",
     .help = "Zoho: the refresh token of that client"},
    {.name = "url",
     .type = KEY_OTHER,
     .read = read_back_url,
     .form = FORM_URL,
     .preset = "the CRM's own",
     .example = "https://api.hubapi.com",
     .help = "Where to read; needed for Dataverse, whose address has the organisation in it; Zoho "
             "tells it by itself"},
    {.name = "sign_in",
     .type = KEY_OTHER,
     .read = read_back_sign_in,
     .form = FORM_URL,
     .preset = "the CRM's own",
     .example = "https://accounts.zoho.eu",
     .help = "Where to sign in: Zoho has an address for each region, Dataverse one for some "
             "governments"},
};

const struct block config_read_back_block =
    BLOCK("reading back", read_back_keys, "the record itself, after a CRM told too little of it");

void config_read_read_back(struct reading *r, const struct node *node, void *into)
{
    struct config_read_back *back = &((struct config_intake *)into)->read_back;
    back->given = true;
    read_map(r, node, &config_read_back_block, back);
}

static void check_back_key(struct reading *r, const struct node *node, const char *kind,
                           const char *key, bool wanted, bool may)
{
    const struct node *there = node_get(node, key);
    if (wanted && !there)
        read_error(r, node, "missing-key", "to read %s back needs '%s'", kind, key);
    else if (!wanted && !may && there)
        problem_warning(r->problems, read_key_place(r, there), "unused-key",
                        "%s has no '%s'; it means nothing here", kind, key);
}

static void check_read_back(struct reading *r, const struct node *node, struct config_intake *in)
{
    const struct node *there = node_get(node, "read_back");
    const struct back_row *row = &back_rows[in->kind];
    const char *kind = config_intake_kind(in->kind);
    if (!there || there->kind != NODE_MAP)
        return;
    if (!row->reads) {
        read_error_at(r, read_key_place(r, there), "unknown-key",
                      "%s cannot be read back; hubspot, dataverse and zoho can", kind);
        return;
    }
    check_back_key(r, there, kind, "client_id", row->sign_in, false);
    check_back_key(r, there, kind, "refresh_token", row->refresh, false);
    check_back_key(r, there, kind, "tenant", row->tenant, false);
    check_back_key(r, there, kind, "url", !row->url && !row->tells_url, !row->tells_url);
    check_back_key(r, there, kind, "sign_in", false, row->sign_in);
    in->read_back.url = in->read_back.url ? in->read_back.url : row->url;
    in->read_back.sign_in = in->read_back.sign_in ? in->read_back.sign_in : row->sign_in;
    in->read_back.place = read_key_place(r, there);
}

/* --- both --- */

/* After the whole intake was read: what is needed depends on its kind. */
void config_check_poll(struct reading *r, const struct node *node, struct config_intake *in)
{
    const struct node *there = node_get(node, "poll");
    const struct row *row = &rows[in->kind];
    struct config_poll *poll = &in->poll;
    check_read_back(r, node, in);
    if (!there || there->kind != NODE_MAP)
        return;
    if (!row->every) {
        read_error_at(r, read_key_place(r, there), "unknown-key",
                      "%s cannot be asked; hubspot, salesforce, pipedrive and close can",
                      config_intake_kind(in->kind));
        return;
    }
    check_given(r, there, in, "client_id", row->signs_in);
    check_given(r, there, in, "user", row->user);
    if (!row->url)
        check_given(r, there, in, "url", true);
    check_range(r, there, "every", poll->every, EVERY_LEAST, EVERY_MOST);
    check_range(r, there, "since", poll->since, 0, SINCE_MOST);
    poll->given = true;
    poll->place = read_key_place(r, there);
    poll->url = poll->url ? poll->url : row->url;
    poll->every = poll->every ? poll->every : row->every;
    poll->since = node_get(there, "since") ? poll->since : 30 * MSEC_DAY;
}

void config_read_poll(struct reading *r, const struct node *node, void *into)
{
    read_map(r, node, &config_poll_block, &((struct config_intake *)into)->poll);
}
