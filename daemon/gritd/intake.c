/* Events in over HTTP: whose they are, what they say, and 202 only once they are durable. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "gritd/daemon.h"
#include "gritd/quotas.h"
#include "io/log.h"
#include "wire/cloudevents.h"
#include "wire/generic.h"
#include "wire/verify.h"

struct intake {
    const char *name;
    enum intake_kind kind;
    const struct verify_scheme *scheme; /* NULL: nothing to prove, loopback only */
    char *secret;
};

struct intakes {
    struct intake *list;
    int count;
    bool loopback; /* of the listener */
    char *public_url;
};

void intakes_free(struct intakes *intakes)
{
    if (!intakes)
        return;
    for (int i = 0; i < intakes->count; i++) {
        if (intakes->list[i].secret)
            explicit_bzero(intakes->list[i].secret, strlen(intakes->list[i].secret));
        free(intakes->list[i].secret);
    }
    free(intakes->list);
    free(intakes->public_url);
    free(intakes);
}

static const char *scheme_name(const struct config_intake *intake)
{
    static const char *const names[] = {[VERIFY_DEFAULT] = "standard-webhooks",
                                        [VERIFY_STANDARD_WEBHOOKS] = "standard-webhooks",
                                        [VERIFY_HMAC_SHA256] = "hmac-sha256",
                                        [VERIFY_BEARER] = "bearer"};
    return names[intake->verify];
}

static int open_one(const struct setup *setup, const struct config_intake *from, struct intake *to,
                    struct err *err)
{
    struct err why;
    to->name = from->name;
    to->kind = from->kind;
    if (from->kind != INTAKE_CLOUDEVENTS && from->kind != INTAKE_GENERIC)
        return err_set(err, EINVAL,
                       "%s:%d:%d: intake '%s': this kind of source is not supported yet",
                       from->place.file, from->place.line, from->place.col, from->name);
    if (from->secret.kind == SECRET_NONE)
        return 0;
    to->scheme = verify_find(scheme_name(from));
    int status = setup_secret(setup, &from->secret, &why, &to->secret);
    if (!status)
        status = verify_secret(to->scheme, to->secret, &why);
    if (status)
        return err_set(err, EINVAL, "%s:%d:%d: intake '%s': %s", from->place.file, from->place.line,
                       from->place.col, from->name, why.text);
    return 0;
}

int intakes_open(struct daemon *daemon, const struct setup *setup, struct err *err,
                 struct intakes **ret)
{
    const struct config *config = setup->config;
    struct intakes *intakes = NEW(struct intakes);
    (void)daemon;
    intakes->list = NEW_ARRAY(struct intake, (size_t)config->intake_count);
    intakes->loopback = config->listen_loopback;
    intakes->public_url = xstrdup(config->public_url);
    for (int i = 0; i < config->intake_count; i++) {
        intakes->count++;
        int status = open_one(setup, &config->intakes[i], &intakes->list[i], err);
        if (status) {
            intakes_free(intakes);
            return status;
        }
    }
    *ret = intakes;
    return 0;
}

/* --- proving --- */

static const char *const signed_headers[] = {"webhook-id", "webhook-timestamp", "webhook-signature",
                                             "x-hub-signature-256", "authorization"};

static bool proves(const struct daemon *daemon, const struct intake *intake,
                   struct httpd_request *request, struct err *err)
{
    struct wire_header list[ARRAY_LEN(signed_headers)];
    struct strbuf uri = {0};
    size_t count = 0;
    if (!intake->scheme)
        return daemon->intakes->loopback;
    for (size_t i = 0; i < ARRAY_LEN(signed_headers); i++) {
        const char *value = httpd_header(request, signed_headers[i]);
        if (value)
            list[count++] = (struct wire_header){signed_headers[i], value};
    }
    if (daemon->intakes->public_url)
        strbuf_printf(&uri, "%s%s", daemon->intakes->public_url, request->path);
    struct verify_request verify = {.method = request->method,
                                    .uri = strbuf_text(&uri),
                                    .headers = {list, count},
                                    .body = request->body,
                                    .length = request->body_len,
                                    .now = daemon_now(daemon) - daemon->clock_offset};
    const char *const secrets[] = {intake->secret};
    int status = verify_request(intake->scheme, &verify, secrets, 1, err);
    strbuf_done(&uri);
    return status == 0;
}

/* /v1/events belongs to every cloudevents intake; without any it is open to this machine only. */
static bool may_post(const struct daemon *daemon, struct httpd_request *request, struct err *err)
{
    bool any = false;
    for (int i = 0; i < daemon->intakes->count; i++) {
        const struct intake *intake = &daemon->intakes->list[i];
        if (intake->kind != INTAKE_CLOUDEVENTS || !intake->scheme)
            continue;
        any = true;
        if (proves(daemon, intake, request, err))
            return true;
    }
    if (!any && daemon->intakes->loopback)
        return true;
    if (!any)
        (void)err_set(err, EACCES, "no intake of kind cloudevents is configured");
    return false;
}

/* --- taking --- */

/* One request: answered when the last of its events is durable. */
struct delivery {
    struct daemon *daemon;
    struct httpd_request *request;
    const struct intake *intake; /* NULL: /v1/events */
    struct arena arena;
    int waiting, accepted, repeated;
    int status;
    bool full, read; /* read: all its events were handed over */
};

static void delivery_end(struct delivery *delivery)
{
    char body[96];
    if (!delivery->read || delivery->waiting)
        return;
    if (delivery->full) {
        http_problem(delivery->request, 429, "Over capacity",
                     "more events than the disk can take; send it again in a second");
    } else if (delivery->status) {
        http_problem(delivery->request, 503, "Not stored",
                     "the event could not be made durable; send it again");
    } else {
        (void)snprintf(body, sizeof(body), "{\"accepted\":%d,\"repeated\":%d}", delivery->accepted,
                       delivery->repeated); /* fits */
        httpd_reply(delivery->request, 202, "application/json", body, strlen(body), NULL, 0);
    }
    arena_done(&delivery->arena);
    free(delivery);
}

static void on_durable(void *user, int status)
{
    struct delivery *delivery = user;
    delivery->waiting--;
    if (status)
        delivery->status = status;
    delivery_end(delivery);
}

static int take(void *user, const struct event *event)
{
    struct delivery *delivery = user;
    delivery->waiting++;
    switch (engine_take(delivery->daemon->engine, event, daemon_now(delivery->daemon), on_durable,
                        delivery)) {
    case ENGINE_TAKEN:
        delivery->accepted++;
        return 0;
    case ENGINE_REPEATED:
        delivery->repeated++;
        return 0;
    case ENGINE_FULL:
        delivery->waiting--;
        delivery->full = true;
        return -EBUSY;
    }
    return 0;
}

static int parse_binary(struct delivery *delivery, struct err *err, struct event *event)
{
    static const char *const names[] = {"ce-id",           "ce-source", "ce-type",
                                        "ce-specversion",  "ce-time",   "ce-subject",
                                        "ce-dataschema",   "ce-repid",  "ce-partitionkey",
                                        "ce-recordedtime", "ce-derived"};
    struct wire_header list[ARRAY_LEN(names) + 1];
    struct httpd_request *request = delivery->request;
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *value = httpd_header(request, names[i]);
        if (value)
            list[count++] = (struct wire_header){names[i], value};
    }
    const char *type = httpd_header(request, "content-type");
    if (type)
        list[count++] = (struct wire_header){"content-type", type};
    return cloudevents_parse_binary((struct wire_headers){list, count}, request->body,
                                    request->body_len, &delivery->arena, err, event);
}

static int parse(struct delivery *delivery, struct err *err)
{
    struct httpd_request *request = delivery->request;
    struct event event;
    int status = 0;
    if (delivery->intake && delivery->intake->kind == INTAKE_GENERIC) {
        status = generic_parse(delivery->intake->name, httpd_header(request, "webhook-id"),
                               request->body, request->body_len, &delivery->arena, err, &event);
        if (!status)
            (void)take(delivery, &event); /* being full is kept in the delivery */
        return status;
    }
    switch (cloudevents_mode(httpd_header(request, "content-type"))) {
    case CLOUDEVENTS_BATCH:
        status = cloudevents_parse_batch(request->body, request->body_len, &delivery->arena, err,
                                         take, delivery);
        return delivery->full ? 0 : status;
    case CLOUDEVENTS_STRUCTURED:
        status = cloudevents_parse(request->body, request->body_len, &delivery->arena, err, &event);
        break;
    case CLOUDEVENTS_BINARY:
        status = parse_binary(delivery, err, &event);
        break;
    }
    if (!status)
        (void)take(delivery, &event); /* being full is kept in the delivery */
    return status;
}

static void take_in(struct daemon *daemon, const struct intake *intake,
                    struct httpd_request *request)
{
    struct err err = {0};
    if (daemon->stopping) {
        http_problem(request, 503, "Stopping", "gritd is stopping; send it again");
        return;
    }
    if (intake && !quotas_admit_source(daemon, intake->name, request))
        return;
    struct delivery *delivery = NEW(struct delivery);
    delivery->daemon = daemon;
    delivery->request = request;
    delivery->intake = intake;
    arena_init(&delivery->arena);
    if (parse(delivery, &err)) {
        http_problem(request, 400, "Not an event", "%s", err.text);
        arena_done(&delivery->arena);
        free(delivery);
        return;
    }
    delivery->read = true;
    delivery_end(delivery);
}

static void refuse(struct daemon *daemon, struct httpd_request *request, const struct err *err)
{
    if (!quotas_admit_failure(daemon, request))
        return;
    log_warning("intake", "%s refused: %s", request->path, err->text);
    http_problem(request, 401, "Signature refused", "%s", err->text);
}

void http_events(struct daemon *daemon, struct httpd_request *request)
{
    struct err err = {0};
    if (may_post(daemon, request, &err))
        take_in(daemon, NULL, request);
    else
        refuse(daemon, request, &err);
}

void http_intake(struct daemon *daemon, struct httpd_request *request)
{
    const char *name = request->path + strlen("/v1/intake/");
    struct err err = {0};
    for (int i = 0; i < daemon->intakes->count; i++) {
        if (!str_eq(daemon->intakes->list[i].name, name))
            continue;
        if (proves(daemon, &daemon->intakes->list[i], request, &err))
            take_in(daemon, &daemon->intakes->list[i], request);
        else
            refuse(daemon, request, &err);
        return;
    }
    http_problem(request, 404, "Not found", "no intake is called '%s'", name);
}
