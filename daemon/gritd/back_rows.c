#include "gritd/back_rows.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jsonw.h"

enum { KEY_BYTES = 24 };

static const char *key_of(int64_t number, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "%" PRId64, number); /* fits */
    return key;
}

void back_rows_put(struct daemon *daemon, const char *intake, int64_t number,
                   const struct crm_want *want)
{
    struct strbuf value = {0};
    struct jsonw json;
    char key[KEY_BYTES];
    jsonw_begin(&json, &value);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "intake", intake);
    jsonw_text(&json, "object", want->object);
    jsonw_text(&json, "id", want->id);
    jsonw_int(&json, "time", want->time);
    jsonw_bool(&json, "told", want->told);
    jsonw_bool(&json, "automated", want->automated);
    jsonw_bool(&json, "bulk", want->bulk);
    jsonw_object_end(&json);
    const struct row_state row = {STATE_BACK, key_of(number, key), strbuf_text(&value)};
    engine_keep(daemon->engine, &(struct engine_own){.rows = &row, .row_count = 1},
                daemon_now(daemon));
    strbuf_done(&value);
}

void back_rows_drop(struct daemon *daemon, const int64_t *numbers, size_t count)
{
    struct row_state *rows = NEW_ARRAY(struct row_state, count + 1);
    char(*keys)[KEY_BYTES] = xcalloc(count + 1, sizeof(*keys));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct row_state){STATE_BACK, key_of(numbers[i], keys[i]), NULL};
    if (count)
        engine_keep(daemon->engine, &(struct engine_own){.rows = rows, .row_count = count},
                    daemon_now(daemon));
    free(keys);
    free(rows);
}

struct loading {
    void (*each)(void *user, const char *intake, int64_t number, const struct crm_want *want);
    void *user;
};

static int on_row(void *user, const struct row *row)
{
    const struct loading *loading = user;
    json_t *value = json_loads(row->state.value, 0, NULL);
    const struct crm_want want = {
        .object = json_string_value(json_object_get(value, "object")),
        .id = json_string_value(json_object_get(value, "id")),
        .time = json_integer_value(json_object_get(value, "time")),
        .told = json_is_true(json_object_get(value, "told")),
        .automated = json_is_true(json_object_get(value, "automated")),
        .bulk = json_is_true(json_object_get(value, "bulk")),
    };
    const char *intake = json_string_value(json_object_get(value, "intake"));
    if (intake && want.object && want.id)
        loading->each(loading->user, intake, strtoll(row->state.key, NULL, 10), &want);
    json_decref(value);
    return 0;
}

int back_rows_load(struct daemon *daemon,
                   void (*each)(void *user, const char *intake, int64_t number,
                                const struct crm_want *want),
                   void *user, struct err *err)
{
    struct loading loading = {each, user};
    return daemon->store->ops->load_kind(daemon->store, STATE_BACK, on_row, &loading, err);
}
