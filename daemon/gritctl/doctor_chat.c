/* The chat platform: whether it can be reached, and takes the tokens. Nothing is written there. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/doctor.h"
#include "io/probe.h"
#include "wire/chat.h"
#include "wire/chat_slack_errors.h"

enum { VALUES_MAX = 32, CLOCK_MOST_S = 120 };

/* One request that tells whether a token is good. */
struct ask {
    const char *platform, *url, *token; /* options */
    const char *path, *method, *keep;
    const char *scopes; /* that must be among those of the header `keep`, with commas */
};

static const struct ask questions[] = {
    {"slack", "api_url", "bot_token", "auth.test", "POST", "x-oauth-scopes",
     "chat:write,im:history,im:write,users:read,users:read.email"},
    {"slack", "api_url", "app_token", "apps.connections.open", "POST", NULL, NULL},
    {"mattermost", "url", "token", "api/v4/users/me", "GET", NULL, NULL},
    {"xmpp", "url", NULL, NULL, "GET", NULL, NULL},
};

/* --- the options, secrets resolved --- */

struct values {
    struct doctor *doctor;
    char *owned[VALUES_MAX];
    int count;
    bool missing; /* a secret: told already, or only the service has it */
};

static const char *value_of(void *user, const char *key)
{
    struct values *values = user;
    const struct config_option *option = config_option(values->doctor->config, key);
    struct err err;
    char *secret = NULL;
    if (!option || option->secret.kind == SECRET_NONE || values->count == VALUES_MAX)
        return option ? option->value : NULL;
    if (setup_secret(values->doctor->setup, &option->secret, &err, &secret)) {
        values->missing = true;
        return "-";
    }
    values->owned[values->count++] = secret;
    return secret;
}

static void forget(struct values *values)
{
    for (int i = 0; i < values->count; i++) {
        explicit_bzero(values->owned[i], strlen(values->owned[i]));
        free(values->owned[i]);
    }
}

/* --- answers --- */

static const enum fault faults[] = {
    [PROBE_BAD_URL] = FAULT_CONFIG_WRONG, [PROBE_NO_HOST] = FAULT_HOST_UNKNOWN,
    [PROBE_REFUSED] = FAULT_HOST_REFUSED, [PROBE_SILENT] = FAULT_HOST_SILENT,
    [PROBE_PROXY] = FAULT_PROXY,          [PROBE_CA_FILE] = FAULT_CA_FILE,
    [PROBE_CA] = FAULT_CA_UNKNOWN,        [PROBE_EXPIRED] = FAULT_CERT_EXPIRED,
    [PROBE_WRONG_HOST] = FAULT_CERT_HOST, [PROBE_TLS] = FAULT_TLS,
    [PROBE_BROKEN] = FAULT_HOST_REFUSED,
};

static const struct {
    const char *error;
    enum fault fault;
} slack_faults[] = {
    {"invalid_auth", FAULT_TOKEN_WRONG},          {"not_authed", FAULT_TOKEN_WRONG},
    {"token_revoked", FAULT_TOKEN_REVOKED},       {"token_expired", FAULT_TOKEN_REVOKED},
    {"account_inactive", FAULT_TOKEN_REVOKED},    {"missing_scope", FAULT_SCOPE_MISSING},
    {"not_allowed_token_type", FAULT_TOKEN_KIND},
};

static void judge_slack(struct doctor *doctor, const struct ask *asked, const char *error,
                        const char *needed)
{
    enum fault fault = FAULT_CHAT_REFUSED;
    for (size_t i = 0; i < ARRAY_LEN(slack_faults); i++) {
        if (str_eq(slack_faults[i].error, error))
            fault = slack_faults[i].fault;
    }
    doctor_found(doctor, fault, "Slack refuses slack.%s: %s%s%s: %s", asked->token, error,
                 needed ? ", needed: " : "", needed ? needed : "", slack_error_todo(error));
}

/* Whether a list with commas holds the word. */
static bool list_has(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at;) {
        size_t size = strcspn(at, ", ");
        if (size == length && !strncmp(at, word, length))
            return true;
        at += size;
        at += strspn(at, ", ");
    }
    return false;
}

static void look_at_scopes(struct doctor *doctor, const struct ask *asked, const char *granted)
{
    for (const char *at = asked->scopes; at && *at && *granted;) {
        size_t length = strcspn(at, ",");
        if (!list_has(granted, at, length))
            doctor_found(doctor, FAULT_SCOPE_MISSING, "slack.%s has not the scope %.*s",
                         asked->token, (int)length, at);
        at += length + (at[length] == ',');
    }
}

static void judge(struct doctor *doctor, const struct ask *asked, const struct probe_result *result)
{
    json_t *answer = json_loads(strbuf_text(&result->body), 0, NULL);
    const char *error = json_string_value(json_object_get(answer, "error"));
    if (str_eq(asked->platform, "slack") && error)
        judge_slack(doctor, asked, error, json_string_value(json_object_get(answer, "needed")));
    else if (result->status == 401)
        doctor_found(doctor, FAULT_TOKEN_WRONG, "%s does not know %s.%s", asked->platform,
                     asked->platform, asked->token);
    else if (result->status && result->status != 200)
        doctor_found(doctor, FAULT_CHAT_REFUSED, "%s answers %s with status %ld", asked->platform,
                     asked->path, result->status);
    else
        look_at_scopes(doctor, asked, result->kept);
    json_decref(answer);
}

/* Told once: the next answer says the same. */
static void look_at_clock(struct doctor *doctor, const char *who, msec_t date, msec_t asked)
{
    long long off = date == MSEC_NONE ? 0 : (long long)(asked - date) / 1000;
    for (size_t i = 0; i < doctor->count; i++) {
        if (doctor->list[i].fault == FAULT_CLOCK)
            return;
    }
    if (llabs(off) <= CLOCK_MOST_S)
        return;
    char length[MSEC_TEXT_BYTES];
    doctor_found(doctor, FAULT_CLOCK,
                 "the clock of this machine is %s %s compared with %s; signatures and tokens fail "
                 "by that",
                 msec_format_length(llabs(off) * 1000, length), off > 0 ? "ahead" : "behind", who);
}

/* False: the address does not answer, and the next question would not be answered either. */
static bool ask(struct doctor *doctor, const struct ask *asked, const char *base, const char *token)
{
    struct strbuf url = {0};
    struct probe_result result;
    size_t length = strlen(base);
    bool slash = asked->path && length && base[length - 1] != '/';
    strbuf_printf(&url, "%s%s%s", base, slash ? "/" : "", asked->path ? asked->path : "");
    probe_run(&(struct probe_request){.url = strbuf_text(&url),
                                      .method = asked->method,
                                      .bearer = token,
                                      .keep = asked->keep,
                                      .wait_ms = call_number(doctor->call, "wait", 0)},
              &result);
    bool answered = result.cause == PROBE_ANSWERED;
    if (answered) {
        struct timespec now;
        (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
        look_at_clock(doctor, asked->platform, result.date, (msec_t)now.tv_sec * MSEC_SECOND);
        judge(doctor, asked, &result);
    } else {
        doctor_found(doctor, faults[result.cause], "%s.%s %s: %s", asked->platform, asked->url,
                     base, result.error);
    }
    probe_done(&result);
    strbuf_done(&url);
    return answered;
}

static const char *named(const struct chat_platform *platform, const char *const *list,
                         const char *key)
{
    int row = key ? chat_option_find(platform, key) : -1;
    return row < 0 ? NULL : list[row];
}

/* The platform's own look at its options: nothing is connected by it. */
static bool options_good(struct doctor *doctor, const struct chat_platform *platform,
                         const char *const *list)
{
    const struct chat_setup setup = {.values = list};
    struct err err = {0};
    void *state = NULL;
    if (!platform->state_new(&setup, &err, &state)) {
        platform->state_free(state);
        return true;
    }
    doctor_found(doctor, strstr(err.text, "wrong kind") ? FAULT_TOKEN_KIND : FAULT_CONFIG_WRONG,
                 "chat.%s: %s", platform->name, err.text);
    return false;
}

void doctor_chat(struct doctor *doctor)
{
    const struct chat_platform *platform = chat_platform_find(doctor->config->platform);
    struct values values = {.doctor = doctor};
    const char *list[VALUES_MAX] = {NULL};
    struct err err = {0};
    if (!platform || platform->transport == CHAT_SERVER)
        return;
    if (chat_options_resolve(platform, value_of, &values, &err, list)) {
        doctor_found(doctor, FAULT_CONFIG_WRONG, "%s: %s", doctor->setup->path, err.text);
    } else if (!values.missing && options_good(doctor, platform, list)) {
        bool reached = true;
        for (size_t i = 0; i < ARRAY_LEN(questions) && reached; i++) {
            if (str_eq(questions[i].platform, platform->name))
                reached = ask(doctor, &questions[i], named(platform, list, questions[i].url),
                              named(platform, list, questions[i].token));
        }
    }
    forget(&values);
}
