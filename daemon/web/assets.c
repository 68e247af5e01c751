#include "web/assets.h"

#include "base/alloc.h"
#include "base/str.h"

#define ASSET(symbol, path, type, etag) extern const unsigned char symbol[], symbol##_end[];
#include "assets_rows.h"
#undef ASSET

static const struct {
    const char *path, *type, *etag;
    const unsigned char *data, *end;
} rows[] = {
#define ASSET(symbol, path, type, etag) {path, type, etag, symbol, symbol##_end},
#include "assets_rows.h"
#undef ASSET
};

bool asset_find(const char *path, struct asset *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (!str_eq(rows[i].path, path))
            continue;
        *ret = (struct asset){rows[i].path, rows[i].type, rows[i].data,
                              (size_t)(rows[i].end - rows[i].data), rows[i].etag};
        return true;
    }
    return false;
}
