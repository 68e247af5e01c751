/* Events in over HTTP: whose they are, what they say, and an answer only once they are durable.
 * The answer waits for nobody but the disk: some senders wait for five seconds. */
#include "gritd/intake.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "gritd/intake_failed.h"
#include "gritd/intake_watch.h"
#include "gritd/poll.h"
#include "gritd/quotas.h"
#include "gritd/read_back.h"
#include "io/log.h"
#include "wire/form.h"
#include "wire/verify.h"

void intakes_free(struct intakes *intakes)
{
    if (!intakes)
        return;
    for (int i = 0; i < intakes->count; i++) {
        for (size_t k = 0; k < ARRAY_LEN(intakes->list[i].secrets); k++) {
            char *secret = intakes->list[i].secrets[k];
            if (secret)
                explicit_bzero(secret, strlen(secret));
            free(secret);
        }
    }
    free(intakes->list);
    free(intakes->public_url);
    free(intakes);
}

static int open_secret(const struct setup *setup, const struct secret *from, struct intake *to,
                       size_t place, struct err *err)
{
    if (from->kind == SECRET_NONE || !to->scheme)
        return 0;
    int status = setup_secret(setup, from, err, &to->secrets[place]);
    return status ? status : verify_secret(to->scheme, to->secrets[place], err);
}

static int open_one(const struct setup *setup, const struct config_intake *from, struct intake *to,
                    struct err *err)
{
    struct err why;
    to->name = from->name;
    to->header = from->header;
    to->url = from->url;
    to->account = from->account;
    to->map = from->map;
    to->crm = crm_find(config_intake_kind(from->kind));
    if (!to->crm)
        return err_set(err, EINVAL,
                       "%s:%d:%d: intake '%s': this kind of source is not supported yet",
                       from->place.file, from->place.line, from->place.col, from->name);
    if (from->secret.kind != SECRET_NONE)
        to->scheme = verify_find(config_intake_verify(from->verify));
    int status = open_secret(setup, &from->secret, to, 0, &why);
    if (!status)
        status = open_secret(setup, &from->before, to, 1, &why);
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

const struct intake *intake_find(const struct intakes *intakes, const char *name)
{
    for (int i = 0; i < intakes->count; i++) {
        if (str_eq(intakes->list[i].name, name))
            return &intakes->list[i];
    }
    return NULL;
}

/* --- proving --- */

enum { HEADERS_MAX = 24 };

/* Those of the list that the request has, and one more by name. */
static size_t take_headers(struct httpd_request *request, const char *const *names,
                           const char *more, struct wire_header list[HEADERS_MAX])
{
    size_t count = 0;
    for (; names && *names && count < HEADERS_MAX - 1; names++) {
        const char *value = httpd_header(request, *names);
        if (value)
            list[count++] = (struct wire_header){*names, value};
    }
    const char *value = more ? httpd_header(request, more) : NULL;
    if (value)
        list[count++] = (struct wire_header){more, value};
    return count;
}

/* Without a secret this machine itself is the proof; a web page that is open here is not. Browsers
 * name the page in each POST, also in those that need nobody's leave. */
static bool is_own(const struct daemon *daemon, struct httpd_request *request, struct err *err)
{
    const char *origin = httpd_header(request, "origin");
    if (!daemon->intakes->loopback)
        (void)err_set(err, EACCES, "without a secret it takes events of this machine only");
    else if (origin && !form_is_here(origin))
        (void)err_set(err, EACCES, "a web page of another site sent this");
    else
        return true;
    return false;
}

static bool proves(const struct daemon *daemon, const struct intake *intake,
                   struct httpd_request *request, struct err *err)
{
    static const char *const names[] = {"webhook-id",
                                        "webhook-timestamp",
                                        "webhook-signature",
                                        "x-hub-signature-256",
                                        "authorization",
                                        "x-hubspot-signature",
                                        "x-hubspot-signature-version",
                                        "x-hubspot-signature-v3",
                                        "x-hubspot-request-timestamp",
                                        "close-sig-hash",
                                        "close-sig-timestamp",
                                        NULL};
    struct wire_header list[HEADERS_MAX];
    struct strbuf uri = {0};
    if (!intake->scheme)
        return is_own(daemon, request, err);
    if (intake->url)
        strbuf_puts(&uri, intake->url);
    else if (daemon->intakes->public_url)
        strbuf_printf(&uri, "%s%s", daemon->intakes->public_url, request->path);
    struct verify_request verify = {.method = request->method,
                                    .uri = strbuf_text(&uri),
                                    .headers = {list, 0},
                                    .header = intake->header,
                                    .body = request->body,
                                    .length = request->body_len,
                                    .now = daemon_now(daemon) - daemon->clock_offset};
    verify.headers.count = take_headers(request, names, intake->header, list);
    const char *const secrets[] = {intake->secrets[0], intake->secrets[1]};
    int status = verify_request(intake->scheme, &verify, secrets, ARRAY_LEN(secrets), err);
    strbuf_done(&uri);
    return status == 0;
}

/* /v1/events belongs to every cloudevents intake; without any it is open to this machine only. */
static bool may_post(const struct daemon *daemon, struct httpd_request *request, struct err *err)
{
    bool any = false;
    for (int i = 0; i < daemon->intakes->count; i++) {
        const struct intake *intake = &daemon->intakes->list[i];
        if (intake->crm != &crm_cloudevents || !intake->scheme)
            continue;
        any = true;
        if (proves(daemon, intake, request, err))
            return true;
    }
    if (!any && daemon->intakes->loopback)
        return is_own(daemon, request, err);
    if (!any)
        (void)err_set(err, EACCES, "no intake of kind cloudevents is configured");
    return false;
}

/* --- taking --- */

struct wanted {
    struct wanted *next;
    struct crm_want want; /* without its fields */
};

/* One request: answered when the last of its events is durable. */
struct delivery {
    struct daemon *daemon;
    struct httpd_request *request;
    const struct crm *crm;
    struct crm_request asked;
    struct crm_out out;
    struct arena arena;
    struct wire_header headers[HEADERS_MAX];
    struct wanted *wants; /* to be read back */
    int waiting, accepted, repeated;
    int asked_for; /* records of which the source's poll brings what has happened */
    int status;
    bool full, read; /* read: all its events were handed over */
};

static void answer_taken(struct delivery *delivery)
{
    struct strbuf body = {0};
    const char *media = "application/json";
    unsigned status = 0;
    if (delivery->crm->encode_reply)
        status = delivery->crm->encode_reply(&delivery->asked, &body, &media);
    if (!status) {
        status = 202;
        strbuf_printf(&body, "{\"accepted\":%d,\"repeated\":%d", delivery->accepted,
                      delivery->repeated);
        if (delivery->asked_for)
            strbuf_printf(&body, ",\"asked\":%d", delivery->asked_for);
        if (delivery->out.ignored)
            strbuf_printf(&body, ",\"ignored\":%d", delivery->out.ignored);
        strbuf_putc(&body, '}');
    }
    watch_count(delivery->daemon, delivery->asked.intake,
                delivery->accepted || delivery->asked_for ? INTAKE_TAKEN
                : delivery->repeated                      ? INTAKE_REPEATED
                                                          : INTAKE_EMPTY);
    httpd_reply(delivery->request, status, media, strbuf_text(&body), body.len, NULL, 0);
    strbuf_done(&body);
    if (delivery->asked_for)
        polls_told(delivery->daemon->polls, delivery->asked.intake);
}

static void delivery_free(struct delivery *delivery)
{
    arena_done(&delivery->arena);
    free(delivery);
}

static void delivery_end(struct delivery *delivery)
{
    if (!delivery->read || delivery->waiting)
        return;
    if (delivery->full || delivery->status)
        watch_count(delivery->daemon, delivery->asked.intake, INTAKE_BUSY);
    if (delivery->full)
        http_problem(delivery->request, delivery->crm->busy_status, "Over capacity",
                     "more than can be taken now; send it again in a second");
    else if (delivery->status)
        http_problem(delivery->request, 503, "Not stored",
                     "the event could not be made durable; send it again");
    else
        answer_taken(delivery);
    delivery_free(delivery);
}

static void on_durable(void *user, int status)
{
    struct delivery *delivery = user;
    delivery->waiting--;
    if (status)
        delivery->status = status;
    delivery_end(delivery);
}

/* Stages that the pipeline file does not have are kept as the CRM writes them. */
static void look_at_stage(struct daemon *daemon, const char *intake, const struct event *event)
{
    const char *stage = event->type == EVENT_DEAL_STAGE_CHANGED ? event->to
                        : event->type == EVENT_DEAL_CREATED     ? event->stage
                                                                : NULL;
    if (stage && !book_stage(daemon->book, stage))
        watch_unmapped(daemon, intake, stage);
}

static int take(void *user, const struct event *event)
{
    struct delivery *delivery = user;
    look_at_stage(delivery->daemon, delivery->asked.intake, event);
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

static void want(void *user, const struct crm_want *want)
{
    struct delivery *delivery = user;
    if (delivery->asked.asked) {
        delivery->asked_for++;
        return;
    }
    struct wanted *wanted = arena_alloc(&delivery->arena, sizeof(*wanted));
    wanted->next = delivery->wants;
    wanted->want = *want;
    wanted->want.object = arena_strdup(&delivery->arena, want->object);
    wanted->want.id = arena_strdup(&delivery->arena, want->id);
    wanted->want.fields = NULL;
    delivery->wants = wanted;
}

/* Durable before the answer, like the events. */
static void want_all(struct delivery *delivery)
{
    struct daemon *daemon = delivery->daemon;
    const char *intake = delivery->asked.intake;
    if (!delivery->wants || delivery->full)
        return;
    if (read_backs_full(daemon->read_backs, intake)) {
        delivery->full = true;
        return;
    }
    for (const struct wanted *one = delivery->wants; one; one = one->next)
        read_backs_want(daemon->read_backs, intake, &one->want);
    delivery->waiting++;
    engine_keep(daemon->engine, &(struct engine_own){.done = on_durable, .user = delivery},
                daemon_now(daemon));
}

static bool seen(void *user, const char *source, const char *id)
{
    struct daemon *daemon = user;
    return engine_has_seen(daemon->engine, event_key(source, id), daemon_now(daemon));
}

static struct delivery *delivery_new(struct daemon *daemon, const struct intake *intake,
                                     struct httpd_request *request)
{
    struct delivery *delivery = NEW(struct delivery);
    delivery->daemon = daemon;
    delivery->request = request;
    delivery->crm = intake ? intake->crm : &crm_cloudevents;
    arena_init(&delivery->arena);
    /* copies: a reload may come before the answer */
    delivery->asked = (struct crm_request){
        .intake = intake ? arena_strdup(&delivery->arena, intake->name) : NULL,
        .account = intake ? arena_strdup(&delivery->arena, intake->account) : NULL,
        .headers = {delivery->headers, 0},
        .body = request->body,
        .length = request->body_len,
        .now = daemon_now(daemon),
        .book = daemon->book,
        .map = intake ? intake->map : NULL,
        .seen = seen,
        .seen_user = daemon,
        .asked = intake && polls_tell_all(daemon->polls, intake->name)};
    delivery->asked.headers.count =
        take_headers(request, delivery->crm->headers, "content-type", delivery->headers);
    delivery->out =
        (struct crm_out){.arena = &delivery->arena, .event = take, .want = want, .user = delivery};
    return delivery;
}

static void refuse(struct daemon *daemon, const char *intake, struct httpd_request *request,
                   const struct err *err)
{
    watch_count(daemon, intake, INTAKE_REFUSED);
    if (!quotas_admit_failure(daemon, request))
        return;
    log_warning("intake", "%s refused: %s", request->path, err->text);
    http_problem(request, 401, "Signature refused", "%s", err->text);
}

static void take_in(struct daemon *daemon, const struct intake *intake,
                    struct httpd_request *request)
{
    struct err err = {0};
    /* what is on its way when a stop begins is still taken, as long as the store can keep it */
    if (daemon->stopping && daemon->exit_code != EXIT_CLEAN) {
        watch_count(daemon, intake ? intake->name : NULL, INTAKE_BUSY);
        http_problem(request, 503, "Stopping", "gritd is stopping; send it again");
        return;
    }
    if (intake && !quotas_admit_source(daemon, intake->name, request))
        return;
    struct delivery *delivery = delivery_new(daemon, intake, request);
    const char *media = httpd_header(request, "content-type");
    bool reads = crm_reads(delivery->crm, media);
    int status = reads ? delivery->crm->parse(&delivery->asked, &delivery->out, &err)
                       : err_set(&err, EINVAL, "%s sends %s, not %.80s", delivery->crm->name,
                                 delivery->crm->media[0], media);
    delivery->asked.book = NULL; /* may be another one by the time of the answer */
    delivery->asked.map = NULL;
    if (status == -EACCES && !delivery->full) { /* the body itself says whose it is */
        refuse(daemon, delivery->asked.intake, request, &err);
        delivery_free(delivery);
        return;
    }
    if (status && !delivery->full) {
        watch_count(daemon, delivery->asked.intake, INTAKE_UNREAD);
        failed_keep(daemon, &delivery->asked, err.text);
        http_problem(request, reads ? 400 : 415, reads ? "Not an event" : "Media type not read",
                     "%s", err.text);
        delivery_free(delivery);
        return;
    }
    want_all(delivery);
    delivery->read = true;
    delivery_end(delivery);
}

/* --- once more --- */

struct repeat {
    struct daemon *daemon;
    const struct crm_request *request;
    int accepted, repeated;
};

static int take_again(void *user, const struct event *event)
{
    struct repeat *repeat = user;
    look_at_stage(repeat->daemon, repeat->request->intake, event);
    switch (engine_take(repeat->daemon->engine, event, daemon_now(repeat->daemon), NULL, NULL)) {
    case ENGINE_TAKEN:
        repeat->accepted++;
        return 0;
    case ENGINE_REPEATED:
        repeat->repeated++;
        return 0;
    case ENGINE_FULL:
        break;
    }
    return -EBUSY;
}

static void want_again(void *user, const struct crm_want *want)
{
    const struct repeat *repeat = user;
    struct daemon *daemon = repeat->daemon;
    if (repeat->request->asked) /* the poll brings whatever has happened */
        polls_told(daemon->polls, repeat->request->intake);
    else
        read_backs_want(daemon->read_backs, repeat->request->intake, want);
}

int intake_again(struct daemon *daemon, struct crm_request *request, struct err *err,
                 int *ret_accepted, int *ret_repeated)
{
    const struct intake *intake =
        request->intake ? intake_find(daemon->intakes, request->intake) : NULL;
    struct repeat repeat = {daemon, request, 0, 0};
    struct arena arena;
    if (request->intake && !intake)
        return err_set(err, ENOENT, "no intake is called '%s' any more", request->intake);
    arena_init(&arena);
    request->account = intake ? intake->account : NULL;
    request->book = daemon->book;
    request->map = intake ? intake->map : NULL;
    request->seen = seen;
    request->seen_user = daemon;
    request->asked = intake && polls_tell_all(daemon->polls, intake->name);
    struct crm_out out = {
        .arena = &arena, .event = take_again, .want = want_again, .user = &repeat};
    int status = (intake ? intake->crm : &crm_cloudevents)->parse(request, &out, err);
    arena_done(&arena);
    *ret_accepted = repeat.accepted;
    *ret_repeated = repeat.repeated;
    return status == -EBUSY ? err_set(err, EBUSY, "the disk cannot keep up; try again") : status;
}

void http_events(struct daemon *daemon, struct httpd_request *request)
{
    struct err err = {0};
    if (may_post(daemon, request, &err))
        take_in(daemon, NULL, request);
    else
        refuse(daemon, NULL, request, &err);
}

void http_intake(struct daemon *daemon, struct httpd_request *request)
{
    const char *name = request->path + strlen("/v1/intake/");
    const struct intake *intake = intake_find(daemon->intakes, name);
    struct err err = {0};
    if (!intake)
        http_problem(request, 404, "Not found", "no intake is called '%s'", name);
    else if (proves(daemon, intake, request, &err))
        take_in(daemon, intake, request);
    else
        refuse(daemon, name, request, &err);
}

/* Whether events may be sent here at all; who sends them is proved with each.
 * Source: CloudEvents, "HTTP 1.1 Web Hooks", 4. */
void http_handshake(struct daemon *daemon, struct httpd_request *request)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
    const char *origin = httpd_header(request, "webhook-request-origin");
    struct httpd_header headers[3] = {{"Allow", "POST"}};
    size_t count = 1;
    (void)daemon; /* the same for everybody */
    if (!str_empty(origin) && !origin[strspn(origin, letters)]) {
        headers[count++] = (struct httpd_header){"WebHook-Allowed-Origin", origin};
        if (httpd_header(request, "webhook-request-rate"))
            headers[count++] = (struct httpd_header){"WebHook-Allowed-Rate", "*"};
    }
    httpd_reply(request, 200, NULL, "", 0, headers, count);
}
