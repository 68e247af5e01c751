#include "gritd/intake_failed.h"

#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/control.h"
#include "gritd/intake_watch.h"
#include "io/log.h"
#include "wire/binary_text.h"

struct failed_one {
    char key[SWEEP_KEY_BYTES + 16];
    int64_t number;
    msec_t at;
    struct hash128 print;
    size_t bytes;
    json_t *value; /* {"at","number","intake","why","headers":{...},"body" or "base64"} */
};

struct failed {
    struct failed_one *list; /* the oldest first */
    size_t count, cap, bytes;
    int64_t number; /* of the newest there ever was */
};

static const char *text_of(const struct failed_one *one, const char *member)
{
    return json_string_value(json_object_get(one->value, member));
}

/* --- the list --- */

static void add(struct failed *failed, json_t *value)
{
    struct failed_one one = {.value = value};
    one.number = json_integer_value(json_object_get(value, "number"));
    one.at = json_integer_value(json_object_get(value, "at"));
    const char *intake = text_of(&one, "intake"), *body = text_of(&one, "body");
    if (!body)
        body = text_of(&one, "base64");
    if (!body)
        body = "";
    one.print = event_key(intake ? intake : "", body);
    one.bytes = strlen(body);
    (void)snprintf(one.key, sizeof(one.key), "%013lld|%lld", (long long)one.at,
                   (long long)one.number); /* fits */
    ARRAY_GROW(failed->list, failed->count, failed->cap);
    failed->list[failed->count++] = one;
    failed->bytes += one.bytes;
    if (one.number > failed->number)
        failed->number = one.number;
}

static void drop(struct failed *failed, size_t place)
{
    json_decref(failed->list[place].value);
    failed->bytes -= failed->list[place].bytes;
    failed->count--;
    memmove(failed->list + place, failed->list + place + 1,
            (failed->count - place) * sizeof(*failed->list));
}

static int on_row(void *user, const struct row *row)
{
    json_t *value = json_loads(row->state.value, 0, NULL);
    if (json_is_object(value))
        add(user, value);
    else
        json_decref(value);
    return 0;
}

int failed_open(struct daemon *daemon, struct err *err)
{
    daemon->failed = NEW(struct failed);
    return daemon->store->ops->load_kind(daemon->store, STATE_INTAKE, on_row, daemon->failed, err);
}

void failed_close(struct daemon *daemon)
{
    if (!daemon->failed)
        return;
    while (daemon->failed->count)
        drop(daemon->failed, daemon->failed->count - 1);
    free(daemon->failed->list);
    free(daemon->failed);
}

size_t failed_count(const struct daemon *daemon)
{
    return daemon->failed->count;
}

/* From memory and store. */
static void remove_at(struct daemon *daemon, size_t place)
{
    const struct row_state row = {STATE_INTAKE, daemon->failed->list[place].key, NULL};
    engine_keep(daemon->engine, &(struct engine_own){.rows = &row, .row_count = 1},
                daemon_now(daemon));
    drop(daemon->failed, place);
}

void failed_look(struct daemon *daemon)
{
    struct failed *failed = daemon->failed;
    msec_t now = daemon_now(daemon);
    while (!daemon->stopping && failed->count && failed->list[0].at + FAILED_KEEP_MS <= now)
        remove_at(daemon, 0);
}

void failed_forget(struct daemon *daemon)
{
    while (daemon->failed->count) /* the store has dropped them with the person */
        drop(daemon->failed, daemon->failed->count - 1);
}

/* --- keeping --- */

/* Bytes that are no text are kept in base64. */
static void put_body(json_t *value, const struct crm_request *request)
{
    bool text = strlen(request->body) == request->length &&
                utf8_length(request->body, request->length) >= 0;
    CLEANUP_FREE char *coded = text ? NULL : xcalloc(1, 4 * (request->length / 3 + 2));
    if (text)
        (void)json_object_set_new(value, "body", json_string(request->body)); /* cannot fail */
    else
        (void)json_object_set_new(
            value, "base64",
            json_string(base64_encode(request->body, request->length, coded))); /* cannot fail */
}

static json_t *value_new(const struct crm_request *request, int64_t number, const char *why)
{
    json_t *value = json_object(), *headers = json_object();
    for (size_t i = 0; i < request->headers.count; i++) {
        const struct wire_header *header = &request->headers.list[i];
        if (utf8_length(header->value, strlen(header->value)) >= 0)
            (void)json_object_set_new(headers, header->name,
                                      json_string(header->value)); /* cannot fail */
    }
    /* none of these can fail: memory that is not there ends the process */
    (void)json_object_set_new(value, "at", json_integer(request->now));
    (void)json_object_set_new(value, "number", json_integer(number));
    (void)json_object_set_new(value, "intake", json_string(request->intake ? request->intake : ""));
    (void)json_object_set_new(value, "why", json_string(why));
    (void)json_object_set_new(value, "headers", headers);
    put_body(value, request);
    return value;
}

static bool is_kept(const struct failed *failed, struct hash128 print)
{
    for (size_t i = 0; i < failed->count; i++) {
        if (hash128_eq(failed->list[i].print, print))
            return true;
    }
    return false;
}

void failed_keep(struct daemon *daemon, const struct crm_request *request, const char *why)
{
    struct failed *failed = daemon->failed;
    add(failed, value_new(request, failed->number + 1, why));
    struct failed_one one = failed->list[--failed->count]; /* to look at it before it counts */
    failed->bytes -= one.bytes;
    if (is_kept(failed, one.print)) { /* the sender tries again */
        failed->number--;
        json_decref(one.value);
        return;
    }
    while (failed->count &&
           (failed->count >= FAILED_MAX || failed->bytes + one.bytes > FAILED_BYTES))
        remove_at(daemon, 0);
    failed->list[failed->count++] = one;
    failed->bytes += one.bytes;
    char *text = json_dumps(one.value, JSON_COMPACT);
    const struct row_state row = {STATE_INTAKE, one.key, text};
    engine_keep(daemon->engine, &(struct engine_own){.rows = &row, .row_count = 1},
                daemon_now(daemon));
    free(text);
    log_warning("intake",
                "%s: a request cannot be read and is kept for a day: gritctl intake "
                "--failed",
                request->intake ? request->intake : INTAKE_EVENTS); /* without its words */
}

/* --- for the operator --- */

static void write_one(struct jsonw *json, const struct failed_one *one)
{
    const char *intake = text_of(one, "intake");
    jsonw_object(json, NULL);
    jsonw_int(json, "number", one->number);
    jsonw_time(json, "at", one->at);
    jsonw_text(json, "intake", str_empty(intake) ? INTAKE_EVENTS : intake);
    jsonw_text(json, "why", text_of(one, "why"));
    jsonw_int(json, "bytes", (int64_t)one->bytes);
    jsonw_object_end(json);
}

void control_intake_failed(struct daemon *daemon, const json_t *in, const char *asker,
                           struct strbuf *out)
{
    struct jsonw json;
    (void)in, (void)asker; /* who may open the socket may look */
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_bool(&json, "ok", true);
    jsonw_array(&json, "failed");
    for (size_t i = 0; i < daemon->failed->count; i++)
        write_one(&json, &daemon->failed->list[i]);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
}

/* Its place, or -1 after the answer. */
static int find(struct daemon *daemon, const json_t *in, struct strbuf *out)
{
    const json_t *number = json_object_get(in, "number");
    for (size_t i = 0; json_is_integer(number) && i < daemon->failed->count; i++) {
        if (daemon->failed->list[i].number == json_integer_value(number))
            return (int)i;
    }
    control_error(out, "no request of that number is kept");
    return -1;
}

void control_intake_show(struct daemon *daemon, const json_t *in, const char *asker,
                         struct strbuf *out)
{
    int place = find(daemon, in, out);
    if (place < 0)
        return;
    log_info("intake", "%s looks at a request that could not be read", asker);
    char *text = json_dumps(daemon->failed->list[place].value, JSON_COMPACT);
    strbuf_printf(out, "{\"ok\":true,\"request\":");
    strbuf_puts(out, text);
    strbuf_puts(out, "}");
    free(text);
}

/* What was kept, as it came. */
static int again(struct daemon *daemon, const struct failed_one *one, struct err *err,
                 int *ret_accepted, int *ret_repeated)
{
    struct wire_header list[32];
    size_t count = 0, length = 0;
    const char *name, *intake = text_of(one, "intake"), *body = text_of(one, "body");
    const char *coded = text_of(one, "base64");
    json_t *header;
    json_object_foreach(json_object_get(one->value, "headers"), name, header)
    {
        if (count < ARRAY_LEN(list))
            list[count++] = (struct wire_header){name, json_string_value(header)};
    }
    CLEANUP_FREE char *bytes = coded ? xcalloc(1, strlen(coded) + 1) : xstrdup(body ? body : "");
    if (coded && base64_decode(coded, bytes, strlen(coded), &length))
        return err_set(err, EINVAL, "what was kept is damaged");
    struct crm_request request = {.intake = str_empty(intake) ? NULL : intake,
                                  .headers = {list, count},
                                  .body = bytes,
                                  .length = coded ? length : strlen(bytes),
                                  .now = one->at};
    return intake_again(daemon, &request, err, ret_accepted, ret_repeated);
}

void control_intake_again(struct daemon *daemon, const json_t *in, const char *asker,
                          struct strbuf *out)
{
    int accepted = 0, repeated = 0, place = find(daemon, in, out);
    struct err err = {0};
    (void)asker; /* who may open the socket may */
    if (place < 0)
        return;
    if (again(daemon, &daemon->failed->list[place], &err, &accepted, &repeated)) {
        control_error(out, err.text);
        return;
    }
    remove_at(daemon, (size_t)place); /* behind its events, so that none is lost */
    strbuf_printf(out, "{\"ok\":true,\"accepted\":%d,\"repeated\":%d}", accepted, repeated);
}
