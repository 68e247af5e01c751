/* A sender without a form of its own: see wire/generic.h. */
#include "wire/crm.h"
#include "wire/generic.h"

static const char *const schemes[] = {
    "standard-webhooks", "hmac-sha256", "bearer", "basic", "header", NULL};
static const char *const headers[] = {"webhook-id", NULL};

const struct crm crm_generic = {.name = "generic",
                                .schemes = schemes,
                                .headers = headers,
                                .busy_status = 429,
                                .parse = generic_read};
