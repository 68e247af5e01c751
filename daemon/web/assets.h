/* assets.h: the pages, embedded in the binary.
 * Layer: web. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *path; /* below /try/: "try.css", "js/main.js"; "" is that page itself; of the
                         manager's page "page/page.css" */
    const char *type;
    const unsigned char *data;
    size_t length;
    const char *etag; /* quoted, from the content */
};

bool asset_find(const char *path, struct asset *ret);
