/* config.h: gritd.yaml as a checked struct.
 * Layer: load (pure). Lifetime: process; a reload reads a new one. Everything a config points to is
 * owned by its arena. Paths are as written: relative ones are relative to the file that names them.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/remap.h"
#include "core/rule.h"

/* Where a secret is kept; the loader never sees the secret itself. */
enum secret_kind { SECRET_NONE, SECRET_CREDENTIAL, SECRET_FILE, SECRET_ENV };

struct secret {
    enum secret_kind kind; /* SECRET_NONE: none was given */
    const char *name;      /* of the credential or the variable, or the path */
};

/* One option of the chosen chat platform. */
struct config_option {
    const char *key;
    const char *value;    /* as written; for secrets "credential:NAME", "file:PATH" or "env:NAME" */
    struct secret secret; /* kind is SECRET_NONE for options that are not secret */
    struct source_place place;
};

enum store_kind { STORE_SQLITE, STORE_POSTGRES };

enum intake_kind {
    INTAKE_CLOUDEVENTS,
    INTAKE_HUBSPOT,
    INTAKE_SALESFORCE,
    INTAKE_PIPEDRIVE,
    INTAKE_CLOSE,
    INTAKE_DATAVERSE,
    INTAKE_ZOHO,
    INTAKE_GENERIC,
};

enum intake_verify {
    VERIFY_DEFAULT, /* the first of its kind */
    VERIFY_STANDARD_WEBHOOKS,
    VERIFY_HMAC_SHA256,
    VERIFY_BEARER,
    VERIFY_BASIC,
    VERIFY_HEADER,
    VERIFY_HUBSPOT_V3,
    VERIFY_HUBSPOT_V2,
    VERIFY_HUBSPOT_V1,
    VERIFY_CLOSE,
    VERIFY_BODY_TOKEN,
    VERIFY_ORGANISATION,
    VERIFY_WAYS,
};

struct config_path {
    const char *path;
    struct source_place place;
};

/* What the CRM is asked for. */
struct config_poll {
    bool given;
    const char *url, *client, *user, *currency; /* all but url may be NULL */
    struct secret secret;
    msec_t every, since;
    struct source_place place;
};

/* What is read back of a record of which too little was told. */
struct config_read_back {
    bool given;
    const char *url, *sign_in, *client, *tenant; /* all may be NULL */
    struct secret secret, refresh;               /* refresh: SECRET_NONE where there is none */
    struct source_place place;
};

struct config_intake {
    const char *name; /* part of the URL: /v1/intake/NAME */
    enum intake_kind kind;
    enum intake_verify verify;
    struct secret secret; /* SECRET_NONE only where the listener is loopback */
    struct secret before; /* the secret until lately: still taken; or SECRET_NONE */
    const char *header;   /* VERIFY_HEADER: the one that holds the secret */
    const char *url;      /* what the sender calls, where it is not public_url + path; or NULL */
    const char *account;  /* whose data it must be, or NULL */
    struct config_poll poll;
    struct config_read_back read_back;
    const struct remap *map;     /* or NULL */
    struct config_path map_file; /* where it stands in a file of its own; path NULL: it does not */
    struct source_place place;
};

/* "hubspot"; "hubspot-v3", NULL for VERIFY_DEFAULT. */
const char *config_intake_kind(enum intake_kind kind);
const char *config_intake_verify(enum intake_verify verify);

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };
enum log_format { LOG_AUTO, LOG_JOURNAL, LOG_JSON, LOG_TEXT };

/* inputs: {PLUGIN: {NAME: VALUE}}; applied and checked by load_book. */
struct config_input {
    const char *plugin, *name, *value;
    bool quoted;
    struct source_place plugin_place, name_place, place;
};

struct config {
    struct arena arena;
    const char *file; /* the path it was read from */

    const char *platform; /* "local" when no chat: block was given */
    struct source_place platform_place;
    struct config_option *options; /* of that platform, in the order of the file */
    int option_count;

    struct config_path people, pipeline; /* path NULL: not given */
    struct config_path *plugins;         /* folders or files */
    int plugin_count;
    struct config_path *holidays;
    int holiday_count;
    struct config_path *words;
    int word_count;

    enum store_kind store_kind;
    const char *store; /* what stands after "sqlite:" or "postgres:" */

    const char *listen_host; /* "127.0.0.1", "::1", a name; without brackets */
    int listen_port;         /* 0: the system picks one */
    bool listen_loopback;

    struct config_intake *intakes;
    int intake_count;
    const char *public_url; /* or NULL; never ends in "/" */

    struct limits limits;
    const char *purpose;    /* or NULL */
    const char *controller; /* or NULL */
    int answers;            /* 0: words of answers are stored; 1: they are not */
    struct organisation organisation;
    bool introduction; /* gritd says who it is before its first message to somebody */
    bool has_seed;
    uint64_t seed;
    enum log_level log_level;
    enum log_format log_format;

    struct config_input *inputs;
    int input_count;
};

void config_free(struct config *config); /* accepts NULL */

/* The option of the chosen platform, or NULL. */
const struct config_option *config_option(const struct config *config, const char *key);

/* Splits "credential:NAME" and its sisters. Errors: false where text is none of them. */
bool secret_parse(const char *text, struct secret *ret);
