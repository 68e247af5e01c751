/* CloudEvents over HTTP: structured, binary and in batches. */
#include "wire/cloudevents.h"
#include "wire/crm.h"

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct event event;
    int status = 0;
    switch (cloudevents_mode(wire_header_find(request->headers, "content-type", NULL))) {
    case CLOUDEVENTS_BATCH:
        return cloudevents_parse_batch(request->body, request->length, out->arena, err, out->event,
                                       out->user);
    case CLOUDEVENTS_STRUCTURED:
        status = cloudevents_parse(request->body, request->length, out->arena, err, &event);
        break;
    case CLOUDEVENTS_BINARY:
        status = cloudevents_parse_binary(request->headers, request->body, request->length,
                                          out->arena, err, &event);
        break;
    }
    return status ? status : out->event(out->user, &event);
}

static const char *const schemes[] = {"standard-webhooks", "hmac-sha256", "bearer", NULL};
static const char *const headers[] = {
    "ce-id",         "ce-source", "ce-type",         "ce-specversion",  "ce-time",    "ce-subject",
    "ce-dataschema", "ce-repid",  "ce-partitionkey", "ce-recordedtime", "ce-derived", NULL};

const struct crm crm_cloudevents = {.name = "cloudevents",
                                    .schemes = schemes,
                                    .headers = headers,
                                    .busy_status = 429,
                                    .parse = parse};
