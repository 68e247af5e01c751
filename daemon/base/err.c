#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *format, ...)
{
    if (err) {
        va_list args;
        err->code = code;
        va_start(args, format);
        (void)vsnprintf(err->text, sizeof(err->text), format, args); /* cut at the end is fine */
        va_end(args);
    }
    return -code;
}

int err_prefix(struct err *err, const char *format, ...)
{
    char joined[ERR_TEXT_BYTES];
    va_list args;
    if (!err)
        return -EINVAL;
    va_start(args, format);
    int used = vsnprintf(joined, sizeof(joined), format, args);
    va_end(args);
    if (used < 0)
        used = 0;
    if (used < (int)sizeof(joined))
        (void)snprintf(joined + used, sizeof(joined) - (size_t)used, "%s", err->text);
    memcpy(err->text, joined, sizeof(joined));
    return -err->code;
}
