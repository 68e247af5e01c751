/* A sender that knows Standard Webhooks: see wire/generic.h. */
#include "wire/crm.h"
#include "wire/generic.h"

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct event event;
    int status =
        generic_parse(request->intake, wire_header_find(request->headers, "webhook-id", NULL),
                      request->body, request->length, out->arena, err, &event);
    return status ? status : out->event(out->user, &event);
}

static const char *const schemes[] = {"standard-webhooks", "hmac-sha256", "bearer", NULL};
static const char *const headers[] = {"webhook-id", NULL};

const struct crm crm_generic = {
    .name = "generic", .schemes = schemes, .headers = headers, .busy_status = 429, .parse = parse};
