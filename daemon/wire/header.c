#include "wire/header.h"

#include "base/str.h"

const char *wire_header_find(struct wire_headers headers, const char *name, size_t *ret_times)
{
    const char *found = NULL;
    size_t times = 0;
    for (size_t i = 0; i < headers.count; i++) {
        if (!str_ieq(headers.list[i].name, name))
            continue;
        if (!times++)
            found = headers.list[i].value;
    }
    if (ret_times)
        *ret_times = times;
    return found;
}
