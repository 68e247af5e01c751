/* The row of what waits for its deal. */
#include "core/choosing.h"

#include <jansson.h>

#include "base/alloc.h"
#include "base/jsonw.h"

void choosing_free(struct choosing *choosing)
{
    if (!choosing)
        return;
    for (int i = 0; i < choosing->deal_count; i++)
        free(choosing->deals[i]);
    free(choosing->kind);
    free(choosing->direction);
    free(choosing->outcome);
    free(choosing->id);
    free(choosing);
}

void choosing_write(struct jsonw *json, const struct choosing *choosing)
{
    jsonw_object(json, "choosing");
    jsonw_text(json, "kind", choosing->kind);
    jsonw_text_opt(json, "direction", choosing->direction);
    jsonw_text_opt(json, "outcome", choosing->outcome);
    jsonw_text(json, "id", choosing->id);
    jsonw_int(json, "count", choosing->count);
    jsonw_int(json, "time", choosing->time);
    jsonw_int(json, "at", choosing->at);
    jsonw_array(json, "deals");
    for (int i = 0; i < choosing->deal_count; i++)
        jsonw_text(json, NULL, choosing->deals[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static char *choosing_text(const json_t *object, const char *key)
{
    return xstrdup(json_string_value(json_object_get(object, key)));
}

struct choosing *choosing_load(const json_t *root)
{
    const json_t *object = json_object_get(root, "choosing");
    const json_t *deals = json_object_get(object, "deals");
    if (!object)
        return NULL;
    struct choosing *choosing = NEW(struct choosing);
    choosing->kind = choosing_text(object, "kind");
    choosing->direction = choosing_text(object, "direction");
    choosing->outcome = choosing_text(object, "outcome");
    choosing->id = choosing_text(object, "id");
    choosing->count = (int)json_integer_value(json_object_get(object, "count"));
    choosing->time = json_integer_value(json_object_get(object, "time"));
    choosing->at = json_integer_value(json_object_get(object, "at"));
    for (size_t i = 0; i < json_array_size(deals) && choosing->deal_count < CHOOSING_MAX; i++)
        choosing->deals[choosing->deal_count++] =
            xstrdup(json_string_value(json_array_get(deals, i)));
    return choosing;
}
