#include "gritd/silence.h"

#include <jansson.h>

#include "base/jsonw.h"

static msec_t quiet_since(const struct silence *silence)
{
    return silence->since > silence->last ? silence->since : silence->last;
}

void silence_heard(struct silence *silence, msec_t now)
{
    if (!silence->first)
        silence->first = now;
    if (silence->last && now > silence->last && !silence->told) {
        int64_t day = now / MSEC_DAY;
        size_t place = (size_t)(day % SILENCE_DAYS);
        msec_t gap = now - quiet_since(silence);
        if (silence->days[place] != day || gap > silence->gaps[place])
            silence->gaps[place] = gap;
        silence->days[place] = day;
    }
    silence->told = false;
    if (now > silence->last)
        silence->last = now;
}

msec_t silence_usual(const struct silence *silence)
{
    msec_t longest = 0;
    if (!silence->first || silence->last - silence->first < SILENCE_LEARNS_DAYS * MSEC_DAY)
        return 0;
    /* what was heard last counts, not today: else a long silence would forget what is usual */
    for (size_t i = 0; i < SILENCE_DAYS; i++) {
        if (silence->days[i] > silence->last / MSEC_DAY - SILENCE_DAYS &&
            silence->gaps[i] > longest)
            longest = silence->gaps[i];
    }
    return longest;
}

bool silence_is(const struct silence *silence, msec_t now)
{
    msec_t usual = silence_usual(silence);
    return usual && now - quiet_since(silence) > usual + usual / 2 + MSEC_HOUR;
}

void silence_encode(const struct silence *silence, struct strbuf *out)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "first", silence->first);
    jsonw_int(&json, "last", silence->last);
    jsonw_bool(&json, "told", silence->told);
    jsonw_array(&json, "gaps");
    for (size_t i = 0; i < SILENCE_DAYS; i++) {
        jsonw_int(&json, NULL, silence->days[i]);
        jsonw_int(&json, NULL, silence->gaps[i]);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
}

void silence_decode(const char *text, struct silence *ret)
{
    json_t *root = json_loads(text, 0, NULL), *gaps = json_object_get(root, "gaps");
    *ret = (struct silence){.first = json_integer_value(json_object_get(root, "first")),
                            .last = json_integer_value(json_object_get(root, "last")),
                            .told = json_is_true(json_object_get(root, "told"))};
    for (size_t i = 0; i < SILENCE_DAYS; i++) {
        ret->days[i] = json_integer_value(json_array_get(gaps, 2 * i));
        ret->gaps[i] = json_integer_value(json_array_get(gaps, 2 * i + 1));
    }
    json_decref(root);
}
