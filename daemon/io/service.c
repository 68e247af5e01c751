#include "io/service.h"

#include <string.h>

#include "base/str.h"

#define SERVICE_FOLDER "/etc/gritd"

/* The instance: "" for the service itself, NULL for neither; its length, as the path goes on. */
static const char *instance_of(const char *config, size_t *ret_length)
{
    if (!config || !str_starts(config, SERVICE_FOLDER))
        return NULL;
    const char *rest = config + strlen(SERVICE_FOLDER), *slash = strchr(rest, '/');
    if (!slash || strchr(slash + 1, '/'))
        return NULL;
    *ret_length = (size_t)(slash - rest);
    if (!*ret_length)
        return "";
    if (*rest != '-' || *ret_length == 1)
        return NULL;
    --*ret_length;
    return rest + 1;
}

static char *of_instance(const char *config, const char *before, const char *joint,
                         const char *after)
{
    size_t length;
    const char *instance = instance_of(config, &length);
    struct strbuf path = {0};
    if (!instance)
        return NULL;
    strbuf_puts(&path, before);
    if (length)
        strbuf_puts(&path, joint);
    strbuf_add(&path, instance, length);
    strbuf_puts(&path, after);
    return strbuf_take(&path);
}

char *service_socket(const char *config)
{
    return of_instance(config, "/run/gritd", "-", "/control.sock");
}

char *service_credentials(const char *config)
{
    return of_instance(config, "/run/credentials/gritd", "@", ".service");
}
