/* A row of the ledger in the store. */
#include <jansson.h>

#include "base/jsonw.h"
#include "core/ledger.h"

static void write_stamp(struct jsonw *json, const char *key, const struct stamp *stamp)
{
    if (!stamp->time && !stamp->tie)
        return;
    jsonw_array(json, key);
    jsonw_int(json, NULL, stamp->time);
    jsonw_int(json, NULL, (int64_t)stamp->tie);
    jsonw_array_end(json);
}

static void write_time(struct jsonw *json, const char *key, msec_t t)
{
    if (t != MSEC_NONE)
        jsonw_int(json, key, t);
}

void ledger_persist(struct step *step, const struct ledger_row *row)
{
    if (step->stateless)
        return;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "manager", row->manager->id);
    jsonw_text_opt(&json, "rep", row->rep ? row->rep->id : NULL);
    jsonw_text(&json, "act", coaching_act_name(row->act));
    write_time(&json, "planned", row->planned);
    write_time(&json, "held", row->held);
    if (row->seconds)
        jsonw_int(&json, "seconds", row->seconds);
    if (row->called_off)
        jsonw_bool(&json, "called_off", true);
    write_stamp(&json, "planned_stamp", &row->planned_stamp);
    write_stamp(&json, "held_stamp", &row->held_stamp);
    jsonw_object_end(&json);
    persist_put(step, STATE_LEDGER, row->key, &out);
}

static struct stamp stamp_of(const json_t *pair)
{
    return (struct stamp){json_integer_value(json_array_get(pair, 0)),
                          (uint64_t)json_integer_value(json_array_get(pair, 1))};
}

static int64_t int_or(const json_t *root, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(root, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

int ledger_load(struct core *core, const char *key, const json_t *root)
{
    const char *manager = json_string_value(json_object_get(root, "manager"));
    const char *rep = json_string_value(json_object_get(root, "rep"));
    enum coaching_act act = coaching_act_find(json_string_value(json_object_get(root, "act")));
    if (!manager || act == ACT_COUNT)
        return 0; /* of a newer version: the row stays as it is */
    struct ledger_row *row = ledger_get(core, key);
    row->manager = person_get(core, manager);
    row->rep = rep ? person_get(core, rep) : NULL;
    row->act = act;
    row->planned = int_or(root, "planned", MSEC_NONE);
    row->held = int_or(root, "held", MSEC_NONE);
    row->seconds = int_or(root, "seconds", 0);
    row->called_off = json_is_true(json_object_get(root, "called_off"));
    row->planned_stamp = stamp_of(json_object_get(root, "planned_stamp"));
    row->held_stamp = stamp_of(json_object_get(root, "held_stamp"));
    return 0;
}
