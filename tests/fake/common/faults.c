#include "faults.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

static void clear_phase(struct faults *r, enum faults_phase phase)
{
    int kept = 0;

    for (int i = 0; i < r->n; i++) {
        if (r->v[i].phase != phase)
            r->v[kept++] = r->v[i];
    }
    r->n = kept;
}

void faults_drop_method(struct faults *r, enum faults_phase phase, const char *method)
{
    int kept = 0;

    for (int i = 0; i < r->n; i++) {
        if (r->v[i].phase != phase || strcmp(r->v[i].method, method) != 0)
            r->v[kept++] = r->v[i];
    }
    r->n = kept;
}

bool faults_add(struct faults *r, struct fault rule)
{
    if (r->n == FAULTS_MAX)
        return false;
    r->v[r->n++] = rule;
    return true;
}

static void copy_string(char *dst, size_t size, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    if (json_is_string(v))
        util_copy(dst, size, json_string_value(v));
    else if (json_is_integer(v))
        (void)snprintf(dst, size, "%lld", (long long)json_integer_value(v));
}

static bool add_object(struct faults *r, enum faults_phase phase, const json_t *o)
{
    struct fault rule = {.phase = phase, .method = "*", .count = 1, .chance = 1, .status = 200};
    const json_t *status = json_object_get(o, "status"), *v;

    if (!json_is_object(o))
        return false;
    copy_string(rule.method, sizeof rule.method, o, "method");
    copy_string(rule.channel, sizeof rule.channel, o, "channel");
    copy_string(rule.retry_after, sizeof rule.retry_after, o, "retry_after");
    if (json_is_integer(status))
        rule.status = (int)json_integer_value(status);
    else if (json_is_string(status))
        util_copy(rule.kind, sizeof rule.kind, json_string_value(status));
    copy_string(rule.kind, sizeof rule.kind, o, "kind");
    if ((v = json_object_get(o, "http")))
        rule.status = (int)json_integer_value(v);
    if ((v = json_object_get(o, "count")))
        rule.count = json_integer_value(v);
    if ((v = json_object_get(o, "chance")))
        rule.chance = json_number_value(v);
    rule.skip = json_integer_value(json_object_get(o, "skip"));
    rule.ms = json_integer_value(json_object_get(o, "ms"));
    if (phase == FAULTS_HOLD) {
        const char *store = json_string_value(json_object_get(o, "store"));
        if (!json_object_get(o, "count"))
            rule.count = -1; /* slowness lasts, a fault happens once */
        if (store && strcmp(store, "after") == 0)
            rule.phase = FAULTS_HOLD_FIRST;
        return rule.ms > 0 && faults_add(r, rule);
    }
    return (rule.kind[0] || rule.status != 200) && faults_add(r, rule);
}

bool faults_set(struct faults *r, enum faults_phase phase, const json_t *spec)
{
    size_t i;
    json_t *o;

    if (json_is_null(spec) || json_is_false(spec) ||
        (json_is_integer(spec) && json_integer_value(spec) == 0)) {
        clear_phase(r, phase);
        if (phase == FAULTS_HOLD)
            clear_phase(r, FAULTS_HOLD_FIRST);
        return true;
    }
    if (json_is_integer(spec) && phase == FAULTS_HOLD) {
        struct fault all = {.phase = phase,
                            .method = "*",
                            .count = -1,
                            .chance = 1,
                            .ms = json_integer_value(spec)};
        return faults_add(r, all);
    }
    if (!json_is_array(spec))
        return add_object(r, phase, spec);
    json_array_foreach(spec, i, o)
    {
        if (!add_object(r, phase, o))
            return false;
    }
    return true;
}

static bool applies(const struct fault *u, enum faults_phase phase, const char *method,
                    const char *channel)
{
    if (u->phase != phase || (strcmp(u->method, "*") != 0 && strcmp(u->method, method) != 0))
        return false;
    if (u->channel[0] && (!channel || strcmp(u->channel, channel) != 0))
        return false;
    return u->chance >= 1 || (double)(util_random() >> 11) / 9007199254740992.0 < u->chance;
}

bool faults_take(struct faults *r, enum faults_phase phase, const char *method, const char *channel,
                 struct fault *ret_rule)
{
    for (int i = 0; i < r->n; i++) {
        struct fault *u = &r->v[i];
        if (!applies(u, phase, method, channel))
            continue;
        if (u->skip > 0) {
            u->skip--;
            continue;
        }
        *ret_rule = *u;
        if (u->count > 0 && --u->count == 0) {
            memmove(u, u + 1, sizeof *u * (size_t)(r->n - i - 1));
            r->n--;
        }
        return true;
    }
    return false;
}
